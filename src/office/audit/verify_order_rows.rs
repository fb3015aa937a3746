//! What else stands under an order: its terms, messages, answers and files.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::{
    Act, ActiveStep, Doing, Event, Order, OrderOrigin, OrderState, OutboxMessage, TermMoment, TermRow,
};
use crate::office::audit::order_log::{LogEntry, LogEvent, OpeningEntry};
use crate::office::audit::replay::ReplayedOrder;
use crate::office::desk::act_executor::KeptAnswer;
use crate::office::desk::late;
use crate::office::desk::recall_blanks;
use crate::office::documents::row_digits;
use crate::office::signals::carry::SIGNAL_KEY;
use crate::store::acts::{self, AnsweredAct};
use crate::store::attachments::Attachment;
use crate::store::duties::DutyRow;
use crate::store::outbox::{OutboxEntry, SettledMessage};
use crate::store::repair::ToldOrder;
use crate::store::terms::Term;
use crate::time::Stamp;

/// Compares an order's messages: all that it brought about are there, and nothing else but what is told of late
/// submissions and of blanks that come back.
pub(crate) fn same_messages(found: &[SettledMessage], told: &ReplayedOrder, trail: &[LogEntry]) -> bool {
    let mut rest: BTreeMap<(i64, i64), &OutboxMessage> = BTreeMap::new();
    rest.extend(found.iter().map(|SettledMessage { entry: OutboxEntry { key, message, .. }, .. }| {
        ((key.version, key.ordinal), message)
    }));
    let is_told = told.outbox.iter().all(|(version, messages)| {
        let placed = (0_i64..).zip(messages);
        placed.fold(true, |all, (ordinal, message)| {
            let is_same = |found| found == message || Some(found) == message.as_told_before().as_ref();
            all & rest.remove(&(*version, ordinal)).is_some_and(is_same)
        })
    });
    is_told && rest.iter().all(|((_, ordinal), message)| is_beside(*ordinal, message, told, trail))
}

/// Returns whether a message may stand beside those of the order's own versions.
fn is_beside(ordinal: i64, message: &OutboxMessage, told: &ReplayedOrder, trail: &[LogEntry]) -> bool {
    match message.kind.as_str() {
        late::KIND => {
            let lates: Vec<&str> = trail.iter().filter_map(late_event).collect();
            let nth = late::nth_of(ordinal).and_then(|nth| lates.get(nth));
            nth.is_some_and(|event| late::tells_of(&message.body, event, &told.order.cover))
        }
        recall_blanks::KIND => {
            let said: Option<serde_json::Value> = serde_json::from_str(&message.body).ok();
            let said = said.as_ref().and_then(|said| said.get("reason")?.as_str());
            matches!(&told.order.state, OrderState::Cancelled { reason, .. } if said == Some(reason))
        }
        _ => false,
    }
}

fn late_event(past: &LogEntry) -> Option<&str> {
    match &past.what {
        LogEvent::Late { event, .. } => Some(event),
        LogEvent::Opened(_) | LogEvent::Event { .. } | LogEvent::Moved { .. } => None,
    }
}

/// Compares the answers kept under their senders' keys with what the entries of the acts say each row holds. Entries
/// of earlier builds do not say it: those answers are held against where the order stood by the version they name.
pub(crate) fn same_answers(found: &[AnsweredAct], told: &ReplayedOrder, trail: &[LogEntry]) -> bool {
    let mut said: BTreeSet<&str> = trail.iter().filter_map(|past| past.what.answered()).collect();
    let told_by: BTreeSet<i64> = trail.iter().filter_map(answered_by).collect();
    let is_told = found.iter().all(|act| {
        said.remove(row_digits(acts::content(act)).as_str()) || is_as_it_stood(act, told, &told_by)
    });
    is_told && said.is_empty()
}

/// Returns the version after an act whose entry says what its answer is.
fn answered_by(past: &LogEntry) -> Option<i64> {
    match &past.what {
        LogEvent::Event { version, answered: Some(_), .. } => *version,
        LogEvent::Opened(_) | LogEvent::Event { .. } | LogEvent::Moved { .. } | LogEvent::Late { .. } => None,
    }
}

/// Compares an answer that no entry tells of with where the order stood. The act that led there kept no other, and only
/// a signal meets an order without an entry.
fn is_as_it_stood(act: &AnsweredAct, told: &ReplayedOrder, told_by: &BTreeSet<i64>) -> bool {
    let kept: Option<KeptAnswer<'_>> = serde_json::from_str(&act.answer).ok();
    kept.is_some_and(|kept| {
        let stood = told.stood.range(..=kept.version).next_back();
        stood.is_some_and(|(_, (step, state))| *step == kept.step && *state == kept.state)
            && kept.version <= told.version
            && (kept.late || act.key.starts_with(SIGNAL_KEY) || !told_by.contains(&kept.version))
    })
}

/// Compares an order's files with those that were handed in: by whom and when, its entries say. An act that met a
/// later one is dated as that is, and its files came before.
pub(crate) fn same_files(found: &[Attachment], told: &ReplayedOrder, trail: &[LogEntry]) -> bool {
    let mut named: BTreeMap<String, HandIn<'_>> = BTreeMap::new();
    let mut last = told.order.cover.issued_at;
    for past in trail {
        let event = match &past.what {
            LogEvent::Event { event, history: Some(_), .. } => Some(event.clone()),
            LogEvent::Late { event, .. } => serde_json::from_str(event).ok(),
            LogEvent::Event { .. } | LogEvent::Opened(_) | LogEvent::Moved { .. } => continue,
        };
        if let Some(Event::Act(Act { doing: Doing::Complete { attached, .. }, .. })) = event {
            for digest in attached {
                let handed = HandIn { actor: &past.actor, at: past.at, has_waited: past.at == last };
                named.entry(digest).or_insert(handed);
            }
        }
        last = last.max(past.at);
    }
    let digests: BTreeSet<&String> = found.iter().map(|file| &file.digest).collect();
    let is_named = |file: &Attachment| named.get(&file.digest).is_some_and(|handed| handed.is(file));
    digests.len() == named.len() && found.iter().all(is_named)
}

/// Who handed a file in, and when.
struct HandIn<'a> {
    actor: &'a str,
    at: Stamp,
    /// It is dated as the act before.
    has_waited: bool,
}

impl HandIn<'_> {
    fn is(&self, file: &Attachment) -> bool {
        let Self { actor, at, has_waited } = self;
        file.actor == *actor && (file.at == *at || (*has_waited && file.at < *at))
    }
}

/// Compares what terms were computed from. Which revision of the calendar it was is not part of that: an order keeps
/// its text, and what begins later goes by the calendar of the day.
fn same_basis(found: &str, told: &str) -> bool {
    let plain = |text: &str| {
        let mut basis: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
        basis.remove("calendar");
        Some(basis)
    };
    found == told || plain(found).is_some_and(|found| Some(found) == plain(told))
}

/// Compares terms; the dates of an order that a calendar moved are those of the move.
pub(crate) fn same_terms(found: &[Term], told: &ReplayedOrder) -> bool {
    let found: BTreeMap<TermMoment, &TermRow> =
        found.iter().map(|term| (term.row.moment(), &term.row)).collect();
    found.len() == told.terms.len()
        && told.terms.iter().all(|(key, row)| {
            found.get(key).is_some_and(|term| {
                let is_timed = told.is_moved || (term.fires_at == row.fires_at && term.end_on == row.end_on);
                term.fired_at == row.fired_at
                    && is_timed
                    && (told.is_moved || same_basis(&term.basis, &row.basis))
            })
        })
}

/// When the order came to where somebody has it in hand.
pub(crate) fn since(order: &Order, duty: &DutyRow) -> Stamp {
    let is_there = |place: &&ActiveStep| place.step == duty.step && i64::from(place.visit) == duty.visit;
    order.state.places().iter().find(is_there).map_or(order.cover.issued_at, |place| place.entered_at)
}

/// Says how an order is to stand in the tables.
pub(crate) fn told_order(opening: &OpeningEntry, told: ReplayedOrder) -> ToldOrder {
    let ReplayedOrder { order, version, policy, is_provisional, terms, shown, .. } = told;
    let origin = OrderOrigin { policy, is_provisional, ..opening.origin.clone() };
    let terms = terms.iter().map(|(_, row)| row.clone()).collect();
    ToldOrder { order, origin, version, shown, terms }
}
