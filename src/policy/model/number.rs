//! Numbers that people see: how they look, and when they begin anew.

use strum::IntoStaticStr;

/// `order_number:` or `document_number:` of `bureau.yaml`.
///
/// # Shape
/// A text with the names of its parts in braces, such as `{station}〔{year}〕{seq}号`.
///
/// # Source
/// Policy language, rule 30.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberRule {
    pub text: String,
    pub restart: Restart,
}

/// When numbers begin at 1 again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Restart {
    Never,
    /// With the bureau's year.
    Yearly,
}

/// A piece of the text of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberPiece<'a> {
    /// What stands there as it is.
    Plain(&'a str),
    /// The name of a part.
    Part(&'a str),
}

/// Cuts the text of a number into what is plain and the names of its parts.
pub fn number_pieces(text: &str) -> impl Iterator<Item = NumberPiece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if let Some((part, after)) = rest.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            rest = after;
            return Some(NumberPiece::Part(part));
        }
        let first = rest.chars().next()?.len_utf8();
        let end = rest[first..].find('{').map_or(rest.len(), |at| at + first);
        let (plain, after) = rest.split_at(end);
        rest = after;
        Some(NumberPiece::Plain(plain))
    })
}

/// Writes a number of that text; `part` says what its parts are.
pub fn write_number(text: &str, part: impl Fn(&str) -> String) -> String {
    let written = number_pieces(text).map(|piece| match piece {
        NumberPiece::Plain(plain) => plain.to_owned(),
        NumberPiece::Part(name) => part(name),
    });
    written.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_its_text_with_its_parts_filled_in() {
        let part = |name: &str| name.len().to_string();
        assert_eq!(write_number("{seq}/{year}-x", part), "3/4-x");
        assert_eq!(write_number("no.{seq}", part), "no.3");
        assert_eq!(write_number("{open", part), "{open");
    }
}
