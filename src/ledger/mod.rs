//! The record: what an entry of the ledger is, how entries are chained, how a chain is checked.
//!
//! Every change appends an [`Entry`] in its own transaction; a batch is one entry for each
//! station it touches. Entries of one chain name each other by hash, so that a changed, removed
//! or swapped one is found and named by [`verify`]. What cannot be found without a copy kept
//! elsewhere is the loss of the newest entries, or of a whole chain.
//!
//! ```text
//!   start ──▶ entry 1 ──▶ entry 2 ──▶ … ──▶ head          one chain a station, and ''
//!   (zeros)   prev=zeros  prev=hash 1                     for the bureau
//! ```
//!
//! This room knows no database: `store` reads the head, asks for the next entry and writes it.
//! To add a kind of entry: a variant of [`Body`] with its name and its fields in the order of their keys.

mod body;
mod canonical;
mod chain;
mod choices;
mod document;
mod entry;
mod people;
mod rows;

pub use body::{Body, BodyText, NotABody};
pub use chain::{Chain, ChainBreak, ChainFlaw, ChainHead, verify, verify_from};
pub use choices::Choices;
pub use document::{ChangedDocument, DocumentBody, KindBook, MadeDocument, MovedBlank};
pub use entry::Entry;
pub use people::{LaidPost, PeopleAct, PersonnelImport};
pub use rows::{
    AppraisalChange, BatchOpening, FiredTerm, OpenedCommon, OpenedOrder, SingleOpening, SkippedCandidate,
    TermMove,
};
