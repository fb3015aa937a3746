//! How an order is named by people and scripts.

/// Returns an order's id as people and scripts write it: `<home>-<running number>`.
pub(crate) fn order_id(home: &str, seq: i64) -> String {
    format!("{home}-{seq}")
}
