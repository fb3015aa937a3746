//! What the rules say of a case's subject on a day: the same appraisal as the daemon's.

use std::sync::atomic::AtomicBool;

use serde_json::Value;

use super::CaseAnswer;
use crate::appraise::{self, Basis, NextState};
use crate::explain::place;
use crate::policy::{Case, DayOrNone, Expect, Policy, TierIx};
use crate::register::Subject;
use crate::rules::Trace;
use crate::time::Day;

/// Compares tier, score and dates.
pub(super) fn judge(basis: Basis<'_>, case: &Case, subject: &Subject, out: &mut CaseAnswer) {
    let Basis { policy, rules, day } = basis;
    let stop = AtomicBool::new(false);
    let answers = appraise::appraise(basis, std::slice::from_ref(subject), &[None], &stop);
    let answer = &answers[0];
    let trace = rules.trace(policy, subject, day);
    let chosen = policy.recurring().zip(&answer.next).find(|((workflow, trigger, _), _)| {
        case.trigger.as_ref().is_none_or(|(w, t)| *w == workflow.id && *t == trigger.id)
    });
    let dates = chosen.as_ref().and_then(|(_, next)| match &next.state {
        NextState::Due { dates, .. } => Some(*dates),
        NextState::None(_) => None,
    });
    let when = chosen.as_ref().and_then(|((workflow, trigger, _), _)| {
        let at = rules.whens().iter().position(|(at, position)| {
            let known = &policy.workflows[at.ix()];
            known.id == workflow.id && known.start[*position].id == trigger.id
        });
        at.map_or(Some(true), |at| trace.answer.when[at].as_ref().ok().copied())
    });
    let date = |day: Option<Day>| day.map_or(Value::Null, |day| Value::from(day.to_string()));
    let wanted = |day: DayOrNone| date(day.0);
    let tier = |at: TierIx| Value::from(policy.tiers.order[at.ix()].id.as_str());
    let Expect { tier: wanted_tier, score, nominal, due, issue_on, when: wanted_when, provisional } =
        &case.expect;
    let mut said = |field: &str, wanted: Option<Value>, found: Value| {
        out.compared.field(field, wanted, found);
    };
    said("tier", wanted_tier.map(tier), answer.tier.map_or(Value::Null, tier));
    said("score", score.map(Value::from), answer.score.map_or(Value::Null, Value::from));
    said("nominal", nominal.map(wanted), date(dates.map(|dates| dates.nominal)));
    said("due", due.map(wanted), date(dates.map(|dates| dates.due)));
    said("issue_on", issue_on.map(wanted), date(dates.map(|dates| dates.issue_on)));
    said("when", wanted_when.map(Value::from), when.map_or(Value::Null, Value::from));
    let is_provisional = dates.map_or(Value::Null, |dates| Value::from(dates.provisional));
    said("provisional", provisional.map(Value::from), is_provisional);
    note_lines(policy, &trace, out);
}

/// Notes which lines of the rules decided.
pub(super) fn note_lines(policy: &Policy, trace: &Trace, out: &mut CaseAnswer) {
    let lines = trace.tier.iter().chain(&trace.score).chain(trace.when.iter().flatten());
    out.reached.lines.extend(lines.map(|line| {
        let place = place(policy, line.span, String::new());
        (place.file, place.line)
    }));
}

/// A day on which everything the case tells has happened.
pub(super) fn day_after(case: &Case) -> Day {
    let history = &case.subject.history;
    let visits = history.inspections.iter().map(|inspection| inspection.on);
    let statuses = history.statuses.iter().map(|(from, _)| *from);
    let known = visits.chain(statuses).chain(history.last_patrol_known);
    let registered = case.subject.attributes.iter().filter_map(|value| match value {
        crate::register::Value::Day(day) => Some(*day),
        _ => None,
    });
    known.chain(registered).max().unwrap_or_default()
}
