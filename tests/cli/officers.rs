//! People from the command line: what is laid down is kept, recorded, and refused with a reason.

use std::fs;

use serde_json::{Value, json};

use super::{Desk, out};

const ROSTER: &str = "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\n\
P01,赵一,dongguan,监管人员,执001,2027-12-31\n\
P04,李四,dongguan,监管人员,执004,2026-02-28\n\
P07,郑七,dongguan,所长,执007,2027-12-31\n\
D01,陈局,,分管局长,,\n\
D02,林局,,机关负责人,,\n";

fn desk() -> Desk {
    let desk = Desk::new("");
    let station = fs::read_to_string(super::root().join("register/stations.csv")).expect("stations");
    let station = station.lines().nth(1).and_then(|line| line.split(',').next()).expect("a station");
    fs::write(desk.path("officers.csv"), ROSTER.replace("dongguan", station)).expect("writes");
    assert!(desk.run(["apply", "--as", "P07"]).status.success());
    desk.json(["import", "officers", "officers.csv"]);
    let subject =
        "统一社会信用代码,名称,管辖所,行业代码,成立日期,信用等级\nS1,示例店,dongguan,5223,2020-01-01,B\n";
    fs::write(desk.path("subjects.csv"), subject.replace("dongguan", station)).expect("writes");
    desk.json(["import", "subjects", "subjects.csv"]);
    desk
}

/// Entries have letters composed; what is typed may have letters and their marks apart.
#[test]
fn a_paper_named_in_letters_and_marks_apart_verifies() {
    let desk = desk();
    let paper = "授权书 e\u{301}";
    desk.json([
        "officer",
        "delegate",
        "P07",
        "--taker",
        "P04",
        "--from",
        "2026-03-02",
        "--to",
        "2026-03-06",
        "--document",
        paper,
        "--as",
        "D02",
        "--at=2026-03-02",
    ]);
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
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
        "D02",
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
    assert_eq!(
        states,
        [("D01", "serving"), ("D02", "serving"), ("P01", "serving"), ("P04", "left"), ("P07", "serving")]
    );
    let shown = out(&desk.run(["officer", "show", "P01", "--at=2026-03-03"]));
    for word in [
        "赵一",
        "p01@example.org",
        "2026-03-01 – 2026-03-01  替班：李四 P04",
        "陈局 D01 → 赵一 P01",
        "S1  回避决定2026-1",
    ] {
        assert!(shown.contains(word), "{word} is not in\n{shown}");
    }
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

#[test]
fn posts_with_days_and_addresses_come_with_the_list_and_change_nothing_twice() {
    let desk = desk();
    let heading = "工号,姓名,所属工商所,角色,电子邮箱,任职起,任职止\n";
    let list = |rows: &str| {
        fs::write(desk.path("posts.csv"), format!("{heading}{rows}")).expect("writes");
        let said = desk.json(["import", "officers", "posts.csv", "--at=2026-03-02"]);
        [&said["added"], &said["changed"], &said["unchanged"]].map(|count| count.as_i64().expect("a count"))
    };
    let events = || desk.json(["verify"])["events"].as_i64().expect("a count");
    let first = "N01,新一,,法制科、监察室,n01@bureau.example,2026-01-01,2026-06-30\nN02,新二,,法制科,,,\n";
    assert_eq!(list(first), [2, 0, 0]);
    let after = events();
    assert_eq!((list(first), events()), ([0, 0, 2], after), "the same file again changes nothing");
    let story = desk.json(["officer", "show", "N01", "--at=2026-03-02"]);
    assert_eq!(story["email"], "n01@bureau.example");
    assert_eq!(
        story["posts"],
        json!([
            {"role": "法制科", "from": "2026-01-01", "until": "2026-06-30"},
            {"role": "监察室", "from": "2026-01-01", "until": "2026-06-30"},
        ])
    );
    assert_eq!(desk.json(["officer", "show", "N01", "--at=2026-07-01"])["roles"], json!([]));
    // A blank says nothing; a post that begins on the same day is the same post.
    let second = "N01,新一,,法制科、监察室,,2026-01-01,2026-12-31\nN02,新二,,法制科,n02@bureau.example,,\n";
    assert_eq!(list(second), [0, 2, 0]);
    let story = desk.json(["officer", "show", "N01", "--at=2026-07-01"]);
    assert_eq!(
        (&story["email"], &story["roles"]),
        (&json!("n01@bureau.example"), &json!(["法制科", "监察室"]))
    );
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
    let file = rusqlite::Connection::open(desk.path("wubu.db")).expect("the database");
    let mut found = file.prepare("SELECT kind, body FROM ledger").expect("the ledger");
    let rows = found.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    let entries: Vec<(String, String)> = rows.map(|row| row.expect("an entry")).collect();
    assert_eq!(entries.iter().filter(|(kind, _)| kind == "people.imported").count(), 2);
    assert!(entries.iter().all(|(_, body)| !body.contains("bureau.example")), "no address is in the record");
}

#[test]
fn what_may_not_be_laid_down_is_refused_and_leaves_nothing() {
    let desk = desk();
    let before = desk.json(["verify"])["events"].clone();
    let refused: [(&str, &[&str]); 12] = [
        ("R020", &["left", "P0l", "--on", "2026-03-02", "--as", "P07"]),
        ("R020", &["left", "P01", "--on", "2026-03-02", "--as", "nobody"]),
        ("R150", &["left", "P07", "--on", "2026-03-02", "--as", "P01"]),
        ("R150", &["email", "P04", "--address", "x@example.org", "--as", "P01"]),
        ("R150", &["leave", "D01", "--from", "2026-03-05", "--to", "2026-03-06", "--as", "P07"]),
        ("R151", &["post", "P07", "--role", "监管人员", "--as", "P07"]),
        ("R152", &["post", "P01", "--role", "分管局长", "--as", "P07"]),
        ("R152", &["post", "P01", "--role", "机关负责人", "--as", "D01"]),
        ("R034", &["leave", "P01", "--from", "2026-03-05", "--to", "2026-03-01", "--as", "P07"]),
        ("R039", &["post", "P01", "--role", "付所长", "--as", "P07"]),
        (
            "R037",
            &["conflict", "P07", "--subject", "S1", "--decided-by", "P07", "--document", "一", "--as", "D01"],
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
                "D01",
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

/// Who is no officer of a grid any more has no more patrols of it; whoever goes along with another stays.
#[test]
fn a_grid_that_gets_another_officer_takes_its_open_patrols_along() {
    let desk = Desk::new("");
    let at = |args: [&str; 3], moment: &str| {
        let [command, kind, text] = args;
        std::fs::write(desk.path(kind), text).expect("a file");
        let file = desk.path(kind).display().to_string();
        desk.json([command, kind, &file, "--at", moment])
    };
    at(
        [
            "import",
            "officers",
            "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\n\
            P001,甲,dongguan,监管人员,C1,2030-12-31\nP002,乙,dongguan,监管人员,C2,2030-12-31\n\
            P003,丙,dongguan,监管人员,C3,2030-12-31\nCMD,令,dongguan,指挥中心,,\nHEAD,所,dongguan,所长,,\n",
        ],
        "2026-03-02T06:00",
    );
    at(
        [
            "import",
            "subjects",
            "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查\n\
            试-1,试-1,dongguan,G01,5223,2020-01-01,B,2025-12-20\n",
        ],
        "2026-03-02T06:00",
    );
    desk.json(["tick", "--at", "2026-03-02T08:00"]);
    desk.json(["order", "act", "dongguan-1", "complete", "--as", "CMD", "--at", "2026-03-02T09:00"]);
    let holders =
        |moment: &str| desk.json(["order", "show", "dongguan-1", "--at", moment])["assignees"].clone();
    assert_eq!(holders("2026-03-02T09:01"), json!(["P001", "P002"]));
    let grids = "编号,名称,所属工商所,主责人员,后备人员\nG01,东关街片区,dongguan,P003,P002\n";
    std::fs::write(desk.path("grids"), grids).expect("a file");
    let file = desk.path("grids").display().to_string();
    desk.json(["import", "grids", &file, "--at", "2026-03-02T10:00"]);
    assert_eq!(holders("2026-03-02T10:01"), json!(["P002", "P003"]));
    let told = desk.json(["order", "show", "dongguan-1", "--at", "2026-03-02T10:01"]);
    let last = told["history"].as_array().and_then(|lines| lines.last()).expect("a history");
    assert_eq!((&last["event"], &last["data"]["because"]), (&json!("handed-over"), &json!("grid")));
    assert_eq!(desk.json(["verify", "--at", "2026-03-02T10:02"])["problems"], json!([]));
}
