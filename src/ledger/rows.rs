//! The rows of entries: what a batch says of each order, term or subject.

use serde_json::Value;

use super::Json;
use crate::engine::{OrderHeader, OrderOrigin};
use crate::id::{OrderId, TriggerId};
use crate::policy::SubjectKind;
use crate::time::{Day, Stamp};

/// What the engine said of an event, for the history and for a replay.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct OutcomeRecord {
    /// Who was chosen for what, as JSON; empty when nobody was.
    pub choices: String,
    /// The lines of the history, as JSON.
    pub said: String,
}

/// One subject's new appraisal.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// One candidate that did not become an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedCandidate {
    pub subject: String,
    /// Its nominal due date.
    pub nominal: String,
    pub reason: String,
}

/// One term that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermMove {
    /// Id of the order.
    pub order: String,
    /// `window` for the end of the order's window, `step` for that of its step, `provisional` for
    /// whether they rest on an unpublished year.
    pub what: String,
    /// End before.
    pub from: String,
    /// End now.
    pub to: String,
}

/// Writes what an order was opened as by another one.
pub(super) fn opened_by_order<'a>(
    common: &'a OpenedCommon,
    order: &'a OpenedOrder,
    parent: Option<&'a str>,
    told: &'a OutcomeRecord,
) -> Json<'a> {
    common.json([
        ("row", order.json()),
        ("parent", Json::maybe(parent)),
        ("choices", Json::text(&told.choices)),
        ("said", Json::text(&told.said)),
    ])
}

/// Writes what happened to an order.
pub(super) fn acted<'a>(
    (order, version): (i64, i64),
    event: &'a str,
    told: &'a OutcomeRecord,
    policy: Option<&'a str>,
    now: &'a [(String, i64, String)],
) -> Json<'a> {
    let now = now
        .iter()
        .map(|(table, rows, sum)| Json::List(vec![Json::text(table), Json::Int(*rows), Json::text(sum)]));
    Json::map([
        ("order", Json::Int(order)),
        ("version", Json::Int(version)),
        ("event", Json::text(event)),
        ("choices", Json::text(&told.choices)),
        ("said", Json::text(&told.said)),
        ("policy", Json::maybe(policy)),
        ("now", Json::List(now.collect())),
    ])
}

/// Writes what was handed in for an order that had moved on.
pub(super) fn late((order, visit): (i64, i64), [key, step, reason, event]: [&str; 4]) -> Json<'_> {
    Json::map([
        ("order", Json::Int(order)),
        ("key", Json::text(key)),
        ("step", Json::text(step)),
        ("visit", Json::Int(visit)),
        ("reason", Json::text(reason)),
        ("event", Json::text(event)),
    ])
}

pub(super) fn sum(row: &Value) -> Option<(String, i64, String)> {
    Some((row[0].as_str()?.to_owned(), row[1].as_i64()?, row[2].as_str()?.to_owned()))
}

impl AppraisalChange {
    pub(super) fn json(&self) -> Json<'_> {
        Json::List(vec![
            Json::text(&self.subject),
            Json::maybe(self.from.as_deref()),
            Json::maybe(self.to.as_deref()),
            Json::maybe(self.decision.as_deref()),
            Json::maybe(self.raised.as_deref()),
        ])
    }

    pub(super) fn read(row: &Value) -> Option<Self> {
        let maybe = |at: usize| row[at].as_str().map(str::to_owned);
        Some(Self { subject: maybe(0)?, from: maybe(1), to: maybe(2), decision: maybe(3), raised: maybe(4) })
    }
}

impl FiredTerm {
    pub(super) fn json(&self) -> Json<'_> {
        Json::List(vec![
            Json::Int(self.seq),
            Json::text(&self.step),
            Json::Int(self.visit),
            Json::text(&self.kind),
            Json::Int(self.level),
            places(&self.choices),
        ])
    }

    pub(super) fn read(row: &Value) -> Option<Self> {
        let text = |at: usize| row[at].as_str().map(str::to_owned);
        let int = |at: usize| row[at].as_i64();
        let (step, kind) = (text(1)?, text(3)?);
        let choices = read_places(&row[5])?;
        Some(Self { seq: int(0)?, step, visit: int(2)?, kind, level: int(4)?, choices })
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
        }
    }

    /// Writes it beside what else the entry says.
    pub(super) fn json<'a, const N: usize>(&'a self, rest: [(&'a str, Json<'a>); N]) -> Json<'a> {
        let common = [
            ("workflow", Json::text(&self.trigger.workflow)),
            ("trigger", Json::text(&self.trigger.trigger)),
            ("subject_kind", Json::text(self.subject_kind.into_str())),
            ("issued_at", Json::text(self.issued_at.to_string())),
            ("policy", Json::text(&self.policy)),
            ("step", Json::text(&self.step)),
        ];
        Json::Map(common.into_iter().chain(rest).collect())
    }

    pub(super) fn read(body: &Value) -> Option<Self> {
        let text = |key: &str| body.get(key)?.as_str();
        Some(Self {
            trigger: TriggerId { workflow: text("workflow")?, trigger: text("trigger")? }.to_owned(),
            subject_kind: text("subject_kind")?.parse().ok()?,
            issued_at: text("issued_at")?.parse().ok()?,
            policy: text("policy")?.to_owned(),
            step: text("step")?.to_owned(),
        })
    }
}

impl OpenedOrder {
    pub(super) fn json(&self) -> Json<'_> {
        let Self { header, origin, step_due, choices } = self;
        Json::List(vec![
            Json::Int(header.id.seq),
            Json::text(&header.number),
            Json::text(&header.subject),
            Json::text(&origin.nominal),
            Json::text(&header.station),
            Json::maybe(header.grid.as_deref()),
            Json::maybe(origin.officer.as_deref()),
            Json::text(header.scheduled_for.to_string()),
            Json::text(header.due_on.to_string()),
            Json::Flag(origin.is_provisional),
            Json::maybe(header.tier.as_deref()),
            Json::maybe(origin.score.as_deref()),
            Json::maybe(origin.decision.as_deref()),
            step_due.map_or(Json::Null, |due| Json::text(due.to_string())),
            places(choices),
        ])
    }

    /// Reads one row of a batch in the chain of its home.
    pub(super) fn read(home: &str, common: &OpenedCommon, row: &Value) -> Option<Self> {
        let maybe = |at: usize| row[at].as_str().map(str::to_owned);
        let day = |at: usize| row[at].as_str()?.parse::<Day>().ok();
        let TriggerId { workflow, trigger } = common.trigger.clone();
        let header = OrderHeader {
            id: OrderId { home: home.to_owned(), seq: row[0].as_i64()? },
            number: maybe(1)?,
            workflow,
            subject_kind: common.subject_kind,
            subject: maybe(2)?,
            station: maybe(4)?,
            grid: maybe(5),
            tier: maybe(10),
            scheduled_for: day(7)?,
            issued_at: common.issued_at,
            due_on: day(8)?,
        };
        let origin = OrderOrigin {
            trigger,
            nominal: maybe(3)?,
            policy: common.policy.clone(),
            officer: maybe(6),
            score: maybe(11),
            decision: maybe(12),
            is_provisional: row[9].as_bool()?,
        };
        let step_due = if row[13].is_null() { None } else { Some(day(13)?) };
        Some(Self { header, origin, step_due, choices: read_places(&row[14])? })
    }
}

pub(super) fn places(choices: &[i64]) -> Json<'static> {
    Json::List(choices.iter().map(|at| Json::Int(*at)).collect())
}

pub(super) fn read_places(value: &Value) -> Option<Vec<i64>> {
    value.as_array()?.iter().map(Value::as_i64).collect()
}
