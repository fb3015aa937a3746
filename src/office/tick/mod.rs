//! One pass of time: terms that fall due, firings, and what they open.

pub(crate) mod fire_terms;
pub(crate) mod pass;
