//! How long an evaluation has taken, on the clock on the wall.
//!
//! Operations are what bounds an evaluation, the same on every machine; the clock is asked beside them
//! because one operation may copy a long text. What it stops is no verdict, so no answer depends on it.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::limits::SCRIPT_MILLISECONDS;

/// Operations after which the clock is looked at again.
const LOOK_EVERY: u64 = 64;

thread_local! {
    /// When the evaluation running on this thread has taken too long; none while nobody hurries.
    static UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
    static BUDGET: Cell<Option<Duration>> =
        const { Cell::new(Some(Duration::from_millis(SCRIPT_MILLISECONDS))) };
}

/// Gives the evaluation that begins on this thread its time.
pub(super) fn start() {
    UNTIL.set(BUDGET.get().map(|budget| Instant::now() + budget));
}

/// Returns whether the evaluation has taken too long; looks only now and then.
pub(super) fn is_over(operations: u64) -> bool {
    operations.is_multiple_of(LOOK_EVERY) && UNTIL.get().is_some_and(|until| Instant::now() > until)
}

/// Runs something on this thread whose evaluations have so much time each; none is as much as they take.
pub(super) fn within<T>(budget: Option<Duration>, run: impl FnOnce() -> T) -> T {
    let before = BUDGET.replace(budget);
    let out = run();
    BUDGET.set(before);
    out
}
