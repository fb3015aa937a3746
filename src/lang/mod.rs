//! The sentences people read, in Chinese and English, as data.
//!
//! Texts live in `zh/*.ftl` and `en/*.ftl` (Fluent), one file per room; this module only looks
//! them up. A message id is a code (`P014`) or a plain name (`level-error`); its `.help`
//! attribute says what to do. Nothing below a door knows which language the reader has.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub mod dates;
pub mod spellings;
pub mod visible;

/// The reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl FromStr for Lang {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.get(..2) {
            Some("zh") => Ok(Self::Zh),
            Some("en") => Ok(Self::En),
            _ => Err(()),
        }
    }
}

/// The texts of each language, room by room.
const TEXTS: [(&str, &str); 14] = [
    (include_str!("zh/common.ftl"), include_str!("en/common.ftl")),
    (include_str!("zh/policy.ftl"), include_str!("en/policy.ftl")),
    (include_str!("zh/script.ftl"), include_str!("en/script.ftl")),
    (include_str!("zh/calendar.ftl"), include_str!("en/calendar.ftl")),
    (include_str!("zh/import.ftl"), include_str!("en/import.ftl")),
    (include_str!("zh/document.ftl"), include_str!("en/document.ftl")),
    (include_str!("zh/door.ftl"), include_str!("en/door.ftl")),
    (include_str!("zh/store.ftl"), include_str!("en/store.ftl")),
    (include_str!("zh/forms.ftl"), include_str!("en/forms.ftl")),
    (include_str!("zh/people.ftl"), include_str!("en/people.ftl")),
    (include_str!("zh/notify.ftl"), include_str!("en/notify.ftl")),
    (include_str!("zh/engine.ftl"), include_str!("en/engine.ftl")),
    (include_str!("zh/operator.ftl"), include_str!("en/operator.ftl")),
    (include_str!("zh/story.ftl"), include_str!("en/story.ftl")),
];

/// Stands between the words of a list.
pub const BETWEEN: &str = "\u{1f}";
/// Stands before what explains the word before it.
pub const OPEN: &str = "\u{1e}";
/// Stands behind what explains.
pub const CLOSE: &str = "\u{1d}";
/// Stand for units of time, in the order of [`crate::calendar::Unit::ALL`].
pub const UNITS: [&str; 5] = ["\u{11}", "\u{12}", "\u{13}", "\u{14}", "\u{15}"];
/// The same where there is one of it.
pub const SINGLE_UNITS: [&str; 5] = ["\u{16}", "\u{17}", "\u{18}", "\u{19}", "\u{1a}"];

/// What each language writes in its own way in arguments, with the id of its text. No text from outside
/// holds these characters.
const MARKS: [(&str, &str); 13] = [
    (BETWEEN, "mark-between"),
    (OPEN, "mark-open"),
    (CLOSE, "mark-close"),
    (UNITS[0], "unit-workdays"),
    (UNITS[1], "unit-days"),
    (UNITS[2], "unit-hours"),
    (UNITS[3], "unit-months"),
    (UNITS[4], "unit-years"),
    (SINGLE_UNITS[0], "unit-workday"),
    (SINGLE_UNITS[1], "unit-day"),
    (SINGLE_UNITS[2], "unit-hour"),
    (SINGLE_UNITS[3], "unit-month"),
    (SINGLE_UNITS[4], "unit-year"),
];

/// Puts words into one argument; each language has its own mark between them.
pub fn list<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> String {
    let mut list = String::new();
    for word in words {
        if !list.is_empty() {
            list.push_str(BETWEEN);
        }
        list.push_str(word.as_ref());
    }
    list
}

/// Returns what something is called with its id behind it, as one types it.
pub fn with_id(title: &str, id: &str) -> String {
    if title == id { id.to_owned() } else { format!("{title}{OPEN}{id}{CLOSE}") }
}

impl Lang {
    /// Writes words one after the other.
    #[must_use]
    pub fn list<W: AsRef<str>>(self, words: impl IntoIterator<Item = W>) -> String {
        self.marked(&list(words)).into_owned()
    }

    /// Writes an argument with the marks of this language.
    #[must_use]
    pub fn marked(self, argument: &str) -> Cow<'_, str> {
        if !argument.contains(|c: char| ('\u{11}'..='\u{1f}').contains(&c)) {
            return Cow::Borrowed(argument);
        }
        let written = |text: String, (mark, id): &(&str, &str)| {
            if text.contains(mark) { text.replace(mark, &self.word(id)) } else { text }
        };
        Cow::Owned(MARKS.iter().fold(argument.to_owned(), written))
    }

    /// Returns the text of `id` with its arguments put in; the id itself when there is none,
    /// which a test makes impossible for codes.
    #[must_use]
    pub fn text<V: AsRef<str>>(self, id: &str, args: &[(&str, V)]) -> String {
        self.find(id, None, args).unwrap_or_else(|| id.to_owned())
    }

    /// Returns the text of an `id` that takes no arguments.
    #[must_use]
    pub fn word(self, id: &str) -> String {
        self.text::<&str>(id, &[])
    }

    /// Returns what to do about `id`; empty when nothing is said.
    #[must_use]
    pub fn help<V: AsRef<str>>(self, id: &str, args: &[(&str, V)]) -> String {
        self.find(id, Some("help"), args).unwrap_or_default()
    }

    /// Returns whether `id` has a text and a help in this language.
    #[must_use]
    pub fn has(self, id: &str) -> (bool, bool) {
        let message = self.bundle().get_message(id);
        let text = message.as_ref().is_some_and(|m| m.value().is_some());
        (text, message.is_some_and(|m| m.get_attribute("help").is_some()))
    }

    fn find<V: AsRef<str>>(self, id: &str, part: Option<&str>, args: &[(&str, V)]) -> Option<String> {
        let bundle = self.bundle();
        let message = bundle.get_message(id)?;
        let pattern = match part {
            None => message.value()?,
            Some(name) => message.get_attribute(name)?.value(),
        };
        let mut given = FluentArgs::new();
        for (name, value) in args {
            let value = self.marked(value.as_ref());
            let value = visible::on_one_line(&value).into_owned();
            given.set(*name, amount(&value).map_or_else(|| FluentValue::from(value), FluentValue::from));
        }
        let mut problems = Vec::new();
        Some(bundle.format_pattern(pattern, Some(&given), &mut problems).into_owned())
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static ZH: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        static EN: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        match self {
            Self::Zh => ZH.get_or_init(|| bundle("zh", TEXTS.map(|(zh, _)| zh))),
            Self::En => EN.get_or_init(|| bundle("en", TEXTS.map(|(_, en)| en))),
        }
    }
}

/// Returns the number that an argument is when it is written as one writes an amount, so that a text can
/// choose its wording by `[0]`, `[one]` and `[other]`; what prints otherwise than it was written stays a text.
fn amount(value: &str) -> Option<u32> {
    let is_canonical = value == "0" || !value.starts_with(['0', '+']);
    value.parse().ok().filter(|_| is_canonical)
}

fn bundle<const N: usize>(lang: &str, texts: [&str; N]) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = lang.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks would stand as stray characters in a terminal.
    bundle.set_use_isolating(false);
    for text in texts {
        // A text that does not parse keeps the messages that do; a test finds the rest.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(some, _)| some);
        let _ = bundle.add_resource(resource);
    }
    bundle
}
