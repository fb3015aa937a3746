//! Writing to people and to scripts: tables that line up under Chinese, and JSON.

use std::io::{ErrorKind, IsTerminal, Write};

use unicode_width::UnicodeWidthStr;

use crate::lang::Lang;

/// Makes the words of a text of fields of the same names.
macro_rules! words_of {
    ($of:expr => $($field:ident),+ $(,)?) => { [$((stringify!($field), $of.$field.to_string())),+] };
}

pub(super) use words_of;

/// Writes a line to stdout; a closed pipe ends the process quietly, as `| head` expects.
pub(crate) fn line(text: &str) {
    write(&format!("{text}\n"));
}

/// Writes a line to stderr, where progress, hints and errors go.
pub(crate) fn note(text: &str) {
    // Nothing can be said when stderr itself is gone.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes a value after the word `head-<name>`.
pub(crate) fn field(lang: Lang, name: &str, value: &str) {
    line(&format!("{}: {value}", lang.word(&format!("head-{name}"))));
}

fn write(text: &str) {
    let written = std::io::stdout().lock().write_all(text.as_bytes());
    if written.is_err_and(|error| error.kind() == ErrorKind::BrokenPipe) {
        std::process::exit(0);
    }
}

/// Returns whether errors on stderr may be coloured.
pub(crate) fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Returns whether answers on stdout may be coloured.
pub(crate) fn stdout_colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// A table whose columns line up in display cells.
pub(crate) struct TextTable {
    rows: Vec<Vec<String>>,
}

impl TextTable {
    /// Begins a table with its headings.
    pub(crate) fn new<S: Into<String>>(headings: impl IntoIterator<Item = S>) -> Self {
        Self { rows: vec![headings.into_iter().map(Into::into).collect()] }
    }

    /// Begins a table with the words `head-<name>`.
    pub(crate) fn headed<const N: usize>(lang: Lang, names: [&str; N]) -> Self {
        Self::new(names.map(|name| lang.word(&format!("head-{name}"))))
    }

    /// Adds a row.
    pub(crate) fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Writes the table.
    pub(crate) fn print(&self) {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|c| c.width()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        for row in &self.rows {
            let cells = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width()))));
            line(cells.collect::<Vec<_>>().join("  ").trim_end());
        }
    }
}
