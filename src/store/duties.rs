//! Open duties by officer: what each has to do, and how much that is.

use std::collections::BTreeMap;

use crate::engine::{Burden, Order};
use crate::id::OrderId;
use crate::time::Stamp;

use super::record::{read_all, record};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, Tx};

record! {
    /// One officer's part in one visit of a step.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct DutyRow in "duty" by "home, seq, step, visit, officer" {
        pub order: OrderId = (OrderId),
        pub step: String,
        pub visit: i64,
        pub officer: String,
    }
}

record! {
    /// How much one officer has to do on the orders of a home. It is kept home by home, so that acts on orders of
    /// different homes never wait for each other, whoever has them.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Workload in "workload" by "home, officer" {
        pub home: String,
        pub officer: String,
        /// Open duties.
        pub duties: i64,
        /// When the newest was given; it may be done since.
        pub last_at: Stamp,
    }
}

const ADD: Bulk = bulk!("duties.add": insert "duty" ((DutyRow) ", since") (keep DutyRow));
const REMOVE: Sql = sql!("duties.remove":
    "DELETE FROM duty WHERE (home, seq, step, visit, officer) IN "
    "(SELECT e.value->>0, CAST(e.value->>1 AS BIGINT), e.value->>2, CAST(e.value->>3 AS BIGINT), e.value->>4 "
    "FROM " rows " AS e)");
const OF_OFFICERS: Sql = sql!("duties.of_officers":
    "SELECT " (DutyRow as d) " FROM " rows " AS e CROSS JOIN duty AS d "
    "WHERE d.officer = e.value->>0 ORDER BY d.officer, d.home, d.seq, d.step, d.visit");
const OF_HOME: Sql = sql!("duties.of_home":
    "SELECT " (DutyRow) " FROM duty WHERE home = $1 ORDER BY seq, step, visit, officer");
const WEIGH: Bulk = bulk!("duties.weigh":
    insert Workload
    " ON CONFLICT (home, officer) DO UPDATE SET duties = workload.duties + excluded.duties, "
    "last_at = CASE WHEN excluded.last_at > workload.last_at THEN excluded.last_at ELSE workload.last_at END");
const COUNT: Sql = sql!("duties.count":
    "UPDATE workload SET duties = (SELECT COUNT(*) FROM duty AS d "
    "WHERE d.home = workload.home AND d.officer = workload.officer) "
    "WHERE (home, officer) IN (SELECT e.value->>0, e.value->>1 FROM " rows " AS e)");
const WORKLOADS: Sql = sql!("duties.workloads": "SELECT " (Workload) " FROM workload ORDER BY home, officer");
const COUNTED: Sql = sql!("duties.counted":
    "SELECT home, officer, COUNT(*) FROM duty GROUP BY home, officer ORDER BY home, officer");

statements!(REMOVE, OF_OFFICERS, OF_HOME, COUNT, WORKLOADS, COUNTED; ADD, WEIGH);

/// Returns the duties people have on an order.
pub fn of_order(order: &Order) -> Vec<DutyRow> {
    let row = |Burden { officer, step, visit }: Burden<'_>| DutyRow {
        order: order.cover.id.clone(),
        step: step.to_owned(),
        visit: i64::from(visit),
        officer: officer.to_owned(),
    };
    order.burdens().into_iter().map(row).collect()
}

/// Takes duties away, writes others with the moment each was given, and counts both.
pub async fn exchange(tx: &mut Tx, gone: &[DutyRow], new: &[(DutyRow, Stamp)]) -> Result<()> {
    let touched = match gone {
        [] => 0,
        gone => tx.execute(REMOVE, json_rows(gone)).await?,
    };
    let touched = touched + tx.write_rows(&ADD, new).await?;
    let mut weights: BTreeMap<(&str, &str), (i64, Stamp)> = BTreeMap::new();
    let lost = gone.iter().map(|duty| (duty, -1, Stamp::from_micros(0)));
    for (duty, count, at) in lost.chain(new.iter().map(|(duty, at)| (duty, 1, *at))) {
        let (duties, last_at) = weights.entry((&duty.order.home, &duty.officer)).or_insert((0, at));
        (*duties, *last_at) = (*duties + count, at.max(*last_at));
    }
    let rows: Vec<_> = weights.iter().map(|(whose, weight)| (*whose, *weight)).collect();
    tx.write_rows(&WEIGH, &rows).await?;
    // One that was gone before, or there already, is counted by what there is.
    if touched < (gone.len() + new.len()) as u64 {
        tx.execute(COUNT, json_rows(weights.into_keys())).await?;
    }
    Ok(())
}

/// Lists how much each officer has to do who ever had something, home by home.
pub async fn workloads(at: &mut impl Reads) -> Result<Vec<Workload>> {
    read_all(at, WORKLOADS, ()).await
}

/// Counts the open duties one by one: by home and officer, where there are any.
pub async fn counted(at: &mut impl Reads) -> Result<BTreeMap<(String, String), i64>> {
    let counted: Vec<((String, String), i64)> = read_all(at, COUNTED, ()).await?;
    Ok(counted.into_iter().collect())
}

/// Lists the open duties of some officers.
pub async fn of_officers(at: &mut impl Reads, officers: &[&str]) -> Result<Vec<DutyRow>> {
    read_all(at, OF_OFFICERS, json_rows(officers)).await
}

/// Lists the open duties on a home's orders.
pub async fn of_home(at: &mut impl Reads, home: &str) -> Result<Vec<DutyRow>> {
    read_all(at, OF_HOME, home).await
}
