//! No word of a bureau stands in Rust: what a bureau calls things, its policy says.

use wubu::lang::spellings;

use super::expect_none;
use super::source::{files, read, sources};

/// What the first version of the language left to the program: the only exemption.
const DECLARED: &str = "src/policy/compatibility.rs";

/// Returns whether a text has a Chinese character, or a mark that only stands among them.
fn is_chinese(text: &str) -> bool {
    let is_mark = |c: char| matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}');
    spellings::has_han(text) || text.contains(is_mark)
}

#[test]
fn no_text_in_rust_is_chinese() {
    let others = sources().into_iter().filter(|source| source.path != DECLARED);
    let found: Vec<String> = others
        .flat_map(|source| {
            let chinese = source.literals.into_iter().filter(|(_, text)| is_chinese(text));
            chinese.map(move |(line, text)| format!("{}:{line}: {text}", source.path)).collect::<Vec<_>>()
        })
        .collect();
    expect_none("Chinese in Rust outside the table of compatibility", &found);
}

#[test]
fn english_texts_and_pages_hold_no_chinese() {
    let texts = files("src/lang/en", "ftl").into_iter().chain(files("src/documents/templates/en", "html"));
    let found: Vec<String> = texts
        .flat_map(|path| {
            let text = read(&path);
            let chinese = text.lines().enumerate().filter(|(_, line)| is_chinese(line));
            chinese.map(|(at, line)| format!("{path}:{}: {line}", at + 1)).collect::<Vec<_>>()
        })
        .collect();
    expect_none("Chinese in English texts", &found);
}

#[test]
fn every_spelling_is_documented() {
    let page = read("docs/policy-language.md");
    let words = spellings::ALL.iter().flat_map(|word| word.chinese.iter().chain([&word.plain]));
    let headings = spellings::HEADINGS.iter().flat_map(|(_, field, headings)| headings.iter().chain([field]));
    let found: Vec<String> =
        words.chain(headings).filter(|word| !page.contains(**word)).map(|word| (*word).to_owned()).collect();
    expect_none("not in docs/policy-language.md", &found);
}
