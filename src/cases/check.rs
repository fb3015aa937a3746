//! Names that cases use: every one must be there, and every act must have the words it needs.

use std::collections::BTreeMap;

use super::known::CaseNames;
use super::{act, form, workflow_of};
use crate::diag::codes::{
    CASE_WORKFLOW, KEY_DOES_NOT_FIT, KEY_WANTED, NOT_ONE_OF, UNKNOWN_ACT, UNKNOWN_ADDRESSEE, UNKNOWN_OFFICER,
    UNKNOWN_REFUSAL, UNKNOWN_RUNG, UNKNOWN_SIGNAL, UNKNOWN_STEP, UNKNOWN_WORKFLOW,
};
use crate::diag::{Diagnostic, Span};
use crate::engine::{ACTS, read_act, signals};
use crate::lang;
use crate::policy::{
    Case, CaseAct, CaseDeed, CaseSignal, CaseWords, Course, Many, NOTICE_KINDS, Policy, Step, WantedOutcome,
    WantedPlace, WantedTerm, Word, Workflow,
};

/// The terms of which a case can say that they fired: those that do something.
const TERMS: [&str; 4] = ["wait", "overdue", "clock", "alarm"];

/// Checks every name that the lives of orders in cases use.
///
/// # Errors
/// Every problem found, each with its place.
pub fn check(policy: &Policy, cases: &[Case]) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut laid_on: BTreeMap<&str, Policy> = BTreeMap::new();
    for case in cases {
        let station = case.subject.station.as_str();
        if policy.overlays.iter().any(|overlay| overlay.station == station) {
            laid_on.entry(station).or_insert_with(|| policy.edition(&policy.every_overlay(station)));
        }
    }
    for case in cases {
        let Some(course) = &case.course else { continue };
        let policy = laid_on.get(case.subject.station.as_str()).unwrap_or(policy);
        let Some(workflow) = workflow_of(policy, case) else {
            out.push(no_workflow(policy, case, course));
            continue;
        };
        let known = CaseNames::of(policy, course);
        let mut check = Check { policy, main: workflow, known, out: &mut out };
        check.course(course);
    }
    out
}

fn no_workflow(policy: &Policy, case: &Case, course: &Course) -> Diagnostic {
    let known = policy.workflows.iter().map(|workflow| workflow.id.as_str());
    match &course.workflow {
        Some(named) => named.none_of(UNKNOWN_WORKFLOW, known),
        None => Diagnostic::new(CASE_WORKFLOW, case.span).with("known", lang::list(known)),
    }
}

/// Where an act happens; at any step when none is named.
struct ActSite<'a> {
    workflow: &'a Workflow,
    step: Option<&'a Step>,
}

struct Check<'a> {
    policy: &'a Policy,
    /// The workflow that the case opens.
    main: &'a Workflow,
    known: CaseNames<'a>,
    out: &'a mut Vec<Diagnostic>,
}

impl<'a> Check<'a> {
    fn course(&mut self, course: &Course) {
        let substitutes = course.officers.iter().flat_map(|officer| &officer.leaves);
        self.officers(substitutes.filter_map(|leave| leave.substitute.as_ref()));
        for act in &course.acts {
            self.act(act);
        }
        self.place(&course.place, self.main);
        for (named, place) in &course.orders {
            if let Some(workflow) = self.workflow(Some(named)) {
                self.place(place, workflow);
            }
        }
    }

    fn act(&mut self, act: &CaseAct) {
        let workflow = self.workflow(act.order.as_ref());
        self.wanted(&act.expect.outcome, workflow.filter(|_| act.order.is_some()));
        let Some(workflow) = workflow else { return };
        match &act.what {
            CaseDeed::Wait => {}
            CaseDeed::Act { word, by, step, words } => {
                self.officers(by.iter().chain(&words.to).chain(&words.approver));
                let step = self.step_meant(step.as_ref(), workflow);
                self.words(word, words, &ActSite { workflow, step });
            }
            CaseDeed::Signal(signal) => {
                self.officers(&signal.officer);
                self.signal(signal);
            }
        }
        let is_act = matches!(act.what, CaseDeed::Act { .. });
        if let Some(refused) = act.expect.outcome.refused.as_ref().filter(|_| !is_act) {
            self.does_not_fit("refused", refused.span);
        }
        self.place(&act.expect.place, workflow);
    }

    /// Finds the workflow of an order that is named, `penalty#2` too.
    fn workflow(&mut self, order: Option<&Word>) -> Option<&'a Workflow> {
        let Some(named) = order else { return Some(self.main) };
        let policy = self.policy;
        let found = named.parted().and_then(|(workflow, _)| policy.workflow(workflow));
        if found.is_none() {
            let known = policy.workflows.iter().map(|workflow| workflow.id.as_str());
            self.out.push(named.none_of(UNKNOWN_WORKFLOW, known));
        }
        found
    }

    fn step_meant(&mut self, named: Option<&Word>, workflow: &'a Workflow) -> Option<&'a Step> {
        let named = named?;
        let found = named.parted().and_then(|(id, _)| workflow.steps.iter().find(|step| step.id == id));
        if found.is_none() {
            self.out.push(named.none_of(UNKNOWN_STEP, workflow.steps.iter().map(|step| step.id.as_str())));
        }
        found
    }

    /// Checks that an act exists and has the words it needs, and none besides.
    fn words(&mut self, word: &Word, words: &CaseWords, site: &ActSite<'a>) {
        let ActSite { workflow, step } = *site;
        let steps: Vec<&Step> = step.map_or_else(|| workflow.steps.iter().collect(), |step| vec![step]);
        let is_common = ACTS.contains(&word.value.as_str());
        let actions: Vec<&str> = steps.iter().flat_map(|step| actions(step)).collect();
        if !is_common && !actions.contains(&word.value.as_str()) {
            self.out.push(word.none_of(UNKNOWN_ACT, actions.into_iter().chain(ACTS)));
            return;
        }
        self.keys(word, words);
        if let Some(filled) = words.form.as_ref().filter(|_| !is_common || word.value == ACTS[0]) {
            let forms = form::of_steps(self.policy, workflow, &steps);
            if forms.is_empty() {
                self.does_not_fit("form", filled.span);
            } else {
                self.out.extend(form::check(&forms, filled));
            }
        }
    }

    fn keys(&mut self, word: &Word, words: &CaseWords) {
        let fitting = fitting(&word.value);
        for (key, span) in words.places() {
            if let Some(span) = span.filter(|_| !fitting.contains(&key)) {
                self.does_not_fit(key, span);
            }
        }
        if let Err(missing) = read_act(&word.value, act::said(words)) {
            self.out.push(Diagnostic::new(KEY_WANTED, word.span).with("key", missing.0));
        }
    }

    fn signal(&mut self, signal: &CaseSignal) {
        let CaseSignal { name, station, grid, officer } = signal;
        let heard = self.policy.workflows.iter().flat_map(|workflow| &workflow.signals);
        let heard = heard.map(|signal| signal.on.as_str()).filter(|on| !on.starts_with("clock."));
        let known: Vec<&str> = signals::ALL.into_iter().chain(heard).collect();
        if !known.contains(&name.value.as_str()) {
            self.out.push(name.none_of(UNKNOWN_SIGNAL, known));
            return;
        }
        let (fitting, wanted): (&[&str], &[&str]) = match name.value.as_str() {
            signals::MOVED => (&["station", "grid"], &["station"]),
            signals::OFFICER_LEFT => (&["officer"], &["officer"]),
            _ => (&[], &[]),
        };
        for (key, named) in [("station", station), ("grid", grid), ("officer", officer)] {
            match named {
                Some(named) if !fitting.contains(&key) => self.does_not_fit(key, named.span),
                None if wanted.contains(&key) => {
                    self.out.push(Diagnostic::new(KEY_WANTED, name.span).with("key", key));
                }
                Some(_) | None => {}
            }
        }
    }

    fn does_not_fit(&mut self, key: &'static str, span: Span) {
        self.out.push(Diagnostic::new(KEY_DOES_NOT_FIT, span).with("key", key));
    }

    /// Where people are kept, everybody named is one of them.
    fn officers<'n>(&mut self, named: impl IntoIterator<Item = &'n Word>) {
        if self.known.officers.is_empty() {
            return;
        }
        for named in named {
            if !self.known.officers.contains(&named.value.as_str()) {
                self.out.push(named.none_of(UNKNOWN_OFFICER, self.known.officers.iter().copied()));
            }
        }
    }

    fn place(&mut self, place: &WantedPlace, workflow: &Workflow) {
        for named in place.step.iter().flat_map(|Many(steps)| steps) {
            if !workflow.steps.iter().any(|step| step.id == named.value) {
                let steps = workflow.steps.iter().map(|step| step.id.as_str());
                self.out.push(named.none_of(UNKNOWN_STEP, steps));
            }
        }
        self.officers(place.who.iter().flat_map(|Many(who)| who));
    }

    fn wanted(&mut self, wanted: &WantedOutcome, order: Option<&Workflow>) {
        if let Some(code) =
            wanted.refused.as_ref().filter(|code| !self.known.refusals.contains(&code.value.as_str()))
        {
            self.out.push(code.none_of(UNKNOWN_REFUSAL, self.known.refusals.iter().copied()));
        }
        for row in wanted.fired.iter().flatten() {
            self.fired(row, order);
        }
        for (kind, who) in wanted.told.iter().flat_map(|told| &told.0) {
            if !NOTICE_KINDS.contains(&kind.value.as_str()) {
                self.out.push(kind.none_of(NOT_ONE_OF, NOTICE_KINDS));
            }
            for named in who.iter().filter(|named| !self.known.addressees.contains(&named.value.as_str())) {
                self.out.push(named.none_of(UNKNOWN_ADDRESSEE, self.known.addressees.iter().copied()));
            }
        }
        for named in wanted.opened.iter().flat_map(|Many(opened)| opened) {
            self.workflow(Some(named));
        }
    }

    /// A term is of the order that its row names, else of the one acted on, else of any.
    fn fired(&mut self, row: &WantedTerm, order: Option<&Workflow>) {
        let WantedTerm { order: named, step, term, level, at: _ } = row;
        let workflow = match named {
            Some(named) => self.workflow(Some(named)),
            None => order,
        };
        if let Some(term) = term.as_ref().filter(|term| !TERMS.contains(&term.value.as_str())) {
            self.out.push(term.none_of(NOT_ONE_OF, TERMS));
        }
        let Some(named) = step else { return };
        let policy = self.policy;
        let all = policy.workflows.iter().filter(|known| workflow.is_none_or(|one| one.id == known.id));
        let steps: Vec<&Step> = all.flat_map(|workflow| &workflow.steps).collect();
        let meant: Vec<&&Step> = steps.iter().filter(|step| step.id == named.value).collect();
        if meant.is_empty() {
            self.out.push(named.none_of(UNKNOWN_STEP, steps.iter().map(|step| step.id.as_str())));
            return;
        }
        let rungs: Vec<String> =
            meant.iter().flat_map(|step| &step.overdue).map(|row| row.level.to_string()).collect();
        if let Some(level) = level.filter(|level| !rungs.contains(&level.value.to_string())) {
            let wrong = Diagnostic::new(UNKNOWN_RUNG, level.span).with("level", level.value.to_string());
            self.out.push(wrong.with("step", &named.value).with("known", lang::list(rungs)));
        }
    }
}

fn actions(step: &Step) -> impl Iterator<Item = &str> {
    step.kind.actions().iter().map(|action| action.id.as_str())
}

/// The words that an act has a use for.
fn fitting(act: &str) -> &'static [&'static str] {
    match act {
        "return" | "recall" | "cancel" => &["reason"],
        "claim" | "sign" | "resume" => &[],
        "transfer" | "delegate" | "add-signer" => &["to", "reason"],
        "nudge" => &["note"],
        "copy" => &["to", "note"],
        "extend" => &["reason", "length", "approver", "document"],
        "pause" => &["reason", "approver", "document"],
        "waive" => &["document"],
        // To complete, whether by an action or without one.
        _ => &["form"],
    }
}
