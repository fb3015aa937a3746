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
    /// Under which it is reported; the arguments are `year` and `day`.
    pub code: Code,
}

/// Returns every problem of a calendar's years, in the order of the file.
pub fn problems(years: &[YearDays]) -> Vec<CalendarProblem> {
    let rest: BTreeSet<Day> = years.iter().flat_map(|year| &year.rest).copied().collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (at, listed) in years.iter().enumerate() {
        if !YEARS.contains(&listed.year) {
            found.push(CalendarProblem { at, day: None, code: codes::CALENDAR_YEAR_RANGE });
        }
        if !seen.insert(listed.year) {
            found.push(CalendarProblem { at, day: None, code: codes::CALENDAR_YEAR_TWICE });
        }
        let of_day = |day: Day, code| CalendarProblem { at, day: Some(day), code };
        let strays = listed.rest.iter().chain(&listed.work).filter(|day| !belongs(listed.year, **day));
        found.extend(strays.map(|day| of_day(*day, codes::CALENDAR_OTHER_YEAR)));
        for day in &listed.work {
            if rest.contains(day) {
                found.push(of_day(*day, codes::CALENDAR_CONTRADICTION));
            } else if is_weekday(*day) && !ends_a_holiday(&rest, *day) {
                found.push(of_day(*day, codes::CALENDAR_POINTLESS));
            }
        }
    }
    found
}

fn belongs(year: i32, day: Day) -> bool {
    day.year() == year || (day.year() == year - 1 && day.month() == 12)
}

/// A notice may name the first day after a holiday for clarity; to list another weekday changes nothing.
fn ends_a_holiday(rest: &BTreeSet<Day>, day: Day) -> bool {
    day.pred_opt().is_some_and(|before| rest.contains(&before))
}
