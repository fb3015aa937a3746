//! A type is alone in the crate with its name: whoever searches for it finds one thing.

use std::collections::{BTreeMap, BTreeSet};

use super::expect_none;
use super::source::{Source, line_at, sources};
use super::tokens::{Token, declared_by_call, declaring_macros, text, tokens, without_definitions};

#[test]
fn every_type_has_a_name_of_its_own() {
    expect_none("names that two or more types share", &homonyms(&sources()));
}

#[test]
fn planted_homonyms_are_found() {
    let one = "struct Row { a: u8 }\nimpl Iterator for Row { type Item = u8; }\nenum Kind {}\n";
    let other = "macro_rules! shapes { ($($name:ident {})+) => { $(struct $name {})+ } }\n\
                 shapes! { Kind {} Alone {} }\nfn f() { struct Row; }\ntype Item = u8;\n";
    let found = homonyms(&[Source::new("src/a.rs", one), Source::new("src/b.rs", other)]);
    assert_eq!(found, ["Kind: src/a.rs:3, src/b.rs:2", "Row: src/a.rs:1, src/b.rs:3"]);
}

fn homonyms(sources: &[Source]) -> Vec<String> {
    let declaring = declaring_macros(sources);
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources {
        for (name, at) in types(source, &declaring) {
            places.entry(name).or_default().push(format!("{}:{}", source.path, line_at(&source.code, at)));
        }
    }
    places
        .into_iter()
        .filter(|(_, places)| places.len() > 1)
        .map(|(name, places)| format!("{name}: {}", places.join(", ")))
        .collect()
}

/// Returns the types a file declares, with where each name stands.
fn types(source: &Source, declaring: &BTreeSet<String>) -> Vec<(String, usize)> {
    let tokens = without_definitions(&tokens(&source.code));
    let (mut found, mut associated, mut header): (Vec<Token<'_>>, Vec<bool>, Option<&str>) =
        (Vec::new(), Vec::new(), None);
    for (ix, token) in tokens.iter().enumerate() {
        match token.text {
            // What a block belongs to is said by the first of these words since the last block ended.
            "impl" | "trait" | "fn" | "mod" | "struct" | "enum" if header.is_none() => {
                header = Some(token.text);
            }
            "{" => associated.push(matches!(header.take(), Some("impl" | "trait"))),
            "}" => {
                associated.pop();
                header = None;
            }
            ";" => header = None,
            _ => {}
        }
        let named = match token.text {
            "struct" | "enum" | "union" | "trait" => true,
            "type" => associated.last() != Some(&true),
            _ => false,
        };
        if named && text(&tokens, ix + 1).starts_with(char::is_alphabetic) {
            found.push(tokens[ix + 1]);
        }
        found.extend(declared_by_call(&tokens, ix, declaring));
    }
    found.into_iter().map(|token| (token.text.to_owned(), token.at)).collect()
}
