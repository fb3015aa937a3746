//! What the ledger says happened to one order, in order: its opening, what was done on it, its terms.
//!
//! What one order did stands under its number; batches are found by the moment, which the order knows.

use std::collections::BTreeSet;

use crate::engine::{Event, HistoryEntry, OrderHeader, OrderOrigin, Parent, StaffChoice, TermMoment};
use crate::id::OrderId;
use crate::ledger::{
    BatchOpening, Body, Choices, Entry, FiredTerm, NotABody, OpenedOrder, SingleOpening, TermMove,
};
use crate::office::Answer;
use crate::store::ledger::EntryMoment;
use crate::store::terms::Term;
use crate::store::{ReadTx, ledger};
use crate::time::Stamp;

/// One thing that happened.
#[derive(Clone, Debug)]
pub(crate) struct LogEntry {
    /// Place of its entry in the chain.
    pub(crate) seq: i64,
    pub(crate) at: Stamp,
    pub(crate) actor: String,
    pub(crate) what: LogEvent,
}

#[derive(Clone, Debug)]
pub(crate) enum LogEvent {
    Opened(Box<OpeningEntry>),
    Event {
        event: Event,
        given: Vec<StaffChoice>,
        /// The history as it was written; none for moments, which are written by the thousand.
        history: Option<Vec<HistoryEntry>>,
        /// The policy it is pinned to from here on.
        policy: Option<String>,
        /// The order's version after; none for moments.
        version: Option<i64>,
        /// What the row holds that keeps its answer.
        answered: Option<String>,
    },
    Moved {
        calendar: String,
        revision: String,
        moves: Vec<TermMove>,
    },
    Late {
        step: String,
        reason: String,
        event: String,
        written: Option<String>,
        /// As with an event.
        answered: Option<String>,
    },
}

impl LogEvent {
    /// A moment that came, and whom it led to.
    pub(crate) fn of_moment(event: Event, given: Vec<StaffChoice>) -> Self {
        Self::Event { event, given, history: None, policy: None, version: None, answered: None }
    }

    /// Returns what the row holds that keeps the answer to it.
    pub(crate) fn answered(&self) -> Option<&str> {
        match self {
            Self::Event { answered, .. } | Self::Late { answered, .. } => answered.as_deref(),
            Self::Opened(_) | Self::Moved { .. } => None,
        }
    }
}

/// How an order was opened.
#[derive(Clone, Debug)]
pub(crate) struct OpeningEntry {
    pub(crate) header: OrderHeader,
    pub(crate) origin: OrderOrigin,
    /// The step it began at.
    pub(crate) step: String,
    pub(crate) parent: Option<Parent>,
    pub(crate) given: Vec<StaffChoice>,
    pub(crate) history: Option<Vec<HistoryEntry>>,
}

/// Reads what an entry about one order says; nothing for an entry of another kind or shape.
pub(crate) fn of_entry(entry: &Entry) -> Option<LogEntry> {
    read_entry(entry).ok().flatten()
}

/// Reads what an entry about one order says; nothing for an entry of another kind.
///
/// # Errors
/// [`NotABody`] when its text does not have the shape of its kind.
pub(crate) fn read_entry(entry: &Entry) -> Result<Option<LogEntry>, NotABody> {
    let what = match entry.read()? {
        Body::OrderOpened(opening) => {
            let SingleOpening { common, order, parent, choices, said } = *opening;
            LogEvent::Opened(Box::new(OpeningEntry {
                header: order.header,
                origin: order.origin,
                step: common.step,
                parent,
                given: choices,
                history: Some(said),
            }))
        }
        Body::Acted { answered, choices, event, now: _, order: _, policy, said, version } => {
            let (history, version) = (Some(said), Some(version));
            LogEvent::Event { event, given: choices, history, policy, version, answered }
        }
        Body::SubmittedLate { answered, step, reason, event, written, .. } => {
            LogEvent::Late { step, reason, event, written, answered }
        }
        Body::OrdersOpened(_)
        | Body::CalendarMoved { .. }
        | Body::TermsFired { .. }
        | Body::Imported { .. }
        | Body::Confirmed { .. }
        | Body::AppraisalsChanged { .. }
        | Body::Skipped { .. }
        | Body::Occurrence { .. }
        | Body::Quarantined { .. }
        | Body::People(_)
        | Body::ClockAccepted { .. }
        | Body::ClockRehearsed { .. }
        | Body::ErrandsRetried { .. }
        | Body::Repaired { .. }
        | Body::Restored { .. }
        | Body::Document(_)
        | Body::Released { .. }
        | Body::Planned { .. }
        | Body::ShadowBegun { .. }
        | Body::ShadowCompared { .. }
        | Body::Proposed { .. } => return Ok(None),
    };
    Ok(Some(LogEntry { seq: entry.seq, at: entry.at, actor: entry.actor.clone(), what }))
}

/// Reads how a batch opened one of its orders.
pub(crate) fn opened_in(entry: &Entry, batch: &BatchOpening, order: &OpenedOrder) -> LogEntry {
    let opening = OpeningEntry {
        header: order.header.clone(),
        origin: order.origin.clone(),
        step: batch.common.step.clone(),
        parent: None,
        given: batch.choices.at(&order.choices),
        history: None,
    };
    let (at, actor) = (entry.at, entry.actor.clone());
    LogEntry { seq: entry.seq, at, actor, what: LogEvent::Opened(Box::new(opening)) }
}

/// Reads a moment out of its batch.
pub(crate) fn fired_in(entry: &Entry, fired: &FiredTerm, choices: &Choices) -> Option<LogEntry> {
    let event = Event::Fired(TermMoment {
        step: fired.step.clone(),
        visit: u32::try_from(fired.visit).ok()?,
        kind: fired.kind.parse().ok()?,
        level: u32::try_from(fired.level).ok()?,
    });
    let given = choices.at(&fired.choices);
    let what = LogEvent::of_moment(event, given);
    Some(LogEntry { seq: entry.seq, at: entry.at, actor: entry.actor.clone(), what })
}

/// Finds all that happened to one order: what stands under its number, and its part in the batches of
/// the moments at which it was opened, its terms fired and its dates moved.
pub(crate) async fn of_order(
    reader: &mut ReadTx,
    order: OrderId<&str>,
    issued_at: Stamp,
    terms: &[Term],
) -> Answer<Vec<LogEntry>> {
    let OrderId { home, seq } = order;
    let about = ledger::about(reader, home, seq).await?;
    let mut all: Vec<LogEntry> = about.iter().filter_map(of_entry).collect();
    if !all.iter().any(|past| matches!(past.what, LogEvent::Opened(_))) {
        all.extend(opened(reader, order, issued_at).await?);
    }
    let moments: BTreeSet<Stamp> = terms.iter().filter_map(|term| term.row.fired_at).collect();
    for at in moments {
        for place in ledger::places_at(reader, home, "terms.fired", at).await? {
            let Some(entry) = ledger::read(reader, home, place - 1, 1).await?.pop() else { continue };
            if let Ok(Body::TermsFired { terms, choices }) = entry.read() {
                let own = terms.iter().filter(|term| term.seq == seq);
                all.extend(own.filter_map(|fired| fired_in(&entry, fired, &choices)));
            }
        }
    }
    all.extend(moved(reader, order, issued_at).await?);
    all.sort_by_key(|past| past.seq);
    Ok(all)
}

/// Finds how an order was opened among the batches of its moment: orders have their numbers in the order of
/// the ledger, so half of those that are left can be passed over each time.
async fn opened(reader: &mut ReadTx, order: OrderId<&str>, at: Stamp) -> Answer<Option<LogEntry>> {
    let OrderId { home, seq } = order;
    let places = ledger::places_at(reader, home, "orders.opened", at).await?;
    let mut left = places.as_slice();
    while let Some(middle) = left.get(left.len() / 2) {
        let entry = ledger::read(reader, home, middle - 1, 1).await?.pop();
        let Some((Ok(Body::OrdersOpened(batch)), entry)) = entry.map(|entry| (entry.read(), entry)) else {
            return Ok(None);
        };
        let number = |order: &OpenedOrder| order.header.id.seq;
        if let Some(order) = batch.orders.iter().find(|order| number(order) == seq) {
            return Ok(Some(opened_in(&entry, &batch, order)));
        }
        let (before, after) = left.split_at(left.len() / 2);
        left =
            if batch.orders.first().is_some_and(|first| seq < number(first)) { before } else { &after[1..] };
    }
    Ok(None)
}

/// Entries of calendars read at a time.
const PAGE: i64 = 16;

async fn moved(reader: &mut ReadTx, order: OrderId<&str>, since: Stamp) -> Answer<Vec<LogEntry>> {
    let id = order.to_string();
    let (mut all, mut after) = (Vec::new(), EntryMoment::before(since));
    loop {
        let entries = ledger::batches(reader, order.home, "calendar.moved", after, PAGE).await?;
        let Some(last) = entries.last() else { return Ok(all) };
        after = EntryMoment::of(last);
        for entry in &entries {
            let Ok(Body::CalendarMoved { calendar, revision, moves }) = entry.read() else { continue };
            let moves: Vec<TermMove> = moves.into_iter().filter(|moved| moved.order == id).collect();
            if !moves.is_empty() {
                let what = LogEvent::Moved { calendar, revision, moves };
                all.push(LogEntry { seq: entry.seq, at: entry.at, actor: entry.actor.clone(), what });
            }
        }
    }
}
