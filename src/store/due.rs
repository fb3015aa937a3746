//! The due table: everything opening an order needs, in the order in which orders are issued.
//!
//! It is covering, so a tick reads what is due and nothing else. Rows come and go with
//! appraisals ([`super::appraisals::save_many`]) and go when their order is opened.

use crate::time::Day;

use super::sql::{Args, Bulk, Sql, args, bulk, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

/// One subject's next due date under one trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Home station.
    pub home: String,
    /// Subject.
    pub subject: String,
    /// Workflow.
    pub workflow: String,
    /// Trigger.
    pub trigger: String,
    /// First day on which a firing takes it.
    pub issue_on: Day,
    /// Nominal due date, part of the order's key.
    pub nominal: Day,
    /// End of the window.
    pub due_on: Day,
    /// Whether a date lies in an unpublished year.
    pub is_provisional: bool,
    /// Station that supervises it.
    pub station: String,
    /// Grid.
    pub grid: Option<String>,
    /// Tier.
    pub tier: String,
    /// Score as text.
    pub score: String,
    /// What decided.
    pub decision: String,
    /// Why it is held; none when it is ready.
    pub held: Option<String>,
}

/// The place of a row, from which reading goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Issue date.
    pub issue_on: Day,
    /// Home station.
    pub home: String,
    /// Subject.
    pub subject: String,
}

impl Row {
    /// Returns the place of this row.
    pub fn place(&self) -> Place {
        Place { issue_on: self.issue_on, home: self.home.clone(), subject: self.subject.clone() }
    }
}

/// A ready row.
const READY: i64 = 0;
/// A held row whose reason is not recorded yet.
const HELD_NEW: i64 = 1;
/// A held row whose reason is recorded.
const HELD_KNOWN: i64 = 2;

const READ: Sql = sql!("due.read":
    "SELECT home || '\u{1f}' || subject || '\u{1f}' || issue_on || '\u{1f}' || nominal || '\u{1f}' || due_on "
    "|| '\u{1f}' || station || '\u{1f}' || tier || '\u{1f}' || score || '\u{1f}' || decision, "
    "provisional, grid, reason "
    "FROM due WHERE workflow = $1 AND \"trigger\" = $2 AND held = $3 AND issue_on <= $4 "
    "AND (issue_on, home, subject) > ($5, $6, $7) "
    "ORDER BY issue_on, home, subject LIMIT $8");
const COUNT_HELD: Sql = sql!("due.count_held":
    "SELECT reason, COUNT(*) FROM due WHERE workflow = $1 AND \"trigger\" = $2 AND held IN (1, 2) "
    "AND issue_on <= $3 GROUP BY reason ORDER BY reason");
const COUNT_READY: Sql = sql!("due.count_ready":
    "SELECT COUNT(*) FROM due WHERE workflow = $1 AND \"trigger\" = $2 AND held = 0 AND issue_on <= $3");
const RECORD_HELD: Sql = sql!("due.record_held":
    "UPDATE due SET held = 2 WHERE workflow = $1 AND \"trigger\" = $2 AND held = 1 AND issue_on <= $3");
const ADD: Bulk = bulk!("due.add":
    "INSERT INTO due (workflow, \"trigger\", held, issue_on, home, subject, nominal, due_on, provisional, \
     station, grid, tier, score, decision, reason) VALUES ",
    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    " ON CONFLICT (workflow, \"trigger\", held, issue_on, home, subject) DO UPDATE SET \
     nominal = excluded.nominal, due_on = excluded.due_on, provisional = excluded.provisional, \
     station = excluded.station, grid = excluded.grid, tier = excluded.tier, score = excluded.score, \
     decision = excluded.decision, reason = excluded.reason");
const DELETE: Bulk = bulk!("due.delete":
    "WITH gone (workflow, trig, issue_on, home, subject) AS (VALUES ",
    "(?,?,?,?,?)",
    ") DELETE FROM due WHERE (workflow, \"trigger\", held, issue_on, home, subject) IN \
     (SELECT workflow, trig, kinds.held, issue_on, home, subject FROM gone \
     CROSS JOIN (SELECT 0 AS held UNION ALL SELECT 1 UNION ALL SELECT 2) AS kinds)");
const DELETE_READY: Bulk = bulk!("due.delete_ready":
    "WITH gone (issue_on, home, subject) AS (VALUES ",
    "(?,?,?)",
    ") DELETE FROM due WHERE workflow = ? AND \"trigger\" = ? AND held = 0 \
     AND (issue_on, home, subject) IN (SELECT issue_on, home, subject FROM gone)");

const OPENED: Sql = sql!("due.opened":
    "SELECT d.home, d.subject FROM due AS d JOIN orders AS o ON o.home = d.home AND o.subject = d.subject "
    "AND o.workflow = d.workflow AND o.\"trigger\" = d.\"trigger\" AND o.subject_kind = 'subject' "
    "AND o.nominal = d.nominal ORDER BY d.home, d.subject LIMIT $1");

pub(super) const ALL: &[Sql] = &[READ, COUNT_HELD, COUNT_READY, RECORD_HELD, OPENED];
pub(super) const BULK: &[Bulk] = &[ADD, DELETE, DELETE_READY];

/// Reads at most `limit` ready rows with an issue date up to `until`, in issue order, going on
/// after `after`.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn ready(
    at: &mut impl Reads,
    trigger: (&str, &str),
    until: Day,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    read(at, trigger, READY, until, after, limit).await
}

/// Reads at most `limit` held rows whose reason is not recorded yet, in issue order.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn newly_held(
    at: &mut impl Reads,
    trigger: (&str, &str),
    until: Day,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    read(at, trigger, HELD_NEW, until, after, limit).await
}

/// Counts held rows with an issue date up to `until`, by reason.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn held(
    at: &mut impl Reads,
    (workflow, trigger): (&str, &str),
    until: Day,
) -> Result<Vec<(String, i64)>, Fault> {
    let found = rows(at, COUNT_HELD, args!(text workflow, text trigger, day until)).await?;
    let read = |row| {
        let mut columns = Columns::of(row, "due");
        Ok((columns.next::<Option<String>>()?.unwrap_or_default(), columns.next()?))
    };
    found.iter().map(read).collect()
}

/// Counts ready rows with an issue date up to `until`.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn count_ready(
    at: &mut impl Reads,
    (workflow, trigger): (&str, &str),
    until: Day,
) -> Result<i64, Fault> {
    let found = row(at, COUNT_READY, args!(text workflow, text trigger, day until)).await?;
    found.map_or(Ok(0), |found| Columns::of(&found, "due").next())
}

/// Notes that the reasons of all held rows up to `until` are recorded; returns how many were new.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn record_held(tx: &mut Tx, (workflow, trigger): (&str, &str), until: Day) -> Result<u64, Fault> {
    tx.run(RECORD_HELD, args!(text workflow, text trigger, day until)).await
}

/// Takes away ready rows of one trigger, because their orders are open.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn delete_many(
    tx: &mut Tx,
    (workflow, trigger): (&str, &str),
    places: &[Place],
) -> Result<u64, Fault> {
    let bind = |args: &mut Args, place: &Place| {
        args.day(place.issue_on);
        args.text(&place.home);
        args.text(&place.subject);
    };
    let common = |args: &mut Args| {
        args.text(workflow);
        args.text(trigger);
    };
    tx.write_many(&DELETE_READY, places, bind, common).await
}

/// One row's key without whether it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) workflow: String,
    pub(super) trigger: String,
    pub(super) issue_on: String,
    pub(super) home: String,
    pub(super) subject: String,
}

/// Takes away rows, held or not.
pub(super) async fn delete_keys(tx: &mut Tx, keys: &[Key]) -> Result<u64, Fault> {
    let bind = |args: &mut Args, key: &Key| {
        args.text(&key.workflow);
        args.text(&key.trigger);
        args.text(&key.issue_on);
        args.text(&key.home);
        args.text(&key.subject);
    };
    tx.write_many(&DELETE, keys, bind, |_| {}).await
}

/// Writes rows; a held one counts as not recorded yet unless `is_known` says otherwise.
pub(super) async fn add_many(
    tx: &mut Tx,
    due: &[&Row],
    is_known: impl Fn(&Row) -> bool,
) -> Result<u64, Fault> {
    let bind = |args: &mut Args, row: &&Row| {
        let held = match &row.held {
            None => READY,
            Some(_) if is_known(row) => HELD_KNOWN,
            Some(_) => HELD_NEW,
        };
        args.text(&row.workflow);
        args.text(&row.trigger);
        args.int(held);
        args.day(row.issue_on);
        args.text(&row.home);
        args.text(&row.subject);
        args.day(row.nominal);
        args.day(row.due_on);
        args.flag(row.is_provisional);
        args.text(&row.station);
        args.maybe(row.grid.as_deref());
        args.text(&row.tier);
        args.text(&row.score);
        args.text(&row.decision);
        args.maybe(row.held.as_deref());
    };
    tx.write_many(&ADD, due, bind, |_| {}).await
}

async fn read(
    at: &mut impl Reads,
    (workflow, trigger): (&str, &str),
    held: i64,
    until: Day,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    let mut args = args!(text workflow, text trigger, int held, day until);
    match after {
        Some(place) => {
            args.day(place.issue_on);
            args.text(&place.home);
            args.text(&place.subject);
        }
        None => (0..3).for_each(|_| args.text("")),
    }
    args.int(limit);
    let found = rows(at, READ, args).await?;
    found.iter().map(|row| read_row(row, workflow, trigger)).collect()
}

fn read_row(row: &sqlx::sqlite::SqliteRow, workflow: &str, trigger: &str) -> Result<Row, Fault> {
    let mut columns = Columns::of(row, "due");
    let [home, subject, issue_on, nominal, due_on, station, tier, score, decision] = columns.joined()?;
    let day = |text: &str| text.parse().map_err(|_| columns.impossible(0));
    let (issue_on, nominal, due_on) = (day(issue_on)?, day(nominal)?, day(due_on)?);
    Ok(Row {
        workflow: workflow.to_owned(),
        trigger: trigger.to_owned(),
        home: home.to_owned(),
        subject: subject.to_owned(),
        issue_on,
        nominal,
        due_on,
        is_provisional: columns.flag()?,
        station: station.to_owned(),
        grid: columns.next()?,
        tier: tier.to_owned(),
        score: score.to_owned(),
        decision: decision.to_owned(),
        held: columns.next()?,
    })
}

/// Lists at most `limit` rows whose order has been opened: home and subject. There should be none.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn opened(at: &mut impl Reads, limit: i64) -> Result<Vec<(String, String)>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "due");
        Ok((columns.next()?, columns.next()?))
    };
    rows(at, OPENED, args!(int limit)).await?.iter().map(read).collect()
}
