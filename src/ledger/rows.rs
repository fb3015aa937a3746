//! The rows of entries: what a batch says of each order, term or subject, as compact lists.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::Choices;
use super::nested::{nested, nested_or_none};
use super::said::{read_history, write_choices, write_history};
use crate::engine::{HistoryEntry, OrderHeader, OrderOrigin, Parent, StaffChoice};
use crate::id::{OrderId, TriggerId};
use crate::policy::SubjectKind;
use crate::time::{Day, Stamp};

/// One day on which a proposed policy was judged beside the one in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShadowDay {
    pub on: Day,
    /// Subjects that were judged: all that are not closed.
    pub judged: u64,
    /// How many would have had a tier other than they have.
    pub tiers: Vec<ShadowTiers>,
    /// How many would have had the same tier and another score.
    pub scores: u64,
    /// How many the proposal alone cannot decide.
    pub undecided: u64,
    /// The first of those who would have another tier or none.
    pub subjects: Vec<ShadowSubject>,
}

/// How many subjects would go from one tier to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShadowTiers {
    /// None where the policy in force cannot decide.
    pub from: Option<String>,
    pub to: Option<String>,
    pub count: u64,
}

/// A subject of whom a proposal thinks otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShadowSubject {
    pub subject: String,
    pub station: String,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// One subject's new appraisal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct AppraisalChange {
    pub subject: String,
    /// Tier before; none on first appraisal.
    pub from: Option<String>,
    /// Tier now; none when it could not be decided.
    pub to: Option<String>,
    /// What decided.
    pub decision: Option<String>,
    /// New due date, where the change raised it.
    pub raised: Option<String>,
}

/// One candidate that did not become an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct SkippedCandidate {
    pub subject: String,
    /// Its nominal due date.
    pub nominal: String,
    pub reason: String,
}

/// One term that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct FiredTerm {
    /// Running number of the order.
    pub seq: i64,
    pub step: String,
    /// Visit of the step.
    pub visit: i64,
    /// `due`, `overdue`, `window`, `wait`, `clock` or `alarm`.
    pub kind: String,
    /// Escalation level.
    pub level: i64,
    /// The choices of people it led to, by their places in the entry's list.
    pub choices: Vec<i64>,
}

/// One date of an order that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct TermMove {
    /// Id of the order.
    pub order: String,
    /// `window` for the end of the order's window, `step` for that of its step, `wait` for that of what it waits for,
    /// `term` for one of several terms of its step, `provisional` for whether they rest on an unpublished year.
    pub what: String,
    /// End before.
    pub from: String,
    /// End now.
    pub to: String,
}

/// What orders of one batch share; each of them says it, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedCommon {
    /// What opened them.
    pub trigger: TriggerId,
    pub subject_kind: SubjectKind,
    /// When they were issued.
    pub issued_at: Stamp,
    /// Digest of the policy.
    pub policy: String,
    /// First step.
    pub step: String,
    /// Why a person wanted what was opened by hand.
    pub reason: Option<String>,
}

/// One order that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedOrder {
    /// What it is.
    pub header: OrderHeader,
    /// How it came to be.
    pub origin: OrderOrigin,
    /// Day the first step is due.
    pub step_due: Option<Day>,
    /// Its choices of people, by their places in the entry's list.
    pub choices: Vec<i64>,
}

/// Orders that were opened together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchOpening {
    pub common: OpenedCommon,
    pub orders: Vec<OpenedOrder>,
    /// Who was chosen for what, each choice once.
    pub choices: Choices,
}

/// An order that another one opened, or an act.
#[derive(Clone, Debug, PartialEq)]
pub struct SingleOpening {
    /// What a batch would share.
    pub common: OpenedCommon,
    pub order: OpenedOrder,
    /// The order that opened it and where in it; none when nobody waits for it.
    pub parent: Option<Parent>,
    /// Who was chosen for what.
    pub choices: Vec<StaffChoice>,
    /// The lines of the history.
    pub said: Vec<HistoryEntry>,
}

/// A batch as it is written; the text is borrowed to be written and owned when it was read.
#[derive(Serialize, Deserialize)]
struct BatchText<'a, T, C> {
    choices: C,
    issued_at: Stamp,
    policy: T,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    reason: Option<T>,
    #[serde(borrow)]
    rows: Vec<OrderRow<'a>>,
    step: T,
    subject_kind: SubjectKind,
    trigger: T,
    workflow: T,
}

/// The opening of one order as it is written.
#[derive(Serialize, Deserialize)]
struct OrderText<'a, T> {
    #[serde(
        default,
        deserialize_with = "nested",
        serialize_with = "write_choices",
        skip_serializing_if = "Vec::is_empty"
    )]
    choices: Vec<StaffChoice>,
    issued_at: Stamp,
    #[serde(default, deserialize_with = "nested_or_none", skip_serializing_if = "Option::is_none")]
    parent: Option<Parent>,
    policy: T,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    reason: Option<T>,
    #[serde(borrow)]
    row: OrderRow<'a>,
    #[serde(deserialize_with = "read_history", serialize_with = "write_history")]
    said: Vec<HistoryEntry>,
    step: T,
    subject_kind: SubjectKind,
    trigger: T,
    workflow: T,
}

/// What an order is beside what it shares.
#[derive(Serialize_tuple, Deserialize_tuple)]
struct OrderRow<'a> {
    seq: i64,
    number: Cow<'a, str>,
    subject: Cow<'a, str>,
    nominal: Cow<'a, str>,
    station: Cow<'a, str>,
    grid: Option<Cow<'a, str>>,
    officer: Option<Cow<'a, str>>,
    scheduled_for: Day,
    due_on: Day,
    is_provisional: bool,
    tier: Option<Cow<'a, str>>,
    score: Option<Cow<'a, str>>,
    decision: Option<Cow<'a, str>>,
    step_due: Option<Day>,
    choices: Vec<i64>,
}

impl Serialize for BatchOpening {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { common, orders, choices } = self;
        let OpenedCommon { trigger, subject_kind, issued_at, policy, step, reason } = common;
        BatchText {
            choices,
            issued_at: *issued_at,
            policy: policy.as_str(),
            reason: reason.as_deref(),
            rows: orders.iter().map(OpenedOrder::row).collect(),
            step,
            subject_kind: *subject_kind,
            trigger: &trigger.trigger,
            workflow: &trigger.workflow,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for BatchOpening {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let BatchText { choices, issued_at, policy, reason, rows, step, subject_kind, trigger, workflow } =
            BatchText::<String, Choices>::deserialize(deserializer)?;
        let trigger = TriggerId { trigger, workflow };
        let common = OpenedCommon { trigger, subject_kind, issued_at, policy, step, reason };
        let orders = rows.into_iter().map(|row| row.order(&common)).collect();
        Ok(Self { common, orders, choices })
    }
}

impl Serialize for SingleOpening {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let OpenedCommon { trigger, subject_kind, issued_at, policy, step, reason } = &self.common;
        OrderText {
            choices: self.choices.clone(),
            issued_at: *issued_at,
            parent: self.parent.clone(),
            policy,
            reason: reason.as_ref(),
            row: self.order.row(),
            said: self.said.clone(),
            step,
            subject_kind: *subject_kind,
            trigger: &trigger.trigger,
            workflow: &trigger.workflow,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SingleOpening {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = OrderText::<String>::deserialize(deserializer)?;
        let OrderText { choices, issued_at, parent, policy, reason, row, said, step, subject_kind, .. } =
            text;
        let trigger = TriggerId { workflow: text.workflow, trigger: text.trigger };
        let common = OpenedCommon { trigger, subject_kind, issued_at, policy, step, reason };
        Ok(Self { order: row.order(&common), common, parent, choices, said })
    }
}

impl OpenedCommon {
    /// Says what an order shares with those opened beside it.
    pub fn of(header: &OrderHeader, origin: &OrderOrigin, step: &str) -> Self {
        Self {
            trigger: TriggerId { workflow: header.workflow.clone(), trigger: origin.trigger.clone() },
            subject_kind: header.subject_kind,
            issued_at: header.issued_at,
            policy: origin.policy.clone(),
            step: step.to_owned(),
            reason: origin.reason.clone(),
        }
    }
}

impl OpenedOrder {
    fn row(&self) -> OrderRow<'_> {
        let Self { header, origin, step_due, choices } = self;
        OrderRow {
            seq: header.id.seq,
            number: Cow::Borrowed(&header.number),
            subject: Cow::Borrowed(&header.subject),
            nominal: Cow::Borrowed(&origin.nominal),
            station: Cow::Borrowed(&header.station),
            grid: header.grid.as_deref().map(Cow::Borrowed),
            officer: origin.officer.as_deref().map(Cow::Borrowed),
            scheduled_for: header.scheduled_for,
            due_on: header.due_on,
            is_provisional: origin.is_provisional,
            tier: header.tier.as_deref().map(Cow::Borrowed),
            score: origin.score.as_deref().map(Cow::Borrowed),
            decision: origin.decision.as_deref().map(Cow::Borrowed),
            step_due: *step_due,
            choices: choices.clone(),
        }
    }
}

impl OrderRow<'_> {
    /// Makes the order of it; its home is not known yet.
    fn order(self, common: &OpenedCommon) -> OpenedOrder {
        let TriggerId { workflow, trigger } = common.trigger.clone();
        let header = OrderHeader {
            id: OrderId { home: String::new(), seq: self.seq },
            number: self.number.into_owned(),
            workflow,
            subject_kind: common.subject_kind,
            subject: self.subject.into_owned(),
            station: self.station.into_owned(),
            grid: self.grid.map(Cow::into_owned),
            tier: self.tier.map(Cow::into_owned),
            scheduled_for: self.scheduled_for,
            issued_at: common.issued_at,
            due_on: self.due_on,
        };
        let origin = OrderOrigin {
            trigger,
            nominal: self.nominal.into_owned(),
            policy: common.policy.clone(),
            officer: self.officer.map(Cow::into_owned),
            score: self.score.map(Cow::into_owned),
            decision: self.decision.map(Cow::into_owned),
            is_provisional: self.is_provisional,
            reason: common.reason.clone(),
        };
        OpenedOrder { header, origin, step_due: self.step_due, choices: self.choices }
    }
}
