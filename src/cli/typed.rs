//! What people type instead of an id: the words that the program and the policy use for it, in either language.

use std::collections::BTreeSet;
use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command, Error};

use crate::lang::Lang;
use crate::policy::Policy;

/// Both languages: who reads one may have learnt the word in the other.
const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];

/// Returns the id of the text of a name.
pub(super) type TextOf = fn(&str) -> String;

/// Least letters of a word by whose beginning it is known.
const BEGINNING: usize = 2;

/// Reads one of some names, each also as it is called: `直接送达`, or `直接`, for `direct`.
#[derive(Clone)]
pub(super) struct NamedValue {
    /// The names themselves, as records have them.
    pub(super) names: &'static [&'static str],
    /// The id of the text that says what a name is called.
    pub(super) text_of: TextOf,
}

impl TypedValueParser for NamedValue {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        match meant(self.text_of, self.names, &value.to_string_lossy()) {
            Some(name) => Ok(name.to_owned()),
            None => PossibleValuesParser::new(self.names).parse_ref(command, arg, value),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.names.iter().map(PossibleValue::new)))
    }
}

/// Finds which of some names is meant: the name itself, what it is called, or the beginning of that where no
/// other begins so.
pub(super) fn meant<'n>(text_of: TextOf, names: &[&'n str], typed: &str) -> Option<&'n str> {
    let typed = compared(typed);
    let called = |name: &str| LANGS.map(|lang| compared(&lang.word(&text_of(name))));
    let exact = names.iter().find(|name| compared(name) == typed || called(name).contains(&typed));
    let mut begun = names.iter().filter(|name| {
        typed.chars().count() >= BEGINNING && called(name).iter().any(|word| word.starts_with(&typed))
    });
    exact.or_else(|| begun.next().filter(|_| begun.next().is_none())).copied()
}

/// Returns the id of what is called so; what nothing is called, or several are, is given back as it is typed.
pub(super) fn by_title<'a>(known: impl Iterator<Item = (&'a str, &'a str)> + Clone, typed: String) -> String {
    if known.clone().any(|(id, _)| id == typed) {
        return typed;
    }
    let wanted = compared(&typed);
    let found: BTreeSet<&str> =
        known.filter(|(_, title)| compared(title) == wanted).map(|(id, _)| id).collect();
    match (found.first(), found.len()) {
        (Some(id), 1) => (*id).to_owned(),
        _ => typed,
    }
}

/// Returns the id of the workflow that is called so.
pub(super) fn workflow(policy: &Policy, typed: String) -> String {
    by_title(policy.workflows.iter().map(|known| (known.id.as_str(), known.title.as_str())), typed)
}

/// Returns the id of the step that is called so.
pub(super) fn step(policy: &Policy, typed: String) -> String {
    let steps = policy.workflows.iter().flat_map(|workflow| &workflow.steps);
    by_title(steps.map(|known| (known.id.as_str(), known.title.as_str())), typed)
}

/// Returns the id of the tier that is called so.
pub(super) fn tier(policy: &Policy, typed: String) -> String {
    let titles = policy.tiers.order.iter().flat_map(|tier| {
        [(tier.id.as_str(), tier.title.as_str()), (tier.id.as_str(), tier.title_en.as_str())]
    });
    by_title(titles, typed)
}

/// Returns the id of the kind of document that is called so.
pub(super) fn document_kind(policy: &Policy, typed: String) -> String {
    by_title(policy.documents.iter().map(|known| (known.id.as_str(), known.title.as_str())), typed)
}

/// Returns words as they are compared: without blanks, of one case.
fn compared(words: &str) -> String {
    words.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}
