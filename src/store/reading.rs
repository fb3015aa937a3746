//! The register read back: subjects with all that happened to them, in the order of their keys.
//!
//! Subjects, inspections, orders and appraisals are each stored by (home, subject), so a batch
//! is four ordered reads that are merged; nothing is looked up row by row.
//!
//! Two ways in: a stretch of the register ([`scan`], [`find`]), and the marked subjects
//! ([`marked`]), where the marks lead and the rest is read beside them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::policy::{Attribute, Policy};
use crate::register::{History, Inspection, PastOrder, Subject, Value};
use crate::time::{Day, Stamp, Tz};

use super::appraisals::AppraisalText;
use super::args::Bind;
use super::checksums::Sum;
use super::columns::{Columns, RowLine};
use super::connection::FoundRow;
use super::inspections::{self, InspectionColumns};
use super::record::{read_all, record};
use super::register::content;
use super::sql::{Sql, TableRecord, json_rows, sql, statements};
use super::subjects::{self, AttributeTexts, SubjectColumns, read_statuses};
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

impl RegisterShape<'_> {
    /// Returns whether stored texts become the same values by both.
    pub fn reads_as(&self, other: Self) -> bool {
        let is_alike = |(one, other): (&Attribute, &Attribute)| {
            (&one.id, &one.kind, &one.default) == (&other.id, &other.kind, &other.default)
        };
        self.attributes.len() == other.attributes.len()
            && self.attributes.iter().zip(other.attributes).all(is_alike)
            && (self.levels, self.zone) == (other.levels, other.zone)
    }
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

/// Homes in a row, in the order of their ids, both ends among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeStretch {
    pub first: String,
    pub last: String,
}

impl HomeStretch {
    /// Returns the stretch of all homes.
    pub fn whole() -> Self {
        Self { first: String::new(), last: char::MAX.to_string() }
    }
}

/// The state of an order that was cancelled, as it is stored.
const CANCELLED: &str = "cancelled";

/// The columns of an order that its subject remembers.
struct PastColumns;

impl TableRecord for PastColumns {
    const TABLE: &'static str = "orders";
    const COLUMNS: &'static str =
        "home, subject, workflow, \"trigger\", nominal, issued_at, scheduled_for, due_on, ended_on, state";
    const KEY: &'static str = "home, subject, workflow, \"trigger\", nominal";
}

/// Writes the four ordered reads for one way in; what a subject has several of comes as one row.
macro_rules! four {
    ($(
        $subjects:ident $of_subjects:literal, $inspections:ident $of_inspections:literal,
        $orders:ident $of_orders:literal, $appraisals:ident $of_appraisals:literal:
        ($($subject_part:tt)+), ($($beside:tt)+), $key:literal;
    )+) => { $(
        const $subjects: Sql = sql!($of_subjects: "SELECT " (line SubjectColumns as s) " " $($subject_part)+);
        const $inspections: Sql = sql!($of_inspections:
            "SELECT " (lines InspectionColumns as x) " FROM "
            $($beside)+ " inspection AS x WHERE " $key " GROUP BY x.home, x.subject ORDER BY x.home, x.subject");
        const $orders: Sql = sql!($of_orders:
            "SELECT " (lines PastColumns as x) " "
            "FROM " $($beside)+ " orders AS x WHERE " $key " AND x.subject_kind = 'subject' "
            "GROUP BY x.home, x.subject ORDER BY x.home, x.subject");
        const $appraisals: Sql = sql!($of_appraisals:
            "SELECT x.home, x.subject, " (AppraisalText as x) " "
            "FROM " $($beside)+ " appraisal AS x WHERE " $key " ORDER BY x.home, x.subject");
    )+ };
}

four! {
    STRETCH "reading.stretch", STRETCH_INSPECTIONS "reading.stretch",
    STRETCH_ORDERS "reading.stretch", STRETCH_APPRAISALS "reading.stretch":
        ("FROM subject AS s WHERE (s.home, s.id) >= ($1, $2) \
          AND ($3 IS NULL OR s.station = $3) AND ($4 IS NULL OR s.grid = $4) \
          ORDER BY s.home, s.id LIMIT +$5"),
        (""), "(x.home, x.subject) >= ($1, $2) AND (x.home, x.subject) <= ($3, $4)";
    MARKED "reading.marked", MARKED_INSPECTIONS "reading.marked",
    MARKED_ORDERS "reading.marked", MARKED_APPRAISALS "reading.marked":
        ("FROM mark AS m CROSS JOIN subject AS s WHERE m.home >= $1 AND m.home <= $2 \
          AND s.home = m.home AND s.id = m.subject ORDER BY m.home, m.subject LIMIT +$3"),
        ("mark AS m CROSS JOIN"),
        "x.home = m.home AND x.subject = m.subject AND m.home >= $1 AND (m.home, m.subject) <= ($2, $3)";
    KEYED "reading.keyed", KEYED_INSPECTIONS "reading.keyed_inspections",
    KEYED_ORDERS "reading.keyed_orders", KEYED_APPRAISALS "reading.keyed_appraisals":
        ("FROM " rows " AS e CROSS JOIN subject AS s WHERE s.home = e.value->>0 AND s.id = e.value->>1 \
          ORDER BY s.home, s.id"),
        (rows " AS e CROSS JOIN"), "x.home = e.value->>0 AND x.subject = e.value->>1";
}

const CALLED: Sql = sql!("reading.called":
    "SELECT " (line SubjectColumns as s) " "
    "FROM " rows " AS e CROSS JOIN subject AS s WHERE s.id = e.value->>0 ORDER BY s.home, s.id");
const NAMES: Sql = sql!("reading.names":
    "SELECT s.id, s.name FROM " rows " AS e CROSS JOIN subject AS s "
    "WHERE s.home = e.value->>0 AND s.id = e.value->>1");
const DIGESTS: Sql = sql!("reading.digests":
    "SELECT 1, " (line SubjectColumns as s) ", digest "
    "FROM subject AS s WHERE (home, id) >= ($1, $2) ORDER BY home, id LIMIT +$3");
const INSPECTION_DIGESTS: Sql = sql!("reading.inspection_digests":
    "SELECT count(*), " (lines InspectionColumns as i) ", " together "i.digest, '\u{1e}') "
    "FROM inspection AS i WHERE (home, subject) >= ($1, $2) "
    "GROUP BY home, subject ORDER BY home, subject LIMIT +$3");

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

/// The same without their inspections, which [`add_inspections`] reads of whom they matter.
pub async fn scan_without_inspections<'p>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    after: Option<&SubjectKey>,
    limit: i64,
) -> Result<Vec<AppraisedSubject>> {
    let (from, all) = (after.map_or_else(SubjectKey::default, following), SubjectRange::default());
    let subjects = rows(at, STRETCH, (&from, &all.station, &all.grid, limit)).await?;
    let (Some(first), Some(last)) = (subjects.first(), subjects.last()) else { return Ok(Vec::new()) };
    let range = (key(first)?, key(last)?);
    let beside = beside(at, STRETCH_ORDERS, [None, Some(STRETCH_APPRAISALS)], &range).await?;
    merge(shape.into(), &subjects, &beside)
}

/// Adds the inspections of subjects that have none yet and stand in the order of keys.
pub async fn add_inspections<'p>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    subjects: &mut [&mut Subject],
) -> Result<()> {
    let shape = shape.into();
    let keys = json_rows(subjects.iter().map(|subject| (subject.home.as_str(), subject.id.as_str())));
    let found = rows(at, KEYED_INSPECTIONS, keys).await?;
    let mut rest = &found[..];
    for subject in subjects {
        let of_subject = take(&mut rest, subject, line_key)?;
        subject.history.inspections = read_inspections(of_subject, shape)?;
    }
    Ok(())
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

/// Reads the first `limit` marked subjects of a stretch of homes, in the order of keys.
///
/// The marks stay; in the transaction that stores their appraisals [`super::reappraisals::clear`] takes them away.
pub async fn marked<'p>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    homes: &HomeStretch,
    limit: i64,
) -> Result<Vec<AppraisedSubject>> {
    let HomeStretch { first, last } = homes;
    let subjects = rows(at, MARKED, (first, last, limit)).await?;
    let Some(last) = subjects.last() else { return Ok(Vec::new()) };
    let both = [Some(MARKED_INSPECTIONS), Some(MARKED_APPRAISALS)];
    let beside = beside(at, MARKED_ORDERS, both, &(first, key(last)?)).await?;
    merge(shape.into(), &subjects, &beside)
}

/// Reads subjects by home and id with their stored appraisals, in the order of keys.
pub async fn appraised<'p, 'k>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    keys: impl IntoIterator<Item = (&'k str, &'k str)>,
) -> Result<Vec<AppraisedSubject>> {
    let subjects = rows(at, KEYED, json_rows(keys)).await?;
    let beside = beside_each(at, &subjects).await?;
    merge(shape.into(), &subjects, &beside)
}

/// Reads subjects by home and id, with all that happened to them, in the order of keys.
pub async fn of_keys<'p, 'k>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    keys: impl IntoIterator<Item = (&'k str, &'k str)>,
) -> Result<Vec<Subject>> {
    let keys = json_rows(keys);
    let subjects = rows(at, KEYED, &keys).await?;
    let beside = beside(at, KEYED_ORDERS, [Some(KEYED_INSPECTIONS), None], &keys).await?;
    Ok(merge(shape.into(), &subjects, &beside)?.into_iter().map(|found| found.subject).collect())
}

/// Reads the subjects there are of these ids, with their stored appraisals, in the order of keys.
pub async fn of_ids<'p>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    ids: impl IntoIterator<Item = &str>,
) -> Result<Vec<AppraisedSubject>> {
    let subjects = rows(at, CALLED, json_rows(ids)).await?;
    let beside = beside_each(at, &subjects).await?;
    merge(shape.into(), &subjects, &beside)
}

/// Reads what stands beside single subjects.
async fn beside_each(at: &mut impl Reads, subjects: &[FoundRow]) -> Result<SubjectRows> {
    let found: Vec<SubjectKey> = subjects.iter().map(key).collect::<Result<_>>()?;
    let keys = json_rows(&found);
    beside(at, KEYED_ORDERS, [Some(KEYED_INSPECTIONS), Some(KEYED_APPRAISALS)], &keys).await
}

async fn stretch(
    at: &mut impl Reads,
    shape: RegisterShape<'_>,
    filter: &SubjectRange,
    from: &SubjectKey,
    limit: i64,
) -> Result<Vec<AppraisedSubject>> {
    let subjects = rows(at, STRETCH, (from, &filter.station, &filter.grid, limit)).await?;
    let (Some(first), Some(last)) = (subjects.first(), subjects.last()) else { return Ok(Vec::new()) };
    if filter.station.is_some() || filter.grid.is_some() {
        // Between some of them stand many others.
        let beside = beside_each(at, &subjects).await?;
        return merge(shape, &subjects, &beside);
    }
    let range = (key(first)?, key(last)?);
    let both = [Some(STRETCH_INSPECTIONS), Some(STRETCH_APPRAISALS)];
    let beside = beside(at, STRETCH_ORDERS, both, &range).await?;
    merge(shape, &subjects, &beside)
}

/// The first key after a key: no id ends in a control character.
fn following(key: &SubjectKey) -> SubjectKey {
    SubjectKey { home: key.home.clone(), id: format!("{}\u{1}", key.id) }
}

fn key(row: &FoundRow) -> Result<SubjectKey> {
    let [home, id] = Columns::of(row, "subject").line_key()?;
    Ok(SubjectKey { home: home.to_owned(), id: id.to_owned() })
}

/// Rows that belong to the subjects of a batch, each kind in the order of keys.
struct SubjectRows {
    inspections: Vec<FoundRow>,
    orders: Vec<FoundRow>,
    appraisals: Vec<FoundRow>,
}

/// Reads what stands beside subjects: their orders, and their inspections and appraisals where they are asked for.
async fn beside(
    at: &mut impl Reads,
    orders: Sql,
    [inspections, appraisals]: [Option<Sql>; 2],
    values: &impl Bind,
) -> Result<SubjectRows> {
    let orders = rows(at, orders, values).await?;
    let mut found = SubjectRows { inspections: Vec::new(), orders, appraisals: Vec::new() };
    for (sql, into) in [(inspections, &mut found.inspections), (appraisals, &mut found.appraisals)] {
        if let Some(sql) = sql {
            *into = rows(at, sql, values).await?;
        }
    }
    Ok(found)
}

fn merge(
    shape: RegisterShape<'_>,
    subjects: &[FoundRow],
    beside: &SubjectRows,
) -> Result<Vec<AppraisedSubject>> {
    let (mut inspections, mut orders) = (&beside.inspections[..], &beside.orders[..]);
    let mut appraisals = &beside.appraisals[..];
    let subject = |row| {
        let mut subject = read_subject(row, shape)?;
        let of_subject = take(&mut inspections, &subject, line_key)?;
        let read = read_inspections(of_subject, shape)?;
        let mut past = read_lines(take(&mut orders, &subject, line_key)?, shape, read_order)?;
        past.sort_by(|(at, order), (other_at, other)| {
            order_key(*at, order).cmp(&order_key(*other_at, other))
        });
        let said = |row| Columns::from(row, "appraisal", 2).take();
        let before = take(&mut appraisals, &subject, key_of)?.first().map(said).transpose()?;
        let past = past.into_iter().map(|(_, order)| order).collect();
        (subject.history.inspections, subject.history.orders) = (read, past);
        Ok(AppraisedSubject { subject, before })
    };
    subjects.iter().map(subject).collect()
}

/// Takes the rows of one subject off the front; rows of smaller keys belong to no one asked for.
fn take<'a>(
    rest: &mut &'a [FoundRow],
    subject: &Subject,
    key_of: fn(&FoundRow) -> Result<[&str; 2]>,
) -> Result<&'a [FoundRow]> {
    let key = [subject.home.as_str(), subject.id.as_str()];
    let mut from = 0;
    while from < rest.len() && key_of(&rest[from])? < key {
        from += 1;
    }
    let mut to = from;
    while to < rest.len() && key_of(&rest[to])? == key {
        to += 1;
    }
    let taken = &rest[from..to];
    *rest = &rest[to..];
    Ok(taken)
}

fn key_of(row: &FoundRow) -> Result<[&str; 2]> {
    let mut columns = Columns::of(row, "key");
    Ok([columns.next()?, columns.next()?])
}

fn line_key(row: &FoundRow) -> Result<[&str; 2]> {
    Columns::of(row, "key").line_key()
}

/// What a column says that always says something.
fn said(columns: &Columns<'_>, text: Option<&str>) -> Result<String> {
    text.map(str::to_owned).ok_or_else(|| columns.impossible(0))
}

fn read_subject(row: &FoundRow, shape: RegisterShape<'_>) -> Result<Subject> {
    let mut columns = Columns::of(row, "subject");
    let [home, id, name, station, grid, lat, lon, statuses, last_patrol, attributes] = columns.line()?;
    let said = |text| said(&columns, text);
    let impossible = || columns.impossible(0);
    let statuses = statuses.and_then(read_statuses).ok_or_else(impossible)?;
    let last_patrol = last_patrol.map(|day| day.parse().map_err(|_| impossible())).transpose()?;
    let texts = attributes.and_then(|texts| serde_json::from_str::<AttributeTexts<'_>>(texts).ok());
    let texts = texts.ok_or_else(impossible)?;
    let [grid, lat, lon] = [grid, lat, lon].map(|text| text.map(str::to_owned));
    Ok(Subject {
        id: said(id)?,
        name: said(name)?,
        home: said(home)?,
        station: said(station)?,
        grid,
        lat,
        lon,
        attributes: shape.attributes.iter().map(|attribute| value(&texts, attribute)).collect(),
        history: History {
            statuses,
            last_patrol_known: last_patrol,
            inspections: Vec::new(),
            orders: Vec::new(),
        },
    })
}

/// Reads what a subject has several of: each line of each row.
fn read_lines<T>(
    rows: &[FoundRow],
    shape: RegisterShape<'_>,
    read: fn(RowLine<'_>, RegisterShape<'_>) -> Option<T>,
) -> Result<Vec<T>> {
    let mut all = Vec::new();
    for row in rows {
        let mut columns = Columns::of(row, "history");
        for line in columns.lines()? {
            all.push(read(line, shape).ok_or_else(|| columns.impossible(0))?);
        }
    }
    Ok(all)
}

/// Reads the inspections of one subject, in the order in which they were made.
fn read_inspections(rows: &[FoundRow], shape: RegisterShape<'_>) -> Result<Vec<Inspection>> {
    let mut read = read_lines(rows, shape, read_inspection)?;
    read.sort_by(|one, two| (one.on, &one.id).cmp(&(two.on, &two.id)));
    Ok(read)
}

fn read_inspection(line: RowLine<'_>, shape: RegisterShape<'_>) -> Option<Inspection> {
    let [_, _, id, on, result, counts, kind] = line.columns()?;
    let counts: BTreeMap<Cow<'_, str>, u32> = serde_json::from_str(counts?).ok()?;
    let count = |level: &String| counts.get(level.as_str()).copied().unwrap_or(0);
    Some(Inspection {
        id: id?.to_owned(),
        on: on?.parse().ok()?,
        kind: kind.map(str::to_owned),
        result: result?.to_owned(),
        problems: shape.levels.iter().map(count).collect(),
    })
}

/// Reads an order, and when it was issued.
fn read_order(line: RowLine<'_>, shape: RegisterShape<'_>) -> Option<(Stamp, PastOrder)> {
    let [_, _, workflow, trigger, nominal, issued_at, from, due, ended_on, state] = line.columns()?;
    let issued_at: Stamp = issued_at?.parse().ok()?;
    let order = PastOrder {
        workflow: workflow?.to_owned(),
        trigger: trigger?.to_owned(),
        nominal: nominal.and_then(|nominal| nominal.parse().ok()),
        issued_on: issued_at.day_in(shape.zone),
        from: from?.parse().ok()?,
        due: due?.parse().ok()?,
        is_open: ended_on.is_none(),
        is_cancelled: state == Some(CANCELLED),
    };
    Some((issued_at, order))
}

/// What orders stand sorted by: the moment, then whatever tells two of one moment apart.
fn order_key(issued_at: Stamp, order: &PastOrder) -> (Stamp, Day, &str, &str, Option<Day>) {
    (issued_at, order.due, &order.workflow, &order.trigger, order.nominal)
}

/// Types a stored text by its declaration; an attribute declared after the import has its default.
fn value(texts: &AttributeTexts<'_>, attribute: &Attribute) -> Value {
    let stored = texts.0.get(attribute.id.as_str()).map(AsRef::as_ref);
    Value::of(&attribute.kind, stored.or(attribute.default.as_deref()))
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
const AUDIT_ROWS: i64 = 2_000;

/// Reads every subject and compares it with its digest. [`super::checksums::list`] says what the
/// sums should be; a difference without an edited row means that rows were added or removed.
pub async fn audit_subjects(at: &mut impl Reads) -> Result<Audit> {
    audit::<10, 2>(at, DIGESTS, "subject", |texts| content("wubu-subject", texts)).await
}

/// Reads every inspection and compares it with its digest.
pub async fn audit_inspections(at: &mut impl Reads) -> Result<Audit> {
    audit::<7, 3>(at, INSPECTION_DIGESTS, "inspection", inspections::stored_digest).await
}

/// Reads every row of a table, of `N` columns that begin with `K` of its key, the home and a subject first. A statement
/// gives how many rows come together, their lines, and their digests.
async fn audit<const N: usize, const K: usize>(
    at: &mut impl Reads,
    sql: Sql,
    table: &'static str,
    content: impl Fn([Option<&str>; N]) -> Digest,
) -> Result<Audit> {
    let mut audit = Audit::default();
    let mut after = [const { String::new() }; 2];
    loop {
        let found = rows(at, sql, (&after, AUDIT_ROWS)).await?;
        for row in &found {
            let mut columns = Columns::of(row, table);
            let count: i64 = columns.next()?;
            let (lines, digests) = (columns.lines()?, columns.lines()?);
            let is_all = [lines.clone().count(), digests.clone().count()]
                .into_iter()
                .all(|found| i64::try_from(found) == Ok(count));
            for (line, kept) in lines.zip(digests) {
                // A line of other parts holds what no import takes.
                let digest = line.columns().map(&content);
                if !is_all || digest.is_none_or(|digest| digest.to_string() != kept.0) {
                    audit.edited.push(line.first::<K>().map(|key| key.join("/")).unwrap_or_default());
                }
                // Summed is what the rows say now, so that an edit which also mends the digest shows.
                if let (Some(digest), Some([home])) = (digest, line.first()) {
                    audit.sums.entry(home.to_owned()).or_default().add(digest);
                }
            }
        }
        let Some(last) = found.last() else { return Ok(audit) };
        after = Columns::from(last, table, 1).line_key::<2>()?.map(str::to_owned);
        // The first key after a key: no id ends in a control character.
        after[1].push('\u{1}');
    }
}
