//! The typed tree against the interpreter, on scripts and subjects made at random.

use proptest::prelude::*;
use wubu::register::{Inspection, Subject, Value};
use wubu::rules::{Executor, Rules};

use super::bureau::{day, subject, with_expressions};

fn number() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (0_i64..60).prop_map(|n| n.to_string()),
        (0_i64..400).prop_map(|n| format!("{}.{}", n / 10, n % 10)),
        Just("9223372036854775807".to_owned()),
        Just("s.area".to_owned()),
        Just("(s.area ?? 0.1)".to_owned()),
        Just("s.staff".to_owned()),
        Just("(s.staff ?? 3)".to_owned()),
        Just("n".to_owned()),
        Just("m".to_owned()),
        Just("param(\"share\")".to_owned()),
        Just("param(\"repeat_findings\")".to_owned()),
        Just("lookup(\"industries\", s.industry).points".to_owned()),
        Just("lookup(\"credit\", s.credit).points".to_owned()),
        Just("s.problems(\"12 个月\", \"重大\")".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), "[-+*/%]", inner.clone()).prop_map(|(l, sign, r)| format!("({l} {sign} {r})")),
            (inner.clone(), 0..4_u32).prop_map(|(l, r)| format!("({l} ** {r})")),
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("least({l}, {r})")),
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("max({l}, {r})")),
            inner.clone().prop_map(|x| format!("abs({x})")),
            inner.clone().prop_map(|x| format!("round({x})")),
            inner.prop_map(|x| format!("(-{x})")),
        ]
    })
}

fn condition() -> impl Strategy<Value = String> {
    let sign = prop_oneof![Just("<"), Just("<="), Just(">"), Just(">="), Just("=="), Just("!=")];
    let leaf = prop_oneof![
        (number(), sign, number()).prop_map(|(l, sign, r)| format!("{l} {sign} {r}")),
        Just("s.warned".to_owned()),
        Just("s.key_area".to_owned()),
        Just("has(s.area)".to_owned()),
        Just("has(s.staff) && s.staff > 3".to_owned()),
        Just("s.credit == \"D\"".to_owned()),
        Just("s.credit in [\"C\", \"D\"]".to_owned()),
        Just("lookup(\"credit\", s.credit).raises".to_owned()),
        Just("lookup(\"industries\", s.industry).tier == \"甲\"".to_owned()),
        Just("has(lookup(\"industries\", s.name))".to_owned()),
        Just("has(s.last_patrol) && days_since(s.last_patrol) > 90".to_owned()),
        Just("within(s.registered, \"5 年\")".to_owned()),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("({l} && {r})")),
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("({l} || {r})")),
            inner.prop_map(|x| format!("!({x})")),
        ]
    })
}

fn statement() -> impl Strategy<Value = String> {
    prop_oneof![
        (number(), "[nm]").prop_map(|(x, v)| format!("{v} = {x};")),
        (number(), "[nm]", "[-+*/]").prop_map(|(x, v, sign)| format!("{v} {sign}= {x};")),
        (condition(), number()).prop_map(|(c, x)| format!("if {c} {{ n += {x}; }}")),
        (condition(), number()).prop_map(|(c, x)| format!("if {c} {{ return {x}; }}")),
        (condition(), number(), number())
            .prop_map(|(c, x, y)| format!("if {c} {{ m = {x}; }} else if s.warned {{ m = {y}; }}")),
        (condition(), number()).prop_map(|(c, x)| format!("let n = if {c} {{ {x} }} else {{ n; }};")),
    ]
}

fn script() -> impl Strategy<Value = String> {
    let body = prop::collection::vec(statement(), 0..4);
    (body, number(), condition(), condition(), prop::bool::ANY).prop_map(
        |(body, last, one, two, semicolon)| {
            let end = if semicolon { ";" } else { "" };
            let body = body.join("\n    ");
            format!(
                "fn tier(s) {{\n    let n = 1; let m = 2.5;\n    \
             if {one} {{ \"甲\" }} else if {two} {{ return \"乙\"; }} else {{ \"丙\" }}\n}}\n\
             fn score(s) {{\n    let n = 1; let m = 2.5;\n    {body}\n    {last}{end}\n}}\n\
             fn least(a, b) {{ if a < b {{ a }} else {{ b }} }}\n"
            )
        },
    )
}

fn subjects() -> impl Strategy<Value = Subject> {
    let industry = prop_oneof![Just("5223"), Just("5299"), Just("6210"), Just("01")];
    let area = prop::option::of(prop_oneof![Just("0.3"), Just("0.30000000000000004"), Just("500")]);
    (industry, "[ABCD]", any::<(bool, bool)>(), area, prop::option::of(0_i64..6), 0_u32..4).prop_map(
        |(industry, credit, (warned, key_area), area, staff, problems)| {
            let mut one = subject(industry);
            one.attributes[1] = Value::Text(credit.into());
            one.attributes[2] = Value::Flag(warned);
            one.attributes[3] = Value::Flag(key_area);
            one.attributes[5] = area.map_or(Value::Missing, |area| Value::Decimal(area.into()));
            one.attributes[6] = staff.map_or(Value::Missing, Value::Integer);
            if problems > 0 {
                let problems = vec![problems, 0];
                let visit = Inspection {
                    id: "1".into(),
                    on: day("2026-01-15"),
                    kind: None,
                    result: String::new(),
                    problems,
                };
                one.history.inspections.push(visit);
            }
            one
        },
    )
}

fn conditions() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("subject.active && subject.credit != \"A\""),
        Just("tier == \"甲\" || subject.problems(\"12 个月\", \"重大\") > 0"),
        Just("tier in [\"甲\", \"乙\"]"),
        Just("subject.area >= 0.3"),
        Just("within(subject.last_patrol, \"1 年\")"),
        Just("(within(subject.last_patrol, \"1 年\") ?? true) || days_since(subject.last_patrol) > 30"),
        Just("has(days_since(subject.last_patrol) > 30)"),
        Just("(subject.staff ?? 0) / 2 > 1"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn both_executors_give_the_same_answer(
        script in script(),
        when in conditions(),
        many in prop::collection::vec(subjects(), 6),
    ) {
        let policy = with_expressions(&script, Some(when), &[], &[]);
        let (rules, found) = Rules::compile(&policy);
        let Some(rules) = rules else {
            prop_assert!(wubu::diag::any_error(&found));
            return Ok(());
        };
        for one in &many {
            let fast = rules.ask(&policy, one, day("2026-03-01"), Executor::Fast);
            let reference = rules.ask(&policy, one, day("2026-03-01"), Executor::Reference);
            prop_assert_eq!(&fast, &reference, "{}", script);
            // What is stored of it is enough to judge it again.
            let again = rules.judge_decision(&policy, &fast.inputs.body);
            prop_assert_eq!(again.as_ref(), Some(&fast), "{}", script);
        }
    }
}
