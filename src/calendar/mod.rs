//! Working days, rest days, and counting with them.

mod length;

pub use length::{COUNT_MAX, Length, NotALength, Unit};

use crate::digest::Digest;
use crate::time::Day;

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

/// A calendar of working days.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Id, the stem of its file.
    pub id: String,
    /// Identity of its content.
    pub revision: Digest,
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

fn add_days(day: Day, count: i64) -> Day {
    chrono::TimeDelta::try_days(count).and_then(|delta| day.checked_add_signed(delta)).unwrap_or(day)
}
