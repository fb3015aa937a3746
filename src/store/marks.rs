//! Subjects whose appraisal may no longer hold.
//!
//! Whatever may change an answer (an import, a day on which time alone changes it, a release, a
//! closed order) leaves a mark; a pass takes marks in the order of keys, so that it reads the
//! register in that order too.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::time::Day;

use super::sql::{Bulk, Sql, args, bulk, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

const ADD: Bulk = bulk!("marks.add":
    "INSERT INTO mark (home, subject) VALUES ", "(?,?)", " ON CONFLICT (home, subject) DO NOTHING");
const ADD_ALL: Sql = sql!("marks.add_all":
    "INSERT INTO mark (home, subject) SELECT home, id FROM subject WHERE TRUE "
    "ON CONFLICT (home, subject) DO NOTHING");
const ADD_STATION: Sql = sql!("marks.add_station":
    "INSERT INTO mark (home, subject) SELECT home, id FROM subject WHERE station = $1 "
    "ON CONFLICT (home, subject) DO NOTHING");
const ADD_CHANGING: Sql = sql!("marks.add_changing":
    "INSERT INTO mark (home, subject) "
    "SELECT home, subject FROM appraisal WHERE changes_on IS NOT NULL AND changes_on <= $1 "
    "ON CONFLICT (home, subject) DO NOTHING");
const COUNT: Sql = sql!("marks.count": "SELECT COUNT(*) FROM mark");
const LIST: Sql = sql!("marks.list": "SELECT home, subject FROM mark ORDER BY home, subject");
const CLEAR_UNTIL: Sql = sql!("marks.clear_until": "DELETE FROM mark WHERE (home, subject) <= ($1, $2)");

pub(super) const ALL: &[Sql] = &[ADD_ALL, ADD_STATION, ADD_CHANGING, COUNT, LIST, CLEAR_UNTIL];
pub(super) const BULK: &[Bulk] = &[ADD];

/// Marks subjects, each given by home and id.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_many(tx: &mut Tx, keys: &[(Arc<str>, &str)]) -> Result<u64, Fault> {
    let bind = |args: &mut super::sql::Args, (home, id): &(Arc<str>, &str)| {
        args.shared(Arc::clone(home));
        args.text(id);
    };
    tx.write_many(&ADD, keys, bind, |_| {}).await
}

/// Marks every subject, as a new release does; returns how many were not marked before.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_all(tx: &mut Tx) -> Result<u64, Fault> {
    tx.run(ADD_ALL, args!()).await
}

/// Marks the subjects a station supervises, as the first and last day of an overlay do.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_station(tx: &mut Tx, station: &str) -> Result<u64, Fault> {
    tx.run(ADD_STATION, args!(text station)).await
}

/// Marks the subjects whose answer time alone changes on or before `day`.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_changing(tx: &mut Tx, day: Day) -> Result<u64, Fault> {
    tx.run(ADD_CHANGING, args!(day day)).await
}

/// Counts marked subjects.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn count(at: &mut impl Reads) -> Result<i64, Fault> {
    let found = row(at, COUNT, args!()).await?;
    found.map_or(Ok(0), |found| Columns::of(&found, "mark").next())
}

/// Lists marked subjects by home and id.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn all(at: &mut impl Reads) -> Result<BTreeSet<(String, String)>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "mark");
        Ok((columns.next()?, columns.next()?))
    };
    rows(at, LIST, args!()).await?.iter().map(read).collect()
}

/// Takes away the marks up to and including a key: those [`super::reading::marked`] gave.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn clear_until(tx: &mut Tx, home: &str, subject: &str) -> Result<u64, Fault> {
    tx.run(CLEAR_UNTIL, args!(text home, text subject)).await
}
