//! Files of orders: what each is; its bytes lie beside the database under their digest.

use std::ops::RangeInclusive;

use crate::id::OrderId;
use crate::time::Stamp;

use super::record::{read_all, record};
use super::row_stream::stream;
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, RowStream, Tx};

record! {
    /// One file of an order.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Attachment in "attachment" by "home, seq, digest" {
        pub order: OrderId = (OrderId),
        /// Digest of its bytes.
        pub digest: String,
        /// Its name as it was handed in.
        pub name: String,
        /// Media type, found from its bytes.
        pub kind: String,
        /// Length in bytes.
        pub bytes: i64,
        /// Who handed it in.
        pub actor: String,
        pub at: Stamp,
        /// Latitude and longitude the picture was taken at, kept apart from it.
        pub place: Option<(String, String)> = "lat, lon",
        /// When the picture says it was taken.
        pub taken_at: Option<String>,
    }
}

const OF_ORDER: Sql = sql!("attachments.of_order":
    "SELECT " (Attachment) " FROM attachment WHERE home = $1 AND seq = $2 ORDER BY at, digest");
const ADD: Bulk = bulk!("attachments.add": insert Attachment (keep Attachment));
const EVERY: Sql = sql!("attachments.all":
    "SELECT " (Attachment) ", lon FROM attachment ORDER BY home, seq, digest");
const OF_ORDERS: Sql = sql!("attachments.of_orders":
    "SELECT " (Attachment) " FROM attachment WHERE home = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq, digest");

statements!(OF_ORDER, OF_ORDERS, EVERY; ADD);

/// Writes what files of orders are; a file an order has already stays as it is.
pub async fn add_many(tx: &mut Tx, files: &[Attachment]) -> Result<u64> {
    tx.write_rows(&ADD, files).await
}

/// Reads what all files are, each with its longitude once more: where there is no latitude it is no place.
pub fn all(at: &mut impl Reads) -> RowStream<'_, (Attachment, Option<String>)> {
    stream(at, EVERY, ())
}

/// Lists the files of a stretch of a home's orders, both ends included.
pub async fn of_orders(
    at: &mut impl Reads,
    home: &str,
    seqs: RangeInclusive<i64>,
) -> Result<Vec<Attachment>> {
    read_all(at, OF_ORDERS, (home, seqs)).await
}

/// Lists the files of an order, in the order they came.
pub async fn of_order(at: &mut impl Reads, order: &OrderId) -> Result<Vec<Attachment>> {
    read_all(at, OF_ORDER, order).await
}
