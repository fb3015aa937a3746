//! `order_number:` and `document_number:`.

use super::super::compatibility;
use super::super::model::{NumberPiece, NumberRule, Restart, Semantics, number_pieces};
use super::super::raw::{self, MapOr, Word};
use super::Resolver;
use crate::diag::codes::NUMBER_TEXT;

/// What a kind of number may be made of, and what it cannot do without.
struct NumberParts {
    key: &'static str,
    known: &'static [&'static str],
    /// Without one of each of these, two different things could have the same number.
    wanted: &'static [&'static [&'static str]],
    /// What it looks like where the bureau does not say.
    plain: &'static str,
    restart: Restart,
}

/// Numbers of orders count within the station that an order is at home in.
const ORDER: NumberParts = NumberParts {
    key: "order_number",
    known: &["station", "home", "year", "seq"],
    wanted: &[&["seq"], &["station", "home"]],
    plain: "{station}-{year}-{seq}",
    restart: Restart::Never,
};

/// Numbers of documents count within the prefix of their kind.
const DOCUMENT: NumberParts = NumberParts {
    key: "document_number",
    known: &["organ", "prefix", "year", "seq"],
    wanted: &[&["seq"], &["prefix"]],
    plain: "{organ}{prefix}-{year}-{seq}",
    restart: Restart::Yearly,
};

/// Builds `order_number:` and `document_number:`.
pub(super) fn rules(
    resolver: &mut Resolver<'_>,
    [orders, documents]: [Option<raw::NumberShape>; 2],
) -> [NumberRule; 2] {
    let is_first = resolver.semantics == Semantics::First;
    let orders = match orders {
        None if is_first => compatibility::order_number(),
        raw => rule(resolver, &ORDER, raw),
    };
    let documents = match documents {
        None if is_first => compatibility::document_number(),
        raw => rule(resolver, &DOCUMENT, raw),
    };
    [orders, documents]
}

fn rule(resolver: &mut Resolver<'_>, parts: &NumberParts, raw: Option<raw::NumberShape>) -> NumberRule {
    let (text, restart) = match raw {
        None => return NumberRule { text: parts.plain.to_owned(), restart: parts.restart },
        Some(MapOr::Other(text)) => (text, None),
        Some(MapOr::Map(raw::FullNumber { text, restart })) => (text, restart),
    };
    resolver.second_only(parts.key, text.span);
    let restart = restart.unwrap_or(parts.restart);
    refuse_text(resolver, parts, &text, restart);
    NumberRule { text: text.value, restart }
}

/// Refuses a text with parts that nothing fills, or without one that tells numbers apart.
fn refuse_text(resolver: &mut Resolver<'_>, parts: &NumberParts, text: &Word, restart: Restart) {
    let names: Vec<&str> = number_pieces(text.text())
        .filter_map(|piece| match piece {
            NumberPiece::Part(name) => Some(name),
            NumberPiece::Plain(_) => None,
        })
        .collect();
    let mut wrong = |reason: &'static str, part: &str| {
        let known: Vec<String> = parts.known.iter().map(|name| format!("{{{name}}}")).collect();
        let wrong = text.wrong(NUMBER_TEXT).with("reason", reason).with("part", format!("{{{part}}}"));
        resolver.out.push(wrong.with_nearest("", known.iter().map(String::as_str)));
    };
    if let Some(strange) = names.iter().find(|name| !parts.known.contains(name)) {
        wrong("unknown", strange);
        return;
    }
    for any_of in parts.wanted {
        if !any_of.iter().any(|part| names.contains(part)) {
            wrong("missing", any_of[0]);
        }
    }
    let has_year = names.contains(&"year");
    if restart == Restart::Yearly && !has_year {
        wrong("missing", "year");
    }
    // A document's number would say a year that it does not count within.
    if restart == Restart::Never && has_year && !parts.known.contains(&"home") {
        wrong("year", "year");
    }
}
