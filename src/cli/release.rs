//! `wubu release list`.

use clap::{ArgMatches, Command};

use super::{CommandContext, CommandStop, Exit, out};
use crate::lang::Lang;
use crate::office;
use crate::store::Access;
use crate::store::releases::Release;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let list = Command::new("list").about(lang.word("cli-release-list"));
    command.subcommand_required(true).subcommand(list)
}

pub(super) fn run(context: &CommandContext, _matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let store = context.store(Access::Read)?;
    let releases = context.block_on(office::releases(&store))?;
    context.answer(&releases, |releases| {
        let row = |release: &Release| {
            [
                release.number.to_string(),
                release.policy.short(),
                release.activated_at.to_string(),
                release.actor.clone(),
                release.approved_by.clone().unwrap_or_default(),
            ]
        };
        out::table(
            context.lang,
            ["release", "policy", "activated", "actor", "approved-by"],
            releases.iter().map(row),
        );
    })
}
