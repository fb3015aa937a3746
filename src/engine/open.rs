//! Opening: an order comes into being and enters the first step of its workflow.

use super::enter::enter;
use super::{Opening, Outcome, Refusal, RefusalCode, State};
use crate::policy::Policy;
use crate::time::Stamp;

pub(super) fn open(policy: &Policy, opening: &Opening<'_>, now: Stamp) -> Result<Outcome, Refusal> {
    let first = policy.workflow(opening.workflow).and_then(|workflow| workflow.steps.first());
    let Some(first) = first else {
        return Err(Refusal::new(RefusalCode::NoSuchWorkflow).with("workflow", opening.workflow));
    };
    let entered = enter(policy, first, 1, opening, now);
    Ok(Outcome {
        next: State::Open { step: first.id.clone(), visit: 1, step_due: entered.due },
        terms: entered.terms,
        errands: entered.errands,
    })
}
