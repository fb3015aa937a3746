//! Everything that must hold, in one binary.

mod acts;
mod cli;
mod dates;
mod dispatch;
mod forms;
mod people;
mod notify;
mod documents;
mod policy;
mod register;
mod rules;
mod store;
mod stories;
mod tidy;
