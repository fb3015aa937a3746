//! Where something stands: a file and a run of bytes in it.

use std::sync::Arc;

use super::{LineColumn, LineIndex};

/// One file of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A run of bytes in one file.
///
/// # Units
/// Bytes from the start of the text, end not included; always on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

impl Span {
    /// Makes a span from byte offsets.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clip = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: clip(start), end: clip(end.max(start)) }
    }

    /// Returns the span of the `start..end` bytes of this span's own text, for problems inside
    /// an expression or a script that stands in a file.
    #[must_use]
    pub fn inner(self, start: usize, end: usize) -> Self {
        let base = self.start as usize;
        let clip = |offset: usize| (base + offset).min(self.end as usize);
        Self::new(self.file, clip(start), clip(end))
    }
}

/// One text with its name.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path below the policy folder, with `/`.
    pub path: String,
    /// The text, without a byte-order mark.
    pub text: String,
    lines: LineIndex,
}

/// Every text of one policy folder, so that any [`Span`] can be shown.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    /// Shared, because every station's text holds them.
    files: Vec<Arc<Source>>,
}

impl SourceMap {
    /// Adds a text and returns its id.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let text = text.into();
        let lines = LineIndex::new(&text);
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Arc::new(Source { path: path.into(), text, lines }));
        id
    }

    /// Returns a file.
    ///
    /// # Panics
    /// When the id comes from another map.
    #[must_use]
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// Returns every file with its id, in the order they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0_u32..).map(FileId).zip(self.files.iter().map(Arc::as_ref))
    }

    /// Returns the file of that path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.files().find(|(_, source)| source.path == path).map(|(id, _)| id)
    }

    /// Returns the text under a span.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Returns the line and column at which a span begins.
    #[must_use]
    pub fn start(&self, span: Span) -> LineColumn {
        let source = self.file(span.file);
        source.lines.at(&source.text, span.start as usize)
    }

    /// Returns the line and column just after a span.
    #[must_use]
    pub fn end(&self, span: Span) -> LineColumn {
        let source = self.file(span.file);
        source.lines.at(&source.text, span.end as usize)
    }

    /// Returns the byte offset of a line and a column counted in characters, both from 1.
    #[must_use]
    pub fn offset(&self, file: FileId, line: usize, column_chars: usize) -> usize {
        let source = self.file(file);
        source.lines.offset(&source.text, line, column_chars)
    }

    /// Returns the whole line (from 1) without its end.
    #[must_use]
    pub fn line(&self, file: FileId, line: usize) -> &str {
        let source = self.file(file);
        source.lines.line(&source.text, line)
    }
}
