//! `wubu inbox`: what an officer has been told, newest first.

use clap::{ArgMatches, Command};
use serde_json::Value;

use super::{Arguments as _, CommandContext, CommandStop, Exit, option, out};
use crate::lang::Lang;
use crate::notify::MessageTemplate;
use crate::office;
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let limit = option("limit", "N", lang).value_parser(clap::value_parser!(u32));
    command.args([option("as", "USER", lang).required(true), limit])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let officer = matches.word("as");
    let limit = matches.get_one::<u32>("limit").copied();
    let opened = context.open_active(Access::Read)?;
    let bureau = &opened.live.policy.bureau;
    let cx = context.act(&opened)?;
    let template = MessageTemplate { lang: context.lang, bureau: bureau.title.clone() };
    let messages = context.block_on(async {
        let directory = office::directory(cx).await?;
        office::inbox(cx, &directory, &officer, limit).await
    })?;
    let shown: Vec<Value> = messages
        .iter()
        .map(|found| {
            let mut shown = template.json(&found.message);
            shown["at"] = found.at.rfc3339_in(bureau.zone).into();
            shown
        })
        .collect();
    context.answer(&shown, |shown| print(context.lang, shown))
}

fn print(lang: Lang, shown: &[Value]) {
    for message in shown {
        let text = |name: &str| message[name].as_str().unwrap_or_default();
        out::line(&format!("── {}  {}", text("at"), text("subject")));
        out::line(text("text"));
        out::line("");
    }
    out::note(&lang.text("inbox-count", &[("count", shown.len().to_string())]));
}
