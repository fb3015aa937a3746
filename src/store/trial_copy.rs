//! A copy to try things on: all that is decided from, and nothing of what was only recorded and told.

use std::future::poll_fn;
use std::path::Path;

use sqlx::postgres::{PgArguments, PgPool};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteRow, SqliteSynchronous,
};
use sqlx::{Arguments as _, AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

use super::open::{APPLICATION, Readers, WRITER_CACHE_KIB, writer, writing};
use super::postgres::BEGIN_READING;
use super::schema::SCHEMA;
use super::sql::{Sql, is_whole, sql, statements};
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

const ATTACH: Sql = sql!(sqlite "trial_copy.attach": "ATTACH DATABASE $1 AS base");
// Tables and their indexes before what guards them.
const ITEMS: Sql = sql!(sqlite "trial_copy.items":
    "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' "
    "ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name");

const COLUMNS: Sql = sql!(sqlite "trial_copy.columns": "SELECT name FROM pragma_table_info($1) ORDER BY cid");

statements!(ATTACH, ITEMS, COLUMNS);

impl Store {
    /// Writes what is committed into a new file, to try things on it, beside whoever writes meanwhile. It is a file
    /// of SQLite whatever database this is: what is tried is gone with it.
    ///
    /// # Errors
    /// When there is no room.
    pub async fn copy_to_try(&self, path: &Path, rows: TrialRows) -> Result<()> {
        let filled = match &self.readers {
            Readers::Sqlite(readers) => self.fill(readers, path, rows).await,
            Readers::Postgres(readers, _) => return fill_from_server(readers, path, rows).await,
        };
        filled.map_err(|source| StoreFault::of(path, "trial_copy.fill", source))
    }

    /// Takes some subjects with their orders into a frame that nobody has open.
    ///
    /// # Errors
    /// When there is no room.
    pub async fn copy_subjects_to_try(&self, path: &Path, ids: &[String]) -> Result<()> {
        let filled = match &self.readers {
            Readers::Sqlite(_) => self.fill_subjects(path, ids).await,
            Readers::Postgres(readers, _) => fill_subjects_from_server(readers, path, ids).await,
        };
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

/// Makes a file with the newest schema and writes the rows of a server's database into it.
async fn fill_from_server(readers: &PgPool, path: &Path, rows: TrialRows) -> Result<()> {
    let options = writing(path, WRITER_CACHE_KIB, 0).synchronous(SqliteSynchronous::Off);
    let mut copy = writer(options, path).await?;
    let filled = fill_tables(readers, &mut copy, rows).await;
    filled.map_err(|source| StoreFault::of(path, "trial_copy.fill", source))?;
    copy.close().await.map_err(|source| StoreFault::of(path, "trial_copy.fill", source))
}

async fn fill_tables(readers: &PgPool, copy: &mut SqliteConnection, rows: TrialRows) -> sqlx::Result<()> {
    let mut moment = readers.begin_with(BEGIN_READING.postgres).await?;
    let schema = sqlx::query(ITEMS.sqlite).fetch_all(&mut *copy).await?;
    sqlx::raw_sql("BEGIN").execute(&mut *copy).await?;
    for item in &schema {
        let SchemaItem { kind, name, .. } = SchemaItem::of(item)?;
        if kind == "table" && rows.hold(&name) && name != "_sqlx_migrations" {
            let all = CarriedRows { table: &name, restriction: "", values: PgArguments::default() };
            carry_rows(&mut moment, copy, all).await?;
        }
    }
    sqlx::raw_sql("COMMIT").execute(&mut *copy).await.map(drop)
}

async fn fill_subjects_from_server(readers: &PgPool, path: &Path, ids: &[String]) -> sqlx::Result<()> {
    let options = SqliteConnectOptions::new().filename(path).disable_statement_logging();
    let mut copy = options.connect().await?;
    let mut moment = readers.begin_with(BEGIN_READING.postgres).await?;
    sqlx::raw_sql("BEGIN").execute(&mut copy).await?;
    for (table, column) in OF_SUBJECTS {
        let restriction =
            format!(" WHERE (home, {column}) IN (SELECT home, id FROM subject WHERE id = ANY($1))");
        let mut values = PgArguments::default();
        values.add(ids).map_err(sqlx::Error::Encode)?;
        carry_rows(&mut moment, &mut copy, CarriedRows { table, restriction: &restriction, values }).await?;
    }
    sqlx::raw_sql("COMMIT").execute(&mut copy).await?;
    copy.close().await
}

/// Rows of the server's that one statement writes into a copy.
const CARRIED_AT_ONCE: usize = 256;

/// Rows of a table of the server's.
struct CarriedRows<'a> {
    table: &'a str,
    /// Which of them; empty for all.
    restriction: &'a str,
    values: PgArguments,
}

/// Writes rows of the server's into the table of that name of a copy.
async fn carry_rows(
    from: &mut sqlx::PgConnection,
    copy: &mut SqliteConnection,
    CarriedRows { table, restriction, values }: CarriedRows<'_>,
) -> sqlx::Result<()> {
    let columns: Vec<String> = sqlx::query_scalar(COLUMNS.sqlite).bind(table).fetch_all(&mut *copy).await?;
    let named = columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
    let whole: Vec<bool> = columns.iter().map(|column| is_whole(table, column)).collect();
    let one = format!("({})", vec!["?"; columns.len()].join(","));
    let put = |rows: usize| {
        format!("INSERT INTO \"{table}\" ({named}) VALUES {}", vec![one.as_str(); rows].join(","))
    };
    let many = put(CARRIED_AT_ONCE);
    let get = format!("SELECT {named} FROM \"{table}\"{restriction}");
    let mut rows = sqlx::query_with(AssertSqlSafe(get), values).fetch(from);
    let (mut carried, mut count) = (SqliteArguments::default(), 0);
    loop {
        let row = poll_fn(|cx| rows.as_mut().poll_next(cx)).await.transpose()?;
        let is_over = row.is_none();
        if let Some(row) = row {
            for (at, is_whole) in whole.iter().enumerate() {
                let added = if *is_whole {
                    carried.add(row.try_get::<Option<i64>, _>(at)?)
                } else {
                    carried.add(row.try_get::<Option<String>, _>(at)?)
                };
                added.map_err(sqlx::Error::Encode)?;
            }
            count += 1;
        }
        if count == CARRIED_AT_ONCE || is_over && count > 0 {
            let text = if count == CARRIED_AT_ONCE { many.clone() } else { put(count) };
            let values = std::mem::take(&mut carried);
            sqlx::query_with(AssertSqlSafe(text), values).execute(&mut *copy).await?;
            count = 0;
        }
        if is_over {
            return Ok(());
        }
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
