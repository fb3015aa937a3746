//! A copy of the kept bureau, and scripts of commands lived through in it.
//!
//! A script has a command a line, after the moment it happens at; `#` begins a remark, and a line that
//! says `copy` after its moment lays another file over one of the policy.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use wubu::store::{Access, Store};

use super::golden;
use crate::cli::{copy, out, program};
use crate::database::is_postgres;

/// What is kept besides the database: all that the scripts name.
const PAPERS: [&str; 6] = ["policy", "later", "papers", "officers.csv", "subjects.csv", "inspections.csv"];

/// Answers for scripts.
pub(super) const JSON: [&str; 4] = ["--lang", "zh", "--format", "json"];

/// A folder that holds the bureau's files, and a database once there is one.
pub(super) struct Bureau {
    folder: TempDir,
}

impl Bureau {
    /// Copies the files alone; the first command makes a database.
    pub(super) fn new() -> Self {
        let bureau = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        for name in PAPERS {
            copy(&golden("kept").join(name), &bureau.path(name));
        }
        bureau
    }

    /// Copies the kept database as well, and opens it once for writing, as the first tick would, so that
    /// its tables are those of today.
    pub(super) fn kept() -> Self {
        let bureau = Self::untouched();
        bureau.with_store(async |_| ());
        bureau
    }

    /// Copies the kept bureau with the database as its build left it.
    pub(super) fn untouched() -> Self {
        let bureau = Self::new();
        for name in ["wubu.db", "wubu.db.files"] {
            copy(&golden("kept").join(name), &bureau.path(name));
        }
        bureau
    }

    /// Opens the database for writing and does something with it.
    pub(super) fn with_store<T>(&self, then: impl AsyncFnOnce(&Store) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let url = crate::database::url(&self.path("wubu.db"));
        runtime.expect("a runtime").block_on(async {
            let store = Store::open(&url, Access::Write).await.expect("it opens and migrates");
            let done = then(&store).await;
            // What goes on closing would be at the file while it is copied.
            store.close().await;
            done
        })
    }

    pub(super) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Copies the kept bureau, on the server where the suite runs there.
    pub(super) fn somewhere() -> Self {
        if !is_postgres() {
            return Self::kept();
        }
        let bureau = Self::untouched();
        bureau.moves("sqlite:wubu.db", &bureau.database());
        bureau
    }

    /// Copies all of it as it is.
    pub(super) fn copied(&self) -> Self {
        let bureau = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        copy(self.folder.path(), bureau.folder.path());
        if is_postgres() {
            self.moves(&self.database(), &bureau.database());
        }
        bureau
    }

    /// Returns where its database is.
    fn database(&self) -> String {
        if is_postgres() { crate::database::url(&self.path("wubu.db")) } else { "sqlite:wubu.db".to_owned() }
    }

    fn moves(&self, from: &str, to: &str) {
        let words = ["copy", "--from", from, "--to", to];
        let moved = self.run("2026-07-31T20:00", &words, &JSON);
        assert!(moved.status.success(), "{}{}", crate::cli::out(&moved), crate::cli::err(&moved));
    }

    /// Returns its database as a file, once nobody is at it any more.
    pub(super) fn as_file(&self) -> PathBuf {
        if !is_postgres() {
            return self.path("wubu.db");
        }
        let others = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
                      AND pid <> pg_backend_pid()";
        // The server goes on for a moment with what a killed program asked it for.
        while crate::database::rows(&self.path("wubu.db"), others) != [[serde_json::json!(0)]] {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let file = self.path("looked-at.db");
        for name in ["looked-at.db", "looked-at.db-wal", "looked-at.db-shm"] {
            let _ = fs::remove_file(self.path(name));
        }
        self.moves(&self.database(), "sqlite:looked-at.db");
        file
    }

    /// Lives through one line of a script; nothing is said where it lays a file over another.
    pub(super) fn live(&self, line: &str, how: &[&str]) -> Option<Output> {
        let words: Vec<&str> = line.split(' ').collect();
        let (at, words) = words.split_first().expect("a moment");
        if let ["copy", from, to] = words {
            copy_over(&self.path(from), &self.path(to));
            return None;
        }
        Some(self.run(at, words, how))
    }

    /// Runs one command.
    pub(super) fn run(&self, at: &str, words: &[&str], how: &[&str]) -> Output {
        self.command(at, words, how).output().expect("the program starts")
    }

    /// Makes one command ready to run.
    pub(super) fn command(&self, at: &str, words: &[&str], how: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .current_dir(self.folder.path())
            .env("WUBU_POLICY", "policy")
            .env("WUBU_DB", self.database())
            .env_remove("WUBU_SMTP_URL")
            .env_remove("WUBU_WEBHOOK_SECRET");
        command.args(how).args(words).args(["--at", at]);
        command
    }

    /// Lives through a script; returns each command with how it ended and what it said.
    pub(super) fn told(&self, script: &str, how: &[&str]) -> String {
        self.told_all(&[script], how)
    }

    /// Lives through several scripts at once, in the order of their moments.
    pub(super) fn told_all(&self, scripts: &[&str], how: &[&str]) -> String {
        let read = |script: &&str| fs::read_to_string(golden("kept").join(script)).expect("a script");
        let scripts: Vec<String> = scripts.iter().map(read).collect();
        let lines = scripts.iter().flat_map(|script| script.lines());
        let mut lines: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        if scripts.len() > 1 {
            lines.sort_by_key(|line| line.split(' ').next());
        }
        let mut told = String::new();
        for line in lines {
            let _ = writeln!(told, "── {line}");
            let Some(output) = self.live(line, how) else { continue };
            match output.status.code() {
                Some(0) => {}
                code => told.extend([format!("exit {}\n", code.unwrap_or(-1))]),
            }
            told += &out(&output);
            let error = String::from_utf8_lossy(&output.stderr);
            error.lines().for_each(|line| told.extend(["! ", line, "\n"]));
        }
        self.scrubbed(&told)
    }

    /// Takes out what is different in each folder and with each schema.
    fn scrubbed(&self, text: &str) -> String {
        let folder = self.folder.path().display().to_string();
        let bytes = fs::metadata(self.path("wubu.db")).map_or(0, |file| file.len());
        text.replace(&folder, "{folder}").replace(&bytes.to_string(), "{bytes}")
    }
}

fn copy_over(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().expect("a folder")).expect("made");
    fs::copy(from, to).expect("a copy");
}
