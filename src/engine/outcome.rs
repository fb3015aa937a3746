//! What an event brings about.

use serde::{Deserialize, Serialize};

use super::history::{HistoryEntry, HistoryEvent};
use super::officer_ids::OfficerIds;
use super::order::{ActiveStep, Burden, Order};
use super::term::TermRow;
use crate::people::DutyMove;
use crate::policy::{ActionEffect, DocumentAt, SubjectKind};
use crate::time::Day;

/// What an event brings about.
///
/// The parts have three fates: the order, its terms and the effects are written in the
/// transaction, those in the outbox are told after it, at least once; `said` goes into the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The order after.
    pub next: Order,
    /// Visits that were left or whose terms are set anew: what of theirs has not fired is taken back.
    pub left: Vec<(String, u32)>,
    /// Terms that begin.
    pub terms: Vec<TermRow>,
    /// What is done in the same transaction.
    pub effects: Vec<Effect>,
    /// What must be told or sent; the position in the list is part of the receiver's key.
    pub outbox: Vec<OutboxMessage>,
    /// Who was chosen for what, for the record and for a replay.
    pub choices: Vec<StaffChoice>,
    /// What the history says, in order.
    pub history: Vec<HistoryEntry>,
    /// What completing a duty here did beside leading on; without an action to choose, it approves.
    pub completion: Option<ActionEffect>,
}

impl Outcome {
    /// Returns the step at which the order is shown from here on, and its visit: the first it stands at, else
    /// the one it ended at, else the one it stood at before.
    pub fn shown<'a>(&'a self, before: &'a Order) -> Option<(&'a str, u32)> {
        let at = |place: &'a ActiveStep| (place.step.as_str(), place.visit);
        let ended = || {
            let is_end = |entry: &&HistoryEntry| matches!(entry.event, HistoryEvent::Ended {});
            let ended = self.history.iter().rev().find(is_end)?;
            let step = ended.step.as_deref()?;
            Some((step, self.next.record.steps.get(step).map_or(1, |record| record.visits)))
        };
        self.next.first_place().map(at).or_else(ended).or_else(|| before.first_place().map(at))
    }
}

/// Something done in the same transaction.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// An order of another workflow is opened.
    Open(Child),
    /// The visit was an inspection.
    Inspection {
        on: Day,
        /// One of the policy's kinds; none in texts of the first version.
        kind: Option<String>,
        /// How many problems of each level, worst first.
        problems: Vec<(String, i64)>,
    },
    /// A document is made.
    Document {
        kind: String,
        /// Step that makes it.
        step: String,
        visit: u32,
        /// On entering or on completing.
        at: DocumentAt,
    },
    /// An attribute of the subject is set.
    Set {
        /// Id of the attribute.
        attribute: String,
        /// The value as written.
        value: String,
    },
}

/// An order that another one opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// Id of its workflow.
    pub workflow: String,
    /// What kind of thing it is for.
    pub subject_kind: SubjectKind,
    /// Id of what it is for.
    pub subject: String,
    /// The step that opens it.
    pub step: String,
    pub visit: u32,
    /// Which of the visit's terms opens it, from 0.
    pub term: u32,
    /// Whether the step waits for its end.
    pub awaited: bool,
    /// Last day of its window, where a statutory clock gives one.
    pub due_on: Option<Day>,
}

/// How an order is opened by a step of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChildOpening {
    /// The step waits for its end.
    Awaited,
    /// Nobody waits for it.
    Beside,
    /// A level of one of the step's terms opens it, from 0; nobody waits for it.
    Term(u32),
}

/// What somebody is told after the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxMessage {
    /// One of [`crate::policy::NOTICE_KINDS`], with blanks for hyphens.
    pub kind: String,
    /// Text of an [`super::Addressee`].
    pub addressee: String,
    /// What it is about, as JSON.
    pub body: String,
}

/// Who was chosen for one visit of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffChoice {
    pub step: String,
    pub visit: u32,
    /// Who has it.
    pub officers: Vec<String>,
    /// Who could have had it.
    #[serde(default, skip_serializing_if = "OfficerIds::is_empty")]
    pub candidates: OfficerIds,
    /// Who could not, and the id of the reason's text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<(String, String)>,
    /// Fewer were found than are needed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_short: bool,
    /// From whom it went to whom, where somebody had it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<DutyMove>,
    /// What they have of it.
    #[serde(default, skip_serializing_if = "ChoicePart::is_duty")]
    pub part: ChoicePart,
}

/// What somebody was chosen for at a visit of a step. Its names stand in records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChoicePart {
    /// The duty.
    #[default]
    Duty,
    /// A signature that was asked for.
    Signature,
    /// To confirm what another did in his name, too.
    Confirmation,
}

impl ChoicePart {
    /// Returns whether it is the duty itself.
    pub fn is_duty(&self) -> bool {
        *self == Self::Duty
    }
}

impl StaffChoice {
    /// Returns the choice as one who follows it takes it: without those who were not chosen.
    pub(super) fn followed(&self) -> Self {
        let Self { step, visit, officers, candidates: _, excluded: _, is_short, moves, part } = self;
        Self {
            officers: officers.clone(),
            is_short: *is_short,
            moves: moves.clone(),
            part: *part,
            ..Self::of(step, *visit)
        }
    }

    /// Makes the choice of nobody for the duty of a visit.
    pub(super) fn of(step: &str, visit: u32) -> Self {
        Self {
            step: step.to_owned(),
            visit,
            officers: Vec::new(),
            candidates: OfficerIds::default(),
            excluded: Vec::new(),
            is_short: false,
            moves: Vec::new(),
            part: ChoicePart::Duty,
        }
    }

    /// Returns whether it gives somebody's part to another.
    pub(super) fn moves_from(&self, part: ChoicePart, burden: Burden<'_>) -> bool {
        self.part == part
            && self.step == burden.step
            && self.visit == burden.visit
            && self.moves.first().is_some_and(|moved| moved.from == burden.officer)
    }
}
