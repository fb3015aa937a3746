//! Opening orders: what is due, what is called by hand or by a signal, what comes round by period.
//!
//! Each way plans its orders; one [`opener`] decides and writes them all.

pub(crate) mod caps;
pub(crate) mod dispatch;
pub(crate) mod opener;
pub(crate) mod skipping;
pub(crate) mod staffing;
pub(crate) mod undated;
