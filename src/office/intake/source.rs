//! Which file is taken, and where to.

use std::path::PathBuf;

use crate::lang::Lang;
use crate::policy::ImportKind;

/// What to take.
#[derive(Clone, Debug)]
pub struct ImportSource {
    /// Which register the rows go to.
    pub kind: ImportKind,
    /// Which import map of `bureau.yaml`.
    pub map: String,
    /// Where the file is; rejects are written beside it.
    pub path: PathBuf,
    /// Language of the rejects file.
    pub lang: Lang,
    /// Who takes it; the administrator where nobody is named.
    pub by: Option<String>,
    /// Whether it is only tried, and nothing stored.
    pub is_trial: bool,
}

/// Rows of one batch: what is held in memory twice over.
pub(crate) const BATCH: usize = 10_000;
