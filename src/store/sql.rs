//! How statements are written: one text in the portable subset, and static bulk texts.
//!
//! A [`Sql`] is written once with `$1`, explicit column lists and `ORDER BY` beside every
//! `LIMIT`; where the databases differ there is a named word in `word!`, with the reason, and the text
//! comes out once for each [`Dialect`]. A list of keys goes in as one JSON parameter through the word
//! `rows`. What a record says once ([`super::record`]) is taken from there:
//!
//! ```text
//! sql!("acts.find": "SELECT " (Act as a) " FROM " rows " AS e CROSS JOIN act AS a WHERE …")
//! bulk!("acts.add": insert Act)
//! bulk!("skips.add": insert Skip (keep Skip))
//! ```
//!
//! A [`Bulk`] writes many rows with one statement. It is the native path for hot
//! tables: one JSON parameter a chunk costs a parse for each column of each row, while this
//! binds what is there. What all rows share is bound once, after the rows, and marked with `?`. On SQLite it is
//! a static multi-row `VALUES` with `?` throughout, because SQLite looks a numbered parameter up by walking the
//! list of all of them, which makes binding `$1 … $4000` quadratic. On PostgreSQL it is one short text for any
//! number of rows, `UNNEST` of one array a column; what kind of array, the column's name says ([`is_whole`]).

/// A database this program runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// One statement. A text is empty where the other database alone has such a thing.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    /// `noun.verb`, which names it in faults and measurements.
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl Sql {
    /// Returns the text for a database.
    pub(super) const fn text(self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }
}

/// One statement that writes many rows.
#[derive(Clone, Copy, Debug)]
pub struct Bulk {
    /// `noun.verb`, which names it in faults and measurements.
    pub name: &'static str,
    /// Rows a text takes, and the text; largest first, the last takes one row.
    pub sqlite: [(usize, &'static str); SIZES.len()],
    /// It takes any number of rows.
    pub postgres: &'static str,
    /// Of each column of the rows, in their order, whether it holds whole numbers.
    pub whole: [bool; COLUMNS_MOST],
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
    // A list of rows from one JSON parameter, each a JSON array read with `value->>0`. The one that is parsed once:
    // of PostgreSQL's two kinds the other is read anew for each column.
    (sqlite rows) => {
        "json_each($1)"
    };
    (postgres rows) => {
        "jsonb_array_elements(CAST($1 AS jsonb))"
    };
    // What is put together from the texts of many rows.
    (sqlite together) => {
        "group_concat("
    };
    (postgres together) => {
        "string_agg("
    };
    // A database that locks row by row is told which.
    (sqlite for_update) => {
        ""
    };
    (postgres for_update) => {
        " FOR UPDATE OF h"
    };
    // Where chains named by the first parameter go on. A database that locks row by row locks these
    // here, in the order of their names, so that no two transactions wait for each other.
    ($dialect:ident heads) => {
        $crate::store::sql::join!(
            "SELECT h.chain, h.seq, h.hash FROM ",
            $crate::store::sql::word!($dialect rows),
            " AS e CROSS JOIN head AS h WHERE h.chain = e.value->>0 ORDER BY h.chain",
            $crate::store::sql::word!($dialect for_update)
        )
    };
    // `home, seq`
    ($dialect:ident ($record:ident)) => {
        <$record as $crate::store::sql::TableRecord>::COLUMNS
    };
    // `a.home, a.seq`
    ($dialect:ident ($record:ident as $alias:ident)) => {
        $crate::store::sql::each!(
            <$record as $crate::store::sql::TableRecord>::COLUMNS,
            concat!(stringify!($alias), "."),
            ""
        )
    };
    // All columns in one text, with a control character between them and another for one that says
    // nothing; neither can stand in a text of the register. See `Columns::line`. What stands for nothing has to be of
    // the column's type, which only SQLite does not mind.
    (sqlite (line $record:ident as $alias:ident)) => {
        $crate::store::sql::line!($record, concat!("COALESCE(", stringify!($alias), "."), ", '\u{1d}')")
    };
    (postgres (line $record:ident as $alias:ident)) => {
        $crate::store::sql::line!(
            $record,
            concat!("COALESCE(CAST(", stringify!($alias), "."),
            " AS TEXT), '\u{1d}')"
        )
    };
    // The lines of all rows of a group in one text, with a third control character between them. See `Columns::lines`.
    ($dialect:ident (lines $record:ident as $alias:ident)) => {
        $crate::store::sql::join!(
            $crate::store::sql::word!($dialect together),
            $crate::store::sql::word!($dialect (line $record as $alias)),
            ", '\u{1e}')"
        )
    };
    // ` ON CONFLICT (home) DO NOTHING`
    ($dialect:ident (keep $record:ident)) => {
        $crate::store::sql::join!(
            " ON CONFLICT (",
            <$record as $crate::store::sql::TableRecord>::KEY,
            ") DO NOTHING"
        )
    };
    // ` ON CONFLICT (home) DO UPDATE SET seq = excluded.seq`
    ($dialect:ident (replace $record:ident)) => {{
        use $crate::store::sql::TableRecord as T;
        const REST: &str = $crate::store::sql::after(<$record as T>::COLUMNS, <$record as T>::KEY);
        $crate::store::sql::join!(
            " ON CONFLICT (",
            <$record as T>::KEY,
            ") DO UPDATE SET ",
            $crate::store::sql::each!(REST, "", " = excluded.", again)
        )
    }};
    ($dialect:ident $text:literal) => {
        $text
    };
}

/// Writes the columns of a record into one text.
macro_rules! line {
    ($record:ident, $before:expr, $behind:literal) => {
        $crate::store::sql::join!(
            "concat_ws('\u{1f}', ",
            $crate::store::sql::each!(
                <$record as $crate::store::sql::TableRecord>::COLUMNS,
                $before,
                $behind
            ),
            ")"
        )
    };
}

/// Writes a statement: `sql!("orders.find": "SELECT … FROM " rows " WHERE …")`. One that only one database has says
/// which: `sql!(sqlite "open.version": "PRAGMA user_version")`.
macro_rules! sql {
    (sqlite $name:literal: $($part:tt)+) => {
        $crate::store::sql::Sql {
            name: $name,
            sqlite: $crate::store::sql::join!($($crate::store::sql::word!(sqlite $part)),+),
            postgres: "",
        }
    };
    (postgres $name:literal: $($part:tt)+) => {
        $crate::store::sql::Sql {
            name: $name,
            sqlite: "",
            postgres: $crate::store::sql::join!($($crate::store::sql::word!(postgres $part)),+),
        }
    };
    ($name:literal: $($part:tt)+) => {
        $crate::store::sql::Sql {
            name: $name,
            sqlite: $crate::store::sql::join!($($crate::store::sql::word!(sqlite $part)),+),
            postgres: $crate::store::sql::join!($($crate::store::sql::word!(postgres $part)),+),
        }
    };
}

/// Writes a bulk statement: of the columns of a record, of columns named here, or through a table
/// `new` that holds the rows.
macro_rules! bulk {
    ($name:literal: insert $record:ident $($tail:tt)*) => {{
        use $crate::store::sql::TableRecord as T;
        $crate::store::sql::bulk!(
            @insert $name, <$record as T>::TABLE, <$record as T>::COLUMNS, $($tail)*
        )
    }};
    ($name:literal: insert $table:literal ($($column:tt)+) $($tail:tt)*) => {
        $crate::store::sql::bulk!(
            @insert $name, $table,
            $crate::store::sql::join!($($crate::store::sql::word!(sqlite $column)),+),
            $($tail)*
        )
    };
    (@insert $name:literal, $table:expr, $columns:expr, $($tail:tt)*) => {
        $crate::store::sql::bulk!(
            @texts $name, $table, $columns,
            [$crate::store::sql::join!("INSERT INTO ", $table, " ("), ") VALUES ", ""],
            [") SELECT * FROM UNNEST(", ")"],
            $($tail)*
        )
    };
    ($name:literal: with ($($column:tt)+) $($tail:tt)+) => {
        $crate::store::sql::bulk!(
            @texts $name, "",
            $crate::store::sql::join!($($crate::store::sql::word!(sqlite $column)),+),
            ["WITH new (", ") AS (VALUES ", ") "],
            [") AS (SELECT * FROM UNNEST(", ")) "],
            $($tail)+
        )
    };
    (
        @texts $name:literal, $table:expr, $columns:expr, [$before:expr, $values:literal, $close:literal],
        [$arrays:literal, $closed:literal], $($tail:tt)*
    ) => {{
        const COLUMNS: &str = $columns;
        const WIDTH: usize = $crate::store::sql::width(COLUMNS);
        const HEAD: &str = $crate::store::sql::join!($before, COLUMNS, $values);
        const ROW: &str = $crate::store::sql::join!("(", $crate::store::sql::marks(WIDTH), ")");
        const TAIL: &str = $crate::store::sql::join!($close $(, $crate::store::sql::word!(sqlite $tail))*);
        const WHOLE: [bool; $crate::store::sql::COLUMNS_MOST] = $crate::store::sql::whole($table, COLUMNS);
        const ARRAYS: &str = {
            const BYTES: [u8; $crate::store::sql::arrays_length(WHOLE, WIDTH)] =
                $crate::store::sql::arrays(WHOLE, WIDTH);
            $crate::store::sql::text(&BYTES)
        };
        const REST: &str = $crate::store::sql::join!("" $(, $crate::store::sql::word!(postgres $tail))*);
        const NUMBERED: &str = {
            const BYTES: [u8; $crate::store::sql::numbered_length(REST, WIDTH)] =
                $crate::store::sql::numbered(REST, WIDTH);
            $crate::store::sql::text(&BYTES)
        };
        $crate::store::sql::Bulk {
            name: $name,
            sqlite: [
                $crate::store::sql::bulk!(@text 0),
                $crate::store::sql::bulk!(@text 1),
                $crate::store::sql::bulk!(@text 2),
                $crate::store::sql::bulk!(@text 3),
                $crate::store::sql::bulk!(@text 4),
                $crate::store::sql::bulk!(@text 5),
                $crate::store::sql::bulk!(@text 6),
                $crate::store::sql::bulk!(@text 7),
            ],
            postgres: $crate::store::sql::join!($before, COLUMNS, $arrays, ARRAYS, $closed, NUMBERED),
            whole: WHOLE,
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

/// Writes something before each of some columns and something behind it, and where it is to stand twice, each again.
macro_rules! each {
    ($columns:expr, $before:expr, $behind:literal) => {
        $crate::store::sql::each!(@round $columns, $before, $behind, false)
    };
    ($columns:expr, $before:expr, $between:literal, again) => {
        $crate::store::sql::each!(@round $columns, $before, $between, true)
    };
    (@round $columns:expr, $before:expr, $behind:literal, $is_twice:literal) => {{
        const ROUND: $crate::store::sql::Surroundings = $crate::store::sql::Surroundings {
            before: $before,
            behind: $behind,
            is_twice: $is_twice,
        };
        const BYTES: [u8; $crate::store::sql::each_length($columns, ROUND)] =
            $crate::store::sql::each_bytes($columns, ROUND);
        $crate::store::sql::text(&BYTES)
    }};
}

pub(super) use super::args::{json_rows, push_json_text};
pub use super::sql_text::is_whole;
pub(super) use super::sql_text::{
    COLUMNS_MOST, Surroundings, after, arrays, arrays_length, each_bytes, each_length, joined, length, marks,
    numbered, numbered_length, repeat, text, whole, width,
};
pub(super) use {bulk, each, join, line, sql, word};

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
        const TWO: Bulk = bulk!("test.bulk": with ("home, seq") "Z ? ?");
        assert_eq!(TWO.sqlite[SIZES.len() - 1], (1, "WITH new (home, seq) AS (VALUES (?,?)) Z ? ?"));
        for (rows, text) in TWO.sqlite {
            assert_eq!(text.matches("(?,?)").count(), rows);
            assert!(
                text.starts_with("WITH new (home, seq) AS (VALUES (?,?)") && text.ends_with("(?,?)) Z ? ?")
            );
        }
        let one = "WITH new (home, seq) AS (SELECT * FROM UNNEST($1::text[], $2::bigint[])) Z $3 $4";
        assert_eq!(TWO.postgres, one);
        assert_eq!(TWO.whole[..3], [false, true, false]);
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
        assert_eq!(FIND.sqlite, "SELECT p.home, p.seq, p.\"trigger\", p.at FROM json_each($1)");
        assert!(FIND.postgres.ends_with(" FROM jsonb_array_elements(CAST($1 AS jsonb))"));
        assert_eq!(
            LINE.sqlite,
            "SELECT concat_ws('\u{1f}', COALESCE(p.home, '\u{1d}'), COALESCE(p.seq, '\u{1d}'), \
             COALESCE(p.\"trigger\", '\u{1d}'), COALESCE(p.at, '\u{1d}')) FROM page AS p"
        );
        let (_, one) = SET.sqlite[SIZES.len() - 1];
        assert_eq!(
            one,
            "INSERT INTO page (home, seq, \"trigger\", at) VALUES (?,?,?,?) ON CONFLICT (home, seq) \
             DO UPDATE SET \"trigger\" = excluded.\"trigger\", at = excluded.at"
        );
        let (_, one) = ADD.sqlite[SIZES.len() - 1];
        assert_eq!(
            one,
            "INSERT INTO page (home, seq, \"trigger\", at, body) VALUES (?,?,?,?,?) \
             ON CONFLICT (home, seq) DO NOTHING"
        );
        let (_, one) = EACH.sqlite[SIZES.len() - 1];
        assert_eq!(one, "WITH new (home, seq) AS (VALUES (?,?)) DELETE FROM page WHERE home = ?");
    }
}
