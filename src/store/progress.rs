//! Where each order stands and what was done on it: loaded for a group of acts at once.
//!
//! An order that nobody has touched since it was opened has no row here: its line in `orders`
//! says all there is. So opening by the thousand writes none, and the first act makes one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::{ActiveStep, Duty, Order, OrderHeader, OrderRecord, OrderState, StepRecord, StepStatus};
use crate::id::OrderId;
use crate::time::{Day, Stamp, Tz};

use super::columns::{Columns, Fetch};
use super::record::{read_all, record};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, Tx};

/// An order as it is stored, with what the engine needs of it.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadedOrder {
    pub order: Order,
    /// Its version; every write names it.
    pub version: i64,
    /// Digest of the policy it is pinned to.
    pub policy: String,
    /// What opened it.
    pub trigger: String,
    /// Nominal due date, or instant.
    pub nominal: String,
    /// Newest running number of its home.
    pub last_seq: i64,
    /// The step it is shown at; the last one, when it has ended.
    pub shown: String,
    /// When something last happened on it.
    pub last_event: Stamp,
}

const LOAD: Sql = sql!("progress.load":
    "SELECT " (OrderHeader as o) ", o.\"trigger\", o.nominal, o.policy, o.version, "
    "(SELECT MAX(n.seq) FROM orders AS n WHERE n.home = o.home), o.step, "
    "(SELECT l.at FROM ledger AS l WHERE l.chain = o.home AND l.about = o.seq ORDER BY l.seq DESC LIMIT 1), p.body, "
    "o.state, o.step_due, o.assignees, o.ended_on, o.reason "
    "FROM " rows " AS e CROSS JOIN orders AS o "
    "LEFT JOIN progress AS p ON p.home = o.home AND p.seq = o.seq "
    "WHERE o.home = e.value->>0 AND o.seq = CAST(e.value->>1 AS BIGINT)");
const COVERS: Sql = sql!("progress.covers":
    "SELECT " (OrderOpening as o) " FROM " rows " AS e CROSS JOIN orders AS o "
    "WHERE o.home = e.value->>0 AND o.seq = CAST(e.value->>1 AS BIGINT)");
const SAVE: Bulk = bulk!("progress.save":
    insert "progress" ("home, seq, body") " ON CONFLICT (home, seq) DO UPDATE SET body = excluded.body");

const STRAYS: Sql = sql!("progress.strays":
    "SELECT p.home, p.seq FROM progress AS p WHERE NOT EXISTS "
    "(SELECT 1 FROM orders AS o WHERE o.home = p.home AND o.seq = p.seq) ORDER BY p.home, p.seq");

statements!(LOAD, COVERS, STRAYS; SAVE);

/// Lists what is kept of orders that are not there.
pub async fn strays(at: &mut impl Reads) -> Result<Vec<OrderId>> {
    read_all(at, STRAYS, ()).await
}

/// Loads orders by home and running number; those there are none of are left out.
pub async fn load_many<'k>(
    at: &mut impl Reads,
    keys: impl IntoIterator<Item = &'k OrderId>,
) -> Result<Vec<LoadedOrder>> {
    let keys = json_rows(keys);
    if keys == "[]" {
        return Ok(Vec::new());
    }
    read_all(at, LOAD, keys).await
}

/// Loads orders and all that wait for them, directly or through others.
pub async fn load_with_parents<'k>(
    at: &mut impl Reads,
    keys: impl IntoIterator<Item = &'k OrderId>,
) -> Result<BTreeMap<OrderId, LoadedOrder>> {
    let mut all: BTreeMap<OrderId, LoadedOrder> = BTreeMap::new();
    let mut found = load_many(at, keys).await?;
    while !found.is_empty() {
        let parents: Vec<OrderId> = found
            .iter()
            .filter_map(|loaded| {
                let parent = loaded.order.record.parent.as_ref().filter(|parent| parent.awaited)?;
                Some(OrderId { home: loaded.order.cover.id.home.clone(), seq: parent.seq })
            })
            .collect();
        all.extend(found.into_iter().map(|loaded| (loaded.key(), loaded)));
        let new: std::collections::BTreeSet<&OrderId> =
            parents.iter().filter(|key| !all.contains_key(*key)).collect();
        found = load_many(at, new).await?;
    }
    Ok(all)
}

record! {
    /// What was said of an order when it was opened.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OrderOpening in "orders" {
        pub cover: OrderHeader = (OrderHeader),
        /// The grid's main officer at the time.
        pub officer: Option<String>,
    }
}

/// Reads what was said of orders when they were opened; those there are none of are left out.
pub async fn covers<'k>(
    at: &mut impl Reads,
    keys: impl IntoIterator<Item = &'k OrderId>,
) -> Result<BTreeMap<OrderId, OrderOpening>> {
    let found: Vec<OrderOpening> = read_all(at, COVERS, json_rows(keys)).await?;
    Ok(found.into_iter().map(|opening| (opening.cover.id.clone(), opening)).collect())
}

impl LoadedOrder {
    /// Returns what the order is called.
    pub fn key(&self) -> OrderId {
        self.order.cover.id.clone()
    }
}

/// What a row of `progress` holds: written of what is borrowed, read as what is owned.
#[derive(Serialize, Deserialize)]
struct ProgressRow<R = OrderRecord, S = OrderState> {
    record: R,
    state: S,
}

/// Writes what was done on an order and where it stands.
pub fn body(order: &Order) -> String {
    let written = ProgressRow { record: &order.record, state: &order.state };
    serde_json::to_string(&written).expect("keys of a record are texts")
}

/// Returns the row an order needs, unless its line in `orders` says all there is.
pub fn body_unless_fresh(order: &Order) -> Option<String> {
    let is_fresh = match order.state.places() {
        [place] => {
            let mut assignees = place.duty().map(|duty| duty.assignees.clone()).unwrap_or_default();
            // So its line names them once something has happened.
            assignees.sort();
            let (record, state) = fresh(order.cover.issued_at, &place.step, place.due, assignees);
            record == order.record && state == order.state
        }
        _ => false,
    };
    (!is_fresh).then(|| body(order))
}

/// An order at its first step that nobody has touched.
fn fresh(at: Stamp, step: &str, due: Option<Day>, assignees: Vec<String>) -> (OrderRecord, OrderState) {
    let first = StepRecord { visits: 1, ..StepRecord::default() };
    let steps = BTreeMap::from([(step.to_owned(), first)]);
    let record = OrderRecord { steps, ..OrderRecord::default() };
    let place = ActiveStep {
        step: step.to_owned(),
        visit: 1,
        entered_at: at,
        from: None,
        within: None,
        standing: StepStatus::Duty(Duty { assignees, ..Duty::default() }),
        due,
        answers: Vec::new(),
        changes: crate::engine::Changes::default(),
    };
    (record, OrderState::Open(vec![place]))
}

/// Writes rows, each by home and running number.
pub(super) async fn save_many(tx: &mut Tx, bodies: &[(&OrderId, String)]) -> Result<()> {
    tx.write_rows(&SAVE, bodies).await.map(drop)
}

impl Fetch for LoadedOrder {
    const SOURCE: &'static str = "orders";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        let cover: OrderHeader = columns.take()?;
        let (trigger, nominal, policy) = columns.take()?;
        let (version, last_seq, shown): (_, _, String) = columns.take()?;
        let noted: Option<Stamp> = columns.take()?;
        let last_event = noted.map_or(cover.issued_at, |at| at.max(cover.issued_at));
        let body: Option<&str> = columns.next()?;
        let (record, state) = match body {
            Some(body) => {
                let read: ProgressRow = serde_json::from_str(body).map_err(|_| columns.impossible(19))?;
                (read.record, read.state)
            }
            None => read_fresh(columns, cover.issued_at, &shown)?,
        };
        let order = Order { cover, record, state };
        Ok(Self { order, version, policy, trigger, nominal, last_seq, shown, last_event })
    }
}

/// Reads the rest of a line of `orders` to which no row of `progress` belongs.
fn read_fresh(columns: &mut Columns<'_>, issued_at: Stamp, step: &str) -> Result<(OrderRecord, OrderState)> {
    let state: &str = columns.next()?;
    let (due, assignees, ended_on, reason): (_, _, Option<Day>, Option<String>) = columns.take()?;
    let (record, open) = fresh(issued_at, step, due, assignees);
    // Orders of an older schema were ended without a word of how.
    let at = ended_on.map_or(issued_at, |day| Stamp::day_start(day, Tz::UTC));
    let state = match state {
        "open" => open,
        "done" => OrderState::Done { at },
        "cancelled" => OrderState::Cancelled { at, reason: reason.unwrap_or_default() },
        _ => return Err(columns.impossible(20)),
    };
    Ok((record, state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::SubjectKind;

    fn order(state: OrderState, record: OrderRecord) -> Order {
        let day: Day = "2026-03-13".parse().expect("a day");
        let cover = OrderHeader {
            id: OrderId { home: "dongguan".to_owned(), seq: 7 },
            number: "东关所〔2026〕7号".to_owned(),
            workflow: "five-step".to_owned(),
            subject_kind: SubjectKind::Subject,
            subject: "91210".to_owned(),
            station: "dongguan".to_owned(),
            grid: None,
            tier: None,
            scheduled_for: day,
            issued_at: Stamp::from_micros(1_773_394_200_123_456),
            due_on: day,
        };
        Order { cover, record, state }
    }

    #[test]
    fn an_order_nobody_touched_needs_no_row() {
        let at = Stamp::from_micros(1_773_394_200_123_456);
        let (record, state) = fresh(at, "issue", None, vec!["zhang".to_owned()]);
        assert_eq!(body_unless_fresh(&order(state, record)), None);
    }

    #[test]
    fn an_order_that_went_on_reads_back_from_its_row() {
        let at = Stamp::from_micros(1_773_394_200_123_456);
        let (record, _) = fresh(at, "issue", None, Vec::new());
        let done = order(OrderState::Done { at }, record);
        let text = body_unless_fresh(&done).expect("it needs a row");
        let read: ProgressRow = serde_json::from_str(&text).expect("its own text");
        assert_eq!((read.record, read.state), (done.record, done.state));
    }
}
