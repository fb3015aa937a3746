//! How many orders were opened for whom in which period: what caps count.
//!
//! Kept up in the transaction that opens the orders, so that a tick asks for the few whom its
//! candidates concern and does not count orders again. They are kept by the home of the orders, as everything that
//! is written with an order; what somebody had is the sum over homes.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::TriggerId;

use super::record::{read_all, record};
use super::row_stream::stream;
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, RowStream, Tx};

record! {
    /// Whose orders, of which home, in which period.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct TallyKey in "tally" by "home, workflow, \"trigger\", per, period, whom" {
        /// Home of the orders; empty of what was counted before it was kept by homes.
        pub home: String,
        pub trigger: TriggerId = (TriggerId),
        /// `officer`, `grid`, `station` or `subject`.
        pub per: String,
        /// A day, ISO week, month or year as text.
        pub period: String,
        pub whom: String,
    }
}

const FIND: Sql = sql!("tallies.find":
    "SELECT t.whom, CAST(SUM(t.opened) AS BIGINT) FROM head AS h CROSS JOIN tally AS t WHERE t.home = h.chain "
    "AND t.workflow = $1 AND t.\"trigger\" = $2 AND t.per = $3 AND t.period = $4 GROUP BY t.whom ORDER BY t.whom");
const ADD: Bulk = bulk!("tallies.add":
    insert "tally" ((TallyKey) ", opened")
    " ON CONFLICT (" (TallyKey) ") DO UPDATE SET opened = tally.opened + excluded.opened");
const LIST: Sql = sql!("tallies.list":
    "SELECT " (TallyKey) ", opened FROM tally ORDER BY home, workflow, \"trigger\", per, period, whom");

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

/// Counts that are not what was told, as they were found and as they were told.
///
/// # Shape
/// Of what was counted before homes were kept only the sum over homes is known, and only that is compared.
#[derive(Debug, Default)]
pub struct TallyComparison {
    told: BTreeMap<TallyKey, i64>,
    found: BTreeMap<TallyKey, i64>,
}

impl TallyComparison {
    /// Begins with what was told.
    pub fn with(told: BTreeMap<TallyKey, i64>) -> Self {
        Self { told, found: BTreeMap::new() }
    }

    /// Takes in a count that was found.
    pub fn find(&mut self, key: TallyKey, count: i64) {
        if self.told.get(&key) == Some(&count) {
            self.told.remove(&key);
        } else {
            self.found.insert(key, count);
        }
    }

    /// Returns the keys under which something else was found than told.
    pub fn unlike(self) -> BTreeSet<TallyKey> {
        let Self { told, found } = self;
        let anywhere = |key: &TallyKey| TallyKey { home: String::new(), ..key.clone() };
        let of_before: BTreeSet<TallyKey> = found.keys().filter(|key| key.home.is_empty()).cloned().collect();
        let mut sums: BTreeMap<TallyKey, i64> = BTreeMap::new();
        let mut unlike = BTreeSet::new();
        for (key, count) in told
            .iter()
            .map(|(key, count)| (key, -count))
            .chain(found.iter().map(|(key, count)| (key, *count)))
        {
            let whole = anywhere(key);
            if of_before.contains(&whole) {
                *sums.entry(whole).or_insert(0) += count;
            } else {
                unlike.insert(key.clone());
            }
        }
        unlike.extend(sums.into_iter().filter(|(_, sum)| *sum != 0).map(|(key, _)| key));
        unlike
    }
}
