//! `wubu verify`: the record against the tables.

use clap::{ArgMatches, Command};

use super::{CommandContext, CommandStop, Exit, out};
use crate::lang::Lang;
use crate::office;
use crate::store::Access;

pub(super) fn command(command: Command, _lang: Lang) -> Command {
    command
}

pub(super) fn run(context: &CommandContext, _matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let lang = context.lang;
    let opened = context.open_active(Access::Read)?;
    let verified = context.block_on(office::verify(&opened.store, &opened.live))?;
    context.answer(&verified, |verified| {
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
    })?;
    Ok(if verified.problems.is_empty() { Exit::Done } else { Exit::Problems })
}
