//! The shape of a story file.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// One story.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Story {
    /// What it shows, as a sentence.
    #[serde(rename = "story")]
    pub(super) title: String,
    /// Where it comes from.
    pub(super) source: String,
    /// Edits of the shipped policy before anything happens.
    #[serde(default)]
    pub(super) policy: Vec<Edit>,
    /// What the story calls its orders, by their ids.
    #[serde(default)]
    pub(super) orders: BTreeMap<String, String>,
    pub(super) given: Given,
    pub(super) steps: Vec<Step>,
}

/// What is there when the story begins.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    /// When the register is imported and time begins.
    pub(super) at: String,
    #[serde(flatten)]
    pub(super) rows: Rows,
}

/// Rows of import files by kind; the keys are the words of [`super::desk::COLUMNS`].
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rows {
    pub(super) officers: Vec<Map<String, Value>>,
    pub(super) subjects: Vec<Map<String, Value>>,
    pub(super) inspections: Vec<Map<String, Value>>,
}

/// An edit of a policy file: a passage by another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    pub(super) file: String,
    pub(super) replace: String,
    pub(super) by: String,
}

/// One moment of a story: something that happens, and what is true afterwards.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// Local time.
    pub(super) at: String,
    /// Why, for readers; it stands in the transcript.
    pub(super) note: Option<String>,
    /// Changed rows.
    pub(super) import: Option<Rows>,
    /// A pass of the daemon.
    #[serde(default)]
    pub(super) tick: bool,
    /// `wubu order open`.
    pub(super) open: Option<Words>,
    /// `wubu order act`: `order`, `do`, and the words the act needs.
    pub(super) act: Option<Words>,
    /// `wubu document …`: `do`, `what`, and the words it needs.
    pub(super) document: Option<Words>,
    /// `wubu officer …`: `do`, `what`, and the words it needs.
    pub(super) officer: Option<Words>,
    /// `wubu signal`: `name` and `subject`.
    pub(super) signal: Option<Words>,
    /// Edits of the policy that become its next release.
    pub(super) apply: Option<Vec<Edit>>,
    /// `wubu order retry`: `cause` and `as`.
    pub(super) retry: Option<Words>,
    /// `wubu incident list`.
    #[serde(default)]
    pub(super) incidents: bool,
    /// `wubu verify`.
    #[serde(default)]
    pub(super) verify: bool,
    /// `wubu subject show`.
    pub(super) subject: Option<String>,
    /// Done so many times: `{n}` in a word is the turn in six digits, `{d}` the turn and one more, which
    /// is the place of a document on an order that began with one.
    pub(super) times: Option<usize>,
    /// `wubu order list`, with its filters.
    pub(super) list: Option<Words>,
    /// The code of the refusal.
    pub(super) refused: Option<String>,
    /// What the answer says, in part.
    pub(super) says: Option<Value>,
    /// Passages that what comes back must hold, such as a printed page.
    #[serde(default)]
    pub(super) holds: Vec<String>,
    /// What an order is afterwards, in part: by the name the story gives it.
    #[serde(default)]
    pub(super) expect: BTreeMap<String, Value>,
}

/// Words of a command, by name.
pub(super) type Words = BTreeMap<String, Value>;
