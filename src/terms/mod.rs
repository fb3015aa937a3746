//! The arithmetic of every date the policy promises: patrols, step terms, escalation rungs and
//! statutory clocks.
//!
//! Each answer keeps what it was computed from, so that a person can check it with a wall
//! calendar. This room counts and refuses; it does not know orders, people or the present
//! moment, and it stores nothing. Lapses and who is told belong to the engine.

mod clock;
mod end;
mod patrol;
mod refusal;

pub use clock::{ClockAnswer, ClockChanges, ExtensionResult, Grant, Pause, Stretch, clock_end};
pub use end::{End, ladder, rung, step_end};
pub use patrol::{PatrolDates, PatrolWindow, first_dates, from_nominal, patrol_dates, raised};
pub use refusal::ClockRefusal;
