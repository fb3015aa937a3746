//! A form as filled in a case: its fields and columns exist.

use crate::diag::Diagnostic;
use crate::diag::codes::{UNKNOWN_COLUMN, UNKNOWN_FIELD};
use crate::policy::{CaseForm, Field, FieldKind, Form, Policy, Step, StepKind, Word, Workflow};

/// Returns the forms that some steps of a workflow fill.
pub(super) fn of_steps<'p>(policy: &'p Policy, workflow: &Workflow, steps: &[&Step]) -> Vec<&'p Form> {
    let ids = steps.iter().filter_map(|step| match &step.kind {
        StepKind::Duty { form, .. } => form.as_deref(),
        StepKind::SubOrder { .. } | StepKind::Automatic { .. } | StepKind::Parallel(_) | StepKind::End => {
            None
        }
    });
    ids.filter_map(|id| policy.form(&workflow.id, id)).collect()
}

/// Checks that each field, and each column of a table, is one of a form it may be meant for.
pub(super) fn check(forms: &[&Form], filled: &CaseForm) -> Vec<Diagnostic> {
    let fields = || forms.iter().flat_map(|form| &form.fields);
    let known: Vec<&str> = fields().flat_map(|field| [field.id.as_str(), field.title.as_str()]).collect();
    let mut out = Vec::new();
    for (named, columns) in &filled.fields {
        if !known.contains(&named.value.as_str()) {
            out.push(named.none_of(UNKNOWN_FIELD, known.iter().copied()));
            continue;
        }
        let meant: Vec<&Field> =
            fields().filter(|field| field.id == named.value || field.title == named.value).collect();
        self::columns(&meant, columns, &mut out);
    }
    out
}

fn columns(fields: &[&Field], written: &[Word], out: &mut Vec<Diagnostic>) {
    let tables = fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Table(columns) => Some(columns),
        _ => None,
    });
    let names = tables.flatten().flat_map(|column| [column.id.as_str(), column.title.as_str()]);
    let mut known: Vec<&str> = names.collect();
    known.dedup();
    if known.is_empty() {
        return;
    }
    let strange = written.iter().filter(|named| !known.contains(&named.value.as_str()));
    out.extend(strange.map(|named| named.none_of(UNKNOWN_COLUMN, known.iter().copied())));
}
