//! All date arithmetic against a naive walk, one day at a time.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Weekday};
use wubu::calendar::{Calendar, Length, LocalCalendar, Roll, Unit, YearDays, after, before, from_years};
use wubu::policy::{ClockRule, ClockVersion, ExtendBefore, Extension};
use wubu::terms::{ClockChanges, ClockRefusal, End, Grant, Pause, clock_end};
use wubu::time::{Day, Stamp, Tz};

use super::dice::Dice;
use super::nowhere;

/// The naive calendar: two sets of days.
struct Naive {
    rest: BTreeSet<Day>,
    work: BTreeSet<Day>,
}

impl Naive {
    fn is_work(&self, day: Day) -> bool {
        let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.work.contains(&day) || (!is_weekend && !self.rest.contains(&day))
    }

    fn roll(&self, mut day: Day, roll: Roll) -> Day {
        while roll != Roll::None && !self.is_work(day) {
            day = if roll == Roll::Forward { next(day) } else { previous(day) };
        }
        day
    }

    fn add(&self, mut day: Day, length: Length) -> Day {
        let step = if length.count < 0 { previous } else { next };
        match length.unit {
            Unit::Days => (0..length.count.abs()).for_each(|_| day = step(day)),
            Unit::Hours => (0..(length.count / 24).abs()).for_each(|_| day = step(day)),
            Unit::WorkDays => {
                let mut left = length.count.abs();
                while left > 0 {
                    day = step(day);
                    left -= i32::from(self.is_work(day));
                }
            }
            Unit::Months => day = add_months(day, length.count),
            Unit::Years => day = add_months(day, length.count * 12),
        }
        day
    }
}

fn next(day: Day) -> Day {
    day.succ_opt().expect("a next day")
}

fn previous(day: Day) -> Day {
    day.pred_opt().expect("a day before")
}

/// Steps month by month, and takes the last day there is up to the wanted one.
fn add_months(day: Day, count: i32) -> Day {
    let (mut year, mut month) = (day.year(), day.month());
    for _ in 0..count.abs() {
        match (count > 0, month) {
            (true, 12) => (year, month) = (year + 1, 1),
            (true, _) => month += 1,
            (false, 1) => (year, month) = (year - 1, 12),
            (false, _) => month -= 1,
        }
    }
    let mut wanted = day.day();
    loop {
        match Day::from_ymd_opt(year, month, wanted) {
            Some(found) => return found,
            None => wanted -= 1,
        }
    }
}

/// A calendar with random rest and make-up days over random years from 1900 to 2100.
fn any_calendar(dice: &mut Dice) -> (Calendar, Naive) {
    let first = i32::try_from(dice.roll(1900, 2080)).expect("a year");
    let mut naive = Naive { rest: BTreeSet::new(), work: BTreeSet::new() };
    let mut years = Vec::new();
    for year in first..first + 20 {
        if dice.one_in(6) {
            continue;
        }
        let mut listed = YearDays { year, notice: None, rest: Vec::new(), work: Vec::new() };
        for _ in 0..dice.roll(0, 12) {
            let ordinal = u32::try_from(dice.roll(1, 365)).expect("an ordinal");
            let start = Day::from_yo_opt(year, ordinal).expect("a day");
            for day in start.iter_days().take(usize::try_from(dice.roll(1, 9)).expect("a length")) {
                if day.year() == year && naive.rest.insert(day) {
                    listed.rest.push(day);
                }
            }
        }
        for _ in 0..dice.roll(0, 8) {
            let ordinal = u32::try_from(dice.roll(1, 365)).expect("an ordinal");
            let day = Day::from_yo_opt(year, ordinal).expect("a day");
            naive.work.insert(day);
            listed.work.push(day);
        }
        years.push(listed);
    }
    (from_years("random", years, false), naive)
}

fn any_day(dice: &mut Dice) -> Day {
    let offset = u64::try_from(dice.roll(0, 73_000)).expect("an offset");
    Day::from_ymd_opt(1900, 6, 1).expect("a day") + chrono::Days::new(offset)
}

fn any_length(dice: &mut Dice) -> Length {
    let (unit, most) = match dice.roll(1, 5) {
        1 => (Unit::WorkDays, 260),
        2 => (Unit::Days, 400),
        3 => (Unit::Hours, 2_000),
        4 => (Unit::Months, 50),
        _ => (Unit::Years, 5),
    };
    Length::new(i32::try_from(dice.roll(-most, most)).expect("a count"), unit)
}

#[test]
fn adding_rolling_and_counting_equal_a_walk_day_by_day() {
    let mut dice = Dice(1);
    for _ in 0..60 {
        let (calendar, naive) = any_calendar(&mut dice);
        for _ in 0..200 {
            let (day, length) = (any_day(&mut dice), any_length(&mut dice));
            assert_eq!(calendar.is_workday(day), naive.is_work(day), "{day}");
            assert_eq!(calendar.add(day, length), naive.add(day, length), "{day} {length:?}");
            for roll in [Roll::Forward, Roll::Backward, Roll::None] {
                assert_eq!(calendar.roll(day, roll), naive.roll(day, roll), "{day} {roll:?}");
            }
            let to = day + chrono::Days::new(dice.roll(0, 900).unsigned_abs());
            let walked = day.iter_days().skip(1).take_while(|at| *at <= to).filter(|at| naive.is_work(*at));
            let counted = i64::try_from(walked.count()).expect("a count");
            assert_eq!(calendar.work_days(day, to), counted, "{day} {to}");
            assert_eq!(calendar.work_days(to, day), -counted, "{to} {day}");
        }
    }
}

#[test]
fn months_keep_the_day_or_clamp_and_never_overtake() {
    let mut day = Day::from_ymd_opt(2000, 1, 1).expect("a day");
    while day.year() < 2101 {
        for count in [1, 2, 3, 6, 11, 12, 24] {
            let length = Length::new(count, Unit::Months);
            let (later, earlier) = (after(day, length), before(day, length));
            assert_eq!(later, add_months(day, count), "{day} + {count}");
            assert_eq!(earlier, add_months(day, -count), "{day} - {count}");
            assert!(after(next(day), length) >= later, "{day} + {count}");
        }
        day = next(day);
    }
}

/// A clock walked day by day: a day inside a pause is not counted, every other one is, and a
/// pause that begins after the end is left over.
fn walked(naive: &Naive, start: Day, length: Length, pauses: &[(Day, Day)]) -> Day {
    let target = naive.add(start, length);
    let is_counted = |day: Day| length.unit != Unit::WorkDays || naive.is_work(day);
    let mut left =
        start.iter_days().skip(1).take_while(|day| *day <= target).filter(|day| is_counted(*day)).count();
    let mut day = start;
    while left > 0 {
        day = next(day);
        let is_paused = pauses.iter().any(|(from, to)| *from <= day && day < *to);
        left -= usize::from(!is_paused && is_counted(day));
    }
    day
}

fn any_rule(dice: &mut Dice) -> ClockRule {
    let unit = match dice.roll(1, 3) {
        1 => Unit::WorkDays,
        2 => Unit::Days,
        _ => Unit::Months,
    };
    let most = if unit == Unit::Months { 6 } else { 90 };
    let mut count = || Length::new(i32::try_from(dice.roll(1, most)).expect("a count"), unit);
    let (length, by) = (count(), count());
    let roll = match dice.roll(1, 3) {
        1 => Roll::Forward,
        2 => Roll::Backward,
        _ => Roll::None,
    };
    ClockRule {
        id: "any".to_owned(),
        title: "any".to_owned(),
        versions: vec![ClockVersion { from: Day::MIN, length, basis: String::new() }],
        roll,
        alarm: Some(Roll::Backward),
        extend: Some(Extension { by, times: 2, role: None, before: ExtendBefore::RawEnd }),
        pauses: vec![("检测".to_owned(), "doc".to_owned())],
        span: nowhere(),
    }
}

#[test]
fn clocks_with_pauses_and_extensions_equal_a_walk_day_by_day() {
    let (mut dice, zone) = (Dice(3), Tz::Asia__Shanghai);
    let (mut counted, mut late) = (0, 0);
    for _ in 0..40 {
        let (calendar, naive) = any_calendar(&mut dice);
        for _ in 0..100 {
            let (rule, start) = (any_rule(&mut dice), any_day(&mut dice));
            let mut pauses = Vec::new();
            for _ in 0..dice.roll(0, 4) {
                // From the day after the start, which is not counted in any case.
                let from = start + chrono::Days::new(dice.roll(1, 120).unsigned_abs());
                pauses.push((from, from + chrono::Days::new(dice.roll(0, 30).unsigned_abs())));
            }
            let times = usize::try_from(dice.roll(0, 2)).expect("a count");
            let asked: Vec<Pause> = pauses
                .iter()
                .map(|(from, to)| Pause {
                    from: *from,
                    to: *to,
                    reason: "检测".to_owned(),
                    document: "文书".to_owned(),
                })
                .collect();
            let from = Stamp::day_start(start, zone);
            let grants = vec![Grant { on: None }; times];
            let changes = ClockChanges { pauses: &asked, grants: &grants };
            let answer = clock_end(&rule, from, changes, LocalCalendar { calendar: &calendar, zone });
            let length = rule.versions[0].length;
            let by = rule.extend.as_ref().expect("an extension").by.count;
            let whole = Length::new(length.count + by * i32::try_from(times).expect("a count"), length.unit);
            let raw = walked(&naive, start, whole, &pauses);
            match answer {
                Ok(answer) => {
                    // A pause between the raw and the rolled end moves a clock that has counted
                    // its last day already; the walk knows only counted days.
                    if pauses.iter().any(|(from, _)| *from > raw) {
                        continue;
                    }
                    counted += 1;
                    assert_eq!(answer.raw_end, End::Day(raw), "{start} {whole:?} {pauses:?}");
                    assert_eq!(answer.end, End::Day(naive.roll(raw, rule.roll)), "{start} {whole:?}");
                    assert_eq!(answer.alarm, Some(naive.roll(raw, Roll::Backward)), "{start} {whole:?}");
                }
                Err(ClockRefusal::PauseLate { from, .. }) => {
                    late += 1;
                    assert!(from > raw, "{start} {whole:?} {pauses:?}");
                }
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    assert!(counted > 1_000 && late > 100, "{counted} counted, {late} late");
}
