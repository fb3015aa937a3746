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

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use chrono::Datelike as _;
use rayon::prelude::*;

use super::SubjectRow;
use crate::time::Day;

/// Stands between station and id. No id holds a control character, and this one is below every
/// letter, so that the bytes of two keys compare as the pairs do.
const BETWEEN: char = '\u{1f}';

/// What a run's file is read and written by, in bytes. A file of the most bytes makes some fifty
/// runs, whose buffers are held at the same time.
const PIECE_BYTES: usize = 256 * 1024;

/// Length that says there is no text.
const NO_TEXT: u32 = u32::MAX;
/// Day that says there is no day.
const NO_DAY: i32 = i32::MIN;

/// Subjects on their way into order.
///
/// # Shape
/// `open` gives an empty file for each run of at most `run_bytes`; its name is nobody's business
/// but the caller's.
pub struct Sorter<F, S> {
    open: F,
    run_bytes: usize,
    records: Vec<u8>,
    places: Vec<RecordPlace>,
    runs: Vec<S>,
}

/// Where a record stands among the others, and how much of it is its key.
#[derive(Clone, Copy)]
struct RecordPlace {
    start: usize,
    key_bytes: usize,
    bytes: usize,
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
        let key_bytes = write_record(&mut self.records, row);
        self.places.push(RecordPlace { start, key_bytes, bytes: self.records.len() - start });
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
        let mut heads = BinaryHeap::with_capacity(self.runs.len());
        for run in self.runs {
            let mut head =
                RunHead { run: BufReader::with_capacity(PIECE_BYTES, run), record: Vec::new(), key_bytes: 0 };
            if head.next()? {
                heads.push(head);
            }
        }
        Ok(MergedRuns { heads })
    }

    fn spill(&mut self) -> io::Result<()> {
        let records = &self.records;
        let key = |place: &RecordPlace| &records[place.start..place.start + place.key_bytes];
        self.places.par_sort_unstable_by(|one, other| key(one).cmp(key(other)));
        let mut out = BufWriter::with_capacity(PIECE_BYTES, (self.open)()?);
        for place in &self.places {
            out.write_all(&length(place.bytes).to_le_bytes())?;
            out.write_all(&length(place.key_bytes).to_le_bytes())?;
            out.write_all(&records[place.start..place.start + place.bytes])?;
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
    heads: BinaryHeap<RunHead<S>>,
}

impl<S: Read> Iterator for MergedRuns<S> {
    type Item = io::Result<SubjectRow>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut first = self.heads.peek_mut()?;
        let row = read_record(&first.record, first.key_bytes);
        match first.next() {
            Ok(true) => {}
            Ok(false) => drop(PeekMut::pop(first)),
            Err(error) => return Some(Err(error)),
        }
        Some(row)
    }
}

/// A run and the first of its records that is not given out yet.
struct RunHead<S> {
    run: BufReader<S>,
    record: Vec<u8>,
    key_bytes: usize,
}

impl<S: Read> RunHead<S> {
    /// Goes on to the next record; false at the end of the run.
    fn next(&mut self) -> io::Result<bool> {
        use std::io::BufRead as _;
        if self.run.fill_buf()?.is_empty() {
            return Ok(false);
        }
        let mut lengths = [[0; 4]; 2];
        self.run.read_exact(lengths.as_flattened_mut())?;
        let [bytes, key_bytes] = lengths.map(|length| u32::from_le_bytes(length) as usize);
        if key_bytes > bytes {
            return Err(damaged());
        }
        self.record.resize(bytes, 0);
        self.key_bytes = key_bytes;
        self.run.read_exact(&mut self.record)?;
        Ok(true)
    }

    fn key(&self) -> &[u8] {
        self.record.get(..self.key_bytes).unwrap_or_default()
    }
}

// The heap gives its greatest first, so the smallest key is the greatest here.
impl<S: Read> Ord for RunHead<S> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key().cmp(self.key())
    }
}

impl<S: Read> PartialOrd for RunHead<S> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<S: Read> PartialEq for RunHead<S> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<S: Read> Eq for RunHead<S> {}

/// Says that a run is not as it was written.
fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

/// Rows of a file are far below four GiB.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(NO_TEXT)
}

/// Writes a row's key and then the rest of it; returns the bytes of the key.
fn write_record(out: &mut Vec<u8>, row: &SubjectRow) -> usize {
    let SubjectRow { id, name, station, grid, lat, lon, status, status_on, last_patrol, attributes } = row;
    let start = out.len();
    out.extend_from_slice(station.as_bytes());
    out.push(BETWEEN as u8);
    out.extend_from_slice(id.as_bytes());
    let key_bytes = out.len() - start;
    let texts =
        [Some(name.as_str()), grid.as_deref(), lat.as_deref(), lon.as_deref(), status.map(Into::into)];
    for text in texts.into_iter().chain(attributes.iter().map(Option::as_deref)) {
        out.extend_from_slice(&text.map_or(NO_TEXT, |text| length(text.len())).to_le_bytes());
        out.extend_from_slice(text.unwrap_or_default().as_bytes());
    }
    for day in [status_on, last_patrol] {
        out.extend_from_slice(&day.map_or(NO_DAY, |day| day.num_days_from_ce()).to_le_bytes());
    }
    key_bytes
}

/// Reads a row back.
fn read_record(record: &[u8], key_bytes: usize) -> io::Result<SubjectRow> {
    let (key, rest) = record.split_at_checked(key_bytes).ok_or_else(damaged)?;
    let (station, id) = text(key)?.split_once(BETWEEN).ok_or_else(damaged)?;
    let (texts, days) = rest.split_last_chunk::<8>().ok_or_else(damaged)?;
    let mut texts = RecordTexts(texts);
    let (name, grid) = (texts.owned()?.ok_or_else(damaged)?, texts.owned()?);
    let (lat, lon) = (texts.owned()?, texts.owned()?);
    let status = texts.next()?.map(|word| word.parse().map_err(|_| damaged())).transpose()?;
    let mut attributes = Vec::new();
    while !texts.0.is_empty() {
        attributes.push(texts.owned()?);
    }
    let [s0, s1, s2, s3, l0, l1, l2, l3] = *days;
    let (status_on, last_patrol) = (day([s0, s1, s2, s3])?, day([l0, l1, l2, l3])?);
    let (id, station) = (id.to_owned(), station.to_owned());
    Ok(SubjectRow { id, name, station, grid, lat, lon, status, status_on, last_patrol, attributes })
}

fn day(bytes: [u8; 4]) -> io::Result<Option<Day>> {
    match i32::from_le_bytes(bytes) {
        NO_DAY => Ok(None),
        number => Day::from_num_days_from_ce_opt(number).ok_or_else(damaged).map(Some),
    }
}

fn text(bytes: &[u8]) -> io::Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| damaged())
}

/// Texts of a record that are still to be read.
struct RecordTexts<'a>(&'a [u8]);

impl<'a> RecordTexts<'a> {
    /// Takes the next text, or what stands for none.
    fn next(&mut self) -> io::Result<Option<&'a str>> {
        let (bytes, rest) = self.0.split_first_chunk::<4>().ok_or_else(damaged)?;
        self.0 = rest;
        let bytes = u32::from_le_bytes(*bytes);
        if bytes == NO_TEXT {
            return Ok(None);
        }
        let (found, rest) = rest.split_at_checked(bytes as usize).ok_or_else(damaged)?;
        self.0 = rest;
        text(found).map(Some)
    }

    fn owned(&mut self) -> io::Result<Option<String>> {
        Ok(self.next()?.map(str::to_owned))
    }
}
