//! Blanks of orders that were cancelled: whoever has one in hand is told to bring it back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::documents::BlankState;
use crate::engine::{Addressee, OrderChange, OrderState, OutboxMessage};
use crate::id::OrderId;
use crate::office::Answer;
use crate::store::outbox::{self, OutboxKey};
use crate::store::{Tx, blanks};
use crate::time::Stamp;

/// What such a message is called; one of [`crate::policy::NOTICE_KINDS`].
pub(crate) const KIND: &str = "blanks back";

/// Tells the officers who hold blanks that were signed out for orders these changes cancelled, each
/// in one message an order, in the transaction of the cancellation.
///
/// # Source
/// Scenario A7: signed-out blanks of a cancelled order must be returned.
pub(crate) async fn ask_back(tx: &mut Tx, changes: &[&OrderChange], now: Stamp) -> Answer<()> {
    let cancelled: BTreeMap<&OrderId, (&OrderChange, &str)> = changes
        .iter()
        .filter(|change| !matches!(change.before.state, OrderState::Cancelled { .. }))
        .filter_map(|change| match &change.outcome.next.state {
            OrderState::Cancelled { reason, .. } => Some((&change.key, (*change, reason.as_str()))),
            OrderState::NotYet | OrderState::Open(_) | OrderState::Done { .. } => None,
        })
        .collect();
    let orders: BTreeSet<&OrderId> = cancelled.keys().copied().collect();
    if orders.is_empty() {
        return Ok(());
    }
    let mut held: BTreeMap<(OrderId, String), Vec<String>> = BTreeMap::new();
    for found in blanks::signed_out_of(tx, &orders).await? {
        if let (Some(order), BlankState::SignedOut { officer, .. }) = (found.order, found.blank.state) {
            held.entry((order, officer)).or_default().push(found.blank.control.to_string());
        }
    }
    let epoch = tx.epoch().number;
    let mut given: BTreeMap<&OrderId, i64> = BTreeMap::new();
    let mut rows = Vec::with_capacity(held.len());
    for ((order, officer), blanks) in &held {
        let Some((key, (change, reason))) = cancelled.get_key_value(order) else { continue };
        // They follow the messages of the cancellation itself.
        let first = i64::try_from(change.outcome.outbox.len()).unwrap_or(i64::MAX);
        let ordinal = given.entry(key).or_insert(first);
        let place = OutboxKey { order: order.clone(), version: change.version, ordinal: *ordinal, epoch };
        *ordinal += 1;
        let message = OutboxMessage {
            kind: KIND.to_owned(),
            addressee: Addressee::Officer((*officer).clone()).to_string(),
            body: json!({"blanks": blanks.join(" "), "reason": reason}).to_string(),
        };
        rows.push((place, message));
    }
    let rows: Vec<_> = rows.iter().map(|(place, message)| (place.clone(), message, now)).collect();
    Ok(outbox::add_each(tx, &rows).await?)
}
