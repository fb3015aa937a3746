//! `wubu order bulk` and `wubu order retry`: the same on many orders, counted first.

use clap::{ArgMatches, Command};

use super::act::{named_people, receivers};
use super::order_filter::{filter_of, filters};
use super::{Arguments as _, CommandContext, CommandStop, Exit, option, out, switch};
use crate::lang::Lang;
use crate::office::{self, BulkAct, BulkReport, Intent};
use crate::store::Access;

pub(super) fn command(lang: Lang) -> Command {
    let one = |name: &'static str| {
        let about = lang.word(&format!("cli-order-bulk-{name}"));
        let command = Command::new(name).about(about).args(filters(lang));
        command.arg(option("as", "USER", lang).required(true)).arg(switch("yes", lang))
    };
    let reason = || option("reason", "TEXT", lang);
    let to = receivers(lang).required(true);
    Command::new("bulk")
        .about(lang.word("cli-order-bulk"))
        .subcommand_required(true)
        .subcommand(one("reassign").arg(to).arg(reason()))
        .subcommand(one("cancel").arg(reason().required(true)))
        .subcommand(one("retry"))
}

pub(super) fn retry_command(lang: Lang) -> Command {
    Command::new("retry")
        .about(lang.word("cli-order-retry"))
        .arg(option("cause", "TEXT", lang).help(lang.word("cli-arg-stuck")))
        .arg(option("as", "USER", lang).required(true))
        .arg(switch("dry-run", lang))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let Some((name, rest)) = matches.subcommand() else { return Ok(Exit::Done) };
    let act = match name {
        "reassign" => BulkAct::Reassign { to: named_people(rest), reason: rest.word("reason") },
        "cancel" => BulkAct::Cancel { reason: rest.word("reason") },
        _ => BulkAct::Retry,
    };
    let opened = context.open_active(Access::Write)?;
    let cx = context.act(&opened)?;
    let by = rest.whose("as");
    let intent = if rest.get_flag("yes") { Intent::Done(&by) } else { Intent::Preview };
    let filter = filter_of(cx.policy(), rest);
    let done = office::bulk(cx, &act, &filter, intent);
    answer(context, &context.block_on(done)?)
}

pub(super) fn run_retry(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let opened = context.open_active(Access::Write)?;
    let cx = context.act(&opened)?;
    let (cause, by) = (matches.text("cause"), matches.whose("as"));
    let intent = if matches.get_flag("dry-run") { Intent::Preview } else { Intent::Done(&by) };
    let done = office::retry(cx, cause.as_deref(), intent);
    answer(context, &context.block_on(done)?)
}

fn answer(context: &CommandContext, done: &BulkReport) -> Result<Exit, CommandStop> {
    context.answer(done, |done| print(context.lang, done))?;
    Ok(if done.refused.is_empty() { Exit::Done } else { Exit::Problems })
}

fn print(lang: Lang, done: &BulkReport) {
    let args = [
        ("orders", done.orders.to_string()),
        ("done", done.done.to_string()),
        ("refused", done.refused.len().to_string()),
    ];
    for refused in &done.refused {
        let text = lang.text(refused.code, &refused.args);
        let args = [("id", refused.id.clone()), ("code", refused.code.to_owned()), ("text", text)];
        out::line(&lang.text("bulk-refused", &args));
    }
    out::line(&lang.text(if done.preview { "bulk-preview" } else { "bulk-done" }, &args));
}
