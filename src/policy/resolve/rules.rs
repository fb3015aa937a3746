//! `rules/*.yaml`: tiers, parameters, tables, clocks.

use std::collections::BTreeMap;

use super::super::model::{
    Cell, ClockRule, ClockVersion, ExtendBefore, Extension, Param, Table, TableRow, Tier,
};
use super::super::raw::{self, At, Id, Loose, MapOr, TextMap};
use super::{Resolver, bureau, form, value};
use crate::calendar::Roll;
use crate::diag::codes::{
    CLOCK_VERSIONS, EMPTY_LIST, NO_TIERS, NUMBER_RANGE, SECOND_TIERS, TIER_NOT_ORDERED, UNKNOWN_COLUMN,
    UNKNOWN_TIER,
};
use crate::diag::{Diagnostic, Span};

/// Builds the tier table, and what stations may change of it; returns the parameters beside it.
pub(super) fn tiers(resolver: &mut Resolver<'_>, files: Vec<raw::TiersFile>) -> Vec<Param> {
    let mut files = files.into_iter();
    let Some(raw) = files.next() else {
        if resolver.is_whole {
            resolver.say(NO_TIERS, Span::new(resolver.bureau_file, 0, 0));
        }
        resolver.is_whole = false;
        return Vec::new();
    };
    for second in files {
        resolver.out.push(Diagnostic::new(SECOND_TIERS, second.span).related(raw.span, "label-first"));
    }
    bureau::refuse_empty(resolver, raw.order.is_empty(), "order", raw.span);
    resolver.reject_duplicates(raw.order.iter().map(|id| id.spelling()));
    let declared: BTreeMap<String, (Span, raw::TierShape)> =
        raw.tiers.0.into_iter().map(|(id, tier)| (id.0.value, (id.0.span, tier))).collect();
    for (id, (span, _)) in &declared {
        if !raw.order.iter().any(|listed| listed.text() == id) {
            resolver.out.push(Diagnostic::new(TIER_NOT_ORDERED, *span).with("word", id));
        }
    }
    let order = raw.order.iter().filter_map(|id| {
        let found = declared.get(id.text());
        if found.is_none() {
            resolver.unknown(UNKNOWN_TIER, id.spelling(), declared.keys().map(String::as_str));
        }
        if let Some((span, raw)) = found {
            let fixed = &raw.fixed;
            let address = format!("tiers.{}", id.text());
            for item in &fixed.items {
                let (MapOr::Other(item) | MapOr::Map(raw::FullItem { title: item, .. })) = item;
                let named = At { value: item.as_str(), span: *span };
                resolver.standing(fixed.always, format!("{address}.items.{item}"), named);
            }
            resolver.standing(fixed.always, address, At { value: fixed.title.as_str(), span: *span });
        }
        found.map(|(span, raw)| tier(resolver, id, *span, raw))
    });
    (resolver.names.tiers, resolver.tiers_file) = (order.collect(), raw.span.file);
    resolver.names.openings = raw.station_may;
    params(resolver, raw.params.0)
}

fn tier(resolver: &mut Resolver<'_>, id: &Id, span: Span, raw: &raw::TierShape) -> Tier {
    let raw::TierColumns { title, title_en, colour, shape, cycle, items: listed, always: _ } =
        raw.fixed.clone();
    let (mut items, mut added) = (Vec::new(), Vec::new());
    for item in listed {
        match item {
            MapOr::Other(title) => items.push(title),
            full @ MapOr::Map(_) => added.push(form::item(resolver, full)),
        }
    }
    Tier {
        id: id.text().to_owned(),
        title_en: bureau::title_en(title_en.as_deref(), &title, id),
        title,
        colour,
        shape,
        cycle: cycle.value,
        items,
        added,
        lengths: raw.lengths.iter().map(|(id, length)| (id.text().to_owned(), length.value)).collect(),
        span,
        cycle_span: cycle.span,
    }
}

pub(super) fn params(resolver: &mut Resolver<'_>, raw: Vec<(Id, raw::ParamShape)>) -> Vec<Param> {
    raw.into_iter()
        .map(|(id, param)| {
            let station = param.station.map(|bounds| (bounds.min, bounds.max));
            if let Some((min, max)) = station
                && !(min..=max).contains(&param.value.value)
            {
                resolver.out.push(
                    Diagnostic::new(NUMBER_RANGE, param.value.span)
                        .with("word", param.value.value.to_string())
                        .with("min", min.to_string())
                        .with("max", max.to_string()),
                );
            }
            Param {
                value: param.value.value,
                whole: param.value.whole.is_some(),
                unit: param.unit,
                station,
                says: param.says,
                span: param.value.span,
                id: id.0.value,
            }
        })
        .collect()
}

pub(super) fn tables(resolver: &mut Resolver<'_>, raw: Vec<raw::TableFile>) -> Vec<Table> {
    resolver.reject_duplicates(raw.iter().map(|file| file.table.spelling()));
    raw.into_iter()
        .map(|raw| {
            resolver.cap_diagnostics();
            table(resolver, raw)
        })
        .collect()
}

fn table(resolver: &mut Resolver<'_>, raw: raw::TableFile) -> Table {
    let file = raw.table.span.file;
    let columns: Vec<_> = raw.columns.0.iter().map(|(id, kind)| (id.text().to_owned(), *kind)).collect();
    let mut rows = BTreeMap::new();
    let mut places: BTreeMap<String, Span> = BTreeMap::new();
    for row in raw.rows {
        let Some((key, span)) = row_key(resolver, &raw.key, &row) else { continue };
        for (heading, _) in &row.0 {
            if heading.text() != raw.key && !columns.iter().any(|(id, _)| id == heading.text()) {
                let known = columns.iter().map(|(id, _)| id.as_str());
                resolver.unknown(UNKNOWN_COLUMN, heading.spelling(), known);
            }
        }
        let cells = columns.iter().map(|(id, kind)| {
            let written = row.0.iter().find(|(heading, _)| heading.text() == id);
            written.and_then(|(_, loose)| value::cell(resolver.out, *kind, loose)).unwrap_or(Cell::Missing)
        });
        let row = TableRow { cells: cells.collect(), span };
        if let Some(first) = places.get(&key) {
            resolver.report_duplicate(&key, span, *first);
        } else {
            places.insert(key.clone(), span);
            rows.insert(key, row);
        }
    }
    let id = raw.table.text().to_owned();
    Table {
        title: raw.title.unwrap_or_else(|| id.clone()),
        id,
        key: raw.key,
        prefix: raw.how == Some(raw::Match::Prefix),
        columns,
        rows,
        file,
    }
}

fn row_key(resolver: &mut Resolver<'_>, key: &str, row: &TextMap<Loose>) -> Option<(String, Span)> {
    let Some((_, loose)) = row.0.iter().find(|(heading, _)| heading.text() == key) else {
        if let Some((first, _)) = row.0.first() {
            resolver.want_key(key, first.span);
        }
        return None;
    };
    value::text(resolver.out, loose).map(|text| (text, loose.span))
}

pub(super) fn clocks(resolver: &mut Resolver<'_>, raw: Vec<(Id, raw::ClockShape)>) -> Vec<ClockRule> {
    raw.into_iter().map(|(id, raw)| clock(resolver, &id, raw)).collect()
}

fn clock(resolver: &mut Resolver<'_>, id: &Id, raw: raw::ClockShape) -> ClockRule {
    if raw.versions.is_empty() {
        resolver.out.push(Diagnostic::new(EMPTY_LIST, id.span).with("key", "versions"));
    }
    for pair in raw.versions.windows(2) {
        if pair[1].from.value <= pair[0].from.value {
            let wrong = Diagnostic::new(CLOCK_VERSIONS, pair[1].from.span);
            resolver.out.push(wrong.related(pair[0].from.span, "label-before"));
        }
    }
    for version in &raw.versions {
        resolver.positive(&version.length);
    }
    let pauses = raw.pauses.0.into_iter().map(|(reason, document)| {
        resolver.document(&document);
        (reason.value, document.0.value)
    });
    ClockRule {
        id: id.text().to_owned(),
        title: raw.title,
        pauses: pauses.collect(),
        versions: raw
            .versions
            .into_iter()
            .map(|v| ClockVersion { from: v.from.value, length: v.length.value, basis: v.basis })
            .collect(),
        roll: raw.roll.unwrap_or(Roll::None),
        alarm: raw.alarm.filter(|roll| *roll != Roll::None),
        extend: raw.extend.map(|extend| extension(resolver, extend)),
        span: id.span,
    }
}

fn extension(resolver: &mut Resolver<'_>, raw: raw::Extend) -> Extension {
    resolver.positive(&raw.by);
    if let Some(role) = &raw.role {
        resolver.role(role);
    }
    Extension {
        by: raw.by.value,
        times: raw.times.map_or(1, |times| resolver.bounded(times, 1, 100)),
        role: raw.role.map(|role| role.value),
        before: raw.before.unwrap_or(ExtendBefore::RawEnd),
    }
}
