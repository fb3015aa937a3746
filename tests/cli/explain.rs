//! `explain subject ID --on DATE` names file and line, for whoever was dispatched and whoever was not.

use serde_json::{Value, json};

use super::Desk;

/// A database in which one officer may get one order a month, and key areas are left alone.
fn desk() -> Desk {
    let desk = Desk::with_own_policy();
    let folder = desk.policy.clone();
    let path = folder.join("workflows/five-step.yaml");
    let text = std::fs::read_to_string(&path).expect("the shipped workflow");
    let text = text.replace("at_most: 40 per", "at_most: 1 per");
    let text = text.replace("    when: subject.active\n", "    when: subject.active && !subject.key_area\n");
    std::fs::write(path, text).expect("an edit");
    let rows = [
        "试-1,试-1,dongguan,G01,5223,2020-01-01,B,是,否,,,,,2026-01-15,,",
        "试-2,试-2,dongguan,G01,5223,2020-01-01,B,否,否,,,,,2026-01-15,,",
        "试-3,试-3,dongguan,G01,5223,2020-01-01,B,否,是,,,,,2026-01-15,,",
        "试-4,试-4,dongguan,G01,7020,2020-01-01,B,否,否,,,,,2026-01-15,,",
    ];
    let heading = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,警示标志,重点区域,\
                   经营面积,经营地址,状态,状态日期,上次巡查,纬度,经度";
    let csv = format!("{heading}\n{}\n", rows.join("\n"));
    std::fs::write(desk.path("subjects.csv"), csv).expect("a file");
    let file = desk.path("subjects.csv").display().to_string();
    assert_eq!(desk.json(["import", "subjects", &file])["added"], 4);
    let done = desk.json(["tick", "--at", "2026-03-02T09:00"]);
    assert_eq!((&done["opened"], &done["skipped"]), (&1.into(), &2.into()), "{done}");
    desk
}

/// The texts of the lines that decided; each is where it is said to be.
fn because(desk: &Desk, why: &Value) -> Vec<String> {
    let lines = why["because"].as_array().expect("a list");
    let told = |because: &Value| {
        let (file, line) = (because["file"].as_str().expect("a file"), because["line"].as_u64());
        let text = std::fs::read_to_string(desk.policy.join(file)).expect("a policy file");
        let line = usize::try_from(line.expect("a line")).expect("small") - 1;
        assert_eq!(text.lines().nth(line).map(str::trim), because["text"].as_str(), "{because}");
        format!("{file} {}", because["text"].as_str().unwrap_or_default())
    };
    lines.iter().map(told).collect()
}

#[test]
fn explain_names_the_file_and_the_line_that_decided() {
    let desk = desk();
    let cases = [
        ("试-1", "opened", "workflows/five-step.yaml every: tier.cycle"),
        ("试-2", "deferred", "workflows/five-step.yaml - id: cycle"),
        ("试-3", "held-when", "workflows/five-step.yaml when: subject.active && !subject.key_area"),
        ("试-4", "not-due", "workflows/five-step.yaml every: tier.cycle"),
    ];
    for (subject, outcome, line) in cases {
        let why = desk.json(["explain", "subject", subject, "--on", "2026-03-02"]);
        assert_eq!(why["outcome"], outcome, "{why}");
        let because = because(&desk, &why);
        assert!(because.iter().any(|told| told.starts_with(line)), "{subject}: {because:?}");
        assert!(because.iter().any(|told| told.starts_with("rules/risk.rhai ")), "{subject}: {because:?}");
        assert!(why["inputs"].as_object().is_some_and(|inputs| !inputs.is_empty()));
        assert!(!super::out(&desk.run(["explain", "subject", subject, "--on", "2026-03-02"])).is_empty());
    }
}

/// A subject without what a rule compares is undecided; today, on a past day and in every list it is said why.
#[test]
fn who_is_undecided_is_told_why() {
    let desk = Desk::with_own_policy();
    let folder = desk.policy.clone();
    let path = folder.join("rules/risk.rhai");
    let text = std::fs::read_to_string(&path).expect("the shipped rules");
    let flag = "    if 主体.警示标志 { 等级 = 升一级(等级); }\n";
    let asks = "    if 主体.经营面积 > 500.0 { 等级 = 升一级(等级); }\n";
    let text = text.replacen(flag, &format!("{flag}{asks}"), 1);
    let line =
        text.lines().position(|line| asks.contains(line) && line.contains("经营面积")).expect("a line") + 1;
    std::fs::write(path, text).expect("an edit");
    let csv = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查,经营面积\n\
               试-1,甲店,dongguan,G01,7020,2020-01-01,B,2025-12-20,600\n\
               试-2,乙店,dongguan,G01,7020,2020-01-01,B,2025-12-20,\n";
    std::fs::write(desk.path("subjects.csv"), csv).expect("a file");
    let file = desk.path("subjects.csv").display().to_string();
    assert_eq!(desk.json(["import", "subjects", &file, "--at", "2026-03-02T06:00"])["added"], 2);
    assert_eq!(desk.json(["tick", "--at", "2026-03-02T09:00"])["undecided"], 1);
    let place = format!("rules/risk.rhai 第 {line} 行：if 主体.经营面积 > 500.0");
    for on in ["2026-03-02", "2026-01-05"] {
        let told = super::out(&desk.run(["explain", "subject", "试-2", "--on", on]));
        for said in ["S104", &place, "规则读到、却没有的资料：经营面积", "怎么办: 补上这一户的资料"]
        {
            assert!(told.contains(said), "{said} is not in\n{told}");
        }
        let why = desk.json(["explain", "subject", "试-2", "--on", on]);
        let undecided = &why["undecided"];
        assert_eq!((&undecided["code"], &undecided["line"]), (&"S104".into(), &line.into()), "{why}");
        assert_eq!(undecided["missing"], serde_json::json!(["area"]), "{why}");
        assert_eq!(desk.json(["explain", "subject", "试-1", "--on", on])["undecided"], Value::Null);
    }
    let shown = super::out(&desk.run(["subject", "show", "试-2", "--at", "2026-03-02T10:00"]));
    assert!(
        shown.contains(&format!("未能评定：rules/risk.rhai:{line}：缺少规则要比较的资料（S104）")),
        "{shown}"
    );
    let list = super::out(&desk.run(["subject", "list", "--at", "2026-03-02T10:00"]));
    assert!(list.lines().any(|line| line.contains("乙店") && line.contains("未定")), "{list}");
}

#[test]
fn a_clock_that_was_set_back_is_accepted() {
    let desk = desk();
    let refused = desk.run(["tick", "--at", "2026-03-01T09:00"]);
    assert_eq!(refused.status.code(), Some(1));
    let accepted = desk.run(["tick", "--accept-clock", "--at", "2026-03-01T09:00"]);
    assert!(accepted.status.success(), "{}", super::err(&accepted));
    let again = desk.json(["tick", "--at", "2026-03-02T09:00"]);
    assert_eq!(again["opened"], 0, "{again}");
    assert!(desk.run(["verify"]).status.success());
}

/// Every value that is named is enough: with it the register says what was asked for.
#[test]
fn what_would_have_to_be_otherwise_is_named_and_is_enough() {
    let desk = desk();
    let ask = |subject: &str, tier: &str| {
        let args = ["explain", "subject", subject, "--on", "2026-03-02", "--tier", tier];
        desk.json(args)["alternatives"].clone()
    };
    let of_condition = json!([{"input": "key_area", "from": "true", "to": ["false"]}]);
    assert_eq!(ask("试-3", "丙")["condition"], of_condition);
    assert_eq!(ask("试-1", "高风险")["tier"]["is_held"], true);
    let early =
        ["explain", "subject", "试-4", "--on", "2026-03-02", "--tier", "乙", "--before", "2026-03-10"];
    let wanted = desk.json(early)["alternatives"].clone();
    let flag = json!({"input": "warned", "from": "false", "to": ["true"]});
    let inputs = wanted["tier"]["inputs"].as_array().expect("a list");
    assert!(inputs.contains(&flag), "{wanted}");
    let found = json!({"input": "problems(12 个月, 重大)", "from": "0", "to": ["2"]});
    assert!(inputs.contains(&found), "{wanted}");
    let before = &wanted["before"];
    assert!(before["tiers"].as_object().is_some_and(|tiers| tiers.contains_key("甲")), "{before}");
    let last = before["last_visit"].as_str().expect("a day");
    let csv = format!("统一社会信用代码,警示标志,上次巡查\n试-4,是,{last}\n");
    std::fs::write(desk.path("changed.csv"), csv).expect("a file");
    let file = desk.path("changed.csv").display().to_string();
    assert_eq!(desk.json(["import", "subjects", &file, "--at", "2026-03-02T10:00"])["changed"], 1);
    desk.run(["tick", "--at", "2026-03-02T11:00"]);
    assert_eq!(ask("试-4", "乙")["tier"]["is_held"], true);
}

/// Whoever was passed over finds out why, from the record, and whether it could be his now.
#[test]
fn who_has_no_order_is_told_why() {
    let desk = Desk::new(".");
    let officers = "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\n\
        P01,甲,dongguan,监管人员,C1,2030-12-31\nP02,乙,dongguan,监管人员,C2,2030-12-31\n\
        P03,丙,dongguan,监管人员,C3,2030-12-31\nP04,丁,dongguan,监管人员,,\nW01,戊,xihe,监管人员,C4,2030-12-31\n\
        CMD,令,dongguan,指挥中心,,\nHEAD,所,dongguan,所长,,\n";
    let subjects = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查\n\
        试-1,试-1,dongguan,G01,5223,2020-01-01,B,2025-12-20\n";
    let grids = "编号,主责人员,后备人员\nG01,P01,P02\n";
    for (kind, text) in [("officers", officers), ("grids", grids), ("subjects", subjects)] {
        std::fs::write(desk.path(kind), text).expect("a file");
        let file = desk.path(kind).display().to_string();
        assert_eq!(desk.json(["import", kind, &file, "--at", "2026-03-02T06:00"])["rejected"], 0, "{kind}");
    }
    desk.json(["tick", "--at", "2026-03-02T08:00"]);
    desk.json(["order", "act", "dongguan-1", "complete", "--as", "CMD", "--at", "2026-03-02T10:00"]);
    for (officer, place, may_take, says) in [
        ("P01", "chosen", true, "选了 甲 P01、乙 P02"),
        ("P03", "behind", true, "丙 P03 能办，排在后面"),
        ("P04", "excluded", false, "没有执法证"),
        ("W01", "not-meant", false, "这一步不找 戊 W01"),
    ] {
        let args = ["explain", "order", "dongguan-1", "--officer", officer, "--at", "2026-03-02T11:00"];
        let told = desk.json(args);
        let last = told["choices"].as_array().and_then(|all| all.last()).expect("a choice");
        assert_eq!((&last["place"], &told["may_take"]), (&place.into(), &may_take.into()), "{told}");
        let text = super::out(&desk.run(args));
        assert!(text.contains(says), "{officer}: {text}");
    }
}
