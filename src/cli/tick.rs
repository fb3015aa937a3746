//! `wubu tick`: one whole pass, then the end.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, context, option, out, switch};
use crate::files;
use crate::lang::Lang;
use crate::office::{self, TickReport};
use crate::store::{Access, Checkpoint};

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.arg(switch("accept-clock", lang)).arg(option("as", "USER", lang))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let access = context::daemon_access();
    if matches.get_flag("accept-clock") {
        // A running daemon holds the lock and must not be asked to let go: accepting is one small write.
        let opened = context.open_active(Access::Write)?;
        let cx = context.at_desk(&opened)?;
        context.block_on(office::refuse_moment_ahead(cx))?;
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
    if let Some(begun) = context.block_on(office::begin_approved(&opened.store, now))? {
        opened.live = Arc::new(begun);
    }
    let live = &opened.live;
    if let Ok(texts) = files::read_folder(&context.policy_dir)
        && texts != live.texts
    {
        out::note(&context.lang.word("files-differ"));
    }
    let report = context.block_on(office::tick(context.act(&opened)?, &AtomicBool::new(false)))?;
    context.answer(&report, |report| print(context.lang, report))?;
    context.block_on(opened.store.checkpoint(Checkpoint::Truncate))?;
    Ok(Exit::Done)
}

/// Writes what a pass did.
pub(super) fn print(lang: Lang, report: &TickReport) {
    for firing in &report.occurrences {
        let reason = firing.reason.map(|reason| lang.word(&format!("firing-{reason}")));
        let args = [
            ("trigger", firing.trigger.clone()),
            ("nominal", firing.nominal.clone()),
            ("outcome", lang.word(&format!("firing-{}", firing.outcome))),
            ("reason", reason.unwrap_or_default()),
        ];
        out::line(&lang.text("tick-firing", &args));
    }
    let args = out::words_of!(report => now, appraised, opened, skipped, undecided);
    out::line(&lang.text("tick-done", &args));
    if let Some(found) = &report.quarantine {
        out::line(&lang.text("tick-quarantine", &out::words_of!(found => cause, subjects)));
    }
}
