//! Officers, with their roles and certificates.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::import::OfficerRow;
use crate::people::Post;
use crate::time::Day;

use super::register::{Change, content};
use super::sql::{Sql, args, json_rows, sql};
use super::tx::{Columns, rows};
use super::{Counts, Fault, Laid, Reads, Tx};

/// One officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Station; none for people of the bureau itself.
    pub station: Option<String>,
    /// Roles, in the order given.
    pub roles: Vec<String>,
    /// Number of the certificate.
    pub certificate: Option<String>,
    /// Last day it is valid.
    pub certified_until: Option<Day>,
}

impl Row {
    /// Parts a row of a file into the list's own and what it lays down besides.
    pub fn of_file(read: OfficerRow) -> (Self, Laid) {
        let OfficerRow { id, name, station, roles, certificate, certified_until, email, from, until } = read;
        let is_dated = from.is_some() || until.is_some();
        let dated = roles.iter().filter(|_| is_dated);
        let posts = dated.map(|role| Post { role: role.clone(), from, until }).collect();
        let laid = Laid { officer: id.clone(), station: station.clone(), posts, email };
        (Self { id, name, station, roles, certificate, certified_until }, laid)
    }
}

const LIST: Sql = sql!("officers.list":
    "SELECT id, name, station, roles, certificate, certified_until, digest FROM officer ORDER BY id");
// What is missing comes as empty text, which no import lets through as a value.
const UPSERT: Sql = sql!("officers.upsert":
    "INSERT INTO officer (id, name, station, roles, certificate, certified_until, digest) "
    "SELECT e.value->>0, e.value->>1, NULLIF(e.value->>2, ''), e.value->>3, NULLIF(e.value->>4, ''), "
    "NULLIF(e.value->>5, ''), e.value->>6 FROM " rows " AS e WHERE TRUE "
    "ON CONFLICT (id) DO UPDATE SET name = excluded.name, station = excluded.station, roles = excluded.roles, "
    "certificate = excluded.certificate, certified_until = excluded.certified_until, digest = excluded.digest");

pub(super) const ALL: &[Sql] = &[LIST, UPSERT];

/// Writes the officers that are new or differ; all are read to compare. Those about whom something else
/// was laid down count as changed.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn upsert_many(tx: &mut Tx, batch: &[Row], laid: &[Laid]) -> Result<Counts, Fault> {
    let found = rows(tx, LIST, args!()).await?;
    let before: BTreeMap<String, Digest> =
        found.iter().map(|row| read(row).map(|(row, digest)| (row.id, digest))).collect::<Result<_, _>>()?;
    let mut counts = Counts::default();
    let latest: BTreeMap<&str, &Row> = batch.iter().map(|row| (row.id.as_str(), row)).collect();
    let written = json_rows(latest.values().filter_map(|row| {
        let digest = digest_of(row);
        let change = counts.count(before.get(&row.id).copied(), digest);
        let Row { id, name, station, roles, certificate, certified_until } = row;
        (change == Change::Written).then(|| {
            [
                id.clone(),
                name.clone(),
                station.clone().unwrap_or_default(),
                roles_json(roles),
                certificate.clone().unwrap_or_default(),
                certified_until.map(|day| day.to_string()).unwrap_or_default(),
                digest.to_string(),
            ]
        })
    }));
    tx.run(UPSERT, args!(text & written)).await?;
    for laid in laid {
        let is_same = |row: &&Row| before.get(&row.id) == Some(&digest_of(row));
        if latest.get(laid.officer.as_str()).is_some_and(is_same) {
            counts.unchanged -= 1;
            counts.changed += 1;
        }
    }
    Ok(counts)
}

/// Lists all officers by id.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn list(at: &mut impl Reads) -> Result<Vec<Row>, Fault> {
    let found = rows(at, LIST, args!()).await?;
    found.iter().map(|row| read(row).map(|(row, _)| row)).collect()
}

/// Lists the ids of officers whose content is not what was imported.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn edited(at: &mut impl Reads) -> Result<Vec<String>, Fault> {
    let found = rows(at, LIST, args!()).await?;
    let all: Vec<(Row, Digest)> = found.iter().map(read).collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|(row, digest)| digest_of(row) != *digest).map(|(row, _)| row.id).collect())
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<(Row, Digest), Fault> {
    let mut columns = Columns::of(row, "officer");
    let row = Row {
        id: columns.next()?,
        name: columns.next()?,
        station: columns.next()?,
        roles: columns.json()?,
        certificate: columns.next()?,
        certified_until: columns.maybe_parsed()?,
    };
    Ok((row, columns.digest()?))
}

fn roles_json(roles: &[String]) -> String {
    serde_json::Value::from(roles).to_string()
}

fn digest_of(row: &Row) -> Digest {
    let Row { id, name, station, roles, certificate, certified_until } = row;
    let until = certified_until.map(|day| day.to_string());
    let roles = roles_json(roles);
    let (station, certificate) = (station.as_deref(), certificate.as_deref());
    content("wubu-officer", [Some(id), Some(name), station, Some(&roles), certificate, until.as_deref()])
}
