//! Does each row of `station_may` open something that is there, in a way it can be changed?

use super::super::model::{Change, Opening, Policy, Workflow};
use super::super::resolve::matches;
use crate::diag::Diagnostic;
use crate::diag::codes::{OPENING_CHANGE, OPENING_PATH};

/// A path that can be opened, and what may be done there.
type Place = (String, &'static [Change]);

const LENGTH: &[Change] = &[Change::Shorten];
const ITEMS: &[Change] = &[Change::Add];
const ROWS: &[Change] = &[Change::Add, Change::AddOrEarlier];
const NUMBER: &[Change] = &[Change::Lower, Change::Raise];

pub(super) fn of_workflow(policy: &Policy, workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    let mut places: Vec<Place> = Vec::new();
    for step in &workflow.steps {
        places.push((format!("steps.{}.overdue", step.id), ROWS));
        if step.due.is_some() {
            places.push((format!("steps.{}.due", step.id), LENGTH));
        }
    }
    let own = policy.forms.iter().filter(|form| form.workflow.as_ref().is_none_or(|id| *id == workflow.id));
    places.extend(own.map(|form| (format!("forms.{}.items", form.id), ITEMS)));
    check(&workflow.openings, &places, &["steps.*.due", "steps.*.overdue", "forms.*.items"], out);
}

pub(super) fn of_tables(policy: &Policy, out: &mut Vec<Diagnostic>) {
    let mut places: Vec<Place> = Vec::new();
    for tier in &policy.tiers.order {
        places.push((format!("tiers.{}.cycle", tier.id), LENGTH));
        places.push((format!("tiers.{}.items", tier.id), ITEMS));
        places.extend(tier.lengths.keys().map(|name| (format!("tiers.{}.{name}", tier.id), LENGTH)));
    }
    places.extend(policy.params.iter().map(|param| (format!("params.{}", param.id), NUMBER)));
    check(&policy.openings, &places, &["tiers.*.cycle", "tiers.*.items", "params.*"], out);
}

fn check(openings: &[Opening], places: &[Place], usual: &[&str], out: &mut Vec<Diagnostic>) {
    for opening in openings {
        let mut met = places.iter().filter(|(path, _)| matches(&opening.path, path)).peekable();
        if met.peek().is_none() {
            let wrong = Diagnostic::new(OPENING_PATH, opening.span).with("word", &opening.path);
            out.push(wrong.with_nearest(&opening.path, usual.iter().copied()));
        } else if !met.all(|(_, changes)| changes.contains(&opening.change)) {
            out.push(Diagnostic::new(OPENING_CHANGE, opening.span).with("word", &opening.path));
        }
    }
}
