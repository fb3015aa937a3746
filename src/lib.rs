//! Wubu (五步): a workflow and rules engine for inspection work, driven by files that policy staff edit.
//!
//! The house has floors, and arrows point down only; `tests/tidy/floors.rs` is the plan and fails on
//! one that does not. `ARCHITECTURE.md` walks through it with one tick and one edit.
//!
//! - **Ground** holds words and values: places in texts, sentences in two languages, moments and
//!   days, digests, what orders and triggers are called, the table of limits.
//! - **Knowledge** makes text and rows into checked, immutable values: the compiled policy, its
//!   calendar and schedules, the register's words, the rows of imported files.
//! - **Judgement** says what the policy means for a subject, an order, a day: dates, tiers and
//!   scores, who gets an order today, what an event does to an order, how the record is chained.
//! - **Imagination** tells the same answers without consequences, and tries the cases that policy
//!   staff write: whole orders lived through in memory; it says what a change does.
//! - **Plant** is disk, database and network: `store` is the one room that knows SQL, `notify` the one
//!   that speaks to mail servers and webhooks.
//! - **Office** joins judgement and plant: one act is load, decide, save, in one transaction.
//! - **Doors** face people and processes: the command line and the daemon.
//!
//! Floors 0 to 3 are pure: no clock, no file, no database, no waiting. Time is an argument.

// Floor 0: ground.
pub mod diag;
pub mod digest;
pub mod id;
pub mod lang;
pub mod limits;
pub mod time;

// Floor 1: knowledge.
pub mod calendar;
pub mod import;
pub mod policy;
pub mod register;
pub mod schedule;

// Floor 2: judgement.
pub mod appraise;
pub mod dispatch;
pub mod documents;
pub mod engine;
pub mod forms;
pub mod ledger;
pub mod people;
pub mod rules;
pub mod terms;

// Floor 3: imagination.
pub mod cases;
pub mod explain;
pub mod plan;

// Floor 4: plant.
pub mod files;
pub mod notify;
pub mod store;

// Floor 5: office.
pub mod office;

// Floor 6: doors.
pub mod cli;
pub mod daemon;
pub mod web;
