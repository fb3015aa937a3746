//! Do escalation levels rise with time, each once, and has each term one?

use super::super::model::{OverdueRow, StepKind, Workflow};
use crate::calendar::Unit;
use crate::diag::Diagnostic;
use crate::diag::codes::{LEVEL_ORDER, LEVEL_TWICE, NO_LADDER, OVERDUE_WITHOUT_DUE};

pub(super) fn check(workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    for step in &workflow.steps {
        if let Some(row) = step.overdue.first().filter(|_| step.due.is_empty() && step.clock.is_none()) {
            out.push(Diagnostic::new(OVERDUE_WITHOUT_DUE, row.span).with("step", &step.id));
        }
        let is_duty = matches!(step.kind, StepKind::Duty { .. });
        if is_duty && step.overdue.is_empty() && (!step.due.is_empty() || step.clock.is_some()) {
            out.push(Diagnostic::new(NO_LADDER, step.span).with("step", &step.title));
        }
        for (at, row) in step.overdue.iter().enumerate() {
            let earlier = &step.overdue[..at];
            if let Some(same) = earlier.iter().find(|other| other.level == row.level) {
                let wrong = Diagnostic::new(LEVEL_TWICE, row.span).with("level", row.level.to_string());
                out.push(wrong.related(same.span, "label-first"));
            } else if let Some(other) = earlier.iter().find(|other| is_out_of_order(other, row)) {
                let wrong = Diagnostic::new(LEVEL_ORDER, row.span).with("level", row.level.to_string());
                let wrong = wrong.with("other", other.level.to_string());
                out.push(wrong.related(other.span, "label-other"));
            }
        }
    }
}

/// Returns whether a row fits among the others of its ladder.
pub(super) fn fits(ladder: &[OverdueRow], row: &OverdueRow) -> bool {
    ladder.iter().all(|other| other.level == row.level || !is_out_of_order(other, row))
}

fn is_out_of_order(one: &OverdueRow, other: &OverdueRow) -> bool {
    let (one_at, other_at) = (hours(one), hours(other));
    (one.level < other.level) != (one_at < other_at) || one_at == other_at
}

/// Roughly how long after the due day, to compare different units: five working days are seven.
fn hours(row: &OverdueRow) -> i64 {
    let count = i64::from(row.after.count);
    match row.after.unit {
        Unit::Hours => count,
        Unit::Days => count * 24,
        Unit::WorkDays => count * 24 * 7 / 5,
        Unit::Months => count * 24 * 30,
        Unit::Years => count * 24 * 365,
    }
}
