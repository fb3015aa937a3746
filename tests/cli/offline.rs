//! What needs no database: check, due, clock, calendar show, test, init, completions.

use super::{Desk, err, out};

#[test]
fn the_shipped_policy_has_no_problem() {
    let desk = Desk::new(".");
    let checked = desk.json(["check", "--at", "2025-12-01"]);
    assert_eq!(checked, serde_json::json!([]));
    let late = desk.json(["check", "--at", "2026-12-01"]);
    assert_eq!((&late[0]["severity"], &late[0]["code"]), (&"warning".into(), &"C025".into()));
    assert!(desk.run(["test"]).status.success());
}

#[test]
fn the_toronto_policy_has_no_problem() {
    let desk = Desk::new("examples/toronto");
    assert_eq!(desk.json(["check"]), serde_json::json!([]));
    assert!(desk.run(["test"]).status.success());
}

#[test]
fn due_is_the_arithmetic_of_scenario_a1() {
    let answer = Desk::new(".").json(["due", "--since", "2026-01-15", "--tier", "甲"]);
    assert_eq!(answer["nominal"], "2026-03-15");
    assert_eq!(answer["due"], "2026-03-13");
    assert_eq!(answer["issue_on"], "2026-02-28");
    assert_eq!(answer["window"]["from"], "2026-02-28");
    assert_eq!(answer["provisional"], false);
}

#[test]
fn clock_is_the_arithmetic_of_scenarios_a15_and_a16() {
    let desk = Desk::new(".");
    let plain = desk.json(["clock", "clue_verification", "--from", "2026-04-30"]);
    assert_eq!(plain["end"], "2026-05-25");
    let extended = desk.json(["clock", "clue_verification", "--from", "2026-04-30", "--extend"]);
    assert_eq!(extended["end"], "2026-06-15");
    let pause = "2026-08-03..2026-08-27:检测:pen.test_period";
    let paused = desk.json(["clock", "case_decision", "--from", "2026-07-06", "--pause", pause]);
    assert_eq!(paused["end"], "2026-10-28");
    let unproved = desk.run([
        "clock",
        "case_decision",
        "--from",
        "2026-07-06",
        "--pause",
        "2026-08-03..2026-08-27:检测",
    ]);
    assert_eq!(unproved.status.code(), Some(1));
}

#[test]
fn a_name_that_a_command_had_before_works_and_is_never_offered() {
    let desk = Desk::new(".");
    for wrong in ["errands", "erand"] {
        let unknown = err(&desk.run([wrong]));
        assert!(
            unknown.contains("outbox") && !unknown.replace("errands", "").contains("errand"),
            "{unknown}"
        );
    }
    assert!(desk.run(["errand", "--help"]).status.success());
}

#[test]
fn nobody_acts_at_the_end_of_all_dates() {
    let desk = Desk::new(".");
    for at in ["9999-12-20", "9999-12-20T09:00", "1969-12-30"] {
        assert_eq!(desk.run(["check", "--at", at]).status.code(), Some(2), "{at}");
    }
}

#[test]
fn every_limit_is_shown_by_a_name() {
    let shown = Desk::new(".").run(["doctor", "--limits"]);
    assert!(!out(&shown).contains("limit-"), "{}", out(&shown));
}

#[test]
fn a_wrong_name_is_answered_with_the_known_ones() {
    let desk = Desk::new(".");
    let unknown = desk.run(["due", "--since", "2026-01-15", "--tier", "丁"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("甲、乙、丙"), "{}", err(&unknown));
    let no_time = desk.run(["clock", "defence", "--from", "昨天"]);
    assert_eq!(no_time.status.code(), Some(2));
}

#[test]
fn the_calendar_of_2026_has_248_working_days() {
    let year = Desk::new(".").json(["calendar", "show", "2026"]);
    assert_eq!(year["work_days"], 248);
    assert!(year["work"].as_array().expect("a list").contains(&"2026-02-28".into()));
}

#[test]
fn init_makes_a_folder_that_checks() {
    let desk = Desk::new(".");
    assert!(desk.run(["init", "mine"]).status.success());
    assert!(desk.run(["check", "--policy", "mine"]).status.success());
    assert_eq!(desk.run(["init", "mine"]).status.code(), Some(2));
}

#[test]
fn every_command_has_help_with_an_example() {
    let desk = Desk::new(".");
    let names = [
        "init",
        "check",
        "test",
        "import",
        "subject",
        "due",
        "clock",
        "calendar",
        "tick",
        "run",
        "order",
        "explain",
        "apply",
        "release",
        "verify",
        "doctor",
        "completions",
    ];
    for name in names {
        let help = desk.run([name, "--help"]);
        assert!(help.status.success());
        assert!(out(&help).contains(&format!("wubu {name}")), "{name}: {}", out(&help));
        assert!(!out(&help).contains("cli-"), "{name} has an untranslated text: {}", out(&help));
    }
}

#[test]
fn a_missing_folder_is_the_environments_fault() {
    let desk = Desk::new("no-such-folder");
    assert_eq!(desk.run(["check"]).status.code(), Some(3));
}

#[test]
fn postgres_is_not_built_in_yet() {
    let desk = Desk::new(".");
    let refused = desk.run(["verify", "--db", "postgres://localhost/wubu"]);
    assert_eq!(refused.status.code(), Some(3));
}
