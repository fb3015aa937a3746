//! What was expected beside what came, field by field.

use serde_json::{Map, Value};

use super::bureau::CaseOrder;
use super::events::{CaseEvents, wanted};
use crate::engine::{ActiveStep, Order, OrderState, StepStatus};
use crate::lang::Lang;
use crate::lang::spellings::ASSIGNEES;
use crate::policy::{Bureau, CaseOrderState, Many, WantedOutcome, WantedPlace, WantedTerm, Word};
use crate::time::{Day, Tz};

/// What was expected beside what came, for the same fields.
#[derive(Clone, Debug, Default)]
pub struct FieldComparison {
    /// What must come out.
    pub expected: Map<String, Value>,
    /// What came out.
    pub got: Map<String, Value>,
}

impl FieldComparison {
    /// Puts a field on both sides, when something was expected of it.
    pub(super) fn field(&mut self, field: &str, wanted: Option<Value>, found: Value) {
        if let Some(wanted) = wanted {
            self.expected.insert(field.to_owned(), wanted);
            self.got.insert(field.to_owned(), found);
        }
    }

    /// Compares where an order stands; nothing came where there is no such order.
    pub(super) fn place(&mut self, wanted: &WantedPlace, lived: Option<&CaseOrder>, zone: Tz) {
        let WantedPlace { state, step, due, until, visit, who } = wanted;
        let order = lived.map(|lived| &lived.order);
        let here = order.and_then(Order::first_place);
        let date = |day: Option<Day>| day.map_or(Value::Null, |day| Value::from(day.to_string()));
        let found =
            |wanted: CaseOrderState| order.map_or(Value::Null, |order| state_of(order, wanted).into());
        self.field("state", state.map(|state| state.into_str().into()), state.map_or(Value::Null, found));
        self.field(
            "step",
            step.as_ref().map(|Many(steps)| one_or_many(texts(steps))),
            lived.map_or(Value::Null, steps_of),
        );
        self.field("due", due.map(|day| date(day.0)), date(here.and_then(|place| place.due)));
        self.field("until", until.map(|day| date(day.0)), date(here.and_then(|place| until_of(place, zone))));
        self.field(
            "visit",
            visit.map(|visit| visit.value.into()),
            here.map_or(Value::Null, |place| place.visit.into()),
        );
        self.field(
            "who",
            who.as_ref().map(|Many(who)| many(texts(who))),
            order.map_or(Value::Null, |order| many(holders(order))),
        );
    }

    /// Compares what came about since the act before.
    pub(super) fn news(&mut self, wanted: &WantedOutcome, news: &CaseEvents, bureau: &Bureau) {
        let zone = bureau.zone;
        if let Some(rows) = &wanted.fired {
            let (rows, found) = (fired(rows), news_of(rows, news, zone));
            self.field("fired", Some(rows), found);
        }
        if let Some(by_kind) = &wanted.told {
            let mut kinds = Self::default();
            for (kind, who) in &by_kind.0 {
                let told = news.told.iter().filter(|(known, _)| *known == kind.value);
                let told = many(told.map(|(_, who)| who.clone()).collect());
                let who = many(texts(who).into_iter().map(|who| assignees(who, bureau.language)).collect());
                kinds.field(&kind.value, Some(who), told);
            }
            self.field("told", Some(kinds.expected.into()), kinds.got.into());
        }
        if let Some(workflows) = &wanted.opened {
            let found = news.opened.iter().map(|workflow| Value::from(workflow.as_str())).collect();
            let workflows = workflows.0.iter().map(|named| Value::from(named.value.as_str())).collect();
            self.field("opened", Some(Value::Array(workflows)), Value::Array(found));
        }
    }
}

/// The step's own people are the same in every spelling.
fn assignees(who: String, lang: Lang) -> String {
    if ASSIGNEES.is(&who) { ASSIGNEES.of(lang).to_owned() } else { who }
}

fn fired(rows: &[WantedTerm]) -> Value {
    Value::Array(rows.iter().map(wanted).collect())
}

/// Tells of each term that fired what the row at its place names.
fn news_of(rows: &[WantedTerm], news: &CaseEvents, zone: Tz) -> Value {
    let told = news.fired.iter().enumerate().map(|(at, fired)| fired.told(rows.get(at), zone));
    Value::Array(told.collect())
}

/// The state of an order, as finely as it was asked for.
fn state_of(order: &Order, wanted: CaseOrderState) -> &'static str {
    let finely = match order.first_place().map(|place| &place.standing) {
        Some(StepStatus::Waiting { .. }) => CaseOrderState::Waiting,
        Some(StepStatus::Stuck { .. }) => CaseOrderState::Stuck,
        Some(StepStatus::Duty(_) | StepStatus::Orders(_) | StepStatus::Parts | StepStatus::Confirmation)
        | None => CaseOrderState::Open,
    };
    match order.state {
        OrderState::Open(_) if wanted == CaseOrderState::Open => CaseOrderState::Open.into_str(),
        OrderState::Open(_) => finely.into_str(),
        OrderState::NotYet | OrderState::Done { .. } | OrderState::Cancelled { .. } => order.state.into_str(),
    }
}

/// The steps an order is at; of one that has ended, the last.
fn steps_of(lived: &CaseOrder) -> Value {
    let places = lived.order.state.places().iter();
    let at: Vec<String> = places
        .filter(|place| !matches!(place.standing, StepStatus::Parts))
        .map(|place| place.step.clone())
        .collect();
    one_or_many(if at.is_empty() { vec![lived.shown.clone()] } else { at })
}

fn until_of(place: &ActiveStep, zone: Tz) -> Option<Day> {
    match place.standing {
        StepStatus::Waiting { until, .. } => Some(until.day_in(zone)),
        StepStatus::Duty(_)
        | StepStatus::Orders(_)
        | StepStatus::Parts
        | StepStatus::Stuck { .. }
        | StepStatus::Confirmation => None,
    }
}

fn holders(order: &Order) -> Vec<String> {
    let duties = order.state.places().iter().filter_map(ActiveStep::duty);
    duties.flat_map(|duty| duty.assignees.iter().cloned()).collect()
}

fn texts(named: &[Word]) -> Vec<String> {
    named.iter().map(|named| named.value.clone()).collect()
}

/// A list in which neither order nor repetition counts.
fn many(mut texts: Vec<String>) -> Value {
    texts.sort();
    texts.dedup();
    texts.into()
}

fn one_or_many(mut texts: Vec<String>) -> Value {
    match texts.as_mut_slice() {
        [one] => Value::from(std::mem::take(one)),
        _ => many(texts),
    }
}
