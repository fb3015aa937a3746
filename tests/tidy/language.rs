//! The document of the policy language keeps in step with what loads the files.

use std::collections::BTreeSet;

use super::expect_none;
use super::source::{files, read};

const PAGE: &str = "docs/policy-language.md";

#[test]
fn every_key_and_word_is_documented() {
    let page = read(PAGE);
    let written = words_of(&page);
    let mut found = Vec::new();
    for path in files("src/policy/raw", "rs") {
        let text = read(&path);
        for key in keys(&text) {
            if !written.contains(key.as_str()) {
                found.push(format!("{path}: the key `{key}`"));
            }
        }
        for word in choices(&text) {
            if !page.contains(&word) {
                found.push(format!("{path}: the word `{word}`"));
            }
        }
    }
    expect_none("not in docs/policy-language.md", &found);
}

#[test]
fn every_function_of_scripts_is_documented() {
    let page = read(PAGE);
    let written = words_of(&page);
    let known = read("src/rules/host/functions.rs");
    let found: Vec<String> = known
        .split("(\"")
        .skip(1)
        .filter_map(|after| after.split('"').next())
        .filter(|name| !written.contains(name))
        .map(|name| format!("the function `{name}`"))
        .collect();
    expect_none("not in docs/policy-language.md", &found);
}

#[test]
fn keys_and_words_are_read_from_the_shapes() {
    let text = "words! {\n    Roll: \"forward\" => Roll::Forward,\n        \"none\" => Roll::None;\n}\nshapes! {\n    \
                /// One.\n    Thing {\n        title: Word,\n        kind(\"type\"): Word,\n    }\n}\n";
    assert_eq!(keys(text), ["title", "type"]);
    assert_eq!(choices(text), ["forward", "none"]);
}

fn words_of(page: &str) -> BTreeSet<&str> {
    page.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect()
}

/// Returns the keys declared in `shapes!` blocks: `field: Type,` or `field("key"): Type,`.
fn keys(text: &str) -> Vec<String> {
    blocks(text, "shapes! {")
        .flat_map(str::lines)
        .filter(|line| !line.trim_start().starts_with("//"))
        .filter_map(|line| line.strip_suffix(',')?.split_once(": ").map(|(name, _)| name.trim()))
        .map(|name| match name.split_once("(\"") {
            Some((_, key)) => key.trim_end_matches("\")").to_owned(),
            None => name.to_owned(),
        })
        .collect()
}

/// Returns the words declared in `words!` blocks: `"word" => Meaning`.
fn choices(text: &str) -> Vec<String> {
    blocks(text, "words! {")
        .flat_map(|block| block.split(" =>"))
        .filter_map(|before| before.strip_suffix('"')?.rsplit('"').next().map(str::to_owned))
        .collect()
}

/// Returns what stands between each `open` and the next `}` at the line's beginning, or on the line itself.
fn blocks<'t>(text: &'t str, open: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(open).skip(1).map(|after| match after.split_once('\n') {
        Some((line, _)) if line.trim_end().ends_with('}') => line,
        _ => after.split("\n}").next().unwrap_or(after),
    })
}
