//! What statements are given: text and whole numbers, bound one by one or written as JSON.
//!
//! What a value is in columns is said once, by its [`Bind`]: the same words give a statement its
//! parameters, the word `rows` its rows of JSON, and a register the content that is digested.

use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::Serialize;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, Sqlite};

use crate::digest::Digest;
use crate::time::{Day, Stamp};

/// Takes the values of columns, one after the other.
pub(super) trait ValueSink {
    /// Takes a text.
    fn text(&mut self, text: &str);

    /// Takes a text that many rows share.
    fn shared(&mut self, text: &Arc<str>) {
        self.text(text);
    }

    /// Takes a whole number.
    fn int(&mut self, number: i64);

    /// Takes what is missing.
    fn nothing(&mut self);

    /// Takes what is missing of a column of whole numbers, or of texts.
    fn missing(&mut self, _is_whole: bool) {
        self.nothing();
    }
}

/// What can be written into columns.
pub(super) trait Bind {
    /// How many columns it takes.
    const WIDTH: usize = 1;
    /// Whether its one column holds whole numbers.
    const IS_WHOLE: bool = false;

    /// Gives the value of each column, in their order.
    fn bind(&self, out: &mut impl ValueSink);
}

/// The parameters of one statement: text and whole numbers only.
///
/// A text that the row before has in the same place is shared with it: sorted rows repeat their
/// station, dates and tier, and each text saved is one allocation less that another thread frees.
#[derive(Debug, Default)]
pub(super) struct Args {
    pub(super) bound: SqliteArguments,
    row_before: Vec<Option<Arc<str>>>,
    column: usize,
}

impl Args {
    /// Binds what a statement is given.
    pub(super) fn of<T: Bind>(values: &T) -> Self {
        let mut args = Self::with_capacity(T::WIDTH);
        values.bind(&mut args);
        args
    }

    /// Makes room for so many parameters.
    pub(super) fn with_capacity(count: usize) -> Self {
        let mut args = Self::default();
        args.bound.reserve(count, 0);
        args
    }

    /// Begins the parameters of the next row.
    pub(super) fn begin_row(&mut self) {
        self.column = 0;
    }

    /// Binds the value of the next column.
    fn push<'q>(&mut self, value: impl sqlx::Encode<'q, Sqlite> + sqlx::Type<Sqlite>) {
        self.column += 1;
        self.bound.add(value).expect("encoding texts and numbers cannot fail");
    }
}

impl ValueSink for Args {
    fn text(&mut self, text: &str) {
        let at = self.column;
        if at >= self.row_before.len() {
            self.row_before.resize(at + 1, None);
        }
        let shared = match &self.row_before[at] {
            Some(before) if **before == *text => Arc::clone(before),
            _ => Arc::from(text),
        };
        self.row_before[at] = Some(Arc::clone(&shared));
        self.push(shared);
    }

    fn shared(&mut self, text: &Arc<str>) {
        self.push(Arc::clone(text));
    }

    fn int(&mut self, number: i64) {
        self.push(number);
    }

    fn nothing(&mut self) {
        self.push(None::<Arc<str>>);
    }
}

/// Says for types of one column what stands in it.
macro_rules! bind {
    ($($type:ty $(= $is_whole:literal)?: |$value:ident, $out:ident| $bound:expr;)*) => { $(
        impl Bind for $type {
            $(const IS_WHOLE: bool = $is_whole;)?

            fn bind(&self, $out: &mut impl ValueSink) {
                let $value = self;
                $bound;
            }
        }
    )* };
}

bind! {
    str: |text, out| out.text(text);
    String: |text, out| out.text(text);
    Arc<str>: |text, out| out.shared(text);
    i64 = true: |number, out| out.int(*number);
    i32 = true: |number, out| out.int(i64::from(*number));
    u32 = true: |number, out| out.int(i64::from(*number));
    bool = true: |flag, out| out.int(i64::from(*flag));
    Day: |day, out| out.text(&day_text(*day));
    Stamp: |at, out| out.text(&stamp_text(*at));
    Digest: |digest, out| out.text(&digest.to_string());
}

/// A list stands in one column, as JSON.
impl<T: Serialize> Bind for Vec<T> {
    fn bind(&self, out: &mut impl ValueSink) {
        out.text(&serde_json::to_string(self).expect("texts and numbers can be written"));
    }
}

impl<T: Bind + ?Sized> Bind for &T {
    const WIDTH: usize = T::WIDTH;
    const IS_WHOLE: bool = T::IS_WHOLE;

    fn bind(&self, out: &mut impl ValueSink) {
        (**self).bind(out);
    }
}

impl<T: Bind> Bind for Option<T> {
    const WIDTH: usize = T::WIDTH;
    const IS_WHOLE: bool = T::IS_WHOLE;

    fn bind(&self, out: &mut impl ValueSink) {
        match self {
            Some(value) => value.bind(out),
            None if T::WIDTH == 1 => out.missing(T::IS_WHOLE),
            None => (0..T::WIDTH).for_each(|_| out.nothing()),
        }
    }
}

impl<T: Bind, const N: usize> Bind for [T; N] {
    const WIDTH: usize = N * T::WIDTH;

    fn bind(&self, out: &mut impl ValueSink) {
        for value in self {
            value.bind(out);
        }
    }
}

/// Both ends of a stretch of running numbers.
impl Bind for RangeInclusive<i64> {
    const WIDTH: usize = 2;

    fn bind(&self, out: &mut impl ValueSink) {
        (self.start(), self.end()).bind(out);
    }
}

/// Says that values stand side by side.
macro_rules! tuples {
    ($(($($type:ident $at:tt)*))*) => { $(
        impl<$($type: Bind),*> Bind for ($($type,)*) {
            const WIDTH: usize = 0 $(+ $type::WIDTH)*;

            fn bind(&self, out: &mut impl ValueSink) {
                let _ = &out;
                $(self.$at.bind(out);)*
            }
        }
    )* };
}

tuples! {
    ()
    (A 0 B 1)
    (A 0 B 1 C 2)
    (A 0 B 1 C 2 D 3)
    (A 0 B 1 C 2 D 3 E 4)
    (A 0 B 1 C 2 D 3 E 4 F 5)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
}

/// Writes rows as the JSON the word `rows` reads.
pub(super) fn json_rows(rows: impl IntoIterator<Item: Bind>) -> String {
    let mut out = JsonRow(String::from("["));
    for row in rows {
        out.0.push_str(if out.0.len() > 1 { ",[" } else { "[" });
        row.bind(&mut out);
        out.0.push(']');
    }
    out.0.push(']');
    out.0
}

/// A row of JSON that is being written.
struct JsonRow(String);

impl JsonRow {
    fn next(&mut self) -> &mut String {
        if !self.0.ends_with('[') {
            self.0.push(',');
        }
        &mut self.0
    }
}

impl ValueSink for JsonRow {
    fn text(&mut self, text: &str) {
        push_json_text(self.next(), text);
    }

    fn int(&mut self, number: i64) {
        self.next().push_str(&number.to_string());
    }

    fn nothing(&mut self) {
        self.next().push_str("null");
    }
}

/// Writes a text as JSON.
pub(super) fn push_json_text(out: &mut String, text: &str) {
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::Value::from(text).to_string());
    }
}

/// Writes a day as its own `Display` does, without the machinery of formatting: four days stand
/// on every order.
fn day_text(day: Day) -> String {
    use chrono::Datelike as _;
    let Ok(year @ 0..=9_999) = u32::try_from(day.year()) else {
        return day.to_string();
    };
    let mut text = String::with_capacity("2026-03-13T09:30:00.000000Z".len());
    push_number(&mut text, year, 1_000);
    text.push('-');
    push_number(&mut text, day.month(), 10);
    text.push('-');
    push_number(&mut text, day.day(), 10);
    text
}

/// Writes a moment as its own `Display` does; every order has one in each of its rows.
fn stamp_text(at: Stamp) -> String {
    use chrono::Timelike as _;
    let moment = at.utc().naive_utc();
    let mut text = day_text(moment.date());
    for (mark, number) in [('T', moment.hour()), (':', moment.minute()), (':', moment.second())] {
        text.push(mark);
        push_number(&mut text, number, 10);
    }
    text.push('.');
    push_number(&mut text, moment.nanosecond() / 1_000, 100_000);
    text.push('Z');
    text
}

/// Writes the digits of a number from the one at `place` (a power of ten) down.
fn push_number(text: &mut String, number: u32, mut place: u32) {
    while place > 0 {
        text.push(char::from_digit(number / place % 10, 10).expect("a remainder of ten is a digit"));
        place /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_it_reads() {
        for text in ["2026-03-13", "0001-01-01", "9999-12-31", "+12026-01-02"] {
            let day: Day = text.parse().expect("a day");
            assert_eq!(day_text(day), text);
        }
    }

    #[test]
    fn a_moment_is_written_as_it_reads() {
        for micros in [0, 1, -1, 1_773_394_200_123_456, 4_102_444_800_000_000, 999_999] {
            let at = Stamp::from_micros(micros);
            assert_eq!(stamp_text(at), at.to_string());
        }
    }
}
