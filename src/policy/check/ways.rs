//! The ways between the steps of a workflow.

use std::collections::BTreeSet;

use super::super::model::{SignalAct, StepIx, Workflow};
use super::leads_to;

/// Returns where an order can begin or be moved to from outside.
pub(super) fn entries(workflow: &Workflow) -> impl Iterator<Item = usize> {
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
pub(super) fn forward(workflow: &Workflow) -> Vec<Vec<usize>> {
    let to = |at| leads_to(workflow, at).into_iter().map(StepIx::ix).collect();
    (0..workflow.steps.len()).map(to).collect()
}

/// Returns the steps that are reached without coming through the parts of a `parallel`.
pub(super) fn outside(workflow: &Workflow, parallel: StepIx) -> BTreeSet<StepIx> {
    let mut forward = forward(workflow);
    let parts = workflow.steps[parallel.ix()].kind.parts();
    let beside = |to: &usize| !parts.iter().any(|part| part.ix() == *to);
    forward[parallel.ix()].retain(beside);
    let reached = spread(&forward, entries(workflow));
    (0_u16..).map(StepIx).zip(reached).filter(|(_, reached)| *reached).map(|(at, _)| at).collect()
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

/// Returns which steps are reached from some of them.
pub(super) fn spread(edges: &[Vec<usize>], from: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut seen = vec![false; edges.len()];
    let mut waiting: Vec<usize> = from.collect();
    while let Some(at) = waiting.pop() {
        if !std::mem::replace(&mut seen[at], true) {
            waiting.extend(&edges[at]);
        }
    }
    seen
}
