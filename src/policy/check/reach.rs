//! Can every step be reached from the first, and an end from every step?

use super::super::model::{SignalAct, StepIx, Workflow};
use super::leads_to;
use crate::diag::Diagnostic;
use crate::diag::codes::{NO_END, UNREACHABLE_STEP};

/// Returns where an order can begin or be moved to from outside.
fn entries(workflow: &Workflow) -> impl Iterator<Item = usize> {
    let signalled = workflow.signals.iter().filter_map(|signal| match signal.act {
        SignalAct::Go(step) => Some(step.ix()),
        SignalAct::Cancel
        | SignalAct::Start(_)
        | SignalAct::Chief
        | SignalAct::Open
        | SignalAct::Hold
        | SignalAct::Resume => None,
    });
    (0..workflow.steps.len().min(1)).chain(signalled)
}

/// Returns where each step can lead.
fn forward(workflow: &Workflow) -> Vec<Vec<usize>> {
    let to = |at| leads_to(workflow, at).into_iter().map(StepIx::ix).collect();
    (0..workflow.steps.len()).map(to).collect()
}

/// Returns whether no way leads to a step but through another one.
pub(super) fn is_before(workflow: &Workflow, first: usize, then: usize) -> bool {
    let mut forward = forward(workflow);
    forward[first].clear();
    // A `parallel` is not over before each of its parts is.
    for (at, step) in workflow.steps.iter().enumerate() {
        if step.kind.parts().iter().any(|part| part.ix() == first) {
            forward[at] = step.kind.parts().iter().map(|part| part.ix()).collect();
        }
    }
    first != then && !spread(&forward, entries(workflow))[then]
}

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
    // A part of a `parallel` leads on to where the join leads.
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

fn spread(edges: &[Vec<usize>], from: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut seen = vec![false; edges.len()];
    let mut waiting: Vec<usize> = from.collect();
    while let Some(at) = waiting.pop() {
        if !std::mem::replace(&mut seen[at], true) {
            waiting.extend(&edges[at]);
        }
    }
    seen
}
