//! One line of the ledger.

use crate::digest::Digest;
use crate::time::Stamp;

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The station whose chain it is; empty for the bureau's.
    pub chain: String,
    /// Place in the chain, from 1.
    pub seq: i64,
    /// When it was recorded.
    pub at: Stamp,
    /// Who did it.
    pub actor: String,
    /// What kind of change, such as `orders.opened`.
    pub kind: String,
    /// The change, as canonical JSON.
    pub body: String,
    /// Hash of the entry before; zeros for the first.
    pub prev: Digest,
    /// Hash of this entry.
    pub hash: Digest,
}
