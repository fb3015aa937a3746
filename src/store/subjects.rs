//! Subjects as imported: what a file says of each, written when it differs from what is there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::digest::Digest;
use crate::import::SubjectRow;
use crate::policy::Attribute;
use crate::register::Status;
use crate::time::Day;

use super::checksums::{self, SummedTable};
use super::columns::{BETWEEN, Columns};
use super::record::{read_count, read_first, written};
use super::register::{RowChange, SubjectChange, SubjectNews, content};
use super::sql::{Bulk, Sql, TableRecord, bulk, join, json_rows, push_json_text, sql, statements};
use super::tx::rows;
use super::{ImportResult, Reads, Result, StoreFault, Tx, reappraisals};

/// One subject as a file gives it, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectRecord {
    /// Id; always text, never with a control character.
    pub id: String,
    pub name: String,
    /// Station that supervises it; its home, when it is new.
    pub station: String,
    pub grid: Option<String>,
    /// Latitude as written.
    pub lat: Option<String>,
    /// Longitude as written.
    pub lon: Option<String>,
    /// A status and the day from which it holds; none when the file does not say.
    pub status: Option<(Day, Status)>,
    /// Last patrol, when the file knows one.
    pub last_patrol: Option<Day>,
    /// Attribute id and text, in any order.
    pub attributes: Vec<(Arc<str>, String)>,
}

impl SubjectRecord {
    /// Makes rows to be stored of rows as a file has them.
    ///
    /// `attributes` are those the file was read with; a status without a day holds from `today`.
    pub fn of_file(read: Vec<SubjectRow>, attributes: &[Attribute], today: Day) -> Vec<Self> {
        let ids: Vec<Arc<str>> = attributes.iter().map(|attribute| attribute.id.as_str().into()).collect();
        let one = |read: SubjectRow| {
            let SubjectRow { id, name, station, grid, lat, lon, status, status_on, .. } = read;
            let values = ids.iter().zip(read.attributes);
            Self {
                id,
                name,
                station,
                grid,
                lat,
                lon,
                status: status.map(|status| (status_on.unwrap_or(today), status)),
                last_patrol: read.last_patrol,
                attributes: values.filter_map(|(id, text)| Some((Arc::clone(id), text?))).collect(),
            }
        };
        read.into_iter().map(one).collect()
    }
}

/// Statuses as they are stored: the day from which each holds, oldest first.
pub(super) type Statuses = Vec<(Day, Status)>;

const FIND: Sql = sql!("subjects.find":
    "SELECT s.id, s.home, s.statuses, s.station || char(31) || COALESCE(s.grid, ''), s.digest "
    "FROM " rows " AS e CROSS JOIN subject AS s WHERE s.id = e.value->>0");
const HOME: Sql = sql!("subjects.home": "SELECT home FROM subject WHERE id = $1");
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

statements!(FIND, HOME, COUNT, WHOLE; UPSERT, SET);

/// The columns whose content is digested.
pub(super) struct SubjectColumns;

impl TableRecord for SubjectColumns {
    const TABLE: &'static str = "subject";
    const COLUMNS: &'static str =
        "home, id, name, station, grid, lat, lon, statuses, last_patrol, attributes";
    const KEY: &'static str = "home, id";
}

/// What is known of a subject before an import.
struct KnownSubject {
    home: Arc<str>,
    statuses: String,
    /// Station and grid.
    place: String,
    digest: Digest,
}

/// One row to be written.
struct SubjectChangeRow<'a> {
    row: &'a SubjectRecord,
    home: Arc<str>,
    before: Option<Digest>,
    statuses: String,
    attributes: String,
    last_patrol: Option<String>,
    digest: Digest,
}

written! {
    SubjectChangeRow<'_> => "subject" by "home, id"; join!(SubjectColumns::COLUMNS, ", digest"),
    |Self { row: SubjectRecord { id, name, station, grid, lat, lon, .. }, home, statuses, attributes, last_patrol, digest, .. }| (
        (home, id, name, station, grid, lat, lon),
        (statuses, last_patrol, attributes, digest),
    )
}

/// Writes the rows that are new or differ, marks their subjects, and counts.
///
/// A new subject's station becomes its home for ever. A status is added to the subject's
/// history when it differs from the one it had on that day. Of rows with the same id in one
/// batch the last one counts.
pub async fn upsert_many(tx: &mut Tx, batch: &[SubjectRecord]) -> Result<ImportResult> {
    let known = find(tx, batch).await?;
    put(tx, batch, &known).await
}

/// Writes rows of which the register holds none, as a first import does; nobody is looked up.
pub async fn add_many(tx: &mut Tx, batch: &[SubjectRecord]) -> Result<ImportResult> {
    put(tx, batch, &HashMap::new()).await
}

async fn put(
    tx: &mut Tx,
    batch: &[SubjectRecord],
    known: &HashMap<String, KnownSubject>,
) -> Result<ImportResult> {
    let mut written = compose(batch, known)?;
    let mut done = ImportResult::default();
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

/// Says what of a subject changed that open orders may have to hear of. Of a new one nothing did,
/// except that its suspension goes on.
fn news(written: &SubjectChangeRow<'_>, known: Option<&KnownSubject>) -> impl Iterator<Item = SubjectNews> {
    let row = written.row;
    let status = row.status.filter(|(_, status)| match known {
        Some(known) => written.statuses != known.statuses,
        None => *status == Status::Suspended,
    });
    let is_moved = known.is_some_and(|known| {
        known.place != format!("{}{BETWEEN}{}", row.station, row.grid.as_deref().unwrap_or_default())
    });
    let moved =
        is_moved.then(|| SubjectChange::Place { station: row.station.clone(), grid: row.grid.clone() });
    let status = status.map(|(day, status)| SubjectChange::Status(day, status));
    let subject = row.id.clone();
    [moved, status].into_iter().flatten().map(move |what| SubjectNews { subject: subject.clone(), what })
}

async fn find(tx: &mut Tx, batch: &[SubjectRecord]) -> Result<HashMap<String, KnownSubject>> {
    // In the order of the index, so that neighbours share pages.
    let mut ids: Vec<&str> = batch.iter().map(|row| row.id.as_str()).collect();
    ids.par_sort_unstable();
    let ids = json_rows(ids.into_iter().map(|id| [id]));
    let mut homes: BTreeMap<String, Arc<str>> = BTreeMap::new();
    let mut known = HashMap::new();
    for found in rows(tx, FIND, ids).await? {
        let mut columns = Columns::of(&found, "subject");
        let id: String = columns.next()?;
        let home: &str = columns.next()?;
        let home = match homes.get(home) {
            Some(home) => Arc::clone(home),
            None => Arc::clone(homes.entry(home.to_owned()).or_insert_with(|| Arc::from(home))),
        };
        let (statuses, place) = (columns.next()?, columns.next()?);
        let digest = columns.take()?;
        known.insert(id, KnownSubject { home, statuses, place, digest });
    }
    Ok(known)
}

/// Puts each row together as it will stand, on both cores.
fn compose<'a>(
    batch: &'a [SubjectRecord],
    known: &HashMap<String, KnownSubject>,
) -> Result<Vec<SubjectChangeRow<'a>>> {
    let mut last: HashMap<&str, usize> = HashMap::with_capacity(batch.len());
    for (at, row) in batch.iter().enumerate() {
        last.insert(&row.id, at);
    }
    let mut stations: BTreeMap<&str, Arc<str>> = BTreeMap::new();
    for row in batch {
        stations.entry(&row.station).or_insert_with(|| Arc::from(row.station.as_str()));
    }
    let is_last = |(at, row): &(usize, &'a SubjectRecord)| last.get(row.id.as_str()) == Some(at);
    batch
        .par_iter()
        .enumerate()
        .filter(is_last)
        .map(|(_, row)| compose_one(row, known.get(&row.id), &stations[row.station.as_str()]))
        .collect()
}

fn compose_one<'a>(
    row: &'a SubjectRecord,
    known: Option<&KnownSubject>,
    station: &Arc<str>,
) -> Result<SubjectChangeRow<'a>> {
    let home = Arc::clone(known.map_or(station, |known| &known.home));
    let statuses = statuses_after(row, known)?;
    let attributes = attributes_json(&row.attributes);
    let last_patrol = row.last_patrol.map(|day| day.to_string());
    let mut written = SubjectChangeRow {
        row,
        home,
        before: known.map(|known| known.digest),
        statuses,
        attributes,
        last_patrol,
        digest: Digest::from_bytes([0; 32]),
    };
    written.digest = digest_of([
        Some(&*written.home),
        Some(&row.id),
        Some(&row.name),
        Some(&row.station),
        row.grid.as_deref(),
        row.lat.as_deref(),
        row.lon.as_deref(),
        Some(&written.statuses),
        written.last_patrol.as_deref(),
        Some(&written.attributes),
    ]);
    Ok(written)
}

/// Names the content of a stored subject, all columns but the digest itself.
pub(super) fn digest_of(columns: [Option<&str>; 10]) -> Digest {
    content("wubu-subject", columns)
}

fn statuses_after(row: &SubjectRecord, known: Option<&KnownSubject>) -> Result<String> {
    let before = known.map_or("[]", |known| known.statuses.as_str());
    let Some((day, status)) = row.status else {
        return Ok(before.to_owned());
    };
    if known.is_none() && status == Status::Active {
        return Ok(before.to_owned());
    }
    let statuses = read_statuses(before)
        .ok_or_else(|| StoreFault::Impossible { what: "subject.statuses", key: row.id.clone() })?;
    Ok(statuses_json(&with_status(statuses, day, status)))
}

/// Adds a change of status, unless the subject had that status on that day already.
fn with_status(mut statuses: Statuses, day: Day, status: Status) -> Statuses {
    let at = statuses.partition_point(|(from, _)| *from <= day);
    let before = at.checked_sub(1).map_or(Status::Active, |last| statuses[last].1);
    if before != status {
        match at.checked_sub(1).filter(|last| statuses[*last].0 == day) {
            Some(same_day) => statuses[same_day].1 = status,
            None => statuses.insert(at, (day, status)),
        }
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

/// Writes attributes sorted by id, so that the order of their declarations changes no row.
fn attributes_json(attributes: &[(Arc<str>, String)]) -> String {
    let mut sorted: Vec<&(Arc<str>, String)> = attributes.iter().collect();
    sorted.sort_unstable();
    let mut out = String::with_capacity(32 * sorted.len() + 2);
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
        let pairs: Vec<(Arc<str>, String)> =
            attributes.into_iter().map(|(id, text)| (Arc::from(id), text)).collect();
        let json = attributes_json(&pairs);
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

    #[test]
    fn a_status_is_added_only_when_it_differs_from_the_one_of_that_day() {
        let closed = with_status(Vec::new(), day("2026-03-13"), Status::Closed);
        assert_eq!(closed, [(day("2026-03-13"), Status::Closed)]);
        assert_eq!(with_status(closed.clone(), day("2026-05-01"), Status::Closed), closed);
        let earlier = with_status(closed.clone(), day("2026-01-01"), Status::Suspended);
        assert_eq!(earlier[0], (day("2026-01-01"), Status::Suspended));
        assert_eq!(with_status(closed, day("2026-03-13"), Status::Active).len(), 1);
    }

    #[test]
    fn statuses_read_back() {
        let statuses = vec![(day("2026-03-13"), Status::Suspended), (day("2026-04-01"), Status::Active)];
        assert_eq!(read_statuses(&statuses_json(&statuses)), Some(statuses));
    }
}
