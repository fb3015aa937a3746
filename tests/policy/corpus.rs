//! Walks `bad/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use wubu::diag::{codes, render};
use wubu::lang::Lang;
use wubu::policy::{LoadedPolicy, load_on};
use wubu::time::Day;

use super::{folder, second, shown, texts};

/// One file under `bad/`.
struct Story {
    path: PathBuf,
    is_second: bool,
    file: String,
    change: Change,
    /// A passage of another file, and what stands there instead.
    also: Option<[String; 3]>,
    expect: Vec<String>,
}

enum Change {
    Edit { find: String, put: String },
    Whole(Vec<u8>),
    Remove,
}

/// Reads the head of a story: `key: value` lines, then after `---` the new file, if it is one.
fn read(path: PathBuf) -> Story {
    let bytes = fs::read(&path).expect("readable");
    let cut = bytes.windows(5).position(|five| five == b"\n---\n").map(|at| (at + 1, at + 5));
    let (head_end, body) = cut.unwrap_or((bytes.len(), bytes.len()));
    let head = std::str::from_utf8(&bytes[..head_end]).expect("the head is UTF-8");
    let value = |key: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
        line.map(|text| text.replace("\\n", "\n"))
    };
    let change = match (value("find"), cut.is_some()) {
        (Some(find), _) => Change::Edit { find, put: value("put").unwrap_or_default() },
        (None, true) => Change::Whole(bytes[body..].to_vec()),
        (None, false) => Change::Remove,
    };
    let also = || Some([value("also-file")?, value("also-find")?, value("also-put")?]);
    let expect = value("expect").expect("a story expects something");
    Story {
        is_second: value("base").is_some(),
        file: value("file").expect("a story is about a file"),
        change,
        also: also(),
        expect: expect.split("; ").map(str::to_owned).collect(),
        path,
    }
}

fn stories() -> Vec<Story> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder("bad"))
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|end| end == "case"))
        .collect();
    paths.sort();
    paths.into_iter().map(read).collect()
}

fn tell(story: &Story) -> LoadedPolicy {
    let mut texts = if story.is_second { second() } else { texts("base") };
    if let Some([file, find, put]) = &story.also {
        let (_, bytes) = texts.iter_mut().find(|(path, _)| path == file).expect("it is there");
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        assert!(text.contains(find.as_str()), "{}: nothing to find", story.path.display());
        *bytes = text.replacen(find, put, 1).into_bytes();
    }
    let at = texts.iter().position(|(path, _)| *path == story.file);
    match (&story.change, at) {
        (Change::Edit { find, put }, Some(at)) => {
            let text = std::str::from_utf8(&texts[at].1).expect("UTF-8");
            assert!(text.contains(find.as_str()), "{}: nothing to find", story.path.display());
            texts[at].1 = text.replacen(find, put, 1).into_bytes();
        }
        (Change::Whole(bytes), Some(at)) => texts[at].1.clone_from(bytes),
        (Change::Whole(bytes), None) => texts.push((story.file.clone(), bytes.clone())),
        (Change::Remove, Some(at)) => drop(texts.remove(at)),
        (Change::Edit { .. } | Change::Remove, None) => panic!("{}: no such file", story.path.display()),
    }
    let mut loaded = load_on(texts, Day::from_ymd_opt(2026, 6, 1));
    if let Some(policy) = &loaded.policy {
        let found = wubu::cases::check(policy, &loaded.cases);
        if wubu::diag::any_error(&found) {
            loaded.policy = None;
        }
        loaded.diagnostics.extend(found);
    }
    loaded
}

fn places(loaded: &LoadedPolicy) -> Vec<String> {
    let reports = loaded.diagnostics.iter().map(|d| render::report(d, &loaded.sources, Lang::En));
    reports.map(|report| format!("{} {}:{}", report.code, report.line, report.column)).collect()
}

#[test]
fn every_bad_file_is_refused_in_the_right_words_at_the_right_place() {
    let bless = std::env::var_os("WUBU_BLESS").is_some();
    let mut wrong = Vec::new();
    for story in stories() {
        let loaded = tell(&story);
        let found = places(&loaded);
        if found != story.expect {
            wrong.push(format!("{}: {found:?}, not {:?}", story.path.display(), story.expect));
        }
        let is_error = wubu::diag::any_error(&loaded.diagnostics);
        assert_eq!(loaded.policy.is_none(), is_error, "{}", story.path.display());
        let text = format!("{}\n\n{}\n", shown(&loaded, Lang::Zh), shown(&loaded, Lang::En));
        let out = story.path.with_extension("out");
        if bless {
            fs::write(&out, text).expect("written");
        } else if fs::read_to_string(&out).unwrap_or_default() != text {
            wrong.push(format!("{}: the words differ:\n{text}", out.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_of_this_room_has_a_case() {
    let told: BTreeSet<String> = stories()
        .into_iter()
        .flat_map(|story| story.expect)
        .map(|said| said.chars().take(4).collect())
        .collect();
    let untold =
        // Two of the kinds of documents are told by `documents::pages`, which has templates.
        codes::POLICY.iter().chain(&codes::DOCUMENT_KINDS[..6]).filter(|code| !told.contains(code.id) && !super::hostile::tells(code.id));
    // What the register's list of stations tells is told where it is read: `cli::stations`.
    let elsewhere = [codes::UNKNOWN_STATION, codes::STATIONS_UNKNOWN].map(|code| code.id);
    let untold: Vec<&str> = untold.map(|code| code.id).filter(|code| !elsewhere.contains(code)).collect();
    assert!(untold.is_empty(), "{untold:?}");
}
