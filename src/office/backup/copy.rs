//! Moving house: a database copied to another place, on a server or in a file, and looked at there.

use serde::Serialize;

use super::manifest::BackedFiles;
use super::take::FileCopying;
use crate::engine::{Refusal, RefusalCode};
use crate::files;
use crate::office::audit::verify::verify;
use crate::office::{Answer, live};
use crate::store::{CopyListener, Store, ledger};

/// What a copy came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CopyReport {
    pub from: String,
    pub to: String,
    /// Rows written now; fewer than there are where a copy went on that was begun before.
    pub rows: u64,
    pub entries: i64,
    pub files: BackedFiles,
    /// Problems that `verify` found in the original and in the copy.
    pub problems: [usize; 2],
}

impl CopyReport {
    /// Returns whether the copy is as good as the original, and that is good.
    pub fn is_sound(&self) -> bool {
        self.problems == [0, 0] && self.files.missing.is_empty()
    }
}

/// Copies a database that nobody dispatches on into an empty place, with the files of its orders, and verifies both.
///
/// # Refusals
/// R243 when the copy is not what was copied.
pub async fn copy_database(from: &Store, to: &Store, told: CopyListener<'_>) -> Answer<CopyReport> {
    let mut moment = from.read().await?;
    let rows = to.fill_from(&mut moment, told).await?;
    let (entries, ends) = (ledger::entries(&mut moment).await?, ledger::kept_heads(&mut moment).await?);
    drop(moment);
    if ledger::kept_heads(&mut to.read().await?).await? != ends {
        let to = to.address().display().to_string();
        return Err(Refusal::new(RefusalCode::BackupUnsound).with("path", to).with("what", "head").into());
    }
    let shelf = |store: &Store| files::beside(store.path());
    let files = FileCopying { from: shelf(from), before: None, to: shelf(to) }.copy_all(to).await?;
    let mut problems = [0, 0];
    for (store, problems) in [from, to].into_iter().zip(&mut problems) {
        if let Some(live) = live(store).await? {
            *problems = verify(store, &live).await?.problems.len();
        }
    }
    let [from, to] = [from, to].map(|store| store.address().display().to_string());
    Ok(CopyReport { from, to, rows, entries, files, problems })
}
