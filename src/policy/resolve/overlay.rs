//! `stations/*/overlay.yaml`: where each change goes, and that it is a stricter one.

use super::super::edition::{BASE_LETTERS, BASE_LETTERS_MIN};
use super::super::model::{
    Cap, DueRule, Item, LengthRef, OverdueRow, Overlay, OverlayChange, Param, StationChange, StationEdit,
    StationOpening, StepPlace, Stricter, Tier,
};
use super::super::raw::leaf::{is_number, length};
use super::super::raw::{self, Loose, Shape, Word, YamlNode};
use super::address::{LocatedTarget, OverlayTarget, addressed, open_addresses};
use super::{NameTable, Resolver, UNKNOWN_MAX, form, step};
use crate::calendar::Length;
use crate::diag::codes::{
    FILE_NAME, NOT_A_NUMBER, OVERLAY_ADDRESS, OVERLAY_BASE, OVERLAY_ELSEWHERE, OVERLAY_ENDED, OVERLAY_ITEM,
    OVERLAY_ITEM_TAKEN, OVERLAY_LOOSER, OVERLAY_NO_CHECKLIST, OVERLAY_NOT_OPEN, OVERLAY_ROW, OVERLAY_WINDOW,
    UNKNOWN_BASE,
};
use crate::diag::{Diagnostic, Span};
use crate::lang;

/// Between what a station may choose.
#[derive(Clone, Copy)]
struct LengthRange {
    floor: Option<Length>,
    /// The longest that the bureau says, where that can be named; none where a range takes its place.
    base: Option<Length>,
    ceiling: Option<Length>,
}

/// Places shown of an overlay that has ended and no longer fits.
const MISFITS_SHOWN: usize = 3;

pub(super) fn overlays(resolver: &mut Resolver<'_>, raw: Vec<(String, raw::OverlayFile)>) -> Vec<Overlay> {
    resolver.reject_duplicates(raw.iter().map(|(_, file)| file.overlay.spelling()));
    let overlays = raw.into_iter().map(|(station, file)| {
        resolver.cap_diagnostics();
        overlay(resolver, &station, file)
    });
    overlays.collect()
}

fn overlay(resolver: &mut Resolver<'_>, folder: &str, raw: raw::OverlayFile) -> Overlay {
    let raw::OverlayFile { span, overlay: id, station, base, valid, reason, author, tighten, add } = raw;
    if station.text() != folder {
        resolver.out.push(station.wrong(FILE_NAME).with("file", folder));
    }
    if valid.to.value < valid.from.value {
        let wrong = Diagnostic::new(OVERLAY_WINDOW, valid.to.span);
        resolver.out.push(wrong.related(valid.from.span, "label-from"));
    }
    let told = resolver.out.len();
    let mut changes = Vec::new();
    for (address, node) in tighten.0 {
        changes.extend(tightened(resolver, &address, &node));
    }
    for (address, node) in add.0 {
        changes.extend(added(resolver, &address, &node));
    }
    let holds = resolver.out.len() == told;
    // What has ended is never in force again, and hinders no edit of the bureau's.
    let has_ended = resolver.today.is_some_and(|today| valid.to.value < today);
    if has_ended && !holds {
        let misfits = resolver.out.split_off(told);
        let ended = id.wrong(OVERLAY_ENDED).with("to", valid.to.value.to_string());
        let at = misfits.iter().map(|misfit| misfit.span).take(MISFITS_SHOWN);
        resolver.out.push(at.fold(ended, |ended, span| ended.related(span, "label-misfit")));
        changes.clear();
    }
    for (text, prefix) in base.0.iter().filter(|_| !has_ended) {
        let moved = self::base(resolver, text, prefix);
        if let (false, Some(moved)) = (holds, moved) {
            // What no longer holds is told with what was edited under it.
            for wrong in &mut resolver.out[told..] {
                *wrong = wrong.clone().related(moved, "label-base");
            }
        }
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
/// another file under `rules/`. Returns where it is written when that text was edited since.
fn base(resolver: &mut Resolver<'_>, text: &raw::Id, prefix: &Word) -> Option<Span> {
    let sources = resolver.sources;
    let paths = ["workflows", "rules"].map(|dir| format!("{dir}/{}.yaml", text.text()));
    let Some(file) = paths.iter().find_map(|path| sources.find(path)) else {
        let stems = sources.files().filter_map(|(_, source)| {
            let stem = source.path.strip_prefix("workflows/").or_else(|| source.path.strip_prefix("rules/"));
            stem.and_then(|stem| stem.strip_suffix(".yaml")).filter(|stem| !stem.contains(['/', '.']))
        });
        resolver.unknown(UNKNOWN_BASE, text.spelling(), stems);
        return None;
    };
    let path = &sources.file(file).path;
    let digest =
        resolver.digests.iter().find(|(known, _)| known == path).map(|(_, digest)| digest.to_string());
    let digest = digest.unwrap_or_default();
    let is_short = prefix.text().len() < BASE_LETTERS_MIN;
    let is_met = digest.starts_with(prefix.text());
    if is_met && !is_short {
        return None;
    }
    let wrong = prefix.wrong(OVERLAY_BASE).with("file", path).with("digest", &digest[..BASE_LETTERS]);
    resolver.out.push(wrong.with("short", if is_met && is_short { "yes" } else { "no" }));
    (!is_met).then_some(prefix.span)
}

fn tightened(resolver: &mut Resolver<'_>, address: &Word, node: &YamlNode) -> Option<OverlayChange> {
    let names = std::mem::take(&mut resolver.names);
    let edit = located(resolver, &names, address).and_then(|located| {
        let (target, opening) = (located.target, located.opening());
        if target.is_list() {
            resolver.out.push(address.wrong(OVERLAY_ELSEWHERE).with("list", "add"));
            return None;
        }
        let loose = &Loose::read(node, resolver.out)?;
        let shorten = |base| LengthRange {
            floor: opening.and_then(|row| row.floor?.length()),
            base,
            ceiling: opening.and_then(|row| row.ceiling?.length()),
        };
        match target {
            OverlayTarget::Due(step, was) => {
                let range = shorten(longest(&names, was));
                Some(StationEdit::Due { step, to: shorter(resolver, loose, range)? })
            }
            OverlayTarget::Cycle(tier, was) => {
                Some(StationEdit::Cycle { tier, to: shorter(resolver, loose, shorten(Some(was)))? })
            }
            OverlayTarget::TierLength(tier, name, was) => {
                let range = shorten(Some(was));
                let (range, how) = match opening.map(|row| row.change) {
                    Some(StationChange::Within) => {
                        let ceiling = range.ceiling.or(Some(was));
                        (LengthRange { base: None, ceiling, ..range }, Stricter::Either)
                    }
                    _ => (range, Stricter::Lower),
                };
                let (name, to) = (name.to_owned(), shorter(resolver, loose, range)?);
                Some(StationEdit::TierLength { tier, name, to, how })
            }
            OverlayTarget::Param(at, param) => {
                let (to, how) = number(resolver, loose, param, opening)?;
                Some(StationEdit::Param { at, to, how })
            }
            OverlayTarget::Cap(workflow, trigger, cap) => {
                let to = count(resolver, loose, cap, opening.and_then(|row| row.floor?.number()))?;
                Some(StationEdit::Cap { workflow, trigger, to })
            }
            OverlayTarget::Overdue(_)
            | OverlayTarget::FormItems(_)
            | OverlayTarget::TierItems(_)
            | OverlayTarget::Locked => None,
        }
    });
    resolver.names = names;
    edit.map(|edit| OverlayChange { address: address.value.clone(), edit, span: address.span })
}

/// Reads a length within what is open: never longer than the bureau's and than the ceiling, never shorter than the
/// floor, whatever the bureau's own term hangs on. Of two units that only a calendar compares, neither is within.
fn shorter(resolver: &mut Resolver<'_>, loose: &Loose, range: LengthRange) -> Option<Length> {
    let LengthRange { floor, base, ceiling } = range;
    let new = length(&loose.text, loose.span, resolver.out)?;
    // A range is in the unit of its ceiling, what is shortened in the bureau's.
    let is_other_unit = base.or(ceiling).is_some_and(|most| new.unit != most.unit);
    let is_over = [base, ceiling].into_iter().flatten().any(|most| !most.is_never_shorter(new));
    let is_under = new.count <= 0 || floor.is_some_and(|floor| !new.is_never_shorter(floor));
    if is_other_unit || is_over || is_under {
        let most = match (base, ceiling) {
            (Some(base), Some(ceiling)) if base.is_never_shorter(ceiling) => Some(ceiling),
            (base, ceiling) => base.or(ceiling),
        };
        let least = floor.unwrap_or(Length::new(1, most.map_or(new.unit, |most| most.unit)));
        let word = |length: Option<Length>| length.map_or_else(|| "none".to_owned(), Length::argument);
        let is_range = base.is_none() && ceiling.is_some();
        let bounds = AllowedRange { least: word(Some(least)), most: word(most), is_range, is_other_unit };
        resolver.out.push(bounds.refuse(loose));
        return None;
    }
    Some(new)
}

/// Between what a value has to stand, as words.
struct AllowedRange {
    least: String,
    most: String,
    /// The bureau leaves a range and no direction.
    is_range: bool,
    /// The value is counted in another unit than the bureau's.
    is_other_unit: bool,
}

impl AllowedRange {
    fn refuse(self, loose: &Loose) -> Diagnostic {
        let Self { least, most, is_range, is_other_unit } = self;
        let why = match (is_other_unit, is_range) {
            (true, _) => "unit",
            (false, true) => "range",
            (false, false) => "looser",
        };
        let is_one = if least == most { "yes" } else { "no" };
        let wrong = loose.wrong(OVERLAY_LOOSER).with("why", why).with("one", is_one);
        wrong.with("floor", least).with("most", most)
    }
}

/// Reads a stricter number; a range and a direction both bind where the bureau gives both.
fn number(
    resolver: &mut Resolver<'_>,
    loose: &Loose,
    param: &Param,
    opening: Option<&StationOpening>,
) -> Option<(f64, Stricter)> {
    let value = loose.text.parse::<f64>().ok().filter(|_| loose.plain && is_number(&loose.text));
    // What rules read as a whole number stays one.
    let value = value.filter(|_| !param.whole || !loose.text.contains('.'));
    let Some(value) = value else {
        let reason = match (loose.plain, param.whole) {
            (false, _) => "quoted",
            (true, true) if is_number(&loose.text) => "decimal",
            (true, _) => "text",
        };
        resolver.out.push(loose.wrong(NOT_A_NUMBER).with("reason", reason));
        return None;
    };
    let how = match opening.map(|row| row.change) {
        Some(StationChange::Lower) => Stricter::Lower,
        Some(StationChange::Raise) => Stricter::Higher,
        _ => Stricter::Either,
    };
    let (mut least, mut most) = param.station.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
    least = opening.and_then(|row| row.floor?.number()).map_or(least, |floor| least.max(floor));
    most = opening.and_then(|row| row.ceiling?.number()).map_or(most, |ceiling| most.min(ceiling));
    match how {
        Stricter::Lower => most = most.min(param.value),
        Stricter::Higher => least = least.max(param.value),
        Stricter::Either => {}
    }
    if !(least..=most).contains(&value) {
        let bound = |number: f64| if number.is_finite() { number.to_string() } else { "none".to_owned() };
        let (is_range, is_other_unit) = (how == Stricter::Either, false);
        let bounds = AllowedRange { least: bound(least), most: bound(most), is_range, is_other_unit };
        resolver.out.push(bounds.refuse(loose));
        return None;
    }
    Some((value, how))
}

/// Reads a lower cap; one of nothing would end the visits, so that the floor is 1 unless the bureau gives another.
fn count(resolver: &mut Resolver<'_>, loose: &Loose, cap: Cap, floor: Option<f64>) -> Option<u32> {
    let value = loose.text.parse::<u32>().ok().filter(|_| loose.plain && is_number(&loose.text));
    let Some(value) = value else {
        let reason = if loose.plain { "decimal" } else { "quoted" };
        resolver.out.push(loose.wrong(NOT_A_NUMBER).with("reason", reason));
        return None;
    };
    let floor = floor.unwrap_or(1.0);
    if value > cap.count || f64::from(value) < floor {
        let (least, most) = (floor.to_string(), cap.count.to_string());
        let bounds = AllowedRange { least, most, is_range: false, is_other_unit: false };
        resolver.out.push(bounds.refuse(loose));
        return None;
    }
    Some(value)
}

fn added(resolver: &mut Resolver<'_>, address: &Word, node: &YamlNode) -> Option<OverlayChange> {
    let names = std::mem::take(&mut resolver.names);
    // Nothing is added yet; what each list is, is known.
    let empty = located(resolver, &names, address).map(|located| match located.target {
        OverlayTarget::FormItems(form) => Some(StationEdit::FormItems { form, items: Vec::new() }),
        OverlayTarget::TierItems(tier) => Some(StationEdit::TierItems { tier, items: Vec::new() }),
        OverlayTarget::Overdue(step) => Some(StationEdit::Overdue { step, rows: Vec::new() }),
        OverlayTarget::Due(..)
        | OverlayTarget::Cycle(..)
        | OverlayTarget::TierLength(..)
        | OverlayTarget::Param(..)
        | OverlayTarget::Cap(..)
        | OverlayTarget::Locked => None,
    });
    // Roles and levels that rows and items name are looked up there.
    resolver.names = names;
    let Some(mut edit) = empty? else {
        resolver.out.push(address.wrong(OVERLAY_ELSEWHERE).with("list", "tighten"));
        return None;
    };
    if !is_asked(&resolver.names, &edit) {
        resolver.out.push(address.wrong(OVERLAY_NO_CHECKLIST));
        return None;
    }
    match &mut edit {
        StationEdit::FormItems { .. } | StationEdit::TierItems { .. } => {
            let listed = items(resolver, node, listed(&resolver.names, &edit))?;
            if let StationEdit::FormItems { items, .. } | StationEdit::TierItems { items, .. } = &mut edit {
                *items = listed;
            }
        }
        StationEdit::Overdue { step, rows } => {
            let raw = Vec::<raw::OverdueRowShape>::read(node, resolver.out)?;
            *rows = raw.into_iter().map(|row| step::overdue(resolver, row)).collect();
            refuse_later(resolver, *step, rows);
        }
        _ => {}
    }
    Some(OverlayChange { address: address.value.clone(), edit, span: address.span })
}

/// Returns whether some form asks what is added there.
fn is_asked(names: &NameTable, edit: &StationEdit) -> bool {
    match edit {
        StationEdit::FormItems { form, .. } => names.forms[*form].checklist().is_some(),
        StationEdit::TierItems { .. } => names.forms.iter().any(|form| form.items_from_tier),
        _ => true,
    }
}

/// Returns what is asked already wherever the added items will be.
fn listed(names: &NameTable, edit: &StationEdit) -> Vec<Item> {
    let of_tier = |tier: &Tier| {
        let titles = tier.items.iter().cloned().map(Item::titled);
        titles.chain(tier.added.iter().cloned()).collect::<Vec<_>>()
    };
    match edit {
        StationEdit::FormItems { form, .. } => {
            let form = &names.forms[*form];
            let tiers = names.tiers.iter().filter(|_| form.items_from_tier);
            form.items.iter().cloned().chain(tiers.flat_map(of_tier)).collect()
        }
        StationEdit::TierItems { tier, .. } => {
            let forms = names.forms.iter().filter(|form| form.items_from_tier);
            let of_forms = forms.flat_map(|form| form.items.iter().cloned());
            of_tier(&names.tiers[tier.ix()]).into_iter().chain(of_forms).collect()
        }
        _ => Vec::new(),
    }
}

/// Reads items; a station may only add what is published, under an id that is no other item's there.
///
/// # Source
/// Scenario A14: a new item without `published_item_id` is refused.
fn items(resolver: &mut Resolver<'_>, node: &YamlNode, mut listed: Vec<Item>) -> Option<Vec<Item>> {
    let raw = Vec::<raw::ItemShape>::read(node, resolver.out)?;
    let already = listed.len();
    for item in raw {
        let span = if let raw::MapOr::Map(full) = &item { full.id.span } else { node.span };
        let item = form::item(resolver, item);
        if item.published_item_id.is_none() {
            resolver.out.push(Diagnostic::new(OVERLAY_ITEM, node.span).with("word", &item.title));
        }
        if let Some(known) = listed.iter().find(|known| known.is_mistaken_for(&item)) {
            let wrong = Diagnostic::new(OVERLAY_ITEM_TAKEN, span).with("id", &item.id);
            resolver.out.push(wrong.with("title", &item.title).with("known", &known.title));
        }
        listed.push(item);
    }
    Some(listed.split_off(already))
}

/// Refuses rows whose level the bureau has earlier already, or which start something else there.
fn refuse_later(resolver: &mut Resolver<'_>, place: StepPlace, rows: &[OverdueRow]) {
    let workflow = &resolver.names.workflows[place.workflow.ix()];
    let ladder = workflow.steps[place.step.ix()].overdue.clone();
    for row in rows {
        let Some(own) = ladder.iter().find(|own| own.level == row.level) else { continue };
        let is_later = own.after.unit != row.after.unit || row.after.count > own.after.count;
        let is_other = own.start.is_some() && row.start.is_some() && own.start != row.start;
        if is_later || is_other {
            let wrong = Diagnostic::new(OVERLAY_ROW, row.span).with("level", row.level.to_string());
            let wrong = wrong.with("word", row.after.argument()).with("was", own.after.argument());
            resolver.out.push(wrong.related(own.span, "label-bureau"));
        }
    }
}

/// Returns what an address leads to, when the bureau opens it.
fn located<'n>(
    resolver: &mut Resolver<'_>,
    names: &'n NameTable,
    address: &'n Word,
) -> Option<LocatedTarget<'n>> {
    let Some(located) = addressed(names, address.text()) else {
        if resolver.is_whole && resolver.out.len() < UNKNOWN_MAX {
            let open = open_addresses(names);
            resolver.out.push(address.none_of(OVERLAY_ADDRESS, open.iter().map(String::as_str)));
        }
        return None;
    };
    if !located.is_open() {
        let open = lang::list(located.openings.iter().map(|opening| opening.path.text()));
        let some = if open.is_empty() { "no" } else { "yes" };
        resolver.out.push(address.wrong(OVERLAY_NOT_OPEN).with("some", some).with("open", open));
        return None;
    }
    Some(located)
}

/// The longest limit that a rule can give, where all it can give is counted in one unit: what a station writes holds
/// wherever it is sooner. A window and what a form says are compared when the step is entered.
fn longest(names: &NameTable, dues: &[DueRule]) -> Option<Length> {
    let each: Vec<Vec<Length>> = dues.iter().map(|due| lengths_of(names, due)).collect::<Option<_>>()?;
    let all: Vec<Length> = each.into_iter().flatten().collect();
    let unit = all.first()?.unit;
    all.iter().all(|length| length.unit == unit).then(|| all.into_iter().max_by_key(|length| length.count))?
}

/// Every limit that one of its terms can give; none where the tier alone does not say.
fn lengths_of(names: &NameTable, due: &DueRule) -> Option<Vec<Length>> {
    match due {
        DueRule::After(LengthRef::Fixed(length)) => Some(vec![*length]),
        DueRule::After(LengthRef::Tier(name)) => {
            let of_tier = |tier: &Tier| match name.as_str() {
                "cycle" => Some(tier.cycle),
                name => tier.lengths.get(name).copied(),
            };
            Some(names.tiers.iter().filter_map(of_tier).collect())
        }
        DueRule::After(LengthRef::Answer(_)) | DueRule::WindowEnd | DueRule::Sooner { .. } => None,
    }
}
