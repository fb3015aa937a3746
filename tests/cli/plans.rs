//! What an edit would do, before it is in force: as a policy officer asks it.

use serde_json::{Value, json};

use super::{Desk, err, out};

const SUBJECTS: &str = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查\n\
甲-1,一,dongguan,G01,5223,2020-01-01,B,2026-02-20\n甲-2,二,dongguan,G01,5223,2020-01-01,B,2025-12-20\n\
丙-1,三,dongguan,G01,70,2020-01-01,B,2026-02-20\n";

/// A bureau with three premises that has begun to dispatch.
fn desk() -> Desk {
    let desk = Desk::with_own_policy();
    std::fs::write(desk.path("subjects.csv"), SUBJECTS).expect("written");
    desk.json(["import", "subjects", "subjects.csv", "--at=2026-03-02T07:30"]);
    desk.json(["tick", "--at=2026-03-02T08:00"]);
    desk
}

fn plan(desk: &Desk, more: &[&str]) -> Value {
    let said = desk
        .command()
        .args(["--format", "json", "plan", "--horizon", "60d", "--at=2026-03-02T09:00"])
        .args(more)
        .output()
        .expect("the program starts");
    serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{}", err(&said)))
}

#[test]
fn a_shorter_cycle_is_seen_before_it_is_in_force() {
    let desk = desk();
    desk.edit("rules/tiers.yaml", "cycle: 2 个月", "cycle: 1 个月");
    let before = desk.database().len();
    let told = plan(&desk, &["--list"]);
    assert_eq!(told["tiers"], json!({"moves": [], "subjects": []}));
    let moved: Vec<[&str; 3]> = told["orders"]["move"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|pair| {
            let date = |of: &str| pair[of]["nominal"].as_str().unwrap_or_default();
            [pair["to"]["subject"].as_str().unwrap_or_default(), date("from"), date("to")]
        })
        .collect();
    assert_eq!(moved, [["甲-1", "2026-04-20", "2026-03-20"]]);
    assert_eq!((&told["orders"]["appear"], &told["orders"]["vanish"]), (&json!([]), &json!([])));
    assert_eq!(told["changes"][0]["address"], "tiers.甲.cycle");
    assert_eq!([&told["changes"][0]["from"], &told["changes"][0]["to"]], ["2 个月", "1 个月"]);
    let own = |pair: &&Value| pair["subject"] == "甲-1";
    let example = told["examples"].as_array().expect("a list").iter().find(own).expect("an example");
    assert_ne!(example["before"]["because"], example["after"]["because"]);
    // It was tried on copies.
    assert_eq!(desk.json(["order", "list"]).as_array().map(Vec::len), Some(1));
    assert_eq!(desk.json(["release", "list"]).as_array().map(Vec::len), Some(1));
    assert!(desk.database().len() <= before + 65_536);
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
    let screen = desk.run(["plan", "--horizon=60d", "--at=2026-03-02T09:00", "--html=plan.html"]);
    let screen = out(&screen);
    for word in ["tiers.甲.cycle：2 个月 → 1 个月", "改期 1 条", "一（甲-1）"] {
        assert!(screen.contains(word), "{word} is not in\n{screen}");
    }
    assert!(screen.lines().count() <= 40, "it is one screen:\n{screen}");
    let page = std::fs::read_to_string(desk.path("plan.html")).expect("the page");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("一（甲-1）") && !page.contains("http"));
}

#[test]
fn what_means_the_same_does_the_same() {
    let desk = desk();
    assert_eq!(plan(&desk, &[])["is_effective"], false);
    desk.edit("rules/tiers.yaml", "# 风险等级", "# 风险 等级");
    let told = plan(&desk, &[]);
    assert_eq!((&told["is_reworded"], &told["is_effective"]), (&json!(true), &json!(false)));
    let screen = out(&desk.run(["plan", "--horizon=10d", "--at=2026-03-02T09:00"]));
    assert!(screen.contains("写法有变，效果不变"), "{screen}");
}

#[test]
fn gates_end_with_their_code() {
    let desk = desk();
    desk.edit("rules/industries.yaml", "{code: \"70\",   tier: 丙", "{code: \"70\",   tier: 甲");
    let told = plan(&desk, &["--max-tier-moves", "2%"]);
    assert_eq!(told["tiers"]["moves"], json!([["丙", "甲", 1]]));
    assert_eq!(told["gates"], json!([{"gate": "max-tier-moves", "moved": 1, "subjects": 3}]));
    let code = |gate: &[&str]| {
        let said = desk.command().args(["plan", "--horizon=5d", "--at=2026-03-02T09:00"]).args(gate).output();
        said.expect("the program starts").status.code()
    };
    assert_eq!(code(&["--max-tier-moves=2%"]), Some(1));
    assert_eq!(code(&["--max-tier-moves=50%", "--max-load=6", "--no-undecided"]), Some(0));
    assert_eq!(code(&["--max-tier-moves=much"]), Some(2));
    assert_eq!(code(&["--horizon=12 years"]), Some(2));
}

/// A plan that no longer says what is so puts nothing into force.
#[test]
fn a_stale_plan_is_refused() {
    let desk = desk();
    let apply = |plan: &str, at: &str| desk.run(["apply", "--plan", plan, "--at", at]);
    let refused = |plan: &str, at: &str, code: &str, word: &str| {
        let said = apply(plan, at);
        let text = err(&said);
        assert!(said.status.code() == Some(1) && text.contains(code) && text.contains(word), "{text}");
    };
    desk.edit("rules/tiers.yaml", "cycle: 2 个月", "cycle: 1 个月");
    assert_eq!(plan(&desk, &[])["id"], 1);
    refused("7", "2026-03-02T09:10", "R210", "7");
    desk.edit("rules/tiers.yaml", "cycle: 3 个月", "cycle: 2 个月");
    refused("1", "2026-03-02T09:10", "R211", "规则后来改过");
    assert_eq!(plan(&desk, &[])["id"], 2);
    std::fs::write(desk.path("more.csv"), SUBJECTS.replace("甲-1", "甲-9")).expect("written");
    desk.json(["import", "subjects", "more.csv", "--at=2026-03-02T09:20"]);
    refused("2", "2026-03-02T09:30", "R211", "登记簿");
    assert_eq!(plan(&desk, &[])["id"], 3);
    assert!(apply("3", "2026-03-02T09:40").status.success());
    assert_eq!(desk.json(["plan", "list"]).as_array().map(Vec::len), Some(3));
    assert_eq!(desk.json(["plan", "show", "3"])["orders"]["vanish"], 0);
    let story = desk.json(["release", "show", "2"]);
    let addresses: Vec<&str> =
        story["changes"].as_array().expect("a list").iter().filter_map(|it| it["address"].as_str()).collect();
    assert_eq!(addresses, ["tiers.乙.cycle", "tiers.甲.cycle"]);
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

/// What is tried begins within the days that are looked at, and not before today.
#[test]
fn a_day_that_is_not_looked_at_is_refused() {
    let desk = desk();
    desk.edit("rules/tiers.yaml", "cycle: 2 个月", "cycle: 1 个月");
    for day in ["2026-03-01", "2026-03-13"] {
        let said = desk.run(["plan", "--horizon=10d", "--at=2026-03-02T09:00", "--on", day]);
        assert_eq!(said.status.code(), Some(2));
        assert!(err(&said).contains("U032") && err(&said).contains("2026-03-12"), "{}", err(&said));
    }
    assert_eq!(plan(&desk, &["--on", "2026-03-09"])["orders"]["move"], 1);
}

/// What the bureau tightens may end what a station has in force; the plan goes on without it, and says so.
#[test]
fn an_overlay_that_no_longer_holds_is_named() {
    let desk = desk();
    let overlay = "overlay: 东关-勤查\nstation: dongguan\nbase: {}\nvalid: {from: 2026-03-01, to: 2026-12-31}\n\
                   reason: 所务会\nauthor: 东关所所长\ntighten:\n  five-step.steps.review.due: 2 工作日\n";
    desk.put("stations/dongguan/overlay.yaml", overlay);
    desk.json(["apply", "--at=2026-03-02T08:30"]);
    assert_eq!(plan(&desk, &[])["overlays"], json!([]));
    desk.edit("rules/tiers.yaml", "cycle: 2 个月", "cycle: 1 个月");
    desk.edit("workflows/five-step.yaml", "    due: 3 工作日", "    due: 1 工作日");
    let told = plan(&desk, &[]);
    let lapsed = &told["overlays"][0];
    assert_eq!((&lapsed["file"], &lapsed["line"]), (&json!("stations/dongguan/overlay.yaml"), &json!(8)));
    assert_eq!(told["orders"]["move"], 1);
    let said = desk.run(["plan", "--horizon=10d", "--at=2026-03-02T09:00"]);
    assert_eq!(said.status.code(), Some(1));
    assert!(out(&said).contains("stations/dongguan/overlay.yaml:8"), "{}", out(&said));
    // One that is only being written is an error as any other.
    desk.edit("stations/dongguan/overlay.yaml", "2 工作日", "4 工作日");
    let said = desk.run(["plan", "--horizon=10d", "--at=2026-03-02T09:00"]);
    assert!(said.status.code() == Some(1) && !out(&said).contains("合不到一起"), "{}", out(&said));
}
