//! Signals from outside, on their way to the orders they reach.

use crate::engine::Key;
use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, rows};
use super::{Fault, Reads, Tx};

/// What a signal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A subject: it reaches the open orders of that subject.
    Subject,
    /// An officer: it reaches the open duties of that officer.
    Officer,
    /// The bureau: it reaches the open orders of every workflow that names it.
    Bureau,
}

impl About {
    /// Returns the word used in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Officer => "officer",
            Self::Bureau => "bureau",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Subject, Self::Officer, Self::Bureau].into_iter().find(|about| about.name() == name)
    }
}

/// A signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// Its name, such as `subject.closed`.
    pub name: String,
    /// What it is about.
    pub about: About,
    /// Id of that.
    pub id: String,
    /// JSON.
    pub body: String,
    /// When it came.
    pub at: Stamp,
}

const ADD: Bulk = bulk!("signals.add":
    "INSERT INTO signal (name, about, id, body, at) VALUES ", "(?,?,?,?,?)", "");
const WAITING: Sql = sql!("signals.waiting":
    "SELECT number, name, about, id, body, at FROM signal "
    "WHERE handled_at IS NULL AND at <= $1 ORDER BY number LIMIT $2");
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

pub(super) const ALL: &[Sql] = &[WAITING, HANDLED, OPEN_OF_SUBJECTS, OPEN_OF_WORKFLOWS];
pub(super) const BULK: &[Bulk] = &[ADD];

/// Notes signals; they are carried on in the order they came.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_many(tx: &mut Tx, signals: &[New]) -> Result<(), Fault> {
    let bind = |args: &mut Args, signal: &New| {
        args.text(&signal.name);
        args.text(signal.about.name());
        args.text(&signal.id);
        args.text(&signal.body);
        args.stamp(signal.at);
    };
    tx.write_many(&ADD, signals, bind, |_| {}).await.map(|_| ())
}

/// Reads at most `limit` signals that came up to `now` and were not carried on, each with its number.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn waiting(at: &mut impl Reads, now: Stamp, limit: i64) -> Result<Vec<(i64, New)>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "signal");
        let (number, name) = (columns.next()?, columns.next()?);
        let about = About::named(columns.next()?).ok_or_else(|| columns.impossible(2))?;
        let signal = New { name, about, id: columns.next()?, body: columns.next()?, at: columns.exact()? };
        Ok((number, signal))
    };
    rows(at, WAITING, args!(stamp now, int limit)).await?.iter().map(read).collect()
}

/// Notes that signals were carried on.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn handled(tx: &mut Tx, numbers: impl IntoIterator<Item = i64>, now: Stamp) -> Result<(), Fault> {
    let numbers = json_rows(numbers.into_iter().map(|number| [number.to_string()]));
    tx.run(HANDLED, args!(text & numbers, stamp now)).await.map(|_| ())
}

/// Lists the open orders of subjects, each with its subject.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn open_of_subjects(at: &mut impl Reads, ids: &[&str]) -> Result<Vec<(String, Key)>, Fault> {
    let keys = json_rows(ids.iter().map(|id| [*id]));
    let read = |row| {
        let mut columns = Columns::of(row, "orders");
        Ok((columns.next()?, (columns.next()?, columns.next()?)))
    };
    rows(at, OPEN_OF_SUBJECTS, args!(text & keys)).await?.iter().map(read).collect()
}

/// Lists the open orders of workflows; all orders are looked at.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn open_of_workflows(at: &mut impl Reads, ids: &[&str]) -> Result<Vec<Key>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let keys = json_rows(ids.iter().map(|id| [*id]));
    let read = |row| {
        let mut columns = Columns::of(row, "orders");
        Ok((columns.next()?, columns.next()?))
    };
    rows(at, OPEN_OF_WORKFLOWS, args!(text & keys)).await?.iter().map(read).collect()
}
