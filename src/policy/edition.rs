//! Editions: the bureau's text as one station's overlays make it.
//!
//! ```text
//!   base ──┬── no overlay of the station in force ──▶ the base as it is
//!          └── overlays in force on the day ──meet──▶ edition, with the origin of every changed line
//! ```
//!
//! Laying overlays on is a meet: of two values the stricter one holds, so that the order in which they
//! are laid on does not matter, and nothing comes out looser than the base. A station has few sets of
//! overlays that are ever in force together, so an edition is named by the set and not by the day.
//!
//! # Source
//! Policy language, rules 3, 21 and 22.

use std::collections::BTreeSet;

use super::model::{
    ChangedLine, DueRule, EditionKey, Item, LengthRef, OverdueRow, Overlay, OverlayChange, Policy,
    StationChange, StationEdit, StationOpening, Stricter,
};
use super::resolve::matches;
use crate::calendar::Length;
use crate::digest::Digest;
use crate::time::Day;

/// Letters of a digest that an overlay is told to write, and the fewest that tell one text from all others.
pub(super) const BASE_LETTERS: usize = 12;
pub(super) const BASE_LETTERS_MIN: usize = 6;

/// A text that an overlay changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseText {
    /// How `base` names it: a workflow's id, or the stem of a file under `rules/`.
    pub name: String,
    /// The first letters of its digest.
    pub digest: String,
    /// Whether the overlay says that it was checked against this text.
    pub is_named: bool,
}

impl Policy {
    /// Returns which of its own text a station has on a day; none where the base serves it.
    pub fn edition_key(&self, station: &str, day: Day) -> Option<EditionKey> {
        if self.station.is_some() {
            return None;
        }
        let all = self.overlays.iter().enumerate();
        let live = all.filter(|(_, overlay)| overlay.station == station && overlay.is_live(day));
        let overlays: Vec<usize> = live.map(|(at, _)| at).collect();
        let has_scripts = self.scripts.iter().any(|script| script.station.as_deref() == Some(station));
        let station = station.to_owned();
        (has_scripts || !overlays.is_empty()).then_some(EditionKey { station, overlays })
    }

    /// Returns every edition that there ever is, by station.
    pub fn edition_keys(&self) -> BTreeSet<EditionKey> {
        let scripted = self.scripts.iter().filter_map(|script| script.station.as_deref());
        let begins = self.overlays.iter().map(|overlay| (overlay.station.as_str(), overlay));
        let mut instants: BTreeSet<(&str, Day)> = scripted.map(|station| (station, Day::MIN)).collect();
        instants
            .extend(begins.flat_map(|(station, overlay)| overlay.instants().map(move |day| (station, day))));
        instants.into_iter().filter_map(|(station, day)| self.edition_key(station, day)).collect()
    }

    /// Returns all overlays of a station as if they were in force together: whatever its text may name.
    pub fn every_overlay(&self, station: &str) -> EditionKey {
        let all = self.overlays.iter().enumerate().filter(|(_, overlay)| overlay.station == station);
        EditionKey { station: station.to_owned(), overlays: all.map(|(at, _)| at).collect() }
    }

    /// Returns the stations that have an edition on a day.
    pub fn stations_apart(&self, day: Day) -> BTreeSet<&str> {
        if self.station.is_some() {
            return BTreeSet::new();
        }
        let live = self.overlays.iter().filter(|overlay| overlay.is_live(day));
        let scripted = self.scripts.iter().filter_map(|script| script.station.as_deref());
        live.map(|overlay| overlay.station.as_str()).chain(scripted).collect()
    }

    /// Returns the first day after `day` on which the text of a station is another one.
    pub fn next_edition(&self, station: &str, day: Day) -> Option<Day> {
        let own = self.overlays.iter().filter(|overlay| overlay.station == station);
        own.flat_map(Overlay::instants).filter(|instant| *instant > day).min()
    }

    /// Returns the digest of an edition: of the base's effective text and of what the station adds.
    ///
    /// # Source
    /// Policy language, rule 3.
    pub fn edition_digest(&self, key: &EditionKey) -> Digest {
        let digest_of = |path: &str| {
            let found = self.texts.iter().find(|(known, _)| known == path);
            found.map_or_else(|| Digest::of(b""), |(_, digest)| *digest)
        };
        let mut parts: Vec<Vec<u8>> = vec![self.digest.bytes().to_vec(), key.station.clone().into_bytes()];
        for overlay in key.overlays.iter().map(|at| &self.overlays[*at]) {
            parts.push(overlay.id.clone().into_bytes());
            parts.push(digest_of(&self.sources.file(overlay.span.file).path).bytes().to_vec());
        }
        for script in self.scripts.iter().filter(|script| script.station.as_deref() == Some(&key.station)) {
            parts.push(digest_of(&self.sources.file(script.file).path).bytes().to_vec());
        }
        Digest::of_parts("edition", parts.iter().map(Vec::as_slice))
    }

    /// Lays a station's overlays on.
    #[must_use]
    pub fn edition(&self, key: &EditionKey) -> Self {
        let mut edition = Self { digest: self.edition_digest(key), ..self.clone() };
        edition.station = Some(key.station.clone());
        let of_overlay = |at: usize| self.overlays[at].changes.iter().map(move |change| (at, change));
        let live = key.overlays.iter().copied();
        let mut changes: Vec<(usize, &OverlayChange)> = live.flat_map(of_overlay).collect();
        // Lists come out in one order, whatever the files are called.
        changes.sort_by_key(|(at, change)| (&change.address, &self.overlays[*at].id));
        for (overlay, change) in changes {
            let is_set = edition.changed.iter().any(|line| line.address == change.address);
            if lay(&mut edition, change, is_set) {
                let (address, span) = (change.address.clone(), change.span);
                edition.changed.push(ChangedLine { address, overlay, span });
            }
        }
        edition
    }

    /// Returns whether stations may have a function of scripts of their own beside the bureau's.
    pub fn opens_script(&self, name: &str) -> bool {
        let path = format!("rules.{name}");
        let opens =
            |row: &&StationOpening| row.change == StationChange::Raise && matches(row.path.text(), &path);
        self.openings.iter().any(|row| opens(&row))
    }

    /// Returns the overlay that decided a line of this text; none where the bureau did.
    pub fn origin(&self, address: &str) -> Option<(&ChangedLine, &Overlay)> {
        self.origins(address).last().copied()
    }

    /// Returns the overlays that a line of this text comes from: of a value the one that decided it, of a list all
    /// that added to it.
    pub fn origins(&self, address: &str) -> Vec<(&ChangedLine, &Overlay)> {
        let lines = self.changed.iter().filter(|line| line.address == address);
        let mut found: Vec<(&ChangedLine, &Overlay)> =
            lines.map(|line| (line, &self.overlays[line.overlay])).collect();
        let of_line = |(line, overlay): &(&ChangedLine, &Overlay)| {
            let change = overlay.changes.iter().find(|change| change.span == line.span);
            change.is_some_and(|change| change.edit.is_value())
        };
        if found.last().is_some_and(of_line) {
            found.drain(..found.len() - 1);
        }
        found
    }

    /// Returns the texts that an overlay changes, as its `base` names them.
    pub fn base_of(&self, overlay: &Overlay) -> Vec<BaseText> {
        let file_of = |address: &str| {
            let (head, rest) = address.split_once('.')?;
            match head {
                "tiers" => Some(self.tiers.file),
                "params" => self.params.iter().find(|param| param.id == rest).map(|param| param.span.file),
                workflow => self.workflow(workflow).map(|workflow| workflow.file),
            }
        };
        let files = overlay.changes.iter().filter_map(|change| file_of(&change.address));
        let files: BTreeSet<&str> = files.map(|file| self.sources.file(file).path.as_str()).collect();
        let text = |(path, digest): &(String, Digest)| {
            let name = path.rsplit('/').next()?.strip_suffix(".yaml")?.to_owned();
            let digest = digest.to_string();
            let is_meant =
                |prefix: &String| prefix.len() >= BASE_LETTERS_MIN && digest.starts_with(prefix.as_str());
            let is_named = overlay.base.iter().any(|(known, prefix)| *known == name && is_meant(prefix));
            Some(BaseText { name, digest: digest[..BASE_LETTERS].to_owned(), is_named })
        };
        self.texts.iter().filter(|(path, _)| files.contains(path.as_str())).filter_map(text).collect()
    }
}

/// Lays one change on; returns whether the text is another one afterwards. `is_set` where another
/// overlay changed the address before.
pub(super) fn lay(policy: &mut Policy, change: &OverlayChange, is_set: bool) -> bool {
    match &change.edit {
        StationEdit::Cycle { tier, to } => {
            let tier = &mut policy.tiers.order[tier.ix()];
            let is_stricter = is_shorter(*to, tier.cycle);
            if is_stricter {
                (tier.cycle, tier.cycle_span) = (*to, change.span);
            }
            is_stricter
        }
        StationEdit::TierLength { tier, name, to, how } => {
            let Some(length) = policy.tiers.order[tier.ix()].lengths.get_mut(name) else { return false };
            // Of two that a range allows the shorter one holds.
            let is_replaced = *how == Stricter::Either && !is_set && length != to;
            let is_stricter = is_replaced || is_shorter(*to, *length);
            if is_stricter {
                *length = *to;
            }
            is_stricter
        }
        StationEdit::Param { at, to, how } => {
            let param = &mut policy.params[*at];
            let is_stricter = match how {
                Stricter::Lower => *to < param.value,
                Stricter::Higher => *to > param.value,
                Stricter::Either if is_set => *to < param.value,
                Stricter::Either => (*to - param.value).abs() > 0.0,
            };
            if is_stricter {
                (param.value, param.span) = (*to, change.span);
            }
            is_stricter
        }
        StationEdit::TierItems { tier, items } => {
            let tier = &mut policy.tiers.order[tier.ix()];
            let listed: BTreeSet<&String> = tier.items.iter().collect();
            let new = items.iter().filter(|item| !listed.contains(&item.title));
            add(&mut tier.added, &new.cloned().collect::<Vec<_>>())
        }
        StationEdit::FormItems { form, items } => add(&mut policy.forms[*form].items, items),
        StationEdit::Due { step, to } => {
            let step = &mut policy.workflows[step.workflow.ix()].steps[step.step.ix()];
            let before = step.due.clone();
            step.due = std::mem::take(&mut step.due).into_iter().map(|due| sooner(due, *to)).collect();
            step.due != before
        }
        StationEdit::Overdue { step, rows } => {
            let step = &mut policy.workflows[step.workflow.ix()].steps[step.step.ix()];
            let before = step.overdue.clone();
            for row in rows {
                climb(&mut step.overdue, row);
            }
            step.overdue != before
        }
        StationEdit::Cap { workflow, trigger, to } => {
            let cap = &mut policy.workflows[workflow.ix()].start[*trigger].at_most;
            let is_stricter = cap.is_some_and(|cap| *to < cap.count);
            if let Some(cap) = cap.as_mut().filter(|_| is_stricter) {
                cap.count = *to;
            }
            is_stricter
        }
    }
}

/// Returns whether a length is shorter than another in the same unit; lengths of two units are not
/// compared, because a calendar decides.
fn is_shorter(one: Length, other: Length) -> bool {
    one.unit == other.unit && one.count < other.count
}

/// Adds items whose id is not listed yet.
fn add(items: &mut Vec<Item>, new: &[Item]) -> bool {
    let before = items.len();
    for item in new {
        if !items.iter().any(|known| known.id == item.id) {
            items.push(item.clone());
        }
    }
    items.len() > before
}

/// The rule that ends where the first of the two does.
fn sooner(due: DueRule, to: Length) -> DueRule {
    match due {
        DueRule::After(LengthRef::Fixed(length)) if length.unit == to.unit => {
            DueRule::After(LengthRef::Fixed(if is_shorter(to, length) { to } else { length }))
        }
        DueRule::Sooner { of, mut than } => {
            match than.iter_mut().find(|known| known.unit == to.unit) {
                Some(known) if is_shorter(to, *known) => *known = to,
                Some(_) => {}
                None => than.push(to),
            }
            than.sort_by_key(|length| length.unit);
            DueRule::Sooner { of, than }
        }
        due @ (DueRule::After(_) | DueRule::WindowEnd) => {
            DueRule::Sooner { of: Box::new(due), than: vec![to] }
        }
    }
}

/// Adds a row to a ladder: a level that is there becomes earlier and tells more people.
fn climb(ladder: &mut Vec<OverdueRow>, row: &OverdueRow) {
    let Some(known) = ladder.iter_mut().find(|known| known.level == row.level) else {
        ladder.push(row.clone());
        ladder.sort_by_key(|row| row.level);
        return;
    };
    if is_shorter(row.after, known.after) {
        (known.after, known.span) = (row.after, row.span);
    }
    if row.tell.iter().any(|target| !known.tell.contains(target)) {
        known.tell.extend(&row.tell);
        known.tell.sort_unstable();
        known.tell.dedup();
    }
    known.start = match (known.start.take(), &row.start) {
        (Some(one), Some(other)) => Some(one.min(other.clone())),
        (one, other) => one.or_else(|| other.clone()),
    };
}
