//! Opening orders: what is due, what is called by hand or by a signal, what comes round by period.

pub(crate) mod dispatch;
pub(crate) mod opener;
pub(crate) mod staffing;
pub(crate) mod undated;
