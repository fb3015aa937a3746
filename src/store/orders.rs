//! Orders: opened by the thousand, each at most once, with numbers that leave no gap.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::{Effect, Order, OrderHeader, OrderOrigin, OutboxMessage, StaffChoice, TermRow};
use crate::id::{OrderId, TriggerId};
use crate::ledger::{BatchOpening, Body, Choices, OpenedCommon, OpenedOrder};
use crate::policy::SubjectKind;
use crate::time::{Day, Stamp};

use super::ledger::EntryAuthor;
use super::order_list::StoredOrder;
use super::record::{columns, read_all, words, written};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, Tx, duties, ledger, outbox, progress, terms};

columns! {
    OrderHeader in "orders" by "home, seq" {
        id = (OrderId), number, workflow, subject_kind, subject, station, grid, tier, scheduled_for, issued_at, due_on
    }
}

columns! {
    OrderOrigin in "orders" {
        trigger = "\"trigger\"", nominal, policy, officer, score, decision, is_provisional = "provisional";
        // The order's record keeps it.
        reason
    }
}

words! { SubjectKind }

/// One order to be opened, with all that its first step brings about.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// The order; its running number and number are given here.
    pub order: OpenedOrder,
    /// Who has its first step in hand.
    pub assignees: Vec<String>,
    /// What stands in `progress`, unless its line says all there is; see
    /// [`super::progress::body_unless_fresh`].
    pub progress: Option<String>,
    /// Who was chosen for what, and why not the others.
    pub choices: Vec<StaffChoice>,
    /// Terms of its first step.
    pub terms: Vec<TermRow>,
    /// Who is told what.
    pub outbox: Vec<OutboxMessage>,
    /// What else entering it means; whoever opens sees to it in the same transaction.
    pub effects: Vec<Effect>,
}

/// A batch, parted by whether the key of each order is free.
#[derive(Clone, Debug)]
pub struct PartedBatch<T> {
    /// Orders whose key is free; or, once they are written, orders that are open now.
    pub new: Vec<T>,
    /// Orders whose key was there already, for which nothing is written.
    pub known: Vec<T>,
}

/// Version of an order that has just been opened.
const FIRST_VERSION: i64 = 1;
/// Visit of a step that is entered for the first time.
const FIRST_VISIT: i64 = 1;

const LAST_SEQ: Sql = sql!("orders.last_seq":
    "SELECT o.home, o.seq FROM " rows " AS e CROSS JOIN orders AS o WHERE o.home = e.value->>0 "
    "AND o.seq = (SELECT MAX(n.seq) FROM orders AS n WHERE n.home = e.value->>0)");
const KNOWN: Sql = sql!("orders.known":
    "SELECT o.home, o.subject, o.nominal FROM " rows " AS e CROSS JOIN orders AS o "
    "WHERE o.home = e.value->>0 AND o.subject = e.value->>1 AND o.nominal = e.value->>2 "
    "AND o.workflow = $2 AND o.\"trigger\" = $3 AND o.subject_kind = $4");
const TAKE_BACK: Sql = sql!("orders.take_back":
    "DELETE FROM orders WHERE (home, seq) IN "
    "(SELECT n.home, n.seq FROM " rows " AS e CROSS JOIN orders AS n "
    "WHERE n.home = e.value->>0 AND n.seq > CAST(e.value->>1 AS BIGINT))");
const MOVE_DATES: Sql = sql!("orders.move_dates":
    "UPDATE orders SET due_on = $4, provisional = $5, step_due = $6, version = version + 1 "
    "WHERE home = $1 AND seq = $2 AND version = $3");
const KEEP_PROGRESS: Sql =
    sql!("orders.keep_progress": "UPDATE progress SET body = $3 WHERE home = $1 AND seq = $2");
const OPEN: Bulk = bulk!("orders.open":
    with ((OwnColumns))
    "INSERT INTO orders (" (OwnColumns) ", " (SharedColumns) ") "
    "SELECT " (OwnColumns) ", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM new WHERE TRUE "
    "ON CONFLICT (home, subject, workflow, \"trigger\", subject_kind, nominal) DO NOTHING");

statements!(LAST_SEQ, KNOWN, TAKE_BACK, MOVE_DATES, KEEP_PROGRESS; OPEN);

/// Opens a batch of one trigger's orders with their terms and messages, and records it: one entry
/// for each home station.
///
/// Each order gets the next running number of its home, in the order given; `number` writes it
/// as people see it. The unique key decides what is new, so calling again opens nothing.
///
/// # Errors
/// [`super::StoreFault`] when the database refuses; the transaction must then be dropped.
pub async fn open_many(
    tx: &mut Tx,
    common: &OpenedCommon,
    mut batch: Vec<Opening>,
    number: impl Fn(OrderId<&str>) -> String,
    actor: &str,
) -> Result<PartedBatch<OpenedOrder>> {
    let mut last = last_seqs(tx, batch.iter().map(|opening| opening.order.header.id.home.as_str())).await?;
    for (home, last) in &mut last {
        *last = tx.epoch().behind(home, *last);
    }
    let mut known = Vec::new();
    number_all(&mut batch, &last, &number);
    // Nearly always all are new, so they are written at once and only counted; the rare batch
    // that meets its own past is taken back, sorted out and written again without a gap.
    if insert_first(tx, common, &batch).await? < batch.len() as u64 {
        tx.execute(TAKE_BACK, json_rows(&last)).await?;
        PartedBatch { new: batch, known } = part(tx, batch, |opening| &opening.order).await?;
        number_all(&mut batch, &last, &number);
        insert_first(tx, common, &batch).await?;
    }
    write_terms(tx, common, &batch).await?;
    write_people(tx, common, &batch).await?;
    write_outbox(tx, common, &batch).await?;
    let new = record(tx, common, batch, actor).await?;
    Ok(PartedBatch { new, known: known.into_iter().map(|opening: Opening| opening.order).collect() })
}

/// Reads the newest running number of each home; 0 where none has been opened.
pub async fn last_seqs<'h>(
    at: &mut impl Reads,
    homes: impl Iterator<Item = &'h str>,
) -> Result<BTreeMap<String, i64>> {
    let homes: BTreeSet<&str> = homes.collect();
    let found: BTreeMap<String, i64> = read_all(at, LAST_SEQ, json_rows(&homes)).await?;
    let mut last: BTreeMap<String, i64> = homes.into_iter().map(|home| (home.to_owned(), 0)).collect();
    last.extend(found);
    Ok(last)
}

/// Parts a batch of one trigger into orders whose key is free and those whose key is there already,
/// in the table or earlier in the batch.
pub async fn part<T>(
    tx: &mut Tx,
    batch: Vec<T>,
    order: impl Fn(&T) -> &OpenedOrder,
) -> Result<PartedBatch<T>> {
    let Some(OpenedOrder { header, origin, .. }) = batch.first().map(&order) else {
        return Ok(PartedBatch { new: batch, known: Vec::new() });
    };
    let key = |item: &T| {
        let OpenedOrder { header, origin, .. } = order(item);
        (header.id.home.clone(), header.subject.clone(), origin.nominal.clone())
    };
    let keys = json_rows(batch.iter().map(key));
    let common = (keys, &header.workflow, &origin.trigger, header.subject_kind);
    let mut taken: BTreeSet<(String, String, String)> = read_all(tx, KNOWN, common).await?;
    let (new, known) = batch.into_iter().partition(|item| taken.insert(key(item)));
    Ok(PartedBatch { new, known })
}

fn number_all(
    batch: &mut [Opening],
    last: &BTreeMap<String, i64>,
    number: &impl Fn(OrderId<&str>) -> String,
) {
    let mut last: BTreeMap<&str, i64> = last.iter().map(|(home, seq)| (home.as_str(), *seq)).collect();
    for Opening { order: OpenedOrder { header, .. }, .. } in batch {
        let seq = last.get_mut(header.id.home.as_str()).expect("read for every home");
        *seq += 1;
        header.id.seq = *seq;
        header.number = number(header.id.as_ref());
    }
}

/// The columns of one order alone.
pub(super) struct OwnColumns<'a> {
    pub(super) header: &'a OrderHeader,
    pub(super) origin: &'a OrderOrigin,
    pub(super) step_due: Option<Day>,
    /// Who has it in hand.
    pub(super) assignees: Vec<&'a str>,
}

written! {
    OwnColumns<'_> => "orders" by "home, seq";
    "home, seq, number, subject, nominal, station, grid, officer, scheduled_for, due_on, provisional, tier, \
     score, decision, step_due, assignees",
    |Self { header, origin, step_due, assignees }| (
        (&header.id, &header.number, &header.subject, &origin.nominal, &header.station, &header.grid),
        (&origin.officer, header.scheduled_for, header.due_on, origin.is_provisional, &header.tier),
        (&origin.score, &origin.decision, step_due, assignees),
    )
}

/// The columns that all orders written by one statement have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SharedColumns<'a> {
    pub(super) trigger: TriggerId<&'a str>,
    pub(super) subject_kind: SubjectKind,
    pub(super) issued_at: Stamp,
    pub(super) policy: &'a str,
    pub(super) stand: StandColumns<'a>,
}

/// The columns that say where an order stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StandColumns<'a> {
    pub(super) state: &'static str,
    pub(super) step: &'a str,
    pub(super) visit: i64,
    pub(super) ended_on: Option<Day>,
    pub(super) reason: Option<&'a str>,
    pub(super) version: i64,
}

written! {
    SharedColumns<'_> => "orders" by "";
    "workflow, \"trigger\", subject_kind, issued_at, policy, state, step, visit, ended_on, reason, version",
    |Self { trigger, subject_kind, issued_at, policy, stand }| (
        (trigger, subject_kind, issued_at, policy, stand.state, stand.step, stand.visit),
        (stand.ended_on, stand.reason, stand.version),
    )
}

/// Writes lines of orders; returns how many had a key that was free.
pub(super) async fn insert(
    tx: &mut Tx,
    shared: SharedColumns<'_>,
    mut lines: Vec<OwnColumns<'_>>,
) -> Result<u64> {
    // In the order of the key, so that neighbours share pages.
    lines.sort_unstable_by_key(|line| (&line.header.id.home, &line.header.subject, &line.origin.nominal));
    tx.write_rows_with(&OPEN, &lines, shared).await
}

/// Writes the lines of orders that stand at their first step; those of one text share a statement.
async fn insert_first(tx: &mut Tx, common: &OpenedCommon, batch: &[Opening]) -> Result<u64> {
    let mut by_policy: BTreeMap<&str, Vec<&Opening>> = BTreeMap::new();
    for opening in batch {
        by_policy.entry(&opening.order.origin.policy).or_default().push(opening);
    }
    let mut written = 0;
    for (policy, batch) in by_policy {
        written += insert_pinned(tx, common, policy, &batch).await?;
    }
    Ok(written)
}

async fn insert_pinned(tx: &mut Tx, common: &OpenedCommon, policy: &str, batch: &[&Opening]) -> Result<u64> {
    let OpenedCommon { trigger, subject_kind, issued_at, policy: _, step, reason: _ } = common;
    let (visit, version) = (FIRST_VISIT, FIRST_VERSION);
    let stand = StandColumns { state: "open", step, visit, ended_on: None, reason: None, version };
    let (subject_kind, issued_at) = (*subject_kind, *issued_at);
    let shared = SharedColumns { trigger: trigger.as_ref(), subject_kind, issued_at, policy, stand };
    let lines = batch.iter().map(|Opening { order, assignees, .. }| OwnColumns {
        header: &order.header,
        origin: &order.origin,
        step_due: order.step_due,
        assignees: assignees.iter().map(String::as_str).collect(),
    });
    insert(tx, shared, lines.collect()).await
}

async fn write_terms(tx: &mut Tx, common: &OpenedCommon, batch: &[Opening]) -> Result<()> {
    let mut of_orders: Vec<(OrderId<&str>, &TermRow)> = batch
        .iter()
        .flat_map(|opening| opening.terms.iter().map(|term| (opening.order.header.id.as_ref(), term)))
        .collect();
    of_orders.sort_unstable_by_key(|(order, _)| *order);
    terms::add_many(tx, &common.step, FIRST_VISIT, &of_orders).await
}

/// Writes who has the first steps in hand, and where an order stands whose line does not say it all.
async fn write_people(tx: &mut Tx, common: &OpenedCommon, batch: &[Opening]) -> Result<()> {
    let of_order = |opening: &Opening| {
        let (order, step) = (opening.order.header.id.clone(), common.step.clone());
        let duty = move |officer: &String| {
            let (officer, order, step) = (officer.clone(), order.clone(), step.clone());
            (duties::DutyRow { officer, order, step, visit: FIRST_VISIT }, common.issued_at)
        };
        opening.assignees.iter().map(duty).collect::<Vec<_>>()
    };
    let mut given: Vec<(duties::DutyRow, Stamp)> = batch.iter().flat_map(of_order).collect();
    given.sort_unstable();
    duties::exchange(tx, &[], &given).await?;
    let bodies = batch
        .iter()
        .filter_map(|Opening { order, progress, .. }| Some((&order.header.id, progress.clone()?)));
    let mut bodies: Vec<(&OrderId, String)> = bodies.collect();
    bodies.sort_unstable();
    progress::save_many(tx, &bodies).await
}

async fn write_outbox(tx: &mut Tx, common: &OpenedCommon, batch: &[Opening]) -> Result<()> {
    let mut rows: Vec<(OrderId<&str>, i64, &OutboxMessage)> = Vec::new();
    for Opening { order, outbox, .. } in batch {
        let id = order.header.id.as_ref();
        rows.extend((0_i64..).zip(outbox).map(|(ordinal, message)| (id, ordinal, message)));
    }
    rows.sort_unstable_by_key(|(order, ordinal, _)| (*order, *ordinal));
    outbox::add_many(tx, FIRST_VERSION, &rows, common.issued_at).await
}

async fn record(
    tx: &mut Tx,
    common: &OpenedCommon,
    batch: Vec<Opening>,
    actor: &str,
) -> Result<Vec<OpenedOrder>> {
    let homes: Vec<String> = batch.iter().map(|opening| opening.order.header.id.home.clone()).collect();
    let policies: Vec<String> = batch.iter().map(|opening| opening.order.origin.policy.clone()).collect();
    // One entry for each home and text; nearly every home has one text.
    let mut by_home: BTreeMap<(&str, &str), (Vec<OpenedOrder>, Choices)> = BTreeMap::new();
    for ((home, policy), mut opening) in homes.iter().zip(&policies).zip(batch) {
        let (orders, choices) = by_home.entry((home, policy)).or_default();
        opening.order.choices = opening.choices.iter().map(|chosen| choices.add(chosen)).collect();
        orders.push(opening.order);
    }
    let body = |((_, policy), (orders, choices)): ((&str, &str), (Vec<OpenedOrder>, Choices))| {
        let common = OpenedCommon { policy: policy.to_owned(), ..common.clone() };
        Body::OrdersOpened(BatchOpening { common, orders, choices })
    };
    let keys: Vec<(&str, &str)> = by_home.keys().copied().collect();
    let bodies: Vec<Body> = by_home.into_iter().map(body).collect();
    let entries = keys.iter().zip(&bodies).map(|((home, _), body)| (*home, body));
    ledger::append_many(tx, entries, EntryAuthor { actor, at: common.issued_at }).await?;
    // Given back in the order in which they came.
    let mut queues: BTreeMap<(&str, &str), std::vec::IntoIter<OpenedOrder>> = BTreeMap::new();
    for (key, body) in keys.into_iter().zip(bodies) {
        if let Body::OrdersOpened(BatchOpening { orders, .. }) = body {
            queues.insert(key, orders.into_iter());
        }
    }
    let places = homes.iter().zip(&policies);
    let given = places.filter_map(|(home, policy)| queues.get_mut(&(home.as_str(), policy.as_str()))?.next());
    Ok(given.collect())
}

/// Moves an order's dates, as a calendar does; returns whether it was still at its version.
pub async fn move_dates(
    tx: &mut Tx,
    before: &StoredOrder,
    after: &Order,
    is_provisional: bool,
) -> Result<bool> {
    let id = &before.header.id;
    let step_due = after.first_place().and_then(|place| place.due);
    let moved = (id, before.version, after.cover.due_on, is_provisional, step_due);
    let is_moved = tx.execute(MOVE_DATES, moved).await? == 1;
    if is_moved {
        if let Some(body) = progress::body_unless_fresh(after) {
            progress::save_many(tx, &[(id, body)]).await?;
        } else {
            // Its line says all; a row there may be from before is kept in step.
            tx.execute(KEEP_PROGRESS, (id, progress::body(after))).await?;
        }
    }
    Ok(is_moved)
}
