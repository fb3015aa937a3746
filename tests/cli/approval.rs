//! Two people for a change of the policy: who activates it, and who approved it.

use serde_json::{Value, json};

use super::demo::Daemon;
use super::{Desk, copy_policy, err, root};

/// A bureau whose policy says how it comes into force, with a folder that may be edited.
fn desk(activation: &str) -> Desk {
    let mut desk = Desk::new("");
    let folder = desk.path("policy");
    copy_policy(&root(), &folder);
    desk.policy = folder;
    edit(&desk, "bureau.yaml", "activation: files\n", &format!("activation: {activation}\n"));
    desk
}

fn edit(desk: &Desk, file: &str, from: &str, to: &str) {
    let path = desk.policy.join(file);
    let text = std::fs::read_to_string(&path).expect("a policy file");
    std::fs::write(&path, text.replacen(from, to, 1)).expect("written");
}

/// Runs what must be refused; returns what was said.
fn refused<const N: usize>(desk: &Desk, args: [&str; N]) -> String {
    let output = desk.run(args);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    err(&output)
}

fn approvers(desk: &Desk) -> Vec<[Value; 2]> {
    let list = desk.json(["release", "list"]);
    let line = |line: &Value| [line["actor"].clone(), line["approved_by"].clone()];
    list.as_array().expect("a list").iter().map(line).collect()
}

#[test]
fn a_bureau_that_wants_a_second_person_gets_one() {
    let desk = desk("approved");
    let said = refused(&desk, ["apply", "--as", "张三"]);
    assert!(said.contains("R091") && said.contains("--approve"), "{said}");
    assert!(refused(&desk, ["apply", "--as", "张三", "--approve", "张三"]).contains("R038"));
    assert!(refused(&desk, ["apply", "--as", "张三", "--approve", " 张三 "]).contains("R038"));
    assert_eq!(desk.json(["release", "list"]), json!([]));
    let applied = desk.json(["apply", "--as", "张三", "--approve", "李四"]);
    assert_eq!((&applied["release"], &applied["approved_by"]), (&json!(1), &json!("李四")));
    // The same again changes nothing, so it needs nobody.
    assert_eq!(desk.json(["apply", "--as", "张三"])["release"], 1);
    // Nobody lifts the rule alone by editing it away.
    edit(&desk, "bureau.yaml", "activation: approved\n", "activation: files\n");
    assert!(refused(&desk, ["apply", "--as", "张三"]).contains("R091"));
    desk.json(["apply", "--as", "张三", "--approve", "王五"]);
    assert_eq!(approvers(&desk), [[json!("张三"), json!("李四")], [json!("张三"), json!("王五")]]);
    let file = rusqlite::Connection::open(desk.path("wubu.db")).expect("the database");
    let body: String = file
        .query_row(
            "SELECT body FROM ledger WHERE kind = 'release.activated' ORDER BY seq LIMIT 1",
            [],
            |row| row.get(0),
        )
        .expect("an entry");
    assert!(body.contains(r#""approved_by":"李四""#), "{body}");
    assert_eq!(desk.json(["verify"])["problems"], json!([]));
}

#[test]
fn a_bureau_that_asks_for_nobody_still_keeps_who_approved() {
    let desk = desk("files");
    desk.json(["apply", "--as", "张三"]);
    edit(&desk, "rules/risk.rhai", "//", "// 修订 ");
    assert!(refused(&desk, ["apply", "--as", "张三", "--approve", "张三"]).contains("R038"));
    desk.json(["apply", "--as", "张三", "--approve", "李四"]);
    assert_eq!(approvers(&desk), [[json!("张三"), Value::Null], [json!("张三"), json!("李四")]]);
}

#[test]
fn watching_only_reports_where_a_second_person_is_wanted() {
    let desk = desk("approved");
    desk.json(["apply", "--as", "张三", "--approve", "李四"]);
    edit(&desk, "rules/risk.rhai", "//", "// 修订 ");
    let mut daemon = Daemon::start(&desk, ["--watch"]);
    let said = daemon.hear("--approve");
    assert!(said.contains("另一人批准"), "{said}");
    daemon.terminate();
    assert_eq!(desk.json(["release", "list"]).as_array().map(Vec::len), Some(1));
}
