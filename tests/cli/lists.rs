//! Lists are handed on row by row: what a list holds in memory does not grow with its rows.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use rusqlite::Connection;

use super::{Desk, err};

/// Rows of the short lists and of the long ones; also the short ones are more than a pipe takes.
const ROWS: [usize; 2] = [3_000, 23_000];
/// What does not depend on rows: the page cache and the sorter of a reader fill, and some rows are read ahead.
/// Twenty thousand rows of any list held in memory are more.
const ONCE_BYTES: u64 = 24 << 20;

/// Orders, subjects, documents, blanks and messages, as many of each as the table `n` has numbers.
const FILL: &str = "\
    INSERT INTO subject SELECT 'dongguan', printf('s%07d', i), 'S', 'dongguan', 'G01', NULL, NULL, '[]', NULL, \
        '{\"industry\": \"5223\", \"registered\": \"2020-01-01\"}', 'd' FROM n;
    INSERT INTO orders (home, seq, number, workflow, \"trigger\", subject_kind, subject, nominal, station, \
        scheduled_for, issued_at, due_on, provisional, policy, state, step, visit, version) \
        SELECT 'dongguan', i, 'N' || i, 'five-step', 'cycle', 'subject', printf('s%07d', i), '2026-03-28', 'dongguan', \
        '2026-03-01', '2026-03-01T00:00:00.000000Z', '2026-03-27', 0, 'p', 'open', 'patrol', 1, 1 FROM n;
    INSERT INTO document (home, seq, ordinal, kind, step, visit, station, state, made_by, made_at, marks, facts, version) \
        SELECT 'dongguan', i, 1, 'reg.order', 'issue', 1, 'dongguan', 'draft', '[]', '2026-03-01T00:00:00.000000Z', \
        '{}', printf('{\"said\": \"%.2000c\"}', 'x'), 1 FROM n;
    INSERT INTO blank (kind, year, n, station, state, moves) \
        SELECT 'pen.rectify', 2026, i, 'dongguan', 'in_stock', 1 FROM n;
    INSERT INTO outbox (home, seq, version, ordinal, kind, addressee, body, state, attempts, next_at) \
        SELECT 'dongguan', i, 1, 1, 'told', 'officer/P01', '{}', 'done', 1, '2026-03-01T00:00:00.000000Z' FROM n;
    INSERT INTO notice SELECT 'inbox', 'P01', printf('k%07d', i), json_array(json_array('dongguan', i, 1, 1)), 'done', 1, \
        '2026-03-01T00:00:00.000000Z', NULL FROM n;";

const LISTS: [&[&str]; 9] = [
    &["subject", "list"],
    &["subject", "list", "--format", "json"],
    &["order", "list"],
    &["order", "list", "--format", "json"],
    &["document", "list", "--format", "json"],
    &["document", "list", "--blanks"],
    &["document", "list", "--blanks", "--format", "json"],
    &["inbox", "--as", "P01"],
    &["inbox", "--as", "P01", "--format", "json"],
];

#[test]
fn no_list_holds_its_rows_in_memory() {
    let desks = ROWS.map(filled);
    for list in LISTS {
        // On a busy machine threads come late and hold more for a moment, so the least of three counts; of many rows,
        // which take long, the first that is little enough.
        let held = |at: usize| peak(&desks[at], list, ROWS[at]);
        let few = (0..3).map(|_| held(0)).min().expect("measured");
        let is_little = (0..3).any(|_| held(1) < few + ONCE_BYTES);
        assert!(is_little, "{list:?}: {few} bytes for {}, too many for {}", ROWS[0], ROWS[1]);
    }
}

/// Makes a database whose lists are so long.
fn filled(rows: usize) -> Desk {
    let desk = Desk::new("");
    assert!(desk.run(["apply", "--as", "P01", "--at", "2026-03-01"]).status.success());
    let database = Connection::open(desk.path("wubu.db")).expect("opens");
    let fill = format!(
        "PRAGMA synchronous = OFF; CREATE TEMP TABLE n (i INTEGER PRIMARY KEY); \
         WITH RECURSIVE up (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM up WHERE i < {rows}) \
         INSERT INTO n SELECT i FROM up; BEGIN; {FILL} COMMIT;"
    );
    database.execute_batch(&fill).expect("fills");
    desk
}

/// Runs a list and returns the most memory its process held, once all of it is there to be printed: it
/// then waits for its reader, who looks before he reads on.
fn peak(desk: &Desk, list: &[&str], rows: usize) -> u64 {
    let mut command = desk.command();
    command.args(list).args(["--at", "2026-03-13"]).stdout(Stdio::piped());
    let mut child = command.spawn().expect("starts");
    let mut lines = BufReader::with_capacity(512, child.stdout.take().expect("a pipe")).lines();
    lines.next().expect("a line").expect("UTF-8");
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it waits");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("it waits");
    let kib: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(lines.count() + 1 >= rows, "{list:?}: fewer lines than {rows} rows");
    assert!(child.wait().expect("ends").success(), "{list:?}");
    kib << 10
}

/// Whoever cannot write the answer says so: a script must not take half a document for the whole.
#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_a_failure() {
    let desk = Desk::new(".");
    for args in [
        &["due", "--since", "2026-01-20", "--tier", "甲"][..],
        &["check"],
        &["completions", "bash"],
        &["calendar", "show", "2026"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
        let done = desk.command().args(args).stdout(full).output().expect("the program starts");
        assert_eq!(done.status.code(), Some(3), "{args:?}: {}", super::err(&done));
        assert!(super::err(&done).contains("标准输出"), "{args:?}: {}", super::err(&done));
    }
}

/// A slip in a path loses no database, no policy and no paper.
#[test]
fn an_answer_is_not_written_over_a_file_of_another_kind() {
    let desk = filled(1);
    let before = desk.database();
    std::fs::write(desk.path("bureau.yaml"), "semantics: 2\n").expect("written");
    for file in ["wubu.db", "bureau.yaml"] {
        let refused = desk.run(["ledger", "export", "--out", file]);
        assert_eq!(refused.status.code(), Some(2), "{file}");
        assert!(err(&refused).contains("U011"), "{file}: {}", err(&refused));
    }
    assert!(desk.database() == before);
    for _ in 0..2 {
        assert!(desk.run(["ledger", "export", "--out", "ledger.jsonl"]).status.success(), "its own it may");
    }
}
