//! Every code can speak, in both languages, and says the same in both.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use wubu::lang::Lang;

use super::codes::ids;
use super::expect_none;
use super::source::{files, read, sources};

const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];

/// One message: its parts (`""` the text, else the attribute) and the arguments they name.
type Message = BTreeMap<String, BTreeSet<String>>;

#[test]
fn every_code_has_text_and_help_in_both_languages() {
    let mut found = Vec::new();
    for id in ids() {
        for lang in LANGS {
            match lang.has(id) {
                (true, true) => {}
                (false, _) => found.push(format!("{id} has no text in {}", lang.into_str())),
                (true, false) => found.push(format!("{id} has no help in {}", lang.into_str())),
            }
        }
    }
    expect_none("codes that cannot speak", &found);
}

#[test]
fn no_code_is_used_twice() {
    let mut seen = BTreeSet::new();
    let found: Vec<String> = ids().filter(|id| !seen.insert(*id)).map(str::to_owned).collect();
    expect_none("codes used twice", &found);
}

#[test]
fn every_text_file_is_well_formed() {
    let found: Vec<String> = files("src/lang", "ftl")
        .into_iter()
        .filter_map(|path| {
            let (_, problems) = FluentResource::try_new(read(&path)).err()?;
            Some(format!("{path}: {problems:?}"))
        })
        .collect();
    expect_none("text files that do not parse", &found);
}

#[test]
fn both_languages_say_the_same_things() {
    let mut found = Vec::new();
    for path in files("src/lang/zh", "ftl") {
        let other = path.replace("/zh/", "/en/");
        let (zh, en) = (messages(&read(&path)), messages(&read(&other)));
        for id in zh.keys().chain(en.keys()).collect::<BTreeSet<_>>() {
            match (zh.get(id), en.get(id)) {
                (Some(a), Some(b)) if arguments(a) != arguments(b) => {
                    found.push(format!("{id}: {path} names {:?}, {other} {:?}", arguments(a), arguments(b)));
                }
                (Some(a), Some(b)) if !a.keys().eq(b.keys()) => {
                    found.push(format!("{id}: {path} has parts {:?}, {other} {:?}", a.keys(), b.keys()));
                }
                (Some(_), Some(_)) => {}
                (Some(_), None) => found.push(format!("{id} is in {path} and not in {other}")),
                (None, _) => found.push(format!("{id} is in {other} and not in {path}")),
            }
        }
    }
    let names = |lang: &str| -> Vec<String> {
        files(&format!("src/lang/{lang}"), "ftl")
            .iter()
            .filter_map(|p| p.rsplit('/').next().map(str::to_owned))
            .collect()
    };
    assert_eq!(names("zh"), names("en"), "both languages have the same files");
    expect_none("texts that differ between the languages", &found);
}

#[test]
fn no_id_is_given_twice() {
    let mut found = Vec::new();
    for lang in ["zh", "en"] {
        let mut seen = BTreeSet::new();
        for path in files(&format!("src/lang/{lang}"), "ftl") {
            for line in read(&path).lines() {
                if let Some(id) = message_id(line)
                    && !seen.insert(id.to_owned())
                {
                    found.push(format!("{path}: {id}"));
                }
            }
        }
    }
    expect_none("ids given twice", &found);
}

#[test]
fn no_text_is_unused() {
    let sources = sources();
    let literals: Vec<&str> =
        sources.iter().flat_map(|s| s.literals.iter().map(|(_, text)| text.as_str())).collect();
    // An id put together as format!("fate-{name}") is used when its beginning is.
    let beginnings: Vec<&str> = literals
        .iter()
        .filter_map(|text| text.split_once('{'))
        .map(|(head, _)| head)
        .filter(|h| h.len() > 2)
        .collect();
    let (mut found, all) =
        (Vec::new(), files("src/lang/zh", "ftl").iter().map(|path| read(path)).collect::<String>());
    for path in files("src/lang/zh", "ftl") {
        for id in messages(&read(&path)).into_keys() {
            // One text may stand within another.
            let is_used = all.contains(&format!("{{{id}}}"))
                || ids().any(|code| code == id)
                || literals.contains(&id.as_str())
                || beginnings.iter().any(|head| id.starts_with(head));
            if !is_used {
                found.push(format!("{path}: {id}"));
            }
        }
    }
    expect_none("texts nobody says", &found);
}

#[test]
fn a_message_is_read_with_its_parts_and_arguments() {
    let text = "# note\nP014 = 没有 { $key }\n    一行又一行 {$other}\n    .help = 改成 {$nearest}\n";
    let found = messages(text);
    assert_eq!(found.len(), 1);
    assert_eq!(arguments(&found["P014"]).into_iter().collect::<Vec<_>>(), ["key", "nearest", "other"]);
    assert!(found["P014"].contains_key("help"));
}

fn arguments(message: &Message) -> BTreeSet<&str> {
    message.values().flatten().map(String::as_str).collect()
}

pub(super) fn message_id(line: &str) -> Option<&str> {
    let (id, _) = line.split_once('=')?;
    let id = id.trim_end();
    let is_id = id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    is_id.then_some(id)
}

/// Reads the messages of a Fluent file as far as tidy needs them.
fn messages(text: &str) -> BTreeMap<String, Message> {
    let mut found: BTreeMap<String, Message> = BTreeMap::new();
    let (mut id, mut part) = (String::new(), String::new());
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = message_id(line) {
            (id, part) = (name.to_owned(), String::new());
        } else if let Some((name, _)) = line.trim_start().strip_prefix('.').and_then(|l| l.split_once('=')) {
            name.trim().clone_into(&mut part);
        }
        if !id.is_empty() && !line.trim().is_empty() {
            let arguments = found.entry(id.clone()).or_default().entry(part.clone()).or_default();
            arguments.extend(line.split('{').skip(1).filter_map(argument));
        }
    }
    found
}

fn argument(after_brace: &str) -> Option<String> {
    let name = after_brace.trim_start().strip_prefix('$')?;
    let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(name.len());
    Some(name[..end].to_owned())
}
