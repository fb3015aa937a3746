//! What people read, whole, in both languages.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use wubu::lang::Lang;
use wubu::notify::{MessageItem, MessageTemplate};
use wubu::policy::NOTICE_KINDS;

fn item(key: &str, kind: &str, body: Value) -> MessageItem {
    let Value::Object(body) = body else { panic!("an object") };
    MessageItem {
        key: key.to_owned(),
        order: key.split('/').take(2).collect::<Vec<_>>().join("-"),
        kind: kind.to_owned(),
        addressee: "officer/P009".to_owned(),
        to: Vec::new(),
        body,
        names: BTreeMap::from([("P004".to_owned(), "刘洋".to_owned())]),
    }
}

fn shown(items: &[MessageItem]) -> String {
    let tell = |lang| {
        let bureau = "示例分局".to_owned();
        let template = MessageTemplate { lang, bureau, salutation: None, signature: None };
        format!("{}\n\n{}", template.subject(items), template.text(items))
    };
    format!("{}\n\n{}\n", tell(Lang::Zh), tell(Lang::En))
}

#[test]
fn one_item_says_all_that_is_known_of_it() {
    let body = json!({"order": "东关所〔2026〕12号", "subject": "老街小吃店", "step": "patrol",
        "step_title": "第二步 实地巡查", "level": 1, "since": "2026-03-02", "due": "2026-03-12",
        "by": "王某", "reason": "材料\n不齐", "late": true, "phone": "13800000000"});
    insta::assert_snapshot!(shown(&[item("dongguan/12/3/1100", "told", body)]));
}

#[test]
fn several_items_are_listed_in_order_each_with_its_key() {
    let due = json!({"order": "东关所〔2026〕12号", "step": "patrol", "level": 0, "due": "2026-03-12"});
    insta::assert_snapshot!(shown(&[
        item("dongguan/12/1/1000", "told", due),
        item("dongguan/13/1/0", "assigned", json!({"step": "review"})),
        item("dongguan/14/1/0", "of tomorrow", json!({})),
    ]));
}

#[test]
fn who_loses_a_duty_and_who_gets_it_read_why() {
    let gone = json!({"step": "review", "to": ["P075", "P077"], "because": "leave"});
    let taken = json!({"step": "review", "from": ["P049"], "because": "station"});
    let shown = shown(&[item("a/1/1/0", "handed over", gone), item("a/1/1/1", "assigned", taken)]);
    for line in [
        "休假，改由 P075、P077 办理，期限不变",
        "原由 P049 办理（调往别所），现由您接着办，期限不变",
        "Now: P075, P077 (on leave); the deadline stays",
        "Before: P049 (moved to another station); the deadline stays",
    ] {
        assert!(shown.contains(line), "{line} in {shown}");
    }
}

#[test]
fn every_kind_has_its_words() {
    for lang in [Lang::Zh, Lang::En] {
        for kind in NOTICE_KINDS {
            assert!(lang.has(&format!("notice-kind-{kind}")).0, "{kind} in {}", lang.into_str());
        }
    }
}

#[test]
fn a_body_that_says_nothing_still_makes_a_message() {
    let nothing = MessageItem { body: Map::new(), ..item("a/1/1/0", "told", json!({})) };
    assert!(shown(&[nothing]).contains("a/1/1/0"));
}

#[test]
fn a_bureau_begins_and_ends_its_messages_as_it_says() {
    let template = MessageTemplate {
        lang: Lang::En,
        bureau: "Toronto".to_owned(),
        salutation: Some("Hello,".to_owned()),
        signature: Some("Food safety".to_owned()),
    };
    let text = template.text(&[item("a/1/1/0", "told", json!({}))]);
    assert!(text.starts_with("Hello,\n\n") && text.ends_with("\n\nFood safety"), "{text}");
    assert!(!text.contains("Toronto"));
}
