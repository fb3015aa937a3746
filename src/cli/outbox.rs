//! `wubu outbox list|retry|deliver`: what is on its way out, and what did not arrive.
//!
//! It was called `errand` before, and still answers to that.

use std::sync::atomic::AtomicBool;

use clap::{ArgMatches, Command};
use serde_json::json;

use super::{Arguments as _, CommandContext, CommandStop, Exit, context, option, out, run, switch};
use crate::lang::{Lang, with_id};
use crate::notify::{Channels, Secrets};
use crate::office::{self, Delivery, OutboxLine, StationTitles};
use crate::store::Access;
use crate::time::FixedClock;

/// What the command was called before.
pub(super) const FORMER_NAME: &str = "errand";

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let about = |name: &str| lang.word(&format!("cli-outbox-{name}"));
    let state = option("state", "STATE", lang).value_parser(["waiting", "dead"]);
    let list = Command::new("list").about(about("list")).arg(state);
    let retry = Command::new("retry")
        .about(about("retry"))
        .args([option("cause", "CAUSE", lang).required(true), option("as", "USER", lang)])
        .arg(switch("preview", lang));
    let deliver = Command::new("deliver").about(about("deliver"));
    command.alias(FORMER_NAME).subcommand_required(true).subcommands([list, retry, deliver])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    match matches.subcommand() {
        Some(("retry", rest)) => retry(context, rest),
        Some(("deliver", _)) => deliver(context),
        Some((_, rest)) => list(context, rest),
        None => Ok(Exit::Done),
    }
}

fn list(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let state = matches.get_one::<String>("state").map(String::as_str);
    let opened = context.open_active(Access::Read)?;
    let cx = context.act(&opened)?;
    let lines = context.block_on(office::list_outbox(cx, state))?;
    let stations = context.block_on(office::station_titles(cx))?;
    context.answer(&lines, |lines| print(context.lang, lines, &stations))
}

/// Says in words whom nobody is: `nobody/role/所长/xihe`; other causes are as they are typed.
fn cause_of(lang: Lang, cause: &str, stations: &StationTitles) -> String {
    let parts: Vec<&str> = cause.split('/').collect();
    let ["nobody", "role" | "duty", role, place @ ..] = parts.as_slice() else { return cause.to_owned() };
    let place = place.first().map(|id| out::titled(stations, id)).unwrap_or_default();
    let said = lang.text("outbox-nobody", &[("role", (*role).to_owned()), ("station", place)]);
    lang.marked(&with_id(said.trim(), cause)).into_owned()
}

fn print(lang: Lang, lines: &[OutboxLine], stations: &StationTitles) {
    let row = |line: &OutboxLine| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            lang.word(&format!("outbox-{}", line.state)),
            line.cause.as_deref().map(|cause| cause_of(lang, cause, stations)).unwrap_or_default(),
            line.channel.as_ref().map(|name| lang.word(&format!("channel-{name}"))).unwrap_or_default(),
            text(&line.receiver),
            line.count.to_string(),
            line.at.as_deref().map(out::minute).unwrap_or_default(),
        ]
    };
    out::table(lang, ["state", "cause", "channel", "receiver", "how-many", "at"], lines.iter().map(row));
}

fn retry(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let cause = matches.word("cause");
    let preview = matches.get_flag("preview");
    let opened = context.open_active(Access::Write)?;
    let cx = context.act(&opened)?;
    let actor = matches.person("as");
    let count = context.block_on(office::retry_outbox(cx, &cause, actor.as_deref(), preview))?;
    context.answer(&json!({"cause": cause, "count": count, "preview": preview}), |_| {
        let id = if preview { "outbox-would-retry" } else { "outbox-retried" };
        out::line(&context.lang.text(id, &[("count", count.to_string())]));
    })
}

fn deliver(context: &CommandContext) -> Result<Exit, CommandStop> {
    let secrets = Secrets::of(std::env::vars());
    let opened = context.open_active(context::daemon_access())?;
    let policy = &opened.live.policy;
    run::say_idle(context.lang, &opened.live, &secrets);
    let cx = context.act(&opened)?;
    let (clock, stop) = (FixedClock(cx.now), AtomicBool::new(false));
    let done = context.block_on(async {
        // Made and dropped where tasks run: a pool of connections has one.
        let channels = Channels::new(&policy.notices, &policy.bureau.title, &secrets);
        let directory = office::directory(cx).await?;
        let delivery = Delivery {
            store: cx.store,
            directory: &directory,
            channels: &channels,
            clock: &clock,
            stop: &stop,
        };
        office::deliver(cx.live, delivery).await
    })?;
    context.answer(&done, |done| {
        let counts = out::words_of!(done => addressed, nobody, delivered, again, dead, held);
        out::line(&context.lang.text("outbox-delivered", &counts));
    })
}
