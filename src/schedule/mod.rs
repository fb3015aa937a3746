//! When things fire: cron text, occurrences on working days, and firings that were missed.
//!
//! The dialect is the one people know, five fields with `0` and `7` for Sunday, and is checked
//! here character by character, so that a problem has a place. The `cron` crate only walks the
//! fields it is handed: it is given plain numbers in its own numbering, one schedule for each
//! restricted day field (the two are joined with *or*, as cron has always done), and it is asked
//! about wall-clock readings as if they were UTC. What a reading means in a zone is decided by
//! [`Stamp::from_local`](crate::time::Stamp::from_local) alone, which is rule 10 of the policy
//! language: a reading in the spring gap is the first instant after it, one in the autumn fold
//! is its first instant. This room does not know triggers, subjects or the present moment.

mod cron_text;
mod field;
mod missed;
mod occur;

pub use cron_text::{Cron, NEVER_AFTER_YEARS, TEXT_BYTES};
pub use missed::{FiringOutcome, JudgedFiring, MissedMode, MissedPolicy, evaluate};
pub use occur::{Interval, OCCURRENCES_MAX, occurrences};
