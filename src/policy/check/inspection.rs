//! Does a step that is an inspection ask for what an inspection is: when, and what was found?

use super::super::model::{FieldKind, Form, Policy, StepKind, Workflow};
use crate::diag::Diagnostic;
use crate::diag::codes::{INSPECTION_FORM, INSPECTION_LEVELS};

pub(super) fn check(policy: &Policy, workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    for step in workflow.steps.iter().filter(|step| step.records_inspection) {
        let StepKind::Duty { form, .. } = &step.kind else { continue };
        let form = form.as_deref().and_then(|id| policy.form(&workflow.id, id));
        let Some(form) = form.filter(|form| has_fields(form)) else {
            out.push(Diagnostic::new(INSPECTION_FORM, step.span).with("step", &step.id));
            continue;
        };
        let levels =
            form.fields.iter().filter(|field| field.id == "problems").filter_map(|field| match &field.kind {
                FieldKind::Table(columns) => columns.iter().find(|(id, ..)| id == "level"),
                _ => None,
            });
        for (_, _, of) in levels.filter(|(_, _, of)| of.iter().any(|level| !policy.levels.contains(level))) {
            out.push(
                Diagnostic::new(INSPECTION_LEVELS, form.span)
                    .with("form", &form.id)
                    .with("levels", of.join("、"))
                    .with("known", policy.levels.join("、")),
            );
        }
    }
}

fn has_fields(form: &Form) -> bool {
    let field = |id: &str| form.fields.iter().find(|field| field.id == id).map(|field| &field.kind);
    matches!(field("arrived"), Some(FieldKind::Date | FieldKind::DateTime))
        && matches!(field("problems"), Some(FieldKind::Table(columns)) if columns.iter().any(|(id, ..)| id == "level"))
}
