//! Open duties by officer: what each has to do.

use crate::engine::Order;
use crate::id::OrderId;
use crate::time::Stamp;

use super::record::{read_all, record};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, Tx};

record! {
    /// One officer's part in one visit of a step.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct DutyRow in "duty" by "officer, home, seq, step, visit" {
        pub officer: String,
        pub order: OrderId = (OrderId),
        pub step: String,
        pub visit: i64,
    }
}

const ADD: Bulk = bulk!("duties.add": insert "duty" ((DutyRow) ", since") (keep DutyRow));
const REMOVE: Sql = sql!("duties.remove":
    "DELETE FROM duty WHERE (officer, home, seq, step, visit) IN "
    "(SELECT e.value->>0, e.value->>1, CAST(e.value->>2 AS BIGINT), e.value->>3, CAST(e.value->>4 AS BIGINT) "
    "FROM " rows " AS e)");
const OF_OFFICERS: Sql = sql!("duties.of_officers":
    "SELECT " (DutyRow as d) " FROM " rows " AS e CROSS JOIN duty AS d "
    "WHERE d.officer = e.value->>0 ORDER BY d.officer, d.home, d.seq, d.step, d.visit");
const OF_HOME: Sql = sql!("duties.of_home":
    "SELECT " (DutyRow) " FROM duty WHERE home = $1 ORDER BY officer, seq, step, visit");

statements!(REMOVE, OF_OFFICERS, OF_HOME; ADD);

/// Returns the duties people have on an order.
pub fn of_order(order: &Order) -> Vec<DutyRow> {
    let mut out = Vec::new();
    for place in order.state.places() {
        for officer in place.duty().map(|duty| duty.assignees.as_slice()).unwrap_or_default() {
            out.push(DutyRow {
                officer: officer.clone(),
                order: order.cover.id.clone(),
                step: place.step.clone(),
                visit: i64::from(place.visit),
            });
        }
    }
    out
}

/// Writes duties with the moment each was given.
pub async fn add_many(tx: &mut Tx, duties: &[(DutyRow, Stamp)]) -> Result<()> {
    tx.write_rows(&ADD, duties).await.map(drop)
}

/// Takes duties away.
pub async fn remove_many(tx: &mut Tx, duties: &[DutyRow]) -> Result<()> {
    if duties.is_empty() {
        return Ok(());
    }
    tx.execute(REMOVE, json_rows(duties)).await.map(drop)
}

/// Lists the open duties of some officers.
pub async fn of_officers(at: &mut impl Reads, officers: &[&str]) -> Result<Vec<DutyRow>> {
    read_all(at, OF_OFFICERS, json_rows(officers)).await
}

/// Lists the open duties on a home's orders.
pub async fn of_home(at: &mut impl Reads, home: &str) -> Result<Vec<DutyRow>> {
    read_all(at, OF_HOME, home).await
}
