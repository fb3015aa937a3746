//! `docs/codes.md` says every code in both languages; it is made from the texts themselves.

use std::fmt::Write as _;
use std::fs;

use wubu::diag::codes;
use wubu::documents::DocumentRefusal;
use wubu::engine::RefusalCode;
use wubu::lang::Lang;
use wubu::people::PeopleRefusal;
use wubu::terms::ClockRefusal;

use super::source::root;

const HEAD: &str = "# Codes · 代码\n\n\
Every problem a text can have, every refusal, with what to do. Made from `src/lang` by\n\
`WUBU_BLESS=1 cargo test tidy::codes`; words in braces are filled in, and where\n\
the wording depends on the case one of its forms is shown.\n\n\
`C` calendars, schedules, clocks · `I` imports · `P`, `Y` policy files · `R` refusals · `S` scripts\n";

/// Returns the id of everything that can be wrong with a text or refused, room by room.
pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    let coded = codes::all().map(|code| code.id);
    let refused = RefusalCode::ALL.iter().map(|code| code.id());
    let rooms = [PeopleRefusal::IDS, DocumentRefusal::IDS, ClockRefusal::IDS];
    coded.chain(refused).chain(rooms.into_iter().flatten().copied())
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    let mut ids: Vec<&str> = ids().collect();
    ids.sort_unstable();
    for id in ids {
        let _ = writeln!(page, "\n## {id}\n");
        for lang in [Lang::Zh, Lang::En] {
            let (text, help) = (lang.word(id), lang.help::<&str>(id, &[]));
            let _ = writeln!(page, "- {text}\n  — {help}");
        }
    }
    page
}

#[test]
fn the_page_of_codes_is_what_the_texts_say() {
    let path = root().join("docs/codes.md");
    let page = page();
    if std::env::var_os("WUBU_BLESS").is_some() {
        fs::write(&path, &page).expect("the page is written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page, "docs/codes.md is not up to date: WUBU_BLESS=1 cargo test tidy::codes");
}
