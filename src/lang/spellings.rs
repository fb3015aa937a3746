//! Words of policy files, cases and imported files that have a Chinese spelling beside the plain one.
//!
//! Both are read everywhere, whatever a bureau's language is; what is written follows the reader. These are
//! words of the language itself, such as `工作日`, and none of a bureau's own. The tables of
//! `docs/policy-language.md` name each of them. The words themselves stand in `zh/spellings.txt`; to add one: a row
//! there, and its place in the tables.

use super::Lang;

/// A word with the ways it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelling {
    pub plain: &'static str,
    /// In Chinese; the first is the one that is written.
    pub chinese: &'static [&'static str],
}

impl Spelling {
    /// Returns whether a text is the word; case does not matter where letters have one.
    pub fn is(&self, text: &str) -> bool {
        self.plain.eq_ignore_ascii_case(text) || self.chinese.contains(&text)
    }

    /// Returns the word as it is written in a language.
    pub const fn of(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.plain,
        }
    }

    /// Returns the word as it is written in Chinese.
    pub const fn zh(&self) -> &'static str {
        self.chinese[0]
    }

    /// Returns the ways to write it that a reader of a text in this script is offered.
    pub fn offered<'w>(self, beside: &str) -> impl Iterator<Item = &'w str> + use<'w> {
        let chinese = if has_han(beside) { self.chinese } else { &[] };
        std::iter::once(self.plain).chain(chinese.iter().copied())
    }
}

/// Returns whether a text has a Chinese character.
pub fn has_han(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}'))
}

include!(concat!(env!("OUT_DIR"), "/spellings.rs"));

/// Returns the Chinese headings of a field.
pub fn headings(kind: &str, field: &str) -> &'static [&'static str] {
    let found = HEADINGS.iter().find(|(of, name, _)| *of == kind && *name == field);
    found.map_or(&[], |(_, _, headings)| headings)
}
