//! Rows as they are, carried from one database into another, whichever of the two each of them is.
//!
//! Both have the same tables with the same columns, all of texts and whole numbers; what they are is asked of an empty
//! database of the newest schema.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Row as _};

use super::args::{Args, Bind, ValueSink};
use super::connection::{FoundRow, Link, PgParameters, StoredValue};
use super::sql::{Sql, is_whole, sql, statements};
use super::sqlite::writer;
use super::{Result, StoreFault};

/// Rows that are read, and written, at a time.
const PAGE: usize = 2_000;
/// Rows that one statement writes into a file.
const FILE_ROWS: usize = 256;

/// What tells the rows of the one table apart that has no key but an index: the ledger.
const LEDGER_KEY: [&str; 2] = ["chain", "seq"];

// Who is at work on one database is not at work on the other.
const TABLES: Sql = sql!(sqlite "carry.tables":
    "SELECT t.name, c.name, c.pk FROM sqlite_schema AS t CROSS JOIN pragma_table_info(t.name) AS c "
    "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT IN ('_sqlx_migrations', 'daemon') "
    "ORDER BY t.name, c.cid");

statements!(TABLES);

/// A table that both databases have.
#[derive(Debug, Default)]
pub(super) struct CarriedTable {
    pub(super) name: String,
    columns: Vec<String>,
    /// Of each column, whether it holds whole numbers.
    whole: Vec<bool>,
    /// Places of the columns of the key among all, in the order of the key.
    key: Vec<usize>,
}

/// Lists the tables of the newest schema, by name.
pub(super) async fn tables() -> Result<Vec<CarriedTable>> {
    let memory = Path::new(":memory:");
    let fault = |source| StoreFault::of(memory, TABLES.name, source);
    let mut empty = writer(SqliteConnectOptions::new().in_memory(true), memory).await?;
    let found = sqlx::query(TABLES.sqlite).fetch_all(&mut empty).await.map_err(fault)?;
    let mut all: Vec<CarriedTable> = Vec::new();
    let mut keys: Vec<Vec<(i64, usize)>> = Vec::new();
    for row in found {
        let (table, column, place): (String, String, i64) = (row.get(0), row.get(1), row.get(2));
        if all.last().is_none_or(|last| last.name != table) {
            all.push(CarriedTable { name: table.clone(), ..CarriedTable::default() });
            keys.push(Vec::new());
        }
        let (Some(last), Some(key)) = (all.last_mut(), keys.last_mut()) else { continue };
        if place > 0 {
            key.push((place, last.columns.len()));
        }
        last.whole.push(is_whole(&table, &column));
        last.columns.push(column);
    }
    for (table, mut key) in all.iter_mut().zip(keys) {
        key.sort_unstable();
        table.key = key.into_iter().map(|(_, at)| at).collect();
        if table.key.is_empty() {
            let place = |name: &str| table.columns.iter().position(|column| column == name);
            table.key = LEDGER_KEY.into_iter().filter_map(place).collect();
        }
    }
    Ok(all)
}

/// Which rows of a table are read.
#[derive(Clone, Copy, Debug)]
pub(super) enum CarriedRows<'a> {
    /// Those that follow a row, in the order of keys, so many at most as are read at a time.
    After(Option<&'a CarriedRow<'a>>),
    /// The last one.
    Last,
    /// Those that a condition names, of which `$1` is the value.
    Where { condition: &'a str, value: &'a str },
}

/// A row of a table, as it was found.
#[derive(Debug)]
pub(super) struct CarriedRow<'t> {
    table: &'t CarriedTable,
    row: FoundRow,
}

impl CarriedRow<'_> {
    fn bind_columns(&self, columns: impl Iterator<Item = usize>, out: &mut impl ValueSink) {
        for at in columns {
            if self.table.whole[at] {
                match StoredValue::of(&self.row, at) {
                    Some(Some(number)) => out.int(number),
                    _ => out.missing(true),
                }
            } else {
                match StoredValue::of(&self.row, at) {
                    Some(Some(text)) => out.text(text),
                    _ => out.missing(false),
                }
            }
        }
    }

    /// Returns whether every column holds what its table says.
    fn is_sound(&self) -> bool {
        let is_text = |at| <Option<&str> as StoredValue<'_>>::of(&self.row, at).is_some();
        let is_number = |at| <Option<i64> as StoredValue<'_>>::of(&self.row, at).is_some();
        (0..self.table.columns.len()).all(|at| if self.table.whole[at] { is_number(at) } else { is_text(at) })
    }
}

impl Bind for CarriedRow<'_> {
    fn bind(&self, out: &mut impl ValueSink) {
        self.bind_columns(0..self.table.columns.len(), out);
    }
}

/// What a page is asked with.
impl Bind for CarriedRows<'_> {
    fn bind(&self, out: &mut impl ValueSink) {
        match self {
            Self::After(Some(row)) => row.bind_columns(row.table.key.iter().copied(), out),
            Self::After(None) | Self::Last => {}
            Self::Where { value, .. } => out.text(value),
        }
    }
}

impl CarriedTable {
    /// Reads some rows of it.
    pub(super) async fn read(
        &self,
        link: Link<'_>,
        path: &Path,
        rows: CarriedRows<'_>,
    ) -> Result<Vec<CarriedRow<'_>>> {
        let text = AssertSqlSafe(self.select(rows));
        let found = match link {
            Link::Sqlite(link) => {
                let found = sqlx::query_with(text, Args::of(&rows).bound).fetch_all(link).await;
                found.map(|found| found.into_iter().map(FoundRow::Sqlite).collect::<Vec<_>>())
            }
            Link::Postgres(link) => {
                let found = sqlx::query_with(text, PgParameters::of(&rows).0).fetch_all(link).await;
                found.map(|found| found.into_iter().map(FoundRow::Postgres).collect())
            }
        };
        let found = found.map_err(|source| StoreFault::of(path, "carry.read", source))?;
        let read = |row| {
            let row = CarriedRow { table: self, row };
            let what = "carry.read";
            if row.is_sound() {
                Ok(row)
            } else {
                Err(StoreFault::Impossible { what, key: self.name.clone() })
            }
        };
        found.into_iter().map(read).collect()
    }

    /// Counts its rows.
    pub(super) async fn count(&self, link: Link<'_>, path: &Path) -> Result<u64> {
        let text = AssertSqlSafe(format!("SELECT COUNT(*) FROM {}", quoted(&self.name)));
        let found: sqlx::Result<i64> = match link {
            Link::Sqlite(link) => sqlx::query_scalar(text).fetch_one(link).await,
            Link::Postgres(link) => sqlx::query_scalar(text).fetch_one(link).await,
        };
        let count = found.map_err(|source| StoreFault::of(path, "carry.count", source))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    fn select(&self, rows: CarriedRows<'_>) -> String {
        let key = || self.key.iter().map(|at| quoted(&self.columns[*at]));
        let all = format!("SELECT {} FROM {}", self.named(), quoted(&self.name));
        let sorted = key().collect::<Vec<_>>().join(", ");
        match rows {
            CarriedRows::After(None) => format!("{all} ORDER BY {sorted} LIMIT {PAGE}"),
            CarriedRows::After(Some(_)) => {
                let marks: Vec<String> = (1..=self.key.len()).map(|nth| format!("${nth}")).collect();
                let marks = marks.join(", ");
                format!("{all} WHERE ({sorted}) > ({marks}) ORDER BY {sorted} LIMIT {PAGE}")
            }
            CarriedRows::Last => {
                let falling = key().map(|column| format!("{column} DESC")).collect::<Vec<_>>().join(", ");
                format!("{all} ORDER BY {falling} LIMIT 1")
            }
            CarriedRows::Where { condition, .. } => format!("{all} WHERE {condition}"),
        }
    }

    /// Writes rows into it.
    pub(super) async fn write(&self, link: Link<'_>, path: &Path, rows: &[CarriedRow<'_>]) -> Result<()> {
        self.put(link, rows).await.map_err(|source| StoreFault::of(path, "carry.write", source))
    }

    async fn put(&self, link: Link<'_>, rows: &[CarriedRow<'_>]) -> sqlx::Result<()> {
        let into = format!("INSERT INTO {} ({})", quoted(&self.name), self.named());
        match link {
            Link::Sqlite(link) => {
                let one = format!("({})", vec!["?"; self.columns.len()].join(","));
                for rows in rows.chunks(FILE_ROWS) {
                    let marks = vec![one.as_str(); rows.len()].join(",");
                    let mut values = Args::with_capacity(rows.len() * self.columns.len());
                    for row in rows {
                        values.begin_row();
                        row.bind(&mut values);
                    }
                    let text = AssertSqlSafe(format!("{into} VALUES {marks}"));
                    sqlx::query_with(text, values.bound).execute(&mut *link).await?;
                }
            }
            Link::Postgres(link) => {
                let array = |(nth, is_whole): (usize, &bool)| {
                    format!("${}::{}[]", nth + 1, if *is_whole { "bigint" } else { "text" })
                };
                let arrays: Vec<String> = self.whole.iter().enumerate().map(array).collect();
                let text = AssertSqlSafe(format!("{into} SELECT * FROM UNNEST({})", arrays.join(", ")));
                let values = PgParameters::of_arrays(&self.whole, rows);
                sqlx::query_with(text, values.0).execute(link).await?;
            }
        }
        Ok(())
    }

    fn named(&self) -> String {
        self.columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ")
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}
