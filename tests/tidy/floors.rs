//! Arrows point down only. This table is the plan of the house.

use super::arrows::arrows;
use super::expect_none;
use super::source::{Source, identifiers, line_at, sources};

/// A room, bottom first: a room may use those above it in this list, with the exceptions of
/// [`STRANGERS`]. The number is its floor.
const ROOMS: &[(&str, u8)] = &[
    // Ground: words and values.
    ("limits", 0),
    ("ratio", 0),
    ("digest", 0),
    ("time", 0),
    ("id", 0),
    ("lang", 0),
    ("diag", 0),
    // Knowledge: text and rows made into checked values.
    ("calendar", 1),
    ("schedule", 1),
    ("register", 1),
    ("policy", 1),
    ("import", 1),
    // Judgement: what has to be done.
    ("terms", 2),
    ("people", 2),
    ("documents", 2),
    ("rules", 2),
    ("forms", 2),
    ("appraise", 2),
    ("engine", 2),
    ("ledger", 2),
    ("dispatch", 2),
    ("assess", 2),
    // Imagination: the same, without consequences.
    ("explain", 3),
    ("cases", 3),
    ("simulate", 3),
    ("plan", 3),
    // Plant: disk, database, network.
    ("store", 4),
    ("files", 4),
    ("notify", 4),
    // Office: one act, one transaction.
    ("office", 5),
    // Doors.
    ("daemon", 6),
    ("web", 6),
    ("lsp", 6),
    ("cli", 6),
];

/// Rooms that are divided, each with its sub-rooms, bottom first: a sub-room may use those before it
/// in its list, directly or through what the room re-exports.
///
/// A sub-room is a file or a folder directly below the room. The room's own `mod.rs` stands above them
/// all: it only names and re-exports them. A room that is not in this table is one room.
const SUB_ROOMS: &[(&str, &[&str])] = &[(
    "office",
    &[
        // What all of them share.
        "fault",
        "places",
        "folder_stations",
        "active_release",
        "context",
        "written_moment",
        "refusal_names",
        "authority",
        "find_order",
        "find_subject",
        "numbering",
        "signal_notes",
        "written_moment",
        // Who there is, what leaves the building, what orders print.
        "people",
        "outbox",
        "documents",
        // What subjects are, and what is opened for them.
        "appraisal",
        "opening",
        // What happens to orders: people, the world, time.
        "desk",
        "signals",
        "tick",
        // What comes in.
        "intake",
        "release",
        // What is read.
        "audit",
        // What is put aside, and put back.
        "backup",
        "query",
        // What a change would do.
        "plan",
        // The demo's register.
        "sample",
    ],
)];

/// Floors whose rooms do not know each other at all, and why.
const STRANGERS: &[(u8, u8, &str)] = &[
    (4, 3, "plant and imagination meet in the office"),
    (4, 4, "disk, database and network do not lean on each other"),
];

/// Crates that only some rooms may name.
const GUESTS: &[(&str, &[&str])] = &[
    ("rhai", &["rules"]),
    ("sqlx", &["store"]),
    ("cron", &["schedule"]),
    ("serde_yaml", &["policy"]),
    ("minijinja", &["documents"]),
    ("tokio", &["store", "files", "notify", "office", "daemon", "web", "lsp", "cli", "main"]),
    ("tracing", &["store", "files", "notify", "office", "daemon", "web", "lsp", "cli", "main"]),
    ("tracing_subscriber", &["daemon", "cli", "main"]),
    ("clap", &["cli", "main"]),
    ("indicatif", &["cli"]),
    ("axum", &["web"]),
    ("hyper", &["web"]),
    ("hyper_util", &["web"]),
    ("sd_notify", &["daemon"]),
];

#[test]
fn arrows_point_down_only() {
    let found: Vec<String> = sources().iter().flat_map(wrong_arrows).collect();
    expect_none("rooms that know too much (see ROOMS in tests/tidy/floors.rs)", &found);
}

#[test]
fn only_the_host_room_names_a_guest() {
    let found: Vec<String> = sources().iter().flat_map(uninvited).collect();
    expect_none("crates named outside their room (see GUESTS in tests/tidy/floors.rs)", &found);
}

#[test]
fn every_room_stands_on_a_floor() {
    let mut found: Vec<String> = sources()
        .iter()
        .map(Source::room)
        .filter(|room| !matches!(*room, "lib" | "main") && place(room).is_none())
        .map(|room| format!("src/{room} has no row in ROOMS"))
        .collect();
    found.dedup();
    expect_none("rooms without a floor", &found);
}

#[test]
fn arrows_between_sub_rooms_point_down_only() {
    let found = wrong_stairs(SUB_ROOMS, &sources());
    expect_none("sub-rooms that know too much (see SUB_ROOMS in tests/tidy/floors.rs)", &found);
}

#[test]
fn a_planted_arrow_up_the_stairs_is_found() {
    let sources = [
        Source::new("src/office/mod.rs", "mod live;\nmod desk;\nmod tick;\npub use desk::act;\n"),
        Source::new("src/office/live.rs", "use super::act;\npub struct Live;\n"),
        Source::new("src/office/desk/mod.rs", "mod clerk;\npub use clerk::act;\n"),
        Source::new(
            "src/office/desk/clerk.rs",
            "use crate::office::live::Live;\npub fn act() { super::wait() }\n",
        ),
        Source::new("src/office/tick.rs", "use super::{act, live::Live};\n"),
        Source::new("src/lib.rs", "mod office;\n"),
    ];
    let found = wrong_stairs(&[("office", &["live", "desk", "query"])], &sources);
    assert_eq!(
        found,
        [
            "src/office/tick.rs: office has no sub-room tick",
            "office has no file for its sub-room query",
            "src/office/live.rs:1: live must not import desk (src/office/desk/clerk.rs)",
        ]
    );
    assert!(wrong_stairs(&[("office", &["desk", "live", "tick"])], &sources).len() == 1);
}

#[test]
fn a_planted_upward_arrow_is_found() {
    let planted = "//! Spans.\nuse crate::{digest::Digest, engine::step};\nuse super::super::office;\n";
    let source = Source::new("src/diag/span.rs", planted);
    assert_eq!(
        wrong_arrows(&source),
        [
            "src/diag/span.rs:2: diag must not import engine",
            "src/diag/span.rs:3: diag must not import office"
        ]
    );
    let source =
        Source::new("src/appraise/mod.rs", "fn f(x: rhai::Dynamic) {}\nuse crate::schedule::cron::Cron;\n");
    assert_eq!(uninvited(&source), ["src/appraise/mod.rs:1: appraise must not name the crate rhai"]);
}

fn place(room: &str) -> Option<usize> {
    ROOMS.iter().position(|(name, _)| *name == room)
}

fn wrong_arrows(source: &Source) -> Vec<String> {
    let room = source.room();
    // The two roots of the crate name every room; an unknown room is reported by its own test.
    let Some(own) = place(room) else { return Vec::new() };
    uses(source)
        .into_iter()
        .filter(|(_, used)| used != room)
        .filter(|(_, used)| place(used).is_some_and(|used| !may_use(own, used)))
        .map(|(line, used)| format!("{}:{line}: {room} must not import {used}", source.path))
        .collect()
}

/// Checks the divided rooms: every file in a sub-room, every sub-room with a file, every arrow down.
fn wrong_stairs(divided: &[(&str, &[&str])], sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for (room, parts) in divided {
        let of_room = sources.iter().filter(|source| source.room() == *room);
        let names: Vec<(&str, &str)> =
            of_room.filter_map(|source| Some((source.path.as_str(), sub_room(source)?))).collect();
        let homeless = names.iter().filter(|(_, name)| !parts.contains(name));
        found.extend(homeless.map(|(path, name)| format!("{path}: {room} has no sub-room {name}")));
        let empty = parts.iter().filter(|part| !names.iter().any(|(_, name)| name == *part));
        found.extend(empty.map(|part| format!("{room} has no file for its sub-room {part}")));
    }
    let arrows = if divided.is_empty() { std::collections::BTreeMap::new() } else { arrows(sources) };
    for (arrow, line) in arrows {
        let (from, to) = (&sources[arrow.from], &sources[arrow.to]);
        let Some((_, parts)) = divided.iter().find(|(room, _)| from.room() == *room && to.room() == *room)
        else {
            continue;
        };
        let step = |source: &Source| parts.iter().position(|part| Some(*part) == sub_room(source));
        // What stands in no sub-room stands above them all.
        if let Some(own) = step(from)
            && step(to).is_none_or(|used| used > own)
        {
            let (own, used) = (parts[own], sub_room(to).unwrap_or("mod.rs"));
            found.push(format!("{}:{line}: {own} must not import {used} ({})", from.path, to.path));
        }
    }
    found
}

/// Returns the sub-room a file belongs to: the second name below `src/`; none for the room's `mod.rs`.
fn sub_room(source: &Source) -> Option<&str> {
    let name = source.path.trim_start_matches("src/").split('/').nth(1)?;
    let name = name.trim_end_matches(".rs");
    (name != "mod").then_some(name)
}

fn may_use(own: usize, used: usize) -> bool {
    let (floor, below) = (ROOMS[own].1, ROOMS[used].1);
    used < own && !STRANGERS.iter().any(|(a, b, _)| (*a, *b) == (floor, below))
}

/// Returns each room named through `crate::…` or a `super::` chain that leaves the room.
fn uses(source: &Source) -> Vec<(usize, String)> {
    let out_of_room = "super::".repeat(source.depth());
    let mut found = Vec::new();
    for (prefix, exact) in [("crate::", false), (out_of_room.as_str(), true)] {
        if prefix.is_empty() {
            continue;
        }
        for (at, _) in source.code.match_indices(prefix) {
            let before = &source.code[..at];
            let continues = before.ends_with(|c: char| c == '_' || c == ':' || c.is_alphanumeric());
            let after = &source.code[at + prefix.len()..];
            if continues || (exact && after.starts_with("super::")) {
                continue;
            }
            found.extend(
                heads(after)
                    .into_iter()
                    .map(|(offset, name)| (line_at(&source.code, at + prefix.len() + offset), name)),
            );
        }
    }
    found.sort();
    found
}

/// Returns the first names of what follows `crate::`: one, or those of a `{…}` group.
fn heads(after: &str) -> Vec<(usize, String)> {
    if !after.starts_with('{') {
        return identifiers(after).next().map(|(at, name)| (at, name.to_owned())).into_iter().collect();
    }
    let end = super::source::block_end(after, 0);
    let (mut depth, mut fresh, mut found) = (0_usize, false, Vec::new());
    for (at, c) in after[..end].char_indices() {
        match c {
            '{' => {
                depth += 1;
                fresh = depth == 1;
            }
            '}' => depth -= 1,
            ',' => fresh = depth == 1,
            _ if fresh && (c == '_' || c.is_alphanumeric()) => {
                fresh = false;
                found.extend(identifiers(&after[at..end]).next().map(|(_, name)| (at, name.to_owned())));
            }
            _ => {}
        }
    }
    found
}

fn uninvited(source: &Source) -> Vec<String> {
    let room = source.room();
    identifiers(&source.code)
        .filter(|(at, name)| {
            let named = GUESTS.iter().any(|(guest, hosts)| guest == name && !hosts.contains(&room));
            let (before, after) = (&source.code[..*at], &source.code[at + name.len()..]);
            named && after.starts_with("::") && !before.ends_with("::")
        })
        .map(|(at, name)| {
            format!("{}:{}: {room} must not name the crate {name}", source.path, line_at(&source.code, at))
        })
        .collect()
}
