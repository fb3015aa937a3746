//! Questions asked of the policy as a whole, one a file.
//!
//! Each takes what `resolve` resolved and answers with diagnostics. A workflow in which something
//! did not resolve is not asked: half a graph would give wrong answers. To add a question: a file
//! here, a line in [`all`], a case under `tests/policy/bad`.

pub(super) mod action;
mod answer_term;
mod branch;
mod edition;
mod escalation;
mod feasible;
mod inspection;
mod opening;
mod part;
mod reach;
mod row_source;
mod sub_order;
mod tier;
mod visits;
mod ways;

use std::collections::BTreeSet;

pub(super) use tier::days;

use chrono::Datelike as _;
use rayon::prelude::*;

use super::model::{Policy, StepIx, Workflow};
use crate::calendar;
use crate::diag::codes::CALENDAR_UNPUBLISHED;
use crate::diag::{Diagnostic, FileId, Severity, Span, any_error};
use crate::time::Day;

/// Asks everything that the texts alone can answer.
pub(super) fn all(policy: &Policy, is_whole: bool, out: &mut Vec<Diagnostic>) {
    let errors = out.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error);
    let broken: BTreeSet<FileId> = errors.map(|diagnostic| diagnostic.span.file).collect();
    let found: Vec<Vec<Diagnostic>> = policy
        .workflows
        .par_iter()
        .filter(|workflow| !broken.contains(&workflow.file))
        .map(|one| workflow(policy, one, is_whole))
        .collect();
    out.extend(found.into_iter().flatten());
    if !is_whole {
        return;
    }
    if !broken.contains(&policy.tiers.file) {
        tier::check(policy, out);
        opening::of_tables(policy, out);
    }
    sub_order::check(policy, out);
    // What is wrong in the base is told there, and not once more for each station.
    if !any_error(out) {
        edition::check(policy, out);
    }
    out.extend(begins_unpublished(policy));
}

fn workflow(policy: &Policy, workflow: &Workflow, is_whole: bool) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    branch::check(workflow, &mut out);
    // A graph with loose ends would be blamed for them a second time.
    if out.is_empty() {
        reach::check(workflow, &mut out);
    }
    if out.is_empty() {
        visits::check(workflow, &mut out);
        part::check(workflow, &mut out);
    }
    action::check(policy, workflow, &mut out);
    escalation::check(workflow, &mut out);
    if is_whole {
        inspection::check(policy, workflow, &mut out);
        row_source::check(policy, workflow, &mut out);
        answer_term::check(policy, workflow, &mut out);
        opening::of_workflow(policy, workflow, &mut out);
        feasible::check(policy, workflow, &mut out);
    }
    out
}

/// Returns where a step can lead.
fn leads_to(workflow: &Workflow, at: usize) -> Vec<StepIx> {
    let step = &workflow.steps[at];
    let mut to: Vec<StepIx> = step.next.iter().map(|row| row.go).collect();
    to.extend(step.visits.map(|visits| visits.then));
    to.extend(step.kind.parts());
    to
}

/// Reports the years within twelve months of `today` that the bureau's calendar does not have.
///
/// The policy itself knows no clock, so the day is the caller's: `check` asks for its own.
#[must_use]
pub fn horizon(policy: &Policy, today: Day) -> Vec<Diagnostic> {
    let until = calendar::after(today, calendar::Length::new(12, calendar::Unit::Months));
    unpublished(policy, today, until)
}

/// A workflow in force from a year without holidays has not one certain date.
fn begins_unpublished(policy: &Policy) -> Vec<Diagnostic> {
    let last = policy.calendar.years().last();
    let later = |workflow: &&Workflow| last.is_some_and(|last| workflow.effective.year() > last);
    let begins = policy.workflows.iter().filter(later).map(|workflow| workflow.effective);
    begins.min().map(|day| unpublished(policy, day, day)).unwrap_or_default()
}

fn unpublished(policy: &Policy, from: Day, to: Day) -> Vec<Diagnostic> {
    let path = format!("calendars/{}.yaml", policy.bureau.calendar);
    let Some(file) = policy.sources.find(&path) else { return Vec::new() };
    (from.year()..=to.year())
        .filter(|year| Day::from_ymd_opt(*year, 1, 1).is_some_and(|day| !policy.calendar.is_published(day)))
        .map(|year| {
            Diagnostic::new(CALENDAR_UNPUBLISHED, Span::new(file, 0, 0)).with("year", year.to_string())
        })
        .collect()
}
