//! Orders: opened by the thousand, each at most once, with numbers that leave no gap.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::{Chosen, Key, Order, OutboxMessage};
use crate::id::OrderId;
use crate::ledger::{Body, Choices, OpenedCommon, OpenedOrder};
use crate::policy::DocumentAt;
use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, rows};
use super::{Fault, Tx, duties, ledger, outbox, progress, terms};

/// One order to be opened.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Opening {
    /// Home station, with which its key begins.
    pub home: String,
    /// The order; its running number and number are given here.
    pub order: OpenedOrder,
    /// Who has its first step in hand.
    pub assignees: Vec<String>,
    /// What stands in `progress`, unless its line says all there is; see
    /// [`super::progress::body_unless_fresh`].
    pub progress: Option<String>,
    /// Who was chosen for what, and why not the others.
    pub choices: Vec<Chosen>,
    /// Terms of its first step.
    pub terms: Vec<terms::New>,
    /// Who is told what.
    pub outbox: Vec<OutboxMessage>,
    /// Documents that entering the first step makes; whoever opens makes them in the same transaction.
    pub documents: Vec<Document>,
}

/// A document that a step makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Kind.
    pub kind: String,
    /// Step that makes it.
    pub step: String,
    /// Which visit of it.
    pub visit: u32,
    /// On entering or on completing.
    pub at: DocumentAt,
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Opened {
    /// Orders that are open now, with home station and number, in the order given.
    pub new: Vec<(String, OpenedOrder)>,
    /// Orders whose key was there already, in the order given; nothing was written for them.
    pub known: Vec<(String, OpenedOrder)>,
}

/// A batch that is looked at before it is written.
#[derive(Clone, Debug)]
pub struct Parted {
    /// Orders whose key is free.
    pub new: Vec<Opening>,
    /// Orders whose key is there already.
    pub known: Vec<Opening>,
    /// Newest running number of each home.
    pub last: BTreeMap<String, i64>,
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
    "WITH new (home, seq, number, subject, nominal, station, grid, officer, scheduled_for, due_on, provisional, \
     tier, score, decision, step_due, assignees) AS (VALUES ",
    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    ") INSERT INTO orders (home, seq, number, workflow, \"trigger\", subject_kind, subject, nominal, station, grid, \
     officer, scheduled_for, issued_at, due_on, provisional, tier, score, decision, policy, state, step, visit, \
     step_due, assignees, ended_on, reason, version) \
     SELECT home, seq, number, ?, ?, ?, subject, nominal, station, grid, officer, scheduled_for, ?, due_on, \
     provisional, tier, score, decision, ?, 'open', ?, ?, step_due, assignees, NULL, NULL, ? FROM new WHERE TRUE \
     ON CONFLICT (home, subject, workflow, \"trigger\", subject_kind, nominal) DO NOTHING");

pub(super) const ALL: &[Sql] = &[LAST_SEQ, KNOWN, TAKE_BACK, MOVE_DATES, KEEP_PROGRESS];
pub(super) const BULK: &[Bulk] = &[OPEN];

/// Opens a batch of one trigger's orders with their terms and messages, and records it: one entry
/// for each home station.
///
/// Each order gets the next running number of its home, in the order given; `number` writes it
/// as people see it. The unique key decides what is new, so calling again opens nothing.
///
/// # Errors
/// [`Fault`] when the database refuses; the transaction must then be dropped.
pub async fn open_many(
    tx: &mut Tx,
    common: &OpenedCommon,
    batch: Vec<Opening>,
    number: impl Fn(&str, i64) -> String,
    actor: &str,
    now: Stamp,
) -> Result<Opened, Fault> {
    let last = last_seqs(tx, &batch).await?;
    let (mut batch, mut known) = (batch, Vec::new());
    number_all(&mut batch, &last, &number);
    // Nearly always all are new, so they are written at once and only counted; the rare batch
    // that meets its own past is taken back, sorted out and written again without a gap.
    if insert(tx, common, &batch).await? < batch.len() as u64 {
        let bounds = last.iter().map(|(home, seq)| [home.clone(), seq.to_string()]);
        tx.run(TAKE_BACK, args!(text & json_rows(bounds))).await?;
        (batch, known) = sort_out(tx, common, batch).await?;
        number_all(&mut batch, &last, &number);
        insert(tx, common, &batch).await?;
    }
    write_terms(tx, common, &batch).await?;
    write_people(tx, common, &batch, now).await?;
    write_outbox(tx, &batch, now).await?;
    let new = record(tx, common, batch, actor, now).await?;
    let known = known.into_iter().map(|opening| (opening.home, opening.order)).collect();
    Ok(Opened { new, known })
}

/// Parts a batch of one trigger into orders that are new and those whose key is there already, in
/// the table or earlier in the batch; and says the newest running number of each home.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn part(tx: &mut Tx, common: &OpenedCommon, batch: Vec<Opening>) -> Result<Parted, Fault> {
    let last = last_seqs(tx, &batch).await?;
    let (new, known) = sort_out(tx, common, batch).await?;
    Ok(Parted { new, known, last })
}

async fn last_seqs(tx: &mut Tx, batch: &[Opening]) -> Result<BTreeMap<String, i64>, Fault> {
    let homes: BTreeSet<&str> = batch.iter().map(|opening| opening.home.as_str()).collect();
    let keys = json_rows(homes.iter().map(|home| [home]));
    let mut last: BTreeMap<String, i64> = homes.into_iter().map(|home| (home.to_owned(), 0)).collect();
    for found in rows(tx, LAST_SEQ, args!(text & keys)).await? {
        let mut columns = Columns::of(&found, "orders");
        last.insert(columns.next()?, columns.next()?);
    }
    Ok(last)
}

fn number_all(batch: &mut [Opening], last: &BTreeMap<String, i64>, number: &impl Fn(&str, i64) -> String) {
    let mut last: BTreeMap<&str, i64> = last.iter().map(|(home, seq)| (home.as_str(), *seq)).collect();
    for opening in batch {
        let seq = last.get_mut(opening.home.as_str()).expect("read for every home");
        *seq += 1;
        opening.order.seq = *seq;
        opening.order.number = number(&opening.home, *seq);
    }
}

async fn insert(tx: &mut Tx, common: &OpenedCommon, batch: &[Opening]) -> Result<u64, Fault> {
    // In the order of the key, so that neighbours share pages.
    let mut sorted: Vec<&Opening> = batch.iter().collect();
    sorted.sort_unstable_by_key(|o| (&o.home, &o.order.subject, &o.order.nominal));
    let bind = |args: &mut Args, opening: &&Opening| {
        let order = &opening.order;
        args.text(&opening.home);
        args.int(order.seq);
        args.text(&order.number);
        args.text(&order.subject);
        args.text(&order.nominal);
        args.text(&order.station);
        args.maybe(order.grid.as_deref());
        args.maybe(order.officer.as_deref());
        args.text(&order.scheduled_for);
        args.text(&order.due_on);
        args.flag(order.is_provisional);
        args.maybe(order.tier.as_deref());
        args.maybe(order.score.as_deref());
        args.maybe(order.decision.as_deref());
        args.maybe(order.step_due.as_deref());
        args.text(&serde_json::to_string(&opening.assignees).expect("a list of texts can be written"));
    };
    let shared = |args: &mut Args| {
        args.text(&common.workflow);
        args.text(&common.trigger);
        args.text(&common.subject_kind);
        args.text(&common.issued_at);
        args.text(&common.policy);
        args.text(&common.step);
        args.int(FIRST_VISIT);
        args.int(FIRST_VERSION);
    };
    tx.write_many(&OPEN, &sorted, bind, shared).await
}

/// Parts a batch into orders whose key is free and those whose key is there already, in the
/// table or earlier in the batch.
async fn sort_out(
    tx: &mut Tx,
    common: &OpenedCommon,
    batch: Vec<Opening>,
) -> Result<(Vec<Opening>, Vec<Opening>), Fault> {
    let keys = json_rows(
        batch.iter().map(|o| [o.home.as_str(), o.order.subject.as_str(), o.order.nominal.as_str()]),
    );
    let args = args!(text & keys, text & common.workflow, text & common.trigger, text & common.subject_kind,);
    let mut taken: BTreeSet<[String; 3]> = BTreeSet::new();
    for found in rows(tx, KNOWN, args).await? {
        let mut columns = Columns::of(&found, "orders");
        taken.insert([columns.next()?, columns.next()?, columns.next()?]);
    }
    Ok(batch
        .into_iter()
        .partition(|o| taken.insert([o.home.clone(), o.order.subject.clone(), o.order.nominal.clone()])))
}

async fn write_terms(tx: &mut Tx, common: &OpenedCommon, batch: &[Opening]) -> Result<(), Fault> {
    let mut of_orders: Vec<((&str, i64), &terms::New)> = batch
        .iter()
        .flat_map(|o| o.terms.iter().map(|term| ((o.home.as_str(), o.order.seq), term)))
        .collect();
    of_orders.sort_unstable_by_key(|(order, _)| *order);
    terms::add_many(tx, (&common.step, FIRST_VISIT), &of_orders).await
}

/// Writes who has the first steps in hand, and where an order stands whose line does not say it all.
async fn write_people(
    tx: &mut Tx,
    common: &OpenedCommon,
    batch: &[Opening],
    now: Stamp,
) -> Result<(), Fault> {
    let of_order = |opening: &Opening| {
        let (home, seq, step) = (opening.home.clone(), opening.order.seq, common.step.clone());
        let duty = move |officer: &String| {
            let (officer, home, step) = (officer.clone(), home.clone(), step.clone());
            (duties::Duty { officer, home, seq, step, visit: FIRST_VISIT }, now)
        };
        opening.assignees.iter().map(duty).collect::<Vec<_>>()
    };
    let mut given: Vec<(duties::Duty, Stamp)> = batch.iter().flat_map(of_order).collect();
    given.sort_unstable();
    duties::add_many(tx, &given).await?;
    let keys: Vec<Key> = batch.iter().map(|opening| (opening.home.clone(), opening.order.seq)).collect();
    let bodies = keys.iter().zip(batch).filter_map(|(key, opening)| Some((key, opening.progress.clone()?)));
    let mut bodies: Vec<(&Key, String)> = bodies.collect();
    bodies.sort_unstable();
    progress::save_many(tx, &bodies).await
}

async fn write_outbox(tx: &mut Tx, batch: &[Opening], now: Stamp) -> Result<(), Fault> {
    let mut rows: Vec<(OrderId<&str>, i64, &OutboxMessage)> = Vec::new();
    for Opening { home, order, outbox, .. } in batch {
        let order = OrderId { home: home.as_str(), seq: order.seq };
        rows.extend((0_i64..).zip(outbox).map(|(ordinal, message)| (order, ordinal, message)));
    }
    rows.sort_unstable_by_key(|(order, ordinal, _)| (*order, *ordinal));
    outbox::add_many(tx, FIRST_VERSION, &rows, now).await
}

async fn record(
    tx: &mut Tx,
    common: &OpenedCommon,
    batch: Vec<Opening>,
    actor: &str,
    now: Stamp,
) -> Result<Vec<(String, OpenedOrder)>, Fault> {
    let homes: Vec<String> = batch.iter().map(|opening| opening.home.clone()).collect();
    let mut by_home: BTreeMap<String, (Vec<OpenedOrder>, Choices)> = BTreeMap::new();
    for mut opening in batch {
        let (orders, choices) = by_home.entry(opening.home).or_default();
        opening.order.choices = opening.choices.iter().map(|chosen| choices.add(chosen)).collect();
        orders.push(opening.order);
    }
    let body =
        |(home, (orders, choices))| (home, Body::OrdersOpened { common: common.clone(), orders, choices });
    let bodies: Vec<(String, Body)> = by_home.into_iter().map(body).collect();
    let entries: Vec<(&str, &Body)> = bodies.iter().map(|(home, body)| (home.as_str(), body)).collect();
    ledger::append_many(tx, actor, &entries, now).await?;
    // Given back in the order in which they came.
    let mut queues: BTreeMap<String, std::vec::IntoIter<OpenedOrder>> = BTreeMap::new();
    for (home, body) in bodies {
        if let Body::OrdersOpened { orders, .. } = body {
            queues.insert(home, orders.into_iter());
        }
    }
    let next = |home: String| queues.get_mut(&home).and_then(Iterator::next).map(|order| (home, order));
    Ok(homes.into_iter().filter_map(next).collect())
}

/// Moves an order's dates, as a calendar does; returns whether it was still at its version.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn move_dates(
    tx: &mut Tx,
    before: &super::order_list::Order,
    after: &Order,
    is_provisional: bool,
) -> Result<bool, Fault> {
    let step_due = after.first_place().and_then(|place| place.due).map(|day| day.to_string());
    let args = args!(
        text &before.home, int before.seq, int before.version, day after.cover.due_on,
        int i64::from(is_provisional), maybe step_due.as_deref(),
    );
    let is_moved = tx.run(MOVE_DATES, args).await? == 1;
    if is_moved {
        if let Some(body) = progress::body_unless_fresh(after) {
            let key = (before.home.clone(), before.seq);
            progress::save_many(tx, &[(&key, body)]).await?;
        } else {
            // Its line says all; a row there may be from before is kept in step.
            let args = args!(text &before.home, int before.seq, text &progress::body(after));
            tx.run(KEEP_PROGRESS, args).await?;
        }
    }
    Ok(is_moved)
}
