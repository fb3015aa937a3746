//! Inspections as imported, kept beside their subject under its home station.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::digest::Digest;
use crate::import::InspectionRow;
use crate::time::Day;

use super::checksums::{self, SummedTable};
use super::record::{read_all, written};
use super::register::{RowChange, content};
use super::sql::{Bulk, Sql, TableRecord, bulk, join, json_rows, push_json_text, sql, statements};
use super::{ImportCounts, ImportResult, Result, Tx, reappraisals};

/// One inspection as a file gives it, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectionRecord {
    /// Id in its source.
    pub id: String,
    /// The subject inspected.
    pub subject: String,
    /// The day of the visit.
    pub on: Day,
    /// One of the policy's kinds, where its source names one.
    pub kind: Option<String>,
    /// Result as written.
    pub result: String,
    /// Problem level and number, sorted by level; levels without problems are left out.
    pub problems: Vec<(String, u32)>,
}

impl InspectionRecord {
    /// Makes rows to be stored of rows as a file has them; `levels` are those it was read with.
    pub fn of_file(read: Vec<InspectionRow>, levels: &[String]) -> Vec<Self> {
        let one = |read: InspectionRow| {
            let InspectionRow { id, subject, on, kind, result, problems } = read;
            let mut problems: Vec<(String, u32)> =
                levels.iter().cloned().zip(problems).filter(|(_, count)| *count > 0).collect();
            problems.sort_unstable();
            Self { id, subject, on, kind, result, problems }
        };
        read.into_iter().map(one).collect()
    }
}

const FIND: Sql = sql!("inspections.find":
    "SELECT s.id, e.value->>1, s.home, i.digest "
    "FROM " rows " AS e CROSS JOIN subject AS s "
    "LEFT JOIN inspection AS i ON i.home = s.home AND i.subject = s.id AND i.id = e.value->>1 "
    "WHERE s.id = e.value->>0");
const UPSERT: Bulk = bulk!("inspections.upsert":
    insert InspectionChange (replace InspectionChange));

statements!(FIND; UPSERT);

/// The columns whose content is digested.
pub(super) struct InspectionColumns;

impl TableRecord for InspectionColumns {
    const TABLE: &'static str = "inspection";
    const COLUMNS: &'static str = "home, subject, id, on_day, result, problems, kind";
    const KEY: &'static str = "home, subject, id";
}

struct InspectionChange<'a> {
    row: &'a InspectionRecord,
    home: Arc<str>,
    problems: String,
    before: Option<Digest>,
    digest: Digest,
}

written! {
    InspectionChange<'_> => "inspection" by "home, subject, id"; join!(InspectionColumns::COLUMNS, ", digest"),
    |Self { row: InspectionRecord { id, subject, on, kind, result, .. }, home, problems, digest, .. }| (
        home, subject, id, on, result, problems, kind, digest
    )
}

/// Writes the inspections that are new or differ, marks their subjects, and counts.
///
/// A row whose subject is not in the register is not written; its position is in
/// [`ImportResult::unknown`]. Of rows with the same subject and id in one batch the last one counts.
pub async fn upsert_many(tx: &mut Tx, batch: &[InspectionRecord]) -> Result<ImportResult> {
    let known = find(tx, batch).await?;
    let mut done = ImportResult::default();
    let mut latest = BTreeMap::new();
    for (at, row) in batch.iter().enumerate() {
        match known.get(&(row.subject.clone(), row.id.clone())) {
            None => done.unknown.push(at),
            Some((home, before)) => {
                latest.insert([&**home, &row.subject, &row.id], (home, row, *before));
            }
        }
    }
    let mut written = Vec::with_capacity(latest.len());
    for (home, row, before) in latest.into_values() {
        let home = Arc::clone(home);
        let problems = problems_json(&row.problems);
        let digest = digest_of(&home, row, &problems);
        let counts: &mut ImportCounts = done.homes.entry(home.as_ref().to_owned()).or_default();
        if counts.count(before, digest) == RowChange::Written {
            written.push(InspectionChange { row, home, problems, before, digest });
        }
    }
    if !written.is_empty() {
        write(tx, &written).await?;
    }
    Ok(done)
}

type KnownInspections = HashMap<(String, String), (Arc<str>, Option<Digest>)>;

async fn find(tx: &mut Tx, batch: &[InspectionRecord]) -> Result<KnownInspections> {
    let keys = json_rows(batch.iter().map(|row| [&row.subject, &row.id]));
    read_all(tx, FIND, keys).await
}

async fn write(tx: &mut Tx, written: &[InspectionChange<'_>]) -> Result<()> {
    tx.write_rows(&UPSERT, written).await?;
    let mut kept = checksums::of(tx, SummedTable::Inspection, written.iter().map(|w| &*w.home)).await?;
    for w in written {
        kept.get_mut(&*w.home).expect("read for every home").replace(w.before, w.digest);
    }
    checksums::set(tx, SummedTable::Inspection, &kept).await?;
    let mut keys: Vec<(Arc<str>, &str)> =
        written.iter().map(|w| (Arc::clone(&w.home), w.row.subject.as_str())).collect();
    keys.dedup();
    reappraisals::add_many(tx, &keys).await.map(drop)
}

fn problems_json(problems: &[(String, u32)]) -> String {
    let mut out = String::from("{");
    for (level, count) in problems {
        if out.len() > 1 {
            out.push(',');
        }
        push_json_text(&mut out, level);
        out.push(':');
        out.push_str(&count.to_string());
    }
    out.push('}');
    out
}

fn digest_of(home: &str, row: &InspectionRecord, problems: &str) -> Digest {
    let on = row.on.to_string();
    let [home, subject, id, on, result, problems] =
        [home, &row.subject, &row.id, &on, &row.result, problems].map(Some);
    stored_digest([home, subject, id, on, result, problems, row.kind.as_deref()])
}

/// Names the content of a stored inspection, all columns but the digest itself.
///
/// A kind that is not known adds nothing, so that rows of before there were kinds keep their digests.
pub(super) fn stored_digest(columns: [Option<&str>; 7]) -> Digest {
    let [.., kind] = columns;
    content("wubu-inspection", columns.into_iter().take(columns.len() - usize::from(kind.is_none())))
}
