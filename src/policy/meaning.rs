//! What two versions of a policy say otherwise: by address, whatever was moved, wrapped or commented.
//!
//! A value is named by its file and the ids on the way to it, as an overlay names it; rows of a list without ids are
//! named by their place. Of a script it is told which functions differ, comments and blanks apart.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::raw::{NodeKind, YamlNode, parse};
use crate::diag::SourceMap;

/// One value that is otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeaningChange {
    pub file: String,
    /// Ids and keys on the way to it, such as `start.cycle.recur.lead`; empty for a file as a whole.
    pub address: String,
    /// None where there was nothing.
    pub from: Option<String>,
    /// None where there is nothing now.
    pub to: Option<String>,
}

/// Lists what `after` says otherwise than `before`, both by path, in the order of files and addresses.
pub fn meaning_changes(before: &[(String, String)], after: &[(String, String)]) -> Vec<MeaningChange> {
    let [before, after] = [before, after].map(|texts| -> BTreeMap<&str, &str> {
        texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect()
    });
    let files: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    let mut changes = Vec::new();
    for file in files {
        match (before.get(file), after.get(file)) {
            (Some(before), Some(after)) if before == after => {}
            (Some(before), Some(after)) => changes.extend(of_file(file, before, after)),
            (before, after) => changes.push(MeaningChange {
                file: file.to_owned(),
                address: String::new(),
                from: before.map(|text| lines_of(text)),
                to: after.map(|text| lines_of(text)),
            }),
        }
    }
    changes
}

/// How long a file is that came or went, in place of all that it says.
fn lines_of(text: &str) -> String {
    format!("{} ↵", text.lines().count())
}

fn of_file(file: &str, before: &str, after: &str) -> Vec<MeaningChange> {
    let values = if file.rsplit_once('.').is_some_and(|(_, ext)| ext == "rhai") { functions } else { values };
    let (before, after) = (values(before), values(after));
    let before = by_new_names(before, &after);
    let addresses: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |address: &String| {
        let (from, to) = (before.get(address).cloned(), after.get(address).cloned());
        let is_same = from == to;
        (!is_same).then(|| MeaningChange { file: file.to_owned(), address: address.clone(), from, to })
    };
    addresses.into_iter().filter_map(change).collect()
}

/// What stands before the old id of a step in the address of its new one.
const RENAMED: &str = "running.migrate.";

/// Calls the steps of a workflow as the text after it does, where that says which have another id.
fn by_new_names(
    before: BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let renamed =
        after.iter().filter_map(|(address, now)| Some((address.strip_prefix(RENAMED)?, now.as_str())));
    let renamed: BTreeMap<&str, &str> = renamed.collect();
    if renamed.is_empty() {
        return before;
    }
    let name = |step: &str| renamed.get(step).map_or_else(|| step.to_owned(), |now| (*now).to_owned());
    let called = |(address, value): (String, String)| {
        let mut above = "";
        let mut parts = Vec::new();
        for part in address.split('.') {
            parts.push(if matches!(above, "steps" | "next") { name(part) } else { part.to_owned() });
            above = part;
        }
        let value = if above == "go" { name(&value) } else { value };
        (parts.join("."), value)
    };
    before.into_iter().map(called).collect()
}

/// Keys whose value names a row of a list.
const NAMES: [&str; 6] = ["id", "case", "path", "kind", "code", "go"];

/// Reads the values of a file by their addresses; of one that cannot be read, its text.
fn values(text: &str) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    let file = SourceMap::default().add("", text);
    match parse(file, text, &mut Vec::new()) {
        Some(root) => gather(&root, String::new(), &mut values),
        None => {
            values.insert(String::new(), text.to_owned());
        }
    }
    values
}

fn gather(node: &YamlNode, address: String, values: &mut BTreeMap<String, String>) {
    let below = |name: &str| if address.is_empty() { name.to_owned() } else { format!("{address}.{name}") };
    match &node.kind {
        NodeKind::Scalar(scalar) => {
            values.insert(address, scalar.text.clone());
        }
        NodeKind::Map(pairs) => {
            for (key, value) in pairs {
                gather(value, below(&key.text), values);
            }
        }
        NodeKind::List(rows) if rows.iter().all(|row| row.text().is_some()) => {
            let said: Vec<&str> = rows.iter().filter_map(YamlNode::text).collect();
            values.insert(address, said.join(", "));
        }
        NodeKind::List(rows) => {
            let mut met: BTreeMap<String, usize> = BTreeMap::new();
            for (at, row) in rows.iter().enumerate() {
                let name = name_of(row).unwrap_or_else(|| (at + 1).to_string());
                let count = met.entry(name.clone()).or_default();
                *count += 1;
                let name = if *count == 1 { name } else { format!("{name}#{count}") };
                gather(row, below(&name), values);
            }
        }
    }
}

/// Finds what names a row: the first of its keys that names one.
fn name_of(row: &YamlNode) -> Option<String> {
    NAMES.iter().find_map(|name| row.at(&[name]))?.text().map(str::to_owned)
}

/// Reads the functions of a script by name, without comments and with blanks made one; what stands outside them
/// comes under the empty name.
fn functions(text: &str) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut name = String::new();
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default();
        if let Some(head) = line.trim_start().strip_prefix("fn ") {
            let end = head.find(['(', ' ']).unwrap_or(head.len());
            name = format!("fn {}", &head[..end]);
        }
        let body = all.entry(name.clone()).or_default();
        for word in line.split_whitespace() {
            if !body.is_empty() {
                body.push(' ');
            }
            body.push_str(word);
        }
    }
    all.retain(|_, body| !body.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str, file: &str) -> Vec<String> {
        let text = |text: &str| [(file.to_owned(), text.to_owned())];
        let changes = meaning_changes(&text(before), &text(after));
        let word = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
        changes.iter().map(|it| format!("{}: {} → {}", it.address, word(&it.from), word(&it.to))).collect()
    }

    #[test]
    fn a_step_that_is_called_otherwise_is_the_same_step() {
        let before = "steps:\n  a: {title: 一, next: [{go: b}]}\n  b: {due: 1 工作日, next: [{go: a}]}\n";
        let after = "running: {migrate: {b: c}}\n\
                     steps:\n  a: {title: 一, next: [{go: c}]}\n  c: {due: 2 工作日, next: [{go: a}]}\n";
        let told = told(before, after, "workflows/w.yaml");
        assert_eq!(told, ["running.migrate.b: – → c", "steps.c.due: 1 工作日 → 2 工作日"]);
    }

    #[test]
    fn layout_and_comments_mean_nothing() {
        let before = "start:\n  - {id: cycle, lead: 15 自然日}   # 提前\norder: [甲, 乙]\n";
        let after = "# 改了写法\norder:\n  - 甲\n  - 乙\nstart:\n  - id: cycle\n    lead: \"15 自然日\"\n";
        assert_eq!(told(before, after, "workflows/a.yaml"), Vec::<String>::new());
        let (before, after) = ("fn tier(s) {\n  s.a // 一\n}\n", "// 二\nfn tier(s) { s.a }\n");
        assert_eq!(told(before, after, "rules/a.rhai"), Vec::<String>::new());
    }

    #[test]
    fn a_value_is_named_by_the_ids_on_its_way() {
        let before = "start:\n  - {id: cycle, recur: {lead: 15 自然日}}\n";
        let after =
            "start:\n  - {id: second, recur: {lead: 1 自然日}}\n  - {id: cycle, recur: {lead: 5 自然日}}\n";
        assert_eq!(
            told(before, after, "workflows/a.yaml"),
            [
                "start.cycle.recur.lead: 15 自然日 → 5 自然日",
                "start.second.id: – → second",
                "start.second.recur.lead: – → 1 自然日",
            ]
        );
        let (before, after) =
            ("fn tier(s) { 1 }\nfn score(s) { 2 }\n", "fn tier(s) { 3 }\nfn score(s) { 2 }\n");
        assert_eq!(told(before, after, "rules/a.rhai"), ["fn tier: fn tier(s) { 1 } → fn tier(s) { 3 }"]);
    }
}
