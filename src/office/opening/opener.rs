//! Orders as they are opened: planned, decided by the engine, and written with all that goes with them.
//!
//! An order that nothing but its first duty follows from is decided while the one before is written, and
//! numbered last. What follows from any other first step may read the order's number, so such orders are
//! decided in a docket, as acts are.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::engine::{
    self, ActiveStep, DecisionContext, Effect, HAND, OrderHeader, OrderOrigin, OrderRecord, OrderState,
    Outcome, UnitOfWork,
};
use crate::id::{OrderId, TriggerId};
use crate::ledger::{OpenedCommon, OpenedOrder};
use crate::limits::ORDERS_PER_TRANSACTION;
use crate::office::active_release::{ACTOR, StationReleases, pins};
use crate::office::documents::{self, DocumentRequest};
use crate::office::numbering::{Numbers, StationTitles};
use crate::office::opening::caps;
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::people::Roster;
use crate::policy::{Step, StepKind, Trigger, Workflow};
use crate::store::change_sets::ChangeSet;
use crate::store::due::{self, DuePlace};
use crate::store::orders::{self, Opening, PartedBatch};
use crate::store::{self, Tx, decisions, progress, reappraisals};

/// Orders decided before the writer is looked after again: a fraction of what it takes to write
/// one statement's rows.
const DECIDED_AT_ONCE: usize = 64;

/// Orders that are remembered; a door tells these and counts the rest.
pub(crate) const TOLD_MAX: usize = 20;

/// What makes orders open.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OpeningWay<'a> {
    /// A recurring trigger fires, and they are due.
    Due(&'a Trigger),
    /// A trigger that does not recur fires.
    Periodic(&'a Trigger),
    /// A signal of this name comes.
    Called(&'a str),
    /// This person wants one.
    ByHand(&'a str),
}

impl<'a> OpeningWay<'a> {
    /// What stands for the trigger in the keys of the orders.
    const fn trigger(self) -> &'a str {
        match self {
            Self::Due(trigger) | Self::Periodic(trigger) => trigger.id.as_str(),
            Self::Called(signal) => signal,
            Self::ByHand(_) => HAND,
        }
    }

    const fn actor(self) -> &'a str {
        match self {
            Self::Due(_) | Self::Periodic(_) | Self::Called(_) => ACTOR,
            Self::ByHand(person) => person,
        }
    }
}

/// What was opened.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Dispatch {
    pub(crate) opened: u64,
    pub(crate) skipped: u64,
    /// The first orders opened.
    pub(crate) first: Vec<OrderHeader>,
    /// The first that were due and for which none was.
    pub(crate) passed_over: Vec<PassedOver>,
    /// Whether other daemons are still to open some.
    pub(crate) is_left: bool,
}

/// A subject that was due and got no order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    pub home: String,
    pub subject: String,
    /// What it is called; its id until it is looked up.
    pub name: String,
    /// Id of its station; its title once it is looked up.
    pub station: String,
    /// Why, as it is recorded.
    pub reason: &'static str,
}

/// Subjects named of those that a pass had no order for.
pub(crate) const PASSED_OVER_MAX: usize = 5;

impl Dispatch {
    fn add(&mut self, opened: Vec<OpenedOrder>) {
        self.opened += opened.len() as u64;
        let room = TOLD_MAX - self.first.len();
        self.first.extend(opened.into_iter().take(room).map(|order| order.header));
    }
}

/// Opens the orders of one workflow.
pub(crate) struct Opener<'a> {
    /// Its release is the one that serves the workflow.
    pub(crate) cx: ActContext<'a>,
    pub(crate) workflow: &'a Workflow,
    way: OpeningWay<'a>,
    /// Title of each station, for numbers.
    pub(crate) titles: &'a StationTitles,
    /// What is in force today where a station has a text of its own.
    pub(crate) texts: StationReleases<'a>,
    /// Digest of the bureau's policy as it is written.
    policy: String,
}

impl<'a> Opener<'a> {
    pub(crate) fn new(
        cx: ActContext<'a>,
        workflow: &'a Workflow,
        way: OpeningWay<'a>,
        titles: &'a StationTitles,
    ) -> Self {
        let (texts, policy) = (cx.live.on(cx.today), cx.policy().digest.to_string());
        Self { cx, workflow, way, titles, texts, policy }
    }

    /// Returns what stands for the trigger in the keys of the orders.
    pub(crate) fn trigger(&self) -> TriggerId<&'a str> {
        TriggerId { workflow: &self.workflow.id, trigger: self.way.trigger() }
    }

    /// Begins an order with what all that are opened here share; whoever plans it says the rest.
    pub(crate) fn begin_order(&self, home: String, subject: String) -> OpenedOrder {
        let header = OrderHeader {
            id: OrderId { home, seq: 0 },
            number: String::new(),
            workflow: self.workflow.id.clone(),
            subject_kind: self.workflow.subject_kind,
            subject,
            station: String::new(),
            grid: None,
            tier: None,
            scheduled_for: self.cx.today,
            issued_at: self.cx.now,
            due_on: self.cx.today,
        };
        let (trigger, policy) = (self.way.trigger().to_owned(), self.policy.clone());
        let origin = OrderOrigin { trigger, policy, ..OrderOrigin::default() };
        OpenedOrder { header, origin, step_due: None, choices: Vec::new() }
    }

    /// Opens planned orders by the ten thousand, each batch in one transaction with the bodies of the
    /// decisions it rests on. The people who are chosen have one duty more from here on.
    pub(crate) async fn open_all(
        &self,
        mut planned: impl Iterator<Item = OpenedOrder>,
        decided: &[(&str, &str)],
        roster: &mut Roster,
        stop: &AtomicBool,
    ) -> Answer<Dispatch> {
        let mut done = Dispatch::default();
        if !self.is_plain() {
            while !stop.load(Ordering::Relaxed) {
                let batch: Vec<OpenedOrder> = planned.by_ref().take(ORDERS_PER_TRANSACTION).collect();
                if batch.is_empty() {
                    break;
                }
                done.add(self.write_in_docket(batch, decided, roster).await?);
            }
            return Ok(done);
        }
        let mut ready = self.decide_batch(&mut planned, roster).await?;
        while !ready.is_empty() && !stop.load(Ordering::Relaxed) {
            // While the database's thread writes one batch, this one decides the next.
            let (written, next) =
                tokio::join!(self.write_decided(ready, decided), self.decide_batch(&mut planned, roster));
            done.add(written?);
            ready = next?;
        }
        Ok(done)
    }

    /// Returns whether opening an order means no more than that its first step is somebody's.
    fn is_plain(&self) -> bool {
        let first = self.workflow.steps.first();
        first.is_none_or(|Step { kind, .. }| matches!(kind, StepKind::Duty { .. }))
    }

    /// Decides the orders of the next transaction, giving way now and then to what is being written.
    async fn decide_batch(
        &self,
        planned: &mut impl Iterator<Item = OpenedOrder>,
        roster: &mut Roster,
    ) -> Answer<Vec<Opening>> {
        let planned = planned.take(ORDERS_PER_TRANSACTION);
        let mut batch = Vec::with_capacity(planned.size_hint().0);
        for (at, order) in planned.enumerate() {
            if at % DECIDED_AT_ONCE == 0 {
                tokio::task::yield_now().await;
            }
            batch.push(self.decide(order, roster)?);
        }
        Ok(batch)
    }

    /// Decides one order that nothing but its first duty follows from.
    ///
    /// It is not numbered yet: nothing that happens on entering a duty reads its number.
    fn decide(&self, order: OpenedOrder, roster: &mut Roster) -> Answer<Opening> {
        let OpenedOrder { header, mut origin, .. } = order;
        origin.officer = roster.main_officer(header.grid.as_deref()).map(str::to_owned);
        let record = OrderRecord::begun(&origin);
        let before = engine::Order { cover: header, record, state: OrderState::NotYet };
        let text = self.texts.of(&before.cover.station)?;
        if text.policy.station.is_some() {
            origin.policy = text.policy.digest.to_string();
        }
        let ActiveRelease { policy, rules, .. } = &*text;
        let ground = DecisionContext { policy, rules, roster, subject: None, given: None };
        let outcome = engine::open(&ground, &before, None, self.cx.now)?;
        let Outcome { next, left: _, terms, effects, outbox, choices, history: _, completion: _ } = outcome;
        let place = next.first_place();
        let assignees = place.and_then(ActiveStep::duty).map_or_else(Vec::new, |duty| duty.assignees.clone());
        for officer in &assignees {
            roster.give(officer, self.cx.now);
        }
        let step_due = place.and_then(|place| place.due);
        Ok(Opening {
            order: OpenedOrder { header: before.cover, origin, step_due, choices: Vec::new() },
            assignees,
            progress: progress::body_unless_fresh(&next),
            choices,
            terms,
            outbox,
            effects,
        })
    }

    /// Writes orders that were decided.
    async fn write_decided(&self, batch: Vec<Opening>, decided: &[(&str, &str)]) -> Answer<Vec<OpenedOrder>> {
        let Some(first) = batch.first() else { return Ok(Vec::new()) };
        let step = self.workflow.steps.first().map_or("", |step| step.id.as_str());
        let common = OpenedCommon::of(&first.order.header, &first.order.origin, step);
        // All begin at the same step, so what one of them makes all do.
        let made = first.effects.clone();
        let homes: BTreeSet<&str> =
            batch.iter().map(|opening| opening.order.header.id.home.as_str()).collect();
        let mut tx = self.cx.store.begin_on(homes.iter().copied()).await?;
        let numbers = Numbers::today(self.cx, &mut tx, self.titles, homes).await?;
        decisions::add_many(&mut tx, decided).await?;
        let number = |order: OrderId<&str>| numbers.write(order, self.cx.today);
        let parted = orders::open_many(&mut tx, &common, batch, number, self.way.actor()).await?;
        self.make_documents(&mut tx, &made, &parted.new).await?;
        self.settle(tx, parted).await
    }

    /// Decides orders as they are written, because they have to be numbered first.
    async fn write_in_docket(
        &self,
        mut batch: Vec<OpenedOrder>,
        decided: &[(&str, &str)],
        roster: &mut Roster,
    ) -> Answer<Vec<OpenedOrder>> {
        for order in &mut batch {
            order.origin.officer = roster.main_officer(order.header.grid.as_deref()).map(str::to_owned);
            order.origin.policy = self.texts.of(&order.header.station)?.policy.digest.to_string();
        }
        let own = self.texts.own(batch.iter().map(|order| order.header.station.as_str()))?;
        let homes: BTreeSet<&str> = batch.iter().map(|order| order.header.id.home.as_str()).collect();
        let mut tx = self.cx.store.begin_on(homes.iter().copied()).await?;
        let numbers = Numbers::today(self.cx, &mut tx, self.titles, homes).await?;
        decisions::add_many(&mut tx, decided).await?;
        let mut parted = orders::part(&mut tx, batch, |order| order).await?;
        let last =
            orders::last_seqs(&mut tx, parted.new.iter().map(|order| order.header.id.home.as_str())).await?;
        let docket = UnitOfWork::new(self.cx.live.pinned(), std::mem::take(roster), &numbers);
        let mut docket = docket.with_stations(pins(&own));
        for (home, seq) in &last {
            docket.numbered(home, tx.epoch().behind(home, *seq));
        }
        for OpenedOrder { header, origin, .. } in &mut parted.new {
            let id = docket.open(header.clone(), origin.clone(), self.cx.now)?;
            if let Some((order, _)) = docket.get(&id) {
                header.clone_from(&order.cover);
            }
        }
        let (changes, actor) = (docket.changes(), self.way.actor());
        let deed = ChangeSet { changes, actor, at: self.cx.now, pinned_to: None, answered: None };
        store::change_sets::save(&mut tx, &[deed], self.cx.zone()).await?;
        let changes: Vec<_> = changes.iter().collect();
        documents::make_of_changes(self.cx, &mut tx, docket.roster(), &changes).await?;
        *roster = docket.into_roster();
        self.settle(tx, parted).await
    }

    async fn make_documents(&self, tx: &mut Tx, made: &[Effect], opened: &[OpenedOrder]) -> Answer<()> {
        let begun: Vec<(&OrderHeader, OrderRecord)> =
            opened.iter().map(|order| (&order.header, OrderRecord::begun(&order.origin))).collect();
        let wanted = begun.iter().flat_map(|begun| made.iter().map(move |effect| (begun, effect)));
        let wanted = wanted.filter_map(|((cover, record), effect)| match effect {
            Effect::Document { kind, step, visit, at: _ } => {
                Some(DocumentRequest { cover, record, kind, step, visit: *visit, by: Vec::new() })
            }
            Effect::Open(_) | Effect::Inspection { .. } | Effect::Set { .. } => None,
        });
        documents::make_wanted(self.cx, tx, &wanted.collect::<Vec<_>>()).await
    }

    /// Takes due rows away, counts for caps, marks whoever waits for what was opened, and commits.
    async fn settle(&self, mut tx: Tx, parted: PartedBatch<OpenedOrder>) -> Answer<Vec<OpenedOrder>> {
        let PartedBatch { new, known } = parted;
        if let OpeningWay::Due(trigger) = self.way {
            let places = new.iter().chain(&known).map(|OpenedOrder { header, .. }| DuePlace {
                home: header.id.home.as_str(),
                issue_on: header.scheduled_for,
                subject: header.subject.as_str(),
            });
            let places: Vec<DuePlace<&str>> = places.collect();
            due::delete_many(&mut tx, self.trigger(), &places).await?;
            if let Some(cap) = trigger.at_most {
                caps::count(&mut tx, self.trigger(), cap, self.cx.today, &new).await?;
            }
        }
        let waits = |other: &Trigger| match self.way {
            OpeningWay::Due(trigger) => other.recur.is_some() && other.id != trigger.id,
            OpeningWay::Periodic(_) | OpeningWay::Called(_) | OpeningWay::ByHand(_) => other.recur.is_some(),
        };
        // Another trigger of the workflow may have to wait for these orders.
        if self.workflow.start.iter().any(waits) {
            let keys = new.iter().map(|order| (order.header.id.home.as_str(), order.header.subject.as_str()));
            let keys: BTreeSet<(&str, &str)> = keys.collect();
            let keys: Vec<(Arc<str>, &str)> =
                keys.into_iter().map(|(home, subject)| (Arc::from(home), subject)).collect();
            reappraisals::add_many(&mut tx, &keys).await?;
        }
        tx.commit().await?;
        Ok(new)
    }
}
