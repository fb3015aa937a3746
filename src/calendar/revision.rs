//! What a calendar is called, and what changes from one to the next.

use std::collections::{BTreeMap, BTreeSet};

use super::Calendar;
use super::year::{Year, days_in};
use crate::digest::Digest;
use crate::time::Day;

/// A day that two calendars count differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayChange {
    pub day: Day,
    /// Whether the new calendar works on it; the old one says the opposite.
    pub is_workday: bool,
}

/// What changes from an old calendar to a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayDifference {
    /// Days counted differently, in order.
    pub days: Vec<DayChange>,
    /// Years the new one publishes and the old one did not: dates there stop being provisional.
    pub published: Vec<i32>,
    /// Years the old one published and the new one does not.
    pub withdrawn: Vec<i32>,
}

/// Returns what changes from `old` to `new`, over the years either of them lists.
pub fn diff(old: &Calendar, new: &Calendar) -> DayDifference {
    let numbers: BTreeSet<i32> = old.years.keys().chain(new.years.keys()).copied().collect();
    let mut found = DayDifference::default();
    for number in numbers {
        let published = |calendar: &Calendar| {
            calendar.any_year || calendar.years.get(&number).is_some_and(|year| year.is_published)
        };
        match (published(old), published(new)) {
            (false, true) => found.published.push(number),
            (true, false) => found.withdrawn.push(number),
            (true, true) | (false, false) => {}
        }
        let days = (1..=days_in(number)).filter_map(|ordinal| Day::from_yo_opt(number, ordinal));
        found.days.extend(
            days.filter(|day| old.is_workday(*day) != new.is_workday(*day))
                .map(|day| DayChange { day, is_workday: new.is_workday(day) }),
        );
    }
    found
}

/// Digests what counts: the years, whether they are published, and the days worked. The name of
/// a notice is not part of it, so that mending a title moves no date's revision.
pub(super) fn digest(id: &str, any_year: bool, years: &BTreeMap<i32, Year>) -> Digest {
    let mut parts = vec![id.as_bytes().to_vec(), vec![u8::from(any_year)]];
    for (number, year) in years {
        let mut part = number.to_be_bytes().to_vec();
        part.push(u8::from(year.is_published));
        part.extend(year.bytes());
        parts.push(part);
    }
    Digest::of_parts("calendar", parts.iter().map(Vec::as_slice))
}
