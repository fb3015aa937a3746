//! Cases that must pass, and cases that must fail with exactly what came instead.
//!
//! `shipped/` stands beside the shipped policy, `odd.yaml` and `counted.yaml`, `machine/` beside the policy that has
//! one of every kind of step, `terms/` beside that of `city/`, whose forms say when things are due. Files named `ok-…` hold cases that pass, files named `no-…` cases that
//! fail; the `.out` beside those holds both sides and the sentences, written with `WUBU_BLESS=1`.

mod english;
mod page;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wubu::cases::{self, CaseAnswer};
use wubu::lang::Lang;
use wubu::office::{ActiveRelease, examine_texts, load_shipped};
use wubu::policy::is_policy_path;

type Texts = Vec<(String, Vec<u8>)>;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn shipped() -> Texts {
    let all = wubu::files::SHIPPED.iter().filter(|(path, _)| is_policy_path(path));
    let all = all.filter(|(path, _)| !path.ends_with(".test.yaml"));
    let mut texts: Texts = all.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    for name in ["odd", "counted"] {
        let own = fs::read(folder(&format!("tests/cases/{name}.yaml"))).expect("the file is there");
        texts.push((format!("workflows/{name}.yaml"), own));
    }
    texts
}

fn machine() -> Texts {
    wubu::files::read_folder(&folder("tests/stories/machine/policy")).expect("the folder is there")
}

fn live(mut texts: Texts, file: &Path) -> ActiveRelease {
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    texts.push((format!("rules/{name}"), fs::read(file).expect("readable")));
    let examined = examine_texts(texts, Vec::new());
    let problems: Vec<String> = examined
        .diagnostics
        .iter()
        .map(|d| wubu::diag::render::terminal(d, &examined.sources, Lang::En, false))
        .collect();
    examined.live.unwrap_or_else(|| panic!("{}", problems.join("\n")))
}

fn check(name: &str, texts: &Texts) {
    let folder = folder("tests/cases").join(name);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .collect();
    files.retain(|path| path.to_string_lossy().ends_with(".test.yaml"));
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    for file in files {
        let live = live(texts.clone(), &file);
        let answers = cases::run(&live.policy, &live.rules, &live.cases);
        assert!(!answers.is_empty(), "{} holds no case", file.display());
        let passes = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("ok-"));
        for answer in &answers {
            assert_eq!(
                answer.is_ok(),
                passes,
                "{}:{} {}\n{}",
                file.display(),
                answer.line,
                answer.name,
                told(answer)
            );
        }
        if !passes {
            same(
                &file.with_extension("").with_extension("out"),
                &answers.iter().map(told).collect::<String>(),
            );
        }
    }
}

fn same(out: &Path, text: &str) {
    if std::env::var_os("WUBU_BLESS").is_some() {
        fs::write(out, text).expect("written");
    }
    let known = fs::read_to_string(out).unwrap_or_default();
    assert!(known == text, "{} differs:\n{text}", out.display());
}

/// Both sides of one case, and why acts were refused.
fn told(answer: &CaseAnswer) -> String {
    let mut text = format!("{} {}\n", answer.line, answer.name);
    for (side, fields) in [("expected", &answer.compared.expected), ("got", &answer.compared.got)] {
        let _ = writeln!(text, "  {side}");
        for (field, value) in fields {
            match value.as_array().filter(|_| field == "acts") {
                Some(acts) => acts.iter().for_each(|act| {
                    let _ = writeln!(text, "    act {act}");
                }),
                None => {
                    let _ = writeln!(text, "    {field}: {value}");
                }
            }
        }
    }
    for (line, refusal) in &answer.refused {
        for lang in [Lang::Zh, Lang::En] {
            let _ = writeln!(text, "  line {line}: {}", lang.text(refusal.id, &refusal.args));
            for part in &refusal.parts {
                let _ = writeln!(text, "    {}", lang.text(part.id, &part.args));
            }
        }
    }
    text + "\n"
}

#[test]
fn cases_beside_the_shipped_policy() {
    check("shipped", &shipped());
}

#[test]
fn cases_beside_the_policy_of_every_step() {
    check("machine", &machine());
}

#[test]
fn cases_beside_the_policy_of_a_city() {
    check("terms", &wubu::files::read_folder(&folder("tests/cases/city")).expect("the folder is there"));
}

#[test]
fn examples_of_the_page_stand_in_what_cases_try() {
    let page = fs::read_to_string(folder("docs/policy-language.md")).expect("the page");
    let blocks =
        page.split("```yaml\n# tests/").skip(1).map(|after| after.split("```").next().unwrap_or(after));
    let mut seen = 0;
    for block in blocks {
        let (path, lines) = block.split_once('\n').expect("a file, then its lines");
        let file = fs::read_to_string(folder("tests").join(path)).expect("the file");
        for line in lines.lines().filter(|line| !line.is_empty()) {
            assert!(file.lines().any(|known| known == line), "not in {path}: {line}");
            seen += 1;
        }
    }
    assert!(seen > 5, "the page has examples");
}

#[test]
fn the_shipped_cases_pass_and_reach_every_step_and_row() {
    let live = load_shipped(Lang::Zh).unwrap_or_else(|_| panic!("the shipped policy loads"));
    let answers = cases::run(&live.policy, &live.rules, &live.cases);
    let failed: Vec<String> = answers.iter().filter(|answer| !answer.is_ok()).map(told).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let coverage = cases::coverage(&live.policy, &live.rules, &answers);
    let missed = json!([coverage.missed, coverage.steps.missed, coverage.rows.missed]);
    assert_eq!(missed, json!([[], [], []]));
}

#[test]
fn without_acts_no_step_is_reached() {
    let mut live = load_shipped(Lang::Zh).unwrap_or_else(|_| panic!("the shipped policy loads"));
    live.cases.retain(|case| case.course.is_none());
    let answers = cases::run(&live.policy, &live.rules, &live.cases);
    let coverage = cases::coverage(&live.policy, &live.rules, &answers);
    assert_eq!((coverage.steps.reached, coverage.rows.reached), (0, 0));
    assert_eq!(coverage.rows.missed.len(), coverage.rows.all);
    let first = serde_json::to_value(&coverage.rows.missed[0]).expect("plain fields");
    assert_eq!(first["file"], Value::from("workflows/accountability.yaml"));
    assert_eq!(first["value"], Value::from("ask → find"));
}
