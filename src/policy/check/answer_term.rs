//! Does a term that a form says stand in a form that was filled before, as a date or a length of time?
//!
//! # Source
//! Policy language, rule 27.

use super::super::model::{
    AnswerField, AnswerTerm, ColumnKind, DueRule, Field, FieldKind, LengthRef, PARENT_PREFIX, Policy, Step,
    StepKind, TableColumn, Workflow,
};
use super::ways;
use crate::diag::codes::{
    ANSWER_TERM_KIND, ANSWER_TERM_MISSING, CHOICE_WITHOUT_TERM, NO_PARENT, NOT_ONE_OF, UNKNOWN_COLUMN,
    UNKNOWN_FIELD, UNKNOWN_STEP,
};
use crate::diag::{Code, Diagnostic, Span};

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
    let AnswerField { of_parent, step, .. } = &term.source;
    let among: Vec<&Workflow> =
        if *of_parent { policy.parents_of(&workflow.id).collect() } else { vec![workflow] };
    if among.is_empty() {
        return Some(Diagnostic::new(NO_PARENT, term.span).with("workflow", &workflow.id));
    }
    let known: Vec<(&Workflow, &Step)> =
        among.iter().filter_map(|workflow| Some((*workflow, workflow.step(step)?))).collect();
    let place = SourcePlace::of(term);
    if known.is_empty() {
        let names = among.iter().flat_map(|workflow| &workflow.steps).map(|known| known.id.as_str());
        return Some(unknown(UNKNOWN_STEP, place.step, step).with_nearest(step, names));
    }
    let fields: Vec<&Field> =
        known.iter().flat_map(|(workflow, step)| fields(policy, workflow, step)).collect();
    let is_required = match meant(term, &fields, place) {
        Ok(is_required) => is_required,
        Err(wrong) => return Some(wrong),
    };
    let from = workflow.steps.iter().position(|known| known.id == *step).filter(|_| !of_parent);
    let is_there = is_required && from.is_some_and(|from| ways::is_before(workflow, from, at));
    (term.otherwise.is_none() && !is_there).then(|| {
        let wrong = Diagnostic::new(ANSWER_TERM_MISSING, term.span);
        let way = if term.choices.is_empty() { "value" } else { "choice" };
        let wrong = wrong.with("word", term.source.to_string()).with("way", way);
        let is_table = term.source.column.is_some();
        wrong.with(
            "required",
            if is_required {
                "yes"
            } else if is_table {
                "table"
            } else {
                "no"
            },
        )
    })
}

fn unknown(code: Code, span: Span, word: &str) -> Diagnostic {
    Diagnostic::new(code, span).with("word", word)
}

/// Where the parts of a source stand.
#[derive(Clone, Copy)]
struct SourcePlace {
    step: Span,
    field: Span,
    column: Span,
}

impl SourcePlace {
    fn of(term: &AnswerTerm) -> Self {
        let AnswerField { of_parent, step, field, column } = &term.source;
        let step_at = if *of_parent { PARENT_PREFIX.len() } else { 0 };
        let field_at = step_at + step.len() + 1;
        let column_at = field_at + field.len() + 1;
        let end = column_at + column.as_ref().map_or(0, String::len);
        Self {
            step: term.span.inner(step_at, field_at - 1),
            field: term.span.inner(field_at, column_at - 1),
            column: term.span.inner(column_at.min(end), end),
        }
    }
}

/// Returns whether the field that is meant is always filled where its step is done.
///
/// # Errors
/// It is not there, or cannot say a term.
fn meant(term: &AnswerTerm, fields: &[&Field], place: SourcePlace) -> Result<bool, Diagnostic> {
    let AnswerField { field, column, .. } = &term.source;
    let found: Vec<&&Field> = fields.iter().filter(|known| known.id == *field).collect();
    if found.is_empty() {
        let names = fields.iter().map(|known| known.id.as_str());
        return Err(unknown(UNKNOWN_FIELD, place.field, field).with_nearest(field, names));
    }
    let Some(column) = column else {
        for known in &found {
            fits(term, SaidBy::Field(&known.kind), unknown(ANSWER_TERM_KIND, place.field, field))?;
        }
        return Ok(found.iter().all(|known| known.required));
    };
    let tables = found.iter().map(|known| match &known.kind {
        FieldKind::Table(columns) => columns.as_slice(),
        _ => &[],
    });
    let columns: Vec<&TableColumn> = tables.flatten().collect();
    let mut found = columns.iter().filter(|known| known.id == *column).peekable();
    if found.peek().is_none() {
        let names = columns.iter().map(|known| known.id.as_str());
        return Err(unknown(UNKNOWN_COLUMN, place.column, column).with_nearest(column, names));
    }
    found.try_for_each(|known| {
        fits(term, SaidBy::Column(&known.kind), unknown(ANSWER_TERM_KIND, place.column, column))
    })?;
    // A table may have no rows.
    Ok(false)
}

/// What says a term.
#[derive(Clone, Copy)]
enum SaidBy<'p> {
    Field(&'p FieldKind),
    Column(&'p ColumnKind),
}

/// Asks whether what is filled in can say a term.
///
/// # Errors
/// `otherwise` where it cannot; a choice that is not there, or one without a term.
fn fits(term: &AnswerTerm, by: SaidBy<'_>, otherwise: Diagnostic) -> Result<(), Diagnostic> {
    let choices = match by {
        SaidBy::Field(FieldKind::Choice(of)) | SaidBy::Column(ColumnKind::Choice(of)) => of.as_slice(),
        SaidBy::Field(_) | SaidBy::Column(_) => &[],
    };
    let is_limit = matches!(
        by,
        SaidBy::Field(FieldKind::Date | FieldKind::DateTime | FieldKind::Length)
            | SaidBy::Column(ColumnKind::Date | ColumnKind::Length)
    );
    if term.choices.is_empty() {
        return if is_limit { Ok(()) } else { Err(otherwise) };
    }
    if choices.is_empty() {
        return Err(otherwise);
    }
    let names = || choices.iter().map(String::as_str);
    if let Some(known) = term.choices.iter().find(|known| !choices.contains(&known.choice)) {
        return Err(unknown(NOT_ONE_OF, known.span, &known.choice).with_nearest(&known.choice, names()));
    }
    let lacks = names().find(|choice| !term.choices.iter().any(|known| known.choice == *choice));
    match lacks.filter(|_| term.otherwise.is_none()) {
        Some(lacks) => Err(unknown(CHOICE_WITHOUT_TERM, term.span, lacks)),
        None => Ok(()),
    }
}

/// Returns the fields of the form of a step.
fn fields<'p>(policy: &'p Policy, workflow: &Workflow, step: &Step) -> &'p [Field] {
    let StepKind::Duty { form: Some(id), .. } = &step.kind else { return &[] };
    policy.form(&workflow.id, id).map(|form| form.fields.as_slice()).unwrap_or_default()
}
