//! Firings that were missed, and which of them are caught up.

use crate::calendar::{Length, LocalCalendar, Unit};
use crate::time::Stamp;

/// What happens to missed firings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissedPolicy {
    pub mode: MissedMode,
    /// How far back; none: any distance.
    pub within: Option<Length>,
}

/// How many missed firings are caught up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissedMode {
    None,
    /// The latest one.
    Once,
    /// Each of them, oldest first.
    All,
}

/// One occurrence, judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JudgedFiring {
    /// The nominal instant.
    pub nominal: Stamp,
    pub outcome: FiringOutcome,
}

/// What becomes of an occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FiringOutcome {
    /// It fires on its own day.
    Fire,
    /// Its day is over.
    Missed {
        /// It fires now; otherwise it is only recorded.
        caught_up: bool,
    },
}

impl FiringOutcome {
    /// Returns whether it fires, on its day or after.
    pub const fn fires(self) -> bool {
        matches!(self, Self::Fire | Self::Missed { caught_up: true })
    }
}

/// Judges occurrences, which come oldest first, at the moment `now`.
///
/// An occurrence is missed when its local day is before that of `now`. Those within reach are
/// caught up as `missed` says; `within` is counted back from the local day of `now`, that day's
/// distance included, or in hours from `now` itself.
///
/// # Source
/// Policy language, rule 6; scenario A12.
pub fn evaluate(
    missed: MissedPolicy,
    occurrences: &[Stamp],
    now: Stamp,
    by: LocalCalendar<'_>,
) -> Vec<JudgedFiring> {
    let LocalCalendar { calendar, zone } = by;
    let today = now.day_in(zone);
    let is_missed = |at: &Stamp| at.day_in(zone) < today;
    let is_in_reach = |at: &Stamp| match missed.within {
        None => true,
        Some(Length { count, unit: Unit::Hours }) => {
            *at >= now.plus(-chrono::TimeDelta::hours(i64::from(count)))
        }
        Some(Length { count, unit }) => at.day_in(zone) >= calendar.add(today, Length::new(-count, unit)),
    };
    let latest = occurrences.iter().rev().find(|at| is_missed(at) && is_in_reach(at));
    let judge = |at: &Stamp| {
        if !is_missed(at) {
            return FiringOutcome::Fire;
        }
        let caught_up = match missed.mode {
            MissedMode::None => false,
            MissedMode::Once => Some(at) == latest,
            MissedMode::All => is_in_reach(at),
        };
        FiringOutcome::Missed { caught_up }
    };
    occurrences.iter().map(|at| JudgedFiring { nominal: *at, outcome: judge(at) }).collect()
}
