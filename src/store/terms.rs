//! Terms of open steps: deadlines and escalation levels, each a row that fires at most once.

use crate::engine::{Key, TermRow};
use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, rows};
use super::{Fault, Reads, Tx};

/// One term of a step that is being entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
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

/// A stored term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Home station of its order.
    pub home: String,
    /// Running number of its order.
    pub seq: i64,
    /// Step.
    pub step: String,
    /// Visit of the step.
    pub visit: i64,
    /// What it is and says.
    pub term: New,
}

const OF_ORDER: Sql = sql!("terms.of_order":
    "SELECT home, seq, step, visit, kind, level, fires_at, end_on, basis, fired_at FROM term "
    "WHERE home = $1 AND seq = $2 ORDER BY fires_at, step, visit, kind, level");
const OF_ORDERS: Sql = sql!("terms.of_orders":
    "SELECT home, seq, step, visit, kind, level, fires_at, end_on, basis, fired_at FROM term "
    "WHERE home = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq, fires_at, step, visit, kind, level");
const FIRING: Sql = sql!("terms.firing":
    "SELECT home, seq, step, visit, kind, level, fires_at, end_on, basis, fired_at FROM term "
    "WHERE fired_at IS NULL AND fires_at <= $1 "
    "ORDER BY fires_at, home, seq, step, visit, kind, level LIMIT $2");
const MOVE: Sql = sql!("terms.move":
    "UPDATE term SET fires_at = $7, end_on = $8, basis = $9 WHERE home = $1 AND seq = $2 AND step = $3 "
    "AND visit = $4 AND kind = $5 AND level = $6 AND fired_at IS NULL");
const FIRE: Sql = sql!("terms.fire":
    "UPDATE term SET fired_at = $2 WHERE fired_at IS NULL AND (home, seq, step, visit, kind, level) IN "
    "(SELECT e.value->>0, CAST(e.value->>1 AS BIGINT), e.value->>2, CAST(e.value->>3 AS BIGINT), "
    "e.value->>4, CAST(e.value->>5 AS BIGINT) FROM " rows " AS e)");
const ADD: Bulk = bulk!("terms.add":
    "WITH new (home, seq, kind, level, fires_at, end_on, basis, fired_at) AS (VALUES ",
    "(?,?,?,?,?,?,?,?)",
    ") INSERT INTO term (home, seq, step, visit, kind, level, fires_at, end_on, basis, fired_at) \
     SELECT home, seq, ?, ?, kind, level, fires_at, end_on, basis, fired_at FROM new");

// The end of the order's window belongs to the order: leaving a step does not take it back.
const TAKE_BACK: Sql = sql!("terms.take_back":
    "DELETE FROM term WHERE fired_at IS NULL AND kind <> 'window' AND (home, seq, step, visit) IN "
    "(SELECT e.value->>0, CAST(e.value->>1 AS BIGINT), e.value->>2, CAST(e.value->>3 AS BIGINT) "
    "FROM " rows " AS e)");
const TAKE_BACK_ALL: Sql = sql!("terms.take_back_all":
    "DELETE FROM term WHERE fired_at IS NULL AND (home, seq) IN "
    "(SELECT e.value->>0, CAST(e.value->>1 AS BIGINT) FROM " rows " AS e)");
// What has fired stays as it is: a level fires at most once, even after an extension.
const ADD_EACH: Bulk = bulk!("terms.add_each":
    "INSERT INTO term (home, seq, step, visit, kind, level, fires_at, end_on, basis, fired_at) VALUES ",
    "(?,?,?,?,?,?,?,?,?,?)", " ON CONFLICT (home, seq, step, visit, kind, level) DO NOTHING");

pub(super) const ALL: &[Sql] = &[OF_ORDER, OF_ORDERS, FIRING, FIRE, MOVE, TAKE_BACK, TAKE_BACK_ALL];
pub(super) const BULK: &[Bulk] = &[ADD, ADD_EACH];

/// Writes the terms of one step's visit for many orders, each given by home and number.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_many(
    tx: &mut Tx,
    (step, visit): (&str, i64),
    terms: &[((&str, i64), &New)],
) -> Result<(), Fault> {
    let bind = |args: &mut Args, ((home, seq), term): &((&str, i64), &New)| {
        args.text(home);
        args.int(*seq);
        args.text(&term.kind);
        args.int(term.level);
        args.stamp(term.fires_at);
        args.text(&term.end_on);
        args.text(&term.basis);
        args.maybe(term.fired_at.map(|at| at.to_string()).as_deref());
    };
    let common = |args: &mut Args| {
        args.text(step);
        args.int(visit);
    };
    tx.write_many(&ADD, terms, bind, common).await.map(|_| ())
}

/// Takes back what has not fired of visits that were left.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn take_back(tx: &mut Tx, visits: &[(&Key, &str, u32)]) -> Result<(), Fault> {
    if visits.is_empty() {
        return Ok(());
    }
    let keys = json_rows(visits.iter().map(|((home, seq), step, visit)| {
        [home.clone(), seq.to_string(), (*step).to_owned(), visit.to_string()]
    }));
    tx.run(TAKE_BACK, args!(text & keys)).await.map(|_| ())
}

/// Takes back all that has not fired of orders that ended.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn take_back_all(tx: &mut Tx, orders: &[&Key]) -> Result<(), Fault> {
    if orders.is_empty() {
        return Ok(());
    }
    let keys = json_rows(orders.iter().map(|(home, seq)| [home.clone(), seq.to_string()]));
    tx.run(TAKE_BACK_ALL, args!(text & keys)).await.map(|_| ())
}

/// Writes terms of various visits; a level that has fired stays as it is.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_each(tx: &mut Tx, terms: &[(&Key, &TermRow)]) -> Result<(), Fault> {
    let bind = |args: &mut Args, ((home, seq), term): &(&Key, &TermRow)| {
        args.text(home);
        args.int(*seq);
        args.text(&term.step);
        args.int(i64::from(term.visit));
        args.text(term.kind.name());
        args.int(i64::from(term.level));
        args.stamp(term.fires_at);
        args.day(term.end_on);
        args.text(&term.basis);
        args.maybe(term.fired_at.map(|at| at.to_string()).as_deref());
    };
    tx.write_many(&ADD_EACH, terms, bind, |_| {}).await.map(|_| ())
}

/// Lists the terms of an order, by the moment they fire.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn of_order(at: &mut impl Reads, home: &str, seq: i64) -> Result<Vec<Term>, Fault> {
    let found = rows(at, OF_ORDER, args!(text home, int seq)).await?;
    found.iter().map(read).collect()
}

/// Lists the terms of a stretch of a home's orders, both ends included: by order, by the moment.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn of_orders(
    at: &mut impl Reads,
    home: &str,
    (first, last): (i64, i64),
) -> Result<Vec<Term>, Fault> {
    rows(at, OF_ORDERS, args!(text home, int first, int last)).await?.iter().map(read).collect()
}

/// Reads at most `limit` terms whose moment has come and that have not fired, earliest first.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn firing(at: &mut impl Reads, now: Stamp, limit: i64) -> Result<Vec<Term>, Fault> {
    rows(at, FIRING, args!(stamp now, int limit)).await?.iter().map(read).collect()
}

/// Moves the terms of one step's visit that have not fired.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn move_many(
    tx: &mut Tx,
    (home, seq): (&str, i64),
    (step, visit): (&str, i64),
    terms: &[New],
) -> Result<(), Fault> {
    for term in terms {
        let args = args!(
            text home, int seq, text step, int visit, text &term.kind, int term.level,
            stamp term.fires_at, text &term.end_on, text &term.basis,
        );
        tx.run(MOVE, args).await?;
    }
    Ok(())
}

/// Notes that terms fired; returns how many had not before.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn fire_many(tx: &mut Tx, terms: &[Term], now: Stamp) -> Result<u64, Fault> {
    let keys = json_rows(terms.iter().map(|t| {
        let Term { home, seq, step, visit, term } = t;
        let (seq, visit, level) = (seq.to_string(), visit.to_string(), term.level.to_string());
        [home.clone(), seq, step.clone(), visit, term.kind.clone(), level]
    }));
    tx.run(FIRE, args!(text &keys, stamp now)).await
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Term, Fault> {
    read_columns(&mut Columns::of(row, "term"))
}

fn read_columns(columns: &mut Columns<'_>) -> Result<Term, Fault> {
    let (home, seq, step, visit) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let (kind, level) = (columns.next()?, columns.next()?);
    let (fires_at, end_on, basis) = (columns.exact()?, columns.next()?, columns.next()?);
    let fired_at = columns.maybe_parsed()?;
    let term = New { kind, level, fires_at, end_on, basis, fired_at };
    Ok(Term { home, seq, step, visit, term })
}
