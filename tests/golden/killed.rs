//! kill −9 while the kept database is brought to today's schema: it opens, and is what it would have been.
//!
//! Each migration is a transaction; the kills land in and between them. `WUBU_KILLS` asks for more kills,
//! as a release does, and `--nocapture` shows where they landed.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::bureau::{Bureau, JSON};

/// Kills made here.
const KILLS: u32 = 4;
/// The evening on which the bureau is opened.
const EVENING: &str = "2026-07-31T20:00";
/// What opens the database for writing and is then refused, so that all it does is migrate.
const REFUSED: [&str; 6] = ["order", "act", "dongguan-9999", "complete", "--as", "P001"];

#[test]
fn kills_while_the_kept_bureau_is_migrated_harm_nothing() {
    let calm = Bureau::untouched();
    let old = version(&calm);
    let began = Instant::now();
    migrate(&calm);
    let whole = began.elapsed();
    let new = version(&calm);
    assert!(old < new, "there is something to migrate: {old} to {new}");

    let wanted = std::env::var("WUBU_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let (mut landed, mut round) = (BTreeMap::<i64, u32>::new(), 0_u32);
    while landed.values().sum::<u32>() < wanted {
        round += 1;
        assert!(round < wanted * 50 + 50, "the kills do not land inside the migration");
        let bureau = Bureau::untouched();
        // Spread over what the command takes, without chance: the golden ratio does.
        let share = (f64::from(round) * 0.618_033_988_7).fract();
        if !is_killed(&bureau, whole.mul_f64(share)) || !bureau.path("wubu.db-wal").exists() {
            continue;
        }
        let reached = version(&bureau);
        if reached == new {
            continue;
        }
        *landed.entry(reached).or_default() += 1;
        migrate(&bureau);
        assert_same(&bureau, &calm, share);
        let verified = bureau.run(EVENING, &["verify"], &JSON);
        assert!(verified.status.success(), "after a kill at {share}: {}", crate::cli::out(&verified));
    }
    println!("{round} migrations from {old} to {new}, {whole:.1?} each; kills landed by schema: {landed:?}");
}

/// Opens a database for writing, and does nothing in it.
fn migrate(bureau: &Bureau) {
    let refused = bureau.run(EVENING, &REFUSED, &JSON);
    assert_eq!(refused.status.code(), Some(1), "{}", String::from_utf8_lossy(&refused.stderr));
}

/// Starts the migration and kills it after a time; says whether it was still at it.
fn is_killed(bureau: &Bureau, after: Duration) -> bool {
    let mut command = bureau.command(EVENING, &REFUSED, &JSON);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    std::thread::sleep(after);
    let was_running = child.try_wait().expect("a status").is_none();
    child.kill().expect("a kill");
    child.wait().expect("an end");
    was_running
}

/// Returns the schema of a database; it looks at a copy, as looking already mends what a kill left.
fn version(bureau: &Bureau) -> i64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in ["wubu.db", "wubu.db-wal"] {
        if bureau.path(name).exists() {
            fs::copy(bureau.path(name), folder.path().join(name)).expect("a copy");
        }
    }
    let db = Connection::open(folder.path().join("wubu.db")).expect("a database");
    db.query_one("PRAGMA user_version", [], |row| row.get(0)).expect("a version")
}

/// Compares the schemas of two databases and every row of theirs, both ways.
fn assert_same(bureau: &Bureau, calm: &Bureau, share: f64) {
    let db = Connection::open(bureau.path("wubu.db")).expect("a database");
    db.execute("ATTACH ? AS calm", [calm.path("wubu.db").display().to_string()]).expect("both");
    let differ = |rows: &str| -> i64 {
        let [ours, theirs] = ["main", "calm"].map(|side| rows.replace("SIDE", side));
        let count = format!(
            "SELECT (SELECT COUNT(*) FROM ({ours} EXCEPT {theirs})) + (SELECT COUNT(*) FROM ({theirs} EXCEPT {ours}))"
        );
        db.query_one(&count, [], |row| row.get(0)).expect("a comparison")
    };
    let schema =
        "SELECT type, name, tbl_name, sql FROM SIDE.sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'";
    assert_eq!(differ(schema), 0, "the schema after a kill at {share}");
    let mut tables = db
        .prepare(
            "SELECT name FROM calm.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
             AND name <> '_sqlx_migrations'",
        )
        .expect("the tables");
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).expect("rows");
    for table in tables.map(|table| table.expect("a name")) {
        assert_eq!(differ(&format!("SELECT * FROM SIDE.{table}")), 0, "{table} after a kill at {share}");
    }
    let done = "SELECT version, checksum, success FROM SIDE._sqlx_migrations";
    assert_eq!(differ(done), 0, "the migrations after a kill at {share}");
}
