//! The database: the one room that knows SQL.
//!
//! [`Store`] opens a database, [`Tx`] is one transaction that writes, [`Reader`] one that sees a
//! steady snapshot. There is no store trait and no mock; tests use a file in a temporary folder.
//! Each noun has its file, with its statements as named consts above the functions that run
//! them; [`sql`] says how statements are written and lists all of them for the test that
//! prepares each one.
//!
//! ```text
//!   office, daemon, cli ──▶ Store ──┬─▶ Tx      one writer connection, BEGIN IMMEDIATE
//!                                   ├─▶ Reader  a few connections, read only
//!                                   └─▶ checkpoint, off the writer's path
//! ```
//!
//! The store decides nothing: it is handed rows by the thousand and writes them, and it gives
//! back rows in the order of their keys. It knows no policy, asks no clock and logs nothing.
//! To add a noun: a table in a new migration, a file here, its `ALL` in [`sql::all`].

pub mod acts;
pub mod appraisals;
pub mod attachments;
pub mod blanks;
pub mod decisions;
pub mod docket;
pub mod documents;
pub mod due;
pub mod duties;
pub mod errands;
mod fault;
pub mod grids;
pub mod incidents;
pub mod inspections;
pub mod ledger;
mod lock;
pub mod marks;
pub mod meta;
pub mod notices;
pub mod numbers;
pub mod occurrences;
pub mod officers;
mod open;
pub mod order_list;
pub mod orders;
pub mod people;
pub mod progress;
pub mod reading;
mod register;
pub mod releases;
pub mod signals;
pub mod skips;
pub mod sql;
pub mod stations;
pub mod subjects;
pub mod submissions;
pub mod sums;
pub mod tallies;
pub mod terms;
mod tx;
pub mod watermarks;

pub use fault::{FAULT_IDS, Fault};
pub use lock::Holder;
pub use open::{Access, Checkpoint, Store};
pub use register::{Changed, Counts, Laid, News, Upserted};
pub use tx::{Reader, Reads, Turn, Tx, soon};
