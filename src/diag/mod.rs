//! What is wrong in text that a person wrote: a code, a place, arguments, and no prose.
//!
//! A [`Diagnostic`] is made deep in the house, where nobody knows the reader's language; the
//! sentence is put together at a door by [`render`], from the texts in `lang`. To add one: a
//! row in the table of its room under [`codes`], its text and help in both languages under
//! `src/lang`, and a case that produces it. A test fails while any of the three is missing.
//!
//! A refusal or a fault has no place; it is a row of its room's own table, which `reasons!` makes
//! into a type, and the fields of the row are the words of its text.

use crate::lang;
use strum::IntoStaticStr;

pub mod codes;
mod flaw;
mod lines;
mod reason;
pub mod render;
mod span;

pub use codes::Code;
pub use flaw::TextFlaw;
pub use lines::{LineColumn, LineIndex};
pub use reason::Argument;
pub(crate) use reason::{args, reasons, said_of_file};
pub use span::{FileId, Source, SourceMap, Span};

/// How bad a diagnostic is. Its names stand in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Severity {
    /// The policy cannot be activated.
    Error,
    /// The policy can be activated; somebody should look.
    Warning,
}

/// One thing wrong in a policy text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which problem.
    pub code: Code,
    /// Where: the smallest piece of text to change.
    pub span: Span,
    /// The words the text of the code names, such as `("key", "enabeld")`.
    pub args: Vec<(&'static str, String)>,
    /// Other places that belong to the problem, each with the id of a short label text.
    pub related: Vec<(Span, &'static str)>,
}

impl Diagnostic {
    /// Makes a diagnostic without arguments.
    #[must_use]
    pub const fn new(code: Code, span: Span) -> Self {
        Self { code, span, args: Vec::new(), related: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Adds a did-you-mean argument `nearest` when one of `known` is close to `word`, and the
    /// list as `known`, cut where a reader would stop reading; `near` is `yes`, `no`, or
    /// `empty` when nothing is known.
    #[must_use]
    pub fn with_nearest<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let nearest = nearest(word, known.iter().copied());
        let mut list = lang::list(known.iter().take(KNOWN_LISTED));
        if known.len() > KNOWN_LISTED {
            list.push('…');
        }
        let near = match nearest {
            Some(_) => "yes",
            None if known.is_empty() => "empty",
            None => "no",
        };
        self.with("near", near).with("nearest", nearest.unwrap_or_default()).with("known", list)
    }

    /// Adds another place that belongs to the problem.
    #[must_use]
    pub fn related(mut self, span: Span, label: &'static str) -> Self {
        self.related.push((span, label));
        self
    }

    /// Returns how bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity
    }
}

/// Most names listed where none is near; the longest closed list of the language has so many.
const KNOWN_LISTED: usize = 22;

/// Returns whether any of the diagnostics forbids activation.
#[must_use]
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity() == Severity::Error)
}

/// Longest word that is compared; no name is longer, and comparing takes the square of it.
const WORD_CHARS_MAX: usize = 80;

/// Returns the known word that `word` was probably meant to be.
///
/// Two words are near when at most a third of the longer one's characters differ; a swap of
/// neighbours counts once.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > WORD_CHARS_MAX {
        return None;
    }
    known
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) * 3 <= length.max(3) * 2)
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(word, candidate);
            (distance, length.max(candidate.chars().count()), candidate)
        })
        .filter(|(distance, longest, _)| distance * 3 <= *longest || (*distance == 1 && *longest == 2))
        .min_by_key(|(distance, _, candidate)| (*distance, *candidate))
        .map(|(_, _, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_swapped_letter_is_recognised_and_another_word_is_not() {
        assert_eq!(nearest("enabeld", ["enabled", "effective"]), Some("enabled"));
        assert_eq!(nearest("所涨", ["所长", "副所长"]), Some("所长"));
        assert_eq!(nearest("zebra", ["enabled"]), None);
    }
}
