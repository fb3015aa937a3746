//! Working days, rest days, and counting with them.
//!
//! A [`Calendar`] knows which days of its published years are working days: Monday to Friday,
//! less the rest days of the yearly notice, plus its make-up days. Beyond those years it counts
//! Monday to Friday and says so ([`Calendar::is_published`]), so that a date can be shown as
//! provisional. It knows nothing of subjects, terms or clocks, and never asks what day it is.
//!
//! The files under `calendars/` are read by `policy`, which hands their content over as
//! [`YearDays`]. A notice may name days of the December before its year (the one for 2019 made
//! 2018-12-29 a working day); days are therefore taken together over all years.

mod length;
mod problem;
mod revision;
mod year;

pub use length::{COUNT_MAX, Length, NotALength, Unit};
pub use problem::{CalendarProblem, YEARS, problems};
pub use revision::{DayChange, DayDifference, diff};
pub use year::YearView;

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::Datelike as _;

use crate::digest::Digest;
use crate::time::{Day, Tz};
use year::Year;

/// Which way a day rolls off a rest day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Roll {
    /// To the next working day.
    Forward,
    /// To the working day before.
    Backward,
    /// It stays.
    #[default]
    None,
}

/// One year of a calendar file, as written.
///
/// # Shape
/// `2026: {notice: 国务院办公厅关于…的通知, rest: [2026-01-01..2026-01-03], work: [2026-01-04]}`,
/// ranges already spread out into days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearDays {
    pub year: i32,
    /// Name of the notice it comes from.
    pub notice: Option<String>,
    pub rest: Vec<Day>,
    /// Make-up days: working days that would be days off otherwise.
    pub work: Vec<Day>,
}

#[derive(Clone, Debug)]
pub struct Calendar {
    /// Id, the stem of its file.
    pub id: String,
    /// Identity of its content: which years are published and which of their days are worked.
    pub revision: Digest,
    any_year: bool,
    years: BTreeMap<i32, Year>,
}

/// A calendar with the zone in which its days begin: what moments are counted by.
#[derive(Clone, Copy, Debug)]
pub struct LocalCalendar<'a> {
    pub calendar: &'a Calendar,
    pub zone: Tz,
}

/// Makes a calendar of the years a file lists.
///
/// With `any_year` every year counts as published, listed or not. A day listed both as a rest
/// day and as a make-up day is worked; [`problems`] reports it, and the loader refuses it.
pub fn from_years(id: &str, years: Vec<YearDays>, any_year: bool) -> Calendar {
    let mut built: BTreeMap<i32, Year> = BTreeMap::new();
    for listed in &years {
        built.entry(listed.year).or_insert_with(|| Year::plain(listed.year)).is_published = true;
    }
    for listed in &years {
        for day in &listed.rest {
            built.entry(day.year()).or_insert_with(|| Year::plain(day.year())).rest(*day);
        }
    }
    for listed in years {
        for day in &listed.work {
            built.entry(day.year()).or_insert_with(|| Year::plain(day.year())).work(*day);
        }
        if let Some(year) = built.get_mut(&listed.year) {
            year.notice = listed.notice.or(year.notice.take());
        }
    }
    let revision = revision::digest(id, any_year, &built);
    Calendar { id: id.to_owned(), revision, any_year, years: built }
}

impl Calendar {
    /// Makes the calendar without holidays: Monday to Friday, never provisional.
    pub fn plain(id: &str) -> Self {
        from_years(id, Vec::new(), true)
    }

    /// Returns whether `day` is a working day.
    pub fn is_workday(&self, day: Day) -> bool {
        match self.years.get(&day.year()) {
            Some(year) => year.is_work(day),
            None => year::is_weekday(day),
        }
    }

    /// Returns whether the working days of the year of `day` are known for certain.
    pub fn is_published(&self, day: Day) -> bool {
        self.any_year || self.years.get(&day.year()).is_some_and(|year| year.is_published)
    }

    /// Returns whether every year that `from..=to` touches is published.
    pub fn is_published_through(&self, from: Day, to: Day) -> bool {
        self.missing_years(from, to).is_empty()
    }

    /// Returns the years that `from..=to` touches whose working days are not known for certain.
    pub fn missing_years(&self, from: Day, to: Day) -> Vec<i32> {
        let is_missing = |number: &i32| !self.years.get(number).is_some_and(|year| year.is_published);
        if self.any_year { Vec::new() } else { (from.year()..=to.year()).filter(is_missing).collect() }
    }

    /// Returns the published years, oldest first; none for a calendar of any year.
    pub fn years(&self) -> impl Iterator<Item = i32> {
        self.years.iter().filter(|(_, year)| year.is_published).map(|(number, _)| *number)
    }

    /// Returns `day` moved off a rest day.
    pub fn roll(&self, day: Day, roll: Roll) -> Day {
        match roll {
            Roll::None => day,
            Roll::Forward => self.nearest(day, Day::succ_opt),
            Roll::Backward => self.nearest(day, Day::pred_opt),
        }
    }

    /// Returns the day `length` after `day`; the start day is not counted, and a negative
    /// length counts back.
    ///
    /// # Units
    /// Working days count days worked; natural days count all; months and years keep the day
    /// of the month, clamped to its end; hours count as whole days of 24.
    ///
    /// # Source
    /// Policy language §5.
    pub fn add(&self, day: Day, length: Length) -> Day {
        match length.unit {
            Unit::WorkDays => self.add_work_days(day, i64::from(length.count)),
            Unit::Days | Unit::Hours | Unit::Months | Unit::Years => after(day, length),
        }
    }

    /// Returns the `count`-th working day after `day`, or before it when `count` is negative.
    pub fn add_work_days(&self, day: Day, count: i64) -> Day {
        let step = if count < 0 { Day::pred_opt } else { Day::succ_opt };
        let (mut at, mut left) = (day, count.unsigned_abs());
        while left > 0 {
            let Some(next) = step(&at) else { return at };
            at = next;
            left -= u64::from(self.is_workday(at));
        }
        at
    }

    /// Returns the number of working days after `from` up to and including `to`; negative when
    /// `to` lies before `from`.
    pub fn work_days(&self, from: Day, to: Day) -> i64 {
        if to < from {
            return -self.work_days(to, from);
        }
        (from.year()..=to.year())
            .map(|number| {
                let first = if number == from.year() { from.ordinal() } else { 0 };
                let last = if number == to.year() { to.ordinal() } else { year::days_in(number) };
                self.known(number).work_between(first, last)
            })
            .sum()
    }

    /// Returns what is known of a year, published or not.
    pub fn year(&self, number: i32) -> YearView {
        self.known(number).view(number, self.any_year)
    }

    fn known(&self, number: i32) -> Cow<'_, Year> {
        self.years.get(&number).map_or_else(|| Cow::Owned(Year::plain(number)), Cow::Borrowed)
    }

    fn nearest(&self, day: Day, step: fn(&Day) -> Option<Day>) -> Day {
        let mut at = day;
        while !self.is_workday(at) {
            // The edge of the representable calendar, a quarter of a million years away.
            let Some(next) = step(&at) else { return day };
            at = next;
        }
        at
    }
}

/// Returns the day `length` after `day` in plain civil counting (no calendar): days, months and
/// years; hours count as whole days and working days as days, which `build` refuses for periods.
pub fn after(day: Day, length: Length) -> Day {
    shift(day, i64::from(length.count), length.unit)
}

/// Returns the day `length` before `day`; see [`after`].
pub fn before(day: Day, length: Length) -> Day {
    shift(day, -i64::from(length.count), length.unit)
}

fn shift(day: Day, count: i64, unit: Unit) -> Day {
    let months = match unit {
        Unit::Months => count,
        Unit::Years => count * 12,
        Unit::Hours => return add_days(day, count / 24),
        Unit::Days | Unit::WorkDays => return add_days(day, count),
    };
    let by = chrono::Months::new(u32::try_from(months.unsigned_abs()).unwrap_or(u32::MAX));
    let moved = if months < 0 { day.checked_sub_months(by) } else { day.checked_add_months(by) };
    moved.unwrap_or(day)
}

/// Returns the day `count` natural days after `day`; the day itself at the edge of the calendar.
pub fn add_days(day: Day, count: i64) -> Day {
    chrono::TimeDelta::try_days(count).and_then(|delta| day.checked_add_signed(delta)).unwrap_or(day)
}
