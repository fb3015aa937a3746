//! One number for all rows of a station, so that a row added, removed or edited by hand shows.
//!
//! The sum is that of the digests of the rows' content, modulo 2^256; it does not depend on
//! their order, and is kept up with every import by adding and taking away. It is compared by
//! `verify` with the rows there are, and stands in the ledger's entry of each import.

use std::collections::BTreeMap;

use crate::digest::Digest;

use super::record::read_all;
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, StoreFault, Tx};

/// How many rows a station has, and the sum of their digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Number of rows.
    pub rows: i64,
    /// Sum of their digests.
    pub digests: Digest,
}

impl Default for Sum {
    fn default() -> Self {
        Self { rows: 0, digests: Digest::from_bytes([0; 32]) }
    }
}

impl Sum {
    /// Counts a row in.
    pub fn add(&mut self, row: Digest) {
        self.rows += 1;
        self.digests = plus(self.digests, row);
    }

    /// Replaces a row's digest, or counts it in when there was none.
    pub(super) fn replace(&mut self, before: Option<Digest>, after: Digest) {
        match before {
            None => self.add(after),
            Some(before) => self.digests = plus(plus(self.digests, negated(before)), after),
        }
    }
}

/// Which rows a sum is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SummedTable {
    /// Subjects by home.
    Subject,
    /// Inspections by home of their subject.
    Inspection,
}

impl SummedTable {
    /// Returns what the ledger calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subjects",
            Self::Inspection => "inspections",
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::Subject => "sum/subject/",
            Self::Inspection => "sum/inspection/",
        }
    }
}

const FIND: Sql = sql!("sums.find":
    "SELECT m.key, m.value FROM " rows " AS e CROSS JOIN meta AS m WHERE m.key = e.value->>0");
const LIST: Sql = sql!("sums.list":
    "SELECT key, value FROM meta WHERE key >= $1 AND key < $2 ORDER BY key");
const SET: Bulk = bulk!("sums.set":
    insert "meta" ("key, value") " ON CONFLICT (key) DO UPDATE SET value = excluded.value");

statements!(FIND, LIST; SET);

/// Returns the sum of every station that has rows.
pub async fn list(at: &mut impl Reads, table: SummedTable) -> Result<BTreeMap<String, Sum>> {
    let from = table.prefix();
    // '0' follows '/' in ASCII.
    let until = format!("{}0", from.trim_end_matches('/'));
    let found: Vec<(String, String)> = read_all(at, LIST, (from, until)).await?;
    found.iter().map(|(key, value)| read(key, value, from)).collect()
}

/// Reads the sums of some stations; a station without rows has an empty one.
pub(super) async fn of(
    at: &mut impl Reads,
    table: SummedTable,
    homes: impl Iterator<Item = &str>,
) -> Result<BTreeMap<String, Sum>> {
    let prefix = table.prefix();
    let mut sums: BTreeMap<String, Sum> = homes.map(|home| (home.to_owned(), Sum::default())).collect();
    let keys = json_rows(sums.keys().map(|home| [format!("{prefix}{home}")]));
    let found: Vec<(String, String)> = read_all(at, FIND, keys).await?;
    for (key, value) in &found {
        let (home, sum) = read(key, value, prefix)?;
        sums.insert(home, sum);
    }
    Ok(sums)
}

/// Returns the sum of one station.
pub async fn one(at: &mut impl Reads, table: SummedTable, home: &str) -> Result<Sum> {
    Ok(of(at, table, std::iter::once(home)).await?.into_values().next().unwrap_or_default())
}

/// Writes the sums of some stations.
pub(super) async fn set(tx: &mut Tx, table: SummedTable, sums: &BTreeMap<String, Sum>) -> Result<()> {
    let prefix = table.prefix();
    let pair =
        |(home, sum): (&String, &Sum)| [format!("{prefix}{home}"), format!("{}:{}", sum.rows, sum.digests)];
    let pairs: Vec<[String; 2]> = sums.iter().map(pair).collect();
    tx.write_rows(&SET, &pairs).await.map(drop)
}

fn read(key: &str, value: &str, prefix: &str) -> Result<(String, Sum)> {
    let sum = value
        .split_once(':')
        .and_then(|(rows, digests)| Some(Sum { rows: rows.parse().ok()?, digests: Digest::parse(digests)? }));
    let home = key.strip_prefix(prefix).unwrap_or(key).to_owned();
    let sum =
        sum.ok_or_else(|| StoreFault::Impossible { what: "meta.sum", key: format!("{key}/{value}#1") })?;
    Ok((home, sum))
}

fn plus(one: Digest, other: Digest) -> Digest {
    let (one, other) = (one.bytes(), other.bytes());
    let mut out = [0_u8; 32];
    let mut carry = false;
    for at in (0..out.len()).rev() {
        let (sum, first) = one[at].overflowing_add(other[at]);
        let (sum, second) = sum.overflowing_add(u8::from(carry));
        out[at] = sum;
        carry = first || second;
    }
    Digest::from_bytes(out)
}

fn negated(one: Digest) -> Digest {
    let mut unit = [0_u8; 32];
    unit[31] = 1;
    plus(Digest::from_bytes(one.bytes().map(|byte| !byte)), Digest::from_bytes(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_replaced_and_back_leaves_the_sum() {
        let (one, two) = (Digest::of(b"one"), Digest::of(b"two"));
        let mut sum = Sum::default();
        sum.add(one);
        let before = sum;
        sum.replace(Some(one), two);
        assert_ne!(sum, before);
        sum.replace(Some(two), one);
        assert_eq!(sum, before);
    }

    #[test]
    fn the_sum_does_not_depend_on_order() {
        let digests = [b"a", b"b", b"c"].map(|text| Digest::of(text));
        let (mut one, mut other) = (Sum::default(), Sum::default());
        for (forward, backward) in digests.iter().zip(digests.iter().rev()) {
            one.add(*forward);
            other.add(*backward);
        }
        assert_eq!(one, other);
    }
}
