//! Appraising subjects on those days on which time alone may change the answer, as passes do between which nobody acts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::appraise::{Appraisal, Basis, Previous, appraise};
use crate::office::{ActiveRelease, Answer};
use crate::register::Subject;
use crate::rules;
use crate::time::Day;

/// A subject that is asked about, and what was last appraised of it.
pub(crate) struct SubjectToAsk<'s> {
    pub(crate) subject: &'s Subject,
    pub(crate) before: Option<Previous>,
    /// Digest of the policy that decided then.
    pub(crate) decided_by: Option<Arc<str>>,
    /// The first day on which it is asked about; none where time changes nothing.
    pub(crate) first: Option<Day>,
}

/// What was appraised of a subject, by day.
pub(crate) type AppraisalsByDay = Vec<(Day, Appraisal)>;

/// Appraises each subject on its first day, and on each later one up to `until` on which the answer may be another, as
/// long as `goes_on` says of the last answer that it may still matter.
pub(crate) fn appraise_on_days(
    live: &ActiveRelease,
    asked: Vec<SubjectToAsk<'_>>,
    until: Day,
    goes_on: impl Fn(&Appraisal) -> bool + Send,
    stop: &AtomicBool,
) -> Answer<Vec<AppraisalsByDay>> {
    // The threads that ask are woken once, not for the few subjects of each day.
    rules::on_threads(|| each_day(live, asked, until, goes_on, stop))
}

fn each_day(
    live: &ActiveRelease,
    mut asked: Vec<SubjectToAsk<'_>>,
    until: Day,
    goes_on: impl Fn(&Appraisal) -> bool,
    stop: &AtomicBool,
) -> Answer<Vec<AppraisalsByDay>> {
    let mut told: Vec<AppraisalsByDay> = (0..asked.len()).map(|_| Vec::new()).collect();
    let mut by_day: BTreeMap<Day, Vec<usize>> = BTreeMap::new();
    for (at, first) in asked.iter().enumerate().filter_map(|(at, asked)| Some((at, asked.first?))) {
        by_day.entry(first).or_default().push(at);
    }
    while let Some((day, places)) = by_day.pop_first().filter(|(day, _)| *day <= until) {
        let texts = live.on(day);
        let own = texts.own(places.iter().map(|at| asked[*at].subject.station.as_str()))?;
        let mut groups: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
        for at in places {
            let station = own.get_key_value(&asked[at].subject.station).map(|(station, _)| station.as_str());
            groups.entry(station).or_default().push(at);
        }
        for (station, places) in groups {
            let text = texts.of(station.unwrap_or_default())?;
            let digest: Arc<str> = text.policy.digest.to_string().into();
            let subjects: Vec<&Subject> = places.iter().map(|at| asked[*at].subject).collect();
            let before = places.iter().map(|at| {
                let SubjectToAsk { before, decided_by, .. } = &mut asked[*at];
                let is_other_policy = decided_by.as_ref() != Some(&digest);
                before.take().map(|before| Previous { is_other_policy, ..before })
            });
            let before: Vec<Option<Previous>> = before.collect();
            let basis = Basis { policy: &text.policy, rules: &text.rules, day };
            for (at, answer) in places.into_iter().zip(appraise(basis, &subjects, &before, stop)) {
                let next = answer.changes_on.filter(|next| *next <= until && goes_on(&answer));
                if let Some(next) = next {
                    by_day.entry(next).or_default().push(at);
                    asked[at].before = Some(Previous {
                        tier: answer.tier,
                        score: answer.score,
                        next: answer.next.clone(),
                        is_other_policy: false,
                        decided_on: Some(day),
                    });
                    asked[at].decided_by = Some(Arc::clone(&digest));
                }
                told[at].push((day, answer));
            }
        }
    }
    Ok(told)
}
