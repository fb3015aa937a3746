//! A policy of the first version of the language, written out in the second.
//!
//! Nothing is decided anew: what `compatibility` says in silence is written into the files. Texts are
//! edited where they stand, so comments and layout stay; a policy of the second version is left alone.

use super::check::action::{goes_back, rows_of};
use super::compatibility;
use super::model::{
    Action, ActionEffect, Approver, Field, Form, InspectionRule, ItemAnswers, NumberRule, Policy, Semantics,
    Workflow,
};
use super::raw::{NodeKind, YamlNode};
use super::text;
use super::text_editor::{ChangedText, TextEditor, in_flow, is_flow, range};
use crate::diag::FileId;
use crate::digest::Digest;

/// Returns the texts that change when a policy is written out in the newest version of the language, by
/// path; none where it is in that version.
#[must_use]
pub fn upgrade(policy: &Policy) -> Vec<ChangedText> {
    if policy.semantics >= Semantics::NEWEST {
        return Vec::new();
    }
    let mut upgrade = Upgrade { policy, texts: TextEditor::new(&policy.sources) };
    upgrade.bureau();
    for workflow in &policy.workflows {
        upgrade.workflow(workflow);
    }
    for form in &policy.forms {
        upgrade.form(form);
    }
    upgrade.overlays();
    upgrade.texts.changed()
}

/// An upgrade under way.
struct Upgrade<'p> {
    policy: &'p Policy,
    texts: TextEditor<'p>,
}

impl Upgrade<'_> {
    /// Says in `bureau.yaml` which version it is, and what the bureau's words mean.
    fn bureau(&mut self) {
        let Some(file) = self.policy.sources.find("bureau.yaml") else { return };
        let Some(tree) = self.texts.tree(file) else { return };
        let version = (Semantics::NEWEST as u32).to_string();
        match tree.at(&["semantics"]) {
            Some(YamlNode { span, .. }) => self.texts.edit(file, self.texts.whole(*span), version),
            None => self.texts.insert_before(&tree, &format!("semantics: {version}")),
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
        self.texts.append(&tree, &lines);
    }

    fn workflow(&mut self, workflow: &Workflow) {
        let Some(tree) = self.texts.tree(workflow.file) else { return };
        for (at, step) in workflow.steps.iter().enumerate() {
            for action in step.kind.actions() {
                self.action(workflow, at, action);
            }
            let Some(InspectionRule { arrived, problems, level, .. }) = &step.inspection else { continue };
            if let Some(node) = tree.at(&["steps", &step.id, "records"]) {
                let kind = compatibility::INSPECTION_KIND;
                let put = format!(
                    "{{inspection: {kind}, arrived: {arrived}, problems: {problems}, level: {level}}}"
                );
                self.texts.edit(workflow.file, self.texts.whole(node.span), put);
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
        let (file, whole) = (action.span.file, self.texts.whole(action.span));
        let written = &self.texts.text(file)[whole.clone()];
        let is_quoted = written.starts_with(['"', '\'']);
        let id = if is_quoted { written.to_owned() } else { in_flow(written) };
        self.texts.edit(file, whole, format!("{{id: {id}{says}}}"));
    }

    /// Returns whether drafts wait for a role at all: whoever has a step in hand may hold it besides.
    fn signs_off(&self) -> bool {
        self.policy.documents.iter().any(|kind| matches!(kind.approver, Approver::Roles(_)))
    }

    /// Declares the field that a form's checklist is answered in.
    fn form(&mut self, form: &Form) {
        let file = form.span.file;
        let Some(tree) = self.texts.tree(file) else { return };
        if let Some(items) = tree.at(&["forms", &form.id, "items"]) {
            self.items(file, items);
        }
        let Some(Field { id, title, .. }) = form.checklist() else { return };
        let field = format!("{id}: {{title: {title}, type: items}}");
        match tree.at(&["forms", &form.id, "fields"]) {
            Some(fields) if fields.at(&[id]).is_some() => {}
            Some(fields) if !fields.pairs().is_empty() => {
                self.texts.insert_before(fields, &field);
            }
            Some(_) => {}
            None => {
                if let Some(map) = tree.at(&["forms", &form.id]) {
                    self.texts.insert_before(map, &format!("fields: {{{field}}}"));
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
            let text = self.texts.text(file);
            let said = self.texts.whole(pairs[at].0.span).start..self.texts.whole(pairs[at].1.span).end;
            let comment = format!("# {}", &text[said.clone()]);
            let before = at.checked_sub(1).map(|before| self.texts.whole(pairs[before].1.span).end);
            let gone = match (before, pairs.get(at + 1)) {
                (Some(_), _) if !is_flow(text, self.texts.whole(pairs[0].0.span).start) => {
                    self.texts.edit(file, said, comment);
                    continue;
                }
                (Some(before), _) => before..said.end,
                (None, Some((next, _))) => said.start..self.texts.whole(next.span).start,
                (None, None) => continue,
            };
            let line_end = text[gone.end..].find(['\r', '\n']).map_or(text.len(), |end| gone.end + end);
            self.texts.edit(file, gone, String::new());
            self.texts.edit(file, line_end..line_end, format!("   {comment}"));
        }
    }

    /// Names the texts as they are now where overlays say which ones they were checked against.
    fn overlays(&mut self) {
        let mut new = Vec::new();
        for (file, source) in self.policy.sources.files() {
            if !(source.path.starts_with("stations/") && source.path.ends_with("/overlay.yaml")) {
                continue;
            }
            let Some(tree) = self.texts.tree(file) else { continue };
            for (_, items) in tree.at(&["add"]).into_iter().flat_map(YamlNode::pairs) {
                self.items(file, items);
            }
            for (name, prefix) in tree.at(&["base"]).into_iter().flat_map(YamlNode::pairs) {
                let put = self.renamed(&name.text, &source.text[range(prefix.span)]);
                new.extend(put.map(|put| (file, range(prefix.span), put)));
            }
        }
        for (file, at, put) in new {
            self.texts.edit(file, at, put);
        }
    }

    /// Returns the digest's head of a text that changes, as long as the one that named it; none for others.
    fn renamed(&self, name: &str, prefix: &str) -> Option<String> {
        let paths = ["workflows", "rules"].map(|folder| format!("{folder}/{name}.yaml"));
        let file = paths.iter().find_map(|path| self.policy.sources.find(path))?;
        let (old, new) = (self.texts.text(file), self.texts.edited(file)?);
        let digest = |text: &str| Digest::of(text::normalised(text).as_bytes()).to_string();
        let is_known = digest(old).starts_with(prefix);
        let new = digest(&new);
        is_known.then(|| new.get(..prefix.len()).map(str::to_owned)).flatten()
    }
}
