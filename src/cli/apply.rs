//! `wubu apply`: the folder's policy becomes a release.

use clap::{ArgMatches, Command};
use serde_json::json;

use super::{Arguments as _, CommandContext, CommandStop, Exit, option, out};
use crate::lang::Lang;
use crate::office;
use crate::store::Access;
use crate::store::releases::Hands;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.arg(option("as", "USER", lang).required(true)).arg(option("approve", "USER", lang))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let (actor, approver) = (matches.whose("as"), matches.person("approve"));
    let hands = Hands { actor: &actor, approver: approver.as_deref() };
    let store = context.store(Access::Write)?;
    let folder = context.folder()?;
    let cx = context.acting(&store, &folder, folder.policy.bureau.zone)?;
    context.block_on(office::refuse_false_moment(cx))?;
    let now = cx.now;
    context.warn(&folder);
    let live = context.block_on(office::apply(&store, folder, hands, now))?;
    let approved_by = context.block_on(office::releases(&store))?.pop().and_then(|last| last.approved_by);
    let (release, policy) = (live.release, live.policy.digest);
    context.answer(&json!({"release": release, "policy": policy, "approved_by": approved_by}), |_| {
        let args = [("release", release.to_string()), ("policy", policy.short())];
        out::line(&context.lang.text("apply-done", &args));
    })
}
