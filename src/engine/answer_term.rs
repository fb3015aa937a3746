//! Terms that a form says: read when a step is entered, and kept with the place from then on.

use std::collections::BTreeSet;

use serde_json::Value;

use super::answer_end::{AnswerEnd, AnswerLimit};
use super::order::{ActiveStep, OrderRecord};
use crate::lang::spellings::ITEM;
use crate::policy::{AnswerField, AnswerTerm, DueRule, LengthRef, Policy, Step, Workflow};

/// Reads what forms say of the terms of a step that is entered for the `visit`th time.
pub(super) fn read(policy: &Policy, step: &Step, visit: u32, record: &OrderRecord) -> Vec<AnswerEnd> {
    terms(step, visit).into_iter().flat_map(|term| read_one(policy, term, record)).collect()
}

/// Reads what the forms of its parent say of the window of an order.
pub(super) fn read_window(policy: &Policy, window: &LengthRef, record: &OrderRecord) -> Vec<AnswerEnd> {
    let found = with_stand_ins(answer_in(window).into_iter().collect());
    found.into_iter().flat_map(|term| read_one(policy, term, record)).collect()
}

/// Reads what one term is; one for all rows of a table that say the same.
fn read_one(policy: &Policy, term: &AnswerTerm, record: &OrderRecord) -> Vec<AnswerEnd> {
    let AnswerField { of_parent, step, field, column } = &term.source;
    let seen = record.parent.as_ref().and_then(|parent| parent.record.as_ref());
    let steps = if *of_parent { seen.map(|seen| &seen.steps) } else { Some(&record.steps) };
    let answer = steps.and_then(|steps| steps.get(step)?.last.as_ref()?.answer.as_deref());
    let Some(said) = answer.and_then(|answer| answer.get(field)) else { return Vec::new() };
    let from = term.source.to_string();
    let Some(column) = column else {
        let until = limit(policy, term, said);
        let choice = chosen(term, said);
        return until.map(|until| AnswerEnd { from, choice, rows: Vec::new(), until }).into_iter().collect();
    };
    let mut ends: Vec<AnswerEnd> = Vec::new();
    for row in said.as_array().into_iter().flatten() {
        let cell = row.get(column).unwrap_or(&Value::Null);
        let until = limit(policy, term, cell).unwrap_or(AnswerLimit::Otherwise);
        let choice = chosen(term, cell);
        let named = named(row).unwrap_or_default();
        match ends.iter_mut().find(|end| end.until == until && end.choice == choice) {
            Some(end) => end.rows.push(named.to_owned()),
            None => {
                ends.push(AnswerEnd { from: from.clone(), choice, rows: vec![named.to_owned()], until });
            }
        }
    }
    ends
}

/// What a row is called: its item, else what stands in it first.
fn named(row: &Value) -> Option<&str> {
    let row = row.as_object()?;
    let item = row.iter().find(|(column, _)| ITEM.is(column)).map(|(_, cell)| cell);
    item.or_else(|| row.values().next())?.as_str()
}

/// Reads until when a value of a form says, by itself or as a choice.
fn limit(policy: &Policy, term: &AnswerTerm, said: &Value) -> Option<AnswerLimit> {
    if term.choices.is_empty() {
        return AnswerLimit::read(said);
    }
    let meant = term.choices.iter().find(|known| Some(known.choice.as_str()) == said.as_str())?;
    Some(AnswerLimit::Length(meant.length.written(policy.bureau.language)))
}

/// The choice that a term goes by.
fn chosen(term: &AnswerTerm, said: &Value) -> Option<String> {
    said.as_str().filter(|_| !term.choices.is_empty()).map(str::to_owned)
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
    let is_missing = |term: &&AnswerTerm| {
        let mut ends = ends(place, term).peekable();
        ends.peek().is_none() || ends.any(|end| end.until == AnswerLimit::Otherwise)
    };
    all.retain(is_missing);
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
