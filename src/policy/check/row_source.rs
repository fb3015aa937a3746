//! Are the rows there that a table answers, under the column that names them?

use super::super::model::{FieldKind, Form, Policy, RowSource, StepKind, Workflow};
use crate::diag::Diagnostic;
use crate::diag::codes::ROW_SOURCE;

pub(super) fn check(policy: &Policy, workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    let form_of = |step: &str| {
        let StepKind::Duty { form: Some(id), .. } = &workflow.step(step)?.kind else { return None };
        policy.form(&workflow.id, id)
    };
    for form in workflow.steps.iter().filter_map(|step| form_of(&step.id)) {
        for field in &form.fields {
            let (Some(source), FieldKind::Table(columns)) = (&field.for_each, &field.kind) else { continue };
            let named = columns.first().map(|column| &column.id);
            if !form_of(&source.step).is_some_and(|of| has_column(of, source, named)) {
                let RowSource { step, field } = source;
                out.push(Diagnostic::new(ROW_SOURCE, form.span).with("word", format!("{step}.{field}")));
            }
        }
    }
}

fn has_column(form: &Form, source: &RowSource, named: Option<&String>) -> bool {
    let table = form.fields.iter().find(|field| field.id == source.field).map(|field| &field.kind);
    let Some(FieldKind::Table(columns)) = table else { return false };
    columns.iter().any(|column| Some(&column.id) == named)
}
