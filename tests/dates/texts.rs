use wubu::diag::codes;
use wubu::lang::Lang;
use wubu::terms::ClockRefusal;

/// Checks that a code reads as a finished sentence in both languages.
pub(super) fn check(id: &str, args: &[(&'static str, String)]) {
    for lang in [Lang::Zh, Lang::En] {
        for text in [lang.text(id, args), lang.help(id, args)] {
            assert!(!text.is_empty() && !text.contains(['{', '}', '$']), "{id} {}: {text}", lang.into_str());
        }
    }
}

#[test]
fn every_code_of_this_room_has_its_text_and_help() {
    for id in codes::CALENDAR.iter().map(|code| &code.id).chain(ClockRefusal::IDS) {
        for lang in [Lang::Zh, Lang::En] {
            assert_eq!(lang.has(id), (true, true), "{id} {}", lang.into_str());
        }
    }
}

#[test]
fn codes_of_calendars_read_as_sentences() {
    let args = ["year", "day", "text"].map(|name| (name, "2026-01-01".to_owned()));
    for code in codes::CALENDAR.iter().filter(|code| code.id >= "C020" && code.id < "C030") {
        check(code.id, &args);
    }
    check(codes::CRON_NEVER.id, &[]);
}
