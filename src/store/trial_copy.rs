//! A copy to try things on: all that is decided from, and nothing of what was only recorded and told.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

use super::open::{APPLICATION, SCHEMA};
use super::sql::{Sql, sql, statements};
use super::{Result, Store, StoreFault};

/// Tables whose rows nothing that is planned rests on. They are most of a database that has been at work.
const LEFT_EMPTY: [&str; 10] = [
    "act",
    "attachment",
    "document",
    "fact",
    "ledger",
    "notice",
    "occurrence",
    "outbox",
    "plan",
    "submission",
];

const ATTACH: Sql = sql!("trial_copy.attach": "ATTACH DATABASE $1 AS base");
// Tables and their indexes before what guards them.
const ITEMS: Sql = sql!("trial_copy.items":
    "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' "
    "ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name");

statements!(ATTACH, ITEMS);

impl Store {
    /// Writes what is committed into a new file, to try things on it, beside whoever writes meanwhile.
    ///
    /// # Errors
    /// When there is no room.
    pub async fn copy_to_try(&self, path: &Path) -> Result<()> {
        let filled = self.fill(path).await;
        filled.map_err(|source| StoreFault::of(path, "trial_copy.fill", source))
    }

    async fn fill(&self, path: &Path) -> sqlx::Result<()> {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let options = options.journal_mode(SqliteJournalMode::Off).synchronous(SqliteSynchronous::Off);
        let mut connection = options.disable_statement_logging().connect().await?;
        let schema = sqlx::query(ITEMS.text).fetch_all(&self.readers).await?;
        let schema: Vec<SchemaItem> = schema.iter().map(SchemaItem::of).collect::<sqlx::Result<_>>()?;
        sqlx::query(ATTACH.text)
            .bind(self.path().to_string_lossy().into_owned())
            .execute(&mut connection)
            .await?;
        let is_guard = |item: &&SchemaItem| !matches!(item.kind.as_str(), "table" | "index");
        let begun = schema.iter().filter(|item| !is_guard(item)).map(|item| item.text.clone());
        let filled =
            schema.iter().filter(|item| item.kind == "table" && !LEFT_EMPTY.contains(&item.name.as_str()));
        // Into empty tables of the same form the pages of both tables and indexes go as they are.
        let filled = filled.map(|SchemaItem { name, .. }| {
            format!("INSERT INTO main.\"{name}\" SELECT * FROM base.\"{name}\"")
        });
        let guards = schema.iter().filter(is_guard).map(|item| item.text.clone());
        let marks = format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {SCHEMA}");
        let begin = ["BEGIN".to_owned()].into_iter().chain(begun);
        for text in begin.chain(filled).chain(guards).chain([marks, "COMMIT".to_owned()]) {
            sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await?;
        }
        connection.close().await
    }
}

/// A table, an index or what guards one, with the text that makes it.
struct SchemaItem {
    kind: String,
    name: String,
    text: String,
}

impl SchemaItem {
    fn of(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self { kind: row.try_get(0)?, name: row.try_get(1)?, text: row.try_get(2)? })
    }
}
