//! `wubu signal`: something happened outside.

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, option, out, positional};
use crate::lang::Lang;
use crate::office::{self, SignalWish};
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command
        .arg(positional("name", "NAME", lang).help(lang.word("cli-arg-signal")))
        .arg(option("subject", "ID", lang).required(true))
        .arg(option("data", "JSON", lang))
        .arg(option("as", "USER", lang).required(true))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let data = matches.text("data").map(|text| serde_json::from_str(&text));
    let data = data.transpose().map_err(|cause| {
        CommandStop::Usage("U007", vec![("path", "--data".to_owned()), ("cause", cause.to_string())])
    })?;
    let opened = context.open_active(Access::Write)?;
    let cx = context.act(&opened)?;
    let (name, subject, by) = (matches.word("name"), matches.subject("subject"), matches.whose("as"));
    let wish = SignalWish { name: &name, subject: &subject, data: data.as_ref(), by: &by };
    let carried = context.block_on(office::signal(cx, wish))?;
    context.answer(&carried, |done| {
        out::line(&context.lang.text("signal-noted", &out::words_of!(done => name, id, orders)));
    })
}
