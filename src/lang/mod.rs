//! The sentences people read, in Chinese and English, as data.
//!
//! Texts live in `zh/*.ftl` and `en/*.ftl` (Fluent), one file per room; this module only looks
//! them up. A message id is a code (`P014`) or a plain name (`level-error`); its `.help`
//! attribute says what to do. Nothing below a door knows which language the reader has.

use std::str::FromStr;
use std::sync::OnceLock;

use strum::IntoStaticStr;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// The reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, IntoStaticStr)]
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
const TEXTS: [(&str, &str); 13] = [
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
    (include_str!("zh/story.ftl"), include_str!("en/story.ftl")),
];

impl Lang {
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
            given.set(*name, value.as_ref());
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
