//! Can every step be reached from the first, and an end from every step?

use super::super::model::Workflow;
use super::part;
use super::ways::{entries, forward, spread};
use crate::diag::Diagnostic;
use crate::diag::codes::{NO_END, UNREACHABLE_STEP};

pub(super) fn check(workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    let count = workflow.steps.len();
    let forward = forward(workflow);
    let reached = spread(&forward, entries(workflow));
    let mut backward = vec![Vec::new(); count];
    for (from, targets) in forward.iter().enumerate() {
        for to in targets {
            backward[*to].push(from);
        }
    }
    // A part of a `parallel` leads on to where the join leads, from where it begins and where it stops.
    for part in part::parts(workflow) {
        let ends = part.steps.iter().filter(|at| workflow.steps[at.ix()].next.is_empty());
        backward[part.parallel.ix()].extend(ends.map(|at| at.ix()));
    }
    for (at, step) in workflow.steps.iter().enumerate() {
        backward[at].extend(step.kind.parts().iter().map(|part| part.ix()));
    }
    let ends = (0..count).filter(|at| workflow.steps[*at].ends);
    let ending = spread(&backward, ends);
    let steps = || workflow.steps.iter().enumerate();
    for (_, step) in steps().filter(|(at, _)| !reached[*at]) {
        out.push(Diagnostic::new(UNREACHABLE_STEP, step.span).with("step", &step.id));
    }
    // Every step before it misses the end for the same reason.
    if let Some((_, step)) = steps().rfind(|(at, _)| reached[*at] && !ending[*at]) {
        out.push(Diagnostic::new(NO_END, step.span).with("step", &step.id));
    }
}
