//! One diagnostic, several readers: the terminal with its caret, and JSON for scripts.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;

use super::{Diagnostic, Severity, SourceMap};
use crate::lang::Lang;
use crate::lang::visible::{coloured, on_one_line, visible};

/// A diagnostic as scripts read it.
///
/// # Units
/// Lines and columns count from 1, columns in characters; `end_*` is the place just after.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct Report {
    pub severity: &'static str,
    pub code: &'static str,
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
    pub message: String,
    pub help: String,
}

/// Returns the diagnostic as scripts read it.
#[must_use]
pub fn report(diagnostic: &Diagnostic, sources: &SourceMap, lang: Lang) -> Report {
    let (start, end) = (sources.start(diagnostic.span), sources.end(diagnostic.span));
    Report {
        severity: diagnostic.severity().into_str(),
        code: diagnostic.code.id,
        file: sources.file(diagnostic.span.file).path.clone(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        message: lang.text(diagnostic.code.id, &diagnostic.args),
        help: lang.help(diagnostic.code.id, &diagnostic.args),
    }
}

/// Returns the diagnostic with the lines it is about and a caret under the right character, harmless for a terminal.
#[must_use]
pub fn terminal(diagnostic: &Diagnostic, sources: &SourceMap, lang: Lang, colour: bool) -> String {
    let source = sources.file(diagnostic.span.file);
    let args = &diagnostic.args;
    let message = lang.text(diagnostic.code.id, args);
    let help = lang.help(diagnostic.code.id, args);
    let label = lang.word(match diagnostic.severity() {
        Severity::Error => "level-error",
        Severity::Warning => "level-warning",
    });
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    }
    .with_name(label.as_str());
    let range = |span: super::Span| {
        let start = source.text.floor_char_boundary(span.start as usize);
        start..source.text.ceil_char_boundary((span.end as usize).max(start))
    };
    let labels: Vec<(std::ops::Range<usize>, String)> = diagnostic
        .related
        .iter()
        .filter(|(span, _)| span.file == diagnostic.span.file)
        .map(|(span, label)| (range(*span), lang.word(label)))
        .collect();
    let mut snippet = Snippet::source(source.text.as_str())
        .path(on_one_line(&source.path))
        .annotation(AnnotationKind::Primary.span(range(diagnostic.span)));
    for (span, label) in &labels {
        snippet = snippet.annotation(AnnotationKind::Context.span(span.clone()).label(label.as_str()));
    }
    let mut group = level.primary_title(message.as_str()).id(diagnostic.code.id).element(snippet);
    let elsewhere = diagnostic.related.iter().filter(|(span, _)| span.file != diagnostic.span.file);
    let elsewhere: Vec<_> = elsewhere.map(|(span, label)| (*span, lang.word(label))).collect();
    for (span, label) in &elsewhere {
        let source = sources.file(span.file);
        let range = source.text.floor_char_boundary(span.start as usize)
            ..source.text.ceil_char_boundary(span.end as usize);
        let mark = AnnotationKind::Context.span(range).label(label.as_str());
        let other = Snippet::source(source.text.as_str()).path(on_one_line(&source.path)).annotation(mark);
        group = group.element(other);
    }
    let help_name = lang.word("level-help");
    if !help.is_empty() {
        group = group.element(Level::HELP.with_name(help_name.as_str()).message(help.as_str()));
    }
    if colour {
        coloured(&Renderer::styled().render(&[group]))
    } else {
        visible(&Renderer::plain().render(&[group])).into_owned()
    }
}
