//! Terms that a form says: read when a step is entered, and kept with the place from then on.

use std::collections::BTreeMap;

use super::answer_end::{AnswerEnd, AnswerLimit};
use super::order::ActiveStep;
use crate::policy::{AnswerField, AnswerTerm, DueRule, LengthRef, Step};
use crate::rules::StepRecord;

/// Reads what forms say of the terms of a step that is entered for the `visit`th time.
pub(super) fn read(step: &Step, visit: u32, steps: &BTreeMap<String, StepRecord>) -> Vec<AnswerEnd> {
    terms(step, visit).into_iter().filter_map(|term| read_one(term, steps)).collect()
}

fn read_one(term: &AnswerTerm, steps: &BTreeMap<String, StepRecord>) -> Option<AnswerEnd> {
    let AnswerField { step, field } = &term.source;
    let answer = steps.get(step)?.last.as_ref()?.answer.as_deref()?;
    let until = AnswerLimit::read(answer.get(field)?)?;
    Some(AnswerEnd { from: term.source.to_string(), until })
}

/// Returns the terms of a visit of which forms say nothing, so that what stands in for them applies.
pub(super) fn missing<'s>(step: &'s Step, place: &ActiveStep) -> Vec<&'s AnswerTerm> {
    let mut all = terms(step, place.visit);
    all.retain(|term| ends(place, term).next().is_none());
    all
}

/// Returns what a form said of a term when the place was entered.
pub(super) fn ends<'p>(place: &'p ActiveStep, term: &AnswerTerm) -> impl Iterator<Item = &'p AnswerEnd> {
    let from = term.source.to_string();
    place.answers.iter().filter(move |end| end.from == from)
}

/// Lists the terms of a visit that forms say, with those that stand in for them.
fn terms(step: &Step, visit: u32) -> Vec<&AnswerTerm> {
    let due = step.due.iter().filter_map(answer_of);
    let waited = by_visit(step, visit).and_then(|length| match length {
        LengthRef::Answer(term) => Some(&**term),
        LengthRef::Fixed(_) | LengthRef::Tier(_) => None,
    });
    let mut found: Vec<&AnswerTerm> = waited.into_iter().chain(due).collect();
    let mut next = 0;
    while let Some(term) = found.get(next) {
        found.extend(term.otherwise.as_ref().and_then(answer_of));
        next += 1;
    }
    found
}

/// Returns what a visit waits for.
pub(super) fn by_visit(step: &Step, visit: u32) -> Option<&LengthRef> {
    step.wait.get(visit.saturating_sub(1) as usize).or(step.wait.last())
}

fn answer_of(rule: &DueRule) -> Option<&AnswerTerm> {
    match rule {
        DueRule::After(LengthRef::Answer(term)) => Some(term),
        DueRule::Sooner { of, .. } => answer_of(of),
        DueRule::After(LengthRef::Fixed(_) | LengthRef::Tier(_)) | DueRule::WindowEnd => None,
    }
}
