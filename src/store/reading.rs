//! The register read back: subjects with all that happened to them, in the order of their keys.
//!
//! Subjects, inspections, orders and appraisals are each stored by (home, subject), so a batch
//! is four reads that are merged; nothing is looked up row by row. Each gives back one text, the lines of all its rows:
//! a row that goes from the database's thread to ours costs more than what stands in it.
//!
//! Two ways in: a stretch of the register ([`scan`], [`find`]), and the marked subjects
//! ([`marked`]), where the marks lead and the rest is read beside them.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::register::{History, Subject};
use crate::time::Tz;

use super::appraisals::AppraisalText;
use super::args::Bind;
use super::checksums::Sum;
use super::columns::Columns;
use super::inspections::{self, InspectionColumns};
use super::record::read_all;
use super::register::content;
use super::sql::{Sql, json_rows, sql, statements};
use super::subject_lines::{
    AppraisalColumns, KeyRange, KeyedLine, PastColumns, ProblemTexts, RowLines, lines, read_orders,
    read_subject, take,
};
pub use super::subject_lines::{AppraisalLine, RegisterShape, SubjectKey};
use super::subjects::{self, SubjectColumns, read_statuses};
use super::tx::rows;
use super::{Reads, Result};

/// A subject and what its stored appraisal says.
#[derive(Clone, Debug, PartialEq)]
pub struct AppraisedSubject {
    /// The subject with its history.
    pub subject: Subject,
    /// Its stored appraisal; none when it was never appraised.
    pub before: Option<AppraisalText>,
}

/// A stretch of the register as it was found, of which no more is read than matters.
pub struct RegisterStretch {
    subjects: RowLines,
    beside: LinesBeside,
}

/// A subject as far as it can be read without the policy, and what its stored appraisal says.
pub struct SubjectOutline<'s> {
    pub home: &'s str,
    pub id: &'s str,
    pub station: &'s str,
    pub grid: Option<&'s str>,
    /// Its statuses and orders.
    pub history: History,
    /// Its stored appraisal; none when it was never appraised.
    pub before: Option<AppraisalLine<'s>>,
    line: KeyedLine<'s>,
}

impl RegisterStretch {
    /// Returns its subjects, in the order of keys; moments have a day in `zone`.
    pub fn outlines<'s>(&'s self, zone: Tz) -> Result<Vec<SubjectOutline<'s>>> {
        let LinesBeside { inspections: _, orders, appraisals } = &self.beside;
        let (orders, appraisals) = (orders.by_key()?, appraisals.by_key()?);
        let (mut orders, mut appraisals) = (&orders[..], &appraisals[..]);
        let outline = |line: KeyedLine<'s>| {
            let [home, id] = line.key;
            let read = |[_, _, _, station, grid, _, _, statuses, _, _]: [Option<_>; 10]| {
                let history = History { statuses: read_statuses(statuses?)?, ..History::default() };
                Some((station?, grid, history))
            };
            let (station, grid, mut history) = line.read(read)?;
            history.orders = read_orders(take(&mut orders, line.key), zone)?;
            let said = take(&mut appraisals, line.key).first();
            let before = said.map(|line| line.read(AppraisalLine::of)).transpose()?;
            Ok(SubjectOutline { home, id, station, grid, history, before, line })
        };
        self.subjects.by_key()?.into_iter().map(outline).collect()
    }
}

/// Which subjects of a stretch are read; what is not given does not restrict.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SubjectRange {
    /// Station that supervises it.
    pub station: Option<String>,
    pub grid: Option<String>,
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

/// Writes the four reads for one way in, each of which puts the lines of its rows together.
macro_rules! four {
    ($(
        $subjects:ident $of_subjects:literal, $inspections:ident $of_inspections:literal,
        $orders:ident $of_orders:literal, $appraisals:ident $of_appraisals:literal:
        ($($subject_part:tt)+), ($($beside:tt)+), $key:literal;
    )+) => { $(
        const $subjects: Sql = sql!($of_subjects:
            "SELECT " together "x.line, '\u{1e}') "
            "FROM (SELECT " (line SubjectColumns as s) " AS line " $($subject_part)+ ") AS x");
        const $inspections: Sql = sql!($of_inspections:
            "SELECT " (lines InspectionColumns as x) " FROM " $($beside)+ " inspection AS x WHERE " $key);
        const $orders: Sql = sql!($of_orders:
            "SELECT " (lines PastColumns as x) " "
            "FROM " $($beside)+ " orders AS x WHERE " $key " AND x.subject_kind = 'subject'");
        const $appraisals: Sql = sql!($of_appraisals:
            "SELECT " (lines AppraisalColumns as x) " FROM " $($beside)+ " appraisal AS x WHERE " $key);
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
        ("FROM " rows " AS e CROSS JOIN subject AS s WHERE s.home = e.value->>0 AND s.id = e.value->>1"),
        (rows " AS e CROSS JOIN"), "x.home = e.value->>0 AND x.subject = e.value->>1";
}

const CALLED: Sql = sql!("reading.called":
    "SELECT " (lines SubjectColumns as s) " "
    "FROM " rows " AS e CROSS JOIN subject AS s WHERE s.id = e.value->>0");
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

/// Reads of at most `limit` subjects that follow `after` what tells who of them has to be read whole.
pub async fn scan_outlines(
    at: &mut impl Reads,
    after: Option<&SubjectKey>,
    limit: i64,
) -> Result<RegisterStretch> {
    let (from, all) = (after.map_or_else(SubjectKey::default, following), SubjectRange::default());
    let subjects = lines(at, STRETCH, (&from, &all.station, &all.grid, limit)).await?;
    let range = KeyRange::of(&subjects.by_key()?);
    let beside = match range {
        Some(range) => beside(at, STRETCH_ORDERS, [None, Some(STRETCH_APPRAISALS)], &range).await?,
        None => LinesBeside::default(),
    };
    Ok(RegisterStretch { subjects, beside })
}

/// Reads the rest of outlined subjects, which stand in the order of keys.
pub async fn whole<'p>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    outlines: &[&SubjectOutline<'_>],
) -> Result<Vec<Subject>> {
    let shape = shape.into();
    let keys = json_rows(outlines.iter().map(|outline| (outline.home, outline.id)));
    let inspections = lines(at, KEYED_INSPECTIONS, keys).await?;
    let inspections = inspections.by_key()?;
    let (mut inspections, mut problems) = (&inspections[..], ProblemTexts::default());
    let subject = |outline: &&SubjectOutline<'_>| {
        let mut subject = outline.line.read(|columns| read_subject(columns, shape))?;
        let own = take(&mut inspections, outline.line.key);
        subject.history.inspections = problems.inspections(own, shape)?;
        subject.history.orders.clone_from(&outline.history.orders);
        Ok(subject)
    };
    outlines.iter().map(subject).collect()
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
    let subjects = lines(at, MARKED, (first, last, limit)).await?;
    let subjects = subjects.by_key()?;
    let Some(range) = KeyRange::of(&subjects) else { return Ok(Vec::new()) };
    let both = [Some(MARKED_INSPECTIONS), Some(MARKED_APPRAISALS)];
    let beside = beside(at, MARKED_ORDERS, both, &(first, &range.last)).await?;
    merge(shape.into(), &subjects, &beside)
}

/// Reads subjects by home and id with their stored appraisals, in the order of keys.
pub async fn appraised<'p, 'k>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    keys: impl IntoIterator<Item = (&'k str, &'k str)>,
) -> Result<Vec<AppraisedSubject>> {
    let subjects = lines(at, KEYED, json_rows(keys)).await?;
    let subjects = subjects.by_key()?;
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
    let subjects = lines(at, KEYED, &keys).await?;
    let subjects = subjects.by_key()?;
    let beside = beside(at, KEYED_ORDERS, [Some(KEYED_INSPECTIONS), None], &keys).await?;
    Ok(merge(shape.into(), &subjects, &beside)?.into_iter().map(|found| found.subject).collect())
}

/// Reads the subjects there are of these ids, with their stored appraisals, in the order of keys.
pub async fn of_ids<'p>(
    at: &mut impl Reads,
    shape: impl Into<RegisterShape<'p>>,
    ids: impl IntoIterator<Item = &str>,
) -> Result<Vec<AppraisedSubject>> {
    let subjects = lines(at, CALLED, json_rows(ids)).await?;
    let subjects = subjects.by_key()?;
    let beside = beside_each(at, &subjects).await?;
    merge(shape.into(), &subjects, &beside)
}

/// Reads what stands beside single subjects.
async fn beside_each(at: &mut impl Reads, subjects: &[KeyedLine<'_>]) -> Result<LinesBeside> {
    let keys = json_rows(subjects.iter().map(|line| (line.key[0], line.key[1])));
    beside(at, KEYED_ORDERS, [Some(KEYED_INSPECTIONS), Some(KEYED_APPRAISALS)], &keys).await
}

async fn stretch(
    at: &mut impl Reads,
    shape: RegisterShape<'_>,
    filter: &SubjectRange,
    from: &SubjectKey,
    limit: i64,
) -> Result<Vec<AppraisedSubject>> {
    let subjects = lines(at, STRETCH, (from, &filter.station, &filter.grid, limit)).await?;
    let subjects = subjects.by_key()?;
    let Some(range) = KeyRange::of(&subjects) else { return Ok(Vec::new()) };
    if filter.station.is_some() || filter.grid.is_some() {
        // Between some of them stand many others.
        let beside = beside_each(at, &subjects).await?;
        return merge(shape, &subjects, &beside);
    }
    let both = [Some(STRETCH_INSPECTIONS), Some(STRETCH_APPRAISALS)];
    let beside = beside(at, STRETCH_ORDERS, both, &range).await?;
    merge(shape, &subjects, &beside)
}

/// Lines that belong to the subjects of a batch.
#[derive(Default)]
struct LinesBeside {
    inspections: RowLines,
    orders: RowLines,
    appraisals: RowLines,
}

/// Reads what stands beside subjects: their orders, and their inspections and appraisals where they are asked for.
async fn beside(
    at: &mut impl Reads,
    orders: Sql,
    [inspections, appraisals]: [Option<Sql>; 2],
    values: &impl Bind,
) -> Result<LinesBeside> {
    let orders = lines(at, orders, values).await?;
    let mut found = LinesBeside { orders, ..LinesBeside::default() };
    for (sql, into) in [(inspections, &mut found.inspections), (appraisals, &mut found.appraisals)] {
        if let Some(sql) = sql {
            *into = lines(at, sql, values).await?;
        }
    }
    Ok(found)
}

fn merge(
    shape: RegisterShape<'_>,
    subjects: &[KeyedLine<'_>],
    beside: &LinesBeside,
) -> Result<Vec<AppraisedSubject>> {
    let LinesBeside { inspections, orders, appraisals } = beside;
    let (inspections, orders, appraisals) = (inspections.by_key()?, orders.by_key()?, appraisals.by_key()?);
    let (mut inspections, mut orders, mut appraisals) = (&inspections[..], &orders[..], &appraisals[..]);
    let mut problems = ProblemTexts::default();
    let subject = |line: &KeyedLine<'_>| {
        let mut subject = line.read(|columns| read_subject(columns, shape))?;
        subject.history.inspections = problems.inspections(take(&mut inspections, line.key), shape)?;
        subject.history.orders = read_orders(take(&mut orders, line.key), shape.zone)?;
        let said = take(&mut appraisals, line.key).first();
        let before = said.map(|line| line.read(AppraisalLine::of)).transpose()?.map(AppraisalText::from);
        Ok(AppraisedSubject { subject, before })
    };
    subjects.iter().map(subject).collect()
}

/// The first key after a key: no id ends in a control character.
fn following(key: &SubjectKey) -> SubjectKey {
    SubjectKey { home: key.home.clone(), id: format!("{}\u{1}", key.id) }
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
