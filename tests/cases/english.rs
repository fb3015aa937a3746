//! The shipped policy in English beside the Chinese one: the same files, rules and cases, in other words.

use std::collections::BTreeSet;
use std::fmt::Debug;

use wubu::cases::{self, Coverage};
use wubu::files::shipped;
use wubu::lang::{Lang, spellings};
use wubu::office::{ActiveRelease, load_shipped};

use super::told;

fn live(lang: Lang) -> ActiveRelease {
    load_shipped(lang).unwrap_or_else(|_| panic!("the shipped policy loads"))
}

/// Returns whether a text has a Chinese character, or a mark that only stands among them.
fn is_chinese(text: &str) -> bool {
    spellings::has_han(text)
        || text.contains(|c| matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}'))
}

/// Runs the cases, all of which have to pass.
fn coverage(live: &ActiveRelease) -> Coverage {
    let answers = cases::run(&live.policy, &live.rules, &live.cases);
    let failed: Vec<String> = answers.iter().filter(|answer| !answer.is_ok()).map(told).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    cases::coverage(&live.policy, &live.rules, &answers)
}

#[test]
fn no_chinese_stands_in_the_english_files() {
    let lines = shipped(Lang::En).iter().flat_map(|(path, text)| text.lines().map(move |line| (path, line)));
    let found: Vec<String> =
        lines.filter(|(_, line)| is_chinese(line)).map(|(path, line)| format!("{path}: {line}")).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn both_are_made_of_the_same_files_with_as_many_lines() {
    let said = |lang: Lang| -> BTreeSet<(&str, usize)> {
        let is_remark = |line: &&str| line.is_empty() || line.starts_with('#') || line.starts_with("//");
        // Chinese is what a bureau writes that does not say.
        let is_said = |line: &&str| !is_remark(line) && *line != "language: en";
        let count = |text: &str| text.lines().map(str::trim).filter(is_said).count();
        shipped(lang).iter().map(|(path, text)| (*path, count(text))).collect()
    };
    let (zh, en) = (said(Lang::Zh), said(Lang::En));
    assert!(zh == en, "{:#?}", zh.symmetric_difference(&en).collect::<Vec<_>>());
}

#[test]
fn the_english_cases_pass_and_reach_as_much() {
    let (zh, en) = (live(Lang::Zh), live(Lang::En));
    assert!(en.warnings.is_empty(), "{:?}", en.warnings);
    assert_eq!(zh.cases.len(), en.cases.len());
    let (zh, en) = (coverage(&zh), coverage(&en));
    let counts =
        |of: &Coverage| [of.lines, of.reached, of.steps.all, of.steps.reached, of.rows.all, of.rows.reached];
    assert_eq!(counts(&zh), counts(&en));
    assert_eq!((en.reached, en.steps.reached, en.rows.reached), (en.lines, en.steps.all, en.rows.all));
}

#[test]
fn both_say_the_same_in_other_words() {
    let (zh, en) = (live(Lang::Zh), live(Lang::En));
    for ((part, zh), (_, en)) in parts(&zh).into_iter().zip(parts(&en)) {
        let (zh, en) = (said(&zh), said(&en));
        if let Some(at) = zh.iter().zip(&en).position(|(zh, en)| !is_twin(zh, en)) {
            panic!("{part}:\n{}\nis said as\n{}", zh[at.saturating_sub(8)..=at].join("\n"), en[at]);
        }
        assert_eq!(zh.len(), en.len(), "{part}");
    }
}

#[test]
fn twins_are_told_from_strangers() {
    assert!(is_twin("    title: \"五步监管法\",", "    title: \"Five-step supervision\","));
    assert!(!is_twin("    title: \"五步监管法\",", "    title: \"\","));
    assert!(!is_twin("    title: \"五步监管法\",", "    title: \"五步 supervision\","));
    assert!(!is_twin("    title: \"五步监管法\",", "    noun: \"Five-step supervision\","));
    assert!(!is_twin("    count: 5,", "    count: 6,"));
    assert_eq!(said("a: 1\nspan: Span {\n    start: 1,\n},\ntitle_en: \"x\",\nb: 2"), ["a: 1", "b: 2"]);
}

/// The parts of a policy, and its cases, as they were understood.
fn parts(live: &ActiveRelease) -> [(&'static str, String); 14] {
    let policy = &live.policy;
    let shown = |part: &dyn Debug| format!("{part:#?}");
    [
        ("levels", shown(&(&policy.levels, &policy.inspection_kinds, &policy.answers))),
        ("blanks", shown(&(&policy.bureau.blanks, policy.bureau.activation, &policy.administrator))),
        ("numbers", shown(&(policy.order_number.restart, policy.document_number.restart))),
        ("attributes", shown(&policy.attributes)),
        ("imports", shown(&policy.imports)),
        ("roles", shown(&(&policy.roles, &policy.powers))),
        ("calendar", shown(&policy.calendar)),
        ("tiers", shown(&(&policy.tiers, &policy.params, &policy.openings, &policy.standing))),
        ("tables", shown(&policy.tables)),
        ("clocks", shown(&policy.clocks)),
        ("documents", shown(&policy.documents)),
        ("forms", shown(&policy.forms)),
        ("workflows", shown(&(&policy.workflows, &policy.exprs))),
        ("cases", shown(&live.cases)),
    ]
}

/// Returns the lines of a part, without where it is written and what English readers of it are shown.
fn said(part: &str) -> Vec<&str> {
    let mut place: Option<usize> = None;
    let is_said = |line: &&str| {
        let indent = line.len() - line.trim_start().len();
        match place {
            Some(begun) if indent > begun => false,
            Some(_) => {
                place = None;
                false
            }
            None if line.ends_with("Span {") => {
                place = Some(indent);
                false
            }
            None => !line.trim_start().starts_with("title_en:"),
        }
    };
    part.lines().filter(is_said).collect()
}

/// Returns whether two lines say the same: what is Chinese in one is something else in the other.
fn is_twin(zh: &str, en: &str) -> bool {
    let around = |line: &str| -> Option<(String, String)> {
        let (before, text) = line.split_once('"')?;
        let (text, after) = text.rsplit_once('"')?;
        (!text.is_empty() && !is_chinese(text)).then(|| (before.to_owned(), after.to_owned()))
    };
    if !is_chinese(zh) {
        return zh == en;
    }
    let (Some((before, _)), Some((_, after))) = (zh.split_once('"'), zh.rsplit_once('"')) else {
        return false;
    };
    around(en).is_some_and(|en| en == (before.to_owned(), after.to_owned()))
}
