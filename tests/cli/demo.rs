//! The demo: it dispatches at once, ends on SIGTERM, and never dispatches twice.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
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
        Self::of(desk.command().arg("run").args(args))
    }

    /// Starts it with what a command says.
    pub(super) fn of(command: &mut Command) -> Self {
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let (send, lines) = std::sync::mpsc::channel();
        let stdout: Box<dyn Read + Send> = Box::new(child.stdout.take().expect("piped"));
        let stderr: Box<dyn Read + Send> = Box::new(child.stderr.take().expect("piped"));
        for said in [stdout, stderr] {
            let send = send.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(said).lines().map_while(Result::ok) {
                    let _ = send.send(line);
                }
            });
        }
        Self { child, lines, heard: String::new() }
    }

    /// Waits for a line on either way out that holds `text`; all lines heard are kept.
    pub(super) fn hear(&mut self, text: &str) -> String {
        while !self.heard.contains(text) {
            let line = self.lines.recv_timeout(Duration::from_mins(2));
            let line = line.unwrap_or_else(|_| panic!("waited for {text:?}, heard:\n{}", self.heard));
            self.heard.push_str(&line);
            self.heard.push('\n');
        }
        std::mem::take(&mut self.heard)
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
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

    let second = desk.command().arg("run").stderr(Stdio::piped()).spawn().expect("the program starts");
    std::thread::sleep(Duration::from_secs(1));
    let asked = std::process::Command::new("kill").arg(second.id().to_string()).status();
    assert!(asked.expect("kill runs").success());
    let second = second.wait_with_output().expect("it ends");
    assert!(second.status.success(), "a second daemon waits until it is told to stop");
    let holder = format!("进程 {}", daemon.pid());
    assert!(super::err(&second).contains(&holder), "the holder is named: {}", super::err(&second));
    assert_eq!(desk.run(["tick"]).status.code(), Some(3), "a pass does not wait");
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

/// A demo that was killed while its register was made is made whole by the next start.
#[test]
fn a_demo_killed_half_made_is_made_whole() {
    let whole = Desk::new(".");
    let mut daemon = Daemon::start(&whole, ["--demo"]);
    daemon.hear("办理到");
    daemon.terminate();
    let rows = |desk: &Desk| {
        let file = rusqlite::Connection::open(desk.path("wubu.db")).expect("the database");
        let count = |table: &str| -> i64 {
            file.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap_or(0)
        };
        ["subject", "inspection", "orders"].map(count)
    };
    let whole = rows(&whole);
    for entries_then in [2, 5, 8] {
        let desk = Desk::new(".");
        let mut child =
            desk.command().args(["run", "--demo"]).stdout(Stdio::null()).spawn().expect("the program starts");
        let has_begun = || {
            let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
            let file = rusqlite::Connection::open_with_flags(desk.path("wubu.db"), flags).ok();
            let entries = file
                .and_then(|file| file.query_row("SELECT count(*) FROM ledger", [], |row| row.get(0)).ok());
            entries.unwrap_or(0) >= entries_then
        };
        while !has_begun() && child.try_wait().expect("asked").is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().expect("killed");
        child.wait().expect("it ends");
        let mut again = Daemon::start(&desk, ["--demo"]);
        again.hear("办理到");
        again.terminate();
        assert_eq!(rows(&desk), whole, "killed after {entries_then} entries");
    }
}
