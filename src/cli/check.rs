//! `wubu check`: every problem of the folder, activating nothing.

use clap::{ArgMatches, Command};

use super::{CommandContext, CommandStop, Exit, out, switch};
use crate::diag::{Severity, any_error, render};
use crate::lang::Lang;
use crate::office::OfficeFault;
use crate::{files, policy};

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.arg(switch("fix", lang))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let lang = context.lang;
    let mut examined = context.examine()?;
    if let Some(live) = examined.live.as_ref().filter(|_| matches.get_flag("fix")) {
        let upgraded = policy::upgrade(&live.policy);
        let texts: Vec<(&str, &str)> =
            upgraded.iter().map(|new| (new.path.as_str(), new.text.as_str())).collect();
        files::rewrite(&context.policy_dir, &texts)
            .map_err(|fault| OfficeFault::unwritable(fault.path.display(), fault.cause))?;
        for (path, _) in texts {
            out::note(&lang.text("check-fixed", &[("path", path)]));
        }
        examined = context.examine()?;
    }
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
            out::problem(diagnostic, &examined.sources, lang);
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
        let standing = examined.live.as_ref().map_or(0, |live| live.policy.standing.len());
        if standing > 0 {
            out::line(&lang.text("check-standing", &[("count", standing.to_string())]));
        }
    })?;
    Ok(if any_error(&examined.diagnostics) { Exit::Problems } else { Exit::Done })
}
