//! Living an order's life: it is opened as the office opens orders, and each act happens in its turn.

use std::sync::atomic::AtomicBool;

use chrono::NaiveDateTime;
use serde_json::{Map, Value};

use super::bureau::CaseBureau;
use super::compare::FieldComparison;
use super::judged::{day_after, judge, note_lines};
use super::texts::CaseTexts;
use super::{CaseAnswer, act, events};
use crate::appraise::{self, Basis, NextState};
use crate::diag::Span;
use crate::engine::{HAND, OrderHeader, OrderOrigin, PinnedPolicy, Refusal, hand_window};
use crate::id::OrderId;
use crate::people::{Conflict, Decider, Grid, Leave, Officer, Post, Roster};
use crate::policy::{Case, CaseAct, CaseLeave, CaseOfficer, Course, Id, Policy, SubjectKind, Word, Workflow};
use crate::terms::PatrolDates;
use crate::time::{Day, Stamp};

/// A case whose order is lived, with what it is lived by.
#[derive(Clone, Copy)]
pub(super) struct CaseScript<'a> {
    pub(super) texts: &'a CaseTexts<'a>,
    pub(super) case: &'a Case,
    pub(super) course: &'a Course,
    /// The workflow that the case opens.
    pub(super) workflow: &'a Workflow,
}

/// An order being lived: the script, the bureau it happens in, and what came of it.
struct Rehearsal<'a> {
    script: CaseScript<'a>,
    bureau: CaseBureau<'a>,
    rows: ActRows,
    out: &'a mut CaseAnswer,
}

/// Rows of acts, as expected and as they came.
#[derive(Default)]
struct ActRows {
    expected: Vec<Value>,
    got: Vec<Value>,
}

/// Lives the order of a case, and compares.
pub(super) fn live(script: &CaseScript<'_>, out: &mut CaseAnswer) {
    let CaseScript { texts, case, course, workflow: _ } = *script;
    let policy = texts.base.policy;
    let zone = policy.bureau.zone;
    let begins = Stamp::from_local(begins(case, course), zone);
    let roster = roster(&course.officers, &case.subject.station, &case.subject.id);
    let bureau = CaseBureau::new(texts, case.subject.clone(), roster);
    let mut rehearsal = Rehearsal { script: *script, bureau, rows: ActRows::default(), out };
    let is_lived = match script.open(&mut rehearsal.bureau, begins) {
        Ok(()) => course.acts.iter().all(|act| rehearsal.happen(act)),
        Err(refusal) => {
            rehearsal.refused(case.span, refusal, FieldComparison::default());
            false
        }
    };
    let first = begins.day_in(zone);
    let text = texts.on(&case.subject.station, first);
    note_lines(policy, &text.rules.trace(text.policy, &case.subject, first), rehearsal.out);
    let Rehearsal { rows, mut bureau, out, .. } = rehearsal;
    if !rows.expected.is_empty() {
        out.compared.field("acts", Some(rows.expected.into()), rows.got.into());
    }
    if is_lived {
        let last = course.acts.last().map_or(begins, |act| Stamp::from_local(act.at.value, zone));
        let (day, subject) = (last.day_in(zone), bureau.subject());
        let PinnedPolicy { policy, rules } = texts.on(&subject.station, day);
        judge(Basis { policy, rules, day }, case, &subject, out);
        compare_ends(script, &bureau, &mut out.compared);
    }
    out.reached.steps.append(&mut bureau.reached.steps);
    out.reached.rows.append(&mut bureau.reached.rows);
}

/// Compares where the orders stand after the last act.
fn compare_ends(script: &CaseScript<'_>, bureau: &CaseBureau<'_>, compared: &mut FieldComparison) {
    let (course, zone) = (script.course, script.texts.base.policy.bureau.zone);
    let first = bureau.first().and_then(|key| bureau.get(key));
    compared.place(&course.place, first, zone);
    let mut orders = FieldComparison::default();
    for (named, wanted) in &course.orders {
        let found = named.parted().and_then(|(workflow, number)| bureau.find(workflow, number));
        let lived = found.and_then(|key| bureau.get(key));
        let mut order = FieldComparison::default();
        order.place(wanted, lived, zone);
        let got = lived.map_or(Value::Null, |_| order.got.into());
        orders.field(&named.value, Some(order.expected.into()), got);
    }
    if !course.orders.is_empty() {
        compared.field("orders", Some(orders.expected.into()), orders.got.into());
    }
}

/// The moment the order is opened.
fn begins(case: &Case, course: &Course) -> NaiveDateTime {
    let first = course.acts.first().map(|act| act.at);
    course.opened_at.or(first).map_or_else(|| day_after(case).and_time(chrono::NaiveTime::MIN), |at| at.value)
}

impl CaseScript<'_> {
    /// Opens the order: by the trigger when the subject's issue date has come, else by hand.
    fn open(&self, bureau: &mut CaseBureau<'_>, now: Stamp) -> Result<(), Refusal> {
        let CaseScript { texts, case, course, workflow } = *self;
        let today = now.day_in(texts.base.policy.bureau.zone);
        let subject = &case.subject;
        let PinnedPolicy { policy, rules } = texts.on(&subject.station, today);
        let stop = AtomicBool::new(false);
        let basis = Basis { policy, rules, day: today };
        let answer = appraise::appraise(basis, std::slice::from_ref(subject), &[None], &stop).remove(0);
        let recurring = policy.recurring().zip(&answer.next).find(|((known, trigger, _), _)| {
            known.id == workflow.id && case.trigger.as_ref().is_none_or(|(_, id)| *id == trigger.id)
        });
        let due = recurring.as_ref().and_then(|((_, trigger, _), next)| match next.state {
            NextState::Due { dates, .. } if next.held.is_none() && dates.issue_on <= today => {
                Some((trigger.id.clone(), dates))
            }
            NextState::Due { .. } | NextState::None(_) => None,
        });
        let (trigger, dates) = match (course.due, due) {
            (None, Some(due)) => due,
            (wanted, _) => (HAND.to_owned(), self.by_hand(today, wanted)),
        };
        let cover = OrderHeader {
            id: OrderId { home: subject.home.clone(), seq: 0 },
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
        let origin = OrderOrigin {
            trigger,
            nominal: dates.nominal.to_string(),
            policy: policy.digest.to_string(),
            ..OrderOrigin::default()
        };
        bureau.open(cover, origin, now)
    }

    /// The window of an order opened by hand is from today; its nominal date is the window's end.
    fn by_hand(&self, today: Day, wanted: Option<Day>) -> PatrolDates {
        let policy = self.texts.base.policy;
        let due = wanted.unwrap_or_else(|| hand_window(policy, self.workflow, today));
        let provisional = !policy.calendar.is_published_through(today, due);
        PatrolDates { nominal: due, due, issue_on: today, provisional }
    }
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

impl Rehearsal<'_> {
    /// Lets one act happen; returns whether the case can go on from here.
    fn happen(&mut self, act: &CaseAct) -> bool {
        let policy = self.script.texts.base.policy;
        let zone = policy.bureau.zone;
        let now = Stamp::from_local(act.at.value, zone);
        self.bureau.news = events::CaseEvents::default();
        self.bureau.pass_until(now);
        let mut compared = FieldComparison::default();
        let came = act::carry_out(policy, &mut self.bureau, act, now);
        match (came, &act.expect.outcome.refused) {
            (Err(refusal), None) => {
                self.refused(act.span, refusal, compared);
                return false;
            }
            (Err(refusal), Some(wanted)) => {
                let found = refused_with(&refusal, wanted);
                compared.field("refused", Some(wanted.value.as_str().into()), found.into());
            }
            (Ok(()), Some(wanted)) => {
                compared.field("refused", Some(wanted.value.as_str().into()), Value::Null);
            }
            (Ok(()), None) => {}
        }
        let key = self.bureau.key_of(act.order.as_ref()).ok();
        let lived = key.as_ref().and_then(|key| self.bureau.get(key));
        compared.place(&act.expect.place, lived, zone);
        compared.news(&act.expect.outcome, &self.bureau.news, &self.script.texts.base.policy.bureau);
        if !compared.expected.is_empty() {
            self.row(act.span, compared);
        }
        true
    }

    /// Notes a refusal that nobody expected.
    fn refused(&mut self, span: Span, refusal: Refusal, mut compared: FieldComparison) {
        compared.field("refused", Some(Value::Null), refusal.id.into());
        self.row(span, compared);
        self.out.refused.push((self.script.texts.base.policy.sources.start(span).line, refusal));
    }

    /// Adds a row to both sides, with the line of the act.
    fn row(&mut self, span: Span, compared: FieldComparison) {
        let line = self.script.texts.base.policy.sources.start(span).line;
        let with_line = |fields: Map<String, Value>| {
            let line = [("line".to_owned(), Value::from(line))];
            Value::Object(line.into_iter().chain(fields).collect())
        };
        self.rows.expected.push(with_line(compared.expected));
        self.rows.got.push(with_line(compared.got));
    }
}

/// Returns the code a refusal is known by: the one wanted, where it stands behind it.
fn refused_with<'r>(refusal: &'r Refusal, wanted: &'r Word) -> &'r str {
    let is_wanted = refusal.parts.iter().any(|part| part.id == wanted.value);
    if is_wanted { &wanted.value } else { refusal.id }
}

/// Puts the people of a case on a roster.
fn roster(given: &[CaseOfficer], station: &str, subject: &str) -> Roster {
    let mut roster = Roster::default();
    for said in given {
        let id = said.id.value.clone();
        for grid in &said.grids.0 {
            let of_station = said.station.as_ref().map_or(station, |id| &id.value);
            let grid = roster.grids.entry(grid.value.clone()).or_insert_with(|| Grid {
                id: grid.value.clone(),
                station: of_station.to_owned(),
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
    let id = &said.id.value;
    let post = |role: &Id| Post { role: role.value.clone(), from: None, until: said.roles_until };
    let leave = |leave: &CaseLeave| Leave {
        from: leave.from,
        to: leave.to,
        substitute: leave.substitute.as_ref().map(|named| named.value.clone()),
    };
    Officer {
        id: id.clone(),
        name: said.name.as_ref().unwrap_or(id).clone(),
        station: said.station.as_ref().map(|station| station.value.clone()),
        posts: said.roles.0.iter().map(post).collect(),
        // Whoever's certificate ends on a day has one; its number is of no account here.
        certificate: said.certificate.clone().or(said.certified_until.map(|_| id.clone())),
        certified_until: said.certified_until,
        left_on: said.left_on,
        leaves: said.leaves.iter().map(leave).collect(),
        ..Officer::default()
    }
}
