//! The record read again: one order told from the ledger, all of it compared with the tables.

pub(crate) mod export;
pub(crate) mod findings;
pub(crate) mod order_log;
pub(crate) mod repair;
pub(crate) mod replay;
pub(crate) mod told_rows;
pub(crate) mod verify;
pub(crate) mod verify_appraisals;
pub(crate) mod verify_dispatch;
pub(crate) mod verify_documents;
pub(crate) mod verify_late;
pub(crate) mod verify_order_rows;
pub(crate) mod verify_orders;
pub(crate) mod verify_outbox;
pub(crate) mod verify_people;
pub(crate) mod verify_releases;
