//! The file of rows that were not taken: what is wrong, in the reader's words, beside the cells.

use std::collections::BTreeSet;
use std::io::Write;

use super::{CellProblem, Reject};
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
    /// How many of the file's first columns say what was wrong the last time.
    stale: usize,
    /// The file's other columns, in its order.
    headings: Vec<String>,
}

impl<W: Write> RejectsWriter<W> {
    /// Writes the heading row.
    ///
    /// # Errors
    /// When writing breaks.
    pub fn new(mut out: W, lang: Lang, headings: &[String]) -> std::io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(out);
        // A file that was a file of rejects before has the one for confirming already.
        let confirmed = Some("rejects-confirmed").filter(|_| super::map::confirming(headings).is_none());
        let own: Vec<String> = SAYS.into_iter().chain(confirmed).map(|id| lang.word(id)).collect();
        let (columns, stale) = (own.len(), stale(headings));
        let headings = headings[stale..].to_vec();
        let shown = headings.iter().map(|heading| harmless(heading));
        out.write_record(own.into_iter().chain(shown)).map_err(std::io::Error::other)?;
        Ok(Self { out, lang, columns, stale, headings })
    }

    /// Writes one reject; several problems of a row share its line.
    ///
    /// # Errors
    /// When writing breaks.
    pub fn write(&mut self, reject: &Reject) -> std::io::Result<()> {
        let mark = self.lang.word("rejects-mark");
        let joined = |each: &mut dyn Iterator<Item = String>| each.collect::<Vec<_>>().join(&mark);
        // People look for them from left to right.
        let place = |problem: &&CellProblem| {
            let column = problem.column.as_ref()?;
            self.headings.iter().position(|heading| heading == column)
        };
        let mut problems: Vec<&CellProblem> = reject.problems.iter().collect();
        problems.sort_by_key(place);
        let columns = joined(&mut problems.iter().filter_map(|problem| problem.column.clone()));
        let codes = joined(&mut problems.iter().map(|problem| problem.problem.code.id.to_owned()));
        let reasons = joined(&mut problems.iter().map(|problem| problem.problem.text(self.lang)));
        let mut said = BTreeSet::new();
        let cures = problems.iter().map(|problem| problem.problem.help(self.lang));
        let cures = joined(&mut cures.filter(|cure| said.insert(cure.clone())));
        let row = reject.place.row.to_string();
        let own = [row, harmless(&columns), codes, harmless(&reasons), harmless(&cures), String::new()];
        let cells = reject.cells.iter().skip(self.stale).map(|cell| harmless(cell));
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

/// Columns that say what is wrong with a row, before the one in which a person confirms it.
const SAYS: [&str; 5] = ["rejects-row", "rejects-column", "rejects-code", "rejects-reason", "rejects-cure"];

/// Returns how many of a file's first columns a file of rejects had put there: all of its own, or none.
fn stale(headings: &[String]) -> usize {
    let is_own = |lang: &Lang| SAYS.iter().zip(headings).filter(|(id, said)| lang.word(id) == **said).count();
    if [Lang::Zh, Lang::En].iter().any(|lang| is_own(lang) == SAYS.len()) { SAYS.len() } else { 0 }
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
