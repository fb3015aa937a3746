//! JSON that people write by hand: read, or what is wrong with it and where, in words.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Error;

use super::CommandStop;
use crate::files;

/// What stands where a mark or a quotation mark of JSON should, with a Chinese input method on.
const WIDE_MARKS: [char; 12] = ['“', '”', '‘', '’', '：', '，', '｛', '｝', '［', '］', '＂', '、'];

/// What the parser says, by its beginning, and the word that `U007` has a sentence for.
const FLAWS: [(&str, &str); 12] = [
    ("trailing comma", "comma"),
    ("EOF", "cut"),
    ("key must be a string", "key"),
    ("expected `:`", "colon"),
    ("expected `,`", "between"),
    ("expected value", "value"),
    ("expected ident", "value"),
    ("trailing characters", "after"),
    ("control character", "break"),
    ("invalid escape", "escape"),
    ("invalid number", "number"),
    ("recursion limit", "depth"),
];

/// Reads a file of JSON, no further than `limit` bytes.
pub(super) fn read<T: DeserializeOwned>(path: &Path, limit: usize) -> Result<T, CommandStop> {
    let bytes = files::read_file(path, limit)?;
    parse(&path.display().to_string(), &bytes)
}

/// Reads JSON that `name` holds; a byte-order mark may stand before it.
pub(super) fn parse<T: DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, CommandStop> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let read = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let line = read.split('\n').count();
        let column = read.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        stop(name, "encoding", Place { line, column, found: String::new() })
    })?;
    serde_json::from_str(text).map_err(|error| {
        let place = Place::of(text, &error);
        let said = error.to_string();
        let is_wide = place.found.chars().any(|mark| WIDE_MARKS.contains(&mark));
        let known = FLAWS.iter().find(|(begins, _)| said.starts_with(begins)).map(|(_, flaw)| *flaw);
        let flaw = if text.trim().is_empty() { "empty" } else { known.unwrap_or("other") };
        stop(name, if is_wide && flaw != "cut" { "wide" } else { flaw }, place)
    })
}

/// Where something is wrong, both from 1, and what stands there.
struct Place {
    line: usize,
    column: usize,
    found: String,
}

impl Place {
    /// Finds the letter where the parser stopped; it counts bytes, and people letters.
    fn of(text: &str, error: &Error) -> Self {
        let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
        let at = error.column().saturating_sub(1);
        let mut letters = line.char_indices().enumerate();
        let stands = letters.find(|(_, (start, letter))| at < start + letter.len_utf8());
        let (column, found) = match stands {
            Some((before, (_, letter))) => (before + 1, letter.to_string()),
            None => (line.chars().count() + 1, String::new()),
        };
        Self { line: error.line(), column, found }
    }
}

fn stop(name: &str, flaw: &str, place: Place) -> CommandStop {
    let Place { line, column, found } = place;
    let (path, flaw) = (name.to_owned(), flaw.to_owned());
    let place = [("line", line.to_string()), ("column", column.to_string()), ("found", found)];
    CommandStop::Usage("U007", [("path", path), ("flaw", flaw)].into_iter().chain(place).collect())
}
