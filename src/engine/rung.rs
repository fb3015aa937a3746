//! Which level of which term: one number, as rows of terms and the ledger hold it.

use super::term::{TermMoment, TermRow};

/// A level of the ladder of one of a visit's terms.
///
/// # Shape
/// How often the term was extended, the number of the term, from 0, and the level, as `1000000 * extensions + 100 * term +
/// level`: 2 is the second level of the only term, 102 that of the second term, 1000002 the second level by the end that
/// an extension gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    pub extensions: u32,
    pub term: u32,
    pub level: u32,
}

/// INVARIANT: above every level; the policy bounds them to 20.
const LEVELS_PER_TERM: u32 = 100;
/// INVARIANT: above every term of a visit; a form has far fewer rows.
const TERMS_PER_EXTENSION: u32 = 10_000;

impl Rung {
    /// Returns the number that stands for it; unlike that of any other of the visit.
    pub const fn number(self) -> u32 {
        let terms = self.extensions.saturating_mul(TERMS_PER_EXTENSION).saturating_add(self.term);
        terms.saturating_mul(LEVELS_PER_TERM).saturating_add(self.level)
    }

    /// Reads the number.
    pub const fn of(number: u32) -> Self {
        let (terms, level) = (number / LEVELS_PER_TERM, number % LEVELS_PER_TERM);
        Self { extensions: terms / TERMS_PER_EXTENSION, term: terms % TERMS_PER_EXTENSION, level }
    }

    /// Returns what tells orders apart that are started by levels of various terms and ends; 0 for the first.
    pub const fn start_key(self) -> u32 {
        self.number() / LEVELS_PER_TERM
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
