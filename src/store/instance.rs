//! Which life of the database this is: it begins a new one with every restore.
//!
//! A restored database does not know what was told and numbered after its backup was made. What is told from
//! then on carries a higher epoch in its key, and orders are numbered from behind a floor.

use std::collections::BTreeMap;

use super::record::read_all;
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, Tx, meta};

/// The epoch of a database that was never restored.
pub const FIRST_EPOCH: i64 = 1;

const FLOORS: Sql = sql!("instance.floors": "SELECT home, seq FROM order_floor ORDER BY home");
const RAISE: Bulk = bulk!("instance.raise":
    insert "order_floor" ("home, seq") " ON CONFLICT (home) DO UPDATE SET seq = excluded.seq");
const LAST: Sql = sql!("instance.last":
    "SELECT h.chain, o.seq FROM head AS h CROSS JOIN orders AS o WHERE o.home = h.chain "
    "AND o.seq = (SELECT MAX(n.seq) FROM orders AS n WHERE n.home = h.chain) ORDER BY h.chain");

statements!(FLOORS, LAST; RAISE);

/// Which life of a database it is.
///
/// It changes only in a database that nobody else has open, so whoever opened one knows it to the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// 1, and one more with every restore.
    pub epoch: i64,
    /// Up to which running number orders of a home may have been opened in an earlier life; none where there was none.
    pub floors: BTreeMap<String, i64>,
}

impl Default for Instance {
    fn default() -> Self {
        Self { epoch: FIRST_EPOCH, floors: BTreeMap::new() }
    }
}

impl Instance {
    /// Returns the running number behind which the next order of a home is opened.
    pub fn behind(&self, home: &str, last: i64) -> i64 {
        self.floors.get(home).map_or(last, |floor| last.max(*floor))
    }
}

/// Reads which life it is.
pub async fn read(at: &mut impl Reads) -> Result<Instance> {
    let epoch: Option<String> = meta::get(at, meta::INSTANCE_EPOCH).await?;
    let epoch = epoch.and_then(|epoch| epoch.parse().ok()).unwrap_or(FIRST_EPOCH);
    let floors: Vec<(String, i64)> = read_all(at, FLOORS, ()).await?;
    Ok(Instance { epoch, floors: floors.into_iter().collect() })
}

/// Writes which life it is from here on.
pub async fn write(tx: &mut Tx, instance: &Instance) -> Result<()> {
    meta::set(tx, meta::INSTANCE_EPOCH, &instance.epoch.to_string()).await?;
    let floors: Vec<(&str, i64)> = instance.floors.iter().map(|(home, seq)| (home.as_str(), *seq)).collect();
    tx.write_rows(&RAISE, &floors).await.map(drop)
}

/// Reads the newest running number of every home that has orders; one look into the key for each chain.
pub async fn last_orders(at: &mut impl Reads) -> Result<BTreeMap<String, i64>> {
    let found: Vec<(String, i64)> = read_all(at, LAST, ()).await?;
    Ok(found.into_iter().collect())
}
