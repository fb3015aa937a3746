//! What somebody could get accepted that is not his to do, or is not so: each case of `authority.yaml`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::{Desk, copy, err, out};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityCase {
    case: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    r#do: Vec<String>,
    refused: Option<String>,
    #[serde(default)]
    says: Vec<String>,
    /// What the answer must not have.
    #[serde(default)]
    never: Vec<String>,
    #[serde(default)]
    rejects: Vec<String>,
}

const OFFICERS: &str = "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\n\
P01,甲,dongguan,监管人员,C1,2030-12-31\nP02,乙,dongguan,监管人员,C2,2030-12-31\n\
P03,丙,dongguan,监管人员,C9,2030-12-31\nCMD,令,dongguan,指挥中心,,\nHEAD,所,dongguan,所长,C3,2030-12-31\nKEEP,管,dongguan,文书保管员,,\n\
W01,丁,xihe,监管人员,C4,2030-12-31\nLAW,法,,法制科,,\nREG,登,,登记科,,\n\
DEP,陈局,,分管局长,,\nDEP2,卫局,,分管局长,,\nPRI,林局,,机关负责人,,\n";
const GRIDS: &str = "编号,主责人员,后备人员\nG01,P01,P02\n";
const SUBJECTS: &str = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查\n\
试-1,试-1,dongguan,G01,5223,2020-01-01,B,2025-12-20\nS-7,七,dongguan,G01,5223,2020-01-01,B,2026-02-20\n";
const BEGUN: &str = "2026-03-02T06:00";
const NOW: &str = "2026-03-02T10:00";

/// One order of the shipped policy, opened on 2 March 2026.
fn base() -> Desk {
    let desk = Desk::new(".");
    for (kind, text) in [("officers", OFFICERS), ("grids", GRIDS), ("subjects", SUBJECTS)] {
        std::fs::write(desk.path(kind), text).expect("a file");
        let file = desk.path(kind).display().to_string();
        assert_eq!(desk.json(["import", kind, &file, "--at", BEGUN])["rejected"], 0, "{kind}");
    }
    assert_eq!(desk.json(["tick", "--at", "2026-03-02T08:00"])["opened"], 1);
    desk
}

fn check(base: &Path, case: &AuthorityCase) {
    let desk = Desk::new(".");
    copy(&base.join("wubu.db"), &desk.path("wubu.db"));
    for (name, text) in &case.files {
        std::fs::write(desk.path(name), text).expect("a file");
    }
    let last = case.r#do.len() - 1;
    for (at, line) in case.r#do.iter().enumerate() {
        let own = if line.contains("--at") { &[][..] } else { &["--at", NOW] };
        let done = desk.command().args(line.split_whitespace()).args(own).output();
        let done = done.expect("the program starts");
        let told = format!("{}{}", out(&done), err(&done));
        let code = case.refused.as_deref().filter(|_| at == last);
        assert_eq!(done.status.code(), Some(i32::from(code.is_some())), "{}: {line}: {told}", case.case);
        let wanted = code.into_iter().chain(case.says.iter().map(String::as_str).filter(|_| at == last));
        for word in wanted {
            assert!(told.contains(word), "{}: {word} is not in {told}", case.case);
        }
        for word in case.never.iter().filter(|_| at == last) {
            assert!(!told.contains(word.as_str()), "{}: {word} is in {told}", case.case);
        }
    }
    let rejects = case.files.keys().map(|name| desk.path(&name.replace(".csv", ".rejects.csv")));
    let rejects: String = rejects.filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    for word in &case.rejects {
        assert!(rejects.contains(word.as_str()), "{}: {word} is not in {rejects}", case.case);
    }
    let verified = desk.run(["verify", "--at", "2026-03-02T11:00"]);
    assert!(verified.status.success(), "{}: {}", case.case, out(&verified));
}

fn check_all(file: &str) {
    let base = base();
    let cases = std::fs::read_to_string(super::root().join("tests/cli").join(file)).expect("the cases");
    let cases: Vec<AuthorityCase> = serde_yaml::from_str(&cases).expect("cases");
    for case in &cases {
        check(base.dir.path(), case);
    }
}

#[test]
fn what_is_not_ones_own_to_do_is_refused_and_says_who_can() {
    check_all("authority.yaml");
}

#[test]
fn what_people_say_is_kept_and_told_to_whom_it_is_for() {
    check_all("told.yaml");
}

/// Whoever the policy names as administrator has to be one of the register and in service once there is one.
#[test]
fn nobody_acts_in_the_name_of_an_administrator_who_is_not_there() {
    for (administrator, refused) in [("NOBODY", true), ("P02", false), ("P01", true)] {
        let desk = Desk::with_own_policy();
        let folder = desk.policy.clone();
        let file = folder.join("bureau.yaml");
        let text = std::fs::read_to_string(&file).expect("a file");
        let named =
            text.replace("administrator: {name: 系统管理员}", &format!("administrator: {administrator}"));
        assert_ne!(named, text);
        std::fs::write(&file, named).expect("an edit");
        std::fs::write(desk.path("officers"), OFFICERS).expect("a file");
        desk.json(["import", "officers", "officers", "--at", BEGUN]);
        desk.json(["officer", "left", "P01", "--on=2026-03-01", "--as", "HEAD", "--at", BEGUN]);
        for args in [&["import", "officers", "officers"][..], &["outbox", "retry", "--cause", "nobody"]] {
            let done = desk.command().args(args).args(["--at", NOW]).output().expect("the program starts");
            assert_eq!(err(&done).contains("R181"), refused, "{administrator}: {args:?}: {}", err(&done));
            assert_eq!(done.status.success(), !refused, "{administrator}: {args:?}");
        }
    }
}

/// Those who share a duty were chosen by their grid; a reminder leaves them as they were chosen.
#[test]
fn a_reminder_leaves_a_pair_as_it_was_chosen() {
    let base = base();
    let third = "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\nP03,丙,dongguan,监管人员,C9,2030-12-31\n";
    std::fs::write(base.path("n.csv"), third).expect("a file");
    base.json(["import", "officers", "n.csv", "--at", NOW]);
    std::fs::write(base.path("g.csv"), "编号,主责人员,后备人员\nG01,CMD,P03\n").expect("a file");
    assert_eq!(base.json(["import", "grids", "g.csv", "--at", NOW])["changed"], 1);
    base.json(["order", "open", "guidance", "--subject", "S-7", "--as", "HEAD", "--at", NOW]);
    let shown = base.json(["order", "show", "dongguan-2", "--at", NOW]);
    assert_eq!(shown["assignees"], serde_json::json!(["P03", "P01"]));
    base.json(["tick", "--at", "2026-03-12T08:00"]);
    let verified = base.run(["verify", "--at", "2026-03-12T08:00"]);
    assert!(verified.status.success(), "{}", out(&verified));
}
