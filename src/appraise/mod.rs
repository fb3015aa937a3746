//! What the policy says of each subject today: tier, score, and when it is due next.
//!
//! Joins what the rules answer with what the calendar counts and what the subject's orders
//! already cover. It opens nothing and stores nothing; it does not know why it is asked. The
//! answer for a subject depends on that subject, the policy, the day and its own last appraisal.

mod next;
mod wire;

use std::borrow::Borrow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rayon::prelude::*;

use crate::policy::{Policy, TierIx};
use crate::register::Subject;
use crate::rules::{Decision, Judgement, RuleFault, Rules};
use crate::time::Day;

pub use next::{HoldReason, NextDate, NextState, NoDate};

/// What was last appraised of a subject.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Previous {
    /// The tier last decided.
    pub tier: Option<TierIx>,
    /// The score last decided.
    pub score: Option<f64>,
    /// The dates, as they were then.
    pub next: Vec<NextDate>,
    /// Whether another release or overlay was in force then.
    pub is_other_policy: bool,
    /// The day it was made; none where that is not known.
    pub decided_on: Option<Day>,
}

/// What is to be known of a subject on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Appraisal {
    /// The tier; the one last decided when the rules have no answer now.
    pub tier: Option<TierIx>,
    /// The score, likewise.
    pub score: Option<f64>,
    /// The inputs and the answers.
    pub decision: Arc<Decision>,
    /// Why the rules have no answer now, or a script of the station's own has none beside the bureau's.
    pub undecided: Option<RuleFault>,
    /// One for each recurring trigger, in the order of [`Policy::recurring`].
    pub next: Vec<NextDate>,
    /// The first later day on which time alone may change any of this.
    pub changes_on: Option<Day>,
}

impl Appraisal {
    /// Returns which recurring trigger speaks for a subject of which several do: the one whose order comes
    /// first, before those that something holds back, before those that have no date, and before those whose
    /// condition says that the subject is not meant.
    ///
    /// # Source
    /// Policy language, rule 24.
    pub fn foremost(&self) -> Option<usize> {
        let rank = |next: &NextDate| match (next.state, next.held) {
            (NextState::Due { dates, .. }, None) => (0, Some(dates.issue_on)),
            (NextState::Due { dates, .. }, Some(HoldReason::When)) => (3, Some(dates.issue_on)),
            (NextState::Due { dates, .. }, Some(_)) => (1, Some(dates.issue_on)),
            (NextState::None(_), _) => (2, None),
        };
        self.next.iter().enumerate().min_by_key(|(_, next)| rank(next)).map(|(at, _)| at)
    }
}

/// What every subject is appraised by: the policy, its rules and the day.
#[derive(Clone, Copy)]
pub struct Basis<'a> {
    pub policy: &'a Policy,
    pub rules: &'a Rules,
    pub day: Day,
}

/// Appraises subjects as of a day. `before` has one entry for each subject.
///
/// # Panics
/// When `before` is of another length.
pub fn appraise(
    basis: Basis<'_>,
    subjects: &[impl Borrow<Subject> + Sync],
    before: &[Option<Previous>],
    stop: &AtomicBool,
) -> Vec<Appraisal> {
    let judged = basis.rules.judge(basis.policy, subjects, basis.day, stop);
    all(basis, subjects, before, &judged)
}

/// The same while the rule version is in quarantine: who would get another tier or score keeps
/// the last one and is undecided.
///
/// # Source
/// Policy language, rule 14.
///
/// # Panics
/// When `before` is of another length.
pub fn appraise_in_quarantine(
    basis: Basis<'_>,
    subjects: &[impl Borrow<Subject> + Sync],
    before: &[Option<Previous>],
    stop: &AtomicBool,
) -> Vec<Appraisal> {
    let mut judged = basis.rules.judge(basis.policy, subjects, basis.day, stop);
    for (judged, before) in judged.iter_mut().zip(before) {
        let (Ok(tier), Ok(score)) = (&judged.tier, &judged.score) else { continue };
        let is_known = before.as_ref().is_some_and(|b| b.tier == Some(*tier) && b.score == Some(*score));
        if !is_known {
            *judged = judged.withheld(basis.policy);
        }
    }
    all(basis, subjects, before, &judged)
}

/// Returns when the recurring triggers would ask for a subject if it had a tier, in the order of the policy; nothing of
/// before moves the dates.
pub fn next_of_tier(basis: Basis<'_>, subject: &Subject, tier: Option<TierIx>) -> Vec<NextDate> {
    let Basis { policy, rules, day } = basis;
    let judged = rules.judge(policy, std::slice::from_ref(subject), day, &AtomicBool::new(false));
    let asked = next::AppraisalInput { policy, subject, before: None, judged: &judged[0], tier, day };
    next::triggers(policy, rules).iter().map(|trigger| asked.next(trigger)).collect()
}

fn all(
    basis: Basis<'_>,
    subjects: &[impl Borrow<Subject> + Sync],
    before: &[Option<Previous>],
    judged: &[Judgement],
) -> Vec<Appraisal> {
    assert_eq!(subjects.len(), before.len(), "one previous appraisal, or none, for each subject");
    let triggers = next::triggers(basis.policy, basis.rules);
    let pairs = subjects.par_iter().zip(before).zip(judged);
    pairs
        .map(|((subject, before), judged)| {
            let (subject, before) = (subject.borrow(), before.as_ref());
            let tier = judged.tier.as_ref().ok().copied().or(before.and_then(|before| before.tier));
            let Basis { policy, day, rules: _ } = basis;
            one(&next::AppraisalInput { policy, subject, before, judged, tier, day }, &triggers)
        })
        .collect()
}

fn one(asked: &next::AppraisalInput<'_>, triggers: &[next::Recurring<'_>]) -> Appraisal {
    let next::AppraisalInput { policy, subject, before, judged, tier, day } = *asked;
    let score = judged.score.as_ref().ok().copied().or(before.and_then(|before| before.score));
    let next: Vec<NextDate> = triggers.iter().map(|trigger| asked.next(trigger)).collect();
    let unanswered = [judged.tier.as_ref().err(), judged.score.as_ref().err()].into_iter().flatten();
    // A condition nobody needs, because there is no date to open an order for, leaves nothing undecided.
    let held = triggers.iter().zip(&next).filter(|(_, next)| next.held == Some(HoldReason::Undecided));
    let conditions = held.filter_map(|(trigger, _)| trigger.fault(judged));
    let undecided = unanswered.chain(conditions).chain(&judged.station_fault).next().cloned();
    // What was stopped is no verdict, and is asked again on the next day.
    let again = undecided.as_ref().filter(|fault| fault.is_stop()).and_then(|_| day.succ_opt());
    Appraisal {
        tier,
        score,
        decision: Arc::clone(&judged.inputs),
        undecided,
        changes_on: changes_on(policy, subject, judged, day).into_iter().chain(again).min(),
        next,
    }
}

/// Adds to what the rules read what the dates hang on: status and last patrol, dated ahead, and the days
/// on which overlays of the subject's station begin and have ended.
fn changes_on(policy: &Policy, subject: &Subject, judged: &Judgement, day: Day) -> Option<Day> {
    let history = &subject.history;
    let statuses = history.statuses.iter().map(|(from, _)| *from);
    let visits = history.inspections.iter().map(|inspection| inspection.on);
    let ahead = statuses.chain(visits).chain(history.last_patrol_known).filter(|on| *on > day);
    let edition = policy.next_edition(&subject.station, day);
    ahead.chain(judged.changes_on).chain(edition).min()
}
