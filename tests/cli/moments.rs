//! When an act was done: as the clock says, or as somebody wrote and could have been.

use serde_json::Value;

use super::{Desk, copy_policy, err, root};

/// One order of the shipped policy, opened on 2 March 2026.
pub(super) fn desk() -> Desk {
    opened(Desk::new("."))
}

/// The same at another desk.
pub(super) fn opened(desk: Desk) -> Desk {
    let files = [
        (
            "officers",
            "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\n\
            P01,甲,dongguan,监管人员,C1,2030-12-31\nP02,乙,dongguan,监管人员,C2,2030-12-31\n\
            CMD,令,dongguan,指挥中心,,\nHEAD,所,dongguan,所长,C3,2030-12-31\nLAW,法,,法制科,,\n",
        ),
        (
            "subjects",
            "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查\n\
            试-1,试-1,dongguan,,5223,2020-01-01,B,2025-12-20\n",
        ),
    ];
    for (kind, text) in files {
        let path = desk.path(kind);
        std::fs::write(&path, text).expect("a file");
        let file = path.display().to_string();
        assert_eq!(desk.json(["import", kind, &file, "--at", "2026-03-02T06:00"])["rejected"], 0);
    }
    assert_eq!(desk.json(["tick", "--at", "2026-03-02T08:00"])["opened"], 1);
    desk
}

/// The code of a refusal; empty when it was not refused.
pub(super) fn refusal<const N: usize>(desk: &Desk, args: [&str; N]) -> String {
    let done = desk.run(args);
    if done.status.success() {
        return String::new();
    }
    assert_eq!(done.status.code(), Some(1), "{args:?}: {}", err(&done));
    let told = err(&done);
    let code = told.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| is_code(word));
    code.unwrap_or_else(|| panic!("{args:?}: no code in {told}")).to_owned()
}

fn is_code(word: &str) -> bool {
    word.len() == 4 && word.starts_with('R') && word[1..].bytes().all(|byte| byte.is_ascii_digit())
}

fn complete<'a>(by: &'a str, at: &'a str) -> [&'a str; 8] {
    ["order", "act", "dongguan-1", "complete", "--as", by, "--at", at]
}

#[test]
fn nobody_acts_before_what_happened() {
    let desk = desk();
    assert_eq!(refusal(&desk, complete("CMD", "2026-01-01T09:00")), "R007");
    assert_eq!(refusal(&desk, complete("CMD", "2026-03-02T07:59")), "R007");
    assert_eq!(refusal(&desk, complete("CMD", "2026-03-03T09:00")), "");
    let nudge = ["order", "act", "dongguan-1", "nudge", "--as", "CMD", "--at", "2026-03-03T08:59"];
    assert_eq!(refusal(&desk, nudge), "R140");
    // Beside the orders the last tick is what counts.
    for args in [
        ["officer", "left", "P02", "--on", "2026-03-01", "--as", "HEAD", "--at", "2026-03-02T07:00"],
        ["order", "open", "five-step", "--subject", "试-1", "--as", "HEAD", "--at", "2026-03-02T07:00"],
    ] {
        assert_eq!(refusal(&desk, args), "R007", "{args:?}");
    }
    assert!(desk.run(["verify"]).status.success());
}

/// What is done to papers follows what was done to their order, and to themselves.
#[test]
fn no_paper_is_handled_before_what_happened_on_its_order() {
    let desk = desk();
    assert_eq!(refusal(&desk, complete("CMD", "2026-03-03T09:00")), "");
    let on_paper =
        |act: &str, at: &str| refusal(&desk, ["document", act, "dongguan-1/1", "--as", "HEAD", "--at", at]);
    assert_eq!(on_paper("approve", "2026-03-03T08:59"), "R140");
    assert_eq!(on_paper("approve", "2026-03-03T10:00"), "");
    assert_eq!(on_paper("file", "2026-03-03T09:30"), "R140", "it was signed off later");
    assert_eq!(on_paper("file", "2026-03-03T10:30"), "");
}

#[test]
fn a_repeated_key_is_answered_whatever_its_date() {
    let desk = desk();
    let act = |at: &str| {
        desk.json(["order", "act", "dongguan-1", "complete", "--as", "CMD", "--key", "k1", "--at", at])
    };
    assert_eq!(act("2026-03-03T09:00")["repeated"], false);
    assert_eq!(act("2026-01-01T09:00")["repeated"], true);
}

/// What was done for a step that is over is kept with the moment it came and the one its sender wrote.
#[test]
fn late_records_keep_both_moments() {
    let desk = desk();
    assert_eq!(refusal(&desk, complete("CMD", "2026-03-03T09:00")), "");
    std::fs::write(desk.path("form.json"), "{\"note\": \"晚了\"}").expect("a file");
    let form = desk.path("form.json").display().to_string();
    let late = desk.json([
        "order",
        "act",
        "dongguan-1",
        "complete",
        "--as",
        "CMD",
        "--step",
        "issue",
        "--form",
        &form,
        "--at",
        "2026-03-03T08:00",
    ]);
    assert_eq!(late["late"], true);
    let shown = desk.json(["order", "show", "dongguan-1", "--at", "2026-03-04"]);
    let history = shown["history"].as_array().expect("a list");
    let late = history.iter().find(|line| line["event"] == "late").expect("told");
    let moments: Vec<&Value> = vec![&late["at"], &late["data"]["written"]];
    assert_eq!(moments, ["2026-03-03T09:00:00+08:00", "2026-03-03T08:00:00+08:00"]);
    let told = desk.run(["order", "show", "dongguan-1", "--at", "2026-03-04"]);
    assert!(super::out(&told).contains("2026-03-03 08:00"), "{}", super::out(&told));
    assert!(desk.run(["verify"]).status.success());
}

/// Where a daemon runs by the machine's clock, nobody acts ahead of it unless he says that he rehearses.
#[test]
fn nobody_acts_ahead_of_the_clock_that_a_daemon_runs_by() {
    let desk = desk();
    let ahead = "2999-01-01T09:00";
    let tick = ["tick", "--at", ahead];
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let url = crate::database::url(&desk.path("wubu.db"));
        let store = wubu::store::Store::open(&url, wubu::store::Access::Write).await.expect("opens");
        wubu::office::note_wall_time(&store, "2026-03-02T00:00:00Z".parse().expect("a moment"))
            .await
            .expect("noted");
    });
    assert_eq!(refusal(&desk, tick), "R141");
    assert_eq!(refusal(&desk, complete("CMD", ahead)), "R141");
    assert_eq!(refusal(&desk, ["tick", "--accept-clock", "--at", ahead]), "R141");
    assert_eq!(refusal(&desk, ["tick", "--accept-clock", "--at", "2026-03-01T09:00"]), "R184");
    assert_eq!(
        refusal(&desk, ["officer", "left", "P02", "--on", "2998-01-01", "--as", "HEAD", "--at", ahead]),
        "R141"
    );
    let rehearsed =
        desk.run(["order", "act", "dongguan-1", "complete", "--as", "CMD", "--at", ahead, "--rehearsal"]);
    assert!(rehearsed.status.success(), "{}", err(&rehearsed));
    let marked = "SELECT actor || ' ' || at FROM ledger WHERE kind = 'clock.rehearsed'";
    let file = rusqlite::Connection::open(desk.path("wubu.db")).expect("the database");
    let marked: Vec<String> = file
        .prepare(marked)
        .and_then(|mut found| found.query_map([], |row| row.get(0))?.collect())
        .expect("the record says that it is a rehearsal, and only where it is one");
    assert_eq!(marked, ["wubu 2999-01-01T01:00:00.000000Z"]);
}

/// A clock that ran ahead and was mended leaves nobody judged for a day that has not come (I14).
#[test]
fn an_accepted_clock_leaves_no_tier_of_a_day_ahead() {
    let desk = Desk::new(".");
    let files = [
        (
            "subjects",
            "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查\n\
            试-1,试-1,dongguan,,01,2020-01-01,B,2026-02-20\n",
        ),
        (
            "inspections",
            "编号,统一社会信用代码,日期,结果,重大问题数,一般问题数\nI-1,试-1,2026-02-20,不符合,3,0\n",
        ),
    ];
    for (kind, text) in files {
        let path = desk.path(kind);
        std::fs::write(&path, text).expect("a file");
        desk.json(["import", kind, &path.display().to_string(), "--at", "2026-03-02T06:00"]);
    }
    let tier = |at: &str| {
        assert!(desk.run(["tick", "--at", at]).status.success(), "{at}");
        desk.json(["subject", "list", "--at", at])[0]["tier"].clone()
    };
    let before = tier("2026-03-02T08:00");
    assert_ne!(tier("2028-03-02T08:00"), before, "time alone lowers it");
    assert!(desk.run(["tick", "--accept-clock", "--at", "2026-03-03T08:00"]).status.success());
    assert_eq!(tier("2026-05-20T08:00"), before);
    let file = rusqlite::Connection::open(desk.path("wubu.db")).expect("the database");
    let accepted = "SELECT actor || ' ' || at || ' ' || body FROM ledger WHERE kind = 'clock.accepted'";
    let accepted: String = file.query_row(accepted, [], |row| row.get(0)).expect("recorded");
    for word in ["系统管理员 2026-03-03T00:00:00", "\"last_tick\":\"2028-03-02T00:00:00", "\"clock\":\""]
    {
        assert!(accepted.contains(word), "{word} is not in {accepted}");
    }
    assert!(desk.run(["verify", "--at", "2026-05-21"]).status.success());
}

#[test]
fn a_database_knows_its_bureau_and_its_zone() {
    let mut desk = desk();
    let apply = ["apply", "--as", "LAW", "--at", "2026-03-02T09:00"];
    desk.policy = root().join("examples/toronto");
    assert_eq!(refusal(&desk, apply), "R142");
    let folder = desk.path("policy");
    copy_policy(&root(), &folder);
    desk.policy.clone_from(&folder);
    let file = folder.join("bureau.yaml");
    let text = std::fs::read_to_string(&file).expect("a file").replace("Asia/Shanghai", "Asia/Urumqi");
    std::fs::write(&file, text).expect("an edit");
    assert_eq!(refusal(&desk, apply), "R142");
}

/// A form tells of a visit between the order's issue and the moment it is handed in; so does an import.
#[test]
fn nobody_tells_of_a_visit_that_cannot_have_been() {
    let desk = desk();
    assert_eq!(refusal(&desk, complete("CMD", "2026-03-03T09:00")), "");
    let form = |arrived: &str| {
        let text = format!(
            "{{\"到场时间\": \"{arrived}\", \"检查项目\": {{\"主体资格\": \"符合\", \"前置许可\": \"符合\", \"商品身份信息\": \"符合\", \
             \"供货渠道\": \"符合\", \"商品质量\": \"符合\"}}, \"problems\": [], \"photos\": [\"p.png\"], \"party\": \"s.png\"}}"
        );
        std::fs::write(desk.path("form.json"), text).expect("a file");
        for (name, end) in [("p.png", "1"), ("s.png", "2")] {
            std::fs::write(desk.path(name), [b"\x89PNG\r\n\x1a\n", end.as_bytes()].concat()).expect("a file");
        }
        let path = desk.path("form.json").display().to_string();
        let at = "2026-03-05T11:00";
        let people = desk.json(["order", "show", "dongguan-1", "--at", at])["assignees"].clone();
        let by = people[0].as_str().expect("somebody").to_owned();
        refusal(&desk, ["order", "act", "dongguan-1", "complete", "--as", &by, "--form", &path, "--at", at])
    };
    for arrived in ["2027-03-05T10:00", "2025-03-05T10:00", "2026-03-05T11:01", "2026-03-02T07:59"] {
        assert_eq!(form(arrived), "R143", "{arrived}");
    }
    assert_eq!(form("2026-03-05T10:00"), "");
    // What comes late for a step that is over can as little be of another time.
    let late = |arrived: &str, at: &str| {
        std::fs::write(desk.path("late.json"), format!("{{\"到场时间\": \"{arrived}\"}}")).expect("a file");
        let path = desk.path("late.json").display().to_string();
        let act = ["order", "act", "dongguan-1", "complete", "--step", "实地巡查", "--as", "P02"];
        let done = desk.command().args(act).args(["--form", &path, "--at", at]).output().expect("starts");
        if done.status.success() { String::new() } else { err(&done) }
    };
    assert!(late("2027-03-05T10:00", "2026-03-05T12:00").contains("R143"));
    assert!(late("2026-03-02T07:00", "2026-03-05T12:00").contains("R143"));
    assert!(late("2026-03-05T10:30", "2026-03-01T09:00").contains("R140"), "before there was an order");
    assert_eq!(late("2026-03-05T10:30", "2026-03-05T12:00"), "");
    for (kind, text) in [
        (
            "inspections",
            "编号,统一社会信用代码,日期,结果,重大问题数,一般问题数\nI-1,试-1,2099-03-07,符合,0,0\n",
        ),
        (
            "subjects",
            "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查\n\
            试-9,试-9,dongguan,,5223,2020-01-01,B,2099-03-07\n",
        ),
    ] {
        std::fs::write(desk.path(kind), text).expect("a file");
        let file = desk.path(kind).display().to_string();
        let done = desk.json(["import", kind, &file, "--at", "2026-03-06"]);
        assert_eq!(done["rejected"], 1, "{kind}: {done}");
        let later = desk.json(["import", kind, &file, "--at", "2099-03-07"]);
        assert_eq!(later["rejected"], 0, "{kind}: {later}");
    }
}
