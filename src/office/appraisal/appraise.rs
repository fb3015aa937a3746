//! Appraising subjects whose answer may no longer hold, and nobody else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::appraise::{self, Appraisal, NextDate, NextState, Previous};
use crate::dispatch::DueCandidate;
use crate::id::TriggerId;
use crate::ledger::{AppraisalChange, Body};
use crate::office::active_release::{ACTOR, EffectiveRelease, last_tick};
use crate::office::appraisal::quarantine;
use crate::office::find_subject::no_such_subject;
use crate::office::signal_notes;
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::policy::{Policy, TierIx};
use crate::register::Subject;
use crate::rules::Judgement;
use crate::store::due::DueRow;
use crate::store::reading::{AppraisedSubject, HomeStretch, SubjectKey};
use crate::store::{self, ReadTx, Reads, Store, Tx, appraisals, decisions, reading, reappraisals, releases};
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
    /// Whether others are still at subjects that are marked, or another policy has come into force meanwhile.
    pub(crate) is_left: bool,
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
        let places = store::ledger::places(&mut reader).await?;
        let homes = match own_homes(cx.store, &mut reader).await? {
            OwnHomes::None => return Ok(done),
            OwnHomes::OfOthers => return Ok(AppraisalReport { is_left: true, ..done }),
            OwnHomes::Stretch(homes) => homes,
        };
        let found = reading::marked(&mut reader, cx.policy(), &homes, BATCH).await?;
        if found.is_empty() {
            return Ok(done);
        }
        let mut asked = AskedBatch::ask(cx, &mut reader, found, stop).await?;
        drop(reader);
        let keys = asked.keys();
        let keys: Vec<(&str, &str)> = keys.iter().map(|key| (&*key.home, &*key.id)).collect();
        let homes: BTreeSet<&str> = keys.iter().map(|(home, _)| *home).collect();
        let mut tx = cx.store.begin_on(homes.iter().copied()).await?;
        reappraisals::clear(&mut tx, &keys).await?;
        let now = store::ledger::places(&mut tx).await?;
        let is_changed = |chain: &&str| now.get(*chain) != places.get(*chain);
        if is_changed(&"") && is_superseded(&mut tx, cx.live).await? {
            tx.release().await;
            return Ok(AppraisalReport { is_left: true, ..done });
        }
        if homes.iter().chain([&""]).any(is_changed) {
            // Somebody wrote meanwhile. What is asked of most is the same, and is remembered.
            let found = reading::appraised(&mut tx, cx.policy(), keys.iter().copied()).await?;
            asked = AskedBatch::ask(cx, &mut tx, found, stop).await?;
        }
        if stop.load(Ordering::Relaxed) {
            // Answers given while stopping are no verdicts; the marks stay and are taken up next time.
            tx.release().await;
            return Ok(done);
        }
        asked.save(cx, &mut tx, stop, &mut done).await?;
        tx.commit().await?;
    }
}

/// Returns whether another release has come into force since.
async fn is_superseded(tx: &mut Tx, live: &ActiveRelease) -> Answer<bool> {
    let active = releases::active(tx).await?;
    Ok(live.release != 0 && active.is_some_and(|release| release.number != live.release))
}

/// Whose marked subjects are appraised here.
enum OwnHomes {
    /// Nobody is marked.
    None,
    /// The few that are left are others'.
    OfOthers,
    Stretch(HomeStretch),
}

/// Finds out whose marked subjects are this daemon's to appraise.
async fn own_homes(store: &Store, reader: &mut ReadTx) -> Answer<OwnHomes> {
    let share = store.share();
    if share.is_whole() {
        return Ok(OwnHomes::Stretch(HomeStretch::whole()));
    }
    let homes = reappraisals::homes(reader).await?;
    Ok(match &homes[share.stretch(homes.len())] {
        _ if homes.is_empty() => OwnHomes::None,
        [first, .., last] | [first @ last] => {
            OwnHomes::Stretch(HomeStretch { first: first.clone(), last: last.clone() })
        }
        [] => OwnHomes::OfOthers,
    })
}

/// Subjects that are marked, and what the rules say of them.
struct AskedBatch<'a> {
    groups: Vec<AskedGroup<'a>>,
}

/// Those of them whose stations have one text in force.
struct AskedGroup<'a> {
    text: EffectiveRelease<'a>,
    batch: AppraisalBatch,
    answers: Vec<Appraisal>,
}

impl<'a> AskedBatch<'a> {
    async fn ask(
        cx: ActContext<'a>,
        at: &mut impl Reads,
        found: Vec<AppraisedSubject>,
        stop: &AtomicBool,
    ) -> Answer<Self> {
        let decided = policies(at, &found).await?;
        let as_of = AppraisalDay { day: cx.today, with_before: true };
        let mut groups = Vec::new();
        for TextGroup { text, places: _, found } in by_text(cx.live, found, cx.today)? {
            let (subjects, before) = split(&text, found, &decided, as_of);
            let is_quarantined = quarantine::of(at, &text.policy).await?.is_some();
            let batch = AppraisalBatch { subjects, before, day: cx.today, is_quarantined };
            let answers = ask(&text, &batch, stop);
            groups.push(AskedGroup { text, batch, answers });
        }
        Ok(Self { groups })
    }

    /// Returns the keys of the subjects, in order.
    fn keys(&self) -> Vec<SubjectKey> {
        let subjects = self.groups.iter().flat_map(|group| &group.batch.subjects);
        let key = |subject: &Subject| SubjectKey { home: subject.home.clone(), id: subject.id.clone() };
        let mut keys: Vec<SubjectKey> = subjects.map(key).collect();
        keys.sort_by(|one, other| (&one.home, &one.id).cmp(&(&other.home, &other.id)));
        keys
    }

    /// Stores the answers, or those of rules in quarantine where these put them there.
    async fn save(
        self,
        cx: ActContext<'_>,
        tx: &mut Tx,
        stop: &AtomicBool,
        done: &mut AppraisalReport,
    ) -> Answer<()> {
        for AskedGroup { text, mut batch, mut answers } in self.groups {
            let cx = ActContext::new(cx.store, &text, cx.now);
            if !batch.is_quarantined && quarantine::judge(cx, tx, &answers).await? {
                batch.is_quarantined = true;
                answers = ask(&text, &batch, stop);
            }
            done.appraised += batch.subjects.len() as u64;
            done.undecided += answers.iter().filter(|answer| answer.undecided.is_some()).count() as u64;
            save(cx, tx, &batch, &answers).await?;
        }
        Ok(())
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
    let AppraisalDay { day, with_before } = as_of;
    let mut told = Vec::with_capacity(found.len());
    for TextGroup { text, places, found } in by_text(live, found, day)? {
        let (subjects, before) = split(&text, found, &decided, as_of);
        let before = if with_before { before } else { vec![None; subjects.len()] };
        let is_quarantined = quarantine::of(at, &text.policy).await?.is_some();
        let batch = AppraisalBatch { subjects, before, day, is_quarantined };
        let answers = ask(&text, &batch, &AtomicBool::new(false));
        told.extend(places.into_iter().zip(batch.subjects.into_iter().zip(answers)));
    }
    told.sort_by_key(|(place, _)| *place);
    Ok(told.into_iter().map(|(_, pair)| pair).unzip())
}

/// Judges subjects as of a day by the texts of their stations, without what was appraised before.
pub(crate) fn judge_now(
    live: &ActiveRelease,
    subjects: &[Subject],
    day: Day,
    stop: &AtomicBool,
) -> Answer<Vec<Judgement>> {
    let texts = live.on(day);
    let own = texts.own(subjects.iter().map(|subject| subject.station.as_str()))?;
    let mut judged = live.rules.judge(&live.policy, subjects, day, stop);
    for (station, text) in &own {
        let places = (0..subjects.len()).filter(|at| subjects[*at].station == *station);
        let places: Vec<usize> = places.collect();
        let asked: Vec<Subject> = places.iter().map(|at| subjects[*at].clone()).collect();
        for (place, answer) in places.into_iter().zip(text.rules.judge(&text.policy, &asked, day, stop)) {
            judged[place] = answer;
        }
    }
    Ok(judged)
}

/// Subjects whose stations have one text in force.
struct TextGroup<'a> {
    text: EffectiveRelease<'a>,
    /// Where each of them stood.
    places: Vec<usize>,
    found: Vec<AppraisedSubject>,
}

/// Parts subjects by the text that is in force for their stations.
fn by_text(live: &ActiveRelease, found: Vec<AppraisedSubject>, day: Day) -> Answer<Vec<TextGroup<'_>>> {
    let texts = live.on(day);
    let own = texts.own(found.iter().map(|found| found.subject.station.as_str()))?;
    let mut groups: BTreeMap<Option<String>, (Vec<usize>, Vec<AppraisedSubject>)> = BTreeMap::new();
    for (place, found) in found.into_iter().enumerate() {
        let station = own.get_key_value(&found.subject.station).map(|(station, _)| station.clone());
        let (places, all) = groups.entry(station).or_default();
        places.push(place);
        all.push(found);
    }
    let group = |(station, (places, found)): (Option<String>, (Vec<usize>, Vec<AppraisedSubject>))| {
        let text = texts.of(station.as_deref().unwrap_or_default())?;
        Ok(TextGroup { text, places, found })
    };
    groups.into_iter().map(group).collect()
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
        let is_other_policy = decided.is_none_or(|policy| *policy != live.policy.digest.to_string());
        Previous { is_other_policy, ..previous(&live.policy, &said) }
    };
    let (mut subjects, before): (Vec<Subject>, _) =
        found.into_iter().map(|found| (found.subject, found.before.map(previous))).unzip();
    if as_of.with_before {
        see_orders(&mut subjects, as_of.day);
    }
    (subjects, before)
}

/// Reads a stored appraisal, as if it was made by this policy.
pub(crate) fn previous(policy: &Policy, said: &appraisals::AppraisalText) -> Previous {
    Previous {
        tier: said.tier.as_deref().and_then(|tier| policy.tier(tier)).map(|(at, _)| at),
        score: said.score.as_deref().and_then(|score| score.parse().ok()),
        next: read_next(&said.next),
        decided_on: Some(said.decided_on),
        is_other_policy: false,
    }
}

/// Reads the dates of a stored appraisal.
pub(crate) fn read_next(text: &str) -> Vec<NextDate> {
    serde_json::from_str(text).unwrap_or_default()
}

/// Lets orders of a day ahead be known: a clock opened them that was set back since, and they are there all the same.
pub(crate) fn see_orders(subjects: &mut [Subject], day: Day) {
    for order in subjects.iter_mut().flat_map(|subject| &mut subject.history.orders) {
        order.issued_on = order.issued_on.min(day);
    }
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
    match reading::find(reader, &live.policy, id).await? {
        Some(found) => Ok(found),
        None => Err(no_such_subject(reader, id).await),
    }
}
