//! `wubu release list`.

use clap::{ArgMatches, Command};

use super::{CommandContext, CommandStop, Exit, TextTable};
use crate::lang::Lang;
use crate::office;
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let list = Command::new("list").about(lang.word("cli-release-list"));
    command.subcommand_required(true).subcommand(list)
}

pub(super) fn run(context: &CommandContext, _matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let store = context.store(Access::Read)?;
    let releases = context.block_on(office::releases(&store))?;
    context.answer(&releases, |releases| {
        let mut table =
            TextTable::headed(context.lang, ["release", "policy", "activated", "actor", "approved-by"]);
        for release in releases {
            table.row([
                release.number.to_string(),
                release.policy.short(),
                release.activated_at.to_string(),
                release.actor.clone(),
                release.approved_by.clone().unwrap_or_default(),
            ]);
        }
        table.print();
    })
}
