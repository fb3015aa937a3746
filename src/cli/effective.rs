//! `wubu effective`.

use clap::{ArgMatches, Command};

use super::{Arguments as _, CommandContext, CommandStop, Exit, day, option, out, positional, switch, typed};
use crate::lang::Lang;
use crate::office::{
    self, ActContext, ClauseKind, EffectiveLine, EffectiveText, EffectiveWish, LineOrigin, OverlayName,
};
use crate::store::Access;
use crate::time::{Day, Stamp};

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command
        .arg(positional("workflow", "WORKFLOW", lang))
        .arg(option("station", "STATION", lang))
        .arg(option("on", "DATE", lang))
        .args([switch("prose", lang), switch("draft", lang)])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let on = matches.text("on").map(|on| day(&on, "--on")).transpose()?;
    let text = if matches.get_flag("draft") {
        of_folder(context, matches, on)?
    } else {
        in_force(context, matches, on)?
    };
    let print = if matches.get_flag("prose") { prose } else { lines };
    context.answer(&text, |text| print(context.lang, text))
}

fn in_force(
    context: &CommandContext,
    matches: &ArgMatches,
    on: Option<Day>,
) -> Result<EffectiveText, CommandStop> {
    let opened = context.open_active(Access::Read)?;
    let cx = context.act(&opened)?;
    let cx = match on {
        Some(on) => ActContext::new(cx.store, cx.live, Stamp::day_end(on, cx.zone())),
        None => cx,
    };
    let workflow = typed::workflow(cx.policy(), matches.word("workflow"));
    let station = matches.text("station");
    let wish = EffectiveWish { workflow: &workflow, station: station.as_deref() };
    Ok(context.block_on(office::effective(cx, wish))?)
}

/// Reads the folder as it would be, without a database.
fn of_folder(
    context: &CommandContext,
    matches: &ArgMatches,
    on: Option<Day>,
) -> Result<EffectiveText, CommandStop> {
    let folder = context.folder()?;
    let zone = folder.policy.bureau.zone;
    let on = on.map_or_else(|| Ok(context.now(zone)?.day_in(zone)), Ok::<Day, CommandStop>)?;
    let workflow = typed::workflow(&folder.policy, matches.word("workflow"));
    let station = matches.text("station");
    let wish = EffectiveWish { workflow: &workflow, station: station.as_deref() };
    Ok(office::effective_of_folder(&folder, wish, on)?)
}

/// Writes the head: what it is, whose and when.
fn head(lang: Lang, text: &EffectiveText) {
    let EffectiveText { workflow, title, station, station_title, on, release, .. } = text;
    let station = station_title.as_ref().or(station.as_ref());
    let (station, on) = (station.cloned().unwrap_or_else(|| "none".to_owned()), on.to_string());
    let release = release.map_or_else(|| "none".to_owned(), |release| release.to_string());
    let args = [
        ("workflow", workflow.as_str()),
        ("title", title),
        ("station", &station),
        ("on", &on),
        ("release", &release),
    ];
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

/// Says which overlay or script changed a line, where and on whose word.
fn origin(lang: Lang, line: &EffectiveLine) -> Option<String> {
    if line.kind == ClauseKind::Script {
        let place = [("file", line.file.clone()), ("line", line.line.to_string())];
        return Some(lang.text("effective-script-origin", &place));
    }
    let last = LineOrigin { file: line.file.clone(), line: line.line, overlay: line.overlay.clone()? };
    let each = line.others.iter().chain([&last]).map(|origin| overlay(lang, origin));
    let was = line.was.clone().filter(|was| !was.is_empty()).unwrap_or_else(|| "none".to_owned());
    let args = [("overlays", lang.list(each.collect::<Vec<_>>())), ("was", was)];
    Some(lang.text("effective-origin", &args))
}

/// Names an overlay: since when, until when, on whose word, and where it says so.
fn overlay(lang: Lang, origin: &LineOrigin) -> String {
    let LineOrigin { file, line, overlay } = origin;
    let OverlayName { overlay, from, to, reason, author } = overlay.clone();
    let args = [
        ("overlay", overlay),
        ("from", from.to_string()),
        ("to", to.to_string()),
        ("reason", reason),
        ("author", author),
        ("file", file.clone()),
        ("line", line.to_string()),
    ];
    lang.text("effective-overlay", &args)
}
