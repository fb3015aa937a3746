//! The epoch in which a database is, and where numbers go on since.

use std::collections::BTreeMap;

use super::epoch::{DatabaseEpoch, FIRST_EPOCH};
use super::record::read_all;
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, Tx, meta};

const FLOORS: Sql = sql!("epochs.floors": "SELECT home, seq FROM order_floor ORDER BY home");
const RAISE: Bulk = bulk!("epochs.raise":
    insert "order_floor" ("home, seq") " ON CONFLICT (home) DO UPDATE SET seq = excluded.seq");
const LAST: Sql = sql!("epochs.last":
    "SELECT h.chain, o.seq FROM head AS h CROSS JOIN orders AS o WHERE o.home = h.chain "
    "AND o.seq = (SELECT MAX(n.seq) FROM orders AS n WHERE n.home = h.chain) ORDER BY h.chain");

statements!(FLOORS, LAST; RAISE);

/// Reads which life it is.
pub async fn read(at: &mut impl Reads) -> Result<DatabaseEpoch> {
    let number: Option<String> = meta::get(at, meta::EPOCH).await?;
    let number = number.and_then(|number| number.parse().ok()).unwrap_or(FIRST_EPOCH);
    let floors: Vec<(String, i64)> = read_all(at, FLOORS, ()).await?;
    Ok(DatabaseEpoch { number, floors: floors.into_iter().collect() })
}

/// Writes which life it is from here on.
pub async fn write(tx: &mut Tx, epoch: &DatabaseEpoch) -> Result<()> {
    meta::set(tx, meta::EPOCH, &epoch.number.to_string()).await?;
    let floors: Vec<(&str, i64)> = epoch.floors.iter().map(|(home, seq)| (home.as_str(), *seq)).collect();
    tx.write_rows(&RAISE, &floors).await.map(drop)
}

/// Reads the newest running number of every home that has orders; one look into the key for each chain.
pub async fn last_orders(at: &mut impl Reads) -> Result<BTreeMap<String, i64>> {
    let found: Vec<(String, i64)> = read_all(at, LAST, ()).await?;
    Ok(found.into_iter().collect())
}
