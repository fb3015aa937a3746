//! `stations/*/overlay.yaml`: checked and kept, not in force yet.

use super::super::model::{
    DueRule, Form, LengthRef, Overlay, OverlayChange, OverlayValue, StationChange, StationOpening, Tier,
    Workflow,
};
use super::super::raw::leaf::{is_number, length};
use super::super::raw::{self, Loose, Shape, Word, YamlNode};
use super::{NameTable, Resolver, form, matches, step};
use crate::calendar::Length;
use crate::diag::Diagnostic;
use crate::diag::codes::{
    FILE_NAME, NOT_A_NUMBER, OVERLAY_ADDRESS, OVERLAY_BASE, OVERLAY_LOOSER, OVERLAY_NOT_IN_FORCE,
    OVERLAY_NOT_OPEN, OVERLAY_WINDOW, UNKNOWN_BASE,
};
use crate::digest::Digest;

/// What an address leads to.
#[derive(Clone, Copy)]
enum OverlayTarget {
    /// A step's own time limit.
    Due(Option<Length>),
    /// A step's escalation rows.
    Overdue,
    /// A form's checklist, or a tier's.
    Items,
    /// A tier's cycle or another of its lengths.
    Length(Length),
    /// A parameter's value, with the bounds for stations.
    Param(Option<(f64, f64)>),
}

/// A target that a station may change, and the bound it may not pass.
struct OpenTarget {
    target: OverlayTarget,
    floor: Option<Length>,
}

pub(super) fn overlays(resolver: &mut Resolver<'_>, raw: Vec<(String, raw::OverlayFile)>) -> Vec<Overlay> {
    let overlays = raw.into_iter().map(|(station, file)| {
        resolver.cap_diagnostics();
        overlay(resolver, &station, file)
    });
    overlays.collect()
}

fn overlay(resolver: &mut Resolver<'_>, folder: &str, raw: raw::OverlayFile) -> Overlay {
    let raw::OverlayFile { span, overlay: id, station, base, valid, reason, author, tighten, add } = raw;
    resolver.out.push(id.wrong(OVERLAY_NOT_IN_FORCE));
    if station.text() != folder {
        resolver.out.push(station.wrong(FILE_NAME).with("file", folder));
    }
    if valid.to.value < valid.from.value {
        let wrong = Diagnostic::new(OVERLAY_WINDOW, valid.to.span);
        resolver.out.push(wrong.related(valid.from.span, "label-from"));
    }
    for (text, prefix) in &base.0 {
        self::base(resolver, text, prefix);
    }
    let mut changes = Vec::new();
    for (address, loose) in tighten.0 {
        changes.extend(tightened(resolver, &address, &loose));
    }
    for (address, node) in add.0 {
        changes.extend(added(resolver, &address, &node));
    }
    Overlay {
        id: id.0.value,
        station: station.0.value,
        valid: (valid.from.value, valid.to.value),
        base: base.0.into_iter().map(|(text, prefix)| (text.0.value, prefix.value)).collect(),
        reason,
        author,
        changes,
        span,
    }
}

/// Compares a digest prefix with the text it names: a workflow's id, `tiers`, or the stem of
/// another file under `rules/`.
fn base(resolver: &mut Resolver<'_>, text: &raw::Id, prefix: &Word) {
    let sources = resolver.sources;
    let paths = ["workflows", "rules"].map(|dir| format!("{dir}/{}.yaml", text.text()));
    let Some(file) = paths.iter().find_map(|path| sources.find(path)) else {
        let stems = sources.files().filter_map(|(_, source)| {
            let stem = source.path.strip_prefix("workflows/").or_else(|| source.path.strip_prefix("rules/"));
            stem.and_then(|stem| stem.strip_suffix(".yaml")).filter(|stem| !stem.contains(['/', '.']))
        });
        resolver.unknown(UNKNOWN_BASE, text.spelling(), stems);
        return;
    };
    let digest = Digest::of(super::text::normalised(&sources.file(file).text).as_bytes()).to_string();
    if prefix.text().len() < 6 || !digest.starts_with(prefix.text()) {
        resolver.out.push(
            Diagnostic::new(OVERLAY_BASE, prefix.span)
                .with("file", &sources.file(file).path)
                .with("digest", &digest[..12]),
        );
    }
}

fn tightened(resolver: &mut Resolver<'_>, address: &Word, loose: &Loose) -> Option<OverlayChange> {
    let OpenTarget { target, floor } = open_target(resolver, address)?;
    let value = match target {
        OverlayTarget::Due(was) => OverlayValue::Length(shorter(resolver, loose, was, floor)?),
        OverlayTarget::Length(was) => OverlayValue::Length(shorter(resolver, loose, Some(was), floor)?),
        OverlayTarget::Param(bounds) => OverlayValue::Number(number(resolver, loose, bounds)?),
        OverlayTarget::Overdue | OverlayTarget::Items => {
            resolver.out.push(address.wrong(OVERLAY_NOT_OPEN));
            return None;
        }
    };
    Some(OverlayChange { address: address.value.clone(), value, span: address.span })
}

fn shorter(
    resolver: &mut Resolver<'_>,
    loose: &Loose,
    was: Option<Length>,
    floor: Option<Length>,
) -> Option<Length> {
    let new = length(&loose.text, loose.span, resolver.out)?;
    let too_long = was.is_some_and(|was| new.unit != was.unit || new.count > was.count);
    let too_short =
        new.count <= 0 || floor.is_some_and(|floor| new.unit == floor.unit && new.count < floor.count);
    if too_long || too_short {
        let wrong = loose.wrong(OVERLAY_LOOSER);
        let wrong = wrong.with("was", was.map_or_else(|| "none".to_owned(), Length::argument));
        resolver.out.push(wrong.with("floor", floor.map_or_else(|| "1".to_owned(), Length::argument)));
        return None;
    }
    Some(new)
}

fn number(resolver: &mut Resolver<'_>, loose: &Loose, bounds: Option<(f64, f64)>) -> Option<f64> {
    let value = loose.text.parse::<f64>().ok().filter(|_| loose.plain && is_number(&loose.text));
    let Some(value) = value else {
        resolver
            .out
            .push(loose.wrong(NOT_A_NUMBER).with("reason", if loose.plain { "text" } else { "quoted" }));
        return None;
    };
    let (min, max) = bounds?;
    if !(min..=max).contains(&value) {
        resolver
            .out
            .push(loose.wrong(OVERLAY_LOOSER).with("was", max.to_string()).with("floor", min.to_string()));
        return None;
    }
    Some(value)
}

fn added(resolver: &mut Resolver<'_>, address: &Word, node: &YamlNode) -> Option<OverlayChange> {
    let value = match open_target(resolver, address)?.target {
        OverlayTarget::Items => {
            let items = Vec::<raw::ItemShape>::read(node, resolver.out)?;
            OverlayValue::Items(items.into_iter().map(|item| form::item(resolver, item)).collect())
        }
        OverlayTarget::Overdue => {
            let rows = Vec::<raw::OverdueRowShape>::read(node, resolver.out)?;
            OverlayValue::Overdue(rows.into_iter().map(|row| step::overdue(resolver, row)).collect())
        }
        OverlayTarget::Due(_) | OverlayTarget::Length(_) | OverlayTarget::Param(_) => {
            resolver.out.push(address.wrong(OVERLAY_NOT_OPEN));
            return None;
        }
    };
    Some(OverlayChange { address: address.value.clone(), value, span: address.span })
}

/// Returns what an address leads to, when a row of `station_may` opens it.
fn open_target(resolver: &mut Resolver<'_>, address: &Word) -> Option<OpenTarget> {
    let Some(LocatedTarget { target, openings, path }) = addressed(&resolver.names, address.text()) else {
        if resolver.is_whole {
            resolver.out.push(address.wrong(OVERLAY_ADDRESS));
        }
        return None;
    };
    if let OverlayTarget::Param(Some(_)) = target {
        return Some(OpenTarget { target, floor: None });
    }
    let opening = openings.iter().find(|opening| matches(opening.path.text(), path));
    let Some(opening) = opening.filter(|opening| fits(target, opening.change)) else {
        resolver.out.push(address.wrong(OVERLAY_NOT_OPEN));
        return None;
    };
    Some(OpenTarget { target, floor: opening.floor })
}

const fn fits(target: OverlayTarget, change: StationChange) -> bool {
    match target {
        OverlayTarget::Due(_) | OverlayTarget::Length(_) => matches!(change, StationChange::Shorten),
        OverlayTarget::Overdue => matches!(change, StationChange::Add | StationChange::AddOrEarlier),
        OverlayTarget::Items => matches!(change, StationChange::Add),
        OverlayTarget::Param(_) => matches!(change, StationChange::Lower | StationChange::Raise),
    }
}

/// What an address leads to, and where it has to be opened under which path.
struct LocatedTarget<'n> {
    target: OverlayTarget,
    openings: &'n [StationOpening],
    path: &'n str,
}

fn addressed<'n>(names: &'n NameTable, address: &'n str) -> Option<LocatedTarget<'n>> {
    let (head, rest) = address.split_once('.')?;
    let (target, openings, path) = if head == "tiers" {
        let (id, column) = rest.split_once('.')?;
        let tier = names.tiers.iter().find(|tier| tier.id == id)?;
        (tier_target(tier, column)?, &names.openings, address)
    } else if head == "params" {
        let param = names.params.iter().find(|param| param.id == rest)?;
        (OverlayTarget::Param(param.station), &names.openings, address)
    } else {
        let workflow = names.workflow(head)?;
        (workflow_target(names, workflow, rest)?, &workflow.openings, rest)
    };
    Some(LocatedTarget { target, openings, path })
}

fn tier_target(tier: &Tier, column: &str) -> Option<OverlayTarget> {
    match column {
        "cycle" => Some(OverlayTarget::Length(tier.cycle)),
        "items" => Some(OverlayTarget::Items),
        other => tier.lengths.get(other).map(|length| OverlayTarget::Length(*length)),
    }
}

fn workflow_target(names: &NameTable, workflow: &Workflow, path: &str) -> Option<OverlayTarget> {
    let mut parts = path.split('.');
    match (parts.next()?, parts.next()?, parts.next()?, parts.next()) {
        ("steps", step, "due", None) => {
            let step = workflow.steps.iter().find(|known| known.id == step)?;
            Some(OverlayTarget::Due(fixed_due(step.due.as_ref()?)))
        }
        ("steps", step, "overdue", None) => {
            workflow.steps.iter().any(|known| known.id == step).then_some(OverlayTarget::Overdue)
        }
        ("forms", form, "items", None) => {
            let own = |known: &Form| {
                known.id == form && known.workflow.as_ref().is_none_or(|id| *id == workflow.id)
            };
            names.forms.iter().any(own).then_some(OverlayTarget::Items)
        }
        _ => None,
    }
}

/// A limit that depends on the tier or the window is compared when the overlay is laid.
fn fixed_due(due: &DueRule) -> Option<Length> {
    match due {
        DueRule::After(LengthRef::Fixed(length)) => Some(*length),
        DueRule::After(LengthRef::Tier(_)) | DueRule::WindowEnd => None,
    }
}
