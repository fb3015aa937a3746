//! The record read again: one order told from the ledger, all of it compared with the tables.

pub(crate) mod findings;
pub(crate) mod order_log;
pub(crate) mod replay;
pub(crate) mod verify;
pub(crate) mod verify_documents;
pub(crate) mod verify_orders;
