//! What entries say, kind by kind. A batch is one entry with rows in compact lists.
//!
//! The name of a kind and the keys of its body stand once, in the attributes below; fields are declared
//! in the order of their keys, which makes the text canonical; events stand in it as the engine writes
//! them, choices and history as lists.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::canonical::canonical;
use super::nested::nested;
use super::rows::{
    AppraisalChange, BatchOpening, FiredTerm, ShadowDay, SingleOpening, SkippedCandidate, TermMove,
};
use super::said::{read_history, write_choices, write_history};
use super::{Choices, DocumentBody, Entry, PeopleAct};
use crate::engine::{Event, HistoryEntry, StaffChoice};
use crate::id::TriggerId;

/// What one entry says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// A file was imported into the register: what it was and what it changed here.
    #[serde(rename = "register.imported")]
    Imported {
        /// Rows new to this station.
        added: i64,
        /// Rows that changed.
        changed: i64,
        /// Digest of the file.
        file: String,
        /// Rows of this kind the station has now, and the sum of their digests.
        now: (i64, String),
        /// Rows that were as before.
        unchanged: i64,
        /// `subjects`, `inspections`, `officers`, `stations` or `grids`.
        what: String,
    },
    /// Rows were taken that the program could not be sure of, because a person said that they are right; who, the
    /// entry says.
    #[serde(rename = "register.confirmed")]
    Confirmed {
        /// Digest of the file.
        file: String,
        /// Id of each row and the code of what was asked.
        rows: Vec<(String, String)>,
        /// `subjects` or another kind of rows.
        what: String,
    },
    /// Tiers were decided anew, or a due date was raised.
    #[serde(rename = "appraisals.changed")]
    AppraisalsChanged {
        /// The day they were decided on.
        on: String,
        /// Digest of the policy.
        policy: String,
        #[serde(rename = "rows")]
        changes: Vec<AppraisalChange>,
    },
    /// Orders were opened.
    #[serde(rename = "orders.opened")]
    OrdersOpened(BatchOpening),
    /// An order was opened by another one, or by an act.
    #[serde(rename = "order.opened")]
    OrderOpened(Box<SingleOpening>),
    /// Something happened to an order.
    #[serde(rename = "order.acted")]
    Acted {
        /// What the row holds that keeps the answer under its sender's key, where he gave one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answered: Option<String>,
        /// Who was chosen for what.
        #[serde(
            default,
            deserialize_with = "nested",
            serialize_with = "write_choices",
            skip_serializing_if = "Vec::is_empty"
        )]
        choices: Vec<StaffChoice>,
        /// What happened; a replay reads it.
        #[serde(deserialize_with = "nested")]
        event: Event,
        /// Rows that a table of the home station has now, and the sum of their digests, for those
        /// tables that this changed last in its transaction.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        now: TableSums,
        /// Running number of the order.
        order: i64,
        /// Digest of the policy it is pinned to from here on, where that changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<String>,
        /// The lines of the history.
        #[serde(deserialize_with = "read_history", serialize_with = "write_history")]
        said: Vec<HistoryEntry>,
        /// Its version after.
        version: i64,
    },
    /// Something was handed in for an order that had moved on.
    #[serde(rename = "order.late")]
    SubmittedLate {
        /// As in [`Body::Acted`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answered: Option<String>,
        /// What was handed in, as JSON.
        event: String,
        /// The sender's key.
        key: String,
        /// Running number of the order.
        order: i64,
        /// Id of the refusal it would have met.
        reason: String,
        /// The step it was meant for.
        step: String,
        /// Which visit of it; 0 when the sender did not say.
        visit: i64,
        /// The earlier moment its sender wrote; the entry's own is when it came.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        written: Option<String>,
    },
    /// Candidates did not become orders, for reasons that begin here.
    #[serde(rename = "candidates.skipped")]
    Skipped {
        on: String,
        #[serde(rename = "rows")]
        candidates: Vec<SkippedCandidate>,
        #[serde(flatten)]
        trigger: TriggerId,
    },
    /// A firing was evaluated.
    #[serde(rename = "occurrence.evaluated")]
    Occurrence {
        /// The instant meant.
        nominal: String,
        /// Orders it opened.
        opened: i64,
        /// `fired`, `missed` or `skipped`.
        outcome: String,
        /// Why, when it did not simply fire.
        reason: Option<String>,
        #[serde(flatten)]
        trigger: TriggerId,
    },
    /// A release became active.
    #[serde(rename = "release.activated")]
    Released {
        /// Who approved it, where somebody did.
        approved_by: Option<String>,
        /// Path and digest of each text.
        files: Vec<(String, String)>,
        number: i64,
        /// Digest of the whole.
        policy: String,
        /// The plan that was looked at before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<i64>,
        /// Why, where somebody said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// What a change would do was worked out.
    #[serde(rename = "plan.made")]
    Planned {
        /// The release that was in force.
        against: i64,
        number: i64,
        /// Digest of the text that was tried.
        policy: String,
        /// Digest of what was told.
        report: String,
        /// Digest of what it rests on besides.
        state: String,
    },
    /// A proposed policy is judged beside the one in force for some days.
    #[serde(rename = "shadow.begun")]
    ShadowBegun {
        days: u32,
        /// The number its release would have.
        number: i64,
    },
    /// What it came to on one of them.
    #[serde(rename = "shadow.compared")]
    ShadowCompared { day: ShadowDay, number: i64 },
    /// A policy was proposed, or approved for a later day.
    #[serde(rename = "release.proposed")]
    Proposed {
        /// Who approved it, where somebody did.
        approved_by: Option<String>,
        /// Path and digest of each text.
        files: Vec<(String, String)>,
        /// The number its release will have.
        number: i64,
        /// Digest of the whole.
        policy: String,
        /// The moment from which it is in force, where it waits for that alone.
        starts_at: Option<String>,
        /// Why, where somebody said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// The plan that was looked at before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<i64>,
    },
    /// A rule version failed for too many subjects and decides nothing new from here on.
    #[serde(rename = "rules.quarantined")]
    Quarantined {
        /// Code and place of the failure.
        cause: String,
        /// Digest of the policy.
        policy: String,
        /// Subjects it failed for.
        subjects: i64,
    },
    /// Terms fired.
    #[serde(rename = "terms.fired")]
    TermsFired {
        /// Who was chosen for what, each choice once.
        choices: Choices,
        #[serde(rename = "rows")]
        terms: Vec<FiredTerm>,
    },
    /// A calendar moved open dates.
    #[serde(rename = "calendar.moved")]
    CalendarMoved {
        /// Id of the calendar.
        calendar: String,
        revision: String,
        /// Each moved term.
        #[serde(rename = "rows")]
        moves: Vec<TermMove>,
    },
    /// The clock was accepted as it stands at the entry's moment.
    #[serde(rename = "clock.accepted")]
    ClockAccepted {
        /// What the machine's clock said, where somebody wrote another moment.
        clock: Option<String>,
        /// Up to when dispatch had come before, where it had begun.
        last_tick: Option<String>,
    },
    /// What follows happens ahead of the clock that a daemon runs by: a rehearsal.
    #[serde(rename = "clock.rehearsed")]
    ClockRehearsed {
        /// What the machine's clock said.
        clock: String,
    },
    /// What was given up for a cause is tried again.
    #[serde(rename = "errands.retried")]
    ErrandsRetried {
        /// The cause named; it stands for those below it.
        cause: String,
        /// Errands that found nobody.
        errands: i64,
        /// Messages that did not arrive.
        notices: i64,
    },
    /// Derived tables were worked out anew from the record.
    #[serde(rename = "tables.repaired")]
    Repaired {
        /// Each table in which something was put right, with the rows.
        tables: Vec<(String, i64)>,
    },
    /// The database was put back from a backup: what was done after that was made is not in it.
    #[serde(rename = "database.restored")]
    Restored {
        /// Digest of the backup's database.
        backup: String,
        /// The epoch that began.
        epoch: i64,
        /// When the backup was made.
        made_at: String,
        /// Up to which running number orders of this chain's home may have been opened; 0 where it has none.
        orders: i64,
        /// Series that go on behind numbers that may have been given; only in the bureau's own chain.
        series: Vec<PassedSeries>,
    },
    /// Something was laid down about officers.
    #[serde(skip)]
    People(PeopleAct),
    /// Something was done with documents or blanks.
    #[serde(skip)]
    Document(DocumentBody),
}

/// The numbers of a series that a restore passed over, because they may have been given.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde_tuple::Serialize_tuple, serde_tuple::Deserialize_tuple,
)]
pub struct PassedSeries {
    pub prefix: String,
    pub organ: String,
    pub year: i32,
    /// The newest number in the backup; 0 where it does not know the series.
    pub last: i64,
    /// The newest that may have been given.
    pub to: i64,
}

/// Tables, the rows a home has in each, and the sum of their digests.
pub type TableSums = Vec<(String, i64, String)>;

/// The kind of an act on an order.
const ACTED: &str = "order.acted";

/// A body that is not of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotABody;

/// The name of a kind and the text of a body of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyText {
    /// The stable name of the kind, such as `orders.opened`.
    pub kind: String,
    /// Canonical JSON.
    pub text: String,
}

impl Body {
    /// Writes the body.
    pub fn text(&self) -> BodyText {
        // As serde tells variants apart: `{"kind":body}`.
        let tagged = match self {
            Self::People(act) => canonical(act),
            Self::Document(document) => canonical(document),
            other => canonical(other),
        };
        let quote = 2 + tagged[2..].find('"').expect("the kind is quoted");
        BodyText { kind: tagged[2..quote].to_owned(), text: tagged[quote + 2..tagged.len() - 1].to_owned() }
    }
}

impl Entry {
    /// Reads the sums that an act on an order says of tables, and nothing else of it; none for an entry of
    /// another kind.
    ///
    /// # Errors
    /// [`NotABody`] when its text is no JSON, or says something else there.
    pub fn acted_sums(&self) -> Result<Option<TableSums>, NotABody> {
        #[derive(Deserialize)]
        struct ActedSums {
            #[serde(default)]
            now: TableSums,
        }
        if self.kind != ACTED {
            return Ok(None);
        }
        serde_json::from_str(&self.body).map(|ActedSums { now }| Some(now)).map_err(|_| NotABody)
    }

    /// Reads what the entry says.
    ///
    /// # Errors
    /// [`NotABody`] when its text does not have the shape of its kind.
    pub fn read(&self) -> Result<Body, NotABody> {
        fn read<T: DeserializeOwned>(Entry { kind, body, .. }: &Entry) -> Result<T, NotABody> {
            serde_json::from_str(&format!("{{\"{kind}\":{body}}}")).map_err(|_| NotABody)
        }
        if self.kind.starts_with("document.") {
            return read(self).map(Body::Document);
        }
        if self.kind.starts_with("people.") {
            return read(self).map(Body::People);
        }
        let mut body = read(self)?;
        // An order's home is the chain it stands in, and not said again.
        match &mut body {
            Body::OrdersOpened(BatchOpening { orders, .. }) => {
                for order in orders {
                    order.header.id.home.clone_from(&self.chain);
                }
            }
            Body::OrderOpened(opening) => opening.order.header.id.home.clone_from(&self.chain),
            _ => {}
        }
        Ok(body)
    }
}
