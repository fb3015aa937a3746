//! Rows of a statement one after another, for lists of any length.

use std::future::poll_fn;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use super::args::{Args, Bind};
use super::columns::Fetch;
use super::connection::{FoundRow, Link, PgParameters};
use super::record::read;
use super::sql::Sql;
use super::{Reads, Result, StoreFault};

/// The rows a statement finds, read as they are asked for; only some wait in memory.
///
/// It holds its transaction until it is dropped, so another one looks up what stands beside.
pub struct RowStream<'a, T> {
    rows: FoundRows<'a>,
    read: fn(&FoundRow, Sql) -> Result<T>,
    sql: Sql,
    path: PathBuf,
}

/// What a driver gives, one after the other.
type DriverRows<'a, R> = Pin<Box<dyn Stream<Item = sqlx::Result<R>> + Send + 'a>>;

/// The rows of either database.
enum FoundRows<'a> {
    Sqlite(DriverRows<'a, SqliteRow>),
    Postgres(DriverRows<'a, PgRow>),
}

impl FoundRows<'_> {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<sqlx::Result<FoundRow>>> {
        match self {
            Self::Sqlite(rows) => {
                rows.as_mut().poll_next(cx).map(|row| row.map(|row| row.map(FoundRow::Sqlite)))
            }
            Self::Postgres(rows) => {
                rows.as_mut().poll_next(cx).map(|row| row.map(|row| row.map(FoundRow::Postgres)))
            }
        }
    }
}

/// Begins to read the rows of a statement.
pub(super) fn stream<T: Fetch>(at: &mut impl Reads, sql: Sql, values: impl Bind) -> RowStream<'_, T> {
    let path = at.path().to_owned();
    let rows = match at.link() {
        Link::Sqlite(link) => {
            FoundRows::Sqlite(sqlx::query_with(sql.sqlite, Args::of(&values).bound).fetch(link))
        }
        Link::Postgres(link) => {
            FoundRows::Postgres(sqlx::query_with(sql.postgres, PgParameters::of(&values).0).fetch(link))
        }
    };
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
            match poll_fn(|cx| self.rows.poll_next(cx)).await {
                Some(Ok(row)) => found.push((self.read)(&row, self.sql)?),
                Some(Err(source)) => return Err(StoreFault::of(&self.path, self.sql.name, source)),
                None => break,
            }
        }
        Ok(found)
    }
}
