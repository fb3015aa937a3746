//! Does a term that a form says stand in a form that was filled before, as a date or a length of time?
//!
//! # Source
//! Policy language, rule 27.

use super::super::model::{
    AnswerField, AnswerTerm, DueRule, Field, FieldKind, LengthRef, PARENT_PREFIX, Policy, Step, StepKind,
    Workflow,
};
use super::ways;
use crate::diag::codes::{ANSWER_TERM_KIND, ANSWER_TERM_MISSING, NO_PARENT, UNKNOWN_FIELD, UNKNOWN_STEP};
use crate::diag::{Diagnostic, Span};

pub(super) fn check(policy: &Policy, workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    for (at, step) in workflow.steps.iter().enumerate() {
        let lengths = step.wait.iter().chain(step.due.iter().filter_map(length));
        out.extend(terms(lengths).into_iter().filter_map(|term| wrong(policy, workflow, at, term)));
    }
    // When the window is computed no step of the order itself is done.
    let of_window = terms(workflow.window.iter());
    out.extend(of_window.into_iter().filter_map(|term| wrong(policy, workflow, 0, term)));
}

/// Returns every term that a form says, those that stand in for another one, too.
fn terms<'a>(lengths: impl Iterator<Item = &'a LengthRef>) -> Vec<&'a AnswerTerm> {
    let mut open: Vec<&LengthRef> = lengths.collect();
    let mut found = Vec::new();
    while let Some(length) = open.pop() {
        if let LengthRef::Answer(term) = length {
            found.push(&**term);
            open.extend(term.otherwise.iter().filter_map(self::length));
        }
    }
    found
}

fn length(rule: &DueRule) -> Option<&LengthRef> {
    match rule {
        DueRule::After(length) => Some(length),
        DueRule::Sooner { of, .. } => length(of),
        DueRule::WindowEnd => None,
    }
}

/// Says what is wrong with a term of the step at a position.
fn wrong(policy: &Policy, workflow: &Workflow, at: usize, term: &AnswerTerm) -> Option<Diagnostic> {
    let AnswerField { of_parent, step, field } = &term.source;
    let unknown = |code, span: Span, word: &str| Diagnostic::new(code, span).with("word", word);
    let among: Vec<&Workflow> =
        if *of_parent { policy.parents_of(&workflow.id).collect() } else { vec![workflow] };
    if among.is_empty() {
        return Some(Diagnostic::new(NO_PARENT, term.span).with("workflow", &workflow.id));
    }
    let begins = if *of_parent { PARENT_PREFIX.len() } else { 0 };
    let known: Vec<(&Workflow, &Step)> =
        among.iter().filter_map(|workflow| Some((*workflow, workflow.step(step)?))).collect();
    if known.is_empty() {
        let names = among.iter().flat_map(|workflow| &workflow.steps).map(|known| known.id.as_str());
        let span = term.span.inner(begins, begins + step.len());
        return Some(unknown(UNKNOWN_STEP, span, step).with_nearest(step, names));
    }
    let fields: Vec<&Field> =
        known.iter().flat_map(|(workflow, step)| fields(policy, workflow, step)).collect();
    let span = term.span.inner(begins + step.len() + 1, begins + step.len() + 1 + field.len());
    let mut meant = fields.iter().filter(|known| known.id == *field).peekable();
    if meant.peek().is_none() {
        let names = fields.iter().map(|known| known.id.as_str());
        return Some(unknown(UNKNOWN_FIELD, span, field).with_nearest(field, names));
    }
    let is_term =
        |kind: &FieldKind| matches!(kind, FieldKind::Date | FieldKind::DateTime | FieldKind::Length);
    let is_required = meant.clone().all(|known| known.required);
    if meant.any(|known| !is_term(&known.kind)) {
        return Some(unknown(ANSWER_TERM_KIND, span, field));
    }
    let from = workflow.steps.iter().position(|known| known.id == *step).filter(|_| !of_parent);
    let is_there = is_required && from.is_some_and(|from| ways::is_before(workflow, from, at));
    (term.otherwise.is_none() && !is_there).then(|| {
        let wrong = Diagnostic::new(ANSWER_TERM_MISSING, term.span);
        wrong.with("word", term.source.to_string()).with("required", if is_required { "yes" } else { "no" })
    })
}

/// Returns the fields of the form of a step.
fn fields<'p>(policy: &'p Policy, workflow: &Workflow, step: &Step) -> &'p [Field] {
    let StepKind::Duty { form: Some(id), .. } = &step.kind else { return &[] };
    policy.form(&workflow.id, id).map(|form| form.fields.as_slice()).unwrap_or_default()
}
