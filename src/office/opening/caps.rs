//! What caps count: the orders that somebody got in a local calendar period.

use std::collections::BTreeMap;

use crate::dispatch::{CapUse, cap_period};
use crate::engine::{OrderHeader, OrderOrigin};
use crate::id::TriggerId;
use crate::ledger::OpenedOrder;
use crate::office::Answer;
use crate::policy::{Cap, CapPer, CapPeriod};
use crate::store::cap_counters::TallyKey;
use crate::store::{Reads, Tx, cap_counters};
use crate::time::Day;

/// Reads how many orders each had so far in the period that holds today.
pub(crate) async fn used(
    at: &mut impl Reads,
    trigger: TriggerId<&str>,
    cap: Cap,
    today: Day,
) -> Answer<CapUse> {
    let counts = cap_counters::of_period(at, trigger, per_name(cap.per), &period_name(cap, today)).await?;
    Ok(counts.into_iter().map(|(whom, count)| (whom, u32::try_from(count).unwrap_or(u32::MAX))).collect())
}

/// Adds orders that were opened today.
pub(crate) async fn count(
    tx: &mut Tx,
    trigger: TriggerId<&str>,
    cap: Cap,
    today: Day,
    opened: &[OpenedOrder],
) -> Answer<()> {
    let mut counts = BTreeMap::new();
    for OpenedOrder { header, origin, .. } in opened {
        let Some(key) = tally(cap, today, header, origin) else { continue };
        *counts.entry(TallyKey { trigger: trigger.to_owned(), ..key }).or_insert(0) += 1;
    }
    Ok(cap_counters::add_many(tx, &counts).await?)
}

/// Says under what an order that was opened today is counted; under nothing where there is nobody to count it for.
pub(crate) fn tally(cap: Cap, today: Day, header: &OrderHeader, origin: &OrderOrigin) -> Option<TallyKey> {
    let whom = match cap.per {
        CapPer::Officer => origin.officer.as_ref(),
        CapPer::Grid => header.grid.as_ref(),
        CapPer::Station => Some(&header.station),
        CapPer::Subject => Some(&header.subject),
    };
    let trigger = TriggerId { workflow: header.workflow.as_str(), trigger: origin.trigger.as_str() };
    let holder = CapHolder { home: header.id.home.clone(), whom: whom?.clone() };
    Some(tally_of(trigger, cap, today, holder))
}

/// For whom a cap counts an order, and the home of the order.
#[derive(Clone, Debug)]
pub(crate) struct CapHolder {
    pub(crate) home: String,
    pub(crate) whom: String,
}

/// Says under what orders of somebody are counted that are opened today.
pub(crate) fn tally_of(trigger: TriggerId<&str>, cap: Cap, today: Day, holder: CapHolder) -> TallyKey {
    let (per, period) = (per_name(cap.per).to_owned(), period_name(cap, today));
    let CapHolder { home, whom } = holder;
    TallyKey { home, trigger: trigger.to_owned(), per, period, whom }
}

const fn per_name(per: CapPer) -> &'static str {
    match per {
        CapPer::Officer => "officer",
        CapPer::Grid => "grid",
        CapPer::Station => "station",
        CapPer::Subject => "subject",
    }
}

/// Names the local calendar period that a day lies in.
fn period_name(cap: Cap, day: Day) -> String {
    let (first, _) = cap_period(cap.period, day);
    let form = match cap.period {
        CapPeriod::Day | CapPeriod::Week => "%Y-%m-%d",
        CapPeriod::Month => "%Y-%m",
        CapPeriod::Year => "%Y",
    };
    first.format(form).to_string()
}
