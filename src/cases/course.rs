//! Living an order's life: it is opened as the office opens orders, and each act happens in its turn.

use std::sync::atomic::AtomicBool;

use chrono::NaiveDateTime;
use serde_json::{Map, Value};

use super::bureau::Bureau;
use super::compare::{compare, compare_news, compare_place};
use super::judged::{day_after, judge, note_lines};
use super::{CaseAnswer, deed, news, workflow_of};
use crate::appraise::{self, NextState};
use crate::diag::Span;
use crate::engine::{Cover, HAND, Key, Opened, Refusal, RefusalCode, hand_window};
use crate::people::{Conflict, Decider, Grid, Leave, Officer, Post, Roster};
use crate::policy::{Case, CaseAct, CaseOfficer, Course, Named, Policy, SubjectKind, Workflow};
use crate::rules::Rules;
use crate::terms::PatrolDates;
use crate::time::{Day, Stamp};

/// Lives the order of a case, and compares.
pub(super) fn live(policy: &Policy, rules: &Rules, (case, course): (&Case, &Course), out: &mut CaseAnswer) {
    // INVARIANT: `check` found the workflow, or the case is not run.
    let Some(workflow) = workflow_of(policy, case) else { return };
    let zone = policy.bureau.zone;
    let begins = Stamp::from_local(begins(case, course), zone);
    let roster = roster(&course.officers, &case.subject.station, &case.subject.id);
    let mut bureau = Bureau::new(policy, rules, case.subject.clone(), roster);
    let mut rows = (Vec::new(), Vec::new());
    let opened = open(policy, rules, (case, workflow), &mut bureau, begins);
    let is_lived = match opened {
        Ok(()) => course.acts.iter().all(|act| happen(policy, &mut bureau, act, &mut rows, out)),
        Err(refusal) => {
            refused(policy, case.span, refusal, (Map::new(), Map::new()), &mut rows, out);
            false
        }
    };
    note_lines(policy, &rules.trace(policy, &case.subject, begins.day_in(zone)), out);
    if !rows.0.is_empty() {
        compare((&mut out.expected, &mut out.got), "acts", Some(rows.0.into()), rows.1.into());
    }
    if is_lived {
        let last = course.acts.last().map_or(begins, |act| Stamp::from_local(act.at, zone));
        judge(policy, rules, case, (&bureau.subject(), last.day_in(zone)), out);
        compare_ends(policy, course, &bureau, out);
    }
    out.reached.steps.append(&mut bureau.reached.steps);
    out.reached.rows.append(&mut bureau.reached.rows);
}

/// Compares where the orders stand after the last act.
fn compare_ends(policy: &Policy, course: &Course, bureau: &Bureau<'_>, out: &mut CaseAnswer) {
    let zone = policy.bureau.zone;
    let first = bureau.first().and_then(|key| bureau.get(key));
    compare_place((&mut out.expected, &mut out.got), &course.place, first, zone);
    let mut orders = (Map::new(), Map::new());
    for (named, wanted) in &course.orders {
        let found = named.parted().and_then(|(workflow, number)| bureau.find(workflow, number));
        let lived = found.and_then(|key| bureau.get(key));
        let (mut expected, mut got) = (Map::new(), Map::new());
        compare_place((&mut expected, &mut got), wanted, lived, zone);
        let got = lived.map_or(Value::Null, |_| got.into());
        compare((&mut orders.0, &mut orders.1), &named.text, Some(expected.into()), got);
    }
    if !course.orders.is_empty() {
        compare((&mut out.expected, &mut out.got), "orders", Some(orders.0.into()), orders.1.into());
    }
}

/// The moment the order is opened.
fn begins(case: &Case, course: &Course) -> NaiveDateTime {
    let first = course.acts.first().map(|act| act.at);
    course.opened_at.or(first).unwrap_or_else(|| day_after(case).and_time(chrono::NaiveTime::MIN))
}

/// Opens the order: by the trigger when the subject's issue date has come, else by hand.
fn open(
    policy: &Policy,
    rules: &Rules,
    (case, workflow): (&Case, &Workflow),
    bureau: &mut Bureau<'_>,
    now: Stamp,
) -> Result<(), Refusal> {
    let today = now.day_in(policy.bureau.zone);
    let subject = &case.subject;
    let stop = AtomicBool::new(false);
    let subjects = std::slice::from_ref(subject);
    let answer = appraise::appraise(policy, rules, subjects, &[None], today, &stop).remove(0);
    let recurring = policy.recurring().zip(&answer.next).find(|((known, trigger, _), _)| {
        known.id == workflow.id && case.trigger.as_ref().is_none_or(|(_, id)| *id == trigger.id)
    });
    let due = recurring.as_ref().and_then(|((_, trigger, _), next)| match next.state {
        NextState::Due { dates, .. } if next.held.is_none() && dates.issue_on <= today => {
            Some((trigger.id.clone(), dates))
        }
        NextState::Due { .. } | NextState::None(_) => None,
    });
    let wanted = case.course.as_ref().and_then(|course| course.due);
    let (trigger, dates) = match (wanted, due) {
        (None, Some(due)) => due,
        (wanted, _) => (HAND.to_owned(), by_hand((policy, workflow), today, wanted)),
    };
    let cover = Cover {
        home: subject.home.clone(),
        seq: 0,
        number: String::new(),
        workflow: workflow.id.clone(),
        subject_kind: workflow.subject_kind,
        subject: about(policy, case, workflow.subject_kind),
        station: subject.station.clone(),
        grid: subject.grid.clone(),
        tier: answer.tier.map(|tier| policy.tiers.order[tier.ix()].id.clone()),
        scheduled_for: dates.issue_on,
        issued_at: now,
        due_on: dates.due,
    };
    let opened = Opened {
        trigger,
        nominal: dates.nominal.to_string(),
        policy: policy.digest.to_string(),
        ..Opened::default()
    };
    bureau.open(cover, opened, now)
}

/// The window of an order opened by hand is from today; its nominal date is the window's end.
fn by_hand((policy, workflow): (&Policy, &Workflow), today: Day, wanted: Option<Day>) -> PatrolDates {
    let due = wanted.unwrap_or_else(|| hand_window(policy, workflow, today));
    let provisional = !policy.calendar.is_published_through(today, due);
    PatrolDates { nominal: due, due, issue_on: today, provisional }
}

/// What the order is for.
fn about(policy: &Policy, case: &Case, kind: SubjectKind) -> String {
    match kind {
        SubjectKind::Subject | SubjectKind::Officer => case.subject.id.clone(),
        SubjectKind::Station => case.subject.station.clone(),
        SubjectKind::Grid => case.subject.grid.clone().unwrap_or_default(),
        SubjectKind::Bureau => policy.bureau.id.clone(),
    }
}

/// Rows of acts, as expected and as they came.
type Rows = (Vec<Value>, Vec<Value>);

/// Lets one act happen; returns whether the case can go on from here.
fn happen(
    policy: &Policy,
    bureau: &mut Bureau<'_>,
    act: &CaseAct,
    rows: &mut Rows,
    out: &mut CaseAnswer,
) -> bool {
    let zone = policy.bureau.zone;
    let now = Stamp::from_local(act.at, zone);
    bureau.news = news::News::default();
    bureau.pass_until(now);
    let (mut expected, mut got) = (Map::new(), Map::new());
    let came = deed::carry_out(policy, bureau, act, now);
    match (came, &act.expect.refused) {
        (Err(refusal), None) => {
            refused(policy, act.span, refusal, (expected, got), rows, out);
            return false;
        }
        (Err(refusal), Some(wanted)) => {
            let found = refused_with(&refusal, wanted);
            compare((&mut expected, &mut got), "refused", Some(wanted.text.as_str().into()), found.into());
        }
        (Ok(()), Some(wanted)) => {
            let wanted = wanted.text.as_str().into();
            compare((&mut expected, &mut got), "refused", Some(wanted), Value::Null);
        }
        (Ok(()), None) => {}
    }
    let key = key_of(bureau, act.order.as_ref()).ok();
    let lived = key.as_ref().and_then(|key| bureau.get(key));
    compare_place((&mut expected, &mut got), &act.expect.place, lived, zone);
    compare_news((&mut expected, &mut got), &act.expect, &bureau.news, zone);
    if !expected.is_empty() {
        row(policy, act.span, (expected, got), rows);
    }
    true
}

/// Returns the code a refusal is known by: the one wanted, where it stands behind it.
fn refused_with<'r>(refusal: &'r Refusal, wanted: &'r Named) -> &'r str {
    let is_wanted = refusal.parts.iter().any(|part| part.id == wanted.text);
    if is_wanted { &wanted.text } else { refusal.id }
}

/// Notes a refusal that nobody expected.
fn refused(
    policy: &Policy,
    span: Span,
    refusal: Refusal,
    (mut expected, mut got): (Map<String, Value>, Map<String, Value>),
    rows: &mut Rows,
    out: &mut CaseAnswer,
) {
    compare((&mut expected, &mut got), "refused", Some(Value::Null), refusal.id.into());
    row(policy, span, (expected, got), rows);
    out.refused.push((policy.sources.start(span).line, refusal));
}

/// Adds a row to both sides, with the line of the act.
fn row(
    policy: &Policy,
    span: Span,
    (expected, got): (Map<String, Value>, Map<String, Value>),
    rows: &mut Rows,
) {
    let line = policy.sources.start(span).line;
    let with_line = |fields: Map<String, Value>| {
        let line = [("line".to_owned(), Value::from(line))];
        Value::Object(line.into_iter().chain(fields).collect())
    };
    rows.0.push(with_line(expected));
    rows.1.push(with_line(got));
}

/// Finds the order that an act is about.
///
/// # Refusals
/// R004 when none of that workflow was opened yet.
pub(super) fn key_of(bureau: &Bureau<'_>, order: Option<&Named>) -> Result<Key, Refusal> {
    let found = match order {
        None => bureau.first(),
        Some(named) => named.parted().and_then(|(workflow, number)| bureau.find(workflow, number)),
    };
    let missing = || {
        let order = order.map_or_else(String::new, |named| named.text.clone());
        Refusal::new(RefusalCode::NoSuchOrder).with("order", order)
    };
    found.cloned().ok_or_else(missing)
}

/// Puts the people of a case on a roster.
fn roster(given: &[CaseOfficer], station: &str, subject: &str) -> Roster {
    let mut roster = Roster::default();
    for said in given {
        let id = said.id.text.clone();
        for grid in &said.grids {
            let of_station = said.station.clone().unwrap_or_else(|| station.to_owned());
            let grid = roster.grids.entry(grid.clone()).or_insert_with(|| Grid {
                id: grid.clone(),
                station: of_station,
                officer: None,
                backup: None,
            });
            let place = if grid.officer.is_none() { &mut grid.officer } else { &mut grid.backup };
            place.get_or_insert_with(|| id.clone());
        }
        if said.conflict {
            let (officer, subject) = (id.clone(), subject.to_owned());
            let (decided_by, document) = (Decider::Collective, String::new());
            roster.conflicts.push(Conflict { officer, subject, decided_by, document });
        }
        roster.officers.insert(id, officer(said));
    }
    roster
}

fn officer(said: &CaseOfficer) -> Officer {
    let post = |role: &String| Post { role: role.clone(), from: None, until: None };
    let leave = |(from, to, substitute): &(Day, Day, Option<Named>)| Leave {
        from: *from,
        to: *to,
        substitute: substitute.as_ref().map(|named| named.text.clone()),
    };
    Officer {
        id: said.id.text.clone(),
        name: said.name.clone(),
        station: said.station.clone(),
        posts: said.roles.iter().map(post).collect(),
        certificate: said.certificate.clone(),
        certified_until: said.certified_until,
        left_on: said.left_on,
        leaves: said.leaves.iter().map(leave).collect(),
        ..Officer::default()
    }
}
