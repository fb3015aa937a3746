//! Terms that forms say, sub-orders that see their parent, parts that loop: lived through in a database, shown, and
//! told again by `verify`.

use serde_json::{Value, json};

use super::moments::refusal;
use super::{Desk, copy_policy, out};

/// A bureau of two, with one subject, on 2 March 2026.
fn desk() -> Desk {
    let desk = Desk::new("tests/cases/city");
    register(&desk);
    desk
}

/// Brings in who there is, and the subject.
fn register(desk: &Desk) {
    let files = [
        (
            "officers",
            "工号,姓名,所属工商所,角色\nP1,甲,xi,监管人员;inspector\nHEAD,所,xi,所长;supervisor\nL1,法,,法制科\n",
        ),
        ("subjects", "编号,名称,管辖所\n店-1,小店,xi\n"),
    ];
    for (kind, text) in files {
        let path = desk.path(kind);
        std::fs::write(&path, text).expect("a file");
        let file = path.display().to_string();
        assert_eq!(desk.json(["import", kind, &file, "--at", "2026-03-02T06:00"])["rejected"], 0);
    }
}

fn open(desk: &Desk, workflow: &str) {
    let args = ["order", "open", workflow, "--subject", "店-1", "--as", "HEAD", "--at", "2026-03-02T09:00"];
    assert_eq!(refusal(desk, args), "");
}

fn act(desk: &Desk, order: &str, action: &str, by: &str, at: &str) {
    assert_eq!(
        refusal(desk, ["order", "act", order, action, "--as", by, "--at", at]),
        "",
        "{order} {action}"
    );
}

/// Completes a step with its form.
fn fill(desk: &Desk, order: &str, at: &str, form: &Value) {
    std::fs::write(desk.path("form.json"), form.to_string()).expect("a file");
    let form = desk.path("form.json").display().to_string();
    let args = ["order", "act", order, "complete", "--as", "P1", "--form", &form, "--at", at];
    assert_eq!(refusal(desk, args), "");
}

/// Everything that is stored is what the record comes to when it is told again.
fn verified(desk: &Desk) {
    let verified = desk.run(["verify"]);
    assert!(verified.status.success(), "{}", out(&verified));
}

#[test]
fn a_term_that_a_form_says_is_shown_with_its_field_and_escalates() {
    let desk = desk();
    open(&desk, "rectify");
    fill(&desk, "xi-1", "2026-03-03T10:00", &json!({"整改期限": "2026-03-18"}));
    let shown = desk.json(["order", "show", "xi-1", "--at", "2026-03-03T11:00"]);
    assert_eq!(shown["places"][0]["due"], "2026-03-18");
    let terms = shown["terms"].as_array().expect("terms");
    let of_fix: Vec<&Value> = terms.iter().filter(|term| term["step"] == "fix").collect();
    assert_eq!(of_fix.len(), 3, "{terms:?}");
    assert!(of_fix.iter().all(|term| term["source"] == "patrol.deadline"), "{of_fix:?}");
    let text = out(&desk.run(["order", "show", "xi-1", "--at", "2026-03-03T11:00"]));
    assert!(text.contains("（依巡查的“整改期限”）"), "{text}");
    assert_eq!(desk.json(["tick", "--at", "2026-03-19T09:00"])["escalated"], 1);
    act(&desk, "xi-1", "complete", "P1", "2026-03-19T10:00");
    let text = out(&desk.run(["order", "show", "xi-1", "--at", "2026-03-19T11:00"]));
    assert!(text.contains("巡查的“多久以后回访””没有填写"), "{text}");
    verified(&desk);
}

#[test]
fn each_of_several_terms_escalates_by_itself_and_says_what_it_is_for() {
    let desk = desk();
    open(&desk, "severity");
    let problems = json!([
        {"Item": "cold food", "Level": "critical"},
        {"Item": "floor", "Level": "minor"},
        {"Item": "lamp", "Level": "minor"},
    ]);
    fill(&desk, "xi-1", "2026-03-03T10:00", &json!({"Problems": problems}));
    let shown = desk.json(["order", "show", "xi-1", "--at", "2026-03-03T11:00"]);
    assert_eq!(shown["places"][0]["due"], "2026-03-04");
    let of = |kind: &str, shown: &Value| -> Vec<(String, String)> {
        let terms = shown["terms"].as_array().expect("terms").clone();
        let own = terms.iter().filter(|term| term["step"] == "fix" && term["kind"] == kind);
        own.map(|term| (term["end"].as_str().expect("a day").to_owned(), term["of"].to_string())).collect()
    };
    let (cold, rest) = (r#"["critical","cold food"]"#, r#"["minor","floor","lamp"]"#);
    let day = |day: &str, of: &str| (day.to_owned(), of.to_owned());
    assert_eq!(of("due", &shown), [day("2026-03-04", cold), day("2026-04-02", rest)]);
    assert_eq!(desk.json(["tick", "--at", "2026-03-05T09:00"])["escalated"], 1);
    assert_eq!(desk.json(["tick", "--at", "2026-04-03T09:00"])["escalated"], 2);
    let text = out(&desk.run(["order", "show", "xi-1", "--at", "2026-04-03T10:00"]));
    assert!(text.contains("“See the problems put right”超期，第 1 级督办（critical、cold food）"), "{text}");
    assert!(text.contains("“See the problems put right”超期，第 1 级督办（minor、floor、lamp）"), "{text}");
    let why = out(&desk.run(["explain", "order", "xi-1", "--at", "2026-04-03T10:00"]));
    assert!(
        why.contains("到 2026-04-02，依表单里填的 inspect.problems.level（minor、floor、lamp）"),
        "{why}"
    );
    let inbox = out(&desk.run(["inbox", "--as", "HEAD", "--at", "2026-04-03T10:00"]));
    assert!(
        inbox.contains("涉及：critical、cold food") && inbox.contains("涉及：minor、floor、lamp"),
        "{inbox}"
    );
    let own = out(&desk.run(["inbox", "--as", "P1", "--at", "2026-04-03T10:00"]));
    assert!(own.contains("其中 2026-03-04 前：critical、cold food"), "{own}");
    // Each of them opens an order of its own where its level says so.
    desk.json(["tick", "--at", "2026-04-06T09:00"]);
    let shown = desk.json(["order", "show", "xi-1", "--at", "2026-04-06T10:00"]);
    assert_eq!(shown["sub_orders"], json!(["xi-2", "xi-3"]));
    act(&desk, "xi-1", "complete", "P1", "2026-04-06T11:00");
    let args = ["effective", "severity", "--station", "xi", "--on", "2026-03-02", "--prose"];
    let effective = out(&desk.run(args));
    let own = "按表单里填的 inspect.problems.level：critical 24 小时、major 5 自然日、minor 30 自然日，其余 30 自然日";
    assert!(effective.contains(own), "{effective}");
    verified(&desk);
}

/// Days of rest that only the later of two terms comes through move that one alone.
#[test]
fn a_calendar_moves_each_of_several_terms() {
    let mut desk = Desk::new("tests/cases/city");
    let folder = desk.path("policy");
    copy_policy(&desk.policy, &folder);
    desk.policy = folder;
    let edit = |path: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(desk.policy.join(path)).expect("a file");
        assert!(text.contains(from), "{path}");
        std::fs::write(desk.policy.join(path), text.replace(from, to)).expect("written");
    };
    edit("bureau.yaml", "calendar: plain", "calendar: cn");
    let years =
        |rest: &str| format!("calendar: cn\nyears:\n  2026: {{notice: 测试, rest: [{rest}], work: []}}\n");
    std::fs::write(desk.policy.join("calendars/cn.yaml"), years("2026-01-01")).expect("written");
    register(&desk);
    open(&desk, "itemised");
    let problems = json!([{"项目": "灯", "整改期限": "2026-03-06"}]);
    fill(&desk, "xi-1", "2026-03-03T10:00", &json!({"发现的问题": problems}));
    let ends = |at: &str| -> Vec<String> {
        let shown = desk.json(["order", "show", "xi-1", "--at", at]);
        let terms = shown["terms"].as_array().expect("terms").clone();
        let own = terms.iter().filter(|term| term["step"] == "fix" && term["kind"] == "due");
        own.map(|term| term["end"].as_str().expect("a day").to_owned()).collect()
    };
    assert_eq!(ends("2026-03-03T11:00"), ["2026-03-06", "2026-03-31"]);
    std::fs::write(desk.path("cal.yaml"), years("2026-01-01, 2026-03-10..2026-03-11")).expect("written");
    let import = ["calendar", "import", "cal.yaml", "--as", "L1", "--at", "2026-03-04T08:00"];
    let moves = desk.json(import)["moves"].clone();
    assert_eq!(moves, json!([{"order": "xi-1", "from": "2026-03-31", "to": "2026-04-02"}]));
    assert_eq!(ends("2026-03-04T09:00"), ["2026-03-06", "2026-04-02"]);
    assert_eq!(desk.json(["tick", "--at", "2026-04-02T09:00"])["escalated"], 1);
    assert_eq!(desk.json(["tick", "--at", "2026-04-03T09:00"])["escalated"], 1);
    act(&desk, "xi-1", "complete", "P1", "2026-04-03T10:00");
    verified(&desk);
}

#[test]
fn a_sub_order_has_its_own_window_and_sees_what_its_parent_found() {
    let desk = desk();
    open(&desk, "rounds");
    let found = json!([{"项目": "消防通道", "level": "critical"}]);
    fill(&desk, "xi-1", "2026-03-03T10:00", &json!({"发现的问题": found, "处理期限": "2026-04-10"}));
    let shown = desk.json(["order", "show", "xi-2", "--at", "2026-03-03T11:00"]);
    assert_eq!((&shown["parent"], &shown["due"]), (&"xi-1".into(), &"2026-04-10".into()));
    act(&desk, "xi-2", "complete", "HEAD", "2026-03-04T10:00");
    let shown = desk.json(["order", "show", "xi-2", "--at", "2026-03-04T11:00"]);
    assert_eq!(shown["step"], "punish");
    let went = shown["history"].as_array().expect("lines").iter().find(|line| line["event"] == "went");
    let read = &went.expect("it went on")["data"]["inputs"]["parent"]["visit"];
    assert_eq!(read["found"][0]["item"], "消防通道", "{read}");
    act(&desk, "xi-2", "complete", "HEAD", "2026-03-05T10:00");
    assert_eq!(desk.json(["order", "show", "xi-1", "--at", "2026-03-05T11:00"])["state"], "done");
    verified(&desk);
}

#[test]
fn a_part_begins_again_and_is_over_early() {
    let desk = desk();
    open(&desk, "jointly");
    act(&desk, "xi-1", "complete", "HEAD", "2026-03-02T10:00");
    for (action, at) in
        [("抽到", "2026-03-02T11:00"), ("重抽", "2026-03-03T10:00"), ("抽不到", "2026-03-04T10:00")]
    {
        act(&desk, "xi-1", action, "P1", at);
    }
    act(&desk, "xi-1", "complete", "HEAD", "2026-03-05T10:00");
    let shown = desk.json(["order", "show", "xi-1", "--at", "2026-03-05T11:00"]);
    assert_eq!(shown["step"], "decide");
    verified(&desk);
}
