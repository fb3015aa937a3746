//! Triggers: what starts orders.

use super::super::model::{
    Anchor, Attribute, AttributeIx, AttributeKind, Cap, CapPer, CapPeriod, Every, ExprPlace, Missed,
    MissedMode, Overlap, Pick, PickKey, Recur, Since, SubjectKind, Trigger, WorkflowIx,
};
use super::super::raw::leaf::{length, words};
use super::super::raw::{self, At, Days, Many, Word, leaf};
use super::{Known, Resolver, workflow};
use crate::calendar::{Length, Roll, Unit};
use crate::diag::codes::{
    ATTRIBUTE_NOT_DATE, BAD_CAP, CRON_NEVER, FIRST_NEEDS_REGISTERED, LENGTH_UNIT, RECUR_NOT_SUBJECT,
    RECUR_SINCE, UNKNOWN_ATTRIBUTE,
};
use crate::diag::{Diagnostic, Span};
use crate::schedule::Cron;
use crate::time::Day;

words! {
    PickKey: "overdue" => PickKey::Overdue, "score" => PickKey::Score, "tier" => PickKey::Tier,
        "due" => PickKey::Due, "subject.id" => PickKey::SubjectId;
    Direction: "asc" => Direction::Asc, "desc" => Direction::Desc;
    CapPer: "officer" => CapPer::Officer, "grid" => CapPer::Grid, "station" => CapPer::Station,
        "subject" => CapPer::Subject;
    CapPeriod: "day" => CapPeriod::Day, "week" => CapPeriod::Week, "month" => CapPeriod::Month,
        "year" => CapPeriod::Year;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Asc,
    Desc,
}

/// What a trigger that says nothing of it picks by: the most overdue, then the highest score.
const PICK_DEFAULT: [Pick; 3] = [
    Pick { key: PickKey::Overdue, descending: true },
    Pick { key: PickKey::Score, descending: true },
    Pick { key: PickKey::SubjectId, descending: false },
];

/// Rule 8a, where `raised` is not written.
const RAISED_DEFAULT: Length = Length::new(10, Unit::WorkDays);

/// Builds one trigger.
pub(super) fn trigger(
    resolver: &mut Resolver<'_>,
    workflow: WorkflowIx,
    workflow_is: (SubjectKind, Day),
    raw: raw::Trigger,
    known: &Known,
) -> Trigger {
    let (kind, effective) = workflow_is;
    let raw::Trigger { span, id, title, cron, days, recur, when, missed, overlap, pick, at_most } = raw;
    if let Some(recur) = recur.as_ref().filter(|_| !workflow::has_cycle(kind)) {
        resolver.say(RECUR_NOT_SUBJECT, recur.span);
    }
    Trigger {
        title: title.map_or_else(|| id.text().to_owned(), |title| title.value),
        id: id.0.value,
        cron: self::cron(resolver, &cron, effective),
        workdays_only: days.is_some_and(|said| said.value == Days::WorkDays),
        recur: recur.map(|raw| self::recur(resolver, raw, known)),
        when: when.map(|word| resolver.expr(&word, ExprPlace::Start(workflow))),
        missed: missed
            .map_or(Missed { mode: MissedMode::Once, within: None }, |raw| self::missed(resolver, &raw)),
        overlap: overlap.map_or(Overlap::Skip, |said| said.value),
        pick: self::pick(resolver, &pick),
        at_most: at_most.and_then(|word| cap(resolver, &word)),
        span,
    }
}

/// Reads a schedule; what stands in for a broken one never reaches a policy.
fn cron(resolver: &mut Resolver<'_>, word: &Word, effective: Day) -> Cron {
    let cron = Cron::parse(word.text()).unwrap_or_else(|problem| {
        resolver.out.push(problem.diagnostic(word.span));
        Cron::parse("0 0 * * *").expect("every day at midnight is a schedule")
    });
    if cron.never_fires(effective) {
        resolver.say(CRON_NEVER, word.span);
    }
    cron
}

fn missed(resolver: &mut Resolver<'_>, raw: &raw::Missed) -> Missed {
    if let Some(within) = &raw.within {
        workflow::positive(resolver, within);
    }
    Missed { mode: raw.mode.value, within: raw.within.as_ref().map(|within| within.value) }
}

fn recur(resolver: &mut Resolver<'_>, raw: raw::Recur, known: &Known) -> Recur {
    let raw::Recur { span, since, every, anchor, first, raised, roll, lead } = raw;
    let lengths = [&first, &raised, &lead];
    for length in lengths.into_iter().flatten() {
        workflow::positive(resolver, length);
        refuse_hours(resolver, length);
    }
    let registered = known.attributes.iter().find(|attribute| attribute.id == "registered");
    if let Some(first) = first.filter(|_| registered.is_none_or(|found| found.kind != AttributeKind::Date)) {
        resolver.say(FIRST_NEEDS_REGISTERED, first.span);
    }
    let since = self::since(resolver, &since, &known.attributes);
    let anchor = match anchor {
        Some(raw::Anchor::Fixed(day)) => Anchor::Fixed(workflow::bounded(resolver, day, 1, 31)),
        Some(raw::Anchor::Rolling) | None => Anchor::Rolling,
    };
    Recur {
        since,
        every: self::every(resolver, &every),
        anchor,
        first: first.map(|length| length.value),
        raised: raised.map_or(RAISED_DEFAULT, |length| length.value),
        roll: roll.map_or(Roll::Backward, |roll| roll.value),
        lead: lead.map(|length| length.value),
        span,
        every_span: every.span,
    }
}

/// A cycle is counted in days; hours would make its dates depend on the time of the visit.
fn refuse_hours(resolver: &mut Resolver<'_>, length: &At<Length>) {
    if length.value.unit == Unit::Hours {
        let wrong = Diagnostic::new(LENGTH_UNIT, length.span);
        resolver.out.push(wrong.with("word", length.value.to_string()));
    }
}

fn since(resolver: &mut Resolver<'_>, word: &Word, attributes: &[Attribute]) -> Since {
    if word.text() == "subject.last_patrol" {
        return Since::LastPatrol;
    }
    let dates = || attributes.iter().filter(|attribute| attribute.kind == AttributeKind::Date);
    let Some(name) = word.text().strip_prefix("subject.") else {
        let known: Vec<String> = dates().map(|attribute| format!("subject.{}", attribute.id)).collect();
        let wrong = Diagnostic::new(RECUR_SINCE, word.span).with("word", word.text());
        let known = ["subject.last_patrol"].into_iter().chain(known.iter().map(String::as_str));
        // `last_patrol` alone is the commonest typo, and too short to be near by itself.
        let meant =
            if word.text().contains('.') { word.value.clone() } else { format!("subject.{}", word.text()) };
        resolver.out.push(wrong.with_nearest(&meant, known));
        return Since::LastPatrol;
    };
    let span = word.span.inner("subject.".len(), word.text().len());
    let Some(at) = attributes.iter().position(|attribute| attribute.id == name || attribute.title == name)
    else {
        let known = dates().map(|attribute| attribute.id.as_str()).chain(["last_patrol"]);
        resolver.unknown(UNKNOWN_ATTRIBUTE, name, span, known);
        return Since::LastPatrol;
    };
    if attributes[at].kind != AttributeKind::Date {
        let wrong = Diagnostic::new(ATTRIBUTE_NOT_DATE, span).with("word", name);
        resolver.out.push(wrong.related(attributes[at].span, "label-declared"));
    }
    Since::Attribute(AttributeIx(u16::try_from(at).unwrap_or(u16::MAX)))
}

fn every(resolver: &mut Resolver<'_>, word: &Word) -> Every {
    if word.text() == "tier.cycle" {
        return Every::TierCycle;
    }
    let Some(value) = length(word.text(), word.span, resolver.out) else { return Every::TierCycle };
    let written = At { value, span: word.span };
    workflow::positive(resolver, &written);
    refuse_hours(resolver, &written);
    Every::Length(value)
}

/// Reads the order of picking; the subject's id is put at its end, so that it is always total.
fn pick(resolver: &mut Resolver<'_>, raw: &Many<Word>) -> Vec<Pick> {
    if raw.0.is_empty() {
        return PICK_DEFAULT.to_vec();
    }
    let mut picks: Vec<Pick> = raw.0.iter().filter_map(|word| pick_row(resolver, word)).collect();
    if !picks.iter().any(|pick| pick.key == PickKey::SubjectId) {
        picks.push(Pick { key: PickKey::SubjectId, descending: false });
    }
    picks
}

fn pick_row(resolver: &mut Resolver<'_>, word: &Word) -> Option<Pick> {
    let mut words = pieces(word);
    let (key, span) = words.next()?;
    let key = leaf::word(key, span, resolver.out)?;
    let direction = match words.next() {
        Some((direction, span)) => leaf::word(direction, span, resolver.out)?,
        None => Direction::Asc,
    };
    Some(Pick { key, descending: direction == Direction::Desc })
}

/// Reads `40 per officer per month`.
fn cap(resolver: &mut Resolver<'_>, word: &Word) -> Option<Cap> {
    let words: Vec<(&str, Span)> = pieces(word).collect();
    let [(count, count_span), ("per", _), (per, per_span), ("per", _), (period, period_span)] = words[..]
    else {
        resolver.out.push(Diagnostic::new(BAD_CAP, word.span).with("word", word.text()));
        return None;
    };
    let Ok(value) = count.parse::<i64>() else {
        resolver.out.push(Diagnostic::new(BAD_CAP, word.span).with("word", word.text()));
        return None;
    };
    let count = workflow::bounded(resolver, At { value, span: count_span }, 1, 100_000);
    let per = leaf::word(per, per_span, resolver.out);
    let period = leaf::word(period, period_span, resolver.out);
    Some(Cap { count, per: per?, period: period? })
}

/// Cuts a text at its spaces, with the place of each piece.
fn pieces(word: &Word) -> impl Iterator<Item = (&str, Span)> {
    let text = word.text();
    text.split_ascii_whitespace().map(move |piece| {
        let start = piece.as_ptr() as usize - text.as_ptr() as usize;
        (piece, word.span.inner(start, start + piece.len()))
    })
}
