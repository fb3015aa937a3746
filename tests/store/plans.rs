//! How the database finds what each statement asks for.
//!
//! `plans.txt` holds one line a look-up. A line that says SCAN reads a whole table or index, one that
//! names fewer columns than its key reads all that agree in those: look twice before such a line
//! is taken on for a statement of acts or ticks. `UPDATE_PLANS=1 cargo test plans` writes the file.

use std::fmt::Write as _;

use wubu::store::statements;

use super::{Place, run};

#[test]
fn every_statement_finds_what_it_asks_for_as_written_down() {
    let place = Place::new();
    run(async { place.open().await.close().await });
    let connection = rusqlite::Connection::open(place.file()).expect("opens");
    let mut told = String::new();
    let mut all = statements();
    all.sort_unstable_by_key(|(name, text)| (*name, text.len()));
    all.dedup_by_key(|(name, _)| *name);
    let parts = all.iter().flat_map(|(name, text)| text.split("; ").map(move |part| (*name, part)));
    for (name, text) in parts {
        if ["PRAGMA", "BEGIN", "SAVEPOINT", "ROLLBACK", "RELEASE", "COMMIT"]
            .iter()
            .any(|word| text.starts_with(word))
        {
            continue;
        }
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")).expect("prepares");
        let wanted = plan.parameter_count();
        let nothing = vec![rusqlite::types::Value::Null; wanted];
        let lines = plan
            .query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3))
            .expect("explains")
            .map(|line| line.expect("a line"))
            .filter(|line| line.starts_with("SEARCH") || line.starts_with("SCAN"))
            .filter(|line| !line.contains("VIRTUAL TABLE") && !line.contains("CONSTANT ROW"));
        for line in lines {
            writeln!(told, "{name}: {line}").expect("writes");
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/store/plans.txt");
    if std::env::var_os("UPDATE_PLANS").is_some() {
        std::fs::write(path, &told).expect("writes");
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    let (known, told): (Vec<&str>, Vec<&str>) = (known.lines().collect(), told.lines().collect());
    for line in &told {
        assert!(known.contains(line), "not written down in tests/store/plans.txt: {line}");
    }
    for line in &known {
        assert!(told.contains(line), "no longer so, but in tests/store/plans.txt: {line}");
    }
}
