//! Rows of a statement one after another, for lists of any length.

use std::future::poll_fn;
use std::path::PathBuf;
use std::pin::Pin;

use futures_core::Stream;
use sqlx::sqlite::SqliteRow;

use super::args::{Args, Bind};
use super::columns::Fetch;
use super::record::read;
use super::sql::Sql;
use super::{Reads, Result, StoreFault};

/// The rows a statement finds, read as they are asked for; only some wait in memory.
///
/// It holds its transaction until it is dropped, so another one looks up what stands beside.
pub struct RowStream<'a, T> {
    rows: Pin<Box<dyn Stream<Item = Result<SqliteRow, sqlx::Error>> + Send + 'a>>,
    read: fn(&SqliteRow, Sql) -> Result<T>,
    sql: Sql,
    path: PathBuf,
}

/// Begins to read the rows of a statement.
pub(super) fn stream<T: Fetch>(at: &mut impl Reads, sql: Sql, values: impl Bind) -> RowStream<'_, T> {
    let path = at.path().to_owned();
    let rows = sqlx::query_with(sql.text, Args::of(&values).bound).fetch(at.connection());
    RowStream { rows, read: read::<T>, sql, path }
}

impl<T> RowStream<'_, T> {
    /// Reads all rows that are left.
    pub async fn rest(&mut self) -> Result<Vec<T>> {
        self.next_rows(usize::MAX).await
    }

    /// Reads at most so many of the rows that follow; none are left when there are fewer.
    pub async fn next_rows(&mut self, most: usize) -> Result<Vec<T>> {
        let mut found = Vec::new();
        while found.len() < most {
            match poll_fn(|cx| self.rows.as_mut().poll_next(cx)).await {
                Some(Ok(row)) => found.push((self.read)(&row, self.sql)?),
                Some(Err(source)) => return Err(StoreFault::of(&self.path, self.sql.name, source)),
                None => break,
            }
        }
        Ok(found)
    }
}
