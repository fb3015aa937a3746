//! Appraisals: tier, score and next dates of each subject, with the due rows they make.

use std::collections::BTreeSet;

use crate::time::Day;

use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx, due};

/// One subject's appraisal, to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Home station.
    pub home: String,
    /// Subject.
    pub subject: String,
    /// What it says.
    pub said: Said,
    /// Its due rows, at most one for each recurring trigger.
    pub due: Vec<due::Row>,
}

/// What an appraisal says, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Last decided tier; none while never decided.
    pub tier: Option<String>,
    /// Score as text.
    pub score: Option<String>,
    /// Id of the decision.
    pub decision: Option<String>,
    /// Why the newest question has no answer.
    pub undecided: Option<String>,
    /// The day it was appraised for.
    pub decided_on: Day,
    /// First day on which time alone may change it.
    pub changes_on: Option<Day>,
    /// JSON, one item for each recurring trigger.
    pub next: String,
}

const FIND: Sql = sql!("appraisals.find":
    "SELECT a.home, a.subject, a.tier, a.score, a.decision, a.undecided, a.decided_on, a.changes_on, a.next "
    "FROM appraisal AS a WHERE a.home = $1 AND a.subject = $2");
const BY_TIER: Sql = sql!("appraisals.by_tier":
    "SELECT COALESCE(tier, ''), COUNT(*), CAST(SUM(CASE WHEN undecided IS NULL THEN 0 ELSE 1 END) AS BIGINT) "
    "FROM appraisal GROUP BY tier ORDER BY tier");
// Who is marked is asked again anyway, so what is stored of them no longer counts.
const COUNT_UNDECIDED: Sql = sql!("appraisals.count_undecided":
    "SELECT COUNT(*) FROM appraisal AS a WHERE a.undecided = $1 AND NOT EXISTS "
    "(SELECT 1 FROM mark AS m WHERE m.home = a.home AND m.subject = a.subject)");
// Of a new subject nothing is found, so a first appraisal pays one look-up a row.
const DUE_BEFORE: Sql = sql!("appraisals.due_before":
    "SELECT a.home, a.subject, a.due_keys FROM " rows " AS e CROSS JOIN appraisal AS a "
    "WHERE a.home = e.value->>0 AND a.subject = e.value->>1 AND a.due_keys <> '[]'");
const HELD_BEFORE: Sql = sql!("appraisals.held_before":
    "SELECT d.home, d.subject, d.workflow, d.\"trigger\", d.nominal, d.reason "
    "FROM " rows " AS e CROSS JOIN due AS d "
    "WHERE d.workflow = e.value->>0 AND d.\"trigger\" = e.value->>1 AND d.held = 2 "
    "AND d.issue_on = e.value->>2 AND d.home = e.value->>3 AND d.subject = e.value->>4");
const SAVE: Bulk = bulk!("appraisals.save":
    "INSERT INTO appraisal (home, subject, tier, score, decision, undecided, decided_on, changes_on, next, due_keys) VALUES ",
    "(?,?,?,?,?,?,?,?,?,?)",
    " ON CONFLICT (home, subject) DO UPDATE SET tier = excluded.tier, score = excluded.score, \
     decision = excluded.decision, undecided = excluded.undecided, decided_on = excluded.decided_on, \
     changes_on = excluded.changes_on, next = excluded.next, due_keys = excluded.due_keys");

pub(super) const ALL: &[Sql] = &[FIND, BY_TIER, COUNT_UNDECIDED, DUE_BEFORE, HELD_BEFORE];
pub(super) const BULK: &[Bulk] = &[SAVE];

/// Stores appraisals in place of those there were, and their due rows in place of theirs.
///
/// A due row that was held for the same reason under the same key, and recorded, stays recorded.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn save_many(tx: &mut Tx, appraisals: &[Row]) -> Result<(), Fault> {
    let gone = due_before(tx, appraisals).await?;
    let known = held_before(tx, &gone).await?;
    due::delete_keys(tx, &gone).await?;
    let bind = |args: &mut Args, row: &Row| {
        args.text(&row.home);
        args.text(&row.subject);
        args.maybe(row.said.tier.as_deref());
        args.maybe(row.said.score.as_deref());
        args.maybe(row.said.decision.as_deref());
        args.maybe(row.said.undecided.as_deref());
        args.day(row.said.decided_on);
        args.maybe_day(row.said.changes_on);
        args.text(&row.said.next);
        args.text(&due_keys(&row.due));
    };
    tx.write_many(&SAVE, appraisals, bind, |_| {}).await?;
    let mut due: Vec<&due::Row> = appraisals.iter().flat_map(|row| &row.due).collect();
    due.sort_unstable_by_key(|d| (&d.workflow, &d.trigger, d.issue_on, &d.home, &d.subject));
    due::add_many(tx, &due, |row| is_known(&known, row)).await.map(|_| ())
}

/// Returns the stored appraisal of one subject.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn find(at: &mut impl Reads, home: &str, subject: &str) -> Result<Option<Said>, Fault> {
    let found = row(at, FIND, args!(text home, text subject)).await?;
    found.map(|found| read(&found).map(|(_, _, said)| said)).transpose()
}

/// Counts subjects by tier: tier (empty while never decided), how many, how many undecided now.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn by_tier(at: &mut impl Reads) -> Result<Vec<(String, i64, i64)>, Fault> {
    let found = rows(at, BY_TIER, args!()).await?;
    let read = |row| {
        let mut columns = Columns::of(row, "appraisal");
        Ok((columns.next()?, columns.next()?, columns.next()?))
    };
    found.iter().map(read).collect()
}

/// Counts subjects that are undecided for a cause and not waiting to be asked again.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn count_undecided(at: &mut impl Reads, cause: &str) -> Result<i64, Fault> {
    let found = row(at, COUNT_UNDECIDED, args!(text cause)).await?;
    found.map_or(Ok(0), |found| Columns::of(&found, "appraisal").next())
}

/// Reads home, subject and what the appraisal says.
pub(super) fn read(row: &sqlx::sqlite::SqliteRow) -> Result<(String, String, Said), Fault> {
    let mut columns = Columns::of(row, "appraisal");
    let (home, subject) = (columns.next()?, columns.next()?);
    let said = Said {
        tier: columns.next()?,
        score: columns.next()?,
        decision: columns.next()?,
        undecided: columns.next()?,
        decided_on: columns.parsed()?,
        changes_on: columns.maybe_parsed()?,
        next: columns.next()?,
    };
    Ok((home, subject, said))
}

fn due_keys(due: &[due::Row]) -> String {
    json_rows(due.iter().map(|d| [d.workflow.clone(), d.trigger.clone(), d.issue_on.to_string()]))
}

async fn due_before(tx: &mut Tx, appraisals: &[Row]) -> Result<Vec<due::Key>, Fault> {
    let keys = json_rows(appraisals.iter().map(|row| [row.home.as_str(), row.subject.as_str()]));
    let mut gone = Vec::new();
    for found in rows(tx, DUE_BEFORE, args!(text & keys)).await? {
        let mut columns = Columns::of(&found, "appraisal.due_keys");
        let (home, subject): (String, String) = (columns.next()?, columns.next()?);
        let keys: Vec<(String, String, String)> = columns.json()?;
        gone.extend(keys.into_iter().map(|(workflow, trigger, issue_on)| due::Key {
            workflow,
            trigger,
            issue_on,
            home: home.clone(),
            subject: subject.clone(),
        }));
    }
    Ok(gone)
}

/// Home, subject, workflow, trigger, nominal and reason of what is held and recorded.
type Known = BTreeSet<[String; 6]>;

async fn held_before(tx: &mut Tx, gone: &[due::Key]) -> Result<Known, Fault> {
    if gone.is_empty() {
        return Ok(Known::new());
    }
    let keys = json_rows(
        gone.iter().map(|key| [&key.workflow, &key.trigger, &key.issue_on, &key.home, &key.subject]),
    );
    let found = rows(tx, HELD_BEFORE, args!(text & keys)).await?;
    let read = |row| {
        let mut columns = Columns::of(row, "due");
        let mut next = || columns.next::<String>();
        Ok([next()?, next()?, next()?, next()?, next()?, next()?])
    };
    found.iter().map(read).collect()
}

fn is_known(known: &Known, row: &due::Row) -> bool {
    row.held.as_ref().is_some_and(|reason| {
        !known.is_empty()
            && known.contains(&[
                row.home.clone(),
                row.subject.clone(),
                row.workflow.clone(),
                row.trigger.clone(),
                row.nominal.to_string(),
                reason.clone(),
            ])
    })
}
