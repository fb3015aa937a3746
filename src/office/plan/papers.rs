//! Papers that a text words otherwise than the one in force, and how many drafts wait that print by it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::office::{ActContext, ActiveRelease, Answer};
use crate::policy::{DocumentKind, Policy, Template};
use crate::store::documents;

/// A kind of paper that would read otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaperChange {
    /// Id of the kind.
    pub kind: String,
    pub title: String,
    /// Drafts that nobody has signed: they print as the text in force has it, whichever that is.
    pub drafts: i64,
}

/// Names the kinds of papers that a text words otherwise, in the order of its list; those it no longer has come last.
pub(super) async fn papers_changed(cx: ActContext<'_>, proposed: &ActiveRelease) -> Answer<Vec<PaperChange>> {
    let (before, after) = (cx.policy(), &proposed.policy);
    let gone = before.documents.iter().filter(|kind| after.document(&kind.id).is_none());
    let changed = after.documents.iter().filter(|kind| words(before, &kind.id) != words(after, &kind.id));
    let changed: Vec<&DocumentKind> = changed.chain(gone).collect();
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let drafts: BTreeMap<String, i64> =
        documents::drafts(&mut cx.store.read().await?).await?.into_iter().collect();
    let told = |kind: &DocumentKind| PaperChange {
        kind: kind.id.clone(),
        title: kind.title.clone(),
        drafts: drafts.get(&kind.id).copied().unwrap_or_default(),
    };
    Ok(changed.into_iter().map(told).collect())
}

/// What a policy says of a kind of paper that its page shows; nothing of a kind it does not have.
#[derive(PartialEq, Eq)]
struct PaperWords<'p> {
    organ: &'p str,
    title: &'p str,
    prefix: Option<&'p str>,
    is_numbered: bool,
    says: Option<&'p str>,
    template: Option<&'p str>,
}

fn words<'p>(policy: &'p Policy, kind: &str) -> Option<PaperWords<'p>> {
    let DocumentKind { title, numbered, prefix, says, .. } = policy.document(kind)?;
    let own = policy.templates.iter().find(|template| template.kind == kind);
    Some(PaperWords {
        organ: &policy.bureau.title,
        title,
        prefix: prefix.as_deref(),
        is_numbered: *numbered,
        says: says.as_deref(),
        template: own.map(|Template { file, .. }| policy.sources.file(*file).text.as_str()),
    })
}
