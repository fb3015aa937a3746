//! Signals from outside, on their way to the orders they reach.

use strum::{EnumString, IntoStaticStr};

use crate::id::OrderId;
use crate::time::Stamp;

use super::record::{read_all, read_count, record, words};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, Tx};

/// What a signal is about. Its names stand in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum SignalTarget {
    /// A subject: it reaches the open orders of that subject.
    Subject,
    /// An officer: it reaches the open duties of that officer.
    Officer,
    /// The bureau: it reaches the open orders of every workflow that names it.
    Bureau,
}

words! { SignalTarget }

record! {
    /// A signal.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct NewSignal in "signal" {
        /// Its name, such as `subject.closed`.
        pub name: String,
        pub about: SignalTarget,
        pub id: String,
        /// JSON.
        pub body: String,
        /// When it came.
        pub at: Stamp,
    }
}

const ADD: Bulk = bulk!("signals.add": insert NewSignal);
const WAITING: Sql = sql!("signals.waiting":
    "SELECT number, " (NewSignal) " FROM signal "
    "WHERE handled_at IS NULL AND at <= $1 ORDER BY number LIMIT +$2");
const SAME: Sql = sql!("signals.same":
    "SELECT COUNT(*) FROM signal WHERE handled_at IS NULL AND name = $1 AND about = $2 AND id = $3 AND body = $4");
const HANDLED: Sql = sql!("signals.handled":
    "UPDATE signal SET handled_at = $2 WHERE handled_at IS NULL AND number IN "
    "(SELECT CAST(e.value->>0 AS BIGINT) FROM " rows " AS e)");
const OPEN_OF_SUBJECTS: Sql = sql!("signals.open_of_subjects":
    "SELECT o.subject, o.home, o.seq FROM " rows " AS e CROSS JOIN subject AS s CROSS JOIN orders AS o "
    "WHERE s.id = e.value->>0 AND o.home = s.home AND o.subject = s.id AND o.subject_kind = 'subject' "
    "AND o.state = 'open' ORDER BY o.subject, o.home, o.seq");
const OPEN_OF_WORKFLOWS: Sql = sql!("signals.open_of_workflows":
    "SELECT home, seq FROM orders WHERE state = 'open' "
    "AND workflow IN (SELECT e.value->>0 FROM " rows " AS e) ORDER BY home, seq");
const UNASSIGNED: Sql = sql!("signals.unassigned":
    "SELECT home, seq FROM orders WHERE state = 'open' AND assignees = '[]' ORDER BY home, seq");

statements!(WAITING, SAME, HANDLED, OPEN_OF_SUBJECTS, OPEN_OF_WORKFLOWS, UNASSIGNED; ADD);

/// Notes signals; they are carried on in the order they came.
pub async fn add_many(tx: &mut Tx, signals: &[NewSignal]) -> Result<()> {
    tx.write_rows(&ADD, signals).await.map(drop)
}

/// Reads at most `limit` signals that came up to `now` and were not carried on, each with its number.
pub async fn waiting(at: &mut impl Reads, now: Stamp, limit: i64) -> Result<Vec<(i64, NewSignal)>> {
    read_all(at, WAITING, (now, limit)).await
}

/// Returns whether such a signal waits already: whoever gave it was cut off, and gives it once more.
pub async fn is_waiting(at: &mut impl Reads, signal: &NewSignal) -> Result<bool> {
    let NewSignal { name, about, id, body, at: _ } = signal;
    Ok(read_count(at, SAME, (name, about.into_str(), id, body)).await? > 0)
}

/// Notes that signals were carried on.
pub async fn handled(tx: &mut Tx, numbers: impl IntoIterator<Item = i64>, now: Stamp) -> Result<()> {
    tx.execute(HANDLED, (json_rows(numbers), now)).await.map(drop)
}

/// Lists the open orders of subjects, each with its subject.
pub async fn open_of_subjects(at: &mut impl Reads, ids: &[&str]) -> Result<Vec<(String, OrderId)>> {
    read_all(at, OPEN_OF_SUBJECTS, json_rows(ids)).await
}

/// Lists the open orders of workflows; all orders are looked at.
pub async fn open_of_workflows(at: &mut impl Reads, ids: &[&str]) -> Result<Vec<OrderId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    read_all(at, OPEN_OF_WORKFLOWS, json_rows(ids)).await
}

/// Lists the open orders that nobody has in hand, those among them that wait for other orders included.
pub async fn unassigned(at: &mut impl Reads) -> Result<Vec<OrderId>> {
    read_all(at, UNASSIGNED, ()).await
}
