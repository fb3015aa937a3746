//! The file of rows that were not taken: what is wrong, in the reader's words, beside the cells.

use std::collections::BTreeSet;
use std::io::Write;

use super::Reject;
use crate::lang::Lang;

/// Writes rejects as CSV that a spreadsheet opens and that can be imported again once mended.
///
/// # Shape
/// UTF-8 with a byte-order mark; row, column, code, reason and what to do, then one in which a person may confirm the
/// row, then the file's own columns. A
/// cell that a spreadsheet would take for a formula gets an apostrophe, which reading takes off
/// again.
pub struct RejectsWriter<W: Write> {
    out: csv::Writer<W>,
    lang: Lang,
    /// How many of its columns are our own.
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
        let own =
            ["row", "column", "code", "reason", "cure", "confirmed"].map(|name| format!("rejects-{name}"));
        let mut own = own.map(|id| lang.word(&id)).to_vec();
        // A file that was a file of rejects before has it already.
        if super::map::confirming(headings).is_some() {
            own.pop();
        }
        let columns = own.len();
        let headings = headings.iter().map(|heading| harmless(heading));
        out.write_record(own.into_iter().chain(headings)).map_err(std::io::Error::other)?;
        Ok(Self { out, lang, columns })
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
        let cures: BTreeSet<String> =
            problems.iter().map(|problem| problem.problem.help(self.lang)).collect();
        let cures = joined(&mut cures.into_iter());
        let row = reject.place.row.to_string();
        let own = [row, harmless(&columns), codes, harmless(&reasons), harmless(&cures), String::new()];
        let cells = reject.cells.iter().map(|cell| harmless(cell));
        self.out.write_record(own.into_iter().take(self.columns).chain(cells)).map_err(std::io::Error::other)
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
