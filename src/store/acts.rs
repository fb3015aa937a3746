//! Acts by the key their sender gave, so that a repeated one gets the first one's answer.

use std::collections::BTreeMap;

use crate::engine::Key;
use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, rows};
use super::{Fault, Reads, Tx};

/// An act that was carried out, under its sender's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// The order.
    pub order: Key,
    /// The key its sender gave.
    pub key: String,
    /// Digest of what was asked.
    pub act: String,
    /// JSON, as it was answered.
    pub answer: String,
    /// When.
    pub at: Stamp,
}

const FIND: Sql = sql!("acts.find":
    "SELECT a.home, a.seq, a.key, a.act, a.answer, a.at FROM " rows " AS e CROSS JOIN act AS a "
    "WHERE a.home = e.value->>0 AND a.seq = CAST(e.value->>1 AS BIGINT) AND a.key = e.value->>2");
const ADD: Bulk = bulk!("acts.add":
    "INSERT INTO act (home, seq, key, act, answer, at) VALUES ", "(?,?,?,?,?,?)", "");

pub(super) const ALL: &[Sql] = &[FIND];
pub(super) const BULK: &[Bulk] = &[ADD];

/// Finds acts by order and key.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn find_many(
    at: &mut impl Reads,
    keys: &[(&Key, &str)],
) -> Result<BTreeMap<(Key, String), Act>, Fault> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys =
        json_rows(keys.iter().map(|((home, seq), key)| [home.clone(), seq.to_string(), (*key).to_owned()]));
    let read = |row| {
        let mut columns = Columns::of(row, "act");
        let act = Act {
            order: (columns.next()?, columns.next()?),
            key: columns.next()?,
            act: columns.next()?,
            answer: columns.next()?,
            at: columns.exact()?,
        };
        Ok(((act.order.clone(), act.key.clone()), act))
    };
    rows(at, FIND, args!(text & keys)).await?.iter().map(read).collect()
}

/// Keeps acts under their keys.
///
/// # Errors
/// [`Fault`] when the database refuses, as it does a key that is there already.
pub async fn add_many(tx: &mut Tx, acts: &[Act]) -> Result<(), Fault> {
    let bind = |args: &mut Args, act: &Act| {
        args.text(&act.order.0);
        args.int(act.order.1);
        args.text(&act.key);
        args.text(&act.act);
        args.text(&act.answer);
        args.stamp(act.at);
    };
    tx.write_many(&ADD, acts, bind, |_| {}).await.map(|_| ())
}
