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
            let policy = release.policy.chars().take(12).collect();
            table.row([
                release.release.to_string(),
                policy,
                release.activated_at.clone(),
                release.actor.clone(),
                release.approved_by.clone().unwrap_or_default(),
            ]);
        }
        table.print();
    })
}
