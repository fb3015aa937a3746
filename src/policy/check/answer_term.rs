//! Does a term that a form says stand in a form that was filled before, as a date or a length of time?
//!
//! # Source
//! Policy language, rule 27.

use super::super::model::{AnswerTerm, DueRule, FieldKind, LengthRef, Policy, Step, StepKind, Workflow};
use super::reach;
use crate::diag::codes::{ANSWER_TERM_KIND, ANSWER_TERM_MISSING, UNKNOWN_FIELD, UNKNOWN_STEP};
use crate::diag::{Diagnostic, Span};

pub(super) fn check(policy: &Policy, workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    for (at, step) in workflow.steps.iter().enumerate() {
        for term in terms(step) {
            out.extend(wrong(policy, workflow, at, term));
        }
    }
}

/// Returns every term of a step that a form says, those that stand in for another one, too.
fn terms(step: &Step) -> Vec<&AnswerTerm> {
    let mut open: Vec<&LengthRef> = step.wait.iter().chain(step.due.iter().filter_map(length)).collect();
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
    let (step, field) = (&term.source.step, &term.source.field);
    let unknown = |code, span: Span, word: &str| Diagnostic::new(code, span).with("word", word);
    let Some(from) = workflow.steps.iter().position(|known| known.id == *step) else {
        let names = workflow.steps.iter().map(|known| known.id.as_str());
        let span = term.span.inner(0, step.len());
        return Some(unknown(UNKNOWN_STEP, span, step).with_nearest(step, names));
    };
    let form = match &workflow.steps[from].kind {
        StepKind::Duty { form: Some(id), .. } => policy.form(&workflow.id, id),
        _ => None,
    };
    let fields = form.map(|form| form.fields.as_slice()).unwrap_or_default();
    let span = term.span.inner(step.len() + 1, step.len() + 1 + field.len());
    let Some(known) = fields.iter().find(|known| known.id == *field) else {
        let names = fields.iter().map(|known| known.id.as_str());
        return Some(unknown(UNKNOWN_FIELD, span, field).with_nearest(field, names));
    };
    if !matches!(known.kind, FieldKind::Date | FieldKind::DateTime | FieldKind::Length) {
        return Some(unknown(ANSWER_TERM_KIND, span, field));
    }
    let is_there = known.required && reach::is_before(workflow, from, at);
    (term.otherwise.is_none() && !is_there).then(|| {
        let wrong = Diagnostic::new(ANSWER_TERM_MISSING, term.span);
        wrong
            .with("word", term.source.to_string())
            .with("required", if known.required { "yes" } else { "no" })
    })
}
