//! `wubu import KIND FILE`.

use std::fs::File;
use std::path::Path;

use clap::{ArgMatches, Command};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Arguments as _, CommandContext, CommandStop, Exit, option, out, positional};
use crate::lang::{self, Lang};
use crate::office::{self, ImportReport, ImportSource, OfficeFault};
use crate::policy::ImportKind;
use crate::store::Access;

/// What can be imported, by the word on the command line.
const KINDS: [(&str, ImportKind); 5] = [
    ("subjects", ImportKind::Subjects),
    ("inspections", ImportKind::Inspections),
    ("officers", ImportKind::Officers),
    ("stations", ImportKind::Stations),
    ("grids", ImportKind::Grids),
];

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let kind = positional("kind", "KIND", lang).value_parser(KINDS.map(|(word, _)| word));
    command
        .arg(kind)
        .arg(positional("file", "FILE", lang))
        .args([option("map", "ID", lang), option("as", "USER", lang)])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let word = matches.word("kind");
    let kind = KINDS.iter().find(|(known, _)| *known == word).map_or(ImportKind::Subjects, |(_, kind)| *kind);
    let path = matches.word("file");
    let opened = context.open_or_activate(Access::Write)?;
    let cx = context.act(&opened)?;
    let file = File::open(&path).map_err(|error| OfficeFault::unreadable(&path, error))?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    let bar = ProgressBar::new(size);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {msg} {eta}") {
        bar.set_style(style);
    }
    let source = ImportSource {
        kind,
        map: matches.text("map").unwrap_or_else(|| "default".to_owned()),
        path: Path::new(&path).to_owned(),
        lang: context.lang,
        by: matches.person("as"),
    };
    let progress = |bytes: u64, rows: u64| {
        bar.set_position(bytes);
        bar.set_message(rows.to_string());
    };
    let imported = context.block_on(office::import(cx, &source, file, progress));
    bar.finish_and_clear();
    let imported = imported?;
    for (id, headings) in [("import-ignored", &imported.ignored), ("import-absent", &imported.absent)] {
        if !headings.is_empty() {
            out::note(&context.lang.text(id, &[("headings", lang::list(headings))]));
        }
    }
    context.answer(&imported, |imported| print(context.lang, imported))
}

fn print(lang: Lang, imported: &ImportReport) {
    let args = out::words_of!(imported => read, added, changed, unchanged, rejected);
    out::line(&lang.text("import-done", &args));
    if let Some(file) = &imported.rejects_file {
        out::line(&lang.text("import-rejects", &[("file", file.clone())]));
    }
}
