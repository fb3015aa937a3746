//! `wubu apply`: the folder's policy becomes a release.

use clap::{ArgMatches, Command};
use serde::Serialize;

use super::context::{Context, Stop};
use super::{Exit, option, out};
use crate::lang::Lang;
use crate::office;
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.arg(option("as", "USER", lang).required(true))
}

#[derive(Serialize)]
struct Applied {
    release: i64,
    policy: String,
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, Stop> {
    let actor = matches.get_one::<String>("as").cloned().unwrap_or_default();
    let store = context.store(Access::Write)?;
    let folder = context.folder()?;
    let now = context.now(folder.policy.bureau.zone)?;
    context.warn(&folder);
    let live = context.block_on(office::activate(&store, folder, &actor, now))?;
    let applied = Applied { release: live.release, policy: live.policy.digest.to_string() };
    out::answer(context, &applied, |applied| {
        let args = [("release", applied.release.to_string()), ("policy", live.policy.digest.short())];
        out::line(&context.lang.text("apply-done", &args));
    })?;
    Ok(Exit::Done)
}
