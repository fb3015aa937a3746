//! Everything that must hold, in one binary.

mod dates;
mod policy;
mod register;
mod rules;
mod store;
mod tidy;
