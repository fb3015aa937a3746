//! Firings that were evaluated, each with its outcome.

use crate::id::TriggerId;
use crate::time::Stamp;

use super::record::{read_all, read_first, record};
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

const OPENED: Sql = sql!("occurrences.opened":
    "SELECT CAST(COALESCE(SUM(opened), 0) AS BIGINT) FROM occurrence "
    "WHERE workflow = $1 AND \"trigger\" = $2 AND nominal < $3 AND at >= $3");

statements!(EVERY, OPENED; ADD);

/// Counts the orders of a trigger's earlier firings that were evaluated at the moment of this one or after it.
pub async fn opened_by_earlier(at: &mut impl Reads, trigger: TriggerId<&str>, nominal: Stamp) -> Result<u64> {
    let opened: i64 = read_first(at, OPENED, (trigger, nominal)).await?.unwrap_or(0);
    Ok(u64::try_from(opened).unwrap_or(0))
}

/// Records a firing that was evaluated.
pub async fn record(tx: &mut Tx, occurrence: &Occurrence) -> Result<()> {
    tx.write_rows(&ADD, &[occurrence]).await.map(drop)
}

/// Lists every evaluated firing.
pub async fn all(at: &mut impl Reads) -> Result<Vec<Occurrence>> {
    read_all(at, EVERY, ()).await
}
