//! `docs/order.md` draws the machine as it is, and says what every state and event is.

use std::fs;

use strum::IntoEnumIterator as _;
use wubu::engine::machine::{EventKind, StateKind, diagram};

use super::source::root;

const BEGIN: &str = "```mermaid\n";
const END: &str = "```\n";

#[test]
fn the_picture_is_drawn_from_the_machine() {
    let path = root().join("docs/order.md");
    let page = fs::read_to_string(&path).expect("the page");
    let (head, rest) = page.split_once(BEGIN).expect("the picture begins");
    let (_, tail) = rest.split_once(END).expect("the picture ends");
    let drawn = format!("{head}{BEGIN}{}{END}{tail}", diagram());
    if std::env::var_os("WUBU_BLESS").is_some() {
        fs::write(&path, &drawn).expect("the page is written");
    } else {
        assert!(page == drawn, "docs/order.md is not up to date: WUBU_BLESS=1 cargo test tidy::machine");
    }
}

#[test]
fn every_state_and_event_is_told_in_two_sentences() {
    let page = fs::read_to_string(root().join("docs/order.md")).expect("the page");
    let states = StateKind::iter().map(|state| format!("{state:?}"));
    let names = states.chain(EventKind::all().map(|event| event.to_string()));
    let untold: Vec<String> = names
        .filter(|name| {
            let line = page.lines().find(|line| line.starts_with(&format!("- **{name} · ")));
            let told = line
                .and_then(|line| line.split_once(" — "))
                .map_or(0, |(_, said)| said.matches(". ").count() + usize::from(said.ends_with('.')));
            told < 2
        })
        .collect();
    super::expect_none("not told in docs/order.md", &untold);
}
