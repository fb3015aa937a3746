//! The cell of an attribute, read by the attribute's type; codes are looked up in their table.

use super::cell::{self, CellResult};
use super::{Problem, id_cell};
use crate::diag::codes;
use crate::lang::dates::all_digits;
use crate::policy::{Attribute, AttributeKind, Table};
use crate::register::Value;

/// Reads an attribute's cell, which is not blank; the value as the register keeps it. What a person has to
/// answer for before it is taken goes to `doubt`.
///
/// # Errors
/// The problem of the cell, by the attribute's type.
///
/// # Shape
/// Days as `2026-02-03`, flags as `true` and `false`, numbers without a sign `+`, texts in NFC.
pub(super) fn attribute(
    attribute: &Attribute,
    table: Option<&CodeTable<'_>>,
    text: &str,
    doubt: &mut Option<Problem>,
) -> CellResult<String> {
    match &attribute.kind {
        AttributeKind::Text => cell::text(text),
        AttributeKind::Code { .. } => code(table, text, doubt),
        AttributeKind::Choice { of } => cell::choice(of, text),
        AttributeKind::Flag => cell::flag(text).map(|flag| flag.to_string()),
        AttributeKind::Integer { .. } => integer(attribute, text),
        AttributeKind::Length => cell::length(text),
        AttributeKind::Decimal { .. } => cell::decimal(text),
        AttributeKind::Date => cell::day(text).map(|day| day.to_string()),
    }
}

/// Reads a whole number; a cycle of nothing would never be over.
fn integer(attribute: &Attribute, text: &str) -> CellResult<String> {
    let number = cell::integer(text)?;
    if attribute.is_cycle && attribute.kind.length(&Value::Integer(number)).is_none() {
        return Err(Problem::new(codes::CYCLE_OF_NOTHING).value(text).with("title", &attribute.title));
    }
    Ok(number.to_string())
}

/// A table as codes of a file are looked up in it.
#[derive(Clone, Copy)]
pub(super) struct CodeTable<'p> {
    table: &'p Table,
    /// Digits of a code written in full; none where keys are not made of digits.
    digits: Option<usize>,
}

/// Digits of a class written in full, where the table lists no longer one.
///
/// # Source
/// GB/T 4754.
const CLASS_DIGITS: usize = 4;

impl<'p> CodeTable<'p> {
    /// Returns the table that an attribute's codes are keys of.
    pub(super) fn of(attribute: &Attribute, tables: &'p [Table]) -> Option<Self> {
        let AttributeKind::Code { table } = &attribute.kind else { return None };
        let table = tables.iter().find(|known| known.id == *table)?;
        let longest = table.rows.keys().map(String::len).max().unwrap_or_default();
        let has_digits = table.rows.keys().all(|key| all_digits(key));
        Some(Self { table, digits: has_digits.then(|| longest.max(CLASS_DIGITS)) })
    }

    /// Returns whether a code is a key, or goes on behind one as codes do.
    fn has(&self, code: &str) -> bool {
        self.table.find(code).is_some()
            && (self.table.rows.contains_key(code)
                || self.digits.is_none_or(|digits| all_digits(code) && code.len() <= digits))
    }
}

/// Reads a key of a table.
///
/// Where keys are found by their beginning, a text that goes on behind one in another way than codes do is
/// none, and one that could also have lost its leading zero has to be answered for.
fn code(table: Option<&CodeTable<'_>>, cell: &str, doubt: &mut Option<Problem>) -> CellResult<String> {
    let key = id_cell::code(cell)?;
    let Some(known) = table else { return Ok(key) };
    let CodeTable { table, digits } = known;
    let is_short = all_digits(&key) && digits.is_none_or(|digits| !table.prefix || key.len() < digits);
    let padded = if is_short { format!("0{key}") } else { String::new() };
    let lost_zero = || Problem::new(codes::CODE_LOST_ZERO).value(&key).with("nearest", &padded);
    if known.has(&key) {
        // Classes of fewer digits are classes, too; only one that wants a single digit is in doubt.
        let is_doubtful = is_short && known.has(&padded) && (!table.prefix || Some(padded.len()) == *digits);
        *doubt = is_doubtful.then(lost_zero);
        return Ok(key);
    }
    if is_short && known.has(&padded) {
        return Err(lost_zero());
    }
    let unknown =
        |code| Problem::new(code).value(&key).with("table", &table.title).with("table_id", &table.id);
    Err(match (table.find(&key), digits) {
        (Some(_), Some(digits)) => unknown(codes::CODE_TOO_LONG).with("digits", digits.to_string()),
        _ => unknown(codes::CODE_UNKNOWN),
    })
}
