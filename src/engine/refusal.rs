//! The lawful "no" to an event.

use crate::diag::reasons;
use crate::documents::DocumentRefusal;
use crate::forms::AnswerFlaw;
use crate::people::PeopleRefusal;
use crate::terms::ClockRefusal;

/// What comes of an act or an event, unless it is refused.
pub type ActResult<T = ()> = Result<T, Refusal>;

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

macro_rules! of_rooms {
    ($($room:ty),*) => {
        $(impl From<$room> for Refusal {
            fn from(refusal: $room) -> Self {
                Self { id: refusal.id(), args: refusal.args(), parts: Vec::new() }
            }
        })*
    };
}
of_rooms!(ClockRefusal, DocumentRefusal, PeopleRefusal);

impl From<AnswerFlaw> for Refusal {
    fn from(flaw: AnswerFlaw) -> Self {
        Self { id: flaw.code.id, args: flaw.args, parts: Vec::new() }.with("path", flaw.path)
    }
}

reasons! {
    /// Every refusal of the engine and of the office.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum RefusalCode {
        /// The order exists already.
        AlreadyOpen = "R001",
        /// The policy in force has no such workflow.
        NoSuchWorkflow = "R002",
        /// There is no such subject.
        NoSuchSubject = "R003",
        /// There is no such order.
        NoSuchOrder = "R004",
        /// The workflow is not about this kind of thing.
        WrongKind = "R005",
        /// The day lies before today.
        PastDay = "R006",
        /// A tick at a moment before the last one.
        BeforeLastTick = "R007",
        /// The moment lies before the last event of the order.
        BeforeLastEvent = "R140",
        /// The moment lies ahead of the clock by which a daemon runs here.
        AheadOfClock = "R141",
        /// A form tells of a visit that cannot have been.
        FalseVisit = "R143",
        /// A file that a form names is not there.
        FileMissing = "R170",
        /// A file that a form names does not lie beside it.
        FileOutside = "R171",
        /// A file is attached under a name that is no field of the form.
        NoSuchFileField = "R172",
        /// The subject is closed.
        SubjectClosed = "R176",
        /// Nothing listens to a signal of that name.
        NoSuchSignal = "R180",
        /// A moment is to be accepted as the clock's where the machine's clock rules.
        OtherClock = "R184",
        /// The policy is another bureau's than the database.
        OtherBureau = "R142",
        /// No such proposal waits.
        NoSuchProposal = "R155",
        /// Somebody else has approved the proposal for a day.
        ApprovedAlready = "R186",
        /// Another release came into force after the proposal was made.
        ProposalOvertaken = "R156",
        /// There is no release of that number.
        NoSuchRelease = "R157",
        /// Standing items are dropped, and nobody says why.
        StandingDropped = "R158",
        /// There is no plan of that number.
        NoSuchPlan = "R210",
        /// A plan was made of another text, release or register.
        StalePlan = "R211",
        /// The workflow was not in force on that day.
        NotInForceThen = "R220",
        /// No policy has been activated.
        NoRelease = "R008",
        /// The clock stands before the last tick.
        ClockBehind = "R009",
        /// The order has changed since it was looked at.
        Stale = "R010",
        /// The order has come to its end.
        Ended = "R011",
        /// The order is not at that step.
        NotThere = "R012",
        /// The order is at several steps, and none was named.
        WhichStep = "R013",
        /// The step waits for other orders, not for a person.
        NotADuty = "R014",
        /// The step is done, but a rule failed; it waits for the rule to be mended.
        Stuck = "R015",
        /// What the step waits for is not over.
        TooEarly = "R016",
        /// The step offers actions and none was chosen.
        ActionNeeded = "R017",
        /// The step does not offer that action.
        NoSuchAction = "R018",
        /// The step needs its form.
        FormNeeded = "R019",
        /// The form is not filled as it should be.
        FormFlawed = "R100",
        /// A signature that was asked for is missing.
        Unsigned = "R101",
        /// The term is interrupted.
        Paused = "R102",
        /// The term is not interrupted.
        NotPaused = "R103",
        /// The step does not wait for anything.
        NoWait = "R104",
        /// The step has no term that could be changed.
        NoTerm = "R105",
        /// There is no step before this one.
        NothingToReturn = "R106",
        /// Nothing can be recalled any more.
        NothingToRecall = "R107",
        /// Somebody else has it in hand.
        NotYours = "R108",
        /// The act belongs to another post.
        NotAuthorised = "R109",
        /// There is no such officer.
        NoSuchOfficer = "R110",
        /// Nobody approves his own request.
        SelfApproved = "R111",
        /// No signature was asked of this person.
        NotASigner = "R112",
        /// The length cannot be read.
        BadLength = "R113",
        /// The new end of a term lies behind.
        ExtendedIntoPast = "R196",
        /// The order does not wait for a mended rule.
        NotStuck = "R114",
        /// The new text has no place for the order.
        Unplaced = "R230",
        /// Open orders cannot go over to the new text.
        NotMigrated = "R231",
        /// Two steps of the text before would become one.
        StepsMerged = "R232",
        /// The rule still fails.
        StillFails = "R115",
        /// Orders would start orders too deep.
        TooDeep = "R116",
        /// The step has no form.
        NoForm = "R117",
        /// Somebody took it on already.
        LateClaim = "R118",
        /// The act needs a reason.
        ReasonNeeded = "R119",
        /// The statutory clock does not allow it.
        ClockRefuses = "R120",
        /// The key was used for another act.
        KeyReused = "R122",
        /// A rule of the form fails.
        FormRule = "R123",
        /// The work is done, and has only to be confirmed.
        SignInstead = "R188",
        /// Somebody has yet to confirm the work as himself.
        Unconfirmed = "R124",
        /// Something has the name that a backup is to have.
        BackupThere = "R240",
        /// A database is where a backup is to be put back.
        DatabaseThere = "R241",
        /// There is no complete backup.
        NoBackup = "R242",
        /// A backup is not what its manifest says.
        BackupUnsound = "R243",
        /// A file says nothing of numbers.
        NoNumbers = "R244",
    }
}
