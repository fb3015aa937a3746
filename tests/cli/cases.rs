//! What `wubu test` says of a case with acts that fails.

use std::process::Command;

use super::{Desk, err, out};

const FAILING: &str = r#"- case: 没有填表就办结
  workflow: five-step
  given: {on: 2026-03-02, subject: {industry: "7020"}}
  acts:
    - {at: 2026-03-02T09:00, do: complete, expect: {step: review}}
    - {at: 2026-03-03T09:00, do: complete, form: {检查项目: {主体资格: 好}}}
- case: 料到不予办理，却办成了
  workflow: guidance
  given: {on: 2026-03-02, subject: {industry: "7020"}}
  acts:
    - {at: 2026-03-02T09:00, do: 提示, expect: {refused: R016, told: [所长]}}
  expect: {state: done, orders: {guidance: {step: draft}, penalty: {state: open}}}
"#;

fn failing() -> Desk {
    let desk = Desk::with_own_policy();
    std::fs::write(desk.policy.join("rules/zz.test.yaml"), FAILING).expect("written");
    desk
}

#[test]
fn a_failing_case_names_the_line_of_the_act_and_says_why() {
    let desk = failing();
    let run = desk.run(["test", "办"]);
    assert_eq!(run.status.code(), Some(1));
    let wanted = [
        "rules/zz.test.yaml:1  没有填表就办结",
        "    第 5 行，step：应为 review，得到 patrol",
        "    第 6 行，没有办成 [R100]：表“巡查记录”填得不对，没有收下",
        "      - [R051] 检查项目“主体资格”的结果不能写“好”",
        "        怎么办: 只能填：符合、不符合、不适用",
        "      - [R043] 必须填写“到场时间”",
        "rules/zz.test.yaml:7  料到不予办理，却办成了",
        "    第 11 行，refused：应为 R016，得到 –",
        "    第 11 行，told：应为 {told: 所长}，得到 {told: –}",
        "    state：应为 done，得到 open",
        "    流程 guidance，step：应为 draft，得到 sign",
        "    流程 penalty，没有开出这样的指令",
    ];
    let text = out(&run);
    for line in wanted {
        assert!(text.lines().any(|said| said == line), "{line}\nnot in\n{text}");
    }
}

#[test]
fn the_same_is_said_in_english_and_to_scripts() {
    let desk = failing();
    let program = env!("CARGO_BIN_EXE_wubu");
    let mut english = Command::new(program);
    english.args(["test", "没有填表", "--lang", "en"]).env("WUBU_POLICY", &desk.policy);
    let english = english.output().expect("the program starts");
    let text = out(&english);
    let line =
        "    line 6, not done [R100]: the form “巡查记录” is not filled as it should be and was not taken";
    assert!(text.lines().any(|said| said == line), "{text}");
    let json = desk.run(["test", "没有填表", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("one JSON document");
    let case = &json["cases"][0];
    assert_eq!(
        (&case["ok"], &case["expected"]["acts"][1]["refused"]),
        (&false.into(), &serde_json::Value::Null)
    );
    let row = &case["got"]["acts"][1];
    assert_eq!((&row["line"], &row["refused"]), (&6.into(), &"R100".into()));
    assert!(row["because"].as_str().is_some_and(|said| said.contains("巡查记录")), "{row}");
    let parts = row["parts"].as_array().expect("what stands behind it");
    let words = parts.iter().find(|part| part["code"] == "R051").map(|part| part["help"].to_string());
    assert!(words.is_some_and(|help| help.contains("不符合")), "{row}");
}

#[test]
fn a_filter_that_means_no_case_is_a_wrong_usage() {
    let desk = failing();
    for (filter, said) in [("没有填表就办洁", "是不是“没有填表就办结”"), ("xyz", "没有名称里含“xyz”的用例")]
    {
        let run = desk.run(["test", filter]);
        assert_eq!(run.status.code(), Some(2));
        assert!(err(&run).contains("U010") && err(&run).contains(said), "{}", err(&run));
    }
}
