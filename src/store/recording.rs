//! How much of what happens is recorded.

/// What is written besides that from which it is decided what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// All: the ledger, messages, documents, and why no order was opened.
    Whole,
    /// Only why no order was opened: in a copy of which somebody may ask that.
    Skips,
    /// Nothing.
    Nothing,
}
