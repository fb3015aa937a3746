//! Appraising subjects whose answer may no longer hold, and nobody else.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use super::tick::ACTOR;
use super::{Live, Stop};
use crate::appraise::{self, Appraisal, NextState, Previous};
use crate::ledger::{AppraisalChange, Body};
use crate::register::Subject;
use crate::store::reading::Found;
use crate::store::{self, Store, Tx, appraisals, decisions, due, marks, reading, terms};
use crate::time::{Day, Stamp};

/// Subjects appraised in one transaction: enough to make the commit cheap, few enough to keep
/// memory flat.
const BATCH: i64 = 10_000;

/// What a pass of appraisal did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Appraised {
    /// Subjects asked about.
    pub appraised: u64,
    /// Those among them without an answer.
    pub undecided: u64,
}

/// Appraises every subject that is marked, or whose answer time alone may have changed.
///
/// # Source
/// Ground rule 12 of the design: nobody is rescanned every night, and nobody is missed.
pub async fn appraise_marked(
    store: &Store,
    live: &Live,
    now: Stamp,
    stop: &AtomicBool,
) -> Result<Appraised, Stop> {
    let today = now.day_in(live.policy.bureau.zone);
    let mut tx = store.begin().await?;
    marks::add_changing(&mut tx, today).await?;
    end_windows(&mut tx, now).await?;
    tx.commit().await?;
    let mut done = Appraised::default();
    loop {
        let mut tx = store.begin().await?;
        let batch = reading::marked(&mut tx, &live.policy, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(done) };
        let (home, id) = (last.subject.home.clone(), last.subject.id.clone());
        let (subjects, before) = split(batch);
        let answers = ask(live, &subjects, &before, today, stop);
        done.appraised += subjects.len() as u64;
        done.undecided += answers.iter().filter(|answer| answer.undecided.is_some()).count() as u64;
        save(&mut tx, live, &subjects, &before, &answers, now).await?;
        marks::clear_until(&mut tx, &home, &id).await?;
        tx.commit().await?;
        if stop.load(std::sync::atomic::Ordering::Relaxed) {
            return Ok(done);
        }
    }
}

/// Marks the subjects of orders whose window has ended: from the next day they are overdue, and
/// rules may read that.
async fn end_windows(tx: &mut Tx, now: Stamp) -> Result<(), Stop> {
    loop {
        let ended = terms::firing_windows(tx, now, BATCH).await?;
        if ended.is_empty() {
            return Ok(());
        }
        marks::add_of_orders(tx, &ended).await?;
        terms::fire_many(tx, &ended, now).await?;
    }
}

/// Appraises subjects as of a day without storing anything.
pub fn appraise_now(live: &Live, found: Vec<Found>, day: Day, with_before: bool) -> (Vec<Subject>, Vec<Appraisal>) {
    let (subjects, before) = split(found);
    let before = if with_before { before } else { vec![None; subjects.len()] };
    let answers = ask(live, &subjects, &before, day, &AtomicBool::new(false));
    (subjects, answers)
}

fn split(found: Vec<Found>) -> (Vec<Subject>, Vec<Option<Previous>>) {
    found.into_iter().map(|found| (found.subject, found.before.map(previous))).unzip()
}

fn previous(said: appraisals::Said) -> Previous {
    Previous::read(said.tier, said.score, said.decision, &said.next)
}

fn ask(
    live: &Live,
    subjects: &[Subject],
    before: &[Option<Previous>],
    day: Day,
    stop: &AtomicBool,
) -> Vec<Appraisal> {
    appraise::appraise(&live.policy, &live.rules, subjects, before, day, stop)
}

/// Stores appraisals with their due rows, the decisions behind them and the changes they are.
async fn save(
    tx: &mut Tx,
    live: &Live,
    subjects: &[Subject],
    before: &[Option<Previous>],
    answers: &[Appraisal],
    now: Stamp,
) -> Result<(), Stop> {
    let today = now.day_in(live.policy.bureau.zone);
    let decided: BTreeMap<&str, &str> =
        answers.iter().filter_map(|a| a.decision.as_ref()).map(|d| (d.id.as_str(), d.body.as_str())).collect();
    let decided: Vec<(&str, &str)> = decided.into_iter().collect();
    decisions::add_many(tx, &decided).await?;
    let rows: Vec<appraisals::Row> =
        subjects.iter().zip(answers).map(|(subject, answer)| row(live, subject, answer, today)).collect();
    appraisals::save_many(tx, &rows).await?;
    record(tx, live, subjects, before, answers, now).await
}

/// Puts one appraisal into the store's words.
pub(super) fn row(live: &Live, subject: &Subject, answer: &Appraisal, today: Day) -> appraisals::Row {
    let tier = answer.tier.map(|tier| live.policy.tiers.order[tier.ix()].id.clone());
    let score = answer.score.map(|score| score.to_string());
    let decision = answer.decision.as_ref().map(|decision| decision.id.clone());
    let due = live.policy.recurring().zip(&answer.next).filter_map(|((workflow, trigger, _), next)| {
        let NextState::Due { dates, .. } = &next.state else { return None };
        Some(due::Row {
            home: subject.home.clone(),
            subject: subject.id.clone(),
            workflow: workflow.id.clone(),
            trigger: trigger.id.clone(),
            issue_on: dates.issue_on,
            nominal: dates.nominal,
            due_on: dates.due,
            is_provisional: dates.provisional,
            station: subject.station.clone(),
            grid: subject.grid.clone(),
            tier: tier.clone().unwrap_or_default(),
            score: score.clone().unwrap_or_default(),
            decision: decision.clone().unwrap_or_default(),
            held: next.held.map(|reason| reason.name().to_owned()),
        })
    });
    appraisals::Row {
        home: subject.home.clone(),
        subject: subject.id.clone(),
        due: due.collect(),
        said: appraisals::Said {
            tier,
            score,
            decision,
            undecided: answer.undecided.as_ref().map(|fault| fault.code.id.to_owned()),
            decided_on: today,
            changes_on: answer.changes_on,
            next: appraise::write_next(&answer.next),
        },
    }
}

/// Records tiers that changed and due dates that were raised, one entry for each home station.
async fn record(
    tx: &mut Tx,
    live: &Live,
    subjects: &[Subject],
    before: &[Option<Previous>],
    answers: &[Appraisal],
    now: Stamp,
) -> Result<(), Stop> {
    let today = now.day_in(live.policy.bureau.zone);
    let mut by_home: BTreeMap<&str, Vec<AppraisalChange>> = BTreeMap::new();
    for ((subject, before), answer) in subjects.iter().zip(before).zip(answers) {
        let from = before.as_ref().and_then(|before| before.tier.clone());
        let to = answer.tier.map(|tier| live.policy.tiers.order[tier.ix()].id.clone());
        let raised = answer.next.iter().find_map(|next| match &next.state {
            NextState::Due { dates, raised: Some(on) } if *on == today => Some(dates.due.to_string()),
            _ => None,
        });
        if from != to || raised.is_some() {
            by_home.entry(&subject.home).or_default().push(AppraisalChange {
                subject: subject.id.clone(),
                from,
                to,
                decision: answer.decision.as_ref().map(|decision| decision.id.clone()),
                raised,
            });
        }
    }
    let policy = live.policy.digest.to_string();
    let bodies: Vec<(&str, Body)> = by_home
        .into_iter()
        .map(|(home, changes)| {
            (home, Body::AppraisalsChanged { on: today.to_string(), policy: policy.clone(), changes })
        })
        .collect();
    let bodies: Vec<(&str, &Body)> = bodies.iter().map(|(home, body)| (*home, body)).collect();
    store::ledger::append_many(tx, ACTOR, &bodies, now).await?;
    Ok(())
}
