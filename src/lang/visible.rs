//! Text from outside, made harmless for whoever reads it on a terminal.
//!
//! Names, reasons, paths and texts of rules come from imports, forms and files. Some of their characters a terminal
//! obeys, some turn the direction of writing, some do not show: each is written out as JSON would escape it, so that
//! an answer in JSON says the same. The doors write through here; [`super::Lang`] puts arguments in through here.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::id::is_invisible;

/// Stands where a text of one line had a line's end.
const LINE_END: char = '⏎';

/// Writes out what a terminal would obey or not show, such as `\u001b` for the escape; lines stay lines.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    written_out(text, |c| c != '\n' && is_hidden(c), escaped)
}

/// The same for a text that belongs on one line: its line ends show as ⏎, its tabs are blanks.
#[must_use]
pub fn on_one_line(text: &str) -> Cow<'_, str> {
    let text = if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) };
    let write = |c: char, out: &mut String| match c {
        '\n' | '\u{2028}' | '\u{2029}' => out.push(LINE_END),
        '\t' => out.push(' '),
        _ => escaped(c, out),
    };
    match text {
        Cow::Borrowed(text) => written_out(text, is_hidden, write),
        Cow::Owned(text) => Cow::Owned(written_out(&text, is_hidden, write).into_owned()),
    }
}

/// The same as [`visible`] for what the program itself has coloured: its colours stay.
#[must_use]
pub fn coloured(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(&visible(before));
        let end = after.find(|c: char| !(c.is_ascii_digit() || c == ';')).unwrap_or(after.len());
        if after[end..].starts_with('m') {
            out.push_str("\u{1b}[");
            out.push_str(&after[..=end]);
            rest = &after[end + 1..];
        } else {
            escaped('\u{1b}', &mut out);
            out.push('[');
            rest = after;
        }
    }
    out.push_str(&visible(rest));
    out
}

/// The same for HTML: a reference stands for the character, and a browser shows what it always showed.
#[must_use]
pub fn html(text: &str) -> Cow<'_, str> {
    let write = |c: char, out: &mut String| {
        let _ = write!(out, "&#x{:x};", u32::from(c));
    };
    written_out(text, |c| !matches!(c, '\n' | '\t') && is_hidden(c), write)
}

fn is_hidden(c: char) -> bool {
    is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Writes a character as JSON escapes it.
fn escaped(c: char, out: &mut String) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}

fn written_out(
    text: &str,
    is_meant: impl Fn(char) -> bool,
    write: impl Fn(char, &mut String),
) -> Cow<'_, str> {
    if !text.contains(&is_meant) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_meant(c) {
            write(c, &mut out);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{coloured, html, on_one_line, visible};

    #[test]
    fn what_a_terminal_obeys_is_written_out() {
        let hostile = "a\u{1b}[2J\u{9b}1m\r\u{202e}b\u{200b}\u{e0041}\n中";
        assert_eq!(visible(hostile), "a\\u001b[2J\\u009b1m\\u000d\\u202eb\\u200b\\udb40\\udc41\n中");
        assert_eq!(on_one_line("a\tb\r\nc\rd\u{2028}e"), "a b⏎c\\u000dd⏎e");
        assert_eq!(html("<p>\u{202e}\n\t\u{1b}</p>"), "<p>&#x202e;\n\t&#x1b;</p>");
    }

    #[test]
    fn what_json_says_stays_the_same() {
        let value = serde_json::json!({"名称": "a\u{202e}\u{7f}\u{e0041}\u{1b}\n"});
        let text = serde_json::to_string(&value).expect("JSON");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&visible(&text)).expect("JSON"), value);
    }

    #[test]
    fn only_colours_stay() {
        assert_eq!(
            coloured("\u{1b}[1;31m错\u{1b}[0m\u{1b}[2J\u{1b}"),
            "\u{1b}[1;31m错\u{1b}[0m\\u001b[2J\\u001b"
        );
    }
}
