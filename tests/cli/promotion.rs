//! A station's measure is proposed to the bureau: what would change, what speaks for it, who has it already.

use std::fs;

use serde_json::{Value, json};

use super::moments::refusal;
use super::{Desk, err, out};

const WORKFLOW: &str = "workflow: complaint\ntitle: 投诉核查\nnoun: 核查单\nfor: subject\neffective: 2026-01-01\nrunning: keep\n\
steps:\n  check:\n    title: 核查\n    who: {role: 所长, station: subject.station}\n    due: 5 工作日   # 自登记之日起\n    \
overdue: [{after: 0 工作日, level: 1, tell: 经办人}]\n    next: [{go: file}]\n  \
file: {title: 归档, who: {role: 所长, station: subject.station}, end: true}\n\
station_may: [{path: \"steps.*.due\", change: shorten, floor: 1 工作日}]\n";

/// Faster checks at one station in June.
const OVERLAY: &str = "overlay: 东关-快查\nstation: dongguan\nbase: {}\nvalid: {from: 2026-06-01, to: 2026-06-30}\n\
reason: 所务会 2026-05-12 第 4 项\nauthor: 东关所所长\ntighten: {complaint.steps.check.due: 2 工作日}\n";

/// What another station has of its own, a day longer.
const NEIGHBOUR: &str = "overlay: 西河-快查\nstation: xihe\nbase: {}\nvalid: {from: 2026-06-08, to: 2026-12-31}\n\
reason: 所务会\nauthor: 西河所所长\ntighten: {complaint.steps.check.due: 3 工作日}\n";

const OFFICERS: &str = "工号,姓名,所属工商所,角色\nHD,东所,dongguan,所长\nHX,西所,xihe,所长\nHN,南所,nanmen,所长\nLAW,法,,法制科\nDEP,副,,分管局长\n";

/// A desk whose policy has the measure, without a database.
fn folder() -> Desk {
    let desk = Desk::with_own_policy();
    desk.put("workflows/complaint.yaml", WORKFLOW);
    desk.put("stations/dongguan/overlay.yaml", OVERLAY);
    desk
}

/// The life of one order: which subject, whose it is, when it is opened, and how it ends when.
struct Course {
    subject: &'static str,
    by: &'static str,
    opened: &'static str,
    ends: Option<(&'static str, &'static str)>,
}

const fn course(
    subject: &'static str,
    by: &'static str,
    opened: &'static str,
    ends: Option<(&'static str, &'static str)>,
) -> Course {
    Course { subject, by, opened, ends }
}

/// May and the first days of June at three stations.
const COURSES: [Course; 10] = [
    course("东1", "HD", "2026-05-11", Some(("complete", "2026-05-13"))),
    course("东2", "HD", "2026-05-11", Some(("complete", "2026-05-21"))),
    course("东3", "HD", "2026-05-11", Some(("cancel", "2026-05-21"))),
    course("东4", "HD", "2026-06-01", Some(("complete", "2026-06-02"))),
    course("东5", "HD", "2026-06-01", Some(("complete", "2026-06-03"))),
    course("东6", "HD", "2026-06-01", None),
    course("东7", "HD", "2026-06-09", None),
    course("西1", "HX", "2026-06-01", Some(("complete", "2026-06-05"))),
    course("西2", "HX", "2026-06-01", None),
    course("南1", "HN", "2026-05-12", Some(("complete", "2026-05-13"))),
];

/// The days on which something happens, or has become late.
const DAYS: [&str; 12] = [
    "2026-05-11",
    "2026-05-12",
    "2026-05-13",
    "2026-05-19",
    "2026-05-21",
    "2026-06-01",
    "2026-06-02",
    "2026-06-03",
    "2026-06-04",
    "2026-06-05",
    "2026-06-09",
    "2026-06-10",
];

/// Lives through some of them, from the first day on which something happens.
fn lived(courses: &[Course]) -> Desk {
    let desk = folder();
    let stations = [("HD", "dongguan"), ("HX", "xihe"), ("HN", "nanmen")];
    let station = |by: &str| stations.iter().find(|(known, _)| *known == by).expect("a chief").1;
    let heading = "统一社会信用代码,名称,管辖所,行业代码,成立日期,上次巡查".to_owned();
    let row = |Course { subject, by, .. }: &Course| {
        format!("{subject},{subject},{},5223,2020-01-01,2026-05-01", station(by))
    };
    let subjects = [heading].into_iter().chain(courses.iter().map(row)).collect::<Vec<_>>().join("\n");
    for (kind, text) in [("officers", OFFICERS.to_owned()), ("subjects", subjects)] {
        fs::write(desk.path(kind), text).expect("a file");
        let file = desk.path(kind).display().to_string();
        assert_eq!(desk.json(["import", kind, &file, "--at", "2026-05-08T06:00"])["rejected"], 0);
    }
    let mut numbers: Vec<String> = vec![String::new(); courses.len()];
    let first = courses.iter().map(|course| course.opened).min().unwrap_or("2027-01-01");
    for day in DAYS.into_iter().filter(|day| *day >= first) {
        desk.json(["tick", "--at", &format!("{day}T08:00")]);
        for (course, number) in courses.iter().zip(&mut numbers) {
            let at = format!("{day}T10:00");
            if course.opened == day {
                let args = [
                    "order",
                    "open",
                    "complaint",
                    "--subject",
                    course.subject,
                    "--as",
                    course.by,
                    "--at",
                    &at,
                ];
                desk.json(args)["id"].as_str().expect("an id").clone_into(number);
            }
            let Some((act, _)) = course.ends.filter(|(_, on)| *on == day) else { continue };
            let times = if act == "complete" { 2 } else { 1 };
            for _ in 0..times {
                let args =
                    ["order", "act", number, act, "--as", course.by, "--reason", "已经办过", "--at", &at];
                assert_eq!(refusal(&desk, args), "", "{number} {act} {day}");
            }
        }
    }
    desk
}

const NOW: &str = "2026-06-10T12:00";

#[test]
fn a_meeting_sees_how_much_was_in_time_with_it_and_without() {
    let desk = lived(&COURSES);
    desk.put("stations/xihe/overlay.yaml", NEIGHBOUR);
    // The neighbour's three days would be looser than the bureau's two: the proposal is told, and does not hold.
    let told = |at: &str| -> Value {
        let run = desk.run(["promote", "stations/dongguan", "--format", "json", "--at", at]);
        assert_eq!(run.status.code(), Some(1), "{}", err(&run));
        serde_json::from_slice(&run.stdout).expect("JSON")
    };
    let (told, later) = (told(NOW), told("2026-06-30T12:00"));
    let timeliness = &told["timeliness"];
    assert_eq!(timeliness["period"], json!({"from": "2026-06-01", "to": "2026-06-10"}));
    assert_eq!(timeliness["before"], json!({"from": "2026-05-22", "to": "2026-05-31"}));
    // Nothing was opened in the ten days before; what is open and in time is not counted.
    let none = json!({"on_time": 0, "counted": 0});
    let lines: Vec<Value> = timeliness["lines"].as_array().expect("lines").clone();
    let whole = json!({"workflow": "complaint", "step": null, "title": "投诉核查",
        "with": {"on_time": 2, "counted": 3}, "before": none, "others": {"on_time": 1, "counted": 2}});
    let step = json!({"workflow": "complaint", "step": "check", "title": "核查",
        "with": {"on_time": 2, "counted": 3}, "before": none, "others": {"on_time": 1, "counted": 2}});
    assert_eq!(lines, [whole, step]);
    // At the end of June the days before reach back to those of May: one in time, one late, one cancelled.
    assert_eq!(later["timeliness"]["lines"][1]["before"], json!({"on_time": 1, "counted": 2}));
    let adoption = &told["adoption"][0];
    assert_eq!(
        (&adoption["address"], &adoption["value"]),
        (&json!("complaint.steps.check.due"), &json!("2 工作日"))
    );
    let stations: Vec<&Value> = adoption["stations"].as_array().expect("stations").iter().collect();
    let of = |id: &str| stations.iter().find(|station| station["station"] == id).expect("a station");
    assert_eq!((&of("xihe")["adoption"], &of("xihe")["value"]), (&json!("looser"), &json!("3 工作日")));
    assert_eq!((&of("nanmen")["adoption"], &of("nanmen")["value"]), (&json!("bureau"), &json!("5 工作日")));
    let said = out(&desk.run(["promote", "stations/dongguan", "--at", NOW]));
    for words in [
        "1. 核查：办理时限 2 工作日。【原为 5 工作日】",
        "2/3 (66.6%)",
        "无（没有可计的）",
        "西河工商所（3 工作日）",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn a_proposal_is_a_folder_that_is_checked_and_applied_like_any_other() {
    let desk = lived(&[]);
    let proposal = desk.path("proposal");
    let dir = proposal.display().to_string();
    let told = desk.json(["promote", "stations/dongguan/overlay.yaml", "--out", &dir, "--at", NOW]);
    assert_eq!(
        (&told["is_sound"], &told["removed"]),
        (&json!(true), &json!(["stations/dongguan/overlay.yaml"]))
    );
    let text = fs::read_to_string(proposal.join("workflows/complaint.yaml")).expect("a text");
    assert_eq!(text, WORKFLOW.replace("due: 5 工作日", "due: 2 工作日"));
    assert!(!proposal.join("stations/dongguan/overlay.yaml").exists());
    // What is in force is what it was; a second proposal does not fall on the first.
    let due = |station: &str, at: &str| {
        let text = desk.json(["effective", "complaint", "--station", station, "--at", at]);
        text["lines"][0]["value"].as_str().expect("a value").to_owned()
    };
    assert_eq!((due("dongguan", NOW).as_str(), due("nanmen", NOW).as_str()), ("2 工作日", "5 工作日"));
    let again = desk.run(["promote", "东关-快查", "--out", &dir, "--at", NOW]);
    assert_eq!(again.status.code(), Some(2));
    assert!(err(&again).contains("U003"), "{}", err(&again));
    let next = |command: &[&str]| {
        let mut run = desk.command();
        run.args(["--policy", &dir])
            .args(command)
            .args(["--at", "2026-06-10T13:00"])
            .output()
            .expect("starts")
    };
    assert!(next(&["check"]).status.success());
    let applied = next(&["apply", "--reason", "局务会", "--as", "LAW"]);
    assert!(applied.status.success(), "{}", err(&applied));
    for station in ["dongguan", "xihe", "nanmen"] {
        assert_eq!(due(station, "2026-06-10T14:00"), "2 工作日", "{station}");
    }
}

#[test]
fn without_a_database_there_is_what_changes_and_no_more() {
    let desk = folder();
    let told = desk.json(["promote", "dongguan", "--at", NOW]);
    assert_eq!((&told["timeliness"], &told["clauses"][0]["was"]), (&Value::Null, &json!("5 工作日")));
    let said = out(&desk.run(["promote", "dongguan", "--at", NOW]));
    assert!(said.contains("没有数据库") && said.contains("+     due: 2 工作日   # 自登记之日起"), "{said}");
    assert!(!desk.path("wubu.db").exists(), "looking makes no database");
}

/// What another station set in the bound of the old base may be looser than the new one.
#[test]
fn what_another_station_has_and_may_no_longer_have_is_named() {
    let desk = folder();
    desk.put("stations/xihe/overlay.yaml", NEIGHBOUR);
    let told = desk.run(["promote", "dongguan", "--format", "json", "--at", NOW]);
    assert_eq!(told.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    assert_eq!(told["is_sound"], false);
    let problem = &told["problems"][0];
    assert_eq!(
        (&problem["code"], &problem["file"], &problem["line"]),
        (&json!("P105"), &json!("stations/xihe/overlay.yaml"), &json!(7))
    );
    let said = out(&desk.run(["promote", "dongguan", "--at", NOW]));
    assert!(said.contains("stations/xihe/overlay.yaml:7") && said.contains("核对没有通过"), "{said}");
}

#[test]
fn what_is_meant_has_to_be_one_overlay_and_lines_of_it() {
    let desk = folder();
    let second = OVERLAY
        .replace("东关-快查", "东关-慢查")
        .replace("2026-06-01", "2026-07-01")
        .replace("06-30", "07-31");
    let listed = |text: &str| format!("- {}", text.trim_end().replace('\n', "\n  "));
    desk.put("stations/dongguan/overlay.yaml", &format!("{}\n{}\n", listed(OVERLAY), listed(&second)));
    for (args, code, said) in [
        (vec!["promote", "stations/dongguan"], "U014", "东关-慢查"),
        (vec!["promote", "stations/beimen"], "U004", "东关-快查"),
        (vec!["promote", "东关-快查", "--only", "tiers.甲.cycle"], "U004", "complaint.steps.check.due"),
    ] {
        let run = desk.command().args(&args).output().expect("starts");
        assert_eq!(run.status.code(), Some(2), "{args:?}");
        assert!(err(&run).contains(code) && err(&run).contains(said), "{args:?}: {}", err(&run));
    }
    assert_eq!(desk.json(["promote", "东关-慢查", "--at", NOW])["from"], "2026-07-01");
}

#[test]
fn a_page_for_the_meeting_stands_alone_and_falls_on_nothing_else() {
    let mut desk = lived(&COURSES[3..6]);
    let page = desk.path("meeting.html");
    let file = page.display().to_string();
    for (lang, words) in [
        ("zh", ["建议全局改为", "提出单位负责人"]),
        ("en", ["What the whole bureau would have", "For the station"]),
    ] {
        desk.lang = lang;
        // A page of the same kind may be written anew.
        assert_eq!(desk.json(["promote", "dongguan", "--html", &file, "--at", NOW])["html"], json!(file));
        let html = fs::read_to_string(&page).expect("a page");
        for words in words.iter().copied().chain(["66.6%", "所务会 2026-05-12 第 4 项", "<svg", "<table"])
        {
            assert!(html.contains(words), "{words}");
        }
        for outside in ["http:", "https:", "url(\"", "src=", "@import", "<script", "<link"] {
            assert!(!html.contains(outside), "{outside}");
        }
    }
    for other in ["wubu.db", "notes.html"] {
        if other == "notes.html" {
            fs::write(desk.path(other), "<!DOCTYPE html>\n<p>notes</p>").expect("a file");
        }
        let before = fs::read(desk.path(other)).expect("a file");
        let target = desk.path(other).display().to_string();
        let run = desk.run(["promote", "dongguan", "--html", &target, "--at", NOW]);
        assert_eq!(run.status.code(), Some(2), "{other}");
        assert!(err(&run).contains("U011"), "{}", err(&run));
        assert_eq!(fs::read(desk.path(other)).expect("a file"), before, "{other}");
    }
}
