//! Documents of orders: made by the thousand, read back whole.

use std::collections::BTreeSet;

use crate::digest::Digest;
use crate::documents::{
    Authorship, Control, Document, DocumentKey, DocumentMarks, DocumentState, FactIds, OfficialNumber,
    Replacement, ReplacementHow, Series,
};
use crate::id::OrderId;

use super::args::{Bind, ValueSink};
use super::columns::{Columns, Fetch};
use super::numbers::UsedNumbers;
use super::record::{columns, read_all, read_first, record, words, written};
use super::row_stream::stream;
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, RowContent, RowStream, Tx};

record! {
    /// What a document says; it no longer changes once it is signed.
    #[derive(Clone, Debug, PartialEq, Eq, Default)]
    pub struct Text in "document" {
        /// JSON of the facts: for a draft what was answered, from the signature on what is not in its parts.
        pub facts: String,
        /// What it says that others say, too, from the signature on.
        pub parts: FactIds,
        /// Digest of the policy it was signed under.
        pub policy: Option<String>,
        /// Digest of the page as printed when it was signed off.
        pub printed: Option<Digest>,
    }
}

record! {
    /// A stored document.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StoredDocument in "document" by "home, seq, ordinal" {
        pub document: Document = (Document),
        /// What it says, as far as that is known.
        pub text: Option<Text> = (Text),
        /// Version; every write names it.
        pub version: i64,
    }
}

/// Which documents are listed; what is not given does not restrict.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DocumentFilter {
    pub order: Option<OrderId>,
    pub kind: Option<String>,
    pub station: Option<String>,
    pub state: Option<String>,
    /// At most so many.
    pub limit: Option<i64>,
}

columns! { DocumentKey in "document" by "home, seq, ordinal" { order = (OrderId), ordinal } }
columns! { OfficialNumber in "document" { series = (Series), n, shape = "number_text" } }
columns! { Authorship in "document" { by = "made_by", at = "made_at" } }
columns! { Replacement in "document" { ordinal = "replaces", how = "replaces_how" } }

written! {
    Document => "document" by DocumentKey::KEY;
    "home, seq, ordinal, kind, step, visit, station, state, prefix, organ, year, n, number_text, blank_year, \
     blank_n, made_by, made_at, marks, replaces, replaces_how, replaced_by",
    |Self { key, kind, step, visit, station, state, number, control, made, marks, replaces, replaced_by }| (
        (key, kind, step, visit, station, state, number),
        (control.as_ref().map(|control| (control.year, control.n)), made, marks, replaces, replaced_by),
    )
}

const LIST: Sql = sql!("documents.list":
    "SELECT " (Document) " FROM document "
    "WHERE (CAST($1 AS TEXT) IS NULL OR home = $1) AND (CAST($2 AS BIGINT) IS NULL OR seq = $2) AND ($3 IS NULL OR kind = $3) "
    "AND ($4 IS NULL OR station = $4) AND ($5 IS NULL OR state = $5) ORDER BY home, seq, ordinal LIMIT +$6");
const LIST_OF_ORDER: Sql = sql!("documents.list_of_order":
    "SELECT " (Document) " FROM document WHERE home = $1 AND seq = $2 AND ($3 IS NULL OR kind = $3) "
    "AND ($4 IS NULL OR station = $4) AND ($5 IS NULL OR state = $5) ORDER BY ordinal LIMIT +$6");
const OF_ORDER: Sql = sql!("documents.of_order":
    "SELECT " (StoredDocument) " FROM document WHERE home = $1 AND seq = $2 ORDER BY ordinal");
const OF_ORDERS: Sql = sql!("documents.of_orders":
    "SELECT " (StoredDocument as d) " FROM " rows " AS e CROSS JOIN document AS d "
    "WHERE d.home = e.value->>0 AND d.seq = CAST(e.value->>1 AS BIGINT) ORDER BY d.home, d.seq, d.ordinal");
const UNFINISHED: Sql = sql!("documents.unfinished":
    "SELECT " (StoredDocument as d) " FROM " rows " AS e CROSS JOIN document AS d "
    "WHERE d.home = e.value->>0 AND d.seq = CAST(e.value->>1 AS BIGINT) "
    "AND d.state NOT IN ('filed', 'returned', 'voided') ORDER BY d.home, d.seq, d.ordinal");
const FIND: Sql = sql!("documents.find":
    "SELECT " (StoredDocument) " FROM document WHERE home = $1 AND seq = $2 AND ordinal = $3");
const AFTER: Sql = sql!("documents.after":
    "SELECT " (StoredDocument as d) ", " (line StoredDocument as d) " FROM document AS d "
    "WHERE (home, seq, ordinal) > ($1, $2, $3) ORDER BY home, seq, ordinal LIMIT +$4");
const ON_BLANK: Sql = sql!("documents.on_blank":
    "SELECT " (StoredDocument) " FROM document "
    "WHERE home = $1 AND kind = $2 AND blank_year = $3 AND blank_n = $4");
const LAST_ORDINALS: Sql = sql!("documents.last_ordinals":
    "SELECT d.home, d.seq, MAX(d.ordinal) FROM " rows " AS e CROSS JOIN document AS d "
    "WHERE d.home = e.value->>0 AND d.seq = CAST(e.value->>1 AS BIGINT) GROUP BY d.home, d.seq");
const SERIES: Sql = sql!("documents.series":
    "SELECT " (Series) ", " (UsedNumbers) " FROM document WHERE n IS NOT NULL "
    "GROUP BY prefix, organ, year ORDER BY prefix, organ, year");
const DRAFTS: Sql = sql!("documents.drafts":
    "SELECT kind, COUNT(*) FROM document WHERE state IN ('draft', 'submitted') GROUP BY kind");
const ADD: Bulk = bulk!("documents.add": insert StoredDocument);
const CHANGE: Bulk = bulk!("documents.change":
    with ((DocumentKey) ", version, state, " (OfficialNumber) ", made_by, marks, replaced_by, " (Text))
    "UPDATE document SET state = new.state, prefix = new.prefix, organ = new.organ, year = new.year, n = new.n, "
    "number_text = new.number_text, "
    "made_by = new.made_by, marks = new.marks, replaced_by = new.replaced_by, policy = new.policy, "
    "facts = new.facts, parts = new.parts, printed = new.printed, version = document.version + 1 "
    "FROM new WHERE document.home = new.home AND document.seq = new.seq AND document.ordinal = new.ordinal "
    "AND document.version = new.version");

statements!(
    LIST, LIST_OF_ORDER, OF_ORDER, OF_ORDERS, UNFINISHED, FIND, AFTER, ON_BLANK, LAST_ORDINALS, SERIES, DRAFTS;
    ADD, CHANGE
);

/// Version of a document that has just been made.
pub const FIRST_VERSION: i64 = 1;

/// Writes documents, each under its order and its place there.
///
/// # Errors
/// [`super::StoreFault`] when the database refuses, or a place is taken.
pub async fn add_many(tx: &mut Tx, documents: &[StoredDocument]) -> Result<()> {
    tx.write_rows(&ADD, documents).await.map(drop)
}

/// Gives the orders their documents' next places: the last place taken of each, by order; orders
/// without a document are left out.
pub async fn last_ordinals(at: &mut impl Reads, orders: &[OrderId<&str>]) -> Result<Vec<(OrderId, i64)>> {
    read_all(at, LAST_ORDINALS, json_rows(orders)).await
}

/// Writes what acts changed; returns whether every document was still at the version it was found at.
pub async fn change_many<'d>(tx: &mut Tx, changed: &'d [StoredDocument]) -> Result<bool> {
    let row = |StoredDocument { document, text, version }: &'d StoredDocument| {
        let Document { key, state, number, made, marks, replaced_by, .. } = document;
        (key, *version, state, number, &made.by, marks, *replaced_by, text)
    };
    let rows: Vec<_> = changed.iter().map(row).collect();
    Ok(tx.write_rows(&CHANGE, &rows).await? == changed.len() as u64)
}

/// Lists documents by order and place, without what they say.
pub fn list<'a>(at: &'a mut impl Reads, filter: &DocumentFilter) -> RowStream<'a, Document> {
    let DocumentFilter { order, kind, station, state, limit } = filter;
    let list = if order.is_some() { LIST_OF_ORDER } else { LIST };
    stream(at, list, (order, kind, station, state, limit.unwrap_or(i64::MAX)))
}

/// Lists an order's documents.
pub async fn of_order(at: &mut impl Reads, order: OrderId<&str>) -> Result<Vec<StoredDocument>> {
    read_all(at, OF_ORDER, order).await
}

/// Lists the documents of many orders.
pub async fn of_orders(at: &mut impl Reads, orders: &BTreeSet<&OrderId>) -> Result<Vec<StoredDocument>> {
    read_all(at, OF_ORDERS, json_rows(orders)).await
}

/// Lists the documents of orders that are neither filed nor void.
pub async fn unfinished_of(at: &mut impl Reads, orders: &BTreeSet<&OrderId>) -> Result<Vec<StoredDocument>> {
    read_all(at, UNFINISHED, json_rows(orders)).await
}

/// Counts the documents of each kind that nobody has signed.
pub async fn drafts(at: &mut impl Reads) -> Result<Vec<(String, i64)>> {
    read_all(at, DRAFTS, ()).await
}

/// Finds one document.
pub async fn find(at: &mut impl Reads, key: &DocumentKey) -> Result<Option<StoredDocument>> {
    read_first(at, FIND, key).await
}

/// Says what a document's row will hold once it is written over the one that was found.
pub fn content_after(found: &StoredDocument) -> RowContent {
    RowContent::of(&(&found.document, &found.text, found.version + 1))
}

/// Says what a new document's row will hold.
pub fn content(made: &StoredDocument) -> RowContent {
    RowContent::of(made)
}

/// Reads at most `limit` documents that follow one, in the order of keys, each with what its row holds.
pub async fn after(
    at: &mut impl Reads,
    key: &DocumentKey,
    limit: i64,
) -> Result<Vec<(StoredDocument, RowContent)>> {
    read_all(at, AFTER, (key, limit)).await
}

/// Finds the document of a home that is written on a blank.
pub async fn on_blank(at: &mut impl Reads, home: &str, control: &Control) -> Result<Option<StoredDocument>> {
    read_first(at, ON_BLANK, (home, control)).await
}

/// Counts the numbered documents of each series: how many, the lowest number, the highest.
pub async fn series(at: &mut impl Reads) -> Result<Vec<(Series, UsedNumbers)>> {
    read_all(at, SERIES, ()).await
}

impl Bind for DocumentMarks {
    fn bind(&self, out: &mut impl ValueSink) {
        out.text(&serde_json::to_string(self).expect("texts and moments can be written"));
    }
}

impl Fetch for DocumentMarks {
    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        columns.json()
    }
}

impl Fetch for Document {
    const SOURCE: &'static str = "document";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        let (key, kind): (_, String) = columns.take()?;
        let (step, visit, station, state, number) = columns.take()?;
        let blank: Option<(i32, i64)> = columns.take()?;
        let control = blank.map(|(year, n)| Control { kind: kind.clone(), year, n });
        let (made, marks, replaces, replaced_by) = columns.take()?;
        Ok(Self {
            key,
            kind,
            step,
            visit,
            station,
            state,
            number,
            control,
            made,
            marks,
            replaces,
            replaced_by,
        })
    }
}

words! { DocumentState, ReplacementHow }
