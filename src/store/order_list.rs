//! Orders as they are shown: lists by filter, and one by its number.

use std::collections::BTreeSet;

use crate::engine::Key;
use crate::time::{Day, Stamp};

use super::sql::{Sql, args, json_rows, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

/// A stored order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Home station.
    pub home: String,
    /// Running number of the home station.
    pub seq: i64,
    /// Number people see.
    pub number: String,
    /// Workflow.
    pub workflow: String,
    /// Trigger.
    pub trigger: String,
    /// Kind of what it is for.
    pub subject_kind: String,
    /// What it is for.
    pub subject: String,
    /// Nominal due date, or instant.
    pub nominal: String,
    /// Station.
    pub station: String,
    /// Grid.
    pub grid: Option<String>,
    /// The grid's main officer at opening.
    pub officer: Option<String>,
    /// Issue date.
    pub scheduled_for: String,
    /// When it was issued.
    pub issued_at: Stamp,
    /// End of the window.
    pub due_on: Day,
    /// Whether a date lies in an unpublished year.
    pub is_provisional: bool,
    /// Tier frozen on it.
    pub tier: Option<String>,
    /// Score frozen on it.
    pub score: Option<String>,
    /// What decided.
    pub decision: Option<String>,
    /// Digest of the policy.
    pub policy: String,
    /// `open`, `done` or `cancelled`, on the day asked for.
    pub state: String,
    /// Current step.
    pub step: String,
    /// Visit of it.
    pub visit: i64,
    /// Day the current step is due.
    pub step_due: Option<Day>,
    /// Day it ended.
    pub ended_on: Option<Day>,
    /// Why it was opened by hand or cancelled.
    pub reason: Option<String>,
    /// Version; every write names it.
    pub version: i64,
    /// Officers who have the current step in hand.
    pub assignees: Vec<String>,
    /// Open, and its step, or its window without an inspection yet, ended before the day asked for.
    pub is_overdue: bool,
}

/// Which orders are listed; what is not given does not restrict.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Filter {
    /// Station.
    pub station: Option<String>,
    /// Grid.
    pub grid: Option<String>,
    /// Main officer at opening, or somebody who has a step in hand.
    pub officer: Option<String>,
    /// Workflow.
    pub workflow: Option<String>,
    /// Current step.
    pub step: Option<String>,
    /// `open`, `done` or `cancelled`.
    pub state: Option<String>,
    /// Only overdue ones.
    pub overdue: bool,
    /// Only of this subject.
    pub subject: Option<String>,
    /// At most so many.
    pub limit: Option<i64>,
}

/// The columns, the last two computed for the moment `$1` and its day `$2`.
///
/// An order that ends later than the day asked for was still open on it.
macro_rules! shown {
    ($name:literal: $rest:literal) => {
        sql!($name:
            "SELECT home, seq, number, workflow, \"trigger\", subject_kind, subject, nominal, station, grid, officer, "
            "scheduled_for, issued_at, due_on, provisional, tier, score, decision, policy, "
            "shown_state, step, visit, step_due, ended_on, reason, version, assignees, overdue FROM ("
            "SELECT o.home, o.seq, o.number, o.workflow, o.\"trigger\", o.subject_kind, o.subject, o.nominal, "
            "o.station, o.grid, o.officer, o.scheduled_for, o.issued_at, o.due_on, o.provisional, o.tier, o.score, "
            "o.decision, o.policy, o.step, o.visit, o.step_due, o.ended_on, o.reason, o.version, o.assignees, "
            "CASE WHEN o.ended_on > $2 THEN 'open' ELSE o.state END AS shown_state, "
            "CASE WHEN o.state <> 'open' AND (o.ended_on IS NULL OR o.ended_on <= $2) THEN 0 "
            "WHEN o.step_due < $2 THEN 1 "
            "WHEN o.due_on >= $2 THEN 0 "
            "WHEN EXISTS (SELECT 1 FROM inspection AS i WHERE i.home = o.home AND i.subject = o.subject "
            "AND i.on_day >= o.scheduled_for AND i.on_day <= $2) THEN 0 ELSE 1 END AS overdue "
            "FROM orders AS o WHERE o.issued_at <= $1"
            $rest
        )
    };
}

const LIST: Sql = shown!("order_list.list":
    " AND ($3 IS NULL OR o.station = $3) AND ($4 IS NULL OR o.grid = $4) \
     AND ($5 IS NULL OR o.officer = $5 OR EXISTS (SELECT 1 FROM duty AS d WHERE d.officer = $5 \
     AND d.home = o.home AND d.seq = o.seq)) AND ($6 IS NULL OR o.workflow = $6) \
     AND ($7 IS NULL OR o.step = $7) AND ($8 IS NULL OR o.subject = $8)) AS shown \
     WHERE ($9 IS NULL OR shown_state = $9) AND overdue >= $10 \
     ORDER BY issued_at, home, seq LIMIT $11");
const FIND: Sql = shown!("order_list.find": " AND o.home = $3 AND o.seq = $4) AS shown");
const BY_NUMBER: Sql = shown!("order_list.by_number":
    " AND o.number = $3) AS shown ORDER BY home, seq LIMIT 2");
const STRETCH: Sql = shown!("order_list.stretch":
    " AND o.home = $3 AND o.seq >= $4) AS shown ORDER BY seq LIMIT $5");
const CHILDREN: Sql = sql!("order_list.children":
    "SELECT home, seq FROM orders WHERE home = $1 AND \"trigger\" = 'order' AND nominal >= $2 AND nominal < $3 "
    "ORDER BY seq");
const FILES: Sql = sql!("order_list.files":
    "WITH RECURSIVE file (home, root, seq) AS ("
    "SELECT e.value->>0, CAST(e.value->>1 AS BIGINT), CAST(e.value->>1 AS BIGINT) FROM " rows " AS e "
    "UNION ALL SELECT f.home, f.root, o.seq FROM file AS f CROSS JOIN orders AS o WHERE o.home = f.home "
    "AND o.\"trigger\" = 'order' AND o.nominal >= f.seq || '.' AND o.nominal < f.seq || '/') "
    "SELECT home, root, seq FROM file ORDER BY home, root, seq");
const COUNT: Sql = sql!("order_list.count": "SELECT COUNT(*) FROM orders");
const END: Sql = sql!("order_list.end":
    "UPDATE orders SET state = $4, ended_on = $5, reason = $6, version = version + 1 "
    "WHERE home = $1 AND seq = $2 AND version = $3 AND state = 'open'");

pub(super) const ALL: &[Sql] = &[LIST, FIND, BY_NUMBER, STRETCH, CHILDREN, FILES, COUNT, END];
pub(super) const BULK: &[super::sql::Bulk] = &[];

/// Lists orders issued up to `at`, whose local day is `today`, by the moment of issue.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn list(at: &mut impl Reads, filter: &Filter, now: Stamp, today: Day) -> Result<Vec<Order>, Fault> {
    let Filter { station, grid, officer, workflow, step, state, overdue, subject, limit } = filter;
    let args = args!(
        stamp now, day today, maybe station.as_deref(), maybe grid.as_deref(),
        maybe officer.as_deref(), maybe workflow.as_deref(), maybe step.as_deref(),
        maybe subject.as_deref(), maybe state.as_deref(), flag *overdue, int limit.unwrap_or(i64::MAX),
    );
    rows(at, LIST, args).await?.iter().map(read).collect()
}

/// Returns the order with a running number of a home station.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn find(
    at: &mut impl Reads,
    home: &str,
    seq: i64,
    now: Stamp,
    today: Day,
) -> Result<Option<Order>, Fault> {
    let found = row(at, FIND, args!(stamp now, day today, text home, int seq)).await?;
    found.map(|found| read(&found)).transpose()
}

/// Returns the orders with a number as people see it: none or one, two when it is not unique.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn by_number(
    at: &mut impl Reads,
    number: &str,
    now: Stamp,
    today: Day,
) -> Result<Vec<Order>, Fault> {
    let Some(seq) = last_digits(number) else { return Ok(Vec::new()) };
    let args = args!(stamp now, day today, text number, int seq);
    rows(at, BY_NUMBER, args).await?.iter().map(read).collect()
}

/// A number ends with the running number of its home, by which the order is found.
fn last_digits(number: &str) -> Option<i64> {
    let rest = number.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let head = rest.trim_end_matches(|letter: char| letter.is_ascii_digit());
    rest[head.len()..].parse().ok()
}

/// Lists at most `limit` orders of a home from a running number on, as they are stored.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn stretch(at: &mut impl Reads, home: &str, from: i64, limit: usize) -> Result<Vec<Order>, Fault> {
    let (ever, limit) = (Stamp::from_micros(LAST_MICRO), i64::try_from(limit).unwrap_or(i64::MAX));
    let args = args!(stamp ever, day LAST_DAY, text home, int from, int limit);
    rows(at, STRETCH, args).await?.iter().map(read).collect()
}

/// The last day whose text has four digits for the year.
const LAST_DAY: Day = Day::from_ymd_opt(9999, 12, 31).expect("a day of the calendar");
/// 9999-12-31, the last moment whose text has four digits for the year.
const LAST_MICRO: i64 = 253_402_214_400_000_000;

/// Counts all orders.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn count(at: &mut impl Reads) -> Result<i64, Fault> {
    let found = row(at, COUNT, args!()).await?;
    found.map_or(Ok(0), |found| Columns::of(&found, "orders").next())
}

/// Ends an open order of a known version as `done` or `cancelled`; returns whether it was that.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn end(
    tx: &mut Tx,
    order: &Order,
    state: &str,
    on: Day,
    reason: Option<&str>,
) -> Result<bool, Fault> {
    let args = args!(
        text &order.home, int order.seq, int order.version, text state, day on, maybe reason,
    );
    tx.run(END, args).await.map(|touched| touched == 1)
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Order, Fault> {
    let mut columns = Columns::of(row, "orders");
    Ok(Order {
        home: columns.next()?,
        seq: columns.next()?,
        number: columns.next()?,
        workflow: columns.next()?,
        trigger: columns.next()?,
        subject_kind: columns.next()?,
        subject: columns.next()?,
        nominal: columns.next()?,
        station: columns.next()?,
        grid: columns.next()?,
        officer: columns.next()?,
        scheduled_for: columns.next()?,
        issued_at: columns.exact()?,
        due_on: columns.parsed()?,
        is_provisional: columns.flag()?,
        tier: columns.next()?,
        score: columns.next()?,
        decision: columns.next()?,
        policy: columns.next()?,
        state: columns.next()?,
        step: columns.next()?,
        visit: columns.next()?,
        step_due: columns.maybe_parsed()?,
        ended_on: columns.maybe_parsed()?,
        reason: columns.next()?,
        version: columns.next()?,
        assignees: columns.json()?,
        is_overdue: columns.flag()?,
    })
}

/// Lists the members of the files of orders: each with the order whose file it is, itself among them.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn files_of(at: &mut impl Reads, orders: &BTreeSet<Key>) -> Result<Vec<(Key, Key)>, Fault> {
    let keys = json_rows(orders.iter().map(|(home, seq)| [home.clone(), seq.to_string()]));
    let read = |row| {
        let mut columns = Columns::of(row, "orders");
        let home: String = columns.next()?;
        Ok(((home.clone(), columns.next()?), (home, columns.next()?)))
    };
    rows(at, FILES, args!(text & keys)).await?.iter().map(read).collect()
}

/// Lists the running numbers of the orders that an order opened.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn children(at: &mut impl Reads, home: &str, seq: i64) -> Result<Vec<i64>, Fault> {
    // Their nominal says `<seq>.<step>.<visit>`; a slash sorts right after a dot.
    let args = args!(text home, text &format!("{seq}."), text &format!("{seq}/"));
    let found = rows(at, CHILDREN, args).await?;
    found.iter().map(|row| Columns::from(row, "orders", 1).next()).collect()
}
