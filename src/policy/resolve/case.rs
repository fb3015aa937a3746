//! `*.test.yaml`: each case with a whole subject, its values typed like an imported row's.

use super::super::case::{Case, Expect, WantedPlace};
use super::super::model::{TierIx, Workflow};
use super::super::raw::{self, Headed, Loose, Word};
use super::{Known, Resolver, course, find, value};
use crate::diag::Diagnostic;
use crate::diag::codes::{CASE_TRIGGER, MISSING_KEY, NOT_A_DAY, UNKNOWN_FIELD, UNKNOWN_LEVEL, UNKNOWN_TIER};
use crate::register::{History, Inspection, PastOrder, Status, Subject, Value};
use crate::time::Day;

/// Station of a case's subject when it names none.
const STATION: &str = "test";

/// Builds every case.
pub(super) fn cases(
    resolver: &mut Resolver<'_>,
    raw: Vec<Vec<raw::CaseShape>>,
    known: &Known,
    workflows: &[Workflow],
) -> Vec<Case> {
    for file in &raw {
        resolver.reject_duplicates(file.iter().map(|case| (case.case.text(), case.case.span)));
    }
    let cases = raw.into_iter().flatten().map(|raw| {
        resolver.cap_diagnostics();
        case(resolver, raw, known, workflows)
    });
    cases.collect()
}

fn case(resolver: &mut Resolver<'_>, raw: raw::CaseShape, known: &Known, workflows: &[Workflow]) -> Case {
    let raw::CaseShape { span, case, trigger, workflow, mut given, acts, expect: said } = raw;
    let trigger = trigger.and_then(|word| trigger_of(resolver, &word, workflows));
    let (opened_at, due) = (given.on, given.due.take());
    let officers = std::mem::take(&mut given.officers);
    let has_expect = said.is_some();
    let (expect, place, orders) = said.map(|said| expect(resolver, said, known)).unwrap_or_default();
    let station = officers.iter().find_map(|officer| officer.station.as_ref()).map(|id| id.text().to_owned());
    let grid = officers.iter().find_map(|officer| officer.grids.0.first()).map(|id| id.text().to_owned());
    let parts = course::Parts { workflow, opened_at, due, officers, acts, place, orders };
    let course = course::course(resolver, parts, known);
    if !has_expect && course.is_none() {
        resolver.out.push(Diagnostic::new(MISSING_KEY, span).with("key", "expect"));
    }
    Case {
        name: case.value,
        span: case.span,
        trigger,
        on: opened_at.map(|on| on.local.date()),
        subject: subject(resolver, given, (station, grid), known),
        course,
        expect,
    }
}

/// Reads `five-step/cycle`.
fn trigger_of(resolver: &mut Resolver<'_>, word: &Word, workflows: &[Workflow]) -> Option<(String, String)> {
    let found = word.text().split_once('/').filter(|(workflow, trigger)| {
        find(workflows, workflow).is_some_and(|known| known.start.iter().any(|start| start.id == *trigger))
    });
    let Some((workflow, trigger)) = found else {
        let known: Vec<String> = workflows
            .iter()
            .flat_map(|workflow| workflow.start.iter().map(|start| format!("{}/{}", workflow.id, start.id)))
            .collect();
        resolver.unknown(CASE_TRIGGER, word.text(), word.span, known.iter().map(String::as_str));
        return None;
    };
    Some((workflow.to_owned(), trigger.to_owned()))
}

/// Builds the subject; where it does not say, it is of the station and the grid of the people given.
fn subject(
    resolver: &mut Resolver<'_>,
    given: raw::Given,
    (station, grid): (Option<String>, Option<String>),
    known: &Known,
) -> Subject {
    let raw::Given { on: _, due: _, subject: values, officers: _, statuses, inspections, orders } = given;
    let station = station.unwrap_or_else(|| STATION.to_owned());
    let defaults = known.attributes.iter().map(default);
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
        set(resolver, &mut subject, name, loose, known);
    }
    let listed = statuses.into_iter().map(|row| (row.on.value, row.status.value));
    subject.history.statuses.extend(listed);
    subject.history.statuses.sort_by_key(|(on, _)| *on);
    for (at, raw) in inspections.into_iter().enumerate() {
        let problems = problems(resolver, &raw.problems, &known.levels);
        let result = raw.result.map(|word| word.value).unwrap_or_default();
        subject.history.inspections.push(Inspection {
            id: format!("{at:06}"),
            on: raw.on.value,
            result,
            problems,
        });
    }
    subject.history.inspections.sort_by(|one, other| (one.on, &one.id).cmp(&(other.on, &other.id)));
    subject.history.orders = orders.into_iter().map(past_order).collect();
    subject.history.orders.sort_by_key(|order| order.issued_on);
    subject
}

/// Returns the declared default; one that does not fit its type was reported there.
fn default(attribute: &crate::policy::model::Attribute) -> Value {
    let Some(text) = &attribute.default else { return Value::Missing };
    let loose = Loose { text: text.clone(), plain: true, span: attribute.span };
    let mut unheard = Vec::new();
    let mut resolver = Resolver { out: &mut unheard, exprs: Vec::new(), is_whole: false };
    let quoted = Loose { plain: false, ..loose.clone() };
    value::attribute(&mut resolver, &attribute.kind, &loose)
        .or_else(|| value::attribute(&mut resolver, &attribute.kind, &quoted))
        .unwrap_or(Value::Missing)
}

fn set(resolver: &mut Resolver<'_>, subject: &mut Subject, name: &Word, loose: &Loose, known: &Known) {
    if let Some(at) = known.attributes.iter().position(|a| a.id == name.value || a.title == name.value) {
        if let Some(value) = value::attribute(resolver, &known.attributes[at].kind, loose) {
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
        "last_patrol" => match raw::leaf::day(&loose.text) {
            Some(day) => subject.history.last_patrol_known = Some(day),
            None => resolver.out.push(Diagnostic::new(NOT_A_DAY, loose.span).with("word", &loose.text)),
        },
        other => {
            let built_in = ["id", "name", "grid", "lat", "lon", "station", "status", "last_patrol"];
            let attributes = known.attributes.iter().map(|attribute| attribute.id.as_str());
            resolver.unknown(UNKNOWN_FIELD, other, name.span, attributes.chain(built_in));
        }
    }
}

fn problems(resolver: &mut Resolver<'_>, raw: &Headed<raw::At<i64>>, levels: &[String]) -> Vec<u32> {
    let mut counts = vec![0; levels.len()];
    for (level, count) in &raw.0 {
        if let Some(at) = levels.iter().position(|known| known == level.text()) {
            counts[at] = super::workflow::bounded(resolver, *count, 0, 10_000);
        } else {
            let known = levels.iter().map(String::as_str);
            resolver.unknown(UNKNOWN_LEVEL, level.text(), level.span, known);
        }
    }
    counts
}

fn past_order(raw: raw::GivenOrder) -> PastOrder {
    let trigger = raw.trigger.map(|word| word.value).unwrap_or_default();
    let (workflow, trigger) = trigger.split_once('/').unwrap_or(("", &trigger));
    PastOrder {
        workflow: workflow.to_owned(),
        trigger: trigger.to_owned(),
        nominal: raw.nominal.map(|day| day.value),
        issued_on: raw.issued_on.value,
        from: raw.issued_on.value,
        due: raw.due.value,
        is_open: raw.open.is_some_and(|said| said.value),
    }
}

/// What must come out of the rules, of the order, and of those opened on the way.
type Expected = (Expect, WantedPlace, Vec<(Word, raw::OrderExpect)>);

fn expect(resolver: &mut Resolver<'_>, raw: raw::Expect, known: &Known) -> Expected {
    let raw::Expect {
        tier,
        score,
        nominal,
        due,
        issue_on,
        when,
        provisional,
        state,
        step,
        until,
        visit,
        who,
        orders,
    } = raw;
    let tier = tier.and_then(|id| {
        let at = known.tiers.order.iter().position(|tier| tier.id == id.text());
        if at.is_none() {
            let ids = known.tiers.order.iter().map(|tier| tier.id.as_str());
            resolver.unknown(UNKNOWN_TIER, id.text(), id.span(), ids);
        }
        at.and_then(|at| u16::try_from(at).ok()).map(TierIx)
    });
    let place = raw::OrderExpect { state, step, due: None, until, visit, who };
    let place = course::place(resolver, place);
    let expect = Expect {
        tier,
        score: score.map(|number| number.value),
        nominal: nominal.map(|said| said.0),
        due: due.map(|said| said.0),
        issue_on: issue_on.map(|said| said.0),
        when: when.map(|said| said.value),
        provisional: provisional.map(|said| said.value),
    };
    (expect, place, orders.0)
}
