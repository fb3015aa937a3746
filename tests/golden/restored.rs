//! Backups of the kept bureau, put back: what they hold, what they refuse, and that no number is given twice.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;

use super::bureau::{Bureau, JSON};
use crate::cli::{err, out};

/// The moment after what the kept bureau lived through.
const AFTER: &str = "2026-08-04T12:00";
/// The moment of a restore.
const LATER: &str = "2026-08-05T08:00";

fn json(bureau: &Bureau, at: &str, words: &[&str]) -> Value {
    let output = bureau.run(at, words, &JSON);
    assert!(output.status.success(), "{words:?}: {}", err(&output));
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

/// Runs a command that is refused; returns what it says.
fn refused(bureau: &Bureau, words: &[&str], code: i32) -> String {
    let output = bureau.run(LATER, words, &["--lang", "en"]);
    assert_eq!(output.status.code(), Some(code), "{}{}", out(&output), err(&output));
    err(&output)
}

fn assert_verifies(bureau: &Bureau) {
    let verified = json(bureau, LATER, &["verify"]);
    assert_eq!(verified["problems"], Value::Array(Vec::new()), "{verified}");
}

fn ask(bureau: &Bureau, sql: &str) -> i64 {
    let db = Connection::open(bureau.path("wubu.db")).expect("the database");
    db.query_one(sql, [], |row| row.get(0)).expect("a number")
}

fn count_of(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}

#[test]
fn a_restored_backup_is_the_database_with_its_files_in_a_new_epoch() {
    let bureau = Bureau::kept();
    let made = json(&bureau, AFTER, &["backup", "kept-backup", "--verify"]);
    assert_eq!(
        (&made["problems"], &made["verified"], &made["epoch"]),
        (&0.into(), &"whole".into(), &1.into())
    );
    assert!(made["files"]["count"].as_u64().is_some_and(|count| count > 0), "{made}");
    assert_eq!(made["files"]["missing"], Value::Array(Vec::new()));
    // A second backup in the folder has the files by a second name.
    let again = json(&bureau, AFTER, &["backup", "kept-again"]);
    assert_eq!(again["files"], made["files"]);

    fs::remove_dir_all(bureau.path("wubu.db.files")).expect("lost");
    let said = refused(&bureau, &["restore", "kept-backup"], 1);
    assert!(said.contains("R241"), "{said}");
    let restored = json(&bureau, LATER, &["restore", "kept-backup", "--replace"]);
    assert_eq!((&restored["epoch"], &restored["gap"]), (&2.into(), &0.into()), "{restored}");
    assert_eq!(restored["passed"], Value::Array(Vec::new()), "the replaced database knows all: {restored}");
    assert_eq!(restored["files"], made["files"]["count"]);
    assert!(
        Path::new(restored["replaced"].as_str().expect("a path")).is_absolute()
            || bureau.path(restored["replaced"].as_str().expect("a path")).exists()
    );
    assert_verifies(&bureau);
    assert_eq!(
        ask(&bureau, "SELECT COUNT(*) FROM head"),
        ask(&bureau, "SELECT COUNT(*) FROM ledger WHERE kind = 'database.restored'")
    );

    let twice = json(&bureau, LATER, &["restore", "kept-again", "--replace"]);
    assert_eq!(twice["epoch"], 2, "it is of the first epoch: {twice}");
    assert_verifies(&bureau);
}

#[test]
fn numbers_go_on_behind_those_that_may_have_been_given() {
    let bureau = Bureau::kept();
    json(&bureau, AFTER, &["backup", "kept-backup"]);
    let (home, last): (String, i64) = {
        let db = Connection::open(bureau.path("wubu.db")).expect("the database");
        let sql = "SELECT home, MAX(seq) FROM orders GROUP BY home ORDER BY 2 DESC LIMIT 1";
        db.query_one(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("orders")
    };
    let series = ask(&bureau, "SELECT MAX(last) FROM number_series");
    // Nothing is left of the database.
    fs::write(bureau.path("wubu.db"), b"not a database any more").expect("damaged");
    for beside in ["wubu.db-wal", "wubu.db-shm"] {
        let _ = fs::remove_file(bureau.path(beside));
    }
    let known = format!(
        r#"{{"at":"2026-08-04T11:59:00Z","entries":1,"orders":{{"{home}":{}}},"series":[]}}"#,
        last + 40
    );
    fs::write(bureau.path("newer.json"), known).expect("written");
    let words = ["restore", "kept-backup", "--replace", "--numbers-from", "newer.json", "--gap", "7"];
    let restored = json(&bureau, LATER, &words);
    let passed = restored["passed"].as_array().expect("a list");
    let of = |kind: &str, of: &str| passed.iter().find(|row| row["kind"] == kind && row["of"] == of);
    let orders = of("orders", &home).expect("its orders");
    assert_eq!((&orders["last"], &orders["next"]), (&last.into(), &(last + 48).into()), "{restored}");
    assert!(passed.iter().any(|row| row["kind"] == "series" && row["next"] == series + 8), "{restored}");
    assert_verifies(&bureau);
    let floor = format!("SELECT seq FROM order_floor WHERE home = '{home}'");
    assert_eq!(ask(&bureau, &floor), last + 47);

    // Life goes on behind the floor, and what is told carries the epoch.
    let told = bureau.run("2026-08-20T12:00", &["tick"], &JSON);
    assert!(told.status.success(), "{}", err(&told));
    let between = format!(
        "SELECT COUNT(*) FROM orders WHERE home = '{home}' AND seq > {last} AND seq <= {}",
        last + 47
    );
    assert_eq!(ask(&bureau, &between), 0);
    assert!(
        ask(&bureau, "SELECT COUNT(*) FROM orders WHERE issued_at > '2026-08-05'") > 0,
        "orders are opened"
    );
    assert!(ask(&bureau, "SELECT COUNT(*) FROM outbox WHERE epoch = 2") > 0);
    assert!(ask(&bureau, "SELECT COUNT(*) FROM outbox WHERE epoch = 1") > 0, "what was told keeps its key");
    assert!(ask(&bureau, "SELECT COUNT(*) FROM notice WHERE key LIKE '%/e2'") > 0);
    assert_verifies(&bureau);
}

#[test]
fn what_is_no_whole_backup_is_refused_and_changes_nothing() {
    let bureau = Bureau::kept();
    json(&bureau, AFTER, &["backup", "good"]);
    assert!(refused(&bureau, &["backup", "good"], 1).contains("R240"));
    assert!(refused(&bureau, &["restore", "nowhere", "--replace"], 1).contains("R242"));
    let db = bureau.path("good/wubu.db");
    let bytes = fs::read(&db).expect("bytes");
    let mut changed = bytes.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    fs::write(&db, changed).expect("written");
    assert!(refused(&bureau, &["restore", "good", "--replace"], 1).contains("R243"));
    fs::write(&db, bytes).expect("written");
    let manifest = fs::read_to_string(bureau.path("good/manifest.json")).expect("a manifest");
    fs::write(bureau.path("good/manifest.json"), &manifest[..manifest.len() / 2]).expect("written");
    assert!(refused(&bureau, &["restore", "good", "--replace"], 1).contains("R242"));
    fs::write(bureau.path("good/manifest.json"), manifest).expect("written");
    fs::write(bureau.path("empty.json"), "{}").expect("written");
    let words = ["restore", "good", "--replace", "--numbers-from", "empty.json"];
    assert!(refused(&bureau, &words, 1).contains("R244"));
    assert_eq!(ask(&bureau, "SELECT COUNT(*) FROM ledger WHERE kind = 'database.restored'"), 0);
    assert_verifies(&bureau);
}

#[test]
fn a_kill_in_a_backup_leaves_nothing_that_looks_complete() {
    let bureau = Bureau::kept();
    let began = std::time::Instant::now();
    json(&bureau, AFTER, &["backup", "backups/calm"]);
    let whole = began.elapsed();
    let mut cut = 0;
    for round in 1..=12_u32 {
        let name = format!("backups/killed-{round}");
        let mut command = bureau.command(AFTER, &["backup", &name], &JSON);
        let mut child = command.stdout(std::process::Stdio::null()).spawn().expect("the program starts");
        std::thread::sleep(whole.mul_f64((f64::from(round) * 0.618_033_988_7).fract()));
        cut += u32::from(child.try_wait().expect("a status").is_none());
        child.kill().expect("a kill");
        child.wait().expect("an end");
    }
    assert!(cut >= 4, "{cut} of 12 kills came before the end");
    for entry in fs::read_dir(bureau.path("backups")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        // What has its name is complete: it can be put elsewhere, and verifies.
        let db = format!("sqlite:elsewhere-{name}.db");
        json(&bureau, LATER, &["restore", &format!("backups/{name}"), "--db", &db]);
        let verified = json(&bureau, LATER, &["verify", "--db", &db]);
        assert_eq!(verified["problems"], Value::Array(Vec::new()), "{name}");
    }
    assert!(count_of(&bureau.path("backups")) > 1);
}
