//! `wubu restore`: a backup takes the place of the database.

use std::path::PathBuf;

use clap::{ArgMatches, Command, value_parser};

use super::{
    Arguments as _, CommandContext, CommandStop, Exit, backup, context, option, out, positional, switch,
};
use crate::lang::Lang;
use crate::office::{self, PassedNumbers, RestoreWish};
use crate::store::{Access, Store};
use crate::time::Tz;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command
        .arg(positional("backup", "FILE", lang))
        .arg(switch("replace", lang))
        .arg(option("numbers-from", "FILE", lang))
        .arg(option("gap", "N", lang).value_parser(value_parser!(i64).range(0..=1_000_000_000)))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let from = PathBuf::from(matches.word("backup"));
    // What does not open is said when it is put back.
    let zone = office::backed_up_database(&from).and_then(|url| {
        let store = context.block_on(Store::open(&url, Access::Read)).ok()?;
        Some(backup::zone_of(context, &store))
    });
    let wish = RestoreWish {
        from,
        to: context.db.clone(),
        replaces: matches.get_flag("replace"),
        numbers_from: matches.text("numbers-from").map(PathBuf::from),
        gap: matches.get_one::<i64>("gap").copied(),
        holder: context::holder(),
        now: context.now(zone.unwrap_or(Tz::UTC))?,
    };
    let done = context.block_on(office::restore(&wish))?;
    context.answer(&done, |done| {
        let lang = context.lang;
        let args = [
            ("database", done.database.clone()),
            ("made", done.made_at.to_string()),
            ("epoch", done.epoch.to_string()),
            ("files", done.files.to_string()),
            ("missing", done.missing.to_string()),
            ("gap", done.gap.to_string()),
            ("replaced", done.replaced.clone().unwrap_or_default()),
        ];
        out::line(&lang.text("restore-done", &args));
        if done.replaced.is_some() {
            out::line(&lang.text("restore-replaced", &args));
        }
        if done.missing > 0 {
            out::note(&lang.text("restore-missing", &args));
        }
        let row = |PassedNumbers { kind, of, last, next }: &PassedNumbers| {
            [lang.word(&format!("passed-{kind}")), of.clone(), last.to_string(), next.to_string()]
        };
        if !done.passed.is_empty() {
            out::line(&lang.text("restore-passed", &args));
            out::table(lang, ["numbers", "numbers-of", "in-backup", "goes-on"], done.passed.iter().map(row));
        }
        out::line(&lang.word("restore-next"));
    })?;
    Ok(Exit::Done)
}
