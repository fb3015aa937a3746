//! `wubu ledger export`: the chains as lines that others can check.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, context, option, out, stop};
use crate::lang::{Lang, dates};
use crate::office::{self, OfficeFault};
use crate::store::Access;
use crate::time::{Stamp, Tz};

/// What the first line of an export begins with.
const LINE_BEGINS: &str = "{\"chain\":\"";

/// Name of the file in a folder that is named.
const FILE: &str = "ledger.jsonl";

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let export = Command::new("export")
        .about(lang.word("cli-ledger-export"))
        .arg(option("out", "PATH", lang))
        .arg(Arg::new("since").long("since").value_name("MOMENT").help(lang.word("cli-arg-since-moment")));
    command.subcommand_required(true).subcommand(export)
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let Some((_, matches)) = matches.subcommand() else { return Ok(Exit::Problems) };
    let opened = context.open_active(Access::Read)?;
    let zone = opened.live.policy.bureau.zone;
    let since = matches.text("since").map(|text| from(&text, zone)).transpose()?;
    let Some(path) = matches.text("out").map(PathBuf::from) else {
        let mut stdout = out::Stdout::new();
        // What stdout does not take is kept for the end, as with every answer.
        let _ = context.block_on(office::export(&opened.store, since, &mut stdout))?;
        return Ok(Exit::Done);
    };
    let path = if path.is_dir() { path.join(FILE) } else { path };
    let unwritable = |error: &std::io::Error| OfficeFault::unwritable(path.display(), error);
    stop::refuse_other_file(&path, LINE_BEGINS)?;
    let file = File::create(&path).map_err(|error| unwritable(&error))?;
    let written = context.block_on(office::export(&opened.store, since, &mut BufWriter::new(file)))?;
    let written = written.map_err(|error| unwritable(&error))?;
    let args = [("count", written.to_string()), ("path", path.display().to_string())];
    out::note(&context.lang.text("ledger-exported", &args));
    Ok(Exit::Done)
}

/// Reads the moment from which entries are written; a bare date means its first.
fn from(text: &str, zone: Tz) -> Result<Stamp, CommandStop> {
    let read = match dates::moment(text, zone) {
        Some(_) => context::moment(text, zone),
        None => dates::day(text).map(|day| Stamp::day_start(day, zone)),
    };
    read.ok_or_else(|| {
        CommandStop::Usage("U002", vec![("text", text.to_owned()), ("argument", "--since".to_owned())])
    })
}
