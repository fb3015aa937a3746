//! Up to which moment each trigger's firings have been evaluated.

use crate::id::TriggerId;
use crate::time::Stamp;

use super::record::{read_all, record};
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, Tx};

record! {
    /// One trigger's watermark.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Watermark in "watermark" by "workflow, \"trigger\"" {
        pub trigger: TriggerId = (TriggerId),
        /// Firings before this are not the trigger's: an edit never fires the past.
        pub starts_at: Stamp,
        /// Firings up to here have been evaluated.
        pub at: Stamp,
    }
}

const LIST: Sql = sql!("watermarks.list":
    "SELECT " (Watermark) " FROM watermark ORDER BY workflow, \"trigger\"");
// Who read it before another moved it on does not move it back: a firing would be evaluated twice.
const SET: Bulk = bulk!("watermarks.set":
    insert Watermark (replace Watermark) " WHERE watermark.at <= excluded.at");
const SET_BACK: Sql = sql!("watermarks.set_back": "UPDATE watermark SET at = $1 WHERE at > $1");
const DELETE: Sql = sql!("watermarks.delete":
    "DELETE FROM watermark WHERE workflow = $1 AND \"trigger\" = $2");

statements!(LIST, DELETE, SET_BACK; SET);

/// Lists all watermarks, by workflow and trigger.
pub async fn list(at: &mut impl Reads) -> Result<Vec<Watermark>> {
    read_all(at, LIST, ()).await
}

/// Moves a trigger's watermark on; one that is further already stays.
pub async fn set(tx: &mut Tx, mark: &Watermark) -> Result<()> {
    tx.write_rows(&SET, &[mark]).await.map(drop)
}

/// Takes the watermarks that are past a moment back to it, as when a clock that ran ahead was set right.
pub async fn set_back(tx: &mut Tx, to: Stamp) -> Result<u64> {
    tx.execute(SET_BACK, to).await
}

/// Takes away the watermark of a trigger that is no more, so that one of the same name starts anew.
pub async fn delete(tx: &mut Tx, trigger: TriggerId<&str>) -> Result<()> {
    tx.execute(DELETE, trigger).await.map(drop)
}
