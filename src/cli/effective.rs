//! `wubu effective`.

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, day, option, out, positional, switch, typed};
use crate::lang::Lang;
use crate::office::{self, ActContext, EffectiveLine, EffectiveText, OverlayName};
use crate::store::Access;
use crate::time::Stamp;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command
        .arg(positional("workflow", "WORKFLOW", lang))
        .arg(option("station", "STATION", lang))
        .arg(option("on", "DATE", lang))
        .arg(switch("prose", lang))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let opened = context.open_active(Access::Read)?;
    let cx = context.act(&opened)?;
    let cx = match matches.text("on") {
        Some(on) => ActContext::new(cx.store, cx.live, Stamp::day_end(day(&on, "--on")?, cx.zone())),
        None => cx,
    };
    let workflow = typed::workflow(cx.policy(), matches.word("workflow"));
    let station = matches.text("station");
    let text = office::effective(cx, &workflow, station.as_deref())?;
    let print = if matches.get_flag("prose") { prose } else { lines };
    context.answer(&text, |text| print(context.lang, text))
}

/// Writes the head: what it is, whose and when.
fn head(lang: Lang, text: &EffectiveText) {
    let EffectiveText { workflow, title, station, on, .. } = text;
    let (station, on) = (station.clone().unwrap_or_else(|| "none".to_owned()), on.to_string());
    let args = [("workflow", workflow.as_str()), ("title", title), ("station", &station), ("on", &on)];
    out::line(&lang.text("effective-head", &args));
}

fn lines(lang: Lang, text: &EffectiveText) {
    head(lang, text);
    for line in &text.lines {
        out::line(&format!("  {}: {}", line.address, line.value));
        if let Some(origin) = origin(lang, line) {
            out::line(&format!("      {origin}"));
        }
    }
    out::line(&format!("{} {}", lang.word("head-policy"), text.policy));
}

/// Writes numbered clauses, as a document would.
fn prose(lang: Lang, text: &EffectiveText) {
    head(lang, text);
    for (at, line) in text.lines.iter().enumerate() {
        let clause = clause(lang, at + 1, line);
        match origin(lang, line) {
            Some(origin) => {
                out::line(&format!("{clause}{}", lang.text("effective-aside", &[("text", origin)])));
            }
            None => out::line(&clause),
        }
    }
}

/// Writes one clause with its number.
pub(super) fn clause(lang: Lang, number: usize, line: &EffectiveLine) -> String {
    let kind: &str = line.kind.into();
    let (number, EffectiveLine { of, value, address, .. }) = (number.to_string(), line);
    let what = address.rsplit('.').next().unwrap_or_default();
    let args = [("number", number.as_str()), ("of", of), ("value", value), ("what", what)];
    lang.text(&format!("effective-{kind}"), &args)
}

/// Says which overlay changed a line, where and on whose word.
fn origin(lang: Lang, line: &EffectiveLine) -> Option<String> {
    let OverlayName { overlay, from, to, reason, author } = line.overlay.clone()?;
    let was = line.was.clone().unwrap_or_default();
    let args = [
        ("was", was),
        ("overlay", overlay),
        ("from", from.to_string()),
        ("to", to.to_string()),
        ("reason", reason),
        ("author", author),
        ("file", line.file.clone()),
        ("line", line.line.to_string()),
    ];
    Some(lang.text("effective-origin", &args))
}
