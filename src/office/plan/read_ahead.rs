//! A stretch of the register read once, and each subject in it appraised over the days ahead, without a change and with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::appraise::{Appraisal, HoldReason, NextDate, NextState, NoDate, Previous};
use crate::office::appraisal::appraise::{policies, previous, see_orders};
use crate::office::appraisal::on_days::{AppraisalsByDay, SubjectToAsk, appraise_on_days};
use crate::office::appraisal::quarantine;
use crate::office::plan::foreseeable::sole_trigger;
use crate::office::{ActiveRelease, Answer, OfficeFault};
use crate::plan::{CandidateSpan, ForecastSubject, ReadyDates, SubjectVerdict, VerdictChanges};
use crate::policy::Policy;
use crate::register::Subject;
use crate::store::Store;
use crate::store::appraisals::AppraisalText;
use crate::store::reading::{self, AppraisedSubject, SubjectKey, SubjectRange};
use crate::time::Day;

/// Subjects read at a time.
const ROWS: i64 = 10_000;
/// Twice so many subjects of which the rules say nothing put no rule version into quarantine.
const UNDECIDED_MAX: u64 = 50;

/// A stretch of the register, and what is asked of it.
pub(super) struct ReadAhead {
    pub(super) store: Store,
    /// The release in force without the change, and with it.
    pub(super) lives: [Arc<ActiveRelease>; 2],
    pub(super) from: Day,
    pub(super) until: Day,
    /// Whether subjects wait to be appraised anew.
    pub(super) is_marked: bool,
    /// The home with which it begins, and the one before which it ends.
    pub(super) stretch: (Option<String>, Option<String>),
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

/// What is known of a subject in one course: what was stored, and what is appraised from then on.
struct SubjectAhead<'a> {
    stored: Option<(&'a AppraisalText, &'a Previous)>,
    asked: &'a AppraisalsByDay,
}

impl ReadAhead {
    /// Reads the stretch.
    pub(super) async fn subjects(self) -> Answer<SubjectsAhead> {
        let (mut all, mut reader) = (SubjectsAhead::default(), self.store.read().await?);
        let mut after = self.stretch.0.clone().map(|home| SubjectKey { home, id: String::new() });
        loop {
            let range = SubjectRange::default();
            let mut found =
                reading::scan(&mut reader, &self.lives[1].policy, &range, after.as_ref(), ROWS).await?;
            let Some(last) = found.last() else { break };
            after = Some(SubjectKey { home: last.subject.home.clone(), id: last.subject.id.clone() });
            let read = found.len();
            found.retain(|found| self.stretch.1.as_ref().is_none_or(|end| found.subject.home < *end));
            let is_over = found.len() < read;
            let decided = policies(&mut reader, &found).await?;
            (self.told)(found.len() as u64);
            self.add(&mut all, found, &decided)?;
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

    fn add(
        &self,
        all: &mut SubjectsAhead,
        found: Vec<AppraisedSubject>,
        decided: &BTreeMap<String, String>,
    ) -> Answer<()> {
        let (mut subjects, stored): (Vec<Subject>, Vec<Option<AppraisalText>>) =
            found.into_iter().map(|found| (found.subject, found.before)).unzip();
        see_orders(&mut subjects, self.from);
        let known = self.lives.each_ref().map(|live| -> Vec<Option<Previous>> {
            stored.iter().map(|said| Some(previous(&live.policy, said.as_ref()?))).collect()
        });
        let policy_of =
            |said: &AppraisalText| decided.get(said.decision.as_ref()?).map(|id| id.as_str().into());
        let asked: Vec<Vec<AppraisalsByDay>> = (0..2)
            .map(|side| {
                let asked =
                    subjects.iter().zip(&stored).zip(&known[side]).map(|((subject, said), before)| {
                        SubjectToAsk {
                            subject,
                            before: before.clone(),
                            decided_by: said.as_ref().and_then(policy_of),
                            first: self.first(side, subject, said.as_ref().zip(before.as_ref())),
                        }
                    });
                let goes_on = |answer: &Appraisal| answer.next.iter().any(may_become_ready);
                appraise_on_days(&self.lives[side], asked.collect(), self.until, goes_on, &self.stop)
            })
            .collect::<Answer<_>>()?;
        for (at, subject) in subjects.into_iter().enumerate() {
            let ahead = [0, 1].map(|side| SubjectAhead {
                stored: stored[at].as_ref().zip(known[side][at].as_ref()),
                asked: &asked[side][at],
            });
            self.add_one(all, subject, &ahead);
        }
        Ok(())
    }

    /// Returns the first day on which a subject is asked about. With the change everybody is on the first one.
    fn first(
        &self,
        side: usize,
        subject: &Subject,
        stored: Option<(&AppraisalText, &Previous)>,
    ) -> Option<Day> {
        let Some((said, before)) = stored else { return Some(self.from) };
        if side == 1 || self.is_marked || said.changes_on.is_some_and(|on| on <= self.from) {
            return Some(self.from);
        }
        let may_be_due = |next: &NextDate| may_become_ready(next) && !is_ordered(subject, next);
        said.changes_on.filter(|on| *on <= self.until && before.next.iter().any(may_be_due))
    }

    fn add_one(&self, all: &mut SubjectsAhead, subject: Subject, ahead: &[SubjectAhead<'_>; 2]) {
        all.all += 1;
        let verdicts = [0, 1].map(|side| self.verdict(&subject, side, &ahead[side]));
        let [before, after] = &verdicts;
        all.verdicts.add(before.as_ref(), after.as_ref().unwrap_or(&SubjectVerdict::default()));
        for (side, ahead) in ahead.iter().enumerate() {
            let stored = ahead.stored.is_some_and(|(said, _)| said.undecided.is_some());
            let is_undecided = stored || ahead.asked.iter().any(|(_, answer)| answer.undecided.is_some());
            all.undecided[side] += u64::from(is_undecided);
        }
        let [before, after] = [0, 1].map(|side| self.spans(all, &subject, side, &ahead[side]));
        let may_be_due = |spans: &[CandidateSpan]| {
            spans.iter().any(|span| span.ready.as_ref().is_some_and(|ready| ready.issue_on <= self.until))
        };
        if !may_be_due(&before) && !may_be_due(&after) {
            return;
        }
        let before: Arc<[CandidateSpan]> = before.into();
        let after = if *after == *before { Arc::clone(&before) } else { after.into() };
        let station = all.shared(&subject.station);
        all.stations.insert(Arc::clone(&station));
        let home = all.shared(&subject.home);
        let grid = subject.grid.as_deref().map(|grid| all.shared(grid));
        let (id, spans) = (subject.id, [before, after]);
        all.subjects.push(ForecastSubject { home, id, station, grid, spans });
    }

    /// Says what the rules say of a subject after the pass of the first day.
    fn verdict(&self, subject: &Subject, side: usize, ahead: &SubjectAhead<'_>) -> Option<SubjectVerdict> {
        let (home, id) = (subject.home.clone(), subject.id.clone());
        let policy = &self.lives[side].policy;
        let first = ahead.asked.first().filter(|(day, _)| *day == self.from);
        let (tier, undecided) = match (first, ahead.stored) {
            (Some((_, answer)), _) => {
                let cause = |fault| quarantine::cause(policy, fault);
                (tier_of(policy, answer).map(str::to_owned), answer.undecided.as_ref().map(cause))
            }
            (None, Some((said, _))) => (said.tier.clone(), said.undecided.clone()),
            (None, None) => return None,
        };
        Some(SubjectVerdict { home, subject: id, tier, undecided })
    }

    /// Says what a subject is as a candidate, from the first day on.
    fn spans(
        &self,
        all: &mut SubjectsAhead,
        subject: &Subject,
        side: usize,
        ahead: &SubjectAhead<'_>,
    ) -> Vec<CandidateSpan> {
        let policy = &self.lives[side].policy;
        let of = sole_trigger(policy, self.from).map(|of| format!("{}/{}", of.workflow.id, of.trigger.id));
        let meant = |next: &&NextDate| Some(&*next.of) == of.as_deref();
        let mut spans = Vec::new();
        let stored = ahead.stored.filter(|_| ahead.asked.first().is_none_or(|(day, _)| *day > self.from));
        if let Some((said, before)) = stored {
            let next = before.next.iter().find(meant).filter(|next| !is_ordered(subject, next));
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
