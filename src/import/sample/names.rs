//! What places, people and businesses of the sample are called, as data.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::lang::Lang;

/// Names of the sample, and what stands in its texts.
#[derive(Debug, Deserialize)]
pub(super) struct SampleNames {
    /// Stations with the titles of their four grids.
    pub(super) stations: Vec<SampleStation>,
    /// Proper names and lines of business, which name a business together.
    pub(super) words: Vec<String>,
    pub(super) kinds: Vec<String>,
    officer: String,
    subject: String,
    text: String,
    /// Result of an inspection that found nothing, and of one that found something.
    pub(super) clean: String,
    pub(super) found: String,
}

/// One station: id, title, titles of its grids.
#[derive(Debug, Deserialize)]
pub(super) struct SampleStation(pub(super) String, pub(super) String, pub(super) [String; 4]);

/// Returns the names in a language.
pub(super) fn names(lang: Lang) -> &'static SampleNames {
    static ZH: OnceLock<SampleNames> = OnceLock::new();
    static EN: OnceLock<SampleNames> = OnceLock::new();
    let (names, text) = match lang {
        Lang::Zh => (&ZH, include_str!("names.json")),
        Lang::En => (&EN, include_str!("names.en.json")),
    };
    names.get_or_init(|| serde_json::from_str(text).expect("the file in this folder is as declared"))
}

impl SampleNames {
    /// Names an officer.
    pub(super) fn officer(&self, nth: usize) -> String {
        self.officer.replace("{nth}", &format!("{nth:03}"))
    }

    /// Names a business.
    pub(super) fn subject(&self, word: &str, kind: &str, nth: usize) -> String {
        let named = self.subject.replace("{word}", word).replace("{kind}", kind);
        named.replace("{nth}", &format!("{nth:04}"))
    }

    /// Writes a text attribute, such as an address.
    pub(super) fn text(&self, nth: usize) -> String {
        self.text.replace("{nth}", &nth.to_string())
    }
}
