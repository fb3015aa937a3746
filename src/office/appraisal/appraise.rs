//! Appraising subjects whose answer may no longer hold, and nobody else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::appraise::{self, Appraisal, NextState, Previous};
use crate::engine::{Refusal, RefusalCode};
use crate::ledger::{AppraisalChange, Body};
use crate::office::appraisal::quarantine;
use crate::office::live::{ACTOR, last_tick};
use crate::office::signal_notes;
use crate::office::{Live, Stop};
use crate::policy::TierIx;
use crate::register::Subject;
use crate::store::reading::Found;
use crate::store::{self, Reader, Reads, Store, Tx, appraisals, decisions, due, marks, reading};
use crate::time::{Day, Stamp};

/// Subjects appraised in one transaction: enough to make the commit cheap, few enough to keep
/// memory flat.
const BATCH: i64 = 10_000;

/// What a pass of appraisal did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Appraised {
    /// Subjects asked about.
    pub(crate) appraised: u64,
    /// Those among them without an answer.
    pub(crate) undecided: u64,
}

/// Appraises every subject that is marked, or whose answer time alone may have changed.
///
/// # Source
/// Ground rule 12 of the design: nobody is rescanned every night, and nobody is missed.
pub(crate) async fn appraise_marked(
    store: &Store,
    live: &Live,
    now: Stamp,
    stop: &AtomicBool,
) -> Result<Appraised, Stop> {
    let today = now.day_in(live.policy.bureau.zone);
    let mut tx = store.begin().await?;
    marks::add_changing(&mut tx, today).await?;
    tx.commit().await?;
    let mut done = Appraised::default();
    loop {
        let mut tx = store.begin().await?;
        let batch = reading::marked(&mut tx, &live.policy, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(done) };
        let (home, id) = (last.subject.home.clone(), last.subject.id.clone());
        let decided = policies(&mut tx, &batch).await?;
        let (subjects, before) = split(live, batch, &decided);
        let quarantined = quarantine::of(&mut tx, &live.policy).await?.is_some();
        let mut answers = ask(live, &subjects, &before, (today, quarantined), stop);
        if stop.load(Ordering::Relaxed) {
            // Answers given while stopping are no verdicts; the marks stay and are taken up next time.
            return Ok(done);
        }
        if !quarantined && quarantine::judge(&mut tx, live, &answers, now).await? {
            answers = ask(live, &subjects, &before, (today, true), stop);
        }
        done.appraised += subjects.len() as u64;
        done.undecided += answers.iter().filter(|answer| answer.undecided.is_some()).count() as u64;
        save(&mut tx, live, &subjects, &before, &answers, now).await?;
        marks::clear_until(&mut tx, &home, &id).await?;
        tx.commit().await?;
    }
}

/// Appraises subjects as of a day without storing anything.
///
/// With `before`, stored appraisals are of the past of that day, and what they raised stays.
pub(crate) async fn appraise_now(
    at: &mut impl Reads,
    live: &Live,
    found: Vec<Found>,
    day: Day,
    with_before: bool,
) -> Result<(Vec<Subject>, Vec<Appraisal>), Stop> {
    let decided = policies(at, &found).await?;
    let (subjects, before) = split(live, found, &decided);
    let before = if with_before { before } else { vec![None; subjects.len()] };
    let quarantined = quarantine::of(at, &live.policy).await?.is_some();
    let answers = ask(live, &subjects, &before, (day, quarantined), &AtomicBool::new(false));
    Ok((subjects, answers))
}

/// Parts what was found into subjects and what was last appraised of them.
///
/// `policies` gives the policy each decision was made under, by the decision's id.
fn split(
    live: &Live,
    found: Vec<Found>,
    policies: &BTreeMap<String, String>,
) -> (Vec<Subject>, Vec<Option<Previous>>) {
    let previous = |said: appraisals::Said| {
        let decided = said.decision.as_ref().and_then(|id| policies.get(id));
        Previous {
            tier: said.tier.as_deref().and_then(|tier| live.policy.tier(tier)).map(|(at, _)| at),
            score: said.score.and_then(|score| score.parse().ok()),
            next: serde_json::from_str(&said.next).unwrap_or_default(),
            is_other_policy: decided.is_none_or(|policy| *policy != live.policy.digest.to_string()),
        }
    };
    found.into_iter().map(|found| (found.subject, found.before.map(previous))).unzip()
}

/// Returns the policy under which each decision found was made.
pub(crate) async fn policies(at: &mut impl Reads, found: &[Found]) -> Result<BTreeMap<String, String>, Stop> {
    let ids: BTreeSet<&str> =
        found.iter().filter_map(|found| found.before.as_ref()?.decision.as_deref()).collect();
    let bodies = decisions::find_many(at, ids.into_iter()).await?;
    let policy = |body: &str| {
        let body: serde_json::Value = serde_json::from_str(body).ok()?;
        Some(body.get("policy")?.as_str()?.to_owned())
    };
    Ok(bodies.into_iter().filter_map(|(id, body)| Some((id, policy(&body)?))).collect())
}

fn ask(
    live: &Live,
    subjects: &[Subject],
    before: &[Option<Previous>],
    (day, quarantined): (Day, bool),
    stop: &AtomicBool,
) -> Vec<Appraisal> {
    let ask = if quarantined { appraise::appraise_in_quarantine } else { appraise::appraise };
    ask(appraise::Basis { policy: &live.policy, rules: &live.rules, day }, subjects, before, stop)
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
        answers.iter().map(|answer| (answer.decision.id.as_str(), answer.decision.body.as_str())).collect();
    let decided: Vec<(&str, &str)> = decided.into_iter().collect();
    decisions::add_many(tx, &decided).await?;
    let rows: Vec<appraisals::Row> =
        subjects.iter().zip(answers).map(|(subject, answer)| row(live, subject, answer, today)).collect();
    appraisals::save_many(tx, &rows).await?;
    record(tx, live, subjects, before, answers, now).await
}

/// Puts one appraisal into the store's words.
pub(crate) fn row(live: &Live, subject: &Subject, answer: &Appraisal, today: Day) -> appraisals::Row {
    let tier = answer.tier.map(|tier| live.policy.tiers.order[tier.ix()].id.clone());
    let score = answer.score.map(|score| score.to_string());
    let decision = answer.decision.id.clone();
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
            decision: decision.clone(),
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
            decision: Some(decision),
            undecided: answer.undecided.as_ref().map(|fault| quarantine::cause(&live.policy, fault)),
            decided_on: today,
            changes_on: answer.changes_on,
            next: serde_json::to_string(&answer.next).unwrap_or_default(),
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
        let name = |tier: TierIx| live.policy.tiers.order[tier.ix()].id.clone();
        let from = before.as_ref().and_then(|before| before.tier).map(name);
        let to = answer.tier.map(name);
        let raised = answer.next.iter().find_map(|next| match &next.state {
            NextState::Due { dates, raised: true } if dates.issue_on == today => Some(dates.due.to_string()),
            _ => None,
        });
        if from != to || raised.is_some() {
            by_home.entry(&subject.home).or_default().push(AppraisalChange {
                subject: subject.id.clone(),
                from,
                to,
                decision: Some(answer.decision.id.clone()),
                raised,
            });
        }
    }
    // A first appraisal is no change.
    let changed =
        by_home.values().flatten().filter(|change| change.from.is_some() && change.from != change.to);
    let changed: Vec<(&str, Option<&str>)> =
        changed.map(|change| (change.subject.as_str(), change.to.as_deref())).collect();
    signal_notes::tiers_changed(tx, live, &changed, now).await?;
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

/// Finds a subject by its id.
pub(crate) async fn find_subject(reader: &mut Reader, live: &Live, id: &str) -> Result<Found, Stop> {
    let found = reading::find(reader, &live.policy, id).await?;
    found.ok_or_else(|| Refusal::new(RefusalCode::NoSuchSubject).with("subject", id).into())
}

/// Returns whether stored appraisals are of the past of `day`; what a later pass decided is not
/// known on an earlier day.
pub(crate) async fn knows_before(store: &Store, live: &Live, day: Day) -> Result<bool, Stop> {
    let last = last_tick(store).await?;
    Ok(last.is_some_and(|last| last.day_in(live.policy.bureau.zone) <= day))
}
