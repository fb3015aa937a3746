//! Inspections as imported, kept beside their subject under its home station.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::digest::Digest;
use crate::import::InspectionRow;
use crate::time::Day;

use super::checksums::{self, SummedTable};
use super::columns::{BETWEEN, Columns};
use super::record::written;
use super::register::{RowChange, content};
use super::sql::{Bulk, Sql, TableRecord, bulk, join, json_rows, push_json_text, sql, statements};
use super::tx::rows;
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
    /// Makes a row to be stored of one as a file has it, whose levels are `levels`, and of what is known of it.
    fn of_file(read: InspectionRow, levels: &[String], known: Option<&KnownInspection>) -> Self {
        let InspectionRow { id, subject, on, kind, result, problems } = read;
        let before = known.and_then(KnownInspection::kept).unwrap_or_default();
        let counts = levels.iter().zip(problems).filter_map(|(level, count)| {
            let count = count.or(before.problems.get(level).copied()).filter(|count| *count > 0)?;
            Some((level.clone(), count))
        });
        let mut problems: Vec<(String, u32)> = counts.collect();
        problems.sort_unstable();
        let (kind, result) = (kind.or(before.kind), result.or(Some(before.result)).unwrap_or_default());
        Self { id, subject, on, kind, result, problems }
    }
}

const FIND: Sql = sql!("inspections.find":
    "SELECT s.id, e.value->>1, s.home, i.digest, "
    "COALESCE(i.kind, '') || '\u{1f}' || i.result || '\u{1f}' || i.problems "
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

/// What is known of an inspection of a known subject.
struct KnownInspection {
    home: Arc<str>,
    digest: Option<Digest>,
    /// Kind, result and problems; none when it is new.
    texts: Option<String>,
}

/// What a row of a file need not say of an inspection.
#[derive(Default)]
struct InspectionDetails {
    kind: Option<String>,
    result: String,
    problems: BTreeMap<String, u32>,
}

impl KnownInspection {
    fn kept(&self) -> Option<InspectionDetails> {
        let mut texts = self.texts.as_deref()?.split(BETWEEN);
        let kind = texts.next().filter(|kind| !kind.is_empty()).map(str::to_owned);
        let result = texts.next()?.to_owned();
        Some(InspectionDetails { kind, result, problems: serde_json::from_str(texts.next()?).ok()? })
    }
}

/// Writes the inspections that are new or differ, marks their subjects, and counts.
///
/// A row whose subject is not in the register is not written; its position is in
/// [`ImportResult::unknown`]. Of rows with the same subject and id in one batch the last one counts.
pub async fn upsert_many(tx: &mut Tx, batch: &[InspectionRecord]) -> Result<ImportResult> {
    let known = find(tx, batch.iter().map(|row| [row.subject.as_str(), row.id.as_str()])).await?;
    put(tx, batch, &known).await
}

/// The same with rows of a file, whose levels are `levels`: what one does not say stays as it is known.
pub async fn import_many(tx: &mut Tx, read: Vec<InspectionRow>, levels: &[String]) -> Result<ImportResult> {
    let known = find(tx, read.iter().map(|row| [row.subject.as_str(), row.id.as_str()])).await?;
    let one = |row: InspectionRow| {
        let before = known.get(&(row.subject.clone(), row.id.clone()));
        InspectionRecord::of_file(row, levels, before)
    };
    let batch: Vec<InspectionRecord> = read.into_iter().map(one).collect();
    put(tx, &batch, &known).await
}

async fn put(tx: &mut Tx, batch: &[InspectionRecord], known: &KnownInspections) -> Result<ImportResult> {
    let mut done = ImportResult::default();
    let mut latest = BTreeMap::new();
    for (at, row) in batch.iter().enumerate() {
        match known.get(&(row.subject.clone(), row.id.clone())) {
            None => done.unknown.push(at),
            Some(KnownInspection { home, digest, texts: _ }) => {
                latest.insert([&**home, &row.subject, &row.id], (home, row, *digest));
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

type KnownInspections = HashMap<(String, String), KnownInspection>;

async fn find<'k>(tx: &mut Tx, keys: impl Iterator<Item = [&'k str; 2]>) -> Result<KnownInspections> {
    let mut known = HashMap::new();
    for found in rows(tx, FIND, json_rows(keys)).await? {
        let mut columns = Columns::of(&found, "inspection");
        let key = columns.take()?;
        let (home, digest) = columns.take()?;
        known.insert(key, KnownInspection { home, digest, texts: columns.next()? });
    }
    Ok(known)
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
