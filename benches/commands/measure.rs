//! One command as a process of its own: what it took, and how much it printed.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use wait4::Wait4 as _;

/// What is kept of what a command printed.
const KEPT: usize = 64 * 1_024;

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
        measure(command)
    }
}

/// Runs a process to its end.
///
/// What a process held is never told to be less than what the one that started it held then; so this
/// one stays small, and registers are made elsewhere.
pub(crate) fn measure(mut command: Command) -> Measured {
    let errors = tempfile::NamedTempFile::new().expect("a file");
    let stderr = errors.reopen().expect("the same file");
    let begun = Instant::now();
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr).spawn().expect("starts");
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
    let used = child.wait4().expect("ends");
    let wall = begun.elapsed();
    let said = std::fs::read_to_string(errors.path()).unwrap_or_default();
    let said = if used.status.success() {
        String::new()
    } else {
        said.lines().next().unwrap_or_default().to_owned()
    };
    Measured {
        wall,
        cpu: used.rusage.utime + used.rusage.stime,
        peak: used.rusage.maxrss,
        rows,
        bytes,
        exit: used.status.code(),
        said,
    }
}
