//! Submissions for an order that has moved on: kept, never dropped.

use crate::engine::Key;
use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

/// One late submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The order.
    pub order: Key,
    /// The key its sender gave, or the digest of what was sent.
    pub key: String,
    /// The step it was meant for.
    pub step: String,
    /// Which visit of it; 0 when the sender did not say.
    pub visit: i64,
    /// Who sent it.
    pub actor: String,
    /// When it came.
    pub at: Stamp,
    /// Id of the refusal it would have met.
    pub reason: String,
    /// JSON, the act as sent.
    pub body: String,
}

const OF_ORDER: Sql = sql!("submissions.of_order":
    "SELECT home, seq, key, step, visit, actor, at, reason, body FROM submission "
    "WHERE home = $1 AND seq = $2 ORDER BY at, key");
const COUNT: Sql = sql!("submissions.count":
    "SELECT COUNT(*) FROM submission WHERE home = $1 AND seq = $2");
const ADD: Bulk = bulk!("submissions.add":
    "INSERT INTO submission (home, seq, key, step, visit, actor, at, reason, body) VALUES ",
    "(?,?,?,?,?,?,?,?,?)", " ON CONFLICT (home, seq, key) DO NOTHING");

pub(super) const ALL: &[Sql] = &[OF_ORDER, COUNT];
pub(super) const BULK: &[Bulk] = &[ADD];

/// Keeps submissions; one that is there already stays as it is.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_many(tx: &mut Tx, submissions: &[Submission]) -> Result<u64, Fault> {
    let bind = |args: &mut Args, late: &Submission| {
        args.text(&late.order.0);
        args.int(late.order.1);
        args.text(&late.key);
        args.text(&late.step);
        args.int(late.visit);
        args.text(&late.actor);
        args.stamp(late.at);
        args.text(&late.reason);
        args.text(&late.body);
    };
    tx.write_many(&ADD, submissions, bind, |_| {}).await
}

/// Counts the late submissions of an order.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn count(at: &mut impl Reads, (home, seq): &Key) -> Result<i64, Fault> {
    let found = row(at, COUNT, args!(text home, int * seq)).await?;
    found.map_or(Ok(0), |found| Columns::of(&found, "submission").next())
}

/// Lists the late submissions of an order, oldest first.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn of_order(at: &mut impl Reads, (home, seq): &Key) -> Result<Vec<Submission>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "submission");
        Ok(Submission {
            order: (columns.next()?, columns.next()?),
            key: columns.next()?,
            step: columns.next()?,
            visit: columns.next()?,
            actor: columns.next()?,
            at: columns.exact()?,
            reason: columns.next()?,
            body: columns.next()?,
        })
    };
    rows(at, OF_ORDER, args!(text home, int * seq)).await?.iter().map(read).collect()
}
