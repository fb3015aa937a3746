//! The day on which time alone changes an input, against a judge asked on every single day.

use std::sync::atomic::AtomicBool;

use chrono::TimeDelta;
use proptest::prelude::*;
use wubu::register::{Inspection, PastOrder, Status, Subject, Value};
use wubu::rules::Rules;
use wubu::time::Day;

use super::bureau::{day, subject, with_expressions};

const TIMED: &str = r#"
fn tier(s) {
    if s.problems("12 个月", "重大") >= 2 || s.overdue_count("6 个月") > 1 { return "甲"; }
    if has(s.last_patrol) && within(s.last_patrol, "1 年") { "丙" } else { "乙" }
}
fn score(s) {
    let points = s.problems("100 自然日", "一般");
    if s.status == "suspended" { points += 1; }
    if days_since(s.registered) > 1000.5 { points += 2; }
    if has(s.last_patrol) && days_since(s.last_patrol) <= param("quiet_days") { points += 4; }
    if 30 >= days_until(s.registered) { points += 8; }
    if days_since(s.last_patrol ?? s.registered) == 45 { points += 16; }
    points
}
"#;

fn first() -> Day {
    day("2024-01-31")
}

fn on(offset: i64) -> Day {
    first() + TimeDelta::days(offset)
}

/// Makes a subject with a history spread over three years around the days asked for.
fn subjects() -> impl Strategy<Value = Subject> {
    let span = -500_i64..1_200;
    let visits = prop::collection::vec((span.clone(), 0_u32..3, 0_u32..2), 0..6);
    let orders = prop::collection::vec((span.clone(), 0_i64..60), 0..6);
    let statuses = prop::collection::vec((span.clone(), 0_usize..3), 0..4);
    (visits, orders, statuses, prop::option::of(span.clone()), span).prop_map(
        |(mut visits, orders, mut statuses, known, registered)| {
            let mut one = subject("5223");
            visits.sort_unstable();
            statuses.sort_unstable();
            one.attributes[4] = Value::Day(on(registered));
            one.history.last_patrol_known = known.map(on);
            one.history.inspections = visits
                .iter()
                .zip(0..)
                .map(|((at, major, minor), id): (_, u32)| Inspection {
                    id: id.to_string(),
                    on: on(*at),
                    kind: None,
                    result: String::new(),
                    problems: vec![*major, *minor],
                })
                .collect();
            one.history.orders = orders
                .iter()
                .map(|(at, window)| PastOrder {
                    workflow: "five-step".into(),
                    trigger: "cycle".into(),
                    nominal: None,
                    issued_on: on(*at),
                    from: on(*at),
                    due: on(at + window),
                    is_open: false,
                    is_cancelled: false,
                })
                .collect();
            one.history.statuses = statuses
                .iter()
                .map(|(at, status)| (on(*at), [Status::Active, Status::Suspended, Status::Closed][*status]))
                .collect();
            one
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn inputs_change_on_the_foretold_day_and_on_no_other(one in subjects()) {
        let policy = with_expressions(TIMED, Some("subject.active"), &[], &[]);
        let rules = Rules::compile(&policy).0.expect("rules");
        let stop = AtomicBool::new(false);
        let ask = |day: Day| rules.judge(&policy, std::slice::from_ref(&one), day, &stop).remove(0);
        let mut today = ask(first());
        for offset in 1..1_100 {
            let tomorrow = ask(on(offset));
            if today.inputs == tomorrow.inputs {
                prop_assert_ne!(today.changes_on, Some(on(offset)), "nothing changed on {}", on(offset));
                prop_assert_eq!(today.changes_on, tomorrow.changes_on, "from {}", on(offset));
            } else {
                prop_assert_eq!(today.changes_on, Some(on(offset)), "changed on {}", on(offset));
            }
            today = tomorrow;
        }
    }
}
