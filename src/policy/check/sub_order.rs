//! Do sub-orders end? No workflow runs itself, and chains are not deeper than the limit.

use super::super::model::{Policy, StepKind, Workflow};
use crate::diag::codes::{SUB_ORDER_DEEP, SUB_ORDER_LOOP};
use crate::diag::{Diagnostic, Span};
use crate::limits;

pub(super) fn check(policy: &Policy, out: &mut Vec<Diagnostic>) {
    for workflow in &policy.workflows {
        let mut path = vec![workflow.id.as_str()];
        for (to, span) in runs(workflow) {
            follow(policy, to, span, &mut path, out);
        }
    }
}

fn runs(workflow: &Workflow) -> impl Iterator<Item = (&str, Span)> {
    workflow.steps.iter().flat_map(|step| match &step.kind {
        StepKind::SubOrder { run, .. } => run.iter().map(|id| (id.as_str(), step.span)).collect(),
        StepKind::Duty { .. } | StepKind::Automatic { .. } | StepKind::Parallel(_) | StepKind::End => {
            Vec::new()
        }
    })
}

/// Follows a chain from the workflow at its head; `span` is the step there that begins it.
fn follow<'p>(
    policy: &'p Policy,
    to: &'p str,
    span: Span,
    path: &mut Vec<&'p str>,
    out: &mut Vec<Diagnostic>,
) {
    let is_loop = path.first() == Some(&to);
    if is_loop || path.len() > limits::SUB_ORDER_DEPTH {
        let names = path.iter().copied().chain([to]).collect::<Vec<_>>().join(" → ");
        let code = if is_loop { SUB_ORDER_LOOP } else { SUB_ORDER_DEEP };
        let limit = limits::SUB_ORDER_DEPTH.to_string();
        let found = Diagnostic::new(code, span).with("path", names).with("limit", limit);
        // Several ways round the same step are one complaint.
        if !out.iter().any(|other| other.code == code && other.span == span) {
            out.push(found);
        }
        return;
    }
    if path.contains(&to) {
        return;
    }
    let Some(workflow) = policy.workflow(to) else { return };
    path.push(to);
    for (next, _) in runs(workflow) {
        follow(policy, next, span, path, out);
    }
    path.pop();
}
