//! What a station chief types and gets wrong: names of stations, days that are over, drafts, scripts, cases.

use serde_json::{Value, json};

use super::{Desk, err, out};

const OVERLAY: &str = "overlay: 东关-夏季\nstation: dongguan\nbase: {}\n\
valid: {from: 2026-06-01, to: 2026-08-31}\nreason: 所务会 2026-05-12 第 4 项\nauthor: 东关所所长\n\
tighten: {five-step.steps.review.due: 2 工作日}\n";

fn said(output: &std::process::Output) -> String {
    format!("{}{}", out(output), err(output))
}

fn value<'j>(text: &'j Value, address: &str) -> &'j Value {
    let lines = text["lines"].as_array().expect("lines");
    let line = lines.iter().find(|line| line["address"] == address);
    &line.unwrap_or_else(|| panic!("{address}: {text}"))["value"]
}

const DUE: &str = "five-step.steps.review.due";

#[test]
fn a_station_is_meant_by_its_title_and_a_misspelt_one_is_refused() {
    let desk = Desk::with_own_policy();
    desk.put("stations/dongguan/overlay.yaml", OVERLAY);
    desk.json(["apply", "--at=2026-05-18T10:00"]);
    for named in ["dongguan", "东关工商所"] {
        let text = desk.json(["effective", "five-step", "--station", named, "--on", "2026-07-01"]);
        assert_eq!((value(&text, DUE), &text["station"]), (&json!("2 工作日"), &json!("dongguan")));
    }
    for draft in [&["--draft"][..], &[]] {
        let wanted = ["effective", "five-step", "--station", "donguan", "--on", "2026-07-01"];
        let refused = desk.command().args(wanted).args(draft).output().expect("it starts");
        assert_ne!(refused.status.code(), Some(0));
        assert!(err(&refused).contains("dongguan"), "{}", err(&refused));
    }
}

#[test]
fn a_day_that_is_over_shows_what_was_in_force_then() {
    let desk = Desk::with_own_policy();
    desk.json(["apply", "--at=2026-05-20T10:00"]);
    desk.edit("workflows/five-step.yaml", "    due: 3 工作日", "    due: 2 工作日");
    desk.json(["apply", "--at=2026-06-24T10:00"]);
    let on = |day: &str| desk.json(["effective", "five-step", "--on", day]);
    let (then, since) = (on("2026-06-10"), on("2026-06-24"));
    assert_eq!((value(&then, DUE), &then["release"]), (&json!("3 工作日"), &json!(1)));
    assert_eq!((value(&since, DUE), &since["release"]), (&json!("2 工作日"), &json!(2)));
    let before = desk.run(["effective", "five-step", "--on", "2026-05-19"]);
    assert!(err(&before).contains("R220"), "{}", err(&before));
}

#[test]
fn a_draft_is_shown_before_it_is_applied_and_without_a_database() {
    let desk = Desk::with_own_policy();
    let draft =
        || desk.json(["effective", "five-step", "--draft", "--station", "东关工商所", "--on", "2026-07-01"]);
    assert_eq!(value(&draft(), DUE), "3 工作日");
    desk.put("stations/dongguan/overlay.yaml", OVERLAY);
    let text = draft();
    assert_eq!((value(&text, DUE), &text["release"]), (&json!("2 工作日"), &Value::Null));
    assert!(!desk.path("wubu.db").exists(), "nothing is made");
    let shown = desk.run(["effective", "five-step", "--draft"]);
    assert!(out(&shown).contains("没有启用") || out(&shown).contains("not in force"), "{}", out(&shown));
}

#[test]
fn a_folder_of_no_station_is_refused() {
    let desk = Desk::with_own_policy();
    desk.put("stations/dongguann/overlay.yaml", &OVERLAY.replace("dongguan", "dongguann"));
    let told = said(&desk.run(["check"]));
    assert!(told.contains("P177") && told.contains("stations/dongguann/overlay.yaml:1"), "{told}");
    assert_eq!(desk.run(["apply", "--at=2026-05-18T10:00"]).status.code(), Some(1));
    // Without a list nobody can know; that is said.
    desk.edit("bureau.yaml", "\nstations: ", "\n# stations: ");
    let checked = desk.run(["check"]);
    assert!(said(&checked).contains("P178") && checked.status.code() == Some(0), "{}", said(&checked));
}

#[test]
fn a_case_names_its_station_as_people_do() {
    let desk = Desk::with_own_policy();
    let overlay = OVERLAY.replace("five-step.steps.review.due: 2 工作日", "params.repeat_findings: 1");
    desk.put("stations/dongguan/overlay.yaml", &overlay);
    let case = |station: &str| {
        format!(
            "- case: 一次重大就升一级\n  given:\n    on: 2026-07-01\n    \
             subject: {{station: {station}, industry: \"7020\", last_patrol: 2026-06-15}}\n    \
             inspections: [{{on: 2026-06-15, problems: {{重大: 1, 一般: 0}}}}]\n  expect: {{tier: 乙}}\n"
        )
    };
    for station in ["dongguan", "东关工商所"] {
        desk.put("stations/dongguan/tests/summer.test.yaml", &case(station));
        let tested = desk.run(["test", "一次重大"]);
        assert_eq!(tested.status.code(), Some(0), "{station}: {}", out(&tested));
    }
    desk.put("stations/dongguan/tests/summer.test.yaml", &case("donguan"));
    let told = said(&desk.run(["check"]));
    assert!(told.contains("P177") && told.contains("summer.test.yaml:4"), "{told}");
}

#[test]
fn a_script_of_the_station_is_part_of_its_text() {
    let desk = Desk::with_own_policy();
    desk.edit("rules/tiers.yaml", "station_may: [", "station_may: [{path: rules.tier, change: raise}, ");
    desk.put("stations/dongguan/rules/own.rhai", "// 从严。\nfn tier(主体) { \"甲\" }\n");
    let text = desk.json(["effective", "five-step", "--draft", "--station", "dongguan"]);
    let line = text["lines"].as_array().expect("lines").iter().find(|line| line["kind"] == "script");
    let line = line.expect("it is there");
    assert_eq!((&line["file"], &line["line"]), (&json!("stations/dongguan/rules/own.rhai"), &json!(2)));
    for flags in [&["--prose"][..], &[]] {
        let wanted = ["effective", "five-step", "--draft", "--station", "dongguan"];
        let shown = out(&desk.command().args(wanted).args(flags).output().expect("it starts"));
        let is_endless = shown.contains("没有截止日") || shown.contains("without a last day");
        assert!(shown.contains("stations/dongguan/rules/own.rhai:2") && is_endless, "{shown}");
    }
    let text = desk.json(["effective", "five-step", "--draft", "--station", "xihe"]);
    assert!(text["lines"].as_array().expect("lines").iter().all(|line| line["kind"] != "script"));
}

/// Two triggers of one workflow leave no doubt which workflow a case opens.
#[test]
fn a_second_cycle_of_a_workflow_leaves_its_cases_alone() {
    let desk = Desk::with_own_policy();
    let second = "\nstart:\n  - id: yearly\n    title: 每年一次\n    cron: \"0 8 * * *\"\n    \
                  recur: {since: subject.last_patrol, every: 12 个月}\n    when: subject.active\n    \
                  missed: {mode: once, within: 7 自然日}\n";
    let path = "workflows/five-step.yaml";
    let text = std::fs::read_to_string(desk.policy.join(path)).expect("readable");
    // Behind the first: dates without a trigger are the first one's.
    let (start, rest) = text.split_once("\nfacts:").expect("facts");
    let second = second.trim_start_matches("\nstart:\n");
    desk.put(path, &format!("{}\n{second}\nfacts:{rest}", start.trim_end()));
    let told = said(&desk.run(["check"]));
    assert!(!told.contains("P141"), "{told}");
}

#[test]
fn the_daemon_takes_no_other_time() {
    let desk = Desk::with_own_policy();
    let refused = desk.run(["run", "--at", "2026-06-24T09:10"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("U040") && !desk.path("wubu.db").exists(), "{}", err(&refused));
}
