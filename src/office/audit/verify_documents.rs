//! Documents and blanks against their counters and the record.
//!
//! # Source
//! Invariant I3: no gap, no number used twice, and issued = in stock + signed out + in use +
//! filed + voided + lost.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;
use crate::documents::{Blank, BlankState, Control, Document, DocumentKey, DocumentState, FactId, Series};
use crate::id::OrderId;
use crate::ledger::{
    ChangedDocument, DocumentBody, DocumentChange, Entry, MadeDocument, MovedBlank, PassedSeries,
};
use crate::office::audit::findings::{Finding, VerifyReport};
use crate::office::audit::told_rows::{ToldRow, ToldRows};
use crate::office::audit::verify_orders::paper_digest;
use crate::office::documents::{ROW, row_digits, series};
use crate::office::{ActiveRelease, Answer};
use crate::policy::Approver;
use crate::store::blanks::{BlankContent, BlankMove};
use crate::store::checksums::Sum;
use crate::store::numbers::UsedNumbers;
use crate::store::{ReadTx, RowContent, blanks, documents, numbers};
use crate::time::Stamp;

/// Rows read at a time.
const PAGE: i64 = 2_000;
/// Blanks read at a time.
const BLANKS: usize = 2_000;

/// What the record says last: of each document its state and number, of each blank its state.
///
/// It is put together as the chains are read, which are not read again for it.
#[derive(Default)]
pub(crate) struct DocumentLog {
    documents: BTreeMap<String, HomeDocuments>,
    blanks: BTreeMap<Control, SaidBlank>,
    /// Documents that were made by hand; steps make the others.
    by_hand: BTreeSet<DocumentKey>,
    /// The documents that steps made, by home; none of a home where that cannot be told again.
    pub(crate) made: BTreeMap<String, Option<Sum>>,
    /// Parts that documents are put together of, as [`FactId::short`] has them.
    pub(crate) parts: BTreeSet<u64>,
    /// Numbers of each series that restores passed over.
    passed_over: BTreeMap<Series, i64>,
}

/// What is said of a blank.
#[derive(Debug)]
struct SaidBlank {
    state: String,
    /// What its row holds; entries of earlier builds do not say it.
    row: Option<String>,
    /// How often it has moved, and a digest of all its moves.
    moves: i64,
    trail: Digest,
}

impl SaidBlank {
    const START: Digest = Digest::from_bytes([0; 32]);

    /// Adds a move to the digest of those before.
    fn trail(before: Digest, moved: &BlankMove) -> Digest {
        let BlankMove { control: _, place, at, state, original } = moved;
        let (place, at) = (place.to_string(), at.to_string());
        let original = original.map_or("", |kept| if kept { "1" } else { "0" });
        let parts = [before.bytes().as_slice(), place.as_bytes(), at.as_bytes(), state.as_bytes()];
        Digest::of_parts("wubu-move", parts.into_iter().chain([original.as_bytes()]))
    }
}

/// What is said of a home's documents, by order and place.
type HomeDocuments = BTreeMap<(i64, i64), SaidDigest>;

/// Stands for a state and a number: a register may have more documents than there is memory for texts.
type SaidDigest = [u8; 16];

/// Half of a digest, which is what an entry says of a row.
fn half(digest: Digest) -> SaidDigest {
    let mut short = SaidDigest::default();
    short.copy_from_slice(&digest.bytes()[..16]);
    short
}

fn said_digest(state: &str, number: Option<&str>) -> SaidDigest {
    half(Digest::of_parts("wubu-said", [state, number.unwrap_or_default()].map(str::as_bytes)))
}

/// Compares documents and blanks with the counters and the record.
pub(crate) async fn verify_documents(
    reader: &mut ReadTx,
    live: &ActiveRelease,
    said: &mut DocumentLog,
    told: &mut ToldRows,
) -> Answer<Vec<Finding>> {
    let mut found = Vec::new();
    let counters = numbers::list(reader).await?;
    let counters = counters.into_iter().map(|(series, last)| {
        let passed_over = said.passed_over.get(&series).copied().unwrap_or_default();
        (series, SeriesCount { last, passed_over })
    });
    let counters = counters.collect();
    official(reader, &counters, &mut found).await?;
    controls(reader, &counters, &mut found).await?;
    balance(reader, &mut found).await?;
    papers(reader, live, said, &mut found).await?;
    places(reader, said, &mut found).await?;
    moves(reader, said, &mut found).await?;
    let mut done = VerifyReport::default();
    for ((kind, year, first, last), (station, at, actor)) in blanks::issues(reader).await? {
        let control = [kind, year.to_string(), first.to_string()];
        told.find(issue(&control, last, [&station, &at.to_string(), &actor]), &mut done);
    }
    for (station, month, at, actor, books) in blanks::closings(reader).await? {
        told.find(closing([&station, &month], [&at.to_string(), &actor, &books]), &mut done);
    }
    found.extend(done.problems);
    Ok(found)
}

fn find(found: &mut Vec<Finding>, code: &'static str, args: Vec<(&'static str, String)>) {
    found.push(Finding { code, args });
}

/// Numbers of a series.
#[derive(Clone, Copy, Default)]
struct SeriesCount {
    /// The newest given.
    last: i64,
    /// How many of them restores passed over.
    passed_over: i64,
}

/// Official numbers: each series runs from 1 to its counter, every number once.
async fn official(
    reader: &mut ReadTx,
    counters: &BTreeMap<Series, SeriesCount>,
    found: &mut Vec<Finding>,
) -> Answer<()> {
    let mut used: BTreeMap<Series, UsedNumbers> = documents::series(reader).await?.into_iter().collect();
    for (series, SeriesCount { last, passed_over }) in
        counters.iter().filter(|(series, _)| !series.organ.is_empty())
    {
        let counted = used.remove(series).unwrap_or_default();
        if !counted.are_all_up_to(*last, *passed_over) {
            gap(found, series, *last, counted);
        }
    }
    for (series, counted) in used {
        gap(found, &series, 0, counted);
    }
    Ok(())
}

fn gap(found: &mut Vec<Finding>, series: &Series, last: i64, used: UsedNumbers) {
    let Series { prefix, organ, year } = series;
    let args = vec![
        ("series", format!("{organ}{prefix} {year}")),
        ("last", last.to_string()),
        ("found", used.count.to_string()),
        ("distinct", used.distinct.to_string()),
        ("max", used.highest.to_string()),
    ];
    find(found, "V020", args);
}

/// Control numbers: each kind's blanks of a year run from 1 to the counter.
async fn controls(
    reader: &mut ReadTx,
    counters: &BTreeMap<Series, SeriesCount>,
    found: &mut Vec<Finding>,
) -> Answer<()> {
    let used: BTreeMap<Series, UsedNumbers> = blanks::series(reader)
        .await?
        .into_iter()
        .map(|((kind, year), counted)| (series(&kind, year), counted))
        .collect();
    let given = counters.iter().filter(|(series, _)| series.organ.is_empty());
    let keys: std::collections::BTreeSet<&Series> =
        used.keys().chain(given.map(|(series, _)| series)).collect();
    for key in keys {
        let SeriesCount { last, passed_over } = counters.get(key).copied().unwrap_or_default();
        let counted = used.get(key).copied().unwrap_or_default();
        if !counted.are_all_up_to(last, passed_over) {
            let name = format!("{} {}", key.prefix, key.year);
            let args =
                vec![("series", name), ("last", last.to_string()), ("found", counted.count.to_string())];
            find(found, "V021", args);
        }
    }
    Ok(())
}

async fn balance(reader: &mut ReadTx, found: &mut Vec<Finding>) -> Answer<()> {
    for (station, lines) in blanks::books(reader, None, Stamp::from_micros(LATEST)).await? {
        for line in lines.into_iter().filter(|line| !line.counts.is_even()) {
            let args = vec![
                ("station", station.clone()),
                ("kind", line.kind),
                ("issued", line.counts.issued.to_string()),
                ("found", line.counts.found().to_string()),
            ];
            find(found, "V022", args);
        }
    }
    Ok(())
}

/// A moment after every stored one: 9999-12-31.
const LATEST: i64 = 253_402_214_400_000_000;

impl DocumentLog {
    /// Takes in which numbers a restore passed over.
    pub(crate) fn pass_over(&mut self, passed: &[PassedSeries]) {
        for PassedSeries { prefix, organ, year, last, to } in passed {
            let series = Series { prefix: prefix.clone(), organ: organ.clone(), year: *year };
            *self.passed_over.entry(series).or_default() += to - last;
        }
    }

    /// Takes in what an entry of a home's chain says.
    pub(crate) fn hear(&mut self, told: &mut ToldRows, entry: &Entry, body: DocumentBody) {
        let Entry { chain: home, at, actor, .. } = entry;
        match body {
            DocumentBody::Made { documents } => {
                for MadeDocument { seq, ordinal, state, number, .. } in documents {
                    self.documents_of(home).insert((seq, ordinal), said_digest(&state, number.as_deref()));
                    let order = OrderId { home: home.clone(), seq };
                    self.by_hand.insert(DocumentKey { order, ordinal });
                }
            }
            DocumentBody::ChangedMany { changes } => {
                for DocumentChange { seq, ordinal, state, number, detail, .. } in changes {
                    let said = row_said(&detail).unwrap_or_else(|| said_digest(&state, number.as_deref()));
                    self.documents_of(home).insert((seq, ordinal), said);
                }
            }
            DocumentBody::Changed(ChangedDocument { seq, ordinal, state, number, .. }) => {
                self.documents_of(home).insert((seq, ordinal), said_digest(&state, number.as_deref()));
            }
            DocumentBody::Issued { kind, year, first, last } => {
                // Blanks of no year at all are missed as any others are.
                let Ok(year) = i32::try_from(year) else { return };
                let control = [kind.clone(), year.to_string(), first.to_string()];
                told.hear(issue(&control, last, [home, &at.to_string(), actor]), *at);
                for n in first..=last {
                    let control = Control { kind: kind.clone(), year, n };
                    let (station, state) = (home.clone(), BlankState::InStock);
                    let blank = Blank { control: control.clone(), station, state, voiding: None };
                    let row = Some(row_digits(blanks::content_issued(blank)));
                    let state = "in_stock".to_owned();
                    self.move_blank(BlankMove { control, place: 0, at: *at, state, original: None }, row);
                }
            }
            DocumentBody::Blank(MovedBlank { control, state, detail, .. }) => {
                let Ok(control) = control.parse() else { return };
                let said = |key: &str| detail.iter().find(|(name, _)| name == key).map(|(_, said)| said);
                let original = said("original").filter(|_| state == "voided").map(|kept| kept == "kept");
                let row = said(ROW).cloned();
                self.move_blank(BlankMove { control, place: 0, at: *at, state, original }, row);
            }
            DocumentBody::Closed { month, books } => {
                let books = serde_json::to_string(&books).unwrap_or_default();
                told.hear(closing([home, &month], [&at.to_string(), actor, &books]), *at);
            }
            DocumentBody::NotClosed { .. } => {}
        }
    }

    /// Takes in the next move of a blank, and what its row holds from there on.
    fn move_blank(&mut self, moved: BlankMove, row: Option<String>) {
        let before = self.blanks.get(&moved.control);
        let (moves, trail) = before.map_or((0, SaidBlank::START), |before| (before.moves, before.trail));
        let moved = BlankMove { place: moves + 1, ..moved };
        let said =
            SaidBlank { trail: SaidBlank::trail(trail, &moved), moves: moves + 1, state: moved.state, row };
        self.blanks.insert(moved.control, said);
    }

    fn documents_of(&mut self, home: &str) -> &mut HomeDocuments {
        self.documents.entry(home.to_owned()).or_default()
    }

    /// Returns what is said of a document.
    fn of(&self, key: &DocumentKey) -> Option<SaidDigest> {
        self.documents.get(&key.order.home)?.get(&(key.order.seq, key.ordinal)).copied()
    }

    fn keys(&self) -> impl Iterator<Item = DocumentKey> {
        let of_home = |(home, documents): (&String, &HomeDocuments)| {
            let places: Vec<(i64, i64)> = documents.keys().copied().collect();
            let home = home.clone();
            places.into_iter().map(move |(seq, ordinal)| DocumentKey {
                order: OrderId { home: home.clone(), seq },
                ordinal,
            })
        };
        self.documents.iter().flat_map(of_home)
    }
}

/// Compares every document with the record, and its marks with what its kind asks for.
async fn papers(
    reader: &mut ReadTx,
    live: &ActiveRelease,
    said: &mut DocumentLog,
    found: &mut Vec<Finding>,
) -> Answer<()> {
    let mut after = DocumentKey { order: OrderId { home: String::new(), seq: 0 }, ordinal: 0 };
    let mut heard = 0;
    let mut made: BTreeMap<String, Sum> = BTreeMap::new();
    let mut parts = BTreeSet::new();
    loop {
        let rows = documents::after(reader, &after, PAGE).await?;
        let Some((last, _)) = rows.last() else { break };
        after = last.document.key.clone();
        for (row, RowContent(content)) in &rows {
            let document = &row.document;
            let number = document.number.as_ref().map(ToString::to_string);
            let texts = row.text.iter().flat_map(|text| &text.parts.0);
            parts.extend(texts.filter_map(FactId::short));
            if let Some(said) = said.of(&document.key) {
                heard += 1;
                let state = said_digest(document.state.into_str(), number.as_deref());
                if said != state && said != half(*content) {
                    find(found, "V023", vec![("document", document.key.to_string())]);
                }
            }
            if !said.by_hand.contains(&document.key) {
                let Document { key: DocumentKey { order, .. }, kind, step, visit, .. } = document;
                let digest = paper_digest(order.seq, [kind, step], *visit);
                made.entry(order.home.clone()).or_default().add(digest);
            }
            if is_served_unsigned(live, document) {
                find(found, "V025", vec![("document", document.key.to_string())]);
            }
        }
    }
    if heard < said.documents.values().map(BTreeMap::len).sum::<usize>() {
        for key in said.keys() {
            if documents::find(reader, &key).await?.is_none() {
                find(found, "V023", vec![("document", key.to_string())]);
            }
        }
    }
    said.parts = parts;
    for (home, told) in &said.made {
        let made = made.remove(home).unwrap_or_default();
        if told.is_some_and(|told| told != made) {
            find(found, "V009", vec![("table", "document".to_owned()), ("station", home.clone())]);
        }
    }
    for home in made.into_keys() {
        find(found, "V009", vec![("table", "document".to_owned()), ("station", home)]);
    }
    Ok(())
}

/// Returns what an entry says that the row of a document holds.
fn row_said(detail: &[(String, String)]) -> Option<SaidDigest> {
    let (_, digits) = detail.iter().find(|(name, _)| name == ROW)?;
    Digest::parse(&format!("{digits}{digits}")).map(half)
}

fn issue(control: &[String; 3], last: i64, [station, at, actor]: [&str; 3]) -> ToldRow {
    let key: Vec<&str> = control.iter().map(String::as_str).collect();
    ToldRow::new("blank_issue", &key, &[Some(&last.to_string()), Some(station), Some(at), Some(actor)])
}

fn closing(key: [&str; 2], said: [&str; 3]) -> ToldRow {
    ToldRow::new("blank_close", &key, &said.map(Some))
}

fn is_served_unsigned(live: &ActiveRelease, document: &Document) -> bool {
    let kind = live.policy.document(&document.kind);
    let wants = kind.is_some_and(|kind| matches!(kind.approver, Approver::Roles(_)));
    let is_out = matches!(document.state, DocumentState::Served | DocumentState::Filed);
    wants && is_out && document.marks.approval.is_none()
}

/// Compares every blank with its last move and with the record.
async fn places(reader: &mut ReadTx, said: &DocumentLog, found: &mut Vec<Finding>) -> Answer<()> {
    for control in blanks::astray(reader).await? {
        find(found, "V024", vec![("blank", control.to_string())]);
    }
    let mut all = blanks::all(reader);
    loop {
        let rows = all.next_rows(BLANKS).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for BlankContent { control, state, content } in rows {
            let is_said = said.blanks.get(&control).is_some_and(|said| {
                said.state == state && said.row.as_ref().is_none_or(|row| *row == row_digits(content))
            });
            if !is_said {
                find(found, "V024", vec![("blank", control.to_string())]);
            }
        }
    }
}

/// Compares where each blank has been with the record.
async fn moves(reader: &mut ReadTx, said: &DocumentLog, found: &mut Vec<Finding>) -> Answer<()> {
    let mut trails: BTreeMap<Control, Digest> = BTreeMap::new();
    let mut all = blanks::moves(reader);
    loop {
        let rows = all.next_rows(BLANKS).await?;
        if rows.is_empty() {
            break;
        }
        for moved in rows {
            let trail = trails.entry(moved.control.clone()).or_insert(SaidBlank::START);
            *trail = SaidBlank::trail(*trail, &moved);
        }
    }
    let known: BTreeSet<&Control> = trails.keys().chain(said.blanks.keys()).collect();
    for control in known {
        if trails.get(control) != said.blanks.get(control).map(|said| &said.trail) {
            find(found, "V024", vec![("blank", control.to_string())]);
        }
    }
    Ok(())
}
