//! Edits of policy texts where they stand, so that comments and layout stay.
//!
//! Places come from the tree of a text ([`YamlNode`]), edits are gathered by file and carried out together;
//! no two of them may overlap. What is put in stands as its neighbours do: in brackets, or on lines of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Serialize;

use super::raw::{self, NodeKind, YamlKey, YamlNode};
use crate::diag::{FileId, SourceMap, Span};

/// A text as it is to stand from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedText {
    /// Its path below the policy folder.
    pub path: String,
    pub text: String,
    /// Where it is another one, from the top to the bottom.
    pub hunks: Vec<TextHunk>,
}

/// Lines of a text that are others now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TextHunk {
    /// The first of them, from 1, as the text was.
    pub line: usize,
    pub old: Vec<String>,
    pub new: Vec<String>,
}

/// One edit: what stands in a place is replaced.
pub(super) struct TextEdit {
    at: Range<usize>,
    put: String,
}

/// Texts of a policy and what is to be changed in them, in the order it was asked for.
pub(super) struct TextEditor<'p> {
    sources: &'p SourceMap,
    edits: BTreeMap<FileId, Vec<TextEdit>>,
}

impl<'p> TextEditor<'p> {
    pub(super) const fn new(sources: &'p SourceMap) -> Self {
        Self { sources, edits: BTreeMap::new() }
    }

    /// Returns the texts that change, by path.
    pub(super) fn changed(&self) -> Vec<ChangedText> {
        let changed = self.edits.iter().map(|(file, edits)| {
            let source = self.sources.file(*file);
            let text = applied(&source.text, edits);
            ChangedText { path: source.path.clone(), text, hunks: hunks(&source.text, edits) }
        });
        changed.collect()
    }

    /// Returns a text as its edits make it; none where nothing changes.
    pub(super) fn edited(&self, file: FileId) -> Option<String> {
        Some(applied(self.text(file), self.edits.get(&file)?))
    }

    pub(super) fn text(&self, file: FileId) -> &'p str {
        &self.sources.file(file).text
    }

    /// Returns whether something that stands in a place is replaced already.
    pub(super) fn is_edited(&self, span: Span) -> bool {
        let whole = self.whole(span);
        let edits = self.edits.get(&span.file).map(Vec::as_slice).unwrap_or_default();
        edits.iter().any(|edit| edit.at.start < whole.end && whole.start < edit.at.end)
    }

    /// Returns how lines of a file end.
    fn line_end(&self, file: FileId) -> &'static str {
        if self.text(file).contains("\r\n") { "\r\n" } else { "\n" }
    }

    pub(super) fn tree(&self, file: FileId) -> Option<YamlNode> {
        raw::parse(file, self.text(file), &mut Vec::new())
    }

    pub(super) fn edit(&mut self, file: FileId, at: Range<usize>, put: String) {
        self.edits.entry(file).or_default().push(TextEdit { at, put });
    }

    /// Puts a pair before the first pair of a map, as that one is written.
    pub(super) fn insert_before(&mut self, map: &YamlNode, pair: &str) {
        let (file, text) = (map.span.file, self.text(map.span.file));
        let start = self.whole(map.span).start;
        let line = line_start(text, start);
        let put = if is_flow(text, start) {
            format!("{pair}, ")
        } else {
            format!("{pair}{}{}", self.line_end(file), &text[line..start])
        };
        self.edit(file, start..start, put);
    }

    /// Puts pairs at the end of a file, or into the map that is the whole of it.
    pub(super) fn append(&mut self, tree: &YamlNode, lines: &[String]) {
        let file = tree.span.file;
        let (text, end) = (self.text(file), self.line_end(file));
        let start = self.whole(tree.span).start;
        if is_flow(text, start) {
            self.edit(file, start..start, format!("{}, ", lines.join(", ")));
            return;
        }
        let gap = if text.ends_with(['\n', '\r']) { end.to_owned() } else { end.repeat(2) };
        self.edit(file, text.len()..text.len(), format!("{gap}{}{end}", lines.join(end)));
    }

    /// Puts something after a member of a map or a list, as that one is written.
    fn put_after(&mut self, known: Member<'_>, is_flow: bool, put: &str) {
        let (file, text) = (known.value.span.file, self.text(known.value.span.file));
        let end = self.end_of(known.value);
        if is_flow {
            self.edit(file, end..end, format!(", {put}"));
            return;
        }
        let start = known.key.map_or_else(|| dash(text, known.value), |key| self.whole(key.span).start);
        // A map in a list begins behind the mark of its member.
        let indent: String = text[line_start(text, start)..start]
            .chars()
            .map(|letter| if letter == '-' { ' ' } else { letter })
            .collect();
        let mark = if known.key.is_none() { "- " } else { "" };
        let at = line_end(text, end);
        self.edit(file, at..at, format!("{}{indent}{mark}{put}", self.line_end(file)));
    }

    /// Puts a pair at the end of a map.
    pub(super) fn add_pair(&mut self, map: &YamlNode, pair: &str) {
        let NodeKind::Map(pairs) = &map.kind else { return };
        if let Some((key, value)) = pairs.last() {
            self.put_after(Member { key: Some(key), value }, map.closed.is_some(), pair);
        }
    }

    /// Puts members into a list: after one of them, or at the end.
    pub(super) fn add_members(&mut self, list: &YamlNode, after: Option<usize>, new: &[String]) {
        let NodeKind::List(members) = &list.kind else { return };
        let known = after.and_then(|at| members.get(at)).or_else(|| members.last());
        let Some(value) = known else {
            let at = list.closed.map_or_else(|| range(list.span).start, |end| end - 1);
            self.edit(list.span.file, at..at, new.join(", "));
            return;
        };
        for put in new {
            self.put_after(Member { key: None, value }, list.closed.is_some(), put);
        }
    }

    /// Puts a member before all others of a list.
    pub(super) fn insert_first(&mut self, list: &YamlNode, put: &str) {
        let NodeKind::List(members) = &list.kind else { return };
        let Some(first) = members.first() else { return };
        let (file, text) = (list.span.file, self.text(list.span.file));
        if list.closed.is_some() {
            let start = self.whole(first.span).start;
            let start = first.closed.and_then(|_| text[..start].rfind(['{', '['])).unwrap_or(start);
            self.edit(file, start..start, format!("{put}, "));
            return;
        }
        let mark = dash(text, first);
        let line = line_start(text, mark);
        self.edit(file, line..line, format!("{}- {put}{}", &text[line..mark], self.line_end(file)));
    }

    /// Puts a text in the place of a scalar, its quotes included.
    pub(super) fn replace(&mut self, scalar: &YamlNode, put: String) {
        self.edit(scalar.span.file, self.whole(scalar.span), put);
    }

    /// Takes pairs out of a map in which others stay.
    pub(super) fn remove_pairs(&mut self, map: &YamlNode, gone: &BTreeSet<&str>) {
        let NodeKind::Map(pairs) = &map.kind else { return };
        let (file, text) = (map.span.file, self.text(map.span.file));
        let is_gone = |(key, _): &&(YamlKey, YamlNode)| gone.contains(key.text.as_str());
        let start = |at: usize| self.whole(pairs[at].0.span).start;
        let kept = pairs.iter().rposition(|pair| !is_gone(&pair));
        let mut ranges = Vec::new();
        for (at, _) in pairs.iter().enumerate().filter(|(_, pair)| is_gone(pair)) {
            let (from, end) = (start(at), self.end_of(&pairs[at].1));
            let line = line_start(text, from);
            let is_own_line = map.closed.is_none() && text[line..from].trim().is_empty();
            ranges.push(match (is_own_line, pairs.get(at + 1), kept) {
                (true, ..) => line..next_line(text, end),
                (false, Some(_), Some(last)) if last > at => from..start(at + 1),
                (false, None, Some(last)) => self.end_of(&pairs[last].1)..end,
                (false, ..) => continue,
            });
        }
        for at in ranges {
            self.edit(file, at, String::new());
        }
    }

    /// Takes a member out of a list in block style in which others stay.
    pub(super) fn remove_member(&mut self, list: &YamlNode, at: usize) {
        let NodeKind::List(members) = &list.kind else { return };
        let (file, text) = (list.span.file, self.text(list.span.file));
        let begin = |member: &YamlNode| line_start(text, dash(text, member));
        let end = members.get(at + 1).map_or(text.len(), begin);
        self.edit(file, begin(&members[at])..end, String::new());
    }

    /// Returns where a node ends: behind its bracket, its quote or its last letter.
    pub(super) fn end_of(&self, node: &YamlNode) -> usize {
        let last = match &node.kind {
            _ if node.closed.is_some() => return node.closed.unwrap_or_default(),
            NodeKind::Scalar(_) => None,
            NodeKind::List(members) => members.last(),
            NodeKind::Map(pairs) => pairs.last().map(|(_, value)| value),
        };
        last.map_or_else(|| self.whole(node.span).end, |last| self.end_of(last))
    }

    /// Writes a node in brackets, on one line.
    pub(super) fn flow(&self, node: &YamlNode) -> String {
        match &node.kind {
            NodeKind::Scalar(scalar) => {
                let written = &self.text(node.span.file)[self.whole(node.span)];
                let is_quoted = written.starts_with(['"', '\'']) && !written.contains('\n');
                if is_quoted { written.to_owned() } else { in_flow(&scalar.text) }
            }
            NodeKind::List(members) => {
                let members: Vec<String> = members.iter().map(|member| self.flow(member)).collect();
                format!("[{}]", members.join(", "))
            }
            NodeKind::Map(pairs) => {
                let pair = |(key, value): &(YamlKey, YamlNode)| {
                    format!("{}: {}", &self.text(key.span.file)[self.whole(key.span)], self.flow(value))
                };
                format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// Returns where a scalar or a key stands, its quotes included.
    pub(super) fn whole(&self, span: Span) -> Range<usize> {
        let (text, Range { start, end }) = (self.text(span.file), range(span));
        let before = text[..start].chars().next_back().filter(|c| matches!(c, '"' | '\''));
        match before {
            Some(quote) if text[end..].starts_with(quote) => start - 1..end + 1,
            Some(_) | None => start..end,
        }
    }
}

/// A member of a map, with its key, or of a list.
#[derive(Clone, Copy)]
struct Member<'n> {
    key: Option<&'n YamlKey>,
    value: &'n YamlNode,
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

/// Lists the lines that edits change, those next to each other together.
fn hunks(text: &str, edits: &[TextEdit]) -> Vec<TextHunk> {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.at.start, edit.at.end));
    let mut parts: Vec<(Range<usize>, Vec<&TextEdit>)> = Vec::new();
    for edit in sorted {
        let lines = line_start(text, edit.at.start)..line_end(text, edit.at.end);
        match parts.last_mut().filter(|(known, _)| lines.start <= known.end) {
            Some((known, edits)) => {
                known.end = known.end.max(lines.end);
                edits.push(edit);
            }
            None => parts.push((lines, vec![edit])),
        }
    }
    let hunk = |(lines, edits): (Range<usize>, Vec<&TextEdit>)| {
        let mut new = text[lines.clone()].to_owned();
        for TextEdit { at, put } in edits.into_iter().rev() {
            new.replace_range(at.start - lines.start..at.end - lines.start, put);
        }
        let (old, new): (Vec<&str>, Vec<&str>) =
            (text[lines.clone()].lines().collect(), new.lines().collect());
        let same = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
        let rest = old[same..].iter().rev().zip(new[same..].iter().rev());
        let end = rest.take_while(|(one, other)| one == other).count();
        let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        TextHunk {
            line: text[..lines.start].matches('\n').count() + 1 + same,
            old: owned(&old[same..old.len() - end]),
            new: owned(&new[same..new.len() - end]),
        }
    };
    parts.into_iter().map(hunk).collect()
}

/// Writes a scalar so that it may stand in brackets.
pub(super) fn in_flow(text: &str) -> String {
    let is_bare = !text.contains([',', '[', ']', '{', '}', ':', '#', '"', '\n'])
        && !text.starts_with(['\'', '&', '*', '!', '|', '>', '%', '@', '`', '?'])
        && text.trim() == text
        && !text.is_empty();
    if is_bare { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

pub(super) const fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// Returns whether the pair that begins at a place stands in braces, as their first.
pub(super) fn is_flow(text: &str, start: usize) -> bool {
    text[..start].trim_end().ends_with('{')
}

/// Returns where the mark of a list's member stands.
fn dash(text: &str, member: &YamlNode) -> usize {
    let start = range(member.span).start;
    text[..start].rfind('-').unwrap_or(start)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |at| at + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end)
}

fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}
