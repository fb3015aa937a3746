//! Terms that a form says: read when a step is entered, and kept with the place from then on.

use std::collections::BTreeSet;

use super::answer_end::{AnswerEnd, AnswerLimit};
use super::order::{ActiveStep, OrderRecord};
use crate::policy::{AnswerField, AnswerTerm, DueRule, LengthRef, Step, Workflow};

/// Reads what forms say of the terms of a step that is entered for the `visit`th time.
pub(super) fn read(step: &Step, visit: u32, record: &OrderRecord) -> Vec<AnswerEnd> {
    terms(step, visit).into_iter().filter_map(|term| read_one(term, record)).collect()
}

/// Reads what the forms of its parent say of the window of an order.
pub(super) fn read_window(window: &LengthRef, record: &OrderRecord) -> Vec<AnswerEnd> {
    let found = with_stand_ins(answer_in(window).into_iter().collect());
    found.into_iter().filter_map(|term| read_one(term, record)).collect()
}

fn read_one(term: &AnswerTerm, record: &OrderRecord) -> Option<AnswerEnd> {
    let AnswerField { of_parent, step, field } = &term.source;
    let steps = if *of_parent { &record.parent.as_ref()?.record.as_ref()?.steps } else { &record.steps };
    let answer = steps.get(step)?.last.as_ref()?.answer.as_deref()?;
    let until = AnswerLimit::read(answer.get(field)?)?;
    Some(AnswerEnd { from: term.source.to_string(), until })
}

/// Returns the steps of its parent whose forms say terms of an order.
pub(super) fn of_parent(workflow: &Workflow) -> BTreeSet<String> {
    let by_step = workflow
        .steps
        .iter()
        .flat_map(|step| step.wait.iter().filter_map(answer_in).chain(step.due.iter().filter_map(answer_of)));
    let found = with_stand_ins(by_step.chain(workflow.window.iter().filter_map(answer_in)).collect());
    let sources = found.into_iter().map(|term| &term.source).filter(|source| source.of_parent);
    sources.map(|source| source.step.clone()).collect()
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
    let waited = by_visit(step, visit).and_then(answer_in);
    with_stand_ins(waited.into_iter().chain(step.due.iter().filter_map(answer_of)).collect())
}

/// Adds the terms that stand in for others.
fn with_stand_ins(mut found: Vec<&AnswerTerm>) -> Vec<&AnswerTerm> {
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
        DueRule::After(length) => answer_in(length),
        DueRule::Sooner { of, .. } => answer_of(of),
        DueRule::WindowEnd => None,
    }
}

fn answer_in(length: &LengthRef) -> Option<&AnswerTerm> {
    match length {
        LengthRef::Answer(term) => Some(term),
        LengthRef::Fixed(_) | LengthRef::Tier(_) => None,
    }
}
