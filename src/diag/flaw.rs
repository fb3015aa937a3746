//! What is wrong with a text whose own place is not known yet.

use std::ops::Range;

use super::{Code, Diagnostic, Span};

/// Something wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFlaw {
    pub code: Code,
    /// Where, in bytes of the text; on character boundaries.
    pub at: Range<usize>,
    /// The words its text names.
    pub args: Vec<(&'static str, String)>,
}

impl TextFlaw {
    /// Makes a flaw without arguments.
    pub const fn new(code: Code, at: Range<usize>) -> Self {
        Self { code, at, args: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Makes the diagnostic, given where the text stands.
    pub fn within(self, text: Span) -> Diagnostic {
        let Self { code, at, args } = self;
        Diagnostic { args, ..Diagnostic::new(code, text.inner(at.start, at.end)) }
    }
}
