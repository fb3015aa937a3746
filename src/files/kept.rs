//! Files kept beside the database, each under the digest of its bytes.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Why one file could not be read, or kept.
#[derive(Debug)]
pub enum FileFault {
    /// It cannot be read.
    Unread {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// It cannot be written.
    Unwritten {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

/// Returns the folder beside a database in which its files lie.
///
/// # Shape
/// `wubu.db` has `wubu.db.files/ab/ab12…`.
pub fn beside(database: &Path) -> PathBuf {
    let mut name = database.file_name().unwrap_or_default().to_os_string();
    name.push(".files");
    database.with_file_name(name)
}

/// Returns where a file of that digest is kept.
pub fn kept_at(folder: &Path, digest: &str) -> PathBuf {
    folder.join(digest.get(..2).unwrap_or("00")).join(digest)
}

/// Reads a file, no further than `limit` bytes.
///
/// # Errors
/// [`FileFault`] when it cannot be read.
pub fn read_file(path: &Path, limit: usize) -> Result<Vec<u8>, FileFault> {
    let fault = |cause| FileFault::Unread { path: path.to_owned(), cause };
    let mut bytes = Vec::new();
    File::open(path).map_err(fault)?.take(limit as u64).read_to_end(&mut bytes).map_err(fault)?;
    Ok(bytes)
}

/// A file that somebody names beside another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LyingFile {
    /// It lies in that folder, or below it.
    Inside(PathBuf),
    /// It lies elsewhere, or leads there.
    Outside,
}

/// Finds a file by its name in a folder or below it; none where there is no file.
pub fn lying_in(folder: &Path, name: &Path) -> Option<LyingFile> {
    let is_below = name.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !is_below {
        return Some(LyingFile::Outside);
    }
    let path = folder.join(name).canonicalize().ok().filter(|path| path.is_file())?;
    let inside = folder.canonicalize().is_ok_and(|folder| path.starts_with(folder));
    Some(if inside { LyingFile::Inside(path) } else { LyingFile::Outside })
}

/// Keeps bytes under their digest, durably; bytes that are there already stay as they are.
///
/// Whoever looks meanwhile sees the whole file or none.
///
/// # Errors
/// [`FileFault`] when the disk refuses.
pub fn keep(folder: &Path, digest: &str, bytes: &[u8]) -> Result<(), FileFault> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let path = kept_at(folder, digest);
    let shelf = path.parent().unwrap_or(folder).to_path_buf();
    let fault = |cause| FileFault::Unwritten { path: path.clone(), cause };
    if fs::metadata(&path).is_ok_and(|found| found.len() == bytes.len() as u64) {
        return Ok(());
    }
    fs::create_dir_all(&shelf).map_err(fault)?;
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let draft = shelf.join(format!("{digest}.{}.{number}.part", std::process::id()));
    let written = write(&draft, bytes).and_then(|()| fs::rename(&draft, &path));
    if written.is_err() {
        // What could not be written whole is of no use; the disk may refuse that too.
        let _ = fs::remove_file(&draft);
    }
    written.map_err(fault)?;
    for folder in [shelf.as_path(), folder] {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(fault)?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
