//! People from the command line: what is laid down is kept, recorded, and refused with a reason.

use std::fs;

use serde_json::{Value, json};

use super::{Desk, out};

const ROSTER: &str = "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\n\
P01,赵一,dongguan,监管人员,执001,2027-12-31\n\
P04,李四,dongguan,监管人员,执004,2026-02-28\n\
P07,郑七,dongguan,所长,执007,2027-12-31\n\
D01,陈局,,分管局长,,\n";

fn desk() -> Desk {
    let desk = Desk::new("");
    let station = fs::read_to_string(super::root().join("register/stations.csv")).expect("stations");
    let station = station.lines().nth(1).and_then(|line| line.split(',').next()).expect("a station");
    fs::write(desk.path("officers.csv"), ROSTER.replace("dongguan", station)).expect("writes");
    assert!(desk.run(["apply", "--as", "P07"]).status.success());
    desk.json(["import", "officers", "officers.csv"]);
    desk
}

#[test]
fn what_is_laid_down_about_an_officer_is_kept_and_recorded() {
    let desk = desk();
    let at = |args: [&str; 12]| desk.json(args);
    let story = at([
        "officer",
        "leave",
        "P01",
        "--from",
        "2026-03-01",
        "--to",
        "2026-03-05",
        "--substitute",
        "P04",
        "--as",
        "P07",
        "--at=2026-03-02",
    ]);
    assert_eq!(story["state"], "on-leave");
    assert_eq!(story["leaves"], json!([{"from": "2026-03-01", "to": "2026-03-05", "substitute": "P04"}]));
    let story = at([
        "officer",
        "leave",
        "P01",
        "--from",
        "2026-03-01",
        "--to",
        "2026-03-01",
        "--substitute",
        "P04",
        "--as",
        "P07",
        "--at=2026-03-02",
    ]);
    assert_eq!(story["state"], "serving", "a shortened leave replaces the first");
    let story = at([
        "officer",
        "post",
        "P07",
        "--role",
        "所长",
        "--until",
        "2026-03-01",
        "--as",
        "D01",
        "--at",
        "2026-03-02",
        "--lang=zh",
    ]);
    assert_eq!(story["roles"], json!([]), "the dated post takes the place of the imported one");
    let story = at([
        "officer",
        "conflict",
        "P01",
        "--subject",
        "S1",
        "--decided-by",
        "D01",
        "--document",
        "回避决定2026-1",
        "--as",
        "D01",
        "--at=2026-03-02",
    ]);
    assert_eq!(story["conflicts"][0]["decided_by"], "D01");
    desk.json([
        "officer",
        "delegate",
        "D01",
        "--taker",
        "P01",
        "--from",
        "2026-03-01",
        "--to",
        "2026-03-31",
        "--document",
        "委托书2026-3",
        "--as",
        "D01",
        "--at=2026-03-02",
    ]);
    desk.json(["officer", "email", "P01", "--address", "p01@example.org", "--as", "P01", "--at=2026-03-02"]);
    desk.json(["officer", "left", "P04", "--on", "2026-03-02", "--as", "D01", "--at=2026-03-02"]);
    let list = desk.json(["officer", "list", "--at=2026-03-03"]);
    let states: Vec<(&str, &str)> = list
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|line| Some((line["id"].as_str()?, line["state"].as_str()?)))
        .collect();
    assert_eq!(states, [("D01", "serving"), ("P01", "serving"), ("P04", "left"), ("P07", "serving")]);
    let shown = out(&desk.run(["officer", "show", "P01", "--at=2026-03-03"]));
    for word in ["赵一", "p01@example.org", "2026-03-01 – 2026-03-01  P04", "D01 → P01", "S1  回避决定2026-1"]
    {
        assert!(shown.contains(word), "{word} is not in\n{shown}");
    }
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

#[test]
fn what_may_not_be_laid_down_is_refused_and_leaves_nothing() {
    let desk = desk();
    let before = desk.json(["verify"])["events"].clone();
    let refused: [(&str, &[&str]); 6] = [
        ("R020", &["left", "P0l", "--on", "2026-03-02", "--as", "P07"]),
        ("R020", &["left", "P01", "--on", "2026-03-02", "--as", "nobody"]),
        ("R034", &["leave", "P01", "--from", "2026-03-05", "--to", "2026-03-01", "--as", "P07"]),
        ("R039", &["post", "P01", "--role", "付所长", "--as", "P07"]),
        (
            "R037",
            &["conflict", "P07", "--subject", "S1", "--decided-by", "P07", "--document", "一", "--as", "P07"],
        ),
        (
            "R036",
            &[
                "delegate",
                "P07",
                "--taker",
                "P07",
                "--from",
                "2026-03-01",
                "--to",
                "2026-03-02",
                "--document",
                "一",
                "--as",
                "P07",
            ],
        ),
    ];
    for (code, args) in refused {
        let output = desk.command().arg("officer").args(args).args(["--at", "2026-03-02"]).output();
        let output = output.expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(code), "{code} is not in {said}");
    }
    let after: Value = desk.json(["verify"])["events"].clone();
    assert_eq!(before, after, "a refused act leaves no entry");
}
