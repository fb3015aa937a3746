//! Does a step that is an inspection ask for what an inspection is: when, and what was found?

use super::super::model::{FieldKind, Form, InspectionRule, Policy, StepKind, Workflow};
use crate::diag::Diagnostic;
use crate::diag::codes::{INSPECTION_FORM, INSPECTION_LEVELS};
use crate::lang;

pub(super) fn check(policy: &Policy, workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    for step in &workflow.steps {
        let Some(rule) = &step.inspection else { continue };
        let StepKind::Duty { form, .. } = &step.kind else { continue };
        let form = form.as_deref().and_then(|id| policy.form(&workflow.id, id));
        let Some((form, levels)) = form.and_then(|form| Some((form, levels(form, rule)?))) else {
            let InspectionRule { arrived, problems, level, .. } = rule;
            let wrong = Diagnostic::new(INSPECTION_FORM, step.span).with("step", &step.id);
            out.push(wrong.with("arrived", arrived).with("problems", problems).with("level", level));
            continue;
        };
        if levels.iter().any(|level| !policy.levels.contains(level)) {
            out.push(
                Diagnostic::new(INSPECTION_LEVELS, form.span)
                    .with("form", &form.id)
                    .with("levels", lang::list(levels))
                    .with("known", lang::list(&policy.levels)),
            );
        }
    }
}

/// Returns the levels that a form offers, where it has all that the rule names.
fn levels<'a>(form: &'a Form, rule: &InspectionRule) -> Option<&'a [String]> {
    let field = |id: &str| form.fields.iter().find(|field| field.id == id).map(|field| &field.kind);
    let Some(FieldKind::Date | FieldKind::DateTime) = field(&rule.arrived) else { return None };
    let Some(FieldKind::Table(columns)) = field(&rule.problems) else { return None };
    columns.iter().find(|column| column.id == rule.level).map(|column| column.kind.choices())
}
