//! The register read back: subjects with all that happened to them, in the order of their keys.
//!
//! Subjects, inspections, orders and appraisals are each stored by (home, subject), so a batch
//! is four ordered reads that are merged; nothing is looked up row by row.
//!
//! Two ways in: a stretch of the register ([`scan`], [`find`]), and the marked subjects
//! ([`marked`]), where the marks lead and the rest is read beside them.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;

use crate::policy::{Attribute, Policy};
use crate::register::{History, Inspection, PastOrder, Subject, Value};
use crate::time::{Day, Stamp, Tz};

use super::appraisals::AppraisalText;
use super::checksums::Sum;
use super::columns::Columns;
use super::inspections::{self, InspectionColumns};
use super::record::{read_all, record};
use super::sql::{Args, Sql, TableRecord, json_rows, sql, statements};
use super::subjects::{self, SubjectColumns, read_statuses};
use super::tx::rows;
use super::{Reads, Result};

/// What the policy says of the register: how stored texts become values.
#[derive(Clone, Copy, Debug)]
pub struct RegisterShape<'p> {
    /// Attributes, in the order declared.
    pub attributes: &'p [Attribute],
    /// Problem levels, worst first.
    pub levels: &'p [String],
    /// The bureau's zone, in which moments have a day.
    pub zone: Tz,
}

impl<'p> From<&'p Policy> for RegisterShape<'p> {
    fn from(policy: &'p Policy) -> Self {
        Self { attributes: &policy.attributes, levels: &policy.levels, zone: policy.bureau.zone }
    }
}

/// A subject and what its stored appraisal says.
#[derive(Clone, Debug, PartialEq)]
pub struct AppraisedSubject {
    /// The subject with its history.
    pub subject: Subject,
    /// Its stored appraisal; none when it was never appraised.
    pub before: Option<AppraisalText>,
}

/// Which subjects of a stretch are read; what is not given does not restrict.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SubjectRange {
    /// Station that supervises it.
    pub station: Option<String>,
    pub grid: Option<String>,
}

record! {
    /// The key of a subject, from which reading goes on.
    #[derive(Clone, Debug, PartialEq, Eq, Default)]
    pub struct SubjectKey in "subject" {
        pub home: String,
        /// Subject.
        pub id: String,
    }
}

/// The columns of an order that its subject remembers.
struct PastColumns;

impl TableRecord for PastColumns {
    const TABLE: &'static str = "orders";
    const COLUMNS: &'static str =
        "home, subject, workflow, \"trigger\", nominal, issued_at, scheduled_for, due_on, ended_on";
    const KEY: &'static str = "home, subject, workflow, \"trigger\", nominal";
}

/// Writes the four ordered reads for one way in.
macro_rules! four {
    ($($subjects:ident, $inspections:ident, $orders:ident, $appraisals:ident =
        $name:literal: $subject_part:literal, $beside:literal, $key:literal;)*) => { $(
        const $subjects: Sql = sql!($name:
            "SELECT " (SubjectColumns as s) " "
            $subject_part);
        const $inspections: Sql = sql!($name:
            "SELECT " (InspectionColumns as x) " FROM "
            $beside " inspection AS x WHERE " $key " ORDER BY x.home, x.subject, x.id");
        const $orders: Sql = sql!($name:
            "SELECT " (PastColumns as x) " "
            "FROM " $beside " orders AS x WHERE " $key " AND x.subject_kind = 'subject' "
            "ORDER BY x.home, x.subject, x.workflow, x.\"trigger\", x.nominal");
        const $appraisals: Sql = sql!($name:
            "SELECT x.home, x.subject, " (AppraisalText as x) " "
            "FROM " $beside " appraisal AS x WHERE " $key " ORDER BY x.home, x.subject");
    )* };
}

four! {
    STRETCH, STRETCH_INSPECTIONS, STRETCH_ORDERS, STRETCH_APPRAISALS = "reading.stretch":
        "FROM subject AS s WHERE (s.home, s.id) >= ($1, $2) \
         AND ($3 IS NULL OR s.station = $3) AND ($4 IS NULL OR s.grid = $4) \
         ORDER BY s.home, s.id LIMIT $5",
        "", "(x.home, x.subject) >= ($1, $2) AND (x.home, x.subject) <= ($3, $4)";
    MARKED, MARKED_INSPECTIONS, MARKED_ORDERS, MARKED_APPRAISALS = "reading.marked":
        "FROM mark AS m CROSS JOIN subject AS s WHERE s.home = m.home AND s.id = m.subject \
         ORDER BY m.home, m.subject LIMIT $1",
        "mark AS m CROSS JOIN",
        "x.home = m.home AND x.subject = m.subject AND (m.home, m.subject) <= ($1, $2)";
}

const KEYED: Sql = sql!("reading.keyed":
    "SELECT " (SubjectColumns as s) " "
    "FROM " rows " AS e CROSS JOIN subject AS s WHERE s.home = e.value->>0 AND s.id = e.value->>1 "
    "ORDER BY s.home, s.id");
const KEYED_INSPECTIONS: Sql = sql!("reading.keyed_inspections":
    "SELECT " (InspectionColumns as x) " FROM " rows " AS e "
    "CROSS JOIN inspection AS x WHERE x.home = e.value->>0 AND x.subject = e.value->>1 "
    "ORDER BY x.home, x.subject, x.id");
const KEYED_ORDERS: Sql = sql!("reading.keyed_orders":
    "SELECT " (PastColumns as x) " "
    "FROM " rows " AS e CROSS JOIN orders AS x WHERE x.home = e.value->>0 AND x.subject = e.value->>1 "
    "AND x.subject_kind = 'subject' ORDER BY x.home, x.subject, x.workflow, x.\"trigger\", x.nominal");
const CALLED: Sql = sql!("reading.called":
    "SELECT " (SubjectColumns as s) " "
    "FROM " rows " AS e CROSS JOIN subject AS s WHERE s.id = e.value->>0 ORDER BY s.home, s.id");
const KEYED_APPRAISALS: Sql = sql!("reading.keyed_appraisals":
    "SELECT x.home, x.subject, " (AppraisalText as x) " "
    "FROM " rows " AS e CROSS JOIN appraisal AS x WHERE x.home = e.value->>0 AND x.subject = e.value->>1 "
    "ORDER BY x.home, x.subject");
const NAMES: Sql = sql!("reading.names":
    "SELECT s.id, s.name FROM " rows " AS e CROSS JOIN subject AS s "
    "WHERE s.home = e.value->>0 AND s.id = e.value->>1");
const DIGESTS: Sql = sql!("reading.digests":
    "SELECT " (SubjectColumns) ", digest "
    "FROM subject WHERE (home, id) >= ($1, $2) ORDER BY home, id LIMIT $3");
const INSPECTION_DIGESTS: Sql = sql!("reading.inspection_digests":
    "SELECT " (InspectionColumns) ", digest "
    "FROM inspection WHERE (home, subject, id) >= ($1, $2, $3) ORDER BY home, subject, id LIMIT $4");

statements!(
    STRETCH,
    STRETCH_INSPECTIONS,
    STRETCH_ORDERS,
    STRETCH_APPRAISALS,
    MARKED,
    MARKED_INSPECTIONS,
    MARKED_ORDERS,
    MARKED_APPRAISALS,
    KEYED,
    KEYED_INSPECTIONS,
    KEYED_ORDERS,
    CALLED,
    KEYED_APPRAISALS,
    NAMES,
    DIGESTS,
    INSPECTION_DIGESTS
);

/// Reads at most `limit` subjects that follow `after`, in the order of keys.
pub async fn scan<'p>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    filter: &SubjectRange,
    after: Option<&SubjectKey>,
    limit: i64,
) -> Result<Vec<AppraisedSubject>> {
    let from = after.map_or_else(SubjectKey::default, following);
    stretch(at, shape.into(), filter, &from, limit).await
}

/// Reads one subject by its id.
pub async fn find<'p>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    id: &str,
) -> Result<Option<AppraisedSubject>> {
    let Some(home) = subjects::home(at, id).await? else {
        return Ok(None);
    };
    let key = SubjectKey { home, id: id.to_owned() };
    let found = stretch(at, shape.into(), &SubjectRange::default(), &key, 1).await?;
    Ok(found.into_iter().next())
}

/// Reads the first `limit` marked subjects, in the order of keys.
///
/// The marks stay; when their appraisals are stored, [`super::reappraisals::clear_until`] with the
/// last subject's key takes them away in the same transaction.
pub async fn marked<'p>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    limit: i64,
) -> Result<Vec<AppraisedSubject>> {
    let subjects = rows(at, MARKED, Args::of(&limit)).await?;
    let Some(last) = last_key(&subjects)? else {
        return Ok(Vec::new());
    };
    let until = || Args::of(&last);
    let beside = SubjectRows {
        inspections: rows(at, MARKED_INSPECTIONS, until()).await?,
        orders: rows(at, MARKED_ORDERS, until()).await?,
        appraisals: rows(at, MARKED_APPRAISALS, until()).await?,
    };
    merge(shape.into(), &subjects, &beside)
}

/// Reads subjects by home and id, with all that happened to them, in the order of keys.
pub async fn of_keys<'p, 'k>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    keys: impl IntoIterator<Item = (&'k str, &'k str)>,
) -> Result<Vec<Subject>> {
    let keys = json_rows(keys);
    let subjects = rows(at, KEYED, Args::of(&keys)).await?;
    let beside = SubjectRows {
        inspections: rows(at, KEYED_INSPECTIONS, Args::of(&keys)).await?,
        orders: rows(at, KEYED_ORDERS, Args::of(&keys)).await?,
        appraisals: Vec::new(),
    };
    Ok(merge(shape.into(), &subjects, &beside)?.into_iter().map(|found| found.subject).collect())
}

/// Reads the subjects there are of these ids, with their stored appraisals, in the order of keys.
pub async fn of_ids<'p>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    ids: impl IntoIterator<Item = &str>,
) -> Result<Vec<AppraisedSubject>> {
    let ids = json_rows(ids);
    let subjects = rows(at, CALLED, Args::of(&ids)).await?;
    let found: Vec<SubjectKey> = subjects.iter().map(key).collect::<Result<_, _>>()?;
    let keys = json_rows(&found);
    let beside = SubjectRows {
        inspections: rows(at, KEYED_INSPECTIONS, Args::of(&keys)).await?,
        orders: rows(at, KEYED_ORDERS, Args::of(&keys)).await?,
        appraisals: rows(at, KEYED_APPRAISALS, Args::of(&keys)).await?,
    };
    merge(shape.into(), &subjects, &beside)
}

async fn stretch(
    at: &mut impl Reads,
    shape: RegisterShape<'_>,
    filter: &SubjectRange,
    from: &SubjectKey,
    limit: i64,
) -> Result<Vec<AppraisedSubject>> {
    let values = (from, &filter.station, &filter.grid, limit);
    let subjects = rows(at, STRETCH, Args::of(&values)).await?;
    let (Some(first), Some(last)) = (first_key(&subjects)?, last_key(&subjects)?) else {
        return Ok(Vec::new());
    };
    let range = || Args::of(&(&first, &last));
    let beside = SubjectRows {
        inspections: rows(at, STRETCH_INSPECTIONS, range()).await?,
        orders: rows(at, STRETCH_ORDERS, range()).await?,
        appraisals: rows(at, STRETCH_APPRAISALS, range()).await?,
    };
    merge(shape, &subjects, &beside)
}

/// The first key after a key: no id ends in a control character.
fn following(key: &SubjectKey) -> SubjectKey {
    SubjectKey { home: key.home.clone(), id: format!("{}\u{1}", key.id) }
}

fn first_key(subjects: &[SqliteRow]) -> Result<Option<SubjectKey>> {
    subjects.first().map(key).transpose()
}

fn last_key(subjects: &[SqliteRow]) -> Result<Option<SubjectKey>> {
    subjects.last().map(key).transpose()
}

fn key(row: &SqliteRow) -> Result<SubjectKey> {
    Columns::of(row, "subject").take()
}

/// Rows that belong to the subjects of a batch, each kind in the order of keys.
struct SubjectRows {
    inspections: Vec<SqliteRow>,
    orders: Vec<SqliteRow>,
    appraisals: Vec<SqliteRow>,
}

fn merge(
    shape: RegisterShape<'_>,
    subjects: &[SqliteRow],
    beside: &SubjectRows,
) -> Result<Vec<AppraisedSubject>> {
    let (mut inspections, mut orders) = (&beside.inspections[..], &beside.orders[..]);
    let mut appraisals = &beside.appraisals[..];
    subjects
        .iter()
        .map(|row| {
            let mut subject = read_subject(row, shape)?;
            let key = (subject.home.as_str(), subject.id.as_str());
            let of_subject = take(&mut inspections, key)?;
            let mut read: Vec<Inspection> =
                of_subject.iter().map(|row| read_inspection(row, shape)).collect::<Result<_, _>>()?;
            read.sort_by_key(|inspection| inspection.on);
            let of_subject = take(&mut orders, key)?;
            let mut past: Vec<PastOrder> =
                of_subject.iter().map(|row| read_order(row, shape)).collect::<Result<_, _>>()?;
            past.sort_by_key(|order| (order.issued_on, order.due));
            let said = |row| Columns::from(row, "appraisal", 2).take();
            let before = take(&mut appraisals, key)?.first().map(said).transpose()?;
            subject.history.inspections = read;
            subject.history.orders = past;
            Ok(AppraisedSubject { subject, before })
        })
        .collect()
}

/// Takes the rows of one key off the front; rows of smaller keys belong to no one asked for.
fn take<'a>(rest: &mut &'a [SqliteRow], key: (&str, &str)) -> Result<&'a [SqliteRow]> {
    let mut from = 0;
    while from < rest.len() && key_of(&rest[from])? < key {
        from += 1;
    }
    let mut to = from;
    while to < rest.len() && key_of(&rest[to])? == key {
        to += 1;
    }
    let (_, tail) = rest.split_at(from);
    let (taken, tail) = tail.split_at(to - from);
    *rest = tail;
    Ok(taken)
}

fn key_of(row: &SqliteRow) -> Result<(&str, &str)> {
    let mut columns = Columns::of(row, "key");
    Ok((columns.next()?, columns.next()?))
}

fn read_subject(row: &SqliteRow, shape: RegisterShape<'_>) -> Result<Subject> {
    let mut columns = Columns::of(row, "subject");
    let (home, id): (String, String) = (columns.next()?, columns.next()?);
    let (name, station) = (columns.next()?, columns.next()?);
    let (grid, lat, lon) = (columns.next()?, columns.next()?, columns.next()?);
    let statuses = read_statuses(columns.next()?).ok_or_else(|| columns.impossible(7))?;
    let last_patrol_known = columns.maybe_parsed()?;
    let texts: AttributeTexts<'_> = columns.json()?;
    let attributes = shape.attributes.iter().map(|attribute| texts.value(attribute)).collect();
    let history = History { statuses, last_patrol_known, inspections: Vec::new(), orders: Vec::new() };
    Ok(Subject { id, name, home, station, grid, lat, lon, attributes, history })
}

fn read_inspection(row: &SqliteRow, shape: RegisterShape<'_>) -> Result<Inspection> {
    let mut columns = Columns::of(row, "inspection");
    let _: (&str, &str) = (columns.next()?, columns.next()?);
    let (id, on, result) = (columns.next()?, columns.parsed()?, columns.next()?);
    let counts: BTreeMap<String, u32> = columns.json()?;
    let count = |level: &String| counts.get(level).copied().unwrap_or(0);
    Ok(Inspection { id, on, result, problems: shape.levels.iter().map(count).collect() })
}

fn read_order(row: &SqliteRow, shape: RegisterShape<'_>) -> Result<PastOrder> {
    let mut columns = Columns::of(row, "orders");
    let _: (&str, &str) = (columns.next()?, columns.next()?);
    let (workflow, trigger) = (columns.next()?, columns.next()?);
    let nominal: &str = columns.next()?;
    let issued_at: Stamp = columns.exact()?;
    let (from, due) = (columns.parsed()?, columns.parsed()?);
    let ended_on: Option<Day> = columns.maybe_parsed()?;
    let (nominal, issued_on) = (nominal.parse().ok(), issued_at.day_in(shape.zone));
    Ok(PastOrder { workflow, trigger, nominal, issued_on, from, due, is_open: ended_on.is_none() })
}

/// Attributes as they are stored, by id.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct AttributeTexts<'a>(#[serde(borrow)] BTreeMap<&'a str, std::borrow::Cow<'a, str>>);

impl AttributeTexts<'_> {
    /// Types a stored text by its declaration; an attribute declared after the import has its
    /// default.
    fn value(&self, attribute: &Attribute) -> Value {
        let stored = self.0.get(attribute.id.as_str()).map(AsRef::as_ref);
        Value::of(&attribute.kind, stored.or(attribute.default.as_deref()))
    }
}

/// What a pass over stored rows found: how many and their sum by home, and the edited ones.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Audit {
    /// By home station, as the rows are now.
    pub sums: BTreeMap<String, Sum>,
    /// Keys of rows whose content does not give the digest beside it, as `home/id`.
    pub edited: Vec<String>,
}

/// Returns the names of subjects, each given by home and id.
pub async fn names(at: &mut impl Reads, keys: &[(&str, &str)]) -> Result<BTreeMap<String, String>> {
    read_all(at, NAMES, json_rows(keys)).await
}

/// Rows read at a time by an audit.
const AUDIT_ROWS: i64 = 5_000;

/// Reads every subject and compares it with its digest. [`super::checksums::list`] says what the
/// sums should be; a difference without an edited row means that rows were added or removed.
pub async fn audit_subjects(at: &mut impl Reads) -> Result<Audit> {
    let mut audit = Audit::default();
    let mut after = SubjectKey::default();
    loop {
        let found = rows(at, DIGESTS, Args::of(&(after, AUDIT_ROWS))).await?;
        for row in &found {
            let mut columns = Columns::of(row, "subject");
            let mut texts = [None::<&str>; 10];
            for text in &mut texts {
                *text = columns.next()?;
            }
            let digest = subjects::digest_of(texts);
            audit.count(texts[0].unwrap_or_default(), texts[1].unwrap_or_default(), digest, &mut columns)?;
        }
        match found.last() {
            Some(last) => after = following(&key(last)?),
            None => return Ok(audit),
        }
    }
}

/// Reads every inspection and compares it with its digest.
pub async fn audit_inspections(at: &mut impl Reads) -> Result<Audit> {
    let mut audit = Audit::default();
    let mut after = [String::new(), String::new(), String::new()];
    loop {
        let found = rows(at, INSPECTION_DIGESTS, Args::of(&(&after, AUDIT_ROWS))).await?;
        for row in &found {
            let mut columns = Columns::of(row, "inspection");
            let mut texts = [""; 6];
            for text in &mut texts {
                *text = columns.next()?;
            }
            let digest = inspections::stored_digest(texts);
            let name = format!("{}/{}", texts[1], texts[2]);
            audit.count(texts[0], &name, digest, &mut columns)?;
            after = [texts[0].to_owned(), texts[1].to_owned(), format!("{}\u{1}", texts[2])];
        }
        if found.is_empty() {
            return Ok(audit);
        }
    }
}

impl Audit {
    fn count(
        &mut self,
        home: &str,
        name: &str,
        content: crate::digest::Digest,
        columns: &mut Columns<'_>,
    ) -> Result<()> {
        let stored: &str = columns.next()?;
        if stored != content.to_string() {
            self.edited.push(format!("{home}/{name}"));
        }
        // Summed is what the rows say now, so that an edit which also mends the digest shows.
        self.sums.entry(home.to_owned()).or_default().add(content);
        Ok(())
    }
}
