//! What people ask to be done with documents, and how what documents say is stored.

use std::collections::BTreeMap;

use crate::documents::{DocumentFacts, FactId, FactIds, FactPart, ServiceWay, SplitFacts};
use crate::policy::Power;
use crate::store::documents::Text;
use crate::store::{Reads, StoreFault, Tx, facts as fact_store};
use crate::time::Day;

/// What is to be done with a document.
#[derive(Clone, Debug)]
pub enum DocumentCommand {
    /// Lay it before its approver.
    Submit,
    /// Sign it as the first of two officers, or as the one who was named.
    Sign {
        /// Who has to sign with the first.
        with: Option<String>,
    },
    /// Sign it off.
    Approve,
    /// Send it back.
    SendBack,
    /// Send it back with its step.
    Return,
    /// Seal it.
    Seal,
    /// Record its service.
    Serve(ServiceWish),
    /// File it.
    File,
    /// Cancel it, with the blank it is written on.
    Void,
}

impl DocumentCommand {
    /// Returns the power it takes.
    pub(super) const fn power(&self) -> Power {
        match self {
            Self::Submit => Power::Draft,
            Self::Sign { .. } | Self::Approve | Self::SendBack | Self::Return | Self::Void => Power::SignOff,
            Self::Seal => Power::Seal,
            Self::Serve(_) => Power::Serve,
            Self::File => Power::File,
        }
    }
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

/// Reads what a draft says.
pub(super) fn draft_facts(text: Option<&Text>) -> DocumentFacts {
    text.and_then(|text| serde_json::from_str(&text.facts).ok()).unwrap_or_default()
}

/// Reads what a document says, whether it is signed off or not.
pub(super) async fn stored_facts(
    at: &mut impl Reads,
    text: Option<&Text>,
) -> Result<DocumentFacts, StoreFault> {
    let Some(text) = text.filter(|text| !text.parts.0.is_empty()) else { return Ok(draft_facts(text)) };
    let FactIds(ids) = &text.parts;
    let found = fact_store::find_many(at, ids).await?;
    let unreadable = |id: &FactId| StoreFault::Impossible { what: "fact", key: id.to_string() };
    let mut texts = Vec::with_capacity(ids.len() + 1);
    for id in ids {
        let part = found.get(id).filter(|part| part.is_whole()).ok_or_else(|| unreadable(id))?;
        texts.push(part.text.as_str());
    }
    texts.push(&text.facts);
    DocumentFacts::join(texts).map_err(|_| unreadable(&ids[0]))
}

/// Keeps what documents say from their signature on, what several of them say once.
pub(super) async fn keep_facts(tx: &mut Tx, all: &[DocumentFacts]) -> Result<Vec<Text>, StoreFault> {
    let split: Vec<SplitFacts> = all.iter().map(DocumentFacts::split).collect();
    let parts: BTreeMap<&FactId, &FactPart> =
        split.iter().flat_map(|one| &one.shared).map(|part| (&part.id, part)).collect();
    fact_store::add_many(tx, &parts.into_values().collect::<Vec<_>>()).await?;
    let text = |SplitFacts { shared, own }| {
        let parts = FactIds(shared.into_iter().map(|part: FactPart| part.id).collect());
        Text { facts: own, parts, ..Text::default() }
    };
    Ok(split.into_iter().map(text).collect())
}
