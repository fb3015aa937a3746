//! The rows of entries: what a batch says of each order, term or subject.

use serde_json::Value;

use super::Json;

/// What the engine said of an event, for the history and for a replay.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Told {
    /// Who was chosen for what, as JSON; empty when nobody was.
    pub choices: String,
    /// The lines of the history, as JSON.
    pub said: String,
}

/// One subject's new appraisal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppraisalChange {
    /// The subject.
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

/// What orders of one batch share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedCommon {
    /// Workflow.
    pub workflow: String,
    /// Trigger.
    pub trigger: String,
    /// Kind of what they are for.
    pub subject_kind: String,
    /// When they were issued.
    pub issued_at: String,
    /// Digest of the policy.
    pub policy: String,
    /// First step.
    pub step: String,
}

/// One opened order: with [`OpenedCommon`] enough to make its row again.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct OpenedOrder {
    /// Running number of the home station.
    pub seq: i64,
    /// Number people see.
    pub number: String,
    /// What it is for.
    pub subject: String,
    /// Nominal due date or instant.
    pub nominal: String,
    /// Station.
    pub station: String,
    /// Grid.
    pub grid: Option<String>,
    /// The grid's main officer.
    pub officer: Option<String>,
    /// Issue date.
    pub scheduled_for: String,
    /// End of the window.
    pub due_on: String,
    /// Whether a date lies in an unpublished year.
    pub is_provisional: bool,
    /// Tier frozen on it.
    pub tier: Option<String>,
    /// Score frozen on it.
    pub score: Option<String>,
    /// What decided.
    pub decision: Option<String>,
    /// Day the first step is due.
    pub step_due: Option<String>,
    /// Its choices of people, by their places in the entry's list.
    pub choices: Vec<i64>,
}

/// One candidate that did not become an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The subject.
    pub subject: String,
    /// Its nominal due date.
    pub nominal: String,
    /// Why.
    pub reason: String,
}

/// One term that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiredTerm {
    /// Running number of the order.
    pub seq: i64,
    /// Step.
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
    told: &'a Told,
) -> Json<'a> {
    Json::map([
        ("workflow", Json::text(&common.workflow)),
        ("trigger", Json::text(&common.trigger)),
        ("subject_kind", Json::text(&common.subject_kind)),
        ("issued_at", Json::text(&common.issued_at)),
        ("policy", Json::text(&common.policy)),
        ("step", Json::text(&common.step)),
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
    told: &'a Told,
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

/// Reads what orders of one batch share.
pub(super) fn common(body: &Value) -> Option<OpenedCommon> {
    let text = |key: &str| body.get(key)?.as_str().map(str::to_owned);
    Some(OpenedCommon {
        workflow: text("workflow")?,
        trigger: text("trigger")?,
        subject_kind: text("subject_kind")?,
        issued_at: text("issued_at")?,
        policy: text("policy")?,
        step: text("step")?,
    })
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

impl OpenedOrder {
    pub(super) fn json(&self) -> Json<'_> {
        Json::List(vec![
            Json::Int(self.seq),
            Json::text(&self.number),
            Json::text(&self.subject),
            Json::text(&self.nominal),
            Json::text(&self.station),
            Json::maybe(self.grid.as_deref()),
            Json::maybe(self.officer.as_deref()),
            Json::text(&self.scheduled_for),
            Json::text(&self.due_on),
            Json::Flag(self.is_provisional),
            Json::maybe(self.tier.as_deref()),
            Json::maybe(self.score.as_deref()),
            Json::maybe(self.decision.as_deref()),
            Json::maybe(self.step_due.as_deref()),
            places(&self.choices),
        ])
    }

    pub(super) fn read(row: &Value) -> Option<Self> {
        let maybe = |at: usize| row[at].as_str().map(str::to_owned);
        Some(Self {
            seq: row[0].as_i64()?,
            number: maybe(1)?,
            subject: maybe(2)?,
            nominal: maybe(3)?,
            station: maybe(4)?,
            grid: maybe(5),
            officer: maybe(6),
            scheduled_for: maybe(7)?,
            due_on: maybe(8)?,
            is_provisional: row[9].as_bool()?,
            tier: maybe(10),
            score: maybe(11),
            decision: maybe(12),
            step_due: maybe(13),
            choices: read_places(&row[14])?,
        })
    }
}

pub(super) fn places(choices: &[i64]) -> Json<'static> {
    Json::List(choices.iter().map(|at| Json::Int(*at)).collect())
}

pub(super) fn read_places(value: &Value) -> Option<Vec<i64>> {
    value.as_array()?.iter().map(Value::as_i64).collect()
}
