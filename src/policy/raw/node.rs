//! One YAML file as a tree in which everything knows its place.
//!
//! The YAML crate's typed reader stops at the first problem of a file, and shows neither tags,
//! anchors nor whether a scalar was quoted. So its events are read here, by the strict dialect of
//! the policy language, and the shapes of this room take their values from the tree.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_yaml::granit_parser::{Event, Options, Parser, ScalarStyle};

use super::syntax_hints::{self, GrammarStop};
use crate::diag::codes::{
    ANCHOR, DIRECTIVE, DUPLICATE_KEY, EMPTY_FILE, KEY_NOT_TEXT, MERGE_KEY, TAG, TAGGED_CONDITION, TOO_DEEP,
    TWO_DOCUMENTS,
};
use crate::diag::{Diagnostic, FileId, Span};
use crate::limits;

/// One node of a file.
#[derive(Clone, Debug)]
pub(in crate::policy) struct YamlNode {
    /// The smallest piece of text that shows it: a scalar's own text (inside its quotes), the
    /// first key of a map, the opening bracket of a list.
    pub(in crate::policy) span: Span,
    /// Where its closing bracket ends; none where it is not in brackets.
    pub(in crate::policy) closed: Option<usize>,
    pub(in crate::policy) kind: NodeKind,
}

#[derive(Clone, Debug)]
pub(in crate::policy) enum NodeKind {
    /// A scalar, as text; what it means is for the shape to say.
    Scalar(Scalar),
    List(Vec<YamlNode>),
    /// A map, in the order of the file.
    Map(Vec<(YamlKey, YamlNode)>),
}

#[derive(Clone, Debug)]
pub(in crate::policy) struct Scalar {
    /// Its text, without quotes.
    pub(in crate::policy) text: String,
    /// Written without quotes and not as a block.
    pub(in crate::policy) plain: bool,
}

/// A key of a map.
#[derive(Clone, Debug)]
pub(in crate::policy) struct YamlKey {
    /// Its text, without quotes.
    pub(in crate::policy) text: String,
    pub(in crate::policy) span: Span,
    /// Written without quotes.
    pub(in crate::policy) plain: bool,
}

impl YamlNode {
    /// Returns the text of a scalar.
    pub(in crate::policy) fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(&scalar.text),
            NodeKind::List(_) | NodeKind::Map(_) => None,
        }
    }

    /// Returns the keys of a map with their values; none of what is no map.
    pub(in crate::policy) fn pairs(&self) -> &[(YamlKey, Self)] {
        match &self.kind {
            NodeKind::Map(pairs) => pairs,
            NodeKind::Scalar(_) | NodeKind::List(_) => &[],
        }
    }

    /// Returns the members of a list, or the one that stands in its place.
    pub(in crate::policy) fn members(&self) -> &[Self] {
        match &self.kind {
            NodeKind::List(members) => members,
            NodeKind::Map(_) | NodeKind::Scalar(_) => std::slice::from_ref(self),
        }
    }

    pub(in crate::policy) const fn is_list(&self) -> bool {
        matches!(self.kind, NodeKind::List(_))
    }

    /// Follows keys down.
    pub(in crate::policy) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| {
            node.pairs().iter().find(|(known, _)| known.text == *key).map(|(_, value)| value)
        })
    }
}

impl Scalar {
    /// Returns whether nothing is written, or the words YAML has for nothing.
    pub(in crate::policy) fn is_nothing(&self) -> bool {
        self.plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }
}

/// A collection whose end has not come yet.
struct OpenNode {
    start: usize,
    is_flow: bool,
    part: OpenPart,
}

enum OpenPart {
    List(Vec<YamlNode>),
    Map { pairs: Vec<(YamlKey, YamlNode)>, key: Option<YamlKey> },
}

/// Reads one file. None when its grammar is broken; the diagnostics then say where.
pub(in crate::policy) fn parse(file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Option<YamlNode> {
    let mut options = Options::default();
    options.flow_nesting_limit = limits::POLICY_NESTING * 2;
    options.emit_unresolved_aliases = true;
    options.emit_comments = false;
    let mut tree =
        NodeBuilder { file, text, out, open: Vec::new(), root: None, documents: 0, stopped: false };
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => {
                let (start, end) = (byte(text, &span.start), byte(text, &span.end));
                tree.take(event, start..end, span.tag_start.map(|tag| byte(text, &tag)));
                if tree.documents > 1 || tree.stopped {
                    return None;
                }
            }
            Err(error) => {
                let bracket = tree.open.iter().rfind(|open| open.is_flow).map(|open| open.start);
                let stop = GrammarStop { file, text, at: byte(text, error.marker()), bracket };
                tree.out.push(stop.explain(error.kind()));
                return None;
            }
        }
    }
    let root = tree.root;
    if root.as_ref().is_none_or(|node| matches!(&node.kind, NodeKind::Scalar(s) if s.is_nothing())) {
        out.push(Diagnostic::new(EMPTY_FILE, Span::new(file, 0, 0)));
        return None;
    }
    root
}

fn byte(text: &str, marker: &serde_yaml::granit_parser::Marker) -> usize {
    let at = marker
        .byte_offset()
        .unwrap_or_else(|| text.char_indices().nth(marker.index()).map_or(text.len(), |(at, _)| at));
    text.floor_char_boundary(at)
}

struct NodeBuilder<'t, 'o> {
    file: FileId,
    text: &'t str,
    out: &'o mut Vec<Diagnostic>,
    open: Vec<OpenNode>,
    root: Option<YamlNode>,
    documents: u32,
    stopped: bool,
}

impl NodeBuilder<'_, '_> {
    fn say(&mut self, code: crate::diag::Code, start: usize, end: usize) -> &mut Diagnostic {
        self.out.push(Diagnostic::new(code, Span::new(self.file, start, end)));
        self.out.last_mut().expect("it was pushed in the line above")
    }

    /// Returns the end of the character at `start`.
    fn after(&self, start: usize) -> usize {
        start + self.text[start..].chars().next().map_or(0, char::len_utf8)
    }

    fn take(&mut self, event: Event<'_>, at: Range<usize>, tag: Option<usize>) {
        let Range { start, end } = at;
        match event {
            Event::DocumentStart(_, version) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.say(TWO_DOCUMENTS, start, end);
                }
                if version.is_some() {
                    let from = self.text.find('%').unwrap_or(start);
                    self.say(DIRECTIVE, from, from + self.text[from..].find('\n').unwrap_or(0));
                }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.say(ANCHOR, start, end);
                // What it stands for is not missed as well.
                self.scalar("alias".to_owned(), false, at);
            }
            Event::Scalar(value, style, anchor, tagged) => {
                let word = self.properties(anchor, tagged.map(|_| tag.unwrap_or(start)), start);
                match word.filter(|_| value.is_empty()) {
                    // Its tag was told; what it holds is not missed as well.
                    Some(word) => self.scalar(word, false, at),
                    None => self.scalar_of(&value, style, at),
                }
            }
            Event::SequenceStart(_, anchor, tagged) => {
                self.properties(anchor, tagged.map(|_| tag.unwrap_or(start)), start);
                self.enter(start, OpenPart::List(Vec::new()));
            }
            Event::MappingStart(_, anchor, tagged) => {
                self.properties(anchor, tagged.map(|_| tag.unwrap_or(start)), start);
                self.enter(start, OpenPart::Map { pairs: Vec::new(), key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(end),
            _ => {}
        }
    }

    /// Refuses an anchor and a tag; returns the tag.
    fn properties(&mut self, anchor: usize, tag: Option<usize>, start: usize) -> Option<String> {
        if anchor != 0 {
            let from = self.text[..start].rfind('&').unwrap_or(start);
            self.say(ANCHOR, from, start.max(from + 1));
        }
        let from = tag?;
        let end = self.text[from..].find([' ', '\n', ',', '}', ']']).map_or(self.text.len(), |n| from + n);
        let code = if self.is_condition() { TAGGED_CONDITION } else { TAG };
        let word = self.text[from..end].to_owned();
        let diagnostic = self.say(code, from, end);
        diagnostic.args.push(("word", word.clone()));
        Some(word)
    }

    fn is_condition(&self) -> bool {
        let key = |open: &OpenNode| match &open.part {
            OpenPart::Map { key: Some(key), .. } => Some(key.text.clone()),
            OpenPart::Map { key: None, .. } | OpenPart::List(_) => None,
        };
        let own = self.open.last().and_then(key);
        let above = self.open.len().checked_sub(2).and_then(|at| key(&self.open[at]));
        matches!(own.as_deref(), Some("when" | "required_when")) || above.as_deref() == Some("facts")
    }

    fn scalar_of(&mut self, value: &str, style: ScalarStyle, at: Range<usize>) {
        let plain = style == ScalarStyle::Plain;
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        let Range { start: mut from, end: mut to } = at;
        if quoted && self.text.get(from + 1..to.saturating_sub(1)) == Some(value) && !value.is_empty() {
            (from, to) = (from + 1, to - 1);
        }
        if plain {
            let in_list =
                matches!(self.open.last(), Some(OpenNode { is_flow: true, part: OpenPart::List(_), .. }));
            let is_key =
                matches!(self.open.last(), Some(OpenNode { part: OpenPart::Map { key: None, .. }, .. }));
            let shown = &self.text[from..to.max(from)];
            let found =
                if is_key { syntax_hints::in_key(shown) } else { syntax_hints::in_value(shown, in_list) };
            self.out.extend(found.map(|typo| typo.at(self.file, from)));
        }
        // A block scalar's own end is the start of what follows it.
        to = from + self.text[from..to.max(from)].trim_end().len().max(usize::from(!plain && to > from));
        self.scalar(value.to_owned(), plain, from..to);
    }

    fn scalar(&mut self, text: String, plain: bool, at: Range<usize>) {
        let span = Span::new(self.file, at.start, at.end);
        if let Some(OpenNode { part: OpenPart::Map { key: key @ None, .. }, .. }) = self.open.last_mut() {
            let is_merge = plain && text == "<<";
            *key = Some(YamlKey { text, span, plain });
            if is_merge {
                self.say(MERGE_KEY, at.start, at.end);
            }
            return;
        }
        self.put(YamlNode { span, closed: None, kind: NodeKind::Scalar(Scalar { text, plain }) });
    }

    fn enter(&mut self, start: usize, part: OpenPart) {
        if matches!(self.open.last(), Some(OpenNode { part: OpenPart::Map { key: None, .. }, .. })) {
            self.say(KEY_NOT_TEXT, start, self.after(start));
            self.stopped = true;
        }
        if self.open.len() == limits::POLICY_NESTING {
            self.stopped = true;
            let limit = limits::POLICY_NESTING.to_string();
            self.say(TOO_DEEP, start, self.after(start)).args.push(("limit", limit));
        }
        let is_flow = matches!(self.text.as_bytes().get(start), Some(b'[' | b'{'));
        self.open.push(OpenNode { start, is_flow, part });
    }

    fn leave(&mut self, end: usize) {
        let Some(OpenNode { start, is_flow, part }) = self.open.pop() else { return };
        let closed = is_flow.then_some(end);
        let node = match part {
            OpenPart::List(items) => {
                let first = items.first().filter(|_| !is_flow).map(|node| node.span);
                let span = first.unwrap_or(Span::new(self.file, start, end));
                YamlNode { span, closed, kind: NodeKind::List(items) }
            }
            OpenPart::Map { pairs, .. } => {
                self.duplicates(&pairs);
                let whole = Span::new(self.file, start, end);
                let span = pairs.first().map_or(whole, |(key, _)| key.span);
                YamlNode { span, closed, kind: NodeKind::Map(pairs) }
            }
        };
        self.put(node);
    }

    fn duplicates(&mut self, pairs: &[(YamlKey, YamlNode)]) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for (key, _) in pairs {
            if let Some(first) = seen.get(key.text.as_str()) {
                self.out.push(
                    Diagnostic::new(DUPLICATE_KEY, key.span)
                        .with("key", &key.text)
                        .with("first", line_of(self.text, *first).to_string())
                        .related(*first, "label-first"),
                );
            } else {
                seen.insert(&key.text, key.span);
            }
        }
    }

    fn put(&mut self, node: YamlNode) {
        match self.open.last_mut().map(|open| &mut open.part) {
            None => self.root = self.root.take().or(Some(node)),
            Some(OpenPart::List(items)) => items.push(node),
            Some(OpenPart::Map { pairs, key }) => pairs.extend(key.take().map(|key| (key, node))),
        }
    }
}

/// Returns the line, from 1, a span begins in.
pub(in crate::policy) fn line_of(text: &str, span: Span) -> usize {
    text[..(span.start as usize).min(text.len())].matches('\n').count() + 1
}
