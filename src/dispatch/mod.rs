//! Who gets an order today: the order of picking, the caps, and the words of what was not opened.
//!
//! Pure: candidates and counts come in, a [`Pick`]ed list and the deferred come out. Which
//! candidates are due is the due table's business (`appraise` fills it, `store` reads it);
//! when a trigger fires is `schedule`'s.

mod cap;
mod choose;
mod pick;
mod share;

pub use cap::{CandidatePlace, CapShare, CapUse, cap_holder, cap_period, share};
pub use choose::{CandidateChoice, ChoiceBasis, StaffedPlaces, choose};
pub use pick::sort;
pub use share::WorkShare;

use strum::IntoStaticStr;

use crate::time::Day;

/// A subject and the next date on which one trigger opens an order for it: everything that opening needs.
#[derive(Clone, Debug, PartialEq)]
pub struct DueCandidate {
    /// Home station of the subject, the first part of every key.
    pub home: String,
    /// Id of what the order is for.
    pub subject: String,
    /// Nominal due date, the last part of the key.
    pub nominal: Day,
    /// Last day of the window.
    pub due_on: Day,
    /// First day of the window, on which a firing takes it.
    pub issue_on: Day,
    /// Whether a date rests on a calendar that is not published.
    pub is_provisional: bool,
    /// Station that supervises it now.
    pub station: String,
    pub grid: Option<String>,
    /// Id of its tier; empty when the trigger does not need one.
    pub tier: String,
    /// Its score; none when the trigger does not need one.
    pub score: Option<f64>,
    /// What decided, by id.
    pub decision: String,
    /// Why it is held; none when it is ready.
    pub held: Option<String>,
}

impl DueCandidate {
    /// Returns its score as it is written down; empty where there is none.
    pub fn score_text(&self) -> String {
        self.score.map_or_else(String::new, |score| score.to_string())
    }
}

/// Why a candidate did not become an order. Its names stand in records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum SkipReason {
    /// The trigger's `when` does not hold.
    When,
    /// The trigger's `when` could not be answered.
    Undecided,
    /// An order of the same workflow is still open.
    Overlap,
    /// The subject is closed.
    Closed,
    /// The cap of the period is used up.
    #[strum(serialize = "deferred: cap")]
    Cap,
    /// A duty of the workflow needs more certified officers than the grid can find.
    NoValidPair,
}
