//! How many orders were opened for whom in which period: what caps count.
//!
//! Kept up in the transaction that opens the orders, so that a tick asks for the few whom its
//! candidates concern and does not count orders again.

use std::collections::BTreeMap;

use super::sql::{Sql, args, json_rows, sql};
use super::tx::{Columns, rows};
use super::{Fault, Reads, Tx};

/// Whose orders, in which period.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Workflow.
    pub workflow: String,
    /// Trigger.
    pub trigger: String,
    /// `officer`, `grid` or `station`.
    pub per: String,
    /// Whose.
    pub whom: String,
    /// A day, ISO week, month or year as text.
    pub period: String,
}

const FIND: Sql = sql!("tallies.find":
    "SELECT whom, opened FROM tally "
    "WHERE workflow = $1 AND \"trigger\" = $2 AND per = $3 AND period = $4 ORDER BY whom");
const ADD: Sql = sql!("tallies.add":
    "INSERT INTO tally (workflow, \"trigger\", per, whom, period, opened) "
    "SELECT e.value->>0, e.value->>1, e.value->>2, e.value->>3, e.value->>4, CAST(e.value->>5 AS BIGINT) "
    "FROM " rows " AS e WHERE TRUE ON CONFLICT (workflow, \"trigger\", per, whom, period) "
    "DO UPDATE SET opened = tally.opened + excluded.opened");

pub(super) const ALL: &[Sql] = &[FIND, ADD];

/// Returns the counts of one trigger in one period, by whom.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn of_period(
    at: &mut impl Reads,
    (workflow, trigger): (&str, &str),
    per: &str,
    period: &str,
) -> Result<BTreeMap<String, i64>, Fault> {
    let args = args!(text workflow, text trigger, text per, text period);
    let found = rows(at, FIND, args).await?;
    let read = |row| {
        let mut columns = Columns::of(row, "tally");
        Ok((columns.next()?, columns.next()?))
    };
    found.iter().map(read).collect()
}

/// Adds to counts.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_many(tx: &mut Tx, counts: &BTreeMap<Key, i64>) -> Result<(), Fault> {
    let keys = json_rows(counts.iter().map(|(key, opened)| {
        let Key { workflow, trigger, per, whom, period } = key;
        let [workflow, trigger, per, whom] = [workflow, trigger, per, whom].map(String::as_str);
        [workflow, trigger, per, whom, period, &opened.to_string()].map(str::to_owned)
    }));
    tx.run(ADD, args!(text & keys)).await.map(|_| ())
}
