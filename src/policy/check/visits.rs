//! Does every loop end? Once each bounded step is used up, no way round may be left.

use super::super::model::{StepIx, Workflow};
use super::part;
use crate::diag::codes::UNBOUNDED_LOOP;
use crate::diag::{Diagnostic, Span};

/// How far the search has come with a step.
#[derive(Clone, Copy, PartialEq)]
enum SearchMark {
    New,
    Open,
    Done,
}

/// A search through a workflow, depth first.
struct LoopSearch<'a> {
    workflow: &'a Workflow,
    marks: Vec<SearchMark>,
    path: Vec<usize>,
    out: &'a mut Vec<Diagnostic>,
}

pub(super) fn check(workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    let marks = vec![SearchMark::New; workflow.steps.len()];
    let mut search = LoopSearch { workflow, marks, path: Vec::new(), out };
    for start in 0..workflow.steps.len() {
        if search.marks[start] == SearchMark::New {
            search.walk(start);
        }
    }
}

/// Where a step leads when every bound is used up: a bounded one only to its `then`.
fn edges(workflow: &Workflow, at: usize) -> Vec<(StepIx, Span)> {
    let step = &workflow.steps[at];
    // A part that comes to its own `parallel` is over; from there the `parallel` leads on.
    let from = StepIx(u16::try_from(at).unwrap_or(u16::MAX));
    if let Some(visits) = step.visits {
        let is_over = part::is_join(workflow, from, visits.then);
        return if is_over { Vec::new() } else { vec![(visits.then, step.span)] };
    }
    let parts = step.kind.parts().iter().map(|to| (*to, step.span));
    let rows = step.next.iter().filter(|row| !part::is_join(workflow, from, row.go));
    rows.map(|row| (row.go, row.span)).chain(parts).collect()
}

impl LoopSearch<'_> {
    /// Depth is bounded by the number of steps, which is bounded by the loader.
    fn walk(&mut self, at: usize) {
        self.marks[at] = SearchMark::Open;
        self.path.push(at);
        for (to, span) in edges(self.workflow, at) {
            match self.marks[to.ix()] {
                SearchMark::New => self.walk(to.ix()),
                SearchMark::Open => {
                    let from = self.path.iter().position(|step| *step == to.ix()).unwrap_or(0);
                    let ring = self.path[from..].iter().copied().chain([to.ix()]);
                    let names: Vec<&str> = ring.map(|at| self.workflow.steps[at].id.as_str()).collect();
                    self.out.push(Diagnostic::new(UNBOUNDED_LOOP, span).with("path", names.join(" → ")));
                }
                SearchMark::Done => {}
            }
        }
        self.path.pop();
        self.marks[at] = SearchMark::Done;
    }
}
