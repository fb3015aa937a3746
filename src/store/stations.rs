//! Stations.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::import::StationRow;

use super::register::{Change, content};
use super::sql::{Sql, args, json_rows, sql};
use super::tx::{Columns, rows};
use super::{Counts, Fault, Reads, Tx};

/// One station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Id.
    pub id: String,
    /// Name people read.
    pub title: String,
}

impl From<StationRow> for Row {
    fn from(read: StationRow) -> Self {
        let StationRow { id, title } = read;
        Self { id, title }
    }
}

const LIST: Sql = sql!("stations.list": "SELECT id, title, digest FROM station ORDER BY id");
const UPSERT: Sql = sql!("stations.upsert":
    "INSERT INTO station (id, title, digest) SELECT e.value->>0, e.value->>1, e.value->>2 FROM " rows " AS e "
    "WHERE TRUE ON CONFLICT (id) DO UPDATE SET title = excluded.title, digest = excluded.digest");

pub(super) const ALL: &[Sql] = &[LIST, UPSERT];

/// Writes the stations that are new or differ. There are few, so all are read to compare.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn upsert_many(tx: &mut Tx, batch: &[Row]) -> Result<Counts, Fault> {
    let before = digests(tx).await?;
    let mut counts = Counts::default();
    let latest: BTreeMap<&str, &Row> = batch.iter().map(|row| (row.id.as_str(), row)).collect();
    let written = latest.values().filter_map(|row| {
        let digest = digest_of(row);
        let change = counts.count(before.get(&row.id).copied(), digest);
        (change == Change::Written).then(|| [row.id.clone(), row.title.clone(), digest.to_string()])
    });
    let written = json_rows(written);
    tx.run(UPSERT, args!(text & written)).await?;
    Ok(counts)
}

/// Lists all stations by id.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn list(at: &mut impl Reads) -> Result<Vec<Row>, Fault> {
    let found = rows(at, LIST, args!()).await?;
    found.iter().map(|row| read(row).map(|(row, _)| row)).collect()
}

/// Lists the ids of stations whose content is not what was imported.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn edited(at: &mut impl Reads) -> Result<Vec<String>, Fault> {
    let found = rows(at, LIST, args!()).await?;
    let all: Vec<(Row, Digest)> = found.iter().map(read).collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|(row, digest)| digest_of(row) != *digest).map(|(row, _)| row.id).collect())
}

async fn digests(at: &mut impl Reads) -> Result<BTreeMap<String, Digest>, Fault> {
    let found = rows(at, LIST, args!()).await?;
    found.iter().map(|row| read(row).map(|(row, digest)| (row.id, digest))).collect()
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<(Row, Digest), Fault> {
    let mut columns = Columns::of(row, "station");
    Ok((Row { id: columns.next()?, title: columns.next()? }, columns.digest()?))
}

fn digest_of(row: &Row) -> Digest {
    content("wubu-station", [Some(&row.id), Some(&row.title)])
}
