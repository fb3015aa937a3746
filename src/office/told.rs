//! What a door tells after a pass: some of the orders just opened, each with the line that decided.

use super::ask::{OrderLine, find_subject, lines};
use super::why::place;
use super::{Live, Stop};
use crate::rules::Val;
use crate::store::Store;
use crate::store::order_list;
use crate::time::Stamp;

/// One order just opened.
#[derive(Clone, Debug)]
pub struct Told {
    /// The order.
    pub line: OrderLine,
    /// File, line and text that decided its tier.
    pub because: String,
}

/// Returns at most `limit` orders issued at a moment, in the order they were picked.
pub async fn opened_at(store: &Store, live: &Live, at: Stamp, limit: u32) -> Result<Vec<Told>, Stop> {
    let today = at.day_in(live.policy.bureau.zone);
    let mut reader = store.read().await?;
    let orders = order_list::issued_at(&mut reader, at, today, i64::from(limit)).await?;
    let mut told = Vec::with_capacity(orders.len());
    for line in lines(&mut reader, live, orders).await? {
        let found = find_subject(&mut reader, live, &line.subject).await?;
        let trace = live.rules.trace(&live.policy, &found.subject, today);
        // What raised the tier last; where nothing did, what it began with.
        let decided = trace.tier.iter().rev().find(|line| line.value == Val::Flag(true));
        let because = decided.or(trace.tier.first()).map(|line| {
            let because = place(&live.policy, line.span, line.value.to_string());
            format!("{}:{} {}", because.file, because.line, because.text)
        });
        told.push(Told { line, because: because.unwrap_or_default() });
    }
    Ok(told)
}
