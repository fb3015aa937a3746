//! The newest numbers that were given: what a restore has to stay behind.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::documents::Series;
use crate::engine::{Refusal, RefusalCode};
use crate::files;
use crate::office::{Answer, OfficeFault};
use crate::store::{Access, Reads, Store, epochs, ledger, numbers};
use crate::time::Stamp;

/// Name of the file that a daemon keeps beside its backups.
pub(super) const NUMBERS: &str = "numbers.json";
/// Longest such file read, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;

/// The newest numbers given until some moment.
///
/// # Shape
/// `{"at": …, "entries": 4711, "orders": {"dongguan": 412}, "series": [["检查", "示", 2026, 88]]}`; a series is its prefix,
/// organ, year and newest number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenNumbers {
    pub at: Stamp,
    /// Entries of all chains by then.
    pub entries: i64,
    /// The newest running number of each home's orders.
    pub orders: BTreeMap<String, i64>,
    pub series: Vec<(String, String, i32, i64)>,
}

impl GivenNumbers {
    /// Reads them from a database.
    pub async fn of(reader: &mut impl Reads, at: Stamp) -> Answer<Self> {
        let mut orders = epochs::last_orders(reader).await?;
        for (home, floor) in epochs::read(reader).await?.floors {
            let last = orders.entry(home).or_default();
            *last = floor.max(*last);
        }
        let series = numbers::list(reader).await?;
        let series =
            series.into_iter().map(|(series, last)| (series.prefix, series.organ, series.year, last));
        let entries = ledger::entries(reader).await?;
        Ok(Self { at, entries, orders, series: series.collect() })
    }

    /// Returns the newest number of each series.
    pub(super) fn by_series(&self) -> BTreeMap<Series, i64> {
        let named = |(prefix, organ, year, last): &(String, String, i32, i64)| {
            (Series { prefix: prefix.clone(), organ: organ.clone(), year: *year }, *last)
        };
        self.series.iter().map(named).collect()
    }

    /// Stays behind what somebody else knows to have been given, such as a database that stood here before this one.
    pub(super) fn keep_behind(&mut self, before: &Self) {
        self.entries = self.entries.max(before.entries);
        for (home, last) in &before.orders {
            let newest = self.orders.entry(home.clone()).or_default();
            *newest = (*last).max(*newest);
        }
        let mut series = self.by_series();
        for (before, last) in before.by_series() {
            let newest = series.entry(before).or_default();
            *newest = last.max(*newest);
        }
        let row = |(series, last): (Series, i64)| (series.prefix, series.organ, series.year, last);
        self.series = series.into_iter().map(row).collect();
    }

    /// Reads them from a file that somebody names: kept by a daemon, a manifest, or a database.
    ///
    /// # Refusals
    /// R244 when it is none of them.
    pub(super) async fn from_file(path: &Path, now: Stamp) -> Answer<Self> {
        #[derive(Deserialize)]
        struct InManifest {
            numbers: GivenNumbers,
        }
        let begins = files::read_file(path, 1)?;
        if begins == b"{" {
            let bytes = files::read_file(path, LONGEST)?;
            let read = serde_json::from_slice::<InManifest>(&bytes).map(|found| found.numbers);
            let read = read.or_else(|_| serde_json::from_slice(&bytes));
            let refused = || Refusal::new(RefusalCode::NoNumbers).with("path", path.display().to_string());
            return Ok(read.map_err(|_| refused())?);
        }
        let store = Store::open(&format!("sqlite:{}", path.display()), Access::Read).await?;
        let read = Self::of(&mut store.read().await?, now).await;
        store.close().await;
        read
    }
}

/// Keeps the newest numbers in a folder of backups, where something happened since; returns the entries there are.
///
/// # Errors
/// When the folder cannot be written.
pub async fn note_numbers(store: &Store, folder: &Path, noted: i64, now: Stamp) -> Answer<i64> {
    let mut reader = store.read().await?;
    let entries = ledger::entries(&mut reader).await?;
    if entries != noted {
        let path = folder.join(NUMBERS);
        let mut given = GivenNumbers::of(&mut reader, now).await?;
        if path.is_file() {
            given.keep_behind(&GivenNumbers::from_file(&path, now).await?);
        }
        let text = serde_json::to_vec(&given).map_err(OfficeFault::impossible)?;
        std::fs::create_dir_all(folder).map_err(|error| OfficeFault::unwritable(folder.display(), error))?;
        files::write_whole(&path, &text)?;
    }
    Ok(entries)
}
