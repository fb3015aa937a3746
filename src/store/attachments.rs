//! Files of orders: what each is; its bytes lie beside the database under their digest.

use crate::engine::Key;
use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

/// One file of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The order.
    pub order: Key,
    /// Digest of its bytes.
    pub digest: String,
    /// Its name as it was handed in.
    pub name: String,
    /// Media type, found from its bytes.
    pub kind: String,
    /// Length in bytes.
    pub bytes: i64,
    /// Who handed it in.
    pub actor: String,
    /// When.
    pub at: Stamp,
    /// Latitude and longitude the picture was taken at, kept apart from it.
    pub place: Option<(String, String)>,
    /// When the picture says it was taken.
    pub taken_at: Option<String>,
}

const OF_ORDER: Sql = sql!("attachments.of_order":
    "SELECT home, seq, digest, name, kind, bytes, actor, at, lat, lon, taken_at FROM attachment "
    "WHERE home = $1 AND seq = $2 ORDER BY at, digest");
const COUNT: Sql = sql!("attachments.count":
    "SELECT COUNT(*) FROM attachment WHERE home = $1 AND seq = $2");
const ADD: Bulk = bulk!("attachments.add":
    "INSERT INTO attachment (home, seq, digest, name, kind, bytes, actor, at, lat, lon, taken_at) VALUES ",
    "(?,?,?,?,?,?,?,?,?,?,?)", " ON CONFLICT (home, seq, digest) DO NOTHING");

pub(super) const ALL: &[Sql] = &[OF_ORDER, COUNT];
pub(super) const BULK: &[Bulk] = &[ADD];

/// Writes what files of orders are; a file an order has already stays as it is.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_many(tx: &mut Tx, files: &[Attachment]) -> Result<u64, Fault> {
    let bind = |args: &mut Args, file: &Attachment| {
        args.text(&file.order.0);
        args.int(file.order.1);
        args.text(&file.digest);
        args.text(&file.name);
        args.text(&file.kind);
        args.int(file.bytes);
        args.text(&file.actor);
        args.stamp(file.at);
        args.maybe(file.place.as_ref().map(|(lat, _)| lat.as_str()));
        args.maybe(file.place.as_ref().map(|(_, lon)| lon.as_str()));
        args.maybe(file.taken_at.as_deref());
    };
    tx.write_many(&ADD, files, bind, |_| {}).await
}

/// Counts the files of an order.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn count(at: &mut impl Reads, (home, seq): &Key) -> Result<i64, Fault> {
    let found = row(at, COUNT, args!(text home, int * seq)).await?;
    found.map_or(Ok(0), |found| Columns::of(&found, "attachment").next())
}

/// Lists the files of an order, in the order they came.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn of_order(at: &mut impl Reads, (home, seq): &Key) -> Result<Vec<Attachment>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "attachment");
        let order = (columns.next()?, columns.next()?);
        let (digest, name, kind, bytes) =
            (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
        let (actor, at) = (columns.next()?, columns.exact()?);
        let (lat, lon): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
        let place = lat.zip(lon);
        Ok(Attachment { order, digest, name, kind, bytes, actor, at, place, taken_at: columns.next()? })
    };
    rows(at, OF_ORDER, args!(text home, int * seq)).await?.iter().map(read).collect()
}
