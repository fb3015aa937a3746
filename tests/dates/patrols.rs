use serde::Deserialize;
use wubu::calendar::{Length, LocalCalendar, Roll, Unit, from_years};
use wubu::policy::{Anchor, Every, OverdueRow, Recur, Since};
use wubu::terms::{PatrolDates, first_dates, ladder, patrol_dates, raised};
use wubu::time::Day;

use super::{YearText, calendar, cases, length, nowhere, roll, shipped_years, spread, stamp, zone};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatrolCase {
    case: String,
    since: Option<Day>,
    registered: Option<Day>,
    first: Option<String>,
    every: String,
    roll: Option<String>,
    lead: Option<String>,
    anchor: Option<u32>,
    calendar: Option<String>,
    also: Option<OneYear>,
    raised_on: Option<Day>,
    expect: Dates,
}

#[derive(Deserialize)]
struct OneYear {
    year: i32,
    #[serde(flatten)]
    days: YearText,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Dates {
    nominal: Day,
    due: Day,
    issue_on: Day,
    #[serde(default)]
    provisional: bool,
}

fn check(case: &PatrolCase) {
    let calendar = match &case.also {
        None => calendar(case.calendar.as_deref()),
        Some(also) => {
            let mut years = shipped_years();
            years.push(wubu::calendar::YearDays {
                year: also.year,
                notice: None,
                rest: spread(&also.days.rest),
                work: spread(&also.days.work),
            });
            from_years("cn", years, false)
        }
    };
    let lead = match case.lead.as_deref() {
        None => Some(length("15 自然日")),
        Some("无") => None,
        Some(text) => Some(length(text)),
    };
    let every = length(&case.every);
    let recur = Recur {
        since: Since::LastPatrol,
        every: Every::TierCycle,
        anchor: case.anchor.map_or(Anchor::Rolling, Anchor::Fixed),
        first: case.first.as_deref().map(length),
        raised: Length::new(10, Unit::WorkDays),
        roll: roll(case.roll.as_deref(), Roll::Backward),
        lead,
        span: nowhere(),
        every_span: nowhere(),
    };
    let mut dates = match (case.since, case.registered) {
        (Some(since), None) => patrol_dates(since, &recur, every, &calendar),
        (None, Some(registered)) => first_dates(registered, &recur, every, &calendar),
        _ => panic!("{}: since or registered", case.case),
    };
    if let Some(decided_on) = case.raised_on {
        assert!(dates.due < decided_on, "{}: rule 8a applies to a due date that is past", case.case);
        dates = raised(dates, &recur, decided_on, &calendar);
    }
    let PatrolDates { nominal, due, issue_on, provisional } = dates;
    assert_eq!(Dates { nominal, due, issue_on, provisional }, case.expect, "{}", case.case);
    assert_eq!((dates.window().from, dates.window().to), (issue_on, due));
}

#[test]
fn patrol_dates_are_those_of_the_scenarios() {
    for case in cases::<Vec<PatrolCase>>("patrol.yaml") {
        check(&case);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LadderCase {
    case: String,
    due: Day,
    zone: Option<String>,
    calendar: Option<String>,
    rows: Vec<Rung>,
}

#[derive(Deserialize)]
struct Rung {
    after: String,
    at: String,
}

#[test]
fn reminders_and_escalations_fire_at_the_instants_of_the_scenarios() {
    for case in cases::<Vec<LadderCase>>("ladder.yaml") {
        let (zone, calendar) = (zone(case.zone.as_deref()), calendar(case.calendar.as_deref()));
        let row = |rung: &Rung| OverdueRow {
            after: length(&rung.after),
            level: 0,
            tell: Vec::new(),
            start: None,
            span: nowhere(),
        };
        let rows: Vec<OverdueRow> = case.rows.iter().map(row).collect();
        let found: Vec<(usize, String)> =
            ladder(case.due, &rows, LocalCalendar { calendar: &calendar, zone })
                .into_iter()
                .map(|(ix, at)| (ix, at.rfc3339_in(zone)))
                .collect();
        let wanted: Vec<(usize, String)> =
            case.rows.iter().map(|rung| stamp(&rung.at).rfc3339_in(zone)).enumerate().collect();
        assert_eq!(found, wanted, "{}", case.case);
    }
}
