//! Numbers without a gap: the newest of each series, in the transaction that gives them.

use std::collections::BTreeMap;

use crate::documents::Series;

use super::sql::{Sql, args, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

const TAKE: Sql = sql!("numbers.take":
    "INSERT INTO number_series (prefix, organ, year, last) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (prefix, organ, year) DO UPDATE SET last = number_series.last + excluded.last RETURNING last");
const LIST: Sql = sql!("numbers.list":
    "SELECT prefix, organ, year, last FROM number_series ORDER BY prefix, organ, year");

pub(super) const ALL: &[Sql] = &[TAKE, LIST];

/// Gives each asked-for series its next number, in the order asked.
///
/// The counters are part of the transaction: what is rolled back, whole or to a savepoint, gives
/// its numbers to whoever asks next.
///
/// # Errors
/// [`Fault`] when the database refuses; the transaction must then be dropped.
pub async fn allocate_many(tx: &mut Tx, wanted: &[Series]) -> Result<Vec<i64>, Fault> {
    let mut counts: BTreeMap<&Series, i64> = BTreeMap::new();
    for series in wanted {
        *counts.entry(series).or_default() += 1;
    }
    let mut next: BTreeMap<&Series, i64> = BTreeMap::new();
    for (series, count) in counts {
        next.insert(series, take(tx, series, count).await?);
    }
    let number = |series| {
        let next = next.get_mut(series).expect("every series was asked for above");
        *next += 1;
        *next - 1
    };
    Ok(wanted.iter().map(number).collect())
}

/// Takes `count` numbers of one series and returns the first.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn take(tx: &mut Tx, series: &Series, count: i64) -> Result<i64, Fault> {
    let Series { prefix, organ, year } = series;
    let found = row(tx, TAKE, args!(text prefix, text organ, int i64::from(*year), int count)).await?;
    let found = found.ok_or_else(|| Fault::Impossible { what: "number_series", key: prefix.clone() })?;
    Ok(Columns::of(&found, "number_series").next::<i64>()? - count + 1)
}

/// Lists every series with its newest number.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn list(at: &mut impl Reads) -> Result<Vec<(Series, i64)>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "number_series");
        let (prefix, organ) = (columns.next()?, columns.next()?);
        let year = i32::try_from(columns.next::<i64>()?).map_err(|_| columns.impossible(2))?;
        Ok((Series { prefix, organ, year }, columns.next()?))
    };
    rows(at, LIST, args!()).await?.iter().map(read).collect()
}
