//! Opening: an order comes into being and enters the first step of its workflow.

use super::enter::enter;
use super::{Entered, Opening, Outcome, Refusal, RefusalCode, State, TermRow};
use crate::policy::Policy;
use crate::time::Stamp;

pub(super) fn open(policy: &Policy, opening: &Opening<'_>, now: Stamp) -> Result<Outcome, Refusal> {
    let first = policy.workflow(opening.workflow).and_then(|workflow| workflow.steps.first());
    let Some(first) = first else {
        return Err(Refusal::new(RefusalCode::NoSuchWorkflow).with("workflow", opening.workflow));
    };
    let mut entered = enter(policy, first, 1, opening, now);
    entered.terms.push(window(policy, opening));
    Ok(Outcome {
        next: State::Open { step: first.id.clone(), visit: 1, step_due: entered.due },
        terms: entered.terms,
        outbox: entered.outbox,
    })
}

/// The end of the order's window: from the next day it is overdue, and rules may read that.
fn window(policy: &Policy, opening: &Opening<'_>) -> TermRow {
    let end = opening.due_on;
    TermRow {
        kind: "window",
        level: 0,
        fires_at: Stamp::day_start(end.succ_opt().unwrap_or(end), policy.bureau.zone),
        end_on: end,
        fired_at: None,
        basis: format!(r#"{{"kind":"window","calendar":"{}"}}"#, policy.calendar.revision.short()),
    }
}

/// Computes the terms of an order's present step again, from the moment it entered it.
///
/// Returns nothing when the policy does not hold the step.
pub fn recompute(
    policy: &Policy,
    step: &str,
    visit: u32,
    order: &Opening<'_>,
    entered_at: Stamp,
) -> Option<Entered> {
    let workflow = policy.workflow(order.workflow)?;
    let step = workflow.steps.iter().find(|known| known.id == step)?;
    let mut entered = enter(policy, step, visit, order, entered_at);
    entered.terms.push(window(policy, order));
    Some(entered)
}
