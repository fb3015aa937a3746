//! `wubu apply`: the folder's policy becomes a release.

use clap::{ArgMatches, Command};
use serde::Serialize;

use super::{CommandContext, CommandStop, Exit, option, out};
use crate::lang::Lang;
use crate::office;
use crate::store::Access;
use crate::store::releases::Hands;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.arg(option("as", "USER", lang).required(true)).arg(option("approve", "USER", lang))
}

#[derive(Serialize)]
struct ApplyAnswer {
    release: i64,
    policy: String,
    approved_by: Option<String>,
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let person = |name: &str| matches.get_one::<String>(name).map(|id| id.trim()).filter(|id| !id.is_empty());
    let hands = Hands { actor: person("as").unwrap_or_default(), approver: person("approve") };
    let store = context.store(Access::Write)?;
    let folder = context.folder()?;
    let now = context.now(folder.policy.bureau.zone)?;
    context.warn(&folder);
    let live = context.block_on(office::apply(&store, folder, hands, now))?;
    let approved_by = context.block_on(office::releases(&store))?.pop().and_then(|last| last.approved_by);
    let applied = ApplyAnswer { release: live.release, policy: live.policy.digest.to_string(), approved_by };
    context.answer(&applied, |applied| {
        let args = [("release", applied.release.to_string()), ("policy", live.policy.digest.short())];
        out::line(&context.lang.text("apply-done", &args));
    })
}
