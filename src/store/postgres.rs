//! Opening a database on a PostgreSQL server, and its one connection that writes.
//!
//! Whoever writes locks the rows in `head` of the chains it names, so that others may write to other chains at the
//! same time. Who does not know its chains when it begins locks the table they stand in: it has then, as on SQLite,
//! everybody else out, and whatever it loads stays as it is until the commit. Both wait only so long, and undo what
//! they hold before they wait anew, so no two wait for each other for ever.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};

use super::lock::LockHolder;
use super::schema::DatabaseSchema;
use super::sql::{Sql, sql, statements};
use super::{Holder, Result, StoreFault};
use crate::dispatch::WorkShare;
use crate::time::Stamp;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The oldest server, as it says its number.
const SERVER_NEEDED: i64 = 150_000;
/// Connections that read.
const READERS: u32 = 4;
/// Statements kept prepared on each connection: all there are.
const STATEMENTS: usize = 512;
/// How often whoever finds others at work begins anew. Each time it waits as long as `lock_timeout` says.
pub(super) const BEGINNINGS: u32 = 5;
/// How long a server that does not answer is waited for.
const CONNECTING: Duration = Duration::from_secs(5);
/// How long undoing is waited for.
const UNDOING: Duration = Duration::from_secs(1);
/// How often whoever finds another bringing the schema up to date looks again.
const MIGRATION_LOOKS: u32 = 240;
/// How often whoever finds another dispatching looks again.
const DISPATCH_LOOKS: u32 = 5;
/// How long each of them waits in between.
const LOOK_PAUSE: Duration = Duration::from_millis(250);

const BEGIN: Sql = sql!(postgres "postgres.begin": "BEGIN");
// It lets those go on who read, and waits for those who have locked rows of it.
const BEGIN_ALONE: Sql = sql!(postgres "postgres.begin_alone": "BEGIN; LOCK TABLE head IN EXCLUSIVE MODE");
const ROLLBACK: Sql = sql!(postgres "postgres.rollback": "ROLLBACK");
pub(super) const BEGIN_READING: Sql =
    sql!(postgres "postgres.begin_reading": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
const SERVER: Sql =
    sql!(postgres "postgres.server": "SELECT CAST(current_setting('server_version_num') AS BIGINT)");
const TABLES: Sql = sql!(postgres "postgres.tables":
    "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename <> '_sqlx_migrations'");
const IS_OURS: Sql = sql!(postgres "postgres.is_ours":
    "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = current_schema() "
    "AND table_name = 'wubu' AND column_name = 'schema'");
const VERSION: Sql = sql!(postgres "postgres.version": "SELECT schema FROM wubu");
const COLLATED: Sql = sql!(postgres "postgres.collated":
    "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = current_schema() AND data_type = 'text' "
    "AND table_name <> '_sqlx_migrations' AND collation_name IS DISTINCT FROM 'C'");
const LOCK: Sql = sql!(postgres "postgres.lock": "SELECT CAST(pg_try_advisory_lock($1) AS INTEGER)");
const LOCK_SHARED: Sql =
    sql!(postgres "postgres.lock_shared": "SELECT CAST(pg_try_advisory_lock_shared($1) AS INTEGER)");
const UNLOCK: Sql = sql!(postgres "postgres.unlock": "SELECT CAST(pg_advisory_unlock($1) AS INTEGER)");
const DISPATCHERS: Sql = sql!(postgres "postgres.dispatchers":
    "SELECT COALESCE(a.application_name, '') FROM pg_locks AS l CROSS JOIN pg_database AS d "
    "CROSS JOIN pg_stat_activity AS a WHERE d.datname = current_database() "
    "AND l.database = d.oid AND l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND a.pid = l.pid "
    "AND (CAST(l.classid AS BIGINT) << 32 | CAST(l.objid AS BIGINT)) = $1 ORDER BY a.backend_start, a.pid");
const SIGN: Sql = sql!(postgres "postgres.sign": "SELECT set_config('application_name', $1, FALSE)");
const TIME: Sql = sql!(postgres "postgres.time":
    "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)");
// The server's clock alone says who was seen when.
const SIGN_IN: Sql = sql!(postgres "postgres.sign_in":
    "INSERT INTO daemon (id, seen) SELECT COALESCE($1, CAST(gen_random_uuid() AS TEXT)), "
    "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) "
    "ON CONFLICT (id) DO UPDATE SET seen = excluded.seen RETURNING id, seen");
const PRESENT: Sql = sql!(postgres "postgres.present": "SELECT id FROM daemon WHERE seen >= $1 ORDER BY id");
const SIGN_OUT: Sql = sql!(postgres "postgres.sign_out": "DELETE FROM daemon WHERE id = $1 OR seen < $2");
const LOOK_ANEW: Sql = sql!(postgres "postgres.look_anew": "ANALYZE (SKIP_LOCKED)");
// What a pass takes away lies about in the way of the next one.
const CLEAR_AWAY: Sql = sql!(postgres "postgres.clear_away": "VACUUM (ANALYZE, SKIP_LOCKED) due, mark, term, duty, workload, orders");
const SIZE: Sql = sql!(postgres "postgres.size": "SELECT pg_database_size(current_database())");

statements!(
    BEGIN,
    BEGIN_ALONE,
    ROLLBACK,
    BEGIN_READING,
    SERVER,
    TABLES,
    IS_OURS,
    VERSION,
    COLLATED,
    LOCK,
    LOCK_SHARED,
    UNLOCK,
    DISPATCHERS,
    SIGN,
    TIME,
    SIGN_IN,
    PRESENT,
    SIGN_OUT,
    LOOK_ANEW,
    CLEAR_AWAY,
    SIZE
);

/// "Wubu" in ASCII: who brings the schema up to date holds this number.
const MIGRATING: i64 = 0x5775_6275;
/// Whoever dispatches holds the one after it with all others who do; whoever must be alone holds it alone.
const DISPATCHING: i64 = MIGRATING + 1;
/// How long after it was last seen a daemon is there. Those who are there sign in several times meanwhile.
const PRESENT_FOR: TimeDelta = TimeDelta::seconds(12);

/// What has just changed many rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManyRows {
    Imported,
    Passed,
}

/// Where a database is.
#[derive(Clone, Debug)]
pub(crate) struct PgAddress {
    options: PgConnectOptions,
    /// As it is told: without what is secret of it.
    pub(super) shown: Arc<Path>,
    /// What is kept in files stands beside this.
    pub(super) place: Arc<Path>,
}

impl PgAddress {
    /// Reads an address such as `postgres://wubu@db/county?files=/var/lib/wubu/county`.
    ///
    /// # Errors
    /// [`StoreFault::Address`], without what may be secret of it.
    pub(super) fn parse(url: &str) -> Result<Self> {
        let (url, files) = without_files(url);
        let scheme = url.split(':').next().unwrap_or_default();
        let unknown = |_| StoreFault::Address { url: format!("{scheme}:…") };
        let options = PgConnectOptions::from_str(&url).map_err(unknown)?;
        let database = options.get_database().unwrap_or(options.get_username()).to_owned();
        let place = files.unwrap_or_else(|| PathBuf::from(&database));
        let (user, host, port) = (options.get_username(), options.get_host(), options.get_port());
        let shown = PathBuf::from(format!("postgres://{user}@{host}:{port}/{database}"));
        let options = options
            .application_name("wubu")
            .statement_cache_capacity(STATEMENTS)
            .disable_statement_logging()
            .options([
                // A program that was stopped holds nobody up for long, nor does a network that swallows it.
                ("tcp_user_timeout", "10s"),
                ("lock_timeout", "2s"),
                ("default_transaction_isolation", "read committed"),
                // Statements take microseconds; planning them for more costs more than it gains.
                ("jit", "off"),
                ("max_parallel_workers_per_gather", "0"),
            ]);
        Ok(Self { options, shown: shown.into(), place: place.into() })
    }

    /// Options of a connection that writes: others wait for what it holds.
    fn writing(&self) -> PgConnectOptions {
        let limits = [("statement_timeout", "300s"), ("idle_in_transaction_session_timeout", "15s")];
        self.options.clone().options(limits)
    }

    /// Looks whose database it is, and brings an older one up to date where that is asked for.
    pub(super) async fn inspect(&self, reads_only: bool) -> Result<()> {
        let mut link = self.connect(&self.options).await?;
        let server = self.number(&mut link, SERVER).await?;
        if server < SERVER_NEEDED {
            let [found, needed] = [server, SERVER_NEEDED].map(|number| (number / 10_000).to_string());
            return Err(StoreFault::OldServer { found, needed });
        }
        let path = || self.shown.to_path_buf();
        let found = match (self.number(&mut link, TABLES).await?, self.number(&mut link, IS_OURS).await?) {
            (0, _) if reads_only => return Err(StoreFault::Absent { path: path() }),
            (0, _) => 0,
            (_, 0) => return Err(StoreFault::Foreign { path: path() }),
            _ => self.number(&mut link, VERSION).await?,
        };
        let schema = DatabaseSchema::of(found);
        schema.refuse(&self.shown, reads_only)?;
        if schema.is_old() {
            self.migrate(&mut link).await?;
        }
        // Rows are merged here in the order of their bytes; a database that sorts otherwise would lose some.
        if self.number(&mut link, COLLATED).await? > 0 {
            return Err(StoreFault::Impossible { what: "collation", key: self.shown.display().to_string() });
        }
        link.close().await.map_err(|source| self.fault("open.close", source))
    }

    /// Brings the schema up to date, one program at a time. Waiting inside the lock would keep an index from being
    /// made beside it, so it is looked for from time to time.
    async fn migrate(&self, link: &mut PgConnection) -> Result<()> {
        for _ in 0..MIGRATION_LOOKS {
            if self.lock(link, LOCK, MIGRATING).await? {
                let mut migrator =
                    Migrator { migrations: MIGRATIONS.migrations.clone(), ..Migrator::DEFAULT };
                let done = migrator.set_locking(false).run(&mut *link).await;
                self.lock(link, UNLOCK, MIGRATING).await?;
                return done.map_err(|source| match source {
                    sqlx::migrate::MigrateError::Execute(source)
                    | sqlx::migrate::MigrateError::ExecuteMigration(source, _) => {
                        self.fault("open.migrate", source)
                    }
                    other => StoreFault::Statement { name: "open.migrate", detail: sqlx::Error::from(other) },
                });
            }
            tokio::time::sleep(LOOK_PAUSE).await;
        }
        Err(StoreFault::Busy)
    }

    /// Returns a connection that says to others who dispatches, or that nobody may, as long as it lasts.
    pub(super) async fn hold_dispatch(&self, holder: &Holder, is_alone: bool) -> Result<PgConnection> {
        let mut link = self.connect(&self.options).await?;
        let lock = if is_alone { LOCK } else { LOCK_SHARED };
        // Of a program that was killed the server takes a moment to notice that it is gone.
        for look in 0..DISPATCH_LOOKS {
            if self.lock(&mut link, lock, DISPATCHING).await? {
                let signed =
                    sqlx::query(SIGN.postgres).bind(holder.connection_name()).execute(&mut link).await;
                signed.map_err(|source| self.fault(SIGN.name, source))?;
                return Ok(link);
            }
            if look + 1 < DISPATCH_LOOKS {
                tokio::time::sleep(LOOK_PAUSE).await;
            }
        }
        let path = self.shown.to_path_buf();
        Err(match self.dispatchers(&mut link).await?.into_iter().next() {
            Some(LockHolder::Named(by)) => StoreFault::Held { path, by },
            Some(LockHolder::Unnamed) | None => StoreFault::HeldUnnamed { path },
        })
    }

    /// Looks who dispatches, the first to have begun first.
    pub(super) async fn dispatchers(&self, link: &mut PgConnection) -> Result<Vec<LockHolder>> {
        let found = sqlx::query_scalar(DISPATCHERS.postgres).bind(DISPATCHING).fetch_all(link).await;
        let found: Vec<String> = found.map_err(|source| self.fault(DISPATCHERS.name, source))?;
        let named =
            |name: &String| Holder::of_connection(name).map_or(LockHolder::Unnamed, LockHolder::Named);
        Ok(found.iter().map(named).collect())
    }

    /// Says that a daemon is there, under the name it was given when it first said so, and looks who else is.
    pub(super) async fn sign_in(
        &self,
        link: &mut PgConnection,
        id: &mut Option<String>,
    ) -> Result<WorkShare> {
        let signed = sqlx::query_as(SIGN_IN.postgres).bind(id.as_deref()).fetch_one(&mut *link).await;
        let (own, seen): (String, i64) = signed.map_err(|source| self.fault(SIGN_IN.name, source))?;
        let since = Stamp::from_micros(seen).plus(-PRESENT_FOR).micros();
        let present = sqlx::query_scalar(PRESENT.postgres).bind(since).fetch_all(link).await;
        let present: Vec<String> = present.map_err(|source| self.fault(PRESENT.name, source))?;
        let share = WorkShare::of(&own, &present);
        *id = Some(own);
        Ok(share)
    }

    /// Says that a daemon goes, and forgets those who did not say so long ago.
    pub(super) async fn sign_out(&self, link: &mut PgConnection, id: &str) -> Result<()> {
        let long_ago = self.time(link).await?.plus(-TimeDelta::days(1)).micros();
        let signed = sqlx::query(SIGN_OUT.postgres).bind(id).bind(long_ago).execute(link).await;
        signed.map(drop).map_err(|source| self.fault(SIGN_OUT.name, source))
    }

    /// Asks the server what time it is.
    pub(super) async fn time(&self, link: &mut PgConnection) -> Result<Stamp> {
        let micros = sqlx::query_scalar(TIME.postgres).fetch_one(link).await;
        micros.map(Stamp::from_micros).map_err(|source| self.fault(TIME.name, source))
    }

    /// Opens the connection that writes.
    pub(super) async fn writer(&self) -> Result<PgWriter> {
        let options = self.writing();
        let link = self.connect(&options).await?;
        Ok(PgWriter { options, link: Some(link) })
    }

    /// Makes connections that read as they are needed.
    pub(super) fn readers(&self) -> PgPool {
        // What is asked of few rows is planned for them: their values say how much there is.
        let options = self.options.clone().options([
            ("default_transaction_read_only", "on"),
            ("plan_cache_mode", "force_custom_plan"),
            ("idle_in_transaction_session_timeout", "600s"),
        ]);
        PgPoolOptions::new().max_connections(READERS).acquire_timeout(CONNECTING).connect_lazy_with(options)
    }

    /// Lets the server see what many changed rows are like, on a connection of its own.
    pub(super) async fn look_anew(&self, many: ManyRows) -> Result<()> {
        let sql = match many {
            ManyRows::Imported => LOOK_ANEW,
            ManyRows::Passed => CLEAR_AWAY,
        };
        let fault = |source| self.fault(sql.name, source);
        let mut link = self.connect(&self.options).await?;
        sqlx::raw_sql(sql.postgres).execute(&mut link).await.map_err(fault)?;
        link.close().await.map_err(fault)
    }

    /// Returns how many bytes the database takes.
    pub(super) async fn size(&self, readers: &PgPool) -> Result<i64> {
        let size = sqlx::query_scalar(SIZE.postgres).fetch_one(readers).await;
        size.map_err(|source| self.fault(SIZE.name, source))
    }

    async fn connect(&self, options: &PgConnectOptions) -> Result<PgConnection> {
        connect(options).await.map_err(|source| self.fault("open.connect", source))
    }

    async fn number(&self, link: &mut PgConnection, sql: Sql) -> Result<i64> {
        let found = sqlx::query_scalar(sql.postgres).fetch_one(link).await;
        found.map_err(|source| self.fault(sql.name, source))
    }

    async fn lock(&self, link: &mut PgConnection, sql: Sql, number: i64) -> Result<bool> {
        let got = sqlx::query_scalar(sql.postgres).bind(number).fetch_one(link).await;
        got.map(|got: i32| got == 1).map_err(|source| self.fault(sql.name, source))
    }

    pub(super) fn fault(&self, name: &'static str, source: sqlx::Error) -> StoreFault {
        StoreFault::of(&self.shown, name, source)
    }
}

/// Takes from an address where the files are kept, which is ours and not the server's.
fn without_files(url: &str) -> (String, Option<PathBuf>) {
    let Some((address, parameters)) = url.split_once('?') else { return (url.to_owned(), None) };
    let (files, others): (Vec<&str>, Vec<&str>) =
        parameters.split('&').partition(|parameter| parameter.starts_with("files="));
    let files = files.first().map(|files| PathBuf::from(&files["files=".len()..]));
    if others.is_empty() {
        return (address.to_owned(), files);
    }
    (format!("{address}?{}", others.join("&")), files)
}

async fn connect(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    match tokio::time::timeout(CONNECTING, options.connect()).await {
        Ok(connected) => connected,
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}

/// The connection that writes; there is none after a transaction that did not come to its end.
#[derive(Debug)]
pub(super) struct PgWriter {
    options: PgConnectOptions,
    link: Option<PgConnection>,
}

impl PgWriter {
    /// Returns the connection on which a transaction has begun.
    pub(super) fn begun(&mut self) -> &mut PgConnection {
        self.link.as_mut().expect("a transaction has begun on it")
    }

    /// Undoes the transaction, or ends the connection when that takes long: a statement may be on its way.
    pub(super) async fn undo(&mut self) {
        // Whoever stops waiting here leaves none behind that is in the middle of something; so below.
        let Some(mut link) = self.link.take() else { return };
        let undoing = sqlx::raw_sql(ROLLBACK.postgres).execute(&mut link);
        if matches!(tokio::time::timeout(UNDOING, undoing).await, Ok(Ok(_))) {
            self.link = Some(link);
        }
    }

    /// Lets the connection go. The server undoes what belongs to one that ends.
    pub(super) fn give_up(&mut self) {
        self.link = None;
    }

    /// Begins a transaction, alone or among others; see the module.
    pub(super) async fn begin(&mut self, path: &Path, is_alone: bool) -> Result<()> {
        let sql = if is_alone { BEGIN_ALONE } else { BEGIN };
        let fault = |source| StoreFault::of(path, sql.name, source);
        match self.try_begin(sql).await.map_err(fault) {
            // A server that was started anew has ended what was open before.
            Err(StoreFault::Lost { .. }) => self.try_begin(sql).await.map_err(fault),
            done => done,
        }
    }

    async fn try_begin(&mut self, sql: Sql) -> sqlx::Result<()> {
        let mut link = match self.link.take() {
            Some(link) => link,
            None => connect(&self.options).await?,
        };
        sqlx::raw_sql(sql.postgres).execute(&mut link).await?;
        self.link = Some(link);
        Ok(())
    }

    /// Ends the connection.
    pub(super) async fn close(self) -> sqlx::Result<()> {
        match self.link {
            Some(link) => link.close().await,
            None => Ok(()),
        }
    }
}
