//! Do sub-orders end? No workflow runs itself, and chains are not deeper than the limit.

use super::super::model::{Policy, StepKind, Workflow};
use crate::diag::codes::{SUB_ORDER_DEEP, SUB_ORDER_LOOP};
use crate::diag::{Diagnostic, Span};
use crate::limits;

/// A chain of sub-orders, from the step that begins it.
struct SubOrderChain<'p, 'o> {
    policy: &'p Policy,
    begin: Span,
    path: Vec<&'p str>,
    out: &'o mut Vec<Diagnostic>,
}

pub(super) fn check(policy: &Policy, out: &mut Vec<Diagnostic>) {
    for workflow in &policy.workflows {
        for (to, begin) in runs(workflow) {
            SubOrderChain { policy, begin, path: vec![workflow.id.as_str()], out }.follow(to);
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

impl<'p> SubOrderChain<'p, '_> {
    /// Goes on to a workflow, and to all that it runs.
    fn follow(&mut self, to: &'p str) {
        let is_loop = self.path.first() == Some(&to);
        if is_loop || self.path.len() > limits::SUB_ORDER_DEPTH {
            let names = self.path.iter().copied().chain([to]).collect::<Vec<_>>().join(" → ");
            let code = if is_loop { SUB_ORDER_LOOP } else { SUB_ORDER_DEEP };
            let limit = limits::SUB_ORDER_DEPTH.to_string();
            let found = Diagnostic::new(code, self.begin).with("path", names).with("limit", limit);
            // Several ways round the same step are one complaint.
            if !self.out.iter().any(|other| other.code == code && other.span == self.begin) {
                self.out.push(found);
            }
            return;
        }
        if self.path.contains(&to) {
            return;
        }
        let Some(workflow) = self.policy.workflow(to) else { return };
        self.path.push(to);
        for (next, _) in runs(workflow) {
            self.follow(next);
        }
        self.path.pop();
    }
}
