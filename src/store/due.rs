//! The due table: everything opening an order needs, home by home, of each in the order in which orders are issued.
//!
//! It is covering, so a tick reads what is due and nothing else. Rows come and go with
//! appraisals ([`super::appraisals::save_many`]) and go when their order is opened. Whoever asks what is due of a
//! trigger goes from home to home by their heads, and from each takes the one stretch of the key that is due: what
//! is due later is passed by, however much it is.

use std::collections::BTreeSet;

use crate::digest::Digest;
use crate::dispatch::DueCandidate;
use crate::id::TriggerId;
use crate::time::Day;

use super::args::Bind as _;
use super::columns::{Columns, Fetch};
use super::record::{columns, read_all, read_count, record, written};
use super::register::{content, content_of};
use super::row_stream::stream;
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, RowStream, Tx};

/// One row: a candidate under the trigger that opens its order.
#[derive(Clone, Debug, PartialEq)]
pub struct DueRow {
    pub trigger: TriggerId,
    pub candidate: DueCandidate,
}

/// The place of a candidate among those of its trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuePlace<T = String> {
    pub home: T,
    pub issue_on: Day,
    pub subject: T,
}

/// A ready row.
const READY: i64 = 0;
/// A held row whose reason is not recorded yet.
const HELD_NEW: i64 = 1;
/// A held row whose reason is recorded.
const HELD_KNOWN: i64 = 2;

record! {
    /// One row's key without whether it is held.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(super) struct DueKey in "due" {
        pub(super) home: String,
        pub(super) trigger: TriggerId = (TriggerId),
        pub(super) issue_on: String,
        pub(super) subject: String,
    }
}

/// A row as it is written, with whether it is held.
struct WrittenDueRow<'a> {
    row: &'a DueRow,
    held: i64,
}

written! {
    WrittenDueRow<'_> => "due" by "home, workflow, \"trigger\", held, issue_on, subject";
    "home, workflow, \"trigger\", held, issue_on, subject, nominal, due_on, provisional, station, grid, tier, \
     score, decision, reason",
    |Self { row: DueRow { trigger, candidate: due }, held }| (
        (&due.home, trigger, held, due.issue_on, &due.subject, due.nominal, due.due_on),
        (due.is_provisional, &due.station, &due.grid, &due.tier, due.score_text(), &due.decision, &due.held),
    )
}

columns! { DuePlace<T> in "due" { home, issue_on, subject } }

// What opening an order needs, as one text and three columns.
macro_rules! candidates {
    ($name:literal: $($rest:tt)+) => {
        sql!($name:
            "SELECT d.home || '\u{1f}' || d.subject || '\u{1f}' || d.issue_on || '\u{1f}' || d.nominal "
            "|| '\u{1f}' || d.due_on || '\u{1f}' || d.station || '\u{1f}' || d.tier || '\u{1f}' || d.score "
            "|| '\u{1f}' || d.decision, d.provisional, d.grid, d.reason "
            "FROM head AS h CROSS JOIN due AS d WHERE d.home = h.chain AND " $($rest)+)
    };
}

const READ: Sql = candidates!("due.read":
    "d.workflow = $1 AND d.\"trigger\" = $2 AND d.issue_on <= $3 AND d.held = $4 "
    "ORDER BY h.chain, d.issue_on, d.subject");
const READ_BUT: Sql = candidates!("due.read_but":
    "d.workflow = $2 AND d.\"trigger\" = $3 AND d.issue_on <= $4 AND d.held = 0 "
    "AND (d.grid IS NULL OR d.grid NOT IN (SELECT e.value->>0 FROM " rows " AS e)) "
    "ORDER BY h.chain, d.issue_on, d.subject");
const FIRST_HELD: Sql = candidates!("due.first_held":
    "d.workflow = $1 AND d.\"trigger\" = $2 AND d.issue_on <= $3 AND d.held = 2 "
    "ORDER BY h.chain, d.issue_on, d.subject LIMIT +$4");
const COUNT_HELD: Sql = sql!("due.count_held":
    "SELECT d.reason, COUNT(*) FROM head AS h CROSS JOIN due AS d WHERE d.home = h.chain AND d.workflow = $1 "
    "AND d.\"trigger\" = $2 AND d.issue_on <= $3 AND d.held IN (1, 2) GROUP BY d.reason ORDER BY d.reason NULLS FIRST");
const COUNT_READY: Sql = sql!("due.count_ready":
    "SELECT COUNT(*) FROM head AS h CROSS JOIN due AS d WHERE d.home = h.chain AND d.workflow = $1 "
    "AND d.\"trigger\" = $2 AND d.issue_on <= $3 AND d.held = 0");
const OPENED: Sql = sql!("due.opened":
    // Each row asks the primary key of orders. Left to itself SQLite goes through orders, and for each
    // through the due rows of its trigger.
    "SELECT d.home, d.subject FROM due AS d CROSS JOIN orders AS o WHERE o.home = d.home "
    "AND o.subject = d.subject AND o.workflow = d.workflow AND o.\"trigger\" = d.\"trigger\" "
    "AND o.subject_kind = 'subject' AND o.nominal = d.nominal ORDER BY d.home, d.subject LIMIT +$1");
const ADD: Bulk = bulk!("due.add": insert WrittenDueRow (replace WrittenDueRow));
const DELETE: Bulk = bulk!("due.delete":
    with ("home, workflow, trig, issue_on, subject")
    "DELETE FROM due WHERE (home, workflow, \"trigger\", held, issue_on, subject) IN "
    "(SELECT home, workflow, trig, kinds.held, issue_on, subject FROM new "
    "CROSS JOIN (SELECT 0 AS held UNION ALL SELECT 1 UNION ALL SELECT 2) AS kinds)");
const DELETE_READY: Bulk = bulk!("due.delete_ready":
    with ("home, issue_on, subject")
    "DELETE FROM due WHERE workflow = ? AND \"trigger\" = ? AND held = 0 "
    "AND (home, issue_on, subject) IN (SELECT home, issue_on, subject FROM new)");
// By the rows whose reasons were recorded: what began to be held since they were read is still to be.
const RECORD_HELD: Bulk = bulk!("due.record_held":
    with ("home, issue_on, subject")
    "UPDATE due SET held = 2 FROM new WHERE due.home = new.home AND due.workflow = ? AND due.\"trigger\" = ? "
    "AND due.held = 1 AND due.issue_on = new.issue_on AND due.subject = new.subject");
const EVERY: Sql = sql!("due.all":
    "SELECT " (line WrittenDueRow as d) " FROM due AS d "
    "ORDER BY home, workflow, \"trigger\", held, issue_on, subject");

statements!(
    EVERY, READ, READ_BUT, FIRST_HELD, COUNT_HELD, COUNT_READY, OPENED;
    ADD, DELETE, DELETE_READY, RECORD_HELD
);

/// Reads the ready candidates with an issue date up to `until`: by home, of each the earliest first.
pub fn ready<'a>(
    at: &'a mut impl Reads,
    trigger: TriggerId<&str>,
    until: Day,
) -> RowStream<'a, DueCandidate> {
    stream(at, READ, (trigger, until, READY))
}

/// Reads ready candidates but those of some grids.
pub fn ready_but<'a>(
    at: &'a mut impl Reads,
    trigger: TriggerId<&str>,
    until: Day,
    grids: &BTreeSet<&str>,
) -> RowStream<'a, DueCandidate> {
    stream(at, READ_BUT, (json_rows(grids), trigger, until))
}

/// Reads held candidates whose reason is not recorded yet.
pub fn newly_held<'a>(
    at: &'a mut impl Reads,
    trigger: TriggerId<&str>,
    until: Day,
) -> RowStream<'a, DueCandidate> {
    stream(at, READ, (trigger, until, HELD_NEW))
}

/// Reads the first `limit` held candidates whose reason is recorded.
pub async fn known_held(
    at: &mut impl Reads,
    trigger: TriggerId<&str>,
    until: Day,
    limit: i64,
) -> Result<Vec<DueCandidate>> {
    read_all(at, FIRST_HELD, (trigger, until, limit)).await
}

impl Fetch for DueCandidate {
    const SOURCE: &'static str = "due";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        let [home, subject, issue_on, nominal, due_on, station, tier, score, decision] = columns.joined()?;
        let day = |text: &str| text.parse().map_err(|_| columns.impossible(0));
        let (issue_on, nominal, due_on) = (day(issue_on)?, day(nominal)?, day(due_on)?);
        let score = match score {
            "" => None,
            score => Some(score.parse().map_err(|_| columns.impossible(0))?),
        };
        Ok(Self {
            home: home.to_owned(),
            subject: subject.to_owned(),
            issue_on,
            nominal,
            due_on,
            is_provisional: columns.take()?,
            station: station.to_owned(),
            grid: columns.take()?,
            tier: tier.to_owned(),
            score,
            decision: decision.to_owned(),
            held: columns.take()?,
        })
    }
}

/// Counts held rows with an issue date up to `until`, by reason.
pub async fn held(at: &mut impl Reads, trigger: TriggerId<&str>, until: Day) -> Result<Vec<(String, i64)>> {
    read_all(at, COUNT_HELD, (trigger, until)).await
}

/// Counts ready rows with an issue date up to `until`.
pub async fn count_ready(at: &mut impl Reads, trigger: TriggerId<&str>, until: Day) -> Result<i64> {
    read_count(at, COUNT_READY, (trigger, until)).await
}

/// Notes that the reasons of held rows of one trigger are recorded.
pub async fn record_held(tx: &mut Tx, trigger: TriggerId<&str>, places: &[DuePlace<&str>]) -> Result<u64> {
    tx.write_rows_with(&RECORD_HELD, places, trigger).await
}

/// Takes away ready rows of one trigger, because their orders are open.
pub async fn delete_many(tx: &mut Tx, trigger: TriggerId<&str>, places: &[DuePlace<&str>]) -> Result<u64> {
    tx.write_rows_with(&DELETE_READY, places, trigger).await
}

/// Takes away rows, held or not.
pub(super) async fn delete_keys(tx: &mut Tx, keys: &[DueKey]) -> Result<u64> {
    tx.write_rows(&DELETE, keys).await
}

/// Writes rows; a held one counts as not recorded yet unless `is_known` says otherwise.
pub(super) async fn add_many(
    tx: &mut Tx,
    due: &[&DueRow],
    is_known: impl Fn(&DueRow) -> bool,
) -> Result<u64> {
    let written = due.iter().map(|row| {
        let held = match &row.candidate.held {
            None => READY,
            Some(_) if is_known(row) => HELD_KNOWN,
            Some(_) => HELD_NEW,
        };
        WrittenDueRow { row, held }
    });
    tx.write_rows(&ADD, &written.collect::<Vec<_>>()).await
}

/// Whose row it is, and a digest of all that it says but whether a hold was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueContent {
    pub home: String,
    pub subject: String,
    pub content: Digest,
}

impl DueContent {
    /// Says what a row that is to be written holds.
    pub fn of(row: &DueRow) -> Self {
        let held = if row.candidate.held.is_none() { READY } else { HELD_NEW };
        let DueCandidate { home, subject, .. } = &row.candidate;
        let content = content_of("due", &WrittenDueRow { row, held });
        Self { home: home.clone(), subject: subject.clone(), content }
    }
}

impl Fetch for DueContent {
    const SOURCE: &'static str = "due";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        let mut line: [Option<&str>; WrittenDueRow::WIDTH] = columns.line()?;
        let [home, _, _, held, _, subject, ..] = &mut line;
        if *held == Some("2") {
            *held = Some("1");
        }
        let said = |text: Option<&str>| text.map(str::to_owned).ok_or_else(|| columns.impossible(0));
        let (home, subject) = (said(*home)?, said(*subject)?);
        Ok(Self { home, subject, content: content("wubu-due", line) })
    }
}

/// Reads what every row holds.
pub fn all(at: &mut impl Reads) -> RowStream<'_, DueContent> {
    stream(at, EVERY, ())
}

/// Lists at most `limit` rows whose order has been opened: home and subject. There should be none.
pub async fn opened(at: &mut impl Reads, limit: i64) -> Result<Vec<(String, String)>> {
    read_all(at, OPENED, limit).await
}
