//! `wubu check`: every problem of the folder, activating nothing.

use clap::{ArgMatches, Command};

use super::{CommandContext, CommandStop, Exit, out, switch};
use crate::diag::{Severity, any_error, render};
use crate::lang::Lang;
use crate::office::OfficeFault;
use crate::policy::{BaseText, Policy};
use crate::time::Day;
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
    let mut today = None;
    if let Some(live) = &examined.live {
        let zone = live.policy.bureau.zone;
        let day = *today.insert(context.now(zone)?.day_in(zone));
        examined.diagnostics.extend(policy::horizon(&live.policy, day));
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
        if let (Some(live), Some(today)) = (&examined.live, today) {
            overlays(&live.policy, today, lang);
        }
        let standing = examined.live.as_ref().map_or(0, |live| live.policy.standing.len());
        if standing > 0 {
            out::line(&lang.text("check-standing", &[("count", standing.to_string())]));
        }
    })?;
    Ok(if any_error(&examined.diagnostics) { Exit::Problems } else { Exit::Done })
}

/// Lists the stations' overlays: since when, until when, and the texts that `base` should name and does not.
fn overlays(policy: &Policy, today: Day, lang: Lang) {
    for overlay in &policy.overlays {
        let (from, to) = overlay.valid;
        let state = if to < today {
            "ended"
        } else if from > today {
            "coming"
        } else {
            "live"
        };
        let args = [
            ("overlay", overlay.id.clone()),
            ("station", overlay.station.clone()),
            ("from", from.to_string()),
            ("to", to.to_string()),
            ("state", state.to_owned()),
            ("count", overlay.changes.len().to_string()),
        ];
        out::line(&lang.text("check-overlay", &args));
        let base = policy.base_of(overlay);
        if state != "ended" && base.iter().any(|text| !text.is_named) {
            let base: Vec<String> =
                base.iter().map(|BaseText { name, digest, .. }| format!("{name}: \"{digest}\"")).collect();
            out::line(&lang.text("check-overlay-base", &[("base", base.join(", "))]));
        }
    }
}
