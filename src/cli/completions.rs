//! `wubu completions SHELL`.

use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;

use super::{CommandContext, CommandStop, Exit, command as whole, out};
use crate::lang::Lang;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let shell = Arg::new("shell").required(true).value_parser(value_parser!(Shell));
    command.arg(shell.help(lang.word("cli-arg-shell")))
}

#[expect(clippy::unnecessary_wraps, reason = "every command has this shape")]
pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    if let Some(shell) = matches.get_one::<Shell>("shell") {
        let mut script = Vec::new();
        clap_complete::generate(*shell, &mut whole(context.lang), "wubu", &mut script);
        let mut stdout = out::Stdout::new();
        stdout.write_bytes(&script);
        stdout.end();
    }
    Ok(Exit::Done)
}
