//! Policy cases: what somebody wrote down that the rules must answer.

use super::model::TierIx;
use crate::diag::Span;
use crate::register::Subject;
use crate::time::Day;

/// One case of a `*.test.yaml`.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, a sentence.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// Workflow and trigger its dates are asked of; none: the only recurring one.
    pub trigger: Option<(String, String)>,
    /// The day it is judged on; none: a day after everything given.
    pub on: Option<Day>,
    /// The subject with its history.
    pub subject: Subject,
    /// What must come out.
    pub expect: Expect,
}

/// What a case says must come out; what it does not name is not looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expect {
    /// The tier.
    pub tier: Option<TierIx>,
    /// The score.
    pub score: Option<f64>,
    /// The nominal due day; `Some(None)`: there is no next date.
    pub nominal: Option<Option<Day>>,
    /// The due day.
    pub due: Option<Option<Day>>,
    /// The issue day.
    pub issue_on: Option<Option<Day>>,
    /// Whether the trigger's `when` holds.
    pub when: Option<bool>,
    /// Whether any of the dates lies in an unpublished year.
    pub provisional: Option<bool>,
}
