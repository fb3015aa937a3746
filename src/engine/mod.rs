//! What one event does to one order: the only place where an order's state changes.
//!
//! ```text
//!             Open                      (next events arrive with the people who act)
//!   (none) ─────────▶ Open{step, visit} ─────────▶ … ─────────▶ Done
//! ```
//!
//! [`step`] is pure: the same policy, state, event and moment give the same [`Outcome`], in the
//! daemon, the simulator, the preview and the tests. It never batches; whoever has ten thousand
//! orders calls it ten thousand times and hands the outcomes to the store in one piece. It must
//! not know a database, a clock or a language.
//!
//! To add an event: a variant of [`Event`], a file beside `open.rs` for its family of
//! transitions, and an arm in [`step`].

mod enter;
mod open;
mod state;

pub use enter::escalate;
pub use open::recompute;
pub use state::{Entered, Errand, Event, Opening, Outcome, Refusal, RefusalCode, State, TermRow};

use crate::policy::Policy;
use crate::time::Stamp;

/// Decides what one event does to one order.
///
/// # Refusals
/// [`RefusalCode::NoSuchWorkflow`] when the policy does not hold the order's workflow;
/// [`RefusalCode::AlreadyOpen`] when an order that exists is opened again.
pub fn step(policy: &Policy, state: &State, event: &Event<'_>, now: Stamp) -> Result<Outcome, Refusal> {
    match (state, event) {
        (State::NotYet, Event::Open(opening)) => open::open(policy, opening, now),
        (State::Open { .. } | State::Done | State::Cancelled, Event::Open(_)) => {
            Err(Refusal::new(RefusalCode::AlreadyOpen))
        }
    }
}
