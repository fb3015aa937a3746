//! Opening what is due: read in order, picked, capped, written by the ten thousand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::dispatch::{self, Candidate, CapUse, SkipReason, cap_holder, cap_period};
use crate::id::TriggerId;
use crate::ledger::{Body, OpenedCommon, OpenedOrder, Skipped};
use crate::limits::ORDERS_PER_TRANSACTION;
use crate::office::live::ACTOR;
use crate::office::numbering::{Titles, titles};
use crate::office::opening::opener::Opener;
use crate::office::opening::staffing;
use crate::office::{Live, Stop};
use crate::people::{NoPair, Roster};
use crate::policy::{Cap, CapPer, CapPeriod, SubjectKind, Trigger, Workflow};
use crate::store::bureau::{self, GridRecord};
use crate::store::skips::{Recorded, Skip};
use crate::store::{self, Store, Tx, due, orders, skips, tallies};
use crate::time::{Day, Stamp};

/// Rows of the due table read at once: what the driver holds of a row is several times the row.
const READ_AT_ONCE: i64 = 4_096;

/// Orders decided before the writer is looked after again: a fraction of what it takes to write
/// one statement's rows.
const DECIDED_AT_ONCE: usize = 64;

/// What one firing did.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Dispatch {
    pub(crate) opened: u64,
    pub(crate) skipped: u64,
    /// The first orders opened, for a door to tell.
    pub(crate) first: Vec<OrderKey>,
}

/// Home station and running number of an order.
pub(crate) type OrderKey = (String, i64);

/// Orders a pass remembers by key; a door tells these and counts the rest.
pub(crate) const TOLD_MAX: usize = 20;

/// A firing under way.
struct Run<'a> {
    store: &'a Store,
    live: &'a Live,
    workflow: &'a Workflow,
    trigger: &'a Trigger,
    now: Stamp,
    today: Day,
    /// Main officer of each grid.
    officers: BTreeMap<String, String>,
    /// Title of each station, for numbers.
    titles: Titles,
}

/// Opens an order for every subject whose issue date has come, and records why not for the rest.
///
/// # Source
/// Policy language, rules 6 to 8a.
pub(crate) async fn open_due(
    store: &Store,
    live: &Live,
    (workflow, trigger): (&str, &str),
    roster: &mut Roster,
    now: Stamp,
    stop: &AtomicBool,
) -> Result<Dispatch, Stop> {
    let Some(run) = Run::new(store, live, (workflow, trigger), now).await? else {
        return Ok(Dispatch::default());
    };
    let skipped = run.record_held(store).await?;
    let mut candidates = run.candidates(store).await?;
    dispatch::sort(&mut candidates, &run.trigger.pick, &live.policy, run.today);
    let unstaffed = staffing::unstaffed((&live.policy, run.workflow), roster, &candidates, run.today);
    run.record_unstaffed(store, &candidates, &unstaffed).await?;
    let skipped = skipped + unstaffed.len() as u64;
    if !unstaffed.is_empty() {
        let staffed: Vec<usize> = (0..candidates.len()).filter(|at| !unstaffed.contains_key(at)).collect();
        candidates = keep(candidates, &staffed);
    }
    let mut used = run.cap_use(store).await?;
    let capped = dispatch::share(&candidates, run.trigger.at_most, &mut used, |candidate| {
        run.trigger.at_most.and_then(|cap| cap_holder(cap.per, candidate, run.officer(candidate)))
    });
    run.record_deferred(store, &candidates, &capped.deferred).await?;
    let mut done = Dispatch { skipped: skipped + capped.deferred.len() as u64, ..Dispatch::default() };
    // What is written is let go; the rest waits as candidates, which are small beside orders.
    let mut taken = keep(candidates, &capped.taken).into_iter();
    let mut ready = run.batch(&mut taken, roster).await?;
    while !ready.openings.is_empty() && !stop.load(Ordering::Relaxed) {
        // While the database's thread writes one batch, this one decides the next.
        let (written, next) = tokio::join!(run.open(store, ready), run.batch(&mut taken, roster));
        let opened = written?;
        ready = next?;
        done.opened += opened.len() as u64;
        let room = TOLD_MAX - done.first.len();
        done.first.extend(opened.into_iter().take(room).map(|(home, order)| (home, order.seq)));
    }
    Ok(done)
}

/// Keeps the items at some places, given in ascending order.
fn keep<T>(items: Vec<T>, places: &[usize]) -> Vec<T> {
    let mut places = places.iter().copied().peekable();
    let is_kept = |(at, item)| places.next_if_eq(&at).map(|_| item);
    items.into_iter().enumerate().filter_map(is_kept).collect()
}

/// Orders that are opened in one transaction.
#[derive(Default)]
struct Batch {
    openings: Vec<orders::Opening>,
    /// Their rows of the due table.
    places: Vec<due::Place>,
}

impl<'a> Run<'a> {
    async fn new(
        store: &'a Store,
        live: &'a Live,
        (workflow, trigger): (&str, &str),
        now: Stamp,
    ) -> Result<Option<Self>, Stop> {
        let Some(workflow) = live.policy.workflow(workflow) else { return Ok(None) };
        let Some(trigger) = workflow.start.iter().find(|known| known.id == trigger) else { return Ok(None) };
        let mut reader = store.read().await?;
        let grids = bureau::list::<GridRecord>(&mut reader).await?;
        let titles = titles(&mut reader).await?;
        let officers = grids.into_iter().filter_map(|grid| Some((grid.id, grid.officer?))).collect();
        let today = now.day_in(live.policy.bureau.zone);
        Ok(Some(Self { store, live, workflow, trigger, now, today, officers, titles }))
    }

    fn names(&self) -> (&'a str, &'a str) {
        (&self.workflow.id, &self.trigger.id)
    }

    fn trigger_id(&self) -> TriggerId<&'a str> {
        TriggerId { workflow: &self.workflow.id, trigger: &self.trigger.id }
    }

    fn officer(&self, candidate: &Candidate) -> Option<&str> {
        self.officers.get(candidate.grid.as_deref()?).map(String::as_str)
    }

    async fn candidates(&self, store: &Store) -> Result<Vec<Candidate>, Stop> {
        // One reader, so that all pieces are of one moment.
        let mut reader = store.read().await?;
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let found =
                due::ready(&mut reader, self.names(), self.today, after.as_ref(), READ_AT_ONCE).await?;
            let Some(last) = found.last() else { return Ok(all) };
            after = Some(last.place());
            all.extend(found.into_iter().map(candidate));
        }
    }

    /// Records candidates that began to be held since the last firing; counts all that are.
    async fn record_held(&self, store: &Store) -> Result<u64, Stop> {
        let mut reader = store.read().await?;
        let mut after = None;
        loop {
            let limit = i64::try_from(ORDERS_PER_TRANSACTION).unwrap_or(i64::MAX);
            let new = due::newly_held(&mut reader, self.names(), self.today, after.as_ref(), limit).await?;
            let Some(last) = new.last() else { break };
            after = Some(last.place());
            let skips: Vec<Skip> = new
                .iter()
                .map(|row| {
                    self.skip(&row.home, &row.subject, row.nominal, row.held.clone().unwrap_or_default())
                })
                .collect();
            let mut tx = store.begin_on(skips.iter().map(|skip| skip.home.as_str())).await?;
            record_skips(&mut tx, &skips, Recorded::Once, self.now).await?;
            tx.commit().await?;
        }
        if after.is_some() {
            let mut tx = store.begin().await?;
            due::record_held(&mut tx, self.names(), self.today).await?;
            tx.commit().await?;
        }
        let held = due::held(&mut store.read().await?, self.names(), self.today).await?;
        Ok(held.into_iter().map(|(_, count)| u64::try_from(count).unwrap_or(0)).sum())
    }

    /// Records candidates over the cap, once a day; they stay due.
    async fn record_deferred(
        &self,
        store: &Store,
        all: &[Candidate],
        deferred: &[usize],
    ) -> Result<(), Stop> {
        for chunk in deferred.chunks(ORDERS_PER_TRANSACTION) {
            let skips: Vec<Skip> = chunk
                .iter()
                .map(|at| &all[*at])
                .map(|c| self.skip(&c.home, &c.subject, c.nominal, SkipReason::Cap.into_str().to_owned()))
                .collect();
            let mut tx = store.begin_on(skips.iter().map(|skip| skip.home.as_str())).await?;
            record_skips(&mut tx, &skips, Recorded::Daily, self.now).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Records candidates nobody could be sent to, once; they stay due, and the heads are told.
    async fn record_unstaffed(
        &self,
        store: &Store,
        all: &[Candidate],
        unstaffed: &BTreeMap<usize, NoPair>,
    ) -> Result<(), Stop> {
        let unstaffed: Vec<(&Candidate, &NoPair)> =
            unstaffed.iter().map(|(at, no_pair)| (&all[*at], no_pair)).collect();
        for chunk in unstaffed.chunks(ORDERS_PER_TRANSACTION) {
            let reason = SkipReason::NoValidPair.into_str();
            let skips: Vec<Skip> = chunk
                .iter()
                .map(|(c, _)| self.skip(&c.home, &c.subject, c.nominal, reason.to_owned()))
                .collect();
            let mut tx = store.begin_on(skips.iter().map(|skip| skip.home.as_str())).await?;
            let new = record_skips(&mut tx, &skips, Recorded::Once, self.now).await?;
            let new: Vec<(&Skip, &Candidate, &NoPair)> =
                new.into_iter().map(|at| (&skips[at], chunk[at].0, chunk[at].1)).collect();
            staffing::tell(&mut tx, (&self.live.policy, self.workflow), &new, self.now).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    fn skip(&self, home: &str, subject: &str, nominal: Day, reason: String) -> Skip {
        Skip {
            home: home.to_owned(),
            workflow: self.workflow.id.clone(),
            trigger: self.trigger.id.clone(),
            subject: subject.to_owned(),
            nominal: nominal.to_string(),
            reason,
            on_day: self.today,
        }
    }

    async fn cap_use(&self, store: &Store) -> Result<CapUse, Stop> {
        let Some(cap) = self.trigger.at_most else { return Ok(CapUse::new()) };
        let mut reader = store.read().await?;
        let period = period_name(cap, self.today);
        let counts = tallies::of_period(&mut reader, self.trigger_id(), per_name(cap.per), &period).await?;
        Ok(counts.into_iter().map(|(whom, count)| (whom, u32::try_from(count).unwrap_or(u32::MAX))).collect())
    }

    /// Opens one batch in one transaction: orders, terms, messages, cap counts, ledger; the due
    /// rows go with it.
    async fn open(&self, store: &Store, batch: Batch) -> Result<Vec<(String, OpenedOrder)>, Stop> {
        let policy = &self.live.policy;
        let common = OpenedCommon {
            workflow: self.workflow.id.clone(),
            trigger: self.trigger.id.clone(),
            subject_kind: SubjectKind::Subject.into_str().to_owned(),
            issued_at: self.now.to_string(),
            policy: policy.digest.to_string(),
            step: self.workflow.steps.first().map(|step| step.id.clone()).unwrap_or_default(),
        };
        let homes = batch.openings.iter().map(|opening| opening.home.as_str());
        let mut tx = store.begin_on(homes).await?;
        let opened = self.opener().write(&mut tx, &common, batch.openings, (&self.titles, ACTOR)).await?;
        due::delete_many(&mut tx, self.names(), &batch.places).await?;
        self.count(&mut tx, &opened.new).await?;
        self.mark_siblings(&mut tx, &opened.new).await?;
        tx.commit().await?;
        Ok(opened.new)
    }

    /// Decides the orders of the next transaction, giving way now and then to what is being written.
    async fn batch(
        &self,
        taken: &mut impl Iterator<Item = Candidate>,
        roster: &mut Roster,
    ) -> Result<Batch, Stop> {
        let taken = taken.take(ORDERS_PER_TRANSACTION);
        let expected = taken.size_hint().0;
        let mut batch =
            Batch { openings: Vec::with_capacity(expected), places: Vec::with_capacity(expected) };
        for (at, candidate) in taken.enumerate() {
            if at % DECIDED_AT_ONCE == 0 {
                tokio::task::yield_now().await;
            }
            let (home, subject) = (candidate.home.clone(), candidate.subject.clone());
            batch.places.push(due::Place { issue_on: candidate.issue_on, home, subject });
            batch.openings.push(self.opening(candidate, roster)?);
        }
        Ok(batch)
    }

    fn opening(&self, candidate: Candidate, roster: &mut Roster) -> Result<orders::Opening, Stop> {
        let officer = self.officer(&candidate).map(str::to_owned);
        let order = OpenedOrder {
            subject: candidate.subject,
            nominal: candidate.nominal.to_string(),
            station: candidate.station,
            grid: candidate.grid,
            officer,
            scheduled_for: candidate.issue_on.to_string(),
            due_on: candidate.due_on.to_string(),
            is_provisional: candidate.provisional,
            tier: Some(candidate.tier),
            score: Some(candidate.score),
            decision: Some(candidate.decision),
            ..OpenedOrder::default()
        };
        self.opener().open(&candidate.home, order, roster)
    }

    fn opener(&self) -> Opener<'a> {
        Opener { store: self.store, live: self.live, workflow: self.workflow, now: self.now }
    }

    /// Adds the opened orders to what the cap counts.
    async fn count(&self, tx: &mut Tx, opened: &[(String, OpenedOrder)]) -> Result<(), Stop> {
        let Some(cap) = self.trigger.at_most else { return Ok(()) };
        let period = period_name(cap, self.today);
        let mut counts = BTreeMap::new();
        for (_, order) in opened {
            let whom = match cap.per {
                CapPer::Officer => order.officer.as_deref(),
                CapPer::Grid => order.grid.as_deref(),
                CapPer::Station => Some(order.station.as_str()),
                CapPer::Subject => Some(order.subject.as_str()),
            };
            let Some(whom) = whom else { continue };
            let key = tallies::Key {
                workflow: self.workflow.id.clone(),
                trigger: self.trigger.id.clone(),
                per: per_name(cap.per).to_owned(),
                whom: whom.to_owned(),
                period: period.clone(),
            };
            *counts.entry(key).or_insert(0) += 1;
        }
        tallies::add_many(tx, &counts).await?;
        Ok(())
    }

    /// Marks the subjects where another trigger of this workflow must now wait for this order.
    async fn mark_siblings(&self, tx: &mut Tx, opened: &[(String, OpenedOrder)]) -> Result<(), Stop> {
        let is_sibling = |other: &&Trigger| other.id != self.trigger.id && other.recur.is_some();
        if !self.workflow.start.iter().any(|other| is_sibling(&other)) {
            return Ok(());
        }
        let keys: BTreeSet<(&str, &str)> =
            opened.iter().map(|(home, order)| (home.as_str(), order.subject.as_str())).collect();
        let keys: Vec<(std::sync::Arc<str>, &str)> =
            keys.into_iter().map(|(home, subject)| (std::sync::Arc::from(home), subject)).collect();
        store::marks::add_many(tx, &keys).await?;
        Ok(())
    }
}

/// Writes skips of one trigger that are new, and one ledger entry for each home station; returns their
/// positions.
pub(crate) async fn record_skips(
    tx: &mut Tx,
    all: &[Skip],
    often: Recorded,
    now: Stamp,
) -> Result<Vec<usize>, Stop> {
    let new = skips::record_many(tx, all, often).await?;
    let mut by_home: BTreeMap<&str, Vec<&Skip>> = BTreeMap::new();
    for skip in new.iter().map(|at| &all[*at]) {
        by_home.entry(&skip.home).or_default().push(skip);
    }
    let body = |(home, skips): (_, Vec<&Skip>)| {
        let first = *skips.first()?;
        let skipped = |skip: &&Skip| Skipped {
            subject: skip.subject.clone(),
            nominal: skip.nominal.clone(),
            reason: skip.reason.clone(),
        };
        let body = Body::Skipped {
            workflow: first.workflow.clone(),
            trigger: first.trigger.clone(),
            on: first.on_day.to_string(),
            candidates: skips.iter().map(skipped).collect(),
        };
        Some((home, body))
    };
    let bodies: Vec<(&str, Body)> = by_home.into_iter().filter_map(body).collect();
    let bodies: Vec<(&str, &Body)> = bodies.iter().map(|(home, body)| (*home, body)).collect();
    store::ledger::append_many(tx, ACTOR, &bodies, now).await?;
    Ok(new)
}

fn candidate(row: due::Row) -> Candidate {
    Candidate {
        home: row.home,
        subject: row.subject,
        nominal: row.nominal,
        due_on: row.due_on,
        issue_on: row.issue_on,
        provisional: row.is_provisional,
        station: row.station,
        grid: row.grid,
        tier: row.tier,
        score: row.score,
        decision: row.decision,
    }
}

const fn per_name(per: CapPer) -> &'static str {
    match per {
        CapPer::Officer => "officer",
        CapPer::Grid => "grid",
        CapPer::Station => "station",
        CapPer::Subject => "subject",
    }
}

/// Names the local calendar period that a day lies in.
fn period_name(cap: Cap, day: Day) -> String {
    let (first, _) = cap_period(cap.period, day);
    let form = match cap.period {
        CapPeriod::Day | CapPeriod::Week => "%Y-%m-%d",
        CapPeriod::Month => "%Y-%m",
        CapPeriod::Year => "%Y",
    };
    first.format(form).to_string()
}
