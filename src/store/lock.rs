//! The file beside a database that keeps a second daemon away and names the first.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::{Holder, Result, StoreFault};

/// Longest note read from a lock file, in bytes; ours are under 200.
const LONGEST_NOTE: u64 = 4_096;

/// A held lock; the system releases it when the process ends, however it ends.
///
/// The file stays: removing it would let a third daemon lock a file that the second no longer sees.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a database, or says who has it.
    pub(super) fn take(database: &Path, holder: &Holder) -> Result<Self> {
        let path = beside(database);
        let fault = |detail| StoreFault::File { path: path.clone(), detail };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(fault)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let path = database.to_owned();
                return Err(match note(&mut file) {
                    Some(by) => StoreFault::Held { path, by },
                    None => StoreFault::HeldUnnamed { path },
                });
            }
            Err(TryLockError::Error(source)) => return Err(fault(source)),
        }
        write_note(&mut file, holder).map_err(fault)?;
        Ok(Self { _file: file })
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
