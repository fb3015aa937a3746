//! The terms of one visit of a step: its wait, its last day, its ladder, its statutory clock.

use serde_json::json;

use super::answer_end::{AnswerEnd, AnswerLimit};
use super::answer_term;
use super::order::{ActiveStep, Changes, Order, OrderHeader, OrderRecord, OrderState, StepStatus};
use super::rung::Rung;
use super::term::{TermKind, TermRow};
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
    /// Its last day; of several terms the first to end.
    pub due: Option<Day>,
    /// The ends of its own terms, where it has several.
    pub ends: Vec<TermEnd>,
    /// The rows of its terms.
    pub rows: Vec<TermRow>,
}

/// The end of one of a visit's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermEnd {
    pub end_on: Day,
    /// What it is for: the rows of a form that say so.
    pub of: Vec<String>,
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
pub(super) fn window(policy: &Policy, first: &str, cover: &OrderHeader) -> TermRow {
    let end = cover.due_on;
    TermRow {
        step: first.to_owned(),
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
    let mut timing = Timing {
        step: place.step.clone(),
        visit: place.visit,
        until: None,
        due: None,
        ends: Vec::new(),
        rows: Vec::new(),
    };
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
    let by = TermStart { policy, roll: step.roll, anchor };
    let own = own(by, step, OrderVisit { cover, place });
    let clock_end = clock.as_ref().map(|(_, answer)| answer.end);
    let extensions = place.changes.anew();
    let first = own.iter().map(|own| own.end).min_by_key(|end| end.over_at(zone));
    timing.due = first.or(clock_end).map(|end| end.day_in(zone));
    for (term, own) in (0..).zip(&own) {
        let said = own.basis(by);
        let mut due = TermSpan::of(TermKind::Due, own.end, zone);
        due.level = Rung { extensions, term, level: 0 }.number();
        timing.rows.push(row(place, due, &said));
        timing.rows.extend(ladder(by, step, TermLadder { place, end: own.end, term, said: &said }));
    }
    if let (true, Some(end)) = (own.is_empty(), clock_end) {
        let said = basis(policy, "clock", None, place.entered_at);
        timing.rows.extend(ladder(by, step, TermLadder { place, end, term: 0, said: &said }));
    }
    if own.len() > 1 {
        let ends = own.into_iter().map(|own| TermEnd { end_on: own.end.day_in(zone), of: own.of });
        timing.ends = ends.collect();
    }
    timing.rows.extend(clock.iter().flat_map(|(id, answer)| clock_rows(&policy.bureau, place, id, answer)));
    Ok(timing)
}

/// Returns the ends of a visit's own terms where it has several; none where it has one, or none.
pub(super) fn several(policy: &Policy, step: &Step, cover: &OrderHeader, place: &ActiveStep) -> Vec<TermEnd> {
    // Most steps have one term, and nothing is computed for them.
    if step.due.len() < 2 && place.answers.len() < 2 {
        return Vec::new();
    }
    timing(policy, step, cover, place).map(|timing| timing.ends).unwrap_or_default()
}

/// The end of a statutory clock, and its warning day.
fn clock_rows(bureau: &Bureau, place: &ActiveStep, id: &str, answer: &ClockAnswer) -> Vec<TermRow> {
    let (zone, said) = (bureau.zone, clock_basis(bureau, id, answer));
    let end = row(place, TermSpan::of(TermKind::Clock, answer.end, zone), &said);
    let alarm = answer.alarm.map(|alarm| {
        let fires_at = Stamp::day_start(alarm, zone);
        row(place, TermSpan { kind: TermKind::Alarm, level: 0, fires_at, end_on: alarm }, &said)
    });
    [end].into_iter().chain(alarm).collect()
}

/// What the ladder of a term stands on.
#[derive(Clone, Copy)]
struct TermLadder<'a> {
    place: &'a ActiveStep,
    end: End,
    /// Which term, from 0.
    term: u32,
    /// What the term rests on.
    said: &'a str,
}

/// The reminders and escalation levels of a term.
fn ladder(by: TermStart<'_>, step: &Step, of: TermLadder<'_>) -> Vec<TermRow> {
    let TermLadder { place, end, term, said } = of;
    let rows = step.overdue.iter().map(|rule| {
        let fires_at = rung(end, rule.after, by.policy.local_calendar());
        let level = Rung { extensions: place.changes.anew(), term, level: rule.level }.number();
        let span =
            TermSpan { level, fires_at, ..TermSpan::of(TermKind::Overdue, end, by.policy.bureau.zone) };
        row(place, span, said)
    });
    rows.collect()
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
    // Of several that are written it waits for the last.
    let ends = by.ends_of(answer_term::by_visit(step, place.visit)?, OrderVisit { cover, place });
    ends.into_iter().max_by_key(|own| own.end.over_at(zone))
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
    let place = first_place(workflow.steps.first()?, cover, answer_term::read_window(policy, window, record));
    let by = TermStart { policy, roll: Roll::None, anchor: cover.issued_at };
    let ends = by.ends_of(window, OrderVisit { cover, place: &place }).into_iter();
    ends.map(|own| own.end.day_in(policy.bureau.zone)).max()
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
    /// What it is for: the rows of the form, or the choice.
    of: Vec<String>,
}

impl OwnEnd {
    fn at(end: End) -> Self {
        Self { end, length: None, from: None, of: Vec::new() }
    }

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
    /// The ends of what is written out, of the tier, or said by a form.
    fn ends_of(self, length: &LengthRef, visit: OrderVisit<'_>) -> Vec<OwnEnd> {
        let OrderVisit { cover, place } = visit;
        match length {
            LengthRef::Fixed(length) => vec![self.after(*length)],
            LengthRef::Tier(name) => {
                of_tier(self.policy, name, cover).map(|length| self.after(length)).into_iter().collect()
            }
            LengthRef::Answer(term) => {
                let otherwise = || term.otherwise.iter().flat_map(|rule| self.ends(rule, visit));
                let mut said = answer_term::ends(place, term).peekable();
                if said.peek().is_none() {
                    return otherwise().collect();
                }
                let ends = said.flat_map(|said| {
                    let ends = match &said.until {
                        AnswerLimit::Day(day) => vec![OwnEnd::at(End::Day(*day))],
                        AnswerLimit::Moment(at) => vec![OwnEnd::at(End::Moment(*at))],
                        AnswerLimit::Length(text) => {
                            text.parse().map(|length| self.after(length)).into_iter().collect()
                        }
                        AnswerLimit::Otherwise => otherwise().collect(),
                    };
                    ends.into_iter().map(|own| said_by(said, own))
                });
                ends.collect()
            }
        }
    }

    fn after(self, length: Length) -> OwnEnd {
        let end = step_end(self.anchor, length, self.roll, self.policy.local_calendar());
        OwnEnd { length: Some(length), ..OwnEnd::at(end) }
    }

    /// The ends that a rule gives.
    fn ends(self, rule: &DueRule, visit: OrderVisit<'_>) -> Vec<OwnEnd> {
        match rule {
            DueRule::WindowEnd => vec![OwnEnd::at(End::Day(visit.cover.due_on))],
            DueRule::After(length) => self.ends_of(length, visit),
            DueRule::Sooner { of, than } => {
                let than: Vec<OwnEnd> = than.iter().map(|length| self.after(*length)).collect();
                let zone = self.policy.bureau.zone;
                let sooner = |own: &OwnEnd| {
                    let ends = [own].into_iter().chain(&than);
                    let first = ends.min_by_key(|own| own.end.over_at(zone)).unwrap_or(own);
                    OwnEnd { of: own.of.clone(), ..first.clone() }
                };
                let ends = self.ends(of, visit);
                if ends.is_empty() {
                    return than.into_iter().min_by_key(|own| own.end.over_at(zone)).into_iter().collect();
                }
                ends.iter().map(sooner).collect()
            }
        }
    }
}

/// Says which field of a form an end comes from, and what for.
fn said_by(said: &AnswerEnd, own: OwnEnd) -> OwnEnd {
    let AnswerEnd { from, choice, rows, until } = said;
    let of = choice.iter().chain(rows).cloned().collect();
    let from = if *until == AnswerLimit::Otherwise { own.from } else { Some(from.clone()) };
    OwnEnd { from, of, ..own }
}

/// The ends of the step's own terms, as people changed them, and what they were computed from.
fn own(by: TermStart<'_>, step: &Step, visit: OrderVisit<'_>) -> Vec<OwnEnd> {
    let ends = step.due.iter().flat_map(|rule| by.ends(rule, visit));
    let changed = |own: OwnEnd| OwnEnd { end: changed(by.policy, &own, &visit.place.changes), ..own };
    ends.map(changed).collect()
}

/// Lengthens and interrupts a step's own end as people decided.
fn changed(policy: &Policy, own: &OwnEnd, changes: &Changes) -> End {
    let zone = policy.bureau.zone;
    match own.end {
        End::Day(day) => End::Day(changed_day(policy, day, own.length, changes)),
        // A moment keeps its time of day. What is written out in hours stays as it is.
        End::Moment(at) if own.from.is_some() => {
            let day = at.day_in(zone);
            let by = changed_day(policy, day, own.length, changes) - day;
            End::Moment(Stamp::from_local(at.local_in(zone) + by, zone))
        }
        End::Moment(_) => own.end,
    }
}

fn changed_day(policy: &Policy, mut day: Day, length: Option<Length>, changes: &Changes) -> Day {
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
    day
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
    let of = own.map(|own| &own.of).filter(|of| !of.is_empty());
    let of = of.map(|of| ("of".to_owned(), json!(of)));
    serde_json::Value::Object(said.chain(of).collect()).to_string()
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
