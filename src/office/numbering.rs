//! How an order's number looks, and what it counts from.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;

use crate::id::OrderId;
use crate::import::StationRow;
use crate::office::{ActContext, Answer};
use crate::policy::{NumberRule, Restart, write_number};
use crate::store::bureau::GridRecord;
use crate::store::{Reads, Tx, bureau, order_years};
use crate::time::Day;

/// Title of each station by id.
pub type StationTitles = BTreeMap<String, String>;

/// Numbers orders as the policy says.
#[derive(Debug)]
pub(crate) struct Numbers<'a> {
    rule: &'a NumberRule,
    titles: &'a StationTitles,
    /// The running numbers that homes had given before the year, where numbers begin anew with it.
    before: BTreeMap<String, i64>,
}

impl<'a> Numbers<'a> {
    /// Makes ready to number orders that are opened today in some homes.
    pub(crate) async fn today(
        cx: ActContext<'a>,
        tx: &mut Tx,
        titles: &'a StationTitles,
        homes: BTreeSet<&str>,
    ) -> Answer<Self> {
        let rule = &cx.policy().order_number;
        let before = match rule.restart {
            Restart::Never => BTreeMap::new(),
            Restart::Yearly => order_years::before(tx, cx.today.year(), cx.zone(), &homes).await?,
        };
        Ok(Self { rule, titles, before })
    }

    /// Writes an order's number as people see it.
    pub(crate) fn write(&self, order: OrderId<&str>, on: Day) -> String {
        let OrderId { home, seq } = order;
        let title = self.titles.get(home).map_or(home, String::as_str);
        write_number(&self.rule.text, |part| match part {
            "station" => title.to_owned(),
            "home" => home.to_owned(),
            "year" => on.format("%Y").to_string(),
            _ => (seq - self.before.get(home).copied().unwrap_or(0)).to_string(),
        })
    }
}

impl crate::engine::Numbering for Numbers<'_> {
    fn number(&self, order: OrderId<&str>, on: Day) -> String {
        self.write(order, on)
    }
}

/// Returns what every station is called, by id.
pub async fn station_titles(cx: ActContext<'_>) -> Answer<StationTitles> {
    titles(&mut cx.store.read().await?).await
}

/// Reads the titles of all stations.
pub(crate) async fn titles(reader: &mut impl Reads) -> Answer<StationTitles> {
    let stations = bureau::list::<StationRow>(reader).await?;
    Ok(stations.into_iter().map(|station| (station.id, station.title)).collect())
}

/// Returns what every grid is called, by id.
pub async fn grid_titles(cx: ActContext<'_>) -> Answer<BTreeMap<String, String>> {
    grids(&mut cx.store.read().await?).await
}

/// Reads the titles of all grids.
pub(crate) async fn grids(reader: &mut impl Reads) -> Answer<BTreeMap<String, String>> {
    let grids = bureau::list::<GridRecord>(reader).await?;
    Ok(grids.into_iter().map(|grid| (grid.id, grid.title)).collect())
}
