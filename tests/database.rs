//! The databases that tests run on: a file of their own, or a database of their own on a PostgreSQL server that this
//! process starts for itself.
//!
//! Every test that opens a database asks [`url`] for its address. With `WUBU_TESTS_ON=postgres` that is one on the
//! server; [`on_postgresql`] runs the part of the suite that is meant to hold there in a second process so. Where no
//! server is installed it is left out, and says so; with `WUBU_POSTGRES_NEEDED` it fails.
//!
//! The server belongs to `nobody` where the tests run as root, listens on a free port of this machine alone, keeps
//! nothing for the case of a power cut, sorts as a Chinese server would, and is gone with the process, however that
//! ends: it is watched by a shell that waits for the end of its input.

mod on_postgresql;
mod server;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use wubu::store::{Access, Store};

use server::{Server, server};

/// Says on what the tests run.
pub(crate) const TESTS_ON: &str = "WUBU_TESTS_ON";

/// Returns whether this process runs its tests on PostgreSQL.
pub(crate) fn is_postgres() -> bool {
    std::env::var(TESTS_ON).is_ok_and(|on| on == "postgres")
}

/// The databases on the server.
struct Made {
    /// How many there were.
    count: u32,
    /// Their names, by the file that each stands for.
    names: BTreeMap<PathBuf, String>,
}

static MADE: Mutex<Made> = Mutex::new(Made { count: 0, names: BTreeMap::new() });

/// The address for a process that a test starts.
pub(crate) const ADDRESS: &str = "WUBU_TESTS_DATABASE";

/// Returns the address of a test's database, given by the file it is kept in where it is kept in one. The same file
/// is the same database.
pub(crate) fn url(file: &Path) -> String {
    if !is_postgres() {
        return format!("sqlite:{}", file.display());
    }
    if let Ok(given) = std::env::var(ADDRESS) {
        return given;
    }
    let server = server().unwrap_or_else(|| panic!("{TESTS_ON}=postgres, but no server can be started"));
    let mut made = MADE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !made.names.contains_key(file) {
        let is_over = |file: &Path| file.parent().is_some_and(|folder| !folder.exists());
        let (over, kept) = std::mem::take(&mut made.names).into_iter().partition(|(file, _)| is_over(file));
        made.names = kept;
        made.count += 1;
        let name = format!("t{}", made.count);
        make(server, &name, &over);
        made.names.insert(file.to_owned(), name);
    }
    format!("{}?files={}", server.url(&made.names[file]), file.display())
}

/// Makes a database with the newest schema, and drops those of tests that are over.
fn make(server: &'static Server, name: &str, over: &BTreeMap<PathBuf, String>) {
    let name = name.to_owned();
    let over: Vec<String> = over.values().cloned().collect();
    // A test may stand in the middle of its own runtime.
    let made = std::thread::spawn(move || {
        run(async move {
            let mut link = PgConnection::connect(&server.url("postgres")).await.expect("the server answers");
            for name in over {
                let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut link).await.expect("dropped");
            }
            let template = "SELECT 1 FROM pg_database WHERE datname = 'newest'";
            if sqlx::query(template).fetch_optional(&mut link).await.expect("asks").is_none() {
                sqlx::raw_sql("CREATE DATABASE newest").execute(&mut link).await.expect("made");
                let store = Store::open(&server.url("newest"), Access::Write).await.expect("migrated");
                store.close().await;
            }
            let make = format!("CREATE DATABASE {name} TEMPLATE newest STRATEGY file_copy");
            sqlx::raw_sql(AssertSqlSafe(make)).execute(&mut link).await.expect("made");
        });
    });
    made.join().expect("the database is made");
}

/// Does something to a database with its own tools.
pub(crate) fn by_hand(file: &Path, sql: &str) -> Result<(), String> {
    if !is_postgres() {
        let file = rusqlite::Connection::open(file).map_err(|problem| problem.to_string())?;
        return file.execute_batch(sql).map_err(|problem| problem.to_string());
    }
    ask(file, sql).map(drop)
}

/// Reads rows of texts and whole numbers with the database's own tools.
pub(crate) fn rows(file: &Path, sql: &str) -> Vec<Vec<Value>> {
    if is_postgres() {
        return ask(file, sql).expect("a statement");
    }
    let database = rusqlite::Connection::open(file).expect("the database");
    let mut statement = database.prepare(sql).expect("a statement");
    let width = statement.column_count();
    let value = |cell: rusqlite::types::ValueRef<'_>| match cell {
        rusqlite::types::ValueRef::Integer(number) => Value::from(number),
        rusqlite::types::ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text).into_owned()),
        _ => Value::Null,
    };
    let found = statement.query_map([], |row| (0..width).map(|at| row.get_ref(at).map(value)).collect());
    found.expect("rows").map(|row| row.expect("a row")).collect()
}

/// Reads the first column of rows that are texts.
pub(crate) fn texts(file: &Path, sql: &str) -> Vec<String> {
    let text = |row: Vec<Value>| row.first().and_then(Value::as_str).unwrap_or_default().to_owned();
    rows(file, sql).into_iter().map(text).collect()
}

/// Asks the server, on a thread of its own: a test may stand in the middle of its runtime.
fn ask(file: &Path, sql: &str) -> Result<Vec<Vec<Value>>, String> {
    let (url, sql) = (url(file), sql.to_owned());
    let asked = std::thread::spawn(move || {
        let mut told = Ok(Vec::new());
        run(async {
            let url = url.split('?').next().expect("an address");
            let mut link = PgConnection::connect(url).await.expect("the server answers");
            // All comes as text this way; what is a number, its type says.
            let found = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut link).await;
            told = found.map_err(|problem| problem.to_string()).map(|rows| rows.iter().map(values).collect());
        });
        told
    });
    asked.join().expect("it is asked")
}

fn values(row: &PgRow) -> Vec<Value> {
    let value = |at: usize| {
        let number = row.try_get::<i64, _>(at).map(Value::from);
        number.or_else(|_| row.try_get::<Option<String>, _>(at).map(Value::from)).unwrap_or_default()
    };
    (0..row.len()).map(value).collect()
}

pub(crate) fn run(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future);
}
