//! `*.test.yaml`.

use chrono::NaiveDateTime;

use super::Loose;
use super::course::CaseOrderState;
use super::course::{ActShape, CaseOfficer, DayOrNone, WantedPlace};
use super::leaf::{At, Id, Word, words};
use super::map::{TextMap, shapes};
use super::shape::Many;
use crate::register::Status;
use crate::time::Day;

words! {
    Status: "active" => Self::Active, "suspended" => Self::Suspended, "closed" => Self::Closed;
}

shapes! {
    CaseShape [span] {
        case: Word,
        trigger: Option<Word>,
        workflow: Option<Word>,
        given: GivenShape,
        acts: Vec<ActShape>,
        expect: Option<ExpectShape>,
    }
    /// `given:`
    GivenShape {
        on: Option<At<NaiveDateTime>>,
        due: Option<Day>,
        subject: TextMap<Loose>,
        officers: Vec<CaseOfficer>,
        statuses: Vec<GivenStatus>,
        inspections: Vec<GivenInspection>,
        orders: Vec<GivenOrder>,
    }
    /// One change of status.
    GivenStatus {
        on: Day,
        status: Status,
    }
    GivenInspection {
        on: Day,
        kind: Option<Id>,
        result: Option<String>,
        problems: TextMap<At<i64>>,
    }
    /// One order of the past.
    GivenOrder {
        trigger: Option<String>,
        nominal: Option<Day>,
        issued_on: Day,
        due: Day,
        open: bool,
        cancelled: bool,
    }
    /// `expect:`
    ExpectShape {
        tier: Option<Id>,
        score: Option<f64>,
        nominal: Option<DayOrNone>,
        due: Option<DayOrNone>,
        issue_on: Option<DayOrNone>,
        when: Option<bool>,
        provisional: Option<bool>,
        state: Option<CaseOrderState>,
        step: Option<Many<Word>>,
        until: Option<DayOrNone>,
        visit: Option<At<i64>>,
        who: Option<Many<Word>>,
        orders: TextMap<WantedPlace>,
    }
}
