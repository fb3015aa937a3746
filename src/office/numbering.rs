//! How an order's number looks: its home station, the year, the running number.

use std::collections::BTreeMap;

use crate::id::OrderId;
use crate::import::StationRow;
use crate::office::Answer;
use crate::store::Reads;
use crate::store::bureau;
use crate::time::Day;

/// Title of each station by id.
pub(crate) type StationTitles = BTreeMap<String, String>;

/// Numbers orders that are opened in memory.
#[derive(Debug)]
pub(crate) struct Numbers<'a> {
    pub(crate) titles: &'a StationTitles,
}

impl crate::engine::Numbering for Numbers<'_> {
    fn number(&self, order: OrderId<&str>, on: Day) -> String {
        order_number(self.titles, order, &on.format("%Y").to_string())
    }
}

/// Reads the titles of all stations.
pub(crate) async fn titles(reader: &mut impl Reads) -> Answer<StationTitles> {
    let stations = bureau::list::<StationRow>(reader).await?;
    Ok(stations.into_iter().map(|station| (station.id, station.title)).collect())
}

/// Writes an order's number as people see it: its home station, the year, the running number.
pub(crate) fn order_number(titles: &StationTitles, order: OrderId<&str>, year: &str) -> String {
    let OrderId { home, seq } = order;
    let title = titles.get(home).map_or(home, String::as_str);
    format!("{title}〔{year}〕{seq}号")
}
