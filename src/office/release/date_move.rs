//! What is told of an open order when a calendar or another text sets its dates anew.

use serde::Serialize;

use crate::time::Day;

/// One order whose date moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DateMove {
    /// Id of the order.
    pub order: String,
    /// Last day of its window, or of its step, before.
    pub from: Day,
    /// The same, after.
    pub to: Day,
}
