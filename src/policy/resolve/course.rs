//! The life of an order in a case: its people, its acts, and what must come of them.

use super::super::case::{CaseAct, CaseDeed, CaseSignal, CaseWords, Course};
use super::super::raw::{self, CaseOfficer, WantedPlace, Word};
use super::Resolver;
use crate::diag::codes::{ACTS_OUT_OF_ORDER, UNKNOWN_ROLE};
use crate::diag::{Diagnostic, Span};

/// Visits and levels that a case can name.
const COUNT_MAX: u32 = 10_000;

/// Checks what is said of the life of an order; none where a case says nothing of one.
pub(super) fn course(resolver: &mut Resolver<'_>, course: Course) -> Option<Course> {
    let Course { workflow, opened_at: _, due, officers, acts, place, orders } = &course;
    let says_nothing = workflow.is_none()
        && due.is_none()
        && officers.is_empty()
        && acts.is_empty()
        && orders.is_empty()
        && *place == WantedPlace::default();
    if says_nothing {
        return None;
    }
    resolver.reject_duplicates(officers.iter().map(|officer| officer.id.spelling()));
    in_order(resolver, &course);
    for CaseOfficer { roles, .. } in officers {
        for role in &roles.0 {
            resolver.position(UNKNOWN_ROLE, role, |names| {
                names.roles.iter().map(|role| role.id.as_str()).chain(names.duties())
            });
        }
    }
    for place in orders.iter().map(|(_, place)| place).chain([place]) {
        self::place(resolver, place);
    }
    Some(course)
}

/// Reports the first act of each step back in time.
fn in_order(resolver: &mut Resolver<'_>, course: &Course) {
    let mut last = course.opened_at;
    for act in &course.acts {
        if let Some(before) = last.filter(|before| act.at.value < before.value) {
            let wrong = Diagnostic::new(ACTS_OUT_OF_ORDER, act.at.span);
            resolver.out.push(wrong.related(before.span, "label-above"));
        }
        last = Some(act.at);
    }
}

/// Decides whether a person acts, a signal comes or time passes; keys of another kind are reported.
pub(super) fn act(resolver: &mut Resolver<'_>, raw: raw::ActShape) -> CaseAct {
    let raw::ActShape { span, at, order, step, by, action, signal, form, to, .. } = raw;
    let raw::ActShape { reason, length, approver, document, note, station, grid, officer, expect, .. } = raw;
    let expect = expect.unwrap_or_default();
    place(resolver, &expect.place);
    for level in expect.outcome.fired.iter().flatten().filter_map(|term| term.level) {
        resolver.bounded(level, 0, COUNT_MAX);
    }
    let place = |word: &Option<Word>| word.as_ref().map(|word| word.span);
    let who = [("step", place(&step)), ("by", place(&by))];
    let words = CaseWords { form, to: to.0, reason, length, approver, document, note };
    let of_signal = [("station", place(&station)), ("grid", place(&grid)), ("officer", place(&officer))];
    let what = match (action, signal) {
        (Some(word), signal) => {
            strangers(resolver, of_signal.into_iter().chain([("signal", place(&signal))]));
            CaseDeed::Act { word, by, step, words: Box::new(words) }
        }
        (None, Some(name)) => {
            strangers(resolver, who.into_iter().chain(words.places()).chain([("order", place(&order))]));
            CaseDeed::Signal(CaseSignal { name, station, grid, officer })
        }
        (None, None) => {
            strangers(resolver, who.into_iter().chain(words.places()).chain(of_signal));
            CaseDeed::Wait
        }
    };
    CaseAct { span, at, order, what, expect }
}

fn strangers(resolver: &mut Resolver<'_>, keys: impl IntoIterator<Item = (&'static str, Option<Span>)>) {
    for (key, span) in keys {
        resolver.refuse_key(key, span);
    }
}

/// Refuses visits that no order has.
fn place(resolver: &mut Resolver<'_>, place: &WantedPlace) {
    if let Some(visit) = place.visit {
        resolver.bounded(visit, 1, COUNT_MAX);
    }
}
