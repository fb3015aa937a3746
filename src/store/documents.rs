//! Documents of orders: made by the thousand, read back whole.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::documents::{
    ActorMark, Authorship, Control, Document, DocumentKey, DocumentState, OfficialNumber, Replacement,
    ReplacementHow, Series, Service,
};
use crate::id::OrderId;
use crate::time::Stamp;

use super::args::{Bind, ValueSink};
use super::columns::{Columns, Fetch};
use super::numbers::UsedNumbers;
use super::record::{columns, read_all, read_first, record, words};
use super::sql::{Bulk, Sql, TableRecord, bulk, json_rows, sql, statements};
use super::{Reads, Result, Tx};

/// A document to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    /// The document, with its number when it has one already.
    pub document: Document,
    /// What it says, as far as that is known.
    pub text: Option<Text>,
}

record! {
    /// What a document says; it no longer changes once it is signed.
    #[derive(Clone, Debug, PartialEq, Eq, Default)]
    pub struct Text in "document" {
        /// JSON of the facts: for a draft what was answered, from the signature on all of them.
        pub facts: String,
        /// Digest of the policy it was signed under.
        pub policy: Option<String>,
        /// Digest of the page as printed when it was signed off.
        pub printed: Option<Digest>,
    }
}

/// A stored document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDocument {
    pub document: Document,
    /// What it says, as far as that is known.
    pub text: Option<Text>,
    /// Version; every write names it.
    pub version: i64,
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

/// The marks of a document as they are stored.
#[derive(Serialize, Deserialize)]
struct StoredMarks {
    approval: Option<(String, Stamp)>,
    seal: Option<(String, Stamp)>,
    filing: Option<(String, Stamp)>,
    service: Option<StoredService>,
}

#[derive(Serialize, Deserialize)]
struct StoredService {
    to: String,
    way: String,
    on: String,
    by: String,
    receipt: Option<String>,
}

columns! { DocumentKey in "document" by "home, seq, ordinal" { order = (OrderId), ordinal } }
columns! { OfficialNumber in "document" { series = (Series), n } }
columns! { Authorship in "document" { by = "made_by", at = "made_at" } }
columns! { Replacement in "document" { ordinal = "replaces", how = "replaces_how" } }

/// The columns of a document, less its version.
impl TableRecord for Document {
    const TABLE: &'static str = "document";
    const COLUMNS: &'static str = "home, seq, ordinal, kind, step, visit, station, state, prefix, organ, year, n, \
        blank_year, blank_n, made_by, made_at, marks, replaces, replaces_how, replaced_by";
    const KEY: &'static str = DocumentKey::KEY;
}

const LIST: Sql = sql!("documents.list":
    "SELECT " (Document) ", " (Text) ", version FROM document "
    "WHERE ($1 IS NULL OR home = $1) AND ($2 IS NULL OR seq = $2) AND ($3 IS NULL OR kind = $3) "
    "AND ($4 IS NULL OR station = $4) AND ($5 IS NULL OR state = $5) ORDER BY home, seq, ordinal LIMIT $6");
const OF_ORDER: Sql = sql!("documents.of_order":
    "SELECT " (Document) ", " (Text) ", version FROM document WHERE home = $1 AND seq = $2 ORDER BY ordinal");
const OF_ORDERS: Sql = sql!("documents.of_orders":
    "SELECT " (Document as d) ", " (Text as d) ", d.version FROM " rows " AS e CROSS JOIN document AS d "
    "WHERE d.home = e.value->>0 AND d.seq = CAST(e.value->>1 AS BIGINT) ORDER BY d.home, d.seq, d.ordinal");
const UNFINISHED: Sql = sql!("documents.unfinished":
    "SELECT " (Document as d) ", " (Text as d) ", d.version FROM " rows " AS e CROSS JOIN document AS d "
    "WHERE d.home = e.value->>0 AND d.seq = CAST(e.value->>1 AS BIGINT) "
    "AND d.state NOT IN ('filed', 'voided') ORDER BY d.home, d.seq, d.ordinal");
const FIND: Sql = sql!("documents.find":
    "SELECT " (Document) ", " (Text) ", version FROM document WHERE home = $1 AND seq = $2 AND ordinal = $3");
const AFTER: Sql = sql!("documents.after":
    "SELECT " (Document) ", " (Text) ", version FROM document "
    "WHERE (home, seq, ordinal) > ($1, $2, $3) ORDER BY home, seq, ordinal LIMIT $4");
const ON_BLANK: Sql = sql!("documents.on_blank":
    "SELECT " (Document) ", " (Text) ", version FROM document "
    "WHERE kind = $1 AND blank_year = $2 AND blank_n = $3");
const LAST_ORDINALS: Sql = sql!("documents.last_ordinals":
    "SELECT d.home, d.seq, MAX(d.ordinal) FROM " rows " AS e CROSS JOIN document AS d "
    "WHERE d.home = e.value->>0 AND d.seq = CAST(e.value->>1 AS BIGINT) GROUP BY d.home, d.seq");
const SERIES: Sql = sql!("documents.series":
    "SELECT " (Series) ", " (UsedNumbers) " FROM document WHERE n IS NOT NULL "
    "GROUP BY prefix, organ, year ORDER BY prefix, organ, year");
const ADD: Bulk = bulk!("documents.add": insert "document" ((Document) ", " (Text) ", version"));
const CHANGE: Bulk = bulk!("documents.change":
    with ((DocumentKey) ", version, state, " (OfficialNumber) ", made_by, marks, replaced_by, " (Text))
    "UPDATE document SET state = new.state, prefix = new.prefix, organ = new.organ, year = new.year, n = new.n, "
    "made_by = new.made_by, marks = new.marks, replaced_by = new.replaced_by, policy = new.policy, "
    "facts = new.facts, printed = new.printed, version = document.version + 1 "
    "FROM new WHERE document.home = new.home AND document.seq = new.seq AND document.ordinal = new.ordinal "
    "AND document.version = new.version");

statements!(
    LIST, OF_ORDER, OF_ORDERS, UNFINISHED, FIND, AFTER, ON_BLANK, LAST_ORDINALS, SERIES;
    ADD, CHANGE
);

/// Version of a document that has just been made.
const FIRST_VERSION: i64 = 1;

impl Bind for Document {
    const WIDTH: usize = 20;

    fn bind(&self, out: &mut impl ValueSink) {
        let blank = self.control.as_ref().map(|control| (control.year, control.n));
        (&self.key, &self.kind, &self.step, self.visit, &self.station, self.state).bind(out);
        (&self.number, blank, &self.made, marks(self), &self.replaces, self.replaced_by).bind(out);
    }
}

/// Writes documents, each under its order and its place there.
///
/// # Errors
/// [`super::StoreFault`] when the database refuses, or a place is taken.
pub async fn add_many(tx: &mut Tx, documents: &[NewDocument]) -> Result<()> {
    let rows: Vec<_> =
        documents.iter().map(|NewDocument { document, text }| (document, text, FIRST_VERSION)).collect();
    tx.write_rows(&ADD, &rows).await.map(drop)
}

/// Gives the orders their documents' next places: the last place taken of each, by order; orders
/// without a document are left out.
pub async fn last_ordinals(at: &mut impl Reads, orders: &[OrderId<&str>]) -> Result<Vec<(OrderId, i64)>> {
    read_all(at, LAST_ORDINALS, json_rows(orders)).await
}

/// Writes what acts changed; returns whether every document was still at the version it was found at.
pub async fn change_many<'d>(tx: &mut Tx, changed: &'d [StoredDocument]) -> Result<bool> {
    let row = |StoredDocument { document, text, version }: &'d StoredDocument| {
        let Document { key, state, number, made, replaced_by, .. } = document;
        (key, *version, state, number, &made.by, marks(document), *replaced_by, text)
    };
    let rows: Vec<_> = changed.iter().map(row).collect();
    Ok(tx.write_rows(&CHANGE, &rows).await? == changed.len() as u64)
}

/// Lists documents by order and place.
pub async fn list(at: &mut impl Reads, filter: &DocumentFilter) -> Result<Vec<StoredDocument>> {
    let DocumentFilter { order, kind, station, state, limit } = filter;
    read_all(at, LIST, (order, kind, station, state, limit.unwrap_or(i64::MAX))).await
}

/// Lists an order's documents.
pub async fn of_order(at: &mut impl Reads, order: OrderId<&str>) -> Result<Vec<StoredDocument>> {
    read_all(at, OF_ORDER, order).await
}

/// Lists the documents of many orders.
pub async fn of_orders(at: &mut impl Reads, orders: &BTreeSet<&OrderId>) -> Result<Vec<StoredDocument>> {
    read_all(at, OF_ORDERS, json_rows(orders)).await
}

/// Lists the documents of orders that are neither filed nor voided.
pub async fn unfinished_of(at: &mut impl Reads, orders: &BTreeSet<&OrderId>) -> Result<Vec<StoredDocument>> {
    read_all(at, UNFINISHED, json_rows(orders)).await
}

/// Finds one document.
pub async fn find(at: &mut impl Reads, key: &DocumentKey) -> Result<Option<StoredDocument>> {
    read_first(at, FIND, key).await
}

/// Reads at most `limit` documents that follow one, in the order of keys.
pub async fn after(at: &mut impl Reads, key: &DocumentKey, limit: i64) -> Result<Vec<StoredDocument>> {
    read_all(at, AFTER, (key, limit)).await
}

/// Finds the document written on a blank.
pub async fn on_blank(at: &mut impl Reads, control: &Control) -> Result<Option<StoredDocument>> {
    read_first(at, ON_BLANK, control).await
}

/// Counts the numbered documents of each series: how many, the lowest number, the highest.
pub async fn series(at: &mut impl Reads) -> Result<Vec<(Series, UsedNumbers)>> {
    read_all(at, SERIES, ()).await
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and moments can be written")
}

fn marks(document: &Document) -> String {
    let pair = |mark: &Option<ActorMark>| mark.as_ref().map(|mark| (mark.by.clone(), mark.at));
    json(&StoredMarks {
        approval: pair(&document.approval),
        seal: pair(&document.seal),
        filing: pair(&document.filing),
        service: document.service.as_ref().map(|service| StoredService {
            to: service.to.clone(),
            way: service.way.into_str().to_owned(),
            on: service.on.to_string(),
            by: service.by.clone(),
            receipt: service.receipt.clone(),
        }),
    })
}

impl Fetch for StoredDocument {
    const SOURCE: &'static str = "document";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        let (key, kind): (_, String) = columns.take()?;
        let (step, visit, station) = columns.take()?;
        let (state, number, blank): (_, _, Option<(i32, i64)>) = columns.take()?;
        let control = blank.map(|(year, n)| Control { kind: kind.clone(), year, n });
        let made = columns.take()?;
        let StoredMarks { approval, seal, filing, service } = columns.json()?;
        let service = match service {
            Some(stored) => Some(stored.read().ok_or_else(|| columns.impossible(16))?),
            None => None,
        };
        let (replaces, replaced_by, text) = columns.take()?;
        let mark = |pair: Option<(String, Stamp)>| pair.map(|(by, at)| ActorMark { by, at });
        let document = Document {
            key,
            kind,
            step,
            visit,
            station,
            state,
            number,
            control,
            made,
            approval: mark(approval),
            seal: mark(seal),
            service,
            filing: mark(filing),
            replaces,
            replaced_by,
        };
        Ok(Self { document, text, version: columns.take()? })
    }
}

impl StoredService {
    fn read(self) -> Option<Service> {
        let (way, on) = (self.way.parse().ok()?, self.on.parse().ok()?);
        Some(Service { to: self.to, way, on, by: self.by, receipt: self.receipt })
    }
}

words! { DocumentState, ReplacementHow }
