//! `wubu apply`: the folder's policy becomes a release, or is proposed to a second person.

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, option, out};
use crate::lang::{self, Lang};
use crate::office::{self, ChangeHand, MigratedOrders, ReleaseAnswer};
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let plan = option("plan", "N", lang).value_parser(clap::value_parser!(i64).range(1..));
    command.arg(option("as", "USER", lang)).arg(option("reason", "TEXT", lang)).arg(plan)
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let by = matches.person("as");
    let store = context.store(Access::Write)?;
    if let Some(live) = context.block_on(office::live(&store))? {
        // Who may not change the policy need not mend his folder first.
        let cx = context.acting(&store, &live, live.policy.bureau.zone)?;
        context.block_on(office::allow_apply(cx, by.as_deref()))?;
    }
    let folder = context.folder()?;
    let cx = context.acting(&store, &folder, folder.policy.bureau.zone)?;
    context.block_on(office::refuse_false_moment(cx))?;
    context.block_on(office::note_rehearsal(cx))?;
    let now = cx.now;
    let plan = matches.get_one::<i64>("plan").copied();
    if let Some(plan) = plan {
        let opened = context.open_active(Access::Read)?;
        let cx = context.at_desk(&opened)?;
        context.block_on(office::refuse_stale_plan(cx, plan, &folder))?;
    }
    context.warn(&folder);
    let reason = matches.text("reason");
    let hand = ChangeHand { by: by.as_deref(), reason: reason.as_deref(), plan };
    let done = context.block_on(office::apply(&store, folder, hand, now))?;
    answer(context, &done)
}

/// Tells what became of a change.
pub(super) fn answer(context: &CommandContext, done: &ReleaseAnswer) -> Result<Exit, CommandStop> {
    context.answer(done, |done| {
        if !done.powers.is_empty() {
            out::line(&context.lang.text("apply-powers", &[("keys", done.powers.join(", "))]));
        }
        if !done.dropped.is_empty() {
            out::line(&context.lang.text("release-drops", &[("items", lang::list(&done.dropped))]));
        }
        if let Some(reason) = &done.reason {
            out::line(&context.lang.text("release-reason", &[("reason", reason)]));
        }
        let args = [("release", done.release.to_string()), ("policy", done.policy.short())];
        out::line(&context.lang.text(&format!("apply-{}", done.state.into_str()), &args));
        for MigratedOrders { title, orders, .. } in &done.migrated {
            let args = [("workflow", title.clone()), ("orders", orders.to_string())];
            out::line(&context.lang.text("plan-migrated", &args));
        }
    })
}
