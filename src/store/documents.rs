//! Documents of orders: made by the thousand, read back whole.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::documents::{
    Control, Document, DocumentKey, DocumentState, Made, Mark, Number, Replacement, ReplacementHow, Series,
    Service, ServiceWay,
};
use crate::engine::Key;
use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

/// A document to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// The document, with its number when it has one already.
    pub document: Document,
    /// What it says, as far as that is known.
    pub text: Option<Text>,
}

/// What a document says; it no longer changes once it is signed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Text {
    /// JSON of the facts: for a draft what was answered, from the signature on all of them.
    pub facts: String,
    /// Digest of the policy it was signed under.
    pub policy: Option<String>,
    /// Digest of the page as printed when it was signed off.
    pub printed: Option<Digest>,
}

/// A stored document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The document.
    pub document: Document,
    /// What it says, as far as that is known.
    pub text: Option<Text>,
    /// Version; every write names it.
    pub version: i64,
}

/// Which documents are listed; what is not given does not restrict.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Filter {
    /// Order, by home station and running number.
    pub order: Option<(String, i64)>,
    /// Kind.
    pub kind: Option<String>,
    /// Station.
    pub station: Option<String>,
    /// State.
    pub state: Option<String>,
    /// At most so many.
    pub limit: Option<i64>,
}

/// The marks of a document as they are stored.
#[derive(Serialize, Deserialize)]
struct Marks {
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

macro_rules! columns {
    ($name:literal: $($rest:tt)+) => {
        sql!($name:
            "SELECT d.home, d.seq, d.ordinal, d.kind, d.step, d.visit, d.station, d.state, d.prefix, d.organ, d.year, "
            "d.n, d.blank_year, d.blank_n, d.made_by, d.made_at, d.marks, d.replaces, d.replaces_how, d.replaced_by, "
            "d.policy, d.facts, d.printed, d.version FROM " $($rest)+)
    };
}

const LIST: Sql = columns!("documents.list":
    "document AS d WHERE ($1 IS NULL OR home = $1) AND ($2 IS NULL OR seq = $2) AND ($3 IS NULL OR kind = $3) \
     AND ($4 IS NULL OR station = $4) AND ($5 IS NULL OR state = $5) \
     ORDER BY home, seq, ordinal LIMIT $6");
const OF_ORDER: Sql = columns!("documents.of_order":
    "document AS d WHERE home = $1 AND seq = $2 ORDER BY ordinal");
const OF_ORDERS: Sql = columns!("documents.of_orders":
    rows " AS e CROSS JOIN document AS d WHERE d.home = e.value->>0 AND d.seq = CAST(e.value->>1 AS BIGINT) "
    "ORDER BY d.home, d.seq, d.ordinal");
const UNFINISHED: Sql = columns!("documents.unfinished":
    rows " AS e CROSS JOIN document AS d WHERE d.home = e.value->>0 AND d.seq = CAST(e.value->>1 AS BIGINT) "
    "AND d.state NOT IN ('filed', 'voided') ORDER BY d.home, d.seq, d.ordinal");
const FIND: Sql = columns!("documents.find":
    "document AS d WHERE home = $1 AND seq = $2 AND ordinal = $3");
const AFTER: Sql = columns!("documents.after":
    "document AS d WHERE (home, seq, ordinal) > ($1, $2, $3) ORDER BY home, seq, ordinal LIMIT $4");
const ON_BLANK: Sql = columns!("documents.on_blank":
    "document AS d WHERE kind = $1 AND blank_year = $2 AND blank_n = $3");
const LAST_ORDINALS: Sql = sql!("documents.last_ordinals":
    "SELECT d.home, d.seq, MAX(d.ordinal) FROM " rows " AS e CROSS JOIN document AS d "
    "WHERE d.home = e.value->>0 AND d.seq = CAST(e.value->>1 AS BIGINT) GROUP BY d.home, d.seq");
const SERIES: Sql = sql!("documents.series":
    "SELECT prefix, organ, year, COUNT(*), MIN(n), MAX(n) FROM document WHERE n IS NOT NULL "
    "GROUP BY prefix, organ, year ORDER BY prefix, organ, year");
const ADD: Bulk = bulk!("documents.add":
    "INSERT INTO document (home, seq, ordinal, kind, step, visit, station, state, prefix, organ, year, n, \
     blank_year, blank_n, made_by, made_at, marks, replaces, replaces_how, replaced_by, policy, facts, printed, \
     version) VALUES ",
    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1)", "");

const CHANGE: Bulk = bulk!("documents.change":
    "WITH new (home, seq, ordinal, version, state, prefix, organ, year, n, made_by, marks, replaced_by, policy, \
     facts, printed) AS (VALUES ",
    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    ") UPDATE document SET state = new.state, prefix = new.prefix, organ = new.organ, year = new.year, n = new.n, \
     made_by = new.made_by, marks = new.marks, replaced_by = new.replaced_by, policy = new.policy, \
     facts = new.facts, printed = new.printed, version = document.version + 1 \
     FROM new WHERE document.home = new.home AND document.seq = new.seq AND document.ordinal = new.ordinal \
     AND document.version = new.version");

pub(super) const ALL: &[Sql] =
    &[LIST, OF_ORDER, OF_ORDERS, UNFINISHED, FIND, AFTER, ON_BLANK, LAST_ORDINALS, SERIES];
pub(super) const BULK: &[Bulk] = &[ADD, CHANGE];

/// Writes documents, each under its order and its place there.
///
/// # Errors
/// [`Fault`] when the database refuses, or a place is taken.
pub async fn add_many(tx: &mut Tx, documents: &[New]) -> Result<(), Fault> {
    let bind = |args: &mut Args, New { document, text }: &New| {
        let Document { key, number, control, made, replaces, .. } = document;
        args.text(&key.home);
        args.int(key.seq);
        args.int(key.ordinal);
        args.text(&document.kind);
        args.text(&document.step);
        args.int(document.visit);
        args.text(&document.station);
        args.text(document.state.name());
        bind_number(args, number.as_ref());
        args.maybe_int(control.as_ref().map(|control| i64::from(control.year)));
        args.maybe_int(control.as_ref().map(|control| control.n));
        args.text(&json(&made.by));
        args.stamp(made.at);
        args.text(&marks(document));
        args.maybe_int(replaces.map(|replaces| replaces.ordinal));
        args.maybe(replaces.map(|replaces| replaces.how.name()));
        args.maybe_int(document.replaced_by);
        bind_text(args, text.as_ref());
    };
    tx.write_many(&ADD, documents, bind, |_| {}).await.map(|_| ())
}

/// Gives the orders their documents' next places: the last place taken of each, by order; orders
/// without a document are left out.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn last_ordinals(
    at: &mut impl Reads,
    orders: &[(&str, i64)],
) -> Result<Vec<((String, i64), i64)>, Fault> {
    let keys = json_rows(orders.iter().map(|(home, seq)| [(*home).to_owned(), seq.to_string()]));
    let read = |row| {
        let mut columns = Columns::of(row, "document");
        Ok(((columns.next()?, columns.next()?), columns.next()?))
    };
    rows(at, LAST_ORDINALS, args!(text & keys)).await?.iter().map(read).collect()
}

/// Writes what acts changed; returns whether every document was still at the version it was found at.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn change_many(tx: &mut Tx, changed: &[Found]) -> Result<bool, Fault> {
    let bind = |args: &mut Args, Found { document, text, version }: &Found| {
        args.text(&document.key.home);
        args.int(document.key.seq);
        args.int(document.key.ordinal);
        args.int(*version);
        args.text(document.state.name());
        bind_number(args, document.number.as_ref());
        args.text(&json(&document.made.by));
        args.text(&marks(document));
        args.maybe_int(document.replaced_by);
        bind_text(args, text.as_ref());
    };
    Ok(tx.write_many(&CHANGE, changed, bind, |_| {}).await? == changed.len() as u64)
}

/// Lists documents by order and place.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn list(at: &mut impl Reads, filter: &Filter) -> Result<Vec<Found>, Fault> {
    let Filter { order, kind, station, state, limit } = filter;
    let mut args = args!(maybe order.as_ref().map(|(home, _)| home.as_str()));
    args.maybe_int(order.as_ref().map(|(_, seq)| *seq));
    args.maybe(kind.as_deref());
    args.maybe(station.as_deref());
    args.maybe(state.as_deref());
    args.int(limit.unwrap_or(i64::MAX));
    rows(at, LIST, args).await?.iter().map(read).collect()
}

/// Lists an order's documents.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn of_order(at: &mut impl Reads, home: &str, seq: i64) -> Result<Vec<Found>, Fault> {
    rows(at, OF_ORDER, args!(text home, int seq)).await?.iter().map(read).collect()
}

/// Lists the documents of many orders.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn of_orders(at: &mut impl Reads, orders: &BTreeSet<&Key>) -> Result<Vec<Found>, Fault> {
    let keys = json_rows(orders.iter().map(|(home, seq)| [home.clone(), seq.to_string()]));
    rows(at, OF_ORDERS, args!(text & keys)).await?.iter().map(read).collect()
}

/// Lists the documents of orders that are neither filed nor voided.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn unfinished_of(at: &mut impl Reads, orders: &BTreeSet<&Key>) -> Result<Vec<Found>, Fault> {
    let keys = json_rows(orders.iter().map(|(home, seq)| [home.clone(), seq.to_string()]));
    rows(at, UNFINISHED, args!(text & keys)).await?.iter().map(read).collect()
}

/// Finds one document.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn find(at: &mut impl Reads, key: &DocumentKey) -> Result<Option<Found>, Fault> {
    let args = args!(text &key.home, int key.seq, int key.ordinal);
    row(at, FIND, args).await?.as_ref().map(read).transpose()
}

/// Reads at most `limit` documents that follow one, in the order of keys.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn after(at: &mut impl Reads, key: &DocumentKey, limit: i64) -> Result<Vec<Found>, Fault> {
    let args = args!(text &key.home, int key.seq, int key.ordinal, int limit);
    rows(at, AFTER, args).await?.iter().map(read).collect()
}

/// Finds the document written on a blank.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn on_blank(at: &mut impl Reads, control: &Control) -> Result<Option<Found>, Fault> {
    let args = args!(text &control.kind, int i64::from(control.year), int control.n);
    row(at, ON_BLANK, args).await?.as_ref().map(read).transpose()
}

/// Counts the numbered documents of each series: how many, the lowest number, the highest.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn series(at: &mut impl Reads) -> Result<Vec<(Series, [i64; 3])>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "document");
        let series = Series { prefix: columns.next()?, organ: columns.next()?, year: year(&mut columns)? };
        Ok((series, [columns.next()?, columns.next()?, columns.next()?]))
    };
    rows(at, SERIES, args!()).await?.iter().map(read).collect()
}

fn bind_number(args: &mut Args, number: Option<&Number>) {
    args.maybe(number.map(|number| number.series.prefix.as_str()));
    args.maybe(number.map(|number| number.series.organ.as_str()));
    args.maybe_int(number.map(|number| i64::from(number.series.year)));
    args.maybe_int(number.map(|number| number.n));
}

fn bind_text(args: &mut Args, text: Option<&Text>) {
    args.maybe(text.and_then(|text| text.policy.as_deref()));
    args.maybe(text.map(|text| text.facts.as_str()));
    args.maybe(text.and_then(|text| text.printed).map(|printed| printed.to_string()).as_deref());
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and moments can be written")
}

fn marks(document: &Document) -> String {
    let pair = |mark: &Option<Mark>| mark.as_ref().map(|mark| (mark.by.clone(), mark.at));
    json(&Marks {
        approval: pair(&document.approval),
        seal: pair(&document.seal),
        filing: pair(&document.filing),
        service: document.service.as_ref().map(|service| StoredService {
            to: service.to.clone(),
            way: service.way.name().to_owned(),
            on: service.on.to_string(),
            by: service.by.clone(),
            receipt: service.receipt.clone(),
        }),
    })
}

fn year(columns: &mut Columns<'_>) -> Result<i32, Fault> {
    i32::try_from(columns.next::<i64>()?).map_err(|_| columns.impossible(0))
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Found, Fault> {
    let mut columns = Columns::of(row, "document");
    let key = DocumentKey { home: columns.next()?, seq: columns.next()?, ordinal: columns.next()? };
    let (kind, step, visit, station): (String, _, _, _) =
        (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let state = named(&mut columns, &DocumentState::ALL, DocumentState::name)?;
    let number = read_number(&mut columns)?;
    let blank: (Option<i64>, Option<i64>) = (columns.next()?, columns.next()?);
    let control = match blank {
        (Some(year), Some(n)) => {
            let year = i32::try_from(year).map_err(|_| columns.impossible(12))?;
            Some(Control { kind: kind.clone(), year, n })
        }
        _ => None,
    };
    let made = Made { by: columns.json()?, at: columns.exact()? };
    let marks: Marks = columns.json()?;
    let service = match marks.service {
        Some(stored) => Some(stored.read().ok_or_else(|| columns.impossible(16))?),
        None => None,
    };
    let replaces = read_replacement(&mut columns)?;
    let replaced_by = columns.next()?;
    let text = read_text(&mut columns)?;
    let mark = |pair: Option<(String, Stamp)>| pair.map(|(by, at)| Mark { by, at });
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
        approval: mark(marks.approval),
        seal: mark(marks.seal),
        service,
        filing: mark(marks.filing),
        replaces,
        replaced_by,
    };
    Ok(Found { document, text, version: columns.next()? })
}

impl StoredService {
    fn read(self) -> Option<Service> {
        let way = ServiceWay::ALL.into_iter().find(|way| way.name() == self.way)?;
        Some(Service { to: self.to, way, on: self.on.parse().ok()?, by: self.by, receipt: self.receipt })
    }
}

/// Takes the next column as one of a closed list of names.
fn named<T: Copy>(
    columns: &mut Columns<'_>,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<T, Fault> {
    let text: &str = columns.next()?;
    let found = all.iter().copied().find(|one| name(*one) == text);
    found.ok_or_else(|| columns.impossible(7))
}

fn read_number(columns: &mut Columns<'_>) -> Result<Option<Number>, Fault> {
    let (prefix, organ): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
    let (year, n): (Option<i64>, Option<i64>) = (columns.next()?, columns.next()?);
    Ok(match (prefix, organ, year, n) {
        (Some(prefix), Some(organ), Some(year), Some(n)) => {
            let year = i32::try_from(year).map_err(|_| columns.impossible(10))?;
            Some(Number { series: Series { prefix, organ, year }, n })
        }
        _ => None,
    })
}

fn read_replacement(columns: &mut Columns<'_>) -> Result<Option<Replacement>, Fault> {
    let (ordinal, how): (Option<i64>, Option<&str>) = (columns.next()?, columns.next()?);
    let all = [ReplacementHow::Corrects, ReplacementHow::Revokes];
    let how = how.and_then(|text| all.into_iter().find(|how| how.name() == text));
    Ok(ordinal.zip(how).map(|(ordinal, how)| Replacement { ordinal, how }))
}

fn read_text(columns: &mut Columns<'_>) -> Result<Option<Text>, Fault> {
    let (policy, facts): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
    let printed = columns.maybe_digest()?;
    Ok(facts.map(|facts| Text { facts, policy, printed }))
}
