//! Grids, each with its station and its officers.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::import::GridRow;

use super::register::{Change, content};
use super::sql::{Sql, args, json_rows, sql};
use super::tx::{Columns, rows};
use super::{Counts, Fault, Reads, Tx};

/// One grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Id.
    pub id: String,
    /// Name people read.
    pub title: String,
    /// Station it belongs to.
    pub station: String,
    /// Main officer.
    pub officer: Option<String>,
    /// Officer who stands in.
    pub backup: Option<String>,
}

impl From<GridRow> for Row {
    fn from(read: GridRow) -> Self {
        let GridRow { id, title, station, officer, backup } = read;
        Self { id, title, station, officer, backup }
    }
}

const LIST: Sql =
    sql!("grids.list": "SELECT id, title, station, officer, backup, digest FROM grid ORDER BY id");
// A missing officer comes as empty text, which no import lets through as an id.
const UPSERT: Sql = sql!("grids.upsert":
    "INSERT INTO grid (id, title, station, officer, backup, digest) "
    "SELECT e.value->>0, e.value->>1, e.value->>2, NULLIF(e.value->>3, ''), NULLIF(e.value->>4, ''), e.value->>5 "
    "FROM " rows " AS e WHERE TRUE ON CONFLICT (id) DO UPDATE SET title = excluded.title, "
    "station = excluded.station, officer = excluded.officer, backup = excluded.backup, digest = excluded.digest");

pub(super) const ALL: &[Sql] = &[LIST, UPSERT];

/// Writes the grids that are new or differ. There are few, so all are read to compare.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn upsert_many(tx: &mut Tx, batch: &[Row]) -> Result<Counts, Fault> {
    let found = rows(tx, LIST, args!()).await?;
    let before: BTreeMap<String, Digest> =
        found.iter().map(|row| read(row).map(|(row, digest)| (row.id, digest))).collect::<Result<_, _>>()?;
    let mut counts = Counts::default();
    let latest: BTreeMap<&str, &Row> = batch.iter().map(|row| (row.id.as_str(), row)).collect();
    let written = json_rows(latest.values().filter_map(|row| {
        let digest = digest_of(row);
        let change = counts.count(before.get(&row.id).copied(), digest);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        (change == Change::Written).then(|| {
            let Row { id, title, station, officer, backup } = row;
            [id.clone(), title.clone(), station.clone(), text(officer), text(backup), digest.to_string()]
        })
    }));
    tx.run(UPSERT, args!(text & written)).await?;
    Ok(counts)
}

/// Lists all grids by id.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn list(at: &mut impl Reads) -> Result<Vec<Row>, Fault> {
    let found = rows(at, LIST, args!()).await?;
    found.iter().map(|row| read(row).map(|(row, _)| row)).collect()
}

/// Lists the ids of grids whose content is not what was imported.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn edited(at: &mut impl Reads) -> Result<Vec<String>, Fault> {
    let found = rows(at, LIST, args!()).await?;
    let all: Vec<(Row, Digest)> = found.iter().map(read).collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|(row, digest)| digest_of(row) != *digest).map(|(row, _)| row.id).collect())
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<(Row, Digest), Fault> {
    let mut columns = Columns::of(row, "grid");
    let row = Row {
        id: columns.next()?,
        title: columns.next()?,
        station: columns.next()?,
        officer: columns.next()?,
        backup: columns.next()?,
    };
    Ok((row, columns.digest()?))
}

fn digest_of(row: &Row) -> Digest {
    let Row { id, title, station, officer, backup } = row;
    content("wubu-grid", [Some(id), Some(title), Some(station), officer.as_deref(), backup.as_deref()])
}
