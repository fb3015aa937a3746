//! Rows of a file made into rows of the register: decoded, cut, mapped, checked.
//!
//! ```text
//!  bytes ─▶ decode ─▶ split ─▶ map (columns to fields) ─▶ cell (text to value) ─▶ rows
//!                        └──────────── rejects ◀───────────────┘
//! ```
//!
//! This room opens nothing: it is handed something to read, and gives batches of good rows and
//! of rejects, each reject with every problem of its row. A row is judged by itself and by the
//! rows before it in the file; whether the register has the station or subject it names is for
//! the caller to ask, who can turn a good row into a reject with [`RowBatch::reject`], and settles each [`Doubt`].
//! Subjects may then go through a [`Sorter`], which gives them back in the order of the register.
//!
//! To add a field: a row in `FIELDS` of its row type, a line in its `take`. To add
//! a spelling of a value: `cell`. To add a problem: a code, its texts, a file under
//! `tests/register/bad`.

mod attribute_cell;
mod cell;
mod cells;
mod credit_code;
mod decode;
mod field_change;
mod id_cell;
mod id_set;
mod map;
mod rejects;
mod rows;
mod runs;
pub mod sample;
mod split;

pub use field_change::FieldChange;
pub use map::RowSchema;
pub use rejects::RejectsWriter;
pub use rows::{GridRow, ImportRow, InspectionRow, OfficerRow, StationRow, SubjectRow};
pub use runs::{MergedRuns, Sorter};

use std::io::Read;

use crate::diag::{Code, codes, nearest};
use crate::id::person_id;
use crate::lang::{self, Lang};
use crate::limits::IMPORT_ROWS;
use attribute_cell::CodeTable;
use cells::Cells;
use id_set::IdSet;
use map::ColumnPlan;
use split::{SplitRow, Splitter};

/// What a batch keeps of its file before it is given out early, so that neither rejects nor rows of a great
/// many empty cells can fill the memory.
const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// Rows a batch has room for from the start.
const ROWS_EXPECTED: usize = 10_000;

/// What a problem quotes of a value, in bytes.
const QUOTED_BYTES: usize = 80;

/// One thing wrong with a file, a row or a cell: a code and the words its text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which problem.
    pub code: Code,
    /// The words the text of the code names.
    pub args: Vec<(&'static str, String)>,
}

impl Problem {
    /// Makes a problem without arguments.
    pub const fn new(code: Code) -> Self {
        Self { code, args: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Returns the sentence in the reader's language.
    pub fn text(&self, lang: Lang) -> String {
        lang.text(self.code.id, &self.args)
    }

    /// Returns what to do, in the reader's language.
    pub fn help(&self, lang: Lang) -> String {
        lang.help(self.code.id, &self.args)
    }

    /// Quotes the value, shortened.
    #[must_use]
    pub fn value(self, value: &str) -> Self {
        let short = split::clip(value, QUOTED_BYTES);
        let more = if short.len() < value.len() { "…" } else { "" };
        self.with("value", format!("{short}{more}"))
    }

    /// Names a place in the value; `at` counts characters from 0, people from 1.
    fn at(self, at: usize) -> Self {
        self.with("position", (at + 1).to_string())
    }

    fn point(self, letter: char) -> Self {
        self.with("point", format!("U+{:04X}", letter as u32))
    }

    /// Adds what `word` was probably meant to be, and all it could have been.
    #[must_use]
    pub fn near(self, word: &str, known: &[String]) -> Self {
        let near = nearest(word, known.iter().map(String::as_str));
        let is_near = if near.is_some() { "yes" } else { "no" };
        self.with("is_near", is_near)
            .with("nearest", near.unwrap_or_default())
            .with("known", lang::list(known))
    }
}

/// Why a file is not read, or not read to its end.
#[derive(Debug)]
pub enum FileStop {
    /// Something is wrong with the file or with the map; every such problem.
    File(Vec<Problem>),
    /// Reading broke.
    Broke(std::io::Error),
}

impl From<Problem> for FileStop {
    fn from(problem: Problem) -> Self {
        Self::File(vec![problem])
    }
}

/// Returns the id under which a subject is kept that a person types: as an import reads it, so far as it can be
/// read.
pub fn subject_id(typed: &str) -> String {
    id_cell::subject_id(typed).map_or_else(|_| person_id(typed), |read| read.id)
}

/// Where a row stands in its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowPlace {
    /// Number of the row as a spreadsheet counts, the heading row being 1.
    pub row: u64,
    /// Number of the line as an editor counts; more than `row` when cells hold several lines.
    pub line: u64,
}

/// A problem of one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    /// Heading of the column; none when the row as a whole is meant.
    pub column: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

/// A row that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Where it stands.
    pub place: RowPlace,
    /// Everything wrong with it, in the order of the fields; never empty.
    pub problems: Vec<CellProblem>,
    /// Its cells as they stand in the file.
    pub cells: Vec<String>,
}

/// Something to look at in a row that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Where it stands.
    pub place: RowPlace,
    /// What it is.
    pub problem: CellProblem,
}

/// A row that can be taken only if something more is known than what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Position among the rows to take.
    pub row: usize,
    /// What it is rejected for otherwise.
    pub problem: CellProblem,
    /// What takes the doubt away.
    pub assurance: Assurance,
    /// Whether a person says in the row itself that it was looked at and is right.
    pub is_confirmed: bool,
}

/// What takes a doubt away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assurance {
    /// The register has what the row's id names.
    Known,
    /// The same, or a person confirms the row.
    KnownOrConfirmed,
    /// The register says the same of the attribute at this position, or a person confirms the row.
    SameOrConfirmed(usize),
}

/// Some rows of a file, in its order.
#[derive(Debug)]
pub struct RowBatch<T> {
    /// Rows to take.
    pub rows: Vec<T>,
    /// Where each of `rows` stands.
    pub places: Vec<RowPlace>,
    /// Rows not to take.
    pub rejects: Vec<Reject>,
    /// Things to look at in rows to take.
    pub remarks: Vec<Remark>,
    /// What has to be known for some rows to be taken, in their order.
    pub doubts: Vec<Doubt>,
    /// Cells of `rows` as they stand in the file, end to end.
    raw: String,
    /// End of each cell in `raw`.
    ends: Vec<usize>,
    columns: usize,
}

impl<T> RowBatch<T> {
    /// Makes a reject of the row at `at` in `rows`, which the caller then leaves out.
    pub fn reject(&self, at: usize, problems: Vec<CellProblem>) -> Reject {
        let end = |nth: usize| nth.checked_sub(1).map_or(0, |before| self.ends[before]);
        let first = at * self.columns;
        let cells =
            (first..first + self.columns).map(|nth| self.raw[end(nth)..self.ends[nth]].to_owned()).collect();
        Reject { place: self.places[at], problems, cells }
    }

    fn new(columns: usize) -> Self {
        Self {
            rows: Vec::new(),
            places: Vec::new(),
            rejects: Vec::new(),
            remarks: Vec::new(),
            doubts: Vec::new(),
            raw: String::new(),
            ends: Vec::new(),
            columns,
        }
    }

    /// Returns how much of the file it holds, in bytes; an empty cell takes its place as well.
    const fn held_bytes(&self) -> usize {
        self.raw.len() + self.ends.len() * size_of::<usize>()
    }

    fn keep(&mut self, row: T, fields: &SplitRow) {
        self.rows.push(row);
        self.places.push(fields.place);
        for cell in fields.iter() {
            self.raw.push_str(cell);
            self.ends.push(self.raw.len());
        }
    }
}

/// A file being read as rows of one kind.
///
/// # Shape
/// ```
/// use wubu::import::{RowReader, RowSchema, StationRow};
/// let file = "编号,名称\nS01,城东所\n".as_bytes();
/// let mut reader = RowReader::<_, StationRow>::open(file, RowSchema::default(), None)?;
/// let batch = reader.next_batch(1_000)?.expect("the file has a row");
/// assert_eq!(batch.rows[0].title, "城东所");
/// assert!(reader.next_batch(1_000)?.is_none());
/// # Ok::<(), wubu::import::FileStop>(())
/// ```
pub struct RowReader<'p, R, T> {
    declared: RowSchema<'p>,
    codes: Vec<Option<CodeTable<'p>>>,
    rows: Splitter<R>,
    plan: ColumnPlan,
    fields: SplitRow,
    seen: IdSet,
    read: u64,
    rows_max: u64,
    kind: std::marker::PhantomData<T>,
}

impl<'p, R: Read, T: ImportRow> RowReader<'p, R, T> {
    /// Reads the heading row and fits the map to it.
    ///
    /// `map` names one of the policy's maps of this kind; without a name it is `default`, and
    /// for officers, stations and grids a policy without one has the built-in map.
    ///
    /// # Errors
    /// Every problem of the map and the heading row, or the first of the bytes.
    pub fn open(source: R, declared: RowSchema<'p>, map: Option<&str>) -> Result<Self, FileStop> {
        let wanted = map::wanted(declared, T::KIND, map, &T::fields(declared))?;
        let mut rows = Splitter::new(source);
        let mut fields = SplitRow::default();
        map::find_delimiter(&mut rows, &wanted)?;
        if !rows.next(&mut fields)? {
            return Err(Problem::new(codes::FILE_EMPTY).into());
        }
        let plan = ColumnPlan::fit(wanted, &fields)?;
        let codes = declared.attributes.iter().map(|attribute| CodeTable::of(attribute, declared.tables));
        let (codes, seen) = (codes.collect(), IdSet::default());
        let (read, rows_max, kind) = (0, IMPORT_ROWS, std::marker::PhantomData);
        Ok(Self { declared, codes, rows, plan, fields, seen, read, rows_max, kind })
    }

    /// Returns the headings, as the file has them.
    pub fn headings(&self) -> &[String] {
        &self.plan.headings
    }

    /// Returns the headings that the map does not use; their cells are ignored.
    pub fn unmapped(&self) -> impl Iterator<Item = &str> {
        self.plan.unmapped()
    }

    /// Returns headings that the map names and the file does not have; of these the register keeps what it knows.
    pub fn absent(&self) -> &[String] {
        &self.plan.absent
    }

    /// Returns how many rows were read, good and bad, without the heading row and blank rows.
    pub fn read(&self) -> u64 {
        self.read
    }

    /// Reads on; at most `max` rows, good and bad together. None at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read further: damaged bytes, too many rows or bytes, a broken
    /// disk. Batches given out before stay good, so who wants all or nothing keeps them apart
    /// until the end.
    pub fn next_batch(&mut self, max: usize) -> Result<Option<RowBatch<T>>, FileStop> {
        let mut batch = RowBatch::new(self.plan.headings.len());
        batch.rows.reserve(max.min(ROWS_EXPECTED));
        let (mut taken, mut rejected_bytes) = (0, 0);
        while taken < max && batch.held_bytes() + rejected_bytes < BATCH_BYTES {
            if !self.rows.next(&mut self.fields)? {
                break;
            }
            self.read += 1;
            if self.read > self.rows_max {
                let limit = self.rows_max.to_string();
                return Err(Problem::new(codes::TOO_MANY_ROWS).with("limit", limit).into());
            }
            taken += 1;
            let mut problems = Vec::new();
            if let Some(row) = self.take(&mut problems, &mut batch) {
                batch.keep(row, &self.fields);
            } else {
                let cells: Vec<String> = self.fields.iter().map(str::to_owned).collect();
                rejected_bytes += cells.iter().map(|cell| size_of::<String>() + cell.len()).sum::<usize>();
                batch.rejects.push(Reject { place: self.fields.place, problems, cells });
            }
        }
        Ok((taken > 0).then_some(batch))
    }

    fn take(&mut self, problems: &mut Vec<CellProblem>, batch: &mut RowBatch<T>) -> Option<T> {
        if let Some(problem) = self.misshapen() {
            problems.push(CellProblem { column: None, problem });
            return None;
        }
        let RowBatch { rows, remarks, doubts, .. } = batch;
        let before = (remarks.len(), doubts.len());
        let (declared, codes, plan, fields) = (self.declared, &self.codes[..], &self.plan, &self.fields);
        let (place, row) = (fields.place, rows.len());
        let mut cells = Cells { declared, codes, plan, fields, place, row, problems, remarks, doubts };
        let row = T::take(&mut cells);
        let row = row.filter(|_| problems.is_empty());
        let first = row.as_ref().and_then(|row| self.seen.meet(row.key(), self.fields.place.row));
        if let (Some(first), Some(row)) = (first, &row) {
            let problem = Problem::new(codes::ID_TWICE).value(row.key()[1]).with("first", first.to_string());
            problems.push(CellProblem { column: Some(self.plan.name(0).to_owned()), problem });
        }
        if !problems.is_empty() {
            remarks.truncate(before.0);
            // Whoever mends the row mends all of it at once; what the register may know to be right is left out.
            let is_open = |doubt: &Doubt| !doubt.is_confirmed && doubt.assurance != Assurance::Known;
            problems.extend(doubts.drain(before.1..).filter(is_open).map(|doubt| doubt.problem));
            return None;
        }
        row
    }

    fn misshapen(&self) -> Option<Problem> {
        if self.fields.trouble.is_some() {
            return self.fields.trouble.clone();
        }
        let (got, expected) = (self.fields.len(), self.plan.headings.len());
        let problem = Problem::new(codes::CELLS_RAGGED);
        (got != expected).then(|| problem.with("got", got.to_string()).with("expected", expected.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_more_rows_than_one_may_have_is_stopped() {
        let file = b"id,title\nS1,a\nS2,b\n\nS3,c\n".as_slice();
        let open = || RowReader::<_, StationRow>::open(file, RowSchema::default(), None).expect("readable");
        let mut reader = open();
        reader.rows_max = 2;
        let stopped = reader.next_batch(10);
        assert!(matches!(stopped, Err(FileStop::File(problems)) if problems[0].code == codes::TOO_MANY_ROWS));
        let mut reader = open();
        reader.rows_max = 3;
        assert!(reader.next_batch(10).is_ok_and(|batch| batch.is_some_and(|batch| batch.rows.len() == 3)));
    }

    #[test]
    fn rows_of_many_empty_cells_end_a_batch_early() {
        const CELLS: usize = 50_000;
        for wrong in ["", ","] {
            let wide = ",".repeat(CELLS);
            let rows: Vec<String> = (0..100).map(|at| format!("S{at},a{wide}{wrong}\n")).collect();
            let file = format!("id,title{wide}\n{}", rows.concat());
            let mut reader = RowReader::<_, StationRow>::open(file.as_bytes(), RowSchema::default(), None)
                .expect("readable");
            let (mut batches, mut rows) = (0, 0);
            while let Some(batch) = reader.next_batch(10_000).expect("readable") {
                let cells = (batch.rows.len() + batch.rejects.len()) * CELLS;
                assert!(
                    cells * size_of::<usize>() < BATCH_BYTES + CELLS * size_of::<String>(),
                    "{cells} cells"
                );
                (batches, rows) = (batches + 1, rows + batch.rows.len() + batch.rejects.len());
            }
            assert!(batches > 2);
            assert_eq!(rows, 100);
        }
    }
}
