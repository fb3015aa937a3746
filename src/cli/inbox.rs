//! `wubu inbox`: what an officer has been told, newest first.

use clap::{ArgMatches, Command};
use serde_json::Value;

use super::{Arguments as _, CommandContext, CommandStop, Exit, option};
use crate::lang::Lang;
use crate::notify::MessageTemplate;
use crate::office::{self, InboxFilter, InboxMessage};
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let limit = option("limit", "N", lang).value_parser(clap::value_parser!(u32));
    command.args([option("as", "USER", lang).required(true), limit])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let officer = matches.whose("as");
    let limit = matches.get_one::<u32>("limit").copied();
    let opened = context.open_active(Access::Read)?;
    let bureau = &opened.live.policy.bureau;
    let cx = context.act(&opened)?;
    let template = MessageTemplate {
        lang: context.lang,
        bureau: bureau.title.clone(),
        salutation: None,
        signature: None,
    };
    let mut list = context.list([]);
    let each = |found: InboxMessage| {
        let mut shown = template.json(&found.message);
        shown["at"] = found.at.rfc3339_in(bureau.zone).into();
        list.entry(&shown, entry)
    };
    context.block_on(async {
        let directory = office::directory(cx).await?;
        office::inbox(cx, &directory, InboxFilter { officer: &officer, limit }, each).await
    })?;
    context.print(list, "inbox-count")
}

fn entry(message: &Value) -> String {
    let text = |name: &str| message[name].as_str().unwrap_or_default();
    format!("── {}  {}\n{}\n\n", text("at"), text("subject"), text("text"))
}
