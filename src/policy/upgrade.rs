//! A policy of the first version of the language, written out in the second.
//!
//! Nothing is decided anew: what `compatibility` says in silence is written into the files. Texts are
//! edited where they stand, so comments and layout stay; a policy of the second version is left alone.

use std::collections::BTreeMap;
use std::ops::Range;

use super::check::action::{goes_back, rows_of};
use super::compatibility;
use super::model::{
    Action, ActionEffect, Approver, Field, Form, InspectionRule, ItemAnswers, NumberRule, Policy, Semantics,
    Workflow,
};
use super::raw::{self, NodeKind, YamlNode};
use super::text;
use crate::diag::{FileId, Span};
use crate::digest::Digest;

/// A text as it is to stand from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpgradedText {
    /// Its path below the policy folder.
    pub path: String,
    pub text: String,
}

/// One edit: what stands in a place is replaced.
struct TextEdit {
    at: Range<usize>,
    put: String,
}

/// Edits by file, in the order they were made.
type TextEdits = BTreeMap<FileId, Vec<TextEdit>>;

/// Returns the texts that change when a policy is written out in the newest version of the language, by
/// path; none where it is in that version.
#[must_use]
pub fn upgrade(policy: &Policy) -> Vec<UpgradedText> {
    if policy.semantics >= Semantics::NEWEST {
        return Vec::new();
    }
    let mut upgrade = Upgrade { policy, edits: TextEdits::new() };
    upgrade.bureau();
    for workflow in &policy.workflows {
        upgrade.workflow(workflow);
    }
    for form in &policy.forms {
        upgrade.form(form);
    }
    upgrade.overlays();
    let changed = upgrade.edits.iter().map(|(file, edits)| {
        let source = policy.sources.file(*file);
        UpgradedText { path: source.path.clone(), text: applied(&source.text, edits) }
    });
    changed.collect()
}

/// Carries out edits, from the end of a text to its beginning.
fn applied(text: &str, edits: &[TextEdit]) -> String {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.at.start, edit.at.end));
    let mut text = text.to_owned();
    for TextEdit { at, put } in sorted.into_iter().rev() {
        text.replace_range(at.clone(), put);
    }
    text
}

/// An upgrade under way.
struct Upgrade<'p> {
    policy: &'p Policy,
    edits: TextEdits,
}

impl<'p> Upgrade<'p> {
    fn text(&self, file: FileId) -> &'p str {
        &self.policy.sources.file(file).text
    }

    /// Returns how lines of a file end.
    fn line_end(&self, file: FileId) -> &'static str {
        if self.text(file).contains("\r\n") { "\r\n" } else { "\n" }
    }

    fn tree(&self, file: FileId) -> Option<YamlNode> {
        raw::parse(file, self.text(file), &mut Vec::new())
    }

    fn edit(&mut self, file: FileId, at: Range<usize>, put: String) {
        self.edits.entry(file).or_default().push(TextEdit { at, put });
    }

    /// Says in `bureau.yaml` which version it is, and what the bureau's words mean.
    fn bureau(&mut self) {
        let Some(file) = self.policy.sources.find("bureau.yaml") else { return };
        let Some(tree) = self.tree(file) else { return };
        let version = (Semantics::NEWEST as u32).to_string();
        match found(&tree, &["semantics"]) {
            Some(YamlNode { span, .. }) => self.edit(file, self.whole(*span), version),
            None => self.insert_before(file, &tree, &format!("semantics: {version}")),
        }
        let ItemAnswers { good, bad, none } = &self.policy.answers;
        let NumberRule { text: order, .. } = &self.policy.order_number;
        let NumberRule { text: document, .. } = &self.policy.document_number;
        let inspects = self.policy.workflows.iter().flat_map(|workflow| &workflow.steps);
        let kinds = inspects.clone().any(|step| step.inspection.is_some());
        let kinds = kinds.then(|| format!("inspection_kinds: [{}]", compatibility::INSPECTION_KIND));
        let lines = [
            format!("answers: {{good: {good}, bad: {bad}, none: {none}}}"),
            format!("order_number: \"{order}\""),
            format!("document_number: \"{document}\""),
        ];
        let lines: Vec<String> = kinds.into_iter().chain(lines).collect();
        self.append(file, &tree, &lines);
    }

    /// Puts a pair before the first pair of a map, as that one is written.
    fn insert_before(&mut self, file: FileId, map: &YamlNode, pair: &str) {
        let text = self.text(file);
        let start = self.whole(map.span).start;
        let line = text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let put = if is_flow(text, start) {
            format!("{pair}, ")
        } else {
            format!("{pair}{}{}", self.line_end(file), &text[line..start])
        };
        self.edit(file, start..start, put);
    }

    /// Puts pairs at the end of a file, or into the map that is the whole of it.
    fn append(&mut self, file: FileId, tree: &YamlNode, lines: &[String]) {
        let (text, end) = (self.text(file), self.line_end(file));
        let start = self.whole(tree.span).start;
        if is_flow(text, start) {
            self.edit(file, start..start, format!("{}, ", lines.join(", ")));
            return;
        }
        let gap = if text.ends_with(['\n', '\r']) { end.to_owned() } else { end.repeat(2) };
        self.edit(file, text.len()..text.len(), format!("{gap}{}{end}", lines.join(end)));
    }

    fn workflow(&mut self, workflow: &Workflow) {
        let Some(tree) = self.tree(workflow.file) else { return };
        for (at, step) in workflow.steps.iter().enumerate() {
            for action in step.kind.actions() {
                self.action(workflow, at, action);
            }
            let Some(InspectionRule { arrived, problems, level, .. }) = &step.inspection else { continue };
            if let Some(node) = found(&tree, &["steps", &step.id, "records"]) {
                let kind = compatibility::INSPECTION_KIND;
                let put = format!(
                    "{{inspection: {kind}, arrived: {arrived}, problems: {problems}, level: {level}}}"
                );
                self.edit(workflow.file, self.whole(node.span), put);
            }
        }
    }

    /// Says what an action does, where it does something or leads backward.
    fn action(&mut self, workflow: &Workflow, at: usize, action: &Action) {
        let step = &workflow.steps[at];
        let says = match action.effect {
            ActionEffect::Returns => ", returns: true",
            ActionEffect::Approves if self.signs_off() => ", approves: true",
            ActionEffect::Approves | ActionEffect::None => {
                let leads_back =
                    rows_of(self.policy, step, action).any(|row| goes_back(workflow, at, row.go));
                if !leads_back {
                    return;
                }
                ""
            }
        };
        let (file, whole) = (action.span.file, self.whole(action.span));
        let written = &self.text(file)[whole.clone()];
        let is_bare = !written.starts_with(['"', '\'']);
        let id = if is_bare && written.contains([',', '[', ']', '{', '}', ':', '#']) {
            format!("\"{}\"", written.replace('\\', "\\\\").replace('"', "\\\""))
        } else {
            written.to_owned()
        };
        self.edit(file, whole, format!("{{id: {id}{says}}}"));
    }

    /// Returns whether drafts wait for a role at all: whoever has a step in hand may hold it besides.
    fn signs_off(&self) -> bool {
        self.policy.documents.iter().any(|kind| matches!(kind.approver, Approver::Roles(_)))
    }

    /// Declares the field that a form's checklist is answered in.
    fn form(&mut self, form: &Form) {
        let file = form.span.file;
        let Some(tree) = self.tree(file) else { return };
        if let Some(items) = found(&tree, &["forms", &form.id, "items"]) {
            self.items(file, items);
        }
        let Some(Field { id, title, .. }) = form.checklist() else { return };
        let field = format!("{id}: {{title: {title}, type: items}}");
        match found(&tree, &["forms", &form.id, "fields"]) {
            Some(fields) if found(fields, &[id]).is_some() => {}
            Some(fields) if matches!(&fields.kind, NodeKind::Map(pairs) if !pairs.is_empty()) => {
                self.insert_before(file, fields, &field);
            }
            Some(_) => {}
            None => {
                if let Some(map) = found(&tree, &["forms", &form.id]) {
                    self.insert_before(file, map, &format!("fields: {{{field}}}"));
                }
            }
        }
    }

    /// Turns `if_bad` of items into a comment: it said nothing, and would make problems from now on.
    fn items(&mut self, file: FileId, items: &YamlNode) {
        let NodeKind::List(items) = &items.kind else { return };
        for item in items {
            let NodeKind::Map(pairs) = &item.kind else { continue };
            let Some(at) = pairs.iter().position(|(key, _)| key.text == "if_bad") else { continue };
            let text = self.text(file);
            let said = self.whole(pairs[at].0.span).start..self.whole(pairs[at].1.span).end;
            let comment = format!("# {}", &text[said.clone()]);
            let before = at.checked_sub(1).map(|before| self.whole(pairs[before].1.span).end);
            let gone = match (before, pairs.get(at + 1)) {
                (Some(_), _) if !is_flow(text, self.whole(pairs[0].0.span).start) => {
                    self.edit(file, said, comment);
                    continue;
                }
                (Some(before), _) => before..said.end,
                (None, Some((next, _))) => said.start..self.whole(next.span).start,
                (None, None) => continue,
            };
            let line_end = text[gone.end..].find(['\r', '\n']).map_or(text.len(), |end| gone.end + end);
            self.edit(file, gone, String::new());
            self.edit(file, line_end..line_end, format!("   {comment}"));
        }
    }

    /// Names the texts as they are now where overlays say which ones they were checked against.
    fn overlays(&mut self) {
        let mut new = Vec::new();
        for (file, source) in self.policy.sources.files() {
            if !(source.path.starts_with("stations/") && source.path.ends_with("/overlay.yaml")) {
                continue;
            }
            let Some(tree) = self.tree(file) else { continue };
            if let Some(YamlNode { kind: NodeKind::Map(added), .. }) = found(&tree, &["add"]) {
                for (_, items) in added {
                    self.items(file, items);
                }
            }
            let Some(base) = found(&tree, &["base"]) else { continue };
            let NodeKind::Map(pairs) = &base.kind else { continue };
            for (name, prefix) in pairs {
                let put = self.renamed(&name.text, &source.text[range(prefix.span)]);
                new.extend(put.map(|put| (file, range(prefix.span), put)));
            }
        }
        for (file, at, put) in new {
            self.edit(file, at, put);
        }
    }

    /// Returns the digest's head of a text that changes, as long as the one that named it; none for others.
    fn renamed(&self, name: &str, prefix: &str) -> Option<String> {
        let paths = ["workflows", "rules"].map(|folder| format!("{folder}/{name}.yaml"));
        let file = paths.iter().find_map(|path| self.policy.sources.find(path))?;
        let (old, edits) = (self.text(file), self.edits.get(&file)?);
        let digest = |text: &str| Digest::of(text::normalised(text).as_bytes()).to_string();
        let is_known = digest(old).starts_with(prefix);
        let new = digest(&applied(old, edits));
        is_known.then(|| new.get(..prefix.len()).map(str::to_owned)).flatten()
    }

    /// Returns where a scalar or a key stands, its quotes included.
    fn whole(&self, span: Span) -> Range<usize> {
        let (text, Range { start, end }) = (self.text(span.file), range(span));
        let before = text[..start].chars().next_back().filter(|c| matches!(c, '"' | '\''));
        match before {
            Some(quote) if text[end..].starts_with(quote) => start - 1..end + 1,
            Some(_) | None => start..end,
        }
    }
}

const fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// Returns whether the pair that begins at a place stands in braces, as their first.
fn is_flow(text: &str, start: usize) -> bool {
    text[..start].trim_end().ends_with('{')
}

/// Follows keys down a tree.
fn found<'n>(node: &'n YamlNode, path: &[&str]) -> Option<&'n YamlNode> {
    path.iter().try_fold(node, |node, key| match &node.kind {
        NodeKind::Map(pairs) => pairs.iter().find(|(known, _)| known.text == *key).map(|(_, value)| value),
        NodeKind::Scalar(_) | NodeKind::List(_) => None,
    })
}
