use chrono::Datelike as _;
use wubu::calendar::{Calendar, Roll, YearDays, diff, from_years, problems};
use wubu::diag::{Code, codes};
use wubu::time::Day;

use super::{calendar, read, shipped_years};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// The compact copy of the published days: every day with whether it is worked.
fn published() -> Vec<(Day, bool)> {
    let mut days = Vec::new();
    for line in read("tests/data/calendar-cn-days.txt").lines().filter(|line| !line.starts_with('#')) {
        let (month, marks) = line.split_once(' ').expect("a month and its days");
        let first = day(&format!("{month}-01"));
        days.extend(first.iter_days().zip(marks.chars().map(|mark| mark == '1')));
    }
    days
}

#[test]
fn every_shipped_day_agrees_with_the_published_list() {
    let (cn, days) = (calendar(None), published());
    assert_eq!(days.len(), 5_479);
    for (day, is_work) in &days {
        assert_eq!(cn.is_workday(*day), *is_work, "{day}");
        assert!(cn.is_published(*day), "{day}");
    }
    assert_eq!(cn.years().collect::<Vec<_>>(), (2012..=2026).collect::<Vec<_>>());
    assert!(problems(&shipped_years()).is_empty());
}

#[test]
fn every_make_up_day_of_the_notices_is_listed() {
    let make_up: usize = (2012..=2026).map(|year| calendar(None).year(year).work.len()).sum();
    assert_eq!(make_up, 99);
}

#[test]
fn working_days_of_2026_by_month_and_of_2012() {
    let cn = calendar(None);
    let month = |month: u32| {
        let first = Day::from_ymd_opt(2026, month, 1).expect("a month");
        let last = first + chrono::Months::new(1) - chrono::Days::new(1);
        cn.work_days(first.pred_opt().expect("a day before"), last)
    };
    let by_month: Vec<i64> = (1..=12).map(month).collect();
    assert_eq!(by_month, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]);
    assert_eq!((cn.year(2026).work_days, cn.year(2012).work_days), (248, 249));
    assert_eq!(cn.year(2026).notice.as_deref(), Some("国务院办公厅关于2026年部分节假日安排的通知"));
}

#[test]
fn beyond_the_published_years_monday_to_friday_counts_and_is_not_certain() {
    let (cn, plain) = (calendar(None), calendar(Some("plain")));
    for offset in 0..366 {
        let day = day("2027-01-01") + chrono::Days::new(offset);
        assert_eq!(cn.is_workday(day), plain.is_workday(day));
        assert!(!cn.is_published(day) && plain.is_published(day));
    }
    assert_eq!(cn.missing_years(day("2026-12-31"), day("2028-01-01")), [2027, 2028]);
    assert!(plain.missing_years(day("1900-01-01"), day("2100-01-01")).is_empty());
    assert!(!cn.year(2027).is_published && plain.year(2027).is_published);
}

#[test]
fn a_revision_names_the_days_and_not_the_title() {
    let base = calendar(None);
    let mut years = shipped_years();
    years[0].notice = Some("另一个标题".to_owned());
    assert_eq!(from_years("cn", years.clone(), false).revision, base.revision);
    years[0].work.pop();
    assert_ne!(from_years("cn", years.clone(), false).revision, base.revision);
    years.reverse();
    let reversed = from_years("cn", years.clone(), false);
    years.reverse();
    assert_eq!(from_years("cn", years, false).revision, reversed.revision);
    assert_ne!(from_years("elsewhere", shipped_years(), false).revision, base.revision);
    assert_ne!(Calendar::plain("cn").revision, from_years("cn", Vec::new(), false).revision);
}

#[test]
fn a_new_year_shows_which_days_change_and_which_year_becomes_certain() {
    let old = calendar(None);
    let mut years = shipped_years();
    years.push(YearDays {
        year: 2027,
        notice: None,
        rest: vec![day("2027-01-01"), day("2027-01-02")],
        work: vec![day("2027-01-10")],
    });
    let new = from_years("cn", years, false);
    let found = diff(&old, &new);
    let days: Vec<(Day, bool)> = found.days.iter().map(|change| (change.day, change.is_workday)).collect();
    assert_eq!(days, [(day("2027-01-01"), false), (day("2027-01-10"), true)]);
    assert_eq!((found.published, found.withdrawn), (vec![2027], Vec::new()));
    let back = diff(&new, &old);
    assert_eq!((back.published, back.withdrawn), (Vec::new(), vec![2027]));
}

#[test]
fn days_of_the_december_before_count_and_do_not_publish_their_year() {
    let year = YearDays {
        year: 2019,
        notice: None,
        rest: vec![day("2018-12-31"), day("2019-01-01")],
        work: vec![day("2018-12-29")],
    };
    assert!(problems(std::slice::from_ref(&year)).is_empty());
    let calendar = from_years("x", vec![year], false);
    assert!(calendar.is_workday(day("2018-12-29")) && !calendar.is_workday(day("2018-12-31")));
    assert!(!calendar.is_published(day("2018-12-29")) && calendar.is_published(day("2019-06-01")));
}

#[test]
fn what_is_wrong_in_a_calendar_is_named_with_its_day() {
    let year = |year, rest: &[&str], work: &[&str]| YearDays {
        year,
        notice: None,
        rest: rest.iter().map(|text| day(text)).collect(),
        work: work.iter().map(|text| day(text)).collect(),
    };
    let years = [
        year(2026, &["2026-01-01", "2025-11-30"], &["2026-01-01", "2026-03-11", "2026-01-02"]),
        year(2026, &[], &[]),
        year(20_260, &[], &[]),
    ];
    let found: Vec<(usize, Option<String>, Code)> = problems(&years)
        .into_iter()
        .map(|problem| (problem.at, problem.day.map(|day| day.to_string()), problem.code))
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        found,
        [
            (0, some("2025-11-30"), codes::CALENDAR_OTHER_YEAR),
            (0, some("2026-01-01"), codes::CALENDAR_CONTRADICTION),
            (0, some("2026-03-11"), codes::CALENDAR_POINTLESS),
            (1, None, codes::CALENDAR_YEAR_TWICE),
            (2, None, codes::CALENDAR_YEAR_RANGE),
        ]
    );
}

#[test]
fn a_year_without_one_working_day_still_rolls() {
    let every: Vec<Day> = day("2026-01-01").iter_days().take_while(|day| day.year() == 2026).collect();
    let calendar =
        from_years("x", vec![YearDays { year: 2026, notice: None, rest: every, work: Vec::new() }], false);
    assert_eq!(calendar.roll(day("2026-06-01"), Roll::Forward), day("2027-01-01"));
    assert_eq!(calendar.roll(day("2026-06-01"), Roll::Backward), day("2025-12-31"));
}
