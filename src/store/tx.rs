//! One transaction that writes, one that reads, and how statements run in them.

use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Sqlite, Transaction};
use tokio::sync::OwnedMutexGuard;

use crate::ledger::ChainHead;

use super::Recording;
use super::args::{Args, Bind};
pub(super) use super::columns::Columns;
use super::sql::{Bulk, Sql, json_rows, sql, statements};
use super::{Result, StoreFault};

// The count is taken after the heads: a database that waits for their rows shows what was committed
// meanwhile to the next statement, not to this one.
const BEGIN: Sql = sql!("tx.begin":
    "BEGIN IMMEDIATE; " heads "; SELECT CAST(COALESCE(SUM(seq), 0) AS BIGINT) FROM head");
const LOCK_CHAINS: Sql = sql!("tx.lock_chains": heads);
const COMMIT: Sql = sql!("tx.commit": "COMMIT");
// Negative: in KiB, whatever the page size; 64 MiB.
const HOLD_PAGES: Sql = sql!("tx.hold_pages": "PRAGMA cache_size = -65536");
const ROLLBACK: Sql = sql!("tx.rollback": "ROLLBACK");

statements!(BEGIN, LOCK_CHAINS, COMMIT, HOLD_PAGES, ROLLBACK);

/// A transaction that writes. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    inner: OwnedMutexGuard<SqliteConnection>,
    path: Arc<Path>,
    /// Where the chains go on that it named.
    heads: BTreeMap<String, ChainHead>,
    /// How many entries all chains have.
    entries: i64,
    is_open: bool,
    recording: Recording,
}

impl Drop for Tx {
    fn drop(&mut self) {
        if self.is_open {
            // Looked at once, a statement is on its way to the connection's thread, which carries it
            // out before any other whether or not somebody waits for the answer.
            let rolling_back = pin!(sqlx::query(ROLLBACK.text).execute(&mut *self.inner));
            let _ = rolling_back.poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}

/// A transaction that reads: all it sees is of one moment.
#[derive(Debug)]
pub struct ReadTx {
    pub(super) inner: Transaction<'static, Sqlite>,
    pub(super) path: Arc<Path>,
}

impl ReadTx {
    /// Keeps more pages from here on, for whoever goes through everything by several indexes: at a million
    /// subjects a quarter of what that takes is reading pages again.
    pub async fn hold_pages(&mut self) -> Result<()> {
        rows(self, HOLD_PAGES, ()).await.map(drop)
    }
}

/// Either of the two, for functions that only read.
pub trait Reads: Send {
    #[doc(hidden)]
    fn connection(&mut self) -> &mut SqliteConnection;
    #[doc(hidden)]
    fn path(&self) -> &Path;
}

impl Reads for Tx {
    fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.inner
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

impl Reads for ReadTx {
    fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.inner
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

impl Tx {
    /// Begins on a connection that is nobody else's until the end.
    pub(super) async fn begin(
        inner: OwnedMutexGuard<SqliteConnection>,
        path: Arc<Path>,
        names: BTreeSet<&str>,
        recording: Recording,
    ) -> Result<Self> {
        let mut tx = Self { inner, path, heads: BTreeMap::new(), entries: 0, is_open: true, recording };
        let mut found = rows(&mut tx, BEGIN, json_rows(&names)).await?;
        if let Some(count) = found.pop() {
            tx.entries = Columns::of(&count, "head").next()?;
        }
        tx.keep_heads(names, &found)?;
        Ok(tx)
    }

    /// Names more chains to which this transaction will append, after what it loaded says which, and
    /// before its first write. Those named before cost nothing.
    pub async fn lock_chains<'c>(&mut self, chains: impl IntoIterator<Item = &'c str>) -> Result<()> {
        let new = chains.into_iter().filter(|name| !self.heads.contains_key(*name));
        let new: BTreeSet<&str> = new.collect();
        if new.is_empty() {
            return Ok(());
        }
        let found = rows(self, LOCK_CHAINS, json_rows(&new)).await?;
        self.keep_heads(new, &found)
    }

    /// Keeps where chains go on; one without a row has no entry yet.
    fn keep_heads(&mut self, names: BTreeSet<&str>, found: &[SqliteRow]) -> Result<()> {
        self.heads.extend(names.into_iter().map(|name| (name.to_owned(), ChainHead::START)));
        for row in found {
            let (name, head): (String, ChainHead) = Columns::of(row, "head").take()?;
            self.heads.insert(name, head);
        }
        Ok(())
    }

    /// Returns what is recorded of what happens.
    pub const fn recording(&self) -> Recording {
        self.recording
    }

    /// Returns where a chain goes on; none when this transaction has not named it.
    pub(super) fn head(&self, chain: &str) -> Option<ChainHead> {
        self.heads.get(chain).copied()
    }

    /// Notes that a chain has grown.
    pub(super) fn grow(&mut self, chain: String, head: ChainHead) {
        if let Some(before) = self.heads.insert(chain, head) {
            self.entries += head.seq - before.seq;
        }
    }

    /// Returns how many entries all chains have, with those this transaction appended.
    ///
    /// What is recorded does not change without an entry, and no entry is taken away: whoever finds as
    /// many as before finds orders, duties, people and places as they were.
    pub const fn entries(&self) -> i64 {
        self.entries
    }

    /// Makes all that was written durable, at once and for good.
    ///
    /// # Errors
    /// [`StoreFault`] when the disk refuses; then nothing was written.
    pub async fn commit(mut self) -> Result<()> {
        let done = sqlx::query(COMMIT.text).execute(&mut *self.inner).await;
        done.map_err(|source| StoreFault::of(&self.path, COMMIT.name, source))?;
        self.is_open = false;
        Ok(())
    }

    /// Runs one statement that writes; returns how many rows it touched.
    pub(super) async fn execute(&mut self, sql: Sql, values: impl Bind) -> Result<u64> {
        let query = sqlx::query_with(sql.text, Args::of(&values).bound);
        let done = spin_then_await(query.execute(&mut *self.inner)).await;
        done.map(|done| done.rows_affected()).map_err(|source| StoreFault::of(&self.path, sql.name, source))
    }

    /// Writes many rows; returns how many were touched.
    ///
    /// All rows share what is `common`, which follows the rows in the text. While the connection's thread
    /// writes one piece, this one prepares the next.
    pub(super) async fn write_rows_with<T: Bind, C: Bind>(
        &mut self,
        bulk: &'static Bulk,
        rows: &[T],
        common: C,
    ) -> Result<u64> {
        let prepare = |(text, rows): (&'static str, &[T])| {
            let mut args = Args::with_capacity(rows.len() * T::WIDTH + C::WIDTH);
            for row in rows {
                args.begin_row();
                row.bind(&mut args);
            }
            args.begin_row();
            common.bind(&mut args);
            (text, args)
        };
        let mut pieces = pieces(bulk, rows);
        let mut ready = pieces.next().map(prepare);
        let mut touched = 0;
        while let Some((text, args)) = ready {
            let running = sqlx::query_with(text, args.bound).execute(&mut *self.inner);
            let is_near = text.len() < NEAR;
            let (done, next) = meanwhile(running, is_near, || pieces.next().map(prepare)).await;
            touched += done.map_err(|source| StoreFault::of(&self.path, bulk.name, source))?.rows_affected();
            ready = next;
        }
        Ok(touched)
    }
}

/// Cuts rows into the sizes a bulk statement comes in.
fn pieces<'a, T>(bulk: &'static Bulk, rows: &'a [T]) -> impl Iterator<Item = (&'static str, &'a [T])> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let (size, text) = bulk.texts.into_iter().find(|(size, _)| *size <= rest.len())?;
        let (piece, tail) = rest.split_at(size);
        rest = tail;
        Some((text, piece))
    })
}

/// Letters of a bulk text that is over in some microseconds; a longer one leaves time for other work.
const NEAR: usize = 1_024;

/// Starts `running`, does `work` here, then waits for `running`.
async fn meanwhile<F: Future, T>(running: F, is_near: bool, work: impl FnOnce() -> T) -> (F::Output, T) {
    let mut running = pin!(running);
    let first = poll_fn(|cx| Poll::Ready(running.as_mut().poll(cx))).await;
    let worked = work();
    match first {
        Poll::Ready(output) => (output, worked),
        Poll::Pending if is_near => (spin_then_await(running).await, worked),
        Poll::Pending => (running.await, worked),
    }
}

/// How often a statement's end is looked for before the thread lies down: some fifty microseconds.
const LOOKS: usize = 64;
/// How often once it has begun to answer: most have nearly ended then.
const LATER_LOOKS: usize = 8;
/// How often a long statement's rows are let come together before its thread has to wake this one.
const NAPS: usize = 4;
/// How long each time; the channel holds what comes meanwhile.
const NAP: Duration = Duration::from_micros(50);

/// Waits for what is near, such as the end of a statement.
///
/// A statement of an act takes some microseconds, waking a thread that sleeps several times as
/// long, and an act has some twenty; the processor is offered to others between two looks. One that runs longer has
/// many rows: looking for each of them is what would cost most.
pub async fn spin_then_await<F: Future>(running: F) -> F::Output {
    let mut running = pin!(running);
    let (mut looks, mut naps) = (LOOKS, 0);
    poll_fn(move |cx| {
        for at in 0..looks + naps {
            if let Poll::Ready(output) = running.as_mut().poll(cx) {
                return Poll::Ready(output);
            }
            if at < looks { std::thread::yield_now() } else { std::thread::sleep(NAP) }
        }
        (looks, naps) = (LATER_LOOKS, NAPS);
        running.as_mut().poll(cx)
    })
    .await
}

/// Reads all rows of a statement.
pub(super) async fn rows(at: &mut impl Reads, sql: Sql, values: impl Bind) -> Result<Vec<SqliteRow>> {
    let query = sqlx::query_with(sql.text, Args::of(&values).bound);
    let found = spin_then_await(query.fetch_all(at.connection())).await;
    found.map_err(|source| StoreFault::of(at.path(), sql.name, source))
}

/// Reads the one row of a statement, if there is one.
pub(super) async fn row(at: &mut impl Reads, sql: Sql, values: impl Bind) -> Result<Option<SqliteRow>> {
    let query = sqlx::query_with(sql.text, Args::of(&values).bound);
    let found = spin_then_await(query.fetch_optional(at.connection())).await;
    found.map_err(|source| StoreFault::of(at.path(), sql.name, source))
}
