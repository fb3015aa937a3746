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
const SET: Bulk = bulk!("watermarks.set": insert Watermark (replace Watermark));
const DELETE: Sql = sql!("watermarks.delete":
    "DELETE FROM watermark WHERE workflow = $1 AND \"trigger\" = $2");

statements!(LIST, DELETE; SET);

/// Lists all watermarks, by workflow and trigger.
pub async fn list(at: &mut impl Reads) -> Result<Vec<Watermark>> {
    read_all(at, LIST, ()).await
}

/// Writes a watermark in place of the trigger's old one.
pub async fn set(tx: &mut Tx, mark: &Watermark) -> Result<()> {
    tx.write_rows(&SET, &[mark]).await.map(drop)
}

/// Takes away the watermark of a trigger that is no more, so that one of the same name starts anew.
pub async fn delete(tx: &mut Tx, trigger: TriggerId<&str>) -> Result<()> {
    tx.execute(DELETE, trigger).await.map(drop)
}
