//! Which life of the database this is.

use std::collections::BTreeMap;

/// The epoch of a database that was never restored.
pub const FIRST_EPOCH: i64 = 1;

/// A life of a database: it begins a new one with every restore.
///
/// A restored database does not know what was told and numbered after its backup was made. What is told from
/// then on carries a higher epoch in its key, and orders are numbered from behind a floor. Both change only in a database
/// that nobody else has open, so whoever opened one knows them to the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseEpoch {
    /// 1, and one more with every restore.
    pub number: i64,
    /// Up to which running number orders of a home may have been opened in an earlier life; none where there was none.
    pub floors: BTreeMap<String, i64>,
}

impl Default for DatabaseEpoch {
    fn default() -> Self {
        Self { number: FIRST_EPOCH, floors: BTreeMap::new() }
    }
}

impl DatabaseEpoch {
    /// Returns the running number behind which the next order of a home is opened.
    pub fn behind(&self, home: &str, last: i64) -> i64 {
        self.floors.get(home).map_or(last, |floor| last.max(*floor))
    }
}
