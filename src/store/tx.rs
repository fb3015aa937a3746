//! One transaction that writes, one that reads, and how statements run in them.

use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use sqlx::{Postgres, Sqlite, Transaction};
use tokio::sync::OwnedMutexGuard;

use crate::ledger::ChainHead;

use super::Recording;
use super::args::{Args, Bind};
pub(super) use super::columns::Columns;
use super::connection::{FoundRow, Link, PgParameters};
use super::epoch::DatabaseEpoch;
use super::nearby::spin_then_await;
use super::postgres::BEGINNINGS;
use super::sql::{Bulk, Dialect, Sql, json_rows, sql, statements};
use super::writer::Writer;
use super::{Result, StoreFault};

// The count is taken after the heads: a database that waits for their rows shows what was committed
// meanwhile to the next statement, not to this one.
const BEGIN: Sql = sql!(sqlite "tx.begin":
    "BEGIN IMMEDIATE; " heads "; SELECT CAST(COALESCE(SUM(seq), 0) AS BIGINT) FROM head");
const ENTRIES: Sql = sql!(postgres "tx.entries": "SELECT CAST(COALESCE(SUM(seq), 0) AS BIGINT) FROM head");
// A row that is not there cannot be locked. One without an entry is none to whoever reads heads.
const BEGIN_CHAINS: Sql = sql!(postgres "tx.begin_chains":
    "INSERT INTO head (chain, seq, hash, at) SELECT e.value->>0, 0, $2, '' FROM " rows " AS e "
    "ON CONFLICT (chain) DO NOTHING");
const LOCK_CHAINS: Sql = sql!("tx.lock_chains": heads);
const COMMIT: Sql = sql!("tx.commit": "COMMIT");
// Negative: in KiB, whatever the page size; 64 MiB.
const HOLD_PAGES: Sql = sql!(sqlite "tx.hold_pages": "PRAGMA cache_size = -65536");
const ROLLBACK: Sql = sql!("tx.rollback": "ROLLBACK");

statements!(BEGIN, ENTRIES, BEGIN_CHAINS, LOCK_CHAINS, COMMIT, HOLD_PAGES, ROLLBACK);

/// A transaction that writes. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    /// Kept until it is dropped.
    inner: Option<OwnedMutexGuard<Writer>>,
    path: Arc<Path>,
    /// Where the chains go on that it named.
    heads: BTreeMap<String, ChainHead>,
    /// How many entries all chains have.
    entries: i64,
    is_open: bool,
    mode: TxMode,
}

/// What a transaction takes from the database it writes.
#[derive(Clone, Debug)]
pub(super) struct TxMode {
    /// What is recorded of what happens.
    pub(super) recording: Recording,
    /// Which life of the database it is.
    pub(super) epoch: Arc<DatabaseEpoch>,
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(mut inner) = self.inner.take().filter(|_| self.is_open) else { return };
        if let Writer::Sqlite(link) = &mut *inner {
            // Looked at once, a statement is on its way to the connection's thread, which carries it
            // out before any other whether or not somebody waits for the answer.
            let rolling_back = pin!(sqlx::query(ROLLBACK.sqlite).execute(link));
            let _ = rolling_back.poll(&mut Context::from_waker(Waker::noop()));
        } else if let Writer::Postgres(link) = &mut *inner {
            // Nobody can wait here, and a runtime may never go on: the server undoes what belongs to a connection
            // that ends. Where it happens often, [`Tx::release`] keeps the connection.
            link.give_up();
        }
    }
}

/// A transaction that reads: all it sees is of one moment.
#[derive(Debug)]
pub struct ReadTx {
    pub(super) inner: ReadLink,
    pub(super) path: Arc<Path>,
}

/// The connection of a transaction that reads.
#[derive(Debug)]
pub(super) enum ReadLink {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl ReadTx {
    /// Keeps more pages from here on, for whoever goes through everything by several indexes: at a million
    /// subjects a quarter of what that takes is reading pages again.
    pub async fn hold_pages(&mut self) -> Result<()> {
        match self.link().dialect() {
            Dialect::Sqlite => rows(self, HOLD_PAGES, ()).await.map(drop),
            Dialect::Postgres => Ok(()),
        }
    }
}

/// Either of the two, for functions that only read.
pub trait Reads: Send {
    #[doc(hidden)]
    fn link(&mut self) -> Link<'_>;
    #[doc(hidden)]
    fn path(&self) -> &Path;
}

impl Reads for Tx {
    fn link(&mut self) -> Link<'_> {
        match &mut **self.inner.as_mut().expect("kept until it is dropped") {
            Writer::Sqlite(link) => Link::Sqlite(link),
            Writer::Postgres(link) => Link::Postgres(link.begun()),
        }
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

impl Reads for ReadTx {
    fn link(&mut self) -> Link<'_> {
        match &mut self.inner {
            ReadLink::Sqlite(link) => Link::Sqlite(link),
            ReadLink::Postgres(link) => Link::Postgres(link),
        }
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

impl Tx {
    /// Begins on a connection that is nobody else's until the end.
    pub(super) async fn begin(
        inner: OwnedMutexGuard<Writer>,
        path: Arc<Path>,
        names: BTreeSet<&str>,
        mode: TxMode,
    ) -> Result<Self> {
        let inner = Some(inner);
        let mut tx = Self { inner, path, heads: BTreeMap::new(), entries: 0, is_open: true, mode };
        match tx.dialect() {
            Dialect::Sqlite => {
                let mut found = rows(&mut tx, BEGIN, json_rows(&names)).await?;
                if let Some(count) = found.pop() {
                    tx.entries = Columns::of(&count, "head").next()?;
                }
                tx.keep_heads(names, &found)?;
            }
            Dialect::Postgres => {
                let mut tries = 1;
                while let Err(fault) = Box::pin(tx.begin_among(&names)).await {
                    if tries == BEGINNINGS || !matches!(fault, StoreFault::Collided) {
                        return Err(fault);
                    }
                    tries += 1;
                    if let Some(Writer::Postgres(link)) = tx.inner.as_deref_mut() {
                        Box::pin(link.undo()).await;
                    }
                }
            }
        }
        Ok(tx)
    }

    /// Begins where others write, and locks its chains; whoever finds them locked for long lets all go.
    async fn begin_among(&mut self, names: &BTreeSet<&str>) -> Result<()> {
        let path = Arc::clone(&self.path);
        let Some(Writer::Postgres(link)) = self.inner.as_deref_mut() else { return Ok(()) };
        link.begin(&path, names.is_empty()).await?;
        if !names.is_empty() {
            self.lock_heads(names.clone()).await?;
        }
        if let Some(count) = row(self, ENTRIES, ()).await? {
            self.entries = Columns::of(&count, "head").next()?;
        }
        Ok(())
    }

    fn dialect(&self) -> Dialect {
        match self.inner.as_deref() {
            Some(Writer::Postgres(_)) => Dialect::Postgres,
            Some(Writer::Sqlite(_)) | None => Dialect::Sqlite,
        }
    }

    /// Names more chains to which this transaction will append, after what it loaded says which, and
    /// before its first write. Those named before cost nothing.
    pub async fn lock_chains<'c>(&mut self, chains: impl IntoIterator<Item = &'c str>) -> Result<()> {
        let new = chains.into_iter().filter(|name| !self.heads.contains_key(*name));
        let new: BTreeSet<&str> = new.collect();
        if new.is_empty() {
            return Ok(());
        }
        self.lock_heads(new).await
    }

    async fn lock_heads(&mut self, names: BTreeSet<&str>) -> Result<()> {
        let mut found = rows(self, LOCK_CHAINS, json_rows(&names)).await?;
        if found.len() < names.len() && self.dialect() == Dialect::Postgres {
            self.execute(BEGIN_CHAINS, (json_rows(&names), ChainHead::START.hash)).await?;
            found = rows(self, LOCK_CHAINS, json_rows(&names)).await?;
        }
        self.keep_heads(names, &found)
    }

    /// Keeps where chains go on; one without a row has no entry yet.
    fn keep_heads(&mut self, names: BTreeSet<&str>, found: &[FoundRow]) -> Result<()> {
        self.heads.extend(names.into_iter().map(|name| (name.to_owned(), ChainHead::START)));
        for row in found {
            let (name, head): (String, ChainHead) = Columns::of(row, "head").take()?;
            self.heads.insert(name, head);
        }
        Ok(())
    }

    /// Returns what is recorded of what happens.
    pub const fn recording(&self) -> Recording {
        self.mode.recording
    }

    /// Returns which life of the database it writes.
    pub fn epoch(&self) -> &DatabaseEpoch {
        &self.mode.epoch
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
        let done = match self.link() {
            Link::Sqlite(link) => sqlx::query(COMMIT.sqlite).execute(link).await.map(drop),
            Link::Postgres(link) => {
                let committing = Box::pin(sqlx::raw_sql(COMMIT.postgres).execute(link));
                committing.await.map(drop)
            }
        };
        done.map_err(|source| StoreFault::of(&self.path, COMMIT.name, source))?;
        self.is_open = false;
        Ok(())
    }

    /// Ends the transaction as if it had never been, as dropping it does, and keeps the connection for the next one.
    pub async fn release(mut self) {
        if let Some(mut inner) = self.inner.take_if(|inner| matches!(**inner, Writer::Postgres(_)))
            && let Writer::Postgres(link) = &mut *inner
        {
            link.undo().await;
        }
    }

    /// Runs one statement that writes; returns how many rows it touched.
    pub(super) async fn execute(&mut self, sql: Sql, values: impl Bind) -> Result<u64> {
        let done = self.link().execute(sql, &values).await;
        done.map_err(|source| StoreFault::of(&self.path, sql.name, source))
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
        if rows.is_empty() {
            return Ok(0);
        }
        let path = Arc::clone(&self.path);
        if let Link::Postgres(link) = self.link() {
            let mut touched = 0;
            for rows in rows.chunks(ARRAY_ROWS) {
                let parameters = PgParameters::of_rows(bulk, rows, &common);
                let writing = sqlx::query_with(bulk.postgres, parameters.0).execute(&mut *link);
                let done = Box::pin(writing).await;
                let done = done.map_err(|source| StoreFault::of(&path, bulk.name, source))?;
                touched += done.rows_affected();
            }
            return Ok(touched);
        }
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
            let Link::Sqlite(link) = self.link() else { break };
            let running = sqlx::query_with(text, args.bound).execute(link);
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
        let (size, text) = bulk.sqlite.into_iter().find(|(size, _)| *size <= rest.len())?;
        let (piece, tail) = rest.split_at(size);
        rest = tail;
        Some((text, piece))
    })
}

/// Rows of a bulk statement on PostgreSQL; more gain nothing, and all wait in memory until they are sent.
const ARRAY_ROWS: usize = 10_000;

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

/// Reads all rows of a statement.
pub(super) async fn rows(at: &mut impl Reads, sql: Sql, values: impl Bind) -> Result<Vec<FoundRow>> {
    let found = at.link().rows(sql, &values).await;
    found.map_err(|source| StoreFault::of(at.path(), sql.name, source))
}

/// Reads the one row of a statement, if there is one.
pub(super) async fn row(at: &mut impl Reads, sql: Sql, values: impl Bind) -> Result<Option<FoundRow>> {
    let found = at.link().row(sql, &values).await;
    found.map_err(|source| StoreFault::of(at.path(), sql.name, source))
}
