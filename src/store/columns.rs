//! What statements give back: the columns of a row, taken in turn.

use std::sync::Arc;

use crate::digest::Digest;
use crate::time::{Day, Stamp, written_day};

use super::args::{Bind, ValueSink};
use super::connection::{FoundRow, StoredValue};
use super::{Result, StoreFault};

/// Stands between texts that a statement joins into one column. No id, date or word of ours holds
/// a control character, and the driver's price is by the column: a row of twelve costs four
/// times as much as one of three.
pub(super) const BETWEEN: char = '\u{1f}';
/// Stands between the lines of rows that a statement puts together: the driver's price is by the row, too.
pub(super) const NEXT_LINE: char = '\u{1e}';
/// What a column that says nothing is in such a text.
const NOTHING: &str = "\u{1d}";

/// A digest of all that a row says, taken from the columns that a statement put in one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowContent(pub Digest);

impl RowContent {
    /// Says what a row will hold once it is written.
    pub(super) fn of(row: &impl Bind) -> Self {
        let mut line = Line(String::new());
        row.bind(&mut line);
        Self::of_line(line.0.strip_prefix(BETWEEN).unwrap_or_default())
    }

    fn of_line(line: &str) -> Self {
        Self(Digest::of_parts("wubu-line", [line.as_bytes()]))
    }
}

impl Fetch for RowContent {
    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        columns.next().map(Self::of_line)
    }
}

/// The columns of a row in one line, as a statement puts them.
struct Line(String);

impl ValueSink for Line {
    fn text(&mut self, text: &str) {
        self.0.push(BETWEEN);
        self.0.push_str(text);
    }

    fn int(&mut self, number: i64) {
        self.text(&number.to_string());
    }

    fn nothing(&mut self) {
        self.text(NOTHING);
    }
}

/// The columns of one row as a statement put them in one line.
#[derive(Clone, Copy)]
pub(super) struct RowLine<'a>(pub(super) &'a str);

impl<'a> RowLine<'a> {
    /// Returns all columns of a record; none where there are more or fewer.
    pub(super) fn columns<const N: usize>(self) -> Option<[Option<&'a str>; N]> {
        Some(self.joined()?.map(|text| (text != NOTHING).then_some(text)))
    }

    /// Returns the first columns.
    pub(super) fn first<const K: usize>(self) -> Option<[&'a str; K]> {
        self.parts().map(|(first, _)| first)
    }

    fn joined<const N: usize>(self) -> Option<[&'a str; N]> {
        self.parts().filter(|(_, is_all)| *is_all).map(|(parts, _)| parts)
    }

    /// Returns the first columns, and whether they are all.
    fn parts<const N: usize>(self) -> Option<([&'a str; N], bool)> {
        let mut parts = self.0.split(BETWEEN);
        let mut out = [""; N];
        for part in &mut out {
            *part = parts.next()?;
        }
        Some((out, parts.next().is_none()))
    }
}

/// Takes the columns of a row in turn, each by its type.
pub(super) struct Columns<'a> {
    row: &'a FoundRow,
    at: usize,
    table: &'static str,
}

impl<'a> Columns<'a> {
    /// Begins with the first column.
    pub(super) fn of(row: &'a FoundRow, table: &'static str) -> Self {
        Self { row, at: 0, table }
    }

    /// Begins with a later column.
    pub(super) fn from(row: &'a FoundRow, table: &'static str, at: usize) -> Self {
        Self { row, at, table }
    }

    /// Takes the next column.
    pub(super) fn next<T: StoredValue<'a>>(&mut self) -> Result<T> {
        let at = self.at;
        self.at += 1;
        T::of(self.row, at).ok_or_else(|| self.impossible(at))
    }

    /// Takes the next column as what is made of it.
    pub(super) fn made<R: StoredValue<'a>, T>(&mut self, make: impl FnOnce(R) -> Option<T>) -> Result<T> {
        let at = self.at;
        make(self.next()?).ok_or_else(|| self.impossible(at))
    }

    /// Takes the next column as a value written as text.
    pub(super) fn parsed<T: std::str::FromStr>(&mut self) -> Result<T> {
        self.made(|text: &str| text.parse().ok())
    }

    /// Takes the next column as JSON.
    pub(super) fn json<T: serde::Deserialize<'a>>(&mut self) -> Result<T> {
        self.made(|text: &'a str| serde_json::from_str(text).ok())
    }

    /// Takes the next column as texts that the statement joined with [`BETWEEN`].
    pub(super) fn joined<const N: usize>(&mut self) -> Result<[&'a str; N]> {
        let at = self.at;
        RowLine(self.next()?).joined().ok_or_else(|| self.impossible(at))
    }

    /// Takes the next column as the columns of a record that the statement put in one line.
    pub(super) fn line<const N: usize>(&mut self) -> Result<[Option<&'a str>; N]> {
        let at = self.at;
        RowLine(self.next()?).columns().ok_or_else(|| self.impossible(at))
    }

    /// Takes the next column as the lines of rows that the statement put together.
    pub(super) fn lines(&mut self) -> Result<impl Iterator<Item = RowLine<'a>> + Clone + use<'a>> {
        Ok(self.next::<&str>()?.split(NEXT_LINE).map(RowLine))
    }

    /// Takes the next column as a line of a record, as far as those columns which name it.
    pub(super) fn line_key<const K: usize>(&mut self) -> Result<[&'a str; K]> {
        let at = self.at;
        RowLine(self.next()?).first().ok_or_else(|| self.impossible(at))
    }

    /// Passes over so many columns when the next one holds nothing; returns whether it did.
    fn passes_nothing(&mut self, width: usize) -> Result<bool> {
        let is_nothing = self.row.is_null(self.at).ok_or_else(|| self.impossible(self.at))?;
        if is_nothing {
            self.at += width;
        }
        Ok(is_nothing)
    }

    /// Takes what stands next.
    pub(super) fn take<T: Fetch>(&mut self) -> Result<T> {
        T::fetch(self)
    }

    /// Says that a column holds what is never written there.
    pub(super) fn impossible(&self, at: usize) -> StoreFault {
        let key = (0..2).filter_map(|at| <&str>::of(self.row, at)).collect::<Vec<_>>().join("/");
        StoreFault::Impossible { what: self.table, key: format!("{key}#{at}") }
    }
}

/// What can be read from columns: the other way of [`Bind`].
pub(super) trait Fetch: Sized {
    /// Table it stands in, which names it in faults; empty where it may stand in any.
    const SOURCE: &'static str = "";

    /// Takes the columns it stands in.
    fn fetch(columns: &mut Columns<'_>) -> Result<Self>;
}

/// Says for types of one column what is made of it.
macro_rules! fetch {
    ($($type:ty: |$column:ident: $stored:ty| $made:expr;)*) => { $(
        impl Fetch for $type {
            fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
                columns.made(|$column: $stored| $made)
            }
        }
    )* };
}

fetch! {
    String: |text: String| Some(text);
    Arc<str>: |text: &str| Some(text.into());
    i64: |number: i64| Some(number);
    i32: |number: i64| number.try_into().ok();
    u32: |number: i64| number.try_into().ok();
    bool: |number: i64| [false, true].into_iter().find(|flag| i64::from(*flag) == number);
    Day: |text: &str| day(text);
    // It has one way to be written, and was written so.
    Stamp: |text: &str| {
        Stamp::written(text).or_else(|| text.parse().ok().filter(|at: &Self| at.to_string() == text))
    };
    Digest: |text: &str| digest(text);
}

/// Reads a day.
pub(super) fn day(text: &str) -> Option<Day> {
    written_day(text).or_else(|| text.parse().ok())
}

/// Reads a digest, which has one way to be written.
pub(super) fn digest(text: &str) -> Option<Digest> {
    Digest::parse(text).filter(|_| !text.bytes().any(|byte| byte.is_ascii_uppercase()))
}

/// A list stands in one column, as JSON.
impl<T: serde::de::DeserializeOwned> Fetch for Vec<T> {
    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        columns.json()
    }
}

/// What is missing is missing in its first column.
impl<T: Bind + Fetch> Fetch for Option<T> {
    const SOURCE: &'static str = T::SOURCE;

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        Ok(if columns.passes_nothing(T::WIDTH)? { None } else { Some(columns.take()?) })
    }
}

/// Says that values stand side by side.
macro_rules! tuples {
    ($(($($type:ident)+))*) => { $(
        impl<$($type: Fetch),+> Fetch for ($($type,)+) {
            const SOURCE: &'static str = first_of(&[$($type::SOURCE),+]);

            fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
                Ok(($(columns.take::<$type>()?,)+))
            }
        }
    )* };
}

tuples! { (A B) (A B C) (A B C D) (A B C D E) }

/// Returns the first table that is named.
const fn first_of(tables: &[&'static str]) -> &'static str {
    let mut at = 0;
    while at < tables.len() {
        if !tables[at].is_empty() {
            return tables[at];
        }
        at += 1;
    }
    ""
}
