//! Policy cases: what somebody wrote down that the rules must answer.

use std::sync::Arc;

use chrono::NaiveDateTime;
use strum::IntoStaticStr;

use super::model::TierIx;
use crate::diag::Span;
use crate::register::Subject;
use crate::time::Day;

/// One case of a `*.test.yaml`.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, a sentence.
    pub name: String,
    pub span: Span,
    /// Workflow and trigger its dates are asked of; none: the only recurring one.
    pub trigger: Option<(String, String)>,
    /// The day it is judged on; none: a day after everything given.
    pub on: Option<Day>,
    /// The subject with its history.
    pub subject: Subject,
    /// The life of an order; none where only the rules are asked.
    pub course: Option<Course>,
    /// What must come out.
    pub expect: Expect,
}

/// What a case says must come out; what it does not name is not looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expect {
    pub tier: Option<TierIx>,
    pub score: Option<f64>,
    /// The nominal due day; `Some(None)`: there is no next date.
    pub nominal: Option<Option<Day>>,
    /// The due day.
    pub due: Option<Option<Day>>,
    pub issue_on: Option<Option<Day>>,
    /// Whether the trigger's `when` holds.
    pub when: Option<bool>,
    /// Whether any of the dates lies in an unpublished year.
    pub provisional: Option<bool>,
}

/// A word of a case that names something, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseName {
    /// The word.
    pub text: String,
    pub span: Span,
}

/// The life of one order as a case tells it.
#[derive(Clone, Debug)]
pub struct Course {
    /// The workflow that is opened; none: that of the trigger.
    pub workflow: Option<CaseName>,
    /// When it is opened, by the bureau's clock; none: with the first act.
    pub opened_at: Option<NaiveDateTime>,
    /// Last day of its window; none: as the trigger says, or as an order opened by hand.
    pub due: Option<Day>,
    /// The people; none where people are not kept.
    pub officers: Vec<CaseOfficer>,
    /// What happens, in the order of time.
    pub acts: Vec<CaseAct>,
    /// Where the order must stand after the last of it.
    pub place: WantedPlace,
    /// Where orders opened on the way must stand then; by workflow, `penalty#2` the second of it.
    pub orders: Vec<(CaseName, WantedPlace)>,
}

/// One officer of a case.
#[derive(Clone, Debug)]
pub struct CaseOfficer {
    pub id: CaseName,
    /// Name; the id where none is given.
    pub name: String,
    /// Station; none for people of the bureau itself.
    pub station: Option<String>,
    /// Roles and duties held.
    pub roles: Vec<String>,
    /// Number of the certificate.
    pub certificate: Option<String>,
    /// Last day the certificate is valid.
    pub certified_until: Option<Day>,
    /// Grids; the first officer who names one is its main officer, the second stands in.
    pub grids: Vec<String>,
    /// First and last day of each leave, and who stands in.
    pub leaves: Vec<(Day, Day, Option<CaseName>)>,
    /// Last day of service.
    pub left_on: Option<Day>,
    /// Keeps away from the subject.
    pub conflict: bool,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub struct CaseAct {
    pub span: Span,
    /// When, by the bureau's clock.
    pub at: NaiveDateTime,
    pub at_span: Span,
    /// Which order, by its workflow; none: the one that the case is about.
    pub order: Option<CaseName>,
    pub what: CaseDeed,
    /// What must come of it.
    pub expect: WantedOfAct,
}

/// What happens.
#[derive(Clone, Debug)]
pub enum CaseDeed {
    /// Nothing but that time passes.
    Wait,
    /// A person acts.
    Act {
        /// One of the acts every step understands, or an action of the step's own.
        word: CaseName,
        /// Who; none: whoever has it in hand.
        by: Option<CaseName>,
        /// The step meant, `patrol#2` its second visit.
        step: Option<CaseName>,
        /// The words that go with it.
        words: Box<CaseWords>,
    },
    /// A signal comes from outside.
    Signal {
        name: CaseName,
        /// Where the subject is now.
        station: Option<CaseName>,
        /// Its grid now.
        grid: Option<CaseName>,
        /// Who left.
        officer: Option<CaseName>,
    },
}

/// The words that go with an act.
#[derive(Clone, Debug, Default)]
pub struct CaseWords {
    /// The form as filled.
    pub form: Option<CaseForm>,
    /// For whom it is meant.
    pub to: Vec<CaseName>,
    pub reason: Option<CaseName>,
    /// By how much a term is lengthened.
    pub length: Option<CaseName>,
    /// Who approved it.
    pub approver: Option<CaseName>,
    /// The document that proves it.
    pub document: Option<CaseName>,
    /// What is said.
    pub note: Option<CaseName>,
}

/// A form as filled in a case.
#[derive(Clone, Debug)]
pub struct CaseForm {
    /// Where it begins.
    pub span: Span,
    pub answer: Arc<serde_json::Value>,
    /// Its fields as written, each with the columns that its rows name.
    pub fields: Vec<(CaseName, Vec<CaseName>)>,
}

/// What must come of one act; what is not named is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedOfAct {
    /// Where the order must stand.
    pub place: WantedPlace,
    /// The code it must be refused with.
    pub refused: Option<CaseName>,
    /// The terms that fired since the act before.
    pub fired: Option<Vec<WantedTerm>>,
    /// By kind of notice: who was told since the act before.
    pub told: Option<Vec<(CaseName, Vec<CaseName>)>>,
    /// The orders opened since the act before, by workflow.
    pub opened: Option<Vec<CaseName>>,
}

/// Where an order must stand; what is not named is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedPlace {
    pub state: Option<CaseOrderState>,
    /// The steps it is at; of one that has ended, the last.
    pub steps: Option<Vec<CaseName>>,
    /// Last day of the step.
    pub due: Option<Option<Day>>,
    /// First day on which the step may be completed.
    pub until: Option<Option<Day>>,
    /// Which visit of the step.
    pub visit: Option<u32>,
    /// Who has it in hand.
    pub who: Option<Vec<CaseName>>,
}

/// A term that must have fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedTerm {
    /// Where its level stands, or else the row.
    pub span: Span,
    /// The order, by its workflow.
    pub order: Option<CaseName>,
    pub step: Option<CaseName>,
    pub term: Option<CaseName>,
    /// Which escalation level.
    pub level: Option<u32>,
    /// When, by the bureau's clock.
    pub at: Option<NaiveDateTime>,
}

/// The state of an order as cases name it. Its names stand in files and JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum CaseOrderState {
    /// It goes on, wherever it stands.
    Open,
    /// It goes on, but what its step waits for is not over.
    Waiting,
    /// It stands still because a rule failed.
    Stuck,
    /// It ran to its end.
    Done,
    /// It was ended before.
    Cancelled,
}

impl CaseName {
    /// Parts `penalty#2` into the name and which one of it is meant; none where it cannot be read.
    ///
    /// # Shape
    /// Without `#`, the number is none.
    pub fn parted(&self) -> Option<(&str, Option<u32>)> {
        match self.text.split_once('#') {
            None => Some((&self.text, None)),
            Some((name, number)) => Some((name, Some(number.parse().ok().filter(|number| *number > 0)?))),
        }
    }
}
