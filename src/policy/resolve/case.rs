//! `*.test.yaml`: each case with a whole subject, its values typed like an imported row's.

use super::super::case::{Case, Course, Expect};
use super::super::model::{Attribute, TierIx};
use super::super::raw::{self, At, Loose, TextMap, WantedPlace, Word};
use super::{Resolver, course, value};
use crate::diag::Diagnostic;
use crate::diag::codes::{CASE_TRIGGER, MISSING_KEY, UNKNOWN_FIELD, UNKNOWN_TIER};
use crate::register::{History, Inspection, PastOrder, Status, Subject, Value};
use crate::time::Day;

/// Station of a case's subject when it names none.
const STATION: &str = "test";

pub(super) fn cases(resolver: &mut Resolver<'_>, raw: Vec<Vec<raw::CaseShape>>) -> Vec<Case> {
    for file in &raw {
        resolver.reject_duplicates(file.iter().map(|case| case.case.spelling()));
    }
    let cases = raw.into_iter().flatten().map(|raw| {
        resolver.cap_diagnostics();
        case(resolver, raw)
    });
    cases.collect()
}

fn case(resolver: &mut Resolver<'_>, raw: raw::CaseShape) -> Case {
    let raw::CaseShape { span, case, trigger, workflow, given, acts, expect } = raw;
    let trigger = trigger.and_then(|word| trigger_of(resolver, &word));
    let has_expect = expect.is_some();
    let Expectations { rules, place, orders } =
        expect.map(|raw| expectations(resolver, raw)).unwrap_or_default();
    let subject = subject(resolver, &given);
    let station = given.subject.0.iter().find(|(name, _)| name.text() == "station");
    let station = station.map(|(_, loose)| At { value: loose.text.clone(), span: loose.span });
    let acts = acts.into_iter().map(|raw| course::act(resolver, raw)).collect();
    let raw::GivenShape { on: opened_at, due, officers, .. } = given;
    let on = opened_at.map(|on| on.value.date());
    let course = Course { workflow, opened_at, due, officers, acts, place, orders };
    let course = course::course(resolver, course);
    if !has_expect && course.is_none() {
        resolver.out.push(Diagnostic::new(MISSING_KEY, span).with("key", "expect"));
    }
    Case { name: case.value, span: case.span, trigger, on, subject, station, course, expect: rules }
}

/// Reads `five-step/cycle`.
fn trigger_of(resolver: &mut Resolver<'_>, word: &Word) -> Option<(String, String)> {
    let workflows = &resolver.names.workflows;
    let found = word.text().split_once('/').filter(|(workflow, trigger)| {
        let known = resolver.names.workflow(workflow);
        known.is_some_and(|known| known.start.iter().any(|start| start.id == *trigger))
    });
    let Some((workflow, trigger)) = found else {
        let known: Vec<String> = workflows
            .iter()
            .flat_map(|workflow| workflow.start.iter().map(|start| format!("{}/{}", workflow.id, start.id)))
            .collect();
        resolver.unknown(CASE_TRIGGER, word.spelling(), known.iter().map(String::as_str));
        return None;
    };
    Some((workflow.to_owned(), trigger.to_owned()))
}

/// Builds the subject; where it does not say, it is of the station and the grid of the people given.
fn subject(resolver: &mut Resolver<'_>, given: &raw::GivenShape) -> Subject {
    let raw::GivenShape { on: _, due: _, subject: values, officers: people, statuses, inspections, orders } =
        given;
    let station = people.iter().find_map(|officer| officer.station.as_ref());
    let station = station.map_or(STATION, |id| id.text()).to_owned();
    let grid = people.iter().find_map(|officer| officer.grids.0.first()).map(|id| id.text().to_owned());
    let defaults = resolver.names.attributes.iter().map(default);
    let mut subject = Subject {
        id: "test".to_owned(),
        name: "test".to_owned(),
        home: station.clone(),
        station,
        grid,
        lat: None,
        lon: None,
        attributes: defaults.collect(),
        history: History::default(),
    };
    for (name, loose) in &values.0 {
        set(resolver, &mut subject, name, loose);
    }
    let listed = statuses.iter().map(|row| (row.on, row.status));
    subject.history.statuses.extend(listed);
    subject.history.statuses.sort_by_key(|(on, _)| *on);
    for (at, raw) in inspections.iter().enumerate() {
        let problems = problems(resolver, &raw.problems);
        let result = raw.result.clone().unwrap_or_default();
        let kind = raw.kind.as_ref().map(|kind| resolver.inspection_kind(kind));
        let id = format!("{at:06}");
        subject.history.inspections.push(Inspection { id, on: raw.on, kind, result, problems });
    }
    subject.history.inspections.sort_by(|one, other| (one.on, &one.id).cmp(&(other.on, &other.id)));
    subject.history.orders = orders.iter().map(past_order).collect();
    subject.history.orders.sort_by_key(|order| order.issued_on);
    subject
}

/// Returns the declared default; one that does not fit its type was reported there.
fn default(attribute: &Attribute) -> Value {
    let Some(text) = &attribute.default else { return Value::Missing };
    let unquoted = Loose { text: text.clone(), plain: true, span: attribute.span };
    let quoted = Loose { plain: false, ..unquoted.clone() };
    let mut unheard = Vec::new();
    value::attribute(&mut unheard, &attribute.kind, &unquoted)
        .or_else(|| value::attribute(&mut unheard, &attribute.kind, &quoted))
        .unwrap_or(Value::Missing)
}

fn set(resolver: &mut Resolver<'_>, subject: &mut Subject, name: &Word, loose: &Loose) {
    if let Some(at) = resolver.names.attribute(name.text()) {
        if let Some(value) = value::attribute(resolver.out, &resolver.names.attributes[at].kind, loose) {
            subject.attributes[at] = value;
        }
        return;
    }
    match name.text() {
        "id" => subject.id.clone_from(&loose.text),
        "name" => subject.name.clone_from(&loose.text),
        "grid" => subject.grid = Some(loose.text.clone()),
        "lat" => subject.lat = Some(loose.text.clone()),
        "lon" => subject.lon = Some(loose.text.clone()),
        "station" => {
            subject.station.clone_from(&loose.text);
            subject.home.clone_from(&loose.text);
        }
        // Without a date of its own it holds for all days.
        "status" => {
            if let Some(status) = raw::leaf::word::<Status>(&loose.text, loose.span, resolver.out) {
                subject.history.statuses.push((Day::MIN, status));
            }
        }
        "last_patrol" => {
            let day = raw::leaf::date(loose, resolver.out);
            subject.history.last_patrol_known = day.or(subject.history.last_patrol_known);
        }
        _ => {
            resolver.position(UNKNOWN_FIELD, name, |names| {
                let built_in = ["id", "name", "grid", "lat", "lon", "station", "status", "last_patrol"];
                names.attributes.iter().map(|attribute| attribute.id.as_str()).chain(built_in)
            });
        }
    }
}

fn problems(resolver: &mut Resolver<'_>, raw: &TextMap<raw::At<i64>>) -> Vec<u32> {
    let mut counts = vec![0; resolver.names.levels.len()];
    for (level, count) in &raw.0 {
        if let Some(at) = resolver.level(level) {
            counts[usize::from(at)] = resolver.bounded(*count, 0, 10_000);
        }
    }
    counts
}

fn past_order(raw: &raw::GivenOrder) -> PastOrder {
    let raw::GivenOrder { trigger, nominal, issued_on, due, open: is_open, cancelled: is_cancelled } = raw;
    let trigger = trigger.as_deref().unwrap_or_default();
    let (workflow, trigger) = trigger.split_once('/').unwrap_or(("", trigger));
    PastOrder {
        workflow: workflow.to_owned(),
        trigger: trigger.to_owned(),
        nominal: *nominal,
        issued_on: *issued_on,
        from: *issued_on,
        due: *due,
        is_open: *is_open,
        is_cancelled: *is_cancelled,
    }
}

/// What must come out of the rules, of the order, and of those opened on the way.
#[derive(Default)]
struct Expectations {
    rules: Expect,
    place: WantedPlace,
    orders: Vec<(Word, WantedPlace)>,
}

fn expectations(resolver: &mut Resolver<'_>, raw: raw::ExpectShape) -> Expectations {
    let raw::ExpectShape { tier, score, nominal, due, issue_on, when, provisional, .. } = raw;
    let raw::ExpectShape { state, step, until, visit, who, orders, .. } = raw;
    let tier = tier.and_then(|id| {
        resolver.position(UNKNOWN_TIER, &id, |names| names.tiers.iter().map(|tier| tier.id.as_str()))
    });
    let rules = Expect { tier: tier.map(TierIx), score, nominal, due, issue_on, when, provisional };
    let place = WantedPlace { state, step, due: None, until, visit, who };
    Expectations { rules, place, orders: orders.0 }
}
