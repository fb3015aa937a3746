//! Answers, inputs and the day on which time changes them.

use std::sync::atomic::AtomicBool;

use wubu::diag::codes;
use wubu::lang::Lang;
use wubu::policy::{Policy, Script, TierIx};
use wubu::register::{Subject, Value};
use wubu::rules::{Judgement, Rules, Val};

use super::bureau::{day, policy, subject, with_expressions};

const SHIPPED: &str = r#"
fn tier(主体) {
    let 级 = 级别(lookup("industries", 主体.行业).tier);
    if lookup("credit", 主体.信用等级).raises { 级 += 1; }
    if 主体.警示标志 { 级 += 1; }
    if 主体.problems("12 个月", "重大") >= param("repeat_findings") { 级 += 1; }
    if 主体.重点区域 && 级 < 2 { 级 = 2; }
    if 级 >= 3 { "甲" } else if 级 == 2 { "乙" } else { "丙" }
}

fn score(主体) {
    let 分 = lookup("industries", 主体.行业).points;
    分 += lookup("credit", 主体.信用等级).points;
    分 += 至多(主体.problems("12 个月", "重大") * 8, 16);
    分 += 至多(主体.overdue_count("12 个月") * 2, 6);
    if 主体.警示标志 { 分 += 6; }
    分
}

fn 级别(等级) {
    if 等级 == "甲" { 3 } else if 等级 == "乙" { 2 } else { 1 }
}

fn 至多(数, 上限) {
    if 数 > 上限 { 上限 } else { 数 }
}
"#;

fn compiled(policy: &Policy) -> Rules {
    let (rules, found) = Rules::compile(policy);
    let shown: Vec<_> =
        found.iter().map(|d| wubu::diag::render::terminal(d, &policy.sources, Lang::En, false)).collect();
    assert!(found.is_empty(), "{}", shown.join("\n"));
    rules.expect("no problem was found")
}

fn judged(policy: &Policy, subject: &Subject, on: &str) -> Judgement {
    let rules = compiled(policy);
    rules.judge(policy, std::slice::from_ref(subject), day(on), &AtomicBool::new(false)).remove(0)
}

#[test]
fn the_shipped_script_judges() {
    let policy = policy(SHIPPED);
    let judgement = judged(&policy, &subject("5223"), "2026-03-01");
    assert_eq!(judgement.tier, Ok(TierIx(0)));
    assert_eq!(judgement.score, Ok(45.0));
    let judgement = judged(&policy, &subject("5299"), "2026-03-01");
    assert_eq!(judgement.tier, Ok(TierIx(2)));
}

#[test]
fn the_line_that_decided_is_named() {
    let policy = policy(SHIPPED);
    let rules = compiled(&policy);
    let trace = rules.trace(&policy, &subject("5223"), day("2026-03-01"));
    let last = trace.tier.last().expect("a line");
    assert_eq!(policy.sources.start(last.span).line, 8);
    assert_eq!(policy.sources.text(last.span), "\"甲\"");
    assert_eq!(last.value, Val::Text("甲".into()));
    let texts: Vec<_> = trace.tier.iter().map(|because| policy.sources.text(because.span)).collect();
    assert!(texts.contains(&"级 >= 3"), "{texts:?}");
}

#[test]
fn a_missing_value_is_an_error_and_not_false() {
    let policy = policy("fn tier(s) { if s.area > 500 { \"甲\" } else { \"丙\" } }\nfn score(s) { 1 }");
    let (rules, found) = Rules::compile(&policy);
    assert_eq!(found.iter().map(|d| d.code).collect::<Vec<_>>(), [codes::SCRIPT_MAY_BE_MISSING]);
    let rules = rules.expect("a warning does not forbid");
    let mut one = subject("5223");
    let answer = rules.judge(&policy, std::slice::from_ref(&one), day("2026-03-01"), &AtomicBool::new(false));
    assert_eq!(answer[0].tier.as_ref().map_err(|fault| fault.code), Err(codes::RULE_MISSING));
    one.attributes[5] = Value::Decimal("500.5".into());
    let answer = rules.judge(&policy, std::slice::from_ref(&one), day("2026-03-01"), &AtomicBool::new(false));
    assert_eq!(answer[0].tier, Ok(TierIx(0)));
}

#[test]
fn a_condition_reads_the_tier_and_the_time() {
    let when = "tier == \"甲\" && has(subject.last_patrol) && days_since(subject.last_patrol) >= 60";
    let facts = [("重大问题", "patrol.problems.filter(|p| p.level == \"重大\").len()")];
    let policy = with_expressions(SHIPPED, Some(when), &facts, &["重大问题 > 0 && action == \"退回\""]);
    let mut one = subject("5223");
    one.history.last_patrol_known = Some(day("2026-01-15"));
    let before = judged(&policy, &one, "2026-03-15");
    assert_eq!(before.when, [Ok(false)]);
    assert_eq!(before.changes_on, Some(day("2026-03-16")));
    assert_eq!(judged(&policy, &one, "2026-03-16").when, [Ok(true)]);
    assert_eq!(judged(&policy, &subject("5223"), "2026-03-16").when, [Ok(false)]);
}

/// Returns the codes and texts of what is wrong with facts and branches.
fn wrong(facts: &[(&str, &str)], branches: &[&str]) -> Vec<(&'static str, String)> {
    let policy = with_expressions(SHIPPED, None, facts, branches);
    let (_, found) = Rules::compile(&policy);
    found.iter().map(|d| (d.code.id, policy.sources.text(d.span).to_owned())).collect()
}

#[test]
fn facts_and_branches_know_their_names() {
    let sound = [
        ("重大问题", "patrol.problems.filter(|p| p.level == \"重大\").len()"),
        ("整改完成", "patrol.done && patrol.items.len() > 0 && patrol.items.all(|i| i.result == \"已整改\")"),
    ];
    let branches =
        ["action == \"退回\"", "重大问题 > 0 && !整改完成", "today > order.window.to || subject.warned"];
    assert_eq!(wrong(&sound, &branches), []);
    let bad = [
        ("甲", "patrol.problms.len()"),
        ("乙", "patrol.problems.filter(|p| p.levle == \"重大\").len()"),
        ("丙", "patrol.problems.filter(|p| p.level == \"重要\").len()"),
        ("丁", "revisit.done"),
    ];
    let expected = [("S012", "problms"), ("S012", "levle"), ("S015", "\"重要\""), ("S008", "revisit")];
    assert_eq!(wrong(&bad, &[]), expected.map(|(code, text)| (code, text.to_owned())));
    let branches = ["action == \"退\"", "重大 > 0", "patrol.items.all(|i| i.result == \"好\")", "重大问题"];
    let expected = [("S015", "\"退\""), ("S008", "重大"), ("S018", "all"), ("S014", "重大问题")];
    assert_eq!(wrong(&sound, &branches), expected.map(|(code, text)| (code, text.to_owned())));
}

#[test]
fn a_station_script_is_checked_and_not_asked() {
    let mut policy = policy(SHIPPED);
    let file = policy.sources.add("stations/dongguan/rules/risk.rhai", "fn tier(s) { \"高危\" }");
    policy.scripts.push(Script { file, station: Some("dongguan".into()) });
    let (rules, found) = Rules::compile(&policy);
    assert!(rules.is_none());
    let found: Vec<_> = found.iter().map(|d| d.code).collect();
    assert_eq!(found, [codes::SCRIPT_NOT_OPEN, codes::SCRIPT_UNKNOWN_TIER]);
}

#[test]
fn told_to_stop_it_gives_no_verdict() {
    let policy = policy(SHIPPED);
    let rules = compiled(&policy);
    let judged = rules.judge(&policy, &[subject("62")], day("2026-03-01"), &AtomicBool::new(true));
    assert!(judged[0].tier.as_ref().is_err_and(wubu::rules::RuleFault::is_stop));
    assert_eq!(rules.evaluations(), 0);
    let judged = rules.judge(&policy, &[subject("62")], day("2026-03-01"), &AtomicBool::new(false));
    assert_eq!(judged[0].tier, Ok(TierIx(1)));
}

#[test]
fn a_decision_names_its_inputs_and_is_the_same_everywhere() {
    let policy = policy(SHIPPED);
    let judgement = judged(&policy, &subject("5223"), "2026-03-01");
    let body: serde_json::Value = serde_json::from_str(&judgement.inputs.body).expect("JSON");
    assert_eq!(body["tier"], "甲");
    assert_eq!(body["inputs"]["industry"], "5223");
    assert_eq!(body["inputs"]["problems(12 个月, 重大)"], 0);
    assert_eq!(judgement.inputs.id.len(), 16);
    assert_eq!(judgement.inputs, judged(&policy, &subject("5223"), "2026-03-02").inputs);
}

#[test]
fn equal_inputs_are_evaluated_once() {
    let policy = policy(SHIPPED);
    let rules = compiled(&policy);
    let mut many = vec![subject("5223"); 5_000];
    many[7].attributes[2] = Value::Flag(true);
    let stop = AtomicBool::new(false);
    let first = rules.judge(&policy, &many, day("2026-03-01"), &stop);
    assert_eq!(rules.evaluations(), 2);
    assert_eq!(first[0].inputs, first[4_999].inputs);
    assert_ne!(first[0].inputs, first[7].inputs);
    rules.judge(&policy, &many, day("2026-03-02"), &stop);
    assert_eq!(rules.evaluations(), 2);
}
