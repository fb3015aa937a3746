//! Text from outside reaches a terminal as something to read, never as something to obey.

use serde::Deserialize;
use serde_json::json;
use wubu::id::is_invisible;
use wubu::lang::visible::visible;

use super::{Desk, copy_policy, err, out, root};

#[derive(Deserialize)]
struct Attempts {
    texts: Vec<String>,
    refused: Vec<String>,
    forged: String,
    commands: Vec<String>,
    pages: Vec<String>,
}

fn attempts() -> Attempts {
    serde_yaml::from_str(include_str!("hostile.yaml")).expect("the attempts")
}

/// Returns whether a terminal would obey it, or would not show it.
fn is_raw(letter: char) -> bool {
    letter != '\n' && (is_invisible(letter) || matches!(letter, '\u{2028}' | '\u{2029}'))
}

impl Attempts {
    /// All of them in one text.
    fn text(&self) -> String {
        self.texts.concat()
    }

    /// Those that an import takes.
    fn name(&self) -> String {
        let is_taken = |text: &&String| !self.refused.iter().any(|letter| text.contains(letter.as_str()));
        self.texts.iter().filter(is_taken).map(String::as_str).collect()
    }
}

/// A database whose register and policy say such a text wherever they can.
fn desk(attempts: &Attempts) -> Desk {
    let (mut desk, text, name) = (Desk::new("."), attempts.text(), attempts.name());
    let policy = desk.path("policy");
    copy_policy(&root(), &policy);
    let file = policy.join("workflows/five-step.yaml");
    let mut said = std::fs::read_to_string(&file).expect("a workflow");
    for shipped in ["title: 第一步 下达监管指令", "title: 五步监管法", "say: 指令已下达", "title: 周期巡查"]
    {
        let (key, _) = shipped.split_once(' ').expect("a key");
        assert!(said.contains(shipped), "{shipped}");
        said = said.replacen(shipped, &format!("{key} {}", visible(&json!(text).to_string())), 1);
    }
    std::fs::write(&file, &said).expect("a file");
    let raw = desk.path("raw");
    copy_policy(&root(), &raw);
    std::fs::write(raw.join("workflows/five-step.yaml"), format!("{said}\n{text}")).expect("a file");
    desk.policy = policy;
    let rows = [
        (
            "officers",
            format!(
                "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\nP01,\"{name}\",dongguan,监管人员,C1,2030-12-31\n\
                 P02,乙,dongguan,监管人员,C2,2030-12-31\nCMD,\"{name}\",dongguan,指挥中心,,\n\
                 HEAD,所,dongguan,所长,C3,2030-12-31\nLAW,法,,法制科,,\n"
            ),
        ),
        (
            "subjects",
            format!(
                "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查,地址\n\
                 试-1,\"{name}\",dongguan,,5223,2020-01-01,B,2025-12-20,\"{name}\"\n"
            ),
        ),
    ];
    for (kind, rows) in rows {
        let path = desk.path(&format!("{kind}.csv"));
        std::fs::write(&path, rows).expect("a file");
        let file = path.display().to_string();
        let done = desk.run(["import", kind, &file, "--at", "2026-03-02T06:00"]);
        assert!(done.status.success() && out(&done).contains("退回 0"), "{}{}", out(&done), err(&done));
    }
    let form = json!({"problems": [{"item": text, "level": text}], &text: text, "photos": [text]});
    std::fs::write(desk.path("form.json"), form.to_string()).expect("a file");
    assert_eq!(desk.json(["tick", "--at", "2026-03-02T08:00"])["opened"], 1);
    desk
}

#[test]
fn no_answer_holds_what_a_terminal_would_obey() {
    let attempts = attempts();
    let (desk, text) = (desk(&attempts), attempts.text());
    let mut found = Vec::new();
    for command in attempts.commands.iter().chain(&attempts.pages) {
        for format in ["text", "json"] {
            let words = command.split(' ').map(|word| word.replace('…', &text));
            let done = desk.command().args(["--format", format]).args(words).output().expect("starts");
            let said = [out(&done), err(&done)].concat();
            let raw =
                said.chars().filter(|letter| is_raw(*letter)).map(|letter| format!("{letter:?} stands raw"));
            let forged = said.lines().filter(|line| {
                !attempts.pages.contains(command) && line.trim_start().starts_with(&attempts.forged)
            });
            let wrong: Vec<String> = raw.chain(forged.map(str::to_owned)).collect();
            if !wrong.is_empty() {
                found.push(format!("{command} ({format}): {wrong:?}\n{said}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}
