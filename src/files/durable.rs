//! Files and folders that are whole or not there: written under another name, made durable, then renamed.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::FileFault;
use crate::digest::{Digest, RunningDigest};

/// Bytes copied at a time.
const PIECE: usize = 1 << 20;

/// How long a file is, and the digest of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSum {
    pub bytes: u64,
    pub digest: Digest,
}

/// Copies a file into a new one and makes that durable.
///
/// # Errors
/// [`FileFault`] when one cannot be read, or the other is there already or cannot be written.
pub fn copy(from: &Path, to: &Path) -> Result<FileSum, FileFault> {
    let unwritten = |cause| FileFault::Unwritten { path: to.to_owned(), cause };
    let mut target = File::create_new(to).map_err(unwritten)?;
    let sum = read_through(from, |piece| target.write_all(piece).map_err(unwritten))?;
    target.sync_all().map_err(unwritten)?;
    Ok(sum)
}

/// Reads a file to its end.
///
/// # Errors
/// [`FileFault`] when it cannot be read.
pub fn sum_of(path: &Path) -> Result<FileSum, FileFault> {
    read_through(path, |_| Ok(()))
}

fn read_through(
    path: &Path,
    mut heed: impl FnMut(&[u8]) -> Result<(), FileFault>,
) -> Result<FileSum, FileFault> {
    let unread = |cause| FileFault::Unread { path: path.to_owned(), cause };
    let mut file = File::open(path).map_err(unread)?;
    let (mut piece, mut digest, mut bytes) = (vec![0; PIECE], RunningDigest::default(), 0);
    loop {
        match file.read(&mut piece).map_err(unread)? {
            0 => return Ok(FileSum { bytes, digest: digest.end() }),
            length => {
                digest.add(&piece[..length]);
                bytes += length as u64;
                heed(&piece[..length])?;
            }
        }
    }
}

/// Gives a file that is kept elsewhere on the same disk a second name; returns whether the disk could.
///
/// Both names then stand for the same bytes, which are never changed, only forgotten.
pub fn link(from: &Path, to: &Path, bytes: u64) -> bool {
    fs::metadata(from).is_ok_and(|found| found.is_file() && found.len() == bytes)
        && fs::hard_link(from, to).is_ok()
}

/// Makes a folder that only its owner may enter.
///
/// # Errors
/// [`FileFault`] when it is there already, or the disk refuses.
pub fn make_private_folder(path: &Path) -> Result<(), FileFault> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path).map_err(|cause| FileFault::Unwritten { path: path.to_owned(), cause })
}

/// Makes a file durable that something else wrote.
///
/// # Errors
/// [`FileFault`] when the disk refuses.
pub fn sync_file(path: &Path) -> Result<(), FileFault> {
    let opened = File::options().write(true).open(path).and_then(|file| file.sync_all());
    opened.map_err(|cause| FileFault::Unwritten { path: path.to_owned(), cause })
}

/// Makes durable which names stand in a folder.
///
/// # Errors
/// [`FileFault`] when the disk refuses.
pub fn sync_folder(path: &Path) -> Result<(), FileFault> {
    let synced = File::open(path).and_then(|folder| folder.sync_all());
    synced.map_err(|cause| FileFault::Unwritten { path: path.to_owned(), cause })
}

/// Writes a file that is never seen in part: beside, durable, renamed.
///
/// # Errors
/// [`FileFault`] when the disk refuses.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FileFault> {
    let draft = beside_name(path, &format!("{}.part", std::process::id()));
    let fault = |cause: io::Error| FileFault::Unwritten { path: path.to_owned(), cause };
    let write = || -> io::Result<()> {
        let mut file = File::create(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    if let Err(cause) = write() {
        // What could not be written whole is of no use; the disk may refuse that too.
        let _ = fs::remove_file(&draft);
        return Err(fault(cause));
    }
    publish(&draft, path)
}

/// Gives what is whole its name, durably.
///
/// # Errors
/// [`FileFault`] when the disk refuses.
pub fn publish(draft: &Path, path: &Path) -> Result<(), FileFault> {
    let renamed = fs::rename(draft, path);
    renamed.map_err(|cause| FileFault::Unwritten { path: path.to_owned(), cause })?;
    sync_folder(folder_of(path))
}

/// Returns a hidden name beside a file or folder: `.name.ending`.
pub fn beside_name(path: &Path, ending: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{ending}"))
}

/// Returns the folder in which something lies; the one we are in where the path does not say.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}
