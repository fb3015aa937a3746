//! Orders as they are shown: lists by filter, and one by its number.

use std::collections::BTreeSet;

use crate::engine::{OrderHeader, OrderOrigin};
use crate::id::OrderId;
use crate::time::{Day, Stamp};

use super::columns::{Columns, Fetch};
use super::reading::SubjectKey;
use super::record::{read_all, read_count, read_first, record};
use super::row_stream::stream;
use super::sql::{Sql, json_rows, sql, statements};
use super::{Reads, Result, RowStream, Tx};

record! {
    /// A stored order: what it was opened as, and how it stands on the day asked for.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StoredOrder in "orders" {
        /// What it is.
        pub header: OrderHeader = (OrderHeader),
        /// How it came to be.
        pub origin: OrderOrigin = (OrderOrigin),
        /// `open`, `done` or `cancelled`, on the day asked for.
        pub state: String = "shown_state",
        /// Current step.
        pub step: String,
        pub visit: i64,
        /// Day the current step is due.
        pub step_due: Option<Day>,
        pub ended_on: Option<Day>,
        /// Why it was opened by hand or cancelled.
        pub reason: Option<String>,
        /// Version; every write names it.
        pub version: i64,
        /// Officers who have the current step in hand.
        pub assignees: Vec<String>,
        /// Open, and its step, or its window without an inspection yet, ended before the day asked for.
        pub is_overdue: bool = "overdue",
    }
}

/// Which orders are listed; what is not given does not restrict.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct OrderFilter {
    pub station: Option<String>,
    pub grid: Option<String>,
    /// Main officer at opening, or somebody who has a step in hand.
    pub officer: Option<String>,
    pub workflow: Option<String>,
    /// Current step.
    pub step: Option<String>,
    /// Tier of the subject at opening.
    pub tier: Option<String>,
    /// `open`, `done` or `cancelled`.
    pub state: Option<String>,
    /// Only overdue ones.
    pub overdue: bool,
    /// At most so many.
    pub limit: Option<i64>,
}

/// The columns, the last two computed for the moment `$1` and its day `$2`.
///
/// An order that ends later than the day asked for was still open on it.
macro_rules! shown {
    ($name:literal: $rest:literal) => {
        shown!($name, "": $rest)
    };
    ($name:literal, $more:literal: $rest:literal) => {
        sql!($name:
            "SELECT " (StoredOrder) $more " FROM (SELECT " (OrderHeader as o) ", " (OrderOrigin as o) ", "
            "o.step, o.visit, o.step_due, o.ended_on, o.reason, o.version, o.assignees, "
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

const LIST: Sql = shown!("order_list.list",
    ", (SELECT s.name FROM subject AS s WHERE s.home = shown.home AND s.id = shown.subject)":
    " AND ($3 IS NULL OR o.station = $3) AND ($4 IS NULL OR o.grid = $4) \
     AND ($5 IS NULL OR o.officer = $5 OR EXISTS (SELECT 1 FROM duty AS d WHERE d.officer = $5 \
     AND d.home = o.home AND d.seq = o.seq)) AND ($6 IS NULL OR o.workflow = $6) \
     AND ($7 IS NULL OR o.step = $7) AND ($8 IS NULL OR o.tier = $8)) AS shown \
     WHERE ($9 IS NULL OR shown_state = $9) AND overdue >= $10 \
     ORDER BY issued_at, home, seq LIMIT +$11");
const OF_SUBJECT: Sql = shown!("order_list.of_subject":
    " AND o.home = $3 AND o.subject = $4) AS shown ORDER BY issued_at, home, seq");
const FIND: Sql = shown!("order_list.find": " AND o.home = $3 AND o.seq = $4) AS shown");
const BY_NUMBER: Sql = shown!("order_list.by_number":
    " AND o.number = $3) AS shown ORDER BY home, seq LIMIT 2");
// Of the running numbers that a number may say: each home's own, and those counted from where a year began.
const NUMBERED: Sql = sql!("order_list.numbered":
    "SELECT o.home, o.seq FROM (SELECT h.chain AS home, CAST(e.value->>0 AS BIGINT) AS seq "
    "FROM " rows " AS e CROSS JOIN head AS h UNION SELECT y.home, y.before + CAST(e.value->>0 AS BIGINT) "
    "FROM " rows " AS e CROSS JOIN order_year AS y) AS c CROSS JOIN orders AS o "
    "WHERE o.home = c.home AND o.seq = c.seq AND o.number = $2 ORDER BY o.home, o.seq LIMIT 2");
const STRETCH: Sql = shown!("order_list.stretch":
    " AND o.home = $3 AND o.seq >= $4) AS shown ORDER BY seq LIMIT +$5");
const CHILDREN: Sql = sql!("order_list.children":
    "SELECT home, seq FROM orders WHERE home = $1 AND \"trigger\" = 'order' AND nominal >= $2 AND nominal < $3 "
    "ORDER BY seq");
const FILES: Sql = sql!("order_list.files":
    "WITH RECURSIVE file (home, root, seq) AS ("
    "SELECT e.value->>0, CAST(e.value->>1 AS BIGINT), CAST(e.value->>1 AS BIGINT) FROM " rows " AS e "
    "UNION ALL SELECT f.home, f.root, o.seq FROM file AS f CROSS JOIN orders AS o WHERE o.home = f.home "
    "AND o.\"trigger\" = 'order' AND o.nominal >= f.seq || '.' AND o.nominal < f.seq || '/') "
    "SELECT home, root, seq FROM file ORDER BY home, root, seq");
const OPEN: Sql = sql!("order_list.open": "SELECT COUNT(*) FROM orders WHERE state = 'open'");
const COUNT: Sql = sql!("order_list.count": "SELECT COUNT(*) FROM orders");
const END: Sql = sql!("order_list.end":
    "UPDATE orders SET state = $4, ended_on = $5, reason = $6, version = version + 1 "
    "WHERE home = $1 AND seq = $2 AND version = $3 AND state = 'open'");

statements!(LIST, OF_SUBJECT, FIND, BY_NUMBER, NUMBERED, STRETCH, CHILDREN, FILES, OPEN, COUNT, END);

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedOrder {
    pub order: StoredOrder,
    /// What its subject is called; none where nobody of the register is meant.
    pub name: Option<String>,
}

impl Fetch for ListedOrder {
    const SOURCE: &'static str = "orders";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        Ok(Self { order: columns.take()?, name: columns.take()? })
    }
}

/// Lists orders issued up to `at`, whose local day is `today`, by the moment of issue.
pub fn list<'a>(
    at: &'a mut impl Reads,
    filter: &OrderFilter,
    now: Stamp,
    today: Day,
) -> RowStream<'a, ListedOrder> {
    let OrderFilter { station, grid, officer, workflow, step, tier, state, overdue, limit } = filter;
    let standing = (tier, state, *overdue, limit.unwrap_or(i64::MAX));
    stream(at, LIST, (now, today, station, grid, officer, workflow, step, standing))
}

/// Lists the orders of a subject of a home, issued up to `now`, by the moment of issue.
pub async fn of_subject(
    at: &mut impl Reads,
    subject: &SubjectKey,
    now: Stamp,
    today: Day,
) -> Result<Vec<StoredOrder>> {
    read_all(at, OF_SUBJECT, (now, today, subject)).await
}

/// Returns one order.
pub async fn find(
    at: &mut impl Reads,
    order: OrderId<&str>,
    now: Stamp,
    today: Day,
) -> Result<Option<StoredOrder>> {
    read_first(at, FIND, (now, today, order)).await
}

/// Returns the orders with a number as people see it: none or one, two when it is not unique.
pub async fn by_number(
    at: &mut impl Reads,
    number: &str,
    now: Stamp,
    today: Day,
) -> Result<Vec<StoredOrder>> {
    // A number says the running number it was written with; one that says it otherwise is looked for.
    let digits = number.split(|letter: char| !letter.is_ascii_digit());
    let counts = json_rows(digits.filter(|digits| digits.parse::<i32>().is_ok()));
    let keys: Vec<OrderId> = read_all(at, NUMBERED, (counts, number)).await?;
    if keys.is_empty() {
        return read_all(at, BY_NUMBER, (now, today, number)).await;
    }
    let mut found = Vec::with_capacity(keys.len());
    for key in &keys {
        found.extend(find(at, key.as_ref(), now, today).await?);
    }
    Ok(found)
}

/// Lists at most `limit` orders of a home from a running number on, as they are stored.
pub async fn stretch(at: &mut impl Reads, from: OrderId<&str>, limit: usize) -> Result<Vec<StoredOrder>> {
    let (ever, limit) = (Stamp::from_micros(LAST_MICRO), i64::try_from(limit).unwrap_or(i64::MAX));
    read_all(at, STRETCH, (ever, LAST_DAY, from, limit)).await
}

/// The last day whose text has four digits for the year.
const LAST_DAY: Day = Day::from_ymd_opt(9999, 12, 31).expect("a day of the calendar");
/// 9999-12-31, the last moment whose text has four digits for the year.
const LAST_MICRO: i64 = 253_402_214_400_000_000;

/// Counts the orders that are open.
pub async fn open_count(at: &mut impl Reads) -> Result<i64> {
    read_count(at, OPEN, ()).await
}

/// Counts all orders.
pub async fn count(at: &mut impl Reads) -> Result<i64> {
    read_count(at, COUNT, ()).await
}

/// Ends an open order of a known version as `done` or `cancelled`; returns whether it was that.
pub async fn end(
    tx: &mut Tx,
    order: &StoredOrder,
    state: &str,
    on: Day,
    reason: Option<&str>,
) -> Result<bool> {
    let touched = tx.execute(END, (&order.header.id, order.version, state, on, reason)).await?;
    Ok(touched == 1)
}

/// Lists the members of the files of orders: each with the order whose file it is, itself among them.
pub async fn files_of(at: &mut impl Reads, orders: &BTreeSet<OrderId>) -> Result<Vec<(OrderId, OrderId)>> {
    let found: Vec<(OrderId, i64)> = read_all(at, FILES, json_rows(orders)).await?;
    let member = |(file, seq): (OrderId, i64)| {
        let member = OrderId { home: file.home.clone(), seq };
        (file, member)
    };
    Ok(found.into_iter().map(member).collect())
}

/// Lists the orders that an order opened.
pub async fn children(at: &mut impl Reads, order: OrderId<&str>) -> Result<Vec<OrderId>> {
    let OrderId { home, seq } = order;
    // Their nominal says `<seq>.<step>.<visit>`; a slash sorts right after a dot.
    read_all(at, CHILDREN, (home, &format!("{seq}."), &format!("{seq}/"))).await
}
