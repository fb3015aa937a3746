//! Which event meets which state: the machine as a table, from which `docs/order.md` is drawn.

use strum::{EnumIter, IntoEnumIterator as _};

use super::event::{Act, Doing, Event};
use super::order::{Order, Place, Standing, State};
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
#[expect(missing_docs, reason = "each is described at its event")]
pub enum EventKind {
    Open,
    Claim,
    Complete,
    Return,
    Recall,
    Transfer,
    Delegate,
    AddSigner,
    Sign,
    Nudge,
    Copy,
    Extend,
    Pause,
    Resume,
    Waive,
    Cancel,
    Ended,
    Signal,
    Fired,
    Retry,
}

/// What comes of an event in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is lawful, and leads to one of these.
    Leads(&'static [StateKind]),
    /// It comes too late to matter, and changes nothing.
    Ignored,
    /// It is refused, with this reason.
    Refused(RefusalCode),
}

impl StateKind {
    /// Returns the kind of a place.
    pub const fn of(place: &Place) -> Self {
        match place.standing {
            Standing::Waiting { .. } => Self::Waiting,
            Standing::Duty(_) => Self::Duty,
            Standing::Orders(_) => Self::Orders,
            Standing::Parts => Self::Parts,
            Standing::Stuck { .. } => Self::Stuck,
        }
    }

    /// Returns the kind of the state an event meets: that of the place it is about.
    pub fn met(order: &Order, event: &Event<'_>) -> Self {
        let named = match event {
            Event::Act(Act { step: Some(step), .. }) => Some(step),
            Event::Ended(ended) => Some(&ended.step),
            Event::Fired(fired) => Some(&fired.step),
            Event::Act(_) | Event::Open(_) | Event::Signal(_) | Event::Retry => None,
        };
        match &order.state {
            State::NotYet => Self::NotYet,
            State::Done { .. } => Self::Done,
            State::Cancelled { .. } => Self::Cancelled,
            State::Open(places) => {
                let found = named.and_then(|step| places.iter().find(|place| place.step == *step));
                found.or(order.first_place()).map_or(Self::Done, Self::of)
            }
        }
    }
}

impl EventKind {
    /// Every event.
    pub const ALL: [Self; 20] = [
        Self::Open,
        Self::Claim,
        Self::Complete,
        Self::Return,
        Self::Recall,
        Self::Transfer,
        Self::Delegate,
        Self::AddSigner,
        Self::Sign,
        Self::Nudge,
        Self::Copy,
        Self::Extend,
        Self::Pause,
        Self::Resume,
        Self::Waive,
        Self::Cancel,
        Self::Ended,
        Self::Signal,
        Self::Fired,
        Self::Retry,
    ];

    /// Returns the kind of an event.
    pub const fn of(event: &Event<'_>) -> Self {
        match event {
            Event::Open(_) => Self::Open,
            Event::Ended(_) => Self::Ended,
            Event::Signal(_) => Self::Signal,
            Event::Fired(_) => Self::Fired,
            Event::Retry => Self::Retry,
            Event::Act(act) => Self::of_doing(&act.doing),
        }
    }

    const fn of_doing(doing: &Doing) -> Self {
        match doing {
            Doing::Claim => Self::Claim,
            Doing::Complete { .. } => Self::Complete,
            Doing::Return { .. } => Self::Return,
            Doing::Recall { .. } => Self::Recall,
            Doing::Transfer { .. } => Self::Transfer,
            Doing::Delegate { .. } => Self::Delegate,
            Doing::AddSigner { .. } => Self::AddSigner,
            Doing::Sign => Self::Sign,
            Doing::Nudge { .. } => Self::Nudge,
            Doing::Copy { .. } => Self::Copy,
            Doing::Extend { .. } => Self::Extend,
            Doing::Pause { .. } => Self::Pause,
            Doing::Resume => Self::Resume,
            Doing::Waive { .. } => Self::Waive,
            Doing::Cancel { .. } => Self::Cancel,
        }
    }

    /// Returns whether a person does it.
    pub const fn is_act(self) -> bool {
        !matches!(self, Self::Open | Self::Ended | Self::Signal | Self::Fired | Self::Retry)
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
pub const fn fate(state: StateKind, event: EventKind) -> Fate {
    match (state, event) {
        (StateKind::NotYet, EventKind::Open) => Fate::Leads(ANYWHERE),
        (_, EventKind::Open) => Fate::Refused(RefusalCode::AlreadyOpen),
        (StateKind::NotYet, _) => Fate::Refused(RefusalCode::NoSuchOrder),
        (StateKind::Done | StateKind::Cancelled, _) => over(event),
        (_, EventKind::Cancel) => Fate::Leads(&[StateKind::Cancelled]),
        (StateKind::Waiting, _) => waiting(event),
        (StateKind::Duty, _) => duty(event),
        (StateKind::Orders, _) => orders(event),
        (StateKind::Parts, _) => parts(event),
        (StateKind::Stuck, _) => stuck(event),
    }
}

/// Nothing happens to an order that is over.
const fn over(event: EventKind) -> Fate {
    match event {
        EventKind::Ended | EventKind::Signal | EventKind::Fired => Fate::Ignored,
        EventKind::Retry => Fate::Refused(RefusalCode::NotStuck),
        _ => Fate::Refused(RefusalCode::Ended),
    }
}

/// Everything is done but what may not be done yet.
const fn waiting(event: EventKind) -> Fate {
    use StateKind as S;
    match event {
        EventKind::Complete | EventKind::Return => Fate::Refused(RefusalCode::TooEarly),
        EventKind::Retry => Fate::Refused(RefusalCode::NotStuck),
        EventKind::Ended => Fate::Ignored,
        EventKind::Recall | EventKind::Waive => Fate::Leads(&[S::Duty]),
        EventKind::Signal => Fate::Leads(&[S::Waiting, S::Duty, S::Cancelled]),
        EventKind::Fired => Fate::Leads(&[S::Waiting, S::Duty]),
        _ => Fate::Leads(&[S::Waiting]),
    }
}

const fn duty(event: EventKind) -> Fate {
    use StateKind as S;
    match event {
        EventKind::Waive => Fate::Refused(RefusalCode::NoWait),
        EventKind::Retry => Fate::Refused(RefusalCode::NotStuck),
        EventKind::Ended => Fate::Ignored,
        EventKind::Complete => Fate::Leads(ANYWHERE),
        EventKind::Return => Fate::Leads(&[S::Duty, S::Waiting]),
        EventKind::Signal => Fate::Leads(&[S::Duty, S::Waiting, S::Cancelled, S::Done]),
        EventKind::Fired => Fate::Leads(&[S::Duty, S::Done]),
        _ => Fate::Leads(&[S::Duty]),
    }
}

/// A term may run over orders that are waited for; there is no duty to act on.
const fn orders(event: EventKind) -> Fate {
    use StateKind as S;
    match event {
        EventKind::Ended => Fate::Leads(ANYWHERE),
        EventKind::Signal => Fate::Leads(&[S::Orders, S::Duty, S::Cancelled]),
        EventKind::Extend | EventKind::Pause | EventKind::Resume | EventKind::Fired => {
            Fate::Leads(&[S::Orders])
        }
        EventKind::Recall => Fate::Refused(RefusalCode::NothingToRecall),
        EventKind::Retry => Fate::Refused(RefusalCode::NotStuck),
        _ => Fate::Refused(RefusalCode::NotADuty),
    }
}

/// A term may run over the parts of a step; their duties are places of their own.
const fn parts(event: EventKind) -> Fate {
    use StateKind as S;
    match event {
        EventKind::Ended => Fate::Ignored,
        EventKind::Signal => Fate::Leads(&[S::Parts, S::Duty, S::Cancelled]),
        EventKind::Extend | EventKind::Pause | EventKind::Resume | EventKind::Fired => {
            Fate::Leads(&[S::Parts])
        }
        EventKind::Recall => Fate::Refused(RefusalCode::NothingToRecall),
        EventKind::Retry => Fate::Refused(RefusalCode::NotStuck),
        _ => Fate::Refused(RefusalCode::NotADuty),
    }
}

const fn stuck(event: EventKind) -> Fate {
    use StateKind as S;
    match event {
        EventKind::Ended => Fate::Ignored,
        EventKind::Signal => Fate::Leads(&[S::Stuck, S::Duty, S::Cancelled]),
        EventKind::Fired => Fate::Leads(&[S::Stuck]),
        EventKind::Retry => Fate::Leads(ANYWHERE),
        EventKind::Recall => Fate::Refused(RefusalCode::NothingToRecall),
        _ => Fate::Refused(RefusalCode::Stuck),
    }
}

/// Says whether an event does anything, as far as the state of an order as a whole decides that.
///
/// # Refusals
/// An order that exists is opened again; one that does not, or that ended, is acted on. What the
/// single places refuse is said where they are looked at, because only there it is known why.
pub(super) fn admits(order: &Order, event: &Event<'_>) -> Result<bool, Refusal> {
    let state = StateKind::met(order, event);
    match (state, fate(state, EventKind::of(event))) {
        (StateKind::NotYet | StateKind::Done | StateKind::Cancelled, Fate::Refused(code))
        | (_, Fate::Refused(code @ RefusalCode::AlreadyOpen)) => {
            Err(Refusal::new(code).with("order", order.cover.id.to_string()))
        }
        (_, Fate::Ignored) => Ok(false),
        (_, Fate::Refused(_) | Fate::Leads(_)) => Ok(true),
    }
}

/// Draws the machine in the notation of mermaid's state diagrams.
pub fn diagram() -> String {
    use std::fmt::Write as _;
    let mut out = String::from("stateDiagram-v2\n");
    for from in StateKind::iter() {
        for to in StateKind::iter() {
            let events: Vec<String> = EventKind::ALL
                .into_iter()
                .filter(|event| matches!(fate(from, *event), Fate::Leads(states) if states.contains(&to)))
                .map(|event| format!("{event:?}"))
                .collect();
            if !events.is_empty() {
                writeln!(out, "    {from:?} --> {to:?}: {}", events.join(", "))
                    .expect("a String takes all that is written");
            }
        }
    }
    out
}
