//! No file uses what, further on, uses it: a house is read from the ground up.

use std::collections::{BTreeMap, BTreeSet};

use super::arrows::{Arrow, arrows};
use super::expect_none;
use super::source::{Source, sources};

#[test]
fn no_files_stand_in_a_circle() {
    expect_none("files in circles, with what ties them", &files_in_circles(&sources()));
}

#[test]
fn a_planted_circle_is_found() {
    let sources = [
        // Its children name it, and it them: that is no circle.
        Source::new("src/a/mod.rs", "mod f;\npub use f::run;\npub struct Shared;\n"),
        Source::new("src/a/f.rs", "use super::Shared;\nuse crate::b::stop;\npub fn run() {}\n"),
        Source::new("src/b.rs", "pub fn stop() { crate::c::wait() }\n"),
        Source::new("src/c.rs", "use crate::a;\npub fn wait() { a::run() }\nuse crate::d::End;\n"),
        Source::new("src/d.rs", "pub struct End;\n"),
        Source::new("src/lib.rs", "mod a;\nmod b;\nmod c;\nmod d;\n"),
    ];
    assert_eq!(
        files_in_circles(&sources),
        ["src/a/f.rs: src/b.rs (2)", "src/b.rs: src/c.rs (1)", "src/c.rs: src/a/f.rs (2)"]
    );
}

/// Returns a line for each file in a circle: the files of the same circle that it uses, with lines.
fn files_in_circles(sources: &[Source]) -> Vec<String> {
    let arrows = arrows(sources);
    let reach: Vec<BTreeSet<usize>> = (0..sources.len()).map(|file| reached(file, &arrows)).collect();
    let mut found = Vec::new();
    for (from, source) in sources.iter().enumerate().filter(|(file, _)| reach[*file].contains(file)) {
        let ties = arrows.iter().filter(|(arrow, _)| arrow.from == from && reach[arrow.to].contains(&from));
        let ties: Vec<String> =
            ties.map(|(arrow, line)| format!("{} ({line})", sources[arrow.to].path)).collect();
        found.push(format!("{}: {}", source.path, ties.join(", ")));
    }
    found
}

/// Returns the files that one uses, directly or through others.
fn reached(file: usize, arrows: &BTreeMap<Arrow, usize>) -> BTreeSet<usize> {
    let (mut found, mut waiting) = (BTreeSet::new(), vec![file]);
    while let Some(from) = waiting.pop() {
        let first = Arrow { from, to: 0 };
        let last = Arrow { from, to: usize::MAX };
        waiting.extend(arrows.range(first..=last).map(|(arrow, _)| arrow.to).filter(|to| found.insert(*to)));
    }
    found
}
