//! Terms of open steps: deadlines and escalation levels, each a row that fires at most once.

use std::ops::RangeInclusive;

use crate::engine::{Key, TermRow};
use crate::id::OrderId;
use crate::time::Stamp;

use super::args::{Bind, ValueSink};
use super::record::{read_all, record};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Fault, Reads, Tx};

record! {
    /// One term of a step that is being entered.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct New in "term" {
        /// `due`, `overdue` or `wait`.
        pub kind: String,
        /// Escalation level; 0 for the others.
        pub level: i64,
        /// When it fires.
        pub fires_at: Stamp,
        /// Last day of the term.
        pub end_on: String,
        /// JSON: kind, count, anchor, calendar revision, raw end.
        pub basis: String,
        /// When it was told already on entering.
        pub fired_at: Option<Stamp>,
    }
}

record! {
    /// A stored term.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Term in "term" by "home, seq, step, visit, kind, level" {
        /// Home station of its order.
        pub home: String,
        /// Running number of its order.
        pub seq: i64,
        /// Step.
        pub step: String,
        /// Visit of the step.
        pub visit: i64,
        /// What it is and says.
        pub term: New = (New),
    }
}

/// A term as the engine has it, less its order: the columns of a [`Term`] from `step` on.
impl Bind for TermRow {
    const WIDTH: usize = Term::WIDTH - 2;

    fn bind(&self, out: &mut impl ValueSink) {
        (&self.step, self.visit, self.kind.into_str(), self.level).bind(out);
        (self.fires_at, self.end_on, &self.basis, self.fired_at).bind(out);
    }
}

const OF_ORDER: Sql = sql!("terms.of_order":
    "SELECT " (Term) " FROM term WHERE home = $1 AND seq = $2 ORDER BY fires_at, step, visit, kind, level");
const OF_ORDERS: Sql = sql!("terms.of_orders":
    "SELECT " (Term) " FROM term "
    "WHERE home = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq, fires_at, step, visit, kind, level");
const FIRING: Sql = sql!("terms.firing":
    "SELECT " (Term) " FROM term WHERE fired_at IS NULL AND fires_at <= $1 "
    "ORDER BY fires_at, home, seq, step, visit, kind, level LIMIT $2");
const MOVE: Sql = sql!("terms.move":
    "UPDATE term SET fires_at = $7, end_on = $8, basis = $9 WHERE home = $1 AND seq = $2 AND step = $3 "
    "AND visit = $4 AND kind = $5 AND level = $6 AND fired_at IS NULL");
const FIRE: Sql = sql!("terms.fire":
    "UPDATE term SET fired_at = $2 WHERE fired_at IS NULL AND (home, seq, step, visit, kind, level) IN "
    "(SELECT e.value->>0, CAST(e.value->>1 AS BIGINT), e.value->>2, CAST(e.value->>3 AS BIGINT), "
    "e.value->>4, CAST(e.value->>5 AS BIGINT) FROM " rows " AS e)");
const ADD: Bulk = bulk!("terms.add":
    with ("home, seq, " (New))
    "INSERT INTO term (home, seq, " (New) ", step, visit) SELECT home, seq, " (New) ", ?, ? FROM new");
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

statements!(OF_ORDER, OF_ORDERS, FIRING, FIRE, MOVE, TAKE_BACK, TAKE_BACK_ALL; ADD, ADD_EACH);

/// Writes the terms of one step's visit for many orders, each given by home and number.
pub async fn add_many(tx: &mut Tx, visit: (&str, i64), terms: &[((&str, i64), &New)]) -> Result<(), Fault> {
    tx.write_rows_with(&ADD, terms, visit).await.map(drop)
}

/// Takes back what has not fired of visits that were left.
pub async fn take_back(tx: &mut Tx, visits: &[(&Key, &str, u32)]) -> Result<(), Fault> {
    if visits.is_empty() {
        return Ok(());
    }
    tx.execute(TAKE_BACK, json_rows(visits)).await.map(drop)
}

/// Takes back all that has not fired of orders that ended.
pub async fn take_back_all(tx: &mut Tx, orders: &[&Key]) -> Result<(), Fault> {
    if orders.is_empty() {
        return Ok(());
    }
    tx.execute(TAKE_BACK_ALL, json_rows(orders)).await.map(drop)
}

/// Writes terms of various visits; a level that has fired stays as it is.
pub async fn add_each(tx: &mut Tx, terms: &[(&Key, &TermRow)]) -> Result<(), Fault> {
    tx.write_rows(&ADD_EACH, terms).await.map(drop)
}

/// Lists the terms of an order, by the moment they fire.
pub async fn of_order(at: &mut impl Reads, home: &str, seq: i64) -> Result<Vec<Term>, Fault> {
    read_all(at, OF_ORDER, (home, seq)).await
}

/// Lists the terms of a stretch of a home's orders, both ends included: by order, by the moment.
pub async fn of_orders(
    at: &mut impl Reads,
    home: &str,
    seqs: RangeInclusive<i64>,
) -> Result<Vec<Term>, Fault> {
    read_all(at, OF_ORDERS, (home, seqs)).await
}

/// Reads at most `limit` terms whose moment has come and that have not fired, earliest first.
pub async fn firing(at: &mut impl Reads, now: Stamp, limit: i64) -> Result<Vec<Term>, Fault> {
    read_all(at, FIRING, (now, limit)).await
}

/// One visit of a step of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit<'a> {
    /// The order.
    pub order: OrderId<&'a str>,
    /// The step.
    pub step: &'a str,
    /// Which visit of it.
    pub number: i64,
}

/// Moves the terms of one step's visit that have not fired.
pub async fn move_many(tx: &mut Tx, visit: Visit<'_>, terms: &[New]) -> Result<(), Fault> {
    let Visit { order, step, number } = visit;
    for New { kind, level, fires_at, end_on, basis, fired_at: _ } in terms {
        tx.execute(MOVE, (order, step, number, kind, level, fires_at, end_on, basis)).await?;
    }
    Ok(())
}

/// Notes that terms fired; returns how many had not before.
pub async fn fire_many(tx: &mut Tx, terms: &[Term], now: Stamp) -> Result<u64, Fault> {
    let key = |Term { home, seq, step, visit, term }: &Term| {
        (home.clone(), *seq, step.clone(), *visit, term.kind.clone(), term.level)
    };
    tx.execute(FIRE, (json_rows(terms.iter().map(key)), now)).await
}
