//! What documents say, in parts that stand once however many documents say them.

use std::collections::BTreeMap;

use crate::documents::{FactId, FactIds, FactPart};

use super::args::{Bind, ValueSink, json_rows};
use super::columns::{Columns, Fetch};
use super::record::{columns, read_all};
use super::row_stream::stream;
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, RowStream, Tx};

columns! { FactPart in "fact" by "id" { id, text } }

const FIND: Sql = sql!("facts.find":
    "SELECT " (FactPart as f) " FROM " rows " AS e CROSS JOIN fact AS f WHERE f.id = e.value->>0");
const EVERY: Sql = sql!("facts.all": "SELECT " (FactPart) " FROM fact ORDER BY id");
const ADD: Bulk = bulk!("facts.add": insert FactPart (keep FactPart));

statements!(FIND, EVERY; ADD);

/// Writes parts, but for those that stand already.
pub async fn add_many(tx: &mut Tx, parts: &[&FactPart]) -> Result<()> {
    tx.write_rows(&ADD, parts).await.map(drop)
}

/// Reads every part, by id.
pub fn all(at: &mut impl Reads) -> RowStream<'_, FactPart> {
    stream(at, EVERY, ())
}

/// Reads parts by their ids; those there are none of are left out.
pub async fn find_many<'i>(
    at: &mut impl Reads,
    ids: impl IntoIterator<Item = &'i FactId>,
) -> Result<BTreeMap<FactId, FactPart>> {
    let found: Vec<FactPart> = read_all(at, FIND, json_rows(ids)).await?;
    Ok(found.into_iter().map(|part| (part.id.clone(), part)).collect())
}

impl Bind for FactId {
    fn bind(&self, out: &mut impl ValueSink) {
        out.text(&self.to_string());
    }
}

impl Fetch for FactId {
    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        columns.parsed()
    }
}

impl Bind for FactIds {
    fn bind(&self, out: &mut impl ValueSink) {
        if self.0.is_empty() { out.nothing() } else { out.text(&self.to_string()) }
    }
}

impl Fetch for FactIds {
    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        columns.made(|ids: Option<&str>| ids.map_or(Some(Self::default()), |ids| ids.parse().ok()))
    }
}
