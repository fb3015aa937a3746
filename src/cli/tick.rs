//! `wubu tick`: one whole pass, then the end.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, context, option, out, switch};
use crate::files;
use crate::lang::{self, Lang};
use crate::office::{self, Firing, PassedOver, TickReport};
use crate::policy::Policy;
use crate::store::{Access, Checkpoint, StoreFault};

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.arg(switch("accept-clock", lang)).arg(option("as", "USER", lang))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let access = context::daemon_access();
    if matches.get_flag("accept-clock") {
        // A running daemon holds the lock and must not be asked to let go: accepting is one small write.
        let opened = context.open_active(Access::Write)?;
        let cx = context.at_desk(&opened)?;
        context.block_on(office::refuse_other_clock(cx))?;
        context.block_on(office::note_rehearsal(cx))?;
        context.block_on(office::accept_clock(cx, matches.person("as").as_deref()))?;
        out::note(&context.lang.word("clock-accepted"));
        drop(opened);
    }
    let mut opened = context.open_or_activate(access)?;
    let cx = context.at_desk(&opened)?;
    context.block_on(office::allow_named(cx, matches.person("as").as_deref()))?;
    // What was approved for a day begins before anything else of that day.
    context.act(&opened)?;
    let now = cx.now;
    // What cannot begin keeps nobody's order: it is said once the pass is made.
    let begun = match context.block_on(office::begin_approved(&opened.store, now)) {
        Ok(None) => Ok(()),
        Ok(Some(begun)) => {
            opened.live = Arc::new(begun);
            Ok(())
        }
        Err(stop) => Err(stop),
    };
    let live = &opened.live;
    if let Ok(texts) = files::read_folder(&context.policy_dir)
        && texts != live.texts
    {
        out::note(&context.lang.word("files-differ"));
    }
    let (cx, stop) = (context.at_desk(&opened)?, AtomicBool::new(false));
    let report = context.block_on(office::tick(cx, &stop))?;
    context.block_on(office::compare_shadows(cx, &stop))?;
    context.answer(&report, |report| print(context.lang, &live.policy, report))?;
    context.block_on(opened.store.checkpoint(Checkpoint::Truncate))?;
    if !report.is_whole {
        // Another policy came into force meanwhile: the rest is by its text.
        return Err(StoreFault::Collided.into());
    }
    begun?;
    Ok(Exit::Done)
}

/// Writes what a pass did.
pub(super) fn print(lang: Lang, policy: &Policy, report: &TickReport) {
    let is_alike = |one: &Firing, other: &Firing| {
        (&one.trigger, one.outcome, one.reason) == (&other.trigger, other.outcome, other.reason)
    };
    // Firings that were missed come by the dozen: those that differ in nothing but the moment are one line.
    for run in report.occurrences.chunk_by(is_alike) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let reason = first.reason.map(|reason| lang.word(&format!("firing-{reason}")));
        let args = [
            ("trigger", out::trigger(policy, &first.trigger)),
            ("nominal", out::minute(&first.nominal)),
            ("last", out::minute(&last.nominal)),
            ("count", run.len().to_string()),
            ("outcome", lang.word(&format!("firing-{}", first.outcome))),
            ("reason", reason.unwrap_or_default()),
        ];
        let text = if run.len() == 1 { "tick-firing" } else { "tick-firings" };
        out::line(lang.text(text, &args).trim_end());
    }
    let counts = out::words_of!(report => appraised, opened, skipped, undecided);
    let args: Vec<(&str, String)> = counts.into_iter().chain([("now", out::minute(&report.now))]).collect();
    out::line(&lang.text("tick-done", &args));
    for PassedOver { subject, name, station, reason, home: _ } in &report.passed_over {
        let reason = lang.word(&format!("passed-over-{}", reason.replace(": ", "-")));
        let args =
            [("subject", lang::with_id(name, subject)), ("station", station.clone()), ("reason", reason)];
        out::line(&lang.text("tick-passed-over", &args));
    }
    if report.skipped > report.passed_over.len() as u64 {
        out::line(&lang.word("tick-skipped-more"));
    }
    if let Some(found) = &report.quarantine {
        let args = [("cause", out::cause(lang, &found.cause)), ("subjects", found.subjects.to_string())];
        out::line(&lang.text("tick-quarantine", &args));
    }
}
