//! `stations/*/overlay.yaml`: checked and kept, not in force yet.

use super::super::model::{Change, Opening, Overlay, OverlayChange, OverlayValue, Param, Tier, Workflow};
use super::super::raw::leaf::{is_number, length};
use super::super::raw::{self, Loose, Node, Shape, Word};
use super::{Known, Resolver, find, form, opened, step};
use crate::calendar::Length;
use crate::diag::codes::{
    FILE_NAME, NOT_A_NUMBER, OVERLAY_ADDRESS, OVERLAY_BASE, OVERLAY_LOOSER, OVERLAY_NOT_IN_FORCE,
    OVERLAY_NOT_OPEN, OVERLAY_WINDOW, UNKNOWN_BASE,
};
use crate::diag::{Diagnostic, SourceMap};
use crate::digest::Digest;

/// What an address leads to.
enum Target<'k> {
    /// A step's own time limit.
    Due(Option<Length>),
    /// A step's escalation rows.
    Overdue,
    /// A form's checklist, or a tier's.
    Items,
    /// A tier's cycle or another of its lengths.
    Length(Length),
    /// A parameter's value.
    Param(&'k Param),
}

/// Builds every overlay.
pub(super) fn overlays(
    resolver: &mut Resolver<'_>,
    raw: Vec<(String, raw::OverlayFile)>,
    known: &Known,
    openings: &[Opening],
    workflows: &[Workflow],
    sources: &SourceMap,
) -> Vec<Overlay> {
    let site = Site { known, openings, workflows };
    let overlays = raw.into_iter().map(|(station, file)| {
        resolver.cap_diagnostics();
        overlay(resolver, &site, &station, file, sources)
    });
    overlays.collect()
}

struct Site<'k> {
    known: &'k Known,
    openings: &'k [Opening],
    workflows: &'k [Workflow],
}

fn overlay(
    resolver: &mut Resolver<'_>,
    site: &Site<'_>,
    folder: &str,
    raw: raw::OverlayFile,
    sources: &SourceMap,
) -> Overlay {
    let raw::OverlayFile { span, overlay: id, station, base, valid, reason, author, tighten, add } = raw;
    resolver.out.push(Diagnostic::new(OVERLAY_NOT_IN_FORCE, id.span()).with("word", id.text()));
    if station.text() != folder {
        let wrong = Diagnostic::new(FILE_NAME, station.span()).with("word", station.text());
        resolver.out.push(wrong.with("file", folder));
    }
    if valid.to.value < valid.from.value {
        let wrong = Diagnostic::new(OVERLAY_WINDOW, valid.to.span);
        resolver.out.push(wrong.related(valid.from.span, "label-from"));
    }
    for (text, prefix) in &base.0 {
        self::base(resolver, text, prefix, sources);
    }
    let mut changes = Vec::new();
    for (address, loose) in tighten.0 {
        changes.extend(tightened(resolver, site, &address, &loose));
    }
    for (address, node) in add.0 {
        changes.extend(added(resolver, site, &address, &node));
    }
    Overlay {
        id: id.0.value,
        station: station.0.value,
        valid: (valid.from.value, valid.to.value),
        base: base.0.into_iter().map(|(text, prefix)| (text.0.value, prefix.value)).collect(),
        reason: reason.value,
        author: author.value,
        changes,
        span,
    }
}

/// Compares a digest prefix with the text it names: a workflow's id, `tiers`, or the stem of
/// another file under `rules/`.
fn base(resolver: &mut Resolver<'_>, text: &raw::Id, prefix: &Word, sources: &SourceMap) {
    let paths = ["workflows", "rules"].map(|dir| format!("{dir}/{}.yaml", text.text()));
    let Some(file) = paths.iter().find_map(|path| sources.find(path)) else {
        let stems = sources.files().filter_map(|(_, source)| {
            let stem = source.path.strip_prefix("workflows/").or_else(|| source.path.strip_prefix("rules/"));
            stem.and_then(|stem| stem.strip_suffix(".yaml")).filter(|stem| !stem.contains(['/', '.']))
        });
        resolver.unknown(UNKNOWN_BASE, text.text(), text.span(), stems);
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

fn tightened(
    resolver: &mut Resolver<'_>,
    site: &Site<'_>,
    address: &Word,
    loose: &Loose,
) -> Option<OverlayChange> {
    let (target, opening) = open_target(resolver, site, address)?;
    let value = match target {
        Target::Due(was) => OverlayValue::Length(shorter(resolver, loose, was, opening)?),
        Target::Length(was) => OverlayValue::Length(shorter(resolver, loose, Some(was), opening)?),
        Target::Param(param) => OverlayValue::Number(number(resolver, loose, param)?),
        Target::Overdue | Target::Items => {
            resolver.out.push(Diagnostic::new(OVERLAY_NOT_OPEN, address.span).with("word", address.text()));
            return None;
        }
    };
    Some(OverlayChange { address: address.value.clone(), value, span: address.span })
}

fn shorter(
    resolver: &mut Resolver<'_>,
    loose: &Loose,
    was: Option<Length>,
    opening: Option<&Opening>,
) -> Option<Length> {
    let new = length(&loose.text, loose.span, resolver.out)?;
    let floor = opening.and_then(|opening| opening.floor);
    let too_long = was.is_some_and(|was| new.unit != was.unit || new.count > was.count);
    let too_short =
        new.count <= 0 || floor.is_some_and(|floor| new.unit == floor.unit && new.count < floor.count);
    if too_long || too_short {
        let wrong = Diagnostic::new(OVERLAY_LOOSER, loose.span).with("word", &loose.text);
        let wrong = wrong.with("was", was.map_or_else(|| "none".to_owned(), |was| was.to_string()));
        resolver
            .out
            .push(wrong.with("floor", floor.map_or_else(|| "1".to_owned(), |floor| floor.to_string())));
        return None;
    }
    Some(new)
}

fn number(resolver: &mut Resolver<'_>, loose: &Loose, param: &Param) -> Option<f64> {
    let value = loose.text.parse::<f64>().ok().filter(|_| loose.plain && is_number(&loose.text));
    let Some(value) = value else {
        let wrong = Diagnostic::new(NOT_A_NUMBER, loose.span).with("word", &loose.text);
        resolver.out.push(wrong.with("reason", if loose.plain { "text" } else { "quoted" }));
        return None;
    };
    let (min, max) = param.station?;
    if !(min..=max).contains(&value) {
        let wrong = Diagnostic::new(OVERLAY_LOOSER, loose.span).with("word", &loose.text);
        resolver.out.push(wrong.with("was", max.to_string()).with("floor", min.to_string()));
        return None;
    }
    Some(value)
}

fn added(resolver: &mut Resolver<'_>, site: &Site<'_>, address: &Word, node: &Node) -> Option<OverlayChange> {
    let value = match open_target(resolver, site, address)?.0 {
        Target::Items => {
            let items = Vec::<raw::Item>::read(node, resolver.out)?;
            OverlayValue::Items(items.into_iter().map(form::item).collect())
        }
        Target::Overdue => {
            let rows = Vec::<raw::OverdueRow>::read(node, resolver.out)?;
            OverlayValue::Overdue(
                rows.into_iter().map(|row| step::overdue(resolver, site.known, row)).collect(),
            )
        }
        Target::Due(_) | Target::Length(_) | Target::Param(_) => {
            resolver.out.push(Diagnostic::new(OVERLAY_NOT_OPEN, address.span).with("word", address.text()));
            return None;
        }
    };
    Some(OverlayChange { address: address.value.clone(), value, span: address.span })
}

/// Returns what an address leads to and the row of `station_may` that opens it.
fn open_target<'k>(
    resolver: &mut Resolver<'_>,
    site: &Site<'k>,
    address: &Word,
) -> Option<(Target<'k>, Option<&'k Opening>)> {
    let Some((target, openings, path)) = target(site, address.text()) else {
        if resolver.is_whole {
            resolver.out.push(Diagnostic::new(OVERLAY_ADDRESS, address.span).with("word", address.text()));
        }
        return None;
    };
    if let Target::Param(param) = target
        && param.station.is_some()
    {
        return Some((target, None));
    }
    let opening = opened(openings, path);
    let fits = opening.is_some_and(|opening| fits(&target, opening.change));
    if !fits {
        resolver.out.push(Diagnostic::new(OVERLAY_NOT_OPEN, address.span).with("word", address.text()));
        return None;
    }
    Some((target, opening))
}

const fn fits(target: &Target<'_>, change: Change) -> bool {
    match target {
        Target::Due(_) | Target::Length(_) => matches!(change, Change::Shorten),
        Target::Overdue => matches!(change, Change::Add | Change::AddOrEarlier),
        Target::Items => matches!(change, Change::Add),
        Target::Param(_) => matches!(change, Change::Lower | Change::Raise),
    }
}

fn target<'k, 'a>(site: &Site<'k>, address: &'a str) -> Option<(Target<'k>, &'k [Opening], &'a str)> {
    let (head, rest) = address.split_once('.')?;
    if head == "tiers" {
        let (id, column) = rest.split_once('.')?;
        let tier = site.known.tiers.order.iter().find(|tier| tier.id == id)?;
        return Some((tier_target(tier, column)?, site.openings, address));
    }
    if head == "params" {
        let param = site.known.params.iter().find(|param| param.id == rest)?;
        return Some((Target::Param(param), site.openings, address));
    }
    let workflow = find(site.workflows, head)?;
    Some((workflow_target(site, workflow, rest)?, &workflow.openings, rest))
}

fn tier_target<'k>(tier: &Tier, column: &str) -> Option<Target<'k>> {
    match column {
        "cycle" => Some(Target::Length(tier.cycle)),
        "items" => Some(Target::Items),
        other => tier.lengths.get(other).map(|length| Target::Length(*length)),
    }
}

fn workflow_target<'k>(site: &Site<'_>, workflow: &Workflow, path: &str) -> Option<Target<'k>> {
    let mut parts = path.split('.');
    match (parts.next()?, parts.next()?, parts.next()?, parts.next()) {
        ("steps", step, "due", None) => {
            let step = workflow.steps.iter().find(|known| known.id == step)?;
            Some(Target::Due(fixed_due(step.due.as_ref()?)))
        }
        ("steps", step, "overdue", None) => {
            workflow.steps.iter().any(|known| known.id == step).then_some(Target::Overdue)
        }
        ("forms", form, "items", None) => {
            let own = |known: &crate::policy::model::Form| {
                known.id == form && known.workflow.as_ref().is_none_or(|id| *id == workflow.id)
            };
            site.known.forms.iter().any(own).then_some(Target::Items)
        }
        _ => None,
    }
}

/// A limit that depends on the tier or the window is compared when the overlay is laid.
fn fixed_due(due: &crate::policy::model::DueRule) -> Option<Length> {
    use crate::policy::model::{DueRule, LengthRef};
    match due {
        DueRule::After(LengthRef::Fixed(length)) => Some(*length),
        DueRule::After(LengthRef::Tier(_)) | DueRule::WindowEnd => None,
    }
}
