//! How the database finds what each statement asks for.
//!
//! `plans.txt` holds one line a look-up. A line that says SCAN reads a whole table or index, one that
//! names fewer columns than its key reads all that agree in those: look twice before such a line
//! is taken on for a statement of acts or ticks. What it comes to is measured in `reads.rs`.
//! `UPDATE_PLANS=1 cargo test plans` writes the file.

use std::fmt::Write as _;

use super::parts::parts;
use super::{Place, run};

#[test]
fn every_statement_finds_what_it_asks_for_as_written_down() {
    let place = Place::new();
    run(async { place.open().await.close().await });
    let connection = rusqlite::Connection::open(place.file()).expect("opens");
    let mut told = String::new();
    for part in parts() {
        for line in part.plan(&connection) {
            writeln!(told, "{}: {line}", part.name).expect("writes");
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
