//! Orders and visits of steps that ended in time, counted by the text they were opened under.
//!
//! What was late is what the record says of terms: one that passed stays in `term`, and what ended in time
//! leaves nothing there. What was cancelled is not counted, nor what is open and in time.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::engine::OrderState;
use crate::time::{Day, Stamp};

use super::columns::{Columns, Fetch};
use super::record::read_all;
use super::row_stream::stream;
use super::sql::{Sql, sql, statements};
use super::{Reads, Result, RowStream, StoreFault};

/// Which orders are measured.
#[derive(Clone, Debug)]
pub struct MeasuredPeriod<'a> {
    pub workflow: &'a str,
    /// Issued from this moment on,
    pub from: Stamp,
    /// parted at this one,
    pub parted: Stamp,
    /// and before this one.
    pub until: Stamp,
    /// What ended before this day without being done was late.
    pub today: Day,
}

/// Whose orders are counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MeasuredGroup {
    pub station: String,
    /// Digest of the text they were opened under.
    pub policy: String,
    /// Whether they were issued before the period is parted.
    pub is_before: bool,
}

/// Orders of one group that stand alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasuredOrders {
    pub group: MeasuredGroup,
    pub is_done: bool,
    /// Whether a term of one of their visits passed.
    pub is_late: bool,
    pub count: i64,
}

/// The visits of one step of one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasuredVisits {
    pub group: MeasuredGroup,
    /// Visits that are over.
    pub over: i64,
    /// Visits whose term passed, over or not.
    pub late: i64,
    /// The last visit whose term passed, where it is not over.
    pub is_open_late: bool,
}

// Each order's terms are looked at once: what an order that is open and in time is worth, the caller knows.
const ORDERS: Sql = sql!("timeliness.orders":
    "SELECT o.station, o.policy, CASE WHEN o.issued_at < $3 THEN 1 ELSE 0 END AS earlier, CASE o.state WHEN 'done' THEN 1 ELSE 0 END AS done, "
    "CASE WHEN EXISTS (SELECT 1 FROM term AS t WHERE t.home = o.home AND t.seq = o.seq "
    "AND t.kind IN ('due', 'clock') AND t.end_on < $5) THEN 1 ELSE 0 END AS late, COUNT(*) FROM orders AS o "
    "WHERE o.workflow = $1 AND o.issued_at >= $2 AND o.issued_at < $4 AND o.state <> 'cancelled' "
    "GROUP BY o.station, o.policy, earlier, done, late ORDER BY o.station, o.policy, earlier, done, late");
const VISITS: Sql = sql!("timeliness.visits":
    "SELECT o.station, o.policy, CASE WHEN o.issued_at < $3 THEN 1 ELSE 0 END, o.step, o.visit, p.body, $6, "
    "(SELECT COUNT(DISTINCT t.visit) FROM term AS t WHERE t.home = o.home AND t.seq = o.seq AND t.step = $6 "
    "AND t.kind IN ('due', 'clock') AND t.end_on < $5), "
    "(SELECT MAX(t.visit) FROM term AS t WHERE t.home = o.home AND t.seq = o.seq AND t.step = $6 "
    "AND t.kind IN ('due', 'clock') AND t.end_on < $5) "
    "FROM orders AS o LEFT JOIN progress AS p ON p.home = o.home AND p.seq = o.seq "
    "WHERE o.workflow = $1 AND o.issued_at >= $2 AND o.issued_at < $4 AND o.state <> 'cancelled'");

statements!(ORDERS, VISITS);

impl Fetch for MeasuredGroup {
    const SOURCE: &'static str = "orders";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        Ok(Self { station: columns.take()?, policy: columns.take()?, is_before: columns.take()? })
    }
}

impl Fetch for MeasuredOrders {
    const SOURCE: &'static str = "orders";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        let (group, is_done) = (columns.take()?, columns.take()?);
        Ok(Self { group, is_done, is_late: columns.take()?, count: columns.take()? })
    }
}

/// What is wanted of the record of an order: how often each step was entered, and where it stands.
#[derive(Deserialize)]
struct ProgressBody {
    record: VisitedSteps,
    state: OrderState,
}

#[derive(Deserialize)]
struct VisitedSteps {
    steps: BTreeMap<String, VisitCount>,
}

#[derive(Deserialize)]
struct VisitCount {
    visits: i64,
}

impl Fetch for MeasuredVisits {
    const SOURCE: &'static str = "orders";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        let group = columns.take()?;
        let (at, visit): (String, i64) = (columns.take()?, columns.take()?);
        let (body, step): (Option<String>, String) = (columns.take()?, columns.take()?);
        let (late, last_late): (i64, Option<i64>) = (columns.take()?, columns.take()?);
        let Some(body) = body else {
            // Nobody has touched it: it stands at its first step.
            let is_open_late = at == step && last_late == Some(visit);
            return Ok(Self { group, over: 0, late, is_open_late });
        };
        let body: ProgressBody = serde_json::from_str(&body)
            .map_err(|_| StoreFault::Impossible { what: "progress.body", key: at })?;
        let entered = body.record.steps.get(&step).map_or(0, |count| count.visits);
        let places = if let OrderState::Open(places) = &body.state { places.as_slice() } else { &[] };
        let open = places.iter().filter(|place| place.step == step);
        let is_open_late = open.clone().any(|place| last_late == Some(i64::from(place.visit)));
        let open = i64::try_from(open.count()).unwrap_or(i64::MAX);
        Ok(Self { group, over: entered - open, late, is_open_late })
    }
}

/// Counts the orders of a workflow by how they stand; those that were cancelled are left out.
pub async fn orders(at: &mut impl Reads, period: &MeasuredPeriod<'_>) -> Result<Vec<MeasuredOrders>> {
    let MeasuredPeriod { workflow, from, parted, until, today } = period;
    read_all(at, ORDERS, (workflow, *from, *parted, *until, *today)).await
}

/// Reads the visits of a step, order by order.
pub fn visits<'a>(
    at: &'a mut impl Reads,
    period: &MeasuredPeriod<'_>,
    step: &str,
) -> RowStream<'a, MeasuredVisits> {
    let MeasuredPeriod { workflow, from, parted, until, today } = period;
    stream(at, VISITS, (workflow, *from, *parted, *until, *today, step))
}
