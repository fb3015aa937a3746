//! One act of a case, put into the words of the engine.

use serde_json::Value;

use super::bureau::CaseBureau;
use crate::engine::{
    Act, ActWords, ActiveStep, Confirmation, Doing, Event, Order, ReadAct, Refusal, Signal, read_act, signals,
};
use crate::id::OrderId;
use crate::policy::{
    CaseAct, CaseDeed, CaseForm, CaseSignal, CaseWords, FieldKind, Policy, SubjectKind, Word,
};
use crate::time::Stamp;

/// Lets happen what a case says.
///
/// # Refusals
/// Those of the engine; R004 when there is no such order.
pub(super) fn carry_out(
    policy: &Policy,
    bureau: &mut CaseBureau<'_>,
    act: &CaseAct,
    now: Stamp,
) -> Result<(), Refusal> {
    match &act.what {
        CaseDeed::Wait => Ok(()),
        CaseDeed::Act { word, by, step, words } => {
            let key = bureau.key_of(act.order.as_ref())?;
            let Some(lived) = bureau.get(&key) else { return Ok(()) };
            let order = &lived.order;
            let form = words.form.as_ref();
            let attached = form.map(|form| attached(policy, &order.cover.workflow, form)).unwrap_or_default();
            let form = form.map(|form| (*form.answer).clone());
            let read = read_act(&word.value, ActWords { form, attached, ..said(words) });
            // `check` found every word that an act needs.
            let Ok(ReadAct { doing, note }) = read else { return Ok(()) };
            let (step, visit) = match step.as_ref().and_then(Word::parted) {
                Some((step, visit)) => (Some(step.to_owned()), visit),
                None => (None, None),
            };
            let by = match by {
                Some(by) => by.value.clone(),
                None => holder(order, step.as_deref(), &doing, bureau.roster().is_kept()),
            };
            let event = Event::Act(Act { by, step, visit, note, doing });
            bureau.apply(&key, &event, now).map(|_| ())
        }
        CaseDeed::Signal(signal) => {
            for (key, signal) in heard(policy, bureau, signal, now) {
                // What an order cannot follow is no reason to withhold the signal from others.
                match bureau.apply(&key, &Event::Signal(signal), now) {
                    Ok(_) | Err(_) => {}
                }
            }
            Ok(())
        }
    }
}

fn text(word: Option<&Word>) -> Option<String> {
    word.map(|word| word.value.clone())
}

/// Puts the words of a case into those of an act, but for its form.
pub(super) fn said(words: &CaseWords) -> ActWords {
    let CaseWords { form: _, to, reason, length, approver, document, note } = words;
    ActWords {
        to: to.iter().map(|word| word.value.clone()).collect(),
        reason: text(reason.as_ref()),
        by: text(length.as_ref()),
        approver: text(approver.as_ref()),
        document: text(document.as_ref()),
        note: text(note.as_ref()),
        ..ActWords::default()
    }
}

/// Takes every name that stands where a form wants a file for a file that is attached.
fn attached(policy: &Policy, workflow: &str, form: &CaseForm) -> Vec<String> {
    let of_workflow = |of: &Option<String>| of.as_deref().is_none_or(|id| id == workflow);
    let forms = policy.forms.iter().filter(|form| of_workflow(&form.workflow));
    let files = forms
        .flat_map(|form| &form.fields)
        .filter(|field| matches!(field.kind, FieldKind::Photo | FieldKind::Signature));
    let given = files.filter_map(|field| form.answer.get(&field.id).or(form.answer.get(&field.title)));
    let named = given.flat_map(|value| match value {
        Value::Array(several) => several.as_slice(),
        one => std::slice::from_ref(one),
    });
    named.filter_map(Value::as_str).map(|name| name.trim().to_owned()).collect()
}

/// Whoever has it in hand, where a case does not say who acts. Where people are not kept each step has
/// somebody of its own, so that nobody seems to approve what he did himself.
fn holder(order: &Order, step: Option<&str>, doing: &Doing, is_kept: bool) -> String {
    if matches!(doing, Doing::Recall { .. }) {
        let back = order.record.back.as_ref().and_then(|back| order.passed(&back.step));
        return back.and_then(|passed| passed.done_by.first().cloned()).unwrap_or_default();
    }
    let unconfirmed = |asked: &&Confirmation| step.is_none_or(|step| step == asked.step);
    if let (Doing::Sign, Some(asked)) = (doing, order.unconfirmed().find(unconfirmed)) {
        return asked.officer.clone();
    }
    let places = order.state.places();
    let place = places.iter().find(|place| Some(place.step.as_str()) == step).or(order.first_place());
    let duty = place.and_then(ActiveStep::duty);
    let signer = duty.and_then(|duty| duty.signers.iter().find(|signer| signer.signed_at.is_none()));
    if let (Doing::Sign, Some(signer)) = (doing, signer) {
        return signer.officer.clone();
    }
    let has_it = duty.and_then(|duty| duty.claimed_by.as_ref().or(duty.assignees.first()));
    match (has_it, place) {
        (Some(officer), _) => officer.clone(),
        (None, Some(place)) if !is_kept => place.step.clone(),
        (None, _) => String::new(),
    }
}

/// Finds what a signal means to each open order it reaches, and notes what the register says from now on.
fn heard(
    policy: &Policy,
    bureau: &mut CaseBureau<'_>,
    signal: &CaseSignal,
    now: Stamp,
) -> Vec<(OrderId, Signal)> {
    let CaseSignal { name, station, grid, officer } = signal;
    let [station, grid, officer] = [station, grid, officer].map(|word| text(word.as_ref()));
    let today = now.day_in(policy.bureau.zone);
    let (event, reach) = match (name.text(), station, officer) {
        (signals::MOVED, Some(station), _) => {
            bureau.change_subject(|subject| {
                subject.station.clone_from(&station);
                subject.grid.clone_from(&grid);
            });
            (Signal::Moved { station, grid }, SignalReach::Subject)
        }
        (signals::OFFICER_LEFT, _, Some(officer)) => {
            bureau.officer_left(&officer, today.pred_opt().unwrap_or(today));
            {
                let (changed, grids, came) = Default::default();
                (Signal::Staff { changed, grids, came }, SignalReach::Officer(officer))
            }
        }
        (signals::CALENDAR_CHANGED, ..) => (Signal::Named(name.value.clone()), SignalReach::All),
        _ => {
            if let Some(status) = signals::status_of(name.text()) {
                bureau.change_subject(|subject| {
                    subject.history.statuses.push((today, status));
                    subject.history.statuses.sort_by_key(|(on, _)| *on);
                });
            }
            (Signal::Named(name.value.clone()), SignalReach::Subject)
        }
    };
    let orders = bureau.open_orders().filter(|(_, order)| reach.includes(order));
    orders.map(|(key, _)| (key.clone(), event.clone())).collect()
}

/// Which open orders a signal reaches.
enum SignalReach {
    /// Those about the subject.
    Subject,
    /// Those of which an officer has a duty.
    Officer(String),
    All,
}

impl SignalReach {
    fn includes(&self, order: &Order) -> bool {
        match self {
            Self::Subject => order.cover.subject_kind == SubjectKind::Subject,
            Self::Officer(officer) => order.burdens().iter().any(|burden| burden.officer == officer),
            Self::All => true,
        }
    }
}
