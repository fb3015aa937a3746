//! Terms of open steps: deadlines and escalation levels, each a row that fires at most once.

use std::ops::RangeInclusive;

use crate::engine::{TermKind, TermRow};
use crate::id::OrderId;
use crate::time::Stamp;

use super::record::{columns, read_all, record, words, written};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, Tx};

columns! {
    TermRow in "term" by "step, visit, kind, level" {
        step, visit, kind, level, fires_at, end_on, basis, fired_at
    }
}

record! {
    /// A stored term.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Term in "term" by "home, seq, step, visit, kind, level" {
        pub order: OrderId = (OrderId),
        /// What it is and says.
        pub row: TermRow = (TermRow),
    }
}

words! { TermKind }

/// A term of the visit that all terms written with it belong to.
struct OfVisit<'a>(OrderId<&'a str>, &'a TermRow);

written! {
    OfVisit<'_> => "term" by "home, seq";
    "home, seq, kind, level, fires_at, end_on, basis, fired_at",
    |Self(order, row)| (order, row.kind, row.level, row.fires_at, row.end_on, &row.basis, row.fired_at)
}

const OF_ORDER: Sql = sql!("terms.of_order":
    "SELECT " (Term) " FROM term WHERE home = $1 AND seq = $2 ORDER BY fires_at, step, visit, kind, level");
const OF_ORDERS: Sql = sql!("terms.of_orders":
    "SELECT " (Term) " FROM term "
    "WHERE home = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq, fires_at, step, visit, kind, level");
const OF_EACH: Sql = sql!("terms.of_each":
    "SELECT " (Term as t) " FROM " rows " AS e CROSS JOIN term AS t "
    "WHERE t.home = e.value->>0 AND t.seq = CAST(e.value->>1 AS BIGINT)");
const FIRING: Sql = sql!("terms.firing":
    "SELECT " (Term) " FROM term WHERE fired_at IS NULL AND fires_at <= $1 "
    "ORDER BY fires_at, home, seq, step, visit, kind, level LIMIT +$2");
const MOVE: Sql = sql!("terms.move":
    "UPDATE term SET fires_at = $7, end_on = $8, basis = $9 WHERE home = $1 AND seq = $2 AND step = $3 "
    "AND visit = $4 AND kind = $5 AND level = $6 AND fired_at IS NULL");
const FIRE: Sql = sql!("terms.fire":
    "UPDATE term SET fired_at = $2 WHERE fired_at IS NULL AND (home, seq, step, visit, kind, level) IN "
    "(SELECT e.value->>0, CAST(e.value->>1 AS BIGINT), e.value->>2, CAST(e.value->>3 AS BIGINT), "
    "e.value->>4, CAST(e.value->>5 AS BIGINT) FROM " rows " AS e)");
const ADD: Bulk = bulk!("terms.add":
    with ((OfVisit)) "INSERT INTO term (" (OfVisit) ", step, visit) SELECT " (OfVisit) ", ?, ? FROM new");
// The end of the order's window belongs to the order: leaving a step does not take it back.
const TAKE_BACK: Sql = sql!("terms.take_back":
    "DELETE FROM term WHERE fired_at IS NULL AND kind <> 'window' AND (home, seq, step, visit) IN "
    "(SELECT e.value->>0, CAST(e.value->>1 AS BIGINT), e.value->>2, CAST(e.value->>3 AS BIGINT) "
    "FROM " rows " AS e)");
const TAKE_BACK_ALL: Sql = sql!("terms.take_back_all":
    "DELETE FROM term WHERE fired_at IS NULL AND (home, seq) IN "
    "(SELECT e.value->>0, CAST(e.value->>1 AS BIGINT) FROM " rows " AS e)");
// What has fired stays as it is: a level fires at most once, even after an extension.
const ADD_EACH: Bulk = bulk!("terms.add_each": insert Term (keep Term));

statements!(OF_ORDER, OF_ORDERS, OF_EACH, FIRING, FIRE, MOVE, TAKE_BACK, TAKE_BACK_ALL; ADD, ADD_EACH);

/// Writes the terms of many orders that are all of one visit of one step.
pub async fn add_many(
    tx: &mut Tx,
    step: &str,
    visit: i64,
    terms: &[(OrderId<&str>, &TermRow)],
) -> Result<()> {
    let terms: Vec<OfVisit<'_>> = terms.iter().map(|(order, row)| OfVisit(*order, row)).collect();
    tx.write_rows_with(&ADD, &terms, (step, visit)).await.map(drop)
}

/// Takes back what has not fired of visits that were left.
pub async fn take_back(tx: &mut Tx, visits: &[(&OrderId, &str, u32)]) -> Result<()> {
    if visits.is_empty() {
        return Ok(());
    }
    tx.execute(TAKE_BACK, json_rows(visits)).await.map(drop)
}

/// Takes back all that has not fired of orders that ended.
pub async fn take_back_all(tx: &mut Tx, orders: &[&OrderId]) -> Result<()> {
    if orders.is_empty() {
        return Ok(());
    }
    tx.execute(TAKE_BACK_ALL, json_rows(orders)).await.map(drop)
}

/// Writes terms of various visits; a level that has fired stays as it is.
pub async fn add_each(tx: &mut Tx, terms: &[(&OrderId, &TermRow)]) -> Result<()> {
    tx.write_rows(&ADD_EACH, terms).await.map(drop)
}

/// Lists the terms of an order, by the moment they fire.
pub async fn of_order(at: &mut impl Reads, order: OrderId<&str>) -> Result<Vec<Term>> {
    read_all(at, OF_ORDER, order).await
}

/// Lists the terms of a stretch of a home's orders, both ends included: by order, by the moment.
pub async fn of_orders(at: &mut impl Reads, home: &str, seqs: RangeInclusive<i64>) -> Result<Vec<Term>> {
    read_all(at, OF_ORDERS, (home, seqs)).await
}

/// Reads the terms of some orders.
pub async fn of_each(at: &mut impl Reads, orders: &[&OrderId]) -> Result<Vec<Term>> {
    read_all(at, OF_EACH, json_rows(orders)).await
}

/// Reads at most `limit` terms whose moment has come and that have not fired, earliest first.
pub async fn firing(at: &mut impl Reads, now: Stamp, limit: i64) -> Result<Vec<Term>> {
    read_all(at, FIRING, (now, limit)).await
}

/// Moves terms of an order that have not fired.
pub async fn move_many(tx: &mut Tx, order: OrderId<&str>, terms: &[TermRow]) -> Result<()> {
    for TermRow { step, visit, kind, level, fires_at, end_on, basis, fired_at: _ } in terms {
        let key = (order, step, *visit, *kind, *level);
        tx.execute(MOVE, (key, *fires_at, *end_on, basis)).await?;
    }
    Ok(())
}

/// Notes that terms fired; returns how many had not before.
pub async fn fire_many(tx: &mut Tx, terms: &[Term], now: Stamp) -> Result<u64> {
    let keys =
        json_rows(terms.iter().map(|Term { order, row }| (order, &row.step, row.visit, row.kind, row.level)));
    tx.execute(FIRE, (keys, now)).await
}
