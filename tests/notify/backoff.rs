//! Walks `backoff.yaml`.

use std::time::Duration;

use serde::Deserialize;
use wubu::notify::wait;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    after: i64,
    asked: Option<u64>,
    at_least: Option<f64>,
    at_most: Option<f64>,
    #[serde(default)]
    given_up: bool,
}

#[test]
fn waits_are_those_of_the_table() {
    let rows: Vec<Row> = serde_yaml::from_str(include_str!("backoff.yaml")).expect("rows");
    for row in rows {
        for key in ["dongguan/1/1/0", "many/3f9c", "东/12/3/1001"] {
            let waited = wait(key, row.after, row.asked.map(Duration::from_secs));
            assert_eq!(waited.is_none(), row.given_up, "after {}", row.after);
            let Some(waited) = waited else { continue };
            let (least, most) = (row.at_least.expect("a bound"), row.at_most.expect("a bound"));
            let seconds = waited.as_secs_f64();
            assert!((least..=most).contains(&seconds), "after {}: {seconds} of {key}", row.after);
        }
    }
}

#[test]
fn what_failed_together_comes_back_apart_and_a_restart_changes_nothing() {
    let at = |home: usize| wait(&format!("s{home}/1/1/0"), 12, None).expect("it is tried again");
    let mut waits: Vec<_> = (0..100).map(at).collect();
    assert_eq!(waits, (0..100).map(at).collect::<Vec<_>>());
    waits.sort();
    waits.dedup();
    assert!(waits.len() > 50, "{}", waits.len());
}
