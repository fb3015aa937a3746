//! `acts:` of a case, the people they need, and what must come of them.

use chrono::{NaiveDateTime, NaiveTime};

use super::leaf::{At, Id, Word, day, words};
use super::map::{MapUnion, TextMap, shapes};
use super::shape::{Many, Shape, expected};
use super::{NodeKind, YamlNode};
use crate::diag::codes::NOT_A_MOMENT;
use crate::diag::{Diagnostic, Span};
use crate::policy::case::CaseOrderState;
use crate::time::Day;

words! {
    CaseOrderState: "open" => CaseOrderState::Open, "waiting" => CaseOrderState::Waiting, "stuck" => CaseOrderState::Stuck,
        "done" => CaseOrderState::Done, "cancelled" => CaseOrderState::Cancelled;
}

shapes! {
    /// One officer.
    GivenOfficer {
        id: Id,
        name: Option<Word>,
        station: Option<Id>,
        roles: Many<Id>,
        certificate: Option<Word>,
        certified_until: Option<At<Day>>,
        grids: Many<Id>,
        leaves: Vec<GivenLeave>,
        left_on: Option<At<Day>>,
        conflict: Option<At<bool>>,
    }
    /// One leave.
    GivenLeave {
        from: At<Day>,
        to: At<Day>,
        substitute: Option<Word>,
    }
    /// One act, or a moment.
    ActShape [span] {
        at: Moment,
        order: Option<Word>,
        step: Option<Word>,
        by: Option<Word>,
        action("do"): Option<Word>,
        signal: Option<Word>,
        form: Option<YamlNode>,
        to: Many<Word>,
        reason: Option<Word>,
        length: Option<Word>,
        approver: Option<Word>,
        document: Option<Word>,
        note: Option<Word>,
        station: Option<Word>,
        grid: Option<Word>,
        officer: Option<Word>,
        expect: Option<ActExpect>,
    }
    /// What must come of an act besides where the order stands.
    ActOutcome {
        refused: Option<Word>,
        fired: Option<Vec<FiredShape>>,
        told: Option<ToldShape>,
        opened: Option<Many<Word>>,
    }
    /// Where an order must stand.
    OrderExpect {
        state: Option<At<CaseOrderState>>,
        step: Option<Many<Word>>,
        due: Option<DayOrNone>,
        until: Option<DayOrNone>,
        visit: Option<At<i64>>,
        who: Option<Many<Word>>,
    }
    /// One term that fired.
    FiredShape [span] {
        at: Option<Moment>,
        order: Option<Word>,
        step: Option<Word>,
        term: Option<Word>,
        level: Option<At<i64>>,
    }
}

/// `expect:` of an act.
pub(in crate::policy) type ActExpect = MapUnion<OrderExpect, ActOutcome>;

/// A moment by the bureau's clock, `2026-03-02T09:00`; a bare day is its beginning.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) struct Moment {
    pub(in crate::policy) local: NaiveDateTime,
    pub(in crate::policy) span: Span,
}

impl Shape for Moment {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let word = Word::read(node, out)?;
        let bare = day(word.text()).map(|day| day.and_time(NaiveTime::MIN));
        let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"];
        let local = bare.or_else(|| {
            // Every digit is written, so that the text says at a glance when.
            forms
                .iter()
                .filter(|_| word.text().len() >= "2026-03-02T09:00".len())
                .find_map(|form| NaiveDateTime::parse_from_str(word.text(), form).ok())
        });
        if local.is_none() {
            out.push(word.wrong(NOT_A_MOMENT));
        }
        local.map(|local| Self { local, span: word.span })
    }
}

/// Who was told: a list of those who were told by a `tell`, or a list for each kind of notice.
#[derive(Clone, Debug)]
pub(in crate::policy) struct ToldShape(pub(in crate::policy) Vec<(Word, Vec<Word>)>);

impl Shape for ToldShape {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(_) => {
                let by_kind = TextMap::<Many<Word>>::read(node, out)?;
                Some(Self(by_kind.0.into_iter().map(|(kind, who)| (kind, who.0)).collect()))
            }
            NodeKind::List(_) => {
                let who = Vec::read(node, out)?;
                Some(Self(vec![(At { value: "told".to_owned(), span: node.span }, who)]))
            }
            NodeKind::Scalar(_) => {
                out.push(expected(node, "list"));
                None
            }
        }
    }
}

/// A day, or `none` when there shall be no next date.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) struct DayOrNone(pub(in crate::policy) Option<Day>);

impl Shape for DayOrNone {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(scalar) if matches!(scalar.text.as_str(), "none" | "无") => Some(Self(None)),
            _ => At::<Day>::read(node, out).map(|day| Self(Some(day.value))),
        }
    }
}
