//! What the analysis accepts, runs: expressions made at random and those of every policy here.
//!
//! On a record that is whole and of the declared types, an accepted expression answers, or says
//! that something is missing or cannot be calculated; it never meets a type it was not promised.
//! On any record at all it answers or faults with a code, and never falls through or breaks.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use wubu::diag::{any_error, codes};
use wubu::policy::{Policy, StepIx, WorkflowIx, load};
use wubu::rules::{BranchChoice, Inputs, OrderFacts, RuleFault, Rules, StepCompletion, StepRecord};

use super::branching::{afternoon, ground, known, read, root};
use super::bureau::day;

/// The fact whose text is replaced; the first row of the first step reads it.
const FACT: usize = 0;

/// What is in an expression of which nothing is promised: one of two kinds, fields of a map,
/// columns and photos without a kind, whether a list can be sorted.
const OPEN: [&str; 6] = ["??", "#{", "map(", "note", "photos", "sort"];

fn all_names() -> Policy {
    let mut policy = ground(&read(&root().join("tests/rules/branching/all-names.yaml"))).policy;
    let row = policy.workflows[0].steps[0].next[0].when.expect("the first row has a condition");
    // A fact of any kind can be asked for.
    "has(超期)".clone_into(&mut policy.exprs[row.ix()].text);
    policy
}

fn answer() -> Value {
    json!({
        "items": [{"id": "a", "title": "主体资格", "result": "符合", "note": "无"}],
        "problems": [
            {"item": "主体资格", "level": "重大", "note": "已改"},
            {"item": "明码标价", "level": "一般", "note": "未改"},
        ],
        "remark": "没有", "kind": "甲", "count": 3, "day": "2026-03-09", "at": "2026-03-09T09:30",
        "place": {"lat": 23.02, "lon": 113.75}, "choice": "有", "sign": "张三", "photos": ["a", "b"],
        "why": "堵车", "when": "上午", "what": "一项", "where": "门口",
    })
}

fn steps_with(policy: &Policy, workflow: WorkflowIx, facts: &StepRecord) -> BTreeMap<String, StepRecord> {
    policy.workflows[workflow.ix()].steps.iter().map(|step| (step.id.clone(), facts.clone())).collect()
}

fn ask(
    rules: &Rules,
    policy: &Policy,
    (workflow, step): (WorkflowIx, StepIx),
    steps: &BTreeMap<String, StepRecord>,
) -> Result<BranchChoice, RuleFault> {
    let subject = known(&json!({"subject": {"area": "20", "last_patrol": "2025-12-01"}}));
    let inputs = Inputs {
        order: OrderFacts {
            id: "dg-1",
            number: "监管〔2026〕1号",
            opened_on: day("2026-03-02"),
            window_from: day("2026-03-02"),
            window_to: day("2026-03-13"),
        },
        steps,
        parent: None,
        subject: subject.as_ref(),
        tier: policy.tier("甲").map(|(tier, _)| tier),
        station: "dongguan",
        action: Some("同意"),
        today: day("2026-03-10"),
    };
    rules.branch(policy, workflow, step, &inputs)
}

fn done(answer: Value) -> StepRecord {
    let last = StepCompletion {
        done_by: vec!["001".to_owned(), "002".to_owned()],
        at: afternoon("2026-03-09"),
        action: Some("同意".to_owned()),
        answer: Some(Arc::new(answer)),
    };
    StepRecord { visits: 2, last: Some(last), is_cancelled: false }
}

fn leaf() -> impl Strategy<Value = String> {
    let known = [
        "1",
        "0",
        "2.5",
        "\"甲\"",
        "\"重大\"",
        "true",
        "()",
        "[1, 2]",
        "[\"甲\", \"乙\"]",
        "#{a: 1}",
        "today",
        "tier",
        "station",
        "order",
        "order.id",
        "order.number",
        "order.opened_on",
        "order.window",
        "order.window.to",
        "subject.industry",
        "subject.area",
        "subject.last_patrol",
        "subject.registered",
        "subject.active",
        "subject.problems(\"12 个月\", \"重大\")",
        "patrol",
        "patrol.done",
        "patrol.done_by",
        "patrol.done_on",
        "patrol.visit",
        "patrol.problems",
        "patrol.problems[0]",
        "patrol.problems[0].level",
        "patrol.items",
        "patrol.remark",
        "patrol.kind",
        "patrol.count",
        "patrol.day",
        "patrol.at",
        "patrol.place",
        "patrol.place.lat",
        "patrol.photos",
        "patrol[\"kind\"]",
        "late.done",
        "late.visit",
        "lookup(\"industries\", subject.industry)",
        "lookup(\"industries\", \"5223\").points",
        "p",
        "p.level",
        "p.note",
        "p.result",
    ];
    prop::sample::select(known.to_vec()).prop_map(str::to_owned)
}

fn expression() -> impl Strategy<Value = String> {
    let sign = prop::sample::select(vec![
        "<", "<=", ">", ">=", "==", "!=", "&&", "||", "+", "-", "*", "/", "%", "??", "in",
    ]);
    let method = prop::sample::select(vec!["filter", "map", "all", "some", "find"]);
    let plain = prop::sample::select(vec![
        "len()",
        "is_empty()",
        "keys()",
        "values()",
        "reverse()",
        "push(1)",
        "trim()",
        "to_upper()",
        "starts_with(\"甲\")",
        "contains(\"甲\")",
        "index_of(1)",
        "split(\"、\")",
        "pop()",
        "sort()",
        "level",
        "lat",
        "to",
        "points",
    ]);
    let call = prop::sample::select(vec!["has", "!", "-", "to_string", "abs", "to_float", "to_int"]);
    leaf().prop_recursive(4, 16, 2, move |inner| {
        let pair = (inner.clone(), sign.clone(), inner.clone());
        prop_oneof![
            4 => pair.prop_map(|(l, sign, r)| format!("({l} {sign} {r})")),
            3 => (inner.clone(), method.clone(), inner.clone())
                .prop_map(|(list, method, each)| format!("{list}.{method}(|p| {each})")),
            3 => (inner.clone(), plain.clone()).prop_map(|(value, plain)| format!("{value}.{plain}")),
            2 => (call.clone(), inner.clone()).prop_map(|(call, value)| format!("{call}({value})")),
            1 => inner.clone().prop_map(|day| format!("days_since({day}) > 3")),
            1 => inner.prop_map(|day| format!("within({day}, \"1 年\")")),
        ]
    })
}

fn one_of(list: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    prop::sample::select(list.to_vec()).prop_map(str::to_owned)
}

/// What stands in brackets after `|p|`: a condition on a row of the problems.
fn of_row() -> impl Strategy<Value = String> {
    one_of(&[
        "p.level == \"重大\"",
        "p.level in [\"重大\", \"一般\"]",
        "has(p.note) && p.item.len() > 2",
        "p[\"item\"].starts_with(\"主体\") || p.level != \"一般\"",
        "!p.item.contains(\"标价\")",
    ])
}

fn number() -> impl Strategy<Value = String> {
    let leaf = one_of(&[
        "1",
        "2.5",
        "patrol.count",
        "patrol.visit",
        "late.visit",
        "patrol.place.lat",
        "patrol.problems.len()",
        "patrol.problems.count(\"level\", \"一般\")",
        "patrol.remark.len()",
        "(subject.area ?? 1.5)",
        "lookup(\"industries\", \"5223\").points",
        "subject.problems(\"12 个月\", \"重大\")",
        "param(\"repeat_findings\")",
    ]);
    leaf.prop_recursive(2, 6, 2, |inner| {
        let sign = one_of(&["+", "-", "*", "/", "%"]);
        prop_oneof![
            (inner.clone(), sign, inner.clone()).prop_map(|(l, sign, r)| format!("({l} {sign} {r})")),
            inner.clone().prop_map(|x| format!("abs({x})")),
            (of_row(), inner).prop_map(|(row, x)| format!("(patrol.problems.filter(|p| {row}).len() + {x})")),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    one_of(&[
        "\"甲\"",
        "tier",
        "station",
        "action",
        "order.number",
        "patrol.kind",
        "patrol.remark",
        "patrol.choice",
        "patrol.action",
        "patrol[\"sign\"].to_upper()",
        "patrol.problems[0].level",
        "patrol.done_by[1]",
        "subject.industry",
        "(order.id + patrol.kind)",
        "to_string(patrol.done_on)",
        "lookup(\"industries\", subject.industry).name",
    ])
}

fn date() -> impl Strategy<Value = String> {
    one_of(&[
        "today",
        "order.opened_on",
        "order.window.to",
        "patrol.day",
        "patrol.at",
        "patrol.done_on",
        "subject.registered",
        "(subject.last_patrol ?? today)",
    ])
}

fn condition() -> impl Strategy<Value = String> {
    let sign = || one_of(&["<", "<=", ">", ">=", "==", "!="]);
    let pair = |(l, sign, r): (String, String, String)| format!("{l} {sign} {r}");
    let leaf = prop_oneof![
        (number(), sign(), number()).prop_map(pair),
        (text(), sign(), text()).prop_map(pair),
        (date(), sign(), date()).prop_map(pair),
        (text(), text()).prop_map(|(l, r)| format!("{l}.contains({r})")),
        text().prop_map(|one| format!("{one} in patrol.done_by")),
        text().prop_map(|one| format!("has({one})")),
        (date(), sign()).prop_map(|(day, sign)| format!("days_since({day}) {sign} 3")),
        date().prop_map(|day| format!("within({day}, \"12 个月\")")),
        of_row().prop_map(|row| format!("patrol.problems.len() > 0 && patrol.problems.all(|p| {row})")),
        of_row().prop_map(|row| format!("patrol.problems.some(|p| {row})")),
        one_of(&[
            "patrol.done",
            "subject.active",
            "late.done",
            "patrol.items.some(|i| i.result == \"符合\")"
        ]),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("({l} && {r})")),
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("({l} || {r})")),
            inner.prop_map(|x| format!("!({x})")),
        ]
    })
}

fn any_expression() -> impl Strategy<Value = String> {
    prop_oneof![4 => condition(), 2 => number(), 1 => text(), 1 => date(), 3 => expression()]
}

/// Puts a fact of that text into the policy and reads it; none when it is refused.
fn accepted(policy: &mut Policy, text: &str) -> Option<Rules> {
    let ix = policy.workflows[0].facts[FACT].1;
    text.clone_into(&mut policy.exprs[ix.ix()].text);
    let (rules, found) = Rules::compile(policy);
    rules.filter(|_| !any_error(&found))
}

#[test]
fn an_accepted_expression_meets_only_what_it_was_promised() {
    let policy = std::cell::RefCell::new(all_names());
    let counts = std::cell::Cell::new((0, 0));
    let at = (WorkflowIx(0), StepIx(0));
    let lawful = [
        codes::RULE_MISSING,
        codes::RULE_ARITHMETIC,
        codes::RULE_NOT_FINITE,
        codes::RULE_BUDGET,
        codes::RULE_DATA_SIZE,
    ];
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() };
    // The same expressions each time: a gap is found by whoever changes the analysis.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let told = TestRunner::new_with_rng(config, rng).run(&any_expression(), |text| {
        let policy = &mut *policy.borrow_mut();
        let Some(rules) = accepted(policy, &text) else { return Ok(()) };
        let (run, answered) = counts.get();
        counts.set((run + 1, answered));
        let steps = steps_with(policy, at.0, &done(answer()));
        match ask(&rules, policy, at, &steps) {
            Ok(_) => counts.set((run + 1, answered + 1)),
            Err(_) if OPEN.iter().any(|open| text.contains(open)) => {}
            Err(fault) => prop_assert!(lawful.contains(&fault.code), "{text}: {fault:?}"),
        }
        for odd in odd_records(policy, at.0) {
            if let Err(fault) = ask(&rules, policy, at, &odd) {
                prop_assert!(fault.code != codes::RULE_CRASHED, "{text}: {fault:?}");
            }
        }
        Ok(())
    });
    assert!(told.is_ok(), "{told:?}");
    let (run, answered) = counts.get();
    assert!(run > 100 && answered > 90, "accepted {run}, answered {answered}");
}

/// Records that are not there, empty, or of the wrong types throughout.
fn odd_records(policy: &Policy, workflow: WorkflowIx) -> Vec<BTreeMap<String, StepRecord>> {
    let fields = answer();
    let names = || fields.as_object().into_iter().flatten().map(|(name, _)| name.clone());
    let wrong = |value: &Value| done(names().map(|name| (name, value.clone())).collect());
    let values =
        [json!("字"), json!(1), json!(true), json!([1, "a", null]), json!({"level": []}), json!(null)];
    let all = values.iter().map(wrong).chain([done(json!({})), done(json!("字")), StepRecord::default()]);
    let mut records: Vec<_> = all.map(|facts| steps_with(policy, workflow, &facts)).collect();
    records.push(BTreeMap::new());
    records
}

#[test]
fn every_policy_here_branches_on_any_record_or_says_why_not() {
    for folder in ["", "examples/toronto", "examples/harbour", "tests/policy/base", "tests/policy/good"] {
        let texts = wubu::files::read_folder(&Path::new(root()).join(folder)).expect("a policy");
        let policy = load(texts).policy.expect("it loads");
        let rules = Rules::compile(&policy).0.expect("it compiles");
        for (at, workflow) in (0_u16..).map(WorkflowIx).zip(&policy.workflows) {
            for (step, known) in (0_u16..).map(StepIx).zip(&workflow.steps) {
                let mut records = odd_records(&policy, at);
                records.push(steps_with(&policy, at, &done(answer())));
                for record in records {
                    match ask(&rules, &policy, (at, step), &record) {
                        Ok(branched) => assert!(branched.row < known.next.len().max(1)),
                        Err(fault) => {
                            let lawful = [codes::RULE_MISSING, codes::RULE_TYPES, codes::RULE_RECORD];
                            assert!(lawful.contains(&fault.code), "{}: {fault:?}", workflow.id);
                        }
                    }
                }
            }
        }
        for form in &policy.forms {
            for expr in form.fields.iter().filter_map(|field| field.required_when) {
                for answer in [json!({}), json!(null), json!([]), json!({"problems": 1}), answer()] {
                    if let Err(fault) = rules.required(&policy, form, expr, &answer) {
                        assert!(fault.code == codes::RULE_RECORD, "{}: {fault:?}", form.id);
                    }
                }
            }
        }
    }
}
