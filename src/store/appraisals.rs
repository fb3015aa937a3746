//! Appraisals: tier, score and next dates of each subject, with the due rows they make.

use std::collections::BTreeSet;

use crate::id::TriggerId;
use crate::time::Day;

use super::due::{self, DueRow};
use super::record::{read_all, read_count, record, written};
use super::row_stream::stream;
use super::sql::{Bulk, Sql, bulk, join, json_rows, sql, statements};
use super::{Reads, Result, RowStream, Tx};

/// One subject's appraisal, to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct AppraisalRow {
    pub home: String,
    pub subject: String,
    /// What it says.
    pub said: AppraisalText,
    /// Its due rows, at most one for each recurring trigger.
    pub due: Vec<DueRow>,
}

record! {
    /// What an appraisal says, as it is stored.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AppraisalText in "appraisal" {
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
}

written! {
    AppraisalRow => "appraisal" by "home, subject"; join!("home, subject, ", AppraisalText::COLUMNS, ", due_keys"),
    |Self { home, subject, said, due }| (home, subject, said, due_keys(due))
}

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
    "WHERE d.home = e.value->>0 AND d.workflow = e.value->>1 AND d.\"trigger\" = e.value->>2 AND d.held = 2 "
    "AND d.issue_on = e.value->>3 AND d.subject = e.value->>4");
const SAVE: Bulk = bulk!("appraisals.save": insert AppraisalRow (replace AppraisalRow));
const STRAYS: Sql = sql!("appraisals.strays":
    "SELECT a.home, a.subject FROM appraisal AS a WHERE NOT EXISTS "
    "(SELECT 1 FROM subject AS s WHERE s.home = a.home AND s.id = a.subject) ORDER BY a.home, a.subject");

const VERDICTS: Sql = sql!("appraisals.verdicts":
    "SELECT home, subject, tier, undecided FROM appraisal ORDER BY home, subject");

statements!(VERDICTS, STRAYS, COUNT_UNDECIDED, DUE_BEFORE, HELD_BEFORE; SAVE);

/// Reads tier and cause of all appraisals, by home and subject.
pub fn verdicts(at: &mut impl Reads) -> RowStream<'_, (String, String, Option<String>, Option<String>)> {
    stream(at, VERDICTS, ())
}

/// Stores appraisals in place of those there were, and their due rows in place of theirs.
///
/// A due row that was held for the same reason under the same key, and recorded, stays recorded.
pub async fn save_many(tx: &mut Tx, appraisals: &[AppraisalRow]) -> Result<()> {
    let gone = due_before(tx, appraisals).await?;
    let known = held_before(tx, &gone).await?;
    due::delete_keys(tx, &gone).await?;
    tx.write_rows(&SAVE, appraisals).await?;
    let mut due: Vec<&DueRow> = appraisals.iter().flat_map(|row| &row.due).collect();
    due.sort_unstable_by_key(|d| (&d.candidate.home, &d.trigger, d.candidate.issue_on, &d.candidate.subject));
    due::add_many(tx, &due, |row| is_known(&known, row)).await.map(|_| ())
}

/// Lists the appraisals of subjects that are not there: home and id.
pub async fn strays(at: &mut impl Reads) -> Result<Vec<(String, String)>> {
    read_all(at, STRAYS, ()).await
}

/// Counts subjects that are undecided for a cause and not waiting to be asked again.
pub async fn count_undecided(at: &mut impl Reads, cause: &str) -> Result<i64> {
    read_count(at, COUNT_UNDECIDED, cause).await
}

fn due_keys(due: &[DueRow]) -> String {
    json_rows(due.iter().map(|row| (&row.trigger, row.candidate.issue_on)))
}

/// Workflow, trigger and issue date of the due rows of a subject.
type DueKeys = Vec<(String, String, String)>;

async fn due_before(tx: &mut Tx, appraisals: &[AppraisalRow]) -> Result<Vec<due::DueKey>> {
    let keys = json_rows(appraisals.iter().map(|row| (&row.home, &row.subject)));
    let found: Vec<(String, String, DueKeys)> = read_all(tx, DUE_BEFORE, keys).await?;
    let of_subject = |(home, subject, keys): (String, String, DueKeys)| {
        keys.into_iter().map(move |(workflow, trigger, issue_on)| due::DueKey {
            trigger: TriggerId { trigger, workflow },
            issue_on,
            home: home.clone(),
            subject: subject.clone(),
        })
    };
    Ok(found.into_iter().flat_map(of_subject).collect())
}

/// Home, subject, trigger, nominal and reason of what is held and recorded.
type RecordedHolds = BTreeSet<(String, String, TriggerId, String, String)>;

async fn held_before(tx: &mut Tx, gone: &[due::DueKey]) -> Result<RecordedHolds> {
    if gone.is_empty() {
        return Ok(RecordedHolds::new());
    }
    read_all(tx, HELD_BEFORE, json_rows(gone)).await
}

fn is_known(known: &RecordedHolds, row: &DueRow) -> bool {
    let DueRow { trigger, candidate } = row;
    candidate.held.as_ref().is_some_and(|reason| {
        !known.is_empty()
            && known.contains(&(
                candidate.home.clone(),
                candidate.subject.clone(),
                trigger.clone(),
                candidate.nominal.to_string(),
                reason.clone(),
            ))
    })
}
