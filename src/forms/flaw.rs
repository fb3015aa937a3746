//! What is wrong with an answer.

use crate::diag::{Code, nearest};
use crate::lang;

/// One thing wrong with an answer or an attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerFlaw {
    /// Where: ids with dots, rows counted from 1, such as `problems.2.level`; empty for the whole.
    pub path: String,
    pub code: Code,
    /// The words its text names.
    pub args: Vec<(&'static str, String)>,
}

/// A place in an answer, and what it is called there.
#[derive(Clone, Copy)]
pub(super) struct FieldPlace<'a> {
    /// As in [`AnswerFlaw::path`].
    pub(super) path: &'a str,
    pub(super) title: &'a str,
}

impl FieldPlace<'_> {
    pub(super) fn flaw(&self, code: Code) -> AnswerFlaw {
        AnswerFlaw::new(code, self.path, self.title)
    }
}

impl AnswerFlaw {
    /// Makes a flaw at a place, called `field` in its text.
    pub(super) fn new(code: Code, path: impl Into<String>, field: &str) -> Self {
        let path = path.into();
        // A cell of a table is known by its row, too.
        let row = path.split('.').find(|part| part.parse::<u32>().is_ok()).unwrap_or("0").to_owned();
        Self { path, code, args: vec![("field", field.to_owned()), ("row", row)] }
    }

    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Adds what was written, and what was probably meant.
    #[must_use]
    pub(super) fn near<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let nearest = nearest(word, known.iter().copied()).unwrap_or_default();
        let near = if nearest.is_empty() { "no" } else { "yes" };
        self.with("word", word).with("near", near).with("nearest", nearest).with("known", lang::list(known))
    }
}
