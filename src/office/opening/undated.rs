//! Orders opened by hand or by a signal, and orders of triggers that do not recur.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;

use crate::appraise::Appraisal;
use crate::dispatch::SkipReason;
use crate::engine::{
    OrderHeader, OrderOrigin, Refusal, RefusalCode, WINDOW, first_due, hand_window, signals,
};
use crate::import::StationRow;
use crate::lang;
use crate::ledger::OpenedOrder;
use crate::limits::ORDERS_PER_TRANSACTION;
use crate::office::active_release::in_force;
use crate::office::appraisal::appraise::{AppraisalDay, appraise_now, find_subject, judge_now};
use crate::office::authority;
use crate::office::numbering::titles;
use crate::office::opening::opener::{Dispatch, Opener, OpeningWay};
use crate::office::opening::skipping::SkipKey;
use crate::office::{ActContext, Answer};
use crate::people::{PowerRequest, Roster};
use crate::policy::{Overlap, Power, SubjectKind, Trigger, WorkflowIx};
use crate::register::{PastOrder, Status, Subject};
use crate::rules::Judgement;
use crate::store::bureau::{self, OfficerRecord};
use crate::store::skipped_candidates::{Skip, SkipFrequency};
use crate::store::{people, reading};
use crate::time::{Day, Stamp};

/// An order somebody wants.
#[derive(Clone, Debug)]
pub struct OpenByHand {
    /// Id of the workflow.
    pub workflow: String,
    /// Id of the subject.
    pub subject: String,
    /// Last day of the window; else `raised` of the recurring trigger, else 10 working days.
    pub due: Option<Day>,
    pub reason: Option<String>,
    pub actor: String,
}

/// An order that was opened.
#[derive(Clone, Debug, Serialize)]
pub struct OpenedByHand {
    pub id: String,
    pub number: String,
}

/// Opens an order by hand: its window is from today, its nominal date the window's end.
///
/// # Refusals
/// Somebody who lacks the power; an unknown workflow or subject, a workflow that is not about subjects, a day in the past, or
/// an order by hand with the same nominal date; R176 for a subject that is closed.
pub async fn open_by_hand(cx: ActContext<'_>, wish: &OpenByHand) -> Answer<OpenedByHand> {
    let ActContext { store, live, today, .. } = cx;
    let Some(workflow) = live.policy.workflow(&wish.workflow) else {
        let known = live.policy.workflows.iter().map(|workflow| lang::with_id(&workflow.title, &workflow.id));
        let refusal = Refusal::new(RefusalCode::NoSuchWorkflow).with("workflow", &wish.workflow);
        return Err(refusal.with("known", lang::list(known)).into());
    };
    if workflow.subject_kind != SubjectKind::Subject {
        let refusal = Refusal::new(RefusalCode::WrongKind).with("workflow", &workflow.title);
        return Err(refusal.with("subject", &wish.subject).into());
    }
    let due_on = wish.due.unwrap_or_else(|| hand_window(&live.policy, workflow, today));
    if due_on < today {
        let refusal = Refusal::new(RefusalCode::PastDay).with("day", due_on.to_string());
        return Err(refusal.with("today", today.to_string()).into());
    }
    let as_of = AppraisalDay::of(store, live, today).await?;
    let mut reader = store.read().await?;
    let found = find_subject(&mut reader, live, &wish.subject).await?;
    let (subjects, answers) = appraise_now(&mut reader, live, vec![found], as_of).await?;
    let (titles, mut roster) = (titles(&mut reader).await?, people::roster(&mut reader).await?);
    drop(reader);
    let station = subjects.first().map(|subject| subject.station.as_str());
    let wanted = PowerRequest { subject: Some(&wish.subject), ..PowerRequest::over(Power::Open, station) };
    authority::allow(cx, &roster, &wish.actor, wanted)?;
    let opener = Opener::new(cx, workflow, OpeningWay::ByHand(&wish.actor), &titles);
    let window = OpeningWindow { from: today, until: due_on };
    if let Some(closed) = subjects.iter().find(|subject| subject.history.status(today) == Status::Closed) {
        let refusal = Refusal::new(RefusalCode::SubjectClosed).with("name", &closed.name);
        return Err(refusal.with("subject", &closed.id).into());
    }
    let planned = subjects.iter().zip(&answers);
    let planned = planned.map(|(subject, answer)| of_subject(&opener, subject, answer, window));
    let planned = planned.map(|order| named(order, due_on.to_string()));
    let reason = wish.reason.as_ref().map(|reason| reason.nfc().collect::<String>());
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    let planned = planned.map(|order| because(order, reason.clone()));
    let never = AtomicBool::new(false);
    let done = opener.open_all(planned, &bodies(&answers), &mut roster, &never).await?;
    let Some(OrderHeader { id, number, .. }) = done.first.into_iter().next() else {
        return Err(Refusal::new(RefusalCode::AlreadyOpen).into());
    };
    Ok(OpenedByHand { id: id.to_string(), number })
}

/// Opens the orders of one firing of a trigger that does not recur: one for each of its kind
/// for whom `when` holds.
pub(crate) async fn open_periodic(
    opener: &Opener<'_>,
    trigger: &Trigger,
    nominal: Stamp,
    roster: &mut Roster,
    stop: &AtomicBool,
) -> Answer<Dispatch> {
    let done = match opener.workflow.subject_kind {
        SubjectKind::Subject => all_subjects(opener, trigger, nominal, roster, stop).await?,
        SubjectKind::Station | SubjectKind::Grid | SubjectKind::Officer | SubjectKind::Bureau => {
            all_of_kind(opener, nominal, roster).await?
        }
    };
    // A door tells what was due.
    Ok(Dispatch { first: Vec::new(), ..done })
}

/// Opens the orders that workflows open on signals about subjects, by signal and subject with the day of
/// what happened; returns how many.
///
/// That day is the nominal date of their key, so that one thing that happened opens one order, however
/// often it is told. While an order of the workflow is open for the subject no other is opened, which is
/// recorded.
pub(crate) async fn open_called(
    cx: ActContext<'_>,
    called: &BTreeMap<&str, BTreeMap<&str, Day>>,
) -> Answer<u64> {
    let mut serving = Vec::new();
    for workflow in &cx.policy().workflows {
        // Rule 5a: before its day the text before it serves.
        if let Some(live) = in_force(cx.store, cx.live, workflow, cx.today).await? {
            serving.push((workflow.id.as_str(), live));
        }
    }
    let mut wanted = Vec::new();
    for (signal, called) in called {
        for (workflow, live) in &serving {
            let workflow = live.policy.workflow(workflow).filter(|known| known.opens_on(signal));
            wanted.extend(workflow.map(|workflow| (*signal, called, workflow, &**live)));
        }
    }
    if wanted.is_empty() {
        return Ok(0);
    }
    let mut reader = cx.store.read().await?;
    let (titles, mut roster) = (titles(&mut reader).await?, people::roster(&mut reader).await?);
    drop(reader);
    let mut opened = 0;
    for (signal, called, workflow, live) in wanted {
        let cx = ActContext::new(cx.store, live, cx.now);
        let opener = Opener::new(cx, workflow, OpeningWay::Called(signal), &titles);
        opened += all_called(&opener, called, &mut roster).await?;
    }
    Ok(opened)
}

/// The first and the last day of an order's window.
#[derive(Clone, Copy)]
struct OpeningWindow {
    from: Day,
    until: Day,
}

/// Plans an order for a subject as it was just appraised.
fn of_subject(
    opener: &Opener<'_>,
    subject: &Subject,
    answer: &Appraisal,
    window: OpeningWindow,
) -> OpenedOrder {
    let policy = opener.cx.policy();
    let OpeningWindow { from, until } = window;
    let begun = opener.begin_order(subject.home.clone(), subject.id.clone());
    let header = OrderHeader {
        station: subject.station.clone(),
        grid: subject.grid.clone(),
        tier: answer.tier.map(|tier| policy.tiers.order[tier.ix()].id.clone()),
        scheduled_for: from,
        due_on: until,
        ..begun.header
    };
    let origin = OrderOrigin {
        score: answer.score.map(|score| score.to_string()),
        decision: Some(answer.decision.id.clone()),
        is_provisional: !policy.calendar.is_published_through(from, until),
        ..begun.origin
    };
    OpenedOrder { header, origin, ..begun }
}

/// Gives an order its nominal date.
fn named(mut order: OpenedOrder, nominal: String) -> OpenedOrder {
    order.origin.nominal = nominal;
    order
}

/// Gives an order the reason of the person who wants it.
fn because(mut order: OpenedOrder, reason: Option<String>) -> OpenedOrder {
    order.origin.reason = reason;
    order
}

/// The decisions that appraisals rest on, by id with their bodies.
fn bodies(answers: &[Appraisal]) -> Vec<(&str, &str)> {
    answers.iter().map(|answer| (&*answer.decision.id, &*answer.decision.body)).collect()
}

/// Goes over the whole register in the order of its keys.
async fn all_subjects(
    opener: &Opener<'_>,
    trigger: &Trigger,
    nominal: Stamp,
    roster: &mut Roster,
    stop: &AtomicBool,
) -> Answer<Dispatch> {
    let ActContext { store, live, today, .. } = opener.cx;
    let limit = i64::try_from(ORDERS_PER_TRANSACTION).unwrap_or(i64::MAX);
    let (mut done, mut after) = (Dispatch::default(), None);
    let window = OpeningWindow { from: today, until: live.policy.calendar.add(today, WINDOW) };
    while !stop.load(Ordering::Relaxed) {
        let mut reader = store.read().await?;
        let filter = reading::SubjectRange::default();
        let found = reading::scan(&mut reader, &live.policy, &filter, after.as_ref(), limit).await?;
        let Some(last) = found.last() else { break };
        after = Some(reading::SubjectKey { home: last.subject.home.clone(), id: last.subject.id.clone() });
        let (subjects, answers) =
            appraise_now(&mut reader, live, found, AppraisalDay { day: today, with_before: true }).await?;
        drop(reader);
        let judged = judge_now(live, &subjects, today, stop)?;
        let (mut planned, mut skips) = (Vec::new(), Vec::new());
        for ((subject, answer), judged) in subjects.iter().zip(&answers).zip(&judged) {
            match is_meant(opener, trigger, subject, judged) {
                Ok(true) => {
                    let order = of_subject(opener, subject, answer, window);
                    planned.push(named(order, nominal.to_string()));
                }
                Ok(false) => {}
                Err(reason) => skips.push(skip(opener, subject, nominal.to_string(), reason)),
            }
        }
        opener.record_skips(&skips, SkipFrequency::Once).await?;
        let opened = opener.open_all(planned.into_iter(), &bodies(&answers), roster, stop).await?;
        done.skipped += skips.len() as u64;
        done.opened += opened.opened;
    }
    Ok(done)
}

/// Says whether a subject is meant by the trigger, or why it is but cannot be opened.
fn is_meant(
    opener: &Opener<'_>,
    trigger: &Trigger,
    subject: &Subject,
    judged: &Judgement,
) -> Result<bool, SkipReason> {
    let (live, own) = (opener.cx.live, opener.workflow);
    if subject.history.status(opener.cx.today) == Status::Closed {
        return Ok(false);
    }
    let is_this = |(workflow, at): &(WorkflowIx, usize)| {
        let workflow = &live.policy.workflows[workflow.ix()];
        workflow.id == own.id && workflow.start[*at].id == trigger.id
    };
    let is_meant = match live.rules.whens().iter().position(is_this) {
        None => true,
        Some(at) => judged.when[at].clone().map_err(|_| SkipReason::Undecided)?,
    };
    let mut open = subject.history.orders.iter().filter(|order| order.is_open && order.workflow == own.id);
    let visited = |order: &PastOrder| subject.history.inspections.iter().any(|visit| visit.on >= order.from);
    let is_in_the_way = match trigger.overlap {
        Overlap::Skip | Overlap::Queue => open.next().is_some(),
        Overlap::SkipUntilVisited => open.any(|order| !visited(order)),
        Overlap::Allow => false,
    };
    if is_meant && is_in_the_way { Err(SkipReason::Overlap) } else { Ok(is_meant) }
}

fn skip(opener: &Opener<'_>, subject: &Subject, nominal: String, reason: SkipReason) -> Skip {
    opener.skip(SkipKey { home: &subject.home, subject: &subject.id, nominal }, reason.into_str())
}

/// Opens one for each that is called, from the day of what happened to the end of the first step.
async fn all_called(opener: &Opener<'_>, called: &BTreeMap<&str, Day>, roster: &mut Roster) -> Answer<u64> {
    let ActContext { store, live, today, .. } = opener.cx;
    let mut reader = store.read().await?;
    let found = reading::of_ids(&mut reader, &live.policy, called.keys().copied()).await?;
    let (subjects, answers) =
        appraise_now(&mut reader, live, found, AppraisalDay { day: today, with_before: true }).await?;
    drop(reader);
    let own = opener.trigger();
    let fallback = live.policy.calendar.add(today, WINDOW);
    let (mut planned, mut skips) = (Vec::new(), Vec::new());
    for (subject, answer) in subjects.iter().zip(&answers) {
        let Some(on) = called.get(subject.id.as_str()).map(|on| (*on).min(today)) else { continue };
        // Only what its closing calls for is opened for a closed one.
        let is_closed = subject.history.status(today) == Status::Closed;
        if is_closed && own.trigger != signals::of_status(Status::Closed) {
            skips.push(skip(opener, subject, on.to_string(), SkipReason::Closed));
            continue;
        }
        let mut same = subject.history.orders.iter().filter(|order| order.workflow == own.workflow);
        if same.clone().any(|order| order.trigger == own.trigger && order.nominal == Some(on)) {
            continue;
        }
        if same.any(|order| order.is_open) {
            skips.push(skip(opener, subject, on.to_string(), SkipReason::Overlap));
            continue;
        }
        let mut order = of_subject(opener, subject, answer, OpeningWindow { from: on, until: fallback });
        let text = opener.texts.of(&subject.station)?;
        let first = text.policy.workflow(own.workflow).and_then(|workflow| workflow.steps.first());
        if let Some(until) = first.and_then(|first| first_due(&text.policy, first, &order.header)) {
            order = of_subject(opener, subject, answer, OpeningWindow { from: on, until });
        }
        planned.push(named(order, on.to_string()));
    }
    opener.record_skips(&skips, SkipFrequency::Once).await?;
    let never = AtomicBool::new(false);
    let done = opener.open_all(planned.into_iter(), &bodies(&answers), roster, &never).await?;
    Ok(done.opened)
}

/// Opens one for each station, grid or officer, or one for the bureau.
async fn all_of_kind(opener: &Opener<'_>, nominal: Stamp, roster: &mut Roster) -> Answer<Dispatch> {
    let (policy, today) = (opener.cx.policy(), opener.cx.today);
    let due_on = policy.calendar.add(today, WINDOW);
    let mut reader = opener.cx.store.read().await?;
    // Each with its station.
    let all: Vec<(String, String)> = match opener.workflow.subject_kind {
        SubjectKind::Station => bureau::list::<StationRow>(&mut reader)
            .await?
            .into_iter()
            .map(|row| (row.id.clone(), row.id))
            .collect(),
        SubjectKind::Grid => {
            roster.grids.values().map(|grid| (grid.station.clone(), grid.id.clone())).collect()
        }
        SubjectKind::Officer => {
            let all = bureau::list::<OfficerRecord>(&mut reader).await?.into_iter();
            all.map(|row| (row.station.unwrap_or_default(), row.id)).collect()
        }
        SubjectKind::Bureau => vec![(String::new(), policy.bureau.id.clone())],
        SubjectKind::Subject => Vec::new(),
    };
    drop(reader);
    let planned = all.into_iter().map(|(station, id)| {
        let mut order = opener.begin_order(station.clone(), id);
        (order.header.station, order.header.due_on) = (station, due_on);
        named(order, nominal.to_string())
    });
    opener.open_all(planned, &[], roster, &AtomicBool::new(false)).await
}
