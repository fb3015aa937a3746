//! What a patrol's form may say, and the files that come with it.

use serde_json::{Value, json};

use super::moments::{desk, refusal};
use super::{Desk, err};

/// When the patrol was, and when it is handed in.
const ARRIVED: &str = "2026-03-05T10:00";
const AT: &str = "2026-03-05T11:00";

/// An order at its patrol, with a photo and a signature beside the form.
struct Patrol {
    desk: Desk,
    by: String,
}

impl Patrol {
    fn new() -> Self {
        let desk = desk();
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
    fn told(&self, otherwise: &Value) -> String {
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
