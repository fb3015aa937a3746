//! What the bureau consists of: stations, grids and officers, as imported.
//!
//! There are few of each, so an import reads all to compare, and writes those that are new or differ.
//! Beside each stands the digest of its columns, by which `verify` finds what was edited by hand.
//! To add a register of this kind: its record, and what a [`SmallRegister`] needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;
use crate::import::{GridRow, OfficerRow, StationRow};
use crate::people::{Post, undated_before};
use crate::time::Day;

use super::args::Bind;
use super::checksums::Sum;
use super::columns::Fetch;
use super::record::{columns, read_all, record};
use super::register::{RowChange, content_of};
use super::sql::{Bulk, Sql, TableRecord, bulk, sql, statements};
use super::{ImportCounts, OfficerImport, Reads, Result, Tx};

columns! { StationRow in "station" by "id" { id, title } }

record! {
    /// One grid.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct GridRecord in "grid" by "id" {
        pub id: String,
        /// Name.
        pub title: String,
        pub station: String,
        /// Main officer.
        pub officer: Option<String>,
        /// Backup officer.
        pub backup: Option<String>,
    }
}

record! {
    /// One officer.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct OfficerRecord in "officer" by "id" {
        pub id: String,
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
}

impl OfficerRecord {
    /// Parts a row of a file into the list's own and what it lays down besides; what it does not say stays as it
    /// is known; `held` are the posts of before.
    pub fn of_file(
        read: OfficerRow,
        known: Option<&Self>,
        held: &[Post],
        today: Day,
    ) -> (Self, OfficerImport) {
        let OfficerRow { id, name, station, roles, certificate, certified_until, email, .. } = read;
        let OfficerRow { from, until, since, .. } = read;
        let before = known.cloned();
        let before = before.unwrap_or(Self {
            id: id.clone(),
            name: String::new(),
            station: None,
            roles: Vec::new(),
            certificate: None,
            certified_until: None,
        });
        let station = station.or(before.station);
        // A role that the list had and has no more ends, whenever its post began.
        let said = roles.or(Some(before.roles.clone())).unwrap_or_default();
        let taken =
            held.iter().filter(|post| before.roles.contains(&post.role) && !said.contains(&post.role));
        let taken = taken.filter(|post| post.from.is_some() && post.until.is_none_or(|until| until >= today));
        let last = |post: &Post| post.from.map_or(today, |from| from.max(today)).pred_opt();
        let ended = taken.map(|post| Post { until: last(post), ..post.clone() });
        let given = said.iter().flat_map(|role| {
            let since = since.filter(|_| !held.iter().any(|post| post.role == *role));
            let post = Post { role: role.clone(), from: from.or(since), until };
            let post = Some(post).filter(|post| post.from.is_some() || post.until.is_some());
            let left = post.as_ref().and_then(|post| undated_before(held, post, today));
            left.into_iter().chain(post)
        });
        let posts = ended.chain(given).collect();
        let laid = OfficerImport { officer: id.clone(), station: station.clone(), posts, email };
        let roles = said;
        let record = Self {
            id,
            name: name.unwrap_or(before.name),
            station,
            roles,
            certificate: certificate.or(before.certificate),
            certified_until: certified_until.or(before.certified_until),
        };
        (record, laid)
    }
}

impl GridRecord {
    /// Makes a row to be stored of one as a file has it; what it does not say stays as it is known.
    pub fn of_file(read: GridRow, known: Option<&Self>) -> Self {
        let GridRow { id, title, station, officer, backup } = read;
        let before = known.cloned();
        let (before_officer, before_backup) =
            before.as_ref().map_or((None, None), |before| (before.officer.clone(), before.backup.clone()));
        let (before_title, before_station) =
            before.map_or_else(Default::default, |before| (before.title, before.station));
        Self {
            id,
            title: title.unwrap_or(before_title),
            station: station.unwrap_or(before_station),
            officer: officer.or(before_officer),
            backup: backup.or(before_backup),
        }
    }
}

const LIST_STATIONS: Sql = sql!("stations.list":
    "SELECT " (StationRow) ", digest FROM station ORDER BY id");
const LIST_GRIDS: Sql = sql!("grids.list": "SELECT " (GridRecord) ", digest FROM grid ORDER BY id");
const LIST_OFFICERS: Sql = sql!("officers.list":
    "SELECT " (OfficerRecord) ", digest FROM officer ORDER BY id");
const UPSERT_STATIONS: Bulk = bulk!("stations.upsert":
    insert "station" ((StationRow) ", digest") (replace StationRow) ", digest = excluded.digest");
const UPSERT_GRIDS: Bulk = bulk!("grids.upsert":
    insert "grid" ((GridRecord) ", digest") (replace GridRecord) ", digest = excluded.digest");
const UPSERT_OFFICERS: Bulk = bulk!("officers.upsert":
    insert "officer" ((OfficerRecord) ", digest") (replace OfficerRecord) ", digest = excluded.digest");

statements!(LIST_STATIONS, LIST_GRIDS, LIST_OFFICERS; UPSERT_STATIONS, UPSERT_GRIDS, UPSERT_OFFICERS);

/// A register that is small enough to be read whole.
#[expect(private_bounds, reason = "what stands in which column is the store's own matter")]
pub trait SmallRegister: TableRecord + Bind + Fetch {
    /// Reads all of it by id, each with its digest.
    #[doc(hidden)]
    const LIST: Sql;
    /// Writes rows over what they were.
    #[doc(hidden)]
    const UPSERT: &'static Bulk;

    /// Returns the id.
    fn id(&self) -> &str;
}

/// Says which statements read and write a register.
macro_rules! registers {
    ($($record:ident: $list:ident, $upsert:ident;)*) => { $(
        impl SmallRegister for $record {
            const LIST: Sql = $list;
            const UPSERT: &'static Bulk = &$upsert;

            fn id(&self) -> &str {
                &self.id
            }
        }
    )* };
}

registers! {
    StationRow: LIST_STATIONS, UPSERT_STATIONS;
    GridRecord: LIST_GRIDS, UPSERT_GRIDS;
    OfficerRecord: LIST_OFFICERS, UPSERT_OFFICERS;
}

/// Writes the rows that are new or differ.
pub async fn upsert_many<R: SmallRegister>(tx: &mut Tx, batch: &[R]) -> Result<ImportCounts> {
    upsert(tx, batch, &BTreeSet::new()).await
}

/// Writes the officers that are new or differ; those about whom something else was laid down count as
/// changed.
pub async fn upsert_officers(
    tx: &mut Tx,
    batch: &[OfficerRecord],
    laid: &[OfficerImport],
) -> Result<ImportCounts> {
    upsert(tx, batch, &laid.iter().map(|laid| laid.officer.as_str()).collect()).await
}

async fn upsert<R: SmallRegister>(tx: &mut Tx, batch: &[R], laid: &BTreeSet<&str>) -> Result<ImportCounts> {
    let before: BTreeMap<String, Digest> =
        stored::<R>(tx).await?.into_iter().map(|(row, digest)| (row.id().to_owned(), digest)).collect();
    let latest: BTreeMap<&str, &R> = batch.iter().map(|row| (row.id(), row)).collect();
    let mut counts = ImportCounts::default();
    let mut written: Vec<(&R, Digest)> = Vec::new();
    for (id, row) in latest {
        let digest = digest_of(row);
        match counts.count(before.get(id).copied(), digest) {
            RowChange::Written => written.push((row, digest)),
            RowChange::Same if laid.contains(id) => {
                counts.unchanged -= 1;
                counts.changed += 1;
            }
            RowChange::Same => {}
        }
    }
    tx.write_rows(R::UPSERT, &written).await?;
    Ok(counts)
}

/// Lists a register by id.
pub async fn list<R: SmallRegister>(at: &mut impl Reads) -> Result<Vec<R>> {
    Ok(stored(at).await?.into_iter().map(|(row, _)| row).collect())
}

/// What looking through a register found.
#[derive(Clone, Debug)]
pub struct ListAudit {
    /// The ids of those whose content is not what was imported.
    pub edited: Vec<String>,
    /// All that is there.
    pub sum: Sum,
}

/// Looks through a register.
pub async fn audit<R: SmallRegister>(at: &mut impl Reads) -> Result<ListAudit> {
    let mut found = ListAudit { edited: Vec::new(), sum: Sum::default() };
    for (row, digest) in stored::<R>(at).await? {
        if digest_of(&row) != digest {
            found.edited.push(row.id().to_owned());
        }
        found.sum.add(digest);
    }
    Ok(found)
}

async fn stored<R: SmallRegister>(at: &mut impl Reads) -> Result<Vec<(R, Digest)>> {
    read_all(at, R::LIST, ()).await
}

/// Names the content of a row.
fn digest_of<R: SmallRegister>(row: &R) -> Digest {
    content_of(R::TABLE, row)
}
