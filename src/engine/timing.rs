//! The terms of one visit of a step: its wait, its last day, its ladder, its statutory clock.

use serde_json::json;

use super::answer_end::{AnswerEnd, AnswerLimit};
use super::answer_term;
use super::event::TermKind;
use super::order::{ActiveStep, Changes, Order, OrderHeader, OrderRecord, OrderState, StepStatus};
use super::outcome::TermRow;
use super::{ActResult, Refusal, RefusalCode};
use crate::calendar::{Length, Roll, Unit, add_days};
use crate::policy::{Bureau, DueRule, LengthRef, Policy, Step, Workflow};
use crate::terms::{ClockAnswer, ClockChanges, End, Grant, clock_end, rung, step_end};
use crate::time::{Day, Stamp, Tz};

/// When things happen in one visit of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    pub step: String,
    pub visit: u32,
    /// The first moment at which it can be completed, where the step waits.
    pub until: Option<Stamp>,
    /// Its last day.
    pub due: Option<Day>,
    /// The rows of its terms.
    pub rows: Vec<TermRow>,
}

/// Computes the terms of an order's places again, from the moments they were entered.
///
/// # Source
/// Policy language §5: a calendar import recomputes open dates by an explicit command.
pub fn recompute(policy: &Policy, order: &Order) -> Vec<Timing> {
    let Some(workflow) = policy.workflow(&order.cover.workflow) else { return Vec::new() };
    let found = order.state.places().iter().filter_map(|place| {
        let step = workflow.steps.iter().find(|step| step.id == place.step)?;
        timing(policy, step, &order.cover, place).ok()
    });
    found.collect()
}

impl Order {
    /// Sets the dates of a place anew; returns the last day and the end of its wait before, or nothing
    /// when the order is not there.
    pub fn retime(&mut self, timing: &Timing) -> Option<(Option<Day>, Option<Stamp>)> {
        let OrderState::Open(places) = &mut self.state else { return None };
        let is_meant = |place: &&mut ActiveStep| place.step == timing.step && place.visit == timing.visit;
        let place = places.iter_mut().find(is_meant)?;
        let due = std::mem::replace(&mut place.due, timing.due);
        let until = match (&mut place.standing, timing.until) {
            (StepStatus::Waiting { until, .. }, Some(new)) => Some(std::mem::replace(until, new)),
            (StepStatus::Waiting { until, .. }, None) => Some(*until),
            _ => None,
        };
        Some((due, until))
    }
}

/// Returns the end of an order's window: from the next day it is overdue, and rules may read that.
pub(super) fn window(policy: &Policy, first: &Step, cover: &OrderHeader) -> TermRow {
    let end = cover.due_on;
    TermRow {
        step: first.id.clone(),
        visit: 1,
        kind: TermKind::Window,
        level: 0,
        fires_at: End::Day(end).over_at(policy.bureau.zone),
        end_on: end,
        fired_at: None,
        basis: json!({"kind": "window", "calendar": policy.calendar.revision.short()}).to_string(),
    }
}

/// Computes when things happen in the visit that `place` is.
///
/// # Refusals
/// [`RefusalCode::ClockRefuses`] when the statutory clock does not allow a pause or an extension.
///
/// # Source
/// Policy language §5 and rule 19.
pub(super) fn timing(
    policy: &Policy,
    step: &Step,
    cover: &OrderHeader,
    place: &ActiveStep,
) -> ActResult<Timing> {
    let zone = policy.bureau.zone;
    let mut timing =
        Timing { step: place.step.clone(), visit: place.visit, until: None, due: None, rows: Vec::new() };
    if place.changes.paused.is_some() {
        timing.due = place.due;
        return Ok(timing);
    }
    // A wait that was over before the step was entered does not make its own term begin in the past.
    let waited = waited(policy, step, cover, place);
    let is_ahead = |own: &OwnEnd| End::Day(own.end.day_in(zone)).over_at(zone) > place.entered_at;
    let waited = waited.filter(is_ahead);
    let anchor = match &waited {
        Some(own) => {
            let end = own.end.day_in(zone);
            timing.until = Some(End::Day(end).over_at(zone));
            Stamp::day_start(end, zone)
        }
        None => {
            place.changes.waived.as_ref().map_or(place.entered_at, |waived| Stamp::day_start(waived.on, zone))
        }
    };
    if let Some(until) = timing.until {
        let said = waited.filter(|own| own.from.is_some());
        let basis = basis(policy, "wait", said.as_ref(), place.entered_at);
        let end_on = anchor.day_in(zone);
        timing.rows.push(row(
            place,
            TermSpan { kind: TermKind::Wait, level: 0, fires_at: until, end_on },
            &basis,
        ));
    }
    let clock = clock(policy, step, place)?;
    let own = own(TermStart { policy, roll: step.roll, anchor }, step, OrderVisit { cover, place });
    let end = own.as_ref().map(|(end, _)| *end).or(clock.as_ref().map(|(_, answer)| answer.end));
    timing.due = end.map(|end| end.day_in(zone));
    if let Some((end, basis)) = &own {
        timing.rows.push(row(place, TermSpan::of(TermKind::Due, *end, zone), basis));
    }
    if let Some(end) = end {
        let said = own.map_or_else(|| basis(policy, "clock", None, place.entered_at), |(_, said)| said);
        for rule in &step.overdue {
            let fires_at = rung(end, rule.after, policy.local_calendar());
            let span = TermSpan { level: rule.level, fires_at, ..TermSpan::of(TermKind::Overdue, end, zone) };
            timing.rows.push(row(place, span, &said));
        }
    }
    if let Some((id, answer)) = &clock {
        let said = clock_basis(&policy.bureau, id, answer);
        timing.rows.push(row(place, TermSpan::of(TermKind::Clock, answer.end, zone), &said));
        if let Some(alarm) = answer.alarm {
            let fires_at = Stamp::day_start(alarm, zone);
            let span = TermSpan { kind: TermKind::Alarm, level: 0, fires_at, end_on: alarm };
            timing.rows.push(row(place, span, &said));
        }
    }
    Ok(timing)
}

/// When a term fires, and the day it ends.
#[derive(Clone, Copy)]
struct TermSpan {
    kind: TermKind,
    level: u32,
    fires_at: Stamp,
    end_on: Day,
}

impl TermSpan {
    /// One that fires when its end is over.
    fn of(kind: TermKind, end: End, zone: Tz) -> Self {
        Self { kind, level: 0, fires_at: end.over_at(zone), end_on: end.day_in(zone) }
    }
}

/// The row of a term of a place.
fn row(place: &ActiveStep, span: TermSpan, basis: &str) -> TermRow {
    let TermSpan { kind, level, fires_at, end_on } = span;
    let (step, visit, basis) = (place.step.clone(), place.visit, basis.to_owned());
    TermRow { step, visit, kind, level, fires_at, end_on, fired_at: None, basis }
}

/// What the step waits for, to the end of its last day; none when it waits for nothing, or no longer.
fn waited(policy: &Policy, step: &Step, cover: &OrderHeader, place: &ActiveStep) -> Option<OwnEnd> {
    if place.changes.waived.is_some() {
        return None;
    }
    let zone = policy.bureau.zone;
    // What an order begins with waits from its issue date: that does not move because the order was
    // opened late.
    let from = match &place.from {
        None if place.visit == 1 => Stamp::day_start(cover.scheduled_for, zone).min(place.entered_at),
        None | Some(_) => place.entered_at,
    };
    let by = TermStart { policy, roll: step.roll, anchor: from };
    by.end_of(answer_term::by_visit(step, place.visit)?, OrderVisit { cover, place })
}

/// Returns the last day of the step an order begins with, as it would be if it were opened when its
/// cover says.
pub fn first_due(policy: &Policy, first: &Step, cover: &OrderHeader) -> Option<Day> {
    timing(policy, first, cover, &first_place(first, cover, Vec::new())).ok()?.due
}

/// Returns the last day of the window of an order that another one opens, where its workflow says how long it has.
///
/// # Source
/// Policy language, rule 28.
pub(super) fn window_end(
    policy: &Policy,
    workflow: &Workflow,
    cover: &OrderHeader,
    record: &OrderRecord,
) -> Option<Day> {
    let window = workflow.window.as_ref()?;
    let place = first_place(workflow.steps.first()?, cover, answer_term::read_window(window, record));
    let by = TermStart { policy, roll: Roll::None, anchor: cover.issued_at };
    let own = by.end_of(window, OrderVisit { cover, place: &place })?;
    Some(own.end.day_in(policy.bureau.zone))
}

fn first_place(first: &Step, cover: &OrderHeader, answers: Vec<AnswerEnd>) -> ActiveStep {
    ActiveStep {
        step: first.id.clone(),
        visit: 1,
        entered_at: cover.issued_at,
        from: None,
        within: None,
        standing: StepStatus::Parts,
        due: None,
        answers,
        changes: Changes::default(),
    }
}

/// One visit of a step of an order.
#[derive(Clone, Copy)]
struct OrderVisit<'a> {
    cover: &'a OrderHeader,
    place: &'a ActiveStep,
}

/// From when the terms of a step are counted.
#[derive(Clone, Copy)]
struct TermStart<'a> {
    policy: &'a Policy,
    roll: Roll,
    anchor: Stamp,
}

/// The end of a term, and what it was computed from.
#[derive(Clone, Debug)]
struct OwnEnd {
    end: End,
    /// The length that was counted; none where a day or a moment was said.
    length: Option<Length>,
    /// The field of a form that says so.
    from: Option<String>,
}

impl OwnEnd {
    fn basis(&self, by: TermStart<'_>) -> String {
        let kind = match (&self.from, self.length) {
            (None, None) => "window",
            (Some(_), None) => "answer",
            (_, Some(_)) => "length",
        };
        basis(by.policy, kind, Some(self), by.anchor)
    }
}

impl TermStart<'_> {
    /// The end of what is written out, of the tier, or said by a form.
    fn end_of(self, length: &LengthRef, visit: OrderVisit<'_>) -> Option<OwnEnd> {
        let OrderVisit { cover, place } = visit;
        match length {
            LengthRef::Fixed(length) => Some(self.after(*length)),
            LengthRef::Tier(name) => of_tier(self.policy, name, cover).map(|length| self.after(length)),
            LengthRef::Answer(term) => match answer_term::ends(place, term).next() {
                Some(AnswerEnd { from, until }) => {
                    let end = match until {
                        AnswerLimit::Day(day) => OwnEnd { end: End::Day(*day), length: None, from: None },
                        AnswerLimit::Moment(at) => OwnEnd { end: End::Moment(*at), length: None, from: None },
                        AnswerLimit::Length(length) => self.after(length.parse().ok()?),
                    };
                    Some(OwnEnd { from: Some(from.clone()), ..end })
                }
                None => self.end(term.otherwise.as_ref()?, visit),
            },
        }
    }

    fn after(self, length: Length) -> OwnEnd {
        let end = step_end(self.anchor, length, self.roll, self.policy.local_calendar());
        OwnEnd { end, length: Some(length), from: None }
    }

    /// The end that a rule gives.
    fn end(self, rule: &DueRule, visit: OrderVisit<'_>) -> Option<OwnEnd> {
        match rule {
            DueRule::WindowEnd => {
                Some(OwnEnd { end: End::Day(visit.cover.due_on), length: None, from: None })
            }
            DueRule::After(length) => self.end_of(length, visit),
            DueRule::Sooner { of, than } => {
                let than = than.iter().map(|length| self.after(*length));
                let ends = self.end(of, visit).into_iter().chain(than);
                ends.min_by_key(|own| own.end.over_at(self.policy.bureau.zone))
            }
        }
    }
}

/// The end of the step's own term, and what it was computed from.
fn own(by: TermStart<'_>, step: &Step, visit: OrderVisit<'_>) -> Option<(End, String)> {
    let own = by.end(step.due.as_ref()?, visit)?;
    Some((changed(by.policy, own.end, own.length, &visit.place.changes), own.basis(by)))
}

/// Lengthens and interrupts a step's own end as people decided.
fn changed(policy: &Policy, end: End, length: Option<Length>, changes: &Changes) -> End {
    let End::Day(mut day) = end else { return end };
    let by = changes.extensions.iter().filter_map(|extended| extended.by.as_ref()?.parse::<Length>().ok());
    for length in by {
        day = policy.calendar.add(day, length);
    }
    for pause in &changes.pauses {
        day = match length.map(|length| length.unit) {
            Some(Unit::WorkDays) => {
                let days = policy.calendar.work_days(add_days(pause.from, -1), add_days(pause.to, -1));
                policy.calendar.add_work_days(day, days)
            }
            _ => add_days(day, (pause.to - pause.from).num_days()),
        };
    }
    End::Day(day)
}

/// The statutory clock of the step, if one runs.
fn clock<'a>(
    policy: &Policy,
    step: &'a Step,
    place: &ActiveStep,
) -> ActResult<Option<(&'a str, ClockAnswer)>> {
    let Some(id) = &step.clock else { return Ok(None) };
    let Some(rule) = policy.clocks.iter().find(|rule| rule.id == *id) else { return Ok(None) };
    let changes = &place.changes;
    let statutory = changes.extensions.iter().filter(|extended| extended.by.is_none());
    let grants: Vec<Grant> = statutory.map(|extended| Grant { on: Some(extended.on) }).collect();
    let lengthened = ClockChanges { pauses: &changes.pauses, grants: &grants };
    match clock_end(rule, place.entered_at, lengthened, policy.local_calendar()) {
        Ok(answer) => Ok(Some((id, answer))),
        // The event lies before the first version: the law knew no such term then.
        Err(_) if changes.is_empty() => Ok(None),
        Err(refusal) => {
            let refused = Refusal::new(RefusalCode::ClockRefuses).with("clock", &rule.title);
            Err(refused.because([refusal.into()]))
        }
    }
}

fn of_tier(policy: &Policy, name: &str, cover: &OrderHeader) -> Option<Length> {
    let (_, tier) = policy.tier(cover.tier.as_deref()?)?;
    if name == "cycle" { Some(tier.cycle) } else { tier.lengths.get(name).copied() }
}

/// What a term rests on where no clock of the law gives it.
fn basis(policy: &Policy, kind: &str, own: Option<&OwnEnd>, anchor: Stamp) -> String {
    let calendar = policy.calendar.revision.short();
    let anchor = anchor.day_in(policy.bureau.zone);
    let length = own.and_then(|own| own.length).map(|length| length.written(policy.bureau.language));
    let from = own.and_then(|own| own.from.clone());
    let said = [
        ("kind", Some(kind.to_owned())),
        ("from", from),
        ("length", length),
        ("anchor", Some(anchor.to_string())),
        ("calendar", Some(calendar.clone())),
    ];
    let said = said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
    serde_json::Value::Object(said.collect()).to_string()
}

fn clock_basis(bureau: &Bureau, id: &str, answer: &ClockAnswer) -> String {
    let zone = bureau.zone;
    let pauses: Vec<[String; 2]> =
        answer.pauses.iter().map(|stretch| [stretch.from.to_string(), stretch.to.to_string()]).collect();
    json!({
        "kind": "clock", "clock": id, "basis": answer.basis, "version": answer.version.to_string(),
        "length": answer.length.written(bureau.language), "anchor": answer.anchor.rfc3339_in(zone),
        "raw_end": answer.raw_end.day_in(zone).to_string(), "pauses": pauses,
        "provisional": answer.provisional, "calendar": answer.calendar.short(),
    })
    .to_string()
}
