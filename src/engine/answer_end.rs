//! What a form says of a term, as it was when the step was entered.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::calendar::Length;
use crate::time::{Day, Stamp};

/// What a form says of a term of a visit; fixed on entering, whatever is filled in later.
///
/// # Source
/// Policy language, rule 27.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerEnd {
    /// Where it stands, as the policy names it: `patrol.deadline`.
    pub from: String,
    /// The choice that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// The rows of a table that say so, each by its first column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<String>,
    pub until: AnswerLimit,
}

/// Until when, as it was filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerLimit {
    /// A day, all of which is in time.
    Day(Day),
    /// A moment.
    Moment(Stamp),
    /// A length of time, as written (`5 工作日`).
    Length(String),
    /// Nothing was filled in there: what the policy says for that case.
    Otherwise,
}

impl AnswerLimit {
    /// Reads what a field holds; none where it is no limit.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let text = value.as_str()?;
        let day = || text.parse().map(Self::Day).ok();
        let moment = || text.parse().map(Self::Moment).ok();
        let length = || {
            let length: Length = text.parse().ok()?;
            (length.count > 0).then(|| Self::Length(text.to_owned()))
        };
        day().or_else(moment).or_else(length)
    }
}
