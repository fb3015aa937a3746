//! Everything that must hold, in one binary.

mod cli;
mod dates;
mod dispatch;
mod forms;
mod people;
mod policy;
mod register;
mod rules;
mod store;
mod stories;
mod tidy;
