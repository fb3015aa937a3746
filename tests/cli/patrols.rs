//! What a patrol's form may say, and the files that come with it.

use serde_json::{Value, json};

use super::moments::{desk, opened, refusal};
use super::{Desk, err, out};

/// When the patrol was, and when it is handed in.
const ARRIVED: &str = "2026-03-05T10:00";
const AT: &str = "2026-03-05T11:00";

/// An order at its patrol, with a photo and a signature beside the form.
pub(super) struct Patrol {
    pub(super) desk: Desk,
    by: String,
}

impl Patrol {
    fn new() -> Self {
        Self::at(desk())
    }

    /// The same by a copy of the shipped policy that may be edited.
    pub(super) fn with_own_policy() -> Self {
        Self::at(opened(Desk::with_own_policy()))
    }

    pub(super) fn at(desk: Desk) -> Self {
        let issued = ["order", "act", "dongguan-1", "complete", "--as", "CMD", "--at", "2026-03-03T09:00"];
        assert_eq!(refusal(&desk, issued), "");
        for (name, end) in [("p.png", "1"), ("s.png", "2"), ("q.png", "3")] {
            std::fs::write(desk.path(name), png(end)).expect("a file");
        }
        let shown = desk.json(["order", "show", "dongguan-1", "--at", AT]);
        let by = shown["assignees"][0].as_str().expect("somebody").to_owned();
        Self { desk, by }
    }

    /// Hands in a form in which these fields are otherwise.
    fn hand_in(&self, otherwise: &Value, more: [&str; 4]) -> std::process::Output {
        let mut form = json!({
            "到场时间": ARRIVED,
            "检查项目": {"主体资格": "符合", "前置许可": "符合", "商品身份信息": "符合", "供货渠道": "符合", "商品质量": "符合"},
            "problems": [], "photos": ["p.png"], "party": "s.png",
        });
        for (field, value) in otherwise.as_object().expect("fields") {
            form[field] = value.clone();
        }
        std::fs::write(self.desk.path("form.json"), form.to_string()).expect("a file");
        let path = self.desk.path("form.json").display().to_string();
        let act = ["order", "act", "dongguan-1", "complete", "--as", &self.by, "--form", &path, "--at", AT];
        let more = more.into_iter().filter(|word| !word.is_empty());
        self.desk.command().args(["--format", "json"]).args(act).args(more).output().expect("starts")
    }

    /// What is told of a form that is refused; nothing of one that is taken.
    pub(super) fn told(&self, otherwise: &Value) -> String {
        err(&self.hand_in(otherwise, [""; 4]))
    }
}

fn png(end: &str) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n", end.as_bytes()].concat()
}

#[test]
fn a_bad_answer_wants_its_problem() {
    let patrol = Patrol::new();
    let items = json!({"主体资格": "符合", "前置许可": "不符合", "商品身份信息": "不符合", "供货渠道": "符合", "商品质量": "不适用"});
    let with = |problems: Value| json!({"检查项目": items, "problems": problems});
    let told = patrol.told(&with(json!([])));
    assert!(told.contains("R100") && told.matches("R173").count() == 2, "{told}");
    assert!(told.contains("“前置许可”答了“不符合”"), "{told}");
    let other = json!([{"item": "前置许可", "level": "一般"}, {"item": "供货渠道", "level": "重大"}, {"level": "重大"}]);
    let told = patrol.told(&with(other));
    assert!(told.matches("R173").count() == 1 && told.contains("“商品身份信息”"), "{told}");
    let named = json!([{"item": "前置许可", "level": "一般"}, {"项目": "商品身份信息", "level": "一般"}]);
    assert_eq!(patrol.told(&with(named)), "");
    let order = patrol.desk.json(["order", "show", "dongguan-1", "--at", "2026-03-05T12:00"]);
    assert_eq!(order["step"], "guidance");
}

/// An officer who heard no answer hands the same in again (rule 18), wherever the order is by then.
#[test]
fn the_same_hand_in_has_the_same_answer() {
    let patrol = Patrol::new();
    let again = || {
        let done = patrol.hand_in(&json!({}), ["--key", "k1", "--attach", "photos=q.png"]);
        assert!(done.status.success(), "{}", err(&done));
        serde_json::from_slice::<Value>(&done.stdout).expect("JSON")
    };
    let first = again();
    assert_eq!((&first["step"], &first["repeated"]), (&json!("review"), &json!(false)));
    let mut told = again();
    assert_eq!(told["repeated"], true);
    told["repeated"] = json!(false);
    assert_eq!(told, first);
    let returned = ["order", "act", "dongguan-1", "退回", "--as", "HEAD", "--reason", "补充", "--at", AT];
    assert_eq!(refusal(&patrol.desk, returned), "");
    assert_eq!(again()["repeated"], true);
    let other = patrol.hand_in(&json!({"photos": ["q.png"]}), ["--key", "k1", "", ""]);
    assert!(err(&other).contains("R122"), "{}", err(&other));
}

/// From a problem that was found to its revisit, line by line, each with the minute at which it is typed.
pub(super) const TO_THE_REVISIT: [(&str, &str); 9] = [
    ("2026-03-05T11:01", "order act dongguan-1 sign --as P02"),
    ("2026-03-05T11:02", "order act dongguan-2 建议 --as P01"),
    ("2026-03-05T11:03", "order act dongguan-2 sign --as P02"),
    ("2026-03-05T11:04", "order act dongguan-2 同意 --as HEAD"),
    ("2026-03-05T11:05", "order act dongguan-2 complete --as P01"),
    ("2026-03-05T11:06", "order act dongguan-2 sign --as P02"),
    ("2026-03-05T11:07", "order act dongguan-1 同意 --as HEAD"),
    ("2026-04-15T08:00", "tick"),
    ("2026-04-15T08:01", "order show dongguan-1 --form"),
];

/// The form asks for each problem by name and for its photo; the paper tells what each visit found from the other.
#[test]
fn a_revisit_asks_for_what_was_found_and_says_what_it_found_itself() {
    let patrol = Patrol::new();
    let bad = json!({"检查项目": {"主体资格": "符合", "前置许可": "符合", "商品身份信息": "符合",
                     "供货渠道": "不符合", "商品质量": "符合"},
        "problems": [{"item": "供货渠道", "level": "一般", "note": "没有票"}]});
    assert_eq!(patrol.told(&bad), "");
    let desk = &patrol.desk;
    let run = |at: &str, line: &str| {
        let done = desk.command().args(line.split(' ')).args(["--at", at]).output().expect("starts");
        assert!(done.status.success(), "{line}: {}", err(&done));
        [out(&done), err(&done)].concat()
    };
    let [.., form] = TO_THE_REVISIT.map(|(at, line)| run(at, line));
    for words in ["\"项目\": \"供货渠道\"", "已整改 / 未整改", "--attach \"整改后照片=照片文件名.jpg\""]
    {
        assert!(form.contains(words), "{words} is not in\n{form}");
    }
    assert!(!form.contains("可以不填"), "{form}");
    let answer =
        json!({"到场时间": "2026-04-15T09:00", "逐项整改情况": [{"项目": "供货渠道", "整改情况": "已整改"}]});
    std::fs::write(desk.path("r.json"), answer.to_string()).expect("a file");
    let handed = format!(
        "order act dongguan-1 complete --as P01 --form {} --attach 整改后照片={}",
        desk.path("r.json").display(),
        desk.path("q.png").display()
    );
    run("2026-04-15T10:00", &handed);
    let page = run("2026-04-15T10:01", "document render dongguan-1/3");
    let (before, now) = page.split_once("整改复查情况</h2>").expect("two parts");
    assert!(before.contains("前次检查发现的问题") && before.contains("供货渠道；一般；没有票"), "{before}");
    assert!(now.contains("已整改") && now.contains("2026年4月15日 09:00") && now.contains("1 份"), "{now}");
    assert!(!page.contains("2026年3月5日 10:00") && !page.contains("不符合"), "{page}");
}

#[test]
fn whoever_sends_work_back_without_a_word_is_told() {
    let patrol = Patrol::new();
    assert_eq!(patrol.told(&json!({})), "");
    let returned = ["order", "act", "dongguan-1", "退回", "--as", "HEAD", "--at", AT];
    let kept = patrol.desk.database();
    for (said, is_told) in [
        (&[][..], true),
        (&["--reason", "  "], true),
        (&["--note", ""], true),
        (&["--reason", "补充"], false),
        (&["--note", "补充"], false),
    ] {
        std::fs::write(patrol.desk.path("wubu.db"), &kept).expect("the database");
        for beside in ["wubu.db-wal", "wubu.db-shm"] {
            let _ = std::fs::remove_file(patrol.desk.path(beside));
        }
        let done = patrol.desk.command().args(returned).args(said).output().expect("starts");
        assert!(done.status.success(), "{said:?}: {}", err(&done));
        assert_eq!(err(&done).contains("没有写退回的理由"), is_told, "{said:?}: {}", err(&done));
    }
}

#[test]
fn a_form_names_only_files_that_lie_beside_it() {
    let patrol = Patrol::new();
    let outside = tempfile::tempdir().expect("a folder");
    let secret = outside.path().join("secret.png");
    std::fs::write(&secret, png("4")).expect("a file");
    std::os::unix::fs::symlink(&secret, patrol.desk.path("link.png")).expect("a link");
    let absolute = secret.display().to_string();
    let inside = patrol.desk.path("p.png").display().to_string();
    let up = format!("../{}/p.png", patrol.desk.dir.path().file_name().expect("a name").to_string_lossy());
    for (file, code) in [
        (absolute.as_str(), "R171"),
        (&inside, "R171"),
        (&up, "R171"),
        ("link.png", "R171"),
        ("none.png", "R170"),
        (".", "R170"),
    ] {
        for form in [json!({"photos": ["p.png", file]}), json!({"当事人签名": file})] {
            let mut form = form;
            if form.get("当事人签名").is_some() {
                form["party"] = Value::Null;
            }
            let told = patrol.told(&form);
            assert!(told.contains(code), "{file}: {told}");
        }
    }
    let named = patrol.hand_in(&json!({}), ["--attach", "照片=q.png", "", ""]);
    assert!(err(&named).contains("R172") && err(&named).contains("现场照片"), "{}", err(&named));
    let kept = patrol.desk.json(["order", "show", "dongguan-1", "--at", AT]);
    assert_eq!(kept["step"], "patrol");
}
