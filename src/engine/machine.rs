//! Which event meets which state: the machine as a table, from which `docs/order.md` is drawn.

use std::{fmt, iter};

use strum::{EnumIter, IntoEnumIterator as _};

use self::{ActKind as A, EventKind as E, StateKind as S};
use super::event::{ActKind, Event};
use super::order::{ActiveStep, Order, OrderState, StepStatus};
use super::{Refusal, RefusalCode};

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
        }
    }

    /// Returns the kind of the state an event meets: that of the place it is about.
    pub fn met(order: &Order, event: &Event) -> Self {
        let step = match event {
            Event::Act(act) => act.step.as_deref(),
            Event::Ended(ended) => Some(ended.step.as_str()),
            Event::Fired(fired) => Some(fired.step.as_str()),
            Event::Signal(_) | Event::Retry => None,
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
        iter::once(Self::Open).chain(acts).chain([Self::Ended, Self::Signal, Self::Fired, Self::Retry])
    }

    /// Returns the kind of an event.
    pub fn of(event: &Event) -> Self {
        match event {
            Event::Act(act) => Self::Act(ActKind::from(&act.doing)),
            Event::Ended(_) => Self::Ended,
            Event::Signal(_) => Self::Signal,
            Event::Fired(_) => Self::Fired,
            Event::Retry => Self::Retry,
        }
    }
}

/// The name by which `docs/order.md` tells of it.
impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Act(act) => write!(f, "{act:?}"),
            Self::Open | Self::Ended | Self::Signal | Self::Fired | Self::Retry => write!(f, "{self:?}"),
        }
    }
}

/// Where an order can stand after one that goes on by the rules.
const ANYWHERE: &[StateKind] = &[
    StateKind::Waiting,
    StateKind::Duty,
    StateKind::Orders,
    StateKind::Parts,
    StateKind::Stuck,
    StateKind::Done,
];

/// Says what comes of an event in a state.
pub const fn fate(state: StateKind, event: EventKind) -> Disposition {
    match (state, event) {
        (S::NotYet, E::Open) => Disposition::Leads(ANYWHERE),
        (_, E::Open) => Disposition::Refused(RefusalCode::AlreadyOpen),
        (S::NotYet, _) => Disposition::Refused(RefusalCode::NoSuchOrder),
        (S::Done | S::Cancelled, _) => over(event),
        (_, E::Act(A::Cancel)) => Disposition::Leads(&[S::Cancelled]),
        (S::Waiting, _) => waiting(event),
        (S::Duty, _) => duty(event),
        (S::Orders, _) => orders(event),
        (S::Parts, _) => parts(event),
        (S::Stuck, _) => stuck(event),
    }
}

/// Nothing happens to an order that is over.
const fn over(event: EventKind) -> Disposition {
    match event {
        E::Ended | E::Signal | E::Fired => Disposition::Ignored,
        E::Retry => Disposition::Refused(RefusalCode::NotStuck),
        _ => Disposition::Refused(RefusalCode::Ended),
    }
}

/// Everything is done but what may not be done yet.
const fn waiting(event: EventKind) -> Disposition {
    match event {
        E::Act(A::Complete | A::Return) => Disposition::Refused(RefusalCode::TooEarly),
        E::Retry => Disposition::Refused(RefusalCode::NotStuck),
        E::Ended => Disposition::Ignored,
        E::Act(A::Recall | A::Waive) => Disposition::Leads(&[S::Duty]),
        E::Signal => Disposition::Leads(&[S::Waiting, S::Duty, S::Cancelled]),
        E::Fired => Disposition::Leads(&[S::Waiting, S::Duty]),
        _ => Disposition::Leads(&[S::Waiting]),
    }
}

const fn duty(event: EventKind) -> Disposition {
    match event {
        E::Act(A::Waive) => Disposition::Refused(RefusalCode::NoWait),
        E::Retry => Disposition::Refused(RefusalCode::NotStuck),
        E::Ended => Disposition::Ignored,
        E::Act(A::Complete) => Disposition::Leads(ANYWHERE),
        E::Act(A::Return) => Disposition::Leads(&[S::Duty, S::Waiting]),
        E::Signal => Disposition::Leads(&[S::Duty, S::Waiting, S::Cancelled, S::Done]),
        E::Fired => Disposition::Leads(&[S::Duty, S::Done]),
        _ => Disposition::Leads(&[S::Duty]),
    }
}

/// A term may run over orders that are waited for; there is no duty to act on.
const fn orders(event: EventKind) -> Disposition {
    match event {
        E::Ended => Disposition::Leads(ANYWHERE),
        E::Signal => Disposition::Leads(&[S::Orders, S::Duty, S::Cancelled]),
        E::Act(A::Extend | A::Pause | A::Resume) | E::Fired => Disposition::Leads(&[S::Orders]),
        E::Act(A::Recall) => Disposition::Refused(RefusalCode::NothingToRecall),
        E::Retry => Disposition::Refused(RefusalCode::NotStuck),
        _ => Disposition::Refused(RefusalCode::NotADuty),
    }
}

/// A term may run over the parts of a step; their duties are places of their own.
const fn parts(event: EventKind) -> Disposition {
    match event {
        E::Ended => Disposition::Ignored,
        E::Signal => Disposition::Leads(&[S::Parts, S::Duty, S::Cancelled]),
        E::Act(A::Extend | A::Pause | A::Resume) | E::Fired => Disposition::Leads(&[S::Parts]),
        E::Act(A::Recall) => Disposition::Refused(RefusalCode::NothingToRecall),
        E::Retry => Disposition::Refused(RefusalCode::NotStuck),
        _ => Disposition::Refused(RefusalCode::NotADuty),
    }
}

const fn stuck(event: EventKind) -> Disposition {
    match event {
        E::Ended => Disposition::Ignored,
        E::Signal => Disposition::Leads(&[S::Stuck, S::Duty, S::Cancelled]),
        E::Fired => Disposition::Leads(&[S::Stuck]),
        E::Retry => Disposition::Leads(ANYWHERE),
        E::Act(A::Recall) => Disposition::Refused(RefusalCode::NothingToRecall),
        _ => Disposition::Refused(RefusalCode::Stuck),
    }
}

/// Says whether an event does anything, as far as the state of an order as a whole decides that.
///
/// # Refusals
/// An order that exists is opened again; one that does not, or that ended, is acted on. What the
/// single places refuse is said where they are looked at, because only there it is known why.
pub(super) fn admits(order: &Order, state: StateKind, event: EventKind) -> Result<bool, Refusal> {
    match (state, fate(state, event)) {
        (StateKind::NotYet | StateKind::Done | StateKind::Cancelled, Disposition::Refused(code))
        | (_, Disposition::Refused(code @ RefusalCode::AlreadyOpen)) => {
            Err(Refusal::new(code).with("order", order.cover.id.to_string()))
        }
        (_, Disposition::Ignored) => Ok(false),
        (_, Disposition::Refused(_) | Disposition::Leads(_)) => Ok(true),
    }
}

/// Draws the machine in the notation of mermaid's state diagrams.
pub fn diagram() -> String {
    use std::fmt::Write as _;
    let mut out = String::from("stateDiagram-v2\n");
    for from in StateKind::iter() {
        for to in StateKind::iter() {
            let events: Vec<String> = EventKind::all()
                .filter(
                    |event| matches!(fate(from, *event), Disposition::Leads(states) if states.contains(&to)),
                )
                .map(|event| event.to_string())
                .collect();
            if !events.is_empty() {
                writeln!(out, "    {from:?} --> {to:?}: {}", events.join(", "))
                    .expect("a String takes all that is written");
            }
        }
    }
    out
}
