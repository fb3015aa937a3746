//! Text cut into rows and cells, with every bound kept and every damaged row survived.
//!
//! A quotation mark that is opened and never closed would swallow the rest of the file. Here it
//! costs its own line: reading goes on with the next one.

use std::io::Read;

use super::decode::Decoder;
use super::{FileStop, Problem, RowPlace};
use crate::diag::codes;
use crate::limits::{IMPORT_FIELD_BYTES, IMPORT_ROW_BYTES};

/// What is kept of a damaged line, for the rejects file.
const DAMAGED_LINE_BYTES: usize = 1024;

/// Bytes looked at in vain behind open quotation marks. Each look may go as far as the longest
/// row; a file made of nothing else would take hours.
const VAIN_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Rows of a file.
pub(super) struct Splitter<R> {
    decoder: Decoder<R>,
    window: String,
    at: usize,
    ended: bool,
    pub(super) delimiter: char,
    row: u64,
    line: u64,
    vain_bytes: usize,
}

/// One row: its cells, where it stands, and what is wrong with its shape.
#[derive(Default)]
pub(super) struct SplitRow {
    text: String,
    ends: Vec<usize>,
    is_quoted: bool,
    pub(super) place: RowPlace,
    pub(super) trouble: Option<Problem>,
}

impl SplitRow {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, at: usize) -> &str {
        let Some(end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..*end]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }

    fn is_blank(&self) -> bool {
        self.trouble.is_none() && self.text.trim().is_empty()
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.is_quoted = false;
        self.trouble = None;
    }

    fn end_cell(&mut self) -> bool {
        let start = self.ends.last().copied().unwrap_or(0);
        self.ends.push(self.text.len());
        self.text.len() - start <= IMPORT_FIELD_BYTES
    }
}

/// What reading one row from the window came to.
enum SplitResult {
    /// A whole row; the window goes on at this byte.
    Row(usize),
    /// The window ends inside the row.
    Short,
    /// The row breaks the rules of quotation marks, which took a look at so many bytes to see.
    Broken(Problem, usize),
}

impl<R: Read> Splitter<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            decoder: Decoder::new(source),
            window: String::new(),
            at: 0,
            ended: false,
            delimiter: ',',
            row: 0,
            line: 1,
            vain_bytes: 0,
        }
    }

    /// Returns the text ahead, up to the longest row; nothing is consumed.
    pub(super) fn peek(&mut self) -> Result<&str, FileStop> {
        while self.ahead().len() < IMPORT_ROW_BYTES && !self.ended {
            self.more()?;
        }
        Ok(self.ahead())
    }

    /// Reads the next row that is not blank into `fields`; false at the end of the file.
    pub(super) fn next(&mut self, fields: &mut SplitRow) -> Result<bool, FileStop> {
        loop {
            fields.clear();
            if self.ahead().is_empty() {
                if self.ended {
                    return Ok(false);
                }
                self.more()?;
                continue;
            }
            match self.cut(fields) {
                SplitResult::Row(next) => {
                    self.place(fields);
                    // Only a quoted cell can hold more lines than its row's own.
                    let is_quoted = fields.is_quoted;
                    self.line +=
                        if is_quoted { line_ends(&self.window.as_bytes()[self.at..next]) } else { 1 };
                    if next - self.at > IMPORT_ROW_BYTES {
                        too_long(fields, &self.window[self.at..next]);
                    }
                    self.at = next;
                    if !fields.is_blank() {
                        return Ok(true);
                    }
                }
                SplitResult::Short if self.ahead().len() <= IMPORT_ROW_BYTES => self.more()?,
                SplitResult::Short => return self.pass_long(fields).map(|()| true),
                SplitResult::Broken(problem, looked) => {
                    self.waste(looked)?;
                    return self.pass_broken(fields, problem).map(|()| true);
                }
            }
        }
    }

    fn ahead(&self) -> &str {
        &self.window[self.at..]
    }

    fn more(&mut self) -> Result<(), FileStop> {
        self.window.drain(..self.at);
        self.at = 0;
        self.ended = !self.decoder.fill(&mut self.window)?;
        Ok(())
    }

    fn place(&mut self, fields: &mut SplitRow) {
        self.row += 1;
        fields.place = RowPlace { row: self.row, line: self.line };
    }

    /// Cuts one row from the start of the window.
    fn cut(&self, fields: &mut SplitRow) -> SplitResult {
        let text = self.ahead();
        let bytes = text.as_bytes();
        // Every delimiter that is sniffed is one ASCII byte.
        let delimiter = self.delimiter as u8;
        let mut at = 0;
        loop {
            if bytes.get(at) == Some(&b'"') {
                fields.is_quoted = true;
                match self.cut_quoted(text, at + 1, fields) {
                    Ok(next) => at = next,
                    Err(cut) => return cut,
                }
            } else {
                let rest = &bytes[at..];
                let run = rest.iter().position(|byte| *byte == delimiter || *byte == b'\n' || *byte == b'\r');
                let end = at + run.unwrap_or(rest.len());
                if is_left_open(&text[at..end]) && fields.trouble.is_none() {
                    let problem = Problem::new(codes::QUOTE_OPEN);
                    fields.trouble = Some(problem.with("nth", (fields.len() + 1).to_string()));
                }
                fields.text.push_str(&text[at..end]);
                at = end;
            }
            match bytes.get(at) {
                None if !self.ended => return SplitResult::Short,
                Some(b'\r') if at + 1 == bytes.len() && !self.ended => return SplitResult::Short,
                _ => {}
            }
            if !fields.end_cell() && fields.trouble.is_none() {
                let limit = (IMPORT_FIELD_BYTES / 1024).to_string();
                let nth = fields.len().to_string();
                let problem = Problem::new(codes::CELL_TOO_LONG);
                fields.trouble = Some(problem.with("limit", limit).with("nth", nth));
            }
            match bytes.get(at) {
                None => return SplitResult::Row(self.at + at),
                Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => {
                    return SplitResult::Row(self.at + at + 2);
                }
                Some(b'\r' | b'\n') => return SplitResult::Row(self.at + at + 1),
                Some(_) => at += 1,
            }
        }
    }

    /// Copies a quoted cell and returns the byte after its closing mark.
    fn cut_quoted(&self, text: &str, from: usize, fields: &mut SplitRow) -> Result<usize, SplitResult> {
        let bytes = text.as_bytes();
        let cell = fields.len();
        let broken = |code, looked| {
            SplitResult::Broken(Problem::new(code).with("nth", (cell + 1).to_string()), looked)
        };
        let mut at = from;
        loop {
            let Some(run) = bytes[at..].iter().position(|byte| *byte == b'"') else {
                if self.ended || text.len() > IMPORT_ROW_BYTES {
                    return Err(broken(codes::QUOTE_OPEN, text.len()));
                }
                return Err(SplitResult::Short);
            };
            fields.text.push_str(&text[at..at + run]);
            at += run + 1;
            match bytes.get(at) {
                Some(b'"') => {
                    fields.text.push('"');
                    at += 1;
                }
                None if !self.ended => return Err(SplitResult::Short),
                None | Some(b'\r' | b'\n') => return Ok(at),
                Some(next) if *next == self.delimiter as u8 => return Ok(at),
                Some(_) => return Err(broken(codes::QUOTE_STRAY, at)),
            }
        }
    }

    fn waste(&mut self, bytes: usize) -> Result<(), FileStop> {
        self.vain_bytes += bytes;
        if self.vain_bytes > VAIN_BYTES_MAX {
            return Err(Problem::new(codes::QUOTES_HOPELESS).into());
        }
        Ok(())
    }

    /// Gives a damaged row as its line stands, and goes on with the next line.
    fn pass_broken(&mut self, fields: &mut SplitRow, problem: Problem) -> Result<(), FileStop> {
        fields.clear();
        self.place(fields);
        let line = self.ahead().split(['\n', '\r']).next().unwrap_or_default();
        let kept = clip(line, DAMAGED_LINE_BYTES);
        for cell in kept.split(self.delimiter) {
            fields.text.push_str(cell);
            fields.ends.push(fields.text.len());
        }
        fields.trouble = Some(problem);
        self.leave_line()
    }

    /// Leaves out a row that is longer than the limit, without ever holding it.
    fn pass_long(&mut self, fields: &mut SplitRow) -> Result<(), FileStop> {
        if fields.is_quoted {
            self.waste(self.ahead().len())?;
        }
        self.place(fields);
        too_long(fields, &self.window[self.at..]);
        self.leave_line()
    }

    /// Goes on behind the end of the line.
    pub(super) fn leave_line(&mut self) -> Result<(), FileStop> {
        loop {
            let bytes = self.ahead().as_bytes();
            match bytes.iter().position(|byte| *byte == b'\n' || *byte == b'\r') {
                Some(end) if bytes[end] == b'\r' && end + 1 == bytes.len() && !self.ended => self.more()?,
                Some(end) => {
                    let wide = bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n');
                    self.at += end + 1 + usize::from(wide);
                    self.line += 1;
                    return Ok(());
                }
                None => {
                    self.at = self.window.len();
                    if self.ended {
                        return Ok(());
                    }
                    self.more()?;
                }
            }
        }
    }
}

fn too_long(fields: &mut SplitRow, text: &str) {
    fields.clear();
    fields.text.push_str(clip(text, DAMAGED_LINE_BYTES));
    fields.ends.push(fields.text.len());
    let limit = (IMPORT_ROW_BYTES / 1024).to_string();
    fields.trouble = Some(Problem::new(codes::ROW_TOO_LONG).with("limit", limit));
}

/// Returns at most `most` bytes of a text, cut between characters.
pub(super) fn clip(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// True where a cell without an opening quotation mark ends in its only one: the other one was lost.
fn is_left_open(cell: &str) -> bool {
    cell.trim_end().ends_with('"') && cell.bytes().filter(|byte| *byte == b'"').count() == 1
}

/// Counts ends of lines: `\n`, `\r\n` and a lone `\r`.
fn line_ends(bytes: &[u8]) -> u64 {
    let feeds: u64 = bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum();
    let lone = bytes.windows(2).filter(|pair| pair[0] == b'\r' && pair[1] != b'\n').count() as u64;
    feeds + lone + u64::from(bytes.last() == Some(&b'\r'))
}
