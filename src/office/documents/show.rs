//! Lists, what is missing, and printed pages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::command::stored_facts;
use super::facts::{DocumentDraft, gather_many};
use super::{document_key, find_order, kind_of};
use crate::digest::Digest;
use crate::documents::{
    self as pure, ActorMark, BlankState as State, Document, DocumentFacts, DocumentKey, DocumentRefusal,
    DocumentState, Lack, SignatureMark,
};
use crate::engine::{Confirmation, ConfirmedAct};
use crate::id::OrderId;
use crate::office::active_release::release_of;
use crate::office::places::place_ids;
use crate::office::{ActContext, ActiveRelease, Answer, BlankFilter, DocumentFilter, LIST_ROWS, OfficeFault};
use crate::policy::{Approver, Category, Keep};
use crate::store::blanks::StoredBlank as FoundBlank;
use crate::store::bureau::{self, OfficerRecord};
use crate::store::order_list::StoredOrder;
use crate::store::{Reads, blanks as blank_store, documents as document_store, progress};
use crate::time::{Day, Tz};

/// One document.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct DocumentLine {
    pub id: String,
    pub order: String,
    pub kind: String,
    pub title: String,
    pub category: &'static str,
    pub state: &'static str,
    /// Whose signature makes it final, while it is none.
    #[serde(skip)]
    pub signed_by: Vec<String>,
    pub number: Option<String>,
    pub control: Option<String>,
    pub station: String,
    pub step: String,
    pub visit: i64,
    pub made_at: String,
    pub made_by: Vec<String>,
    /// Who has yet to sign it as himself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<String>,
    pub approved_at: Option<String>,
    pub approved_by: Option<String>,
    pub sealed_at: Option<String>,
    pub sealed_by: Option<String>,
    pub served: Option<ServiceLine>,
    pub filed_at: Option<String>,
    pub filed_by: Option<String>,
    pub keep: &'static str,
    pub replaces: Option<String>,
    pub replaced_by: Option<String>,
}

/// One document that waits to be signed off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsignedLine {
    /// Id of the document.
    pub document: String,
    pub title: String,
    /// Roles that sign it, any of them.
    pub roles: Vec<String>,
}

/// How a document was served.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct ServiceLine {
    pub to: String,
    pub how: &'static str,
    pub on: Day,
    pub by: String,
    pub receipt: Option<String>,
}

/// One blank.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct BlankLine {
    pub serial: String,
    pub kind: String,
    pub title: String,
    pub station: String,
    pub state: &'static str,
    pub officer: Option<String>,
    pub order: Option<String>,
    pub document: Option<String>,
    pub original: Option<&'static str>,
    /// Who has to confirm that it is voided.
    pub voiding_with: Option<String>,
}

/// One thing an order's file lacks.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct LackLine {
    pub lack: &'static str,
    pub what: String,
    pub detail: String,
}

/// A page.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct PrintedPage {
    pub document: String,
    pub title: String,
    pub digest: String,
    pub changed: bool,
    pub html: String,
}

/// Hands over documents by order and place; those of one order when its id is given.
pub async fn documents(
    cx: ActContext<'_>,
    order: Option<&str>,
    filter: &DocumentFilter,
    mut each: impl FnMut(DocumentLine) -> Result<(), OfficeFault>,
) -> Answer<()> {
    let mut reader = cx.store.read().await?;
    let mut filter = filter.clone();
    if let Some(id) = order {
        filter.order = Some(find_order(cx, &mut reader, id).await?.header.id);
    }
    (filter.station, _) = place_ids(&mut reader, filter.station.as_deref(), None).await?;
    let mut found = document_store::list(&mut reader, &filter);
    loop {
        let some = found.next_rows(LIST_ROWS).await?;
        if some.is_empty() {
            return Ok(());
        }
        some.iter().try_for_each(|document| each(line(cx.live, document)))?;
    }
}

/// Lists an order's documents.
pub(crate) async fn of_order(
    at: &mut impl Reads,
    live: &ActiveRelease,
    order: &StoredOrder,
) -> Answer<Vec<DocumentLine>> {
    let found = document_store::of_order(at, order.header.id.as_ref()).await?;
    Ok(found.iter().map(|found| line(live, &found.document)).collect())
}

/// Lists an order's documents that wait for the signature of a role.
pub(crate) async fn unsigned_of(
    at: &mut impl Reads,
    live: &ActiveRelease,
    order: &OrderId,
) -> Answer<Vec<UnsignedLine>> {
    let found = document_store::of_order(at, order.as_ref()).await?;
    let lines = found.iter().map(|found| line(live, &found.document));
    let waits = lines.filter(|line| !line.signed_by.is_empty());
    let line =
        |DocumentLine { id: document, title, signed_by: roles, .. }| UnsignedLine { document, title, roles };
    Ok(waits.map(line).collect())
}

/// Hands over blanks by number.
pub async fn blanks(
    cx: ActContext<'_>,
    filter: &BlankFilter,
    mut each: impl FnMut(BlankLine) -> Result<(), OfficeFault>,
) -> Answer<()> {
    let mut reader = cx.store.read().await?;
    let (station, _) = place_ids(&mut reader, filter.station.as_deref(), None).await?;
    let filter = &BlankFilter { station, ..filter.clone() };
    let mut found = blank_store::list(&mut reader, filter);
    loop {
        let some = found.next_rows(LIST_ROWS).await?;
        if some.is_empty() {
            return Ok(());
        }
        some.iter().try_for_each(|blank| each(blank_line(cx.live, blank)))?;
    }
}

/// Lists what an order's file lacks before it can go to the archive.
pub async fn missing_of(cx: ActContext<'_>, id: &str) -> Answer<Vec<LackLine>> {
    let mut reader = cx.store.read().await?;
    let order = find_order(cx, &mut reader, id).await?;
    lacks(&mut reader, cx.live, &order).await
}

pub(super) async fn lacks(
    at: &mut impl Reads,
    live: &ActiveRelease,
    order: &StoredOrder,
) -> Answer<Vec<LackLine>> {
    let found = document_store::of_order(at, order.header.id.as_ref()).await?;
    let documents: Vec<Document> = found.into_iter().map(|found| found.document).collect();
    let found = blank_store::of_order(at, order.header.id.as_ref()).await?;
    let blanks: Vec<pure::Blank> = found.into_iter().map(|found| found.blank).collect();
    let kind_of = |kind: &str| live.policy.document(kind);
    let line = |lack: Lack| LackLine { lack: lack.kind.into_str(), what: lack.what, detail: lack.detail };
    Ok(pure::missing(&documents, &blanks, kind_of).into_iter().map(line).collect())
}

/// Prints a document: as it was signed, under the policy of that day; a draft as it stands now.
pub async fn render_document(cx: ActContext<'_>, id: &str) -> Answer<PrintedPage> {
    let key = document_key(cx, id).await?;
    let (mut reader, live) = (cx.store.read().await?, cx.live);
    let found = document_store::find(&mut reader, &key).await?;
    let found = found.ok_or_else(|| DocumentRefusal::NoSuchDocument { document: id.to_owned() })?;
    let document = &found.document;
    let signed_under = found.text.as_ref().and_then(|text| text.policy.clone());
    let serving = match &signed_under {
        Some(policy) => Some(release_of(&mut reader, live, policy).await?),
        None => None,
    };
    let live = serving.as_deref().unwrap_or(live);
    let kind = kind_of(live, &document.kind)?;
    let facts = stored_facts(&mut reader, found.text.as_ref()).await?;
    let facts = if signed_under.is_some() {
        facts
    } else {
        let covers = progress::covers(&mut reader, [&key.order]).await?;
        let wanted = vec![DocumentDraft { kind, document, draft: facts }];
        gather_many(&mut reader, live, &covers, wanted).await?.pop().unwrap_or_default()
    };
    let print = |facts: &DocumentFacts| {
        let html = live.printer().print(kind, document, facts, live.policy.bureau.zone);
        html.map_err(OfficeFault::from)
    };
    let mut html = print(&facts)?;
    let before = found.text.as_ref().and_then(|text| text.printed);
    let is_otherwise = |before| before != Digest::of(html.as_bytes());
    let changed = document.state != DocumentState::Voided && before.is_some_and(is_otherwise);
    // Who has yet to confirm it, or did in another's place, was not known when it was signed.
    if let Some(marked) = marked(&mut reader, document, facts).await? {
        html = print(&marked)?;
    }
    let digest = Digest::of(html.as_bytes());
    Ok(PrintedPage {
        document: key.to_string(),
        title: kind.title.clone(),
        digest: digest.to_string(),
        changed,
        html,
    })
}

/// Marks the names of those who have yet to confirm a document, and says who confirmed in another's place; nothing
/// where all named in it have signed.
async fn marked(
    at: &mut impl Reads,
    document: &Document,
    facts: DocumentFacts,
) -> Answer<Option<DocumentFacts>> {
    let loaded = progress::load_many(at, [&document.key.order]).await?.pop();
    let record = loaded.iter().map(|loaded| &loaded.order.record);
    let asked = record.flat_map(|record| record.confirmations.iter().map(move |asked| (record, asked)));
    let asked = asked.filter(|(record, asked)| {
        asked.of == ConfirmedAct::Completion && record.is_about(asked, &document.step, document.visit)
    });
    let asked: Vec<&Confirmation> = asked.map(|(_, asked)| asked).collect();
    let second = document.marks.second.as_ref();
    if asked.is_empty() && second.is_none() {
        return Ok(None);
    }
    let names: BTreeMap<String, String> =
        bureau::list(at).await?.into_iter().map(|row: OfficerRecord| (row.id, row.name)).collect();
    let second = second.map(|id| SignatureMark { of: id, instead: None, is_given: false });
    let marks = second.into_iter().chain(asked.into_iter().map(|asked| SignatureMark {
        of: asked.replaces.as_ref().unwrap_or(&asked.officer),
        instead: asked.replaces.as_ref().and_then(|_| names.get(&asked.officer)).map(String::as_str),
        is_given: asked.signed_at.is_some(),
    }));
    let marks: Vec<SignatureMark<'_>> = marks.collect();
    Ok(Some(facts.with_marks(&marks)))
}

/// Returns whether a document is not signed off yet.
const fn waits_for_approval(document: &Document) -> bool {
    matches!(document.state, DocumentState::Draft | DocumentState::Submitted)
}

/// Shows a document.
pub(super) fn line(live: &ActiveRelease, document: &Document) -> DocumentLine {
    let zone = live.policy.bureau.zone;
    let kind = live.policy.document(&document.kind);
    let at = |mark: &Option<ActorMark>, zone: Tz| mark.as_ref().map(|mark| mark.at.rfc3339_in(zone));
    let by = |mark: &Option<ActorMark>| mark.as_ref().map(|mark| mark.by.clone());
    let beside = |ordinal| DocumentKey { ordinal, ..document.key.clone() }.to_string();
    DocumentLine {
        id: document.key.to_string(),
        order: document.key.order.to_string(),
        kind: document.kind.clone(),
        title: kind.map_or_else(|| document.kind.clone(), |kind| kind.title.clone()),
        category: kind.map_or(Category::Other, |kind| kind.category).into_str(),
        state: document.state.into_str(),
        signed_by: match kind.map(|kind| &kind.approver) {
            Some(Approver::Roles(roles)) if waits_for_approval(document) => roles.clone(),
            _ => Vec::new(),
        },
        number: document.number.as_ref().map(ToString::to_string),
        control: document.control.as_ref().map(ToString::to_string),
        station: document.station.clone(),
        step: document.step.clone(),
        visit: document.visit,
        made_at: document.made.at.rfc3339_in(zone),
        made_by: document.made.by.clone(),
        waits_for: document.marks.second.clone(),
        approved_at: at(&document.marks.approval, zone),
        approved_by: by(&document.marks.approval),
        sealed_at: at(&document.marks.seal, zone),
        sealed_by: by(&document.marks.seal),
        served: document.marks.service.as_ref().map(|service| ServiceLine {
            to: service.to.clone(),
            how: service.way.into_str(),
            on: service.on,
            by: service.by.clone(),
            receipt: service.receipt.clone(),
        }),
        filed_at: at(&document.marks.filing, zone),
        filed_by: by(&document.marks.filing),
        keep: kind.map_or(Keep::Years10, |kind| kind.keep).into_str(),
        replaces: document.replaces.map(|replaces| beside(replaces.ordinal)),
        replaced_by: document.replaced_by.map(beside),
    }
}

pub(super) fn blank_line(live: &ActiveRelease, found: &FoundBlank) -> BlankLine {
    let pure::Blank { control, station, state, voiding } = &found.blank;
    let kind = live.policy.document(&control.kind);
    let document = match state {
        State::InUse { document, .. } | State::Filed { document } => Some(document),
        State::InStock | State::SignedOut { .. } | State::Voided { .. } | State::Lost => None,
    };
    let original = match state {
        State::Voided { has_original: true } => Some("kept"),
        State::Voided { has_original: false } => Some("missing"),
        State::InStock
        | State::SignedOut { .. }
        | State::InUse { .. }
        | State::Filed { .. }
        | State::Lost => None,
    };
    let order = document.map(|document| &document.order).or(found.order.as_ref());
    BlankLine {
        serial: control.to_string(),
        kind: control.kind.clone(),
        title: kind.map_or_else(|| control.kind.clone(), |kind| kind.title.clone()),
        station: station.clone(),
        state: state.into_str(),
        officer: state.holder().map(str::to_owned),
        order: order.map(ToString::to_string),
        document: document.map(ToString::to_string),
        original,
        voiding_with: voiding.as_ref().map(|asked| asked.second.clone()),
    }
}
