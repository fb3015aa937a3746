//! Where the numbers of a year begin, for bureaus whose orders are numbered anew each year.

use std::collections::{BTreeMap, BTreeSet};

use crate::time::{Day, Stamp, Tz};

use super::record::read_all;
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, Tx};

const FIND: Sql = sql!("order_years.find":
    "SELECT y.home, y.before FROM " rows " AS e CROSS JOIN order_year AS y "
    "WHERE y.home = e.value->>0 AND y.year = $2");
const LAST: Sql = sql!("order_years.last":
    "SELECT o.home, o.seq FROM " rows " AS e CROSS JOIN orders AS o WHERE o.home = e.value->>0 "
    "AND o.seq = (SELECT MAX(n.seq) FROM orders AS n WHERE n.home = e.value->>0) AND o.issued_at < $2");
const KEEP: Bulk = bulk!("order_years.keep":
    insert "order_year" ("home, year, before") " ON CONFLICT (home, year) DO NOTHING");
const LIST: Sql = sql!("order_years.list": "SELECT home, year, before FROM order_year ORDER BY home, year");

statements!(FIND, LAST, LIST; KEEP);

/// Returns the newest running number that each home had given before a year, and keeps it.
///
/// It is looked up with the year's first order. A home that has orders of the year by then began to number
/// anew in the midst of it: until the year ends it counts on, as two orders would have one number otherwise.
///
/// # Errors
/// [`super::StoreFault`] when the database refuses; the transaction must then be dropped.
pub async fn before(
    tx: &mut Tx,
    year: i32,
    zone: Tz,
    homes: &BTreeSet<&str>,
) -> Result<BTreeMap<String, i64>> {
    let known: BTreeMap<String, i64> = read_all(tx, FIND, (json_rows(homes), i64::from(year))).await?;
    let new: BTreeSet<&str> = homes.iter().copied().filter(|home| !known.contains_key(*home)).collect();
    if new.is_empty() {
        return Ok(known);
    }
    let begins =
        Day::from_ymd_opt(year, 1, 1).map_or(Stamp::from_micros(0), |day| Stamp::day_start(day, zone));
    let last: BTreeMap<String, i64> = read_all(tx, LAST, (json_rows(&new), begins)).await?;
    let found = new.into_iter().map(|home| (home.to_owned(), last.get(home).copied().unwrap_or(0)));
    let found: Vec<(String, i64)> = found.collect();
    let rows: Vec<_> = found.iter().map(|(home, before)| (home, i64::from(year), *before)).collect();
    tx.write_rows(&KEEP, &rows).await?;
    Ok(known.into_iter().chain(found).collect())
}

/// Lists what is kept: home, year, and the newest running number before it.
pub async fn list(at: &mut impl Reads) -> Result<Vec<(String, i32, i64)>> {
    read_all(at, LIST, ()).await
}
