//! One word for one thing (see docs/words.md), and SQL in one room.

use std::collections::BTreeSet;

use super::expect_none;
use super::source::{Source, identifiers, line_at, sources};

/// Words that say nothing, and words that have another name in this house.
const BANNED: &[(&str, &str)] = &[
    ("util", "name what it does"),
    ("utils", "name what it does"),
    ("helper", "name what it does"),
    ("helpers", "name what it does"),
    ("manager", "name what it does"),
    ("misc", "name what it holds"),
    ("task", "an Order, a Step or an OutboxMessage"),
    ("job", "an Order or an OutboxMessage"),
    ("instance", "an Order"),
];

/// Words that say nothing of what a file or a module holds.
const BANNED_MODULES: &[(&str, &str)] = &[("common", "name what it holds"), ("types", "name what it holds")];

/// Words of SQL that begin a statement.
const STATEMENTS: &[&str] = &["SELECT", "INSERT", "UPDATE", "DELETE"];

#[test]
fn every_name_is_one_of_ours() {
    let found: Vec<String> = sources().iter().flat_map(foreign_words).collect();
    expect_none("words we do not use", &found);
}

#[test]
fn statements_live_in_the_store() {
    let found: Vec<String> = sources().iter().flat_map(stray_statements).collect();
    expect_none("SQL outside src/store", &found);
}

#[test]
fn every_word_of_the_page_is_in_the_code() {
    let said: BTreeSet<String> = sources()
        .iter()
        .flat_map(|source| identifiers(&source.code).flat_map(|(_, name)| words_of(name)).collect::<Vec<_>>())
        .collect();
    let page = include_str!("../../docs/words.md");
    let found: Vec<String> = page_words(page)
        .filter(|word| !words_of(&word.replace(' ', "_")).iter().all(|part| said.contains(part)))
        .map(str::to_owned)
        .collect();
    expect_none("words of docs/words.md that are not in the code", &found);
}

/// The words that the page explains: the first cell of each row, parted at commas.
fn page_words(page: &str) -> impl Iterator<Item = &str> {
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.filter_map(|row| row.split('|').nth(1)).flat_map(|cell| cell.split(',')).map(str::trim)
}

#[test]
fn planted_words_are_found() {
    let planted =
        "fn run_task() {}\nstruct JobManager { helper: u8 }\nuse tokio::task;\nlet x = tokio::task::id();\n";
    let found = foreign_words(&Source::new("src/daemon/mod.rs", planted));
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(foreign_words(&Source::new("src/store/common.rs", "mod types;\nlet common = 1;\n")).len(), 2);
    let planted = "const S: &str = \"SELECT id FROM subject\";\nlet t = \"SELECTED\";\n";
    assert_eq!(stray_statements(&Source::new("src/office/mod.rs", planted)).len(), 1);
    assert!(stray_statements(&Source::new("src/store/subjects.rs", planted)).is_empty());
}

fn foreign_words(source: &Source) -> Vec<String> {
    let of_path = source.path.split(['/', '.', '_']).map(|word| (0, word.to_owned(), true));
    let declared = identifiers(&source.code)
        .filter(|(at, name)| is_declared(&source.code, *at, name))
        .flat_map(|(at, name)| {
            let is_module = source.code[..at].trim_end().ends_with("mod");
            words_of(name).into_iter().map(move |word| (at, word, is_module))
        });
    of_path
        .chain(declared)
        .filter_map(|(at, word, is_module)| {
            let of_modules = BANNED_MODULES.iter().filter(|_| is_module);
            let (_, instead) = BANNED.iter().chain(of_modules).find(|(banned, _)| *banned == word)?;
            Some(format!("{}:{}: `{word}`: {instead}", source.path, line_at(&source.code, at)))
        })
        .collect()
}

/// Returns whether the name is given here, and so ours: after a declaring word, or before a type.
fn is_declared(code: &str, at: usize, name: &str) -> bool {
    const DECLARING: [&str; 12] = [
        "fn",
        "struct",
        "enum",
        "trait",
        "mod",
        "type",
        "const",
        "static",
        "let",
        "mut",
        "macro_rules!",
        "for",
    ];
    let before = code[..at].trim_end();
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(' || c == '<').next().unwrap_or(before);
    let after = code[at + name.len()..].trim_start();
    DECLARING.contains(&word) || (after.starts_with(':') && !after.starts_with("::"))
}

/// Splits `snake_case` and `CamelCase` into lower-case words.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if c == '_' || c.is_uppercase() {
            words.push(String::new());
        }
        if c != '_' {
            words.last_mut().expect("there is always a word").extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    if name.chars().all(|c| !c.is_lowercase()) {
        words = name.split('_').map(str::to_lowercase).collect();
    }
    words
}

fn stray_statements(source: &Source) -> Vec<String> {
    if source.room() == "store" {
        return Vec::new();
    }
    source
        .literals
        .iter()
        .filter(|(_, text)| identifiers(text).any(|(_, word)| STATEMENTS.contains(&word)))
        .map(|(line, text)| format!("{}:{line}: {}", source.path, text.lines().next().unwrap_or_default()))
        .collect()
}
