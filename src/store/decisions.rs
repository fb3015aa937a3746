//! What decided, once for all subjects with equal inputs.

use std::collections::BTreeMap;

use super::record::{read_all, read_first};
use super::row_stream::stream;
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, RowStream, Tx};

const FIND: Sql = sql!("decisions.find": "SELECT body FROM decision WHERE id = $1");
const FIND_MANY: Sql = sql!("decisions.find_many":
    "SELECT d.id, d.body FROM " rows " AS e CROSS JOIN decision AS d WHERE d.id = e.value->>0");
const EVERY: Sql = sql!("decisions.all": "SELECT id, body FROM decision ORDER BY id");
const ADD: Bulk = bulk!("decisions.add": insert "decision" ("id, body") " ON CONFLICT (id) DO NOTHING");

statements!(FIND, FIND_MANY, EVERY; ADD);

/// Writes decisions, each given by id and body, unless they are there; returns how many were new.
pub async fn add_many(tx: &mut Tx, decisions: &[(&str, &str)]) -> Result<u64> {
    tx.write_rows(&ADD, decisions).await
}

/// Reads every decision, by id: the id and the body.
pub fn all(at: &mut impl Reads) -> RowStream<'_, (String, String)> {
    stream(at, EVERY, ())
}

/// Returns the body of a decision.
pub async fn find(at: &mut impl Reads, id: &str) -> Result<Option<String>> {
    read_first(at, FIND, id).await
}

/// Returns the bodies of decisions by id; one that is not there is left out.
pub async fn find_many<'a>(
    at: &mut impl Reads,
    ids: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, String>> {
    read_all(at, FIND_MANY, json_rows(ids)).await
}
