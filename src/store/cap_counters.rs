//! How many orders were opened for whom in which period: what caps count.
//!
//! Kept up in the transaction that opens the orders, so that a tick asks for the few whom its
//! candidates concern and does not count orders again.

use std::collections::BTreeMap;

use crate::id::TriggerId;

use super::record::{read_all, record};
use super::row_stream::stream;
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, RowStream, Tx};

record! {
    /// Whose orders, in which period.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct TallyKey in "tally" by "workflow, \"trigger\", per, whom, period" {
        pub trigger: TriggerId = (TriggerId),
        /// `officer`, `grid` or `station`.
        pub per: String,
        pub whom: String,
        /// A day, ISO week, month or year as text.
        pub period: String,
    }
}

const FIND: Sql = sql!("tallies.find":
    "SELECT whom, opened FROM tally "
    "WHERE workflow = $1 AND \"trigger\" = $2 AND per = $3 AND period = $4 ORDER BY whom");
const ADD: Bulk = bulk!("tallies.add":
    insert "tally" ((TallyKey) ", opened")
    " ON CONFLICT (" (TallyKey) ") DO UPDATE SET opened = tally.opened + excluded.opened");
const LIST: Sql = sql!("tallies.list":
    "SELECT " (TallyKey) ", opened FROM tally ORDER BY workflow, \"trigger\", per, whom, period");

statements!(FIND, LIST; ADD);

/// Returns the counts of one trigger in one period, by whom.
pub async fn of_period(
    at: &mut impl Reads,
    trigger: TriggerId<&str>,
    per: &str,
    period: &str,
) -> Result<BTreeMap<String, i64>> {
    read_all(at, FIND, (trigger, per, period)).await
}

/// Reads all counts.
pub fn all(at: &mut impl Reads) -> RowStream<'_, (TallyKey, i64)> {
    stream(at, LIST, ())
}

/// Adds to counts.
pub async fn add_many(tx: &mut Tx, counts: &BTreeMap<TallyKey, i64>) -> Result<()> {
    let counts: Vec<(&TallyKey, &i64)> = counts.iter().collect();
    tx.write_rows(&ADD, &counts).await.map(drop)
}
