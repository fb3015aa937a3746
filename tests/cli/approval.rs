//! Two people for a change of the policy: who proposes it, and who approves it.

use serde_json::{Value, json};

use super::demo::Daemon;
use super::{Desk, err};

const OFFICERS: &str = "工号,姓名,所属工商所,角色\n\
L01,方正,,法制科\n\
D01,贾局,,分管局长\n\
D02,林局,,机关负责人\n\
S01,孙所,dongguan,所长\n";

/// A moment before all others of these tests.
const FIRST: &str = "2026-03-02T06:00";

/// A bureau whose policy says how it comes into force, with a folder that may be edited.
fn desk(activation: &str) -> Desk {
    let desk = Desk::with_own_policy();
    desk.edit("bureau.yaml", "activation: files\n", &format!("activation: {activation}\n"));
    desk
}

/// The same with officers in its register and the first release in force.
fn staffed(activation: &str) -> Desk {
    let desk = desk(activation);
    std::fs::write(desk.path("officers.csv"), OFFICERS).expect("written");
    desk.json(["import", "officers", "officers.csv", "--at", FIRST]);
    desk
}

/// Runs what must be refused; returns what was said.
fn refused<const N: usize>(desk: &Desk, args: [&str; N]) -> String {
    let output = desk.run(args);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {}", err(&output));
    err(&output)
}

fn inbox(desk: &Desk, officer: &str, at: &str) -> String {
    super::out(&desk.run(["inbox", "--as", officer, "--at", at]))
}

fn releases(desk: &Desk) -> Vec<[Value; 3]> {
    let list = desk.json(["release", "list"]);
    let line = |line: &Value| [&line["release"], &line["actor"], &line["approved_by"]].map(Clone::clone);
    list.as_array().expect("a list").iter().map(line).collect()
}

#[test]
fn a_power_of_two_persons_proposes_where_others_would_act_at_once() {
    let desk = staffed("files");
    desk.edit("bureau.yaml", "\npowers:\n", "\npowers:\n  rollback: {by: bureau, persons: 2}\n");
    let applied = desk.json(["apply", "--as", "L01", "--at=2026-03-02T08:00"]);
    assert_eq!((&applied["state"], &applied["powers"]), (&json!("proposed"), &json!(["powers"])));
    desk.json(["release", "approve", "2", "--as", "D01", "--at=2026-03-02T08:30"]);
    let back = desk.json(["release", "rollback", "1", "--as", "L01", "--at=2026-03-02T09:00"]);
    assert_eq!((&back["release"], &back["state"]), (&json!(3), &json!("proposed")));
    assert!(
        refused(&desk, ["release", "approve", "3", "--as", "L01", "--at=2026-03-02T09:10"]).contains("R038")
    );
    let approved = desk.json(["release", "approve", "3", "--as", "D01", "--at=2026-03-02T09:20"]);
    assert_eq!(approved["state"], "active");
}

#[test]
fn a_change_is_proposed_by_one_and_approved_by_another() {
    let desk = staffed("approved");
    desk.edit("rules/risk.rhai", "//", "// 修订 ");
    assert!(refused(&desk, ["apply", "--at=2026-03-02T08:00"]).contains("R154"));
    assert!(refused(&desk, ["apply", "--as", "S01", "--at=2026-03-02T08:00"]).contains("R150"));
    let proposed = desk.json(["apply", "--as", "L01", "--at=2026-03-02T08:00"]);
    assert_eq!((&proposed["release"], &proposed["state"]), (&json!(2), &json!("proposed")));
    assert_eq!(desk.json(["apply", "--as", "L01", "--at=2026-03-02T08:01"]), proposed, "it is one proposal");
    assert_eq!(releases(&desk).len(), 1, "and not in force");
    let waiting = desk.json(["release", "list", "--proposed"]);
    assert_eq!((&waiting[0]["release"], &waiting[0]["actor"]), (&json!(2), &json!("L01")));
    let approve = |by: &str| refused(&desk, ["release", "approve", "2", "--as", by, "--at=2026-03-02T09:00"]);
    for own in ["L01", "Ｌ01", " L\u{200b}01 "] {
        assert!(approve(own).contains("R038"), "{own}");
    }
    assert!(approve("S01").contains("R150"));
    assert!(approve("l01").contains("R020"));
    assert!(approve("D99").contains("R020"));
    let approved = desk.json(["release", "approve", "2", "--as", "D01", "--at=2026-03-02T09:00"]);
    assert_eq!((&approved["policy"], &approved["state"]), (&proposed["policy"], &json!("active")));
    assert_eq!(releases(&desk)[1], [json!(2), json!("L01"), json!("D01")]);
    assert_eq!(desk.json(["release", "list", "--proposed"]), json!([]));
    assert!(approve("D01").contains("R155"), "it waits no more");
    let file = rusqlite::Connection::open(desk.path("wubu.db")).expect("the database");
    let kinds = |kind: &str| -> i64 {
        file.query_row("SELECT COUNT(*) FROM ledger WHERE kind = ?1", [kind], |row| row.get(0))
            .expect("a count")
    };
    assert_eq!([kinds("release.proposed"), kinds("release.activated")], [1, 2]);
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

#[test]
fn an_approved_change_may_wait_for_its_day_and_a_later_one_overtakes_it() {
    let desk = staffed("approved");
    desk.json(["tick", "--at=2026-03-02T07:00"]);
    desk.edit("rules/risk.rhai", "//", "// 修订 ");
    desk.json(["apply", "--as", "L01", "--at=2026-03-02T08:00"]);
    let on =
        |day: &'static str| ["release", "approve", "2", "--as", "D01", "--on", day, "--at=2026-03-02T09:00"];
    assert!(refused(&desk, on("2026-03-01")).contains("R006"));
    assert_eq!(desk.json(on("2026-03-04"))["state"], "approved");
    let other = ["release", "approve", "2", "--as", "D02", "--on=2026-03-03", "--at=2026-03-02T09:10"];
    assert!(refused(&desk, other).contains("R186"), "what one approved for a day is not another's to change");
    desk.json(["tick", "--at=2026-03-03T23:00"]);
    for (officer, word) in
        [("D01", "有规则改动待您批准"), ("D02", "发布 2"), ("L01", "您提交的规则改动已批准")]
    {
        assert!(inbox(&desk, officer, "2026-03-03T23:01").contains(word), "{officer}: {word}");
    }
    assert_eq!(releases(&desk).len(), 1);
    desk.json(["tick", "--at=2026-03-04T07:00"]);
    let list = desk.json(["release", "list"]);
    assert_eq!(list[1]["activated_at"], "2026-03-03T16:00:00.000000Z", "the day's start at the bureau");
    assert_eq!(list[1]["approved_by"], "D01");
    // Two proposals: the newer one is approved, so that the older one is over.
    desk.edit("rules/risk.rhai", "//", "// 再 ");
    assert_eq!(desk.json(["apply", "--as", "L01", "--at=2026-03-04T08:00"])["release"], 3);
    desk.edit("rules/risk.rhai", "//", "// 三 ");
    assert_eq!(desk.json(["apply", "--as", "L01", "--at=2026-03-04T08:01"])["release"], 4);
    desk.json(["release", "approve", "4", "--as", "D02", "--at=2026-03-04T09:00"]);
    let late = refused(&desk, ["release", "approve", "3", "--as", "D02", "--at=2026-03-04T09:01"]);
    assert!(late.contains("R156"), "{late}");
    desk.json(["tick", "--at=2026-03-04T10:00"]);
    let told = inbox(&desk, "L01", "2026-03-04T10:01");
    assert!(told.contains("发布 3\n您提交的规则改动已被后来启用的发布取代"), "{told}");
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

#[test]
fn nobody_lifts_the_rule_alone_by_editing_it_away() {
    let desk = staffed("approved");
    desk.edit("bureau.yaml", "activation: approved\n", "activation: files\n");
    assert_eq!(desk.json(["apply", "--as", "L01", "--at=2026-03-02T08:00"])["state"], "proposed");
    assert_eq!(releases(&desk).len(), 1);
}

/// Whoever may change the policy alone does not make himself or others mightier by it, nor take the second person off.
#[test]
fn nobody_gives_power_alone_by_an_edit() {
    let edits = [
        ("administrator", "administrator: {name: 系统管理员}", "administrator: L01"),
        ("roles", "法制科:     {scope: bureau", "法制科:     {head: deputy, scope: bureau"),
        ("powers", "approve:      deputy", "approve:      bureau"),
    ];
    for (key, from, to) in edits {
        let desk = staffed("files");
        desk.edit("bureau.yaml", from, to);
        let applied = desk.json(["apply", "--as", "L01", "--at=2026-03-02T08:00"]);
        assert_eq!((&applied["state"], &applied["powers"]), (&json!("proposed"), &json!([key])));
        assert!(
            refused(&desk, ["release", "approve", "2", "--as", "L01", "--at=2026-03-02T08:05"])
                .contains("R038")
        );
        desk.json(["release", "approve", "2", "--as", "D01", "--at=2026-03-02T08:10"]);
        let back = desk.json(["release", "rollback", "1", "--as", "L01", "--at=2026-03-02T09:00"]);
        assert_eq!(back["state"], "proposed", "{key}: going back moves power, too");
    }
}

/// Whoever becomes the administrator does not approve that himself.
#[test]
fn nobody_approves_his_own_gain() {
    let desk = staffed("files");
    desk.edit("bureau.yaml", "administrator: {name: 系统管理员}", "administrator: D01");
    desk.json(["apply", "--as", "L01", "--at=2026-03-02T08:00"]);
    assert!(
        refused(&desk, ["release", "approve", "2", "--as", "D01", "--at=2026-03-02T08:05"]).contains("R151")
    );
    let approved = desk.json(["release", "approve", "2", "--as", "D02", "--at=2026-03-02T08:10"]);
    assert_eq!(approved["state"], "active");
}

/// While nobody else could approve, such a change is one person's: a bureau that only begins does not stand still.
#[test]
fn power_moves_at_once_where_nobody_else_could_approve() {
    let desk = desk("files");
    let officers = "工号,姓名,所属工商所,角色\nL01,方正,,法制科\nS01,孙所,dongguan,所长\n";
    std::fs::write(desk.path("officers.csv"), officers).expect("written");
    desk.json(["import", "officers", "officers.csv", "--at", FIRST]);
    desk.edit("bureau.yaml", "administrator: {name: 系统管理员}", "administrator: L01");
    assert_eq!(desk.json(["apply", "--as", "L01", "--at=2026-03-02T08:00"])["state"], "active");
}

/// The last head who could approve it does not make himself administrator.
#[test]
fn the_last_who_could_approve_does_not_gain_alone() {
    let desk = staffed("files");
    desk.json(["officer", "left", "D02", "--on=2026-03-01", "--as", "D01", "--at", FIRST]);
    desk.edit("bureau.yaml", "administrator: {name: 系统管理员}", "administrator: D01");
    assert!(refused(&desk, ["apply", "--as", "D01", "--at=2026-03-02T08:00"]).contains("R151"));
}

#[test]
fn going_back_is_a_change_like_any_other() {
    let desk = staffed("files");
    desk.edit("rules/risk.rhai", "//", "// 修订 ");
    assert_eq!(desk.json(["apply", "--as", "L01", "--at=2026-03-02T08:00"])["state"], "active");
    assert!(
        refused(&desk, ["release", "rollback", "9", "--as", "L01", "--at=2026-03-02T08:10"]).contains("R157")
    );
    assert!(
        refused(&desk, ["release", "rollback", "1", "--as", "S01", "--at=2026-03-02T08:10"]).contains("R150")
    );
    let back = desk.json(["release", "rollback", "1", "--as", "L01", "--at=2026-03-02T08:10"]);
    assert_eq!((&back["release"], &back["state"]), (&json!(3), &json!("active")));
    let list = desk.json(["release", "list"]);
    assert_eq!(list[0]["policy"], list[2]["policy"]);
}

/// With nobody registered the administrator applies, by no name; later changes wait for people.
#[test]
fn a_bureau_without_officers_begins_without_a_name() {
    let desk = desk("approved");
    assert_eq!(desk.json(["apply", "--at", FIRST])["state"], "active");
    desk.edit("rules/risk.rhai", "//", "// 修订 ");
    assert_eq!(desk.json(["apply", "--at", FIRST])["state"], "proposed");
    assert_eq!(releases(&desk), [[json!(1), json!("系统管理员"), Value::Null]]);
    let refused = refused(&desk, ["release", "approve", "2", "--as", "D01", "--at", FIRST]);
    assert!(refused.contains("R153"), "{refused}");
}

/// The calendar is a change of the policy too, and takes nothing else of the folder with it.
#[test]
fn a_calendar_is_proposed_and_takes_nothing_else_of_the_folder() {
    let desk = staffed("approved");
    std::fs::write(
        desk.path("subjects.csv"),
        "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查\n\
         S-1,店,dongguan,G01,5223,2020-01-01,B,2026-02-20\n",
    )
    .expect("written");
    desk.json(["import", "subjects", "subjects.csv", "--at", FIRST]);
    desk.json(["tick", "--at=2026-03-02T07:00"]);
    let next = |at: &str| desk.json(["subject", "show", "S-1", "--at", at])["next"].clone();
    let before = next("2026-03-02T07:30");
    desk.edit("rules/tiers.yaml", "cycle: 2 个月", "cycle: 24 个月");
    let years = "calendar: cn\nyears:\n  2027: {notice: 测试, rest: [2027-01-01..2027-01-03], work: []}\n";
    std::fs::write(desk.path("cal.yaml"), years).expect("written");
    let import = |by: &'static str| ["calendar", "import", "cal.yaml", "--as", by, "--at=2026-03-02T08:00"];
    assert_eq!(desk.run(["calendar", "import", "cal.yaml", "--at=2026-03-02T08:00"]).status.code(), Some(2));
    let folder = || std::fs::read_to_string(desk.policy.join("calendars/cn.yaml")).expect("a calendar");
    let untouched = folder();
    assert!(refused(&desk, import("S01")).contains("R150"));
    assert_eq!(folder(), untouched, "what is refused leaves the folder as it is");
    assert_eq!(desk.json(import("L01"))["proposed"], 2);
    desk.json(["tick", "--at=2026-03-02T09:00"]);
    assert_eq!(next("2026-03-02T09:30"), before);
    desk.json(["release", "approve", "2", "--as", "D01", "--at=2026-03-02T10:00"]);
    desk.json(["tick", "--at=2026-03-02T11:00"]);
    assert_eq!(next("2026-03-02T11:30")["nominal"], before["nominal"], "the cycle is the old one still");
    assert_eq!(releases(&desk).len(), 2);
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

#[test]
fn watching_only_reports_where_a_second_person_is_wanted() {
    let desk = desk("approved");
    desk.json(["apply", "--at", FIRST]);
    desk.edit("rules/risk.rhai", "//", "// 修订 ");
    let mut daemon = Daemon::start(&desk, ["--watch"]);
    let said = daemon.hear("release approve");
    assert!(said.contains("另一人批准"), "{said}");
    daemon.terminate();
    assert_eq!(desk.json(["release", "list"]).as_array().map(Vec::len), Some(1));
}

#[test]
fn what_is_standing_is_dropped_with_a_reason_and_by_two() {
    let desk = staffed("files");
    assert!(desk.run(["check"]).status.success());
    // A longer cycle, a condition that nobody meets, a lost item, a mark taken away: each is one that the founding
    // policy wants.
    for (file, from, to, named) in [
        ("rules/tiers.yaml", "cycle: 6 个月", "cycle: 7 个月", "(tiers.丙): 6 个月 → 7 个月"),
        (
            "workflows/five-step.yaml",
            "    when: subject.active\n",
            "    when: \"false\"\n",
            "(five-step.start.cycle): subject.active → false",
        ),
        (
            "rules/tiers.yaml",
            "items: [主体资格, 经营范围, 商品质量]",
            "items: [主体资格, 商品质量]",
            "tiers.乙.items.经营范围",
        ),
        (
            "workflows/five-step.yaml",
            "    title: 第五步 回访\n    always: true\n",
            "    title: 第五步 回访\n",
            "five-step.steps.revisit",
        ),
    ] {
        desk.edit(file, from, to);
        let said = refused(&desk, ["apply", "--as", "L01", "--at=2026-03-02T08:00"]);
        assert!(said.contains("R158") && said.contains(named), "{said}");
        desk.edit(file, to, from);
    }
    desk.edit("rules/tiers.yaml", "cycle: 6 个月", "cycle: 7 个月");
    let reason = "分局会议 2026-02-20 第 3 项";
    let proposed = desk.json(["apply", "--as", "L01", "--reason", reason, "--at=2026-03-02T08:00"]);
    assert_eq!((&proposed["release"], &proposed["state"]), (&json!(2), &json!("proposed")));
    let line = desk.json(["release", "list", "--proposed"])[0].clone();
    assert_eq!((&line["reason"], line["dropped"].as_array().map(Vec::len)), (&json!(reason), Some(1)));
    let shown = super::out(&desk.run(["release", "list", "--proposed"]));
    assert!(shown.contains(reason) && shown.contains("tiers.丙"), "who approves reads it: {shown}");
    assert!(
        refused(&desk, ["release", "approve", "2", "--as", "L01", "--at=2026-03-02T08:30"]).contains("R038")
    );
    let done = desk.json(["release", "approve", "2", "--as", "D01", "--at=2026-03-02T09:00"]);
    assert_eq!((&done["reason"], done["dropped"].as_array().map(Vec::len)), (&json!(reason), Some(1)));
    assert_eq!(releases(&desk)[1], [json!(2), json!("L01"), json!("D01")]);
    // A shorter cycle drops nothing, and the bureau leaves it to its files.
    desk.edit("rules/tiers.yaml", "cycle: 7 个月", "cycle: 5 个月");
    assert_eq!(desk.json(["apply", "--as", "L01", "--at=2026-03-02T10:00"])["state"], "active");
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

#[test]
fn a_daemon_that_watches_reports_what_would_be_dropped() {
    let desk = staffed("files");
    let mut daemon = Daemon::start(&desk, ["--watch"]);
    daemon.hear("开始运行");
    std::thread::sleep(std::time::Duration::from_secs(2));
    desk.edit("rules/tiers.yaml", "cycle: 6 个月", "cycle: 7 个月");
    let said = daemon.hear("tiers.丙");
    assert!(said.contains("始终要有"), "{said}");
    daemon.terminate();
    assert_eq!(releases(&desk).len(), 1);
}

/// A proposal may be judged beside the rules in force for some days: it says who would have another tier, and decides
/// nothing.
#[test]
fn a_proposal_is_judged_beside_the_rules_in_force() {
    let desk = staffed("approved");
    let subjects = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,警示标志,上次巡查\n\
        试-1,甲店,dongguan,G01,7020,2020-01-01,B,是,2026-02-20\n试-2,乙店,dongguan,G01,7020,2020-01-01,B,否,2026-02-20\n\
        试-3,丙店,dongguan,G01,7020,2020-01-01,B,是,2026-02-20\n";
    std::fs::write(desk.path("subjects.csv"), subjects).expect("written");
    assert_eq!(desk.json(["import", "subjects", "subjects.csv", "--at", FIRST])["rejected"], 0);
    desk.json(["tick", "--at=2026-03-02T07:00"]);
    let flag = "    if 主体.警示标志 { 等级 = 升一级(等级); }\n";
    desk.edit("rules/risk.rhai", flag, "");
    desk.json(["apply", "--as", "L01", "--at=2026-03-02T08:00"]);
    let begin =
        |by: &'static str| ["release", "shadow", "2", "--days=2", "--as", by, "--at=2026-03-02T08:10"];
    assert!(refused(&desk, begin("S01")).contains("R150"));
    assert!(refused(&desk, ["release", "shadow", "3", "--at=2026-03-02T08:10"]).contains("R155"));
    assert_eq!(desk.json(begin("L01"))["left"], 2);
    let tiers = || desk.json(["subject", "list", "--at=2026-03-06T09:00"])[0]["tier"].clone();
    let before = tiers();
    for at in ["2026-03-02T09:00", "2026-03-02T10:00", "2026-03-04T09:00", "2026-03-05T09:00"] {
        desk.json(["tick", "--at", at]);
    }
    let report = desk.json(["release", "shadow", "2"]);
    let days = report["days"].as_array().expect("a list");
    let told: Vec<Value> = days.iter().map(|day| json!([day["on"], day["judged"], day["tiers"]])).collect();
    let moved = json!([{"from": "乙", "to": "丙", "count": 2}]);
    assert_eq!(told, [json!(["2026-03-02", 3, moved]), json!(["2026-03-04", 3, moved])]);
    assert_eq!((&report["left"], tiers()), (&json!(0), before));
    let said = super::out(&desk.run(["release", "shadow", "2"]));
    assert!(said.contains("乙 一般风险 → 丙 低风险：2 户") && said.contains("试-3（dongguan）"), "{said}");
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}
