//! `check --fix`: a policy of the first version is written out in the second and means what it did.

use std::path::Path;

use wubu::cases;
use wubu::diag::codes;
use wubu::office::examine_texts;
use wubu::policy::{ChangedText, Semantics, load, upgrade};

use super::{second, texts};

type Texts = Vec<(String, Vec<u8>)>;

/// The policy of the kept database, as it was before there was a second version.
fn kept() -> Texts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kept/policy");
    wubu::files::read_folder(&folder).expect("the folder is there")
}

/// Puts what was rewritten in the place of what stood there.
fn rewritten(texts: &Texts) -> Texts {
    let policy = load(texts.clone()).policy.expect("the first version loads");
    let mut new = texts.clone();
    for ChangedText { path, text, .. } in upgrade(&policy) {
        let at = new.iter().position(|(known, _)| *known == path).expect("a file of the folder");
        new[at].1 = text.into_bytes();
    }
    new
}

fn lines(texts: &Texts) -> Vec<(String, Vec<String>)> {
    let line = |(path, bytes): &(String, Vec<u8>)| {
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        (path.clone(), text.lines().map(str::to_owned).collect())
    };
    texts.iter().map(line).collect()
}

#[test]
fn an_upgraded_policy_loads_without_a_word_and_is_upgraded_once() {
    for first in [kept(), texts("base")] {
        let new = rewritten(&first);
        let mut loaded = load(new.clone());
        // Steps of the kept policy lack ladders, which nothing can write for them.
        loaded.diagnostics.retain(|diagnostic| diagnostic.code != codes::NO_LADDER);
        assert!(loaded.diagnostics.is_empty(), "{}", super::shown(&loaded, wubu::lang::Lang::En));
        let policy = loaded.policy.expect("there is no problem");
        assert_eq!(policy.semantics, Semantics::Second);
        assert!(upgrade(&policy).is_empty());
    }
    assert!(upgrade(&load(second()).policy.expect("it loads")).is_empty());
}

#[test]
fn an_upgrade_keeps_every_comment_and_every_line_it_does_not_mean() {
    let first = kept();
    let new = rewritten(&first);
    for ((path, old), (_, new)) in lines(&first).into_iter().zip(lines(&new)) {
        let comments = |lines: &[String]| -> Vec<String> {
            let comment = |line: &String| line.split_once('#').map(|(_, comment)| comment.to_owned());
            lines.iter().filter_map(comment).collect()
        };
        assert_eq!(comments(&old), comments(&new), "{path}");
        let is_meant = |line: &str| line.contains("actions:") || line.contains("records:");
        for line in old.iter().filter(|line| !new.contains(line)) {
            assert!(is_meant(line), "{path} lost: {line}");
        }
    }
    assert_ne!(first, new);
}

#[test]
fn an_upgraded_policy_decides_every_case_alike() {
    let first = kept();
    let answers = |texts: Texts| {
        let live = examine_texts(texts, Vec::new()).live.expect("it loads");
        let told = |answer: &cases::CaseAnswer| {
            format!("{} {:?} {:?}", answer.name, answer.compared, answer.refused)
        };
        cases::run(&live.policy, &live.rules, &live.cases).iter().map(told).collect::<Vec<_>>()
    };
    let (before, after) = (answers(first.clone()), answers(rewritten(&first)));
    assert!(before.len() > 20, "{} cases", before.len());
    assert_eq!(before, after);
}

#[test]
fn marks_and_quotes_around_what_is_rewritten_stay() {
    let mut first = texts("base");
    for (path, bytes) in &mut first {
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        let text = match path.as_str() {
            "workflows/visit.yaml" => text
                .replace("actions: [同意, 退回]", "actions:\n      - \"同意\"   # 同意\n      - 退回")
                .replace("records: inspection", "records: \"inspection\""),
            "rules/documents.yaml" => text.replace("prefix: 监令}", "prefix: 监令, approver: 所长}"),
            _ => text,
        };
        *bytes = text.replace('\n', "\r\n").into_bytes();
    }
    let new = rewritten(&first);
    let workflow = new.iter().find(|(path, _)| path == "workflows/visit.yaml").expect("it is there");
    let text = std::str::from_utf8(&workflow.1).expect("UTF-8");
    assert!(
        text.contains(
            "      - {id: \"同意\", approves: true}   # 同意\r\n      - {id: 退回, returns: true}\r\n"
        ),
        "{text}"
    );
    assert!(
        text.contains(
            "records: {inspection: patrol, arrived: arrived, problems: problems, level: level}\r\n"
        )
    );
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert!(load(new).policy.is_some());
}

#[test]
fn what_said_nothing_says_nothing_afterwards() {
    let items = "items: [{id: door, title: 门, if_bad: 随便}, {if_bad: \"重大\", id: sign, title: 招牌}]";
    let lines = "items:\n      - id: door\n        title: 门   # 前门\n        if_bad: 重大\n      - 招牌";
    for (written, wanted) in [
        (
            items,
            "items: [{id: door, title: 门}, {id: sign, title: 招牌}]   # if_bad: 随便   # if_bad: \"重大\"\n",
        ),
        (
            lines,
            "items:\n      - id: door\n        title: 门   # 前门\n        # if_bad: 重大\n      - 招牌\n",
        ),
    ] {
        let mut first = texts("base");
        let workflow =
            first.iter_mut().find(|(path, _)| path == "workflows/visit.yaml").expect("it is there");
        let text = std::str::from_utf8(&workflow.1).expect("UTF-8").replace("items: tier.items", written);
        workflow.1 = text.into_bytes();
        let new = rewritten(&first);
        let workflow = new.iter().find(|(path, _)| path == "workflows/visit.yaml").expect("it is there");
        let text = std::str::from_utf8(&workflow.1).expect("UTF-8");
        assert!(text.contains(wanted), "{text}");
        let policy = load(new).policy.expect("it loads");
        let items = policy.forms.iter().flat_map(|form| &form.items);
        assert!(items.clone().count() > 1 && items.clone().all(|item| item.if_bad.is_none()));
    }
}
