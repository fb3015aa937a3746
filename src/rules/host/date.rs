//! Dates as a script sees them: a day that remembers where it comes from, and days counted from it.

use std::sync::Arc;

use super::inputs::PreparedInputs;
use super::{NativeResult, failed};
use crate::calendar::Length;
use crate::register::is_within;
use crate::rules::slot::{DaySpan, Slot, SubjectField, elapsed};
use crate::rules::value::{Comparison, float, floats};
use crate::time::Day;

/// A date. It remembers which field of the subject it is, so that time functions answer from
/// their own inputs and the date itself need not be one.
#[derive(Clone, Debug)]
pub(in crate::rules) struct RuleDate {
    pub(super) source: DateSource,
    pub(super) day: Option<Day>,
}

/// What time functions count a date against.
#[derive(Clone, Debug)]
pub(super) enum DateSource {
    /// Nothing: it can only be compared.
    Loose,
    /// The inputs prepared for this field.
    Input(Arc<PreparedInputs>, SubjectField),
    /// The day of asking.
    On(Day),
}

impl RuleDate {
    pub(in crate::rules) const fn loose(day: Day) -> Self {
        Self { source: DateSource::Loose, day: Some(day) }
    }

    pub(in crate::rules) const fn known(day: Day, today: Day) -> Self {
        Self { source: DateSource::On(today), day: Some(day) }
    }

    pub(super) fn within(&self, period: &str) -> NativeResult<bool> {
        match (&self.source, self.day, period.parse::<Length>()) {
            (DateSource::Input(inputs, field), _, Ok(period)) => inputs.truth(Slot::Within(*field, period)),
            (DateSource::On(today), Some(day), Ok(period)) => Ok(is_within(day, *today, period)),
            _ => failed("within"),
        }
    }

    pub(super) fn count(self, until: bool) -> NativeResult<DayCount> {
        match (self.source, self.day) {
            (DateSource::Input(inputs, field), _) => Ok(DayCount::Input(inputs, DaySpan { field, until })),
            (DateSource::On(today), Some(day)) => Ok(DayCount::Days(elapsed(day, today, until))),
            _ => failed("days_since"),
        }
    }
}

/// Days since or until a date; good for a comparison with a number and nothing else.
#[derive(Clone, Debug)]
pub(super) enum DayCount {
    /// Only the truth of the comparison is known.
    Input(Arc<PreparedInputs>, DaySpan),
    /// So many.
    Days(i64),
}

impl DayCount {
    pub(super) fn compare(&self, sign: Comparison, bound: f64) -> NativeResult<bool> {
        match self {
            Self::Input(inputs, span) => inputs.truth(Slot::Days(*span, sign, bound)),
            Self::Days(days) => Ok(floats(sign, float(*days), bound)),
        }
    }
}
