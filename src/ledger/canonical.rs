//! Canonical JSON: one value, one text.

use std::borrow::Cow;
use std::io;

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, Serializer};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// Writes the one text of a value.
///
/// # Shape
/// Keys sorted by bytes, text in NFC, no blanks, escapes for what JSON demands and nothing else. Keys
/// stand as their fields are declared: a test reads every body back and compares their order.
pub(super) fn canonical(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    value
        .serialize(&mut Serializer::with_formatter(&mut out, CanonicalFormatter))
        .expect("a list takes all that is written, and keys are texts");
    String::from_utf8(out).expect("JSON is UTF-8")
}

/// Writes a text as entries have it, its letters composed (NFC).
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) { text.into() } else { text.nfc().collect() }
}

struct CanonicalFormatter;

impl Formatter for CanonicalFormatter {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        writer.write_all(composed(fragment).as_bytes())
    }

    fn write_char_escape<W>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        let byte = match escape {
            CharEscape::Quote => return writer.write_all(b"\\\""),
            CharEscape::ReverseSolidus => return writer.write_all(b"\\\\"),
            CharEscape::Solidus => b'/',
            CharEscape::Backspace => 0x08,
            CharEscape::Tab => b'\t',
            CharEscape::LineFeed => b'\n',
            CharEscape::FormFeed => 0x0c,
            CharEscape::CarriageReturn => b'\r',
            CharEscape::AsciiControl(byte) => byte,
        };
        write!(writer, "\\u{byte:04x}")
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn text_is_composed_and_escaped_in_one_way() {
        let text = canonical(&("e\u{301}\"\\\n巡查", -1, None::<i64>, true));
        assert_eq!(text, "[\"é\\\"\\\\\\u000a巡查\",-1,null,true]");
    }

    #[test]
    fn what_is_written_reads_as_json() {
        let text = canonical(&("\u{1}\u{1f}\t/", i64::MIN));
        let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read, serde_json::json!(["\u{1}\u{1f}\t/", i64::MIN]));
    }
}
