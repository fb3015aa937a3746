//! What people read is in their language: no English word stands in a Chinese text, unless it is something
//! they type or a name that Chinese writes alike; and what commands print for people has no word that only
//! programs say.

use std::collections::BTreeSet;

use strum::VariantNames as _;
use wubu::documents::ServiceWay;

use super::expect_none;
use super::source::{files, read};

/// Names and units that a Chinese text writes in Latin letters, too.
const ALIKE: [&str; 16] = [
    "Ctrl", "Excel", "KiB", "MiB", "SQLite", "Tab", "zhao", "bureau", "example", "bash", "yyyy", "mm", "dd",
    "wal", "shm", "dongguan",
];

/// Words of the language of templates.
const OF_TEMPLATES: [&str; 4] = ["elif", "endif", "endfor", "endblock"];

#[test]
fn no_english_stands_in_chinese_texts() {
    let typed = typed();
    let mut found = Vec::new();
    for path in files("src/lang/zh", "ftl") {
        for (at, line) in read(&path).lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let strange = strange_words(&spoken(line), &typed).into_iter();
            found.extend(strange.map(|word| format!("{path}:{}: {word}", at + 1)));
        }
    }
    expect_none("English words in Chinese texts", &found);
}

#[test]
fn what_is_shown_to_people_has_no_word_of_programs() {
    let shown = read("tests/data/kept/show.zh.out");
    let mut found = Vec::new();
    // Below its head, what a command printed; the texts of rules stand as they are written.
    for (at, line) in shown.lines().enumerate().filter(|(_, line)| !is_head(line) && !is_rule(line)) {
        // What a rule was given stands as it was given.
        let line = line.split_once('{').map_or(line, |(line, _)| line);
        let said = words(line).into_iter().filter(|word| ["true", "false", "null"].contains(&word.as_str()));
        found.extend(said.map(|word| format!("line {}: {word}", at + 1)));
        if line.split([' ', '　', '，', '：']).any(is_exact_moment) {
            found.push(format!("line {}: a moment as programs write it: {line}", at + 1));
        }
    }
    expect_none("words of programs in what people read", &found);
}

#[test]
fn planted_words_are_told_apart() {
    assert_eq!(
        words(&spoken("R001 = 写 {$name}：wubu order list --at TIME")),
        ["wubu", "order", "list", "at"]
    );
    assert_eq!(words(&spoken("    .help = [yes] deadline 到了")), ["deadline"]);
    assert!(is_exact_moment("2026-07-20T10:00:00+08:00") && !is_exact_moment("2026-07-20"));
}

/// Everything that people type: commands, keys and words of the policy, paths, as the pages write them.
pub(super) fn typed() -> BTreeSet<String> {
    let pages = ["docs/policy-language.md", "docs/cli.md", "docs/notify.md"];
    let shipped = files("workflows", "yaml").into_iter().chain(files("rules", "yaml"));
    let code = files("src/policy/raw", "rs").into_iter().chain(files("src/cli", "rs"));
    let all =
        pages.into_iter().map(str::to_owned).chain(["bureau.yaml".to_owned()]).chain(shipped).chain(code);
    let exists = |path: &String| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists();
    let ways = ServiceWay::VARIANTS.iter().chain(&OF_TEMPLATES).map(|word| (*word).to_owned());
    all.filter(exists).flat_map(|path| words(&read(&path))).chain(ways).collect()
}

/// Returns the Latin words of a Chinese text that nobody types and no name is.
pub(super) fn strange_words(text: &str, typed: &BTreeSet<String>) -> Vec<String> {
    words(text).into_iter().filter(|word| !typed.contains(word) && !ALIKE.contains(&word.as_str())).collect()
}

/// Returns what a line of a text file says: without its id, its arguments and the names of its branches.
fn spoken(line: &str) -> String {
    let said = match line.split_once(" = ") {
        Some((id, said)) if !id.trim_start_matches([' ', '.']).contains(' ') => said,
        _ => line,
    };
    let said = match said.trim_start().trim_start_matches('*').strip_prefix('[') {
        Some(branch) => branch.split_once(']').map_or(branch, |(_, said)| said),
        None => said,
    };
    let mut out = String::new();
    let mut depth = 0_u32;
    for c in said.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    if said.trim_end().ends_with("->") { String::new() } else { out }
}

/// Returns the Latin words of a text of two letters and more; words all in capitals name what is to be filled in.
fn words(text: &str) -> Vec<String> {
    let pieces = text.split(|c: char| !c.is_ascii_alphabetic());
    let is_word = |piece: &&str| piece.len() > 1 && !piece.chars().all(|c| c.is_ascii_uppercase());
    pieces.filter(is_word).map(str::to_owned).collect()
}

fn is_head(line: &str) -> bool {
    line.starts_with("── 20") && line.contains('T')
}

fn is_rule(line: &str) -> bool {
    let line = line.trim_start();
    ["rules/", "workflows/", "stations/"].iter().any(|folder| line.starts_with(folder))
}

fn is_exact_moment(word: &str) -> bool {
    word.len() >= 16
        && word.as_bytes().get(10) == Some(&b'T')
        && word[..10].bytes().all(|b| b.is_ascii_digit() || b == b'-')
}
