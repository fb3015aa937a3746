//! Single values under a key: the moment of the last tick, and the like.

use super::sql::{Sql, args, sql};
use super::tx::{Columns, row};
use super::{Fault, Reads, Tx};

/// Key of the moment of the last tick.
pub const LAST_TICK: &str = "last_tick";

const GET: Sql = sql!("meta.get": "SELECT value FROM meta WHERE key = $1");
const SET: Sql = sql!("meta.set":
    "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value");

pub(super) const ALL: &[Sql] = &[GET, SET];

/// Returns the value of a key.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn get(at: &mut impl Reads, key: &str) -> Result<Option<String>, Fault> {
    let found = row(at, GET, args!(text key)).await?;
    found.map(|found| Columns::of(&found, "meta").next()).transpose()
}

/// Writes the value of a key.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn set(tx: &mut Tx, key: &str, value: &str) -> Result<(), Fault> {
    tx.run(SET, args!(text key, text value)).await.map(|_| ())
}
