//! `wubu explain order|subject`.

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, day, option, out, positional, subject};
use crate::lang::Lang;
use crate::office::{self, ActContext, OverlayName, OverlayReason, Why};
use crate::store::Access;
use crate::time::{Day, Stamp};

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let about = |name: &str| lang.word(&format!("cli-explain-{name}"));
    let order = Command::new("order").about(about("order")).arg(positional("id", "ID", lang));
    let subject = Command::new("subject")
        .about(about("subject"))
        .arg(positional("id", "ID", lang))
        .arg(option("on", "DATE", lang));
    command.subcommand_required(true).subcommands([order, subject])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let opened = context.open_active(Access::Read)?;
    let cx = context.act(&opened)?;
    let why = match matches.subcommand() {
        Some(("order", rest)) => {
            let id = rest.word("id");
            context.block_on(office::why_order(cx, &id))?
        }
        Some((_, rest)) => {
            let id = rest.subject("id");
            let cx = match rest.get_one::<String>("on") {
                Some(text) => {
                    ActContext::new(cx.store, cx.live, Stamp::day_end(day(text, "--on")?, cx.zone()))
                }
                None => cx,
            };
            context.block_on(office::why_subject(cx, &id))?
        }
        None => return Ok(Exit::Done),
    };
    let titles = subject::titles(context.lang, cx.policy());
    context.answer(&why, |why| print(context.lang, why, &titles))
}

/// Says a value as people do: yes and no, and what the days of a firing are.
fn value(lang: Lang, value: &str) -> String {
    match value {
        "true" => lang.word("yes"),
        "false" => lang.word("no"),
        "()" => lang.word("unknown"),
        _ => match value.split(" → ").collect::<Vec<_>>()[..] {
            [nominal, due, issue] if nominal.parse::<Day>().is_ok() => {
                lang.text("why-days", &[("nominal", nominal), ("due", due), ("issue", issue)])
            }
            _ => value.to_owned(),
        },
    }
}

/// Writes why, with the titles of what rules read of a subject.
fn print(lang: Lang, why: &Why, titles: &[(String, String)]) {
    let args: Vec<(&str, String)> = why
        .args
        .iter()
        .map(|(name, value)| (*name, if *name == "at" { out::minute(value) } else { value.clone() }))
        .collect();
    out::line(&lang.text(&format!("why-{}", why.outcome), &args));
    out::line("");
    for because in &why.because {
        let place = format!("{}:{}", because.file, because.line);
        out::line(&format!("  {place}  {}", because.text));
        if !because.value.is_empty() {
            out::line(&format!("      = {}", value(lang, &because.value)));
        }
    }
    for OverlayReason { address, file, line, bureau, overlay } in &why.overlays {
        let (address, file, line) = (address.clone(), file.clone(), line.to_string());
        let mut args = vec![("address", address), ("file", file), ("line", line)];
        args.extend(bureau.iter().map(|bureau| ("bureau", bureau.clone())));
        args.extend(overlay.iter().flat_map(|name| {
            let OverlayName { overlay, from, to, reason, author } = name.clone();
            let days = [("from", from.to_string()), ("to", to.to_string())];
            days.into_iter().chain([("overlay", overlay), ("reason", reason), ("author", author)])
        }));
        let text = if overlay.is_some() { "why-overlay" } else { "why-overruled" };
        out::line(&format!("  {}", lang.text(text, &args)));
    }
    out::line("");
    out::line(&lang.word("why-inputs"));
    for (name, read) in &why.inputs {
        let title = titles.iter().find(|(id, _)| id == name).map_or(name, |(_, title)| title);
        out::line(&format!("  {title} = {}", value(lang, read)));
    }
    out::line(&format!("{} {}", lang.word("head-policy"), why.policy));
    out::line(&format!("{} {}", lang.word("head-calendar"), why.calendar));
}
