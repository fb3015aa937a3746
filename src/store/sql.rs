//! How statements are written: one text in the portable subset, and static bulk texts.
//!
//! A [`Sql`] is written once with `$1`, explicit column lists and `ORDER BY` beside every
//! `LIMIT`; where the databases differ there is a named word in `word!`, with the reason. A
//! list of keys goes in as one JSON parameter through the word `rows`.
//!
//! A [`Bulk`] writes many rows with one static multi-row `VALUES`. It is the native path for hot
//! tables: one JSON parameter a chunk costs a parse for each column of each row, while `VALUES`
//! binds what is there. What all rows share is bound once, after the rows. It uses `?`,
//! because SQLite looks a numbered parameter up by walking the list of all of them, which
//! makes binding `$1 … $4000` quadratic.

use std::sync::Arc;

use sqlx::Arguments as _;
use sqlx::sqlite::SqliteArguments;

use crate::time::{Day, Stamp};

/// One statement.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    /// `noun.verb`, which names it in faults and measurements.
    pub name: &'static str,
    /// The text.
    pub text: &'static str,
}

/// One statement that writes many rows, in the sizes it comes in.
#[derive(Clone, Copy, Debug)]
pub struct Bulk {
    /// `noun.verb`, which names it in faults and measurements.
    pub name: &'static str,
    /// Rows a text takes, and the text; largest first, the last takes one row.
    pub texts: [(usize, &'static str); SIZES.len()],
}

/// Rows a bulk text takes. More than 256 gains nothing measurable, and 256 rows of 24 columns stay
/// far below SQLite's 32,766 parameters. The small ones are powers of two because each statement
/// is a way to another thread and back: a group of forty acts, or the two duties of one, take few.
pub(super) const SIZES: [usize; 8] = [256, 64, 32, 16, 8, 4, 2, 1];

/// The words in which databases differ.
macro_rules! word {
    // A list of rows from one JSON parameter, each a JSON array read with `value->>0`.
    (rows) => {
        "json_each($1)"
    };
    ($text:literal) => {
        $text
    };
}

/// Writes a statement: `sql!("orders.find": "SELECT … FROM " rows " WHERE …")`.
macro_rules! sql {
    ($name:literal: $($part:tt)+) => {
        $crate::store::sql::Sql {
            name: $name,
            text: concat!($($crate::store::sql::word!($part)),+),
        }
    };
}

/// Writes a bulk statement: head, one row, tail; rows are repeated with commas between.
macro_rules! bulk {
    ($name:literal: $head:literal, $row:literal, $tail:literal) => {
        $crate::store::sql::Bulk {
            name: $name,
            texts: [
                $crate::store::sql::bulk!(@text $head, $row, $tail, 0),
                $crate::store::sql::bulk!(@text $head, $row, $tail, 1),
                $crate::store::sql::bulk!(@text $head, $row, $tail, 2),
                $crate::store::sql::bulk!(@text $head, $row, $tail, 3),
                $crate::store::sql::bulk!(@text $head, $row, $tail, 4),
                $crate::store::sql::bulk!(@text $head, $row, $tail, 5),
                $crate::store::sql::bulk!(@text $head, $row, $tail, 6),
                $crate::store::sql::bulk!(@text $head, $row, $tail, 7),
            ],
        }
    };
    (@text $head:literal, $row:literal, $tail:literal, $size:literal) => {{
        const ROWS: usize = $crate::store::sql::SIZES[$size];
        const LEN: usize = $head.len() + ($row.len() + 1) * ROWS - 1 + $tail.len();
        const BYTES: [u8; LEN] = $crate::store::sql::repeat($head, $row, ROWS, $tail);
        const TEXT: &str = match std::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => panic!("statements are ASCII"),
        };
        (ROWS, TEXT)
    }};
}

pub(super) use {bulk, sql, word};

/// Puts `rows` times the row, with commas between, between head and tail.
pub(super) const fn repeat<const LEN: usize>(head: &str, row: &str, rows: usize, tail: &str) -> [u8; LEN] {
    let mut out = [0; LEN];
    let mut at = put(&mut out, 0, head.as_bytes());
    let mut done = 0;
    while done < rows {
        if done > 0 {
            at = put(&mut out, at, b",");
        }
        at = put(&mut out, at, row.as_bytes());
        done += 1;
    }
    at = put(&mut out, at, tail.as_bytes());
    assert!(at == LEN, "the length counts every byte");
    out
}

const fn put<const LEN: usize>(out: &mut [u8; LEN], from: usize, bytes: &[u8]) -> usize {
    let mut at = 0;
    while at < bytes.len() {
        out[from + at] = bytes[at];
        at += 1;
    }
    from + at
}

/// Every statement there is, for the test that prepares each one.
pub fn all() -> Vec<(&'static str, &'static str)> {
    let single = [
        super::acts::ALL,
        super::appraisals::ALL,
        super::attachments::ALL,
        super::blanks::ALL,
        super::decisions::ALL,
        super::documents::ALL,
        super::due::ALL,
        super::duties::ALL,
        super::errands::ALL,
        super::grids::ALL,
        super::incidents::ALL,
        super::inspections::ALL,
        super::ledger::ALL,
        super::marks::ALL,
        super::meta::ALL,
        super::notices::ALL,
        super::numbers::ALL,
        super::occurrences::ALL,
        super::officers::ALL,
        super::open::ALL,
        super::order_list::ALL,
        super::orders::ALL,
        super::people::ALL,
        super::progress::ALL,
        super::reading::ALL,
        super::releases::ALL,
        super::signals::ALL,
        super::skips::ALL,
        super::stations::ALL,
        super::subjects::ALL,
        super::submissions::ALL,
        super::sums::ALL,
        super::tallies::ALL,
        super::tx::ALL,
        super::terms::ALL,
        super::watermarks::ALL,
    ];
    let bulk = [
        super::acts::BULK,
        super::appraisals::BULK,
        super::attachments::BULK,
        super::decisions::BULK,
        super::docket::BULK,
        super::blanks::BULK,
        super::documents::BULK,
        super::due::BULK,
        super::duties::BULK,
        super::errands::BULK,
        super::incidents::BULK,
        super::inspections::BULK,
        super::ledger::BULK,
        super::marks::BULK,
        super::notices::BULK,
        super::orders::BULK,
        super::progress::BULK,
        super::signals::BULK,
        super::skips::BULK,
        super::subjects::BULK,
        super::submissions::BULK,
        super::terms::BULK,
    ];
    let texts = bulk.into_iter().flatten().flat_map(|b| b.texts.map(|(_, text)| (b.name, text)));
    single.into_iter().flatten().map(|sql| (sql.name, sql.text)).chain(texts).collect()
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

    /// Binds a text.
    pub(super) fn text(&mut self, text: &str) {
        let at = self.column;
        if at >= self.row_before.len() {
            self.row_before.resize(at + 1, None);
        }
        let shared = match &self.row_before[at] {
            Some(before) if **before == *text => Arc::clone(before),
            _ => Arc::from(text),
        };
        self.row_before[at] = Some(Arc::clone(&shared));
        self.shared(shared);
    }

    /// Binds a text that many rows share.
    pub(super) fn shared(&mut self, text: Arc<str>) {
        self.column += 1;
        self.bound.add(text).expect("encoding text cannot fail");
    }

    /// Binds a text that may be missing.
    pub(super) fn maybe(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            return self.text(text);
        }
        self.column += 1;
        self.bound.add(None::<Arc<str>>).expect("encoding nothing cannot fail");
    }

    /// Binds a whole number.
    pub(super) fn int(&mut self, number: i64) {
        self.column += 1;
        self.bound.add(number).expect("encoding a number cannot fail");
    }

    /// Binds a whole number that may be missing.
    pub(super) fn maybe_int(&mut self, number: Option<i64>) {
        self.column += 1;
        self.bound.add(number).expect("encoding a number cannot fail");
    }

    /// Binds a flag.
    pub(super) fn flag(&mut self, flag: bool) {
        self.int(i64::from(flag));
    }

    /// Binds a day.
    pub(super) fn day(&mut self, day: Day) {
        self.text(&day_text(day));
    }

    /// Binds a day that may be missing.
    pub(super) fn maybe_day(&mut self, day: Option<Day>) {
        match day {
            Some(day) => self.day(day),
            None => self.maybe(None),
        }
    }

    /// Binds a moment.
    pub(super) fn stamp(&mut self, at: Stamp) {
        self.text(&stamp_text(at));
    }
}

/// Writes rows of texts as the JSON the word `rows` reads.
pub(super) fn json_rows<T: AsRef<str>, const N: usize>(rows: impl IntoIterator<Item = [T; N]>) -> String {
    let mut out = String::from("[");
    for row in rows {
        out.push_str(if out.len() > 1 { ",[" } else { "[" });
        for (at, text) in row.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push_json_text(&mut out, text.as_ref());
        }
        out.push(']');
    }
    out.push(']');
    out
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

/// Builds parameters in one expression: `args!(text id, int 3, day on)`.
macro_rules! args {
    () => {
        $crate::store::sql::Args::default()
    };
    ($($kind:ident $value:expr),+ $(,)?) => {{
        let mut args = $crate::store::sql::Args::default();
        $(args.$kind($value);)+
        args
    }};
}
pub(super) use args;

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

    #[test]
    fn a_bulk_text_repeats_its_row() {
        const TWO: Bulk = bulk!("test.bulk": "A ", "(?, ?)", " Z");
        assert_eq!(TWO.texts[SIZES.len() - 1], (1, "A (?, ?) Z"));
        for (rows, text) in TWO.texts {
            assert_eq!(text.matches("(?, ?)").count(), rows);
            assert!(text.starts_with("A (?, ?)") && text.ends_with("(?, ?) Z"));
        }
    }
}
