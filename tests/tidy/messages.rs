//! Every message, put together with sample arguments, in every wording it has: nothing of the program shows
//! through, and no language stands in the other.

use std::collections::{BTreeMap, BTreeSet};

use wubu::lang::{Lang, spellings};

use super::expect_none;
use super::latin::{strange_words, typed};
use super::source::{files, read};
use super::texts::message_id;

/// Arguments that choose a wording and are also shown: amounts, letters, details, and names of which one word stands
/// for none.
const SHOWN_TOO: [&str; 36] = [
    "count",
    "left",
    "level",
    "floor",
    "most",
    "near",
    "release",
    "was",
    "tier",
    "station",
    "place",
    "persons",
    "wanted",
    "cause",
    "row",
    "rows",
    "files",
    "errors",
    "warnings",
    "read",
    "appraised",
    "opened",
    "days",
    "stations",
    "grids",
    "subjects",
    "inspections",
    "events",
    "orders",
    "problems",
    "passed",
    "addressed",
    "delivered",
    "needed",
    "value",
    "visits",
];

/// What a value looks like that was written out as the program keeps it.
const INNARDS: [&str; 6] = ["Some(", "None", "Ok(", "Err(", "::", "{$"];

/// What a message names: its arguments, each with the words that choose a wording by it.
type Choices = BTreeMap<String, Vec<String>>;

/// One part of a message, the text or the help, as its file writes it.
struct Written {
    id: String,
    is_help: bool,
    text: String,
}

/// Reads a file of texts into the parts of its messages.
fn written(text: &str) -> Vec<Written> {
    let mut parts: Vec<Written> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let said = line.split_once('=').map(|(_, said)| said.to_owned());
        if let (Some(id), Some(text)) = (message_id(line), &said) {
            parts.push(Written { id: id.to_owned(), is_help: false, text: text.clone() });
        } else if let (Some(last), true) = (parts.last(), line.trim_start().starts_with(".help =")) {
            parts.push(Written { id: last.id.clone(), is_help: true, text: said.unwrap_or_default() });
        } else if let Some(last) = parts.last_mut().filter(|_| line.starts_with(' ')) {
            last.text.push('\n');
            last.text.push_str(line);
        }
    }
    parts
}

/// Returns the arguments of a part, with what chooses a wording by them.
fn choices(text: &str) -> Choices {
    let mut found = Choices::new();
    let mut open: Vec<String> = Vec::new();
    for line in text.lines() {
        let branch =
            line.trim_start().trim_start_matches('*').strip_prefix('[').and_then(|l| l.split_once(']'));
        if let (Some((key, _)), Some(of)) = (branch, open.last()) {
            found.entry(of.clone()).or_default().push(key.to_owned());
        }
        for piece in line.split('{').skip(1) {
            let Some(named) = piece.trim_start().strip_prefix('$') else { continue };
            let end = named.find(|c: char| !(c.is_alphanumeric() || "_-".contains(c))).unwrap_or(named.len());
            let (name, rest) = (named[..end].trim_end_matches('-').to_owned(), &named[end..]);
            found.entry(name.clone()).or_default();
            if named.trim_end().ends_with("->") && !rest.contains('}') {
                open.push(name);
            }
        }
        if line.trim_start().starts_with('}') {
            open.pop();
        }
    }
    found
}

/// Puts a part together once for each word that chooses a wording, the others being what they are first.
fn wordings(lang: Lang, part: &Written, choices: &Choices) -> Vec<String> {
    let sample = if lang == Lang::Zh { "甲" } else { "A" };
    let first = |words: &Vec<String>| words.first().map_or(sample, String::as_str).to_owned();
    let mut base: BTreeMap<&str, String> =
        choices.iter().map(|(name, words)| (name.as_str(), first(words))).collect();
    // What the text `io-cause` chooses by, where it stands within another one.
    base.entry("cause").or_insert_with(|| sample.to_owned());
    let mut all = vec![base.clone()];
    for (name, words) in choices {
        all.extend(words.iter().map(|word| {
            let mut args = base.clone();
            args.insert(name, word.clone());
            args
        }));
    }
    let said = |args: BTreeMap<&str, String>| {
        let args: Vec<(&str, String)> = args.into_iter().collect();
        if part.is_help { lang.help(&part.id, &args) } else { lang.text(&part.id, &args) }
    };
    all.into_iter().map(said).collect()
}

/// Returns what of a text shows through of the program, or belongs to the other language.
fn faults(lang: Lang, said: &str, typed: &BTreeSet<String>, chosen_by: &BTreeSet<String>) -> Vec<String> {
    let innards = INNARDS.iter().filter(|sign| said.contains(**sign)).map(|sign| (*sign).to_owned());
    let mut found: Vec<String> = innards.collect();
    let words = said.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    // A word with a line in it is a name of the program, or one that somebody types.
    let is_raw = |word: &&str| {
        let is_name = word.contains('_') && word.contains(|c: char| c.is_ascii_lowercase());
        is_name && !word.split('_').all(|part| part.is_empty() || typed.contains(part))
    };
    found.extend(words.filter(is_raw).map(str::to_owned));
    match lang {
        Lang::Zh => {
            found.extend(strange_words(said, typed).into_iter().filter(|word| !chosen_by.contains(word)));
        }
        Lang::En if spellings::has_han(said) => found.push("Chinese".to_owned()),
        Lang::En => {}
    }
    found
}

#[test]
fn no_message_shows_the_program_or_the_other_language() {
    let typed = typed();
    let mut found = Vec::new();
    for lang in [Lang::Zh, Lang::En] {
        for path in files(&format!("src/lang/{}", lang.into_str()), "ftl") {
            let parts = written(&read(&path));
            for part in &parts {
                // One message may stand within another.
                let within = parts.iter().filter(|other| part.text.contains(&format!("{{{}}}", other.id)));
                let choices: Choices = within.chain([part]).flat_map(|part| choices(&part.text)).collect();
                // A word that chooses stands for an amount or a name where it is also shown.
                let shown: BTreeSet<String> =
                    SHOWN_TOO.iter().filter_map(|name| choices.get(*name)).flatten().cloned().collect();
                for said in wordings(lang, part, &choices) {
                    let wrong = faults(lang, &said, &typed, &shown);
                    found.extend(wrong.into_iter().map(|what| format!("{path} {}: {what}: {said}", part.id)));
                }
            }
        }
    }
    found.dedup();
    expect_none("messages that show the program or the other language", &found);
}

/// What chooses a wording is a name of the program's own: where it is also shown, people meet it raw.
#[test]
fn what_chooses_a_wording_is_not_shown() {
    let mut found = Vec::new();
    for path in files("src/lang", "ftl") {
        for part in written(&read(&path)) {
            for (name, _) in choices(&part.text).iter().filter(|(_, words)| !words.is_empty()) {
                let shown = part.text.replace(&format!("${name} ->"), "");
                let is_shown = [format!("{{${name}}}"), format!("{{ ${name} }}")]
                    .iter()
                    .any(|bare| shown.contains(bare));
                if is_shown && !SHOWN_TOO.contains(&name.as_str()) {
                    found.push(format!("{path} {}: {name}", part.id));
                }
            }
        }
    }
    expect_none("arguments that choose a wording and are shown, too", &found);
}

/// Returns the words that texts choose their wordings by: what states, kinds and reasons are called in the program.
fn names_of_states() -> BTreeSet<String> {
    let files = files("src/lang/zh", "ftl");
    let parts = files.iter().flat_map(|path| written(&read(path)));
    let words = parts.flat_map(|part| choices(&part.text).into_values().flatten());
    words.filter(|word| word.len() > 3 && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')).collect()
}

#[test]
fn what_commands_print_in_chinese_has_no_name_of_a_state() {
    // What people type stands behind what it is called: 退回上一步 return.
    let acts = wubu::engine::ACTS.into_iter().chain(["retry"]);
    let typed: BTreeSet<String> = acts.map(str::to_owned).collect();
    let names = names_of_states();
    assert!(names.contains("approved") && names.contains("in_stock"), "{names:?}");
    let shown = read("tests/data/kept/show.zh.out");
    let places = ["rules/", "workflows/", "stations/", "──"];
    let is_said = |line: &str| !line.contains("wubu ") && !places.iter().any(|start| line.starts_with(start));
    let mut found = Vec::new();
    for (at, line) in shown.lines().enumerate().filter(|(_, line)| is_said(line.trim_start())) {
        let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || "_-./".contains(c)));
        let raw = words.filter(|word| names.contains(*word) && !typed.contains(*word));
        found.extend(raw.map(|word| format!("line {}: {word}: {line}", at + 1)));
    }
    expect_none("names of the program in what people read", &found);
}

#[test]
fn planted_faults_are_found() {
    let text = "R001 = 文书{ $state ->\n    [approved] 已签批\n   *[other] {$state}\n }，{$kind}\n    .help = 等 Some({$kind})\n";
    let parts = written(text);
    assert_eq!((parts.len(), parts[0].id.as_str(), parts[1].is_help), (2, "R001", true));
    let found = choices(&parts[0].text);
    assert_eq!(found["state"], ["approved", "other"]);
    assert!(found["kind"].is_empty());
    let (typed, none) = (BTreeSet::from(["wubu".to_owned()]), BTreeSet::new());
    assert_eq!(
        faults(Lang::Zh, "等 Some(甲)，not_started，wubu", &typed, &none),
        ["Some(", "not_started", "Some", "not", "started"]
    );
    assert_eq!(faults(Lang::En, "the step 下达", &typed, &none), ["Chinese"]);
    assert!(faults(Lang::Zh, "用 wubu 查看", &typed, &none).is_empty());
}
