//! `wubu import KIND FILE`.

use std::fs::File;
use std::path::Path;

use clap::{ArgMatches, Command};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Arguments as _, CommandContext, CommandStop, Exit, option, out, plan_text, positional, switch};
use crate::lang::{self, Lang};
use crate::office::{
    self, ActiveRelease, ImportPreview, ImportReport, ImportSource, LateSubject, OfficeFault, TriedChange,
};
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

/// Unknown officers of grids that are named; more are not read.
const STRANGERS_MAX: usize = 10;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let kind = positional("kind", "KIND", lang).value_parser(KINDS.map(|(word, _)| word));
    command.arg(kind).arg(positional("file", "FILE", lang)).args([
        option("map", "ID", lang),
        option("as", "USER", lang),
        switch("dry-run", lang),
    ])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let word = matches.word("kind");
    let kind = KINDS.iter().find(|(known, _)| *known == word).map_or(ImportKind::Subjects, |(_, kind)| *kind);
    let path = matches.word("file");
    let is_trial = matches.get_flag("dry-run");
    let opened = if is_trial { context.open_to_try()? } else { context.open_or_activate(Access::Write)? };
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
        is_trial,
    };
    let progress = |bytes: u64, rows: u64| {
        bar.set_position(bytes);
        bar.set_message(rows.to_string());
    };
    let imported = context.block_on(office::import(cx, &source, file, progress));
    bar.finish_and_clear();
    let mut imported = imported?;
    if let Some(preview) = &mut imported.preview
        && opened.passing.is_none()
    {
        let is_other = imported.added + imported.changed > 0;
        preview.orders = context.orders_moved(cx, is_other.then_some(TriedChange::Import(source)))?;
    }
    for (id, headings) in [("import-ignored", &imported.ignored), ("import-absent", &imported.absent)] {
        if !headings.is_empty() {
            out::note(&context.lang.text(id, &[("headings", lang::list(headings))]));
        }
    }
    let strangers = &imported.strangers;
    if !strangers.is_empty() {
        let more = if strangers.len() > STRANGERS_MAX { "…" } else { "" };
        let named = lang::list(strangers.iter().take(STRANGERS_MAX)) + more;
        let args = [("named", named), ("count", strangers.len().to_string())];
        out::note(&context.lang.text("import-strangers", &args));
    }
    let exit = context.answer(&imported, |imported| print(context.lang, imported, kind, &opened.live));
    if let Some(folder) = opened.passing {
        folder.close().map_err(|error| OfficeFault::unwritable(&context.db, error))?;
    }
    exit
}

fn print(lang: Lang, imported: &ImportReport, kind: ImportKind, live: &ActiveRelease) {
    let args = out::words_of!(imported => read, added, changed, unchanged, rejected);
    let id = if imported.preview.is_some() { "import-would" } else { "import-done" };
    out::line(&lang.text(id, &args));
    if let Some(preview) = &imported.preview {
        // People and places move nobody's tier and date.
        if matches!(kind, ImportKind::Subjects | ImportKind::Inspections) {
            print_preview(lang, preview, live);
        }
        if let Some(orders) = &preview.orders {
            out::line(&lang.word("plan-ahead"));
            out::line(&plan_text::orders_changed(lang, orders));
        }
        out::line(&lang.word("import-tried"));
    }
    if let Some(file) = &imported.rejects_file {
        out::line(&lang.text("import-rejects", &[("file", file.clone())]));
    }
}

/// Says what a file would change besides its own rows.
fn print_preview(lang: Lang, preview: &ImportPreview, live: &ActiveRelease) {
    let ImportPreview { tiers, next, orders: _ } = preview;
    let tier = |id: &Option<String>, none: &str| {
        let known = id.as_ref().and_then(|id| live.policy.tier(id));
        known.map_or_else(|| lang.word(none), |(_, tier)| out::tier_shown(lang, tier))
    };
    let id = if tiers.is_empty() { "import-tiers-none" } else { "import-tiers" };
    out::line(&lang.word(id));
    for (from, to, count) in tiers {
        let (from, to) = (tier(from, "import-tier-new"), tier(to, "import-tier-undecided"));
        let args = [("from", from), ("to", to), ("count", count.to_string())];
        out::line(&lang.text("import-tier-move", &args));
    }
    out::line(&lang.text("import-next", &out::words_of!(next => earlier, later, none)));
    if let Some(LateSubject { id, name, due }) = &next.first {
        let args =
            [("count", next.late.to_string()), ("name", lang::with_id(name, id)), ("due", due.to_string())];
        out::line(&lang.text("import-late", &args));
    }
}
