//! Files on disk: a policy folder read whole and nothing else of it, and the files of orders, kept
//! beside the database.
//!
//! Only regular files in the places the language names are opened, none through a link that leads
//! out of the folder, each read no further than its limit. What the bytes mean is not known here.

mod durable;
mod kept;

pub use durable::{
    FileSum, beside_name, copy, folder_of, link, make_private_folder, publish, sum_of, sync_file,
    sync_folder, write_whole,
};
pub use kept::{FileFault, LyingFile, beside, keep, kept_at, lying_in, read_file};

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::lang::Lang;
use crate::limits;
use crate::policy::{is_misplaced, is_policy_path};

/// Why a folder could not be read.
#[derive(Debug)]
pub struct FolderFault {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub cause: io::Error,
}

impl FolderFault {
    fn new(path: &Path, cause: io::Error) -> Self {
        Self { path: path.to_owned(), cause }
    }
}

impl std::fmt::Display for FolderFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.cause)
    }
}

impl std::error::Error for FolderFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

/// Folders that hold policy; nothing else is listed.
const FOLDERS: [&str; 4] = ["workflows", "rules", "calendars", "stations"];

/// Deepest a policy file stands: `stations/<id>/rules/x.rhai`; one more to notice misplaced ones.
const DEPTH_MAX: usize = 4;

/// Most files listed below one policy folder.
const FILES_MAX: usize = 100_000;

/// Reads every policy text of a folder, with its path below it, sorted by path.
///
/// A file that looks like policy in the wrong place comes without its bytes, so that the loader
/// can say so. A file over its limit is cut one byte after it, which the loader refuses.
///
/// # Errors
/// [`FolderFault`] when the folder is not one, or one of its policy files cannot be read or is not a
/// regular file inside the folder.
pub fn read_folder(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, FolderFault> {
    let root = folder.canonicalize().map_err(|cause| FolderFault::new(folder, cause))?;
    if !root.is_dir() {
        return Err(FolderFault::new(folder, io::ErrorKind::NotADirectory.into()));
    }
    let mut paths = Vec::new();
    for name in ["bureau.yaml", "bureau.yml"] {
        if fs::symlink_metadata(root.join(name)).is_ok() {
            paths.push(name.to_owned());
        }
    }
    for name in FOLDERS {
        if root.join(name).is_dir() {
            list(&root, name, 1, &mut paths)?;
        }
    }
    paths.sort();
    let mut texts = Vec::with_capacity(paths.len());
    let mut total = 0;
    for path in paths {
        let is_script = Path::new(&path).extension().is_some_and(|extension| extension == "rhai");
        let limit = if is_script { limits::SCRIPT_BYTES } else { limits::POLICY_FILE_BYTES };
        let bytes = if is_policy_path(&path) { read(&root, &path, limit)? } else { Vec::new() };
        total += bytes.len();
        texts.push((path, bytes));
        // The loader refuses the set; there is no need to hold more of it.
        if total > limits::POLICY_SET_BYTES {
            break;
        }
    }
    Ok(texts)
}

/// Writes policy texts anew, each under its path below the folder; a byte-order mark stays.
///
/// All are written beside the old ones first, so that a full disk leaves the folder as it was.
///
/// # Errors
/// [`FolderFault`] when one of them cannot be written.
pub fn rewrite(folder: &Path, texts: &[(&str, &str)]) -> Result<(), FolderFault> {
    let mut ready = Vec::with_capacity(texts.len());
    for (path, text) in texts {
        let target = folder.join(path);
        let beside = target.with_extension("yaml.new");
        let fault = |cause: io::Error| FolderFault::new(&target, cause);
        let has_mark = fs::read(&target).map_err(fault)?.starts_with(BYTE_ORDER_MARK);
        let mark = if has_mark { BYTE_ORDER_MARK } else { &[] };
        fs::write(&beside, [mark, text.as_bytes()].concat()).map_err(fault)?;
        ready.push((beside, target));
    }
    for (beside, target) in ready {
        fs::rename(&beside, &target).map_err(|cause| FolderFault::new(&target, cause))?;
    }
    Ok(())
}

/// UTF-8's byte-order mark.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Lists the files of one folder that are policy or look like it.
fn list(root: &Path, below: &str, depth: usize, paths: &mut Vec<String>) -> Result<(), FolderFault> {
    let folder = root.join(below);
    let entries = fs::read_dir(&folder).map_err(|cause| FolderFault::new(&folder, cause))?;
    for entry in entries {
        let entry = entry.map_err(|cause| FolderFault::new(&folder, cause))?;
        // A name that is not text can be no policy file: its id could not be written.
        let Ok(name) = entry.file_name().into_string() else { continue };
        // What begins with a dot is an editor's: a lock that is a link to nowhere, a copy half written.
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{below}/{name}");
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && depth < DEPTH_MAX {
            list(root, &path, depth + 1, paths)?;
        } else if !is_folder && (is_policy_path(&path) || is_misplaced(&path)) {
            paths.push(path);
        }
        if paths.len() > FILES_MAX {
            return Err(FolderFault::new(&folder, io::ErrorKind::FileTooLarge.into()));
        }
    }
    Ok(())
}

/// Reads a regular file that lies inside a folder, no further than one byte past a limit.
fn read(root: &Path, path: &str, limit: usize) -> Result<Vec<u8>, FolderFault> {
    let full = root.join(path);
    let fault = |cause: io::Error| FolderFault::new(&full, cause);
    let real = full.canonicalize().map_err(fault)?;
    // Asked before opening: opening a pipe would wait for a writer for ever.
    let is_inside_and_regular = real.starts_with(root) && fs::metadata(&real).map_err(fault)?.is_file();
    if !is_inside_and_regular {
        return Err(fault(io::ErrorKind::InvalidInput.into()));
    }
    let mut bytes = Vec::new();
    let file = File::open(&real).map_err(fault)?;
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(fault)?;
    Ok(bytes)
}

/// The file every policy folder has.
pub const ENTRY: &str = "bureau.yaml";

/// Reads files that a policy names, such as `register/stations.csv`; paths lead nowhere else.
///
/// # Errors
/// [`FolderFault`] when a file is not there, is not a regular file inside the folder, or is too large.
pub fn read_named<'a>(
    folder: &Path,
    names: impl Iterator<Item = &'a String>,
) -> Result<Vec<(String, Vec<u8>)>, FolderFault> {
    let root = folder.canonicalize().map_err(|cause| FolderFault::new(folder, cause))?;
    let one = |name: &String| {
        let bytes = read(&root, name, limits::POLICY_SET_BYTES)?;
        if bytes.len() > limits::POLICY_SET_BYTES {
            return Err(FolderFault::new(&root.join(name), io::ErrorKind::FileTooLarge.into()));
        }
        Ok((name.clone(), bytes))
    };
    names.map(one).collect()
}

/// The shipped policy, as the repository holds it: path and text, by path.
pub const SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The same policy in English: the same files, steps, terms and cases.
const SHIPPED_ENGLISH: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shipped_english.rs"));

/// Returns the shipped policy in a language: path and text, by path.
pub const fn shipped(lang: Lang) -> &'static [(&'static str, &'static str)] {
    match lang {
        Lang::Zh => SHIPPED,
        Lang::En => SHIPPED_ENGLISH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in files {
            let full = folder.path().join(path);
            fs::create_dir_all(full.parent().expect("below the folder")).expect("made");
            fs::write(full, text).expect("written");
        }
        folder
    }

    #[test]
    fn only_policy_is_read_and_misplaced_files_are_named_without_content() {
        let folder = folder(&[
            ("bureau.yaml", "b"),
            ("README.md", "no"),
            ("register/stations.csv", "no"),
            ("workflows/a.yaml", "a"),
            ("workflows/old/b.yaml", "b"),
            ("rules/tiers.yml", "t"),
            ("rules/notes.txt", "no"),
            ("stations/x/tests/a.test.yaml", "c"),
        ]);
        let texts = read_folder(folder.path()).expect("read");
        let listed: Vec<(&str, usize)> =
            texts.iter().map(|(path, bytes)| (path.as_str(), bytes.len())).collect();
        assert_eq!(
            listed,
            [
                ("bureau.yaml", 1),
                ("rules/tiers.yml", 0),
                ("stations/x/tests/a.test.yaml", 1),
                ("workflows/a.yaml", 1),
                ("workflows/old/b.yaml", 0),
            ]
        );
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_fault() {
        assert!(read_folder(Path::new("nowhere/at/all")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_refused() {
        let folder = folder(&[("bureau.yaml", "b"), ("workflows/a.yaml", "a")]);
        let link = folder.path().join("workflows/zero.yaml");
        std::os::unix::fs::symlink("/dev/zero", link).expect("linked");
        let fault = read_folder(folder.path()).expect_err("a device is no policy file");
        assert!(fault.path.ends_with("workflows/zero.yaml"));
    }

    #[test]
    fn a_file_is_read_no_further_than_its_limit() {
        let long = "x".repeat(limits::POLICY_FILE_BYTES * 2);
        let folder = folder(&[("bureau.yaml", "b"), ("workflows/a.yaml", &long)]);
        let texts = read_folder(folder.path()).expect("read");
        assert_eq!(texts[1].1.len(), limits::POLICY_FILE_BYTES + 1);
    }
}
