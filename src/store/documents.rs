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
    ($name:literal: $rest:literal) => {
        sql!($name:
            "SELECT home, seq, ordinal, kind, step, visit, station, state, prefix, organ, year, n, blank_year, "
            "blank_n, made_by, made_at, marks, replaces, replaces_how, replaced_by, policy, facts, printed, version "
            "FROM document " $rest)
    };
}

const LIST: Sql = columns!("documents.list":
    "WHERE ($1 IS NULL OR home = $1) AND ($2 IS NULL OR seq = $2) AND ($3 IS NULL OR kind = $3) \
     AND ($4 IS NULL OR station = $4) AND ($5 IS NULL OR state = $5) \
     ORDER BY home, seq, ordinal LIMIT $6");
const OF_ORDER: Sql = columns!("documents.of_order":
    "WHERE home = $1 AND seq = $2 ORDER BY ordinal");
const UNFINISHED: Sql = columns!("documents.unfinished":
    "WHERE (home, seq) IN (SELECT e.value->>0, CAST(e.value->>1 AS BIGINT) FROM json_each($1) AS e) \
     AND state NOT IN ('filed', 'voided') ORDER BY home, seq, ordinal");
const FIND: Sql = columns!("documents.find":
    "WHERE home = $1 AND seq = $2 AND ordinal = $3");
const AFTER: Sql = columns!("documents.after":
    "WHERE (home, seq, ordinal) > ($1, $2, $3) ORDER BY home, seq, ordinal LIMIT $4");
const ON_BLANK: Sql = columns!("documents.on_blank":
    "WHERE kind = $1 AND blank_year = $2 AND blank_n = $3");
const LAST_ORDINALS: Sql = sql!("documents.last_ordinals":
    "SELECT d.home, d.seq, MAX(d.ordinal) FROM " rows " AS e CROSS JOIN document AS d "
    "WHERE d.home = e.value->>0 AND d.seq = CAST(e.value->>1 AS BIGINT) GROUP BY d.home, d.seq");
const CHANGE: Sql = sql!("documents.change":
    "UPDATE document SET state = $5, prefix = $6, organ = $7, year = $8, n = $9, made_by = $10, marks = $11, "
    "replaced_by = $12, policy = $13, facts = $14, printed = $15, version = version + 1 "
    "WHERE home = $1 AND seq = $2 AND ordinal = $3 AND version = $4");
const SERIES: Sql = sql!("documents.series":
    "SELECT prefix, organ, year, COUNT(*), MIN(n), MAX(n) FROM document WHERE n IS NOT NULL "
    "GROUP BY prefix, organ, year ORDER BY prefix, organ, year");
const ADD: Bulk = bulk!("documents.add":
    "INSERT INTO document (home, seq, ordinal, kind, step, visit, station, state, prefix, organ, year, n, \
     blank_year, blank_n, made_by, made_at, marks, replaces, replaces_how, replaced_by, policy, facts, printed, \
     version) VALUES ",
    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1)", "");

pub(super) const ALL: &[Sql] =
    &[LIST, OF_ORDER, UNFINISHED, FIND, AFTER, ON_BLANK, LAST_ORDINALS, CHANGE, SERIES];
pub(super) const BULK: &[Bulk] = &[ADD];

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

/// Writes what an act changed; returns whether the document was still at its version.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn change(
    tx: &mut Tx,
    document: &Document,
    text: Option<&Text>,
    version: i64,
) -> Result<bool, Fault> {
    let key = &document.key;
    let mut args =
        args!(text &key.home, int key.seq, int key.ordinal, int version, text document.state.name());
    bind_number(&mut args, document.number.as_ref());
    args.text(&json(&document.made.by));
    args.text(&marks(document));
    args.maybe_int(document.replaced_by);
    bind_text(&mut args, text);
    Ok(tx.run(CHANGE, args).await? == 1)
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
