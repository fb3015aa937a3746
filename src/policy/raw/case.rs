//! `*.test.yaml`.

use super::course::{ActShape, DayOrNone, GivenOfficer, Moment, OrderExpect};
use super::leaf::{At, Id, Word, words};
use super::map::{TextMap, shapes};
use super::shape::Many;
use super::{Loose, Numeral};
use crate::policy::case::CaseOrderState;
use crate::register::Status;
use crate::time::Day;

words! {
    Status: "active" => Status::Active, "suspended" => Status::Suspended, "closed" => Status::Closed;
}

shapes! {
    /// One case.
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
        on: Option<Moment>,
        due: Option<At<Day>>,
        subject: TextMap<Loose>,
        officers: Vec<GivenOfficer>,
        statuses: Vec<GivenStatus>,
        inspections: Vec<GivenInspection>,
        orders: Vec<GivenOrder>,
    }
    /// One change of status.
    GivenStatus {
        on: At<Day>,
        status: At<Status>,
    }
    /// One inspection.
    GivenInspection {
        on: At<Day>,
        result: Option<Word>,
        problems: TextMap<At<i64>>,
    }
    /// One order of the past.
    GivenOrder {
        trigger: Option<Word>,
        nominal: Option<At<Day>>,
        issued_on: At<Day>,
        due: At<Day>,
        open: Option<At<bool>>,
    }
    /// `expect:`
    ExpectShape {
        tier: Option<Id>,
        score: Option<Numeral>,
        nominal: Option<DayOrNone>,
        due: Option<DayOrNone>,
        issue_on: Option<DayOrNone>,
        when: Option<At<bool>>,
        provisional: Option<At<bool>>,
        state: Option<At<CaseOrderState>>,
        step: Option<Many<Word>>,
        until: Option<DayOrNone>,
        visit: Option<At<i64>>,
        who: Option<Many<Word>>,
        orders: TextMap<OrderExpect>,
    }
}
