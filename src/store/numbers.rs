//! Numbers without a gap: the newest of each series, in the transaction that gives them.

use std::collections::BTreeMap;

use crate::documents::Series;

use super::record::{columns, read_all, read_first, record};
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, StoreFault, Tx};

record! {
    /// The numbers that are there of a series.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct UsedNumbers in "number_series" {
        pub count: i64 = "COUNT(*)",
        pub distinct: i64 = "COUNT(DISTINCT n)",
        pub lowest: i64 = "MIN(n)",
        pub highest: i64 = "MAX(n)",
    }
}

impl UsedNumbers {
    /// Returns whether they are all numbers from 1 to the last one given, each once, but for so many that a restore
    /// passed over. Between documents of different homes no key of the database keeps a number from being there twice.
    pub fn are_all_up_to(&self, last: i64, passed_over: i64) -> bool {
        if passed_over == 0 {
            return *self == Self { count: last, distinct: last, lowest: 1, highest: last };
        }
        self.count == last - passed_over
            && self.distinct == self.count
            && self.lowest >= 0
            && self.highest <= last
    }
}

columns! { Series in "number_series" by "prefix, organ, year" { prefix, organ, year } }

const TAKE: Sql = sql!("numbers.take":
    "INSERT INTO number_series (" (Series) ", last) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (" (Series) ") DO UPDATE SET last = number_series.last + excluded.last RETURNING last");
const LIST: Sql = sql!("numbers.list":
    "SELECT " (Series) ", last FROM number_series ORDER BY prefix, organ, year");

const RAISE: Bulk = bulk!("numbers.raise":
    insert "number_series" ((Series) ", last") " ON CONFLICT (" (Series) ") DO UPDATE SET last = excluded.last");

statements!(TAKE, LIST; RAISE);

/// Gives each asked-for series its next number, in the order asked.
///
/// The counters are part of the transaction: what is rolled back gives its numbers to whoever asks next.
///
/// # Errors
/// [`super::StoreFault`] when the database refuses; the transaction must then be dropped.
pub async fn allocate_many(tx: &mut Tx, wanted: &[Series]) -> Result<Vec<i64>> {
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
pub async fn take(tx: &mut Tx, series: &Series, count: i64) -> Result<i64> {
    let last: Option<i64> = read_first(tx, TAKE, (series, count)).await?;
    let last =
        last.ok_or_else(|| StoreFault::Impossible { what: "number_series", key: series.prefix.clone() })?;
    Ok(last - count + 1)
}

/// Lets series go on behind numbers that may have been given; a series nobody knew begins behind its own.
pub async fn raise_many(tx: &mut Tx, behind: &[(&Series, i64)]) -> Result<()> {
    tx.write_rows(&RAISE, behind).await.map(drop)
}

/// Lists every series with its newest number.
pub async fn list(at: &mut impl Reads) -> Result<Vec<(Series, i64)>> {
    read_all(at, LIST, ()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_with_a_number_given_twice_is_not_whole() {
        let whole = UsedNumbers { count: 3, distinct: 3, lowest: 1, highest: 3 };
        assert!(whole.are_all_up_to(3, 0) && whole.are_all_up_to(4, 1));
        let twice = UsedNumbers { distinct: 2, ..whole };
        assert!(!twice.are_all_up_to(3, 0) && !twice.are_all_up_to(4, 1));
    }
}
