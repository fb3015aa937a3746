//! Subjects whose appraisal may no longer hold.
//!
//! Whatever may change an answer (an import, a day on which time alone changes it, a release, a
//! closed order) leaves a mark; a pass takes marks in the order of keys, so that it reads the
//! register in that order too.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::time::Day;

use super::record::{read_all, read_count};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, Tx};

const ADD: Bulk = bulk!("marks.add":
    insert "mark" ("home, subject") " ON CONFLICT (home, subject) DO NOTHING");
const ADD_ALL: Sql = sql!("marks.add_all":
    "INSERT INTO mark (home, subject) SELECT home, id FROM subject WHERE TRUE "
    "ON CONFLICT (home, subject) DO NOTHING");
const ADD_OF_STATIONS: Sql = sql!("marks.add_of_stations":
    "INSERT INTO mark (home, subject) "
    "SELECT s.home, s.id FROM " rows " AS e CROSS JOIN subject AS s "
    "WHERE s.home = e.value->>0 AND s.station = s.home "
    "UNION ALL SELECT s.home, s.id FROM " rows " AS e CROSS JOIN subject AS s "
    "WHERE s.station = e.value->>0 AND s.station <> s.home "
    "ON CONFLICT (home, subject) DO NOTHING");
const ADD_CHANGING: Sql = sql!("marks.add_changing":
    "INSERT INTO mark (home, subject) "
    "SELECT home, subject FROM appraisal WHERE changes_on IS NOT NULL AND changes_on <= $1 "
    "ON CONFLICT (home, subject) DO NOTHING");
const ADD_DECIDED_AFTER: Sql = sql!("marks.add_decided_after":
    "INSERT INTO mark (home, subject) SELECT home, subject FROM appraisal WHERE decided_on > $1 "
    "ON CONFLICT (home, subject) DO NOTHING");
const COUNT: Sql = sql!("marks.count": "SELECT COUNT(*) FROM mark");
const LIST: Sql = sql!("marks.list": "SELECT home, subject FROM mark ORDER BY home, subject");
const CLEAR: Bulk = bulk!("marks.clear":
    with ("home, subject") "DELETE FROM mark WHERE (home, subject) IN (SELECT home, subject FROM new)");
// Up to where marks were cleared only a few are left.
const CLEAR_STRAYS: Sql = sql!("marks.clear_strays":
    "DELETE FROM mark WHERE home >= $1 AND (home, subject) <= ($2, $3) AND NOT EXISTS "
    "(SELECT 1 FROM subject AS s WHERE s.home = mark.home AND s.id = mark.subject)");
const HOMES: Sql = sql!("marks.homes":
    "SELECT h.chain FROM head AS h WHERE EXISTS (SELECT 1 FROM mark AS m WHERE m.home = h.chain) ORDER BY h.chain");
const CLEAR_ALL: Sql = sql!("marks.clear_all": "DELETE FROM mark");

statements!(
    ADD_ALL, ADD_OF_STATIONS, ADD_CHANGING, ADD_DECIDED_AFTER, COUNT, LIST, HOMES, CLEAR_STRAYS, CLEAR_ALL;
    ADD, CLEAR
);

/// Marks subjects, each given by home and id.
pub async fn add_many(tx: &mut Tx, keys: &[(Arc<str>, &str)]) -> Result<u64> {
    tx.write_rows(&ADD, keys).await
}

/// Marks every subject, as a new release does; returns how many were not marked before.
pub async fn add_all(tx: &mut Tx) -> Result<u64> {
    tx.execute(ADD_ALL, ()).await
}

/// Marks the subjects of some stations, as an edit of their own texts does.
pub async fn add_of_stations(tx: &mut Tx, stations: &BTreeSet<&str>) -> Result<u64> {
    tx.execute(ADD_OF_STATIONS, json_rows(stations)).await
}

/// Marks the subjects whose answer time alone changes on or before `day`.
pub async fn add_changing(tx: &mut Tx, day: Day) -> Result<u64> {
    tx.execute(ADD_CHANGING, day).await
}

/// Marks the subjects that were judged for a later day than `day`, as after a clock that ran ahead.
pub async fn add_decided_after(tx: &mut Tx, day: Day) -> Result<u64> {
    tx.execute(ADD_DECIDED_AFTER, day).await
}

/// Counts marked subjects.
pub async fn count(at: &mut impl Reads) -> Result<i64> {
    read_count(at, COUNT, ()).await
}

/// Lists marked subjects by home and id.
pub async fn all(at: &mut impl Reads) -> Result<BTreeSet<(String, String)>> {
    read_all(at, LIST, ()).await
}

/// Takes away the marks that [`super::reading::marked`] gave, by the keys of the subjects in their order, and those
/// of the same homes before the last of them that mark no subject. Whoever marks one of them from here on waits for the
/// end of the transaction, and marks it anew.
pub async fn clear(tx: &mut Tx, keys: &[(&str, &str)]) -> Result<()> {
    tx.write_rows(&CLEAR, keys).await?;
    match keys {
        [(first, _), .., last] | [last @ (first, _)] => {
            tx.execute(CLEAR_STRAYS, (*first, *last)).await.map(drop)
        }
        [] => Ok(()),
    }
}

/// Lists the homes with marked subjects.
pub async fn homes(at: &mut impl Reads) -> Result<Vec<String>> {
    read_all(at, HOMES, ()).await
}

/// Takes all marks away.
pub async fn clear_all(tx: &mut Tx) -> Result<u64> {
    tx.execute(CLEAR_ALL, ()).await
}
