//! One database filled from another: all rows of one moment, page by page, so that it goes on where it stopped.

use std::path::Path;

use sqlx::Connection as _;

use super::args::json_rows;
use super::carry::{CarriedRow, CarriedRows, CarriedTable, tables};
use super::connection::Link;
use super::sql::{Dialect, Sql, sql, statements};
use super::sqlite::{WRITER_CACHE_KIB, writer, writing};
use super::tx::row;
use super::{ManyRows, ReadTx, Reads, Result, Store, StoreFault, ledger, meta};
use crate::digest::Digest;

/// The table of single values; it is filled last, with which the copy is whole.
const META: &str = "meta";
/// Tables whose rows change without an entry: what is told whom, and the moment of the last pass.
const LOOSE: [&str; 3] = [META, "notice", "outbox"];

// The numbers that the database gives by itself go on behind those that came with the rows.
const GO_ON: Sql = sql!(postgres "copy.go_on":
    "SELECT setval(pg_get_serial_sequence('signal', 'number'), number) FROM signal ORDER BY number DESC LIMIT 1");

statements!(GO_ON);

/// Rows that stand in a copy now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopiedRows<'a> {
    pub table: &'a str,
    pub rows: u64,
    /// Rows that the whole has, but for single values.
    pub of: u64,
}

/// Who is told of rows that were copied, now or by a copy that was begun before.
pub type CopyListener<'a> = &'a mut (dyn FnMut(CopiedRows<'_>) + Send);

impl Store {
    /// Fills this database, opened with [`super::Access::Fill`], with all rows of another one as they are at that
    /// moment; where a copy of the same state was begun before, it goes on, and where one is whole, nothing is left to
    /// do. Returns how many rows were written.
    ///
    /// # Errors
    /// [`StoreFault::Occupied`] where something else stands here, [`StoreFault::Unfinished`] where a copy of another
    /// state was begun: neither is emptied.
    pub async fn fill_from(&self, from: &mut ReadTx, told: CopyListener<'_>) -> Result<u64> {
        let tables = tables().await?;
        let state = state_of(from, &tables).await?;
        if state_of(&mut self.read().await?, &tables).await? == state {
            return Ok(0);
        }
        self.begin_copy(&tables, &state).await?;
        let (mut written, mut of, path) = (0, 0, from.path().to_owned());
        for table in tables.iter().filter(|table| table.name != META) {
            of += table.count(from.link(), &path).await?;
        }
        for table in tables.iter().filter(|table| table.name != META) {
            let rows = table.count(self.read().await?.link(), &path).await?;
            told(CopiedRows { table: &table.name, rows, of });
            let mut each = |rows| told(CopiedRows { table: &table.name, rows, of });
            written += self.fill_table(table, from, &mut each).await?;
        }
        let mut tx = self.begin().await?;
        for table in tables.iter().filter(|table| table.name == META) {
            let rows = page(table, from, CarriedRows::After(None)).await?;
            meta::forget(&mut tx, meta::COPYING).await?;
            let path = self.address().to_owned();
            table.write(tx.link(), &path, &rows).await?;
            written += rows.len() as u64;
        }
        if tx.link().dialect() == Dialect::Postgres {
            row(&mut tx, GO_ON, ()).await?;
        }
        tx.commit().await?;
        self.look_anew(ManyRows::Imported, written).await;
        Ok(written)
    }

    /// Says of what state the copy is, or finds that it has been begun.
    async fn begin_copy(&self, tables: &[CarriedTable], state: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        let path = self.address().to_owned();
        match meta::get(&mut tx, meta::COPYING).await? {
            Some(begun) if begun == state => {
                tx.release().await;
                return Ok(());
            }
            Some(_) => return Err(StoreFault::Unfinished { path }),
            None => {}
        }
        for table in tables {
            if !table.read(tx.link(), &path, CarriedRows::Last).await?.is_empty() {
                return Err(StoreFault::Occupied { path });
            }
        }
        meta::set(&mut tx, meta::COPYING, state).await?;
        tx.commit().await
    }

    /// Fills a table behind the last row that it has.
    async fn fill_table(
        &self,
        table: &CarriedTable,
        from: &mut ReadTx,
        told: &mut (dyn FnMut(u64) + Send),
    ) -> Result<u64> {
        let (path, mut written) = (self.address().to_owned(), 0);
        let last = table.read(self.read().await?.link(), &path, CarriedRows::Last).await?;
        let take = async |rows: &[CarriedRow<'_>]| {
            let mut tx = self.begin().await?;
            table.write(tx.link(), &path, rows).await?;
            tx.commit().await?;
            written += rows.len() as u64;
            told(rows.len() as u64);
            Ok(())
        };
        each_page(table, from, last, take).await?;
        Ok(written)
    }

    /// Makes a file with the newest schema and writes the rows of some tables into it, all of one moment.
    pub(super) async fn fill_file(&self, path: &Path, holds: impl Fn(&str) -> bool) -> Result<()> {
        let fault = |source| StoreFault::of(path, "copy.file", source);
        let mut copy = writer(writing(path, WRITER_CACHE_KIB, 0), path).await?;
        let mut moment = self.read().await?;
        sqlx::raw_sql("BEGIN").execute(&mut copy).await.map_err(fault)?;
        for table in tables().await?.iter().filter(|table| holds(&table.name)) {
            let write =
                async |rows: &[CarriedRow<'_>]| table.write(Link::Sqlite(&mut copy), path, rows).await;
            each_page(table, &mut moment, Vec::new(), write).await?;
        }
        sqlx::raw_sql("COMMIT").execute(&mut copy).await.map_err(fault)?;
        copy.close().await.map_err(fault)
    }
}

/// Reads the rows of a table that follow the last of some, page by page, and hands on each page.
async fn each_page<'t>(
    table: &'t CarriedTable,
    from: &mut ReadTx,
    mut before: Vec<CarriedRow<'t>>,
    mut take: impl AsyncFnMut(&[CarriedRow<'_>]) -> Result<()>,
) -> Result<()> {
    loop {
        let rows = page(table, from, CarriedRows::After(before.last())).await?;
        if rows.is_empty() {
            return Ok(());
        }
        take(&rows).await?;
        before = rows;
    }
}

async fn page<'t>(
    table: &'t CarriedTable,
    from: &mut ReadTx,
    rows: CarriedRows<'_>,
) -> Result<Vec<CarriedRow<'t>>> {
    let path = from.path().to_owned();
    table.read(from.link(), &path, rows).await
}

/// Returns what tells one state of a database from every other: where its chains end, and all rows that change without
/// an entry.
async fn state_of(from: &mut ReadTx, tables: &[CarriedTable]) -> Result<String> {
    let mut parts = Vec::new();
    for (chain, kept) in ledger::kept_heads(from).await? {
        parts.push(format!("{chain}\u{1f}{}\u{1f}{}", kept.head.seq, kept.head.hash));
    }
    for table in tables.iter().filter(|table| LOOSE.contains(&table.name.as_str())) {
        let sum = async |rows: &[CarriedRow<'_>]| {
            parts.push(Digest::of(json_rows(rows).as_bytes()).to_string());
            Ok(())
        };
        each_page(table, from, Vec::new(), sum).await?;
    }
    Ok(Digest::of_parts("wubu-copy", parts.iter().map(String::as_bytes)).to_string())
}
