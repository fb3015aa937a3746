//! `wubu clock`: a declared statutory clock.

use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use super::due::{calendar_name, unknown};
use super::{Arguments as _, CommandContext, CommandStop, Exit, day, moment, option, out, positional, say};
use crate::calendar::Unit;
use crate::lang::{Lang, dates, with_id};
use crate::terms::{ClockAnswer, ClockChanges, End, Grant, Pause, clock_end};
use crate::time::{Day, Tz};

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let pause = option("pause", "A..B:REASON:DOC", lang).action(ArgAction::Append);
    let extend = Arg::new("extend").long("extend").action(ArgAction::Count).help(lang.word("cli-arg-extend"));
    command
        .arg(positional("name", "NAME", lang))
        .arg(option("from", "TIME", lang).required(true))
        .args([pause, extend])
        .arg(option("on", "DATE", lang).action(ArgAction::Append).requires("extend"))
}

#[derive(Serialize)]
struct ClockReport {
    raw_end: String,
    end: String,
    alarm: Option<Day>,
    days: i64,
    kind: &'static str,
    version: Day,
    basis: String,
    pauses: Vec<PauseLine>,
    calendar: String,
    provisional: bool,
}

#[derive(Serialize)]
struct PauseLine {
    from: Day,
    to: Day,
    days: i64,
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let live = context.folder()?;
    let policy = &live.policy;
    let zone = policy.bureau.zone;
    let name = matches.word("name");
    let Some(rule) = policy.clocks.iter().find(|clock| clock.id == name) else {
        let known = policy.clocks.iter().map(|clock| with_id(&clock.title, &clock.id));
        let known: Vec<String> = known.collect();
        return Err(unknown(context, "clock", name, &known));
    };
    let from = matches.word("from");
    let start = moment(&from, zone)
        .ok_or_else(|| CommandStop::Usage("U001", vec![("text", from), ("argument", "--from".to_owned())]))?;
    let pauses = matches.get_many::<String>("pause").into_iter().flatten().map(|text| pause(text));
    let pauses = pauses.collect::<Result<Vec<_>, _>>()?;
    let grants = grants(matches)?;
    let changes = ClockChanges { pauses: &pauses, grants: &grants };
    match clock_end(rule, start, changes, policy.local_calendar()) {
        Ok(found) => {
            let answer = shape(&found, calendar_name(policy), zone);
            context.answer(&answer, |answer| print(context.lang, &rule.title, answer))
        }
        Err(refusal) => {
            say(context.lang, refusal.id(), &refusal.args());
            Ok(Exit::Problems)
        }
    }
}

/// Reads the extensions: one for each `--on`, and one granted in time for each `--extend` beyond.
fn grants(matches: &ArgMatches) -> Result<Vec<Grant>, CommandStop> {
    let dated = matches.get_many::<String>("on").into_iter().flatten();
    let mut grants =
        dated.map(|on| Ok(Grant { on: Some(day(on, "--on")?) })).collect::<Result<Vec<_>, CommandStop>>()?;
    let count = usize::from(matches.get_count("extend"));
    while grants.len() < count {
        grants.push(Grant { on: None });
    }
    Ok(grants)
}

/// How a pause is written.
const PAUSE_FORM: &str = "2026-08-03..2026-08-27:REASON:DOCUMENT";

/// Reads `A..B:REASON:DOC`.
fn pause(text: &str) -> Result<Pause, CommandStop> {
    let wrong = || CommandStop::unreadable("--pause", text, PAUSE_FORM);
    let (days, rest) = text.split_once(':').ok_or_else(wrong)?;
    let (from, to) = days.split_once("..").ok_or_else(wrong)?;
    let (reason, document) = rest.split_once(':').unwrap_or((rest, ""));
    let read = |day: &str| dates::day(day).ok_or_else(wrong);
    Ok(Pause { from: read(from)?, to: read(to)?, reason: reason.to_owned(), document: document.to_owned() })
}

fn shape(found: &ClockAnswer, calendar: String, zone: Tz) -> ClockReport {
    let write = |end: End| match end {
        End::Day(day) => day.to_string(),
        End::Moment(at) => at.rfc3339_in(zone),
    };
    ClockReport {
        raw_end: write(found.raw_end),
        end: write(found.end),
        alarm: found.alarm,
        days: found.count(),
        kind: unit_name(found.length.unit),
        version: found.version,
        basis: found.basis.clone(),
        pauses: found.pauses.iter().map(|p| PauseLine { from: p.from, to: p.to, days: p.days }).collect(),
        calendar,
        provisional: found.provisional,
    }
}

const fn unit_name(unit: Unit) -> &'static str {
    unit.spelling().plain
}

fn print(lang: Lang, title: &str, answer: &ClockReport) {
    let say = |name: &str, value: &str| out::field(lang, name, value);
    out::line(title);
    say("raw-end", &answer.raw_end);
    say("end", &answer.end);
    if let Some(alarm) = answer.alarm {
        say("alarm", &alarm.to_string());
    }
    say("count", &format!("{} {}", answer.days, lang.word(&format!("unit-{}", answer.kind))));
    for pause in &answer.pauses {
        out::line(&lang.text("clock-pause", &out::words_of!(pause => from, to, days)));
    }
    say("basis", &answer.basis);
    say("calendar", &answer.calendar);
    if answer.provisional {
        out::line(&lang.word("provisional"));
    }
}
