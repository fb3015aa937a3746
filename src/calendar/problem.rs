//! What can be wrong with the years of a calendar file.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::Datelike as _;

use super::YearDays;
use super::year::is_weekday;
use crate::diag::{Code, codes};
use crate::time::Day;

/// The years a calendar may list.
pub const YEARS: RangeInclusive<i32> = 1900..=2200;

/// Something wrong with one listed year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarProblem {
    /// Position of the year in the list.
    pub at: usize,
    /// The day that is wrong; none when the year itself is.
    pub day: Option<Day>,
    /// What is wrong.
    pub kind: CalendarProblemKind,
}

/// What is wrong with a listed year or day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarProblemKind {
    /// The year is not one of [`YEARS`].
    YearOutOfRange,
    /// The year is listed twice.
    YearTwice,
    /// The day is neither in the year nor in the December before it.
    OtherYear,
    /// The day is listed both as a rest day and as a make-up day.
    Contradiction,
    /// The make-up day is an ordinary Monday to Friday, so listing it changes nothing; the first
    /// day after a holiday, which a notice may name for clarity, is left alone.
    Pointless,
}

impl CalendarProblemKind {
    /// Returns the code under which it is reported; the arguments are `year` and `day`.
    pub const fn code(self) -> Code {
        match self {
            Self::YearOutOfRange => codes::CALENDAR_YEAR_RANGE,
            Self::YearTwice => codes::CALENDAR_YEAR_TWICE,
            Self::OtherYear => codes::CALENDAR_OTHER_YEAR,
            Self::Contradiction => codes::CALENDAR_CONTRADICTION,
            Self::Pointless => codes::CALENDAR_POINTLESS,
        }
    }
}

/// Returns every problem of a calendar's years, in the order of the file.
pub fn problems(years: &[YearDays]) -> Vec<CalendarProblem> {
    let rest: BTreeSet<Day> = years.iter().flat_map(|year| &year.rest).copied().collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (at, listed) in years.iter().enumerate() {
        if !YEARS.contains(&listed.year) {
            found.push(CalendarProblem { at, day: None, kind: CalendarProblemKind::YearOutOfRange });
        }
        if !seen.insert(listed.year) {
            found.push(CalendarProblem { at, day: None, kind: CalendarProblemKind::YearTwice });
        }
        let of_day = |day: Day, kind| CalendarProblem { at, day: Some(day), kind };
        let strays = listed.rest.iter().chain(&listed.work).filter(|day| !belongs(listed.year, **day));
        found.extend(strays.map(|day| of_day(*day, CalendarProblemKind::OtherYear)));
        for day in &listed.work {
            if rest.contains(day) {
                found.push(of_day(*day, CalendarProblemKind::Contradiction));
            } else if is_weekday(*day) && !ends_a_holiday(&rest, *day) {
                found.push(of_day(*day, CalendarProblemKind::Pointless));
            }
        }
    }
    found
}

fn belongs(year: i32, day: Day) -> bool {
    day.year() == year || (day.year() == year - 1 && day.month() == 12)
}

fn ends_a_holiday(rest: &BTreeSet<Day>, day: Day) -> bool {
    day.pred_opt().is_some_and(|before| rest.contains(&before))
}
