//! Lists of any length: each row goes to a scratch file as it comes, and out when all are there.
//!
//! So an answer is whole or not there at all, columns are as wide as their widest cell, and no reader
//! of the database waits for whoever reads the answer. In memory is a piece of the file.

use std::io::{BufRead as _, BufReader, BufWriter, Error, Read, Seek as _, Write};

use serde::Serialize;
use tempfile::SpooledTempFile;
use unicode_width::UnicodeWidthStr as _;

use super::out::{self, Format};
use crate::lang::visible::visible;
use crate::office::OfficeFault;

/// Bytes that stay in memory; a longer list goes to disk.
const MEMORY_BYTES: usize = 1 << 20;

/// A list on its way out.
pub(crate) struct ListWriter {
    format: Format,
    headings: Vec<String>,
    /// Display cells of each column.
    widths: Vec<usize>,
    rows: u64,
    scratch: BufWriter<SpooledTempFile>,
}

impl ListWriter {
    /// Begins a list; as text, it is a table with these headings, or as it is written without any.
    pub(crate) fn new(format: Format, headings: Vec<String>) -> Self {
        let widths = headings.iter().map(|heading| heading.width()).collect();
        let scratch = BufWriter::new(SpooledTempFile::new(MEMORY_BYTES));
        Self { format, headings, widths, rows: 0, scratch }
    }

    /// Adds a row: the value in JSON, these cells in a table.
    pub(crate) fn row<T: Serialize>(
        &mut self,
        value: &T,
        cells: impl FnOnce(&T) -> Vec<String>,
    ) -> Result<(), OfficeFault> {
        match self.format {
            Format::Json => self.json(value),
            Format::Text => {
                let cells = out::harmless(&cells(value));
                for (width, cell) in self.widths.iter_mut().zip(&cells) {
                    *width = cell.width().max(*width);
                }
                let line = serde_json::to_string(&cells).map_err(OfficeFault::impossible)?;
                self.add(&[&line, "\n"])
            }
        }
    }

    /// Adds an entry of a list that is no table: the value in JSON, else this text.
    pub(crate) fn entry<T: Serialize>(
        &mut self,
        value: &T,
        text: impl FnOnce(&T) -> String,
    ) -> Result<(), OfficeFault> {
        match self.format {
            Format::Json => self.json(value),
            Format::Text => self.add(&[&visible(&text(value))]),
        }
    }

    /// Adds an element of the array, indented as all of it would be; texts in JSON hold no line's end.
    fn json<T: Serialize>(&mut self, value: &T) -> Result<(), OfficeFault> {
        self.add(&[if self.rows == 0 { "[\n  " } else { ",\n  " }])?;
        serde_json::to_writer_pretty(Indented(&mut self.scratch), value).map_err(|error| {
            if error.is_io() { scratch(error.into()) } else { OfficeFault::impossible(error) }
        })
    }

    fn add(&mut self, parts: &[&str]) -> Result<(), OfficeFault> {
        self.rows += 1;
        parts.iter().try_for_each(|part| self.scratch.write_all(part.as_bytes())).map_err(scratch)
    }

    /// Writes the list out; returns how many rows it has.
    pub(crate) fn print(self) -> Result<u64, OfficeFault> {
        let Self { format, headings, widths, rows, scratch: written } = self;
        let mut written = written.into_inner().map_err(|error| scratch(error.into_error()))?;
        written.rewind().map_err(scratch)?;
        let mut lines = BufReader::new(written);
        let mut out = out::Stdout::new();
        match format {
            Format::Json if rows == 0 => out.write("[]\n"),
            Format::Json => {
                copy(&mut lines, &mut out)?;
                out.write("\n]\n");
            }
            Format::Text if headings.is_empty() => copy(&mut lines, &mut out)?,
            Format::Text => {
                out.write(&out::aligned(&headings, &widths));
                for line in lines.lines() {
                    let cells: Vec<String> =
                        serde_json::from_str(&line.map_err(scratch)?).map_err(OfficeFault::impossible)?;
                    out.write(&out::aligned(&cells, &widths));
                }
            }
        }
        out.end();
        Ok(rows)
    }
}

/// Indents every line but the first by one level, and escapes what a terminal would obey.
struct Indented<W>(W);

impl<W: Write> Write for Indented<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            match str::from_utf8(line) {
                Ok(text) => self.0.write_all(visible(text).as_bytes())?,
                Err(_) => self.0.write_all(line)?,
            }
            if line.ends_with(b"\n") {
                self.0.write_all(b"  ")?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

fn copy(from: &mut impl Read, to: &mut out::Stdout) -> Result<(), OfficeFault> {
    let mut piece = vec![0; 64 * 1_024];
    loop {
        match from.read(&mut piece).map_err(scratch)? {
            0 => return Ok(()),
            read => to.write_bytes(&piece[..read]),
        }
    }
}

fn scratch(error: Error) -> OfficeFault {
    OfficeFault::unwritable(std::env::temp_dir().display(), error)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn written(rows: &[Value]) -> String {
        let mut list = ListWriter::new(Format::Json, Vec::new());
        for row in rows {
            list.row(row, |_| Vec::new()).expect("writes");
        }
        let mut scratch = list.scratch.into_inner().expect("writes");
        scratch.rewind().expect("rewinds");
        let mut text = String::new();
        scratch.read_to_string(&mut text).expect("reads");
        text + "\n]"
    }

    #[test]
    fn an_array_is_written_as_the_whole_would_be() {
        let rows = [json!({"a": "x\ny", "b": [1, {"c": null}]}), json!("z"), json!([])];
        assert_eq!(written(&rows), serde_json::to_string_pretty(&rows).expect("JSON"));
    }

    #[test]
    fn what_is_long_goes_to_disk() {
        let mut list = ListWriter::new(Format::Text, vec!["a".to_owned()]);
        for _ in 0..=MEMORY_BYTES / 8 {
            list.row(&(), |()| vec!["0123456789".to_owned()]).expect("writes");
        }
        assert!(list.scratch.get_ref().is_rolled());
    }
}
