//! Do the parts of a `parallel` keep to themselves, so that each of them comes to its join?
//!
//! # Source
//! Policy language, rule 28.

use std::collections::BTreeSet;

use super::super::model::{Step, StepIx, StepKind, Workflow};
use super::{leads_to, ways};
use crate::diag::codes::PART_LEADS_OUT;
use crate::diag::{Diagnostic, Span};

/// The steps that a part of a `parallel` comes through until it is over.
pub(super) struct PartSteps {
    pub(super) parallel: StepIx,
    pub(super) steps: BTreeSet<StepIx>,
}

/// Returns the parts of every `parallel` of a workflow.
pub(super) fn parts(workflow: &Workflow) -> Vec<PartSteps> {
    let parallels = (0_u16..).map(StepIx).zip(&workflow.steps);
    let of_one = |(parallel, step): (StepIx, &Step)| {
        let begin: Vec<StepIx> = step.kind.parts().to_vec();
        begin.into_iter().map(move |part| PartSteps { parallel, steps: spread(workflow, part, parallel) })
    };
    parallels.flat_map(of_one).collect()
}

fn spread(workflow: &Workflow, part: StepIx, parallel: StepIx) -> BTreeSet<StepIx> {
    let (mut steps, mut open) = (BTreeSet::new(), vec![part]);
    while let Some(at) = open.pop() {
        if at != parallel && steps.insert(at) {
            open.extend(leads_to(workflow, at.ix()));
        }
    }
    steps
}

/// Returns whether a step is in a part of the `parallel` that it leads to: the part is over there.
pub(super) fn is_join(workflow: &Workflow, from: StepIx, to: StepIx) -> bool {
    let StepKind::Parallel(begin) = &workflow.steps[to.ix()].kind else { return false };
    begin.iter().any(|part| spread(workflow, *part, to).contains(&from))
}

pub(super) fn check(workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    let parts = parts(workflow);
    for part in &parts {
        let outside = ways::outside(workflow, part.parallel);
        let others =
            parts.iter().filter(|other| other.parallel == part.parallel && other.steps != part.steps);
        let others: BTreeSet<StepIx> = others.flat_map(|other| other.steps.iter().copied()).collect();
        let is_foreign = |to: StepIx| outside.contains(&to) || others.contains(&to);
        for at in part.steps.iter().filter(|at| !outside.contains(at) && !others.contains(at)) {
            for (to, span) in rows(workflow, *at) {
                if to != part.parallel && is_foreign(to) {
                    let title = |at: StepIx| workflow.steps[at.ix()].title.clone();
                    let wrong = Diagnostic::new(PART_LEADS_OUT, span).with("step", title(*at));
                    let wrong = wrong.with("to", title(to)).with("parallel", title(part.parallel));
                    out.push(wrong.with("word", &workflow.steps[part.parallel.ix()].id));
                }
            }
        }
    }
}

/// Where a step goes next, and where that stands.
fn rows(workflow: &Workflow, at: StepIx) -> Vec<(StepIx, Span)> {
    let step = &workflow.steps[at.ix()];
    let rows = step.next.iter().map(|row| (row.go, row.span));
    rows.chain(step.visits.map(|visits| (visits.then, step.span))).collect()
}
