//! `wubu signal`: something happened outside.

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, json, option, out, positional, typed};
use crate::engine::signals;
use crate::lang::{Lang, list, with_id};
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
        let lang = context.lang;
        let text = text_of(&done.name);
        let name = if lang.has(&text).0 { with_id(&lang.word(&text), &done.name) } else { done.name.clone() };
        let args = [("name", name), ("id", done.id.clone()), ("orders", done.orders.to_string())];
        out::line(&lang.text("signal-noted", &args));
        let said = |text: &str, orders: &[String]| {
            if !orders.is_empty() {
                out::line(&lang.text(text, &[("orders", list(orders))]));
            }
        };
        said("signal-opened", &done.opened);
        said("signal-reached", &done.reached);
        said("signal-already", &done.already);
        if let Some(status) = done.register {
            let status = lang.word(&format!("status-{status}"));
            out::note(&lang.text("signal-register", &[("id", done.id.clone()), ("status", status)]));
        }
    })
}
