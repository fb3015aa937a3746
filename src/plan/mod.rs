//! What a change does: two courses of one register, without the change and with it, held against each other.
//!
//! Pure: a course is what happened to the register over some days on which nobody acted, whoever let it happen. An
//! order is known by its key, not by its number, since numbers shift when one order more is opened. What another
//! order opened is known by that order's key.
//!
//! ```text
//!   RegisterCourse (as it is) ──┐
//!                       ├─▶ compare ─▶ Difference ─▶ breaches(Gates)
//!   RegisterCourse (changed) ───┘
//! ```

mod difference;
mod forecast;
mod gate;
mod pair;

pub use difference::{Difference, OfficerWeek, TierMove, UndecidedSubject, VerdictChanges, compare};
pub use forecast::{
    CandidateSpan, FiringDay, FirstDay, Forecast, ForecastSubject, ForecastTrigger, ReadyDates, foretell,
};
pub use gate::{Breach, Gates, breaches};
pub use pair::{OrderChanges, OrderCounts, OrderKey, OrderMove, PlannedOrder};

use crate::time::Day;

/// What happened to a register over a stretch of days on which nobody acted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegisterCourse {
    /// What each subject was after the first day's pass, in the order of home and id.
    pub verdicts: Vec<SubjectVerdict>,
    /// The orders that were opened, in the order of home and number.
    pub orders: Vec<CourseOrder>,
}

/// What the rules said of a subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectVerdict {
    pub home: String,
    pub subject: String,
    /// None while never decided.
    pub tier: Option<String>,
    /// Why the newest question has no answer.
    pub undecided: Option<String>,
}

/// An order that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseOrder {
    pub home: String,
    /// Its running number there.
    pub seq: i64,
    pub workflow: String,
    pub trigger: String,
    pub subject: String,
    /// As its key has it: of an order that another one opened, the number of that one and what opened it.
    pub nominal: String,
    /// The day it was meant to be issued.
    pub issue_on: Day,
    /// The day it was opened.
    pub opened_on: Day,
    /// The last day of its window.
    pub due: Day,
    /// The grid's main officer, whom it is counted for.
    pub officer: Option<String>,
    /// Whether another order opened it.
    pub is_child: bool,
}
