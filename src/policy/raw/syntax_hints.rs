//! Why a file is not the YAML its writer meant: the character to change, not the place where a
//! parser gave up.

use serde_yaml::granit_parser::ErrorKind;

use crate::diag::codes::{
    ANCHOR, BAD_ESCAPE, BAD_INDENT, COLON_IN_TEXT, DIRECTIVE, FULL_WIDTH, NO_SPACE_AFTER_COLON, TAB, TAG,
    TAGGED_CONDITION, TOO_DEEP, TWO_DOCUMENTS, UNCLOSED, YAML_SYNTAX,
};
use crate::diag::{Code, Diagnostic, FileId, Span};
use crate::limits;

/// Full-width marks people type where the grammar wants the half-width one.
const FULL_WIDTH_MARKS: [(char, &str); 14] = [
    ('：', ":"),
    ('，', ","),
    ('“', "\""),
    ('”', "\""),
    ('‘', "'"),
    ('’', "'"),
    ('［', "["),
    ('］', "]"),
    ('｛', "{"),
    ('｝', "}"),
    ('【', "["),
    ('】', "]"),
    ('＃', "#"),
    ('\u{3000}', " "),
];

/// A mistyped character in a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Typo {
    start: usize,
    mark: char,
}

impl Typo {
    /// Returns the diagnostic, for a piece of text that begins at `base` of the file.
    pub(super) fn at(self, file: FileId, base: usize) -> Diagnostic {
        let start = base + self.start;
        let span = Span::new(file, start, start + self.mark.len_utf8());
        match half_width(self.mark) {
            Some(half) => Diagnostic::new(FULL_WIDTH, span)
                .with("character", shown(self.mark))
                .with("wanted", if half == " " { "space" } else { half }),
            None => Diagnostic::new(NO_SPACE_AFTER_COLON, span),
        }
    }
}

/// An ideographic space cannot be seen, so it is shown by its name.
fn shown(mark: char) -> String {
    if mark == '\u{3000}' { "U+3000".to_owned() } else { mark.to_string() }
}

fn half_width(mark: char) -> Option<&'static str> {
    FULL_WIDTH_MARKS.iter().find(|(full, _)| *full == mark).map(|(_, half)| *half)
}

/// Returns what is wrong with a plain key, if something is.
pub(super) fn in_key(key: &str) -> Option<Typo> {
    key.char_indices()
        .find(|(_, c)| half_width(*c).is_some() || *c == ':')
        .map(|(start, mark)| Typo { start, mark })
}

/// Returns what is wrong with a plain value, if something is.
///
/// Full-width marks belong in sentences; they are wrong only where they can be nothing but a
/// typo: as quotes round the whole, as a bracket at its start, as a comma inside a bracketed list,
/// or as a space at either end.
pub(super) fn in_value(value: &str, in_bracketed_list: bool) -> Option<Typo> {
    let first = value.chars().next()?;
    let last = value.chars().next_back()?;
    let quoted = (first == '“' && matches!(last, '”' | '“')) || (first == '‘' && matches!(last, '’' | '‘'));
    if quoted || matches!(first, '［' | '｛' | '\u{3000}') {
        return Some(Typo { start: 0, mark: first });
    }
    if last == '\u{3000}' {
        return Some(Typo { start: value.len() - last.len_utf8(), mark: last });
    }
    if in_bracketed_list {
        let comma = value.char_indices().find(|(_, c)| matches!(c, '，' | '］'));
        return comma.map(|(start, mark)| Typo { start, mark });
    }
    None
}

/// Returns what is wrong with a value that should have been a map or a list and is plain text.
pub(super) fn in_place_of_map(text: &str) -> Option<Typo> {
    in_line(text)
}

/// Lines looked back over for the cause of a grammar error; the parser gives up on the line
/// after a broken key, or at the end of a run of text that the break joined together.
const LINES_BACK: usize = 6;

/// Where the parser gave up.
pub(super) struct GrammarStop<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    /// The byte.
    pub(super) at: usize,
    /// The innermost bracket that is still open.
    pub(super) bracket: Option<usize>,
}

impl GrammarStop<'_> {
    /// Explains why.
    pub(super) fn explain(&self, kind: &ErrorKind) -> Diagnostic {
        let Self { file, text, at, bracket } = *self;
        if let Some(diagnostic) = typo_near(file, text, at) {
            return diagnostic;
        }
        let here = Span::new(file, at, at + text[at..].chars().next().map_or(0, char::len_utf8));
        if let Some(quote) = open_quote(text, at) {
            return Diagnostic::new(UNCLOSED, Span::new(file, quote, quote + 1));
        }
        let mut code = code_of(kind);
        if code == COLON_IN_TEXT && bracket.is_some_and(|open| begins_line_below(text, open, at)) {
            code = UNCLOSED;
        }
        match (code, bracket) {
            (TAG, _) => tag(file, text, at),
            (TOO_DEEP, _) => Diagnostic::new(code, here).with("limit", limits::POLICY_NESTING.to_string()),
            (UNCLOSED, Some(open)) => Diagnostic::new(code, Span::new(file, open, open + 1)),
            _ => Diagnostic::new(code, here),
        }
    }
}

/// Returns the quote on or before the line of `at` that its own line does not close; a policy has
/// no reason to let quoted text run over lines.
fn open_quote(text: &str, at: usize) -> Option<usize> {
    let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    let mut start = 0;
    for line in text[..end].split('\n') {
        let code = line.split(" #").next().unwrap_or(line);
        let is_comment = line.trim_start().starts_with('#');
        if !is_comment && code.matches('"').count() % 2 == 1 {
            return code.rfind('"').map(|n| start + n);
        }
        start += line.len() + 1;
    }
    None
}

/// Returns whether `at` is the first colon of a line below the bracket at `open`: a new key, where
/// the bracket should have been closed.
fn begins_line_below(text: &str, open: usize, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |n| n + 1);
    open < line && !text[line..at].contains([':', '{', '[', ','])
}

fn code_of(kind: &ErrorKind) -> Code {
    use ErrorKind as K;
    match kind {
        K::UnexpectedEofFlowSequence
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping
        | K::UnclosedFlowCollection { .. }
        | K::MismatchedFlowCollectionEnd { .. }
        | K::ExpectedFlowMappingSeparator
        | K::ExpectedFlowSequenceSeparator
        | K::UnclosedQuotedScalar
        | K::InvalidFlowScalarIndent => UNCLOSED,
        K::InvalidIndentation
        | K::ExpectedBlockMappingKey
        | K::ExpectedBlockSequenceEntry
        | K::InvalidBlockScalarIndent
        | K::InvalidQuotedScalarIndent
        | K::BlockSequenceEntryNotAllowed
        | K::MappingKeyNotAllowed => BAD_INDENT,
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabAtBlockScalarStart
        | K::TabInIndentation
        | K::TabInPlainScalar => TAB,
        K::ExpectedTagBang
        | K::UndeclaredTagHandle
        | K::InvalidGlobalTagCharacter
        | K::InvalidTagTerminator
        | K::MissingTagUri
        | K::UnclosedVerbatimTag
        | K::InvalidTagEscape => TAG,
        K::UnknownAnchor | K::MissingAnchorOrAliasName | K::AnchorCountOverflow => ANCHOR,
        K::MissingDocumentEndBeforeDirective | K::DirectiveDisallowed | K::InvalidDirectiveName => DIRECTIVE,
        K::MultipleDocumentsUnsupported | K::ExpectedDocumentStart => TWO_DOCUMENTS,
        K::RecursionLimitExceeded => TOO_DEEP,
        K::UnknownQuotedScalarEscape | K::InvalidQuotedScalarHexEscape | K::InvalidUnicodeEscape => {
            BAD_ESCAPE
        }
        K::MappingValueNotAllowed | K::InvalidColonPlacement | K::InvalidMappingValueWhitespace => {
            COLON_IN_TEXT
        }
        _ => YAML_SYNTAX,
    }
}

fn tag(file: FileId, text: &str, at: usize) -> Diagnostic {
    let line_start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    let line_end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    let bang = text[line_start..line_end].find('!').map_or(at, |n| line_start + n);
    let end = text[bang..line_end].find([' ', ',', '}', ']']).map_or(line_end, |n| bang + n);
    let before = text[line_start..bang].trim_end();
    let code = if before.ends_with("when:") { TAGGED_CONDITION } else { TAG };
    Diagnostic::new(code, Span::new(file, bang, end)).with("word", text[bang..end].trim_end())
}

/// Looks for a typo on the line of `at` and the few lines before it.
fn typo_near(file: FileId, text: &str, at: usize) -> Option<Diagnostic> {
    let mut end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    for _ in 0..LINES_BACK {
        let start = text[..end].rfind('\n').map_or(0, |n| n + 1);
        if let Some(typo) = in_line(text[start..end].trim_end_matches('\r')) {
            return Some(typo.at(file, start));
        }
        if start == 0 {
            return None;
        }
        end = start - 1;
    }
    None
}

/// Where the walk over one line stands.
enum Spot {
    /// A key may begin here, or be going on.
    Key { start: usize },
    /// Behind a key's colon.
    Value { start: usize },
}

/// Looks for a typo in the structure of one line.
fn in_line(line: &str) -> Option<Typo> {
    let indent = line.len() - line.trim_start().len();
    if let Some((start, mark)) = line[..indent].char_indices().find(|(_, c)| *c == '\u{3000}') {
        return Some(Typo { start, mark });
    }
    let mut at = Spot::Key { start: skip_dashes(line, indent) };
    let mut brackets: Vec<char> = Vec::new();
    let mut quote: Option<char> = None;
    let mut chars = line.char_indices().skip_while(|(n, _)| *n < indent).peekable();
    while let Some((n, c)) = chars.next() {
        if let Some(open) = quote {
            if c == open {
                quote = None;
            }
            continue;
        }
        let next = chars.peek().map(|(_, c)| *c);
        let is_start = match at {
            Spot::Key { start } | Spot::Value { start } => line[start.min(n)..n].trim().is_empty(),
        };
        match (c, &at) {
            ('#', _) if n == 0 || line[..n].ends_with([' ', '\t']) => return None,
            ('"' | '\'', _) if is_start => quote = Some(c),
            ('{' | '[', _) if is_start => {
                brackets.push(c);
                at = if c == '{' { Spot::Key { start: n + 1 } } else { Spot::Value { start: n + 1 } };
            }
            ('}' | ']', _) if !brackets.is_empty() => {
                brackets.pop();
                at = Spot::Value { start: n + 1 };
            }
            (',', _) if brackets.last() == Some(&'{') => at = Spot::Key { start: n + 1 },
            (',', _) if brackets.last() == Some(&'[') => at = Spot::Value { start: n + 1 },
            (':', Spot::Key { .. }) => match next {
                None | Some(' ' | '\t') => at = Spot::Value { start: n + 1 },
                Some('\u{3000}') => return Some(Typo { start: n + 1, mark: '\u{3000}' }),
                Some(_) if is_word(line, &at, n) => return Some(Typo { start: n, mark: ':' }),
                Some(_) => return None,
            },
            ('：', Spot::Key { .. }) if is_word(line, &at, n) => {
                return Some(Typo { start: n, mark: c });
            }
            ('“' | '‘' | '［' | '｛', _) if is_start => return Some(Typo { start: n, mark: c }),
            ('，', Spot::Value { .. })
                if !brackets.is_empty() && splits(&line[n + c.len_utf8()..], &brackets) =>
            {
                return Some(Typo { start: n, mark: c });
            }
            ('］' | '｝', _) if !brackets.is_empty() => return Some(Typo { start: n, mark: c }),
            _ => {}
        }
    }
    None
}

fn skip_dashes(line: &str, indent: usize) -> usize {
    let mut start = indent;
    while line[start..].starts_with("- ") {
        start += 2 + line[start + 2..].len() - line[start + 2..].trim_start().len();
    }
    start
}

/// Returns whether what stands before byte `n` can be a key: one word, not a number (`17:30`).
fn is_word(line: &str, at: &Spot, n: usize) -> bool {
    let Spot::Key { start } = *at else { return false };
    let word = line[start.min(n)..n].trim();
    !word.is_empty()
        && !word.contains([' ', '(', '>', '<', '='])
        && !word.chars().all(|c| c.is_ascii_digit())
        && !line[n..].starts_with("://")
}

/// Returns whether a full-width comma before `rest` stands where a half-width one is meant.
fn splits(rest: &str, brackets: &[char]) -> bool {
    if brackets.last() == Some(&'[') {
        return true;
    }
    let until = rest.find([',', '，', '}']).unwrap_or(rest.len());
    rest[..until].contains([':', '：'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(line: &str) -> Option<(usize, char)> {
        in_line(line).map(|typo| (line[..typo.start].chars().count() + 1, typo.mark))
    }

    #[test]
    fn typos_are_found_where_they_stand() {
        assert_eq!(mark("  名称： 红牌"), Some((5, '：')));
        assert_eq!(mark("  - {go： patrol}"), Some((8, '：')));
        assert_eq!(mark("id:sample"), Some((3, ':')));
        assert_eq!(mark("{id:sample}"), Some((4, ':')));
        assert_eq!(mark("{go: a，say: b}"), Some((7, '，')));
        assert_eq!(mark("title: “红牌"), Some((8, '“')));
        assert_eq!(mark("order: [甲，乙］"), Some((10, '，')));
    }

    #[test]
    fn sentences_and_times_are_left_alone() {
        for line in [
            "title: 发现重大问题，转入行政处罚程序：甲",
            "- {when: 重大问题 > 0, say: 发现重大问题，转入行政处罚程序}",
            "# 风险等级：从高到低",
            "at: 17:30",
            "says: \"一：二\"",
            "note: http://example.org",
        ] {
            assert_eq!(mark(line), None, "{line}");
        }
    }
}
