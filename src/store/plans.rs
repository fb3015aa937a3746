//! Plans: what a change would do, as it was told.

use crate::digest::Digest;
use crate::time::Stamp;

use super::record::{read_all, read_count, read_first, record};
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, Tx};

record! {
    /// A plan as it is kept.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct KeptPlan in "plan" {
        /// Its number, from 1.
        pub number: i64,
        pub made_at: Stamp,
        /// Who asked for it.
        pub actor: String,
        /// Digest of the text that was tried.
        pub policy: Digest,
        /// The release that was in force.
        pub against: i64,
        /// Digest of what the answer rests on besides.
        pub state: Digest,
        /// What was told, as JSON.
        pub report: String,
    }
}

const LIST: Sql = sql!("plans.list": "SELECT " (KeptPlan) " FROM plan ORDER BY number");
const FIND: Sql = sql!("plans.find": "SELECT " (KeptPlan) " FROM plan WHERE number = $1");
const LAST: Sql = sql!("plans.last": "SELECT COALESCE(MAX(number), 0) FROM plan");
const ADD: Bulk = bulk!("plans.add": insert KeptPlan);

statements!(LIST, FIND, LAST; ADD);

/// Lists all, oldest first.
pub async fn list(at: &mut impl Reads) -> Result<Vec<KeptPlan>> {
    read_all(at, LIST, ()).await
}

/// Finds one by its number.
pub async fn find(at: &mut impl Reads, number: i64) -> Result<Option<KeptPlan>> {
    read_first(at, FIND, number).await
}

/// Returns the number of the next one.
pub async fn next_number(at: &mut impl Reads) -> Result<i64> {
    Ok(read_count(at, LAST, ()).await? + 1)
}

/// Keeps one. The caller records it in the ledger.
pub async fn add(tx: &mut Tx, plan: &KeptPlan) -> Result<()> {
    tx.write_rows(&ADD, &[plan]).await.map(drop)
}
