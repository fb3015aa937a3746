//! Appraising subjects whose answer may no longer hold, and nobody else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::appraise::{self, Appraisal, NextState, Previous};
use crate::dispatch::DueCandidate;
use crate::engine::{Refusal, RefusalCode};
use crate::id::TriggerId;
use crate::ledger::{AppraisalChange, Body};
use crate::office::active_release::{ACTOR, last_tick};
use crate::office::appraisal::quarantine;
use crate::office::signal_notes;
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::policy::TierIx;
use crate::register::Subject;
use crate::store::due::DueRow;
use crate::store::reading::{AppraisedSubject, SubjectKey};
use crate::store::{self, ReadTx, Reads, Store, Tx, appraisals, decisions, reading, reappraisals};
use crate::time::Day;

/// Subjects appraised in one transaction: enough to make the commit cheap, few enough to keep
/// memory flat.
const BATCH: i64 = 10_000;

/// What a pass of appraisal did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct AppraisalReport {
    /// Subjects asked about.
    pub(crate) appraised: u64,
    /// Those among them without an answer.
    pub(crate) undecided: u64,
}

/// Appraises every subject that is marked, or whose answer time alone may have changed.
///
/// # Source
/// Ground rule 12 of the design: nobody is rescanned every night, and nobody is missed.
pub(crate) async fn appraise_marked(cx: ActContext<'_>, stop: &AtomicBool) -> Answer<AppraisalReport> {
    let mut tx = cx.store.begin().await?;
    reappraisals::add_changing(&mut tx, cx.today).await?;
    tx.commit().await?;
    let mut done = AppraisalReport::default();
    loop {
        // The rules are asked before the transaction: while one writes, everybody else waits.
        let mut reader = cx.store.read().await?;
        let entries = store::ledger::entries(&mut reader).await?;
        let Some(mut asked) = AskedBatch::ask(cx, &mut reader, stop).await? else { return Ok(done) };
        drop(reader);
        let mut tx = cx.store.begin().await?;
        if tx.entries() != entries {
            // Somebody wrote meanwhile. What is asked of most is the same, and is remembered.
            let Some(anew) = AskedBatch::ask(cx, &mut tx, stop).await? else { return Ok(done) };
            asked = anew;
        }
        let AskedBatch { mut batch, mut answers, last } = asked;
        if stop.load(Ordering::Relaxed) {
            // Answers given while stopping are no verdicts; the marks stay and are taken up next time.
            return Ok(done);
        }
        // The bureau's own chain says so when the rules go into quarantine.
        let homes = batch.subjects.iter().map(|subject| subject.home.as_str());
        tx.lock_chains(homes.chain([""])).await?;
        if !batch.is_quarantined && quarantine::judge(cx, &mut tx, &answers).await? {
            batch.is_quarantined = true;
            answers = ask(cx.live, &batch, stop);
        }
        done.appraised += batch.subjects.len() as u64;
        done.undecided += answers.iter().filter(|answer| answer.undecided.is_some()).count() as u64;
        save(cx, &mut tx, &batch, &answers).await?;
        reappraisals::clear_until(&mut tx, &last.home, &last.id).await?;
        tx.commit().await?;
    }
}

/// The first subjects that are marked, and what the rules say of them.
struct AskedBatch {
    batch: AppraisalBatch,
    answers: Vec<Appraisal>,
    /// The last of them.
    last: SubjectKey,
}

impl AskedBatch {
    /// Reads the first that are marked, and asks; nothing when nobody is.
    async fn ask(cx: ActContext<'_>, at: &mut impl Reads, stop: &AtomicBool) -> Answer<Option<Self>> {
        let found = reading::marked(at, cx.policy(), BATCH).await?;
        let Some(last) = found.last() else { return Ok(None) };
        let last = SubjectKey { home: last.subject.home.clone(), id: last.subject.id.clone() };
        let decided = policies(at, &found).await?;
        let as_of = AppraisalDay { day: cx.today, with_before: true };
        let (subjects, before) = split(cx.live, found, &decided, as_of);
        let is_quarantined = quarantine::of(at, cx.policy()).await?.is_some();
        let batch = AppraisalBatch { subjects, before, day: cx.today, is_quarantined };
        let answers = ask(cx.live, &batch, stop);
        Ok(Some(Self { batch, answers, last }))
    }
}

/// The day that subjects are appraised as of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AppraisalDay {
    pub(crate) day: Day,
    /// Whether stored appraisals are of the past of that day, so that what they raised stays; what a
    /// later pass decided is not known on an earlier day.
    pub(crate) with_before: bool,
}

impl AppraisalDay {
    /// Finds out whether stored appraisals are of the past of a day.
    pub(crate) async fn of(store: &Store, live: &ActiveRelease, day: Day) -> Answer<Self> {
        let last = last_tick(store).await?;
        let with_before = last.is_some_and(|last| last.day_in(live.policy.bureau.zone) <= day);
        Ok(Self { day, with_before })
    }
}

/// Subjects that are asked about together, each with what was last appraised of it.
struct AppraisalBatch {
    subjects: Vec<Subject>,
    before: Vec<Option<Previous>>,
    day: Day,
    is_quarantined: bool,
}

/// Appraises subjects as of a day without storing anything.
pub(crate) async fn appraise_now(
    at: &mut impl Reads,
    live: &ActiveRelease,
    found: Vec<AppraisedSubject>,
    as_of: AppraisalDay,
) -> Answer<(Vec<Subject>, Vec<Appraisal>)> {
    let decided = policies(at, &found).await?;
    let (subjects, before) = split(live, found, &decided, as_of);
    let AppraisalDay { day, with_before } = as_of;
    let before = if with_before { before } else { vec![None; subjects.len()] };
    let is_quarantined = quarantine::of(at, &live.policy).await?.is_some();
    let batch = AppraisalBatch { subjects, before, day, is_quarantined };
    let answers = ask(live, &batch, &AtomicBool::new(false));
    Ok((batch.subjects, answers))
}

/// Parts what was found into subjects and what was last appraised of them.
///
/// `policies` gives the policy each decision was made under, by the decision's id.
fn split(
    live: &ActiveRelease,
    found: Vec<AppraisedSubject>,
    policies: &BTreeMap<String, String>,
    as_of: AppraisalDay,
) -> (Vec<Subject>, Vec<Option<Previous>>) {
    let previous = |said: appraisals::AppraisalText| {
        let decided = said.decision.as_ref().and_then(|id| policies.get(id));
        Previous {
            tier: said.tier.as_deref().and_then(|tier| live.policy.tier(tier)).map(|(at, _)| at),
            score: said.score.and_then(|score| score.parse().ok()),
            next: serde_json::from_str(&said.next).unwrap_or_default(),
            is_other_policy: decided.is_none_or(|policy| *policy != live.policy.digest.to_string()),
        }
    };
    let (mut subjects, before): (Vec<Subject>, _) =
        found.into_iter().map(|found| (found.subject, found.before.map(previous))).unzip();
    // Orders of a day ahead were opened by a clock that was set back since; they are there all the same.
    if as_of.with_before {
        for order in subjects.iter_mut().flat_map(|subject| &mut subject.history.orders) {
            order.issued_on = order.issued_on.min(as_of.day);
        }
    }
    (subjects, before)
}

/// Returns the policy under which each decision found was made.
pub(crate) async fn policies(
    at: &mut impl Reads,
    found: &[AppraisedSubject],
) -> Answer<BTreeMap<String, String>> {
    let ids: BTreeSet<&str> =
        found.iter().filter_map(|found| found.before.as_ref()?.decision.as_deref()).collect();
    let bodies = decisions::find_many(at, ids.into_iter()).await?;
    let policy = |body: &str| {
        let body: serde_json::Value = serde_json::from_str(body).ok()?;
        Some(body.get("policy")?.as_str()?.to_owned())
    };
    Ok(bodies.into_iter().filter_map(|(id, body)| Some((id, policy(&body)?))).collect())
}

fn ask(live: &ActiveRelease, batch: &AppraisalBatch, stop: &AtomicBool) -> Vec<Appraisal> {
    let AppraisalBatch { subjects, before, day, is_quarantined } = batch;
    let ask = if *is_quarantined { appraise::appraise_in_quarantine } else { appraise::appraise };
    ask(appraise::Basis { policy: &live.policy, rules: &live.rules, day: *day }, subjects, before, stop)
}

/// Stores appraisals with their due rows, the decisions behind them and the changes they are.
async fn save(cx: ActContext<'_>, tx: &mut Tx, batch: &AppraisalBatch, answers: &[Appraisal]) -> Answer<()> {
    let decided: BTreeMap<&str, &str> =
        answers.iter().map(|answer| (answer.decision.id.as_str(), answer.decision.body.as_str())).collect();
    let decided: Vec<(&str, &str)> = decided.into_iter().collect();
    decisions::add_many(tx, &decided).await?;
    let rows: Vec<appraisals::AppraisalRow> = batch
        .subjects
        .iter()
        .zip(answers)
        .map(|(subject, answer)| row(cx.live, subject, answer, cx.today))
        .collect();
    appraisals::save_many(tx, &rows).await?;
    record(cx, tx, batch, answers).await
}

/// Puts one appraisal into the store's words.
pub(crate) fn row(
    live: &ActiveRelease,
    subject: &Subject,
    answer: &Appraisal,
    today: Day,
) -> appraisals::AppraisalRow {
    let tier = answer.tier.map(|tier| live.policy.tiers.order[tier.ix()].id.clone());
    let score = answer.score.map(|score| score.to_string());
    let decision = answer.decision.id.clone();
    let due = live.policy.recurring().zip(&answer.next).filter_map(|((workflow, trigger, _), next)| {
        let NextState::Due { dates, .. } = &next.state else { return None };
        let trigger = TriggerId { workflow: workflow.id.clone(), trigger: trigger.id.clone() };
        let candidate = DueCandidate {
            home: subject.home.clone(),
            subject: subject.id.clone(),
            issue_on: dates.issue_on,
            nominal: dates.nominal,
            due_on: dates.due,
            is_provisional: dates.provisional,
            station: subject.station.clone(),
            grid: subject.grid.clone(),
            tier: tier.clone().unwrap_or_default(),
            score: answer.score,
            decision: decision.clone(),
            held: next.held.map(|reason| reason.into_str().to_owned()),
        };
        Some(DueRow { trigger, candidate })
    });
    appraisals::AppraisalRow {
        home: subject.home.clone(),
        subject: subject.id.clone(),
        due: due.collect(),
        said: appraisals::AppraisalText {
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
    cx: ActContext<'_>,
    tx: &mut Tx,
    batch: &AppraisalBatch,
    answers: &[Appraisal],
) -> Answer<()> {
    let mut by_home: BTreeMap<&str, Vec<AppraisalChange>> = BTreeMap::new();
    for ((subject, before), answer) in batch.subjects.iter().zip(&batch.before).zip(answers) {
        let name = |tier: TierIx| cx.policy().tiers.order[tier.ix()].id.clone();
        let from = before.as_ref().and_then(|before| before.tier).map(name);
        let to = answer.tier.map(name);
        let raised = answer.next.iter().find_map(|next| match &next.state {
            NextState::Due { dates, raised: true } if dates.issue_on == cx.today => {
                Some(dates.due.to_string())
            }
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
    signal_notes::tiers_changed(cx, tx, &changed).await?;
    let policy = cx.policy().digest.to_string();
    let body = |(home, changes)| {
        (home, Body::AppraisalsChanged { on: cx.today.to_string(), policy: policy.clone(), changes })
    };
    Ok(store::ledger::append_many(tx, by_home.into_iter().map(body), cx.author(ACTOR)).await?)
}

/// Finds a subject by its id.
pub(crate) async fn find_subject(
    reader: &mut ReadTx,
    live: &ActiveRelease,
    id: &str,
) -> Answer<AppraisedSubject> {
    let found = reading::find(reader, &live.policy, id).await?;
    found.ok_or_else(|| Refusal::new(RefusalCode::NoSuchSubject).with("subject", id).into())
}
