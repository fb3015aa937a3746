//! Subjects as imported: what a file says of each, written when it differs from what is there.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::digest::Digest;
use crate::import::{FieldChange, SubjectRow};
use crate::policy::Attribute;
use crate::register::Status;
use crate::time::Day;

use super::checksums::{self, SummedTable};
use super::columns::{BETWEEN, Columns};
use super::record::{read_all, read_count, read_first, written};
use super::register::{RowChange, SubjectChange, SubjectNews, content};
use super::sql::{Bulk, Sql, TableRecord, bulk, join, json_rows, push_json_text, sql, statements};
use super::tx::rows;
use super::{ImportResult, Reads, Result, StoreFault, Tx, reappraisals};

/// What a file says of one subject, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectRecord {
    /// Id; always text, never with a control character.
    pub id: String,
    /// Name; a new subject needs one.
    pub name: Option<String>,
    /// Station that supervises it; its home, when it is new, and then it needs one.
    pub station: Option<String>,
    pub grid: FieldChange<String>,
    /// Latitude as written.
    pub lat: FieldChange<String>,
    /// Longitude as written.
    pub lon: FieldChange<String>,
    /// A status; none when the file does not say.
    pub status: Option<StatusReport>,
    /// Last patrol that the file knows; of two the later one stays.
    pub last_patrol: FieldChange<Day>,
    /// What it says of attributes, in any order.
    pub attributes: Vec<AttributeChange>,
}

/// A status that a file tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusReport {
    pub status: Status,
    /// The day from which it holds, where the file says one.
    pub on: Option<Day>,
    /// The day of the import, which stands for one that is not said.
    pub today: Day,
}

/// What a file says of one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeChange {
    /// Id of the attribute.
    pub id: Arc<str>,
    pub change: FieldChange<String>,
    /// What a new subject has of which nothing is said.
    pub default: Option<Arc<str>>,
}

impl SubjectRecord {
    /// Makes rows to be stored of rows as a file has them.
    ///
    /// `attributes` are those the file was read with; a status without a day holds from `today`.
    pub fn of_file(read: Vec<SubjectRow>, attributes: &[Attribute], today: Day) -> Vec<Self> {
        let shared = |text: &str| Arc::<str>::from(text);
        let known: Vec<(Arc<str>, Option<Arc<str>>)> = attributes
            .iter()
            .map(|known| (shared(&known.id), known.default.as_deref().map(shared)))
            .collect();
        let one = |read: SubjectRow| {
            let SubjectRow { id, name, station, grid, lat, lon, status, status_on: on, .. } = read;
            let values = known.iter().zip(read.attributes);
            let change = |((id, default), change): (&(Arc<str>, Option<Arc<str>>), _)| AttributeChange {
                id: Arc::clone(id),
                change,
                default: default.clone(),
            };
            Self {
                id,
                name,
                station,
                grid,
                lat,
                lon,
                status: status.map(|status| StatusReport { status, on, today }),
                last_patrol: read.last_patrol,
                attributes: values.map(change).collect(),
            }
        };
        read.into_iter().map(one).collect()
    }

    /// Returns whether it lacks what a new subject needs.
    const fn lacks(&self) -> bool {
        self.name.is_none() || self.station.is_none()
    }
}

/// Statuses as they are stored: the day from which each holds, oldest first.
pub(super) type Statuses = Vec<(Day, Status)>;

const FIND: Sql = sql!("subjects.find":
    "SELECT s.id, s.home, s.statuses, s.attributes, s.digest, "
    "s.name || '\u{1f}' || s.station || '\u{1f}' || COALESCE(s.grid, '') || '\u{1f}' || COALESCE(s.lat, '') "
    "|| '\u{1f}' || COALESCE(s.lon, '') || '\u{1f}' || COALESCE(s.last_patrol, '') "
    "FROM " rows " AS e CROSS JOIN subject AS s WHERE s.id = e.value->>0");
const HOME: Sql = sql!("subjects.home": "SELECT home FROM subject WHERE id = $1");
const NEAR: Sql = sql!("subjects.near":
    "SELECT id FROM (SELECT id FROM subject WHERE id >= $1 ORDER BY id LIMIT 20) AS after "
    "UNION ALL SELECT id FROM (SELECT id FROM subject WHERE id < $1 ORDER BY id DESC LIMIT 20) AS before");
const COUNT: Sql = sql!("subjects.count": "SELECT COUNT(*) FROM subject");
const UPSERT: Bulk = bulk!("subjects.upsert":
    insert SubjectChangeRow (replace SubjectChangeRow));
const WHOLE: Sql = sql!("subjects.whole":
    "SELECT " (SubjectColumns as s) ", s.digest "
    "FROM " rows " AS e CROSS JOIN subject AS s WHERE s.home = e.value->>0 AND s.id = e.value->>1 "
    "ORDER BY s.home, s.id");
const SET: Bulk = bulk!("subjects.set":
    with ("home, id, attributes, digest")
    "UPDATE subject SET attributes = new.attributes, digest = new.digest FROM new "
    "WHERE subject.home = new.home AND subject.id = new.id");

statements!(FIND, HOME, NEAR, COUNT, WHOLE; UPSERT, SET);

/// The columns whose content is digested.
pub(super) struct SubjectColumns;

impl TableRecord for SubjectColumns {
    const TABLE: &'static str = "subject";
    const COLUMNS: &'static str =
        "home, id, name, station, grid, lat, lon, statuses, last_patrol, attributes";
    const KEY: &'static str = "home, id";
}

/// What is known of a subject before an import.
#[derive(Clone, Debug)]
pub struct KnownSubject {
    home: Arc<str>,
    statuses: String,
    attributes: String,
    digest: Digest,
    /// Name, station, grid, latitude, longitude and last patrol; what is not known is empty.
    texts: String,
}

impl KnownSubject {
    /// Returns the station that supervises it.
    pub fn station(&self) -> &str {
        self.text(1).unwrap_or_default()
    }

    /// Returns its grid.
    pub fn grid(&self) -> Option<&str> {
        self.text(2)
    }

    /// Returns an attribute as it is kept.
    pub fn attribute(&self, id: &str) -> Option<String> {
        let mut kept: BTreeMap<String, String> = serde_json::from_str(&self.attributes).ok()?;
        kept.remove(id)
    }

    fn text(&self, at: usize) -> Option<&str> {
        self.texts.split(BETWEEN).nth(at).filter(|text| !text.is_empty())
    }
}

/// What is known of the subjects of a batch, by id.
pub type KnownSubjects = HashMap<String, KnownSubject>;

/// One row to be written.
struct SubjectChangeRow<'a> {
    row: &'a SubjectRecord,
    home: Arc<str>,
    before: Option<Digest>,
    name: &'a str,
    station: &'a str,
    grid: Option<&'a str>,
    lat: Option<&'a str>,
    lon: Option<&'a str>,
    statuses: String,
    attributes: String,
    last_patrol: Option<String>,
    digest: Digest,
    /// The status that open orders may have to hear of, and its day.
    news: Option<(Day, Status)>,
}

written! {
    SubjectChangeRow<'_> => "subject" by "home, id"; join!(SubjectColumns::COLUMNS, ", digest"),
    |Self { row: SubjectRecord { id, .. }, home, name, station, grid, lat, lon, statuses, last_patrol, attributes, digest, .. }| (
        (home, id, name, station, grid, lat, lon),
        (statuses, last_patrol, attributes, digest),
    )
}

/// Writes the rows that are new or differ, marks their subjects, and counts.
///
/// What a row does not say stays as it is known. A new subject's station becomes its home for ever; one that
/// lacks a name or a station is not written, and its position is in [`ImportResult::unknown`]. Statuses fold by the
/// day each carries, whichever was imported first. Of rows with the same id in one batch the last one counts.
pub async fn upsert_many(tx: &mut Tx, batch: &[SubjectRecord]) -> Result<ImportResult> {
    let known = find(tx, batch.iter().map(|row| row.id.as_str()).collect()).await?;
    put(tx, batch, &known).await
}

/// Writes rows of which the register holds none, as a first import does; nobody is looked up.
pub async fn add_many(tx: &mut Tx, batch: &[SubjectRecord]) -> Result<ImportResult> {
    put(tx, batch, &HashMap::new()).await
}

async fn put(tx: &mut Tx, batch: &[SubjectRecord], known: &KnownSubjects) -> Result<ImportResult> {
    let mut written = compose(batch, known)?;
    let mut done = ImportResult::default();
    let is_unknown = |row: &SubjectRecord| row.lacks() && !known.contains_key(&row.id);
    done.unknown.extend((0..batch.len()).filter(|at| is_unknown(&batch[*at])));
    written.retain(|w| {
        // Almost every row's home is there already; a new key is made only for the first.
        if !done.homes.contains_key(&*w.home) {
            done.homes.insert(w.home.as_ref().to_owned(), super::ImportCounts::default());
        }
        let counts = done.homes.get_mut(&*w.home).expect("inserted above");
        counts.count(w.before, w.digest) == RowChange::Written
    });
    if written.is_empty() {
        return Ok(done);
    }
    written.par_sort_unstable_by(|a, b| (&*a.home, &a.row.id).cmp(&(&*b.home, &b.row.id)));
    tx.write_rows(&UPSERT, &written).await?;
    let mut kept = checksums::of(tx, SummedTable::Subject, done.homes.keys().map(String::as_str)).await?;
    for w in &written {
        kept.get_mut(&*w.home).expect("read for every home").replace(w.before, w.digest);
    }
    checksums::set(tx, SummedTable::Subject, &kept).await?;
    let keys: Vec<(Arc<str>, &str)> =
        written.iter().map(|w| (Arc::clone(&w.home), w.row.id.as_str())).collect();
    reappraisals::add_many(tx, &keys).await?;
    done.news = written.iter().flat_map(|w| news(w, known.get(&w.row.id))).collect();
    Ok(done)
}

/// Says what of a subject changed that open orders may have to hear of.
fn news(written: &SubjectChangeRow<'_>, known: Option<&KnownSubject>) -> impl Iterator<Item = SubjectNews> {
    let SubjectChangeRow { row, station, grid, .. } = written;
    let is_moved = known.is_some_and(|known| known.station() != *station || known.grid() != *grid);
    let moved = is_moved
        .then(|| SubjectChange::Place { station: (*station).to_owned(), grid: grid.map(str::to_owned) });
    let status = written.news.map(|(day, status)| SubjectChange::Status(day, status));
    let subject = row.id.clone();
    [moved, status].into_iter().flatten().map(move |what| SubjectNews { subject: subject.clone(), what })
}

/// Finds what is known of subjects, those there are.
pub async fn find(at: &mut impl Reads, mut ids: Vec<&str>) -> Result<KnownSubjects> {
    // In the order of the index, so that neighbours share pages.
    ids.par_sort_unstable();
    let ids = json_rows(ids.into_iter().map(|id| [id]));
    let mut homes: BTreeMap<String, Arc<str>> = BTreeMap::new();
    let mut known = HashMap::new();
    for found in rows(at, FIND, ids).await? {
        let mut columns = Columns::of(&found, "subject");
        let id: String = columns.next()?;
        let home: &str = columns.next()?;
        let home = match homes.get(home) {
            Some(home) => Arc::clone(home),
            None => Arc::clone(homes.entry(home.to_owned()).or_insert_with(|| Arc::from(home))),
        };
        let (statuses, attributes, digest) = columns.take()?;
        known.insert(id, KnownSubject { home, statuses, attributes, digest, texts: columns.next()? });
    }
    Ok(known)
}

/// Puts each row together as it will stand, on both cores.
fn compose<'a>(batch: &'a [SubjectRecord], known: &'a KnownSubjects) -> Result<Vec<SubjectChangeRow<'a>>> {
    let mut last: HashMap<&str, usize> = HashMap::with_capacity(batch.len());
    for (at, row) in batch.iter().enumerate() {
        last.insert(&row.id, at);
    }
    let mut stations: BTreeMap<&str, Arc<str>> = BTreeMap::new();
    for station in batch.iter().filter_map(|row| row.station.as_deref()) {
        stations.entry(station).or_insert_with(|| Arc::from(station));
    }
    let is_last = |(at, row): &(usize, &'a SubjectRecord)| last.get(row.id.as_str()) == Some(at);
    let one = |(_, row): (usize, &'a SubjectRecord)| {
        let known = known.get(&row.id);
        let station = row.station.as_deref().and_then(|station| stations.get(station));
        let home = known.map(|known| &known.home).or(station).filter(|_| known.is_some() || !row.lacks())?;
        Some(compose_one(row, known, home))
    };
    batch.par_iter().enumerate().filter(is_last).filter_map(one).collect()
}

fn compose_one<'a>(
    row: &'a SubjectRecord,
    known: Option<&'a KnownSubject>,
    home: &Arc<str>,
) -> Result<SubjectChangeRow<'a>> {
    let before = |at: usize| known.and_then(|known| known.text(at));
    let after = |change: &'a FieldChange<String>, at| change.as_ref().map(String::as_str).or(before(at));
    let (statuses, news) = statuses_after(row, known)?;
    let patrol = before(5).and_then(|text| text.parse().ok());
    let last_patrol = match row.last_patrol {
        FieldChange::Set(day) => Some(patrol.map_or(day, |known: Day| known.max(day))),
        FieldChange::Keep => patrol,
        FieldChange::Clear => None,
    };
    let mut written = SubjectChangeRow {
        row,
        home: Arc::clone(home),
        before: known.map(|known| known.digest),
        name: row.name.as_deref().or(before(0)).unwrap_or_default(),
        station: row.station.as_deref().or(before(1)).unwrap_or_default(),
        grid: after(&row.grid, 2),
        lat: after(&row.lat, 3),
        lon: after(&row.lon, 4),
        statuses,
        attributes: attributes_after(row, known)?,
        last_patrol: last_patrol.map(|day| day.to_string()),
        digest: Digest::from_bytes([0; 32]),
        news,
    };
    written.digest = digest_of([
        Some(&*written.home),
        Some(&row.id),
        Some(written.name),
        Some(written.station),
        written.grid,
        written.lat,
        written.lon,
        Some(&written.statuses),
        written.last_patrol.as_deref(),
        Some(&written.attributes),
    ]);
    Ok(written)
}

/// Returns the attributes as they will stand.
fn attributes_after(row: &SubjectRecord, known: Option<&KnownSubject>) -> Result<String> {
    let mut kept: BTreeMap<&str, Cow<'_, str>> = match known {
        None => BTreeMap::new(),
        Some(known) => {
            serde_json::from_str::<AttributeTexts<'_>>(&known.attributes)
                .map_err(|_| StoreFault::Impossible { what: "subject.attributes", key: row.id.clone() })?
                .0
        }
    };
    for AttributeChange { id, change, default } in &row.attributes {
        match (change, default) {
            (FieldChange::Set(value), _) => drop(kept.insert(id, value.into())),
            (FieldChange::Keep | FieldChange::Clear, Some(default)) if known.is_none() => {
                kept.insert(id, (&**default).into());
            }
            (FieldChange::Clear, _) => drop(kept.remove(&**id)),
            (FieldChange::Keep, _) => {}
        }
    }
    Ok(attributes_json(kept.iter().map(|(id, text)| (*id, &**text))))
}

/// Attributes as they are stored, by id.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub(super) struct AttributeTexts<'a>(#[serde(borrow)] pub(super) BTreeMap<&'a str, Cow<'a, str>>);

/// Names the content of a stored subject, all columns but the digest itself.
pub(super) fn digest_of(columns: [Option<&str>; 10]) -> Digest {
    content("wubu-subject", columns)
}

/// Returns the statuses as they will stand, and the one that open orders may have to hear of: of a subject that
/// was known, one by which it has another status on the day of the import, or will have on a later day; of a new
/// one, that its suspension goes on.
fn statuses_after(
    row: &SubjectRecord,
    known: Option<&KnownSubject>,
) -> Result<(String, Option<(Day, Status)>)> {
    let text = known.map_or("[]", |known| known.statuses.as_str());
    let Some(report) = row.status else {
        return Ok((text.to_owned(), None));
    };
    let before = read_statuses(text)
        .ok_or_else(|| StoreFault::Impossible { what: "subject.statuses", key: row.id.clone() })?;
    let StatusReport { status, on, today } = report;
    let after = with_status(before.clone(), report);
    let asked = on.unwrap_or(today).max(today);
    let (was, is) = (status_of(&before, asked), status_of(&after, asked));
    let news = match known {
        None if status == Status::Suspended => Some((on.unwrap_or(today), status)),
        Some(_) if was.1 != is.1 => Some(is),
        None | Some(_) => None,
    };
    Ok((statuses_json(&after), news))
}

/// Returns the status on a day, and from when it holds.
fn status_of(statuses: &Statuses, day: Day) -> (Day, Status) {
    let known = statuses.iter().rev().find(|(from, _)| *from <= day);
    known.copied().unwrap_or((day, Status::Active))
}

/// Adds what a file says of a status.
///
/// With its day it is kept beside all others, so that no order of imports gives another course; of two on one day
/// the more final one stands. Without a day it is what is known on the day of the import, the last import counts,
/// and saying again what is known adds nothing.
fn with_status(mut statuses: Statuses, report: StatusReport) -> Statuses {
    let StatusReport { status, on, today } = report;
    let day = on.unwrap_or(today);
    let at = statuses.partition_point(|(from, _)| *from <= day);
    match at.checked_sub(1).map(|last| &mut statuses[last]) {
        Some((_, known)) if on.is_none() && *known == status => {}
        Some((from, known)) if *from == day => {
            *known = if on.is_some() { status.max(*known) } else { status }
        }
        _ => statuses.insert(at, (day, status)),
    }
    statuses
}

/// Reads `[["2026-03-13","suspended"], …]`.
pub(super) fn read_statuses(text: &str) -> Option<Statuses> {
    if text == "[]" {
        return Some(Vec::new());
    }
    let pairs: Vec<(&str, &str)> = serde_json::from_str(text).ok()?;
    pairs.into_iter().map(|(day, word)| Some((day.parse().ok()?, word.parse().ok()?))).collect()
}

fn statuses_json(statuses: &[(Day, Status)]) -> String {
    json_rows(statuses.iter().map(|(day, status)| [day.to_string(), status.into_str().to_owned()]))
}

/// Writes attributes, which come sorted by id, so that the order of their declarations changes no row.
fn attributes_json<'t>(sorted: impl Iterator<Item = (&'t str, &'t str)>) -> String {
    let mut out = String::with_capacity(256);
    out.push('{');
    for (id, text) in sorted {
        if out.len() > 1 {
            out.push(',');
        }
        push_json_text(&mut out, id);
        out.push(':');
        push_json_text(&mut out, text);
    }
    out.push('}');
    out
}

/// An attribute that an order sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Home of the subject.
    pub home: String,
    pub subject: String,
    /// Id of the attribute.
    pub attribute: String,
    /// The value as written.
    pub value: String,
}

/// Sets attributes, the last one of each counting, and marks their subjects; returns the homes of
/// those that changed.
pub async fn set_many(tx: &mut Tx, sets: &[Set]) -> Result<BTreeSet<String>> {
    let keys: BTreeSet<(&str, &str)> =
        sets.iter().map(|set| (set.home.as_str(), set.subject.as_str())).collect();
    let keys = json_rows(keys);
    let mut changed: Vec<(Arc<str>, String, String, Digest)> = Vec::new();
    let mut before_of = Vec::new();
    for found in rows(tx, WHOLE, keys).await? {
        let mut columns = Columns::of(&found, "subject");
        let mut texts: [Option<&str>; 10] = [None; 10];
        for text in &mut texts {
            *text = columns.next()?;
        }
        let before = columns.take()?;
        let (home, id) = (texts[0].unwrap_or_default(), texts[1].unwrap_or_default());
        let mut attributes: BTreeMap<String, String> = serde_json::from_str(texts[9].unwrap_or("{}"))
            .map_err(|_| StoreFault::Impossible { what: "subject.attributes", key: id.to_owned() })?;
        for set in sets.iter().filter(|set| set.home == home && set.subject == id) {
            attributes.insert(set.attribute.clone(), set.value.clone());
        }
        let json = attributes_json(attributes.iter().map(|(id, text)| (id.as_str(), text.as_str())));
        texts[9] = Some(&json);
        let after = digest_of(texts);
        if before != after {
            before_of.push(before);
            changed.push((Arc::from(home), id.to_owned(), json, after));
        }
    }
    tx.write_rows(&SET, &changed).await?;
    let homes: BTreeSet<String> = changed.iter().map(|(home, ..)| home.as_ref().to_owned()).collect();
    let mut kept = checksums::of(tx, SummedTable::Subject, homes.iter().map(String::as_str)).await?;
    for ((home, .., after), before) in changed.iter().zip(before_of) {
        kept.get_mut(&**home).expect("read for every home").replace(Some(before), *after);
    }
    checksums::set(tx, SummedTable::Subject, &kept).await?;
    let marked: Vec<(Arc<str>, &str)> =
        changed.iter().map(|(home, id, ..)| (Arc::clone(home), id.as_str())).collect();
    reappraisals::add_many(tx, &marked).await?;
    Ok(homes)
}

/// Returns the home of a subject, if there is such a subject.
pub async fn home(at: &mut impl Reads, id: &str) -> Result<Option<String>> {
    read_first(at, HOME, id).await
}

/// Lists ids that stand beside one in the order of ids, some before it and some after.
pub async fn near(at: &mut impl Reads, id: &str) -> Result<Vec<String>> {
    read_all(at, NEAR, id).await
}

/// Counts all subjects.
pub async fn count(at: &mut impl Reads) -> Result<i64> {
    read_count(at, COUNT, ()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn report(status: Status, on: Option<&str>, today: &str) -> StatusReport {
        StatusReport { status, on: on.map(day), today: day(today) }
    }

    #[test]
    fn statuses_with_their_days_fold_in_any_order() {
        let facts = [
            (Status::Closed, "2026-01-01"),
            (Status::Active, "2026-03-03"),
            (Status::Closed, "2026-02-01"),
            (Status::Suspended, "2026-03-03"),
            (Status::Active, "2026-05-01"),
        ];
        let fold = |order: &[usize]| {
            let report = |at: &usize| report(facts[*at].0, Some(facts[*at].1), "2026-06-01");
            order.iter().map(report).fold(Vec::new(), with_status)
        };
        let expected = fold(&[0, 1, 2, 3, 4]);
        for order in [[4, 3, 2, 1, 0], [1, 0, 3, 4, 2], [2, 4, 0, 3, 1], [3, 1, 4, 2, 0]] {
            assert_eq!(fold(&order), expected, "{order:?}");
        }
        assert_eq!(status_of(&expected, day("2026-04-01")).1, Status::Suspended);
        assert_eq!(status_of(&expected, day("2026-06-01")).1, Status::Active);
    }

    #[test]
    fn a_status_without_its_day_is_news_only_when_it_is_another() {
        let one = with_status(Vec::new(), report(Status::Active, None, "2026-03-01"));
        assert_eq!(one, [(day("2026-03-01"), Status::Active)]);
        assert_eq!(with_status(one.clone(), report(Status::Active, None, "2026-04-01")), one);
        let closed = with_status(one, report(Status::Closed, None, "2026-04-01"));
        assert_eq!(closed.len(), 2);
        // Taken back on the same day.
        let again = with_status(closed, report(Status::Active, None, "2026-04-01"));
        assert_eq!(status_of(&again, day("2026-04-01")).1, Status::Active);
    }

    #[test]
    fn statuses_read_back() {
        let statuses = vec![(day("2026-03-13"), Status::Suspended), (day("2026-04-01"), Status::Active)];
        assert_eq!(read_statuses(&statuses_json(&statuses)), Some(statuses));
    }
}
