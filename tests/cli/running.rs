//! Open orders that go over to another text (policy language, rule 5): planned, in force, and lived to their end.

use serde_json::{Value, json};

use super::moments::opened;
use super::patrols::{Patrol, TO_THE_REVISIT};
use super::{Desk, err, out};

/// What the shipped text says of open orders.
const KEPT: &str = "running: keep                       # 已经开出的指令按原来的规则办完";

/// Calls a step otherwise wherever the shipped text names it as a step; its form and kind of inspection keep their names.
fn rename(desk: &Desk, was: &str, now: &str) {
    let file = desk.policy.join("workflows/five-step.yaml");
    let mut text = std::fs::read_to_string(&file).expect("the workflow");
    text = text.replacen(&format!("\n  {was}:\n"), &format!("\n  {now}:\n"), 1);
    for passage in ["go: {}", "same_as: {}", "{}.problems", "{}.done_by", "{}.ended", "{}.done "] {
        text = text.replace(&passage.replace("{}", was), &passage.replace("{}", now));
    }
    desk.put("workflows/five-step.yaml", &text);
    let cases = std::fs::read_to_string(desk.policy.join("workflows/five-step.test.yaml")).expect("cases");
    desk.put(
        "workflows/five-step.test.yaml",
        &cases.replace(&format!("step: {was}"), &format!("step: {now}")),
    );
}

fn running(desk: &Desk, rule: &str) {
    desk.edit("workflows/five-step.yaml", KEPT, rule);
}

fn plan(desk: &Desk, at: &str) -> Value {
    let mut command = desk.command();
    let said = command.args(["--format", "json", "plan", "--horizon", "10d", "--list", "--at", at]);
    let said = said.output().expect("starts");
    serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{}", err(&said)))
}

fn apply(desk: &Desk, at: &str) -> String {
    let done = desk.run(["apply", "--as", "LAW", "--at", at]);
    if done.status.success() { String::new() } else { err(&done) }
}

#[test]
fn an_order_goes_on_at_the_step_it_is_at_whatever_that_is_called_now() {
    let patrol = Patrol::with_own_policy();
    let desk = &patrol.desk;
    rename(desk, "patrol", "visit");
    running(desk, "running: {migrate: {patrol: visit}, terms: recount}");
    desk.edit("workflows/five-step.yaml", "due: order.window.to", "due: 5 工作日");
    let told = plan(desk, "2026-03-04T09:00");
    let going = json!([{"workflow": "five-step", "orders": 1, "steps": [["patrol", "visit", 1]]}]);
    assert_eq!(told["migrated"], going);
    let before = desk.json(["order", "show", "dongguan-1", "--at", "2026-03-04T09:00"]);
    assert_eq!(before["step"], "patrol");
    assert_eq!(
        told["terms"],
        json!([{"order": "dongguan-1", "from": before["step_due"], "to": "2026-03-10"}])
    );
    let done = desk.json(["apply", "--as", "LAW", "--at", "2026-03-04T10:00"]);
    assert_eq!((&done["state"], &done["migrated"]), (&json!("active"), &going));
    let after = desk.json(["order", "show", "dongguan-1", "--at", "2026-03-04T11:00"]);
    assert_eq!((&after["step"], &after["step_due"]), (&json!("visit"), &json!("2026-03-10")));
    assert_eq!(after["assignees"], before["assignees"]);
    assert_ne!(after["policy"], before["policy"]);
    let story = out(&desk.run(["order", "show", "dongguan-1", "--at", "2026-03-04T11:00"]));
    assert!(story.contains("改按第 2 号发布的规则继续办，在“第二步 实地巡查”，2026-03-10 到期"), "{story}");
    // Another release with the same map finds it where it is.
    desk.edit("rules/tiers.yaml", "cycle: 6 个月", "cycle: 4 个月");
    assert_eq!(apply(desk, "2026-03-04T12:00"), "");
    assert_eq!(desk.json(["order", "show", "dongguan-1", "--at", "2026-03-04T13:00"])["step"], "visit");
    // The ladder is that of the text it goes by now.
    assert!(desk.run(["tick", "--at", "2026-03-05T07:00"]).status.success());
    assert_eq!(patrol.told(&json!({})), "");
    assert_eq!(desk.json(["order", "show", "dongguan-1", "--at", "2026-03-05T12:00"])["step"], "review");
    // What is sent back goes to those who did it, by the name the step has now.
    let back = [
        "order",
        "act",
        "dongguan-1",
        "退回",
        "--as",
        "HEAD",
        "--reason",
        "补充",
        "--at",
        "2026-03-05T13:00",
    ];
    assert!(desk.run(back).status.success());
    assert_eq!(desk.json(["order", "show", "dongguan-1", "--at", "2026-03-05T14:00"])["step"], "visit");
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

#[test]
fn terms_that_are_kept_end_when_they_were_to_end() {
    let patrol = Patrol::with_own_policy();
    let desk = &patrol.desk;
    let terms = |at: &str| -> Vec<(String, String)> {
        let shown = desk.json(["order", "show", "dongguan-1", "--at", at]);
        let all = shown["terms"].as_array().expect("terms").iter().filter(|term| term["kind"] != "window");
        let open = all.filter(|term| term["fired_at"].is_null());
        open.map(|term| (term["kind"].to_string(), term["fires_at"].to_string())).collect()
    };
    let before = terms("2026-03-04T09:00");
    assert!(!before.is_empty(), "{before:?}");
    rename(desk, "patrol", "visit");
    running(desk, "running: {migrate: {patrol: visit}}");
    desk.edit("workflows/five-step.yaml", "due: order.window.to", "due: 5 工作日");
    assert_eq!(plan(desk, "2026-03-04T09:00")["terms"], json!([]));
    assert_eq!(apply(desk, "2026-03-04T10:00"), "");
    assert_eq!(terms("2026-03-04T11:00"), before);
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

#[test]
fn a_text_without_a_place_for_an_open_order_does_not_come_into_force() {
    let desk = Desk::with_own_policy();
    // What is always there could not be called otherwise by one person alone.
    let step = "    title: 第二步 实地巡查\n";
    desk.edit("workflows/five-step.yaml", &format!("{step}    always: true\n"), step);
    let desk = &Patrol::at(opened(desk)).desk;
    rename(desk, "patrol", "visit");
    running(desk, "running: migrate");
    for refused in [apply(desk, "2026-03-04T10:00"), err(&desk.run(["plan", "--at", "2026-03-04T10:00"]))] {
        assert!(
            refused.contains("R231") && refused.contains("R230") && refused.contains("“patrol”"),
            "{refused}"
        );
    }
    assert_eq!(desk.json(["release", "list"]).as_array().map(Vec::len), Some(1));
    assert_eq!(desk.json(["order", "show", "dongguan-1", "--at", "2026-03-04T11:00"])["step"], "patrol");
    running_again(desk, "running: {migrate: {patrol: review}}");
    let refused = apply(desk, "2026-03-04T12:00");
    assert_eq!(refused, "", "a duty goes on at a duty");
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

/// What was approved for a day and cannot begin on it keeps nobody's order, and is said.
#[test]
fn an_approved_text_that_cannot_begin_does_not_stop_dispatch() {
    let desk = Desk::with_own_policy();
    let step = "    title: 第二步 实地巡查\n";
    desk.edit("workflows/five-step.yaml", &format!("{step}    always: true\n"), step);
    desk.edit("bureau.yaml", "activation: files\n", "activation: approved\n");
    let desk = &Patrol::at(opened(desk)).desk;
    let import = |kind: &str, text: &str| {
        std::fs::write(desk.path(kind), text).expect("a file");
        let done = desk.run(["import", kind, kind, "--at", "2026-03-04T09:00"]);
        assert!(done.status.success(), "{}", err(&done));
    };
    import("officers", "工号,姓名,所属工商所,角色\nD01,贾局,,分管局长\n");
    rename(desk, "patrol", "visit");
    running(desk, "running: migrate");
    assert_eq!(apply(desk, "2026-03-04T10:00"), "");
    let approve =
        ["release", "approve", "2", "--as", "D01", "--on", "2026-03-05", "--at", "2026-03-04T11:00"];
    assert!(desk.run(approve).status.success());
    import(
        "subjects",
        "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查\n\
         试-2,试-2,dongguan,,5223,2020-01-01,B,2025-12-20\n",
    );
    let tick = desk.run(["tick", "--at", "2026-03-05T08:00"]);
    assert_eq!(tick.status.code(), Some(1), "{}", out(&tick));
    assert!(err(&tick).contains("R231"), "{}", err(&tick));
    assert_eq!(desk.json(["order", "list"]).as_array().map(Vec::len), Some(2), "{}", out(&tick));
    assert_eq!(desk.json(["release", "list"]).as_array().map(Vec::len), Some(1));
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
    // It is said once: the approval has lapsed, and who gave it is told.
    let waiting = desk.json(["release", "list", "--proposed"]);
    assert_eq!((&waiting[0]["state"], &waiting[0]["approved_by"]), (&json!("proposed"), &json!(null)));
    let inbox = out(&desk.run(["inbox", "--as", "D01", "--at", "2026-03-05T09:00"]));
    assert!(inbox.contains("批准已经失效"), "{inbox}");
    assert!(desk.run(["tick", "--at", "2026-03-06T08:00"]).status.success());
}

#[test]
fn two_steps_that_were_done_do_not_become_one() {
    let patrol = Patrol::with_own_policy();
    running(&patrol.desk, "running: {migrate: {issue: patrol}}");
    let refused = apply(&patrol.desk, "2026-03-04T10:00");
    assert!(refused.contains("R231") && refused.contains("R232"), "{refused}");
    assert!(refused.contains("“issue”和“patrol”"), "{refused}");
}

fn running_again(desk: &Desk, rule: &str) {
    desk.edit("workflows/five-step.yaml", "running: migrate", rule);
}

/// A step that waits for a sub-order hears of its end by the name it has by then.
#[test]
fn what_waits_for_another_order_hears_of_its_end_under_another_name() {
    let patrol = Patrol::with_own_policy();
    let desk = &patrol.desk;
    let bad = json!({"检查项目": {"主体资格": "符合", "前置许可": "符合", "商品身份信息": "符合",
                     "供货渠道": "不符合", "商品质量": "符合"},
        "problems": [{"item": "供货渠道", "level": "一般", "note": "没有票"}]});
    assert_eq!(patrol.told(&bad), "");
    rename(desk, "guidance", "advice");
    running(desk, "running: {migrate: {guidance: advice}}");
    assert_eq!(apply(desk, "2026-03-05T11:00"), "");
    assert_eq!(desk.json(["order", "show", "dongguan-1", "--at", "2026-03-05T11:00"])["step"], "advice");
    for (at, line) in TO_THE_REVISIT.into_iter().take(7) {
        let done = desk.command().args(line.split(' ')).args(["--at", at]).output().expect("starts");
        assert!(done.status.success(), "{line}: {}", err(&done));
    }
    assert_eq!(desk.json(["order", "show", "dongguan-1", "--at", "2026-03-06"])["step"], "revisit");
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

/// A map that names what is not there is refused where the policy is read.
#[test]
fn a_map_names_steps_that_are_there() {
    let desk = Desk::with_own_policy();
    running(&desk, "running: {migrate: {patrol: vist}}");
    let told = desk.run(["check"]);
    assert!(out(&told).contains("five-step.yaml:14") && out(&told).contains("vist"), "{}", out(&told));
    desk.edit("workflows/five-step.yaml", "{patrol: vist}", "{a: review, b: review}");
    let told = desk.run(["check"]);
    assert_eq!(told.status.code(), Some(1), "{}", out(&told));
}
