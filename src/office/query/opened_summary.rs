//! What a door tells after a pass: some of the orders just opened, each with the line that decided.

use crate::explain::place;
use crate::office::appraisal::appraise::find_subject;
use crate::office::query::orders::{OrderLine, lines};
use crate::office::{ActiveRelease, Answer, TickReport};
use crate::rules::Val;
use crate::store::Store;
use crate::store::order_list;

/// One order just opened.
#[derive(Clone, Debug)]
pub struct OpenedSummary {
    /// The order.
    pub line: OrderLine,
    /// File, line and text that decided its tier.
    pub because: String,
}

/// Returns the first orders a pass opened, in the order they were picked.
pub async fn first_opened(
    store: &Store,
    live: &ActiveRelease,
    report: &TickReport,
) -> Answer<Vec<OpenedSummary>> {
    let today = report.at.day_in(live.policy.bureau.zone);
    let mut reader = store.read().await?;
    let mut orders = Vec::with_capacity(report.first.len());
    for order in &report.first {
        orders.extend(order_list::find(&mut reader, order.as_ref(), report.at, today).await?);
    }
    let mut told = Vec::with_capacity(orders.len());
    for line in lines(&mut reader, live, orders).await? {
        let found = find_subject(&mut reader, live, &line.subject).await?;
        let text = live.of_station(&found.subject.station, today)?;
        let trace = text.rules.trace(&text.policy, &found.subject, today);
        // What raised the tier last; where nothing did, what it began with.
        let decided = trace.tier.iter().rev().find(|line| line.value == Val::Flag(true));
        let because = decided.or(trace.tier.first()).map(|line| {
            let because = place(&live.policy, line.span, line.value.to_string());
            format!("{}:{} {}", because.file, because.line, because.text)
        });
        told.push(OpenedSummary { line, because: because.unwrap_or_default() });
    }
    Ok(told)
}
