//! What people ask to be done with documents, and how what documents say is stored.

use crate::documents::{DocumentFacts, ServiceWay};
use crate::store::documents::Text;
use crate::time::Day;

/// What is to be done with a document.
#[derive(Clone, Debug)]
pub enum DocumentCommand {
    /// Lay it before its approver.
    Submit,
    /// Sign it, with another officer.
    Sign {
        /// The other one.
        with: Option<String>,
    },
    /// Sign it off.
    Approve,
    /// Send it back.
    SendBack,
    /// Seal it.
    Seal,
    /// Record its service.
    Serve(ServiceWish),
    /// File it.
    File,
    /// Cancel it, with the blank it is written on.
    Void,
}

/// How a document was served.
#[derive(Clone, Debug)]
pub struct ServiceWish {
    /// To whom; the subject when nobody is named.
    pub to: Option<String>,
    pub way: ServiceWay,
    /// On which day; today when none is named.
    pub on: Option<Day>,
    /// Number of the proof of service, or who signed for it.
    pub receipt: Option<String>,
}

pub(super) fn written(facts: &DocumentFacts) -> String {
    serde_json::to_string(facts).expect("texts can be written")
}

/// Reads what a document says as far as it is stored.
pub(super) fn stored_facts(text: Option<&Text>) -> DocumentFacts {
    text.and_then(|text| serde_json::from_str(&text.facts).ok()).unwrap_or_default()
}
