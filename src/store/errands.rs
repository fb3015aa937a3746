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
use std::ops::RangeInclusive;

use crate::time::Stamp;

use super::args::{Bind, ValueSink};
use super::record::{read_all, read_count, read_first, record};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Fault, Reads, Tx};

record! {
    /// One errand of an order's version.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct New in "errand" {
        /// What is to be done, such as `told`.
        pub kind: String,
        /// For whom.
        pub addressee: String,
        /// JSON: what the receiver needs.
        pub body: String,
    }
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

impl Bind for Key {
    const WIDTH: usize = 4;

    fn bind(&self, out: &mut impl ValueSink) {
        let Self(home, seq, version, ordinal) = self;
        (home, seq, version, ordinal).bind(out);
    }
}

record! {
    /// An errand with its key: home, seq, version and ordinal.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Errand in "errand" {
        /// Home station of its order.
        pub home: String,
        /// Running number of its order.
        pub seq: i64,
        /// Version of the order it belongs to.
        pub version: i64,
        /// Place among the errands of that version.
        pub ordinal: i64,
        /// What it says.
        pub errand: New = (New),
        /// How often it was tried.
        pub attempts: i64,
    }
}

impl Errand {
    /// Returns its key.
    pub fn key(&self) -> Key {
        Key(self.home.clone(), self.seq, self.version, self.ordinal)
    }
}

record! {
    /// Errands that were given up for one cause.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Dead in "errand" {
        /// Why.
        pub cause: String = "COALESCE(cause, '')",
        /// How many.
        pub count: i64 = "COUNT(*)",
        /// Since when the oldest is.
        pub since: Stamp = "MIN(next_at)",
    }
}

const WAITING: Sql = sql!("errands.waiting":
    "SELECT " (Errand) " FROM errand "
    "WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at, home, seq, version, ordinal LIMIT $2");
const FIND: Sql = sql!("errands.find":
    "SELECT " (Errand as e) " FROM " rows " AS k "
    "JOIN errand AS e ON e.home = k.value->>0 AND e.seq = CAST(k.value->>1 AS BIGINT) "
    "AND e.version = CAST(k.value->>2 AS BIGINT) AND e.ordinal = CAST(k.value->>3 AS BIGINT)");
const SETTLE: Sql = sql!("errands.settle":
    "UPDATE errand SET state = CASE WHEN k.value->>4 IS NULL THEN 'done' ELSE 'dead' END, "
    "attempts = attempts + 1, next_at = $2, cause = k.value->>4 FROM " rows " AS k "
    "WHERE errand.home = k.value->>0 AND errand.seq = CAST(k.value->>1 AS BIGINT) "
    "AND errand.version = CAST(k.value->>2 AS BIGINT) AND errand.ordinal = CAST(k.value->>3 AS BIGINT) "
    "AND errand.state = 'waiting'");
const COUNT: Sql = sql!("errands.count": "SELECT COUNT(*) FROM errand WHERE state = $1");
const OF_ORDERS: Sql = sql!("errands.of_orders":
    "SELECT " (Errand) " FROM errand WHERE home = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq, version, ordinal");
const NEXT: Sql = sql!("errands.next":
    "SELECT COALESCE(MAX(version), 0) + 1 FROM errand WHERE home = $1 AND seq = $2");
const DEAD: Sql = sql!("errands.dead":
    "SELECT " (Dead) " FROM errand WHERE state = 'dead' GROUP BY cause ORDER BY cause");
const RETRY: Sql = sql!("errands.retry":
    "UPDATE errand SET state = 'waiting', attempts = 0, next_at = $2, cause = NULL "
    "WHERE state = 'dead' AND (cause = $1 OR substr(cause, 1, length($1) + 1) = $1 || '/')");
const ADD: Bulk = bulk!("errands.add":
    with ("home, seq, ordinal, " (New))
    "INSERT INTO errand (home, seq, ordinal, " (New) ", version, state, attempts, next_at) "
    "SELECT home, seq, ordinal, " (New) ", ?, 'waiting', 0, ? FROM new");
const ADD_EACH: Bulk = bulk!("errands.add_each":
    with ("home, seq, version, ordinal, " (New) ", next_at")
    "INSERT INTO errand (home, seq, version, ordinal, " (New) ", next_at, state, attempts) "
    "SELECT home, seq, version, ordinal, " (New) ", next_at, 'waiting', 0 FROM new");

statements!(WAITING, FIND, SETTLE, COUNT, OF_ORDERS, NEXT, DEAD, RETRY; ADD, ADD_EACH);

/// Writes errands of one version of many orders, each with home, number and ordinal.
pub async fn add_many(
    tx: &mut Tx,
    version: i64,
    errands: &[((&str, i64, i64), &New)],
    now: Stamp,
) -> Result<(), Fault> {
    tx.write_rows_with(&ADD, errands, (version, now)).await.map(drop)
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

impl Bind for Place<'_> {
    const WIDTH: usize = 4;

    fn bind(&self, out: &mut impl ValueSink) {
        (self.home, self.seq, self.version, self.ordinal).bind(out);
    }
}

/// Writes errands of orders at various versions, each with the moment it begins to wait.
pub async fn add_each(tx: &mut Tx, errands: &[(Place<'_>, New, Stamp)]) -> Result<(), Fault> {
    tx.write_rows(&ADD_EACH, errands).await.map(drop)
}

/// Reads at most `limit` errands to be carried out now, longest waiting first.
pub async fn waiting(at: &mut impl Reads, now: Stamp, limit: i64) -> Result<Vec<Errand>, Fault> {
    read_all(at, WAITING, (now, limit)).await
}

/// Lists the errands of a stretch of a home's orders, both ends included, whatever became of them.
pub async fn of_orders(
    at: &mut impl Reads,
    home: &str,
    seqs: RangeInclusive<i64>,
) -> Result<Vec<Errand>, Fault> {
    read_all(at, OF_ORDERS, (home, seqs)).await
}

/// Reads the errands of these keys, in no order.
pub async fn find(at: &mut impl Reads, keys: impl IntoIterator<Item = &Key>) -> Result<Vec<Errand>, Fault> {
    read_all(at, FIND, json_rows(keys)).await
}

/// Notes what became of errands, all in one statement: done, or given up for a cause.
pub async fn settle_many(tx: &mut Tx, settled: &[(Key, Option<String>)], now: Stamp) -> Result<u64, Fault> {
    tx.execute(SETTLE, (json_rows(settled), now)).await
}

/// Counts errands in a state: `waiting`, `done` or `dead`.
pub async fn count(at: &mut impl Reads, state: &str) -> Result<i64, Fault> {
    read_count(at, COUNT, state).await
}

/// Returns the version that no errand of an order has yet; for errands that no version made.
pub async fn next_version(at: &mut impl Reads, home: &str, seq: i64) -> Result<i64, Fault> {
    Ok(read_first(at, NEXT, (home, seq)).await?.unwrap_or(1))
}

/// Counts the errands that were given up, by cause.
pub async fn dead(at: &mut impl Reads) -> Result<Vec<Dead>, Fault> {
    read_all(at, DEAD, ()).await
}

/// Lets errands given up for a cause, or for one below it (`nobody` is above `nobody/role/法制科`),
/// be carried out again; returns how many.
pub async fn retry(tx: &mut Tx, cause: &str, now: Stamp) -> Result<u64, Fault> {
    tx.execute(RETRY, (cause, now)).await
}
