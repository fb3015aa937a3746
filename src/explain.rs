//! Why an order was opened, and why one was not: the lines that decided, with their values.
//!
//! Pure: it is handed what was judged and tells it in order — the rule lines of the tier, the
//! cycle, the trigger. It knows no language; the outcome is a word that a door has a sentence for.

use serde::Serialize;

use crate::appraise::{Appraisal, Basis, NextState, next_of_tier};
use crate::calendar::Length;
use crate::diag::Span;
use crate::policy::{Every, Policy, TierIx};
use crate::register::Subject;
use crate::rules::{DecidingLine, Trace, Val};
use crate::time::Day;

/// One line that decided, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionReason {
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
    /// What it came to.
    pub value: String,
}

/// What became of a subject on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// `due`, `not-due`, `held-…` or `none-…`.
    pub outcome: String,
    /// The words its sentence names.
    pub args: Vec<(&'static str, String)>,
    /// The lines, in the order in which they decided.
    pub because: Vec<DecidingLine>,
}

/// A subject, what its appraisal came to, and on which lines.
#[derive(Clone, Copy)]
pub struct TracedSubject<'a> {
    pub subject: &'a Subject,
    pub trace: &'a Trace,
    pub appraisal: &'a Appraisal,
}

/// Explains what the recurring trigger `of` answers for a subject, or the one that speaks for it.
pub fn subject(basis: Basis<'_>, appraised: TracedSubject<'_>, of: Option<usize>) -> Explanation {
    let Basis { policy, rules, day } = basis;
    let TracedSubject { subject, trace, appraisal } = appraised;
    let mut because = trace.tier.clone();
    let note = |span, value: &str| DecidingLine { span, value: Val::Text(value.into()) };
    let tier = appraisal.tier.map(|tier| &policy.tiers.order[tier.ix()]);
    let mut answers = policy.recurring().zip(&appraisal.next);
    let Some(((workflow, trigger, recur), next)) =
        answers.nth(of.or_else(|| appraisal.foremost()).unwrap_or_default())
    else {
        return Explanation { outcome: "none-no-trigger".to_owned(), args: Vec::new(), because };
    };
    let written = |length: Length| length.written(policy.bureau.language);
    // The cycle that holds is told, whether it is the tier's or another.
    match (recur.every, tier) {
        (Every::TierCycle, Some(tier)) => {
            because.push(note(tier.cycle_span, &format!("{} {}", tier.id, written(tier.cycle))));
        }
        (Every::TierCycle, None) => {}
        (Every::Length(length), _) => because.push(note(recur.every_span, &written(length))),
        (Every::Attribute(at), _) => {
            let attribute = &policy.attributes[at.ix()];
            let own = attribute.kind.length(subject.attribute(at)).map(written).unwrap_or_default();
            because.push(note(recur.every_span, format!("{} {own}", attribute.title).trim_end()));
        }
    }
    let key = (workflow.id.as_str(), trigger.id.as_str());
    let whens = rules.whens().iter().position(|(at, position)| {
        let workflow = &policy.workflows[at.ix()];
        (workflow.id.as_str(), workflow.start[*position].id.as_str()) == key
    });
    let when = whens.and_then(|at| trace.when.get(at));
    let (outcome, args) = match &next.state {
        NextState::None(reason) => {
            because.push(note(recur.span, ""));
            (format!("none-{}", reason.into_str()), Vec::new())
        }
        NextState::Due { dates, raised } => {
            let value = format!("{} → {} → {}", dates.nominal, dates.due, dates.issue_on);
            because.push(note(recur.every_span, &value));
            because.extend(when.into_iter().flatten().cloned());
            let args = vec![
                ("nominal", dates.nominal.to_string()),
                ("due", dates.due.to_string()),
                ("issue", dates.issue_on.to_string()),
                ("raised", raised.to_string()),
            ];
            let outcome = match next.held {
                Some(held) if dates.issue_on <= day => format!("held-{}", held.into_str()),
                None if dates.issue_on <= day => "due".to_owned(),
                Some(_) | None => "not-due".to_owned(),
            };
            (outcome, args)
        }
    };
    Explanation { outcome, args, because }
}

/// What would have to be otherwise for a trigger to ask for a subject by a day: each alone is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EarlierIssue {
    /// Tiers that would do, with the issue date of each.
    pub tiers: Vec<(TierIx, Day)>,
    /// The latest last visit that would do, where there was a later one.
    pub last_visit: Option<Day>,
}

/// How many days before the last visit an earlier one is looked for.
const VISIT_DAYS: usize = 800;

/// Finds what would bring the issue date of a recurring trigger, given by its position, to a day or before it.
pub fn earlier(basis: Basis<'_>, appraised: TracedSubject<'_>, of: usize, by: Day) -> EarlierIssue {
    let TracedSubject { subject, trace: _, appraisal } = appraised;
    let issue_on = |subject: &Subject, tier| match next_of_tier(basis, subject, tier).get(of)?.state {
        NextState::Due { dates, raised: _ } => Some(dates.issue_on).filter(|on| *on <= by),
        NextState::None(_) => None,
    };
    let others = (0_u16..).map(TierIx).zip(&basis.policy.tiers.order).map(|(tier, _)| tier);
    let others = others.filter(|tier| appraisal.tier != Some(*tier));
    let tiers = others.filter_map(|tier| Some((tier, issue_on(subject, Some(tier))?))).collect();
    let visited = subject.history.last_patrol(basis.day);
    let mut earlier = visited.into_iter().flat_map(|on| on.iter_days().rev().skip(1).take(VISIT_DAYS));
    let last_visit = earlier.find(|on| issue_on(&visited_last(subject, *on), appraisal.tier).is_some());
    EarlierIssue { tiers, last_visit }
}

/// A subject as if it had been visited last on a day.
fn visited_last(subject: &Subject, on: Day) -> Subject {
    let mut subject = subject.clone();
    subject.history.inspections.retain(|visit| visit.on <= on);
    subject.history.orders.retain(|order| order.is_open);
    subject.history.last_patrol_known = Some(on);
    subject
}

/// Puts a span into the words of people: file, line, and the first line of what stands there.
pub fn place(policy: &Policy, span: Span, value: String) -> DecisionReason {
    let sources = &policy.sources;
    let line = sources.start(span).line;
    let file = sources.file(span.file).path.clone();
    DecisionReason { file, line, text: sources.line(span.file, line).trim().to_owned(), value }
}
