//! `wubu signal`: something happened outside.

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, json, option, out, positional, typed};
use crate::engine::signals;
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
    let data = matches.text("data").map(|text| json::parse("--data", text.as_bytes())).transpose()?;
    let opened = context.open_active(Access::Write)?;
    let cx = context.act(&opened)?;
    let name = matches.word("name");
    let text_of = |name: &str| format!("signal-{}", name.replace('.', "-"));
    let name = typed::meant(text_of, &signals::OF_SUBJECTS, &name).map_or(name.clone(), str::to_owned);
    let (subject, by) = (matches.subject("subject"), matches.whose("as"));
    let wish = SignalWish { name: &name, subject: &subject, data: data.as_ref(), by: &by };
    let carried = context.block_on(office::signal(cx, wish))?;
    context.answer(&carried, |done| {
        out::line(&context.lang.text("signal-noted", &out::words_of!(done => name, id, orders)));
    })
}
