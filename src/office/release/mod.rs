//! How another policy or calendar comes into force.

pub(crate) mod activate;
pub(crate) mod calendar;
pub(crate) mod date_move;
pub(crate) mod migrate;
pub(crate) mod propose;
pub(crate) mod shadow;
