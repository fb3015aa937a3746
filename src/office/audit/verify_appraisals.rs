//! Appraisals and what is due by them, worked out again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::codes;
use crate::office::appraisal::appraise::{AppraisalDay, appraise_now, row};
use crate::office::audit::findings::VerifyReport;
use crate::office::audit::verify_releases::ReleaseLog;
use crate::office::{ActiveRelease, Answer};
use crate::register::{PastOrder, Subject};
use crate::rules::{Decision, RuleFault};
use crate::store::appraisals::{AppraisalRow, AppraisalText};
use crate::store::checksums::Sum;
use crate::store::due::{self, DueContent, DueRow};
use crate::store::reading::{self, AppraisedSubject, SubjectKey, SubjectRange};
use crate::store::{ReadTx, Reads, reappraisals};
use crate::time::Day;

/// Subjects read at a time.
const PAGE: i64 = 5_000;
/// Due rows read at a time.
const ROWS: usize = 5_000;

/// Subjects whose answers say nothing yet: they wait for the next pass, or a rule had no time for them.
type Undecided = BTreeSet<(String, String)>;

/// Appraises everybody again as of the last pass and compares, except who waits for the next one.
pub(crate) async fn verify_appraisals(
    reader: &mut ReadTx,
    live: &ActiveRelease,
    day: Day,
    log: &mut ReleaseLog,
    done: &mut VerifyReport,
) -> Answer<DueTrouble> {
    let mut waiting = reappraisals::all(reader).await?;
    let (mut due, mut trouble) = (BTreeMap::<String, Sum>::new(), DueTrouble::default());
    let mut after = None;
    loop {
        let range = SubjectRange::default();
        let found = reading::scan(reader, &live.policy, &range, after.as_ref(), PAGE).await?;
        let Some(last) = found.last() else { break };
        found
            .iter()
            .filter_map(|found| found.before.as_ref())
            .for_each(|said| log.decided(said.decision.as_deref()));
        after = Some(SubjectKey { home: last.subject.home.clone(), id: last.subject.id.clone() });
        let ToldAsThen { same, unlike, opened } = told_as_then(reader, live, found, day).await?;
        for ToldSubject { found, row, is_stopped, .. } in unlike {
            let Subject { home, id, .. } = found.subject;
            if is_stopped {
                waiting.insert((home, id));
            } else if !waiting.contains(&(home.clone(), id.clone())) {
                done.find("V007", vec![("subject", id.clone())]);
                trouble.homes.insert(home.clone());
                // What is due by it is compared with what it should be.
                add_due(&mut due, &row, opened.get(&id).map_or(&[], Vec::as_slice));
            }
        }
        for ToldSubject { found, row, .. } in same {
            let Subject { home, id, history, .. } = &found.subject;
            if !waiting.contains(&(home.clone(), id.clone())) {
                add_due(&mut due, &row, opened.get(id).unwrap_or(&history.orders));
            }
        }
    }
    trouble.homes.extend(compare_due(reader, &waiting, due, done).await?);
    Ok(trouble)
}

/// Homes where an appraisal or what is due is not what it should be.
#[derive(Clone, Debug, Default)]
pub(crate) struct DueTrouble {
    pub(crate) homes: BTreeSet<String>,
}

/// Adds what is due of a subject, but for what was opened since.
fn add_due(due: &mut BTreeMap<String, Sum>, row: &AppraisalRow, orders: &[PastOrder]) {
    for waiting in row.due.iter().filter(|due| !is_opened(due, orders)) {
        due.entry(row.home.clone()).or_default().add(DueContent::of(waiting).content);
    }
}

/// Returns whether the order of a due row is there.
fn is_opened(due: &DueRow, orders: &[PastOrder]) -> bool {
    orders.iter().any(|order| {
        (&order.workflow, &order.trigger) == (&due.trigger.workflow, &due.trigger.trigger)
            && order.nominal == Some(due.candidate.nominal)
    })
}

async fn compare_due(
    reader: &mut ReadTx,
    waiting: &Undecided,
    told: BTreeMap<String, Sum>,
    done: &mut VerifyReport,
) -> Answer<BTreeSet<String>> {
    let mut found: BTreeMap<String, Sum> = BTreeMap::new();
    let mut all = due::all(reader);
    loop {
        let rows = all.next_rows(ROWS).await?;
        if rows.is_empty() {
            break;
        }
        for DueContent { home, subject, content } in rows {
            let key = (home, subject);
            if !waiting.contains(&key) {
                found.entry(key.0).or_default().add(content);
            }
        }
    }
    let homes: BTreeSet<&String> = found.keys().chain(told.keys()).collect();
    let unlike = homes.into_iter().filter(|home| found.get(*home) != told.get(*home)).cloned();
    let unlike: BTreeSet<String> = unlike.collect();
    for home in &unlike {
        done.find("V009", vec![("table", "due".to_owned()), ("station", home.clone())]);
    }
    Ok(unlike)
}

/// A subject's appraisal as it is to be stored.
pub(crate) struct AppraisedAnew {
    pub(crate) row: AppraisalRow,
    pub(crate) decision: Arc<Decision>,
    /// It is not what is stored.
    pub(crate) is_unlike: bool,
}

/// Some subjects appraised anew, in the order of their keys.
pub(crate) struct AnewPage {
    pub(crate) told: Vec<AppraisedAnew>,
    pub(crate) last: SubjectKey,
}

/// Appraises the subjects that follow one, to be stored; nothing after the last.
pub(crate) async fn anew(
    at: &mut impl Reads,
    live: &ActiveRelease,
    day: Day,
    after: Option<SubjectKey>,
) -> Answer<Option<AnewPage>> {
    let found = reading::scan(at, &live.policy, &SubjectRange::default(), after.as_ref(), PAGE).await?;
    let Some(last) = found.last() else { return Ok(None) };
    let last = SubjectKey { home: last.subject.home.clone(), id: last.subject.id.clone() };
    let ToldAsThen { same, unlike, opened } = told_as_then(at, live, found, day).await?;
    let stored = |told: ToldSubject, is_unlike| {
        let ToldSubject { found, mut row, decision, .. } = told;
        let orders = opened.get(&row.subject).unwrap_or(&found.subject.history.orders);
        row.due.retain(|due| !is_opened(due, orders));
        // The day it was made says which orders it knows of, and stays; so does what still holds.
        if let Some(before) = found.before {
            let decided_on = before.decided_on.min(day);
            row.said = if is_unlike { AppraisalText { decided_on, ..row.said } } else { before };
        }
        for due in &mut row.due {
            due.candidate.decision = row.said.decision.clone().unwrap_or_default();
        }
        AppraisedAnew { row, decision, is_unlike }
    };
    let same = same.into_iter().map(|told| stored(told, false));
    let unlike = unlike.into_iter().filter(|told| !told.is_stopped).map(|told| stored(told, true));
    Ok(Some(AnewPage { told: same.chain(unlike).collect(), last }))
}

/// A subject with its appraisal as it comes out now.
struct ToldSubject {
    found: AppraisedSubject,
    row: AppraisalRow,
    decision: Arc<Decision>,
    /// A rule had no time for it, then or now.
    is_stopped: bool,
}

/// Subjects appraised again as they were known when they were appraised.
struct ToldAsThen {
    /// Those whose stored appraisal says the same.
    same: Vec<ToldSubject>,
    /// The others.
    unlike: Vec<ToldSubject>,
    /// All orders of those that were not the same at once, by subject.
    opened: BTreeMap<String, Vec<PastOrder>>,
}

/// Appraises again. A pass appraises before it opens, so what it opened is not part of the answer: of the orders since
/// the appraisal one more is left out each time, the newest first, until the answer is the same or none is left.
async fn told_as_then(
    at: &mut impl Reads,
    live: &ActiveRelease,
    found: Vec<AppraisedSubject>,
    day: Day,
) -> Answer<ToldAsThen> {
    let (mut same, mut asked) = told(at, live, found, day).await?;
    let all = |told: &ToldSubject| (told.found.subject.id.clone(), told.found.subject.history.orders.clone());
    let opened = asked.iter().map(all).collect();
    let mut unlike = Vec::new();
    while !asked.is_empty() {
        let (again, whole): (Vec<_>, Vec<_>) = asked.into_iter().partition(has_later_order);
        unlike.extend(whole);
        let without_last = |told: ToldSubject| {
            let mut found = told.found;
            found.subject.history.orders.pop();
            found
        };
        let again = again.into_iter().map(without_last).collect();
        let (also_same, still) = told(at, live, again, day).await?;
        same.extend(also_same);
        asked = still;
    }
    Ok(ToldAsThen { same, unlike, opened })
}

/// Returns whether the newest order is not older than the appraisal.
fn has_later_order(told: &ToldSubject) -> bool {
    let decided_on = told.found.before.as_ref().map_or(Day::MIN, |before| before.decided_on);
    told.found.subject.history.orders.last().is_some_and(|order| order.issued_on >= decided_on)
}

/// Appraises again; returns those whose stored appraisal says the same, and the others.
async fn told(
    reader: &mut impl Reads,
    live: &ActiveRelease,
    found: Vec<AppraisedSubject>,
    day: Day,
) -> Answer<(Vec<ToldSubject>, Vec<ToldSubject>)> {
    if found.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let before: Vec<Option<AppraisalText>> = found.iter().map(|found| found.before.clone()).collect();
    let as_of = AppraisalDay { day, with_before: true };
    let (subjects, answers) = appraise_now(reader, live, found, as_of).await?;
    let was_stopped = |before: &AppraisalText| {
        before.undecided.as_ref().is_some_and(|cause| cause.starts_with(codes::RULE_TIME.id))
    };
    // Who was never appraised is not compared.
    let asked = before.into_iter().zip(subjects.into_iter().zip(&answers));
    let told = asked.filter_map(|(before, (subject, answer))| {
        let before = before?;
        // What a rule had no time for is no verdict to be compared.
        let is_stopped = answer.undecided.as_ref().is_some_and(RuleFault::is_stop) || was_stopped(&before);
        let mut row = row(live, &subject, answer, day);
        // A decision of an earlier day had other inputs; that it comes to the same is compared.
        for due in &mut row.due {
            due.candidate.decision = before.decision.clone().unwrap_or_default();
        }
        let found = AppraisedSubject { subject, before: Some(before) };
        Some(ToldSubject { row, found, decision: Arc::clone(&answer.decision), is_stopped })
    });
    let says_same = |told: &ToldSubject| {
        !told.is_stopped && told.found.before.as_ref().is_some_and(|before| says_same(before, &told.row, day))
    };
    Ok(told.partition(says_same))
}

/// Compares what an appraisal says. The day it was made is not part of that, nor the decision: an earlier text and
/// other inputs may have come to the same, and what is due names it once more.
fn says_same(stored: &AppraisalText, row: &AppraisalRow, day: Day) -> bool {
    let said = &row.said;
    stored.tier == said.tier
        && stored.score == said.score
        && stored.undecided == said.undecided
        && stored.next == said.next
        && stored.changes_on == said.changes_on
        && stored.decided_on <= day
}
