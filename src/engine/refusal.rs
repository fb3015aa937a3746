//! The lawful "no" to an event.

use crate::diag::Code;

/// The lawful "no" to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Id of its text.
    pub id: &'static str,
    /// The words its text names.
    pub args: Vec<(&'static str, String)>,
    /// What stands behind it, such as every flaw of a form.
    pub parts: Vec<Refusal>,
}

impl Refusal {
    /// Makes a refusal without arguments.
    pub const fn new(code: RefusalCode) -> Self {
        Self { id: code.id(), args: Vec::new(), parts: Vec::new() }
    }

    /// Makes one of a room that has refusals of its own.
    pub fn of(code: Code, args: Vec<(&'static str, String)>) -> Self {
        Self { id: code.id, args, parts: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Adds what stands behind it.
    #[must_use]
    pub fn because(mut self, parts: impl IntoIterator<Item = Self>) -> Self {
        self.parts.extend(parts);
        self
    }

    /// Returns whether it is this one.
    pub fn is(&self, code: RefusalCode) -> bool {
        self.id == code.id()
    }
}

/// Every refusal of the engine and of the office.
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
    /// The order has changed since it was looked at.
    Stale,
    /// The order has come to its end.
    Ended,
    /// The order is not at that step.
    NotThere,
    /// The order is at several steps, and none was named.
    WhichStep,
    /// The step waits for other orders, not for a person.
    NotADuty,
    /// The step is done, but a rule failed; it waits for the rule to be mended.
    Stuck,
    /// What the step waits for is not over.
    TooEarly,
    /// The step offers actions and none was chosen.
    ActionNeeded,
    /// The step does not offer that action.
    NoSuchAction,
    /// The step needs its form.
    FormNeeded,
    /// The form is not filled as it should be.
    FormFlawed,
    /// A signature that was asked for is missing.
    Unsigned,
    /// The term is interrupted.
    Paused,
    /// The term is not interrupted.
    NotPaused,
    /// The step does not wait for anything.
    NoWait,
    /// The step has no term that could be changed.
    NoTerm,
    /// There is no step before this one.
    NothingToReturn,
    /// Nothing can be recalled any more.
    NothingToRecall,
    /// Somebody else has it in hand.
    NotYours,
    /// The act belongs to another post.
    NotAuthorised,
    /// There is no such officer.
    NoSuchOfficer,
    /// Nobody approves his own request.
    SelfApproved,
    /// No signature was asked of this person.
    NotASigner,
    /// The length cannot be read.
    BadLength,
    /// The order does not wait for a mended rule.
    NotStuck,
    /// The rule still fails.
    StillFails,
    /// Orders would start orders too deep.
    TooDeep,
    /// The step has no form.
    NoForm,
    /// Somebody took it on already.
    LateClaim,
    /// The act needs a reason.
    ReasonNeeded,
    /// The statutory clock does not allow it.
    ClockRefuses,
    /// The key was used for another act.
    KeyReused,
    /// A rule of the form fails.
    FormRule,
}

impl RefusalCode {
    /// Every refusal, in order.
    pub const ALL: [Self; 42] = [
        Self::AlreadyOpen,
        Self::NoSuchWorkflow,
        Self::NoSuchSubject,
        Self::NoSuchOrder,
        Self::WrongKind,
        Self::PastDay,
        Self::BeforeLastTick,
        Self::NoRelease,
        Self::ClockBehind,
        Self::Stale,
        Self::Ended,
        Self::NotThere,
        Self::WhichStep,
        Self::NotADuty,
        Self::Stuck,
        Self::TooEarly,
        Self::ActionNeeded,
        Self::NoSuchAction,
        Self::FormNeeded,
        Self::FormFlawed,
        Self::Unsigned,
        Self::Paused,
        Self::NotPaused,
        Self::NoWait,
        Self::NoTerm,
        Self::NothingToReturn,
        Self::NothingToRecall,
        Self::NotYours,
        Self::NotAuthorised,
        Self::NoSuchOfficer,
        Self::SelfApproved,
        Self::NotASigner,
        Self::BadLength,
        Self::NotStuck,
        Self::StillFails,
        Self::TooDeep,
        Self::NoForm,
        Self::LateClaim,
        Self::ReasonNeeded,
        Self::ClockRefuses,
        Self::KeyReused,
        Self::FormRule,
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
            Self::Stale => "R010",
            Self::Ended => "R011",
            Self::NotThere => "R012",
            Self::WhichStep => "R013",
            Self::NotADuty => "R014",
            Self::Stuck => "R015",
            Self::TooEarly => "R016",
            Self::ActionNeeded => "R017",
            Self::NoSuchAction => "R018",
            Self::FormNeeded => "R019",
            Self::FormFlawed => "R100",
            Self::Unsigned => "R101",
            Self::Paused => "R102",
            Self::NotPaused => "R103",
            Self::NoWait => "R104",
            Self::NoTerm => "R105",
            Self::NothingToReturn => "R106",
            Self::NothingToRecall => "R107",
            Self::NotYours => "R108",
            Self::NotAuthorised => "R109",
            Self::NoSuchOfficer => "R110",
            Self::SelfApproved => "R111",
            Self::NotASigner => "R112",
            Self::BadLength => "R113",
            Self::NotStuck => "R114",
            Self::StillFails => "R115",
            Self::TooDeep => "R116",
            Self::NoForm => "R117",
            Self::LateClaim => "R118",
            Self::ReasonNeeded => "R119",
            Self::ClockRefuses => "R120",
            Self::KeyReused => "R122",
            Self::FormRule => "R123",
        }
    }
}
