//! What is handed in for an order that has moved on: kept and shown to whoever has it now.

use serde_json::{Value, json};

use crate::digest::Digest;
use crate::engine::{Act, Addressee, Doing, Event, Order, OrderHeader, OutboxMessage, Refusal, RefusalCode};
use crate::ledger::Body;
use crate::office::Answer;
use crate::office::desk::request::ActRequest;
use crate::policy::{Policy, Role, Scope, Step, StepKind, Workflow};
use crate::store::outbox::{self, OutboxKey};
use crate::store::submissions::Submission;
use crate::store::{Tx, ledger, submissions};
use crate::time::Stamp;

/// One late submission, and who is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LateSubmission {
    submission: Submission,
    /// What the row holds that keeps the answer under its sender's key, where he gave one.
    pub(crate) answered: Option<String>,
    version: i64,
    addressees: Vec<Addressee>,
    told: String,
}

/// The order that something late meets.
#[derive(Clone, Copy)]
pub(crate) struct CurrentOrder<'a> {
    pub(crate) order: &'a Order,
    pub(crate) version: i64,
    /// The policy in force, which names the heads of its station.
    pub(crate) policy: &'a Policy,
    /// When what was handed in came: as it says, but not before what is known to have happened.
    pub(crate) received: Stamp,
}

/// Messages of late submissions are numbered from here, apart from those of the order's own version.
const FIRST_ORDINAL: i64 = 10_000;
/// Most people told of one submission.
const TOLD_MAX: i64 = 100;
/// What such a message is.
pub(crate) const KIND: &str = "late submission";

/// Returns what a refused completion is, when it carries a form and its step is over: work that was
/// done, and must not be lost.
///
/// # Source
/// Policy language, rule 18: what was done is never dropped because somebody was first.
pub(crate) fn of(matter: &ActRequest, refusal: &Refusal, met: CurrentOrder<'_>) -> Option<LateSubmission> {
    let CurrentOrder { order, version, policy, received } = met;
    let Event::Act(Act { by, step, visit, doing: Doing::Complete { answer: Some(_), .. }, .. }) =
        &matter.event
    else {
        return None;
    };
    let over = |step: &str| {
        let is_here = |place: &crate::engine::ActiveStep| {
            place.step == *step && visit.is_none_or(|visit| visit == place.visit)
        };
        !order.state.places().iter().any(is_here) && order.record.steps.contains_key(step)
    };
    let is_late = refusal.is(RefusalCode::Ended) || step.as_deref().is_some_and(over);
    if !is_late {
        return None;
    }
    let body = serde_json::to_string(&matter.event).expect("keys of an event are texts");
    let key = matter.key.clone().unwrap_or_else(|| Digest::of(body.as_bytes()).to_string());
    let workflow = policy.workflow(&order.cover.workflow);
    let meant = step.as_deref().or_else(|| last_with_form(order, workflow?));
    let title = meant.and_then(|step| Some(&workflow?.step(step)?.title));
    let told = json!({"step": step, "step_title": title, "by": by, "order": order.cover.number}).to_string();
    let submission = Submission {
        order: matter.order.clone(),
        key,
        step: meant.unwrap_or_default().to_owned(),
        visit: visit.map_or(0, i64::from),
        actor: by.clone(),
        at: received,
        written: (matter.at != received).then_some(matter.at),
        reason: refusal.id.to_owned(),
        body,
    };
    Some(LateSubmission { submission, answered: None, version, addressees: holders(order, policy), told })
}

/// Returns the step that a form is meant for which names none: the last that has one and was done, else the first that
/// has one.
fn last_with_form<'a>(order: &Order, workflow: &'a Workflow) -> Option<&'a str> {
    let with_form = |step: &&Step| matches!(&step.kind, StepKind::Duty { form: Some(_), .. });
    let steps = || workflow.steps.iter().filter(with_form);
    let done = steps().filter_map(|step| Some((order.passed(&step.id)?.at, step)));
    let last = done.max_by_key(|(at, _)| *at).map(|(_, step)| step);
    last.or_else(|| steps().next()).map(|step| step.id.as_str())
}

impl LateSubmission {
    /// Returns who is told of it, officers by name and roles by title.
    pub(crate) fn told(&self, named: impl Fn(&str) -> String, policy: &Policy) -> Vec<String> {
        let shown = |addressee: &Addressee| match addressee {
            Addressee::Officer(id) => named(id),
            Addressee::Role { role, .. } => {
                let known = policy.roles.iter().find(|known| known.id == *role);
                known.map_or(role.as_str(), |known| known.shown(policy.bureau.language)).to_owned()
            }
            Addressee::Grid(id) | Addressee::Duty { duty: id, .. } | Addressee::Station(id) => id.clone(),
        };
        self.addressees.iter().map(shown).collect()
    }
}

/// Says whether a message tells of what was handed in, as its entry has it. What the step was called stands in
/// the policy of that day and is not asked.
pub(crate) fn tells_of(message: &str, event: &str, cover: &OrderHeader) -> bool {
    let said: Option<Value> = serde_json::from_str(message).ok();
    let (Some(said), Ok(Event::Act(Act { by, step, .. }))) = (said, serde_json::from_str(event)) else {
        return false;
    };
    let order = said.get("order").and_then(Value::as_str);
    said.get("by").and_then(Value::as_str) == Some(&by)
        && said.get("step").and_then(Value::as_str) == step.as_deref()
        && order.is_some_and(|order| order == cover.number || order == cover.id.to_string())
}

/// Returns which of an order's late submissions a message tells of, by its place among the messages.
pub(crate) fn nth_of(ordinal: i64) -> Option<usize> {
    usize::try_from(ordinal.checked_sub(FIRST_ORDINAL)? / TOLD_MAX).ok()
}

/// Who has the order now: its people, else the heads of its station.
fn holders(order: &Order, policy: &Policy) -> Vec<Addressee> {
    let duties = order.state.places().iter().filter_map(crate::engine::ActiveStep::duty);
    let mut people: Vec<Addressee> =
        duties.flat_map(|duty| &duty.assignees).cloned().map(Addressee::Officer).collect();
    if people.is_empty() {
        let is_head = |role: &&Role| role.head.is_some() && role.scope != Scope::Bureau;
        let head = policy.roles.iter().find(is_head);
        people.extend(head.map(|role| Addressee::of_role(role, &order.cover.station)));
    }
    people.sort_unstable();
    people.dedup();
    people
}

/// Keeps late submissions, each with its entry and its messages; one that is kept already is not told
/// again.
pub(crate) async fn keep(tx: &mut Tx, late: &[LateSubmission]) -> Answer<()> {
    for late in late {
        let Submission { order, key, step, visit, actor, at, written, reason, body } = &late.submission;
        let held = submissions::count(tx, order).await?;
        if submissions::add_many(tx, std::slice::from_ref(&late.submission)).await? == 0 {
            continue;
        }
        let first = FIRST_ORDINAL + held * TOLD_MAX;
        let message = |addressee: &Addressee| OutboxMessage {
            kind: KIND.to_owned(),
            addressee: addressee.to_string(),
            body: late.told.clone(),
        };
        let messages: Vec<OutboxMessage> = late.addressees.iter().map(message).collect();
        let epoch = tx.epoch().number;
        let rows = (first..first + TOLD_MAX).zip(&messages).map(|(ordinal, message)| {
            let order = order.clone();
            (OutboxKey { order, version: late.version, ordinal, epoch }, message, *at)
        });
        outbox::add_each(tx, &rows.collect::<Vec<_>>()).await?;
        let entry = Body::SubmittedLate {
            answered: late.answered.clone(),
            order: order.seq,
            key: key.clone(),
            step: step.clone(),
            visit: *visit,
            reason: reason.clone(),
            event: body.clone(),
            written: written.map(|at| at.to_string()),
        };
        let (chain, about, actor) = (order.home.as_str(), Some(order.seq), actor.as_str());
        ledger::append_lines(tx, &[ledger::NewEntry { chain, about, actor, body: &entry, at: *at }]).await?;
    }
    Ok(())
}
