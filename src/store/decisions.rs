//! What decided, once for all subjects with equal inputs.

use std::collections::BTreeMap;

use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

const FIND: Sql = sql!("decisions.find": "SELECT body FROM decision WHERE id = $1");
const FIND_MANY: Sql = sql!("decisions.find_many":
    "SELECT d.id, d.body FROM " rows " AS e CROSS JOIN decision AS d WHERE d.id = e.value->>0");
const ADD: Bulk = bulk!("decisions.add":
    "INSERT INTO decision (id, body) VALUES ", "(?,?)", " ON CONFLICT (id) DO NOTHING");

pub(super) const ALL: &[Sql] = &[FIND, FIND_MANY];
pub(super) const BULK: &[Bulk] = &[ADD];

/// Writes decisions, each given by id and body, unless they are there; returns how many were new.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_many(tx: &mut Tx, decisions: &[(&str, &str)]) -> Result<u64, Fault> {
    let bind = |args: &mut Args, (id, body): &(&str, &str)| {
        args.text(id);
        args.text(body);
    };
    tx.write_many(&ADD, decisions, bind, |_| {}).await
}

/// Returns the body of a decision.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn find(at: &mut impl Reads, id: &str) -> Result<Option<String>, Fault> {
    let found = row(at, FIND, args!(text id)).await?;
    found.map(|found| Columns::of(&found, "decision").next()).transpose()
}

/// Returns the bodies of decisions by id; one that is not there is left out.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn find_many<'a>(
    at: &mut impl Reads,
    ids: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, String>, Fault> {
    let keys = json_rows(ids.map(|id| [id]));
    let read = |row| {
        let mut columns = Columns::of(row, "decision");
        Ok((columns.next()?, columns.next()?))
    };
    rows(at, FIND_MANY, args!(text & keys)).await?.iter().map(read).collect()
}
