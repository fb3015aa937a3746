//! Steps: who does them, until when, and where they lead.

use std::fmt;

use super::{ExprIx, RoleIx, StepIx};
use crate::calendar::{Length, Roll};
use crate::diag::Span;

#[derive(Clone, Debug)]
pub struct Step {
    /// Id, such as `patrol`.
    pub id: String,
    pub title: String,
    pub kind: StepKind,
    pub visits: Option<Visits>,
    /// Its own terms, each with a ladder of its own.
    pub due: Vec<DueRule>,
    /// Rolling of `due` and `wait` in natural days or months; none unless written.
    pub roll: Roll,
    /// What is waited for before the step's own term starts, by visit.
    pub wait: Vec<LengthRef>,
    /// Reminders and escalation levels.
    pub overdue: Vec<OverdueRow>,
    pub documents: Vec<StepDocument>,
    /// The step is an inspection, which moves `last_patrol`.
    pub inspection: Option<InspectionRule>,
    /// A statutory clock that starts here.
    pub clock: Option<String>,
    /// Who is told on entry.
    pub tell: Vec<TellTarget>,
    /// Where it goes next; the last row has no condition, unless the step ends the order.
    pub next: Vec<Branch>,
    /// Completing it closes the order.
    pub ends: bool,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum StepKind {
    /// A duty of a person.
    Duty {
        who: Who,
        /// Form to fill, by id.
        form: Option<String>,
        /// Actions to choose among.
        actions: Vec<Action>,
    },
    /// Orders of other workflows, waited for unless `wait` is false.
    SubOrder {
        /// Their workflows, by id.
        run: Vec<String>,
        /// Whether the step waits for their end.
        wait: bool,
    },
    /// Something the engine does by itself.
    Automatic {
        /// Workflow started beside this order.
        start: Option<String>,
        /// Attributes set: name and value as written.
        set: Vec<(String, String)>,
        /// A draw to be made.
        draw: Option<String>,
    },
    /// Steps that all have to be done.
    Parallel(Vec<StepIx>),
    /// Nothing but the end.
    End,
}

/// `records:` of a step: which inspection it is, and where its form says when and what.
///
/// # Source
/// Policy language, rule 26.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectionRule {
    /// One of [`super::Policy::inspection_kinds`]; none in texts of the first version.
    pub kind: Option<String>,
    /// The field with the moment of arrival.
    pub arrived: String,
    /// The table of problems found.
    pub problems: String,
    /// Its column with their level.
    pub level: String,
}

/// One of the actions that a duty is completed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What is typed, and what conditions and records name.
    pub id: String,
    /// What people read; none where the id says it.
    pub title: Option<String>,
    pub effect: ActionEffect,
    /// Written by its id alone.
    pub is_short: bool,
    pub span: Span,
}

/// What an action does beside the row of `next` that it leads to.
///
/// # Source
/// Policy language, rule 29.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionEffect {
    /// Nothing.
    None,
    /// Who chooses it signs off the drafts that wait for him.
    Approves,
    /// The work goes back, and nothing is signed off.
    Returns,
}

impl StepKind {
    /// Returns the steps that all have to be done; none where it is no such step.
    pub fn parts(&self) -> &[StepIx] {
        if let Self::Parallel(parts) = self { parts } else { &[] }
    }

    /// Returns the action of that id.
    pub fn action(&self, id: &str) -> Option<&Action> {
        self.actions().iter().find(|action| action.id == id)
    }

    /// Returns the actions to choose among; none where nobody has it in hand.
    pub fn actions(&self) -> &[Action] {
        match self {
            Self::Duty { actions, .. } => actions,
            Self::SubOrder { .. } | Self::Automatic { .. } | Self::Parallel(_) | Self::End => &[],
        }
    }

    /// Returns whether one of the actions signs something off.
    pub fn approves(&self) -> bool {
        self.actions().iter().any(|action| action.effect == ActionEffect::Approves)
    }
}

/// Who does a duty.
#[derive(Clone, Debug)]
pub struct Who {
    pub by: WhoBy,
    pub officers: u32,
    /// All must hold a valid certificate.
    pub certified: bool,
    /// Steps whose people must not.
    pub avoid: Vec<StepIx>,
}

/// How the person for a duty is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhoBy {
    /// Role at the subject's station, or bureau-wide.
    Role(RoleIx),
    /// The officers of the subject's grid.
    GridDuty,
    /// A duty by name, of the duties table.
    Duty(String),
    /// The people of another step.
    SameAs(StepIx),
}

/// Bound on visits of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visits {
    /// At most so many, the first included.
    pub at_most: u32,
    /// Where it goes instead of one more.
    pub then: StepIx,
}

/// When a step is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueRule {
    /// A length from entry (or from the end of `wait`).
    After(LengthRef),
    /// `order.window.to`.
    WindowEnd,
    /// What the bureau says, or what a station says where that ends sooner.
    Sooner {
        of: Box<DueRule>,
        /// One for each unit, in the order of units.
        than: Vec<Length>,
    },
}

/// How long something takes, or until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LengthRef {
    /// Written out.
    Fixed(Length),
    /// `tier.<name>`.
    Tier(String),
    /// As a form says that was filled before.
    Answer(Box<AnswerTerm>),
}

/// `due` or `wait` as a form says: a date, a moment, or a length of time.
///
/// # Shape
/// `patrol.deadline`, `patrol.deadline ?? 10 工作日`, or by the choices of a field or column
/// `{by: patrol.problems.level, terms: {重大: 24 小时, 一般: 15 自然日}, else: 15 自然日}`.
///
/// # Source
/// Policy language, rule 27.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerTerm {
    pub source: AnswerField,
    /// How long each choice means; none where the field itself says until when.
    pub choices: Vec<ChoiceTerm>,
    /// What applies where nothing is filled in; none where something always is.
    pub otherwise: Option<DueRule>,
    pub span: Span,
}

/// How long a choice of a form means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceTerm {
    pub choice: String,
    pub length: Length,
    pub span: Span,
}

/// A field of the form of a step.
///
/// # Shape
/// `patrol.deadline`, `patrol.problems.deadline` of a column, or `parent.patrol.deadline` of a step of the order that
/// opened this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerField {
    pub of_parent: bool,
    /// Id of the step.
    pub step: String,
    /// Id of the field.
    pub field: String,
    /// Id of the column, where the field is a table: each of its rows has a term.
    pub column: Option<String>,
}

/// What begins the name of a field of the order that opened this one.
pub const PARENT_PREFIX: &str = "parent.";

impl fmt::Display for AnswerField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of_parent, step, field, column } = self;
        let prefix = if *of_parent { PARENT_PREFIX } else { "" };
        write!(f, "{prefix}{step}.{field}")?;
        column.iter().try_for_each(|column| write!(f, ".{column}"))
    }
}

/// One row of `overdue`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverdueRow {
    /// Counted from the due day; negative is a reminder.
    pub after: Length,
    pub level: u32,
    pub tell: Vec<TellTarget>,
    /// Workflow started.
    pub start: Option<String>,
    pub span: Span,
}

/// Whom a step tells something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TellTarget {
    /// 经办人: the step's assignees.
    Assignees,
    /// Everyone with the role at the subject's station, or bureau-wide.
    Role(RoleIx),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepDocument {
    /// Kind, by id.
    pub kind: String,
    pub at: DocumentAt,
    /// The action that makes or serves it, where not every completion does.
    pub action: Option<String>,
}

/// When a step makes a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentAt {
    Enter,
    Complete,
    /// Completing the step seals and serves what was made and signed off before.
    Serve,
}

/// One row of `next`.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Condition; none on the last row.
    pub when: Option<ExprIx>,
    pub go: StepIx,
    /// What the record says.
    pub say: Option<String>,
    pub span: Span,
}
