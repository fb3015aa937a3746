//! The outbox: what is told after commit, outside, at least once, under a stable key.
//!
//! A message is put here with the act that causes it. A later pass finds out who is meant and puts
//! it into what they receive ([`super::notices`]); from then on it is done, and what is tried,
//! repeated and given up is the notice.
//!
//! # Shape
//! `addressee` is the text of an [`crate::engine::Addressee`]. `body` is one JSON object; a notice is written from
//! what is there, and every field may be missing:
//!
//! ```json
//! {"order": "东关所〔2026〕12号", "subject": "老街小吃店", "step": "patrol", "step_title": "第二步 实地巡查",
//!  "level": 2, "since": "2026-03-10", "due": "2026-03-13", "by": "王某", "reason": "材料不齐", "late": true}
//! ```
//!
//! `order` is the number people read, `since` the day the step was entered, `due` its last day,
//! `level` the rung that fired (0 a reminder), `by` and `reason` who did something to the order and
//! why, `of` what one of several terms is for, `terms` all of them, `blanks` the control numbers of what has to be brought back. Nothing else about a person belongs
//! there.

use std::fmt;
use std::ops::RangeInclusive;

use crate::engine::OutboxMessage;
use crate::id::OrderId;
use crate::time::Stamp;

use super::epoch::FIRST_EPOCH;
use super::record::{columns, read_all, read_count, read_first, record};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Recording, Result, Tx};

columns! { OutboxMessage in "outbox" { kind, addressee, body } }

record! {
    /// What names a message of the outbox, inside and outside.
    ///
    /// # Shape
    /// Written `home/seq/version/ordinal`, in JSON as a list of the four. What was made after a restore ends with
    /// `/e2`, the epoch that began with it: a receiver may have seen the same four before, of what is lost.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
    #[serde(from = "OutboxKeyList", into = "OutboxKeyList")]
    pub struct OutboxKey in "outbox" by "home, seq, version, ordinal" {
        pub order: OrderId = (OrderId),
        /// Version of the order that causes it.
        pub version: i64,
        /// Its place among the messages of that version.
        pub ordinal: i64,
        /// The epoch in which it was made.
        pub epoch: i64,
    }
}

/// A key as it stands in JSON: without an epoch it is of the first.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum OutboxKeyList {
    First((String, i64, i64, i64)),
    Later((String, i64, i64, i64, i64)),
}

impl From<OutboxKeyList> for OutboxKey {
    fn from(list: OutboxKeyList) -> Self {
        let (home, seq, version, ordinal, epoch) = match list {
            OutboxKeyList::First((home, seq, version, ordinal)) => (home, seq, version, ordinal, FIRST_EPOCH),
            OutboxKeyList::Later(list) => list,
        };
        Self { order: OrderId { home, seq }, version, ordinal, epoch }
    }
}

impl From<OutboxKey> for OutboxKeyList {
    fn from(OutboxKey { order: OrderId { home, seq }, version, ordinal, epoch }: OutboxKey) -> Self {
        match epoch {
            FIRST_EPOCH => Self::First((home, seq, version, ordinal)),
            later => Self::Later((home, seq, version, ordinal, later)),
        }
    }
}

impl fmt::Display for OutboxKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { order: OrderId { home, seq }, version, ordinal, epoch } = self;
        write!(f, "{home}/{seq}/{version}/{ordinal}")?;
        if *epoch == FIRST_EPOCH { Ok(()) } else { write!(f, "/e{epoch}") }
    }
}

record! {
    /// A message that stands in the outbox.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct OutboxEntry in "outbox" {
        pub key: OutboxKey = (OutboxKey),
        /// What it says.
        pub message: OutboxMessage = (OutboxMessage),
        /// How often it was tried.
        pub attempts: i64,
    }
}

record! {
    /// A message with what became of it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct SettledMessage in "outbox" {
        pub entry: OutboxEntry = (OutboxEntry),
        /// `waiting`, `done` or `dead`.
        pub state: String,
        /// Why it was given up.
        pub cause: Option<String>,
    }
}

record! {
    /// Messages that were given up for one cause.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Dead in "outbox" {
        pub cause: String = "COALESCE(cause, '')",
        pub count: i64 = "COUNT(*)",
        /// Since when the oldest is.
        pub since: Stamp = "MIN(next_at)",
    }
}

const WAITING: Sql = sql!("outbox.waiting":
    "SELECT " (OutboxEntry) " FROM outbox "
    "WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at, home, seq, version, ordinal LIMIT +$2");
const FIND: Sql = sql!("outbox.find":
    "SELECT " (OutboxEntry as e) " FROM " rows " AS k "
    "JOIN outbox AS e ON e.home = k.value->>0 AND e.seq = CAST(k.value->>1 AS BIGINT) "
    "AND e.version = CAST(k.value->>2 AS BIGINT) AND e.ordinal = CAST(k.value->>3 AS BIGINT)");
const SETTLE: Sql = sql!("outbox.settle":
    "UPDATE outbox SET state = CASE WHEN k.value->>5 IS NULL THEN 'done' ELSE 'dead' END, "
    "attempts = attempts + 1, next_at = $2, cause = k.value->>5 FROM " rows " AS k "
    "WHERE outbox.home = k.value->>0 AND outbox.seq = CAST(k.value->>1 AS BIGINT) "
    "AND outbox.version = CAST(k.value->>2 AS BIGINT) AND outbox.ordinal = CAST(k.value->>3 AS BIGINT) "
    "AND outbox.state = 'waiting'");
const COUNT_WAITING: Sql = sql!("outbox.count_waiting":
    "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND next_at > ''");
const OF_ORDERS: Sql = sql!("outbox.of_orders":
    "SELECT " (SettledMessage) " FROM outbox WHERE home = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq, version, ordinal");
const NEXT: Sql = sql!("outbox.next":
    "SELECT COALESCE(MAX(version), 0) + 1 FROM outbox WHERE home = $1 AND seq = $2");
const DEAD: Sql = sql!("outbox.dead":
    "SELECT " (Dead) " FROM outbox WHERE state = 'dead' GROUP BY cause ORDER BY cause NULLS FIRST");
const RETRY: Sql = sql!("outbox.retry":
    "UPDATE outbox SET state = 'waiting', attempts = 0, next_at = $2, cause = NULL "
    "WHERE state = 'dead' AND (cause = $1 OR substr(cause, 1, length($1) + 1) = $1 || '/')");
const ADD: Bulk = bulk!("outbox.add":
    with ("home, seq, ordinal, " (OutboxMessage))
    "INSERT INTO outbox (home, seq, ordinal, " (OutboxMessage) ", version, epoch, state, attempts, next_at) "
    "SELECT home, seq, ordinal, " (OutboxMessage) ", ?, ?, 'waiting', 0, ? FROM new");
const ADD_EACH: Bulk = bulk!("outbox.add_each":
    with ((OutboxKey) ", " (OutboxMessage) ", next_at")
    "INSERT INTO outbox (" (OutboxKey) ", " (OutboxMessage) ", next_at, state, attempts) "
    "SELECT " (OutboxKey) ", " (OutboxMessage) ", next_at, 'waiting', 0 FROM new");

statements!(WAITING, FIND, SETTLE, COUNT_WAITING, OF_ORDERS, NEXT, DEAD, RETRY; ADD, ADD_EACH);

/// Puts messages of one version of many orders into the outbox, each with its place there.
pub async fn add_many(
    tx: &mut Tx,
    version: i64,
    messages: &[(OrderId<&str>, i64, &OutboxMessage)],
    now: Stamp,
) -> Result<()> {
    if tx.recording() != Recording::Whole {
        return Ok(());
    }
    let epoch = tx.epoch().number;
    tx.write_rows_with(&ADD, messages, (version, epoch, now)).await.map(drop)
}

/// Puts messages into the outbox, each under its key and with the moment it begins to wait.
pub async fn add_each(tx: &mut Tx, messages: &[(OutboxKey, &OutboxMessage, Stamp)]) -> Result<()> {
    if tx.recording() != Recording::Whole {
        return Ok(());
    }
    tx.write_rows(&ADD_EACH, messages).await.map(drop)
}

/// Reads at most `limit` messages to be addressed now, longest waiting first.
pub async fn waiting(at: &mut impl Reads, now: Stamp, limit: i64) -> Result<Vec<OutboxEntry>> {
    read_all(at, WAITING, (now, limit)).await
}

/// Lists the messages of a stretch of a home's orders, both ends included, whatever became of them.
pub async fn of_orders(
    at: &mut impl Reads,
    home: &str,
    seqs: RangeInclusive<i64>,
) -> Result<Vec<SettledMessage>> {
    read_all(at, OF_ORDERS, (home, seqs)).await
}

/// Reads the messages of these keys, in no order.
pub async fn find(
    at: &mut impl Reads,
    keys: impl IntoIterator<Item = &OutboxKey>,
) -> Result<Vec<OutboxEntry>> {
    read_all(at, FIND, json_rows(keys)).await
}

/// Notes what became of messages, all in one statement: done, or given up for a cause.
pub async fn settle_many(tx: &mut Tx, settled: &[(OutboxKey, Option<String>)], now: Stamp) -> Result<u64> {
    tx.execute(SETTLE, (json_rows(settled), now)).await
}

/// Counts the messages that wait.
pub async fn count_waiting(at: &mut impl Reads) -> Result<i64> {
    read_count(at, COUNT_WAITING, ()).await
}

/// Returns the version that no message of an order has yet; for messages that no version made.
pub async fn next_version(at: &mut impl Reads, home: &str, seq: i64) -> Result<i64> {
    Ok(read_first(at, NEXT, (home, seq)).await?.unwrap_or(1))
}

/// Counts the messages that were given up, by cause.
pub async fn dead(at: &mut impl Reads) -> Result<Vec<Dead>> {
    read_all(at, DEAD, ()).await
}

/// Lets messages given up for a cause, or for one below it (`nobody` is above `nobody/role/法制科`),
/// be addressed again; returns how many.
pub async fn retry(tx: &mut Tx, cause: &str, now: Stamp) -> Result<u64> {
    tx.execute(RETRY, (cause, now)).await
}
