//! How an order's number looks: its home station, the year, the running number.

use std::collections::BTreeMap;

use crate::office::Stop;
use crate::store::Reads;
use crate::store::bureau::{self, StationRecord};
use crate::time::Day;

/// Title of each station by id.
pub(crate) type Titles = BTreeMap<String, String>;

/// Numbers orders that are opened in memory.
#[derive(Debug)]
pub(crate) struct Numbers {
    pub(crate) titles: Titles,
}

impl crate::engine::Numbering for Numbers {
    fn number(&self, home: &str, seq: i64, on: Day) -> String {
        order_number(&self.titles, home, &on.format("%Y").to_string(), seq)
    }
}

/// Reads the titles of all stations.
pub(crate) async fn titles(reader: &mut impl Reads) -> Result<Titles, Stop> {
    let stations = bureau::list::<StationRecord>(reader).await?;
    Ok(stations.into_iter().map(|station| (station.id, station.title)).collect())
}

/// Writes an order's number as people see it: its home station, the year, the running number.
pub(crate) fn order_number(titles: &Titles, home: &str, year: &str, seq: i64) -> String {
    let title = titles.get(home).map_or(home, String::as_str);
    format!("{title}〔{year}〕{seq}号")
}
