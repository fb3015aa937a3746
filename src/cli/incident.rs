//! `wubu incident list`: orders that stand still because a rule failed.

use clap::{ArgMatches, Command};

use super::{CommandContext, CommandStop, Exit, out};
use crate::lang::Lang;
use crate::office::{self, IncidentLine};
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let list = Command::new("list").about(lang.word("cli-incident-list"));
    command.subcommand_required(true).subcommand(list)
}

pub(super) fn run(context: &CommandContext, _: &ArgMatches) -> Result<Exit, CommandStop> {
    let opened = context.open_active(Access::Read)?;
    let found = context.block_on(office::incidents(&opened.store, &opened.live))?;
    context.answer(&found, |found| print(context.lang, found))
}

fn print(lang: Lang, found: &[IncidentLine]) {
    for line in found {
        let args = [
            ("cause", out::cause(lang, &line.cause)),
            ("orders", line.count.to_string()),
            ("since", out::minute(&line.since)),
        ];
        out::line(&lang.text("incident-line", &args));
        for order in &line.orders {
            let (id, step) = (order.id.clone(), order.step_title.clone());
            let args = [("id", id), ("step", step), ("since", out::minute(&order.since))];
            out::line(&format!("  {}", lang.text("incident-order", &args)));
        }
    }
    if found.is_empty() {
        out::note(&lang.word("incident-none"));
    }
}
