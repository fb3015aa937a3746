//! What keeps a second daemon from a database, by whatever name it calls the file, and names the first.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::{Holder, Result, StoreFault};

/// Longest note read from a lock file, in bytes; ours are under 200.
const LONGEST_NOTE: u64 = 4_096;

/// Somebody who dispatches on a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockHolder {
    Named(Holder),
    /// One whose note cannot be read.
    Unnamed,
}

/// A held lock; the system releases it when the process ends, however it ends.
///
/// The file beside the database carries the note, and stays: removing it would let a third daemon lock a file that
/// the second no longer sees. A link leads to another name, so the database itself is locked, too, where the system
/// keeps such locks apart from those of SQLite.
#[derive(Debug)]
pub(super) struct Lock {
    _files: [Option<File>; 2],
}

impl Lock {
    /// Takes the lock of a database, or says who has it.
    pub(super) fn take(database: &Path, holder: &Holder) -> Result<Self> {
        let own = if cfg!(target_os = "linux") { Some(locked(database)?) } else { None };
        let path = beside(&database.canonicalize().unwrap_or_else(|_| database.to_owned()));
        let (mut file, is_free) = locked(&path)?;
        if !is_free || own.as_ref().is_some_and(|(_, is_free)| !is_free) {
            let path = database.to_owned();
            return Err(match note(&mut file).filter(|_| !is_free) {
                Some(by) => StoreFault::Held { path, by },
                None => StoreFault::HeldUnnamed { path },
            });
        }
        write_note(&mut file, holder).map_err(|cause| StoreFault::File { path, cause })?;
        Ok(Self { _files: [Some(file), own.map(|(file, _)| file)] })
    }
}

/// Looks who has the lock of a database; it may change the moment after.
pub(super) fn lock_holder(database: &Path) -> Option<LockHolder> {
    let path = beside(&database.canonicalize().unwrap_or_else(|_| database.to_owned()));
    let mut file = File::open(path).ok()?;
    // Shared, and let go at once: whoever wants it for himself tries again.
    match file.try_lock_shared() {
        Ok(()) => None,
        Err(_) => Some(note(&mut file).map_or(LockHolder::Unnamed, LockHolder::Named)),
    }
}

/// Opens a file and locks it, unless somebody else has; returns whether it was free.
fn locked(path: &Path) -> Result<(File, bool)> {
    let fault = |cause| StoreFault::File { path: path.to_owned(), cause };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(path).map_err(fault)?;
    match file.try_lock() {
        Ok(()) => Ok((file, true)),
        Err(TryLockError::WouldBlock) => Ok((file, false)),
        Err(TryLockError::Error(source)) => Err(fault(source)),
    }
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn write_note(file: &mut File, holder: &Holder) -> std::io::Result<()> {
    let note = serde_json::to_vec(holder)?;
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&note)?;
    file.flush()
}

fn note(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.take(LONGEST_NOTE).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}
