//! Which release holds a text that no release is named by: a station's own, or the bureau's beside it.

use super::record::{read_all, read_first};
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, Tx};

const ADD: Bulk = bulk!("versions.add":
    insert "policy_version" ("digest, release") " ON CONFLICT (digest) DO NOTHING");
const RELEASE_OF: Sql = sql!("versions.release_of": "SELECT release FROM policy_version WHERE digest = $1");
const LIST: Sql = sql!("versions.list": "SELECT digest, release FROM policy_version ORDER BY digest");

statements!(RELEASE_OF, LIST; ADD);

/// Keeps which release holds texts, by their digests; one that is known already stays with its release.
pub async fn add_many(tx: &mut Tx, digests: &[String], release: i64) -> Result<u64> {
    let rows: Vec<(&String, i64)> = digests.iter().map(|digest| (digest, release)).collect();
    tx.write_rows(&ADD, &rows).await
}

/// Lists the digests that are known, each with its release.
pub async fn list(at: &mut impl Reads) -> Result<Vec<(String, i64)>> {
    read_all(at, LIST, ()).await
}

/// Returns a release that holds the text of that digest.
pub async fn release_of(at: &mut impl Reads, digest: &str) -> Result<Option<i64>> {
    read_first(at, RELEASE_OF, digest).await
}
