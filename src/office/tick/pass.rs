//! One whole pass: appraise what may have changed, evaluate the firings, open what is due.

use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::engine::{Refusal, RefusalCode};
use crate::ledger::Body;
use crate::office::appraisal::appraise::appraise_marked;
use crate::office::appraisal::quarantine;
use crate::office::live::{ACTOR, in_force, last_tick};
use crate::office::opening::dispatch::{Dispatch, open_due};
use crate::office::opening::undated::open_periodic;
use crate::office::outbox::{address, directory};
use crate::office::signals::carry;
use crate::office::tick::fire_terms::ring;
use crate::office::{ActContext, Live, Quarantine, Stop};
use crate::people::Roster;
use crate::policy::{MissedMode, Policy, Trigger, Workflow};
use crate::schedule::{self, FiringOutcome, Interval};
use crate::store::{self, Store, meta, occurrences, people, signals, terms, watermarks};
use crate::time::{Stamp, Tz};

/// What a pass did.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct TickReport {
    pub now: String,
    #[serde(skip)]
    pub at: Stamp,
    #[serde(skip)]
    pub first: Vec<(String, i64)>,
    pub occurrences: Vec<Firing>,
    pub appraised: u64,
    pub opened: u64,
    pub merged: u64,
    pub skipped: u64,
    pub undecided: u64,
    pub quarantine: Option<Quarantine>,
    pub escalated: u64,
    pub notified: u64,
}

/// One firing of one trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Firing {
    /// `workflow/trigger`.
    pub trigger: String,
    /// The instant meant, local.
    pub nominal: String,
    /// `fired`, `caught-up`, `missed` or `skipped`.
    pub outcome: &'static str,
    /// Why, when it did not simply fire.
    pub reason: Option<&'static str>,
}

/// Makes one pass at `now`.
///
/// # Errors
/// [`Stop`] when `now` lies before the last pass (rule 6), or the database refuses. What was
/// committed before stays; the next pass goes on from there and opens nothing twice.
///
/// # Source
/// Policy language, rules 5a to 8a.
pub async fn tick(store: &Store, live: &Live, now: Stamp, stop: &AtomicBool) -> Result<TickReport, Stop> {
    let report = pass(store, live, now, stop).await?;
    if stop.load(Ordering::Relaxed) {
        return Ok(report);
    }
    let cx = ActContext::new(store, live, now);
    address(cx, &directory(cx).await?).await?;
    let mut tx = store.begin().await?;
    meta::set(&mut tx, meta::LAST_TICK, &now.to_string()).await?;
    tx.commit().await?;
    Ok(report)
}

/// Does all of a tick but its last deed: nobody is told yet, and its moment is not kept.
///
/// # Errors
/// As [`tick`].
pub async fn pass(store: &Store, live: &Live, now: Stamp, stop: &AtomicBool) -> Result<TickReport, Stop> {
    let zone = live.policy.bureau.zone;
    let last = last_tick(store).await?;
    if let Some(last) = last.filter(|last| now < *last) {
        let refusal = Refusal::new(RefusalCode::BeforeLastTick)
            .with("at", now.rfc3339_in(zone))
            .with("last", last.rfc3339_in(zone));
        return Err(refusal.into());
    }
    begin_time(store, live, now, last).await?;
    let cx = ActContext::new(store, live, now);
    carry::carry(cx).await?;
    let rung = ring(store, live, now).await?;
    let appraised = appraise_marked(cx, stop).await?;
    let mut report = TickReport {
        now: now.rfc3339_in(zone),
        at: now,
        first: Vec::new(),
        occurrences: Vec::new(),
        appraised: appraised.appraised,
        opened: 0,
        merged: 0,
        skipped: 0,
        undecided: appraised.undecided,
        quarantine: quarantine::of(&mut store.read().await?, &live.policy).await?,
        escalated: rung.escalated,
        notified: rung.notified,
    };
    let mut roster = people::roster(&mut store.read().await?).await?;
    for workflow in &live.policy.workflows {
        let serving = in_force(store, live, workflow, now.day_in(zone)).await?;
        let text = serving.as_deref().and_then(|serving| serving.policy.workflow(&workflow.id));
        for trigger in &text.unwrap_or(workflow).start {
            let firing = Due { workflow: text.unwrap_or(workflow), trigger, serving: serving.as_deref() };
            let pass = Pass { roster: &mut roster, report: &mut report, stop };
            evaluate(store, live, &firing, now, pass).await?;
        }
    }
    Ok(report)
}

/// Key of the newest `tick --accept-clock`.
const CLOCK_ACCEPTED: &str = "clock_accepted";

/// Accepts the clock as it is: what was done up to a later moment no longer holds dispatch.
pub async fn accept_clock(store: &Store, now: Stamp) -> Result<(), Stop> {
    let mut tx = store.begin().await?;
    meta::set(&mut tx, CLOCK_ACCEPTED, &now.to_string()).await?;
    let last = meta::get(&mut tx, meta::LAST_TICK).await?.and_then(|text| text.parse::<Stamp>().ok());
    // Only ever back: what lies between an earlier pass and now has not been done by accepting it.
    if last.is_some_and(|last| last > now) {
        meta::set(&mut tx, meta::LAST_TICK, &now.to_string()).await?;
    }
    let marks = watermarks::list(&mut tx).await?;
    for mark in marks.into_iter().filter(|mark| mark.at > now) {
        watermarks::set(&mut tx, &watermarks::Watermark { at: now, ..mark }).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Returns the moment of the newest accepted clock.
pub async fn clock_accepted(store: &Store) -> Result<Option<Stamp>, Stop> {
    let found = meta::get(&mut store.read().await?, CLOCK_ACCEPTED).await?;
    Ok(found.and_then(|text| text.parse().ok()))
}

/// Returns whether a pass at `now` would find anything to do.
pub async fn is_due(store: &Store, live: &Live, now: Stamp) -> Result<bool, Stop> {
    let zone = live.policy.bureau.zone;
    let mut reader = store.read().await?;
    let last = meta::get(&mut reader, meta::LAST_TICK).await?.and_then(|text| text.parse::<Stamp>().ok());
    let Some(last) = last else { return Ok(true) };
    if last.day_in(zone) != now.day_in(zone)
        || store::marks::count(&mut reader).await? > 0
        || !terms::firing(&mut reader, now, 1).await?.is_empty()
        || !signals::waiting(&mut reader, now, 1).await?.is_empty()
    {
        return Ok(true);
    }
    let marks = watermarks::list(&mut reader).await?;
    drop(reader);
    for workflow in &live.policy.workflows {
        let serving = in_force(store, live, workflow, now.day_in(zone)).await?;
        let text = serving.as_deref().and_then(|serving| serving.policy.workflow(&workflow.id));
        let workflow = text.unwrap_or(workflow);
        let fires = |trigger| {
            let due = Due { workflow, trigger, serving: serving.as_deref() };
            !due.occurrences(live, &marks, now).is_empty()
        };
        if workflow.start.iter().any(fires) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A trigger by the text that serves it now; none serves a workflow that was never in force.
struct Due<'a> {
    workflow: &'a Workflow,
    trigger: &'a Trigger,
    serving: Option<&'a Live>,
}

impl Due<'_> {
    /// Returns the instants since its watermark, and not before the text was in force.
    fn occurrences(&self, live: &Live, marks: &[watermarks::Watermark], now: Stamp) -> Vec<Stamp> {
        let Self { workflow, trigger, serving } = self;
        let zone = live.policy.bureau.zone;
        let mark = marks.iter().find(|mark| mark.workflow == workflow.id && mark.trigger == trigger.id);
        let mark = mark.map_or(now, |mark| mark.at);
        let first = Stamp::from_micros(Stamp::day_start(workflow.effective, zone).micros() - 1);
        let after = if serving.is_some() { mark.max(first) } else { mark };
        occurrences_of(&live.policy, trigger, after, now)
    }
}

fn occurrences_of(policy: &Policy, trigger: &Trigger, after: Stamp, until: Stamp) -> Vec<Stamp> {
    let interval = Interval { after, until };
    schedule::occurrences(&trigger.cron, trigger.workdays_only, policy.local_calendar(), interval)
}

/// Gives every trigger its watermark: at the very first pass the start of that day, so that the
/// day's firing still happens; later the moment, so that an edit never fires the past.
async fn begin_time(store: &Store, live: &Live, now: Stamp, last: Option<Stamp>) -> Result<(), Stop> {
    let zone = live.policy.bureau.zone;
    let known = watermarks::list(&mut store.read().await?).await?;
    let is_known = |workflow: &str, trigger: &str| {
        known.iter().any(|mark| mark.workflow == workflow && mark.trigger == trigger)
    };
    let starts_at = match last {
        // A firing at midnight is that day's, so the mark stands just before it.
        None => Stamp::from_micros(Stamp::day_start(now.day_in(zone), zone).micros() - 1),
        Some(_) => now,
    };
    let new = live.policy.workflows.iter().flat_map(|workflow| {
        workflow.start.iter().map(move |trigger| (workflow.id.clone(), trigger.id.clone()))
    });
    let new: Vec<_> = new.filter(|(workflow, trigger)| !is_known(workflow, trigger)).collect();
    if new.is_empty() {
        return Ok(());
    }
    let mut tx = store.begin().await?;
    for (workflow, trigger) in new {
        let mark = watermarks::Watermark { workflow, trigger, starts_at, at: starts_at };
        watermarks::set(&mut tx, &mark).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What the triggers of one pass share.
struct Pass<'a> {
    /// The people, with the duties they were given in this pass.
    roster: &'a mut Roster,
    report: &'a mut TickReport,
    stop: &'a AtomicBool,
}

/// Evaluates the firings of one trigger up to `now`, each ending in a record.
async fn evaluate(store: &Store, live: &Live, due: &Due<'_>, now: Stamp, pass: Pass<'_>) -> Result<(), Stop> {
    let Pass { roster, report, stop } = pass;
    let Due { workflow, trigger, serving } = due;
    let zone = live.policy.bureau.zone;
    let marks = watermarks::list(&mut store.read().await?).await?;
    let found = due.occurrences(live, &marks, now);
    let firings = schedule::evaluate(trigger.missed, &found, now, live.policy.local_calendar());
    let (mut waiting, mut skipped) = (Vec::new(), 0);
    for firing in &firings {
        let mut told = told(workflow, trigger, firing, &firings, zone);
        let mut done = Dispatch::default();
        match serving {
            _ if !firing.outcome.fires() => {}
            None => told = Firing { outcome: "skipped", reason: Some("not-in-force"), ..told },
            Some(serving) => {
                // What was only recorded before goes first, so that the watermark never passes it.
                write_records(store, workflow, trigger, &mut waiting, now).await?;
                let names = (workflow.id.as_str(), trigger.id.as_str());
                done = match trigger.recur {
                    Some(_) => open_due(store, serving, names, roster, now, stop).await?,
                    None => open_periodic(store, serving, names, firing.nominal, now, stop).await?,
                };
            }
        }
        report.opened += done.opened;
        report.first.extend(done.first);
        if stop.load(Ordering::Relaxed) {
            // Cut short: not recorded, so that the next pass takes what is left of it.
            return Ok(());
        }
        // Two firings of one pass meet the same candidates, under the same keys.
        skipped = if trigger.recur.is_some() { skipped.max(done.skipped) } else { skipped + done.skipped };
        report.occurrences.push(told.clone());
        waiting.push((firing.nominal, told, done.opened));
    }
    report.skipped += skipped;
    write_records(store, workflow, trigger, &mut waiting, now).await
}

fn told(
    workflow: &Workflow,
    trigger: &Trigger,
    firing: &schedule::Firing,
    all: &[schedule::Firing],
    zone: Tz,
) -> Firing {
    let is_superseded = || all.iter().any(|other| other.nominal > firing.nominal && other.outcome.fires());
    let (outcome, reason) = match (firing.outcome, trigger.missed.mode) {
        (FiringOutcome::Fire, _) => ("fired", None),
        (FiringOutcome::Missed { caught_up: true }, _) => ("caught-up", None),
        (FiringOutcome::Missed { caught_up: false }, MissedMode::None) => ("missed", Some("policy-none")),
        (FiringOutcome::Missed { caught_up: false }, MissedMode::Once) if is_superseded() => {
            ("missed", Some("superseded"))
        }
        (FiringOutcome::Missed { caught_up: false }, MissedMode::Once | MissedMode::All) => {
            ("missed", Some("window"))
        }
    };
    Firing {
        trigger: format!("{}/{}", workflow.id, trigger.id),
        nominal: firing.nominal.rfc3339_in(zone),
        outcome,
        reason,
    }
}

/// Records firings and moves the trigger's watermark past the last of them, in one transaction.
async fn write_records(
    store: &Store,
    workflow: &Workflow,
    trigger: &Trigger,
    waiting: &mut Vec<(Stamp, Firing, u64)>,
    now: Stamp,
) -> Result<(), Stop> {
    let Some((at, ..)) = waiting.last().cloned() else { return Ok(()) };
    let mut tx = store.begin_on([""]).await?;
    for (nominal, told, opened) in waiting.drain(..) {
        let opened = i64::try_from(opened).unwrap_or(i64::MAX);
        let occurrence = occurrences::Occurrence {
            workflow: workflow.id.clone(),
            trigger: trigger.id.clone(),
            nominal,
            outcome: told.outcome.to_owned(),
            reason: told.reason.map(str::to_owned),
            at: now,
            opened,
        };
        occurrences::record(&mut tx, &occurrence).await?;
        let body = Body::Occurrence {
            workflow: occurrence.workflow,
            trigger: occurrence.trigger,
            nominal: nominal.to_string(),
            outcome: occurrence.outcome,
            reason: occurrence.reason,
            opened,
        };
        store::ledger::append(&mut tx, "", ACTOR, &body, now).await?;
    }
    let known = watermarks::list(&mut tx).await?;
    let is_this = |mark: &&watermarks::Watermark| mark.workflow == workflow.id && mark.trigger == trigger.id;
    let starts_at = known.iter().find(is_this).map_or(now, |mark| mark.starts_at);
    let (workflow, trigger) = (workflow.id.clone(), trigger.id.clone());
    watermarks::set(&mut tx, &watermarks::Watermark { workflow, trigger, starts_at, at }).await?;
    tx.commit().await?;
    Ok(())
}
