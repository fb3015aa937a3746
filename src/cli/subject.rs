//! `wubu subject list|show`.

use std::collections::BTreeMap;

use clap::{ArgMatches, Command};
use serde_json::Value;

use super::order_filter::note_unknown;
use super::{Arguments as _, CommandContext, CommandStop, Exit, option, out, positional, typed};
use crate::appraise::HoldReason;
use crate::lang::{self, Lang};
use crate::office::{self, ActContext, NextLine, StationTitles, SubjectFilter, SubjectLine};
use crate::policy::{Attribute, AttributeKind, Policy};
use crate::store::Access;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let about = |name: &str| lang.word(&format!("cli-subject-{name}"));
    let limit = option("limit", "N", lang).value_parser(clap::value_parser!(u32));
    let list = Command::new("list")
        .about(about("list"))
        .args(["station", "grid", "tier"].map(|name| option(name, "ID", lang)))
        .arg(limit);
    let show = Command::new("show").about(about("show")).arg(positional("id", "ID", lang));
    command.subcommand_required(true).subcommands([list, show])
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    match matches.subcommand() {
        Some(("show", rest)) => show(context, rest),
        Some((_, rest)) => list(context, rest),
        None => Ok(Exit::Done),
    }
}

fn list(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let opened = context.open_active(Access::Read)?;
    let cx = context.act(&opened)?;
    let filter = SubjectFilter {
        station: matches.text("station"),
        grid: matches.text("grid"),
        tier: matches.text("tier").map(|typed| typed::tier(cx.policy(), typed)),
        limit: matches.get_one::<u32>("limit").copied(),
    };
    note_unknown(context.lang, cx.policy(), matches);
    let headings =
        ["subject", "name", "station", "grid", "status", "tier", "score", "last", "nominal", "due"];
    let mut list = context.list(headings);
    let (stations, grids) = places(context, cx)?;
    let each =
        |line: SubjectLine| list.row(&line, |line| cells(context.lang, &in_words(line, &stations, &grids)));
    context.block_on(office::subjects(cx, &filter, each))?;
    context.print(list, "subject-count")
}

/// Reads what stations and grids are called.
fn places(
    context: &CommandContext,
    cx: ActContext<'_>,
) -> Result<(StationTitles, BTreeMap<String, String>), CommandStop> {
    Ok((context.block_on(office::station_titles(cx))?, context.block_on(office::grid_titles(cx))?))
}

/// Puts the titles of station and grid in the place of their ids.
fn in_words(line: &SubjectLine, stations: &StationTitles, grids: &BTreeMap<String, String>) -> SubjectLine {
    let grid = line.grid.as_ref().map(|grid| out::titled(grids, grid));
    SubjectLine { station: out::titled(stations, &line.station), grid, ..line.clone() }
}

fn cells(lang: Lang, line: &SubjectLine) -> Vec<String> {
    let next = line.next.as_ref();
    vec![
        line.id.clone(),
        line.name.clone(),
        line.station.clone(),
        line.grid.clone().unwrap_or_default(),
        lang.word(&format!("status-{}", line.status)),
        tier(lang, line),
        line.score.map(|score| score.to_string()).unwrap_or_default(),
        line.last_patrol.map(|day| day.to_string()).unwrap_or_default(),
        next.map(|next| next.nominal.to_string()).unwrap_or_default(),
        next.map(|next| next.due.to_string()).unwrap_or_default(),
    ]
}

/// Says the tier; of somebody whom the rules have no answer for, that it is the last one.
fn tier(lang: Lang, line: &SubjectLine) -> String {
    match (&line.tier, &line.undecided) {
        (Some(tier), None) => tier.clone(),
        (Some(tier), Some(cause)) if out::is_of_station(cause) => tier.clone(),
        (Some(tier), Some(_)) => lang.text("tier-kept", &[("tier", tier)]),
        (None, _) => lang.word("undecided"),
    }
}

fn show(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let id = matches.subject("id");
    let opened = context.open_active(Access::Read)?;
    let cx = context.act(&opened)?;
    let line = context.block_on(office::subject(cx, &id))?;
    let (stations, grids) = places(context, cx)?;
    let titles = titles(context.lang, cx.policy());
    context.answer(&line, |line| {
        let line = in_words(line, &stations, &grids);
        print_one(context.lang, cx.policy(), &line, &titles);
    })
}

/// Returns what the attributes of a subject are called, by id, as declared.
pub(super) fn titles(lang: Lang, policy: &Policy) -> Vec<(String, String)> {
    let title = |attribute: &Attribute| match lang {
        Lang::Zh => attribute.title.clone(),
        Lang::En => attribute.title_en.clone(),
    };
    policy.attributes.iter().map(|attribute| (attribute.id.clone(), title(attribute))).collect()
}

fn print_one(lang: Lang, policy: &Policy, line: &SubjectLine, titles: &[(String, String)]) {
    let say = |name: &str, value: &str| out::field(lang, name, value);
    say("subject", &line.id);
    say("name", &line.name);
    say("station", &line.station);
    say("grid", line.grid.as_deref().unwrap_or(""));
    say("status", &lang.word(&format!("status-{}", line.status)));
    for (id, title) in titles {
        let said = match line.attributes.get(id) {
            None | Some(Value::Null) => continue,
            Some(Value::Bool(flag)) => lang.word(if *flag { "yes" } else { "no" }),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let kind = policy.attributes.iter().find(|known| known.id == *id).map(|known| &known.kind);
        let said = match kind {
            Some(AttributeKind::Code { table }) => {
                policy.code_title(table, &said).map(|title| format!("{said} {title}")).unwrap_or(said)
            }
            Some(
                AttributeKind::Decimal { unit: Some(unit) } | AttributeKind::Integer { unit: Some(unit) },
            ) => format!("{said} {unit}"),
            _ => said,
        };
        out::line(&format!("  {title}: {said}"));
    }
    let titled = line.tier.as_ref().and_then(|id| policy.tier(id)).map(|(_, known)| match lang {
        Lang::Zh => &known.title,
        Lang::En => &known.title_en,
    });
    let titled = titled.filter(|title| line.tier.as_ref() != Some(*title));
    let titled =
        titled.map(|title| lang.marked(&format!("{}{title}{}", lang::OPEN, lang::CLOSE)).into_owned());
    say("tier", &[tier(lang, line), titled.unwrap_or_default()].concat());
    if let Some(cause) = &line.undecided {
        let said = if out::is_of_station(cause) { "station-script-failed" } else { "undecided-since" };
        out::line(&lang.text(said, &[("cause", out::cause(lang, cause))]));
    }
    say("score", &line.score.map(|score| score.to_string()).unwrap_or_default());
    say("last", &line.last_patrol.map(|day| day.to_string()).unwrap_or_default());
    if let Some(next) = &line.next {
        if !line.other_dates.is_empty() {
            say("trigger", &out::trigger(policy, &next.trigger));
        }
        say("nominal", &next.nominal.to_string());
        say("due", &next.due.to_string());
        say("issue", &next.issue_on.to_string());
        if next.provisional {
            out::line(&lang.word("provisional"));
        }
    }
    let is_meant = |other: &&NextLine| other.held != Some(HoldReason::When.into_str());
    for other in line.other_dates.iter().filter(is_meant) {
        let args =
            [("trigger", out::trigger(policy, &other.trigger)), ("nominal", other.nominal.to_string())];
        let days = [("due", other.due.to_string()), ("issue", other.issue_on.to_string())];
        out::line(&lang.text("subject-other", &args.into_iter().chain(days).collect::<Vec<_>>()));
    }
    if let Some(why) = &line.no_next {
        out::line(&lang.word(&format!("no-next-{why}")));
    }
    out::line(&lang.text("subject-why", &[("id", line.id.clone())]));
}
