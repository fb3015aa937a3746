//! Bytes to text: encodings named, hostile characters refused, line ends made one.

use std::borrow::Cow;

use crate::diag::TextFlaw;
use crate::diag::codes::{BAD_ENCODING, CONTROL_CHARACTER, FILE_TOO_LARGE, INVISIBLE_CHARACTER, TAB};

/// Most flaws of one kind reported for one file: a file of a million tabs has one problem.
const FLAWS_MAX: usize = 5;

/// Reads the bytes of one file as text.
///
/// What is not UTF-8 is still decoded by the encoding it seems to be in, so that the report can
/// show the line, but it is always an error: a guess would silently change names.
pub(super) fn decode(bytes: &[u8], bytes_max: usize, is_yaml: bool) -> (String, Vec<TextFlaw>) {
    if bytes.len() > bytes_max {
        let flaw = TextFlaw::new(FILE_TOO_LARGE, 0..0).with("limit", kibibytes(bytes_max));
        return (String::new(), vec![flaw]);
    }
    if let Some((encoding, bom)) = encoding_rs::Encoding::for_bom(bytes)
        && encoding != encoding_rs::UTF_8
    {
        let text = encoding.decode_without_bom_handling(&bytes[bom..]).0.into_owned();
        return (text, vec![TextFlaw::new(BAD_ENCODING, 0..0).with("encoding", encoding.name())]);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), hostile(text, is_yaml)),
        Err(error) => foreign(bytes, error.valid_up_to()),
    }
}

fn foreign(bytes: &[u8], valid_up_to: usize) -> (String, Vec<TextFlaw>) {
    let encoding = utf16_without_bom(bytes).unwrap_or_else(|| {
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny)
    });
    let text = encoding.decode_without_bom_handling(bytes).0.into_owned();
    let is_wide = encoding == encoding_rs::UTF_16BE || encoding == encoding_rs::UTF_16LE;
    let valid_up_to = if is_wide { 0 } else { valid_up_to };
    let before = encoding.decode_without_bom_handling(&bytes[..valid_up_to]).0.len();
    let width = text[before.min(text.len())..].chars().next().map_or(0, char::len_utf8);
    // Editors in China list both under one name.
    let name = if encoding == encoding_rs::GBK { "GBK" } else { encoding.name() };
    (text, vec![TextFlaw::new(BAD_ENCODING, before..before + width).with("encoding", name)])
}

/// Half of the bytes of ASCII text in UTF-16 are zero, which no other encoding has.
fn utf16_without_bom(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = &bytes[..bytes.len().min(256)];
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    if zeros(0) * 4 > head.len() {
        return Some(encoding_rs::UTF_16BE);
    }
    (zeros(1) * 4 > head.len()).then_some(encoding_rs::UTF_16LE)
}

fn hostile(text: &str, is_yaml: bool) -> Vec<TextFlaw> {
    let mut flaws = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii() || c.is_ascii_control()) {
        let code = match c {
            '\n' | '\r' => continue,
            '\t' if !is_yaml || !is_indentation(&text[..at]) => continue,
            '\t' => TAB,
            c if c.is_control() => CONTROL_CHARACTER,
            c if is_invisible(c) => INVISIBLE_CHARACTER,
            _ => continue,
        };
        let flaw =
            TextFlaw::new(code, at..at + c.len_utf8()).with("character", format!("U+{:04X}", u32::from(c)));
        flaws.push(flaw);
        if flaws.len() == FLAWS_MAX {
            break;
        }
    }
    flaws
}

fn is_indentation(before: &str) -> bool {
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    line.chars().all(|c| c == ' ' || c == '\t')
}

/// Marks that change how a line is shown or compared and that no reader can see.
///
/// # Source
/// Trojan Source (CVE-2021-42574); `reliability.md` Y18.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn kibibytes(bytes: usize) -> String {
    format!("{} KiB", bytes.div_ceil(1024))
}

/// Returns the text as it is hashed: every line end is `\n`.
pub(super) fn normalised(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}
