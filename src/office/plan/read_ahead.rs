//! A stretch of the register read once, and each subject in it appraised over the days ahead, without a change and with it.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::appraise::{Appraisal, HoldReason, NextDate, NextState, NoDate, Previous};
use crate::office::appraisal::appraise::{read_next, see_orders};
use crate::office::appraisal::on_days::{AppraisalsByDay, SubjectToAsk, appraise_on_days};
use crate::office::appraisal::quarantine;
use crate::office::plan::decided_anew::DecisionsAnew;
use crate::office::{ActiveRelease, Answer, OfficeFault};
use crate::plan::{CandidateSpan, ForecastSubject, ReadyDates, SubjectVerdict, VerdictChanges};
use crate::policy::Policy;
use crate::register::Subject;
use crate::store::Store;
use crate::store::reading::{self, AppraisalLine, SubjectKey, SubjectOutline};
use crate::time::Day;

/// Subjects read at a time.
const ROWS: i64 = 5_000;
/// Texts of dates remembered; a few hundred bytes each.
const REMEMBERED: usize = 65_536;
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
    texts: HashSet<Arc<str>>,
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

/// A subject, and what was last appraised of it, as the course without the change reads it.
struct StoredSubject<'s> {
    outline: SubjectOutline<'s>,
    next: Arc<[NextDate]>,
    /// Whether what was stored is what either course says of it on all days.
    stands: bool,
}

impl StoredSubject<'_> {
    /// Returns what was appraised as a policy reads it, which may have other tiers.
    fn previous(&self, policy: &Policy) -> Option<Previous> {
        let said = self.outline.before?;
        Some(Previous {
            tier: said.tier.and_then(|tier| policy.tier(tier)).map(|(tier, _)| tier),
            score: score(said),
            next: self.next.to_vec(),
            is_other_policy: false,
            decided_on: Some(said.decided_on),
        })
    }
}

/// Dates of stored appraisals, by the text in which they are stored: few are different.
#[derive(Default)]
struct NextDates(HashMap<String, Arc<[NextDate]>>);

impl NextDates {
    fn of(&mut self, said: Option<AppraisalLine<'_>>) -> Arc<[NextDate]> {
        let Some(AppraisalLine { next, .. }) = said else { return Arc::default() };
        if let Some(known) = self.0.get(next) {
            return Arc::clone(known);
        }
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        let read: Arc<[NextDate]> = read_next(next).into();
        self.0.insert(next.to_owned(), Arc::clone(&read));
        read
    }
}

/// What is known of a subject in one course: what was stored, and what is appraised from then on.
#[derive(Clone, Copy)]
struct SubjectAhead<'a> {
    stored: &'a StoredSubject<'a>,
    asked: &'a AppraisalsByDay,
}

/// What the rules say of a subject.
#[derive(PartialEq, Eq)]
struct ReadVerdict<'a> {
    tier: Option<&'a str>,
    undecided: Option<Cow<'a, str>>,
}

impl ReadVerdict<'_> {
    fn told(self, of: &SubjectOutline<'_>) -> SubjectVerdict {
        let (tier, undecided) = (self.tier.map(str::to_owned), self.undecided.map(Cow::into_owned));
        SubjectVerdict { home: of.home.to_owned(), subject: of.id.to_owned(), tier, undecided }
    }
}

impl ReadAhead {
    /// Reads the stretch.
    pub(super) async fn subjects(self) -> Answer<SubjectsAhead> {
        let (mut all, mut reader) = (SubjectsAhead::default(), self.store.read().await?);
        let policy = &self.lives[1].policy;
        let mut decisions = DecisionsAnew::new(&self.lives, self.from, self.until);
        let (mut dates, mut is_over) = (NextDates::default(), false);
        let mut after = self.begins.clone().map(|home| SubjectKey { home, id: String::new() });
        while !is_over {
            let stretch = reading::scan_outlines(&mut reader, after.as_ref(), ROWS).await?;
            let mut found = stretch.outlines(policy.bureau.zone)?;
            let Some(last) = found.last() else { break };
            after = Some(SubjectKey { home: last.home.to_owned(), id: last.id.to_owned() });
            let read = found.len();
            found.retain(|found| self.ends.as_ref().is_none_or(|end| found.home < end.as_str()));
            is_over = found.len() < read;
            decisions.read(&mut reader, found.iter().filter_map(|found| found.before?.decision)).await?;
            let stored = found.into_iter().map(|outline| {
                let mut stored = StoredSubject { next: dates.of(outline.before), outline, stands: false };
                stored.stands = self.stands(&mut decisions, &stored)?;
                Ok(stored)
            });
            let stored: Vec<StoredSubject<'_>> = stored.collect::<Answer<_>>()?;
            let asked: Vec<&SubjectOutline<'_>> =
                stored.iter().filter(|stored| !stored.stands).map(|stored| &stored.outline).collect();
            let mut asked = reading::whole(&mut reader, policy, &asked).await?;
            see_orders(&mut asked, self.from);
            (self.told)(stored.len() as u64);
            self.add(&mut all, &stored, &asked, &decisions)?;
            if self.stop.load(Ordering::Relaxed) {
                return Err(OfficeFault::Closing.into());
            }
        }
        drop(reader);
        self.store.close().await;
        Ok(all)
    }

    /// Returns whether what was stored of a subject is what either course says of it on all days: what was decided
    /// stands, and time changes nothing that matters.
    fn stands(&self, decisions: &mut DecisionsAnew<'_>, stored: &StoredSubject<'_>) -> Answer<bool> {
        let SubjectOutline { station, history, before, .. } = &stored.outline;
        // Whoever was away may be given another start.
        let is_quiet = before.is_some_and(|said| said.undecided.is_none())
            && self.first(0, stored).is_none()
            && history.last_absence(self.from).is_none();
        let decision = before.and_then(|said| said.decision).filter(|_| is_quiet);
        decision.map_or(Ok(false), |decision| decisions.stands(decision, station))
    }

    /// Adds subjects, of which those that do not stand have been read whole.
    fn add(
        &self,
        all: &mut SubjectsAhead,
        stored: &[StoredSubject<'_>],
        whole: &[Subject],
        decisions: &DecisionsAnew<'_>,
    ) -> Answer<()> {
        let mut sides = Vec::new();
        for (side, live) in self.lives.iter().enumerate() {
            let asked = stored.iter().filter(|stored| !stored.stands).zip(whole);
            let asked = asked.map(|(stored, subject)| SubjectToAsk {
                subject,
                before: stored.previous(&live.policy),
                decided_by: stored.outline.before.and_then(|said| decisions.decided_by(said.decision?)),
                first: self.first(side, stored),
            });
            let goes_on = |answer: &Appraisal| answer.next.iter().any(may_become_ready);
            sides.push(appraise_on_days(live, asked.collect(), self.until, goes_on, &self.stop)?);
        }
        let mut asked = 0..whole.len();
        for stored in stored {
            if stored.stands {
                all.all += 1;
                all.verdicts.add_same();
                let spans = self.spans(all, 0, SubjectAhead { stored, asked: &Vec::new() });
                self.add_spans(all, &stored.outline, [spans.clone(), spans]);
            } else if let Some(at) = asked.next() {
                self.add_one(all, [0, 1].map(|side| SubjectAhead { stored, asked: &sides[side][at] }));
            }
        }
        Ok(())
    }

    /// Returns the first day on which a subject is asked about. With the change everybody is on the first one.
    fn first(&self, side: usize, stored: &StoredSubject<'_>) -> Option<Day> {
        let Some(said) = stored.outline.before else { return Some(self.from) };
        if side == 1 || self.is_marked || said.changes_on.is_some_and(|on| on <= self.from) {
            return Some(self.from);
        }
        let may_be_due = |next: &NextDate| may_become_ready(next) && !is_ordered(&stored.outline, next);
        said.changes_on.filter(|on| *on <= self.until && stored.next.iter().any(may_be_due))
    }

    fn add_one(&self, all: &mut SubjectsAhead, ahead: [SubjectAhead<'_>; 2]) {
        all.all += 1;
        let outline = &ahead[0].stored.outline;
        match [0, 1].map(|side| self.verdict(side, ahead[side])) {
            [Some(before), Some(after)] if before == after => all.verdicts.add_same(),
            [before, after] => {
                let told = |verdict: ReadVerdict<'_>| verdict.told(outline);
                let after = after.map(told).unwrap_or_default();
                all.verdicts.add(before.map(told).as_ref(), &after);
            }
        }
        for (undecided, ahead) in all.undecided.iter_mut().zip(&ahead) {
            let stored = outline.before.is_some_and(|said| said.undecided.is_some());
            let is_one = stored || ahead.asked.iter().any(|(_, answer)| answer.undecided.is_some());
            *undecided += u64::from(is_one);
        }
        let [before, after] = [0, 1].map(|side| self.spans(all, side, ahead[side]));
        self.add_spans(all, outline, [before, after]);
    }

    /// Adds a subject that may become due within the days, in either course.
    fn add_spans(&self, all: &mut SubjectsAhead, of: &SubjectOutline<'_>, spans: [Vec<CandidateSpan>; 2]) {
        let is_in_time =
            |span: &CandidateSpan| span.ready.as_ref().is_some_and(|ready| ready.issue_on <= self.until);
        let [before, after] = spans;
        if !before.iter().chain(&after).any(is_in_time) {
            return;
        }
        let before: Arc<[CandidateSpan]> = before.into();
        let after = if *after == *before { Arc::clone(&before) } else { after.into() };
        let [home, station] = [of.home, of.station].map(|text| all.shared(text));
        all.stations.insert(Arc::clone(&station));
        let grid = of.grid.map(|grid| all.shared(grid));
        let id = of.id.to_owned();
        all.subjects.push(ForecastSubject { home, id, station, grid, spans: [before, after] });
    }

    /// Says what the rules say of a subject after the pass of the first day.
    fn verdict<'s>(&'s self, side: usize, ahead: SubjectAhead<'s>) -> Option<ReadVerdict<'s>> {
        let policy = &self.lives[side].policy;
        let first = ahead.asked.first().filter(|(day, _)| *day == self.from);
        match (first, ahead.stored.outline.before) {
            (Some((_, answer)), _) => {
                let cause = |fault| Cow::Owned(quarantine::cause(policy, fault));
                let undecided = answer.undecided.as_ref().map(cause);
                Some(ReadVerdict { tier: tier_of(policy, answer), undecided })
            }
            (None, Some(said)) => {
                Some(ReadVerdict { tier: said.tier, undecided: said.undecided.map(Cow::Borrowed) })
            }
            (None, None) => None,
        }
    }

    /// Says what a subject is as a candidate, from the first day on.
    fn spans(&self, all: &mut SubjectsAhead, side: usize, ahead: SubjectAhead<'_>) -> Vec<CandidateSpan> {
        let policy = &self.lives[side].policy;
        let meant = |next: &&NextDate| next.of == self.trigger;
        let mut spans = Vec::new();
        let StoredSubject { outline, next, .. } = ahead.stored;
        let said = outline.before.filter(|_| ahead.asked.first().is_none_or(|(day, _)| *day > self.from));
        if let Some(said) = said {
            let next = next.iter().find(meant).filter(|next| !is_ordered(outline, next));
            let tier = all.shared(said.tier.unwrap_or_default());
            spans.push(CandidateSpan { from: self.from, ready: ready(next, tier, score(said)) });
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
fn is_ordered(subject: &SubjectOutline<'_>, next: &NextDate) -> bool {
    let NextState::Due { dates, .. } = next.state else { return false };
    subject.history.orders.iter().any(|order| {
        let opened_by = next.of.split_once('/');
        opened_by == Some((&order.workflow, &order.trigger)) && order.nominal == Some(dates.nominal)
    })
}

fn score(said: AppraisalLine<'_>) -> Option<f64> {
    said.score?.parse().ok()
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
