//! `workflows/*.yaml`: the workflow as a whole.

use std::collections::{BTreeMap, BTreeSet};

use super::super::file_kind::WorkflowText;
use super::super::model::{
    ExprIx, ExprPlace, OpenTerms, Running, SignalAct, SignalRule, StepMap, SubjectKind, Workflow, WorkflowIx,
};
use super::super::raw::{self, Id, Word};
use super::site::{StepSite, WorkflowSite};
use super::{Resolver, bureau, form, step, trigger};
use crate::diag::Diagnostic;
use crate::diag::codes::{
    EMPTY_LIST, FACT_CYCLE, FILE_NAME, RESERVED_NAME, SIGNAL_ACT, SIGNAL_OPENS, TOO_MANY_STEPS,
};
use crate::limits;

/// Names that expressions already give a meaning to.
const RESERVED: [&str; 6] = ["order", "subject", "tier", "station", "action", "today"];

/// Builds every workflow that could be read; their forms go to the known ones.
pub(super) fn workflows(resolver: &mut Resolver<'_>, texts: Vec<WorkflowText>) {
    for WorkflowText { stem, shape } in texts {
        let Some(raw) = shape else { continue };
        resolver.cap_diagnostics();
        let built = workflow(resolver, stem, raw);
        resolver.names.workflows.push(built);
    }
}

fn workflow(resolver: &mut Resolver<'_>, stem: String, raw: raw::WorkflowShape) -> Workflow {
    let raw::WorkflowShape {
        span,
        id,
        title,
        noun,
        subject_kind,
        effective,
        running,
        window,
        start,
        facts,
        steps: mut raw_steps,
        signals,
        forms,
        station_may,
    } = raw;
    if id.text() != stem {
        resolver.out.push(id.wrong(FILE_NAME).with("file", &stem));
    }
    if raw_steps.0.is_empty() {
        resolver.out.push(Diagnostic::new(EMPTY_LIST, span).with("key", "steps"));
    }
    if raw_steps.0.len() > limits::STEPS_PER_WORKFLOW {
        let extra = &raw_steps.0[limits::STEPS_PER_WORKFLOW].0;
        let limit = limits::STEPS_PER_WORKFLOW.to_string();
        resolver.out.push(Diagnostic::new(TOO_MANY_STEPS, extra.span).with("limit", limit));
        raw_steps.0.truncate(limits::STEPS_PER_WORKFLOW);
    }
    refuse_names(resolver, &raw_steps.0, &facts.0);
    let forms = form::forms(resolver, forms.0, Some(&stem));
    resolver.names.forms.extend(forms);
    let ix = WorkflowIx(u16::try_from(resolver.names.workflows.len()).unwrap_or(u16::MAX));
    let facts = facts_in_order(resolver, ix, &facts.0);
    // A signal that opens orders stands for the trigger in their keys.
    let opening = signals
        .iter()
        .filter(|signal| signal.act.as_ref().is_some_and(|act| act.value == raw::SignalDo::Open));
    let triggers = start.iter().map(|trigger| &trigger.id).chain(opening.map(|signal| &signal.on));
    resolver.reject_duplicates(triggers.map(|id| id.spelling()));
    let steps = raw_steps.0.iter().map(|(id, step)| {
        let (name, is_duty) = (id.text().to_owned(), step.who.is_some());
        StepSite { name, is_duty }
    });
    let site = WorkflowSite { ix, stem, subject_kind, effective, steps: steps.collect() };
    let start = start.into_iter().map(|raw| trigger::trigger(resolver, &site, raw)).collect();
    let signals = signals.into_iter().filter_map(|raw| signal(resolver, &site, raw)).collect();
    let running = running.map_or(Running::Keep, |raw| running_rule(resolver, &site, raw));
    let steps = step::steps(resolver, &site, raw_steps.0);
    Workflow {
        id: site.stem,
        noun: noun.unwrap_or_else(|| title.clone()),
        title,
        subject_kind,
        effective,
        running,
        window: window.as_ref().and_then(|word| step::window(resolver, word)),
        start,
        facts,
        steps,
        signals,
        openings: station_may,
        file: span.file,
    }
}

/// How open orders go over to the text; no two steps become one.
fn running_rule(resolver: &mut Resolver<'_>, site: &WorkflowSite, raw: raw::RunningShape) -> Running {
    let raw::MigrateShape { migrate, terms } = match raw {
        raw::MapOr::Other(raw::RunningWord::Keep) => return Running::Keep,
        raw::MapOr::Other(raw::RunningWord::Migrate) => {
            raw::MigrateShape { migrate: raw::FreeMap(Vec::new()), terms: None }
        }
        raw::MapOr::Map(shape) => shape,
    };
    resolver.reject_duplicates(migrate.0.iter().map(|(_, to)| to.spelling()));
    let renamed = migrate.0.iter().filter(|(_, to)| site.step(resolver, to).is_some());
    let renamed = renamed.map(|(from, to)| (from.text().to_owned(), to.text().to_owned())).collect();
    Running::Migrate(StepMap { renamed, terms: terms.unwrap_or(OpenTerms::Keep) })
}

fn refuse_names(resolver: &mut Resolver<'_>, steps: &[(Id, raw::StepShape)], facts: &[(Id, Word)]) {
    let names = || steps.iter().map(|(id, _)| id).chain(facts.iter().map(|(id, _)| id));
    resolver.reject_duplicates(names().map(|id| id.spelling()));
    for id in names() {
        if RESERVED.contains(&id.text()) {
            resolver.out.push(id.wrong(RESERVED_NAME));
        }
        bureau::name(resolver, id);
    }
}

/// Puts facts in the order they need each other; those that need themselves are reported.
fn facts_in_order(resolver: &mut Resolver<'_>, ix: WorkflowIx, raw: &[(Id, Word)]) -> Vec<(String, ExprIx)> {
    let places: BTreeMap<&str, usize> = raw.iter().enumerate().map(|(at, (id, _))| (id.text(), at)).collect();
    let needs =
        |at: usize| names_in(raw[at].1.text()).into_iter().filter_map(|name| places.get(name).copied());
    // Facts that wait for nobody come first, in the order of the file; then those they freed.
    let mut waits_for: Vec<BTreeSet<usize>> = (0..raw.len()).map(|at| needs(at).collect()).collect();
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); raw.len()];
    for (at, needed) in waits_for.iter().enumerate() {
        for other in needed {
            needed_by[*other].push(at);
        }
    }
    let mut ready: BTreeSet<usize> = (0..raw.len()).filter(|at| waits_for[*at].is_empty()).collect();
    let mut facts = Vec::with_capacity(raw.len());
    while let Some(at) = ready.pop_first() {
        facts.push((raw[at].0.text().to_owned(), resolver.expr(&raw[at].1, ExprPlace::Fact(ix))));
        for other in &needed_by[at] {
            waits_for[*other].remove(&at);
            if waits_for[*other].is_empty() {
                ready.insert(*other);
            }
        }
    }
    for (at, (id, expr)) in raw.iter().enumerate() {
        if !waits_for[at].is_empty() {
            resolver.out.push(Diagnostic::new(FACT_CYCLE, expr.span).with("word", id.text()));
        }
    }
    facts
}

/// Returns the names an expression begins with: words outside quotes that no dot stands before.
fn names_in(expr: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut quote: Option<char> = None;
    let mut start: Option<usize> = None;
    for (at, c) in expr.char_indices().chain([(expr.len(), ' ')]) {
        let is_word = quote.is_none() && (c.is_alphanumeric() || c == '_');
        match (start, is_word) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                if !expr[..from].trim_end().ends_with('.') {
                    names.push(&expr[from..at]);
                }
                start = None;
            }
            (None, false) | (Some(_), true) => {}
        }
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            Some(_) | None => {}
        }
    }
    names
}

fn signal(resolver: &mut Resolver<'_>, site: &WorkflowSite, raw: raw::SignalShape) -> Option<SignalRule> {
    let raw::SignalShape { span, on, act, go, start } = raw;
    let act = match (act, go, start) {
        (Some(act), None, None) => match act.value {
            raw::SignalDo::Cancel => SignalAct::Cancel,
            raw::SignalDo::Chief => SignalAct::Chief,
            raw::SignalDo::Hold => SignalAct::Hold,
            raw::SignalDo::Resume => SignalAct::Resume,
            raw::SignalDo::Open => {
                if site.subject_kind != SubjectKind::Subject {
                    resolver.say(SIGNAL_OPENS, act.span);
                }
                SignalAct::Open
            }
        },
        (None, Some(step), None) => SignalAct::Go(site.step(resolver, &step)?),
        (None, None, Some(workflow)) => SignalAct::Start(step::workflow(resolver, &workflow)),
        _ => {
            resolver.say(SIGNAL_ACT, span);
            return None;
        }
    };
    Some(SignalRule { on: on.0.value, act, span })
}

#[cfg(test)]
mod tests {
    use super::names_in;

    #[test]
    fn names_are_words_outside_quotes_without_a_dot_before() {
        assert_eq!(names_in(r#"甲 + a.filter(|p| p.b == "c").len() > 0"#), ["甲", "a", "p", "p", "0"]);
    }
}
