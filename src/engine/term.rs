//! Terms of a visit of a step, as they are stored: what each is, and when it fires.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::time::{Day, Stamp};

/// One row of a term: an instant at which something happens unless the step is left before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermRow {
    pub step: String,
    pub visit: u32,
    /// Which term.
    pub kind: TermKind,
    /// Which level of which term, as a [`super::Rung`] is numbered; 0 for the others.
    pub level: u32,
    pub fires_at: Stamp,
    /// The day the term ends.
    pub end_on: Day,
    /// When it was told already on entering: it was past, and is marked `late at opening`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fired_at: Option<Stamp>,
    /// Kind, count, anchor and calendar revision it was computed from, as JSON.
    pub basis: String,
}

impl TermRow {
    /// Returns the moment that it is, which tells it from the order's other rows.
    pub fn moment(&self) -> TermMoment {
        TermMoment { step: self.step.clone(), visit: self.visit, kind: self.kind, level: self.level }
    }
}

/// A moment of a term.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TermMoment {
    pub step: String,
    pub visit: u32,
    /// Which term.
    pub kind: TermKind,
    /// Which level of which term, as a [`super::Rung`] is numbered; 0 for the others.
    pub level: u32,
}

/// What a term is. Its names stand in tables and JSON.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumString,
    IntoStaticStr,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
pub enum TermKind {
    /// The step's own last day.
    Due,
    /// A reminder or an escalation.
    Overdue,
    /// The end of the order's window.
    Window,
    /// The end of what the step waits for.
    Wait,
    /// The end of a statutory clock.
    Clock,
    /// The internal warning day of a statutory clock.
    Alarm,
}
