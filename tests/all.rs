//! Everything that must hold, in one binary.

mod dates;
mod register;
mod rules;
mod store;
mod tidy;
