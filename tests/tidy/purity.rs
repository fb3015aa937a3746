//! Floors 0 to 3 never wait, never ask the time, never touch the world outside.

use super::expect_none;
use super::source::{Source, line_at, sources};

/// Rooms of floors 4 and above, and the roots of the crate.
const IMPURE: &[&str] = &["store", "files", "notify", "office", "daemon", "web", "lsp", "cli", "lib", "main"];

/// What pure rooms do without.
const FORBIDDEN: &[&str] = &[
    "async fn",
    "async move",
    "async {",
    ".await",
    "Utc::now",
    "Local::now",
    "Instant::now",
    "SystemTime::now",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::io::stdin",
    "thread::sleep",
    "println!",
    "eprintln!",
    "eprint!",
    "print!",
    "dbg!",
    "rand::",
    "thread_rng",
    "tracing::",
];

/// The lawful places, each with its reason.
const LAWFUL: &[(&str, &str, &str)] = &[
    ("src/time.rs", "Utc::now", "SystemClock is the one that asks"),
    ("src/rules/host/stop_watch.rs", "Instant::now", "what takes too long is stopped, which is no answer"),
];

#[test]
fn floors_0_to_3_are_pure() {
    let found: Vec<String> = sources().iter().flat_map(impurities).collect();
    expect_none("pure rooms that reach outside (see LAWFUL in tests/tidy/purity.rs)", &found);
}

#[test]
fn a_planted_clock_is_found() {
    let planted = "fn f() {\n    let at = chrono::Utc::now();\n}\n// Utc::now in a comment is fine.\n";
    let source = Source::new("src/engine/open.rs", planted);
    assert_eq!(impurities(&source), ["src/engine/open.rs:2: engine is pure; no `Utc::now`"]);
    assert!(impurities(&Source::new("src/store/mod.rs", planted)).is_empty());
}

fn impurities(source: &Source) -> Vec<String> {
    let room = source.room();
    if IMPURE.contains(&room) {
        return Vec::new();
    }
    FORBIDDEN
        .iter()
        .filter(|word| !LAWFUL.iter().any(|(path, lawful, _)| *path == source.path && lawful == *word))
        .flat_map(|word| source.code.match_indices(word).map(move |(at, _)| (at, *word)))
        .filter(|(at, _)| !source.code[..*at].ends_with(|c: char| c == '_' || c.is_alphanumeric()))
        .map(|(at, word)| {
            format!("{}:{}: {room} is pure; no `{word}`", source.path, line_at(&source.code, at))
        })
        .collect()
}
