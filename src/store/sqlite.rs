//! Opening a database that is a file: whose it is, whether this program may work on it, and its connections.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _};

use super::schema::DatabaseSchema;
use super::sql::{Sql, sql, statements};
use super::{Result, StoreFault};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How often a program looks again while others bring the database to the newest schema.
const MIGRATION_TRIES: u32 = 12;
/// What it waits before, longer each time; about three seconds in all, beside what the database waits.
const MIGRATION_PAUSE: Duration = Duration::from_millis(50);
/// "Wubu" in ASCII; the first migration sets it.
pub(super) const APPLICATION: i64 = 0x5775_6275;
/// Below this, a file can be corrupted by two writers that checkpoint.
const SQLITE_NEEDED: [u32; 3] = [3, 51, 3];

/// How long a writer waits for another process's writer.
const BUSY: Duration = Duration::from_secs(5);
/// Connections that read: pages of a console and one long export beside each other.
const READERS: u32 = 4;
/// Page cache of another writer, in KiB: an import of ids in no order dirties pages all over the
/// register, and each should go to the log once a transaction; those of 50,000 rows fit.
pub(super) const WRITER_CACHE_KIB: i32 = 80 * 1024;
/// Page cache of each reader, in KiB.
pub(super) const READER_CACHE_KIB: i32 = 8 * 1024;
/// Rows a connection's thread may read ahead; at the driver's 50 the two threads wait for each
/// other more than they work.
const ROWS_AHEAD: usize = 1_024;
/// Statements kept prepared: all there are.
const STATEMENTS: usize = 512;

const APPLICATION_ID: Sql = sql!(sqlite "sqlite.application": "PRAGMA application_id");
const USER_VERSION: Sql = sql!(sqlite "sqlite.version": "PRAGMA user_version");
// The driver makes its own table of migrations before the first of ours is committed.
const COUNT_TABLES: Sql =
    sql!(sqlite "sqlite.tables": "SELECT COUNT(*) FROM sqlite_schema WHERE tbl_name <> '_sqlx_migrations'");
const SQLITE_VERSION: Sql = sql!(sqlite "sqlite.sqlite": "SELECT sqlite_version()");

statements!(APPLICATION_ID, USER_VERSION, COUNT_TABLES, SQLITE_VERSION);

/// Looks at the file before anything is set on it, so that a foreign one is left as it is.
pub(super) async fn inspect(path: &Path, reads_only: bool) -> Result<()> {
    let length = match std::fs::metadata(path) {
        Ok(found) if found.is_file() => found.len(),
        Ok(_) => return Err(StoreFault::Foreign { path: path.to_owned() }),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => 0,
        Err(source) => return Err(StoreFault::File { path: path.to_owned(), cause: source }),
    };
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(BUSY).disable_statement_logging();
    if length == 0 {
        if reads_only {
            return Err(StoreFault::Absent { path: path.to_owned() });
        }
        let memory = SqliteConnectOptions::new().in_memory(true).disable_statement_logging();
        let fault = |source| StoreFault::of(path, SQLITE_VERSION.name, source);
        return check_sqlite(&mut memory.connect().await.map_err(fault)?, path).await;
    }
    if !reads_only && !is_writable(path) {
        return Err(StoreFault::ReadOnly);
    }
    // SQLite cannot open a file read-only while it has a log but no index of the log, so the
    // look is taken with write access where the file allows it. Nothing is written.
    let options = options.immutable(reads_only && is_frozen(path));
    let mut connection =
        options.connect().await.map_err(|source| StoreFault::of(path, "open.connect", source))?;
    check_sqlite(&mut connection, path).await?;
    let answer = whose(&mut connection, path, reads_only).await;
    let closed = connection.close().await;
    answer?;
    closed.map_err(|source| StoreFault::of(path, "open.close", source))
}

async fn whose(connection: &mut SqliteConnection, path: &Path, reads_only: bool) -> Result<()> {
    let application = number(connection, path, APPLICATION_ID).await?;
    let found = number(connection, path, USER_VERSION).await?;
    let tables = number(connection, path, COUNT_TABLES).await?;
    let is_unborn = application == 0 && found == 0 && tables == 0;
    if application != APPLICATION && !is_unborn {
        return Err(StoreFault::Foreign { path: path.to_owned() });
    }
    DatabaseSchema::of(found).refuse(path, reads_only)
}

async fn number(connection: &mut SqliteConnection, path: &Path, sql: Sql) -> Result<i64> {
    let found = sqlx::query_scalar(sql.sqlite).fetch_one(connection).await;
    found.map_err(|source| StoreFault::of(path, sql.name, source))
}

async fn check_sqlite(connection: &mut SqliteConnection, path: &Path) -> Result<()> {
    let found: String = sqlx::query_scalar(SQLITE_VERSION.sqlite)
        .fetch_one(connection)
        .await
        .map_err(|source| StoreFault::of(path, SQLITE_VERSION.name, source))?;
    let parts: Vec<u32> = found.split('.').map_while(|part| part.parse().ok()).collect();
    if parts.as_slice() < SQLITE_NEEDED.as_slice() {
        let needed = SQLITE_NEEDED.map(|part| part.to_string()).join(".");
        return Err(StoreFault::OldSqlite { found, needed });
    }
    Ok(())
}

pub(super) fn options(path: &Path, cache_kib: i32) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .statement_cache_capacity(STATEMENTS)
        .row_buffer_size(ROWS_AHEAD)
        .pragma("trusted_schema", "OFF")
        // Negative: in KiB, whatever the page size.
        .pragma("cache_size", (-cache_kib).to_string())
        .disable_statement_logging()
}

/// Options of a connection that writes.
pub(super) fn writing(path: &Path, cache_kib: i32, checkpoint_pages: i32) -> SqliteConnectOptions {
    options(path, cache_kib)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("wal_autocheckpoint", checkpoint_pages.to_string())
}

pub(super) async fn writer(options: SqliteConnectOptions, path: &Path) -> Result<SqliteConnection> {
    let connection = options.connect().await;
    let mut connection = connection.map_err(|source| StoreFault::of(path, "open.writer", source))?;
    migrate(&mut connection, path).await?;
    Ok(connection)
}

/// Brings the database to the newest schema.
///
/// Several programs may open an older database at once. Each change is one transaction: who comes second
/// finds that what he was about to make is there, takes his back, and looks again what is left to do.
async fn migrate(connection: &mut SqliteConnection, path: &Path) -> Result<()> {
    let mut migrator = Migrator { migrations: MIGRATIONS.migrations.clone(), ..Migrator::DEFAULT };
    // A newer program may have added what this one need not know.
    migrator.set_ignore_missing(true);
    let mut tries = 0;
    loop {
        let source = match migrator.run(&mut *connection).await {
            Ok(()) => return Ok(()),
            Err(
                sqlx::migrate::MigrateError::Execute(source)
                | sqlx::migrate::MigrateError::ExecuteMigration(source, _),
            ) => source,
            Err(other) => {
                return Err(StoreFault::Statement { name: "open.migrate", detail: sqlx::Error::from(other) });
            }
        };
        tries += 1;
        if tries == MIGRATION_TRIES {
            return Err(StoreFault::of(path, "open.migrate", source));
        }
        tokio::time::sleep(MIGRATION_PAUSE * tries).await;
    }
}

/// Returns whether a database lies still where nobody can write, such as on a medium for reading: it has no log that
/// would have to be read with it.
pub(super) fn is_frozen(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    !is_writable(path) && std::fs::metadata(log).map_or(0, |log| log.len()) == 0
}

fn is_writable(path: &Path) -> bool {
    std::fs::OpenOptions::new().append(true).open(path).is_ok()
}

pub(super) fn readers(path: &Path, is_frozen: bool) -> SqlitePool {
    // Its connections stay: a file does not go away as a server does.
    let lasting = SqlitePoolOptions::new()
        .max_connections(READERS)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None);
    let options = options(path, READER_CACHE_KIB).immutable(is_frozen);
    lasting.connect_lazy_with(options.pragma("query_only", "ON"))
}
