//! Judging subjects: what is marked, one at a moment, and rule versions that fail too often.

pub(crate) mod appraise;
pub(crate) mod on_days;
pub(crate) mod quarantine;
