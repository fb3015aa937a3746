//! The one connection of a store that writes.

use sqlx::sqlite::SqliteConnection;

use super::postgres::PgWriter;

/// The connection that writes.
#[derive(Debug)]
pub(super) enum Writer {
    Sqlite(SqliteConnection),
    Postgres(Box<PgWriter>),
}
