//! Files of orders: what each is; its bytes lie beside the database under their digest.

use crate::id::OrderId;
use crate::time::Stamp;

use super::record::{read_all, record};
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, Tx};

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

statements!(OF_ORDER; ADD);

/// Writes what files of orders are; a file an order has already stays as it is.
pub async fn add_many(tx: &mut Tx, files: &[Attachment]) -> Result<u64> {
    tx.write_rows(&ADD, files).await
}

/// Lists the files of an order, in the order they came.
pub async fn of_order(at: &mut impl Reads, order: &OrderId) -> Result<Vec<Attachment>> {
    read_all(at, OF_ORDER, order).await
}
