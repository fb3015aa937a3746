//! Documents and blanks against their counters and the record.
//!
//! # Source
//! Invariant I3: no gap, no number used twice, and issued = in stock + signed out + in use +
//! filed + voided + lost.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::documents::{Control, Document, DocumentKey, DocumentState, Series};
use crate::id::OrderId;
use crate::ledger::{ChangedDocument, DocumentBody, DocumentChange, MadeDocument, MovedBlank};
use crate::office::audit::findings::Finding;
use crate::office::documents::series;
use crate::office::{ActiveRelease, Answer};
use crate::policy::Approver;
use crate::store::numbers::UsedNumbers;
use crate::store::{ReadTx, blanks, documents, numbers};
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
    blanks: BTreeMap<Control, String>,
}

/// What is said of a home's documents, by order and place.
type HomeDocuments = BTreeMap<(i64, i64), SaidDigest>;

/// Stands for a state and a number: a register may have more documents than there is memory for texts.
type SaidDigest = [u8; 16];

fn said_digest(state: &str, number: Option<&str>) -> SaidDigest {
    let digest = Digest::of_parts("wubu-said", [state, number.unwrap_or_default()].map(str::as_bytes));
    let mut short = SaidDigest::default();
    short.copy_from_slice(&digest.bytes()[..16]);
    short
}

/// Compares documents and blanks with the counters and the record.
pub(crate) async fn verify_documents(
    reader: &mut ReadTx,
    live: &ActiveRelease,
    said: &DocumentLog,
) -> Answer<Vec<Finding>> {
    let mut found = Vec::new();
    let counters: BTreeMap<Series, i64> = numbers::list(reader).await?.into_iter().collect();
    official(reader, &counters, &mut found).await?;
    controls(reader, &counters, &mut found).await?;
    balance(reader, &mut found).await?;
    papers(reader, live, said, &mut found).await?;
    places(reader, said, &mut found).await?;
    Ok(found)
}

fn find(found: &mut Vec<Finding>, code: &'static str, args: Vec<(&'static str, String)>) {
    found.push(Finding { code, args });
}

/// Official numbers: each series runs from 1 to its counter, every number once.
async fn official(
    reader: &mut ReadTx,
    counters: &BTreeMap<Series, i64>,
    found: &mut Vec<Finding>,
) -> Answer<()> {
    let mut used: BTreeMap<Series, UsedNumbers> = documents::series(reader).await?.into_iter().collect();
    for (series, last) in counters.iter().filter(|(series, _)| !series.organ.is_empty()) {
        let counted = used.remove(series).unwrap_or_default();
        if !counted.are_all_up_to(*last) {
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
        ("max", used.highest.to_string()),
    ];
    find(found, "V020", args);
}

/// Control numbers: each kind's blanks of a year run from 1 to the counter.
async fn controls(
    reader: &mut ReadTx,
    counters: &BTreeMap<Series, i64>,
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
        let last = counters.get(key).copied().unwrap_or_default();
        let counted = used.get(key).copied().unwrap_or_default();
        if !counted.are_all_up_to(last) {
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
    /// Takes in what an entry of a home's chain says.
    pub(crate) fn hear(&mut self, home: &str, body: DocumentBody) {
        match body {
            DocumentBody::Made { documents } => {
                for MadeDocument { seq, ordinal, state, number, .. } in documents {
                    self.documents_of(home).insert((seq, ordinal), said_digest(&state, number.as_deref()));
                }
            }
            DocumentBody::ChangedMany { changes } => {
                for DocumentChange { seq, ordinal, state, number, .. } in changes {
                    self.documents_of(home).insert((seq, ordinal), said_digest(&state, number.as_deref()));
                }
            }
            DocumentBody::Changed(ChangedDocument { seq, ordinal, state, number, .. }) => {
                self.documents_of(home).insert((seq, ordinal), said_digest(&state, number.as_deref()));
            }
            DocumentBody::Issued { kind, year, first, last } => {
                // Blanks of no year at all are missed as any others are.
                let Ok(year) = i32::try_from(year) else { return };
                let issued = (first..=last).map(|n| Control { kind: kind.clone(), year, n });
                self.blanks.extend(issued.map(|control| (control, "in_stock".to_owned())));
            }
            DocumentBody::Blank(MovedBlank { control, state, .. }) => {
                self.blanks.extend(control.parse().ok().map(|control| (control, state)));
            }
            DocumentBody::Closed { .. } | DocumentBody::NotClosed { .. } => {}
        }
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
    said: &DocumentLog,
    found: &mut Vec<Finding>,
) -> Answer<()> {
    let mut after = DocumentKey { order: OrderId { home: String::new(), seq: 0 }, ordinal: 0 };
    let mut heard = 0;
    loop {
        let rows = documents::after(reader, &after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.document.key.clone();
        for row in &rows {
            let document = &row.document;
            let number = document.number.as_ref().map(ToString::to_string);
            if let Some(said) = said.of(&document.key) {
                heard += 1;
                if said != said_digest(document.state.into_str(), number.as_deref()) {
                    find(found, "V023", vec![("document", document.key.to_string())]);
                }
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
    Ok(())
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
    let filter = blanks::BlankFilter::default();
    let mut all = blanks::list(reader, &filter);
    loop {
        let rows = all.next_rows(BLANKS).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for blanks::StoredBlank { blank, .. } in rows {
            if said.blanks.get(&blank.control).is_none_or(|said| said != blank.state.into_str()) {
                find(found, "V024", vec![("blank", blank.control.to_string())]);
            }
        }
    }
}
