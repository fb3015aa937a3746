//! Watching the policy folder: by looking, because editors, network shares and half-saved files
//! make every notification service lie now and then.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::digest::Digest;
use crate::files;
use crate::office::{self, ActiveRelease, Fault, FolderReport, OfficeStop};
use crate::time::Day;

/// How long files must lie still before they are read: an editor may write in several steps.
const SETTLE: Duration = Duration::from_millis(300);

type Signature = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Watches one folder.
#[derive(Debug)]
pub struct Watch {
    folder: PathBuf,
    signature: Option<Signature>,
    changed_at: Option<Instant>,
    reported: Option<Digest>,
}

impl Watch {
    /// Begins watching a folder; its present state counts as a change.
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder, signature: None, changed_at: None, reported: None }
    }

    /// Looks at the same content once more: what it was wanted for did not succeed.
    pub fn look_again(&mut self) {
        self.reported = None;
        self.changed_at = Some(Instant::now());
    }

    /// Returns the folder's content, as it is today, when it changed, has settled, and is not what runs already.
    ///
    /// The same broken content is returned once.
    ///
    /// # Errors
    /// The folder, or one of its policy files, cannot be read.
    pub fn look(&mut self, live: &ActiveRelease, today: Day) -> Result<Option<FolderReport>, OfficeStop> {
        let signature = sign(&self.folder);
        if self.signature.as_ref() != Some(&signature) {
            self.signature = Some(signature);
            self.changed_at = Some(Instant::now());
            return Ok(None);
        }
        if self.changed_at.is_none_or(|at| at.elapsed() < SETTLE) {
            return Ok(None);
        }
        let texts = files::read_folder(&self.folder).map_err(Fault::from)?;
        self.changed_at = None;
        let digest = Digest::of_parts("texts", texts.iter().flat_map(|(path, text)| [path.as_bytes(), text]));
        if self.reported == Some(digest) {
            return Ok(None);
        }
        self.reported = Some(digest);
        if texts == live.texts {
            return Ok(None);
        }
        Ok(Some(office::examine(&self.folder, today)?))
    }
}

/// Returns every file below the folder with its time and size; what cannot be read is left out,
/// and comes back as a change when it can.
fn sign(folder: &Path) -> Signature {
    let mut found = Signature::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(dir) = waiting.pop() {
        let entries = std::fs::read_dir(&dir).into_iter().flatten().flatten();
        for entry in entries {
            let Ok(kind) = entry.file_type() else { continue };
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let path = entry.path();
            if kind.is_dir() {
                if is_policy_folder(folder, &path) {
                    waiting.push(path);
                }
            } else if let Ok(metadata) = entry.metadata() {
                found.insert(path, (metadata.modified().ok(), metadata.len()));
            }
        }
    }
    found
}

/// Returns whether a folder may hold policy files, so that a database or a build beside them is
/// not walked.
fn is_policy_folder(root: &Path, folder: &Path) -> bool {
    const NAMES: [&str; 5] = ["workflows", "rules", "calendars", "stations", "register"];
    folder
        .strip_prefix(root)
        .ok()
        .and_then(|below| below.components().next())
        .is_some_and(|first| NAMES.iter().any(|name| first.as_os_str() == *name))
}
