//! Does every step know where it goes? Its last row has no condition, the others have one.

use super::super::model::Workflow;
use crate::diag::Diagnostic;
use crate::diag::codes::{DEFAULT_NOT_LAST, NEXT_AND_END, NO_DEFAULT, NO_NEXT};

pub(super) fn check(workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    for step in &workflow.steps {
        let Some((last, rows)) = step.next.split_last() else {
            if !step.ends && !is_joined(workflow, &step.id) {
                out.push(Diagnostic::new(NO_NEXT, step.span).with("step", &step.id));
            }
            continue;
        };
        if step.ends {
            out.push(Diagnostic::new(NEXT_AND_END, step.span).with("step", &step.id));
        }
        // A default that stands too high is told by itself.
        if last.when.is_some() && rows.iter().all(|row| row.when.is_some()) {
            out.push(Diagnostic::new(NO_DEFAULT, last.span).with("step", &step.id));
        }
        for row in rows.iter().filter(|row| row.when.is_none()) {
            out.push(Diagnostic::new(DEFAULT_NOT_LAST, row.span).with("step", &step.id));
        }
    }
}

/// A step of a `parallel` goes on to the join by itself.
fn is_joined(workflow: &Workflow, id: &str) -> bool {
    let mut parts = workflow.steps.iter().flat_map(|step| step.kind.parts());
    parts.any(|part| workflow.steps[part.ix()].id == id)
}
