//! The demo: it dispatches at once, ends on SIGTERM, and never dispatches twice.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use super::Desk;

/// A daemon in the background whose lines can be waited for.
pub(super) struct Daemon {
    child: Child,
    lines: std::sync::mpsc::Receiver<String>,
    heard: String,
}

impl Daemon {
    pub(super) fn start<const N: usize>(desk: &Desk, args: [&str; N]) -> Self {
        let mut child =
            desk.command().arg("run").args(args).stdout(Stdio::piped()).spawn().expect("the program starts");
        let stdout = child.stdout.take().expect("piped");
        let (send, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = send.send(line);
            }
        });
        Self { child, lines, heard: String::new() }
    }

    /// Waits for a line that holds `text`; all lines heard are kept.
    pub(super) fn hear(&mut self, text: &str) -> String {
        while !self.heard.contains(text) {
            let line = self.lines.recv_timeout(Duration::from_secs(120));
            let line = line.unwrap_or_else(|_| panic!("waited for {text:?}, heard:\n{}", self.heard));
            self.heard.push_str(&line);
            self.heard.push('\n');
        }
        std::mem::take(&mut self.heard)
    }

    pub(super) fn terminate(mut self) {
        let status = std::process::Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(status.expect("kill runs").success());
        assert!(self.child.wait().expect("it ends").success(), "SIGTERM ends it cleanly");
    }
}

#[test]
fn the_demo_dispatches_at_once_and_never_twice() {
    let desk = Desk::new(".");
    let mut daemon = Daemon::start(&desk, ["--demo"]);
    let said = daemon.hear("办理到");
    assert!(said.contains("虚构"), "the register is labelled as invented: {said}");
    assert!(said.contains("6000"), "{said}");

    let second = desk.run(["run"]);
    assert_eq!(second.status.code(), Some(3), "a second daemon is refused");
    assert!(super::err(&second).contains("run"), "the holder is named: {}", super::err(&second));
    // The second pass of the start may still be on its way.
    daemon.hear("办理到");
    daemon.terminate();

    let orders = desk.json(["order", "list"]);
    let count = orders.as_array().expect("a bare array").len();
    assert!(count >= 24, "only {count} orders");

    let mut daemon = Daemon::start(&desk, ["--demo"]);
    daemon.hear("继续运行");
    std::thread::sleep(Duration::from_secs(2));
    daemon.terminate();
    assert_eq!(desk.json(["order", "list"]).as_array().map(Vec::len), Some(count));
    let verified = desk.run(["verify"]);
    assert!(verified.status.success(), "{}", super::out(&verified));
}
