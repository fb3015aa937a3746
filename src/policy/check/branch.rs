//! Does every step know where it goes? Its last row has no condition, the others have one.

use super::super::model::{StepIx, Workflow};
use super::part;
use crate::diag::Diagnostic;
use crate::diag::codes::{DEFAULT_NOT_LAST, NEXT_AND_END, NO_DEFAULT, NO_NEXT};

pub(super) fn check(workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    let parts = part::parts(workflow);
    for (at, step) in (0_u16..).map(StepIx).zip(&workflow.steps) {
        let Some((last, rows)) = step.next.split_last() else {
            // The last step of a part goes on to the join by itself.
            if !step.ends && !parts.iter().any(|part| part.steps.contains(&at)) {
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
