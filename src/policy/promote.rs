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
use super::text_editor::{ChangedText, TextEditor, found};
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
    /// The bureau's term hangs on a window, a form or the tier: whichever ends sooner is not to be said in one length.
    HangingTerm,
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

/// Result of writing one line.
type Written = Result<(), Hindrance>;

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
        found(&self.trees[&file], path).cloned().ok_or(Hindrance::Unwritten)
    }

    /// Returns what the station wrote at an address.
    fn own(&mut self, change: &OverlayChange) -> Result<YamlNode, Hindrance> {
        let file = change.span.file;
        let tree = self.node(file, &[])?;
        let overlays = match tree.kind {
            NodeKind::List(members) => members,
            NodeKind::Map(_) | NodeKind::Scalar(_) => vec![tree],
        };
        let lists = overlays
            .iter()
            .flat_map(|overlay| ["tighten", "add"].into_iter().filter_map(|list| found(overlay, &[list])));
        let pairs = lists.flat_map(|list| match &list.kind {
            NodeKind::Map(pairs) => pairs.as_slice(),
            NodeKind::Scalar(_) | NodeKind::List(_) => &[],
        });
        let found = pairs.into_iter().find(|(key, _)| key.span == change.span);
        found.map(|(_, value)| value.clone()).ok_or(Hindrance::Unwritten)
    }

    fn write(&mut self, change: &OverlayChange) -> Written {
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
                self.add_items(tiers, &["tiers", id], &own, known)
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
    fn set(&mut self, file: FileId, path: &[&str], own: &YamlNode) -> Written {
        let node = self.node(file, path)?;
        let put = self.texts.flow(own);
        self.texts.replace(&node, put);
        Ok(())
    }

    /// Adds the station's items to the `items` of a map.
    fn add_items(
        &mut self,
        file: FileId,
        path: &[&str],
        own: &YamlNode,
        is_known: impl Fn(&str) -> bool,
    ) -> Written {
        let NodeKind::List(members) = &own.kind else { return Err(Hindrance::Unwritten) };
        let id = |member: &YamlNode| match &member.kind {
            NodeKind::Scalar(title) => title.text.clone(),
            NodeKind::Map(_) | NodeKind::List(_) => {
                found(member, &["id"]).and_then(text_of).unwrap_or_default()
            }
        };
        let new = members.iter().filter(|member| !is_known(&id(member)));
        let new: Vec<String> = new.map(|member| self.texts.flow(member)).collect();
        match self.node(file, &[path, &["items"]].concat()) {
            Ok(list) if matches!(list.kind, NodeKind::List(_)) => {
                self.texts.add_members(&list, None, &new);
            }
            // A shared form may be named under two workflows.
            Ok(of_tier) if self.texts.is_edited(of_tier.span) => return Err(Hindrance::Unwritten),
            Ok(of_tier) => {
                let word = self.texts.flow(&of_tier);
                self.texts.replace(&of_tier, format!("[{word}, {}]", new.join(", ")));
            }
            Err(_) => {
                let map = self.node(file, path)?;
                self.texts.add_pair(&map, &format!("items: [{}]", new.join(", ")));
            }
        }
        Ok(())
    }

    fn form_items(&mut self, form: &Form, own: &YamlNode) -> Written {
        if form.checklist().is_none() {
            return Err(Hindrance::NoChecklist);
        }
        let is_known = |id: &str| form.items.iter().any(|Item { id: known, .. }| known == id);
        self.add_items(form.span.file, &["forms", &form.id], own, is_known)
    }

    fn due(&mut self, place: StepPlace, to: Length, own: &YamlNode) -> Written {
        let workflow = &self.policy.workflows[place.workflow.ix()];
        let step = &workflow.steps[place.step.ix()];
        let is_longer = |rule: &DueRule| longest(self.policy, rule, to).map(|most| most > to.count);
        let longer: Option<Vec<bool>> = step.due.iter().map(is_longer).collect();
        let longer = longer.ok_or(Hindrance::HangingTerm)?;
        let node = self.node(workflow.file, &["steps", &step.id, "due"])?;
        let terms = match &node.kind {
            NodeKind::List(members) => members.iter().collect(),
            NodeKind::Scalar(_) | NodeKind::Map(_) => vec![&node],
        };
        if terms.len() != longer.len() || terms.iter().any(|term| !matches!(term.kind, NodeKind::Scalar(_))) {
            return Err(Hindrance::HangingTerm);
        }
        let put = self.texts.flow(own);
        for (term, _) in terms.into_iter().zip(longer).filter(|(_, is_longer)| *is_longer) {
            self.texts.replace(term, put.clone());
        }
        Ok(())
    }

    /// Makes rows of a step's ladder earlier, lets them tell more people, and adds those that are not there.
    fn ladder(&mut self, place: StepPlace, rows: &[OverdueRow], own: &YamlNode) -> Written {
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
                Some(at) => self.climb(&members[at], &step.overdue[at], own, row),
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
    fn climb(&mut self, node: &YamlNode, known: &OverdueRow, own: &YamlNode, row: &OverdueRow) {
        let named = |node: &YamlNode, key: &str| found(node, &[key]).cloned();
        if row.after.count < known.after.count
            && let (Some(after), Some(own)) = (named(node, "after"), named(own, "after"))
        {
            let put = self.texts.flow(&own);
            self.texts.replace(&after, put);
        }
        let words = named(own, "tell").map(members).unwrap_or_default();
        let new = row.tell.iter().zip(words).filter(|(target, _)| !known.tell.contains(target));
        let new: Vec<String> = new.map(|(_, word)| self.texts.flow(&word)).collect();
        match named(node, "tell") {
            _ if new.is_empty() => {}
            Some(list) if matches!(list.kind, NodeKind::List(_)) => {
                self.texts.add_members(&list, None, &new);
            }
            Some(one) => {
                let word = self.texts.flow(&one);
                self.texts.replace(&one, format!("[{word}, {}]", new.join(", ")));
            }
            None => self.texts.add_pair(node, &format!("tell: [{}]", new.join(", "))),
        }
        if let (None, Some(start)) = (&known.start, named(own, "start")) {
            let start = self.texts.flow(&start);
            self.texts.add_pair(node, &format!("start: {start}"));
        }
    }

    /// Lowers the count that a trigger's cap begins with.
    fn cap(&mut self, file: FileId, trigger: &str, to: u32) -> Written {
        let triggers = members(self.node(file, &["start"])?);
        let is_meant = |node: &&YamlNode| found(node, &["id"]).and_then(text_of).as_deref() == Some(trigger);
        let cap = triggers.iter().find(is_meant).and_then(|node| found(node, &["at_most"]));
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
        let all = members(tree.clone());
        let Some(at) =
            all.iter().position(|node| found(node, &["overlay"]).and_then(text_of).as_deref() == Some(id))
        else {
            return Vec::new();
        };
        let lists = ["tighten", "add"].map(|list| (list, found(&all[at], &[list])));
        let left = |node: &YamlNode| pairs(node).iter().filter(|key| !gone.contains(key.as_str())).count();
        if lists.iter().all(|(_, node)| node.is_none_or(|node| left(node) == 0)) {
            if all.len() > 1 && tree.closed.is_none() {
                self.texts.remove_member(&tree, at);
                return Vec::new();
            }
            return vec![self.policy.sources.file(file).path.clone()];
        }
        let empty: BTreeSet<&str> = lists
            .iter()
            .filter(|(_, node)| node.is_some_and(|node| left(node) == 0))
            .map(|(list, _)| *list)
            .collect();
        for (list, node) in lists {
            if let Some(node) = node.filter(|_| !empty.contains(list)) {
                self.texts.remove_pairs(node, gone);
            }
        }
        self.texts.remove_pairs(&all[at], &empty);
        Vec::new()
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

fn text_of(node: &YamlNode) -> Option<String> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Some(scalar.text.clone()),
        NodeKind::List(_) | NodeKind::Map(_) => None,
    }
}

/// Returns the members of a list, or the one that stands in its place.
fn members(node: YamlNode) -> Vec<YamlNode> {
    match node.kind {
        NodeKind::List(members) => members,
        NodeKind::Map(_) | NodeKind::Scalar(_) => vec![node],
    }
}

/// Returns the keys of a map.
fn pairs(node: &YamlNode) -> Vec<String> {
    match &node.kind {
        NodeKind::Map(pairs) => pairs.iter().map(|(key, _)| key.text.clone()).collect(),
        NodeKind::Scalar(_) | NodeKind::List(_) => Vec::new(),
    }
}
