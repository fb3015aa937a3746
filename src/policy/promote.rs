//! Promotion: what one station tightened is written into the bureau's own texts.
//!
//! ```text
//!  overlay's change ──▶ where the bureau says it ──▶ edit of that text, comments kept
//!                                                └─▶ hindrance: a person has to write it
//!  what the bureau says itself from now on ──▶ taken out of the overlay
//! ```
//!
//! Nothing is put into force: what comes out are texts, to be checked and applied like any others. Values
//! are taken over as the station wrote them.
//!
//! # Source
//! Policy language, rules 21 and 22; `domain.md` M23.

use std::collections::{BTreeMap, BTreeSet};

use strum::IntoStaticStr;

use super::edition::lay;
use super::model::{
    DueRule, EditionKey, Form, Item, LengthRef, OverdueRow, OverlayChange, Policy, StationEdit, StepPlace,
    Tier,
};
use super::raw::{NodeKind, YamlNode};
use super::text_editor::{ChangedText, TextEditor};
use crate::calendar::Length;
use crate::diag::{FileId, Span};

/// A station's measure as the bureau's texts would say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// The lines of the overlay that were asked for, in its order.
    pub lines: Vec<PromotedLine>,
    /// Scripts of the station, which no edit can make the bureau's.
    pub scripts: Vec<FileId>,
    /// Texts that change, by path.
    pub texts: Vec<ChangedText>,
    /// Files that say nothing more and go.
    pub removed: Vec<String>,
}

/// One line of an overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromotedLine {
    pub address: String,
    /// Where the station wrote it.
    pub span: Span,
    /// Why it stays with the station; none when the bureau says it from now on.
    pub hindrance: Option<Hindrance>,
}

/// Why a line cannot be made the bureau's as it stands. Its names stand in JSON and in texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Hindrance {
    /// The bureau's term is the end of the window: one length would loosen it for orders of a shorter window.
    WindowTerm,
    /// The bureau's term is what a form says: one length would loosen it where the form says less.
    FormTerm,
    /// The bureau's term is the tier's: one length would loosen it for a tier that has less.
    TierTerm,
    /// The form has no field that items are answered in.
    NoChecklist,
    /// The bureau's text is written in a way that no edit is made in.
    Unwritten,
}

/// Writes lines of an overlay, given by its position, into the bureau's texts; all of them where `only` is
/// empty.
#[must_use]
pub fn promote(policy: &Policy, overlay: usize, only: &BTreeSet<String>) -> Promotion {
    let Some(meant) = policy.overlays.get(overlay) else {
        return Promotion { lines: Vec::new(), scripts: Vec::new(), texts: Vec::new(), removed: Vec::new() };
    };
    let mut writer =
        PromotionWriter { policy, texts: TextEditor::new(&policy.sources), trees: BTreeMap::new() };
    let asked = meant.changes.iter().filter(|change| only.is_empty() || only.contains(&change.address));
    let lines: Vec<PromotedLine> = asked
        .map(|change| {
            let is_news = lay(&mut policy.clone(), change, false);
            let hindrance = if is_news { writer.write(change).err() } else { None };
            PromotedLine { address: change.address.clone(), span: change.span, hindrance }
        })
        .collect();
    let gone = lines.iter().filter(|line| line.hindrance.is_none()).map(|line| line.address.as_str());
    let removed = writer.drop_lines(meant.span.file, &meant.id, &gone.collect());
    let own = |script: &&super::model::Script| script.station.as_ref() == Some(&meant.station);
    let scripts = policy.scripts.iter().filter(own).filter(|_| only.is_empty()).map(|script| script.file);
    let mut texts = writer.texts.changed();
    texts.retain(|text| !removed.contains(&text.path));
    Promotion { lines, scripts: scripts.collect(), texts, removed }
}

impl Policy {
    /// Returns the text that some lines of an overlay alone make: what it would be for every station.
    #[must_use]
    pub fn promoted(&self, overlay: usize, addresses: &BTreeSet<&str>) -> Self {
        let mut promoted = self.clone();
        let Some(meant) = promoted.overlays.get_mut(overlay) else { return promoted };
        meant.changes.retain(|change| addresses.contains(change.address.as_str()));
        let station = meant.station.clone();
        promoted.edition(&EditionKey { station, overlays: vec![overlay] })
    }
}

/// A row of a ladder, as it is written and as it is meant.
#[derive(Clone, Copy)]
struct LadderRow<'r> {
    written: &'r YamlNode,
    meant: &'r OverdueRow,
}

struct PromotionWriter<'p> {
    policy: &'p Policy,
    texts: TextEditor<'p>,
    trees: BTreeMap<FileId, YamlNode>,
}

impl PromotionWriter<'_> {
    /// Follows keys down a file.
    fn node(&mut self, file: FileId, path: &[&str]) -> Result<YamlNode, Hindrance> {
        if !self.trees.contains_key(&file) {
            let tree = self.texts.tree(file).ok_or(Hindrance::Unwritten)?;
            self.trees.insert(file, tree);
        }
        self.trees[&file].at(path).cloned().ok_or(Hindrance::Unwritten)
    }

    /// Returns what the station wrote at an address.
    fn own(&mut self, change: &OverlayChange) -> Result<YamlNode, Hindrance> {
        let file = change.span.file;
        let tree = self.node(file, &[])?;
        let lists =
            |overlay| ["tighten", "add"].into_iter().filter_map(move |list| YamlNode::at(overlay, &[list]));
        let mut pairs = tree.members().iter().flat_map(lists).flat_map(YamlNode::pairs);
        let found = pairs.find(|(key, _)| key.span == change.span);
        found.map(|(_, value)| value.clone()).ok_or(Hindrance::Unwritten)
    }

    fn write(&mut self, change: &OverlayChange) -> Result<(), Hindrance> {
        let own = self.own(change)?;
        let policy = self.policy;
        let tiers = policy.tiers.file;
        let tier_id = |tier: super::model::TierIx| policy.tiers.order[tier.ix()].id.as_str();
        match &change.edit {
            StationEdit::Cycle { tier, .. } => self.set(tiers, &["tiers", tier_id(*tier), "cycle"], &own),
            StationEdit::TierLength { tier, name, .. } => {
                self.set(tiers, &["tiers", tier_id(*tier), name], &own)
            }
            StationEdit::Param { at, .. } => {
                let param = &policy.params[*at];
                self.set(param.span.file, &["params", &param.id, "value"], &own)
            }
            StationEdit::TierItems { tier, .. } => {
                let Tier { id, items, added, .. } = &policy.tiers.order[tier.ix()];
                let known = |item: &str| {
                    items.iter().any(|title| title == item) || added.iter().any(|known| known.id == item)
                };
                self.add_items(tiers, &["tiers", id], &new_items(&own, known)?)
            }
            StationEdit::FormItems { form, .. } => self.form_items(&policy.forms[*form], &own),
            StationEdit::Due { step, to } => self.due(*step, *to, &own),
            StationEdit::Overdue { step, rows } => self.ladder(*step, rows, &own),
            StationEdit::Cap { workflow, trigger, to } => {
                let workflow = &policy.workflows[workflow.ix()];
                self.cap(workflow.file, &workflow.start[*trigger].id, *to)
            }
        }
    }

    /// Puts the station's value in the place of the bureau's.
    fn set(&mut self, file: FileId, path: &[&str], own: &YamlNode) -> Result<(), Hindrance> {
        let node = self.node(file, path)?;
        let put = self.texts.flow(own);
        self.texts.replace(&node, put);
        Ok(())
    }

    /// Adds the station's items to the `items` of a map.
    fn add_items(&mut self, file: FileId, path: &[&str], new: &[&YamlNode]) -> Result<(), Hindrance> {
        let map = self.node(file, path)?;
        let items = map.at(&["items"]).filter(|items| !items.is_list());
        // A shared form may be named under two workflows.
        if items.is_some_and(|of_tier| self.texts.is_edited(of_tier.span)) {
            return Err(Hindrance::Unwritten);
        }
        let new: Vec<String> = new.iter().map(|member| self.texts.flow(member)).collect();
        self.extend(&map, "items", &new);
        Ok(())
    }

    fn form_items(&mut self, form: &Form, own: &YamlNode) -> Result<(), Hindrance> {
        if form.checklist().is_none() {
            return Err(Hindrance::NoChecklist);
        }
        let is_known = |id: &str| form.items.iter().any(|Item { id: known, .. }| known == id);
        self.add_items(form.span.file, &["forms", &form.id], &new_items(own, is_known)?)
    }

    fn due(&mut self, place: StepPlace, to: Length, own: &YamlNode) -> Result<(), Hindrance> {
        let workflow = &self.policy.workflows[place.workflow.ix()];
        let step = &workflow.steps[place.step.ix()];
        let is_longer = |rule: &DueRule| {
            let most = longest(self.policy, rule, to).ok_or_else(|| hanging_on(rule))?;
            Ok(most > to.count)
        };
        let longer: Vec<bool> = step.due.iter().map(is_longer).collect::<Result<_, _>>()?;
        let node = self.node(workflow.file, &["steps", &step.id, "due"])?;
        let terms = node.members();
        if terms.len() != longer.len() || terms.iter().any(|term| term.text().is_none()) {
            return Err(Hindrance::Unwritten);
        }
        let put = self.texts.flow(own);
        for (term, _) in terms.iter().zip(longer).filter(|(_, is_longer)| *is_longer) {
            self.texts.replace(term, put.clone());
        }
        Ok(())
    }

    /// Makes rows of a step's ladder earlier, lets them tell more people, and adds those that are not there.
    fn ladder(&mut self, place: StepPlace, rows: &[OverdueRow], own: &YamlNode) -> Result<(), Hindrance> {
        let workflow = &self.policy.workflows[place.workflow.ix()];
        let step = &workflow.steps[place.step.ix()];
        let NodeKind::List(written) = &own.kind else { return Err(Hindrance::Unwritten) };
        let Ok(list) = self.node(workflow.file, &["steps", &step.id, "overdue"]) else {
            let map = self.node(workflow.file, &["steps", &step.id])?;
            let ladder = self.texts.flow(own);
            self.texts.add_pair(&map, &format!("overdue: {ladder}"));
            return Ok(());
        };
        let NodeKind::List(members) = &list.kind else { return Err(Hindrance::Unwritten) };
        let mut new = Vec::new();
        for (row, own) in rows.iter().zip(written) {
            match step.overdue.iter().position(|known| known.level == row.level) {
                Some(at) => {
                    let bureau = LadderRow { written: &members[at], meant: &step.overdue[at] };
                    self.climb(bureau, LadderRow { written: own, meant: row });
                }
                None => new.push((row.level, self.texts.flow(own))),
            }
        }
        new.sort();
        for (level, put) in new {
            match step.overdue.iter().rposition(|known| known.level < level) {
                Some(lower) => self.texts.add_members(&list, Some(lower), &[put]),
                None => self.texts.insert_first(&list, &put),
            }
        }
        Ok(())
    }

    /// Lays a station's row of a ladder on the bureau's of the same level.
    fn climb(&mut self, bureau: LadderRow<'_>, own: LadderRow<'_>) {
        if own.meant.after.count < bureau.meant.after.count
            && let (Some(after), Some(sooner)) = (bureau.written.at(&["after"]), own.written.at(&["after"]))
        {
            let put = self.texts.flow(sooner);
            self.texts.replace(after, put);
        }
        let words = own.written.at(&["tell"]).map(YamlNode::members).unwrap_or_default();
        let told = own.meant.tell.iter().zip(words);
        let new = told.filter(|(target, _)| !bureau.meant.tell.contains(target));
        let new: Vec<String> = new.map(|(_, word)| self.texts.flow(word)).collect();
        self.extend(bureau.written, "tell", &new);
        if let (None, Some(start)) = (&bureau.meant.start, own.written.at(&["start"])) {
            let start = self.texts.flow(start);
            self.texts.add_pair(bureau.written, &format!("start: {start}"));
        }
    }

    /// Adds to what a map lists under a key, be it a list, one word or nothing yet.
    fn extend(&mut self, map: &YamlNode, key: &str, new: &[String]) {
        match map.at(&[key]) {
            _ if new.is_empty() => {}
            Some(list) if list.is_list() => self.texts.add_members(list, None, new),
            Some(one) => {
                let word = self.texts.flow(one);
                self.texts.replace(one, format!("[{word}, {}]", new.join(", ")));
            }
            None => self.texts.add_pair(map, &format!("{key}: [{}]", new.join(", "))),
        }
    }

    /// Lowers the count that a trigger's cap begins with.
    fn cap(&mut self, file: FileId, trigger: &str, to: u32) -> Result<(), Hindrance> {
        let triggers = self.node(file, &["start"])?;
        let is_meant = |node: &&YamlNode| node.at(&["id"]).and_then(YamlNode::text) == Some(trigger);
        let cap = triggers.members().iter().find(is_meant).and_then(|node| node.at(&["at_most"]));
        let cap = cap.ok_or(Hindrance::Unwritten)?;
        let at = self.texts.whole(cap.span);
        let text = &self.texts.text(file)[at.clone()];
        let start = text.find(|letter: char| letter.is_ascii_digit()).ok_or(Hindrance::Unwritten)?;
        let digits =
            text[start..].find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len() - start);
        self.texts.edit(file, at.start + start..at.start + start + digits, to.to_string());
        Ok(())
    }

    /// Takes lines out of an overlay; returns its file where nothing is left in it.
    fn drop_lines(&mut self, file: FileId, id: &str, gone: &BTreeSet<&str>) -> Vec<String> {
        let Ok(tree) = self.node(file, &[]) else { return Vec::new() };
        let all = tree.members();
        let is_meant = |node: &YamlNode| node.at(&["overlay"]).and_then(YamlNode::text) == Some(id);
        let Some(at) = all.iter().position(is_meant) else { return Vec::new() };
        let lists = ["tighten", "add"].map(|list| (list, all[at].at(&[list])));
        let is_empty = |node: &YamlNode| node.pairs().iter().all(|(key, _)| gone.contains(key.text.as_str()));
        if lists.iter().all(|(_, node)| node.is_none_or(is_empty)) {
            if all.len() > 1 && tree.closed.is_none() {
                self.texts.remove_member(&tree, at);
                return Vec::new();
            }
            return vec![self.policy.sources.file(file).path.clone()];
        }
        let empty: BTreeSet<&str> =
            lists.iter().filter(|(_, node)| node.is_some_and(is_empty)).map(|(list, _)| *list).collect();
        for (list, node) in lists {
            if let Some(node) = node.filter(|_| !empty.contains(list)) {
                self.texts.remove_pairs(node, gone);
            }
        }
        self.texts.remove_pairs(&all[at], &empty);
        Vec::new()
    }
}

/// Returns the items that the bureau does not have, by their ids or titles.
fn new_items(own: &YamlNode, is_known: impl Fn(&str) -> bool) -> Result<Vec<&YamlNode>, Hindrance> {
    let NodeKind::List(members) = &own.kind else { return Err(Hindrance::Unwritten) };
    let id = |member: &&YamlNode| {
        member.text().or_else(|| member.at(&["id"])?.text()).unwrap_or_default().to_owned()
    };
    Ok(members.iter().filter(|member| !is_known(&id(member))).collect())
}

/// Says on what a term hangs that no one length says.
fn hanging_on(rule: &DueRule) -> Hindrance {
    match rule {
        DueRule::WindowEnd => Hindrance::WindowTerm,
        DueRule::After(LengthRef::Answer(_)) => Hindrance::FormTerm,
        DueRule::After(LengthRef::Fixed(_) | LengthRef::Tier(_)) => Hindrance::TierTerm,
        DueRule::Sooner { of, .. } => hanging_on(of),
    }
}

/// The longest limit that a rule can give, where all it can give is counted in the unit of `to` and nothing of it
/// is shorter: a tier that has less would be loosened by it.
fn longest(policy: &Policy, rule: &DueRule, to: Length) -> Option<i32> {
    let counted = |length: Length| (length.unit == to.unit).then_some(length.count);
    match rule {
        DueRule::After(LengthRef::Fixed(length)) => counted(*length),
        DueRule::After(LengthRef::Tier(name)) => {
            let of_tier = |tier: &Tier| {
                if name == "cycle" { Some(tier.cycle) } else { tier.lengths.get(name).copied() }
            };
            let all: Option<Vec<i32>> = policy.tiers.order.iter().filter_map(of_tier).map(counted).collect();
            let all = all.filter(|all| all.iter().all(|count| *count >= to.count))?;
            all.into_iter().max()
        }
        DueRule::After(LengthRef::Answer(_)) | DueRule::WindowEnd | DueRule::Sooner { .. } => None,
    }
}
