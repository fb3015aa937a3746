//! Whether a workflow can be staffed at all, and whose work a review judges.

use std::collections::BTreeSet;

use super::choose::Shortfall;
use super::day::{DutyQuery, RosterOnDay, StaffRequest};
use super::roster::Officer;
use crate::policy::{Step, StepIx, StepKind, Who, WhoBy, Workflow};

/// A duty for which an order would find too few certified officers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPair {
    /// Id of the step.
    pub step: String,
    /// What is missing.
    pub shortfall: Shortfall,
}

/// An order that is not opened yet, as far as finding its people goes.
#[derive(Clone, Copy, Debug)]
pub struct OrderToStaff<'a> {
    pub workflow: &'a Workflow,
    /// Station that supervises the subject.
    pub station: &'a str,
    /// The subject's grid.
    pub grid: Option<&'a str>,
    /// Id of the subject.
    pub subject: &'a str,
}

/// Says whether every duty of a grid that needs certified officers together could be staffed.
///
/// It is asked before an order goes out. Leave is not looked at: it passes, and who takes part
/// is chosen when the step is entered.
///
/// # Refusals
/// [`NoPair`] with the first such duty; no order goes out that one officer would have to do.
///
/// # Source
/// Scenario A8; domain rule S2.
pub fn has_pair(on: RosterOnDay<'_>, order: OrderToStaff<'_>) -> Result<(), NoPair> {
    if !on.roster.is_kept() {
        return Ok(());
    }
    let OrderToStaff { workflow, station, grid, subject } = order;
    for (step, who) in workflow.steps.iter().filter_map(duty) {
        let wanted =
            StaffRequest { workflow, who, approves: false, station, grid, subject, same_as: &[], avoid: &[] };
        let query = DutyQuery::new(on, wanted);
        let needed = query.asked.officers;
        if *query.asked.by != WhoBy::GridDuty || !query.asked.certified || needed < 2 {
            continue;
        }
        let is_fit = |officer: &&Officer| {
            officer.serves(on.today) && !query.is_elsewhere(officer) && query.unfitness(officer).is_none()
        };
        let mut seen = BTreeSet::new();
        let pool = query.pool().filter(|(_, id)| seen.insert(*id));
        let fit = pool.filter_map(|(_, id)| on.roster.officers.get(id)).filter(is_fit);
        let left = (0..needed).zip(fit).map(|(before, _)| before + 1).last().unwrap_or(0);
        if left < needed {
            return Err(NoPair { step: step.id.clone(), shortfall: Shortfall { needed, left } });
        }
    }
    Ok(())
}

/// Returns the steps whose work a step judges, besides those that its `avoid` names: the duties
/// that lead to it, at once or through what nobody does. None when the step offers no actions to
/// choose among, or when both are the duty of the same role.
///
/// # Source
/// Domain rules S1 and S6: they hold even where the policy's author forgot `avoid`.
pub fn reviewed_steps(workflow: &Workflow, reviewer: StepIx) -> Vec<StepIx> {
    let Some(StepKind::Duty { who, actions, form: _ }) = workflow.steps.get(reviewer.ix()).map(|s| &s.kind)
    else {
        return Vec::new();
    };
    let WhoBy::Role(_) = who.by else { return Vec::new() };
    if actions.is_empty() {
        return Vec::new();
    }
    let (mut found, mut seen, mut open) = (BTreeSet::new(), BTreeSet::from([reviewer]), vec![reviewer]);
    while let Some(target) = open.pop() {
        for at in leading_to(workflow, target) {
            match duty(&workflow.steps[at.ix()]) {
                Some((step, doer)) if doer.by != who.by && !sends_back(step, at, reviewer) => {
                    found.insert(at);
                }
                None if seen.insert(at) => open.push(at),
                Some(_) | None => {}
            }
        }
    }
    found.into_iter().collect()
}

/// Whether a later review only gives the work back to the step that is asked about.
fn sends_back(step: &Step, at: StepIx, reviewer: StepIx) -> bool {
    let is_review = matches!(&step.kind, StepKind::Duty { who, actions, form: _ }
        if !actions.is_empty() && matches!(who.by, WhoBy::Role(_)));
    at > reviewer && is_review
}

/// The steps from which one goes to another.
fn leading_to(workflow: &Workflow, target: StepIx) -> impl Iterator<Item = StepIx> {
    let leads = move |step: &Step| step.next.iter().any(|branch| branch.go == target);
    let at = |at: usize| u16::try_from(at).ok().map(StepIx);
    workflow.steps.iter().enumerate().filter(move |(_, step)| leads(step)).filter_map(move |(ix, _)| at(ix))
}

fn duty(step: &Step) -> Option<(&Step, &Who)> {
    match &step.kind {
        StepKind::Duty { who, .. } => Some((step, who)),
        StepKind::SubOrder { .. } | StepKind::Automatic { .. } | StepKind::Parallel(_) | StepKind::End => {
            None
        }
    }
}
