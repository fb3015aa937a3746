//! The file of rows that were not taken: what is wrong, in the reader's words, beside the cells.

use std::io::Write;

use super::Reject;
use crate::lang::Lang;

/// Writes rejects as CSV that a spreadsheet opens and that can be imported again once mended.
///
/// # Shape
/// UTF-8 with a byte-order mark; row, column, code and reason, then the file's own columns. A
/// cell that a spreadsheet would take for a formula gets an apostrophe, which reading takes off
/// again.
pub struct RejectsWriter<W: Write> {
    out: csv::Writer<W>,
    lang: Lang,
    columns: usize,
}

impl<W: Write> RejectsWriter<W> {
    /// Writes the heading row.
    ///
    /// # Errors
    /// When writing breaks.
    pub fn new(mut out: W, lang: Lang, headings: &[String]) -> std::io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(out);
        let own = ["rejects-row", "rejects-column", "rejects-code", "rejects-reason"];
        let own = own.map(|id| lang.word(id));
        let headings = headings.iter().map(|heading| harmless(heading));
        out.write_record(own.into_iter().chain(headings)).map_err(std::io::Error::other)?;
        Ok(Self { out, lang, columns: 4 })
    }

    /// Writes one reject; several problems of a row share its line.
    ///
    /// # Errors
    /// When writing breaks.
    pub fn write(&mut self, reject: &Reject) -> std::io::Result<()> {
        let mark = self.lang.word("rejects-mark");
        let joined = |each: &mut dyn Iterator<Item = String>| each.collect::<Vec<_>>().join(&mark);
        let problems = &reject.problems;
        let columns = joined(&mut problems.iter().filter_map(|problem| problem.column.clone()));
        let codes = joined(&mut problems.iter().map(|problem| problem.problem.code.id.to_owned()));
        let reasons = joined(&mut problems.iter().map(|problem| problem.problem.text(self.lang)));
        let own = [reject.place.row.to_string(), harmless(&columns), codes, harmless(&reasons)];
        debug_assert_eq!(own.len(), self.columns, "the heading row has the same columns of our own");
        let cells = reject.cells.iter().map(|cell| harmless(cell));
        self.out.write_record(own.into_iter().chain(cells)).map_err(std::io::Error::other)
    }

    /// Writes what is still held back and gives the file back.
    ///
    /// # Errors
    /// When writing breaks.
    pub fn finish(self) -> std::io::Result<W> {
        self.out.into_inner().map_err(|error| std::io::Error::other(error.error().to_string()))
    }
}

/// Returns a cell that no spreadsheet takes for a formula.
///
/// # Source
/// OWASP ASVS 1.2.10. A plain negative number is no formula and stays.
fn harmless(cell: &str) -> String {
    let looks_so = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let digits = cell.strip_prefix('-').unwrap_or_default();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if looks_so && !is_number { format!("'{cell}") } else { cell.to_owned() }
}
