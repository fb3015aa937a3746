//! Everything that must hold, in one binary.

mod acts;
mod cases;
mod cli;
mod database;
mod dates;
mod dispatch;
mod documents;
mod forms;
mod golden;
mod histories;
mod notify;
mod people;
mod policy;
mod register;
mod rules;
mod store;
mod stories;
mod tidy;
