//! Opening a database: whose it is, whether it is whole, who else holds it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool, Postgres};
use sqlx::sqlite::{SqlitePool, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use tokio::sync::{Mutex, watch};

use super::lock::{Lock, LockHolder, lock_holder};
use super::postgres::{BEGIN_READING, ManyRows, PgAddress};
use super::schema::SCHEMA;
use super::sql::{Sql, sql, statements};
use super::sqlite::{
    READER_CACHE_KIB, WRITER_CACHE_KIB, inspect, is_frozen, options, readers, writer, writing,
};
use super::tx::{ReadLink, TxMode};
use super::writer::Writer;
use super::{DatabaseEpoch, Holder, ReadTx, Recording, Result, StoreFault, Tx, epochs, meta};
use crate::dispatch::WorkShare;
use crate::time::Stamp;

/// Page cache of a daemon's writer, in KiB: the inner pages of ten million subjects' indexes fit.
const DAEMON_CACHE_KIB: i32 = 64 * 1024;
/// Pages after which a writer that is not a daemon checkpoints by itself (512 MiB), so that a
/// large import does not leave a log of its own size, and yet a page that several commits changed
/// goes to the database file once.
const CHECKPOINT_PAGES: i32 = 131_072;
/// From how many changed rows on a server looks anew.
const MANY: u64 = 5_000;

/// What a door wants of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Look only; makes no file and changes none.
    Read,
    /// Write now and then, beside a daemon.
    Write,
    /// Write a copy that is thrown away: nothing waits for the disk, and little is recorded ([`Recording::Skips`]).
    Scratch,
    /// Dispatch: on a file nobody else may at the same time; on a server several share the work.
    Daemon {
        /// Who it is, for the one that is refused.
        holder: Holder,
    },
    /// Write while nobody dispatches.
    Alone {
        /// Who it is, for the one that is refused.
        holder: Holder,
    },
    /// Become a copy of another database; nobody dispatches here meanwhile.
    Fill {
        /// Who it is, for the one that is refused.
        holder: Holder,
    },
}

/// An open database.
#[derive(Debug)]
pub struct Store {
    path: Arc<Path>,
    /// The one connection that writes. A pool would look at it after each transaction, which takes an
    /// act as long as three statements.
    writer: Option<Arc<Mutex<Writer>>>,
    pub(super) readers: Readers,
    recording: Recording,
    /// Which life of the database it is; a reader does not ask.
    epoch: Arc<DatabaseEpoch>,
    /// Which part of the work is done here.
    share: watch::Sender<WorkShare>,
    /// Which file it was when it was opened.
    identity: Option<FileIdentity>,
    /// Where it is, as it is told.
    address: Arc<Path>,
    // The last to go: letting go of a file takes from SQLite what it holds of it.
    lock: Option<DispatchLock>,
}

/// The connections that read.
#[derive(Debug)]
pub(super) enum Readers {
    Sqlite(SqlitePool),
    Postgres(PgPool, Arc<PgAddress>),
}

/// What keeps away, while it lasts, whoever must not dispatch at the same time.
#[derive(Debug)]
enum DispatchLock {
    Sqlite { _lock: Lock },
    Postgres { signed: Mutex<SignedLink>, holder: Holder },
}

/// The connection by which a daemon says that it is there.
#[derive(Debug)]
struct SignedLink {
    link: PgConnection,
    /// Under which name; none before it said so.
    id: Option<String>,
}

/// Where the file of an open database is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Where it was.
    There,
    /// It was moved or removed; what is written now, nobody finds.
    Gone,
    /// Another file has its name.
    Replaced,
}

/// Which file it is, whatever it is called: its device and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileIdentity(u64, u64);

impl FileIdentity {
    /// Returns none where there is no such file, or the system does not tell.
    fn of(path: &Path) -> Option<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            std::fs::metadata(path).ok().map(|found| Self(found.dev(), found.ino()))
        }
        #[cfg(not(unix))]
        {
            path.exists().then_some(Self(0, 0))
        }
    }
}

/// How far a checkpoint goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkpoint {
    /// As far as readers and the writer allow; waits for nobody.
    Passive,
    /// To the end, and the log file is cut to nothing; waits for readers.
    Truncate,
}

const CHECKPOINT_PASSIVE: Sql = sql!(sqlite "open.checkpoint": "PRAGMA wal_checkpoint(PASSIVE)");
const CHECKPOINT_TRUNCATE: Sql = sql!(sqlite "open.truncate": "PRAGMA wal_checkpoint(TRUNCATE)");
const COPY: Sql = sql!(sqlite "open.copy": "VACUUM INTO $1");
const CHECK_PAGES: Sql = sql!(sqlite "open.check": "PRAGMA quick_check");

statements!(CHECKPOINT_PASSIVE, CHECKPOINT_TRUNCATE, COPY, CHECK_PAGES);

impl Store {
    /// Opens the database at an address such as `sqlite:wubu.db`.
    ///
    /// Writers make the file when there is none and bring an older schema up to date.
    ///
    /// # Errors
    /// A [`StoreFault`] that says whether the address is unknown, the file absent, not ours, damaged,
    /// of a newer version, or held by another daemon.
    pub async fn open(url: &str, access: Access) -> Result<Self> {
        place_of(url)?.open(access).await
    }

    async fn open_file(path: PathBuf, access: Access) -> Result<Self> {
        inspect(&path, access == Access::Read).await?;
        let lock = match &access {
            Access::Daemon { holder } | Access::Alone { holder } | Access::Fill { holder } => {
                Some(DispatchLock::Sqlite { _lock: Lock::take(&path, holder)? })
            }
            Access::Read | Access::Write | Access::Scratch => None,
        };
        let recording = if access == Access::Scratch { Recording::Skips } else { Recording::Whole };
        let writer = match &access {
            Access::Read => None,
            Access::Write | Access::Alone { .. } | Access::Fill { .. } => {
                Some(writer(writing(&path, WRITER_CACHE_KIB, CHECKPOINT_PAGES), &path).await?)
            }
            Access::Scratch => {
                let options = writing(&path, WRITER_CACHE_KIB, CHECKPOINT_PAGES);
                Some(writer(options.synchronous(SqliteSynchronous::Off), &path).await?)
            }
            Access::Daemon { .. } => Some(writer(writing(&path, DAEMON_CACHE_KIB, 0), &path).await?),
        };
        let writer = writer.map(|connection| Arc::new(Mutex::new(Writer::Sqlite(connection))));
        let readers = Readers::Sqlite(readers(&path, writer.is_none() && is_frozen(&path)));
        let identity = FileIdentity::of(&path);
        let path: Arc<Path> = path.into();
        let address = Arc::clone(&path);
        let (epoch, share) = (Arc::default(), watch::Sender::default());
        Self { path, writer, readers, recording, epoch, share, identity, address, lock }.begun(&access).await
    }

    async fn open_server(at: PgAddress, access: &Access) -> Result<Self> {
        at.inspect(*access == Access::Read).await?;
        let lock = match access {
            Access::Daemon { holder } | Access::Alone { holder } | Access::Fill { holder } => {
                let is_alone = !matches!(access, Access::Daemon { .. });
                let link = at.hold_dispatch(holder, is_alone).await?;
                let signed = Mutex::new(SignedLink { link, id: None });
                Some(DispatchLock::Postgres { signed, holder: holder.clone() })
            }
            Access::Read | Access::Write | Access::Scratch => None,
        };
        let writer = match access {
            Access::Read => None,
            Access::Write
            | Access::Scratch
            | Access::Daemon { .. }
            | Access::Alone { .. }
            | Access::Fill { .. } => {
                Some(Arc::new(Mutex::new(Writer::Postgres(Box::new(at.writer().await?)))))
            }
        };
        let recording = if *access == Access::Scratch { Recording::Skips } else { Recording::Whole };
        let (path, address) = (Arc::clone(&at.place), Arc::clone(&at.shown));
        let readers = Readers::Postgres(at.readers(), Arc::new(at));
        let (epoch, share) = (Arc::default(), watch::Sender::default());
        Self { path, writer, readers, recording, epoch, share, identity: None, address, lock }
            .begun(access)
            .await
    }

    /// Returns where it is, so that it can be opened there once more.
    pub(crate) fn place(&self) -> DatabasePlace {
        match &self.readers {
            Readers::Sqlite(_) => DatabasePlace::File(self.path.to_path_buf()),
            Readers::Postgres(_, at) => DatabasePlace::Server(Box::new(PgAddress::clone(at))),
        }
    }

    /// Learns which life of the database it is, where it may be written, and lets nobody work on a part of a copy.
    async fn begun(mut self, access: &Access) -> Result<Self> {
        let mut reader = self.read().await?;
        let is_part = meta::get(&mut reader, meta::COPYING).await?.is_some();
        if is_part && !matches!(access, Access::Fill { .. }) {
            return Err(StoreFault::Unfinished { path: self.address.to_path_buf() });
        }
        if self.is_writable() {
            self.epoch = Arc::new(epochs::read(&mut reader).await?);
        }
        drop(reader);
        Ok(self)
    }

    /// Looks whether the file is still where it was opened.
    pub fn whereabouts(&self) -> Whereabouts {
        if let Readers::Postgres(..) = self.readers {
            return Whereabouts::There;
        }
        match FileIdentity::of(&self.path) {
            found if found == self.identity => Whereabouts::There,
            Some(_) => Whereabouts::Replaced,
            None => Whereabouts::Gone,
        }
    }

    /// Returns what is recorded of what happens.
    pub const fn recording(&self) -> Recording {
        self.recording
    }

    /// Records nothing from here on, in a copy that nobody will ask why.
    pub fn record_nothing(&mut self) {
        debug_assert!(self.recording != Recording::Whole, "what is not thrown away keeps its record");
        self.recording = Recording::Nothing;
    }

    /// Returns whether it was opened for writing.
    pub fn is_writable(&self) -> bool {
        self.writer.is_some()
    }

    /// Begins a transaction that writes and appends to no chain, or learns to which by loading and then
    /// says so with [`Tx::lock_chains`]; waits while another one runs.
    ///
    /// # Errors
    /// [`StoreFault::ReadOnly`] when opened for reading, [`StoreFault::Busy`] when another process does not
    /// finish in time.
    pub async fn begin(&self) -> Result<Tx> {
        self.begin_on([]).await
    }

    /// Begins a transaction that writes and appends to these chains; waits while another one runs.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub async fn begin_on<'c>(&self, chains: impl IntoIterator<Item = &'c str>) -> Result<Tx> {
        let writer = self.writer.as_ref().ok_or(StoreFault::ReadOnly)?;
        let chains = chains.into_iter().collect();
        let connection = Arc::clone(writer).lock_owned().await;
        let mode = TxMode { recording: self.recording, epoch: Arc::clone(&self.epoch) };
        Tx::begin(connection, Arc::clone(&self.address), chains, mode).await
    }

    /// Begins a transaction that reads one moment's state.
    pub async fn read(&self) -> Result<ReadTx> {
        let begun = match &self.readers {
            Readers::Sqlite(readers) => readers.begin().await.map(ReadLink::Sqlite),
            Readers::Postgres(readers, _) => {
                readers.begin_with(BEGIN_READING.postgres).await.map(ReadLink::Postgres)
            }
        };
        let inner = begun.map_err(|source| StoreFault::of(&self.address, "tx.read", source))?;
        Ok(ReadTx { inner, path: Arc::clone(&self.address) })
    }

    /// Moves what was committed from the log into the database file.
    ///
    /// It uses a connection of its own, so it can run beside a writer; a daemon calls it between
    /// ticks. Returns whether all of the log was moved.
    pub async fn checkpoint(&self, how: Checkpoint) -> Result<bool> {
        if let Readers::Postgres(..) = self.readers {
            // The server sees to its own.
            return Ok(true);
        }
        let sql = match how {
            Checkpoint::Passive => CHECKPOINT_PASSIVE,
            Checkpoint::Truncate => CHECKPOINT_TRUNCATE,
        };
        let fault = |source| StoreFault::of(&self.path, sql.name, source);
        let mut connection = options(&self.path, READER_CACHE_KIB).connect().await.map_err(fault)?;
        let row = sqlx::query(sql.sqlite).fetch_one(&mut connection).await.map_err(fault)?;
        let (busy, log, moved): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
        connection.close().await.map_err(fault)?;
        Ok(busy == 0 && log == moved)
    }

    /// Returns what time it is where the database is on a server, whose clock all programs then go by; none where it is
    /// a file.
    pub async fn server_time(&self) -> Result<Option<Stamp>> {
        match &self.readers {
            Readers::Sqlite(_) => Ok(None),
            Readers::Postgres(readers, at) => at.time(&mut *acquired(readers, at).await?).await.map(Some),
        }
    }

    /// Returns whether it is on a server.
    pub const fn is_served(&self) -> bool {
        matches!(self.readers, Readers::Postgres(..))
    }

    /// Lets a server see what its tables are like after many rows have changed. It would plan by what they were like
    /// before, when they were empty even; a file is not planned for by what it holds. Nothing hangs on it: what was
    /// changed is changed, and in time the server looks by itself.
    pub async fn look_anew(&self, many: ManyRows, rows: u64) {
        if let Readers::Postgres(_, at) = &self.readers
            && rows >= MANY
        {
            let _ = at.look_anew(many).await;
        }
    }

    /// Writes what is committed into a new file, beside whoever writes meanwhile.
    ///
    /// # Errors
    /// When there is such a file already, or no room.
    pub async fn copy_to(&self, path: &Path) -> Result<()> {
        if let Readers::Postgres(..) = self.readers {
            return self.fill_file(path, |_| true).await;
        }
        let fault = |source| StoreFault::of(&self.path, COPY.name, source);
        let mut connection = options(&self.path, READER_CACHE_KIB).connect().await.map_err(fault)?;
        let to = path.to_string_lossy().into_owned();
        sqlx::query(COPY.sqlite).bind(to).execute(&mut connection).await.map_err(fault)?;
        connection.close().await.map_err(fault)
    }

    /// Returns how many bytes the database takes.
    pub async fn size(&self) -> Result<u64> {
        match &self.readers {
            Readers::Sqlite(_) => Ok(std::fs::metadata(&self.path).map_or(0, |metadata| metadata.len())),
            Readers::Postgres(readers, at) => Ok(u64::try_from(at.size(readers).await?).unwrap_or_default()),
        }
    }

    /// Reads every page and returns what is damaged; empty when all is well. A server's pages are its own matter.
    pub async fn damage(&self) -> Result<Vec<String>> {
        let Readers::Sqlite(readers) = &self.readers else { return Ok(Vec::new()) };
        let found = sqlx::query_scalar(CHECK_PAGES.sqlite).fetch_all(readers).await;
        match found.map_err(|source| StoreFault::of(&self.path, CHECK_PAGES.name, source)) {
            Ok(mut said) => {
                said.retain(|line| line != "ok");
                Ok(said)
            }
            // Where a page of the schema is damaged, the look itself stumbles over it.
            Err(StoreFault::Corrupt { detail, .. }) => Ok(vec![detail]),
            Err(fault) => Err(fault),
        }
    }

    /// Closes all connections; what was committed is moved into the database file if nobody
    /// else uses it.
    pub async fn close(self) {
        match self.readers {
            Readers::Sqlite(readers) => readers.close().await,
            Readers::Postgres(readers, _) => readers.close().await,
        }
        if let Some(writer) = self.writer.and_then(Arc::into_inner) {
            // Whatever goes wrong, all that was committed is in the log.
            let _ = match writer.into_inner() {
                Writer::Sqlite(link) => link.close().await,
                Writer::Postgres(link) => link.close().await,
            };
        }
        if let Some(DispatchLock::Postgres { signed, .. }) = self.lock {
            let _ = signed.into_inner().link.close().await;
        }
    }

    /// Says on a server that this daemon is there, and learns which part of the work is its own from the others who
    /// are; a server that was started anew has forgotten them. To be said every few seconds.
    ///
    /// # Errors
    /// [`StoreFault::Held`] where somebody has begun who must be alone.
    pub async fn sign_in(&self) -> Result<()> {
        let (Some(DispatchLock::Postgres { signed, holder }), Readers::Postgres(_, at)) =
            (&self.lock, &self.readers)
        else {
            return Ok(());
        };
        let mut signed = signed.lock().await;
        let SignedLink { link, id } = &mut *signed;
        let share = if let Ok(share) = at.sign_in(link, id).await {
            share
        } else {
            *link = at.hold_dispatch(holder, false).await?;
            at.sign_in(link, id).await?
        };
        self.share.send_replace(share);
        Ok(())
    }

    /// Says that it goes, so that the others do its part at once.
    pub async fn sign_out(&self) -> Result<()> {
        if let (Some(DispatchLock::Postgres { signed, .. }), Readers::Postgres(_, at)) =
            (&self.lock, &self.readers)
            && let SignedLink { link, id: Some(id) } = &mut *signed.lock().await
        {
            at.sign_out(link, id).await?;
        }
        Ok(())
    }

    /// Returns which part of the work is done here: all of it, unless several daemons have signed in.
    pub fn share(&self) -> WorkShare {
        *self.share.borrow()
    }

    /// Looks who dispatches on it now, the first to have begun first.
    pub async fn dispatchers(&self) -> Result<Vec<LockHolder>> {
        match &self.readers {
            Readers::Sqlite(_) => Ok(lock_holder(&self.path).into_iter().collect()),
            Readers::Postgres(readers, at) => at.dispatchers(&mut *acquired(readers, at).await?).await,
        }
    }

    /// Returns the newest schema, which every writer brings a database to.
    pub const fn schema() -> i64 {
        SCHEMA
    }

    /// Returns where it is, as it is told.
    pub fn address(&self) -> &Path {
        &self.address
    }

    /// Returns where the file is, or for a database on a server what the files kept with it stand beside.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

async fn acquired(readers: &PgPool, at: &PgAddress) -> Result<PoolConnection<Postgres>> {
    readers.acquire().await.map_err(|source| at.fault("open.acquire", source))
}

/// Where a database is.
#[derive(Clone, Debug)]
pub(crate) enum DatabasePlace {
    File(PathBuf),
    Server(Box<PgAddress>),
}

impl DatabasePlace {
    /// Opens it as [`Store::open`] does.
    pub(crate) async fn open(self, access: Access) -> Result<Store> {
        match self {
            Self::File(path) => Store::open_file(path, access).await,
            Self::Server(address) => Store::open_server(*address, &access).await,
        }
    }
}

/// Reads the address of a file.
pub(super) fn path_of(url: &str) -> Result<PathBuf> {
    match place_of(url)? {
        DatabasePlace::File(path) => Ok(path),
        DatabasePlace::Server(at) => Err(StoreFault::Served { path: at.shown.to_path_buf() }),
    }
}

/// Reads an address.
fn place_of(url: &str) -> Result<DatabasePlace> {
    let Some((scheme, rest)) = url.split_once(':') else {
        return Err(StoreFault::Address { url: url.to_owned() });
    };
    match scheme {
        "sqlite" if rest.is_empty() || rest.contains('\0') => {
            Err(StoreFault::Address { url: url.to_owned() })
        }
        "sqlite" => Ok(DatabasePlace::File(PathBuf::from(rest.strip_prefix("//").unwrap_or(rest)))),
        "postgres" | "postgresql" => Ok(DatabasePlace::Server(Box::new(PgAddress::parse(url)?))),
        _ => Err(StoreFault::Address { url: url.to_owned() }),
    }
}
