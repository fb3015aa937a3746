//! Acts by the key their sender gave, so that a repeated one gets the first one's answer.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::id::OrderId;
use crate::time::Stamp;

use super::record::{read_all, record};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, RowContent, Tx};

record! {
    /// An act that was carried out, under its sender's key.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AnsweredAct in "act" {
        pub order: OrderId = (OrderId),
        /// The key its sender gave.
        pub key: String,
        /// The first digits of the digest of what was asked.
        pub act: String,
        /// JSON of what was answered, but for what the order says.
        pub answer: String,
        pub at: Stamp,
    }
}

const FIND: Sql = sql!("acts.find":
    "SELECT " (AnsweredAct as a) " FROM " rows " AS e CROSS JOIN act AS a "
    "WHERE a.home = e.value->>0 AND a.seq = CAST(e.value->>1 AS BIGINT) AND a.key = e.value->>2");
const ADD: Bulk = bulk!("acts.add": insert AnsweredAct);
const OF_ORDERS: Sql = sql!("acts.of_orders":
    "SELECT " (AnsweredAct) " FROM act WHERE home = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq, key");

statements!(FIND, OF_ORDERS; ADD);

/// Finds acts by order and key.
pub async fn find_many(
    at: &mut impl Reads,
    keys: &[(&OrderId, &str)],
) -> Result<BTreeMap<(OrderId, String), AnsweredAct>> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found: Vec<AnsweredAct> = read_all(at, FIND, json_rows(keys)).await?;
    Ok(found.into_iter().map(|act| ((act.order.clone(), act.key.clone()), act)).collect())
}

/// Lists the acts on a stretch of a home's orders, both ends included.
pub async fn of_orders(
    at: &mut impl Reads,
    home: &str,
    seqs: RangeInclusive<i64>,
) -> Result<Vec<AnsweredAct>> {
    read_all(at, OF_ORDERS, (home, seqs)).await
}

/// Says what the row of an act holds.
pub fn content(act: &AnsweredAct) -> RowContent {
    RowContent::of(act)
}

/// Keeps acts under their keys.
///
/// # Errors
/// [`super::StoreFault`] when the database refuses, as it does a key that is there already.
pub async fn add_many(tx: &mut Tx, acts: &[AnsweredAct]) -> Result<()> {
    tx.write_rows(&ADD, acts).await.map(drop)
}
