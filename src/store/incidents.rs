//! Orders that stand still because a rule failed, found by what failed.

use crate::engine::{Key, Order, Standing};
use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, rows};
use super::{Fault, Reads, Tx};

/// One order that stands still at one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// The code of what went wrong, and the place of the rule.
    pub cause: String,
    /// The order.
    pub order: Key,
    /// The step.
    pub step: String,
    /// Since when the order is there.
    pub since: Stamp,
}

const ADD: Bulk = bulk!("incidents.add":
    "INSERT INTO incident (cause, home, seq, step, since) VALUES ", "(?,?,?,?,?)",
    " ON CONFLICT (cause, home, seq, step) DO NOTHING");
const REMOVE: Sql = sql!("incidents.remove":
    "DELETE FROM incident WHERE (cause, home, seq, step) IN "
    "(SELECT e.value->>0, e.value->>1, CAST(e.value->>2 AS BIGINT), e.value->>3 FROM " rows " AS e)");
const LIST: Sql = sql!("incidents.list":
    "SELECT cause, home, seq, step, since FROM incident ORDER BY cause, home, seq, step");

pub(super) const ALL: &[Sql] = &[REMOVE, LIST];
pub(super) const BULK: &[Bulk] = &[ADD];

/// Returns where an order stands still.
pub(super) fn of_order(key: &Key, order: &Order) -> Vec<Incident> {
    let stuck = |place: &crate::engine::Place| match &place.standing {
        Standing::Stuck { cause } => {
            let (cause, order, step) = (cause.clone(), key.clone(), place.step.clone());
            Some(Incident { cause, order, step, since: place.entered_at })
        }
        Standing::Waiting { .. } | Standing::Duty(_) | Standing::Orders(_) | Standing::Parts => None,
    };
    order.state.places().iter().filter_map(stuck).collect()
}

/// Notes orders that stand still.
pub(super) async fn add_many(tx: &mut Tx, incidents: &[Incident]) -> Result<(), Fault> {
    let bind = |args: &mut Args, incident: &Incident| {
        args.text(&incident.cause);
        args.text(&incident.order.0);
        args.int(incident.order.1);
        args.text(&incident.step);
        args.stamp(incident.since);
    };
    tx.write_many(&ADD, incidents, bind, |_| {}).await.map(|_| ())
}

/// Notes that orders go on.
pub(super) async fn remove_many(tx: &mut Tx, incidents: &[Incident]) -> Result<(), Fault> {
    if incidents.is_empty() {
        return Ok(());
    }
    let keys = json_rows(incidents.iter().map(|incident| {
        let (home, seq) = &incident.order;
        [incident.cause.clone(), home.clone(), seq.to_string(), incident.step.clone()]
    }));
    tx.run(REMOVE, args!(text & keys)).await.map(|_| ())
}

/// Lists the orders that stand still, by cause.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn list(at: &mut impl Reads) -> Result<Vec<Incident>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "incident");
        Ok(Incident {
            cause: columns.next()?,
            order: (columns.next()?, columns.next()?),
            step: columns.next()?,
            since: columns.exact()?,
        })
    };
    rows(at, LIST, args!()).await?.iter().map(read).collect()
}
