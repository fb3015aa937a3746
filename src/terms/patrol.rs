//! When a subject's next patrol is due, and when its order is issued.

use chrono::Datelike as _;

use crate::calendar::{Calendar, Length, Roll, Unit, after};
use crate::policy::{Anchor, Recur};
use crate::time::Day;

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PatrolDates {
    /// The day the cycle itself names; part of the order's key, so nothing moves it.
    pub nominal: Day,
    /// The last day on which the patrol is in time.
    pub due: Day,
    /// The day from which the order is issued.
    pub issue_on: Day,
    /// One of the days lies in a year whose calendar is not published.
    pub provisional: bool,
}

/// The days between which a patrol is made, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PatrolWindow {
    /// The issue date.
    pub from: Day,
    /// The due date.
    pub to: Day,
}

impl PatrolDates {
    /// Returns the patrol's window, from the issue date to the due date.
    pub const fn window(&self) -> PatrolWindow {
        PatrolWindow { from: self.issue_on, to: self.due }
    }
}

/// Returns the dates of the patrol that follows one made on `since`.
///
/// `every` is the tier's cycle or the length written in `recur`. With a fixed anchor the nominal
/// day is that day of the month in which the cycle ends, clamped to the month's end.
///
/// # Source
/// Policy language §2 and §5; scenarios A1–A5.
pub fn patrol_dates(since: Day, recur: &Recur, every: Length, calendar: &Calendar) -> PatrolDates {
    let counted = calendar.add(since, every);
    let nominal = match recur.anchor {
        Anchor::Rolling => counted,
        Anchor::Fixed(day) => anchored(since, counted, day),
    };
    from_nominal(nominal, recur, calendar)
}

/// Returns the dates of the first patrol of a subject registered on `registered`: after `first`,
/// or after one cycle where `first` is not written.
pub fn first_dates(registered: Day, recur: &Recur, every: Length, calendar: &Calendar) -> PatrolDates {
    match recur.first {
        Some(first) => from_nominal(calendar.add(registered, first), recur, calendar),
        None => patrol_dates(registered, recur, every, calendar),
    }
}

/// Returns the dates of a patrol whose due date a change of tier, overlay or release, or a suspension
/// that is over, has put before the day of that decision: the order is issued at once, and due
/// `raised` later.
///
/// # Source
/// Policy language, rule 8a; scenario A6.
pub fn raised(dates: PatrolDates, recur: &Recur, decided_on: Day, calendar: &Calendar) -> PatrolDates {
    let due = calendar.add(decided_on, recur.raised);
    let provisional = !calendar.is_published_through(decided_on, due);
    PatrolDates { nominal: dates.nominal, due, issue_on: decided_on, provisional }
}

/// Returns the dates that belong to a nominal day that is known already.
///
/// # Source
/// Policy language §5: a calendar import recomputes open dates.
pub fn from_nominal(nominal: Day, recur: &Recur, calendar: &Calendar) -> PatrolDates {
    let due = calendar.roll(nominal, recur.roll);
    let issue_on = match recur.lead {
        Some(Length { count, unit }) => {
            calendar.roll(calendar.add(nominal, Length::new(-count, unit)), Roll::Backward)
        }
        None => due,
    };
    let provisional = ![nominal, due, issue_on].iter().all(|day| calendar.is_published(*day));
    PatrolDates { nominal, due, issue_on, provisional }
}

/// The anchor day in the month of `counted`; the month after, should that not lie behind `since`
/// (a cycle of a few days can end before the anchor day of its own month has come).
fn anchored(since: Day, counted: Day, day: u32) -> Day {
    let in_month = |month: Day| {
        let wanted = day.clamp(1, 31);
        (1..=wanted).rev().find_map(|day| month.with_day(day)).unwrap_or(month)
    };
    let found = in_month(counted);
    if found > since { found } else { in_month(after(first_of(counted), Length::new(1, Unit::Months))) }
}

fn first_of(day: Day) -> Day {
    day.with_day(1).unwrap_or(day)
}
