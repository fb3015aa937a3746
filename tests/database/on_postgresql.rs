//! The part of the suite that is meant to hold on both databases, run on the second one.

use std::process::Command;

use super::server::programs;
use super::{TESTS_ON, is_postgres};

/// Set where leaving it out is no choice, as in `.ci/run`.
const NEEDED: &str = "WUBU_POSTGRES_NEEDED";

/// What is run there, by the beginnings of its names.
const PARTS: &[&str] = &[
    "acts::",
    "dispatch::beside",
    "dispatch::plans",
    "documents::",
    "golden::killed::kills_in",
    "golden::moved",
    "histories::",
    "notify::delivering",
    "register::order::an_import",
    "store::",
    "stories::told::people_come",
];
/// What asks something of the file itself, or takes long and asks nothing more there.
const NOT: &[&str] = &[
    "store::audit::an_edited_ledger_line",
    "store::heads::a_database_from_before",
    "store::heads::what_was_cut_off_before",
    "store::opening::a_",
    "store::opening::reading_makes_no_file",
    "store::plans",
    "store::reads",
    "store::register::a_transaction_that_is_dropped_frees",
];
/// How many lives `histories` lives there.
const HISTORIES: &str = "4";

#[test]
fn the_suite_holds_on_postgresql() {
    if is_postgres() {
        return;
    }
    if programs().is_none() {
        assert!(std::env::var_os(NEEDED).is_none(), "PostgreSQL is not installed, and {NEEDED} is set");
        // Where a test that passes may be heard: past what the harness keeps to itself.
        let told = "\nleft out: PostgreSQL is not installed, so nothing was tested on it (apt-get install postgresql)\n";
        let _ = std::fs::write("/dev/stderr", told);
        return;
    }
    let own = std::env::current_exe().expect("this program");
    let skips = NOT.iter().flat_map(|name| ["--skip", name]);
    let ran = Command::new(own)
        .args(PARTS)
        .args(skips)
        .env(TESTS_ON, "postgres")
        .env("WUBU_HISTORIES", HISTORIES)
        .output()
        .expect("runs");
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "on PostgreSQL:\n{told}\n{}", String::from_utf8_lossy(&ran.stderr));
    let passed =
        told.lines().find_map(|line| line.strip_prefix("test result: ok. ")?.split(' ').next()?.parse().ok());
    assert!(passed.is_some_and(|passed: u32| passed > 50), "too few tests ran on PostgreSQL:\n{told}");
}
