//! What the documents promise is there.

use super::expect_none;
use super::source::{Source, files, read, root, sources};

#[test]
fn every_crate_has_its_reason() {
    let (manifest, reasons) = (read("Cargo.toml"), read("docs/dependencies.md"));
    let named = |line: &str| line.strip_prefix("| `").and_then(|l| l.split('`').next()).map(str::to_owned);
    let rows: Vec<String> = reasons.lines().filter_map(named).collect();
    let crates = dependencies(&manifest);
    assert!(crates.len() > 10, "Cargo.toml was not understood");
    let mut found: Vec<String> = crates
        .iter()
        .filter(|c| !rows.contains(c))
        .map(|c| format!("{c} has no row in docs/dependencies.md"))
        .collect();
    found.extend(
        rows.iter()
            .filter(|r| !crates.contains(r))
            .map(|r| format!("docs/dependencies.md: {r} is not used any more")),
    );
    expect_none("crates and reasons that do not match", &found);
}

#[test]
fn every_link_leads_somewhere() {
    let mut pages = vec!["README.md".to_owned(), "README.zh.md".to_owned(), "ARCHITECTURE.md".to_owned()];
    pages.push("CHANGELOG.md".to_owned());
    pages.extend(files("docs", "md"));
    pages.extend(files("examples", "md"));
    let mut found = Vec::new();
    for page in pages {
        let text = read(&page);
        assert!(!text.is_empty(), "{page} is missing");
        let folder = root().join(&page);
        let folder = folder.parent().expect("a page stands in a folder");
        for link in links(&text) {
            if !folder.join(link).exists() {
                found.push(format!("{page}: {link}"));
            }
        }
    }
    expect_none("links to nowhere", &found);
}

#[test]
fn every_room_is_in_the_architecture() {
    let page = read("ARCHITECTURE.md");
    let sources = sources();
    let mut rooms: Vec<&str> =
        sources.iter().map(Source::room).filter(|r| !matches!(*r, "lib" | "main")).collect();
    rooms.dedup();
    let found: Vec<String> = rooms
        .into_iter()
        .filter(|room| !page.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == *room))
        .map(|room| format!("src/{room}"))
        .collect();
    expect_none("rooms ARCHITECTURE.md does not name", &found);
}

#[test]
fn every_bench_has_its_figures() {
    let page = read("docs/performance.md");
    let found: Vec<String> = files("benches", "rs")
        .into_iter()
        .filter_map(|path| Some(path.strip_prefix("benches/")?.strip_suffix(".rs")?.to_owned()))
        .filter(|name| !name.contains('/') && !page.contains(&format!("`{name}`")))
        .collect();
    expect_none("benches docs/performance.md does not name", &found);
}

/// Returns the names under `[dependencies]` and `[dev-dependencies]`.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut is_listed = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_listed = matches!(line.trim(), "[dependencies]" | "[dev-dependencies]");
        } else if is_listed && let Some((name, _)) = line.split_once('=') {
            found.push(name.trim().to_owned());
        }
    }
    found
}

/// Returns the targets of links into the repository, without their anchors.
fn links(text: &str) -> Vec<&str> {
    text.split("](")
        .skip(1)
        .filter_map(|after| after.split(')').next())
        .filter(|link| !link.contains("://") && !link.starts_with('#') && !link.starts_with("mailto:"))
        .map(|link| link.split('#').next().unwrap_or(link))
        .collect()
}
