//! Everything that must hold, in one binary.

mod cli;
mod dates;
mod dispatch;
mod documents;
mod policy;
mod register;
mod rules;
mod store;
mod tidy;
