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

pub(super) fn of_workflow(policy: &Policy, workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    let mut places: Vec<OpenablePath> = Vec::new();
    for step in &workflow.steps {
        places.push(OpenablePath { path: format!("steps.{}.overdue", step.id), changes: ROWS });
        if step.due.is_some() {
            places.push(OpenablePath { path: format!("steps.{}.due", step.id), changes: LENGTH });
        }
    }
    let own = policy.forms.iter().filter(|form| form.workflow.as_ref().is_none_or(|id| *id == workflow.id));
    places.extend(own.map(|form| OpenablePath { path: format!("forms.{}.items", form.id), changes: ITEMS }));
    check(&workflow.openings, &places, &["steps.*.due", "steps.*.overdue", "forms.*.items"], out);
}

pub(super) fn of_tables(policy: &Policy, out: &mut Vec<Diagnostic>) {
    let mut places: Vec<OpenablePath> = Vec::new();
    for tier in &policy.tiers.order {
        places.push(OpenablePath { path: format!("tiers.{}.cycle", tier.id), changes: LENGTH });
        places.push(OpenablePath { path: format!("tiers.{}.items", tier.id), changes: ITEMS });
        places.extend(
            tier.lengths
                .keys()
                .map(|name| OpenablePath { path: format!("tiers.{}.{name}", tier.id), changes: LENGTH }),
        );
    }
    places.extend(
        policy
            .params
            .iter()
            .map(|param| OpenablePath { path: format!("params.{}", param.id), changes: NUMBER }),
    );
    check(&policy.openings, &places, &["tiers.*.cycle", "tiers.*.items", "params.*"], out);
}

fn check(openings: &[StationOpening], places: &[OpenablePath], usual: &[&str], out: &mut Vec<Diagnostic>) {
    for opening in openings {
        let mut met = places.iter().filter(|place| matches(opening.path.text(), &place.path)).peekable();
        if met.peek().is_none() {
            let wrong = opening.path.wrong(OPENING_PATH);
            out.push(wrong.with_nearest(opening.path.text(), usual.iter().copied()));
        } else if !met.all(|place| place.changes.contains(&opening.change)) {
            out.push(opening.path.wrong(OPENING_CHANGE));
        }
    }
}
