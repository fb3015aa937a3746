//! An order's history, read from the ledger's batches.

use serde_json::json;

use super::ask::HistoryLine;
use super::{Live, Stop};
use crate::ledger::{Body, Entry};
use crate::store::order_list::Order;
use crate::store::{Reader, ledger};

/// Entries read at a time.
const PAGE: i64 = 200;

/// Tells what the ledger says of one order, oldest first.
///
/// A batch names its orders inside one entry, so the home's chain is read from its end: an order
/// is opened once, and nothing about it stands before that.
pub(super) async fn history(
    reader: &mut Reader,
    live: &Live,
    order: &Order,
) -> Result<Vec<HistoryLine>, Stop> {
    let mut lines = Vec::new();
    let mut after = 0;
    loop {
        let entries = ledger::read(reader, &order.home, after, PAGE).await?;
        let Some(last) = entries.last() else { return Ok(lines) };
        after = last.seq;
        lines.extend(entries.iter().filter_map(|entry| line(live, order, entry)));
    }
}

fn line(live: &Live, order: &Order, entry: &Entry) -> Option<HistoryLine> {
    let zone = live.policy.bureau.zone;
    let (event, step, data) = match Body::read(&entry.kind, &entry.body).ok()? {
        Body::OrdersOpened { common, orders, .. } => {
            let opened = orders.into_iter().find(|opened| opened.seq == order.seq)?;
            let data = json!({
                "trigger": common.trigger, "policy": common.policy, "nominal": opened.nominal,
                "due": opened.due_on, "tier": opened.tier, "score": opened.score, "decision": opened.decision,
            });
            ("opened", Some(common.step), data)
        }
        Body::CalendarMoved { calendar, revision, moves } => {
            let id = super::ask::order_id(&order.home, order.seq);
            let moved = moves.into_iter().find(|moved| moved.order == id && moved.what != "provisional")?;
            let data = json!({
                "from": moved.from, "to": moved.to, "calendar": calendar, "revision": revision,
            });
            ("date-moved", None, data)
        }
        Body::OrderOpened { .. }
        | Body::Acted { .. }
        | Body::SubmittedLate { .. }
        | Body::Imported { .. }
        | Body::AppraisalsChanged { .. }
        | Body::Skipped { .. }
        | Body::Occurrence { .. }
        | Body::Quarantined { .. }
        | Body::TermsFired { .. }
        | Body::People { .. }
        | Body::Document(_)
        | Body::Released { .. } => return None,
    };
    let (at, actor) = (entry.at.rfc3339_in(zone), entry.actor.clone());
    Some(HistoryLine { seq: entry.seq, at, actor, event, step, data })
}
