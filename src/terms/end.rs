//! Where a term ends, and the reminders and escalation rungs around that end.

use chrono::TimeDelta;

use crate::calendar::{Length, LocalCalendar, Roll, Unit};
use crate::policy::OverdueRow;
use crate::time::{Day, Stamp, Tz};

/// The end of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// A day, all of which is in time.
    Day(Day),
    /// A moment; what is counted in hours ends at one.
    Moment(Stamp),
}

impl End {
    /// Returns the day on which the term ends.
    pub fn day_in(self, zone: Tz) -> Day {
        match self {
            Self::Day(day) => day,
            Self::Moment(at) => at.day_in(zone),
        }
    }

    /// Returns the first moment that is too late: 24:00 of a day, or the moment itself.
    pub fn over_at(self, zone: Tz) -> Stamp {
        match self {
            Self::Day(day) => day_over(day, zone),
            Self::Moment(at) => at,
        }
    }
}

/// Returns the end of a step's own term that starts at `start`.
///
/// The start day is not counted. Natural days, months and years roll only as the step says.
///
/// # Source
/// Policy language §5 and rule 19.
pub fn step_end(start: Stamp, length: Length, roll: Roll, by: LocalCalendar<'_>) -> End {
    let LocalCalendar { calendar, zone } = by;
    match length.unit {
        Unit::Hours => End::Moment(start.plus(TimeDelta::hours(i64::from(length.count)))),
        Unit::WorkDays | Unit::Days | Unit::Months | Unit::Years => {
            End::Day(calendar.roll(calendar.add(start.day_in(zone), length), roll))
        }
    }
}

/// Returns the instant of each `overdue` row around a due day, with the row's position.
///
/// # Source
/// Policy language, rule 19; scenario A1.
pub fn ladder(due: Day, rows: &[OverdueRow], by: LocalCalendar<'_>) -> Vec<(usize, Stamp)> {
    rows.iter().enumerate().map(|(ix, row)| (ix, rung(End::Day(due), row.after, by))).collect()
}

/// Returns the instant of one row counted from the end of a term.
///
/// A row in days, months or years fires at 00:00 local of the day it names; a row of zero when
/// the term is over, since nothing is overdue on its due day; a row in hours so many hours
/// after the term is over.
pub fn rung(due: End, after: Length, by: LocalCalendar<'_>) -> Stamp {
    let LocalCalendar { calendar, zone } = by;
    match after {
        Length { count, unit: Unit::Hours } => due.over_at(zone).plus(TimeDelta::hours(i64::from(count))),
        Length { count: 0, .. } => due.over_at(zone),
        Length { unit: Unit::WorkDays | Unit::Days | Unit::Months | Unit::Years, .. } => {
            Stamp::day_start(calendar.add(due.day_in(zone), after), zone)
        }
    }
}

fn day_over(day: Day, zone: Tz) -> Stamp {
    Stamp::day_start(day.succ_opt().unwrap_or(day), zone)
}
