//! A stretch of the register read once, and each subject in it appraised over the days ahead, without a change and with it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::appraise::{Appraisal, HoldReason, NextDate, NextState, NoDate, Previous};
use crate::office::appraisal::appraise::{previous, see_orders};
use crate::office::appraisal::on_days::{AppraisalsByDay, SubjectToAsk, appraise_on_days};
use crate::office::appraisal::quarantine;
use crate::office::plan::decided_anew::DecisionsAnew;
use crate::office::{ActiveRelease, Answer, OfficeFault};
use crate::plan::{CandidateSpan, ForecastSubject, ReadyDates, SubjectVerdict, VerdictChanges};
use crate::policy::Policy;
use crate::register::Subject;
use crate::store::Store;
use crate::store::appraisals::AppraisalText;
use crate::store::reading::{self, AppraisedSubject, SubjectKey};
use crate::time::Day;

/// Subjects read at a time.
const ROWS: i64 = 5_000;
/// Twice so many subjects of which the rules say nothing put no rule version into quarantine.
const UNDECIDED_MAX: u64 = 50;

/// A stretch of the register, and what is asked of it.
pub(super) struct ReadAhead {
    pub(super) store: Store,
    /// The release in force without the change, and with it.
    pub(super) lives: [Arc<ActiveRelease>; 2],
    pub(super) from: Day,
    pub(super) until: Day,
    /// The trigger by which orders recur, written `workflow/trigger`.
    pub(super) trigger: Arc<str>,
    /// Whether subjects wait to be appraised anew.
    pub(super) is_marked: bool,
    /// The home with which it begins.
    pub(super) begins: Option<String>,
    /// The home before which it ends.
    pub(super) ends: Option<String>,
    /// Told of each subject.
    pub(super) told: Arc<dyn Fn(u64) + Send + Sync>,
    pub(super) stop: Arc<AtomicBool>,
}

/// Subjects over the days ahead.
#[derive(Default)]
pub(super) struct SubjectsAhead {
    /// Those that may become due, in the order of home and id.
    pub(super) subjects: Vec<ForecastSubject>,
    pub(super) verdicts: VerdictChanges,
    /// Their stations.
    pub(super) stations: BTreeSet<Arc<str>>,
    all: u64,
    /// How many the rules say nothing of on some day, without the change and with it.
    undecided: [u64; 2],
    /// Texts that many share.
    texts: BTreeSet<Arc<str>>,
}

impl SubjectsAhead {
    /// Adds the stretch that follows.
    pub(super) fn append(&mut self, following: Self) {
        self.subjects.extend(following.subjects);
        self.verdicts.append(following.verdicts);
        self.stations.extend(following.stations);
        self.all += following.all;
        for (undecided, following) in self.undecided.iter_mut().zip(following.undecided) {
            *undecided += following;
        }
    }

    /// Returns whether the rules stay out of quarantine, whoever is asked together.
    pub(super) fn is_foreseeable(&self) -> bool {
        self.undecided.iter().all(|count| *count <= UNDECIDED_MAX && count * 200 <= self.all)
    }

    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&text));
        text
    }
}

/// What was stored of a subject, as one of the courses reads it.
#[derive(Clone, Copy)]
struct StoredAppraisal<'a> {
    said: &'a AppraisalText,
    before: &'a Previous,
}

/// Subjects that were read, and what was stored of each.
struct StoredSubjects {
    subjects: Vec<Subject>,
    said: Vec<Option<AppraisalText>>,
    /// The same as it is read without the change.
    before: Vec<Option<Previous>>,
}

impl StoredSubjects {
    fn of(found: Vec<AppraisedSubject>, policy: &Policy) -> Self {
        let (subjects, said): (Vec<Subject>, Vec<Option<AppraisalText>>) =
            found.into_iter().map(|found| (found.subject, found.before)).unzip();
        let before = said.iter().map(|said| Some(previous(policy, said.as_ref()?))).collect();
        Self { subjects, said, before }
    }

    fn appraisal(&self, at: usize) -> Option<StoredAppraisal<'_>> {
        Some(StoredAppraisal { said: self.said[at].as_ref()?, before: self.before[at].as_ref()? })
    }

    /// Returns what was appraised as a policy reads it, which may have other tiers.
    fn previous(&self, policy: &Policy, at: usize) -> Option<Previous> {
        let StoredAppraisal { said, before } = self.appraisal(at)?;
        let tier = said.tier.as_deref().and_then(|tier| policy.tier(tier)).map(|(tier, _)| tier);
        Some(Previous { tier, ..before.clone() })
    }

    fn decision(&self, at: usize) -> Option<&str> {
        self.said[at].as_ref()?.decision.as_deref()
    }
}

/// What is known of a subject in one course: what was stored, and what is appraised from then on.
#[derive(Clone, Copy)]
struct SubjectAhead<'a> {
    subject: &'a Subject,
    stored: Option<StoredAppraisal<'a>>,
    asked: &'a AppraisalsByDay,
}

/// What the rules say of a subject.
#[derive(PartialEq, Eq)]
struct ReadVerdict<'a> {
    tier: Option<&'a str>,
    undecided: Option<Cow<'a, str>>,
}

impl ReadVerdict<'_> {
    fn told(self, of: &Subject) -> SubjectVerdict {
        let (tier, undecided) = (self.tier.map(str::to_owned), self.undecided.map(Cow::into_owned));
        SubjectVerdict { home: of.home.clone(), subject: of.id.clone(), tier, undecided }
    }
}

impl ReadAhead {
    /// Reads the stretch.
    pub(super) async fn subjects(self) -> Answer<SubjectsAhead> {
        let (mut all, mut reader) = (SubjectsAhead::default(), self.store.read().await?);
        let (policy, mut decisions) =
            (&self.lives[1].policy, DecisionsAnew::new(&self.lives, self.from, self.until));
        let mut after = self.begins.clone().map(|home| SubjectKey { home, id: String::new() });
        loop {
            let mut found =
                reading::scan_without_inspections(&mut reader, policy, after.as_ref(), ROWS).await?;
            let Some(last) = found.last() else { break };
            after = Some(SubjectKey { home: last.subject.home.clone(), id: last.subject.id.clone() });
            let read = found.len();
            found.retain(|found| self.ends.as_ref().is_none_or(|end| found.subject.home < *end));
            let is_over = found.len() < read;
            let mut stored = StoredSubjects::of(found, &self.lives[0].policy);
            see_orders(&mut stored.subjects, self.from);
            let ids = (0..stored.subjects.len()).filter_map(|at| stored.decision(at)).collect();
            decisions.read(&mut reader, ids).await?;
            let mut stands = Vec::with_capacity(stored.subjects.len());
            for at in 0..stored.subjects.len() {
                stands.push(self.stands(&mut decisions, &stored, at)?);
            }
            let asked = stored.subjects.iter_mut().zip(&stands).filter(|(_, stands)| !**stands);
            let mut asked: Vec<&mut Subject> = asked.map(|(subject, _)| subject).collect();
            reading::add_inspections(&mut reader, policy, &mut asked).await?;
            (self.told)(stored.subjects.len() as u64);
            self.add(&mut all, &stored, &stands, &decisions)?;
            if self.stop.load(Ordering::Relaxed) {
                return Err(OfficeFault::Closing.into());
            }
            if is_over {
                break;
            }
        }
        drop(reader);
        self.store.close().await;
        Ok(all)
    }

    /// Returns whether what was stored of a subject is what either course says of it on all days: what was decided
    /// stands, and time changes nothing that matters.
    fn stands(&self, decisions: &mut DecisionsAnew<'_>, stored: &StoredSubjects, at: usize) -> Answer<bool> {
        let (subject, appraisal) = (&stored.subjects[at], stored.appraisal(at));
        let is_decided = appraisal.is_some_and(|stored| stored.said.undecided.is_none());
        // Whoever was away may be given another start.
        let is_quiet = is_decided
            && self.first(0, subject, appraisal).is_none()
            && subject.history.last_absence(self.from).is_none();
        let Some(decision) = stored.decision(at).filter(|_| is_quiet) else { return Ok(false) };
        decisions.stands(decision, &subject.station)
    }

    fn add(
        &self,
        all: &mut SubjectsAhead,
        stored: &StoredSubjects,
        stands: &[bool],
        decisions: &DecisionsAnew<'_>,
    ) -> Answer<()> {
        let mut asked = Vec::new();
        for (side, live) in self.lives.iter().enumerate() {
            let all = stored.subjects.iter().enumerate().map(|(at, subject)| SubjectToAsk {
                subject,
                before: if stands[at] { None } else { stored.previous(&live.policy, at) },
                decided_by: stored.decision(at).and_then(|decision| decisions.decided_by(decision)),
                first: self.first(side, subject, stored.appraisal(at)).filter(|_| !stands[at]),
            });
            let goes_on = |answer: &Appraisal| answer.next.iter().any(may_become_ready);
            asked.push(appraise_on_days(live, all.collect(), self.until, goes_on, &self.stop)?);
        }
        for (at, subject) in stored.subjects.iter().enumerate() {
            let ahead = [0, 1].map(|side| SubjectAhead {
                subject,
                stored: stored.appraisal(at),
                asked: &asked[side][at],
            });
            self.add_one(all, ahead);
        }
        Ok(())
    }

    /// Returns the first day on which a subject is asked about. With the change everybody is on the first one.
    fn first(&self, side: usize, subject: &Subject, stored: Option<StoredAppraisal<'_>>) -> Option<Day> {
        let Some(StoredAppraisal { said, before }) = stored else { return Some(self.from) };
        if side == 1 || self.is_marked || said.changes_on.is_some_and(|on| on <= self.from) {
            return Some(self.from);
        }
        let may_be_due = |next: &NextDate| may_become_ready(next) && !is_ordered(subject, next);
        said.changes_on.filter(|on| *on <= self.until && before.next.iter().any(may_be_due))
    }

    fn add_one(&self, all: &mut SubjectsAhead, ahead: [SubjectAhead<'_>; 2]) {
        all.all += 1;
        match [0, 1].map(|side| self.verdict(side, ahead[side])) {
            [Some(before), Some(after)] if before == after => all.verdicts.add_same(),
            [before, after] => {
                let told = |verdict: ReadVerdict<'_>| verdict.told(ahead[0].subject);
                let after = after.map(told).unwrap_or_default();
                all.verdicts.add(before.map(told).as_ref(), &after);
            }
        }
        for (undecided, ahead) in all.undecided.iter_mut().zip(&ahead) {
            let stored = ahead.stored.is_some_and(|stored| stored.said.undecided.is_some());
            let is_one = stored || ahead.asked.iter().any(|(_, answer)| answer.undecided.is_some());
            *undecided += u64::from(is_one);
        }
        let [before, after] = [0, 1].map(|side| self.spans(all, side, ahead[side]));
        let is_in_time =
            |span: &CandidateSpan| span.ready.as_ref().is_some_and(|ready| ready.issue_on <= self.until);
        if !before.iter().chain(&after).any(is_in_time) {
            return;
        }
        let before: Arc<[CandidateSpan]> = before.into();
        let after = if *after == *before { Arc::clone(&before) } else { after.into() };
        let Subject { home, station, grid, id, .. } = ahead[0].subject;
        let [home, station] = [home, station].map(|text| all.shared(text));
        all.stations.insert(Arc::clone(&station));
        let grid = grid.as_deref().map(|grid| all.shared(grid));
        all.subjects.push(ForecastSubject { home, id: id.clone(), station, grid, spans: [before, after] });
    }

    /// Says what the rules say of a subject after the pass of the first day.
    fn verdict<'s>(&'s self, side: usize, ahead: SubjectAhead<'s>) -> Option<ReadVerdict<'s>> {
        let policy = &self.lives[side].policy;
        let first = ahead.asked.first().filter(|(day, _)| *day == self.from);
        match (first, ahead.stored) {
            (Some((_, answer)), _) => {
                let cause = |fault| Cow::Owned(quarantine::cause(policy, fault));
                let undecided = answer.undecided.as_ref().map(cause);
                Some(ReadVerdict { tier: tier_of(policy, answer), undecided })
            }
            (None, Some(StoredAppraisal { said, .. })) => {
                let undecided = said.undecided.as_deref().map(Cow::Borrowed);
                Some(ReadVerdict { tier: said.tier.as_deref(), undecided })
            }
            (None, None) => None,
        }
    }

    /// Says what a subject is as a candidate, from the first day on.
    fn spans(&self, all: &mut SubjectsAhead, side: usize, ahead: SubjectAhead<'_>) -> Vec<CandidateSpan> {
        let policy = &self.lives[side].policy;
        let meant = |next: &&NextDate| next.of == self.trigger;
        let mut spans = Vec::new();
        let stored = ahead.stored.filter(|_| ahead.asked.first().is_none_or(|(day, _)| *day > self.from));
        if let Some(StoredAppraisal { said, before }) = stored {
            let next = before.next.iter().find(meant).filter(|next| !is_ordered(ahead.subject, next));
            let tier = all.shared(said.tier.as_deref().unwrap_or_default());
            spans.push(CandidateSpan { from: self.from, ready: ready(next, tier, before.score) });
        }
        for (day, answer) in ahead.asked {
            let next = answer.next.iter().find(meant);
            let tier = all.shared(tier_of(policy, answer).unwrap_or_default());
            let ready = ready(next, tier, answer.score);
            if spans.last().is_none_or(|last| last.ready != ready) {
                spans.push(CandidateSpan { from: *day, ready });
            }
        }
        spans
    }
}

/// Returns whether the order of a stored date was opened since it was appraised: that alone appraises nobody anew.
fn is_ordered(subject: &Subject, next: &NextDate) -> bool {
    let NextState::Due { dates, .. } = next.state else { return false };
    subject.history.orders.iter().any(|order| {
        let opened_by = next.of.split_once('/');
        opened_by == Some((&order.workflow, &order.trigger)) && order.nominal == Some(dates.nominal)
    })
}

fn tier_of<'p>(policy: &'p Policy, answer: &Appraisal) -> Option<&'p str> {
    Some(policy.tiers.order[answer.tier?.ix()].id.as_str())
}

/// Returns on which dates an order may be opened; none where something holds it back.
fn ready(next: Option<&NextDate>, tier: Arc<str>, score: Option<f64>) -> Option<ReadyDates> {
    match next?.state {
        NextState::Due { dates, .. } if next?.held.is_none() => {
            let (nominal, issue_on, due_on) = (dates.nominal, dates.issue_on, dates.due);
            Some(ReadyDates { nominal, issue_on, due_on, tier, score })
        }
        NextState::Due { .. } | NextState::None(_) => None,
    }
}

/// Returns whether time alone may let a subject become due: an order that is in its way stays there, since nobody acts.
fn may_become_ready(next: &NextDate) -> bool {
    let is_ordered = matches!(next.state, NextState::None(NoDate::Ordered));
    !is_ordered && !matches!(next.held, Some(HoldReason::Overlap | HoldReason::Queue))
}
