//! One cell made into one value: the accepted spellings, and nothing guessed.
//!
//! # Shape
//! Days `2026-02-03`, `2026/2/3`, `2026.2.3`, `20260203`, `2026年2月3日`, each with a time of day
//! behind it or not (the time is not kept). Yes and no as 是 否, true false, yes no, Y N, 1 0.
//! Status as active 存续 在业 开业 在营 正常, suspended 歇业 停业, closed 注销 吊销 迁出 撤销.
//! Full-width letters, digits and marks count as their half-width fellows.

use unicode_normalization::UnicodeNormalization;

use super::Problem;
use crate::diag::codes;
use crate::id::is_invisible;
use crate::lang::dates::{self, all_digits, half_width};
use crate::lang::spellings::{ACTIVE, CLOSED, NO, SUSPENDED, Spelling, YES};
use crate::policy::is_mail_address;
use crate::register::{AttributeKind, Status, Value};
use crate::time::Day;

/// A value, or what is wrong with its cell.
pub(super) type CellResult<T> = Result<T, Problem>;

/// Years a register can hold: the oldest trading house, and no typing slip such as 20226.
const YEARS: std::ops::RangeInclusive<i32> = 1800..=2200;

/// Most digits of a number; more is no measurement and would not fit a float.
const NUMBER_DIGITS: usize = 30;

/// Largest count of problems one inspection can have found.
const COUNT_MAX: u32 = 100_000;

/// What a spreadsheet writes where a formula failed.
const ERROR_VALUES: [&str; 8] =
    ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "########"];

/// Ways to write yes and no beside the words.
const FLAGS: [(&str, bool); 6] =
    [("true", true), ("false", false), ("1", true), ("0", false), ("Y", true), ("N", false)];

const STATUSES: [(Spelling, Status); 3] =
    [(ACTIVE, Status::Active), (SUSPENDED, Status::Suspended), (CLOSED, Status::Closed)];

/// Takes white space off both ends, the full-width blank and the marks that do not show included.
pub(super) fn trim(cell: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_graphic() && *byte != b'\'');
    if is_plain(cell.as_bytes().first()) && is_plain(cell.as_bytes().last()) {
        return cell;
    }
    let is_edge = |letter: char| letter.is_whitespace() || letter == '\u{feff}';
    // A leading apostrophe is how spreadsheets, and our own rejects file, mark text that looks like a formula or a
    // number; before a letter it may be the name's own.
    let cell = cell.trim_matches(is_edge);
    let is_marked = |first: char| first.is_ascii_digit() || !first.is_ascii() || "=+-@\t\r".contains(first);
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(is_marked) => rest.trim_matches(is_edge),
        _ => cell,
    }
}

/// Reads a text that people see. Blank is allowed here.
pub(super) fn text(cell: &str) -> CellResult<String> {
    refuse_error_value(cell)?;
    if cell.chars().all(is_ordinary) {
        return Ok(cell.to_owned());
    }
    for (at, letter) in cell.chars().enumerate() {
        if letter == char::REPLACEMENT_CHARACTER {
            return Err(Problem::new(codes::TEXT_LOST).at(at));
        }
        if letter.is_control() && !matches!(letter, '\n' | '\r' | '\t') {
            return Err(Problem::new(codes::TEXT_CONTROL).at(at).point(letter));
        }
    }
    Ok(cell.nfc().collect())
}

/// Returns the first character of a text that does not show, or not as it stands.
pub(super) fn hidden(text: &str) -> Option<char> {
    if text.chars().all(is_ordinary) {
        return None;
    }
    text.chars().find(|letter| (is_invisible(*letter) && !letter.is_control()) || is_private(*letter))
}

/// Private use: no font but the maker's own knows what it looks like.
pub(super) fn is_private(letter: char) -> bool {
    matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Letters that show, stand for themselves in NFC, and make up nearly every name: printable
/// ASCII and the common Chinese blocks.
fn is_ordinary(letter: char) -> bool {
    matches!(letter, ' '..='~' | '\u{3001}'..='\u{3029}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}')
}

/// Reads where mail goes.
pub(super) fn email(cell: &str) -> CellResult<String> {
    let address = half_width(cell);
    refuse_error_value(&address)?;
    if is_mail_address(&address) {
        return Ok(address.into_owned());
    }
    Err(Problem::new(codes::EMAIL_FORM).value(&address))
}

pub(super) fn refuse_error_value(cell: &str) -> CellResult<()> {
    if cell.starts_with('#') && ERROR_VALUES.iter().any(|known| cell.starts_with(known)) {
        return Err(Problem::new(codes::CELL_ERROR_VALUE).value(cell));
    }
    Ok(())
}

/// Reads one of some words.
pub(super) fn choice(of: &[String], cell: &str) -> CellResult<String> {
    let word = half_width(cell);
    refuse_error_value(&word)?;
    of.iter()
        .find(|known| **known == *word || known.as_str() == cell)
        .cloned()
        .ok_or_else(|| Problem::new(codes::CHOICE_UNKNOWN).value(cell).near(cell, of))
}

pub(super) fn flag(cell: &str) -> CellResult<bool> {
    let word = half_width(cell);
    match FLAGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&word)) {
        Some((_, flag)) => Ok(*flag),
        None if YES.is(&word) => Ok(true),
        None if NO.is(&word) => Ok(false),
        None => Err(Problem::new(codes::FLAG_FORM).value(cell)),
    }
}

pub(super) fn status(cell: &str) -> CellResult<Status> {
    // Registers write 存续（在营、开业、在册）: what stands in brackets only explains.
    let word = cell.split(['（', '(']).next().unwrap_or_default().trim();
    let found = STATUSES.iter().find(|(known, _)| known.is(word)).map(|(_, status)| *status);
    found.ok_or_else(|| {
        let known: Vec<String> =
            STATUSES.iter().flat_map(|(known, _)| known.offered(cell)).map(str::to_owned).collect();
        Problem::new(codes::STATUS_UNKNOWN).value(cell).near(cell, &known)
    })
}

/// Reads a whole number.
pub(super) fn integer(cell: &str) -> CellResult<i64> {
    let digits = half_width(cell);
    refuse_grouped(&digits)?;
    digits.parse().map_err(|_| Problem::new(codes::INTEGER_FORM).value(cell))
}

/// Reads a length of time of days and more, such as `3 个月`; it stays as it was written.
pub(super) fn length(cell: &str) -> CellResult<String> {
    let written = half_width(cell);
    let is_length = AttributeKind::Length.length(&Value::Text(written.as_ref().into())).is_some();
    if is_length { Ok(written.into_owned()) } else { Err(Problem::new(codes::LENGTH_FORM).value(cell)) }
}

/// Reads a count of problems; blank is none.
pub(super) fn count(cell: &str) -> CellResult<u32> {
    if cell.is_empty() {
        return Ok(0);
    }
    let digits = half_width(cell);
    let parsed = if all_digits(&digits) { digits.parse().ok() } else { None };
    parsed
        .filter(|count| *count <= COUNT_MAX)
        .ok_or_else(|| Problem::new(codes::COUNT_FORM).value(cell).with("most", COUNT_MAX.to_string()))
}

/// Reads a decimal and keeps its digits as written.
pub(super) fn decimal(cell: &str) -> CellResult<String> {
    let number = half_width(cell);
    refuse_grouped(&number)?;
    let unsigned = number.strip_prefix(['-', '+']).unwrap_or(&number);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    if all_digits(whole) && all_digits(part) && unsigned.len() <= NUMBER_DIGITS {
        return Ok(number.strip_prefix('+').unwrap_or(&number).to_owned());
    }
    Err(Problem::new(codes::NUMBER_FORM).value(cell))
}

fn refuse_grouped(number: &str) -> CellResult<()> {
    let is_grouped =
        number.contains(',') && number.bytes().all(|byte| byte.is_ascii_digit() || b",.+-".contains(&byte));
    if is_grouped { Err(Problem::new(codes::NUMBER_GROUPED).value(number)) } else { Ok(()) }
}

/// Reads a latitude or longitude within `limit` degrees of zero.
pub(super) fn degrees(cell: &str, limit: f64) -> CellResult<String> {
    let text = decimal(cell)?;
    let is_near = text.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= limit);
    if is_near {
        return Ok(text);
    }
    Err(Problem::new(codes::PLACE_FAR).value(cell).with("limit", limit.to_string()))
}

/// Reads a day; see the head of this file for the accepted forms.
pub(super) fn day(cell: &str) -> CellResult<Day> {
    let text = half_width(cell);
    if let Some(day) = iso_day(text.as_bytes()) {
        return in_years(day, cell);
    }
    let date = dates::without_time(&text);
    let parts = dates::digits(date).ok_or_else(|| not_a_day(date, cell))?;
    if parts.year.len() == 2 {
        return Err(Problem::new(codes::DATE_SHORT_YEAR).value(cell));
    }
    let found = parts.day().ok_or_else(|| Problem::new(codes::DATE_IMPOSSIBLE).value(cell))?;
    in_years(found, cell)
}

/// The common form by itself, because files have millions of them.
fn iso_day(text: &[u8]) -> Option<Day> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    let year = digit(y1)? * 1000 + digit(y2)? * 100 + digit(y3)? * 10 + digit(y4)?;
    let (month, day) = (digit(m1)? * 10 + digit(m2)?, digit(d1)? * 10 + digit(d2)?);
    Day::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

fn in_years(day: Day, cell: &str) -> CellResult<Day> {
    use chrono::Datelike as _;
    if YEARS.contains(&day.year()) {
        return Ok(day);
    }
    let problem = Problem::new(codes::DATE_FAR).value(cell);
    Err(problem.with("from", YEARS.start().to_string()).with("to", YEARS.end().to_string()))
}

fn not_a_day(date: &str, cell: &str) -> Problem {
    let number = date.strip_prefix('-').unwrap_or(date);
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let is_serial = all_digits(whole) && all_digits(part) && whole.len() <= 6;
    Problem::new(if is_serial { codes::DATE_SERIAL } else { codes::DATE_FORM }).value(cell)
}
