//! Which level of which term: one number, as rows of terms and the ledger hold it.

use super::event::TermMoment;
use super::outcome::TermRow;

/// A level of the ladder of one of a visit's terms.
///
/// # Shape
/// The number of the term, from 0, and the level, as `100 * term + level`: 2 is the second level of the only term, 102
/// that of the second term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    pub term: u32,
    pub level: u32,
}

/// INVARIANT: above every level; the policy bounds them to 20.
const LEVELS_PER_TERM: u32 = 100;

impl Rung {
    /// Returns the number that stands for it; unlike that of any other of the visit.
    pub const fn number(self) -> u32 {
        self.term.saturating_mul(LEVELS_PER_TERM).saturating_add(self.level)
    }

    /// Reads the number.
    pub const fn of(number: u32) -> Self {
        Self { term: number / LEVELS_PER_TERM, level: number % LEVELS_PER_TERM }
    }
}

impl TermRow {
    /// Returns which level of which term it is.
    pub const fn rung(&self) -> Rung {
        Rung::of(self.level)
    }
}

impl TermMoment {
    /// Returns which level of which term it is.
    pub const fn rung(&self) -> Rung {
        Rung::of(self.level)
    }
}
