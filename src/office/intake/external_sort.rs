//! Subjects on disk for as long as they are put in order.
//!
//! The files lie beside the database, because what they hold is as private as the register, and
//! needs no more room than it. They have no name: a process that is killed leaves none behind.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{IntoIter, sync_channel};

use crate::import::{MergedRuns, Sorter, SubjectRow};
use crate::office::{Answer, OfficeFault};

/// Rows held in memory, in bytes, before they go to a file: some 200,000 subjects.
const RUN_BYTES: usize = 32 * 1024 * 1024;

/// Batches put together while one is written.
const AHEAD: usize = 2;

type RunFile = Box<dyn FnMut() -> io::Result<File> + Send>;

/// Subjects that come in any order.
pub(crate) struct ExternalSort {
    sorter: Sorter<RunFile, File>,
    folder: PathBuf,
    rows: u64,
}

/// Subjects in the order of the register, put together in a thread of its own.
pub(crate) struct SortedSubjects {
    /// How many there are.
    pub(crate) rows: u64,
    /// The folder they are read from.
    pub(crate) folder: PathBuf,
    /// The subjects; an error is the last.
    pub(crate) batches: IntoIter<io::Result<Vec<SubjectRow>>>,
}

impl ExternalSort {
    /// Makes one that keeps its files in the folder of the database.
    pub(crate) fn beside(database: &Path) -> Self {
        let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).to_owned();
        let place = folder.clone();
        let open: RunFile = Box::new(move || tempfile::tempfile_in(&place));
        Self { sorter: Sorter::new(RUN_BYTES, open), folder, rows: 0 }
    }

    /// Takes rows.
    pub(crate) fn push<'a>(&mut self, rows: impl Iterator<Item = &'a SubjectRow>) -> Answer<()> {
        for row in rows {
            self.rows += 1;
            self.sorter.push(row).map_err(|error| OfficeFault::unwritable(self.folder.display(), error))?;
        }
        Ok(())
    }

    /// Gives the rows back in batches of at most `size`.
    pub(crate) fn sorted(self, size: usize) -> Answer<SortedSubjects> {
        let Self { sorter, folder, rows } = self;
        let merged = sorter.merge().map_err(|error| OfficeFault::unwritable(folder.display(), error))?;
        let (send, batches) = sync_channel(AHEAD);
        std::thread::spawn(move || {
            let mut merged = merged;
            while let Some(batch) = next_batch(&mut merged, size).transpose() {
                // The receiver is gone only when it has failed itself.
                if send.send(batch).is_err() {
                    return;
                }
            }
        });
        Ok(SortedSubjects { rows, folder, batches: batches.into_iter() })
    }
}

/// Returns the next rows; none at the end.
fn next_batch(merged: &mut MergedRuns<File>, size: usize) -> io::Result<Option<Vec<SubjectRow>>> {
    let batch: Vec<SubjectRow> = merged.take(size).collect::<io::Result<_>>()?;
    Ok((!batch.is_empty()).then_some(batch))
}
