//! A copy to try things on: all that is decided from, and nothing of what was only recorded and told.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteRow, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

use super::carry::{CarriedRows, tables};
use super::connection::Link;
use super::open::Readers;
use super::schema::SCHEMA;
use super::sql::{Sql, sql, statements};
use super::sqlite::APPLICATION;
use super::{Reads as _, Result, Store, StoreFault};

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

const ATTACH: Sql = sql!(sqlite "trial_copy.attach": "ATTACH DATABASE $1 AS base");
// Tables and their indexes before what guards them.
const ITEMS: Sql = sql!(sqlite "trial_copy.items":
    "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' "
    "ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name");

statements!(ATTACH, ITEMS);

impl Store {
    /// Writes what is committed into a new file, to try things on it, beside whoever writes meanwhile. It is a file
    /// of SQLite whatever database this is: what is tried is gone with it.
    ///
    /// # Errors
    /// When there is no room.
    pub async fn copy_to_try(&self, path: &Path, rows: TrialRows) -> Result<()> {
        let filled = match &self.readers {
            Readers::Sqlite(readers) => self.fill(readers, path, rows).await,
            Readers::Postgres(..) => return self.fill_file(path, |table| rows.hold(table)).await,
        };
        filled.map_err(|source| StoreFault::of(path, "trial_copy.fill", source))
    }

    /// Takes some subjects with their orders into a frame that nobody has open.
    ///
    /// # Errors
    /// When there is no room.
    pub async fn copy_subjects_to_try(&self, path: &Path, ids: &[String]) -> Result<()> {
        match &self.readers {
            Readers::Sqlite(_) => {
                let filled = self.fill_subjects(path, ids).await;
                filled.map_err(|source| StoreFault::of(path, "trial_copy.subjects", source))
            }
            Readers::Postgres(..) => self.carry_subjects(path, ids).await,
        }
    }

    async fn carry_subjects(&self, path: &Path, ids: &[String]) -> Result<()> {
        let value = serde_json::to_string(ids).unwrap_or_default();
        let fault = |source| StoreFault::of(path, "trial_copy.subjects", source);
        let options = SqliteConnectOptions::new().filename(path).disable_statement_logging();
        let mut copy = options.connect().await.map_err(fault)?;
        let mut moment = self.read().await?;
        let tables = tables().await?;
        sqlx::raw_sql("BEGIN").execute(&mut copy).await.map_err(fault)?;
        for (name, column) in OF_SUBJECTS {
            let condition = format!(
                "(home, {column}) IN (SELECT home, id FROM subject WHERE id IN \
                 (SELECT jsonb_array_elements_text(CAST($1 AS jsonb))))"
            );
            let named = CarriedRows::Where { condition: &condition, value: &value };
            for table in tables.iter().filter(|table| table.name == name) {
                let rows = table.read(moment.link(), self.address(), named).await?;
                table.write(Link::Sqlite(&mut copy), path, &rows).await?;
            }
        }
        sqlx::raw_sql("COMMIT").execute(&mut copy).await.map_err(fault)?;
        copy.close().await.map_err(fault)
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
        sqlx::query(ATTACH.sqlite).bind(base).execute(&mut connection).await?;
        Ok(connection)
    }

    async fn fill(&self, readers: &SqlitePool, path: &Path, rows: TrialRows) -> sqlx::Result<()> {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let options = options.journal_mode(SqliteJournalMode::Off).synchronous(SqliteSynchronous::Off);
        let mut connection = self.beside(options).await?;
        let schema = sqlx::query(ITEMS.sqlite).fetch_all(readers).await?;
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
