//! What is written in an answer: whether anything is, its text, and how a flaw shows it.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

/// Longest piece of an answer that a message repeats.
const SHOWN_CHARS: usize = 40;

/// Whether nothing is written there.
pub(super) fn is_empty(given: &Value) -> bool {
    match given {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// What was written, as the text of a flaw shows it.
pub(super) fn shown(given: &Value) -> String {
    let text = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// A text, in NFC and without blanks around it.
pub(super) fn text(given: &Value) -> Option<String> {
    given.as_str().map(|text| text.trim().nfc().collect())
}
