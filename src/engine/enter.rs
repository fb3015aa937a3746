//! Entering a step: its term begins, its reminders and escalations are set, its people are told.

use super::{Entered, Errand, Opening, TermRow};
use crate::calendar::Length;
use crate::policy::{Addressee, DueRule, LengthRef, Policy, Scope, Step, StepKind, WhoBy};
use crate::terms::{ladder, step_end};
use crate::time::{Day, Stamp};

/// Computes what entering `step` for the `visit`-th time brings about.
///
/// # Source
/// Policy language, rule 19: of rows already past on entering only the highest is told, marked
/// late at opening.
pub(super) fn enter(policy: &Policy, step: &Step, visit: u32, order: &Opening<'_>, now: Stamp) -> Entered {
    let mut errands = assigned(policy, step, order);
    errands.extend(step.tell.iter().filter_map(|who| told("told", policy, step, *who, order)));
    let Some((due, basis)) = term(policy, step, visit, order, now) else {
        return Entered { due: None, terms: Vec::new(), errands };
    };
    let mut terms = vec![TermRow {
        kind: "due",
        level: 0,
        fires_at: Stamp::day_start(due.succ_opt().unwrap_or(due), policy.bureau.zone),
        end_on: due,
        fired_at: None,
        basis: basis.clone(),
    }];
    let rungs = ladder(due, &step.overdue, &policy.calendar, policy.bureau.zone);
    let latest_past = rungs.iter().filter(|(_, at)| *at <= now).map(|(row, _)| *row).max();
    for (row, fires_at) in rungs {
        let is_past = fires_at <= now;
        if is_past && Some(row) != latest_past {
            continue;
        }
        let rule = &step.overdue[row];
        if is_past {
            let late = rule.tell.iter().filter_map(|who| told("late at opening", policy, step, *who, order));
            errands.extend(late);
        }
        terms.push(TermRow {
            kind: "overdue",
            level: rule.level,
            fires_at,
            end_on: due,
            fired_at: is_past.then_some(now),
            basis: basis.clone(),
        });
    }
    Entered { due: Some(due), terms, errands }
}

/// Returns what a rung of a step's ladder tells, and whom.
pub fn escalate(policy: &Policy, step: &str, level: i64, order: &Opening<'_>) -> Vec<Errand> {
    let Some(workflow) = policy.workflow(order.workflow) else { return Vec::new() };
    let Some(step) = workflow.steps.iter().find(|known| known.id == step) else { return Vec::new() };
    let rows = step.overdue.iter().filter(|row| i64::from(row.level) == level);
    rows.flat_map(|row| row.tell.iter().filter_map(|who| told("told", policy, step, *who, order))).collect()
}

/// Returns the last day of the step and what it was computed from.
fn term(policy: &Policy, step: &Step, visit: u32, order: &Opening<'_>, now: Stamp) -> Option<(Day, String)> {
    let zone = policy.bureau.zone;
    let reach = |start: Stamp, length: Length| step_end(start, length, step.roll, &policy.calendar, zone);
    let waits = step.wait.get(visit.saturating_sub(1) as usize).or(step.wait.last());
    let wait = waits.and_then(|wait| length_of(policy, wait, order));
    let anchor = wait.map_or(now, |wait| Stamp::day_start(reach(now, wait).day_in(zone), zone));
    let revision = policy.calendar.revision.short();
    match step.due.as_ref()? {
        DueRule::WindowEnd => Some((order.due_on, format!(r#"{{"kind":"window","calendar":"{revision}"}}"#))),
        DueRule::After(length) => {
            let length = length_of(policy, length, order)?;
            let anchored_on = anchor.day_in(zone);
            let end = reach(anchor, length).day_in(zone);
            let basis = format!(
                r#"{{"kind":"length","length":"{length}","anchor":"{anchored_on}","calendar":"{revision}"}}"#
            );
            Some((end, basis))
        }
    }
}

fn length_of(policy: &Policy, length: &LengthRef, order: &Opening<'_>) -> Option<Length> {
    match length {
        LengthRef::Fixed(length) => Some(*length),
        LengthRef::Tier(name) => {
            let (_, tier) = policy.tier(order.tier?)?;
            if name == "cycle" { Some(tier.cycle) } else { tier.lengths.get(name).copied() }
        }
    }
}

fn assigned(policy: &Policy, step: &Step, order: &Opening<'_>) -> Vec<Errand> {
    let StepKind::Duty { who, .. } = &step.kind else { return Vec::new() };
    let addressee = match &who.by {
        WhoBy::Role(role) => of_role(policy, role.ix(), order),
        WhoBy::GridDuty | WhoBy::SameAs(_) => of_grid(order),
        WhoBy::Duty(duty) => format!("duty/{duty}/{}", order.station),
    };
    vec![Errand { kind: "assigned", addressee, body: format!(r#"{{"step":"{}"}}"#, step.id) }]
}

fn told(
    kind: &'static str,
    policy: &Policy,
    step: &Step,
    who: Addressee,
    order: &Opening<'_>,
) -> Option<Errand> {
    let addressee = match who {
        Addressee::Role(role) => of_role(policy, role.ix(), order),
        Addressee::Assignees => match &step.kind {
            StepKind::Duty { .. } => {
                return assigned(policy, step, order).pop().map(|e| Errand { kind, ..e });
            }
            _ => of_grid(order),
        },
    };
    Some(Errand { kind, addressee, body: format!(r#"{{"step":"{}"}}"#, step.id) })
}

fn of_role(policy: &Policy, role: usize, order: &Opening<'_>) -> String {
    let role = &policy.roles[role];
    match role.scope {
        Scope::Bureau => format!("role/{}", role.id),
        Scope::Station | Scope::Grid => format!("role/{}/{}", role.id, order.station),
    }
}

fn of_grid(order: &Opening<'_>) -> String {
    order.grid.map_or_else(|| format!("station/{}", order.station), |grid| format!("grid/{grid}"))
}
