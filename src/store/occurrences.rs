//! Firings that were evaluated, each with its outcome.

use crate::time::Stamp;

use super::sql::{Sql, args, sql};
use super::tx::{Columns, rows};
use super::{Fault, Reads, Tx};

/// One evaluated firing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Workflow.
    pub workflow: String,
    /// Trigger.
    pub trigger: String,
    /// The instant meant.
    pub nominal: Stamp,
    /// `fired`, `missed` or `skipped`.
    pub outcome: String,
    /// Why, when it did not simply fire.
    pub reason: Option<String>,
    /// When it was evaluated.
    pub at: Stamp,
    /// Orders it opened.
    pub opened: i64,
}

const ADD: Sql = sql!("occurrences.add":
    "INSERT INTO occurrence (workflow, \"trigger\", nominal, outcome, reason, at, opened) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workflow, \"trigger\", nominal) DO UPDATE SET "
    "outcome = excluded.outcome, reason = excluded.reason, at = excluded.at, opened = excluded.opened");
const LIST: Sql = sql!("occurrences.list":
    "SELECT workflow, \"trigger\", nominal, outcome, reason, at, opened FROM occurrence "
    "WHERE workflow = $1 AND \"trigger\" = $2 AND nominal >= $3 AND nominal <= $4 ORDER BY nominal");

const EVERY: Sql = sql!("occurrences.all":
    "SELECT workflow, \"trigger\", nominal, outcome, reason, at, opened FROM occurrence "
    "ORDER BY workflow, \"trigger\", nominal");

pub(super) const ALL: &[Sql] = &[ADD, LIST, EVERY];

/// Records a firing; a firing in progress is recorded with every batch it opens.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn record(tx: &mut Tx, occurrence: &Occurrence) -> Result<(), Fault> {
    let Occurrence { workflow, trigger, nominal, outcome, reason, at, opened } = occurrence;
    let args = args!(
        text workflow, text trigger, stamp *nominal, text outcome, maybe reason.as_deref(),
        stamp *at, int *opened,
    );
    tx.run(ADD, args).await.map(|_| ())
}

/// Lists a trigger's firings by the instants meant, both ends included.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn list(
    at: &mut impl Reads,
    (workflow, trigger): (&str, &str),
    from: Stamp,
    to: Stamp,
) -> Result<Vec<Occurrence>, Fault> {
    let args = args!(text workflow, text trigger, stamp from, stamp to);
    rows(at, LIST, args).await?.iter().map(read).collect()
}

/// Lists every evaluated firing.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn all(at: &mut impl Reads) -> Result<Vec<Occurrence>, Fault> {
    rows(at, EVERY, args!()).await?.iter().map(read).collect()
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Occurrence, Fault> {
    let mut columns = Columns::of(row, "occurrence");
    Ok(Occurrence {
        workflow: columns.next()?,
        trigger: columns.next()?,
        nominal: columns.exact()?,
        outcome: columns.next()?,
        reason: columns.next()?,
        at: columns.exact()?,
        opened: columns.next()?,
    })
}
