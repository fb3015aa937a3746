//! Which event meets which state: the machine as a table, from which `docs/order.md` is drawn.

use std::{fmt, iter};

use strum::{EnumIter, IntoEnumIterator as _};

use self::Disposition::{Ignored, Leads, Refused};
use self::{ActKind as A, EventKind as E, RefusalCode as R, StateKind as S};
use super::event::{ActKind, Event};
use super::order::{ActiveStep, Order, OrderState, StepStatus};
use super::{ActResult, Refusal, RefusalCode};

/// Where an order stands, without what it holds there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter)]
pub enum StateKind {
    /// Not opened.
    NotYet,
    /// At a duty whose wait is not over.
    Waiting,
    /// At a duty.
    Duty,
    /// Waiting for other orders.
    Orders,
    /// Waiting for the parts of a `parallel`.
    Parts,
    /// Waiting for a mended rule.
    Stuck,
    /// At its end, but for those who have yet to confirm the work.
    Confirmation,
    /// Ran to its end.
    Done,
    /// Ended before.
    Cancelled,
}

/// What happens, without its particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// It is opened.
    Open,
    /// A person acts on it.
    Act(ActKind),
    /// See [`Event::Ended`].
    Ended,
    /// See [`Event::Signal`].
    Signal,
    /// See [`Event::Fired`].
    Fired,
    /// See [`Event::Retry`].
    Retry,
    /// See [`Event::Migrated`].
    Migrated,
}

/// What comes of an event in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// It is lawful, and leads to one of these.
    Leads(&'static [StateKind]),
    /// It comes too late to matter, and changes nothing.
    Ignored,
    /// It is refused, with this reason.
    Refused(RefusalCode),
}

impl StateKind {
    /// Returns the kind of a place.
    pub const fn of(place: &ActiveStep) -> Self {
        match place.standing {
            StepStatus::Waiting { .. } => Self::Waiting,
            StepStatus::Duty(_) => Self::Duty,
            StepStatus::Orders(_) => Self::Orders,
            StepStatus::Parts => Self::Parts,
            StepStatus::Stuck { .. } => Self::Stuck,
            StepStatus::Confirmation => Self::Confirmation,
        }
    }

    /// Returns the kind of the state an event meets: that of the place it is about.
    pub fn met(order: &Order, event: &Event) -> Self {
        let step = match event {
            Event::Act(act) => act.step.as_deref(),
            Event::Ended(ended) => Some(ended.step.as_str()),
            Event::Fired(fired) => Some(fired.step.as_str()),
            Event::Signal(_) | Event::Retry | Event::Migrated(_) => None,
        };
        Self::at(order, step)
    }

    /// Returns the kind of the state of an order at a step, or as a whole where it is not there.
    pub fn at(order: &Order, step: Option<&str>) -> Self {
        match &order.state {
            OrderState::NotYet => Self::NotYet,
            OrderState::Done { .. } => Self::Done,
            OrderState::Cancelled { .. } => Self::Cancelled,
            OrderState::Open(places) => {
                let found = step.and_then(|step| places.iter().find(|place| place.step == step));
                found.or(order.first_place()).map_or(Self::Done, Self::of)
            }
        }
    }
}

impl EventKind {
    /// Returns every event.
    pub fn all() -> impl Iterator<Item = Self> {
        let acts = ActKind::iter().map(Self::Act);
        let others = [Self::Ended, Self::Signal, Self::Fired, Self::Retry, Self::Migrated];
        iter::once(Self::Open).chain(acts).chain(others)
    }

    /// Returns the kind of an event.
    pub fn of(event: &Event) -> Self {
        match event {
            Event::Act(act) => Self::Act(ActKind::from(&act.doing)),
            Event::Ended(_) => Self::Ended,
            Event::Signal(_) => Self::Signal,
            Event::Fired(_) => Self::Fired,
            Event::Retry => Self::Retry,
            Event::Migrated(_) => Self::Migrated,
        }
    }
}

/// The name by which `docs/order.md` tells of it.
impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Act(act) => write!(f, "{act:?}"),
            Self::Open | Self::Ended | Self::Signal | Self::Fired | Self::Retry | Self::Migrated => {
                write!(f, "{self:?}")
            }
        }
    }
}

/// Where an order can stand after one that goes on by the rules.
const ANYWHERE: &[StateKind] =
    &[S::Waiting, S::Duty, S::Orders, S::Parts, S::Stuck, S::Confirmation, S::Done];

/// Says what comes of an event in a state.
pub const fn fate(state: StateKind, event: EventKind) -> Disposition {
    match (state, event) {
        (S::NotYet, E::Open)
        | (S::Duty, E::Act(A::Complete))
        | (S::Orders, E::Ended)
        | (S::Stuck, E::Retry) => Leads(ANYWHERE),
        (_, E::Open) => Refused(R::AlreadyOpen),
        (S::NotYet, _) => Refused(R::NoSuchOrder),
        // Nothing happens to an order that is over, but that work done before is confirmed.
        (S::Cancelled, E::Act(A::Sign)) => Leads(&[S::Cancelled]),
        (_, E::Ended) | (S::Done | S::Cancelled, E::Signal | E::Fired | E::Migrated) => Ignored,
        (_, E::Retry) => Refused(R::NotStuck),
        (S::Done | S::Cancelled, _) => Refused(R::Ended),
        (_, E::Act(A::Cancel)) => Leads(&[S::Cancelled]),
        // Everything is done but what may not be done yet.
        (S::Waiting, E::Act(A::Complete | A::Return)) => Refused(R::TooEarly),
        (S::Waiting, E::Act(A::Recall | A::Waive)) => Leads(&[S::Duty]),
        (S::Waiting, E::Signal) => Leads(&[S::Waiting, S::Duty, S::Cancelled]),
        // By another text a wait may be shorter, or none.
        (S::Waiting, E::Fired | E::Migrated) => Leads(&[S::Waiting, S::Duty]),
        (S::Waiting, _) => Leads(&[S::Waiting]),
        (S::Duty, E::Act(A::Waive)) => Refused(R::NoWait),
        (S::Duty, E::Act(A::Return)) => Leads(&[S::Duty, S::Waiting]),
        (S::Duty, E::Signal) => Leads(&[S::Duty, S::Waiting, S::Cancelled, S::Done]),
        (S::Duty, E::Fired) => Leads(&[S::Duty, S::Done]),
        (S::Duty, _) => Leads(&[S::Duty]),
        (S::Orders | S::Parts | S::Stuck | S::Confirmation, E::Act(A::Recall)) => Refused(R::NothingToRecall),
        // A term may run over orders that are waited for, or over the parts of a step; there is no duty to
        // act on, and those of the parts are places of their own.
        (S::Orders, E::Signal) => Leads(&[S::Orders, S::Duty, S::Cancelled]),
        (S::Orders, E::Act(A::Sign | A::Extend | A::Pause | A::Resume) | E::Fired | E::Migrated) => {
            Leads(&[S::Orders])
        }
        (S::Parts, E::Signal) => Leads(&[S::Parts, S::Duty, S::Cancelled]),
        (S::Parts, E::Act(A::Sign | A::Extend | A::Pause | A::Resume) | E::Fired | E::Migrated) => {
            Leads(&[S::Parts])
        }
        (S::Orders | S::Parts, _) => Refused(R::NotADuty),
        (S::Stuck, E::Signal) => Leads(&[S::Stuck, S::Duty, S::Cancelled]),
        (S::Stuck, E::Act(A::Sign) | E::Fired | E::Migrated) => Leads(&[S::Stuck]),
        (S::Stuck, _) => Refused(R::Stuck),
        // Nobody but those who have to confirm has anything to do.
        (S::Confirmation, E::Act(A::Sign)) => Leads(&[S::Confirmation, S::Done]),
        (S::Confirmation, E::Signal) => Leads(&[S::Confirmation, S::Duty, S::Cancelled]),
        (S::Confirmation, E::Fired | E::Migrated) => Leads(&[S::Confirmation]),
        (S::Confirmation, _) => Refused(R::Unconfirmed),
    }
}

/// Says whether an event does anything, as far as the state of an order as a whole decides that.
///
/// # Refusals
/// An order that exists is opened again; one that does not, or that ended, is acted on. What the
/// single places refuse is said where they are looked at, because only there it is known why.
pub(super) fn admits(order: &Order, state: StateKind, event: EventKind) -> ActResult<bool> {
    match (state, fate(state, event)) {
        (S::NotYet | S::Done | S::Cancelled, Refused(code)) | (_, Refused(code @ R::AlreadyOpen)) => {
            Err(Refusal::new(code).with("order", order.cover.id.to_string()))
        }
        (_, Ignored) => Ok(false),
        (_, Refused(_) | Leads(_)) => Ok(true),
    }
}

/// Draws the machine in the notation of mermaid's state diagrams.
pub fn diagram() -> String {
    use std::fmt::Write as _;
    let mut out = String::from("stateDiagram-v2\n");
    for from in StateKind::iter() {
        for to in StateKind::iter() {
            let leads =
                |event: &EventKind| matches!(fate(from, *event), Leads(states) if states.contains(&to));
            let events: Vec<String> = EventKind::all().filter(leads).map(|event| event.to_string()).collect();
            if !events.is_empty() {
                writeln!(out, "    {from:?} --> {to:?}: {}", events.join(", "))
                    .expect("a String takes all that is written");
            }
        }
    }
    out
}
