//! Policy cases: what somebody wrote down that the rules must answer.

use chrono::NaiveDateTime;

use super::model::TierIx;
use super::raw::{At, CaseForm, CaseOfficer, DayOrNone, WantedOfAct, WantedPlace, Word};
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
    /// Its station as it is written, where it is.
    pub station: Option<Word>,
    /// The life of an order; none where only the rules are asked.
    pub course: Option<Course>,
    /// What must come out.
    pub expect: Expect,
}

impl Case {
    /// Returns the stations of the people it makes up.
    pub fn people_of(&self) -> Vec<&str> {
        let people = self.course.iter().flat_map(|course| &course.officers);
        people.filter_map(|officer| officer.station.as_ref()).map(|station| station.text()).collect()
    }

    /// Puts the ids of stations in the place of what they are called, where they are known.
    pub fn settle_stations(&mut self, id_of: impl Fn(&str) -> Option<String>) {
        let people = self.course.iter_mut().flat_map(|course| &mut course.officers);
        let of_people =
            people.filter_map(|officer| officer.station.as_mut()).map(|station| &mut station.0.value);
        for named in of_people.chain([&mut self.subject.station, &mut self.subject.home]) {
            if let Some(id) = id_of(named) {
                *named = id;
            }
        }
    }
}

/// What a case says must come out; what it does not name is not looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expect {
    pub tier: Option<TierIx>,
    pub score: Option<f64>,
    /// The nominal due day, or that there is no next date.
    pub nominal: Option<DayOrNone>,
    pub due: Option<DayOrNone>,
    pub issue_on: Option<DayOrNone>,
    /// Whether the trigger's `when` holds.
    pub when: Option<bool>,
    /// Whether any of the dates lies in an unpublished year.
    pub provisional: Option<bool>,
}

/// The life of one order as a case tells it.
#[derive(Clone, Debug)]
pub struct Course {
    /// The workflow that is opened; none: that of the trigger.
    pub workflow: Option<Word>,
    /// When it is opened, by the bureau's clock; none: with the first act.
    pub opened_at: Option<At<NaiveDateTime>>,
    /// Last day of its window; none: as the trigger says, or as an order opened by hand.
    pub due: Option<Day>,
    /// The people; none where people are not kept.
    pub officers: Vec<CaseOfficer>,
    /// What happens, in the order of time.
    pub acts: Vec<CaseAct>,
    /// Where the order must stand after the last of it.
    pub place: WantedPlace,
    /// Where orders opened on the way must stand then; by workflow, `penalty#2` the second of it.
    pub orders: Vec<(Word, WantedPlace)>,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub struct CaseAct {
    pub span: Span,
    /// When, by the bureau's clock.
    pub at: At<NaiveDateTime>,
    /// Which order, by its workflow; none: the one that the case is about.
    pub order: Option<Word>,
    pub what: CaseDeed,
    /// What must come of it.
    pub expect: WantedOfAct,
}

#[derive(Clone, Debug)]
pub enum CaseDeed {
    /// Nothing but that time passes.
    Wait,
    /// A person acts.
    Act {
        /// One of the acts every step understands, or an action of the step's own.
        word: Word,
        /// Who; none: whoever has it in hand.
        by: Option<Word>,
        /// The step meant, `patrol#2` its second visit.
        step: Option<Word>,
        words: Box<CaseWords>,
    },
    /// A signal comes from outside.
    Signal(CaseSignal),
}

/// A signal as a case words it.
#[derive(Clone, Debug)]
pub struct CaseSignal {
    pub name: Word,
    /// Where the subject is now.
    pub station: Option<Word>,
    /// Its grid now.
    pub grid: Option<Word>,
    /// Who left.
    pub officer: Option<Word>,
}

/// The words that go with an act.
#[derive(Clone, Debug, Default)]
pub struct CaseWords {
    /// The form as filled.
    pub form: Option<CaseForm>,
    /// For whom it is meant.
    pub to: Vec<Word>,
    pub reason: Option<Word>,
    /// By how much a term is lengthened.
    pub length: Option<Word>,
    /// Who approved it.
    pub approver: Option<Word>,
    /// The document that proves it.
    pub document: Option<Word>,
    /// What is said.
    pub note: Option<Word>,
}

impl CaseWords {
    /// Returns each key, and where it is written.
    pub fn places(&self) -> [(&'static str, Option<Span>); 7] {
        let Self { form, to, reason, length, approver, document, note } = self;
        let place = |word: &Option<Word>| word.as_ref().map(|word| word.span);
        [
            ("form", form.as_ref().map(|form| form.span)),
            ("to", to.first().map(|word| word.span)),
            ("reason", place(reason)),
            ("length", place(length)),
            ("approver", place(approver)),
            ("document", place(document)),
            ("note", place(note)),
        ]
    }
}
