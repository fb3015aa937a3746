//! Derived tables written anew, as telling the record again gives them. Nothing that the record is made of is
//! touched: no entry, no text, no file.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::{Order, OrderOrigin, OrderState, TermRow};
use crate::id::{OrderId, TriggerId};
use crate::time::{Stamp, Tz};

use super::cap_counters::{self, TallyComparison, TallyKey};
use super::due::{self, DueKey, DueRow};
use super::duties::{self, DutyRow};
use super::incidents::{self, Incident};
use super::orders::{self, OwnColumns, SharedColumns, StandColumns};
use super::progress;
use super::record::read_all;
use super::sql::{Sql, json_rows, sql, statements};
use super::{Result, Tx, terms};

/// An order as its record tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldOrder {
    pub order: Order,
    pub origin: OrderOrigin,
    pub version: i64,
    /// The step it is shown at, and the visit.
    pub shown: (String, u32),
    pub terms: Vec<TermRow>,
}

const DROP_ORDERS: Sql = sql!("repair.drop_orders":
    "DELETE FROM orders WHERE (home, seq) IN "
    "(SELECT e.value->>0, CAST(e.value->>1 AS BIGINT) FROM " rows " AS e)");
const DROP_PROGRESS: Sql = sql!("repair.drop_progress":
    "DELETE FROM progress WHERE (home, seq) IN "
    "(SELECT e.value->>0, CAST(e.value->>1 AS BIGINT) FROM " rows " AS e)");
const DROP_TERMS: Sql = sql!("repair.drop_terms":
    "DELETE FROM term WHERE (home, seq) IN "
    "(SELECT e.value->>0, CAST(e.value->>1 AS BIGINT) FROM " rows " AS e)");
const REASONS: Sql = sql!("repair.reasons":
    "SELECT o.home, o.seq, o.reason FROM " rows " AS e CROSS JOIN orders AS o "
    "WHERE o.home = e.value->>0 AND o.seq = CAST(e.value->>1 AS BIGINT) AND o.reason IS NOT NULL");
const DUTIES: Sql = sql!("repair.duties":
    "SELECT " (DutyRow) " FROM duty ORDER BY home, seq, step, visit, officer");
const COUNT_WORKLOADS: Sql = sql!("repair.count_workloads":
    "UPDATE workload SET duties = (SELECT COUNT(*) FROM duty AS d "
    "WHERE d.home = workload.home AND d.officer = workload.officer) WHERE duties <> (SELECT COUNT(*) FROM duty AS d "
    "WHERE d.home = workload.home AND d.officer = workload.officer)");
const ADD_WORKLOADS: Sql = sql!("repair.add_workloads":
    "INSERT INTO workload (home, officer, duties, last_at) SELECT home, officer, COUNT(*), MAX(since) FROM duty "
    "WHERE TRUE GROUP BY home, officer ON CONFLICT (home, officer) DO NOTHING");
const DROP_TALLIES: Sql = sql!("repair.drop_tallies": "DELETE FROM tally");
const DUE_OF_HOME: Sql = sql!("repair.due_of_home":
    "SELECT home, workflow, \"trigger\", issue_on, subject FROM due WHERE home = $1 "
    "ORDER BY workflow, \"trigger\", issue_on, subject");

statements!(
    DROP_ORDERS,
    DROP_PROGRESS,
    DROP_TERMS,
    REASONS,
    DUTIES,
    COUNT_WORKLOADS,
    ADD_WORKLOADS,
    DROP_TALLIES,
    DUE_OF_HOME
);

/// Writes orders over what stands of them; returns how many.
///
/// Why an order was opened by hand stands in its row alone, and is kept from there.
pub async fn write_orders(tx: &mut Tx, told: &[ToldOrder], zone: Tz) -> Result<u64> {
    let keys = json_rows(told.iter().map(|told| &told.order.cover.id));
    let reasons: Vec<(OrderId, String)> = read_all(tx, REASONS, &keys).await?;
    let reasons: BTreeMap<OrderId, String> = reasons.into_iter().collect();
    for drop in [DROP_ORDERS, DROP_PROGRESS, DROP_TERMS] {
        tx.execute(drop, &keys).await?;
    }
    for ToldOrder { order, origin, version, shown: (step, visit), .. } in told {
        let header = &order.cover;
        let (ended, reason) = match &order.state {
            OrderState::NotYet | OrderState::Open(_) => (None, None),
            OrderState::Done { at } => (Some(*at), None),
            OrderState::Cancelled { at, reason } => (Some(*at), Some(reason)),
        };
        let stand = StandColumns {
            state: order.state.into_str(),
            step,
            visit: i64::from(*visit),
            ended_on: ended.map(|at| at.day_in(zone)),
            reason: reason.or_else(|| reasons.get(&header.id)).map(String::as_str),
            version: *version,
        };
        let shared = SharedColumns {
            trigger: TriggerId { workflow: &header.workflow, trigger: &origin.trigger },
            subject_kind: header.subject_kind,
            issued_at: header.issued_at,
            policy: &origin.policy,
            stand,
        };
        let duties = order.state.places().iter().filter_map(|place| place.duty());
        let holders: BTreeSet<&str> = duties.flat_map(|duty| &duty.assignees).map(String::as_str).collect();
        let step_due = order.first_place().and_then(|place| place.due);
        let line = OwnColumns { header, origin, step_due, assignees: holders.into_iter().collect() };
        orders::insert(tx, shared, vec![line]).await?;
    }
    let bodies = told.iter().map(|told| (&told.order.cover.id, progress::body(&told.order)));
    progress::save_many(tx, &bodies.collect::<Vec<_>>()).await?;
    let rows = told.iter().flat_map(|told| told.terms.iter().map(|row| (&told.order.cover.id, row)));
    terms::add_each(tx, &rows.collect::<Vec<_>>()).await?;
    Ok(told.len() as u64)
}

/// Writes everybody's duties, and counts them; returns how many came and went. One that was there stays with the
/// moment at which it was given.
pub async fn write_duties(tx: &mut Tx, told: &BTreeMap<DutyRow, Stamp>) -> Result<u64> {
    let found: Vec<DutyRow> = read_all(tx, DUTIES, ()).await?;
    let known: BTreeSet<&DutyRow> = found.iter().collect();
    let gone: Vec<DutyRow> = found.iter().filter(|duty| !told.contains_key(*duty)).cloned().collect();
    let new = told.iter().filter(|(duty, _)| !known.contains(*duty));
    let new: Vec<(DutyRow, Stamp)> = new.map(|(duty, at)| (duty.clone(), *at)).collect();
    duties::exchange(tx, &gone, &new).await?;
    Ok((gone.len() + new.len()) as u64)
}

/// Counts everybody's duties anew; returns how many counts were wrong.
pub async fn count_duties(tx: &mut Tx) -> Result<u64> {
    Ok(tx.execute(ADD_WORKLOADS, ()).await? + tx.execute(COUNT_WORKLOADS, ()).await?)
}

/// Writes which orders stand still; returns how many rows came and went.
pub async fn write_incidents(tx: &mut Tx, told: &BTreeSet<Incident>) -> Result<u64> {
    let found: BTreeSet<Incident> = incidents::list(tx).await?.into_iter().collect();
    let gone: Vec<Incident> = found.difference(told).cloned().collect();
    let new: Vec<Incident> = told.difference(&found).cloned().collect();
    incidents::remove_many(tx, &gone).await?;
    incidents::add_many(tx, &new).await?;
    Ok((gone.len() + new.len()) as u64)
}

/// Writes what caps count; returns how many counts differed. Counts of triggers that are not told stay.
pub async fn write_tallies(
    tx: &mut Tx,
    told: &BTreeMap<TallyKey, i64>,
    untold: &BTreeSet<TriggerId>,
) -> Result<u64> {
    let found: BTreeMap<TallyKey, i64> = cap_counters::all(tx).rest().await?.into_iter().collect();
    let is_told = |key: &TallyKey| !untold.contains(&key.trigger);
    let mut compared = TallyComparison::with(told.clone());
    for (key, count) in &found {
        compared.find(key.clone(), *count);
    }
    let wrong = compared.unlike().into_iter().filter(is_told).count();
    if wrong > 0 {
        tx.execute(DROP_TALLIES, ()).await?;
        let kept = found.iter().filter(|(key, _)| !is_told(key));
        let all = told.iter().filter(|(key, _)| is_told(key)).chain(kept);
        let all: BTreeMap<TallyKey, i64> = all.map(|(key, count)| (key.clone(), *count)).collect();
        cap_counters::add_many(tx, &all).await?;
    }
    Ok(wrong as u64)
}

/// Where a due row of a home stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DuePlaceKey {
    pub trigger: TriggerId,
    pub issue_on: String,
    pub subject: String,
}

impl DuePlaceKey {
    /// Returns where a row that is to be written will stand.
    pub fn of(row: &DueRow) -> Self {
        let (issue_on, subject) = (row.candidate.issue_on.to_string(), row.candidate.subject.clone());
        Self { trigger: row.trigger.clone(), issue_on, subject }
    }
}

/// Takes away the due rows of a home that no appraisal asks for, but for those of subjects that wait for theirs;
/// returns how many. The rows that are asked for are already there.
pub async fn drop_other_due(
    tx: &mut Tx,
    home: &str,
    wanted: &BTreeSet<DuePlaceKey>,
    waiting: &BTreeSet<(String, String)>,
) -> Result<u64> {
    let found: Vec<DueKey> = read_all(tx, DUE_OF_HOME, home).await?;
    let is_other = |key: &DueKey| {
        let DueKey { trigger, issue_on, home: _, subject } = key.clone();
        !wanted.contains(&DuePlaceKey { trigger, issue_on, subject })
            && !waiting.contains(&(key.home.clone(), key.subject.clone()))
    };
    let others: Vec<DueKey> = found.into_iter().filter(is_other).collect();
    due::delete_keys(tx, &others).await?;
    Ok(others.len() as u64)
}
