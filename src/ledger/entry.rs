//! One line of the ledger.

use crate::digest::Digest;
use crate::time::Stamp;

/// The hash of the entry before, where an entry says it: those of the first format do. The others leave it
/// out, because their own hash covers it and holds beside no other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PriorHash(pub Option<Digest>);

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
    /// Hash of the entry before.
    pub prev: PriorHash,
    /// Hash of this entry; it covers that of the entry before, which is zeros for the first.
    pub hash: Digest,
}
