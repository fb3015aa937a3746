//! An order's story: what happened, told line by line, and what can be done now.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::engine::machine::{Disposition, EventKind, StateKind, fate};
use crate::engine::{
    Act, ActKind, ActiveStep, Doing, Duty, Event, HistoryEntry, HistoryEvent, Order, StaffChoice, TermKind,
    TermMoment, TermRow,
};
use crate::office::audit::order_log::{LogEntry, LogEvent, OpeningEntry};
use crate::office::audit::replay;
use crate::office::{ActiveRelease, Answer};
use crate::policy::{Action, Scope, Step, StepKind, Who, WhoBy, Workflow};
use crate::store::terms::Term;
use crate::time::Stamp;

/// Puts what happened into lines; `live` is the policy the order is pinned to.
pub(crate) fn lines(live: &ActiveRelease, trail: &[LogEntry], terms: &[Term]) -> Answer<Vec<HistoryLine>> {
    let mut lines = Vec::new();
    for past in trail {
        let told = match &past.what {
            LogEvent::Opened(opening) => opened(live, opening)?,
            LogEvent::Event { event, given, history: Some(history), .. } => acted(event, given, history),
            LogEvent::Event { event: Event::Fired(moment), history: None, .. } => {
                let term = terms.iter().find(|term| term.row.moment() == *moment);
                fired(step_of(live, trail, &moment.step), moment, term.map(|term| &term.row))
            }
            LogEvent::Event { history: None, .. } => Vec::new(),
            LogEvent::Moved { calendar, revision, moves } => {
                let shown = moves.iter().find(|moved| moved.what != "provisional");
                let data = shown.map(|moved| {
                    json!({"from": moved.from, "to": moved.to, "calendar": calendar, "revision": revision})
                });
                vec![EntryText::new("date-moved", None, data.unwrap_or_default())]
            }
            LogEvent::Late { step, reason, event, written, answered: _ } => {
                let sent: Value = serde_json::from_str(event).unwrap_or_default();
                let mut data = json!({"reason": reason, "sent": sent});
                let written: Option<Stamp> = written.as_deref().and_then(|text| text.parse().ok());
                if let Some(written) = written {
                    data["written"] = json!(written.rfc3339_in(live.policy.bureau.zone));
                }
                vec![EntryText::new("late", Some(step), data)]
            }
        };
        lines.extend(told.into_iter().map(|EntryText { event, step, data }| HistoryLine {
            seq: past.seq,
            at: past.at.rfc3339_in(live.policy.bureau.zone),
            actor: past.actor.clone(),
            event: event.replace(' ', "-"),
            step,
            data,
        }));
    }
    Ok(lines)
}

/// One entry of the history on its way into a line.
#[derive(Deserialize)]
struct EntryText {
    event: String,
    step: Option<String>,
    data: Value,
}

impl EntryText {
    fn new(event: &str, step: Option<&str>, data: Value) -> Self {
        Self { event: event.to_owned(), step: step.map(str::to_owned), data }
    }

    /// Puts an entry as it was written into words, with more to be told of it.
    fn of(entry: &HistoryEntry, more: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        let text = serde_json::to_value(entry).and_then(serde_json::from_value);
        let mut text: Self = text.expect("an entry has an event and data");
        if let Some(data) = text.data.as_object_mut() {
            data.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
        }
        text
    }
}

fn opened(live: &ActiveRelease, opening: &OpeningEntry) -> Answer<Vec<EntryText>> {
    let OpeningEntry { header, origin, step, parent, given, history } = opening;
    let mut data = json!({
        "trigger": origin.trigger, "policy": origin.policy, "nominal": origin.nominal, "due": header.due_on,
        "tier": header.tier, "score": origin.score, "decision": origin.decision,
        "parent": parent.as_ref().map(|parent| parent.seq),
    });
    if let Some(reason) = &origin.reason {
        data["reason"] = json!(reason);
    }
    let entered = match history {
        Some(history) => history.clone(),
        // A batch does not write what entering the first step always says.
        None => replay::open(live, opening)?.history,
    };
    let of_choice = |entry: &HistoryEntry| {
        let is_entry = matches!(entry.event, HistoryEvent::Entered { .. });
        let chosen = given.iter().find(|chosen| is_entry && Some(&chosen.step) == entry.step.as_ref())?;
        let StaffChoice { candidates, excluded, is_short, .. } = chosen;
        Some([("candidates", json!(candidates)), ("excluded", json!(excluded)), ("short", json!(is_short))])
    };
    let mut lines = vec![EntryText::new("opened", Some(step), data)];
    lines.extend(entered.iter().map(|entry| EntryText::of(entry, of_choice(entry).into_iter().flatten())));
    Ok(lines)
}

/// What an act says, with what was said of it, and what was found where a form was handed in.
fn acted(event: &Event, given: &[StaffChoice], history: &[HistoryEntry]) -> Vec<EntryText> {
    let (mut answer, mut note) = match event {
        Event::Act(Act { doing: Doing::Complete { answer, .. }, note, .. }) => {
            (answer.as_ref(), note.as_ref())
        }
        Event::Act(Act { note, .. }) => (None, note.as_ref()),
        Event::Ended(_) | Event::Signal(_) | Event::Fired(_) | Event::Retry | Event::Migrated(_) => {
            (None, None)
        }
    };
    let of_entry = |entry: &HistoryEntry| {
        let found = answer.take_if(|_| matches!(entry.event, HistoryEvent::Completed { .. }));
        let found = found.map(|answer| ("answer", answer.as_ref().clone()));
        // What was said of an act stands with the first that came of it.
        let said = note.take().map(|note| ("note", json!(note)));
        EntryText::of(entry, found.into_iter().chain(said).chain(passed_over(given, entry)))
    };
    history.iter().map(of_entry).collect()
}

/// Who was passed over when a step was entered, and whether too few were left.
fn passed_over(given: &[StaffChoice], entry: &HistoryEntry) -> Vec<(&'static str, Value)> {
    let HistoryEvent::Entered { visit, .. } = &entry.event else { return Vec::new() };
    let is_meant = |chosen: &&StaffChoice| {
        chosen.part.is_duty() && Some(&chosen.step) == entry.step.as_ref() && chosen.visit == *visit
    };
    let Some(StaffChoice { excluded, is_short, .. }) = given.iter().find(is_meant) else { return Vec::new() };
    let excluded = (!excluded.is_empty()).then(|| ("excluded", json!(excluded)));
    excluded.into_iter().chain(is_short.then(|| ("short", json!(true)))).collect()
}

/// What a moment says; it changes little, so that its batch holds no lines.
fn fired(step: Option<&Step>, fired: &TermMoment, term: Option<&TermRow>) -> Vec<EntryText> {
    let level = fired.rung().level;
    let is_reminder =
        step.is_some_and(|step| step.overdue.iter().any(|row| row.level == level && row.after.count < 0));
    let of = term.map(term_is_for).unwrap_or_default();
    let of_level = || if of.is_empty() { json!({"level": level}) } else { json!({"level": level, "of": of}) };
    let clock = step.and_then(|step| step.clock.clone());
    let (event, data) = match fired.kind {
        TermKind::Due | TermKind::Window => return Vec::new(),
        TermKind::Wait => ("wait over", json!({"visit": fired.visit})),
        TermKind::Overdue if is_reminder => ("reminded", of_level()),
        TermKind::Overdue => ("escalated", of_level()),
        TermKind::Alarm => ("alarm", json!({"clock": clock})),
        TermKind::Clock => ("clock ended", json!({"clock": clock})),
    };
    vec![EntryText::new(event, Some(&fired.step), data)]
}

/// What the basis of a term says under a name.
pub(crate) fn basis_says(row: &TermRow, name: &str) -> Option<String> {
    let basis: Value = serde_json::from_str(&row.basis).ok()?;
    basis.get(name)?.as_str().map(str::to_owned)
}

/// What one of several terms is for, as its basis says: rows of a form.
pub(crate) fn term_is_for(row: &TermRow) -> Vec<String> {
    let basis: Value = serde_json::from_str(&row.basis).unwrap_or_default();
    let of = basis.get("of").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    of.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn step_of<'a>(live: &'a ActiveRelease, trail: &[LogEntry], step: &str) -> Option<&'a Step> {
    let workflow = trail.iter().find_map(|past| match &past.what {
        LogEvent::Opened(opening) => Some(opening.header.workflow.as_str()),
        LogEvent::Event { .. } | LogEvent::Moved { .. } | LogEvent::Late { .. } => None,
    })?;
    live.policy.workflow(workflow)?.step(step)
}

/// Says what can be done with an order now, by whom and with which form.
///
/// # Source
/// [`fate`] decides which acts a state admits; whether a certain person may is asked when he acts.
pub(crate) fn actions(live: &ActiveRelease, order: &Order) -> Vec<ActionLine> {
    let Some(workflow) = live.policy.workflow(&order.cover.workflow) else { return Vec::new() };
    let mut all = Vec::new();
    for place in order.state.places() {
        let Some(step) = workflow.step(&place.step) else { continue };
        let kinds = EventKind::all().filter(|kind| matches!(kind, EventKind::Act(_) | EventKind::Retry));
        for kind in kinds.filter(|kind| matches!(fate(StateKind::of(place), *kind), Disposition::Leads(_))) {
            all.extend(actions_of(PlaceOfOrder { live, workflow, order, step, place }, kind));
        }
    }
    all.extend(order.unconfirmed().map(|asked| ActionLine {
        action: ActKind::Sign.into_str().to_owned(),
        roles: vec![asked.officer.clone()],
        form: None,
        step: asked.step.clone(),
        title: None,
    }));
    let mut seen = BTreeSet::new();
    all.retain(|line| seen.insert((line.action.clone(), line.step.clone(), line.roles.clone())));
    all
}

/// A place of an order, with what its release says of it.
#[derive(Clone, Copy)]
struct PlaceOfOrder<'a> {
    live: &'a ActiveRelease,
    workflow: &'a Workflow,
    order: &'a Order,
    step: &'a Step,
    place: &'a ActiveStep,
}

/// What one kind of act means at a place; nothing where it makes no sense there.
fn actions_of(at: PlaceOfOrder<'_>, kind: EventKind) -> Vec<ActionLine> {
    let PlaceOfOrder { live, workflow, order, step, place } = at;
    let duty = place.duty();
    let line = |action: &str, roles: Vec<String>, form: Option<String>| ActionLine {
        action: action.to_owned(),
        roles,
        form,
        step: step.id.clone(),
        title: None,
    };
    let heads =
        || live.policy.roles.iter().filter(|role| role.head.is_some()).map(|role| role.id.clone()).collect();
    let StepKind::Duty { who, form, actions } = &step.kind else {
        return match kind {
            EventKind::Act(ActKind::Cancel) => vec![line("cancel", heads(), None)],
            EventKind::Retry => vec![line("retry", heads(), None)],
            _ => Vec::new(),
        };
    };
    let own = || roles(live, workflow, who);
    let EventKind::Act(act) = kind else { return vec![line("retry", heads(), None)] };
    let makes_sense = match act {
        ActKind::Complete if actions.is_empty() => return vec![line("complete", own(), form.clone())],
        ActKind::Complete => {
            let chosen = |action: &Action| ActionLine {
                title: action.title.clone(),
                ..line(&action.id, own(), form.clone())
            };
            return actions.iter().map(chosen).collect();
        }
        ActKind::Cancel => return vec![line("cancel", heads(), None)],
        ActKind::Claim => duty.is_some_and(|duty| duty.claimed_by.is_none()),
        ActKind::Return => place.from.is_some(),
        ActKind::Recall => order.record.back.is_some(),
        ActKind::Sign => {
            let signers = duty.map(Duty::awaited_signers).unwrap_or_default();
            return if signers.is_empty() { Vec::new() } else { vec![line("sign", signers, None)] };
        }
        ActKind::Extend => place.due.is_some(),
        ActKind::Pause => place.due.is_some() && place.changes.paused.is_none(),
        ActKind::Resume => place.changes.paused.is_some(),
        ActKind::Delegate => duty.is_some_and(|duty| !duty.assignees.is_empty()),
        ActKind::Transfer | ActKind::AddSigner | ActKind::Nudge | ActKind::Copy | ActKind::Waive => true,
    };
    if makes_sense { vec![line(act.into_str(), own(), None)] } else { Vec::new() }
}

/// The roles that a duty is meant for.
fn roles(live: &ActiveRelease, workflow: &Workflow, who: &Who) -> Vec<String> {
    let mut by = &who.by;
    // A chain of `same_as` visits each step once at most.
    for _ in &workflow.steps {
        let WhoBy::SameAs(at) = by else { break };
        let StepKind::Duty { who, .. } = &workflow.steps[at.ix()].kind else { break };
        by = &who.by;
    }
    match by {
        WhoBy::Role(role) => vec![live.policy.roles[role.ix()].id.clone()],
        WhoBy::Duty(duty) => vec![duty.clone()],
        WhoBy::GridDuty | WhoBy::SameAs(_) => {
            let of_grids = live.policy.roles.iter().filter(|role| role.scope == Scope::Grid);
            of_grids.map(|role| role.id.clone()).collect()
        }
    }
}

/// One event of an order.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct HistoryLine {
    pub seq: i64,
    pub at: String,
    pub actor: String,
    pub event: String,
    pub step: Option<String>,
    pub data: Value,
}

/// Something that can be done with an order now.
#[derive(Clone, Debug, Serialize)]
pub struct ActionLine {
    /// As it is written on the command line.
    pub action: String,
    /// Roles or duties it is meant for; who has to confirm something is named himself.
    pub roles: Vec<String>,
    /// The form it needs.
    pub form: Option<String>,
    /// The step it is about.
    pub step: String,
    /// What it is called, where that is not what is typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}
