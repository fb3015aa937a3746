//! One transaction that writes, one that reads, and how statements run in them.

use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Sqlite, Transaction};
use tokio::sync::OwnedMutexGuard;

use crate::ledger::ChainHead;

pub(super) use super::columns::Columns;
use super::sql::{Args, Bulk, Sql, json_rows, sql};
use super::{Result, StoreFault};

// The count is taken after the heads: a database that waits for their rows shows what was committed
// meanwhile to the next statement, not to this one.
const BEGIN: Sql = sql!("tx.begin":
    "BEGIN IMMEDIATE; " heads "; SELECT CAST(COALESCE(SUM(seq), 0) AS BIGINT) FROM head");
const LOCK_CHAINS: Sql = sql!("tx.lock_chains": heads);
const COMMIT: Sql = sql!("tx.commit": "COMMIT");
const ROLLBACK: Sql = sql!("tx.rollback": "ROLLBACK");
const SAVEPOINT: Sql = sql!("tx.savepoint": "SAVEPOINT act");
// It leaves the savepoint standing, so that it is released next.
const ROLLBACK_TO: Sql = sql!("tx.rollback_to": "ROLLBACK TO SAVEPOINT act");
const RELEASE: Sql = sql!("tx.release": "RELEASE SAVEPOINT act");

pub(super) const ALL: &[Sql] = &[BEGIN, LOCK_CHAINS, COMMIT, ROLLBACK, SAVEPOINT, ROLLBACK_TO, RELEASE];
pub(super) const BULK: &[Bulk] = &[];

/// A transaction that writes. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    inner: OwnedMutexGuard<SqliteConnection>,
    path: Arc<Path>,
    chains: NamedChains,
    /// What stood when each savepoint was made that is not released yet.
    savepoints: Vec<NamedChains>,
    is_open: bool,
}

/// Where the chains go on that a transaction named, and how many entries all chains have.
#[derive(Clone, Debug, Default)]
struct NamedChains {
    heads: BTreeMap<String, ChainHead>,
    entries: i64,
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
    ) -> Result<Self> {
        let (chains, savepoints) = (NamedChains::default(), Vec::new());
        let mut tx = Self { inner, path, chains, savepoints, is_open: true };
        let mut found = rows(&mut tx, BEGIN, Args::of(&json_rows(&names))).await?;
        if let Some(count) = found.pop() {
            tx.chains.entries = Columns::of(&count, "head").next()?;
        }
        tx.keep_heads(names, &found)?;
        Ok(tx)
    }

    /// Names more chains to which this transaction will append, after what it loaded says which, and
    /// before its first write. Those named before cost nothing.
    ///
    /// # Errors
    /// [`StoreFault`] when the database cannot be read.
    pub async fn lock_chains<'c>(&mut self, chains: impl IntoIterator<Item = &'c str>) -> Result<()> {
        let new = chains.into_iter().filter(|name| !self.chains.heads.contains_key(*name));
        let new: BTreeSet<&str> = new.collect();
        if new.is_empty() {
            return Ok(());
        }
        let found = rows(self, LOCK_CHAINS, Args::of(&json_rows(&new))).await?;
        self.keep_heads(new, &found)
    }

    /// Keeps where chains go on; one without a row has no entry yet.
    fn keep_heads(&mut self, names: BTreeSet<&str>, found: &[SqliteRow]) -> Result<()> {
        let heads = &mut self.chains.heads;
        heads.extend(names.into_iter().map(|name| (name.to_owned(), ChainHead::START)));
        for row in found {
            let (name, head): (String, ChainHead) = Columns::of(row, "head").take()?;
            heads.insert(name, head);
        }
        Ok(())
    }

    /// Returns where a chain goes on; none when this transaction has not named it.
    pub(super) fn head(&self, chain: &str) -> Option<ChainHead> {
        self.chains.heads.get(chain).copied()
    }

    /// Notes that a chain has grown.
    pub(super) fn grow(&mut self, chain: String, head: ChainHead) {
        if let Some(before) = self.chains.heads.insert(chain, head) {
            self.chains.entries += head.seq - before.seq;
        }
    }

    /// Returns how many entries all chains have, with those this transaction appended.
    ///
    /// What is recorded does not change without an entry, and no entry is taken away: whoever finds as
    /// many as before finds orders, duties, people and places as they were.
    pub const fn entries(&self) -> i64 {
        self.chains.entries
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

    /// Begins a part that can be taken back on its own; one may stand inside another.
    ///
    /// # Errors
    /// [`StoreFault`] when the database refuses.
    pub async fn savepoint(&mut self) -> Result<()> {
        self.run(SAVEPOINT, Args::default()).await?;
        self.savepoints.push(self.chains.clone());
        Ok(())
    }

    /// Takes back all since the newest savepoint, and the savepoint with it.
    ///
    /// # Errors
    /// [`StoreFault`] when the database refuses; the transaction must then be dropped.
    pub async fn rollback_to(&mut self) -> Result<()> {
        self.run(ROLLBACK_TO, Args::default()).await?;
        if let Some(before) = self.savepoints.last() {
            self.chains.clone_from(before);
        }
        self.release().await
    }

    /// Keeps all since the newest savepoint, as part of what is around it.
    ///
    /// # Errors
    /// [`StoreFault`] when the database refuses.
    pub async fn release(&mut self) -> Result<()> {
        self.run(RELEASE, Args::default()).await?;
        self.savepoints.pop();
        Ok(())
    }

    /// Runs one statement that writes; returns how many rows it touched.
    pub(super) async fn run(&mut self, sql: Sql, args: Args) -> Result<u64> {
        let done = spin_then_await(sqlx::query_with(sql.text, args.bound).execute(&mut *self.inner)).await;
        done.map(|done| done.rows_affected()).map_err(|source| StoreFault::of(&self.path, sql.name, source))
    }

    /// Writes many rows; returns how many were touched.
    ///
    /// `bind` gives the parameters of one row, `common` those all rows share, which follow the
    /// rows in the text. While the connection's thread writes one piece, this one prepares the
    /// next.
    pub(super) async fn write_many<T>(
        &mut self,
        bulk: &'static Bulk,
        rows: &[T],
        bind: impl Fn(&mut Args, &T),
        common: impl Fn(&mut Args),
    ) -> Result<u64> {
        let prepare = |(text, rows): (&'static str, &[T])| {
            let mut args = Args::with_capacity(rows.len() * WIDEST_ROW);
            for row in rows {
                args.begin_row();
                bind(&mut args, row);
            }
            args.begin_row();
            common(&mut args);
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

/// Columns of the widest hot table; only a hint for room.
const WIDEST_ROW: usize = 16;

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
const LOOKS: u32 = 64;

/// Waits for what is near, such as the end of a statement.
///
/// A statement of an act takes some microseconds, waking a thread that sleeps several times as
/// long, and an act has some twenty; the processor is offered to others between two looks.
pub async fn spin_then_await<F: Future>(running: F) -> F::Output {
    let mut running = pin!(running);
    poll_fn(move |cx| {
        for _ in 0..LOOKS {
            if let Poll::Ready(output) = running.as_mut().poll(cx) {
                return Poll::Ready(output);
            }
            std::thread::yield_now();
        }
        running.as_mut().poll(cx)
    })
    .await
}

/// Reads all rows of a statement.
pub(super) async fn rows(at: &mut impl Reads, sql: Sql, args: Args) -> Result<Vec<SqliteRow>> {
    let found = spin_then_await(sqlx::query_with(sql.text, args.bound).fetch_all(at.connection())).await;
    found.map_err(|source| StoreFault::of(at.path(), sql.name, source))
}

/// Reads the one row of a statement, if there is one.
pub(super) async fn row(at: &mut impl Reads, sql: Sql, args: Args) -> Result<Option<SqliteRow>> {
    let found = spin_then_await(sqlx::query_with(sql.text, args.bound).fetch_optional(at.connection())).await;
    found.map_err(|source| StoreFault::of(at.path(), sql.name, source))
}
