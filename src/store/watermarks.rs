//! Up to which moment each trigger's firings have been evaluated.

use crate::time::Stamp;

use super::sql::{Sql, args, sql};
use super::tx::{Columns, rows};
use super::{Fault, Reads, Tx};

/// One trigger's watermark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watermark {
    /// Workflow.
    pub workflow: String,
    /// Trigger.
    pub trigger: String,
    /// Firings before this are not the trigger's: an edit never fires the past.
    pub starts_at: Stamp,
    /// Firings up to here have been evaluated.
    pub at: Stamp,
}

const LIST: Sql = sql!("watermarks.list":
    "SELECT workflow, \"trigger\", starts_at, at FROM watermark ORDER BY workflow, \"trigger\"");
const SET: Sql = sql!("watermarks.set":
    "INSERT INTO watermark (workflow, \"trigger\", starts_at, at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (workflow, \"trigger\") DO UPDATE SET starts_at = excluded.starts_at, at = excluded.at");
const DELETE: Sql = sql!("watermarks.delete":
    "DELETE FROM watermark WHERE workflow = $1 AND \"trigger\" = $2");

pub(super) const ALL: &[Sql] = &[LIST, SET, DELETE];

/// Lists all watermarks, by workflow and trigger.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn list(at: &mut impl Reads) -> Result<Vec<Watermark>, Fault> {
    let found = rows(at, LIST, args!()).await?;
    let read = |row| {
        let mut columns = Columns::of(row, "watermark");
        Ok(Watermark {
            workflow: columns.next()?,
            trigger: columns.next()?,
            starts_at: columns.exact()?,
            at: columns.exact()?,
        })
    };
    found.iter().map(read).collect()
}

/// Writes a watermark in place of the trigger's old one.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn set(tx: &mut Tx, mark: &Watermark) -> Result<(), Fault> {
    let Watermark { workflow, trigger, starts_at, at } = mark;
    let args = args!(text workflow, text trigger, stamp *starts_at, stamp *at);
    tx.run(SET, args).await.map(|_| ())
}

/// Takes away the watermark of a trigger that is no more, so that one of the same name starts anew.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn delete(tx: &mut Tx, workflow: &str, trigger: &str) -> Result<(), Fault> {
    tx.run(DELETE, args!(text workflow, text trigger)).await.map(|_| ())
}
