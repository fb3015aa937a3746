//! Errands: what is carried out after commit, outside, at least once, under a stable key.
//!
//! An errand is written with the act that causes it. A later pass finds out who is meant and puts
//! it into their messages ([`super::notices`]); from then on it is done, and what is tried,
//! repeated and given up is the message.
//!
//! # Shape
//! `addressee` is `officer/<id>`, `grid/<grid>`, `role/<role>`, `role/<role>/<station>`,
//! `duty/<duty>/<station>` or `station/<station>`. `body` is one JSON object; a message is written from
//! what is there, and every field may be missing:
//!
//! ```json
//! {"order": "东关所〔2026〕12号", "subject": "老街小吃店", "step": "patrol", "step_title": "第二步 实地巡查",
//!  "level": 2, "since": "2026-03-10", "due": "2026-03-13", "by": "王某", "reason": "材料不齐", "late": true}
//! ```
//!
//! `order` is the number people read, `since` the day the step was entered, `due` its last day,
//! `level` the rung that fired (0 a reminder), `by` and `reason` who did something to the order and
//! why, `blanks` the control numbers of what has to be brought back. Nothing else about a person belongs
//! there.

use std::fmt;

use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

/// One errand of an order's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// What is to be done, such as `told`.
    pub kind: String,
    /// For whom.
    pub addressee: String,
    /// JSON: what the receiver needs.
    pub body: String,
}

/// What names an errand, inside and outside.
///
/// # Shape
/// Written `home/seq/version/ordinal`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Key(pub String, pub i64, pub i64, pub i64);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(home, seq, version, ordinal) = self;
        write!(f, "{home}/{seq}/{version}/{ordinal}")
    }
}

/// An errand with its key: home, seq, version and ordinal.
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

impl Errand {
    /// Returns its key.
    pub fn key(&self) -> Key {
        Key(self.home.clone(), self.seq, self.version, self.ordinal)
    }
}

/// Errands that were given up for one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dead {
    /// Why.
    pub cause: String,
    /// How many.
    pub count: i64,
    /// Since when the oldest is.
    pub since: Stamp,
}

const WAITING: Sql = sql!("errands.waiting":
    "SELECT home, seq, version, ordinal, kind, addressee, body, attempts FROM errand "
    "WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at, home, seq, version, ordinal LIMIT $2");
const FIND: Sql = sql!("errands.find":
    "SELECT e.home, e.seq, e.version, e.ordinal, e.kind, e.addressee, e.body, e.attempts FROM " rows " AS k "
    "JOIN errand AS e ON e.home = k.value->>0 AND e.seq = CAST(k.value->>1 AS INTEGER) "
    "AND e.version = CAST(k.value->>2 AS INTEGER) AND e.ordinal = CAST(k.value->>3 AS INTEGER)");
const SETTLE: Sql = sql!("errands.settle":
    "UPDATE errand SET state = CASE WHEN k.value->>4 = '' THEN 'done' ELSE 'dead' END, "
    "attempts = attempts + 1, next_at = $2, cause = NULLIF(k.value->>4, '') FROM " rows " AS k "
    "WHERE errand.home = k.value->>0 AND errand.seq = CAST(k.value->>1 AS INTEGER) "
    "AND errand.version = CAST(k.value->>2 AS INTEGER) AND errand.ordinal = CAST(k.value->>3 AS INTEGER) "
    "AND errand.state = 'waiting'");
const COUNT: Sql = sql!("errands.count": "SELECT COUNT(*) FROM errand WHERE state = $1");
const OF_ORDERS: Sql = sql!("errands.of_orders":
    "SELECT home, seq, version, ordinal, kind, addressee, body, attempts FROM errand "
    "WHERE home = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq, version, ordinal");
const NEXT: Sql = sql!("errands.next":
    "SELECT COALESCE(MAX(version), 0) + 1 FROM errand WHERE home = $1 AND seq = $2");
const DEAD: Sql = sql!("errands.dead":
    "SELECT COALESCE(cause, ''), COUNT(*), MIN(next_at) FROM errand WHERE state = 'dead' GROUP BY cause ORDER BY cause");
const RETRY: Sql = sql!("errands.retry":
    "UPDATE errand SET state = 'waiting', attempts = 0, next_at = $2, cause = NULL "
    "WHERE state = 'dead' AND (cause = $1 OR substr(cause, 1, length($1) + 1) = $1 || '/')");
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

pub(super) const ALL: &[Sql] = &[WAITING, FIND, SETTLE, COUNT, OF_ORDERS, NEXT, DEAD, RETRY];
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

/// Reads at most `limit` errands to be carried out now, longest waiting first.
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

/// Reads the errands of these keys, in no order.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn find(at: &mut impl Reads, keys: impl IntoIterator<Item = &Key>) -> Result<Vec<Errand>, Fault> {
    let keys = json_rows(keys.into_iter().map(|Key(home, seq, version, ordinal)| {
        [home.clone(), seq.to_string(), version.to_string(), ordinal.to_string()]
    }));
    rows(at, FIND, args!(text & keys)).await?.iter().map(read).collect()
}

/// Notes what became of errands, all in one statement: done, or given up for a cause.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn settle_many(tx: &mut Tx, settled: &[(Key, Option<String>)], now: Stamp) -> Result<u64, Fault> {
    let rows = json_rows(settled.iter().map(|(Key(home, seq, version, ordinal), cause)| {
        let cause = cause.clone().unwrap_or_default();
        [home.clone(), seq.to_string(), version.to_string(), ordinal.to_string(), cause]
    }));
    tx.run(SETTLE, args!(text &rows, stamp now)).await
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

/// Counts the errands that were given up, by cause.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn dead(at: &mut impl Reads) -> Result<Vec<Dead>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "errand");
        Ok(Dead { cause: columns.next()?, count: columns.next()?, since: columns.exact()? })
    };
    rows(at, DEAD, args!()).await?.iter().map(read).collect()
}

/// Lets errands given up for a cause, or for one below it (`nobody` is above `nobody/role/法制科`),
/// be carried out again; returns how many.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn retry(tx: &mut Tx, cause: &str, now: Stamp) -> Result<u64, Fault> {
    tx.run(RETRY, args!(text cause, stamp now)).await
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
