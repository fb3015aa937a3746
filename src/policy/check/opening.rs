//! Does each row of `station_may` open something that is there, in a way it can be changed?

use super::super::model::{Policy, StationChange, StationOpening, Workflow};
use super::super::resolve::matches;
use crate::diag::Diagnostic;
use crate::diag::codes::{OPENING_BOUND, OPENING_CHANGE, OPENING_PATH};

/// A path that can be opened, and what may be done there.
struct OpenablePath {
    path: String,
    changes: &'static [StationChange],
}

const LENGTH: &[StationChange] = &[StationChange::Shorten];
const ITEMS: &[StationChange] = &[StationChange::Add];
const ROWS: &[StationChange] = &[StationChange::Add, StationChange::AddOrEarlier];
const NUMBER: &[StationChange] = &[StationChange::Lower, StationChange::Raise];
const RANGE: &[StationChange] = &[StationChange::Shorten, StationChange::Within];
const CAP: &[StationChange] = &[StationChange::Lower];
const SCRIPT: &[StationChange] = &[StationChange::Raise];

/// Functions that stations may have of their own, beside the bureau's.
const SLOTS: [&str; 2] = ["rules.tier", "rules.score"];

fn place(path: String, changes: &'static [StationChange]) -> OpenablePath {
    OpenablePath { path, changes }
}

pub(super) fn of_workflow(policy: &Policy, workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    let mut places: Vec<OpenablePath> = Vec::new();
    for step in &workflow.steps {
        places.push(place(format!("steps.{}.overdue", step.id), ROWS));
        places.extend(step.due.first().map(|_| place(format!("steps.{}.due", step.id), LENGTH)));
    }
    let capped = workflow.start.iter().filter(|trigger| trigger.at_most.is_some());
    places.extend(capped.map(|trigger| place(format!("start.{}.at_most", trigger.id), CAP)));
    let own = policy.forms.iter().filter(|form| form.workflow.as_ref().is_none_or(|id| *id == workflow.id));
    places.extend(own.map(|form| place(format!("forms.{}.items", form.id), ITEMS)));
    let usual = ["steps.*.due", "steps.*.overdue", "forms.*.items", "start.*.at_most"];
    check(&workflow.openings, &places, &usual, out);
}

pub(super) fn of_tables(policy: &Policy, out: &mut Vec<Diagnostic>) {
    let mut places: Vec<OpenablePath> = Vec::new();
    for tier in &policy.tiers.order {
        places.push(place(format!("tiers.{}.cycle", tier.id), LENGTH));
        places.push(place(format!("tiers.{}.items", tier.id), ITEMS));
        places.extend(tier.lengths.keys().map(|name| place(format!("tiers.{}.{name}", tier.id), RANGE)));
    }
    places.extend(policy.params.iter().map(|param| place(format!("params.{}", param.id), NUMBER)));
    places.extend(SLOTS.map(|slot| place(slot.to_owned(), SCRIPT)));
    let usual = ["tiers.*.cycle", "tiers.*.items", "params.*", SLOTS[0], SLOTS[1]];
    check(&policy.openings, &places, &usual, out);
}

fn check(openings: &[StationOpening], places: &[OpenablePath], usual: &[&str], out: &mut Vec<Diagnostic>) {
    for opening in openings {
        let mut met = places.iter().filter(|place| matches(opening.path.text(), &place.path)).peekable();
        if met.peek().is_none() {
            out.push(opening.path.none_of(OPENING_PATH, usual.iter().copied()));
        } else if !met.all(|place| place.changes.contains(&opening.change)) {
            out.push(opening.path.wrong(OPENING_CHANGE));
        } else if !are_of_kind(opening) {
            let is_number = if is_of_numbers(opening.change) { "yes" } else { "no" };
            out.push(opening.path.wrong(OPENING_BOUND).with("number", is_number));
        }
    }
}

/// Returns whether the bounds are of the kind of what they bound.
fn are_of_kind(opening: &StationOpening) -> bool {
    let is_number = is_of_numbers(opening.change);
    let bounds = [opening.floor, opening.ceiling];
    bounds.into_iter().flatten().all(|bound| bound.number().is_some() == is_number)
}

const fn is_of_numbers(change: StationChange) -> bool {
    matches!(change, StationChange::Lower | StationChange::Raise)
}
