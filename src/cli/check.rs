//! `wubu check`: every problem of the folder, activating nothing.

use clap::{ArgMatches, Command};

use super::{CommandContext, CommandStop, Exit, out};
use crate::diag::{Severity, any_error, render};
use crate::lang::Lang;
use crate::policy;

pub(super) fn command(command: Command, _lang: Lang) -> Command {
    command
}

pub(super) fn run(context: &CommandContext, _matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let lang = context.lang;
    let mut examined = context.examine()?;
    if let Some(live) = &examined.live {
        let zone = live.policy.bureau.zone;
        examined.diagnostics.extend(policy::horizon(&live.policy, context.now(zone)?.day_in(zone)));
    }
    let reports: Vec<render::Report> = examined
        .diagnostics
        .iter()
        .map(|diagnostic| render::report(diagnostic, &examined.sources, lang))
        .collect();
    context.answer(&reports, |_| {
        for diagnostic in &examined.diagnostics {
            out::line(&render::terminal(diagnostic, &examined.sources, lang, out::stdout_colour()));
            out::line("");
        }
        let count = |severity: Severity| {
            examined.diagnostics.iter().filter(|d| d.severity() == severity).count().to_string()
        };
        let args = [
            ("files", examined.sources.files().count().to_string()),
            ("errors", count(Severity::Error)),
            ("warnings", count(Severity::Warning)),
        ];
        out::line(&lang.text("check-summary", &args));
    })?;
    Ok(if any_error(&examined.diagnostics) { Exit::Problems } else { Exit::Done })
}
