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
    /// Edits of the shipped policy before anything happens.
    #[serde(default)]
    pub(super) policy: Vec<Edit>,
    /// The register, imported one day before the first step.
    #[serde(default)]
    pub(super) given: Rows,
    pub(super) steps: Vec<Step>,
}

/// An edit of a policy file: a passage by another, or the whole text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    pub(super) file: String,
    pub(super) replace: Option<String>,
    pub(super) by: Option<String>,
    pub(super) text: Option<String>,
}

/// Rows of import files by kind. A subject with `times: N` stands for N of them, numbered.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    #[serde(default)]
    pub(super) subjects: Vec<Map<String, Value>>,
    #[serde(default)]
    pub(super) inspections: Vec<Map<String, Value>>,
}

/// One moment of a story.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// Local time, or a day, which means its last second.
    pub(super) at: String,
    pub(super) import: Option<Rows>,
    /// What the import says it did.
    pub(super) imported: Option<Value>,
    /// Edits that make the next release.
    pub(super) release: Option<Vec<Edit>>,
    /// A calendar file to import.
    pub(super) calendar: Option<String>,
    /// Orders whose dates the calendar moves.
    pub(super) moves: Option<Value>,
    /// An order by hand.
    pub(super) open: Option<Wish>,
    /// The daemon ends and starts again.
    #[serde(default)]
    pub(super) restart: bool,
    #[serde(default)]
    pub(super) accept_clock: bool,
    /// The pass is told to stop while it runs, as SIGTERM does.
    #[serde(default)]
    pub(super) stopping: bool,
    /// A pass, and what its report says.
    pub(super) tick: Option<Value>,
    /// The code of the refusal, or `file:line code` of each problem.
    #[serde(default)]
    pub(super) refused: Vec<String>,
    /// Whether the daemon would find something to do now.
    pub(super) is_due: Option<bool>,
    /// All orders there are, in the order of issue.
    pub(super) orders: Option<Value>,
    /// What is known of subjects, by id.
    #[serde(default)]
    pub(super) subjects: BTreeMap<String, Value>,
    /// What `explain subject ID` says for the day, by id.
    #[serde(default)]
    pub(super) why: BTreeMap<String, Value>,
    /// The events of an order, by its id.
    #[serde(default)]
    pub(super) history: BTreeMap<String, Value>,
    /// How many releases there were.
    pub(super) releases: Option<usize>,
    /// What is recorded of candidates that were not opened, oldest first: `day subject reason`.
    pub(super) skips: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    pub(super) workflow: String,
    pub(super) subject: String,
    pub(super) due: Option<String>,
}
