//! One command as a process of its own: what it took, and how much it printed.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use wait4::Wait4 as _;

/// What is read at once of what a command prints.
const KEPT: usize = 64 * 1_024;
/// Names the process that starts another one.
pub(crate) const START: &str = "start";

/// What one command took.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) wall: Duration,
    /// User and system time of all its threads.
    pub(crate) cpu: Duration,
    /// Most memory it held, in bytes.
    pub(crate) peak: u64,
    /// Lines it printed.
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    /// Its exit code; none when a signal ended it.
    pub(crate) exit: Option<i32>,
    /// The last line it wrote to stderr, when it did not end well.
    pub(crate) said: String,
}

/// Where commands run: the program, its policy and its database.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) policy: &'a Path,
    pub(crate) database: &'a Path,
}

impl Place<'_> {
    /// Runs a command of the program to its end.
    pub(crate) fn run(self, args: &[String]) -> Measured {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wubu"));
        command
            .args(args)
            .arg("--policy")
            .arg(self.policy)
            .arg("--db")
            .arg(crate::ground::url(self.database))
            .args(["--lang", "zh"])
            .current_dir(self.policy)
            .env("WUBU_WEBHOOK_SECRET", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
        measure(&command)
    }
}

/// What the system says a process used.
#[derive(Serialize, Deserialize)]
struct Used {
    cpu: Duration,
    peak: u64,
    exit: Option<i32>,
}

/// Runs a process to its end.
///
/// What a process held is never told to be less than what the one that started it ever held. So it is not
/// started from here, where registers are made and orders are picked, but by a small one between; and
/// this one says what that holds itself, below which nothing is measured.
pub(crate) fn measure(command: &Command) -> Measured {
    let [errors, used] = [(); 2].map(|()| tempfile::NamedTempFile::new().expect("a file"));
    let stderr = errors.reopen().expect("the same file");
    let mut starter = Command::new(std::env::current_exe().expect("this program"));
    starter.arg(START).arg(used.path()).arg(command.get_program()).args(command.get_args());
    starter.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        starter.current_dir(folder);
    }
    let begun = Instant::now();
    let mut child =
        starter.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr).spawn().expect("starts");
    let mut printed = child.stdout.take().expect("a pipe");
    let (mut rows, mut bytes, mut buffer) = (0, 0, vec![0; KEPT]);
    loop {
        let read = printed.read(&mut buffer).expect("reads");
        if read == 0 {
            break;
        }
        bytes += read as u64;
        rows += buffer[..read].split(|byte| *byte == b'\n').count() as u64 - 1;
    }
    assert!(child.wait().expect("ends").success(), "the starter ends well");
    let wall = begun.elapsed();
    let used = std::fs::read_to_string(used.path()).expect("what was used");
    let Used { cpu, peak, exit } = serde_json::from_str(&used).expect("what was written");
    let said = std::fs::read_to_string(errors.path()).unwrap_or_default();
    let said = said.lines().next().filter(|_| exit != Some(0)).unwrap_or_default().to_owned();
    Measured { wall, cpu, peak, rows, bytes, exit, said }
}

/// Starts another process as the arguments say, waits for it, and writes down what it used.
pub(crate) fn start(args: &[String]) -> ExitCode {
    let [used, program, args @ ..] = args else { return ExitCode::FAILURE };
    let used_up = Command::new(program).args(args).spawn().expect("starts").wait4().expect("ends");
    let wait4::ResUse { status, rusage } = used_up;
    let said = Used { cpu: rusage.utime + rusage.stime, peak: rusage.maxrss, exit: status.code() };
    std::fs::write(used, serde_json::to_string(&said).expect("numbers")).expect("writes");
    ExitCode::SUCCESS
}
