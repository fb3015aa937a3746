//! Orders that stand still because a rule failed. They are few, so who looks for what failed reads all.

use crate::engine::{Order, StepStatus};
use crate::id::OrderId;
use crate::time::Stamp;

use super::record::{read_all, record};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, Tx};

record! {
    /// One order that stands still at one step.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Incident in "incident" by "home, seq, step, cause" {
        pub order: OrderId = (OrderId),
        pub step: String,
        /// The code of what went wrong, and the place of the rule.
        pub cause: String,
        /// Since when the order is there.
        pub since: Stamp,
    }
}

const ADD: Bulk = bulk!("incidents.add": insert Incident (keep Incident));
const REMOVE: Sql = sql!("incidents.remove":
    "DELETE FROM incident WHERE (home, seq, step, cause) IN "
    "(SELECT e.value->>0, CAST(e.value->>1 AS BIGINT), e.value->>2, e.value->>3 FROM " rows " AS e)");
const LIST: Sql = sql!("incidents.list":
    "SELECT " (Incident) " FROM incident ORDER BY home, seq, step, cause");

statements!(REMOVE, LIST; ADD);

/// Returns where an order stands still.
pub fn of_order(key: &OrderId, order: &Order) -> Vec<Incident> {
    let stuck = |place: &crate::engine::ActiveStep| match &place.standing {
        StepStatus::Stuck { cause } => {
            let (cause, order, step) = (cause.clone(), key.clone(), place.step.clone());
            Some(Incident { order, step, cause, since: place.entered_at })
        }
        StepStatus::Waiting { .. }
        | StepStatus::Duty(_)
        | StepStatus::Orders(_)
        | StepStatus::Parts
        | StepStatus::Confirmation => None,
    };
    order.state.places().iter().filter_map(stuck).collect()
}

/// Notes orders that stand still.
pub(super) async fn add_many(tx: &mut Tx, incidents: &[Incident]) -> Result<()> {
    tx.write_rows(&ADD, incidents).await.map(drop)
}

/// Notes that orders go on.
pub(super) async fn remove_many(tx: &mut Tx, incidents: &[Incident]) -> Result<()> {
    if incidents.is_empty() {
        return Ok(());
    }
    tx.execute(REMOVE, json_rows(incidents)).await.map(drop)
}

/// Lists the orders that stand still.
pub async fn list(at: &mut impl Reads) -> Result<Vec<Incident>> {
    read_all(at, LIST, ()).await
}
