//! Notices: messages to one receiver by one channel, each listing what was to be told.
//!
//! ```text
//!  gathering ──seal──▶ waiting ──▶ done
//!  (one a receiver)     │  ▲ ▲
//!                       ▼  │ └── retry, by cause
//!                  tried and put off ──▶ dead
//! ```
//!
//! What a message holds grows while it gathers and never after it is sealed, so a repeat is the
//! same message under the same key. The inbox is a channel that cannot fail: its messages are
//! sealed into `done`.

use crate::time::Stamp;

use super::outbox::{Dead, OutboxKey};
use super::record::{read_all, record};
use super::row_stream::stream;
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, RowStream, Tx};

record! {
    /// One message.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StoredMessage in "notice" by "channel, receiver, key" {
        /// `inbox`, `mail` or `webhook`.
        pub channel: String,
        /// An officer's id, or a webhook's.
        pub receiver: String,
        /// Its key; empty while it gathers.
        pub key: String,
        /// The messages of the outbox it tells of, in order.
        pub holds: Vec<OutboxKey>,
        /// How often it was tried.
        pub attempts: i64,
        /// When it is tried next; while it gathers since when, when it is done or dead since then.
        pub at: Stamp = "next_at",
        /// Why it was not delivered the last time.
        pub cause: Option<String>,
    }
}

/// What became of a message that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryAttempt {
    /// It is delivered.
    Done,
    /// It is tried again then; why.
    Again(Stamp, String),
    /// It is given up; why.
    Dead(String),
    /// It was not tried, for a reason that is ours; it is looked at again then.
    Held(Stamp, String),
}

record! {
    /// What waits by one channel for one receiver.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct WaitingMessages in "notice" {
        /// `mail` or `webhook`.
        pub channel: String,
        /// An officer's id, or a webhook's.
        pub receiver: String,
        /// Messages, the gathering one among them.
        pub count: i64 = "COUNT(*)",
        /// When the next is tried.
        pub next_at: Stamp = "MIN(next_at)",
        /// Why one of them was not delivered.
        pub cause: Option<String> = "MAX(cause)",
    }
}

const GATHERING: Sql = sql!("notices.gathering":
    "SELECT " (StoredMessage) " FROM notice WHERE state = 'gathering' ORDER BY channel, receiver");
const GATHER: Bulk = bulk!("notices.gather":
    with ("channel, receiver, holds, next_at")
    "INSERT INTO notice (channel, receiver, key, holds, state, attempts, next_at) "
    "SELECT channel, receiver, '', holds, 'gathering', 0, next_at FROM new WHERE TRUE "
    "ON CONFLICT (channel, receiver, key) DO UPDATE SET holds = excluded.holds, next_at = excluded.next_at");
const SEAL: Bulk = bulk!("notices.seal":
    with ("channel, receiver, key, holds")
    "INSERT INTO notice (channel, receiver, key, holds, state, attempts, next_at) "
    "SELECT channel, receiver, key, holds, CASE WHEN channel = 'inbox' THEN 'done' ELSE 'waiting' END, 0, ? "
    "FROM new WHERE TRUE" (keep StoredMessage));
const UNGATHER: Sql = sql!("notices.ungather":
    "DELETE FROM notice WHERE key = '' AND (channel, receiver) IN "
    "(SELECT k.value->>0, k.value->>1 FROM " rows " AS k)");
const DUE: Sql = sql!("notices.due":
    "SELECT " (StoredMessage) " FROM notice "
    "WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at, channel, receiver, key LIMIT +$2");
const PUT_OFF: Sql = sql!("notices.put_off":
    // The index of those that wait is by the moment, so that is named. Without the empty texts SQLite finds
    // them distinct along the key, and reads all that ever was sent.
    "SELECT DISTINCT channel || '', receiver || '' FROM notice "
    "WHERE state = 'waiting' AND next_at > '' AND attempts > 0");
const SETTLE: Sql = sql!("notices.settle":
    "UPDATE notice SET state = k.value->>3, attempts = attempts + CAST(k.value->>6 AS BIGINT), next_at = k.value->>4, "
    "cause = NULLIF(k.value->>5, '') FROM " rows " AS k WHERE notice.channel = k.value->>0 "
    "AND notice.receiver = k.value->>1 AND notice.key = k.value->>2 AND notice.state = 'waiting'");
const WAITING: Sql = sql!("notices.waiting":
    // Each state has its index, as above.
    "SELECT " (WaitingMessages) " FROM (SELECT channel || '' AS channel, receiver || '' AS receiver, next_at, cause "
    "FROM notice WHERE (state = 'gathering' AND channel > '') OR (state = 'waiting' AND next_at > '')) AS w "
    "GROUP BY channel, receiver ORDER BY channel, receiver");
const DEAD: Sql = sql!("notices.dead":
    "SELECT " (Dead) " FROM notice WHERE state = 'dead' GROUP BY cause ORDER BY cause NULLS FIRST");
const RETRY: Sql = sql!("notices.retry":
    "UPDATE notice SET state = 'waiting', attempts = 0, next_at = $2 "
    "WHERE state = 'dead' AND (cause = $1 OR substr(cause, 1, length($1) + 1) = $1 || '/')");
const INBOX: Sql = sql!("notices.inbox":
    "SELECT " (StoredMessage) " FROM notice "
    "WHERE channel = 'inbox' AND receiver = $1 AND state = 'done' AND next_at <= $2 "
    "ORDER BY next_at DESC, key LIMIT +$3");
const EVERY: Sql = sql!("notices.all":
    "SELECT " (StoredMessage) ", state FROM notice ORDER BY channel, receiver, key");

statements!(EVERY, GATHERING, UNGATHER, DUE, PUT_OFF, SETTLE, WAITING, DEAD, RETRY, INBOX; GATHER, SEAL);

/// Reads all notices, each with its state.
pub fn all(at: &mut impl Reads) -> RowStream<'_, (StoredMessage, String)> {
    stream(at, EVERY, ())
}

/// Reads the messages that gather, one a channel and receiver.
pub async fn gathering(at: &mut impl Reads) -> Result<Vec<StoredMessage>> {
    read_all(at, GATHERING, ()).await
}

/// Writes messages that gather over what they were.
pub async fn gather_many<'n>(tx: &mut Tx, notices: &[&'n StoredMessage]) -> Result<()> {
    let row = |notice: &&'n StoredMessage| (&notice.channel, &notice.receiver, &notice.holds, notice.at);
    let rows: Vec<_> = notices.iter().map(row).collect();
    tx.write_rows(&GATHER, &rows).await.map(drop)
}

/// Fixes what messages hold, each under the key it was given: mail and webhooks wait to be tried,
/// the inbox has it.
pub async fn seal_many<'n>(tx: &mut Tx, notices: &[&'n StoredMessage], now: Stamp) -> Result<()> {
    let gathered = json_rows(notices.iter().map(|notice| [&notice.channel, &notice.receiver]));
    tx.execute(UNGATHER, gathered).await?;
    let row = |notice: &&'n StoredMessage| (&notice.channel, &notice.receiver, &notice.key, &notice.holds);
    let rows: Vec<_> = notices.iter().map(row).collect();
    tx.write_rows_with(&SEAL, &rows, now).await.map(drop)
}

/// Reads at most `limit` sealed messages to be tried now, longest waiting first.
pub async fn due(at: &mut impl Reads, now: Stamp, limit: i64) -> Result<Vec<StoredMessage>> {
    read_all(at, DUE, (now, limit)).await
}

/// Lists the channels and receivers for whom a message waits that was tried in vain.
pub async fn put_off(at: &mut impl Reads) -> Result<Vec<(String, String)>> {
    read_all(at, PUT_OFF, ()).await
}

/// Notes what became of messages, all in one statement.
pub async fn settle_many<'n>(
    tx: &mut Tx,
    tried: &'n [(StoredMessage, DeliveryAttempt)],
    now: Stamp,
) -> Result<u64> {
    let row = |(notice, tried): &'n (StoredMessage, DeliveryAttempt)| {
        let (state, next_at, cause, attempts) = match tried {
            DeliveryAttempt::Done => ("done", now, None, 1),
            DeliveryAttempt::Again(then, cause) => ("waiting", *then, Some(cause), 1),
            DeliveryAttempt::Held(then, cause) => ("waiting", *then, Some(cause), 0),
            DeliveryAttempt::Dead(cause) => ("dead", now, Some(cause), 1),
        };
        ([&notice.channel, &notice.receiver, &notice.key], state, next_at, cause, attempts)
    };
    tx.execute(SETTLE, json_rows(tried.iter().map(row))).await
}

/// Counts what waits, by channel and receiver.
pub async fn waiting(at: &mut impl Reads) -> Result<Vec<WaitingMessages>> {
    read_all(at, WAITING, ()).await
}

/// Counts the messages that were given up, by cause.
pub async fn dead(at: &mut impl Reads) -> Result<Vec<Dead>> {
    read_all(at, DEAD, ()).await
}

/// Lets messages given up for a cause, or for one below it, be tried again under their old keys;
/// returns how many.
pub async fn retry(tx: &mut Tx, cause: &str, now: Stamp) -> Result<u64> {
    tx.execute(RETRY, (cause, now)).await
}

/// Reads an officer's messages up to a moment, newest first.
pub fn inbox<'a>(
    at: &'a mut impl Reads,
    officer: &str,
    until: Stamp,
    limit: Option<u32>,
) -> RowStream<'a, StoredMessage> {
    let limit = limit.map_or(i64::MAX, i64::from);
    stream(at, INBOX, (officer, until, limit))
}
