//! Refusals as people read them: names beside ids, titles for steps, and who could do it instead.

use crate::diag::nearest;
use crate::engine::{Order, Refusal, RefusalCode};
use crate::lang;
use crate::office::places::shown;
use crate::people::{AbleOfficers, Nearest, Officer, RosterOnDay, present};
use crate::policy::{Role, Workflow};

/// Words of refusals that are ids of people, alone or in a list.
const PEOPLE: [&str; 7] = ["officer", "assignees", "approver", "decider", "person", "holder", "substitute"];

/// Puts names beside the ids that a refusal names.
pub(crate) fn with_names(on: RosterOnDay<'_>, mut refusal: Refusal) -> Refusal {
    let called = |id: &str| match on.roster.officers.get(id) {
        Some(officer) => shown(id, &officer.name),
        None => id.to_owned(),
    };
    for (name, value) in &mut refusal.args {
        if PEOPLE.contains(name) {
            *value = lang::list(value.split(lang::BETWEEN).map(called));
        }
    }
    if ["R020", "R110"].contains(&refusal.id)
        && let Some(typed) = refusal.args.iter().find(|(name, _)| *name == "officer")
    {
        let meant = meant(on, &typed.1);
        refusal.args.retain(|(name, _)| !["near", "nearest"].contains(name));
        refusal.args.extend(crate::diag::args(&[("nearest", &meant)]));
    }
    refusal.parts = refusal.parts.into_iter().map(|part| with_names(on, part)).collect();
    refusal
}

/// Says of a refused act on an order the same, the titles of steps, and who could do it instead.
pub(crate) fn of_act(
    on: RosterOnDay<'_>,
    refusal: Refusal,
    order: &Order,
    workflow: Option<&Workflow>,
) -> Refusal {
    let typed = refusal.args.iter().find(|(name, _)| *name == "officer").map(|(_, typed)| typed);
    if let Some(typed) = typed.filter(|_| refusal.is(RefusalCode::NoSuchOfficer)) {
        return no_such_officer(on, typed);
    }
    let mut refusal = with_names(on, refusal);
    for (name, value) in &mut refusal.args {
        if *name == "step"
            && let Some(step) = workflow.and_then(|workflow| workflow.step(value))
        {
            step.title.clone_into(value);
        }
    }
    let roles = refusal.args.iter().find(|(name, _)| *name == "role").map(|(_, role)| role.clone());
    let Some(roles) = roles else { return refusal };
    let able = AbleOfficers::of(holders(on, &roles, order).map(|officer| shown(&officer.id, &officer.name)));
    refusal.args.extend(crate::diag::args(&[("able", &able)]));
    refusal
}

/// Returns those who hold one of these roles where the order is, and may deal with what it is for.
fn holders<'a>(on: RosterOnDay<'a>, roles: &'a str, order: &'a Order) -> impl Iterator<Item = &'a Officer> {
    let (subject, station) = (&order.cover.subject, &order.cover.station);
    on.roster.officers.values().filter(move |officer| {
        let known = on.policy.roles.iter().filter(|role| roles.split(lang::BETWEEN).any(|id| id == role.id));
        let mut held = known.filter(|role: &&Role| officer.holds(&role.id, on.today));
        held.any(|role| officer.reaches(role, station))
            && present(on.roster, &officer.id, on.today).is_ok()
            && on.roster.conflict(&officer.id, subject).is_none()
    })
}

/// Says that the register has nobody of an id, and who was probably meant.
pub(crate) fn no_such_officer(on: RosterOnDay<'_>, typed: &str) -> Refusal {
    with_names(on, Refusal::new(RefusalCode::NoSuchOfficer).with("officer", typed))
}

/// Returns who was probably meant by an id that nobody has, by id or by name.
fn meant(on: RosterOnDay<'_>, typed: &str) -> Nearest {
    let officers = &on.roster.officers;
    let named = officers.values().find(|officer| officer.name == typed).map(|officer| officer.id.as_str());
    let meant = named.or_else(|| nearest(typed, officers.keys().map(String::as_str)));
    let meant = meant.and_then(|id| officers.get(id)).map(|officer| shown(&officer.id, &officer.name));
    Nearest(meant.unwrap_or_default())
}
