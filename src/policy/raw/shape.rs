//! What a node has to look like: the leaves, the containers, and the macro that declares maps.

use crate::calendar::{Length, NotALength};
use crate::diag::codes::{
    BAD_ID, EXPECTED, MISSING_KEY, MISSING_VALUE, NOT_A_DAY, NOT_A_FLAG, NOT_A_LENGTH, NOT_A_NUMBER,
    NOT_ONE_OF, NUMBER_TOO_LARGE, UNKNOWN_KEY, UNQUOTED_ID,
};
use crate::diag::{Diagnostic, Span};
use crate::time::Day;

use super::blame;
use super::node::{Key, Node, NodeKind, Scalar};

/// Something that can be read from a node.
///
/// Reading reports every problem it meets and goes on; it answers none when nothing usable is
/// left. A file with any error is not looked at further, so a hole is never taken for a choice.
pub(in crate::policy) trait Shape: Sized {
    /// Reads the node.
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self>;

    /// What stands for a key that is not written; none when it has to be.
    fn absent() -> Option<Self> {
        None
    }
}

/// A value and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::policy) struct At<T> {
    /// The value.
    pub(in crate::policy) value: T,
    /// Its place.
    pub(in crate::policy) span: Span,
}

/// Any text.
pub(in crate::policy) type Word = At<String>;

impl Word {
    /// Returns the text.
    pub(in crate::policy) fn text(&self) -> &str {
        &self.value
    }
}

/// A name: of a file, a step, a role. Never what YAML would read as a number, a truth value or
/// nothing; never with spaces or marks that mean something in an address or an expression.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::policy) struct Id(pub(in crate::policy) Word);

impl Id {
    /// Returns the text.
    pub(in crate::policy) fn text(&self) -> &str {
        &self.0.value
    }

    /// Returns its place.
    pub(in crate::policy) const fn span(&self) -> Span {
        self.0.span
    }
}

/// A whole or decimal number, written in the one way the language has for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::policy) struct Number {
    /// The value, finite.
    pub(in crate::policy) value: f64,
    /// The value, when it was written without a decimal point.
    pub(in crate::policy) whole: Option<i64>,
    /// Its place.
    pub(in crate::policy) span: Span,
}

/// One or many, written `x` or `[x, y]`; none when the key is absent.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::policy) struct Many<T>(pub(in crate::policy) Vec<T>);

/// A map with free keys, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::policy) struct Pairs<T>(pub(in crate::policy) Vec<(Id, T)>);

/// A map whose keys are any text: column headings, codes, addresses.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::policy) struct Headed<T>(pub(in crate::policy) Vec<(Word, T)>);

/// A scalar whose type somebody else declares: a cell, a default, a test's input.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::policy) struct Loose {
    /// Its text.
    pub(in crate::policy) text: String,
    /// Written without quotes.
    pub(in crate::policy) plain: bool,
    /// Its place.
    pub(in crate::policy) span: Span,
}

/// The words a closed choice is written with.
pub(in crate::policy) trait Words: Copy + 'static {
    /// Each word with its meaning, in the order people list them.
    const WORDS: &'static [(&'static str, Self)];
}

/// Declares the words of a closed choice.
macro_rules! words {
    ($($(#[$doc:meta])* $ty:ty: $($word:literal => $value:expr),+;)+) => { $(
        impl $crate::policy::raw::shape::Words for $ty {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, $value)),+];
        }
    )+ };
}
pub(in crate::policy) use words;

/// Declares a map with fixed keys: a struct, and the reading of it. `field("key")` when the key
/// is a word Rust keeps for itself; `Name [span]` when its place is wanted.
macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident $([$place:ident])? {
        $($(#[$field_doc:meta])* $field:ident $(($key:literal))? : $ty:ty,)+
    })+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub(in crate::policy) struct $name {
            $(/// Where it begins.
            pub(in crate::policy) $place: $crate::diag::Span,)?
            $($(#[$field_doc])* pub(in crate::policy) $field: $ty,)+
        }

        impl $name {
            /// The keys it knows, in the order people write them.
            pub(in crate::policy) const KEYS: &'static [&'static str] =
                &[$($crate::policy::raw::shape::key!($field $(, $key)?)),+];
        }

        impl $crate::policy::raw::shape::Shape for $name {
            fn read(node: &$crate::policy::raw::node::Node, out: &mut Vec<$crate::diag::Diagnostic>) -> Option<Self> {
                let pairs = $crate::policy::raw::shape::map(node, out)?;
                $crate::policy::raw::shape::refuse_unknown(pairs, Self::KEYS, out);
                // Every field is read before any is missed, so that all problems are told at once.
                $(let $field = $crate::policy::raw::shape::field::<$ty>(
                    node, pairs, $crate::policy::raw::shape::key!($field $(, $key)?), out);)+
                Some(Self { $($place: node.span,)? $($field: $field?,)+ })
            }
        }
    )+ };
}
pub(in crate::policy) use shapes;

/// The key of a field: its name, or the literal given for it.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident, $key:literal) => {
        $key
    };
}
pub(in crate::policy) use key;

/// Returns the pairs of a map.
pub(in crate::policy) fn map<'n>(node: &'n Node, out: &mut Vec<Diagnostic>) -> Option<&'n [(Key, Node)]> {
    match &node.kind {
        NodeKind::Map(pairs) => Some(pairs),
        NodeKind::Scalar(_) | NodeKind::List(_) => {
            out.push(expected(node, "map"));
            None
        }
    }
}

/// Reads one key of a map.
pub(in crate::policy) fn field<T: Shape>(
    node: &Node,
    pairs: &[(Key, Node)],
    name: &str,
    out: &mut Vec<Diagnostic>,
) -> Option<T> {
    let Some((_, value)) = pairs.iter().find(|(key, _)| key.text == name) else {
        let absent = T::absent();
        if absent.is_none() {
            out.push(Diagnostic::new(MISSING_KEY, node.span).with("key", name));
        }
        return absent;
    };
    // A value that cannot be read was reported; what is left stands for it until the file is refused.
    T::read(value, out).or_else(T::absent)
}

/// Reports every key that is not among `known`.
pub(in crate::policy) fn refuse_unknown(pairs: &[(Key, Node)], known: &[&str], out: &mut Vec<Diagnostic>) {
    for (key, _) in pairs {
        // A key with a slip inside was reported when it was read.
        if !known.contains(&key.text.as_str()) && !(key.plain && blame::in_key(&key.text).is_some()) {
            out.push(
                Diagnostic::new(UNKNOWN_KEY, key.span)
                    .with("key", &key.text)
                    .with_nearest(&key.text, known.iter().copied()),
            );
        }
    }
}

/// Returns the complaint that a node is not what was wanted there: `map`, `list`, `text`.
pub(in crate::policy) fn expected(node: &Node, want: &'static str) -> Diagnostic {
    let got = match &node.kind {
        NodeKind::Scalar(scalar) if scalar.is_nothing() => return Diagnostic::new(MISSING_VALUE, node.span),
        NodeKind::Scalar(scalar) => {
            let slip =
                if scalar.plain && want != "text" { blame::in_place_of_map(&scalar.text) } else { None };
            if let Some(culprit) = slip {
                return culprit.at(node.span.file, node.span.start as usize);
            }
            "text"
        }
        NodeKind::List(_) => "list",
        NodeKind::Map(_) => "map",
    };
    Diagnostic::new(EXPECTED, node.span).with("want", want).with("got", got)
}

/// Returns the scalar of a node that has to be one, with something written.
fn scalar<'n>(node: &'n Node, out: &mut Vec<Diagnostic>) -> Option<&'n Scalar> {
    match &node.kind {
        NodeKind::Scalar(scalar) if !scalar.is_nothing() => Some(scalar),
        _ => {
            out.push(expected(node, "text"));
            None
        }
    }
}

impl Shape for Word {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let scalar = scalar(node, out)?;
        if scalar.text.trim().is_empty() {
            out.push(Diagnostic::new(MISSING_VALUE, node.span));
            return None;
        }
        Some(At { value: scalar.text.clone(), span: node.span })
    }
}

impl Shape for Id {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
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
        let culprit = odd.or_else(|| text.chars().find(|c| is_look_alike(*c))).map(String::from);
        let reason = if mixed { "look-alike" } else { "character" };
        out.push(
            Diagnostic::new(BAD_ID, span)
                .with("word", text)
                .with("character", culprit.unwrap_or_default())
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

impl Shape for Number {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
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

impl Shape for At<i64> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let number = Number::read(node, out)?;
        if number.whole.is_none() {
            let NodeKind::Scalar(scalar) = &node.kind else { return None };
            out.push(
                Diagnostic::new(NOT_A_NUMBER, node.span).with("word", &scalar.text).with("reason", "decimal"),
            );
        }
        number.whole.map(|value| Self { value, span: node.span })
    }
}

impl Shape for At<bool> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let scalar = scalar(node, out)?;
        match (scalar.plain, scalar.text.as_str()) {
            (true, "true") => Some(Self { value: true, span: node.span }),
            (true, "false") => Some(Self { value: false, span: node.span }),
            _ => {
                out.push(Diagnostic::new(NOT_A_FLAG, node.span).with("word", &scalar.text));
                None
            }
        }
    }
}

impl Shape for At<Day> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let scalar = scalar(node, out)?;
        let value = day(&scalar.text);
        if value.is_none() {
            out.push(Diagnostic::new(NOT_A_DAY, node.span).with("word", &scalar.text));
        }
        value.map(|value| Self { value, span: node.span })
    }
}

/// Reads `2026-01-01`, with every digit written.
pub(in crate::policy) fn day(text: &str) -> Option<Day> {
    (text.len() == 10).then(|| Day::parse_from_str(text, "%Y-%m-%d").ok())?
}

impl Shape for At<Length> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let scalar = scalar(node, out)?;
        length(&scalar.text, node.span, out).map(|value| Self { value, span: node.span })
    }
}

/// Reads a length of time.
pub(in crate::policy) fn length(text: &str, span: Span, out: &mut Vec<Diagnostic>) -> Option<Length> {
    text.parse()
        .map_err(|why| {
            let reason = match why {
                NotALength::NoCount => "count",
                NotALength::NoUnit => "unit",
                NotALength::TooLong => "long",
            };
            out.push(Diagnostic::new(NOT_A_LENGTH, span).with("word", text).with("reason", reason));
        })
        .ok()
}

impl<T: Words> Shape for At<T> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let scalar = scalar(node, out)?;
        let value = word(&scalar.text, node.span, out)?;
        Some(Self { value, span: node.span })
    }
}

/// Reads a word of a closed choice.
pub(in crate::policy) fn word<T: Words>(text: &str, span: Span, out: &mut Vec<Diagnostic>) -> Option<T> {
    let found = T::WORDS.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    if found.is_none() {
        let known = T::WORDS.iter().map(|(word, _)| *word);
        out.push(Diagnostic::new(NOT_ONE_OF, span).with("word", text).with_nearest(text, known));
    }
    found
}

impl Shape for Loose {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let scalar = scalar(node, out)?;
        Some(Self { text: scalar.text.clone(), plain: scalar.plain, span: node.span })
    }
}

impl Shape for Node {
    fn read(node: &Node, _: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(node.clone())
    }
}

impl<T: Shape> Shape for Option<T> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        T::read(node, out).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::List(items) => Some(items.iter().filter_map(|item| T::read(item, out)).collect()),
            NodeKind::Scalar(_) | NodeKind::Map(_) => {
                out.push(expected(node, "list"));
                None
            }
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Shape> Shape for Many<T> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::List(_) => Vec::read(node, out).map(Self),
            NodeKind::Scalar(_) | NodeKind::Map(_) => T::read(node, out).map(|one| Self(vec![one])),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

impl<T: Shape> Shape for Pairs<T> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let pairs = map(node, out)?.iter().filter_map(|(key, value)| {
            let name = id(&key.text, key.plain, key.span, out);
            let value = T::read(value, out);
            Some((name?, value?))
        });
        Some(Self(pairs.collect()))
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

impl<T: Shape> Shape for Headed<T> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let pairs = map(node, out)?.iter().filter_map(|(key, value)| {
            let name = At { value: key.text.clone(), span: key.span };
            T::read(value, out).map(|value| (name, value))
        });
        Some(Self(pairs.collect()))
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
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
