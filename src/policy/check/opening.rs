//! Does each row of `station_may` open something that is there, in a way it can be changed?

use super::super::model::{Policy, StationChange, StationOpening, Workflow};
use super::super::resolve::matches;
use crate::diag::Diagnostic;
use crate::diag::codes::{OPENING_CHANGE, OPENING_PATH};

/// A path that can be opened, and what may be done there.
struct OpenablePath {
    path: String,
    changes: &'static [StationChange],
}

const LENGTH: &[StationChange] = &[StationChange::Shorten];
const ITEMS: &[StationChange] = &[StationChange::Add];
const ROWS: &[StationChange] = &[StationChange::Add, StationChange::AddOrEarlier];
const NUMBER: &[StationChange] = &[StationChange::Lower, StationChange::Raise];

fn place(path: String, changes: &'static [StationChange]) -> OpenablePath {
    OpenablePath { path, changes }
}

pub(super) fn of_workflow(policy: &Policy, workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    let mut places: Vec<OpenablePath> = Vec::new();
    for step in &workflow.steps {
        places.push(place(format!("steps.{}.overdue", step.id), ROWS));
        places.extend(step.due.iter().map(|_| place(format!("steps.{}.due", step.id), LENGTH)));
    }
    let own = policy.forms.iter().filter(|form| form.workflow.as_ref().is_none_or(|id| *id == workflow.id));
    places.extend(own.map(|form| place(format!("forms.{}.items", form.id), ITEMS)));
    check(&workflow.openings, &places, &["steps.*.due", "steps.*.overdue", "forms.*.items"], out);
}

pub(super) fn of_tables(policy: &Policy, out: &mut Vec<Diagnostic>) {
    let mut places: Vec<OpenablePath> = Vec::new();
    for tier in &policy.tiers.order {
        places.push(place(format!("tiers.{}.cycle", tier.id), LENGTH));
        places.push(place(format!("tiers.{}.items", tier.id), ITEMS));
        places.extend(tier.lengths.keys().map(|name| place(format!("tiers.{}.{name}", tier.id), LENGTH)));
    }
    places.extend(policy.params.iter().map(|param| place(format!("params.{}", param.id), NUMBER)));
    check(&policy.openings, &places, &["tiers.*.cycle", "tiers.*.items", "params.*"], out);
}

fn check(openings: &[StationOpening], places: &[OpenablePath], usual: &[&str], out: &mut Vec<Diagnostic>) {
    for opening in openings {
        let mut met = places.iter().filter(|place| matches(opening.path.text(), &place.path)).peekable();
        if met.peek().is_none() {
            out.push(opening.path.none_of(OPENING_PATH, usual.iter().copied()));
        } else if !met.all(|place| place.changes.contains(&opening.change)) {
            out.push(opening.path.wrong(OPENING_CHANGE));
        }
    }
}
