//! What an order's history says, line by line, as the ledger keeps it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::time::Day;

/// One line of an order's history.
///
/// # Shape
/// `{"event":"entered","data":{"visit":1,"due":null,"assignees":["li"]},"step":"patrol"}`; entries of the
/// ledger hold these names, so they never change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// What happened.
    #[serde(flatten)]
    pub event: HistoryEvent,
    /// The step, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
}

/// In whose place somebody completed a duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandIn {
    /// Whose duty it was: on leave, or the giver of authority in writing.
    pub of: String,
    /// The paper by which authority was handed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// What happened to an order, with what is told of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the words of the record")]
pub enum HistoryEvent {
    /// It came to its end.
    Ended {},
    /// A step was visited as often as it may be; another is entered.
    Bound { visits: u32, then: String },
    /// The engine did a step.
    Done { visit: u32 },
    /// A step was entered.
    Entered { visit: u32, due: Option<Day>, assignees: Vec<String> },
    /// The field that says its term was not filled in; what the policy says for that case applies.
    #[serde(rename = "term missing")]
    TermMissing { visit: u32, field: String },
    /// A level was past when its step was entered; only the highest is told.
    #[serde(rename = "late at opening")]
    LateAtOpening {
        level: u32,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        of: Vec<String>,
    },
    /// Somebody completed a duty.
    Completed {
        visit: u32,
        action: Option<String>,
        done_by: Vec<String>,
        /// Whose duty it was, where whoever acted stood in for them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        in_place: Option<StandIn>,
    },
    /// The rules chose where it goes: the row, and what was read for it.
    Went {
        row: usize,
        facts: Map<String, Value>,
        #[serde(default)]
        inputs: Value,
        to: String,
        say: Option<String>,
    },
    /// A rule failed where it goes was to be decided.
    Stuck { cause: String },
    /// An order it waited for ended.
    #[serde(rename = "sub-order ended")]
    SubOrderEnded { workflow: String, cancelled: bool },
    /// Where it goes was decided again.
    Retried {},
    /// Somebody took a duty on.
    Claimed {},
    /// It went back; by the step's own action where no step is named.
    Returned {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        reason: String,
    },
    /// Somebody took back a completion.
    Recalled { reason: String, from: String },
    /// Others answer for a duty.
    Transferred { to: Vec<String>, reason: String },
    /// Somebody acts for an assignee.
    Delegated { to: String, reason: String },
    /// A signature was asked for.
    #[serde(rename = "signer added")]
    SignerAdded { to: String, reason: String },
    /// A signature was given.
    Signed {},
    /// Those named in it have to confirm it as themselves.
    #[serde(rename = "to confirm")]
    ToConfirm {
        visit: u32,
        officers: Vec<String>,
        what: String,
        reason: Option<String>,
        /// What was asked for before is asked no more.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        anew: bool,
    },
    /// Somebody confirmed what another did in his name, too.
    Confirmed { visit: u32, by: String, what: String },
    /// Who has a duty was reminded by a person.
    Nudged { note: Option<String> },
    /// Somebody was let know.
    Copied { to: String, note: Option<String> },
    /// A term was lengthened.
    Extended {
        by: Option<String>,
        reason: String,
        approver: String,
        document: Option<String>,
        from: Option<Day>,
    },
    /// A term was interrupted.
    Paused { reason: String, document: String, approver: String },
    /// A signal stopped the term, and the work.
    Held { signal: String },
    /// A term goes on.
    Resumed { from: Day, due: Option<Day> },
    /// A wait was given up.
    Waived { document: String },
    /// It was ended before its end.
    Cancelled { reason: String },
    /// What a step waited for is over.
    #[serde(rename = "wait over")]
    WaitOver { visit: u32 },
    /// A level before the last day was told.
    Reminded {
        level: u32,
        due: Option<Day>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        of: Vec<String>,
    },
    /// A level on or after the last day was told.
    Escalated {
        level: u32,
        due: Option<Day>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        of: Vec<String>,
    },
    /// The warning day of a statutory clock came.
    Alarm { clock: Option<String> },
    /// A statutory clock ran out.
    #[serde(rename = "clock ended")]
    ClockEnded { clock: Option<String> },
    /// What the workflow does at the end of a clock was refused.
    #[serde(rename = "signal failed")]
    SignalFailed { clock: String },
    /// A signal moved the order, or started another.
    Signal {
        signal: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start: Option<String>,
    },
    /// The subject moved to another station.
    Moved { from: String, to: String, grid: Option<String> },
    /// The text of another release serves it from here on.
    Migrated {
        release: i64,
        /// What the step was called before, where it had another id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        due: Option<Day>,
    },
    /// A duty went to other people.
    #[serde(rename = "handed over")]
    HandedOver {
        from: Vec<String>,
        to: Vec<String>,
        why: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<String>,
    },
}
