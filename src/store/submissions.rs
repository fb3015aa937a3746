//! Submissions for an order that has moved on: kept, never dropped.

use crate::id::OrderId;
use crate::time::Stamp;

use super::record::{read_count, record};
use super::row_stream::stream;
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, RowStream, Tx};

record! {
    /// One late submission.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Submission in "submission" by "home, seq, key" {
        pub order: OrderId = (OrderId),
        /// The key its sender gave, or the digest of what was sent.
        pub key: String,
        /// The step it was meant for.
        pub step: String,
        /// Which visit of it; 0 when the sender did not say.
        pub visit: i64,
        /// Who sent it.
        pub actor: String,
        /// When it came.
        pub at: Stamp,
        /// The earlier moment its sender wrote, where he wrote one.
        pub written: Option<Stamp>,
        /// Id of the refusal it would have met.
        pub reason: String,
        /// JSON, the act as sent.
        pub body: String,
    }
}

const COUNT: Sql = sql!("submissions.count":
    "SELECT COUNT(*) FROM submission WHERE home = $1 AND seq = $2");
const ADD: Bulk = bulk!("submissions.add": insert Submission (keep Submission));
const EVERY: Sql = sql!("submissions.all":
    "SELECT " (Submission) " FROM submission ORDER BY home, seq, key");

statements!(COUNT, EVERY; ADD);

/// Keeps submissions; one that is there already stays as it is.
pub async fn add_many(tx: &mut Tx, submissions: &[Submission]) -> Result<u64> {
    tx.write_rows(&ADD, submissions).await
}

/// Reads all late submissions.
pub fn all(at: &mut impl Reads) -> RowStream<'_, Submission> {
    stream(at, EVERY, ())
}

/// Counts the late submissions of an order.
pub async fn count(at: &mut impl Reads, order: &OrderId) -> Result<i64> {
    read_count(at, COUNT, order).await
}
