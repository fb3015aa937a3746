//! The examples of `docs/policy-language.md`, in Chinese and in English: each is laid on the shipped policy of its
//! language, which has to hold with it, and the cases among them have to pass.

use std::fs;

use wubu::cases;
use wubu::diag::{any_error, render};
use wubu::files::shipped;
use wubu::lang::{Lang, spellings};
use wubu::office::examine_texts;
use wubu::policy::is_policy_path;

use super::{Texts, folder, told};

/// Where cases stand that name no file.
const CASES: &str = "workflows/page.test.yaml";

/// Returns what stands on the page to be copied; excerpts of files under `tests/` are tried where they stand.
fn examples(page: &str) -> Vec<&str> {
    page.split("```yaml\n")
        .skip(1)
        .filter_map(|after| after.split_once("```"))
        .map(|(block, _)| block)
        .filter(|block| !block.starts_with("# tests/"))
        .collect()
}

fn page() -> String {
    fs::read_to_string(folder("docs/policy-language.md")).expect("the page")
}

/// Cuts an example at the lines that name a file, such as `# rules/tiers.yaml`.
fn pieces(example: &str) -> Vec<(&str, Vec<&str>)> {
    let mut pieces: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in example.lines() {
        let named = line.strip_prefix("# ").and_then(|line| line.split_whitespace().next());
        match (named.filter(|name| is_policy_path(name)), pieces.last_mut()) {
            (Some(path), _) => pieces.push((path, Vec::new())),
            (None, Some((_, lines))) => lines.push(line),
            (None, None) => pieces.push((CASES, vec![line])),
        }
    }
    pieces
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Returns the key that a line begins with.
fn key(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let (key, after) = line.split_once(':')?;
    (!line.starts_with(['#', '-']) && (after.is_empty() || after.starts_with(' '))).then_some(key)
}

/// Returns the end of the entry that begins at a line: where the next one of its depth begins.
fn end<L: AsRef<str>>(lines: &[L], at: usize) -> usize {
    let depth = indent(lines[at].as_ref());
    let is_next = |line: &L| {
        let line = line.as_ref();
        !line.trim().is_empty() && indent(line) <= depth && !line.trim_start().starts_with("- ")
    };
    lines[at + 1..].iter().position(is_next).map_or(lines.len(), |next| at + 1 + next)
}

/// Returns whether an entry has entries of its own below it.
fn is_open<L: AsRef<str>>(entry: &[L]) -> bool {
    let said = entry[0].as_ref().split(" #").next().unwrap_or_default();
    said.trim_end().ends_with(':') && entry.get(1).is_some_and(|line| key(line.as_ref()).is_some())
}

/// Lays the entries of a piece on a text: those it has are replaced, or laid upon in turn; others are added.
fn lay(mut text: Vec<String>, piece: &[&str]) -> Vec<String> {
    let mut at = 0;
    while at < piece.len() {
        let entry = &piece[at..end(piece, at)];
        at += entry.len();
        let (depth, name) = (indent(entry[0]), key(entry[0]));
        let is_same = |line: &String| indent(line) == depth && key(line) == name;
        let Some(begin) = name.and_then(|_| text.iter().position(is_same)) else {
            text.extend(entry.iter().map(|line| (*line).to_owned()));
            continue;
        };
        let old: Vec<String> = text.splice(begin..end(&text, begin), []).collect();
        let new = if is_open(entry) && is_open(&old) {
            [vec![old[0].clone()], lay(old[1..].to_vec(), &entry[1..])].concat()
        } else {
            entry.iter().map(|line| (*line).to_owned()).collect()
        };
        text.splice(begin..begin, new);
    }
    text
}

/// Returns the shipped policy without its cases, with an example in it.
fn laid(lang: Lang, example: &str) -> Texts {
    let all = shipped(lang).iter().filter(|(path, _)| is_policy_path(path) && !path.ends_with(".test.yaml"));
    let mut texts: Vec<(String, Vec<String>)> =
        all.map(|(path, text)| ((*path).to_owned(), text.lines().map(str::to_owned).collect())).collect();
    for (path, piece) in pieces(example) {
        match texts.iter_mut().find(|(known, _)| known == path) {
            Some((_, text)) => *text = lay(std::mem::take(text), &piece),
            None => texts.push((path.to_owned(), piece.iter().map(|line| (*line).to_owned()).collect())),
        }
    }
    texts.into_iter().map(|(path, lines)| (path, (lines.join("\n") + "\n").into_bytes())).collect()
}

fn lang(example: &str) -> Lang {
    if spellings::has_han(example) { Lang::Zh } else { Lang::En }
}

#[test]
fn every_example_holds_on_the_shipped_policy() {
    let page = page();
    let mut tried = 0;
    for example in examples(&page) {
        let examined = examine_texts(laid(lang(example), example), Vec::new());
        let problems: Vec<String> = examined
            .diagnostics
            .iter()
            .map(|found| render::terminal(found, &examined.sources, Lang::En, false))
            .collect();
        assert!(!any_error(&examined.diagnostics), "{example}\n{}", problems.join("\n"));
        let live = examined.live.expect("nothing is an error");
        let answers = cases::run(&live.policy, &live.rules, &live.cases);
        let failed: Vec<String> = answers.iter().filter(|answer| !answer.is_ok()).map(told).collect();
        assert!(failed.is_empty(), "{}", failed.join("\n"));
        tried += answers.len();
    }
    assert!(tried >= 4, "only {tried} cases were found on the page");
}

#[test]
fn every_example_stands_there_in_both_languages() {
    let page = page();
    let all = examples(&page);
    let said = |example: &str| -> Vec<(usize, bool)> {
        let is_said = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
        example.lines().filter(is_said).map(|line| (indent(line), key(line).is_some())).collect()
    };
    for pair in all.chunks(2) {
        let [zh, en] = pair else { panic!("has no twin:\n{}", pair.concat()) };
        assert_eq!((lang(zh), lang(en)), (Lang::Zh, Lang::En), "{zh}\n{en}");
        let files = |example| pieces(example).into_iter().map(|(path, _)| path).collect::<Vec<_>>();
        assert_eq!(files(zh), files(en), "{zh}\n{en}");
        assert_eq!(said(zh), said(en), "{zh}\n{en}");
    }
}

#[test]
fn an_example_is_laid_on_what_is_there() {
    let text =
        ["a:", "  b: 1   # one", "  c:", "    d: 2", "e:", "  - x", "f: 4"].map(str::to_owned).to_vec();
    let piece = ["a:", "  c:", "    d: 5", "    g: 6", "e: []", "h: 7"];
    let laid = lay(text, &piece);
    assert_eq!(laid, ["a:", "  b: 1   # one", "  c:", "    d: 5", "    g: 6", "e: []", "f: 4", "h: 7"]);
}
