//! How statements are written: one text in the portable subset, and static bulk texts.
//!
//! A [`Sql`] is written once with `$1`, explicit column lists and `ORDER BY` beside every
//! `LIMIT`; where the databases differ there is a named word in `word!`, with the reason. A
//! list of keys goes in as one JSON parameter through the word `rows`. What a record says once
//! ([`super::record`]) is taken from there:
//!
//! ```text
//! sql!("acts.find": "SELECT " (Act as a) " FROM " rows " AS e CROSS JOIN act AS a WHERE …")
//! bulk!("acts.add": insert Act)
//! bulk!("skips.add": insert Skip (keep Skip))
//! ```
//!
//! A [`Bulk`] writes many rows with one static multi-row `VALUES`. It is the native path for hot
//! tables: one JSON parameter a chunk costs a parse for each column of each row, while `VALUES`
//! binds what is there. What all rows share is bound once, after the rows. It uses `?`,
//! because SQLite looks a numbered parameter up by walking the list of all of them, which
//! makes binding `$1 … $4000` quadratic.

/// One statement.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    /// `noun.verb`, which names it in faults and measurements.
    pub name: &'static str,
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

/// A struct whose fields are columns of a table; see [`super::record`].
pub(super) trait TableRecord {
    /// The table.
    const TABLE: &'static str;
    /// The columns, in the order of the fields.
    const COLUMNS: &'static str;
    /// The columns that name a row, with which the others begin; empty where no statement asks.
    const KEY: &'static str;
}

/// Rows a bulk text takes. More than 256 gains nothing measurable, and 256 rows of 24 columns stay
/// far below SQLite's 32,766 parameters. The small ones are powers of two because each statement
/// is a way to another thread and back: a group of forty acts, or the two duties of one, take few.
pub(super) const SIZES: [usize; 8] = [256, 64, 32, 16, 8, 4, 2, 1];

/// The words in which databases differ, and those that take their columns from a record.
macro_rules! word {
    // A list of rows from one JSON parameter, each a JSON array read with `value->>0`.
    (rows) => {
        "json_each($1)"
    };
    // Where chains named by the first parameter go on. A database that locks row by row locks these
    // here, in the order of their names, so that no two transactions wait for each other.
    (heads) => {
        concat!(
            "SELECT h.chain, h.seq, h.hash FROM ",
            $crate::store::sql::word!(rows),
            " AS e CROSS JOIN head AS h WHERE h.chain = e.value->>0 ORDER BY h.chain"
        )
    };
    // `home, seq`
    (($record:ident)) => {
        <$record as $crate::store::sql::TableRecord>::COLUMNS
    };
    // `a.home, a.seq`
    (($record:ident as $alias:ident)) => {
        $crate::store::sql::spread!(
            <$record as $crate::store::sql::TableRecord>::COLUMNS,
            concat!(stringify!($alias), "."),
            ""
        )
    };
    // All columns in one text, with a control character between them and another for one that says
    // nothing; neither can stand in a text of the register. See `Columns::line`.
    ((line $record:ident as $alias:ident)) => {
        $crate::store::sql::join!(
            "concat_ws('\u{1f}', ",
            $crate::store::sql::wrap!(
                <$record as $crate::store::sql::TableRecord>::COLUMNS,
                concat!("COALESCE(", stringify!($alias), "."),
                ", char(0))"
            ),
            ")"
        )
    };
    // The lines of all rows of a group in one text, with a third control character between them. See `Columns::lines`.
    ((lines $record:ident as $alias:ident)) => {
        $crate::store::sql::join!(
            "group_concat(",
            $crate::store::sql::word!((line $record as $alias)),
            ", '\u{1e}')"
        )
    };
    // ` ON CONFLICT (home) DO NOTHING`
    ((keep $record:ident)) => {
        $crate::store::sql::join!(
            " ON CONFLICT (",
            <$record as $crate::store::sql::TableRecord>::KEY,
            ") DO NOTHING"
        )
    };
    // ` ON CONFLICT (home) DO UPDATE SET seq = excluded.seq`
    ((replace $record:ident)) => {{
        use $crate::store::sql::TableRecord as T;
        const REST: &str = $crate::store::sql::after(<$record as T>::COLUMNS, <$record as T>::KEY);
        $crate::store::sql::join!(
            " ON CONFLICT (",
            <$record as T>::KEY,
            ") DO UPDATE SET ",
            $crate::store::sql::spread!(REST, "", " = excluded.")
        )
    }};
    ($text:literal) => {
        $text
    };
}

/// Writes a statement: `sql!("orders.find": "SELECT … FROM " rows " WHERE …")`.
macro_rules! sql {
    ($name:literal: $($part:tt)+) => {
        $crate::store::sql::Sql {
            name: $name,
            text: $crate::store::sql::join!($($crate::store::sql::word!($part)),+),
        }
    };
}

/// Writes a bulk statement: of the columns of a record, of columns named here, or through a table
/// `new` that holds the rows.
macro_rules! bulk {
    ($name:literal: insert $record:ident $($tail:tt)*) => {{
        use $crate::store::sql::TableRecord as T;
        $crate::store::sql::bulk!(
            @columns $name,
            $crate::store::sql::join!("INSERT INTO ", <$record as T>::TABLE, " ("),
            <$record as T>::COLUMNS,
            ") VALUES ",
            $crate::store::sql::join!("" $(, $crate::store::sql::word!($tail))*)
        )
    }};
    ($name:literal: insert $table:literal ($($column:tt)+) $($tail:tt)*) => {
        $crate::store::sql::bulk!(
            @columns $name,
            concat!("INSERT INTO ", $table, " ("),
            $crate::store::sql::join!($($crate::store::sql::word!($column)),+),
            ") VALUES ",
            $crate::store::sql::join!("" $(, $crate::store::sql::word!($tail))*)
        )
    };
    ($name:literal: with ($($column:tt)+) $($tail:tt)+) => {
        $crate::store::sql::bulk!(
            @columns $name,
            "WITH new (",
            $crate::store::sql::join!($($crate::store::sql::word!($column)),+),
            ") AS (VALUES ",
            $crate::store::sql::join!(") " $(, $crate::store::sql::word!($tail))+)
        )
    };
    ($name:literal: $head:literal, $row:literal, $tail:literal) => {
        $crate::store::sql::bulk!(@texts $name, $head, $row, $tail)
    };
    (@columns $name:literal, $before:expr, $columns:expr, $after:expr, $tail:expr) => {{
        const COLUMNS: &str = $columns;
        const VALUES: &str = $crate::store::sql::marks($crate::store::sql::width(COLUMNS));
        $crate::store::sql::bulk!(
            @texts $name,
            $crate::store::sql::join!($before, COLUMNS, $after),
            $crate::store::sql::join!("(", VALUES, ")"),
            $tail
        )
    }};
    (@texts $name:literal, $head:expr, $row:expr, $tail:expr) => {{
        const HEAD: &str = $head;
        const ROW: &str = $row;
        const TAIL: &str = $tail;
        $crate::store::sql::Bulk {
            name: $name,
            texts: [
                $crate::store::sql::bulk!(@text 0),
                $crate::store::sql::bulk!(@text 1),
                $crate::store::sql::bulk!(@text 2),
                $crate::store::sql::bulk!(@text 3),
                $crate::store::sql::bulk!(@text 4),
                $crate::store::sql::bulk!(@text 5),
                $crate::store::sql::bulk!(@text 6),
                $crate::store::sql::bulk!(@text 7),
            ],
        }
    }};
    (@text $size:literal) => {{
        const ROWS: usize = $crate::store::sql::SIZES[$size];
        const LEN: usize = HEAD.len() + (ROW.len() + 1) * ROWS - 1 + TAIL.len();
        const BYTES: [u8; LEN] = $crate::store::sql::repeat(HEAD, ROW, ROWS, TAIL);
        (ROWS, $crate::store::sql::text(&BYTES))
    }};
}

/// Joins constant texts.
macro_rules! join {
    ($($part:expr),+ $(,)?) => {{
        const PARTS: &[&str] = &[$($part),+];
        const BYTES: [u8; $crate::store::sql::length(PARTS)] = $crate::store::sql::joined(PARTS);
        $crate::store::sql::text(&BYTES)
    }};
}

/// Writes something before each of some columns, and where there is something between, each of them
/// twice.
macro_rules! spread {
    ($columns:expr, $before:expr, $between:literal) => {{
        const LEN: usize = $crate::store::sql::spread_length($columns, $before, $between);
        const BYTES: [u8; LEN] = $crate::store::sql::spread_bytes($columns, $before, $between);
        $crate::store::sql::text(&BYTES)
    }};
}

/// Writes something before each of some columns, and something behind it.
macro_rules! wrap {
    ($columns:expr, $before:expr, $behind:literal) => {{
        const LEN: usize = $crate::store::sql::wrapped_length($columns, $before, $behind);
        const BYTES: [u8; LEN] = $crate::store::sql::wrapped_bytes($columns, $before, $behind);
        $crate::store::sql::text(&BYTES)
    }};
}

pub(super) use super::args::{json_rows, push_json_text};
pub(super) use {bulk, join, spread, sql, word, wrap};

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

/// Returns how many bytes the parts have.
pub(super) const fn length(parts: &[&str]) -> usize {
    let (mut at, mut length) = (0, 0);
    while at < parts.len() {
        length += parts[at].len();
        at += 1;
    }
    length
}

/// Puts parts one behind the other.
pub(super) const fn joined<const LEN: usize>(parts: &[&str]) -> [u8; LEN] {
    let mut out = [0; LEN];
    let (mut part, mut at) = (0, 0);
    while part < parts.len() {
        at = put(&mut out, at, parts[part].as_bytes());
        part += 1;
    }
    out
}

/// Returns how many bytes [`spread_bytes`] gives.
pub(super) const fn spread_length(columns: &str, before: &str, between: &str) -> usize {
    let each = width(columns) * (before.len() + between.len());
    // Of what stands twice, the commas stand once.
    let again = if between.is_empty() { 0 } else { columns.len() - 2 * (width(columns) - 1) };
    columns.len() + each + again
}

/// See the macro of that name.
pub(super) const fn spread_bytes<const LEN: usize>(columns: &str, before: &str, between: &str) -> [u8; LEN] {
    let mut out = [0; LEN];
    let (mut rest, mut at) = (columns.as_bytes(), 0);
    loop {
        let (column, next) = rest.split_at(comma(rest));
        at = put(&mut out, at, before.as_bytes());
        at = put(&mut out, at, column);
        if !between.is_empty() {
            at = put(&mut out, at, between.as_bytes());
            at = put(&mut out, at, column);
        }
        if next.is_empty() {
            assert!(at == LEN, "the length counts every byte");
            return out;
        }
        at = put(&mut out, at, b", ");
        rest = next.split_at(2).1;
    }
}

/// Returns how many bytes [`wrapped_bytes`] gives.
pub(super) const fn wrapped_length(columns: &str, before: &str, behind: &str) -> usize {
    columns.len() + width(columns) * (before.len() + behind.len())
}

/// See the macro of that name.
pub(super) const fn wrapped_bytes<const LEN: usize>(columns: &str, before: &str, behind: &str) -> [u8; LEN] {
    let mut out = [0; LEN];
    let (mut rest, mut at) = (columns.as_bytes(), 0);
    loop {
        let (column, next) = rest.split_at(comma(rest));
        at = put(&mut out, at, before.as_bytes());
        at = put(&mut out, at, column);
        at = put(&mut out, at, behind.as_bytes());
        if next.is_empty() {
            assert!(at == LEN, "the length counts every byte");
            return out;
        }
        at = put(&mut out, at, b", ");
        rest = next.split_at(2).1;
    }
}

/// Returns where the first column ends: at a comma that stands in no parentheses.
const fn comma(text: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < text.len() && (text[at] != b',' || depth > 0) {
        match text[at] {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Counts columns.
pub(super) const fn width(columns: &str) -> usize {
    let (mut rest, mut count) = (columns.as_bytes(), 1);
    while comma(rest) < rest.len() {
        rest = rest.split_at(comma(rest) + 1).1;
        count += 1;
    }
    count
}

/// Returns the columns that follow those of the key.
pub(super) const fn after(columns: &'static str, key: &str) -> &'static str {
    let (first, rest) = columns.split_at(key.len());
    let (mut at, first) = (0, first.as_bytes());
    while at < first.len() {
        assert!(first[at] == key.as_bytes()[at], "a record begins with its key");
        at += 1;
    }
    rest.split_at(2).1
}

/// Returns so many marks of parameters.
pub(super) const fn marks(count: usize) -> &'static str {
    "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?".split_at(2 * count - 1).0
}

/// Takes bytes for the text they are.
pub(super) const fn text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("texts joined are texts"),
    }
}

const fn put<const LEN: usize>(out: &mut [u8; LEN], from: usize, bytes: &[u8]) -> usize {
    let mut at = 0;
    while at < bytes.len() {
        out[from + at] = bytes[at];
        at += 1;
    }
    from + at
}

/// Says which statements a noun has: single ones, and after a semicolon those that write many rows.
macro_rules! statements {
    ($($single:ident),* $(; $($bulk:ident),+)?) => {
        pub(super) const ALL: &[$crate::store::sql::Sql] = &[$($single),*];
        pub(super) const BULK: &[$crate::store::sql::Bulk] = &[$($($bulk),+)?];
    };
}
pub(super) use statements;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bulk_text_repeats_its_row() {
        const TWO: Bulk = bulk!("test.bulk": "A ", "(?, ?)", " Z");
        assert_eq!(TWO.texts[SIZES.len() - 1], (1, "A (?, ?) Z"));
        for (rows, text) in TWO.texts {
            assert_eq!(text.matches("(?, ?)").count(), rows);
            assert!(text.starts_with("A (?, ?)") && text.ends_with("(?, ?) Z"));
        }
    }

    #[test]
    fn columns_of_a_record_stand_where_its_name_does() {
        struct Page;
        impl TableRecord for Page {
            const TABLE: &'static str = "page";
            const COLUMNS: &'static str = "home, seq, \"trigger\", at";
            const KEY: &'static str = "home, seq";
        }
        const FIND: Sql = sql!("test.find": "SELECT " (Page as p) " FROM " rows);
        const LINE: Sql = sql!("test.line": "SELECT " (line Page as p) " FROM page AS p");
        const SET: Bulk = bulk!("test.set": insert Page (replace Page));
        const ADD: Bulk = bulk!("test.add": insert "page" ((Page) ", body") (keep Page));
        const EACH: Bulk = bulk!("test.each": with ("home, seq") "DELETE FROM page WHERE home = ?");
        assert_eq!(FIND.text, "SELECT p.home, p.seq, p.\"trigger\", p.at FROM json_each($1)");
        assert_eq!(
            LINE.text,
            "SELECT concat_ws('\u{1f}', COALESCE(p.home, char(0)), COALESCE(p.seq, char(0)), \
             COALESCE(p.\"trigger\", char(0)), COALESCE(p.at, char(0))) FROM page AS p"
        );
        let (_, one) = SET.texts[SIZES.len() - 1];
        assert_eq!(
            one,
            "INSERT INTO page (home, seq, \"trigger\", at) VALUES (?,?,?,?) ON CONFLICT (home, seq) \
             DO UPDATE SET \"trigger\" = excluded.\"trigger\", at = excluded.at"
        );
        let (_, one) = ADD.texts[SIZES.len() - 1];
        assert_eq!(
            one,
            "INSERT INTO page (home, seq, \"trigger\", at, body) VALUES (?,?,?,?,?) \
             ON CONFLICT (home, seq) DO NOTHING"
        );
        let (_, one) = EACH.texts[SIZES.len() - 1];
        assert_eq!(one, "WITH new (home, seq) AS (VALUES (?,?)) DELETE FROM page WHERE home = ?");
    }
}
