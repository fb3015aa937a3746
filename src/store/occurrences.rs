//! Firings that were evaluated, each with its outcome.

use crate::id::TriggerId;
use crate::time::Stamp;

use super::record::{read_all, record};
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, Tx};

record! {
    /// One evaluated firing.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Occurrence in "occurrence" by "workflow, \"trigger\", nominal" {
        pub trigger: TriggerId = (TriggerId),
        /// The instant meant.
        pub nominal: Stamp,
        /// `fired`, `missed` or `skipped`.
        pub outcome: String,
        /// Why, when it did not simply fire.
        pub reason: Option<String>,
        /// When it was evaluated.
        pub at: Stamp,
        /// Orders it opened.
        pub opened: i64,
    }
}

const ADD: Bulk = bulk!("occurrences.add": insert Occurrence (replace Occurrence));
const EVERY: Sql = sql!("occurrences.all":
    "SELECT " (Occurrence) " FROM occurrence ORDER BY workflow, \"trigger\", nominal");

statements!(EVERY; ADD);

/// Records a firing; a firing in progress is recorded with every batch it opens.
pub async fn record(tx: &mut Tx, occurrence: &Occurrence) -> Result<()> {
    tx.write_rows(&ADD, &[occurrence]).await.map(drop)
}

/// Lists every evaluated firing.
pub async fn all(at: &mut impl Reads) -> Result<Vec<Occurrence>> {
    read_all(at, EVERY, ()).await
}
