//! Does every loop end? Once each bounded step is used up, no way round may be left.

use super::super::model::{StepIx, StepKind, Workflow};
use crate::diag::codes::UNBOUNDED_LOOP;
use crate::diag::{Diagnostic, Span};

/// How far the search has come with a step.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

pub(super) fn check(workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    let mut marks = vec![Mark::New; workflow.steps.len()];
    for start in 0..workflow.steps.len() {
        if marks[start] == Mark::New {
            walk(workflow, start, &mut marks, &mut Vec::new(), out);
        }
    }
}

/// Where a step leads when every bound is used up: a bounded one only to its `then`.
fn edges(workflow: &Workflow, at: usize) -> Vec<(StepIx, Span)> {
    let step = &workflow.steps[at];
    if let Some(visits) = step.visits {
        return vec![(visits.then, step.span)];
    }
    let mut edges: Vec<_> = step.next.iter().map(|row| (row.go, row.span)).collect();
    if let StepKind::Parallel(steps) = &step.kind {
        edges.extend(steps.iter().map(|to| (*to, step.span)));
    }
    edges
}

/// Depth is bounded by the number of steps, which is bounded by the loader.
fn walk(
    workflow: &Workflow,
    at: usize,
    marks: &mut [Mark],
    path: &mut Vec<usize>,
    out: &mut Vec<Diagnostic>,
) {
    marks[at] = Mark::Open;
    path.push(at);
    for (to, span) in edges(workflow, at) {
        match marks[to.ix()] {
            Mark::New => walk(workflow, to.ix(), marks, path, out),
            Mark::Open => {
                let from = path.iter().position(|step| *step == to.ix()).unwrap_or(0);
                let ring = path[from..].iter().copied().chain([to.ix()]);
                let names = ring.map(|at| workflow.steps[at].id.as_str());
                let names: Vec<&str> = names.collect();
                out.push(Diagnostic::new(UNBOUNDED_LOOP, span).with("path", names.join(" → ")));
            }
            Mark::Done => {}
        }
    }
    path.pop();
    marks[at] = Mark::Done;
}
