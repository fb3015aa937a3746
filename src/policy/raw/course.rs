//! `acts:` of a case, the people they need, and what must come of them.

use std::sync::Arc;

use chrono::NaiveDateTime;
use serde_json::{Map, Number, Value};
use strum::IntoStaticStr;

use super::leaf::{At, Id, Word, is_number, words};
use super::map::{FixedKeys, KeyedMap, TextMap, shapes};
use super::shape::{Many, Shape, expected};
use super::{NodeKind, YamlNode};
use crate::diag::{Diagnostic, Span};
use crate::lang::spellings::NO_DATE;
use crate::time::Day;

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

words! {
    CaseOrderState: "open" => Self::Open, "waiting" => Self::Waiting, "stuck" => Self::Stuck,
        "done" => Self::Done, "cancelled" => Self::Cancelled;
}

shapes! {
    /// One act, or a moment.
    ActShape [span] {
        at: At<NaiveDateTime>,
        order: Option<Word>,
        step: Option<Word>,
        by: Option<Word>,
        action("do"): Option<Word>,
        signal: Option<Word>,
        form: Option<CaseForm>,
        to: Many<Word>,
        reason: Option<Word>,
        length: Option<Word>,
        approver: Option<Word>,
        document: Option<Word>,
        note: Option<Word>,
        station: Option<Word>,
        grid: Option<Word>,
        officer: Option<Word>,
        expect: Option<WantedOfAct>,
    }
}

shapes! {
    pub;
    CaseOfficer {
        id: Id,
        /// Name; the id where none is given.
        name: Option<String>,
        /// Station; none for people of the bureau itself.
        station: Option<Id>,
        /// Roles and duties held.
        roles: Many<Id>,
        /// Last day on which they are held.
        roles_until: Option<Day>,
        /// Number of the certificate.
        certificate: Option<String>,
        /// Last day the certificate is valid.
        certified_until: Option<Day>,
        /// Grids; the first officer who names one is its main officer, the second stands in.
        grids: Many<Id>,
        leaves: Vec<CaseLeave>,
        /// Last day of service.
        left_on: Option<Day>,
        /// Keeps away from the subject.
        conflict: bool,
    }
    /// One leave, from its first to its last day.
    CaseLeave {
        from: Day,
        to: Day,
        /// Who stands in.
        substitute: Option<Word>,
    }
    /// Where an order must stand; what is not named is not looked at.
    #[derive(Default, PartialEq)]
    WantedPlace {
        state: Option<CaseOrderState>,
        /// The steps it is at; of one that has ended, the last.
        step: Option<Many<Word>>,
        /// Last day of the step.
        due: Option<DayOrNone>,
        /// First day on which the step may be completed.
        until: Option<DayOrNone>,
        /// Which visit of the step.
        visit: Option<At<i64>>,
        /// Who has it in hand.
        who: Option<Many<Word>>,
    }
    /// What must come of an act besides where the order stands.
    #[derive(Default)]
    WantedOutcome {
        /// The code it must be refused with.
        refused: Option<Word>,
        /// The terms that fired since the act before.
        fired: Option<Vec<WantedTerm>>,
        told: Option<WantedNotices>,
        /// The orders opened since the act before, by workflow.
        opened: Option<Many<Word>>,
    }
    /// A term that must have fired.
    WantedTerm {
        /// When, by the bureau's clock.
        at: Option<NaiveDateTime>,
        /// The order, by its workflow.
        order: Option<Word>,
        step: Option<Word>,
        term: Option<Word>,
        /// Which escalation level.
        level: Option<At<i64>>,
    }
}

/// What must come of one act; what is not named is not looked at.
#[derive(Clone, Debug, Default)]
pub struct WantedOfAct {
    /// Where the order must stand.
    pub place: WantedPlace,
    pub outcome: WantedOutcome,
}

impl Shape for WantedOfAct {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let keys = [WantedPlace::KEYS, WantedOutcome::KEYS].concat();
        let map = KeyedMap::new(node, &keys, out)?;
        let (place, outcome) = (WantedPlace::of(&map, out), WantedOutcome::of(&map, out));
        Some(Self { place: place?, outcome: outcome? })
    }
}

/// A form as filled in a case.
#[derive(Clone, Debug)]
pub struct CaseForm {
    /// Where it begins.
    pub span: Span,
    pub answer: Arc<Value>,
    /// Its fields as written, each with the columns that its rows name.
    pub fields: Vec<(Word, Vec<Word>)>,
}

impl Shape for CaseForm {
    fn read(node: &YamlNode, _: &mut Vec<Diagnostic>) -> Option<Self> {
        let fields = pairs(node).map(|(key, value)| (key, columns(value))).collect();
        Some(Self { span: node.span, answer: value(node).into(), fields })
    }
}

/// The keys of a map with their values; none of what is no map.
fn pairs(node: &YamlNode) -> impl Iterator<Item = (Word, &YamlNode)> {
    node.pairs().iter().map(|(key, value)| (At { value: key.text.clone(), span: key.span }, value))
}

/// The keys of the rows of a table.
fn columns(node: &YamlNode) -> Vec<Word> {
    let NodeKind::List(rows) = &node.kind else { return Vec::new() };
    rows.iter().flat_map(pairs).map(|(key, _)| key).collect()
}

/// Reads what is written as JSON; a bare number is a number, a bare `true` is one.
fn value(node: &YamlNode) -> Value {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.is_nothing() => Value::Null,
        NodeKind::Scalar(scalar) => match (scalar.plain, scalar.text.as_str()) {
            (true, "true") => Value::Bool(true),
            (true, "false") => Value::Bool(false),
            (true, text) if is_number(text) => number(text),
            (_, text) => Value::from(text),
        },
        NodeKind::List(items) => Value::Array(items.iter().map(value).collect()),
        NodeKind::Map(pairs) => Value::Object(
            pairs.iter().map(|(key, node)| (key.text.clone(), value(node))).collect::<Map<_, _>>(),
        ),
    }
}

fn number(text: &str) -> Value {
    let whole = text.parse::<i64>().ok().map(Number::from);
    let number = whole.or_else(|| Number::from_f64(text.parse().ok()?));
    number.map_or_else(|| Value::from(text), Value::Number)
}

/// By kind of notice, who was told since the act before; a bare list names those whom a `tell` told.
#[derive(Clone, Debug)]
pub struct WantedNotices(pub Vec<(Word, Vec<Word>)>);

impl Shape for WantedNotices {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOrNone(pub Option<Day>);

impl Shape for DayOrNone {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(scalar) if NO_DATE.is(&scalar.text) => Some(Self(None)),
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) => {
                Day::read(node, out).map(|day| Self(Some(day)))
            }
        }
    }
}
