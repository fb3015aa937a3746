//! A station chief tightens for one summer, is told where he goes too far, sees what is in force, and
//! sees it end by itself.

use serde_json::{Value, json};

use super::{Desk, err, out, program};

const SUBJECTS: &str = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,上次巡查\n\
DG-1,东关食品店,dongguan,G01,5223,2020-01-01,2026-05-15\n\
XH-1,西河食品店,xihe,G05,5223,2020-01-01,2026-05-15\n";

const OVERLAY: &str = "overlay: 东关-夏季\n\
station: dongguan\n\
base: {five-step: \"000000\", tiers: \"000000\"}\n\
valid: {from: 2026-06-01, to: 2026-08-31}\n\
reason: 所务会 2026-05-12 第 4 项\n\
author: 东关所所长\n\
tighten:\n  tiers.甲.cycle: 1 个月\n  five-step.steps.review.due: 2 工作日\n\
add:\n  five-step.forms.patrol.items: [{id: ice_machine, title: 制冰机清洁消毒, published_item_id: SP-033}]\n  \
five-step.steps.review.overdue: [{after: 5 工作日, level: 3, tell: 副所长}]\n";

fn desk() -> Desk {
    let desk = Desk::with_own_policy();
    std::fs::write(desk.path("subjects.csv"), SUBJECTS).expect("written");
    desk.json(["import", "subjects", "subjects.csv", "--at=2026-05-18T08:00"]);
    desk
}

fn write(desk: &Desk, text: &str) {
    desk.put("stations/dongguan/overlay.yaml", text);
}

fn line<'j>(text: &'j Value, address: &str) -> &'j Value {
    let lines = text["lines"].as_array().expect("lines");
    lines.iter().find(|line| line["address"] == address).unwrap_or_else(|| panic!("{address}: {text}"))
}

#[test]
fn one_summer_of_a_station() {
    let desk = desk();
    desk.json(["tick", "--at=2026-05-18T09:00"]);
    // Looser than the bureau: file, line, and between what he may choose.
    write(&desk, &OVERLAY.replace("甲.cycle: 1 个月", "甲.cycle: 3 个月"));
    let refused = desk.run(["apply", "--at=2026-05-18T10:00"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = format!("{}{}", out(&refused), err(&refused));
    assert!(said.contains("stations/dongguan/overlay.yaml:8") && said.contains("2 个月"), "{said}");
    write(&desk, OVERLAY);
    assert_eq!(desk.json(["apply", "--at=2026-05-18T10:00"])["state"], "active");

    let text = desk.json(["effective", "five-step", "--station", "dongguan", "--on", "2026-07-01"]);
    let due = line(&text, "five-step.steps.review.due");
    assert_eq!((&due["value"], &due["was"]), (&json!("2 工作日"), &json!("3 工作日")));
    assert_eq!((&due["overlay"], &due["line"]), (&json!("东关-夏季"), &json!(9)));
    assert_eq!(due["author"], "东关所所长");
    assert_eq!(line(&text, "tiers.甲.cycle")["value"], "1 个月");
    assert!(
        line(&text, "five-step.forms.patrol.items")["value"].as_str().expect("a list").contains("制冰机")
    );
    for elsewhere in [
        ["effective", "five-step", "--station", "xihe", "--on", "2026-07-01"],
        ["effective", "five-step", "--station", "dongguan", "--on", "2026-09-01"],
    ] {
        let text = desk.json(elsewhere);
        assert_eq!(line(&text, "five-step.steps.review.due")["value"], "3 工作日");
        assert!(text["lines"].as_array().expect("lines").iter().all(|line| line.get("overlay").is_none()));
    }
    for (lang, told) in [("zh", "本所细则"), ("en", "the station's own")] {
        let mut command = std::process::Command::new(program());
        command.env("WUBU_DB", crate::database::url(&desk.path("wubu.db")));
        let wanted = ["effective", "five-step", "--station", "dongguan", "--on", "2026-07-01", "--prose"];
        let prose = out(&command.args(["--lang", lang]).args(wanted).output().expect("it starts"));
        assert!(prose.contains(told) && prose.contains("1. "), "{prose}");
    }

    // In force on its first day, over the day after its last; the neighbour's dates never move.
    let nominal = |id: &str| desk.json(["subject", "show", id])["next"]["nominal"].clone();
    desk.json(["tick", "--at=2026-06-01T09:00"]);
    let open = desk.json(["order", "list", "--station", "dongguan", "--at=2026-06-01T09:00"]);
    let orders = open.as_array().expect("a list");
    let order = orders.iter().find(|order| order["subject"] == "DG-1").expect("the shop's order");
    assert_eq!(order["nominal"], "2026-06-15");
    assert_eq!(nominal("XH-1"), "2026-07-15");
    let why = desk.json(["explain", "order", order["id"].as_str().expect("an id")]);
    assert_eq!(why["overlays"][0]["overlay"], "东关-夏季");
    assert_eq!(why["policy"], text["policy"], "the order keeps the text it was opened under");
    desk.json(["tick", "--at=2026-09-01T09:00"]);
    let after = desk.json(["order", "show", order["id"].as_str().expect("an id")]);
    assert_eq!(after["nominal"], "2026-06-15", "what was opened stays");
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

/// Whoever writes an overlay learns from `check` what its base is called, and when it is in force.
#[test]
fn check_lists_overlays_with_their_days_and_the_base_to_write() {
    let desk = Desk::with_own_policy();
    write(&desk, &OVERLAY.replace("{five-step: \"000000\", tiers: \"000000\"}", "{}"));
    let check = |day: &str| out(&desk.run(["check", "--at", day]));
    let said = check("2026-05-18T10:00");
    assert!(said.contains("“东关-夏季”（dongguan），2026-06-01 至 2026-08-31，4 处，还没有开始"), "{said}");
    let base = said.lines().find_map(|line| line.split_once("base: ")).expect("what to write").1;
    assert!(base.contains("five-step: \"") && base.contains("tiers: \""), "{base}");
    write(&desk, &OVERLAY.replace("{five-step: \"000000\", tiers: \"000000\"}", base));
    for (day, state) in [("2026-06-01T00:00", "在有效期内"), ("2026-09-01T00:00", "已经结束")] {
        let said = check(day);
        assert!(said.contains(state) && !said.contains("base: ") && !said.contains("P107"), "{said}");
    }
}

/// A ladder to which two overlays added names both, a value only the one that decided it.
#[test]
fn a_line_names_every_overlay_that_made_it() {
    let desk = Desk::with_own_policy();
    let one = |name: &str, days: u32, level: u32| {
        format!(
            "- overlay: 东关-{name}\n  station: dongguan\n  base: {{}}\n  \
             valid: {{from: 2026-06-01, to: 2026-08-31}}\n  reason: 所务会\n  author: 东关所所长\n  \
             tighten: {{five-step.steps.review.due: {days} 工作日}}\n  \
             add:\n    five-step.steps.review.overdue: [{{after: {level} 工作日, level: {level}, tell: 副所长}}]\n"
        )
    };
    write(&desk, &[one("甲", 2, 4), one("乙", 1, 5)].concat());
    let wanted = ["effective", "five-step", "--draft", "--station", "dongguan", "--on", "2026-07-01"];
    let text = desk.json(wanted);
    let due = line(&text, "five-step.steps.review.due");
    assert_eq!((&due["overlay"], due.get("others")), (&json!("东关-乙"), None));
    let ladder = line(&text, "five-step.steps.review.overdue");
    let named = [&ladder["overlay"], &ladder["others"][0]["overlay"]];
    assert!(named.contains(&&json!("东关-甲")) && named.contains(&&json!("东关-乙")), "{ladder}");
    let prose = out(&desk.command().args(wanted).arg("--prose").output().expect("it starts"));
    let clause =
        prose.lines().find(|line| line.contains("督办") && line.contains("所长审查")).expect("a clause");
    for part in
        ["“东关-甲”", "“东关-乙”", "第 4 级（到期后 4 工作日）告知副所长", "分局原定 第 1 级（到期日一过）"]
    {
        assert!(clause.contains(part), "{part}: {clause}");
    }
    assert!(prose.lines().next().is_some_and(|head| head.contains("东关工商所 dongguan")), "{prose}");
}
