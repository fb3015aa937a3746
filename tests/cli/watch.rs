//! Editing the policy while the daemon runs.

use super::Desk;
use super::demo::Daemon;

#[test]
fn what_a_command_puts_into_force_a_daemon_that_runs_takes_up() {
    let desk = Desk::with_own_policy();
    let script = desk.policy.join("rules/risk.rhai");
    let good = std::fs::read_to_string(&script).expect("the shipped script");
    let mut daemon = Daemon::start(&desk, []);
    daemon.hear("开始运行");
    std::fs::write(&script, format!("{good}\n// 修订\n")).expect("an edit");
    desk.json(["apply"]);
    daemon.hear("已启用");
    daemon.terminate();
}

#[test]
fn a_broken_edit_changes_nothing_and_mending_it_activates() {
    let desk = Desk::with_own_policy();
    let folder = desk.policy.clone();
    let script = folder.join("rules/risk.rhai");
    let good = std::fs::read_to_string(&script).expect("the shipped script");

    let mut daemon = Daemon::start(&desk, ["--watch"]);
    daemon.hear("开始运行");
    std::thread::sleep(std::time::Duration::from_secs(2));
    std::fs::write(&script, good.replace("fn tier(", "fn tier((")).expect("a broken edit");
    let said = daemon.hear("risk.rhai:");
    assert!(said.contains("现行规则照常运行"), "{said}");
    let before = desk.json(["release", "list"]);
    assert_eq!(before.as_array().map(Vec::len), Some(1));

    std::fs::write(&script, format!("{good}\n// 修订\n")).expect("a mended edit");
    daemon.hear("已启用");
    daemon.terminate();
    let after = desk.json(["release", "list"]);
    assert_eq!(after.as_array().map(Vec::len), Some(2));
}
