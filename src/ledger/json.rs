//! Canonical JSON: one value, one text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// A value that can be written in exactly one way.
///
/// # Shape
/// Keys sorted by bytes, text in NFC, no blanks, no floats; there is no variant to hold one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json<'a> {
    /// Nothing.
    Null,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Json<'a>>),
    /// Keys and values.
    Map(BTreeMap<&'a str, Json<'a>>),
}

impl<'a> Json<'a> {
    /// Wraps a text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// Wraps a text that may be missing.
    pub fn maybe(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    /// Makes a map.
    pub fn map<const N: usize>(pairs: [(&'a str, Json<'a>); N]) -> Self {
        Self::Map(BTreeMap::from(pairs))
    }

    /// Writes the one text of the value.
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Self::Int(number) => {
                write!(out, "{number}").expect("a String takes all that is written");
            }
            Self::Text(text) => write_text(out, text),
            Self::List(items) => {
                write_between(out, '[', ']', items.iter(), |out, item| item.write(out));
            }
            Self::Map(pairs) => write_between(out, '{', '}', pairs.iter(), |out, (key, value)| {
                write_text(out, key);
                out.push(':');
                value.write(out);
            }),
        }
    }
}

fn write_between<T>(
    out: &mut String,
    open: char,
    close: char,
    items: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut String, T),
) {
    out.push(open);
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(close);
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    if text.is_ascii() || is_nfc(text) {
        write_escaped(out, text);
    } else {
        write_escaped(out, &text.nfc().collect::<String>());
    }
    out.push('"');
}

/// Escapes what JSON demands and nothing else.
fn write_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c < ' ' || c == '"' || c == '\\') {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = tail.chars();
        match chars.next() {
            Some(c @ ('"' | '\\')) => {
                out.push('\\');
                out.push(c);
            }
            Some(c) => {
                write!(out, "\\u{:04x}", u32::from(c)).expect("a String takes all that is written");
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_text_is_composed() {
        let value = Json::map([
            ("b", Json::List(vec![Json::Int(-1), Json::Null, Json::Flag(true)])),
            ("a", Json::text("e\u{301}\"\\\n巡查")),
        ]);
        assert_eq!(value.canonical(), "{\"a\":\"é\\\"\\\\\\u000a巡查\",\"b\":[-1,null,true]}");
    }

    #[test]
    fn what_is_written_reads_as_json() {
        let text = Json::List(vec![Json::text("\u{1}\u{1f}\t/"), Json::Int(i64::MIN)]).canonical();
        let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read, serde_json::json!(["\u{1}\u{1f}\t/", i64::MIN]));
    }
}
