use std::str::FromStr as _;

use chrono::Datelike as _;
use serde::Deserialize;
use wubu::calendar::LocalCalendar;
use wubu::schedule::{
    Cron, FiringOutcome, Interval, MissedMode, MissedPolicy, OCCURRENCES_MAX, evaluate, occurrences,
};
use wubu::time::{Day, Stamp, Tz};

use super::dice::Dice;
use super::{calendar, cases, length, stamp, zone};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FiringCase {
    case: String,
    cron: String,
    zone: Option<String>,
    after: String,
    fires: Vec<String>,
    #[serde(default)]
    then_none: bool,
}

#[test]
fn schedules_fire_when_the_cases_say() {
    for case in cases::<Vec<FiringCase>>("firings.yaml") {
        let zone = zone(case.zone.as_deref());
        let cron = Cron::parse(&case.cron).expect(&case.case);
        assert_eq!(cron.text(), case.cron);
        let take = case.fires.len() + usize::from(case.then_none);
        let found: Vec<String> =
            cron.after(stamp(&case.after), zone).take(take).map(|at| at.rfc3339_in(zone)).collect();
        assert_eq!(found, case.fires, "{}", case.case);
    }
}

#[derive(Deserialize)]
struct BadCron {
    cron: String,
    code: String,
    at: String,
}

#[test]
fn a_wrong_schedule_is_refused_at_its_place() {
    for case in cases::<Vec<BadCron>>("bad-crons.yaml") {
        let problem = Cron::parse(&case.cron).expect_err(&case.cron);
        let found = (problem.code.id, &case.cron[problem.at.clone()]);
        assert_eq!(found, (case.code.as_str(), case.at.as_str()), "{}", case.cron);
        super::texts::check(problem.code.id, &problem.args);
    }
}

#[test]
fn a_schedule_longer_than_the_limit_is_refused() {
    let long = format!("{} * * * *", vec!["1"; 300].join(","));
    assert_eq!(Cron::parse(&long).expect_err("too long").code.id, "C012");
    let chinese = "分".repeat(400);
    assert_eq!(Cron::parse(&chinese).expect_err("too long").at, 0..510);
}

#[test]
fn no_text_makes_the_reader_panic() {
    let alphabet: Vec<char> = "0123456789*/,-?LW#@ \tMONjan周，　＊é".chars().collect();
    let last = i64::try_from(alphabet.len()).expect("a short list") - 1;
    let mut dice = Dice(7);
    for _ in 0..50_000 {
        let len = dice.roll(0, 24);
        let text: String =
            (0..len).map(|_| alphabet[usize::try_from(dice.roll(0, last)).expect("an index")]).collect();
        if let Err(problem) = Cron::parse(&text) {
            assert!(text.get(problem.at.clone()).is_some(), "{text:?} {problem:?}");
        }
    }
}

#[test]
fn a_schedule_that_never_fires_is_recognised() {
    let from: Day = "2026-03-01".parse().expect("a day");
    let never = |text: &str| Cron::parse(text).expect(text).never_fires(from);
    assert!(never("0 0 31 2 *") && never("0 0 30 2 *") && never("0 0 31 4,6,9,11 *"));
    assert!(never("0 0 0 * * * 2025") && never("0 0 0 1 1 * 2099"));
    assert!(!never("0 0 29 2 *") && !never("0 0 31 2 1") && !never("0 0 0 1 3 * 2026"));
    // 2100 is not a leap year: eight years lie between two 29 Februaries.
    let before_gap: Day = "2089-03-01".parse().expect("a day");
    assert!(!Cron::parse("0 0 29 2 *").expect("a schedule").never_fires(before_gap));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MissedCase {
    case: String,
    cron: String,
    zone: Option<String>,
    calendar: Option<String>,
    days: Option<String>,
    after: String,
    now: String,
    missed: MissedText,
    firings: Vec<FiringText>,
}

#[derive(Deserialize)]
struct MissedText {
    mode: String,
    within: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct FiringText {
    nominal: String,
    outcome: String,
}

#[test]
fn missed_firings_are_caught_up_as_the_cases_say() {
    for case in cases::<Vec<MissedCase>>("missed.yaml") {
        let (zone, calendar) = (zone(case.zone.as_deref()), calendar(case.calendar.as_deref()));
        let cron = Cron::parse(&case.cron).expect(&case.case);
        let (after, now) = (stamp(&case.after), stamp(&case.now));
        let by = LocalCalendar { calendar: &calendar, zone };
        let due = occurrences(&cron, case.days.is_some(), by, Interval { after, until: now });
        let mode = match case.missed.mode.as_str() {
            "none" => MissedMode::None,
            "once" => MissedMode::Once,
            "all" => MissedMode::All,
            other => panic!("no mode {other}"),
        };
        let missed = MissedPolicy { mode, within: case.missed.within.as_deref().map(length) };
        let word = |outcome: FiringOutcome| match outcome {
            FiringOutcome::Fire => "照常",
            FiringOutcome::Missed { caught_up: true } => "补做",
            FiringOutcome::Missed { caught_up: false } => "记录",
        };
        let found: Vec<FiringText> = evaluate(missed, &due, now, by)
            .into_iter()
            .map(|firing| FiringText {
                nominal: firing.nominal.rfc3339_in(zone),
                outcome: word(firing.outcome).to_owned(),
            })
            .collect();
        assert_eq!(found, case.firings, "{}", case.case);
    }
}

#[test]
fn splitting_a_span_of_time_loses_and_doubles_no_occurrence() {
    let calendar = calendar(None);
    let mut dice = Dice(11);
    for text in ["0 7 * * *", "*/20 6-8 * * *", "30 2 * * 0", "0 23 * * 6,0", "0 0 1 * *", "59 23 * * *"] {
        let cron = Cron::parse(text).expect(text);
        for zone in [Tz::Asia__Shanghai, Tz::America__Toronto] {
            let start = stamp("2026-02-10T00:00:00+08:00");
            let end = stamp("2026-11-10T00:00:00+08:00");
            let by = LocalCalendar { calendar: &calendar, zone };
            let whole = occurrences(&cron, true, by, Interval { after: start, until: end });
            assert!(whole.is_sorted_by(|a, b| a < b));
            assert!(whole.iter().all(|at| calendar.is_workday(at.day_in(zone))));
            let (mut parts, mut at) = (Vec::new(), start);
            while at < end {
                let hours = dice.roll(1, 60);
                let next = at.plus(chrono::TimeDelta::minutes(hours * 37)).min(end);
                parts.extend(occurrences(&cron, true, by, Interval { after: at, until: next }));
                at = next;
            }
            assert_eq!(parts, whole, "{text} {zone}");
        }
    }
}

#[test]
fn a_cut_answer_goes_on_where_it_stopped() {
    let calendar = calendar(None);
    let by = LocalCalendar { calendar: &calendar, zone: Tz::Asia__Shanghai };
    let cron = Cron::parse("* * * * * *").expect("every second");
    // Over the National Day holiday: seven days of firings land on one.
    let (mut at, end) = (stamp("2026-09-30T00:00:00+08:00"), stamp("2026-10-09T12:00:00+08:00"));
    let mut total = 0;
    loop {
        let some = occurrences(&cron, true, by, Interval { after: at, until: end });
        total += some.len();
        if some.len() < OCCURRENCES_MAX {
            break;
        }
        at = *some.last().expect("a long answer has a last");
    }
    // Two whole days and a half, less the start itself, and the end included.
    assert_eq!(total, 86_400 * 2 + 43_200);
}

/// One random field of five.
fn field(dice: &mut Dice, min: i64, max: i64, names: &[&str]) -> String {
    let value = |dice: &mut Dice| {
        let number = dice.roll(min, max);
        match usize::try_from(number - min).ok().and_then(|at| names.get(at)) {
            Some(name) if dice.one_in(3) => (*name).to_owned(),
            _ => number.to_string(),
        }
    };
    let item = |dice: &mut Dice| match dice.roll(1, 6) {
        1 | 2 => {
            let from = dice.roll(min, max - 1);
            let to = dice.roll(from + 1, max);
            if dice.one_in(2) {
                format!("{from}-{to}")
            } else {
                format!("{from}-{to}/{}", dice.roll(1, to - from))
            }
        }
        3 => format!("*/{}", dice.roll(1, (max - min - 1).max(1))),
        _ => value(dice),
    };
    if dice.one_in(3) {
        return "*".to_owned();
    }
    let count = if dice.one_in(3) { dice.roll(2, 4) } else { 1 };
    (0..count).map(|_| item(dice)).collect::<Vec<_>>().join(",")
}

#[test]
fn twenty_thousand_random_expressions_agree_with_croner() {
    let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    let mut dice = Dice(20_260_313);
    let (mut agreed, mut silent) = (0, 0);
    for _ in 0..20_000 {
        let text = [
            field(&mut dice, 0, 59, &[]),
            field(&mut dice, 0, 23, &[]),
            field(&mut dice, 1, 31, &[]),
            field(&mut dice, 1, 12, &months),
            field(&mut dice, 0, 7, &weekdays),
        ]
        .join(" ");
        let ours = Cron::parse(&text).unwrap_or_else(|problem| panic!("{text}: {problem:?}"));
        let theirs = croner::Cron::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        // 2000-01-01 to about 2060, to the second.
        let start = Stamp::from_micros(dice.roll(946_684_800, 2_840_000_000) * 1_000_000);
        if ours.never_fires(start.day_in(Tz::UTC)) {
            silent += 1;
            let next = theirs.find_next_occurrence(&start.utc(), false);
            assert!(next.is_err() || next.is_ok_and(|at| at.year() > 2070), "{text}");
            continue;
        }
        for zone in [Tz::UTC, Tz::Asia__Shanghai] {
            let found: Vec<Stamp> = ours.after(start, zone).take(4).collect();
            let wanted: Vec<Stamp> = theirs
                .iter_after(start.utc().with_timezone(&zone))
                .take(4)
                .map(|at| Stamp::from_micros(at.timestamp_micros()))
                .collect();
            assert_eq!(found, wanted, "{text} after {start} in {zone}");
        }
        agreed += 1;
    }
    assert!(agreed > 19_000 && silent > 0, "{agreed} agreed, {silent} never fire");
}
