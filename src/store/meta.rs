//! Single values under a key: the moment of the last tick, and the like.

use crate::time::Stamp;

use super::record::{read_all, read_first};
use super::sql::{Sql, sql, statements};
use super::{Reads, Result, Tx};

/// Key of the moment of the last tick.
pub const LAST_TICK: &str = "last_tick";
/// Key of the day on which the time of a demo begins, while its register is being made.
pub const DEMO_BEGINS: &str = "demo_begins";

/// Key of the newest `tick --accept-clock`.
pub const CLOCK_ACCEPTED: &str = "clock_accepted";
/// Key of the day up to which it is known whose leaves have begun and whose posts have ended.
pub const PEOPLE_DAY: &str = "people_day";
/// Key of the moment at which a daemon first ran by the clock.
pub const WALL_TIME: &str = "wall_time";
/// Key of the epoch that began with the last restore.
pub const EPOCH: &str = "epoch";
/// Key of the last scheduled try of a backup, as JSON.
pub const BACKUP_TRY: &str = "backup_try";
/// Key of the day on which the administrator was last told that backups are in alarm.
pub const BACKUP_TOLD: &str = "backup_told";
/// Key of the state of which this database is becoming a copy.
pub const COPYING: &str = "copying";
/// The keys there may be, beside those that begin with a word of their room.
pub const KEYS: [&str; 9] =
    [LAST_TICK, DEMO_BEGINS, CLOCK_ACCEPTED, PEOPLE_DAY, WALL_TIME, EPOCH, BACKUP_TRY, BACKUP_TOLD, COPYING];

const GET: Sql = sql!("meta.get": "SELECT value FROM meta WHERE key = $1");
const SET: Sql = sql!("meta.set":
    "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
const FORGET: Sql = sql!("meta.forget": "DELETE FROM meta WHERE key = $1");

const LIST: Sql = sql!("meta.list": "SELECT key, value FROM meta ORDER BY key");

statements!(LIST, GET, SET, FORGET);

/// Returns the value of a key.
pub async fn get(at: &mut impl Reads, key: &str) -> Result<Option<String>> {
    read_first(at, GET, key).await
}

/// Lists all keys with their values.
pub async fn list(at: &mut impl Reads) -> Result<Vec<(String, String)>> {
    read_all(at, LIST, ()).await
}

/// Returns the moment that is the value of a key.
pub async fn moment(at: &mut impl Reads, key: &str) -> Result<Option<Stamp>> {
    read_first(at, GET, key).await
}

/// Forgets a key.
pub async fn forget(tx: &mut Tx, key: &str) -> Result<()> {
    tx.execute(FORGET, key).await.map(drop)
}

/// Writes the value of a key.
pub async fn set(tx: &mut Tx, key: &str, value: &str) -> Result<()> {
    tx.execute(SET, (key, value)).await.map(drop)
}
