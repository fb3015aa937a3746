//! The whole text of a schedule, and the walk from one firing to the next.

use std::fmt::Write as _;
use std::iter;
use std::str::FromStr as _;

use chrono::{Months, NaiveDateTime, NaiveTime};
use cron::Schedule;

use super::field::{CronField, FieldRange, Piece, read};
use crate::diag::{TextFlaw, codes};
use crate::time::{Day, Stamp, Tz};

/// Longest text of a schedule, in bytes; the longest honest one lists every minute.
pub const TEXT_BYTES: usize = 512;

/// A schedule that does not fire within so many years never fires. A 29 February on which
/// nothing else is asked comes within eight.
pub const NEVER_AFTER_YEARS: u32 = 9;

/// A checked schedule.
///
/// # Shape
/// `0 7 * * *`: minute, hour, day of the month, month, weekday. Six fields put seconds first,
/// seven add a year at the end. `0` and `7` are Sunday; names such as `MON` and `JAN` are read.
/// When both day fields are restricted, a day that satisfies either one fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    text: String,
    /// One, or two when both day fields are restricted.
    schedules: Vec<Schedule>,
}

/// The fields of a seven-field schedule in order; five-field text lacks the first and the last.
const FIELDS: [CronField; 7] = [
    CronField::Second,
    CronField::Minute,
    CronField::Hour,
    CronField::DayOfMonth,
    CronField::Month,
    CronField::DayOfWeek,
    CronField::Year,
];

impl Cron {
    /// Reads the text of a schedule.
    ///
    /// # Errors
    /// The first problem in it, with its place.
    pub fn parse(text: &str) -> Result<Self, TextFlaw> {
        if text.len() > TEXT_BYTES {
            let end = text.floor_char_boundary(TEXT_BYTES);
            return Err(TextFlaw::new(codes::CRON_LONG, 0..end).with("most", TEXT_BYTES.to_string()));
        }
        refuse_full_width(text)?;
        let pieces = pieces(text);
        if let Some(piece) = pieces.first().filter(|piece| piece.text.starts_with('@')) {
            return Err(piece.problem(codes::CRON_NICKNAME).with("text", piece.text));
        }
        let fields = match pieces.len() {
            5 => &FIELDS[1..6],
            6 => &FIELDS[..6],
            7 => &FIELDS[..],
            found => {
                return Err(TextFlaw::new(codes::CRON_FIELDS, 0..text.len()).with("found", found.to_string()));
            }
        };
        let mut allowed = Vec::with_capacity(FIELDS.len());
        for (field, piece) in fields.iter().zip(&pieces) {
            allowed.push((*field, read(*field, *piece)?));
        }
        Ok(Self { text: text.to_owned(), schedules: translate(&allowed) })
    }

    /// Returns the text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the firings after `after`, oldest first, each once.
    ///
    /// A wall-clock reading that does not exist fires at the first instant after the gap; one
    /// that exists twice fires at its first instant.
    ///
    /// # Source
    /// Policy language, rule 10.
    pub fn after(&self, after: Stamp, zone: Tz) -> impl Iterator<Item = Stamp> {
        let readings = self.readings_after(after.local_in(zone));
        let mut last = after;
        readings.filter_map(move |reading| {
            let at = Stamp::from_local(reading, zone);
            // Readings of a gap share one instant; those of a fold's second pass lie behind.
            let is_later = at > last;
            last = last.max(at);
            is_later.then_some(at)
        })
    }

    /// Returns whether nothing fires from `from` on, within [`NEVER_AFTER_YEARS`].
    pub fn never_fires(&self, from: Day) -> bool {
        let start = from.pred_opt().unwrap_or(from).and_time(LAST_SECOND);
        let horizon = from.checked_add_months(Months::new(NEVER_AFTER_YEARS * 12)).unwrap_or(from);
        self.reading_after(start).is_none_or(|reading| reading.date() >= horizon)
    }

    /// The wall-clock readings after one, without a zone.
    pub(super) fn readings_after(&self, reading: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> {
        iter::successors(self.reading_after(reading), |at| self.reading_after(*at))
    }

    fn reading_after(&self, reading: NaiveDateTime) -> Option<NaiveDateTime> {
        let as_utc = reading.and_utc();
        self.schedules
            .iter()
            .filter_map(|schedule| schedule.after(&as_utc).next())
            .map(|at| at.naive_utc())
            .min()
    }
}

/// The last reading of a day that a schedule can name.
pub(super) const LAST_SECOND: NaiveTime =
    NaiveTime::from_hms_opt(23, 59, 59).expect("23:59:59 is a time of day");

fn refuse_full_width(text: &str) -> Result<(), TextFlaw> {
    let found = text.char_indices().find_map(|(at, c)| ascii_of(c).map(|instead| (at, c, instead)));
    let Some((at, c, instead)) = found else { return Ok(()) };
    let problem = TextFlaw::new(codes::CRON_FULL_WIDTH, at..at + c.len_utf8());
    Err(problem.with("text", c).with("instead", instead))
}

/// The ASCII character a full-width one looks like.
fn ascii_of(c: char) -> Option<char> {
    match c {
        '\u{3000}' => Some(' '),
        '、' => Some(','),
        '–' | '—' => Some('-'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        _ => None,
    }
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    text.split_ascii_whitespace()
        .map(|piece| Piece { text: piece, at: piece.as_ptr() as usize - text.as_ptr() as usize })
        .collect()
}

/// Hands the fields to the cron crate: plain numbers, seconds first, Sunday as 1.
fn translate(allowed: &[(CronField, FieldRange)]) -> Vec<Schedule> {
    let is_restricted = |wanted: CronField| allowed.iter().any(|(field, a)| *field == wanted && !a.is_open);
    let ignored: &[Option<CronField>] =
        if is_restricted(CronField::DayOfMonth) && is_restricted(CronField::DayOfWeek) {
            &[Some(CronField::DayOfMonth), Some(CronField::DayOfWeek)]
        } else {
            &[None]
        };
    ignored
        .iter()
        .map(|without| {
            let mut text = String::new();
            for wanted in FIELDS {
                let field = allowed.iter().find(|(field, _)| *field == wanted);
                match field {
                    Some((_, field)) if !field.is_open && *without != Some(wanted) => {
                        write_values(&mut text, wanted, field);
                    }
                    Some(_) => text.push('*'),
                    None => text.push(if wanted == CronField::Second { '0' } else { '*' }),
                }
                text.push(' ');
            }
            Schedule::from_str(text.trim_end()).expect("numbers within the bounds of their fields parse")
        })
        .collect()
}

fn write_values(text: &mut String, field: CronField, allowed: &FieldRange) {
    let shift = u32::from(field == CronField::DayOfWeek);
    for (ix, value) in allowed.values.iter().enumerate() {
        let comma = if ix == 0 { "" } else { "," };
        write!(text, "{comma}{}", value + shift).expect("writing to a string cannot fail");
    }
}
