//! Triggers: what starts orders.

use super::super::model::{
    Anchor, AttributeIx, AttributeKind, Cap, CapPer, CapPeriod, Every, ExprPlace, MissedMode, MissedPolicy,
    Overlap, Pick, PickKey, Recur, Since, SubjectKind, Trigger,
};
use super::super::raw::leaf::{length, words};
use super::super::raw::{self, At, Days, Many, MapOr, Word, leaf};
use super::site::WorkflowSite;
use super::{Resolver, bureau};
use crate::calendar::{Length, Roll, Unit};
use crate::diag::codes::{
    ATTRIBUTE_NOT_DATE, ATTRIBUTE_NOT_LENGTH, BAD_CAP, CRON_NEVER, FIRST_NEEDS_REGISTERED, LENGTH_UNIT,
    RECUR_NOT_SUBJECT, RECUR_SINCE, UNKNOWN_ATTRIBUTE,
};
use crate::diag::{Diagnostic, Span};
use crate::schedule::Cron;
use crate::time::Day;

words! {
    PickKey: "overdue" => Self::Overdue, "score" => Self::Score, "tier" => Self::Tier,
        "due" => Self::Due, "subject.id" => Self::SubjectId;
    Direction: "asc" => Self::Asc, "desc" => Self::Desc;
    CapPer: "officer" => Self::Officer, "grid" => Self::Grid, "station" => Self::Station,
        "subject" => Self::Subject;
    CapPeriod: "day" => Self::Day, "week" => Self::Week, "month" => Self::Month,
        "year" => Self::Year;
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

pub(super) fn trigger(resolver: &mut Resolver<'_>, site: &WorkflowSite, raw: raw::TriggerShape) -> Trigger {
    let raw::TriggerShape {
        span,
        id,
        title,
        cron,
        days,
        recur,
        when,
        missed,
        overlap,
        pick,
        at_most,
        always,
    } = raw;
    if let Some(recur) = recur.as_ref().filter(|_| site.subject_kind != SubjectKind::Subject) {
        resolver.say(RECUR_NOT_SUBJECT, recur.span);
    }
    let named = At { value: title.as_deref().unwrap_or(id.text()), span: id.span };
    resolver.standing(always, format!("{}.start.{}", site.stem, id.text()), named);
    Trigger {
        title: title.unwrap_or_else(|| id.text().to_owned()),
        id: id.0.value,
        cron: self::cron(resolver, &cron, site.effective),
        workdays_only: days == Some(Days::WorkDays),
        recur: recur.map(|raw| self::recur(resolver, raw)),
        when: when.map(|word| resolver.expr(&word, ExprPlace::Start(site.ix))),
        missed: missed.map_or(MissedPolicy { mode: MissedMode::Once, within: None }, |raw| {
            self::missed(resolver, &raw)
        }),
        overlap: overlap.unwrap_or(Overlap::Skip),
        pick: self::pick(resolver, &pick),
        at_most: at_most.and_then(|word| cap(resolver, &word)),
        span,
    }
}

/// Reads a schedule; what stands in for a broken one never reaches a policy.
fn cron(resolver: &mut Resolver<'_>, word: &Word, effective: Day) -> Cron {
    let cron = Cron::parse(word.text()).unwrap_or_else(|problem| {
        resolver.out.push(problem.within(word.span));
        Cron::parse("0 0 * * *").expect("every day at midnight is a schedule")
    });
    if cron.never_fires(effective) {
        resolver.say(CRON_NEVER, word.span);
    }
    cron
}

fn missed(resolver: &mut Resolver<'_>, raw: &raw::MissedShape) -> MissedPolicy {
    if let Some(within) = &raw.within {
        resolver.positive(within);
    }
    MissedPolicy { mode: raw.mode, within: raw.within.as_ref().map(|within| within.value) }
}

fn recur(resolver: &mut Resolver<'_>, raw: raw::RecurShape) -> Recur {
    let raw::RecurShape { span, since, every, anchor, first, raised, roll, lead } = raw;
    let lengths = [&first, &raised, &lead];
    for length in lengths.into_iter().flatten() {
        resolver.positive(length);
        refuse_hours(resolver, length);
    }
    let registered = resolver.names.attributes.iter().find(|attribute| attribute.id == "registered");
    if let Some(first) = first.filter(|_| registered.is_none_or(|found| found.kind != AttributeKind::Date)) {
        resolver.say(FIRST_NEEDS_REGISTERED, first.span);
    }
    let since = match since {
        MapOr::Other(word) => self::since(resolver, &word),
        MapOr::Map(raw::LastShape { span, last }) => {
            resolver.second_only("since", span);
            bureau::refuse_empty(resolver, last.0.is_empty(), "last", span);
            Since::Last(last.0.iter().map(|kind| resolver.inspection_kind(kind)).collect())
        }
    };
    let anchor = match anchor {
        Some(MapOr::Map(anchor)) => Anchor::Fixed(resolver.bounded(anchor.fixed, 1, 31)),
        Some(MapOr::Other(raw::RollingAnchor)) | None => Anchor::Rolling,
    };
    Recur {
        since,
        every: self::every(resolver, &every),
        anchor,
        first: first.map(|length| length.value),
        raised: raised.map_or(RAISED_DEFAULT, |length| length.value),
        roll: roll.unwrap_or(Roll::Backward),
        lead: lead.map(|length| length.value),
        span,
        every_span: every.span,
    }
}

/// A cycle is counted in days; hours would make its dates depend on the time of the visit.
fn refuse_hours(resolver: &mut Resolver<'_>, length: &At<Length>) {
    if length.value.unit == Unit::Hours {
        let wrong = Diagnostic::new(LENGTH_UNIT, length.span);
        resolver.out.push(wrong.with("word", length.value.argument()));
    }
}

fn since(resolver: &mut Resolver<'_>, word: &Word) -> Since {
    if word.text() == "subject.last_patrol" {
        return Since::LastPatrol;
    }
    let attributes = resolver.names.attributes.iter();
    let dates = attributes.filter(|attribute| attribute.kind == AttributeKind::Date);
    let dates: Vec<String> = dates.map(|attribute| attribute.id.clone()).collect();
    let Some(name) = word.text().strip_prefix("subject.") else {
        let known: Vec<String> = dates.iter().map(|id| format!("subject.{id}")).collect();
        let wrong = word.wrong(RECUR_SINCE);
        let known = ["subject.last_patrol"].into_iter().chain(known.iter().map(String::as_str));
        // `last_patrol` alone is the commonest typo, and too short to be near by itself.
        let meant =
            if word.text().contains('.') { word.value.clone() } else { format!("subject.{}", word.text()) };
        resolver.out.push(wrong.with_nearest(&meant, known));
        return Since::LastPatrol;
    };
    let span = word.span.inner("subject.".len(), word.text().len());
    let Some(at) = resolver.names.attribute(name) else {
        let known = dates.iter().map(String::as_str).chain(["last_patrol"]);
        resolver.unknown(UNKNOWN_ATTRIBUTE, At { value: name, span }, known);
        return Since::LastPatrol;
    };
    let attribute = &resolver.names.attributes[at];
    if attribute.kind != AttributeKind::Date {
        let wrong = Diagnostic::new(ATTRIBUTE_NOT_DATE, span).with("word", name);
        resolver.out.push(wrong.related(attribute.span, "label-declared"));
    }
    Since::Attribute(AttributeIx(u16::try_from(at).unwrap_or(u16::MAX)))
}

fn every(resolver: &mut Resolver<'_>, word: &Word) -> Every {
    if word.text() == "tier.cycle" {
        return Every::TierCycle;
    }
    if let Some(name) = word.text().strip_prefix("subject.") {
        return every_own(resolver, word, name);
    }
    let Some(value) = length(word.text(), word.span, resolver.out) else { return Every::TierCycle };
    let written = At { value, span: word.span };
    resolver.positive(&written);
    refuse_hours(resolver, &written);
    Every::Length(value)
}

/// Reads `subject.<attribute>`, an attribute that is a length or a number of a unit of time.
fn every_own(resolver: &mut Resolver<'_>, word: &Word, name: &str) -> Every {
    resolver.second_only("every", word.span);
    let span = word.span.inner("subject.".len(), word.text().len());
    let lengths = resolver.names.attributes.iter().filter(|attribute| attribute.kind.is_length());
    let known: Vec<String> = lengths.map(|attribute| attribute.id.clone()).collect();
    let Some(at) = resolver.names.attribute(name) else {
        resolver.unknown(UNKNOWN_ATTRIBUTE, At { value: name, span }, known.iter().map(String::as_str));
        return Every::TierCycle;
    };
    let attribute = &mut resolver.names.attributes[at];
    attribute.is_cycle = true;
    if !attribute.kind.is_length() {
        let wrong = Diagnostic::new(ATTRIBUTE_NOT_LENGTH, span).with("word", name);
        resolver.out.push(wrong.related(attribute.span, "label-declared"));
    }
    Every::Attribute(AttributeIx(u16::try_from(at).unwrap_or(u16::MAX)))
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
        resolver.out.push(word.wrong(BAD_CAP));
        return None;
    };
    let Ok(value) = count.parse::<i64>() else {
        resolver.out.push(word.wrong(BAD_CAP));
        return None;
    };
    let count = resolver.bounded(At { value, span: count_span }, 1, 100_000);
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
