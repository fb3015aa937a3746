//! What papers say, in parts: what several papers say stands once.
//!
//! The papers of one order name the same subject and the same officers, and repeat what the patrol found;
//! the papers of one kind are worded alike. So a paper that is signed off is kept as the ids of such
//! parts, and the little that is its own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::facts::is_default;
use super::{AnswerFacts, DocumentFacts, DocumentListing, DocumentOrder, Edition};
use super::{OfficerFacts, SubjectFacts, TitledId};
use crate::digest::Digest;
use crate::lang::Lang;

/// What a part is known by: half of the digest of its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(String);

/// Digits of an id.
const ID_DIGITS: usize = 32;

/// The ids of a document's parts, in the order in which they are put together.
///
/// # Shape
/// Written one after the other, 32 hex digits each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactIds(pub Vec<FactId>);

/// Some of what documents say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactPart {
    pub id: FactId,
    /// JSON with some keys of [`DocumentFacts`].
    pub text: String,
}

/// What a document says, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitFacts {
    /// What other documents say, too.
    pub shared: Vec<FactPart>,
    /// JSON of what is its own.
    pub own: String,
}

/// How documents of one kind, step and station are worded.
#[derive(Serialize)]
struct WordingPart<'a> {
    bureau: &'a str,
    title: &'a str,
    says: &'a [String],
    station: &'a TitledId,
    step: &'a TitledId,
    #[serde(skip_serializing_if = "is_default")]
    language: Lang,
    #[serde(skip_serializing_if = "is_default")]
    edition: Edition,
}

/// What documents of one order are about.
#[derive(Serialize)]
struct MatterPart<'a> {
    order: &'a DocumentOrder,
    subject: &'a SubjectFacts,
}

/// Who made a document and signed it off.
#[derive(Serialize)]
struct PeoplePart<'a> {
    officers: &'a [OfficerFacts],
    approver: &'a Option<OfficerFacts>,
}

/// What one visit found.
#[derive(Serialize)]
struct AnswerPart<'a> {
    answers: [&'a AnswerFacts; 1],
}

#[derive(Serialize)]
struct OwnPart<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    documents: &'a [DocumentListing],
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: Option<&'a str>,
}

impl DocumentFacts {
    /// Writes what a draft says; what it does not say yet is left out, and reads back as it is here.
    pub fn draft(&self) -> String {
        let json = |facts: &Self| serde_json::to_value(facts).expect("texts can be written");
        let (mut said, nothing) = (json(self), json(&Self::default()));
        if let Some(said) = said.as_object_mut() {
            said.retain(|key, value| nothing.get(key) != Some(value));
        }
        filled(said).to_string()
    }

    /// Parts what other documents say, too, from what is its own.
    pub fn split(&self) -> SplitFacts {
        // Every field goes into a part: one that is left out would not be printed.
        let Self {
            bureau,
            title,
            says,
            station,
            order,
            subject,
            step,
            officers,
            approver,
            answers,
            documents,
            reason,
            replaces,
            language,
            edition,
        } = self;
        let (language, edition) = (*language, *edition);
        let mut shared = vec![
            FactPart::of(&WordingPart { bureau, title, says, station, step, language, edition }),
            FactPart::of(&MatterPart { order, subject }),
            FactPart::of(&PeoplePart { officers, approver }),
        ];
        shared.extend(answers.iter().map(|answer| FactPart::of(&AnswerPart { answers: [answer] })));
        let own = OwnPart { documents, reason: reason.as_deref(), replaces: replaces.as_deref() };
        SplitFacts { shared, own: written(&own) }
    }

    /// Puts the parts of a document together again.
    ///
    /// # Errors
    /// When a text is not JSON of such parts.
    pub fn join<'t>(parts: impl IntoIterator<Item = &'t str>) -> serde_json::Result<Self> {
        let mut whole = Map::new();
        for part in parts {
            for (key, value) in serde_json::from_str::<Map<String, Value>>(part)? {
                match (whole.get_mut(&key), value) {
                    (Some(Value::Array(all)), Value::Array(more)) => all.extend(more),
                    (_, value) => drop(whole.insert(key, value)),
                }
            }
        }
        Self::deserialize(Value::Object(whole))
    }
}

impl FactId {
    /// Returns a number that stands for it, of its first sixteen digits.
    pub fn short(&self) -> Option<u64> {
        u64::from_str_radix(self.0.get(..16)?, 16).ok()
    }
}

impl FactPart {
    fn of(part: &impl Serialize) -> Self {
        let text = written(part);
        let mut digits = Digest::of(text.as_bytes()).to_string();
        digits.truncate(ID_DIGITS);
        Self { id: FactId(digits), text }
    }

    /// Returns whether the text is the one its id was made of.
    pub fn is_whole(&self) -> bool {
        Digest::of(self.text.as_bytes()).to_string().starts_with(&self.id.0)
    }
}

/// Writes a part; what is missing or an empty list reads as such where it is not written.
fn written(part: &impl Serialize) -> String {
    serde_json::to_value(part).map(filled).expect("texts can be written").to_string()
}

/// Leaves out what holds nothing.
fn filled(value: Value) -> Value {
    let is_empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    match value {
        Value::Object(keys) => {
            let keys = keys.into_iter().filter(|(_, value)| !is_empty(value));
            Value::Object(keys.map(|(key, value)| (key, filled(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(filled).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

impl fmt::Display for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for FactIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|id| f.write_str(&id.0))
    }
}

/// A text is not the id of a part, or not a row of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFactIds;

impl FromStr for FactId {
    type Err = NotFactIds;

    fn from_str(text: &str) -> Result<Self, NotFactIds> {
        let is_id = text.len() == ID_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then(|| Self(text.to_owned())).ok_or(NotFactIds)
    }
}

impl FromStr for FactIds {
    type Err = NotFactIds;

    fn from_str(text: &str) -> Result<Self, NotFactIds> {
        let chunks = text.as_bytes().chunks(ID_DIGITS);
        let ids = chunks.map(|id| std::str::from_utf8(id).map_err(|_| NotFactIds)?.parse());
        ids.collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(step: &str) -> AnswerFacts {
        AnswerFacts { step: step.to_owned(), visit: 1, ..AnswerFacts::default() }
    }

    #[test]
    fn a_draft_says_no_more_than_it_knows() {
        let draft = DocumentFacts { answers: vec![answer("patrol")], ..DocumentFacts::default() };
        let text = draft.draft();
        assert_eq!(text, "{\"answers\":[{\"step\":\"patrol\",\"title\":\"\",\"visit\":1,\"on\":\"\"}]}");
        assert_eq!(serde_json::from_str::<DocumentFacts>(&text).expect("its own text"), draft);
    }

    #[test]
    fn the_papers_of_one_order_share_all_but_their_wording_and_their_lists() {
        let patrol = DocumentFacts {
            title: "巡查记录".to_owned(),
            officers: vec![OfficerFacts { id: "P01".to_owned(), ..OfficerFacts::default() }],
            answers: vec![answer("patrol")],
            ..DocumentFacts::default()
        };
        let archive = DocumentFacts {
            title: "归档清单".to_owned(),
            answers: vec![answer("patrol"), answer("revisit")],
            reason: Some("错字".to_owned()),
            language: Lang::En,
            ..patrol.clone()
        };
        let [one, two] = [&patrol, &archive].map(DocumentFacts::split);
        let same = two.shared.iter().filter(|part| one.shared.contains(part)).count();
        assert_eq!((one.shared.len(), two.shared.len(), same), (4, 5, 3));
        for (facts, split) in [(&patrol, &one), (&archive, &two)] {
            let texts = split.shared.iter().map(|part| part.text.as_str()).chain([split.own.as_str()]);
            assert_eq!(DocumentFacts::join(texts).expect("JSON"), *facts);
            assert!(split.shared.iter().all(FactPart::is_whole));
        }
        let ids = FactIds(two.shared.into_iter().map(|part| part.id).collect());
        assert_eq!(ids.to_string().parse(), Ok(ids));
        assert_eq!("ab".parse::<FactIds>(), Err(NotFactIds));
        assert_eq!(String::new().parse(), Ok(FactIds::default()));
    }
}
