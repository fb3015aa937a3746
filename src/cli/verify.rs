//! `wubu verify`: the record against the tables.

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, option, out, switch};
use crate::lang::Lang;
use crate::office::{self, RepairReport, VerifyReport};
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.arg(switch("repair", lang)).arg(option("as", "USER", lang).requires("repair"))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    if matches.get_flag("repair") {
        return repair(context, matches);
    }
    let opened = context.open_active(Access::Read)?;
    let verified = context.block_on(office::verify(&opened.store, &opened.live))?;
    context.answer(&verified, |verified| print(context.lang, verified))?;
    Ok(ended(&verified))
}

/// Works derived tables out anew, and says which.
fn repair(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let lang = context.lang;
    let opened = context.open_active(Access::Write)?;
    let cx = context.at_desk(&opened)?;
    let repaired = context.block_on(office::repair(cx, matches.person("as").as_deref()))?;
    context.answer(&repaired, |RepairReport { repaired, verified }| {
        for table in repaired {
            let args = [("table", table.table.to_owned()), ("rows", table.rows.to_string())];
            out::line(&lang.text("verify-repaired", &args));
        }
        if repaired.is_empty() {
            out::line(&lang.word("verify-nothing-repaired"));
        }
        print(lang, verified);
    })?;
    Ok(ended(&repaired.verified))
}

fn ended(verified: &VerifyReport) -> Exit {
    if verified.problems.is_empty() { Exit::Done } else { Exit::Problems }
}

fn print(lang: Lang, verified: &VerifyReport) {
    for problem in &verified.problems {
        let (level, text) = (lang.word("level-error"), lang.text(problem.code, &problem.args));
        out::line(&format!("{level} [{}]: {text}", problem.code));
    }
    let args = [
        ("events", verified.events.to_string()),
        ("orders", verified.orders.to_string()),
        ("subjects", verified.subjects.to_string()),
        ("problems", verified.problems.len().to_string()),
    ];
    out::line(
        &lang.text(if verified.problems.is_empty() { "verify-clean" } else { "verify-problems" }, &args),
    );
}
