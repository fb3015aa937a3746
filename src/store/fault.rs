//! What can break below the store, sorted by what the reader can do about it.

use std::fmt;
use std::path::{Path, PathBuf};

use super::Holder;

/// Every id [`Fault::id`] may give, for the test that each has its text.
pub const FAULT_IDS: [&str; 17] = [
    "fault-address",
    "fault-not-built-in",
    "fault-absent",
    "fault-foreign",
    "fault-corrupt",
    "fault-newer",
    "fault-older",
    "fault-old-sqlite",
    "fault-held",
    "fault-held-unnamed",
    "fault-busy",
    "fault-full",
    "fault-read-only",
    "fault-stale",
    "fault-file",
    "fault-impossible",
    "fault-statement",
];

/// Something broke; for operators.
///
/// It carries no sentence: [`Fault::id`] names the text in `src/lang`, [`Fault::args`] its words.
#[derive(Debug)]
pub enum Fault {
    /// The address is not of a kind known here.
    Address {
        /// What was given.
        url: String,
    },
    /// The address is of a kind that is not built in.
    NotBuiltIn {
        /// What was given, without anything secret.
        scheme: String,
    },
    /// There is no database there.
    Absent {
        /// Where.
        path: PathBuf,
    },
    /// The file is something else.
    Foreign {
        /// Where.
        path: PathBuf,
    },
    /// The file is damaged.
    Corrupt {
        /// Where.
        path: PathBuf,
        /// What the database said.
        detail: String,
    },
    /// A newer version of this program wrote the file.
    Newer {
        /// Where.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema known here.
        known: i64,
    },
    /// An older version wrote the file, and reading alone may not change it.
    Older {
        /// Where.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The schema needed.
        known: i64,
    },
    /// The SQLite inside the program can corrupt a file under two writers.
    OldSqlite {
        /// Its version.
        found: String,
        /// The least version needed.
        needed: String,
    },
    /// Another daemon holds the database.
    Held {
        /// Where.
        path: PathBuf,
        /// Who; none when the note in the lock file cannot be read.
        by: Option<Holder>,
    },
    /// Another writer did not finish in time.
    Busy,
    /// The disk is full.
    Full,
    /// The database was opened for reading, or the disk is read-only.
    ReadOnly,
    /// An order was changed by somebody else between reading and writing it.
    Stale,
    /// A file beside the database cannot be used.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database holds something that this program never writes.
    Impossible {
        /// Which value, such as `subject.statuses`.
        what: &'static str,
        /// The row.
        key: String,
    },
    /// A statement failed for another reason.
    Statement {
        /// Its name.
        name: &'static str,
        /// Why.
        source: sqlx::Error,
    },
}

/// Primary result codes of SQLite that have their own cure.
mod code {
    pub(super) const BUSY: u32 = 5;
    pub(super) const LOCKED: u32 = 6;
    pub(super) const READONLY: u32 = 8;
    pub(super) const CORRUPT: u32 = 11;
    pub(super) const FULL: u32 = 13;
    pub(super) const NOTADB: u32 = 26;
}

impl Fault {
    /// Sorts what the driver says about a statement.
    pub(super) fn of(path: &Path, name: &'static str, source: sqlx::Error) -> Self {
        match primary_code(&source) {
            Some(code::BUSY | code::LOCKED) => Self::Busy,
            Some(code::READONLY) => Self::ReadOnly,
            Some(code::FULL) => Self::Full,
            Some(code::NOTADB) => Self::Foreign { path: path.to_owned() },
            Some(code::CORRUPT) => Self::Corrupt { path: path.to_owned(), detail: source.to_string() },
            _ => Self::Statement { name, source },
        }
    }

    /// Returns the id of the text that says what broke.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Address { .. } => "fault-address",
            Self::NotBuiltIn { .. } => "fault-not-built-in",
            Self::Absent { .. } => "fault-absent",
            Self::Foreign { .. } => "fault-foreign",
            Self::Corrupt { .. } => "fault-corrupt",
            Self::Newer { .. } => "fault-newer",
            Self::Older { .. } => "fault-older",
            Self::OldSqlite { .. } => "fault-old-sqlite",
            Self::Held { by: Some(_), .. } => "fault-held",
            Self::Held { by: None, .. } => "fault-held-unnamed",
            Self::Busy => "fault-busy",
            Self::Full => "fault-full",
            Self::ReadOnly => "fault-read-only",
            Self::Stale => "fault-stale",
            Self::File { .. } => "fault-file",
            Self::Impossible { .. } => "fault-impossible",
            Self::Statement { .. } => "fault-statement",
        }
    }

    /// Returns the words of its text.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let shown = |path: &Path| ("path", path.display().to_string());
        match self {
            Self::Address { url } => vec![("url", url.clone())],
            Self::NotBuiltIn { scheme } => vec![("scheme", scheme.clone())],
            Self::Absent { path } | Self::Foreign { path } => vec![shown(path)],
            Self::Corrupt { path, detail } => vec![shown(path), ("detail", detail.clone())],
            Self::Newer { path, found, known } | Self::Older { path, found, known } => {
                vec![shown(path), ("found", found.to_string()), ("known", known.to_string())]
            }
            Self::OldSqlite { found, needed } => {
                vec![("found", found.clone()), ("needed", needed.clone())]
            }
            Self::Held { path, by } => {
                let mut args = vec![shown(path)];
                args.extend(by.iter().flat_map(Holder::args));
                args
            }
            Self::Busy | Self::Full | Self::ReadOnly | Self::Stale => Vec::new(),
            Self::File { path, source } => vec![shown(path), ("detail", source.to_string())],
            Self::Impossible { what, key } => vec![("what", (*what).to_owned()), ("key", key.clone())],
            Self::Statement { name, source } => {
                vec![("name", (*name).to_owned()), ("detail", source.to_string())]
            }
        }
    }
}

fn primary_code(source: &sqlx::Error) -> Option<u32> {
    let extended: u32 = source.as_database_error()?.code()?.parse().ok()?;
    Some(extended & 0xff)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())?;
        self.args().iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { source, .. } => Some(source),
            Self::Statement { source, .. } => Some(source),
            _ => None,
        }
    }
}
