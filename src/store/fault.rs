//! What can break below the store, sorted by what the reader can do about it.

use std::fmt;
use std::path::{Path, PathBuf};

use sqlx::postgres::PgDatabaseError;

use super::Holder;
use crate::diag::{Argument, reasons};

reasons! {
    /// Something broke; for operators.
    ///
    /// It carries no sentence: [`StoreFault::id`] names the text in `src/lang`, [`StoreFault::args`] its words.
    #[derive(Debug)]
    pub enum StoreFault {
        /// The address is not of a kind known here.
        Address = "fault-address" { url: String },
        /// The server does not answer, or ended the connection.
        Lost = "fault-lost" { path: PathBuf, detail: String },
        /// The server does not let this user in.
        ShutOut = "fault-shut-out" { path: PathBuf, detail: String },
        /// The server is older than this program knows.
        OldServer = "fault-old-server" { found: String, needed: String },
        /// What is asked for is done to a file, and the database is on a server.
        Served = "fault-served" { path: PathBuf },
        /// It is a part of a copy that was not finished, or of another state.
        Unfinished = "fault-unfinished" { path: PathBuf },
        /// Something stands where a copy is to be.
        Occupied = "fault-occupied" { path: PathBuf },
        /// There is no database there.
        Absent = "fault-absent" { path: PathBuf },
        /// The file is something else.
        Foreign = "fault-foreign" { path: PathBuf },
        /// The file is damaged, as the database says.
        Corrupt = "fault-corrupt" { path: PathBuf, detail: String },
        /// A newer version of this program wrote the file: its schema, and the newest known here.
        Newer = "fault-newer" { path: PathBuf, found: i64, known: i64 },
        /// An older version wrote the file, and reading alone may not change it.
        Older = "fault-older" { path: PathBuf, found: i64, known: i64 },
        /// The SQLite inside the program can corrupt a file under two writers.
        OldSqlite = "fault-old-sqlite" { found: String, needed: String },
        /// Another daemon holds the database.
        Held = "fault-held" { path: PathBuf, by: Holder },
        /// Another daemon holds the database, and the note in the lock file cannot be read.
        HeldUnnamed = "fault-held-unnamed" { path: PathBuf },
        /// Another writer did not finish in time.
        Busy = "fault-busy",
        /// What others hold was waited for in vain, or two waited for each other; done again, it may well succeed.
        Collided = "fault-collided",
        /// The file, or its log, cannot be opened.
        Unopened = "fault-unopened" { path: PathBuf },
        /// The disk did not read or write.
        Disk = "fault-disk" { path: PathBuf, detail: String },
        /// The disk is full.
        Full = "fault-full",
        /// The database was opened for reading, or the disk is read-only.
        ReadOnly = "fault-read-only",
        /// An order was changed by somebody else between reading and writing it.
        Stale = "fault-stale",
        /// A file beside the database cannot be used.
        File = "fault-file" { path: PathBuf, cause: std::io::Error },
        /// The database holds something that this program never writes: which value, such as
        /// `subject.statuses`, in which row.
        Impossible = "fault-impossible" { what: &'static str, key: String },
        /// A statement failed for another reason.
        Statement = "fault-statement" { name: &'static str, detail: sqlx::Error },
    }
}

/// What a function of the store answers.
pub(super) type Result<T, E = StoreFault> = std::result::Result<T, E>;

impl Argument for PathBuf {
    fn add(&self, name: &'static str, args: &mut Vec<(&'static str, String)>) {
        args.push((name, self.display().to_string()));
    }
}

impl Argument for sqlx::Error {
    fn add(&self, name: &'static str, args: &mut Vec<(&'static str, String)>) {
        args.push((name, self.to_string()));
    }
}

/// A holder is three words of a text.
impl Argument for Holder {
    fn add(&self, _name: &'static str, args: &mut Vec<(&'static str, String)>) {
        let Self { pid, host, since } = self;
        args.extend([("pid", pid.to_string()), ("host", host.clone()), ("since", since.to_string())]);
    }
}

/// What PostgreSQL says that has its own cure.
mod state {
    pub(super) const LOCK_NOT_AVAILABLE: &str = "55P03";
    pub(super) const DEADLOCK: &str = "40P01";
    pub(super) const NOT_SERIALIZABLE: &str = "40001";
    pub(super) const READ_ONLY: &str = "25006";
    pub(super) const DISK_FULL: &str = "53100";
    pub(super) const NO_DATABASE: &str = "3D000";
    /// A wrong name, a wrong password, no way in.
    pub(super) const NOT_LET_IN: &str = "28";
    pub(super) const DAMAGED: &str = "XX00";
    /// Shutting down, not up yet, no connection left, and a transaction that lay still too long.
    pub(super) const ENDED: [&str; 6] = ["57P01", "57P02", "57P03", "57P05", "53300", "25P03"];
}

/// Primary result codes of SQLite that have their own cure.
mod code {
    pub(super) const BUSY: u32 = 5;
    pub(super) const LOCKED: u32 = 6;
    pub(super) const READONLY: u32 = 8;
    pub(super) const IOERR: u32 = 10;
    pub(super) const CORRUPT: u32 = 11;
    pub(super) const FULL: u32 = 13;
    pub(super) const CANTOPEN: u32 = 14;
    pub(super) const NOTADB: u32 = 26;
}

impl StoreFault {
    /// Sorts what the driver says about a statement.
    pub(super) fn of(path: &Path, name: &'static str, source: sqlx::Error) -> Self {
        let (owned, detail) = (|| path.to_owned(), |source: &sqlx::Error| source.to_string());
        match &source {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => {
                return Self::Lost { path: owned(), detail: detail(&source) };
            }
            sqlx::Error::Database(said) => {
                if let Some(said) = said.try_downcast_ref::<PgDatabaseError>() {
                    return match said.code() {
                        state::LOCK_NOT_AVAILABLE | state::DEADLOCK | state::NOT_SERIALIZABLE => {
                            Self::Collided
                        }
                        state::READ_ONLY => Self::ReadOnly,
                        state::DISK_FULL => Self::Full,
                        state::NO_DATABASE => Self::Absent { path: owned() },
                        code if code.starts_with(state::NOT_LET_IN) => {
                            Self::ShutOut { path: owned(), detail: detail(&source) }
                        }
                        code if state::ENDED.contains(&code) => {
                            Self::Lost { path: owned(), detail: detail(&source) }
                        }
                        code if code.starts_with(state::DAMAGED) => {
                            Self::Corrupt { path: owned(), detail: detail(&source) }
                        }
                        _ => Self::Statement { name, detail: source },
                    };
                }
            }
            _ => {}
        }
        match primary_code(&source) {
            Some(code::BUSY | code::LOCKED) => Self::Busy,
            Some(code::READONLY) => Self::ReadOnly,
            Some(code::FULL) => Self::Full,
            Some(code::CANTOPEN) => Self::Unopened { path: path.to_owned() },
            Some(code::IOERR) => Self::Disk { path: path.to_owned(), detail: source.to_string() },
            Some(code::NOTADB) => Self::Foreign { path: path.to_owned() },
            Some(code::CORRUPT) => Self::Corrupt { path: path.to_owned(), detail: source.to_string() },
            _ => Self::Statement { name, detail: source },
        }
    }
}

fn primary_code(source: &sqlx::Error) -> Option<u32> {
    let extended: u32 = source.as_database_error()?.code()?.parse().ok()?;
    Some(extended & 0xff)
}

impl fmt::Display for StoreFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())?;
        self.args().iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

impl std::error::Error for StoreFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { cause, .. } => Some(cause),
            Self::Statement { detail, .. } => Some(detail),
            _ => None,
        }
    }
}
