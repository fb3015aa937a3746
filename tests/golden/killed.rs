//! kill −9 while the kept database is brought to today's schema, and in every command that writes: it opens, and
//! is what it would have been.
//!
//! Each migration is a transaction; the kills land in and between them. `WUBU_KILLS` asks for more kills,
//! as a release does, and `--nocapture` shows where they landed.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::bureau::{Bureau, JSON};

/// Kills made here.
const KILLS: usize = 4;
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
    let (mut landed, mut round) = (BTreeMap::<i64, usize>::new(), 0_u32);
    while landed.values().sum::<usize>() < wanted {
        round += 1;
        assert!((round as usize) < wanted * 50 + 50, "the kills do not land inside the migration");
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
    is_cut_off(&mut bureau.command(EVENING, &REFUSED, &JSON), after)
}

/// Starts a command and kills it after a time; says whether it was still at it.
fn is_cut_off(command: &mut Command, after: Duration) -> bool {
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
    assert_eq!(difference(bureau, calm), None, "after a kill at {share}");
}

/// Returns the first table, or the schema, in which two databases differ.
fn difference(bureau: &Bureau, other: &Bureau) -> Option<String> {
    let db = Connection::open(bureau.as_file()).expect("a database");
    db.execute("ATTACH ? AS calm", [other.as_file().display().to_string()]).expect("both");
    let differ = |rows: &str| -> bool {
        let [ours, theirs] = ["main", "calm"].map(|side| rows.replace("SIDE", side));
        let count = format!(
            "SELECT (SELECT COUNT(*) FROM ({ours} EXCEPT {theirs})) + (SELECT COUNT(*) FROM ({theirs} EXCEPT {ours}))"
        );
        db.query_one::<i64, _, _>(&count, [], |row| row.get(0)).expect("a comparison") > 0
    };
    let schema =
        "SELECT type, name, tbl_name, sql FROM SIDE.sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'";
    if differ(schema) {
        return Some("the schema".to_owned());
    }
    let mut tables = db
        .prepare(
            "SELECT name FROM calm.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
             AND name <> '_sqlx_migrations'",
        )
        .expect("the tables");
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).expect("rows");
    let found = tables
        .map(|table| table.expect("a name"))
        .find(|table| differ(&format!("SELECT * FROM SIDE.{table}")));
    let done = "SELECT version, checksum, success FROM SIDE._sqlx_migrations";
    found.or_else(|| differ(done).then(|| "the migrations".to_owned()))
}

/// What a kill left of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    Nothing,
    Part,
    Everything,
}

/// Whatever the kept bureau goes on with, killed anywhere: done whole, not begun, or gone on with by the same command.
#[test]
fn kills_in_the_commands_that_write_leave_them_done_or_to_be_done() {
    let bureau = Bureau::somewhere();
    let script = fs::read_to_string(super::golden("kept").join("go-on.txt")).expect("a script");
    let lines: Vec<&str> = script.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let wanted = std::env::var("WUBU_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    // A kill for each so many lines, or so many kills for each line.
    let (apart, each) = (lines.len().div_ceil(wanted).max(1), wanted.div_ceil(lines.len()).max(1));
    let (mut landed, mut kills) = (BTreeMap::<(Left, &str), u32>::new(), 0_u32);
    for (place, line) in lines.iter().enumerate() {
        let words: Vec<&str> = line.split(' ').collect();
        let (at, words) = words.split_first().expect("a moment");
        // An accepted clock is recorded with what the machine's says, which no second run says again.
        if line.contains("--accept-clock") || place % apart != 0 {
            bureau.live(line, &JSON);
            continue;
        }
        let before = bureau.copied();
        let began = Instant::now();
        let calm = bureau.live(line, &JSON).map(|output| output.status.code());
        let whole = began.elapsed();
        if calm.is_none() || difference(&before, &bureau).is_none() {
            continue;
        }
        for _ in 0..each {
            kills += 1;
            let share = (f64::from(kills) * 0.618_033_988_7).fract();
            let tried = before.copied();
            let mut command = tried.command(at, words, &JSON);
            if !is_cut_off(&mut command, whole.mul_f64(share)) {
                continue;
            }
            let left = match (difference(&tried, &before), difference(&tried, &bureau)) {
                (None, _) => Left::Nothing,
                (Some(_), None) => Left::Everything,
                (Some(_), Some(_)) => Left::Part,
            };
            *landed.entry((left, words[0])).or_default() += 1;
            if left != Left::Everything {
                let again = tried.run(at, words, &JSON);
                let said = String::from_utf8_lossy(&again.stderr);
                assert_eq!(Some(again.status.code()), calm, "{line}, again after a kill at {share}: {said}");
            }
            assert_eq!(difference(&tried, &bureau), None, "{line}, killed at {share} and run again");
        }
    }
    println!("{kills} kills tried; what they left: {landed:?}");
    assert!(landed.values().sum::<u32>() > 0, "no kill landed inside a command");
}
