use wubu::diag::{Code, codes};
use wubu::lang::Lang;

/// Checks that a code reads as a finished sentence in both languages.
pub(super) fn check(code: Code, args: &[(&'static str, String)]) {
    for lang in [Lang::Zh, Lang::En] {
        for text in [lang.text(code.id, args), lang.help(code.id, args)] {
            assert!(
                !text.is_empty() && !text.contains(['{', '}', '$']),
                "{} {}: {text}",
                code.id,
                lang.name()
            );
        }
    }
}

#[test]
fn every_code_of_this_room_has_its_text_and_help() {
    for code in codes::CALENDAR {
        for lang in [Lang::Zh, Lang::En] {
            assert_eq!(lang.has(code.id), (true, true), "{} {}", code.id, lang.name());
        }
    }
}

#[test]
fn codes_of_calendars_read_as_sentences() {
    let args = ["year", "day", "text"].map(|name| (name, "2026-01-01".to_owned()));
    for code in codes::CALENDAR.iter().filter(|code| code.id >= "C020" && code.id < "C030") {
        check(*code, &args);
    }
    check(codes::CRON_NEVER, &[]);
}
