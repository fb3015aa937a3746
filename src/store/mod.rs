//! The database: the one room that knows SQL.
//!
//! [`Store`] opens a database, [`Tx`] is one transaction that writes, [`RowReader`] one that sees a
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
//! Chains of the ledger are what transactions are kept apart by. Each has one row in `head`: where it
//! goes on. A transaction that writes names the chains it will append to in its first statement
//! ([`Store::begin_on`]); where only what it loads says which, it names them right after loading and
//! before the first write ([`Tx::lock_chains`]). The rows are taken in the order of their names
//! whatever the order given. On SQLite this costs nothing, for its one writer has locked everything;
//! a database with several writers locks these rows, so that whoever appends to a chain sees all that
//! was appended before, and two that meet wait for each other in one direction. The few chains that show
//! themselves only while writing (a blank that lies where its order no longer is) are named there; of
//! two that then wait for each other such a database undoes one, which has to be tried again. What is
//! appended to a chain that was not named is a mistake that debug builds stop at.
//!
//! ```text
//!   begin_on(homes) ─▶ load ─▶ lock_chains(what else) ─▶ decide ─▶ write, append ─▶ commit
//! ```
//!
//! The places in `head` are also the version of what is recorded: orders, duties, people and places do
//! not change without an entry, so [`Tx::entries`], their sum, says whether anybody changed them,
//! whichever process it was.
//!
//! The store decides nothing: it is handed rows by the thousand and writes them, and it gives
//! back rows in the order of their keys. It knows no policy, asks no clock and logs nothing.
//! To add a noun: a table in a new migration, a file here with its [`record`], and its name
//! among the nouns below.
//!
//! # Errors
//! Every function that asks the database fails with a [`StoreFault`] when that refuses, cannot be read, or
//! holds what is never written. It is said here once; where a function fails for a reason of its own,
//! it says so itself.

pub mod acts;
pub mod appraisals;
mod args;
pub mod attachments;
pub mod blanks;
pub mod bureau;
pub mod cap_counters;
mod carry;
pub mod change_sets;
pub mod checksums;
mod columns;
mod connection;
mod copy;
pub mod decisions;
pub mod documents;
pub mod due;
pub mod duties;
mod epoch;
pub mod epochs;
pub mod facts;
mod fault;
mod held_place;
mod holder;
pub mod incidents;
pub mod inspections;
pub mod ledger;
mod lock;
pub mod meta;
mod nearby;
pub mod notices;
pub mod numbers;
pub mod occurrences;
mod open;
pub mod order_list;
pub mod order_years;
pub mod orders;
pub mod outbox;
pub mod people;
pub mod plans;
mod postgres;
pub mod progress;
pub mod proposals;
pub mod reading;
pub mod reappraisals;
mod record;
mod recording;
mod register;
pub mod releases;
pub mod repair;
mod row_stream;
mod schema;
pub mod signals;
pub mod skipped_candidates;
mod sql;
mod sql_text;
mod sqlite;
mod subject_lines;
pub mod subjects;
pub mod submissions;
pub mod terms;
pub mod timeliness;
mod trial_copy;
mod tx;
pub mod versions;
pub mod watermarks;
mod writer;

pub use columns::RowContent;
pub use copy::{CopiedRows, CopyListener};
pub use epoch::{DatabaseEpoch, FIRST_EPOCH};
use fault::Result;
pub use fault::StoreFault;
pub use held_place::HeldPlace;
pub use holder::Holder;
pub use lock::LockHolder;
pub use nearby::spin_then_await;
pub use open::{Access, Checkpoint, Store, Whereabouts};
pub use postgres::ManyRows;
pub use recording::Recording;
pub use register::{ImportCounts, ImportResult, OfficerImport, SubjectChange, SubjectNews};
pub use row_stream::RowStream;
pub use sql::{Dialect, is_whole};
pub use trial_copy::TrialRows;
pub use tx::{ReadTx, Reads, Tx};

/// Gathers the statements of nouns.
macro_rules! nouns {
    ($($noun:ident)+) => {
        /// Lists every statement there is for a database, by name and text, for the tests that prepare and explain
        /// each one.
        pub fn statements(dialect: Dialect) -> Vec<(&'static str, &'static str)> {
            let single = [$($noun::ALL),+].into_iter().flatten().map(|sql| (sql.name, sql.text(dialect)));
            let bulk = [$($noun::BULK),+].into_iter().flatten();
            let texts = bulk.flat_map(|bulk| match dialect {
                Dialect::Sqlite => bulk.sqlite.iter().map(|(_, text)| (bulk.name, *text)).collect(),
                Dialect::Postgres => vec![(bulk.name, bulk.postgres)],
            });
            single.filter(|(_, text)| !text.is_empty()).chain(texts).collect()
        }
    };
}

nouns! {
    acts appraisals attachments blanks bureau carry copy decisions change_sets documents due duties epochs facts held_place incidents inspections
    ledger reappraisals meta notices numbers occurrences open order_list order_years orders outbox people plans postgres progress proposals reading releases repair
    signals skipped_candidates sqlite subjects submissions checksums cap_counters terms timeliness trial_copy tx versions watermarks
}
