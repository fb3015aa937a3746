//! How the texts of statements are put together while the program is built.

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

/// What is written round each of some columns.
#[derive(Clone, Copy)]
pub(super) struct Surroundings {
    pub(super) before: &'static str,
    pub(super) behind: &'static str,
    /// Whether the column stands there again.
    pub(super) is_twice: bool,
}

/// Returns how many bytes [`each_bytes`] gives.
pub(super) const fn each_length(columns: &str, round: Surroundings) -> usize {
    let each = width(columns) * (round.before.len() + round.behind.len());
    // Of what stands twice, the commas stand once.
    let again = if round.is_twice { columns.len() - 2 * (width(columns) - 1) } else { 0 };
    columns.len() + each + again
}

/// Writes columns with what stands round each of them.
pub(super) const fn each_bytes<const LEN: usize>(columns: &str, round: Surroundings) -> [u8; LEN] {
    let mut out = [0; LEN];
    let (mut rest, mut at) = (columns.as_bytes(), 0);
    loop {
        let (column, next) = rest.split_at(comma(rest));
        at = put(&mut out, at, round.before.as_bytes());
        at = put(&mut out, at, column);
        at = put(&mut out, at, round.behind.as_bytes());
        if round.is_twice {
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

/// Columns a bulk statement may have.
pub(super) const COLUMNS_MOST: usize = 32;

/// Columns of whole numbers, in whatever table; all others are texts. A bulk statement has to say which it binds
/// before it knows the values, and a test compares this with both schemas.
const WHOLE: [&str; 27] = [
    "against",
    "attempts",
    "before",
    "blank_n",
    "blank_year",
    "bytes",
    "duties",
    "epoch",
    "first",
    "held",
    "last",
    "level",
    "moves",
    "n",
    "opened",
    "ordinal",
    "original",
    "place",
    "plan",
    "provisional",
    "release",
    "replaced_by",
    "replaces",
    "seq",
    "version",
    "visit",
    "year",
];
/// Columns of whole numbers whose names are texts elsewhere.
const WHOLE_THERE: [(&str, &str); 6] = [
    ("daemon", "seen"),
    ("ledger", "about"),
    ("plan", "number"),
    ("proposal", "number"),
    ("release", "number"),
    ("signal", "number"),
];

/// Returns whether a column of a table holds whole numbers; a table that a statement makes has no name.
pub const fn is_whole(table: &str, column: &str) -> bool {
    let mut at = 0;
    while at < WHOLE.len() {
        if is_same(WHOLE[at].as_bytes(), column.as_bytes()) {
            return true;
        }
        at += 1;
    }
    let mut at = 0;
    while at < WHOLE_THERE.len() {
        let (there, whole) = WHOLE_THERE[at];
        if is_same(there.as_bytes(), table.as_bytes()) && is_same(whole.as_bytes(), column.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Says of each column whether it holds whole numbers.
pub(super) const fn whole(table: &str, columns: &str) -> [bool; COLUMNS_MOST] {
    let mut out = [false; COLUMNS_MOST];
    let (mut rest, mut at) = (columns.as_bytes(), 0);
    loop {
        let (column, next) = rest.split_at(comma(rest));
        out[at] = match std::str::from_utf8(column) {
            Ok(column) => is_whole(table, column),
            Err(_) => false,
        };
        if next.is_empty() {
            return out;
        }
        (rest, at) = (next.split_at(2).1, at + 1);
    }
}

/// Returns how many bytes [`arrays`] gives.
pub(super) const fn arrays_length(whole: [bool; COLUMNS_MOST], width: usize) -> usize {
    let (mut length, mut at) = (0, 0);
    while at < width {
        let kind = if whole[at] { "::bigint[]" } else { "::text[]" };
        length += if at == 0 { 0 } else { 2 } + number_length(at + 1) + kind.len();
        at += 1;
    }
    length
}

/// Writes a parameter for the values of each column: `$1::text[], $2::bigint[]`.
pub(super) const fn arrays<const LEN: usize>(whole: [bool; COLUMNS_MOST], width: usize) -> [u8; LEN] {
    let mut out = [0; LEN];
    let (mut to, mut at) = (0, 0);
    while at < width {
        if at > 0 {
            to = put(&mut out, to, b", ");
        }
        to = put_number(&mut out, to, at + 1);
        to = put(&mut out, to, if whole[at] { b"::bigint[]" } else { b"::text[]" });
        at += 1;
    }
    out
}

/// Returns how many bytes [`numbered`] gives.
pub(super) const fn numbered_length(text: &str, after: usize) -> usize {
    let (bytes, mut length, mut at, mut number) = (text.as_bytes(), 0, 0, after);
    while at < bytes.len() {
        if bytes[at] == b'?' {
            number += 1;
            length += number_length(number);
        } else {
            length += 1;
        }
        at += 1;
    }
    length
}

/// Numbers the parameters that are marked with `?`, from the one after so many.
pub(super) const fn numbered<const LEN: usize>(text: &str, after: usize) -> [u8; LEN] {
    let mut out = [0; LEN];
    let (bytes, mut to, mut at, mut number) = (text.as_bytes(), 0, 0, after);
    while at < bytes.len() {
        if bytes[at] == b'?' {
            number += 1;
            to = put_number(&mut out, to, number);
        } else {
            out[to] = bytes[at];
            to += 1;
        }
        at += 1;
    }
    out
}

/// Returns how many bytes the mark of a parameter has.
const fn number_length(number: usize) -> usize {
    if number < 10 { 2 } else { 3 }
}

const DIGITS: &[u8; 10] = b"0123456789";

const fn put_number<const LEN: usize>(out: &mut [u8; LEN], mut at: usize, number: usize) -> usize {
    assert!(number < 100, "no statement has a hundred parameters");
    at = put(out, at, b"$");
    if number >= 10 {
        out[at] = DIGITS[number / 10];
        at += 1;
    }
    out[at] = DIGITS[number % 10];
    at + 1
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
