//! Orders opened by hand or by a signal, and orders of triggers that do not recur.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::appraise::Appraisal;
use crate::dispatch::SkipReason;
use crate::engine::{HAND, Refusal, RefusalCode, WINDOW, first_due, hand_window};
use crate::ledger::{OpenedCommon, OpenedOrder};
use crate::limits::ORDERS_PER_TRANSACTION;
use crate::office::appraisal::appraise::{AppraisalDay, appraise_now, find_subject};
use crate::office::live::ACTOR;
use crate::office::live::in_force;
use crate::office::numbering::{Titles, titles};
use crate::office::opening::dispatch::{Dispatch, record_skips};
use crate::office::opening::opener::Opener;
use crate::office::order_id::order_id;
use crate::office::{Live, Stop};
use crate::people::Roster;
use crate::policy::{Overlap, SubjectKind, Trigger, Workflow, WorkflowIx};
use crate::register::{Status, Subject};
use crate::rules::Judgement;
use crate::store::bureau::{self, GridRecord, OfficerRecord, StationRecord};
use crate::store::{self, Store, decisions, orders, people, reading};
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
    /// Why.
    pub reason: Option<String>,
    /// Who.
    pub actor: String,
}

/// An order that was opened.
#[derive(Clone, Debug, Serialize)]
pub struct Opened {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
}

/// Opens an order by hand: its window is from today, its nominal date the window's end.
///
/// # Refusals
/// An unknown workflow or subject, a workflow that is not about subjects, a day in the past, or
/// an order by hand with the same nominal date.
pub async fn open_by_hand(store: &Store, live: &Live, wish: &OpenByHand, now: Stamp) -> Result<Opened, Stop> {
    let today = now.day_in(live.policy.bureau.zone);
    let Some(workflow) = live.policy.workflow(&wish.workflow) else {
        let known = live.policy.workflows.iter().map(|workflow| workflow.id.as_str()).collect::<Vec<_>>();
        let refusal = Refusal::new(RefusalCode::NoSuchWorkflow).with("workflow", &wish.workflow);
        return Err(refusal.with("known", known.join("、")).into());
    };
    if workflow.subject_kind != SubjectKind::Subject {
        let refusal = Refusal::new(RefusalCode::WrongKind).with("workflow", &wish.workflow);
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
    drop(reader);
    let mut run = Run::new(store, live, workflow, HAND, now).await?;
    run.actor.clone_from(&wish.actor);
    let nominal = due_on.to_string();
    let opening = run.subject(&subjects[0], &answers[0], &nominal, (today, due_on))?;
    let opened = run.write(store, vec![opening], &answers).await?;
    let Some((home, order)) = opened.into_iter().next() else {
        return Err(Refusal::new(RefusalCode::AlreadyOpen).into());
    };
    Ok(Opened { id: order_id(&home, order.seq), number: order.number })
}

/// Opens the orders of one firing of a trigger that does not recur: one for each of its kind
/// for whom `when` holds.
pub(crate) async fn open_periodic(
    store: &Store,
    live: &Live,
    (workflow, trigger): (&str, &str),
    nominal: Stamp,
    now: Stamp,
    stop: &AtomicBool,
) -> Result<Dispatch, Stop> {
    let Some(workflow) = live.policy.workflow(workflow) else { return Ok(Dispatch::default()) };
    let Some(trigger) = workflow.start.iter().find(|known| known.id == trigger) else {
        return Ok(Dispatch::default());
    };
    let run = Run::new(store, live, workflow, &trigger.id, now).await?;
    match workflow.subject_kind {
        SubjectKind::Subject => run.all_subjects(store, trigger, nominal, stop).await,
        SubjectKind::Station | SubjectKind::Grid | SubjectKind::Officer | SubjectKind::Bureau => {
            run.all_of_kind(store, nominal).await
        }
    }
}

/// Opens the orders that workflows open on a signal about subjects, each given with the day of what
/// happened; returns how many.
///
/// That day is the nominal date of their key, so that one thing that happened opens one order, however
/// often it is told. While an order of the workflow is open for the subject no other is opened, which is
/// recorded.
pub(crate) async fn open_called(
    store: &Store,
    live: &Live,
    (signal, called): (&str, &BTreeMap<&str, Day>),
    now: Stamp,
) -> Result<u64, Stop> {
    let mut opened = 0;
    for workflow in &live.policy.workflows {
        let today = now.day_in(live.policy.bureau.zone);
        // Rule 5a: before its day the text before it serves.
        let Some(serving) = in_force(store, live, workflow, today).await? else { continue };
        let Some(workflow) = serving.policy.workflow(&workflow.id).filter(|known| known.opens_on(signal))
        else {
            continue;
        };
        opened += Run::new(store, &serving, workflow, signal, now).await?.all_called(store, called).await?;
    }
    Ok(opened)
}

struct Run<'a> {
    store: &'a Store,
    live: &'a Live,
    workflow: &'a Workflow,
    trigger: String,
    grids: Vec<GridRecord>,
    titles: Titles,
    roster: Roster,
    actor: String,
    now: Stamp,
    today: Day,
}

impl<'a> Run<'a> {
    async fn new(
        store: &'a Store,
        live: &'a Live,
        workflow: &'a Workflow,
        trigger: &str,
        now: Stamp,
    ) -> Result<Self, Stop> {
        let mut reader = store.read().await?;
        Ok(Self {
            store,
            live,
            workflow,
            trigger: trigger.to_owned(),
            grids: bureau::list(&mut reader).await?,
            titles: titles(&mut reader).await?,
            roster: people::roster(&mut reader).await?,
            actor: ACTOR.to_owned(),
            now,
            today: now.day_in(live.policy.bureau.zone),
        })
    }

    /// Goes over the whole register in the order of its keys.
    async fn all_subjects(
        mut self,
        store: &Store,
        trigger: &Trigger,
        nominal: Stamp,
        stop: &AtomicBool,
    ) -> Result<Dispatch, Stop> {
        let limit = i64::try_from(ORDERS_PER_TRANSACTION).unwrap_or(i64::MAX);
        let (mut done, mut after) = (Dispatch::default(), None);
        let due_on = self.live.policy.calendar.add(self.today, WINDOW);
        while !stop.load(Ordering::Relaxed) {
            let mut reader = store.read().await?;
            let filter = reading::Filter::default();
            let found = reading::scan(&mut reader, &self.live.policy, &filter, after.as_ref(), limit).await?;
            let Some(last) = found.last() else { break };
            after = Some(reading::Key { home: last.subject.home.clone(), id: last.subject.id.clone() });
            let (subjects, answers) = appraise_now(&mut reader, self.live, found, self.as_of()).await?;
            drop(reader);
            let judged = self.live.rules.judge(&self.live.policy, &subjects, self.today, stop);
            let mut openings = Vec::new();
            let mut skips = Vec::new();
            for ((subject, answer), judged) in subjects.iter().zip(&answers).zip(&judged) {
                match self.meant(trigger, subject, judged) {
                    Ok(true) => {
                        let window = (self.today, due_on);
                        openings.push(self.subject(subject, answer, &nominal.to_string(), window)?);
                    }
                    Ok(false) => {}
                    Err(reason) => skips.push(self.skip(subject, &nominal.to_string(), reason)),
                }
            }
            done.skipped += skips.len() as u64;
            let mut tx = store.begin_on(skips.iter().map(|skip| skip.home.as_str())).await?;
            record_skips(&mut tx, &skips, store::skips::Recorded::Once, self.now).await?;
            tx.commit().await?;
            done.opened += self.write(store, openings, &answers).await?.len() as u64;
        }
        Ok(done)
    }

    /// Says whether a subject is meant by the trigger, or why it is but cannot be opened.
    fn meant(&self, trigger: &Trigger, subject: &Subject, judged: &Judgement) -> Result<bool, SkipReason> {
        if subject.history.status(self.today) == Status::Closed {
            return Ok(false);
        }
        let is_this = |(workflow, at): &(WorkflowIx, usize)| {
            let workflow = &self.live.policy.workflows[workflow.ix()];
            workflow.id == self.workflow.id && workflow.start[*at].id == trigger.id
        };
        let is_meant = match self.live.rules.whens().iter().position(is_this) {
            None => true,
            Some(at) => judged.when[at].clone().map_err(|_| SkipReason::Undecided)?,
        };
        let has_open = subject.history.orders.iter().any(|o| o.is_open && o.workflow == self.workflow.id);
        match trigger.overlap {
            Overlap::Skip | Overlap::Queue if is_meant && has_open => Err(SkipReason::Overlap),
            Overlap::Skip | Overlap::Queue | Overlap::Allow => Ok(is_meant),
        }
    }

    fn skip(&self, subject: &Subject, nominal: &str, reason: SkipReason) -> store::skips::Skip {
        store::skips::Skip {
            home: subject.home.clone(),
            workflow: self.workflow.id.clone(),
            trigger: self.trigger.clone(),
            subject: subject.id.clone(),
            nominal: nominal.to_owned(),
            reason: reason.into_str().to_owned(),
            on_day: self.today,
        }
    }

    fn subject(
        &mut self,
        subject: &Subject,
        answer: &Appraisal,
        nominal: &str,
        window: (Day, Day),
    ) -> Result<orders::Opening, Stop> {
        let order = self.order(subject, answer, nominal, window);
        self.opening(&subject.home, order)
    }

    fn order(
        &self,
        subject: &Subject,
        answer: &Appraisal,
        nominal: &str,
        (from, due_on): (Day, Day),
    ) -> OpenedOrder {
        let tier = answer.tier.map(|tier| self.live.policy.tiers.order[tier.ix()].id.clone());
        let officer = self.grids.iter().find(|grid| Some(&grid.id) == subject.grid.as_ref());
        OpenedOrder {
            subject: subject.id.clone(),
            nominal: nominal.to_owned(),
            station: subject.station.clone(),
            grid: subject.grid.clone(),
            officer: officer.and_then(|grid| grid.officer.clone()),
            scheduled_for: from.to_string(),
            due_on: due_on.to_string(),
            is_provisional: !self.live.policy.calendar.is_published_through(from, due_on),
            tier,
            score: answer.score.map(|score| score.to_string()),
            decision: Some(answer.decision.id.clone()),
            ..OpenedOrder::default()
        }
    }

    /// Opens one for each that is called, from the day of what happened to the end of the first step.
    async fn all_called(mut self, store: &Store, called: &BTreeMap<&str, Day>) -> Result<u64, Stop> {
        let mut reader = store.read().await?;
        let found = reading::of_ids(&mut reader, &self.live.policy, called.keys().copied()).await?;
        let (subjects, answers) = appraise_now(&mut reader, self.live, found, self.as_of()).await?;
        drop(reader);
        let fallback = self.live.policy.calendar.add(self.today, WINDOW);
        let (mut openings, mut skips) = (Vec::new(), Vec::new());
        for (subject, answer) in subjects.iter().zip(&answers) {
            let Some(on) = called.get(subject.id.as_str()).map(|on| (*on).min(self.today)) else { continue };
            let nominal = on.to_string();
            let mut same = subject.history.orders.iter().filter(|order| order.workflow == self.workflow.id);
            if same.clone().any(|order| order.trigger == self.trigger && order.nominal == Some(on)) {
                continue;
            }
            if same.any(|order| order.is_open) {
                skips.push(self.skip(subject, &nominal, SkipReason::Overlap));
                continue;
            }
            let mut order = self.order(subject, answer, &nominal, (on, fallback));
            let cover = self.opener().cover(&subject.home, &order);
            let first = self.workflow.steps.first();
            if let Some(due_on) = first.and_then(|first| first_due(&self.live.policy, first, &cover)) {
                order = self.order(subject, answer, &nominal, (on, due_on));
            }
            openings.push(self.opening(&subject.home, order)?);
        }
        let mut tx = store.begin_on(skips.iter().map(|skip| skip.home.as_str())).await?;
        record_skips(&mut tx, &skips, store::skips::Recorded::Once, self.now).await?;
        tx.commit().await?;
        Ok(self.write(store, openings, &answers).await?.len() as u64)
    }

    /// Opens one for each station, grid or officer, or one for the bureau.
    async fn all_of_kind(mut self, store: &Store, nominal: Stamp) -> Result<Dispatch, Stop> {
        let due_on = self.live.policy.calendar.add(self.today, WINDOW);
        let mut reader = store.read().await?;
        let all: Vec<(String, String)> = match self.workflow.subject_kind {
            SubjectKind::Station => {
                let all: Vec<StationRecord> = bureau::list(&mut reader).await?;
                all.into_iter().map(|row| (row.id.clone(), row.id)).collect()
            }
            SubjectKind::Grid => self.grids.iter().map(|row| (row.station.clone(), row.id.clone())).collect(),
            SubjectKind::Officer => {
                let all = bureau::list::<OfficerRecord>(&mut reader).await?.into_iter();
                all.map(|row| (row.station.unwrap_or_default(), row.id)).collect()
            }
            SubjectKind::Bureau => vec![(String::new(), self.live.policy.bureau.id.clone())],
            SubjectKind::Subject => Vec::new(),
        };
        drop(reader);
        let mut opened = 0;
        for chunk in all.chunks(ORDERS_PER_TRANSACTION) {
            let openings = chunk.iter().map(|(station, id)| {
                let order = OpenedOrder {
                    subject: id.clone(),
                    nominal: nominal.to_string(),
                    station: station.clone(),
                    scheduled_for: self.today.to_string(),
                    due_on: due_on.to_string(),
                    ..OpenedOrder::default()
                };
                self.opening(station, order)
            });
            let openings = openings.collect::<Result<Vec<_>, _>>()?;
            opened += self.write(store, openings, &[]).await?.len() as u64;
        }
        Ok(Dispatch { opened, ..Dispatch::default() })
    }

    fn opening(&mut self, home: &str, order: OpenedOrder) -> Result<orders::Opening, Stop> {
        self.opener().open(home, order, &mut self.roster)
    }

    fn as_of(&self) -> AppraisalDay {
        AppraisalDay { day: self.today, with_before: true }
    }

    fn opener(&self) -> Opener<'a> {
        Opener { store: self.store, live: self.live, workflow: self.workflow, now: self.now }
    }

    async fn write(
        &self,
        store: &Store,
        openings: Vec<orders::Opening>,
        answers: &[Appraisal],
    ) -> Result<Vec<(String, OpenedOrder)>, Stop> {
        if openings.is_empty() {
            return Ok(Vec::new());
        }
        let common = OpenedCommon {
            workflow: self.workflow.id.clone(),
            trigger: self.trigger.clone(),
            subject_kind: self.workflow.subject_kind.into_str().to_owned(),
            issued_at: self.now.to_string(),
            policy: self.live.policy.digest.to_string(),
            step: self.workflow.steps.first().map(|step| step.id.clone()).unwrap_or_default(),
        };
        let decided: Vec<(&str, &str)> =
            answers.iter().map(|answer| (&*answer.decision.id, &*answer.decision.body)).collect();
        let mut tx = store.begin_on(openings.iter().map(|opening| opening.home.as_str())).await?;
        decisions::add_many(&mut tx, &decided).await?;
        let opened = self.opener().write(&mut tx, &common, openings, (&self.titles, &self.actor)).await?;
        if self.workflow.start.iter().any(|trigger| trigger.recur.is_some()) {
            // A recurring trigger of the workflow may have to wait for these orders.
            let keys: Vec<(Arc<str>, &str)> =
                opened.new.iter().map(|(home, o)| (Arc::from(home.as_str()), o.subject.as_str())).collect();
            store::marks::add_many(&mut tx, &keys).await?;
        }
        tx.commit().await?;
        Ok(opened.new)
    }
}
