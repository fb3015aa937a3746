//! The leaves: text, names, numbers, days, lengths, words of a closed choice.

use std::ops::Deref;

use chrono::{NaiveDateTime, NaiveTime};

use super::node::{NodeKind, Scalar, YamlNode};
use super::shape::{Shape, expected};
use crate::calendar::{Length, NotALength};
use crate::diag::codes::{
    BAD_ID, MISSING_VALUE, NOT_A_DAY, NOT_A_FLAG, NOT_A_LENGTH, NOT_A_MOMENT, NOT_A_NUMBER, NOT_ONE_OF,
    NUMBER_TOO_LARGE, UNQUOTED_ID,
};
use crate::diag::{Code, Diagnostic, Span};
use crate::lang::spellings::has_han;
use crate::time::Day;

/// A value and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At<T> {
    pub value: T,
    pub span: Span,
}

/// Any text.
pub type Word = At<String>;

impl Word {
    pub fn text(&self) -> &str {
        &self.value
    }

    /// Parts `penalty#2` into the name and which one of it is meant; none where it cannot be read.
    ///
    /// # Shape
    /// Without `#`, the number is none.
    pub fn parted(&self) -> Option<(&str, Option<u32>)> {
        match self.value.split_once('#') {
            None => Some((&self.value, None)),
            Some((name, number)) => Some((name, Some(number.parse().ok().filter(|number| *number > 0)?))),
        }
    }

    /// Returns the text with its place.
    pub(in crate::policy) fn spelling(&self) -> At<&str> {
        At { value: &self.value, span: self.span }
    }

    /// Returns a problem that is told with the text.
    pub fn wrong(&self, code: Code) -> Diagnostic {
        Diagnostic::new(code, self.span).with("word", &self.value)
    }

    /// Returns the problem that it is none of those known, with the nearest of them.
    pub fn none_of<'k>(&self, code: Code, known: impl IntoIterator<Item = &'k str>) -> Diagnostic {
        self.wrong(code).with_nearest(&self.value, known)
    }
}

/// A name: of a file, a step, a role. Never what YAML would read as a number, a truth value or
/// nothing; never with spaces or marks that mean something in an address or an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id(pub(in crate::policy) Word);

impl Deref for Id {
    type Target = Word;

    fn deref(&self) -> &Word {
        &self.0
    }
}

/// A whole or decimal number, written in the one way the language has for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::policy) struct Numeral {
    /// The value, finite.
    pub(in crate::policy) value: f64,
    /// The value, when it was written without a decimal point.
    pub(in crate::policy) whole: Option<i64>,
    pub(in crate::policy) span: Span,
}

/// A scalar whose type somebody else declares: a cell, a default, a test's input.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::policy) struct Loose {
    pub(in crate::policy) text: String,
    /// Written without quotes.
    pub(in crate::policy) plain: bool,
    pub(in crate::policy) span: Span,
}

impl Loose {
    /// Returns a problem that is told with the text.
    pub(in crate::policy) fn wrong(&self, code: Code) -> Diagnostic {
        Diagnostic::new(code, self.span).with("word", &self.text)
    }
}

/// The words a closed choice is written with.
pub(in crate::policy) trait Words: Clone + 'static {
    /// Each word with its meaning, in the order people list them.
    const WORDS: &'static [(&'static str, Self)];
}

/// Declares the words of a closed choice.
macro_rules! words {
    ($($(#[$doc:meta])* $ty:ty: $($word:expr => $value:expr),+;)+) => { $(
        impl $crate::policy::raw::leaf::Words for $ty {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, $value)),+];
        }

        impl $crate::policy::raw::Shape for $ty {
            fn read(node: &$crate::policy::raw::YamlNode, out: &mut Vec<$crate::diag::Diagnostic>) -> Option<Self> {
                let scalar = $crate::policy::raw::leaf::scalar(node, out)?;
                $crate::policy::raw::leaf::word(&scalar.text, node.span, out)
            }
        }
    )+ };
}
pub(in crate::policy) use words;

/// Returns the scalar of a node that has to be one, with something written.
pub(in crate::policy) fn scalar<'n>(node: &'n YamlNode, out: &mut Vec<Diagnostic>) -> Option<&'n Scalar> {
    match &node.kind {
        NodeKind::Scalar(scalar) if !scalar.is_nothing() => Some(scalar),
        _ => {
            out.push(expected(node, "text"));
            None
        }
    }
}

impl<T: Shape> Shape for At<T> {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        T::read(node, out).map(|value| Self { value, span: node.span })
    }
}

impl Shape for String {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let scalar = scalar(node, out)?;
        if scalar.text.trim().is_empty() {
            out.push(Diagnostic::new(MISSING_VALUE, node.span));
            return None;
        }
        Some(scalar.text.clone())
    }
}

impl Shape for Id {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let scalar = scalar(node, out)?;
        id(&scalar.text, scalar.plain, node.span, out)
    }
}

/// Reads a name.
pub(in crate::policy) fn id(text: &str, plain: bool, span: Span, out: &mut Vec<Diagnostic>) -> Option<Id> {
    if plain && is_read_otherwise(text) {
        out.push(Diagnostic::new(UNQUOTED_ID, span).with("word", text));
        return None;
    }
    let odd = text.chars().find(|c| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/')));
    let mixed = text.chars().any(|c| c.is_ascii_alphabetic()) && text.chars().any(is_look_alike);
    if text.is_empty() || odd.is_some() || mixed {
        let character = odd.or_else(|| text.chars().find(|c| is_look_alike(*c))).map(String::from);
        let reason = if mixed { "look-alike" } else { "character" };
        out.push(
            Diagnostic::new(BAD_ID, span)
                .with("word", text)
                .with("character", character.unwrap_or_default())
                .with("reason", reason),
        );
        return None;
    }
    Some(Id(At { value: text.to_owned(), span }))
}

/// Cyrillic and Greek letters that look like Latin ones.
fn is_look_alike(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{52f}')
}

/// Returns whether other YAML tools read the bare word as a number, a truth value or nothing.
pub(in crate::policy) fn is_read_otherwise(text: &str) -> bool {
    let number = text.trim_start_matches(['+', '-']);
    let numeric = number.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && (text.replace('_', "").parse::<f64>().is_ok()
            || number.strip_prefix("0x").is_some_and(|hex| hex.chars().all(|c| c.is_ascii_hexdigit()))
            || number.strip_prefix("0o").is_some_and(|octal| octal.chars().all(|c| c.is_digit(8))));
    let special = matches!(text, ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "-.inf" | "+.inf");
    let truth = matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE");
    let nothing = matches!(text, "" | "~" | "null" | "Null" | "NULL");
    numeric || special || truth || nothing
}

impl Shape for Numeral {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let scalar = scalar(node, out)?;
        let refuse = |reason: &'static str| {
            Diagnostic::new(NOT_A_NUMBER, node.span).with("word", &scalar.text).with("reason", reason)
        };
        if !scalar.plain {
            out.push(refuse(if is_read_otherwise(&scalar.text) { "quoted" } else { "text" }));
            return None;
        }
        if !is_number(&scalar.text) {
            let reason = match scalar.text.as_str() {
                text if text.contains("nan") || text.contains("inf") => "infinite",
                text if is_read_otherwise(text) => "spelling",
                _ => "text",
            };
            out.push(refuse(reason));
            return None;
        }
        let whole = (!scalar.text.contains('.')).then(|| scalar.text.parse::<i64>());
        let value: f64 = scalar.text.parse().unwrap_or(f64::INFINITY);
        match whole.transpose() {
            Ok(whole) if value.is_finite() => Some(Self { value, whole, span: node.span }),
            _ => {
                out.push(Diagnostic::new(NUMBER_TOO_LARGE, node.span).with("word", &scalar.text));
                None
            }
        }
    }
}

/// `-?[0-9]+(\.[0-9]+)?`, without needless zeros in front.
pub(in crate::policy) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    all_digits(whole) && all_digits(fraction) && (whole == "0" || !whole.starts_with('0'))
}

impl Shape for f64 {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        Numeral::read(node, out).map(|number| number.value)
    }
}

impl Shape for i64 {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let number = Numeral::read(node, out)?;
        if number.whole.is_none() {
            let NodeKind::Scalar(scalar) = &node.kind else { return None };
            out.push(
                Diagnostic::new(NOT_A_NUMBER, node.span).with("word", &scalar.text).with("reason", "decimal"),
            );
        }
        number.whole
    }
}

/// Yes, or no when the key is absent.
impl Shape for bool {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        flag(&Loose::read(node, out)?, out)
    }

    fn absent() -> Option<Self> {
        Some(false)
    }
}

/// Reads yes or no.
pub(in crate::policy) fn flag(loose: &Loose, out: &mut Vec<Diagnostic>) -> Option<bool> {
    match (loose.plain, loose.text.as_str()) {
        (true, "true") => Some(true),
        (true, "false") => Some(false),
        _ => {
            out.push(loose.wrong(NOT_A_FLAG).with("quoted", if loose.plain { "no" } else { "yes" }));
            None
        }
    }
}

impl Shape for Day {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        date(&Loose::read(node, out)?, out)
    }
}

pub(in crate::policy) fn date(loose: &Loose, out: &mut Vec<Diagnostic>) -> Option<Day> {
    let value = day(&loose.text);
    if value.is_none() {
        out.push(loose.wrong(NOT_A_DAY));
    }
    value
}

/// Reads `2026-01-01`, with every digit written.
pub(in crate::policy) fn day(text: &str) -> Option<Day> {
    (text.len() == 10).then(|| Day::parse_from_str(text, "%Y-%m-%d").ok())?
}

/// A moment by the bureau's clock, `2026-03-02T09:00`; a bare day is its beginning.
impl Shape for NaiveDateTime {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let word = Word::read(node, out)?;
        let bare = day(word.text()).map(|day| day.and_time(NaiveTime::MIN));
        let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"];
        let local = bare.or_else(|| {
            // Every digit is written, so that the text says at a glance when.
            forms
                .iter()
                .filter(|_| word.text().len() >= "2026-03-02T09:00".len())
                .find_map(|form| Self::parse_from_str(word.text(), form).ok())
        });
        if local.is_none() {
            out.push(word.wrong(NOT_A_MOMENT));
        }
        local
    }
}

impl Shape for Length {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        length(&scalar(node, out)?.text, node.span, out)
    }
}

pub(in crate::policy) fn length(text: &str, span: Span, out: &mut Vec<Diagnostic>) -> Option<Length> {
    text.parse()
        .map_err(|why: NotALength| {
            out.push(Diagnostic::new(NOT_A_LENGTH, span).with("word", text).with("reason", why.into_str()));
        })
        .ok()
}

/// Reads a word of a closed choice.
pub(in crate::policy) fn word<T: Words>(text: &str, span: Span, out: &mut Vec<Diagnostic>) -> Option<T> {
    let found = T::WORDS.iter().find(|(word, _)| *word == text).map(|(_, value)| value.clone());
    if found.is_none() {
        // Whoever writes no Chinese is offered none.
        let known = T::WORDS.iter().map(|(word, _)| *word);
        let known = known.filter(|word| has_han(text) || !has_han(word));
        out.push(Diagnostic::new(NOT_ONE_OF, span).with("word", text).with_nearest(text, known));
    }
    found
}

impl Shape for Loose {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let scalar = scalar(node, out)?;
        Some(Self { text: scalar.text.clone(), plain: scalar.plain, span: node.span })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        for text in ["0", "-3", "3.50", "12"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["007", "0x1F", "1_000", "+1", ".5", "1e3", "", "-", "1."] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn what_other_tools_read_as_a_number_is_known() {
        for text in ["5223", "9111000010000001E5", "1.10", "007", "0o7", "0x1F", "1_000", "true", "~", ".inf"]
        {
            assert!(is_read_otherwise(text), "{text}");
        }
        for text in ["甲", "no", "five-step", "2026-01-01", "12A", "e5", "inf"] {
            assert!(!is_read_otherwise(text), "{text}");
        }
    }
}
