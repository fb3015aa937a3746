//! The place of a database, held so that nobody dispatches there while what stands in it is exchanged.

use std::path::{Path, PathBuf};

use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::lock::Lock;
use super::open::path_of;
use super::sql::{Sql, sql, statements};
use super::sqlite::{READER_CACHE_KIB, options};
use super::{Holder, Result, StoreFault};

/// What SQLite lays beside a database, each with its ending.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

const TAKE_IN: Sql = sql!(sqlite "held_place.take_in": "PRAGMA wal_checkpoint(TRUNCATE)");
const STOP_WRITERS: Sql = sql!(sqlite "held_place.stop_writers": "BEGIN IMMEDIATE");

statements!(TAKE_IN, STOP_WRITERS);

/// The place of a database while it is held.
#[derive(Debug)]
pub struct HeldPlace {
    path: PathBuf,
    is_occupied: bool,
    _lock: Lock,
}

impl HeldPlace {
    /// Holds the place at an address such as `sqlite:wubu.db`.
    ///
    /// # Errors
    /// [`StoreFault::Held`] when a daemon runs there, or why the place cannot be held.
    pub fn take(url: &str, holder: &Holder) -> Result<Self> {
        let path = path_of(url)?;
        let is_occupied = std::fs::metadata(&path).is_ok_and(|found| found.len() > 0);
        let lock = Lock::take(&path, holder)?;
        Ok(Self { path, is_occupied, _lock: lock })
    }

    /// Returns where the place is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns whether a file with anything in it stood there.
    pub const fn is_occupied(&self) -> bool {
        self.is_occupied
    }

    /// Puts a database that nobody has open into the place; what stood there goes aside under a name with this
    /// ending, and is returned.
    ///
    /// The log goes first: beside a database that it is not of, it would destroy it.
    ///
    /// # Errors
    /// [`StoreFault::Busy`] when somebody writes there and does not end, or what the disk refused; then what stood
    /// there stands there still.
    pub async fn exchange(self, new: &Path, ending: &str) -> Result<Option<PathBuf>> {
        let named = |path: &Path, ending: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        let fault = |cause| StoreFault::File { path: self.path.clone(), cause };
        if !self.is_occupied {
            std::fs::rename(new, &self.path).map_err(fault)?;
            return Ok(None);
        }
        let aside = named(&self.path, ending);
        let writer = self.stop_writers().await?;
        for beside in BESIDE {
            let (from, to) = (named(&self.path, beside), named(&aside, beside));
            if from.exists() {
                std::fs::rename(from, to).map_err(fault)?;
            }
        }
        std::fs::rename(&self.path, &aside).map_err(fault)?;
        if let Some(writer) = writer {
            // What it held is aside now, and whatever it says of that changes nothing.
            let _ = writer.close().await;
        }
        if let Err(cause) = std::fs::rename(new, &self.path) {
            std::fs::rename(&aside, &self.path).map_err(fault)?;
            return Err(fault(cause));
        }
        Ok(Some(aside))
    }

    /// Keeps others from writing into what goes aside; where it is damaged nobody can.
    async fn stop_writers(&self) -> Result<Option<SqliteConnection>> {
        let begin = async {
            let mut connection = options(&self.path, READER_CACHE_KIB).connect().await?;
            sqlx::query(TAKE_IN.sqlite).execute(&mut connection).await?;
            sqlx::query(STOP_WRITERS.sqlite).execute(&mut connection).await?;
            Ok(connection)
        };
        match begin.await.map_err(|source| StoreFault::of(&self.path, STOP_WRITERS.name, source)) {
            Ok(connection) => Ok(Some(connection)),
            Err(busy @ StoreFault::Busy) => Err(busy),
            Err(_) => Ok(None),
        }
    }
}
