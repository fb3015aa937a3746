//! Wubu (五步): a workflow and rules engine for inspection work.

// Floor 0: ground. Words and values.
pub mod diag;
pub mod digest;
pub mod lang;
pub mod limits;
pub mod time;

// Floor 1: knowledge. Text and rows made into checked values.
pub mod calendar;
pub mod import;
pub mod policy;
pub mod register;
pub mod schedule;

// Floor 2: judgement. What the policy says about a subject and a day.
pub mod appraise;
pub mod dispatch;
pub mod engine;
pub mod ledger;
pub mod rules;
pub mod terms;

// Floor 3: imagination. What is told of a decision, and what would be.
pub mod explain;

// Floor 4: plant. Disk and database.
pub mod files;
pub mod store;

// Floor 5: office. One act is load, decide, save.
pub mod office;

// Floor 6: doors. The only rooms that face people and processes.
pub mod cli;
pub mod daemon;
