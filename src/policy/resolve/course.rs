//! The life of an order in a case: its people, its acts, and what must come of them.

use serde_json::{Map, Number, Value};

use super::super::case::{
    CaseAct, CaseDeed, CaseForm, CaseName, CaseOfficer, CaseWords, Course, WantedOfAct, WantedPlace,
    WantedTerm,
};
use super::super::raw::{self, At, DayOrNone, Many, NodeKind, Word, YamlNode};
use super::Resolver;
use crate::diag::codes::{ACTS_OUT_OF_ORDER, KEY_DOES_NOT_FIT, UNKNOWN_ROLE};
use crate::diag::{Diagnostic, Span};

/// Visits and levels that a case can name.
const COUNT_MAX: u32 = 10_000;

/// What a case says of an order's life, as typed.
pub(super) struct CourseParts {
    pub(super) workflow: Option<Word>,
    pub(super) opened_at: Option<raw::Moment>,
    pub(super) due: Option<At<crate::time::Day>>,
    pub(super) officers: Vec<raw::GivenOfficer>,
    pub(super) acts: Vec<raw::ActShape>,
    pub(super) place: WantedPlace,
    pub(super) orders: Vec<(Word, raw::OrderExpect)>,
}

/// Builds the life of an order; none where a case says nothing of one.
pub(super) fn course(resolver: &mut Resolver<'_>, raw: CourseParts) -> Option<Course> {
    let CourseParts { workflow, opened_at, due, officers, acts, place, orders } = raw;
    let says_nothing = workflow.is_none()
        && due.is_none()
        && officers.is_empty()
        && acts.is_empty()
        && orders.is_empty()
        && place == WantedPlace::default();
    if says_nothing {
        return None;
    }
    resolver.reject_duplicates(officers.iter().map(|officer| officer.id.spelling()));
    in_order(resolver, opened_at, &acts);
    let orders = orders.into_iter().map(|(workflow, raw)| (named(workflow), self::place(resolver, raw)));
    let orders = orders.collect();
    Some(Course {
        workflow: workflow.map(named),
        opened_at: opened_at.map(|at| at.local),
        due: due.map(|day| day.value),
        officers: officers.into_iter().map(|raw| officer(resolver, raw)).collect(),
        acts: acts.into_iter().map(|raw| act(resolver, raw)).collect(),
        place,
        orders,
    })
}

/// Reports the first act of each step back in time.
fn in_order(resolver: &mut Resolver<'_>, opened_at: Option<raw::Moment>, acts: &[raw::ActShape]) {
    let mut last = opened_at;
    for act in acts {
        if let Some(before) = last.filter(|before| act.at.local < before.local) {
            let wrong = Diagnostic::new(ACTS_OUT_OF_ORDER, act.at.span);
            resolver.out.push(wrong.related(before.span, "label-above"));
        }
        last = Some(act.at);
    }
}

fn officer(resolver: &mut Resolver<'_>, raw: raw::GivenOfficer) -> CaseOfficer {
    let raw::GivenOfficer {
        id,
        name,
        station,
        roles,
        certificate,
        certified_until,
        grids,
        leaves,
        left_on,
        conflict,
    } = raw;
    for role in &roles.0 {
        resolver.position(UNKNOWN_ROLE, role.spelling(), |names| {
            names.roles.iter().map(|role| role.id.as_str()).chain(names.duties()).collect()
        });
    }
    let certified_until = certified_until.map(|day| day.value);
    // Whoever's certificate ends on a day has one; its number is of no account here.
    let certificate = certificate.map(|word| word.value).or(certified_until.map(|_| id.text().to_owned()));
    CaseOfficer {
        name: name.map_or_else(|| id.text().to_owned(), |name| name.value),
        id: named(id.0),
        station: station.map(|id| id.0.value),
        roles: roles.0.into_iter().map(|id| id.0.value).collect(),
        certificate,
        certified_until,
        grids: grids.0.into_iter().map(|id| id.0.value).collect(),
        leaves: leaves
            .into_iter()
            .map(|leave| (leave.from.value, leave.to.value, leave.substitute.map(named)))
            .collect(),
        left_on: left_on.map(|day| day.value),
        conflict: conflict.is_some_and(|said| said.value),
    }
}

fn act(resolver: &mut Resolver<'_>, raw: raw::ActShape) -> CaseAct {
    let expect = raw.expect.clone().map(|expect| wanted(resolver, expect)).unwrap_or_default();
    let (span, at, order) = (raw.span, raw.at, raw.order.clone().map(named));
    let what = deed(resolver, raw);
    CaseAct { span, at: at.local, at_span: at.span, order, what, expect }
}

/// Decides whether a person acts, a signal comes or time passes; keys of another kind are reported.
fn deed(resolver: &mut Resolver<'_>, raw: raw::ActShape) -> CaseDeed {
    let form_span = raw.form.as_ref().map(|form| form.span);
    let place = |word: &Option<Word>| word.as_ref().map(|word| word.span);
    let of_act = [
        ("step", place(&raw.step)),
        ("by", place(&raw.by)),
        ("form", form_span),
        ("to", raw.to.0.first().map(|word| word.span)),
        ("reason", place(&raw.reason)),
        ("length", place(&raw.length)),
        ("approver", place(&raw.approver)),
        ("document", place(&raw.document)),
        ("note", place(&raw.note)),
    ];
    let of_signal =
        [("station", place(&raw.station)), ("grid", place(&raw.grid)), ("officer", place(&raw.officer))];
    let signal_too = [("signal", place(&raw.signal))];
    let order_too = [("order", place(&raw.order))];
    match (raw.action, raw.signal) {
        (Some(word), _) => {
            strangers(resolver, of_signal.iter().chain(&signal_too));
            CaseDeed::Act {
                word: named(word),
                by: raw.by.map(named),
                step: raw.step.map(named),
                words: Box::new(CaseWords {
                    form: raw.form.map(|node| form(&node)),
                    to: names(raw.to.0),
                    reason: raw.reason.map(named),
                    length: raw.length.map(named),
                    approver: raw.approver.map(named),
                    document: raw.document.map(named),
                    note: raw.note.map(named),
                }),
            }
        }
        (None, Some(name)) => {
            strangers(resolver, of_act.iter().chain(&order_too));
            CaseDeed::Signal {
                name: named(name),
                station: raw.station.map(named),
                grid: raw.grid.map(named),
                officer: raw.officer.map(named),
            }
        }
        (None, None) => {
            strangers(resolver, of_act.iter().chain(&of_signal));
            CaseDeed::Wait
        }
    }
}

fn strangers<'k>(
    resolver: &mut Resolver<'_>,
    keys: impl IntoIterator<Item = &'k (&'static str, Option<Span>)>,
) {
    for (key, span) in keys {
        if let Some(span) = span {
            resolver.out.push(Diagnostic::new(KEY_DOES_NOT_FIT, *span).with("key", *key));
        }
    }
}

fn wanted(resolver: &mut Resolver<'_>, raw: raw::ActExpect) -> WantedOfAct {
    let raw::MapUnion(place, raw::ActOutcome { refused, fired, told, opened }) = raw;
    let fired = fired.map(|rows| rows.into_iter().map(|row| fired_term(resolver, row)).collect());
    let told = told.map(|told| told.0.into_iter().map(|(kind, who)| (named(kind), names(who))).collect());
    WantedOfAct {
        place: self::place(resolver, place),
        refused: refused.map(named),
        fired,
        told,
        opened: opened.map(|Many(words)| names(words)),
    }
}

/// Builds where an order must stand.
pub(super) fn place(resolver: &mut Resolver<'_>, raw: raw::OrderExpect) -> WantedPlace {
    let raw::OrderExpect { state, step, due, until, visit, who } = raw;
    let day = |said: Option<DayOrNone>| said.map(|said| said.0);
    WantedPlace {
        state: state.map(|said| said.value),
        steps: step.map(|Many(words)| names(words)),
        due: day(due),
        until: day(until),
        visit: visit.map(|said| resolver.bounded(said, 1, COUNT_MAX)),
        who: who.map(|Many(words)| names(words)),
    }
}

fn fired_term(resolver: &mut Resolver<'_>, raw: raw::FiredShape) -> WantedTerm {
    let raw::FiredShape { span, at, order, step, term, level } = raw;
    WantedTerm {
        span: level.map_or(span, |said| said.span),
        order: order.map(named),
        step: step.map(named),
        term: term.map(named),
        level: level.map(|said| resolver.bounded(said, 0, COUNT_MAX)),
        at: at.map(|at| at.local),
    }
}

fn form(node: &YamlNode) -> CaseForm {
    let fields = match &node.kind {
        NodeKind::Map(pairs) => pairs
            .iter()
            .map(|(key, value)| (CaseName { text: key.text.clone(), span: key.span }, columns(value)))
            .collect(),
        NodeKind::Scalar(_) | NodeKind::List(_) => Vec::new(),
    };
    CaseForm { span: node.span, answer: value(node).into(), fields }
}

/// The keys of the rows of a table.
fn columns(node: &YamlNode) -> Vec<CaseName> {
    let NodeKind::List(rows) = &node.kind else { return Vec::new() };
    let keys = rows.iter().flat_map(|row| match &row.kind {
        NodeKind::Map(pairs) => pairs.as_slice(),
        NodeKind::Scalar(_) | NodeKind::List(_) => &[],
    });
    keys.map(|(key, _)| CaseName { text: key.text.clone(), span: key.span }).collect()
}

/// Reads what is written as JSON; a bare number is a number, a bare `true` is one.
fn value(node: &YamlNode) -> Value {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.is_nothing() => Value::Null,
        NodeKind::Scalar(scalar) => match (scalar.plain, scalar.text.as_str()) {
            (true, "true") => Value::Bool(true),
            (true, "false") => Value::Bool(false),
            (true, text) if raw::leaf::is_number(text) => number(text),
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

/// Makes a name of a word.
pub(super) fn named(word: Word) -> CaseName {
    CaseName { text: word.value, span: word.span }
}

fn names(words: Vec<Word>) -> Vec<CaseName> {
    words.into_iter().map(named).collect()
}
