//! An English start: `init --lang en`, and everything that a reader of it sees, without a Chinese character.

use std::path::Path;
use std::process::Output;

use wubu::lang::spellings;

use super::demo::Daemon;
use super::{Desk, err, out};

/// Returns whether a text has a Chinese character, or a mark that only stands among them.
pub(super) fn is_chinese(text: &str) -> bool {
    spellings::has_han(text)
        || text.contains(|c| matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}'))
}

/// A desk whose policy is what `init` writes for an English reader.
fn desk() -> Desk {
    let mut desk = Desk::new(".");
    desk.lang = "en";
    let made = desk.run(["init", "mine"]);
    assert!(made.status.success(), "{}", err(&made));
    assert!(out(&made).contains("files written to mine"), "{}", out(&made));
    desk.policy = desk.path("mine");
    desk
}

pub(super) fn english(said: &Output) -> String {
    let text = format!("{}{}", out(said), err(said));
    assert!(!is_chinese(&text), "{text}");
    text
}

pub(super) fn paths(folder: &Path, below: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let one = |entry: std::fs::DirEntry| {
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() { paths(&entry.path(), &format!("{path}/")) } else { vec![path] }
    };
    let mut all: Vec<String> = entries.flat_map(one).collect();
    all.sort();
    all
}

#[test]
fn init_writes_the_language_that_is_asked_for() {
    let (en, mut zh) = (desk(), Desk::new("."));
    assert!(zh.run(["init", "mine"]).status.success());
    zh.policy = zh.path("mine");
    assert_eq!(paths(&en.policy, ""), paths(&zh.policy, ""));
    let read = |desk: &Desk| std::fs::read_to_string(desk.policy.join("bureau.yaml")).expect("a file");
    assert!(read(&zh).contains("title: 示例分局") && read(&en).contains("title: Sample Bureau"));
    for path in paths(&en.policy, "") {
        let text = std::fs::read_to_string(en.policy.join(&path)).expect("UTF-8");
        assert!(!is_chinese(&text), "{path}");
    }
}

/// A shell's locale says how somebody reads, and not what the policy of a bureau is.
#[test]
fn a_locale_chooses_no_policy() {
    let desk = Desk::new(".");
    let mut init = std::process::Command::new(super::program());
    init.current_dir(desk.dir.path()).env("LC_ALL", "en_US.UTF-8").args(["init", "mine"]);
    let made = init.output().expect("the program starts");
    assert!(out(&made).contains("files written to mine"), "it speaks English: {}", out(&made));
    let bureau = std::fs::read_to_string(desk.path("mine/bureau.yaml")).expect("a file");
    assert!(bureau.contains("title: 示例分局"));
}

#[test]
fn what_init_wrote_checks_and_its_cases_pass() {
    let desk = desk();
    let checked = desk.run(["check", "--at", "2025-12-01"]);
    assert!(
        checked.status.success() && english(&checked).contains("0 errors, 0 warnings"),
        "{}",
        out(&checked)
    );
    let tested = desk.run(["test", "--coverage"]);
    let told = english(&tested);
    assert!(tested.status.success() && told.contains(", 0 failed"), "{told}");
    let shown = |desk: &Desk| desk.json(["test", "--coverage"]);
    let (zh, en) = (shown(&Desk::new(".")), shown(&desk));
    assert_eq!((&en["passed"], &en["failed"]), (&zh["passed"], &zh["failed"]));
    for part in ["steps", "rows"] {
        assert_eq!(en["coverage"][part], zh["coverage"][part], "{part}");
    }
    for command in
        ["due --since 2026-01-15 --tier high", "clock seizure --from 2026-04-30", "calendar show 2026"]
    {
        let said = desk.command().args(command.split(' ')).output().expect("the program starts");
        let told = english(&said);
        assert!(said.status.success(), "{command}: {told}");
    }
}

#[test]
fn a_demo_in_english_is_english_down_to_its_papers() {
    let desk = desk();
    let mut daemon = Daemon::start(&desk, ["--demo"]);
    let said = daemon.hear("done up to");
    assert!(!is_chinese(&said) && said.contains("invented"), "{said}");
    daemon.terminate();
    let orders = desk.json(["order", "list"]);
    let order = orders[0]["id"].as_str().expect("an id");
    let clerk = orders[0]["assignees"][0].as_str().expect("somebody has it");
    assert!(english(&desk.run(["order", "act", order, "complete", "--as", clerk])).contains("Step 2"));
    let story = english(&desk.run(["order", "show", order]));
    assert!(story.contains("Order issued; went on to “Step 2: patrol the premises”"), "{story}");
    let papers = english(&desk.run(["document", "list", "--order", order]));
    assert!(papers.contains("Patrol order"), "{papers}");
    let page = english(&desk.run(["document", "render", &format!("{order}/1")]));
    assert!(page.contains("At least two officers go and show their certificates"), "{page}");
    for workflow in ["five-step", "penalty", "preservation", "summary-penalty"] {
        assert!(english(&desk.run(["effective", workflow])).contains("workdays"), "{workflow}");
        assert!(english(&desk.run(["effective", workflow, "--prose"])).contains("1. "), "{workflow}");
    }
    let subject = orders[0]["subject"].as_str().expect("an id");
    for command in ["subject show", "explain subject"] {
        let said = desk.command().args(command.split(' ')).arg(subject).output().expect("the program starts");
        assert!(english(&said).contains("high"), "{command}: {}", out(&said));
    }
    assert!(english(&desk.run(["officer", "list"])).contains("command-centre"));
    assert!(english(&desk.run(["verify"])).contains("no problem"));
}
