//! `wubu inbox`: what an officer has been told, newest first.

use clap::{ArgMatches, Command};
use serde::{Serialize, Serializer};

use super::{Arguments as _, CommandContext, CommandStop, Exit, option, out};
use crate::lang::Lang;
use crate::notify::{Message, MessageTemplate};
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
    context.block_on(office::refuse_stranger(cx, &officer))?;
    let template = MessageTemplate {
        lang: context.lang,
        bureau: bureau.title.clone(),
        salutation: None,
        signature: None,
    };
    let mut list = context.list([]);
    let each = |InboxMessage { at, message }: InboxMessage| {
        let entry = InboxEntry { template: &template, message: &message, at: at.rfc3339_in(bureau.zone) };
        list.entry(&entry, InboxEntry::text)
    };
    let waiting = context.block_on(async {
        let directory = office::directory(cx).await?;
        office::inbox(cx, &directory, InboxFilter { officer: &officer, limit }, each).await?;
        office::count_on_the_way(cx, &directory, &officer).await
    })?;
    let done = context.print(list, "inbox-count")?;
    if waiting > 0 {
        out::note(&context.lang.text("inbox-waiting", &[("count", waiting.to_string())]));
    }
    Ok(done)
}

/// One message as it is shown; in JSON, what a webhook gets and when it was laid there.
struct InboxEntry<'a> {
    template: &'a MessageTemplate,
    message: &'a Message,
    at: String,
}

impl InboxEntry<'_> {
    fn text(&self) -> String {
        let Self { template, message, at } = self;
        let (subject, text) = (template.subject(&message.items), template.shown(&message.items));
        let at = out::minute(at);
        format!("── {at}  {subject}\n{text}\n\n")
    }
}

impl Serialize for InboxEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Json<'a, M> {
            #[serde(flatten)]
            message: M,
            at: &'a str,
        }
        Json { message: self.template.json(self.message), at: &self.at }.serialize(serializer)
    }
}
