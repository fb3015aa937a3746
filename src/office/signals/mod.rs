//! Signals, carried to the orders they reach and open.

pub(crate) mod carry;
pub(crate) mod personnel;
