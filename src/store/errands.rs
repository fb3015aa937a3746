//! Errands: what is carried out after commit, outside, at least once, under a stable key.

use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

/// One errand of an order's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// What is to be done, such as `tell`.
    pub kind: String,
    /// For whom.
    pub addressee: String,
    /// JSON: what the receiver needs.
    pub body: String,
}

/// A waiting errand; home, seq, version and ordinal are the receiver's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// Home station of its order.
    pub home: String,
    /// Running number of its order.
    pub seq: i64,
    /// Version of the order it belongs to.
    pub version: i64,
    /// Place among the errands of that version.
    pub ordinal: i64,
    /// What it says.
    pub errand: New,
    /// How often it was tried.
    pub attempts: i64,
}

/// What became of an errand that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is done.
    Done,
    /// It is tried again then.
    Again(Stamp),
    /// It is given up.
    Dead,
}

const WAITING: Sql = sql!("errands.waiting":
    "SELECT home, seq, version, ordinal, kind, addressee, body, attempts FROM errand "
    "WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at, home, seq, version, ordinal LIMIT $2");
const SETTLE: Sql = sql!("errands.settle":
    "UPDATE errand SET state = $5, attempts = attempts + 1, next_at = $6 "
    "WHERE home = $1 AND seq = $2 AND version = $3 AND ordinal = $4 AND state = 'waiting'");
const COUNT: Sql = sql!("errands.count": "SELECT COUNT(*) FROM errand WHERE state = $1");
const OF_ORDERS: Sql = sql!("errands.of_orders":
    "SELECT home, seq, version, ordinal, kind, addressee, body, attempts FROM errand "
    "WHERE home = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq, version, ordinal");
const NEXT: Sql = sql!("errands.next":
    "SELECT COALESCE(MAX(version), 0) + 1 FROM errand WHERE home = $1 AND seq = $2");
const ADD: Bulk = bulk!("errands.add":
    "WITH new (home, seq, ordinal, kind, addressee, body) AS (VALUES ",
    "(?,?,?,?,?,?)",
    ") INSERT INTO errand (home, seq, version, ordinal, kind, addressee, body, state, attempts, next_at) \
     SELECT home, seq, ?, ordinal, kind, addressee, body, 'waiting', 0, ? FROM new");

const ADD_EACH: Bulk = bulk!("errands.add_each":
    "WITH new (home, seq, version, ordinal, kind, addressee, body, next_at) AS (VALUES ",
    "(?,?,?,?,?,?,?,?)",
    ") INSERT INTO errand (home, seq, version, ordinal, kind, addressee, body, state, attempts, next_at) \
     SELECT home, seq, version, ordinal, kind, addressee, body, 'waiting', 0, next_at FROM new");

pub(super) const ALL: &[Sql] = &[WAITING, SETTLE, COUNT, OF_ORDERS, NEXT];
pub(super) const BULK: &[Bulk] = &[ADD, ADD_EACH];

/// Writes errands of one version of many orders, each with home, number and ordinal.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_many(
    tx: &mut Tx,
    version: i64,
    errands: &[((&str, i64, i64), &New)],
    now: Stamp,
) -> Result<(), Fault> {
    let bind = |args: &mut Args, ((home, seq, ordinal), errand): &((&str, i64, i64), &New)| {
        args.text(home);
        args.int(*seq);
        args.int(*ordinal);
        args.text(&errand.kind);
        args.text(&errand.addressee);
        args.text(&errand.body);
    };
    let common = |args: &mut Args| {
        args.int(version);
        args.stamp(now);
    };
    tx.write_many(&ADD, errands, bind, common).await.map(|_| ())
}

/// Where an errand stands: the receiver's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place<'a> {
    /// Home station of its order.
    pub home: &'a str,
    /// Running number of its order.
    pub seq: i64,
    /// Version of the order it belongs to.
    pub version: i64,
    /// Place among the errands of that version.
    pub ordinal: i64,
}

/// Writes errands of orders at various versions, each with the moment it begins to wait.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_each(tx: &mut Tx, errands: &[(Place<'_>, New, Stamp)]) -> Result<(), Fault> {
    let bind = |args: &mut Args, (place, errand, at): &(Place<'_>, New, Stamp)| {
        args.text(place.home);
        args.int(place.seq);
        args.int(place.version);
        args.int(place.ordinal);
        args.text(&errand.kind);
        args.text(&errand.addressee);
        args.text(&errand.body);
        args.stamp(*at);
    };
    tx.write_many(&ADD_EACH, errands, bind, |_| {}).await.map(|_| ())
}

/// Reads at most `limit` errands to be tried now, longest waiting first.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn waiting(at: &mut impl Reads, now: Stamp, limit: i64) -> Result<Vec<Errand>, Fault> {
    rows(at, WAITING, args!(stamp now, int limit)).await?.iter().map(read).collect()
}

/// Lists the errands of a stretch of a home's orders, both ends included, whatever became of them.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn of_orders(
    at: &mut impl Reads,
    home: &str,
    (first, last): (i64, i64),
) -> Result<Vec<Errand>, Fault> {
    rows(at, OF_ORDERS, args!(text home, int first, int last)).await?.iter().map(read).collect()
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Errand, Fault> {
    let mut columns = Columns::of(row, "errand");
    Ok(Errand {
        home: columns.next()?,
        seq: columns.next()?,
        version: columns.next()?,
        ordinal: columns.next()?,
        errand: New { kind: columns.next()?, addressee: columns.next()?, body: columns.next()? },
        attempts: columns.next()?,
    })
}

/// Notes what became of an errand.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn settle(tx: &mut Tx, errand: &Errand, tried: Tried, now: Stamp) -> Result<(), Fault> {
    let (state, next_at) = match tried {
        Tried::Done => ("done", now),
        Tried::Again(then) => ("waiting", then),
        Tried::Dead => ("dead", now),
    };
    let args = args!(
        text &errand.home, int errand.seq, int errand.version, int errand.ordinal,
        text state, stamp next_at,
    );
    tx.run(SETTLE, args).await.map(|_| ())
}

/// Counts errands in a state: `waiting`, `done` or `dead`.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn count(at: &mut impl Reads, state: &str) -> Result<i64, Fault> {
    let found = row(at, COUNT, args!(text state)).await?;
    found.map_or(Ok(0), |found| Columns::of(&found, "errand").next())
}

/// Returns the version that no errand of an order has yet; for errands that no version made.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn next_version(at: &mut impl Reads, home: &str, seq: i64) -> Result<i64, Fault> {
    let found = row(at, NEXT, args!(text home, int seq)).await?;
    found.map_or(Ok(1), |found| Columns::of(&found, "errand").next())
}
