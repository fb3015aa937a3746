//! `*.test.yaml`.

use super::course::{ActShape, GivenOfficer, Moment, OrderExpect};
use super::leaf::{At, Id, Word, words};
use super::shape::{Headed, Many, Shape, shapes};
use super::{Loose, Node, NodeKind, Number};
use crate::diag::Diagnostic;
use crate::policy::case::OrderState;
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
        given: Given,
        acts: Vec<ActShape>,
        expect: Option<Expect>,
    }
    /// `given:`
    Given {
        on: Option<Moment>,
        due: Option<At<Day>>,
        subject: Headed<Loose>,
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
        problems: Headed<At<i64>>,
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
    Expect {
        tier: Option<Id>,
        score: Option<Number>,
        nominal: Option<DayOrNone>,
        due: Option<DayOrNone>,
        issue_on: Option<DayOrNone>,
        when: Option<At<bool>>,
        provisional: Option<At<bool>>,
        state: Option<At<OrderState>>,
        step: Option<Many<Word>>,
        until: Option<DayOrNone>,
        visit: Option<At<i64>>,
        who: Option<Many<Word>>,
        orders: Headed<OrderExpect>,
    }
}

/// A day, or `none` when there shall be no next date.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) struct DayOrNone(pub(in crate::policy) Option<Day>);

impl Shape for DayOrNone {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(scalar) if matches!(scalar.text.as_str(), "none" | "无") => Some(Self(None)),
            _ => At::<Day>::read(node, out).map(|day| Self(Some(day.value))),
        }
    }
}
