//! The record: what an entry of the ledger is, how entries are chained, how a chain is checked.
//!
//! Every change appends an [`Entry`] in its own transaction; a batch is one entry for each
//! station it touches. The hash of an entry covers that of the one before, so that a changed, removed
//! or swapped one is found and named by [`verify`]. What cannot be found without a copy kept
//! elsewhere is the loss of the newest entries, or of a whole chain.
//!
//! ```text
//!   start ──▶ entry 1 ──▶ entry 2 ──▶ … ──▶ head          one chain a station, and ''
//!   (zeros)   hash over   hash over                       for the bureau
//!             zeros       hash 1
//! ```
//!
//! Two formats stand in a chain, one after the other. Entries of the first say the hash of the one before, and
//! hold what the engine says as texts of JSON; those of the second do neither, and what is done with
//! documents at once is one entry a person. Both are read and verified for ever; the second is written.
//!
//! This room knows no database: `store` reads the head, asks for the next entry and writes it.
//! To add a kind of entry: a variant of [`Body`] with its name and its fields in the order of their keys.

mod body;
mod canonical;
mod chain;
mod choices;
mod document;
mod entry;
mod nested;
mod people;
mod rows;
mod said;

pub use body::{Body, BodyText, NotABody, PassedSeries, TableSums};
pub use canonical::composed;
pub use chain::{Chain, ChainBreak, ChainFlaw, ChainHead, verify, verify_from};
pub use choices::Choices;
pub use document::{ChangedDocument, DocumentBody, DocumentChange, KindBook, MadeDocument, MovedBlank};
pub use entry::{Entry, PriorHash};
pub use people::{LaidPost, PeopleAct, PersonnelImport};
pub use rows::{
    AppraisalChange, BatchOpening, FiredTerm, OpenedCommon, OpenedOrder, ShadowDay, ShadowSubject,
    ShadowTiers, SingleOpening, SkippedCandidate, TermMove,
};
