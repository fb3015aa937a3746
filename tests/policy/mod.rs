//! Policy folders that load, and files that are refused with the right words in the right place.
//!
//! `good/` is the policy of the founding paper. `base/` is the smallest policy with one of
//! everything; each file under `bad/` says what to change in it and what must be said of that, and
//! the `.out` beside it holds the whole answer in both languages. To add a case, add a file; run
//! with `WUBU_BLESS=1` to write its `.out`, and read it as the person who made the slip.

mod corpus;
mod hostile;
mod overlays;
mod promotion;
mod stations;
mod upgrade;

use std::path::{Path, PathBuf};

use wubu::diag::{Severity, any_error, codes, render};
use wubu::lang::Lang;
use wubu::policy::{LoadedPolicy, Semantics, load};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy").join(name)
}

fn texts(name: &str) -> Vec<(String, Vec<u8>)> {
    wubu::files::read_folder(&folder(name)).expect("the folder is there")
}

/// The smallest policy in the second version of the language: `base/`, with what `second/` says otherwise.
fn second() -> Vec<(String, Vec<u8>)> {
    let mut all = texts("base");
    for (path, bytes) in texts("second") {
        all.retain(|(known, _)| *known != path);
        all.push((path, bytes));
    }
    all
}

fn shown(loaded: &LoadedPolicy, lang: Lang) -> String {
    let shown: Vec<String> = loaded
        .diagnostics
        .iter()
        .map(|diagnostic| render::terminal(diagnostic, &loaded.sources, lang, false))
        .collect();
    shown.join("\n\n")
}

#[test]
fn the_policy_of_the_paper_loads() {
    let loaded = load(texts("good"));
    assert!(!any_error(&loaded.diagnostics), "{}", shown(&loaded, Lang::En));
    let policy = loaded.policy.expect("there is no error");
    let workflow = policy.workflow("five-step").expect("it is there");
    assert_eq!(workflow.steps.len(), 9);
    assert_eq!(policy.recurring().count(), 1);
    assert_eq!(policy.overlays[0].changes.len(), 4);
    assert_eq!(loaded.cases.len(), 1);
}

#[test]
fn the_smallest_policy_loads_without_a_word() {
    for (texts, semantics) in [(texts("base"), Semantics::First), (second(), Semantics::Second)] {
        let loaded = load(texts);
        assert!(loaded.diagnostics.is_empty(), "{}", shown(&loaded, Lang::En));
        assert_eq!(loaded.policy.map(|policy| policy.semantics), Some(semantics));
    }
}

#[test]
fn expressions_are_found_where_they_stand() {
    let policy = load(texts("good")).policy.expect("it loads");
    for expr in &policy.exprs {
        assert_eq!(policy.sources.text(expr.span), expr.text);
    }
    assert!(policy.exprs.len() > 8);
}

#[test]
fn line_ends_and_a_byte_order_mark_do_not_change_the_identity() {
    let plain = load(texts("base")).policy.expect("it loads");
    for ends in ["\r\n", "\r"] {
        let foreign = texts("base").into_iter().map(|(path, bytes)| {
            let text = String::from_utf8(bytes).expect("UTF-8").replace('\n', ends);
            (path, format!("\u{feff}{text}").into_bytes())
        });
        let loaded = load(foreign.collect());
        assert_eq!(loaded.policy.expect("it loads").digest, plain.digest);
    }
}

#[test]
fn what_can_change_an_answer_changes_the_identity_and_a_case_does_not() {
    let digest = |path: &str, more: &str| {
        let mut texts = texts("base");
        texts.iter_mut().filter(|(at, _)| at == path).for_each(|(_, bytes)| bytes.extend(more.as_bytes()));
        load(texts).policy.expect("it loads").digest
    };
    let plain = digest("", "");
    for path in ["bureau.yaml", "workflows/visit.yaml", "rules/risk.rhai", "rules/tiers.yaml"] {
        assert_ne!(digest(path, "\n"), plain, "{path}");
    }
    assert_eq!(digest("rules/risk.test.yaml", "\n"), plain);
}

#[test]
fn a_year_without_holidays_is_a_warning() {
    let policy = load(texts("base")).policy.expect("it loads");
    let day = |text: &str| text.parse().expect("a day");
    assert!(
        wubu::policy::horizon(&policy, day("2026-01-01")).iter().all(|d| d.severity() == Severity::Warning)
    );
    assert_eq!(wubu::policy::horizon(&policy, day("2026-01-01")).len(), 1);
    assert_eq!(wubu::policy::horizon(&policy, day("2025-12-31")).len(), 1);
}

#[test]
fn every_code_of_this_room_has_its_words_in_both_languages() {
    for code in codes::POLICY {
        for lang in [Lang::Zh, Lang::En] {
            assert_eq!(lang.has(code.id), (true, true), "{} in {}", code.id, lang.into_str());
        }
    }
}
