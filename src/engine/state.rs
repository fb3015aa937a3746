//! States, events and outcomes of an order.

use crate::diag::Code;
use crate::time::{Day, Stamp};

/// Where an order stands; each variant holds exactly what exists in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It has not been opened.
    NotYet,
    /// Somebody has something to do.
    Open {
        /// Id of the step.
        step: String,
        /// Which visit of the step, from 1.
        visit: u32,
        /// Last day of the step; none when the step has no term.
        step_due: Option<Day>,
    },
    /// It ran to its end.
    Done,
    /// It was ended before.
    Cancelled,
}

/// What can happen to an order.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// It is opened.
    Open(&'a Opening<'a>),
}

/// All that opening an order needs.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// Id of the workflow.
    pub workflow: &'a str,
    /// Station that supervises the subject now.
    pub station: &'a str,
    /// The subject's grid.
    pub grid: Option<&'a str>,
    /// Id of the tier frozen on the order.
    pub tier: Option<&'a str>,
    /// Last day of the window.
    pub due_on: Day,
}

/// What an event brings about.
///
/// The three lists have three fates: the state and the terms are written in the transaction,
/// the errands are carried out after it, at least once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The state after.
    pub next: State,
    /// Terms that begin.
    pub terms: Vec<TermRow>,
    /// What must be told or sent; the position in the list is part of the receiver's key.
    pub errands: Vec<Errand>,
}

/// What entering a step brings about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Last day of the step.
    pub due: Option<Day>,
    /// Terms that begin.
    pub terms: Vec<TermRow>,
    /// What must be told.
    pub errands: Vec<Errand>,
}

/// One row of a term: an instant at which something happens unless the step is left before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermRow {
    /// `due`, `overdue` for reminders and escalations, `window` for the order's own end.
    pub kind: &'static str,
    /// Escalation level; 0 for `due`.
    pub level: u32,
    /// When it fires.
    pub fires_at: Stamp,
    /// The day the term ends.
    pub end_on: Day,
    /// When it was told already on entering: it was past, and is marked `late at opening`.
    pub fired_at: Option<Stamp>,
    /// Kind, count, anchor and calendar revision it was computed from, as JSON.
    pub basis: String,
}

/// Something to be carried out after the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// `assigned`, `told` or `late at opening`.
    pub kind: &'static str,
    /// `role/<role>/<station>`, `grid/<grid>` or `role/<role>`.
    pub addressee: String,
    /// What it is about, as JSON.
    pub body: String,
}

/// The lawful "no" to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which.
    pub code: RefusalCode,
    /// The words its text names.
    pub args: Vec<(&'static str, String)>,
}

impl Refusal {
    /// Makes a refusal without arguments.
    pub const fn new(code: RefusalCode) -> Self {
        Self { code, args: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

/// Every refusal there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalCode {
    /// The order exists already.
    AlreadyOpen,
    /// The policy in force has no such workflow.
    NoSuchWorkflow,
    /// There is no such subject.
    NoSuchSubject,
    /// There is no such order.
    NoSuchOrder,
    /// The workflow is not about this kind of thing.
    WrongKind,
    /// The day lies before today.
    PastDay,
    /// A tick at a moment before the last one.
    BeforeLastTick,
    /// No policy has been activated.
    NoRelease,
    /// The clock stands before the last tick.
    ClockBehind,
    /// A refusal of a room below, by its code.
    Of(Code),
}

impl RefusalCode {
    /// Every refusal, in order.
    pub const ALL: [Self; 9] = [
        Self::AlreadyOpen,
        Self::NoSuchWorkflow,
        Self::NoSuchSubject,
        Self::NoSuchOrder,
        Self::WrongKind,
        Self::PastDay,
        Self::BeforeLastTick,
        Self::NoRelease,
        Self::ClockBehind,
    ];

    /// Returns the id of its text.
    pub const fn id(self) -> &'static str {
        match self {
            Self::AlreadyOpen => "R001",
            Self::NoSuchWorkflow => "R002",
            Self::NoSuchSubject => "R003",
            Self::NoSuchOrder => "R004",
            Self::WrongKind => "R005",
            Self::PastDay => "R006",
            Self::BeforeLastTick => "R007",
            Self::NoRelease => "R008",
            Self::ClockBehind => "R009",
            Self::Of(code) => code.id,
        }
    }
}
