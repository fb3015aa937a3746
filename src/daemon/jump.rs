//! Whether the wall clock can be trusted: it is held against the monotonic clock, inside one process.

use std::time::{Duration, Instant};

use crate::time::Stamp;

/// How far wall and monotonic clock may drift apart between two looks: more than any step of a
/// time service that keeps time, less than an hour of wrong orders.
const DRIFT_MAX: Duration = Duration::from_mins(10);

/// A jump of the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// It stands before the last tick; dispatch waits until it has passed it.
    Behind {
        /// What the clock says.
        now: Stamp,
        /// What has been done already.
        last: Stamp,
    },
    /// It leapt ahead of the time that really passed; dispatch waits for somebody to accept it.
    Ahead {
        /// What the clock says.
        now: Stamp,
        /// What it should say.
        expected: Stamp,
    },
}

/// Watches the wall clock.
///
/// # Source
/// Policy language, rule 6: jumps are judged inside one process, wall against monotonic; a clock
/// before the last tick holds dispatch until it has passed it or is accepted.
#[derive(Debug)]
pub struct JumpGuard {
    seen: Option<(Stamp, Instant)>,
    last_tick: Option<Stamp>,
    accepted: Option<Stamp>,
    held: Option<Jump>,
}

impl JumpGuard {
    /// Begins watching; `last_tick` is what has been done by earlier processes.
    pub const fn new(last_tick: Option<Stamp>) -> Self {
        Self { seen: None, last_tick, accepted: None, held: None }
    }

    /// Returns whether dispatch is held.
    pub const fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// Looks at the clock; returns why dispatch is held, if it is.
    ///
    /// `accepted` is the moment of the newest `tick --accept-clock`, kept in the database.
    pub fn look(&mut self, now: Stamp, accepted: Option<Stamp>) -> Option<Jump> {
        self.look_at(now, Instant::now(), accepted)
    }

    fn look_at(&mut self, now: Stamp, monotonic: Instant, accepted: Option<Stamp>) -> Option<Jump> {
        let is_accepted = accepted.is_some() && accepted != self.accepted && self.seen.is_some();
        let first_look = self.seen.is_none();
        if is_accepted || first_look {
            self.accepted = accepted;
        }
        if is_accepted {
            self.held = None;
            self.last_tick = accepted;
        } else if let Some(expected) = self.expected(monotonic) {
            self.held = self.judge(now, expected);
        }
        if self.held.is_none() && self.last_tick.is_some_and(|last| now < last) {
            self.held = self.last_tick.map(|last| Jump::Behind { now, last });
        }
        if !matches!(self.held, Some(Jump::Ahead { .. })) {
            self.seen = Some((now, monotonic));
        }
        if self.held.is_none() {
            self.last_tick = self.last_tick.max(Some(now));
        }
        self.held
    }

    /// What the wall clock should say, by the time that passed since it was last trusted.
    fn expected(&self, monotonic: Instant) -> Option<Stamp> {
        let (wall, then) = self.seen?;
        let passed = monotonic.saturating_duration_since(then);
        Some(wall.plus(chrono::TimeDelta::from_std(passed).unwrap_or(chrono::TimeDelta::MAX)))
    }

    fn judge(&self, now: Stamp, expected: Stamp) -> Option<Jump> {
        let drift = Duration::from_micros(now.micros().saturating_sub(expected.micros()).unsigned_abs());
        match self.held {
            Some(Jump::Behind { last, .. }) => (now < last).then_some(Jump::Behind { now, last }),
            _ if now > expected && drift > DRIFT_MAX => Some(Jump::Ahead { now, expected }),
            Some(Jump::Ahead { .. }) | None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn at(hours: i64) -> Stamp {
        Stamp::from_micros(1_767_225_600_000_000 + hours * HOUR)
    }

    #[test]
    fn a_clock_that_keeps_time_is_trusted() {
        let (mut guard, start) = (JumpGuard::new(Some(at(-5))), Instant::now());
        assert_eq!(guard.look_at(at(0), start, None), None);
        assert_eq!(guard.look_at(at(1), start + Duration::from_hours(1), None), None);
    }

    #[test]
    fn a_leap_ahead_holds_until_the_clock_comes_back_or_is_accepted() {
        let (mut guard, start) = (JumpGuard::new(None), Instant::now());
        guard.look_at(at(0), start, None);
        let second = start + Duration::from_secs(1);
        assert!(matches!(guard.look_at(at(24 * 365), second, None), Some(Jump::Ahead { .. })));
        assert_eq!(guard.look_at(at(0), second, None), None);
        assert!(guard.look_at(at(24), second, None).is_some());
        assert_eq!(guard.look_at(at(24), second, Some(at(24))), None);
        assert_eq!(guard.look_at(at(24), second, Some(at(24))), None);
    }

    #[test]
    fn a_start_before_the_last_tick_waits_until_the_clock_has_passed_it() {
        let (mut guard, start) = (JumpGuard::new(Some(at(2))), Instant::now());
        assert_eq!(guard.look_at(at(0), start, None), Some(Jump::Behind { now: at(0), last: at(2) }));
        assert!(guard.look_at(at(1), start + Duration::from_hours(1), None).is_some());
        assert_eq!(guard.look_at(at(3), start + Duration::from_hours(3), None), None);
    }

    #[test]
    fn a_step_back_of_the_running_clock_holds_until_it_is_made_up() {
        let (mut guard, start) = (JumpGuard::new(None), Instant::now());
        guard.look_at(at(10), start, None);
        let second = start + Duration::from_secs(1);
        assert_eq!(guard.look_at(at(8), second, None), Some(Jump::Behind { now: at(8), last: at(10) }));
        assert_eq!(guard.look_at(at(11), start + Duration::from_hours(3), None), None);
    }
}
