//! The program as scripts and people use it: the binary, a folder, a database file.

mod approval;
mod authority;
mod cases;
mod demo;
mod english;
mod explain;
mod harbour;
mod hostile;
mod kill;
mod lists;
mod moments;
mod officers;
mod offline;
mod operate;
mod overlays;
mod page;
mod patrols;
mod plans;
mod promotion;
mod running;
mod stations;
mod surroundings;
mod terms;
mod toronto;
mod watch;
mod words;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the program under test; `WUBU_BIN` names another build of it, for long runs.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("WUBU_BIN").map_or_else(|| env!("CARGO_BIN_EXE_wubu").into(), PathBuf::from)
}

/// One database in a folder of its own, and the program run against it.
pub(crate) struct Desk {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) policy: PathBuf,
    pub(crate) lang: &'static str,
}

impl Desk {
    pub(crate) fn new(policy: impl AsRef<Path>) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        Self { dir, policy: root().join(policy), lang: "zh" }
    }

    /// A desk with a copy of the shipped policy that may be edited.
    pub(crate) fn with_own_policy() -> Self {
        let mut desk = Self::new(".");
        desk.policy = desk.path("policy");
        copy_policy(&root(), &desk.policy);
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file of the policy.
    pub(crate) fn put(&self, file: &str, text: &str) {
        let path = self.policy.join(file);
        std::fs::create_dir_all(path.parent().expect("a folder of the policy")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }

    /// Writes in a file of the policy one text in place of another, where that stands first.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.policy.join(file)).expect("a policy file");
        assert!(text.contains(from), "{file} has no {from}");
        self.put(file, &text.replacen(from, to, 1));
    }

    /// Returns the command with policy, database and language set.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(program());
        command
            .current_dir(self.dir.path())
            .env("WUBU_POLICY", &self.policy)
            .env("WUBU_DB", crate::database::url(&self.path("wubu.db")))
            .args(["--lang", self.lang]);
        command
    }

    /// Runs to the end.
    pub(crate) fn run<const N: usize>(&self, args: [&str; N]) -> Output {
        self.command().args(args).output().expect("the program starts")
    }

    /// Returns the database's bytes with all that was written in them: a command that ends may leave its last
    /// words in the log beside the file.
    pub(crate) fn database(&self) -> Vec<u8> {
        let file = rusqlite::Connection::open(self.path("wubu.db")).expect("the database");
        file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("moved");
        drop(file);
        std::fs::read(self.path("wubu.db")).expect("the database")
    }

    /// Runs to a good end and reads its JSON.
    pub(crate) fn json<const N: usize>(&self, args: [&str; N]) -> Value {
        let output =
            self.command().args(["--format", "json"]).args(args).output().expect("the program starts");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one JSON document")
    }
}

/// Returns what was written to stdout.
pub(crate) fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Returns what was written to stderr.
pub(crate) fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Copies a policy folder so that a test may edit it.
pub(crate) fn copy_policy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for name in ["bureau.yaml", "workflows", "rules", "calendars", "register"] {
        copy(&from.join(name), &to.join(name));
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in std::fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else if from.is_file() {
        std::fs::copy(from, to).expect("a copy");
    }
}
