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

use super::errands::{Dead, Key};
use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// `inbox`, `mail` or `webhook`.
    pub channel: String,
    /// An officer's id, or a webhook's.
    pub receiver: String,
    /// Its key; empty while it gathers.
    pub key: String,
    /// The errands it tells of, in order.
    pub holds: Vec<Key>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next; while it gathers since when, when it is done or dead since then.
    pub at: Stamp,
    /// Why it was not delivered the last time.
    pub cause: Option<String>,
}

/// What became of a message that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is delivered.
    Done,
    /// It is tried again then; why.
    Again(Stamp, String),
    /// It is given up; why.
    Dead(String),
    /// It was not tried, for a reason that is ours; it is looked at again then.
    Held(Stamp, String),
}

/// What waits by one channel for one receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// `mail` or `webhook`.
    pub channel: String,
    /// An officer's id, or a webhook's.
    pub receiver: String,
    /// Messages, the gathering one among them.
    pub count: i64,
    /// When the next is tried.
    pub next_at: Stamp,
    /// Why one of them was not delivered.
    pub cause: Option<String>,
}

const GATHERING: Sql = sql!("notices.gathering":
    "SELECT channel, receiver, key, holds, attempts, next_at, cause FROM notice WHERE state = 'gathering' "
    "ORDER BY channel, receiver");
const GATHER: Bulk = bulk!("notices.gather":
    "WITH new (channel, receiver, holds, next_at) AS (VALUES ",
    "(?,?,?,?)",
    ") INSERT INTO notice (channel, receiver, key, holds, state, attempts, next_at) \
     SELECT channel, receiver, '', holds, 'gathering', 0, next_at FROM new WHERE TRUE \
     ON CONFLICT (channel, receiver, key) DO UPDATE SET holds = excluded.holds, next_at = excluded.next_at");
const SEAL: Bulk = bulk!("notices.seal":
    "WITH new (channel, receiver, key, holds) AS (VALUES ",
    "(?,?,?,?)",
    ") INSERT INTO notice (channel, receiver, key, holds, state, attempts, next_at) \
     SELECT channel, receiver, key, holds, CASE WHEN channel = 'inbox' THEN 'done' ELSE 'waiting' END, 0, ? \
     FROM new WHERE TRUE ON CONFLICT (channel, receiver, key) DO NOTHING");
const UNGATHER: Sql = sql!("notices.ungather":
    "DELETE FROM notice WHERE key = '' AND (channel, receiver) IN "
    "(SELECT k.value->>0, k.value->>1 FROM " rows " AS k)");
const DUE: Sql = sql!("notices.due":
    "SELECT channel, receiver, key, holds, attempts, next_at, cause FROM notice "
    "WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at, channel, receiver, key LIMIT $2");
const PUT_OFF: Sql = sql!("notices.put_off":
    "SELECT DISTINCT channel, receiver FROM notice WHERE state = 'waiting' AND attempts > 0 ORDER BY channel, receiver");
const SETTLE: Sql = sql!("notices.settle":
    "UPDATE notice SET state = k.value->>3, attempts = attempts + CAST(k.value->>6 AS INTEGER), next_at = k.value->>4, "
    "cause = NULLIF(k.value->>5, '') FROM " rows " AS k WHERE notice.channel = k.value->>0 "
    "AND notice.receiver = k.value->>1 AND notice.key = k.value->>2 AND notice.state = 'waiting'");
const WAITING: Sql = sql!("notices.waiting":
    "SELECT channel, receiver, COUNT(*), MIN(next_at), MAX(cause) FROM notice "
    "WHERE state IN ('gathering', 'waiting') GROUP BY channel, receiver ORDER BY channel, receiver");
const DEAD: Sql = sql!("notices.dead":
    "SELECT COALESCE(cause, ''), COUNT(*), MIN(next_at) FROM notice WHERE state = 'dead' GROUP BY cause ORDER BY cause");
const RETRY: Sql = sql!("notices.retry":
    "UPDATE notice SET state = 'waiting', attempts = 0, next_at = $2 "
    "WHERE state = 'dead' AND (cause = $1 OR substr(cause, 1, length($1) + 1) = $1 || '/')");
const INBOX: Sql = sql!("notices.inbox":
    "SELECT channel, receiver, key, holds, attempts, next_at, cause FROM notice "
    "WHERE channel = 'inbox' AND receiver = $1 AND state = 'done' AND next_at <= $2 "
    "ORDER BY next_at DESC, key LIMIT $3");
const COUNT: Sql = sql!("notices.count": "SELECT COUNT(*) FROM notice WHERE channel = $1 AND state = $2");

pub(super) const ALL: &[Sql] =
    &[GATHERING, UNGATHER, DUE, PUT_OFF, SETTLE, WAITING, DEAD, RETRY, INBOX, COUNT];
pub(super) const BULK: &[Bulk] = &[GATHER, SEAL];

/// Reads the messages that gather, one a channel and receiver.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn gathering(at: &mut impl Reads) -> Result<Vec<Notice>, Fault> {
    rows(at, GATHERING, args!()).await?.iter().map(read).collect()
}

/// Writes messages that gather over what they were.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn gather_many(tx: &mut Tx, notices: &[&Notice]) -> Result<(), Fault> {
    let bind = |args: &mut Args, notice: &&Notice| {
        args.text(&notice.channel);
        args.text(&notice.receiver);
        args.text(&holds_json(&notice.holds));
        args.stamp(notice.at);
    };
    tx.write_many(&GATHER, notices, bind, |_| {}).await.map(|_| ())
}

/// Fixes what messages hold, each under the key it was given: mail and webhooks wait to be tried,
/// the inbox has it.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn seal_many(tx: &mut Tx, notices: &[&Notice], now: Stamp) -> Result<(), Fault> {
    let gathered = json_rows(notices.iter().map(|notice| [&notice.channel, &notice.receiver]));
    tx.run(UNGATHER, args!(text & gathered)).await?;
    let bind = |args: &mut Args, notice: &&Notice| {
        args.text(&notice.channel);
        args.text(&notice.receiver);
        args.text(&notice.key);
        args.text(&holds_json(&notice.holds));
    };
    tx.write_many(&SEAL, notices, bind, |args| args.stamp(now)).await.map(|_| ())
}

/// Reads at most `limit` sealed messages to be tried now, longest waiting first.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn due(at: &mut impl Reads, now: Stamp, limit: i64) -> Result<Vec<Notice>, Fault> {
    rows(at, DUE, args!(stamp now, int limit)).await?.iter().map(read).collect()
}

/// Lists the channels and receivers for whom a message waits that was tried in vain.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn put_off(at: &mut impl Reads) -> Result<Vec<(String, String)>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "notice");
        Ok((columns.next()?, columns.next()?))
    };
    rows(at, PUT_OFF, args!()).await?.iter().map(read).collect()
}

/// Notes what became of messages, all in one statement.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn settle_many(tx: &mut Tx, tried: &[(Notice, Tried)], now: Stamp) -> Result<u64, Fault> {
    let rows = json_rows(tried.iter().map(|(notice, tried)| {
        let (state, next_at, cause, attempts) = match tried {
            Tried::Done => ("done", now, "", "1"),
            Tried::Again(then, cause) => ("waiting", *then, cause.as_str(), "1"),
            Tried::Held(then, cause) => ("waiting", *then, cause.as_str(), "0"),
            Tried::Dead(cause) => ("dead", now, cause.as_str(), "1"),
        };
        let Notice { channel, receiver, key, .. } = notice;
        [channel, receiver, key, state, &next_at.to_string(), cause, attempts].map(str::to_owned)
    }));
    tx.run(SETTLE, args!(text & rows)).await
}

/// Counts what waits, by channel and receiver.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn waiting(at: &mut impl Reads) -> Result<Vec<Waiting>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "notice");
        Ok(Waiting {
            channel: columns.next()?,
            receiver: columns.next()?,
            count: columns.next()?,
            next_at: columns.exact()?,
            cause: columns.next()?,
        })
    };
    rows(at, WAITING, args!()).await?.iter().map(read).collect()
}

/// Counts the messages that were given up, by cause.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn dead(at: &mut impl Reads) -> Result<Vec<Dead>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "notice");
        Ok(Dead { cause: columns.next()?, count: columns.next()?, since: columns.exact()? })
    };
    rows(at, DEAD, args!()).await?.iter().map(read).collect()
}

/// Lets messages given up for a cause, or for one below it, be tried again under their old keys;
/// returns how many.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn retry(tx: &mut Tx, cause: &str, now: Stamp) -> Result<u64, Fault> {
    tx.run(RETRY, args!(text cause, stamp now)).await
}

/// Reads an officer's messages up to a moment, newest first.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn inbox(
    at: &mut impl Reads,
    officer: &str,
    until: Stamp,
    limit: Option<u32>,
) -> Result<Vec<Notice>, Fault> {
    let limit = limit.map_or(i64::MAX, i64::from);
    rows(at, INBOX, args!(text officer, stamp until, int limit)).await?.iter().map(read).collect()
}

/// Counts messages of a channel in a state: `gathering`, `waiting`, `done` or `dead`.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn count(at: &mut impl Reads, channel: &str, state: &str) -> Result<i64, Fault> {
    let found = row(at, COUNT, args!(text channel, text state)).await?;
    found.map_or(Ok(0), |found| Columns::of(&found, "notice").next())
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Notice, Fault> {
    let mut columns = Columns::of(row, "notice");
    Ok(Notice {
        channel: columns.next()?,
        receiver: columns.next()?,
        key: columns.next()?,
        holds: columns.json()?,
        attempts: columns.next()?,
        at: columns.exact()?,
        cause: columns.next()?,
    })
}

fn holds_json(holds: &[Key]) -> String {
    serde_json::to_string(holds).expect("texts and numbers are JSON")
}
