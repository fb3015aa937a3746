//! Subjects put in the order of the register, however many there are.
//!
//! ```text
//!  rows ─▶ buffer ─full─▶ sorted ─▶ run ┐
//!                                   run ┼─▶ merged ─▶ rows in order
//!                                   run ┘
//! ```
//!
//! The register keeps subjects by home and id. Rows that come in no order touch its pages all
//! over, each many times; rows in order touch each page once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Seek, Write};
use std::ops::Range;

use chrono::Datelike as _;
use rayon::prelude::*;

use super::{FieldChange, SubjectRow};
use crate::time::Day;

/// Stands behind station and id. No id holds a control character, and this one is below every
/// letter, so that the bytes of two records compare as the pairs do.
const BEHIND: u8 = b'\x1f';

/// What a run's file is read and written by, in bytes. A file of the most bytes makes some fifty
/// runs, whose buffers are held at the same time.
const PIECE_BYTES: usize = 256 * 1024;

/// Length that says there is no text.
const NO_TEXT: u32 = u32::MAX;
/// Length that says that a text is cleared.
const CLEARED_TEXT: u32 = u32::MAX - 1;
/// Day that says there is no day.
const NO_DAY: i32 = i32::MIN;
/// Day that says that a day is cleared.
const CLEARED_DAY: i32 = i32::MIN + 1;

/// Subjects on their way into order.
///
/// # Shape
/// `open` gives an empty file for each run of at most `run_bytes`; its name is nobody's business
/// but the caller's.
pub struct Sorter<F, S> {
    open: F,
    run_bytes: usize,
    records: Vec<u8>,
    places: Vec<Range<usize>>,
    runs: Vec<S>,
}

impl<S: Read + Write + Seek, F: FnMut() -> io::Result<S>> Sorter<F, S> {
    /// Begins with no rows.
    pub const fn new(run_bytes: usize, open: F) -> Self {
        Self { open, run_bytes, records: Vec::new(), places: Vec::new(), runs: Vec::new() }
    }

    /// Takes a row.
    ///
    /// # Errors
    /// When a run cannot be written.
    pub fn push(&mut self, row: &SubjectRow) -> io::Result<()> {
        let start = self.records.len();
        write_record(&mut self.records, row);
        self.places.push(start..self.records.len());
        if self.records.len() >= self.run_bytes { self.spill() } else { Ok(()) }
    }

    /// Gives the rows back in order of station and id; rows that agree in both, in any order.
    ///
    /// # Errors
    /// When a run cannot be written, or not read again.
    pub fn merge(mut self) -> io::Result<MergedRuns<S>> {
        if !self.places.is_empty() {
            self.spill()?;
        }
        let with_buffer = |run| BufReader::with_capacity(PIECE_BYTES, run);
        let mut runs: Vec<_> = self.runs.into_iter().map(with_buffer).collect();
        let mut heads = BinaryHeap::with_capacity(runs.len());
        for (at, run) in runs.iter_mut().enumerate() {
            let mut record = Vec::new();
            if next_record(run, &mut record)? {
                heads.push(Reverse((record, at)));
            }
        }
        Ok(MergedRuns { runs, heads })
    }

    fn spill(&mut self) -> io::Result<()> {
        let records = &self.records;
        self.places.par_sort_unstable_by(|one, other| records[one.clone()].cmp(&records[other.clone()]));
        let mut out = BufWriter::with_capacity(PIECE_BYTES, (self.open)()?);
        for place in &self.places {
            out.write_all(&length(place.len()).to_le_bytes())?;
            out.write_all(&records[place.clone()])?;
        }
        let mut run = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        run.rewind()?;
        self.runs.push(run);
        self.records.clear();
        self.places.clear();
        Ok(())
    }
}

/// Runs made into one.
pub struct MergedRuns<S> {
    runs: Vec<BufReader<S>>,
    /// The first record of each run that is not given out yet, and which run that is.
    heads: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
}

impl<S: Read> Iterator for MergedRuns<S> {
    type Item = io::Result<SubjectRow>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut first = self.heads.peek_mut()?;
        let Reverse((record, run)) = &mut *first;
        let row = read_record(record);
        match next_record(&mut self.runs[*run], record) {
            Ok(true) => {}
            Ok(false) => drop(PeekMut::pop(first)),
            Err(error) => return Some(Err(error)),
        }
        Some(row)
    }
}

/// Reads the next record of a run; false at its end.
fn next_record<S: Read>(run: &mut BufReader<S>, record: &mut Vec<u8>) -> io::Result<bool> {
    if run.fill_buf()?.is_empty() {
        return Ok(false);
    }
    let mut bytes = [0; 4];
    run.read_exact(&mut bytes)?;
    record.resize(u32::from_le_bytes(bytes) as usize, 0);
    run.read_exact(record)?;
    Ok(true)
}

/// Says that a run is not as it was written.
fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

/// Rows of a file are far below four GiB.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(NO_TEXT)
}

/// Writes a row: what it is ordered by, then its days and texts.
fn write_record(out: &mut Vec<u8>, row: &SubjectRow) {
    let SubjectRow { id, name, station, grid, lat, lon, status, status_on, last_patrol, attributes } = row;
    // No station has an empty id.
    for key in [station.as_deref().unwrap_or_default(), id] {
        out.extend_from_slice(key.as_bytes());
        out.push(BEHIND);
    }
    for day in [FieldChange::from(status_on.as_ref()), last_patrol.as_ref()] {
        let number = match day {
            FieldChange::Keep => NO_DAY,
            FieldChange::Clear => CLEARED_DAY,
            FieldChange::Set(day) => day.num_days_from_ce(),
        };
        out.extend_from_slice(&number.to_le_bytes());
    }
    let texts = [
        FieldChange::from(name.as_ref()).map(String::as_str),
        grid.as_ref().map(String::as_str),
        lat.as_ref().map(String::as_str),
        lon.as_ref().map(String::as_str),
        FieldChange::from(status.map(Into::into)),
    ];
    for text in texts.into_iter().chain(attributes.iter().map(|value| value.as_ref().map(String::as_str))) {
        let (bytes, text) = match text {
            FieldChange::Keep => (NO_TEXT, ""),
            FieldChange::Clear => (CLEARED_TEXT, ""),
            FieldChange::Set(text) => (length(text.len()), text),
        };
        out.extend_from_slice(&bytes.to_le_bytes());
        out.extend_from_slice(text.as_bytes());
    }
}

/// Reads a row back.
fn read_record(record: &[u8]) -> io::Result<SubjectRow> {
    let mut parts = record.splitn(3, |byte| *byte == BEHIND);
    let mut part = || parts.next().ok_or_else(damaged);
    let (station, id) = (text(part()?)?, text(part()?)?.to_owned());
    let station = Some(station).filter(|station| !station.is_empty()).map(str::to_owned);
    let mut rest = RecordRest(part()?);
    let (status_on, last_patrol) = (rest.day()?.or(None), rest.day()?);
    let name = rest.owned()?.or(None);
    let (grid, lat, lon) = (rest.owned()?, rest.owned()?, rest.owned()?);
    let status = rest.text()?.or(None).map(|word| word.parse().map_err(|_| damaged())).transpose()?;
    let mut attributes = Vec::new();
    while !rest.0.is_empty() {
        attributes.push(rest.owned()?);
    }
    Ok(SubjectRow { id, name, station, grid, lat, lon, status, status_on, last_patrol, attributes })
}

fn text(bytes: &[u8]) -> io::Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| damaged())
}

/// Days and texts of a record that are still to be read.
struct RecordRest<'a>(&'a [u8]);

impl<'a> RecordRest<'a> {
    fn four(&mut self) -> io::Result<[u8; 4]> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or_else(damaged)?;
        self.0 = rest;
        Ok(*bytes)
    }

    /// Takes the next day, or what stands for none.
    fn day(&mut self) -> io::Result<FieldChange<Day>> {
        Ok(match i32::from_le_bytes(self.four()?) {
            NO_DAY => FieldChange::Keep,
            CLEARED_DAY => FieldChange::Clear,
            number => FieldChange::Set(Day::from_num_days_from_ce_opt(number).ok_or_else(damaged)?),
        })
    }

    /// Takes the next text, or what stands for none.
    fn text(&mut self) -> io::Result<FieldChange<&'a str>> {
        let bytes = u32::from_le_bytes(self.four()?);
        match bytes {
            NO_TEXT => return Ok(FieldChange::Keep),
            CLEARED_TEXT => return Ok(FieldChange::Clear),
            _ => {}
        }
        let (found, rest) = self.0.split_at_checked(bytes as usize).ok_or_else(damaged)?;
        self.0 = rest;
        text(found).map(FieldChange::Set)
    }

    fn owned(&mut self) -> io::Result<FieldChange<String>> {
        Ok(self.text()?.map(str::to_owned))
    }
}
