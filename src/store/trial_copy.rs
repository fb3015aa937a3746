//! A copy to try things on: all that is decided from, and nothing of what was only recorded and told.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

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

/// Tables that say something of single subjects, each with the column that names them.
const OF_SUBJECTS: [(&str, &str); 6] = [
    ("appraisal", "subject"),
    ("due", "subject"),
    ("inspection", "subject"),
    ("mark", "subject"),
    ("orders", "subject"),
    ("subject", "id"),
];

/// Tables that say something of single orders, or of what was not one.
const OF_ORDERS: [&str; 8] =
    ["duty", "incident", "order_year", "progress", "progress_rows", "skip", "term", "workload"];

/// What a copy to try things on holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrialRows {
    /// All that is decided from.
    All,
    /// The policy, people and places, without subjects and their orders.
    Frame,
}

impl TrialRows {
    fn hold(self, table: &str) -> bool {
        let is_single =
            || OF_ORDERS.contains(&table) || OF_SUBJECTS.iter().any(|(of_subjects, _)| *of_subjects == table);
        !LEFT_EMPTY.contains(&table) && (self == Self::All || !is_single())
    }
}

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
    pub async fn copy_to_try(&self, path: &Path, rows: TrialRows) -> Result<()> {
        let filled = self.fill(path, rows).await;
        filled.map_err(|source| StoreFault::of(path, "trial_copy.fill", source))
    }

    /// Takes some subjects with their orders into a frame that nobody has open.
    ///
    /// # Errors
    /// When there is no room.
    pub async fn copy_subjects_to_try(&self, path: &Path, ids: &[String]) -> Result<()> {
        let filled = self.fill_subjects(path, ids).await;
        filled.map_err(|source| StoreFault::of(path, "trial_copy.subjects", source))
    }

    async fn fill_subjects(&self, path: &Path, ids: &[String]) -> sqlx::Result<()> {
        let mut connection = self.beside(SqliteConnectOptions::new().filename(path)).await?;
        for (table, column) in OF_SUBJECTS {
            let text = format!(
                "INSERT INTO main.\"{table}\" SELECT * FROM base.\"{table}\" \
                 WHERE (home, {column}) IN (SELECT home, id FROM base.subject WHERE id IN \
                 (SELECT value FROM json_each($1)))"
            );
            let ids = serde_json::to_string(ids).unwrap_or_default();
            sqlx::query(AssertSqlSafe(text)).bind(ids).execute(&mut connection).await?;
        }
        connection.close().await
    }

    /// Connects to a copy, with this database beside it.
    async fn beside(&self, options: SqliteConnectOptions) -> sqlx::Result<SqliteConnection> {
        let mut connection = options.disable_statement_logging().connect().await?;
        let base = self.path().to_string_lossy().into_owned();
        sqlx::query(ATTACH.text).bind(base).execute(&mut connection).await?;
        Ok(connection)
    }

    async fn fill(&self, path: &Path, rows: TrialRows) -> sqlx::Result<()> {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let options = options.journal_mode(SqliteJournalMode::Off).synchronous(SqliteSynchronous::Off);
        let mut connection = self.beside(options).await?;
        let schema = sqlx::query(ITEMS.text).fetch_all(&self.readers).await?;
        let schema: Vec<SchemaItem> = schema.iter().map(SchemaItem::of).collect::<sqlx::Result<_>>()?;
        let is_guard = |item: &&SchemaItem| !matches!(item.kind.as_str(), "table" | "index");
        let begun = schema.iter().filter(|item| !is_guard(item)).map(|item| item.text.clone());
        let filled = schema.iter().filter(|item| item.kind == "table" && rows.hold(&item.name));
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
