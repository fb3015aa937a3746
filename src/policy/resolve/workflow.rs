//! `workflows/*.yaml`: the workflow as a whole.

use std::collections::{BTreeMap, BTreeSet};

use super::super::model::{
    ExprIx, ExprPlace, Opening, Running, Signal, SignalAct, StepIx, SubjectKind, Workflow, WorkflowIx,
};
use super::super::raw::{self, At, Id, Word};
use super::{Known, Resolver, bureau, form, step, trigger};
use crate::calendar::Length;
use crate::diag::codes::{
    EMPTY_LIST, FACT_CYCLE, FILE_NAME, LENGTH_NOT_POSITIVE, NUMBER_RANGE, RESERVED_NAME, SIGNAL_ACT,
    SIGNAL_OPENS, TOO_MANY_STEPS,
};
use crate::diag::{Diagnostic, FileId};
use crate::limits;

/// Names that expressions already give a meaning to.
const RESERVED: [&str; 6] = ["order", "subject", "tier", "station", "action", "today"];

/// Builds every workflow that could be read; their forms go to the known ones.
pub(super) fn workflows(
    resolver: &mut Resolver<'_>,
    raw: Vec<(FileId, String, Option<raw::Workflow>)>,
    known: &mut Known,
) -> Vec<Workflow> {
    let mut built = Vec::new();
    for (file, stem, raw) in raw {
        let Some(raw) = raw else { continue };
        resolver.cap_diagnostics();
        let ix = WorkflowIx(u16::try_from(built.len()).unwrap_or(u16::MAX));
        built.push(workflow(resolver, ix, file, &stem, raw, known));
    }
    built
}

fn workflow(
    resolver: &mut Resolver<'_>,
    ix: WorkflowIx,
    file: FileId,
    stem: &str,
    raw: raw::Workflow,
    known: &mut Known,
) -> Workflow {
    let raw::Workflow {
        span,
        id,
        title,
        noun,
        subject_kind,
        effective,
        running,
        start,
        facts,
        steps: mut raw_steps,
        signals,
        forms,
        station_may,
    } = raw;
    if id.text() != stem {
        let wrong = Diagnostic::new(FILE_NAME, id.span()).with("word", id.text());
        resolver.out.push(wrong.with("file", stem));
    }
    if raw_steps.0.is_empty() {
        resolver.out.push(Diagnostic::new(EMPTY_LIST, span).with("key", "steps"));
    }
    if raw_steps.0.len() > limits::STEPS_PER_WORKFLOW {
        let extra = &raw_steps.0[limits::STEPS_PER_WORKFLOW].0;
        let limit = limits::STEPS_PER_WORKFLOW.to_string();
        resolver.out.push(Diagnostic::new(TOO_MANY_STEPS, extra.span()).with("limit", limit));
        raw_steps.0.truncate(limits::STEPS_PER_WORKFLOW);
    }
    refuse_names(resolver, &raw_steps.0, &facts.0);
    known.forms.extend(form::forms(resolver, forms.0, Some(stem)));
    let facts = facts_in_order(resolver, ix, &facts.0);
    let about = (subject_kind.value, effective.value);
    // A signal that opens orders stands for the trigger in their keys.
    let opening = signals
        .iter()
        .filter(|signal| signal.act.as_ref().is_some_and(|act| act.value == raw::SignalDo::Open));
    let triggers = start.iter().map(|trigger| &trigger.id).chain(opening.map(|signal| &signal.on));
    resolver.reject_duplicates(triggers.map(|id| (id.text(), id.span())));
    let start = start.into_iter().map(|raw| trigger::trigger(resolver, ix, about, raw, known));
    let start = start.collect();
    let names: Vec<String> = raw_steps.0.iter().map(|(id, _)| id.text().to_owned()).collect();
    let about = (known as &Known, subject_kind.value);
    let signals = signals.into_iter().filter_map(|raw| signal(resolver, raw, &names, about)).collect();
    let steps = step::steps(resolver, &step::Site { workflow: ix, stem, names: &names, known }, raw_steps.0);
    Workflow {
        id: stem.to_owned(),
        noun: noun.map_or_else(|| title.value.clone(), |noun| noun.value),
        title: title.value,
        subject_kind: subject_kind.value,
        effective: effective.value,
        running: running.map_or(Running::Keep, |said| said.value),
        start,
        facts,
        steps,
        signals,
        openings: openings(station_may),
        file,
    }
}

fn refuse_names(resolver: &mut Resolver<'_>, steps: &[(Id, raw::Step)], facts: &[(Id, Word)]) {
    let names = || steps.iter().map(|(id, _)| id).chain(facts.iter().map(|(id, _)| id));
    resolver.reject_duplicates(names().map(|id| (id.text(), id.span())));
    for id in names() {
        if RESERVED.contains(&id.text()) {
            resolver.out.push(Diagnostic::new(RESERVED_NAME, id.span()).with("word", id.text()));
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

fn signal(
    resolver: &mut Resolver<'_>,
    raw: raw::Signal,
    steps: &[String],
    (known, kind): (&Known, SubjectKind),
) -> Option<Signal> {
    let raw::Signal { span, on, act, go, start } = raw;
    let act = match (act, go, start) {
        (Some(act), None, None) => match act.value {
            raw::SignalDo::Cancel => SignalAct::Cancel,
            raw::SignalDo::Chief => SignalAct::Chief,
            raw::SignalDo::Open => {
                if kind != SubjectKind::Subject {
                    resolver.say(SIGNAL_OPENS, act.span);
                }
                SignalAct::Open
            }
        },
        (None, Some(step), None) => SignalAct::Go(step::resolve(resolver, &step, steps)?),
        (None, None, Some(workflow)) => SignalAct::Start(step::workflow(resolver, &workflow, known)),
        _ => {
            resolver.say(SIGNAL_ACT, span);
            return None;
        }
    };
    Some(Signal { on: on.0.value, act, span })
}

/// Builds `station_may:`.
pub(super) fn openings(raw: Vec<raw::Opening>) -> Vec<Opening> {
    raw.into_iter()
        .map(|raw| Opening {
            span: raw.path.span,
            path: raw.path.value,
            change: raw.change.value,
            floor: raw.floor.map(|floor| floor.value),
        })
        .collect()
}

/// Refuses a length that is zero or negative.
pub(super) fn positive(resolver: &mut Resolver<'_>, length: &At<Length>) {
    if length.value.count <= 0 {
        let wrong = Diagnostic::new(LENGTH_NOT_POSITIVE, length.span);
        resolver.out.push(wrong.with("word", length.value.to_string()));
    }
}

/// Returns a whole number between two bounds; one outside is reported and clipped.
pub(super) fn bounded(resolver: &mut Resolver<'_>, number: At<i64>, min: u32, max: u32) -> u32 {
    let clipped = number.value.clamp(i64::from(min), i64::from(max));
    if clipped != number.value {
        resolver.out.push(
            Diagnostic::new(NUMBER_RANGE, number.span)
                .with("word", number.value.to_string())
                .with("min", min.to_string())
                .with("max", max.to_string()),
        );
    }
    u32::try_from(clipped).unwrap_or(max)
}

/// Returns whether orders of the workflow are about subjects, whose cycle they can keep.
pub(super) const fn has_cycle(kind: SubjectKind) -> bool {
    matches!(kind, SubjectKind::Subject)
}

/// Returns a step's index.
pub(super) fn step_ix(at: usize) -> StepIx {
    StepIx(u16::try_from(at).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::names_in;

    #[test]
    fn names_are_words_outside_quotes_without_a_dot_before() {
        assert_eq!(names_in(r#"甲 + a.filter(|p| p.b == "c").len() > 0"#), ["甲", "a", "p", "p", "0"]);
    }
}
