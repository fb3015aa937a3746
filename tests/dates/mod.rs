//! Dates: the policy's arithmetic as files a policy officer can read, and against oracles.

mod calendars;
mod clocks;
mod dice;
mod moments;
mod oracle;
mod patrols;
mod schedules;
mod texts;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use wubu::calendar::{Calendar, Length, Roll, YearDays, from_years};
use wubu::diag::{SourceMap, Span};
use wubu::time::{Day, Stamp, Tz};

/// Reads a file of this repository.
fn read(path: &str) -> String {
    let full = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(full).expect(path)
}

/// Reads a YAML file of cases.
fn cases<T: DeserializeOwned>(name: &str) -> T {
    serde_yaml::from_str(&read(&format!("tests/dates/{name}"))).expect(name)
}

/// A calendar file as these tests read it; the product reads it through the policy room.
#[derive(Deserialize)]
struct CalendarFile {
    years: BTreeMap<i32, YearText>,
}

#[derive(Clone, Deserialize)]
struct YearText {
    notice: Option<String>,
    #[serde(default)]
    rest: Vec<String>,
    #[serde(default)]
    work: Vec<String>,
}

fn spread(texts: &[String]) -> Vec<Day> {
    let day = |text: &str| -> Day { text.parse().expect("a day") };
    let mut days = Vec::new();
    for text in texts {
        match text.split_once("..") {
            Some((first, last)) => {
                days.extend(day(first).iter_days().take_while(|at| *at <= day(last)));
            }
            None => days.push(day(text)),
        }
    }
    days
}

/// The shipped years.
fn shipped_years() -> Vec<YearDays> {
    let file: CalendarFile = serde_yaml::from_str(&read("calendars/cn.yaml")).expect("calendars/cn.yaml");
    let year = |(year, text): (i32, YearText)| YearDays {
        year,
        notice: text.notice,
        rest: spread(&text.rest),
        work: spread(&text.work),
    };
    file.years.into_iter().map(year).collect()
}

/// A calendar by the name a case gives it.
fn calendar(name: Option<&str>) -> Calendar {
    match name {
        None | Some("cn") => from_years("cn", shipped_years(), false),
        Some("plain") => Calendar::plain("plain"),
        Some(other) => panic!("no calendar {other}"),
    }
}

fn zone(name: Option<&str>) -> Tz {
    name.map_or(Tz::Asia__Shanghai, |name| name.parse().expect("a zone"))
}

fn stamp(text: &str) -> Stamp {
    text.parse().unwrap_or_else(|_| panic!("not a moment: {text}"))
}

fn length(text: &str) -> Length {
    text.parse().unwrap_or_else(|_| panic!("not a length: {text}"))
}

fn roll(text: Option<&str>, default: Roll) -> Roll {
    match text {
        None => default,
        Some("forward") => Roll::Forward,
        Some("backward") => Roll::Backward,
        Some("none") => Roll::None,
        Some(other) => panic!("no roll {other}"),
    }
}

/// A place for values that remember where they were written.
fn nowhere() -> Span {
    let file = SourceMap::default().add("case", "");
    Span::new(file, 0, 0)
}
