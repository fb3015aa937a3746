//! The record told again: each order folded through the same step that made it.
//!
//! People are not asked again whether they may: who was chosen stands in the record, and what the
//! register says of people now is not what it said then.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::codes;
use crate::engine::{
    self, DecisionContext, Effect, Event, HistoryEntry, HistoryEvent, Order, OrderRecord, OrderState,
    OutboxMessage, Outcome, Refusal, RefusalCode, TermMoment, TermRows, Timing,
};
use crate::ledger::TermMove;
use crate::office::ActiveRelease;
use crate::office::audit::order_log::{LogEntry, LogEvent, OpeningEntry};
use crate::people::Roster;
use crate::policy::DocumentAt;
use crate::register::Subject;
use crate::time::Day;

/// An order as the record tells it so far.
#[derive(Clone, Debug)]
pub(crate) struct ReplayedOrder {
    pub(crate) order: Order,
    pub(crate) version: i64,
    /// Digest of the policy it is pinned to.
    pub(crate) policy: String,
    pub(crate) is_provisional: bool,
    pub(crate) terms: TermRows,
    /// Rows that fired together with others, and have not been told.
    fired: BTreeSet<TermMoment>,
    /// By version: what was to be told.
    pub(crate) outbox: Vec<(i64, Vec<OutboxMessage>)>,
    /// The step it is shown at, and the visit: the last one, when it has ended.
    pub(crate) shown: (String, u32),
    /// Where it stood by each version: the step it was shown at, and its state.
    pub(crate) stood: BTreeMap<i64, (String, &'static str)>,
    /// Kind, step and visit of the documents that its steps made.
    pub(crate) papers: Vec<(String, String, u32)>,
    /// Its dates were moved by a calendar that its policy does not hold.
    pub(crate) is_moved: bool,
    /// A rule read the subject as it was then, so that the rest cannot be told again.
    pub(crate) is_lost: bool,
}

/// What an event is judged by, besides the order.
#[derive(Clone, Copy)]
pub(crate) struct By<'a> {
    pub(crate) live: &'a ActiveRelease,
    pub(crate) roster: &'a Roster,
    pub(crate) subject: Option<&'a Subject>,
}

/// Opens an order again, with the people who were chosen then.
pub(crate) fn open(live: &ActiveRelease, opening: &OpeningEntry) -> Result<Outcome, Refusal> {
    opened(opening, By { live, roster: &Roster::default(), subject: None })
}

fn opened(opening: &OpeningEntry, by: By<'_>) -> Result<Outcome, Refusal> {
    let cover = opening.header.clone();
    let at = cover.issued_at;
    let record = OrderRecord::begun(&opening.origin);
    let order = Order { cover, record, state: OrderState::NotYet };
    let ActiveRelease { policy, rules, .. } = by.live;
    let ground = DecisionContext {
        policy,
        rules,
        roster: by.roster,
        subject: by.subject,
        given: Some(&opening.given),
    };
    engine::open(&ground, &order, opening.parent.as_ref(), at)
}

impl ReplayedOrder {
    /// Begins with the opening.
    ///
    /// # Refusals
    /// When the policy could not have opened it.
    pub(crate) fn open(opening: &OpeningEntry, by: By<'_>) -> Result<Self, Refusal> {
        let outcome = opened(opening, by)?;
        let before = Order { state: OrderState::NotYet, ..outcome.next.clone() };
        let mut told = Self {
            order: before,
            version: 1,
            policy: opening.origin.policy.clone(),
            is_provisional: opening.origin.is_provisional,
            terms: TermRows::default(),
            fired: BTreeSet::new(),
            outbox: Vec::new(),
            shown: (String::new(), 1),
            stood: BTreeMap::new(),
            papers: Vec::new(),
            is_moved: false,
            is_lost: false,
        };
        told.take(outcome);
        Ok(told)
    }

    /// Lets the terms fire that an entry says fired together: what the first of them brings about takes none of the
    /// others back.
    pub(crate) fn fire_together<'t>(&mut self, trail: impl Iterator<Item = &'t LogEntry>) {
        for past in trail {
            if let LogEvent::Event { event: Event::Fired(fired), .. } = &past.what
                && self.terms.waits(fired)
                && self.terms.fire(fired, past.at)
            {
                self.fired.insert(fired.clone());
            }
        }
    }

    /// Lets the next thing in the record happen; returns whether it was a moment that fired.
    ///
    /// # Refusals
    /// When it could not have happened.
    pub(crate) fn go_on(&mut self, past: &LogEntry, by: By<'_>) -> Result<bool, Refusal> {
        match &past.what {
            LogEvent::Opened(_) => Err(Refusal::new(RefusalCode::AlreadyOpen)),
            LogEvent::Late { .. } => Ok(false),
            LogEvent::Moved { moves, .. } => {
                // Dates that cannot be read cannot be told again.
                self.moved(moves).ok_or(Refusal::new(RefusalCode::Stale))?;
                Ok(false)
            }
            LogEvent::Event { event, given, history, version, policy: _, answered: _ } => {
                if let Event::Fired(fired) = event
                    && !self.fired.remove(fired)
                    && !self.terms.fire(fired, past.at)
                {
                    return Ok(false);
                }
                let ActiveRelease { policy, rules, .. } = by.live;
                let ground = DecisionContext {
                    policy,
                    rules,
                    roster: by.roster,
                    subject: by.subject,
                    given: Some(given),
                };
                let outcome = engine::step(&ground, &self.order, event, past.at)?;
                if let Some(history) = history
                    && (by.subject.is_some() || was_out_of_time(history))
                    && *history != outcome.history
                {
                    self.is_lost = true;
                    return Ok(false);
                }
                if !outcome.history.is_empty() || outcome.next != self.order {
                    self.version += 1;
                    self.take(outcome);
                }
                if version.is_some_and(|version| version != self.version) {
                    return Err(Refusal::new(RefusalCode::Stale));
                }
                Ok(matches!(event, Event::Fired(_)))
            }
        }
    }

    /// Does to the rows of terms and of the outbox what the store does.
    fn take(&mut self, outcome: Outcome) {
        self.terms.take(&outcome);
        if let Some((step, visit)) = outcome.shown(&self.order) {
            self.shown = (step.to_owned(), visit);
        }
        self.stood.insert(self.version, (self.shown.0.clone(), outcome.next.state.into_str()));
        self.papers.extend(outcome.effects.iter().filter_map(|effect| match effect {
            // What is served was made by a step before.
            Effect::Document { kind, step, visit, at } if *at != DocumentAt::Serve => {
                Some((kind.clone(), step.clone(), *visit))
            }
            Effect::Document { .. } | Effect::Open(_) | Effect::Inspection { .. } | Effect::Set { .. } => {
                None
            }
        }));
        if !outcome.outbox.is_empty() {
            self.outbox.push((self.version, outcome.outbox));
        }
        self.order = outcome.next;
    }

    fn moved(&mut self, moves: &[TermMove]) -> Option<()> {
        self.version += 1;
        self.stood.insert(self.version, (self.shown.0.clone(), self.order.state.into_str()));
        self.is_moved = true;
        let day = |text: &str| text.parse::<Day>().ok();
        let mut timings: BTreeMap<(String, u32), Timing> = BTreeMap::new();
        for place in self.order.state.places() {
            let until = match &place.standing {
                engine::StepStatus::Waiting { until, .. } => Some(*until),
                _ => None,
            };
            let (step, visit, due) = (place.step.clone(), place.visit, place.due);
            let timing = Timing { step: step.clone(), visit, until, due, ends: Vec::new(), rows: Vec::new() };
            timings.insert((step, visit), timing);
        }
        for TermMove { order: _, what, from: _, to } in moves {
            let parts: Vec<&str> = what.splitn(3, '/').collect();
            match parts.as_slice() {
                ["window"] => self.order.cover.due_on = day(to)?,
                ["provisional"] => self.is_provisional = to.parse().ok()?,
                // One of several terms of a step; where the order stands says the first alone.
                ["term", ..] => {}
                [kind, step, visit] => {
                    let key = ((*step).to_owned(), visit.parse().ok()?);
                    let Some(timing) = timings.get_mut(&key) else { continue };
                    match *kind {
                        "wait" => timing.until = maybe(to, |text| text.parse().ok()).ok()?,
                        _ => timing.due = maybe(to, day).ok()?,
                    }
                }
                _ => {}
            }
        }
        for timing in timings.into_values() {
            self.order.retime(&timing);
        }
        Some(())
    }
}

/// Returns whether a rule took too long then, which it need not do again.
fn was_out_of_time(history: &[HistoryEntry]) -> bool {
    let cause = |entry: &HistoryEntry| match &entry.event {
        HistoryEvent::Stuck { cause } => cause.starts_with(codes::RULE_TIME.id),
        _ => false,
    };
    history.iter().any(cause)
}

/// Reads a date that may have been taken away.
///
/// # Errors
/// The text is not a date.
fn maybe<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ()> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some).ok_or(()) }
}
