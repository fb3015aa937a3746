//! Gathering what documents say, once for as many as are signed together.

use std::collections::{BTreeMap, BTreeSet};

use crate::documents::{
    AnswerFacts, Document, DocumentFacts, DocumentKey, DocumentListing, DocumentOrder, Edition, FieldFacts,
    OfficerFacts, SubjectFacts, TitledId, written,
};
use crate::engine::{Order, OrderHeader};
use crate::id::OrderId;
use crate::office::ActiveRelease;
use crate::office::Answer;
use crate::office::numbering::{StationTitles, titles};
use crate::policy::{Attribute, AttributeKind, DocumentKind, Policy, Step, StepKind, WhoBy};
use crate::register::{Subject, Value};
use crate::store::bureau::{self, OfficerRecord};
use crate::store::documents::StoredDocument;
use crate::store::progress::OrderOpening;
use crate::store::{Reads, documents, progress, reading};

/// What documents are told of people, stations and subjects.
#[derive(Default)]
pub(super) struct FactSources {
    staff: BTreeMap<String, OfficerRecord>,
    stations: StationTitles,
    subjects: BTreeMap<(String, String), Subject>,
}

/// What a document is about.
pub(super) struct DocumentContext<'a> {
    pub(super) kind: &'a DocumentKind,
    pub(super) cover: &'a OrderHeader,
    pub(super) step: &'a str,
    /// Those who made it.
    pub(super) officers: &'a [String],
    /// Who signed it off.
    pub(super) approver: Option<&'a str>,
}

impl FactSources {
    /// Reads what documents of these orders are told; nothing for no orders.
    pub(super) async fn of<'c>(
        at: &mut impl Reads,
        live: &ActiveRelease,
        covers: impl Iterator<Item = &'c OrderHeader>,
    ) -> Answer<Self> {
        let keys: BTreeSet<(&str, &str)> =
            covers.map(|cover| (cover.id.home.as_str(), cover.subject.as_str())).collect();
        if keys.is_empty() {
            return Ok(Self::default());
        }
        let subjects = reading::of_keys(at, &live.policy, keys).await?;
        let officers = bureau::list::<OfficerRecord>(at).await?;
        let by_key = |subject: Subject| ((subject.home.clone(), subject.id.clone()), subject);
        Ok(Self {
            staff: officers.into_iter().map(|row| (row.id.clone(), row)).collect(),
            stations: titles(at).await?,
            subjects: subjects.into_iter().map(by_key).collect(),
        })
    }

    /// Puts together what a document says, keeping what its draft holds already.
    pub(super) fn facts(
        &self,
        live: &ActiveRelease,
        about: &DocumentContext<'_>,
        draft: DocumentFacts,
    ) -> DocumentFacts {
        let policy = &live.policy;
        let DocumentContext { kind, cover, step: id, officers, approver } = about;
        let step = policy.workflow(&cover.workflow).and_then(|w| w.step(id));
        let subject = self.subjects.get(&(cover.id.home.clone(), cover.subject.clone()));
        let title = self.stations.get(&cover.station).unwrap_or(&cover.station);
        DocumentFacts {
            bureau: policy.bureau.title.clone(),
            title: kind.title.clone(),
            says: kind.says.iter().flat_map(|says| says.lines().map(str::to_owned)).collect(),
            station: TitledId { id: cover.station.clone(), title: title.clone() },
            order: DocumentOrder {
                id: cover.id.to_string(),
                number: cover.number.clone(),
                workflow: policy
                    .workflow(&cover.workflow)
                    .map_or_else(|| cover.workflow.clone(), |workflow| workflow.title.clone()),
                tier: cover.tier.clone().unwrap_or_default(),
                from: cover.scheduled_for.to_string(),
                to: cover.due_on.to_string(),
            },
            subject: subject_facts(policy, &cover.subject, subject),
            step: TitledId {
                id: (*id).to_owned(),
                title: step.map_or_else(|| (*id).to_owned(), |step| step.title.clone()),
            },
            officers: officers.iter().map(|id| self.named(id)).collect(),
            approver: approver.map(|id| {
                let stands_for = draft.approver.as_ref().and_then(|noted| noted.stands_for.clone());
                OfficerFacts { stands_for, ..self.named(id) }
            }),
            language: policy.bureau.language,
            edition: Edition::NEWEST,
            ..draft
        }
    }

    fn named(&self, id: &str) -> OfficerFacts {
        let known = self.staff.get(id);
        OfficerFacts {
            id: id.to_owned(),
            name: known.map_or_else(|| id.to_owned(), |known| known.name.clone()),
            certificate: known.and_then(|known| known.certificate.clone()),
            stands_for: None,
        }
    }
}

/// A document whose facts are gathered, with what its draft holds.
pub(super) struct DocumentDraft<'a> {
    pub(super) kind: &'a DocumentKind,
    pub(super) document: &'a Document,
    pub(super) draft: DocumentFacts,
}

/// Gathers all that documents say, in their order; each lists the other documents of its order.
pub(super) async fn gather_many(
    at: &mut impl Reads,
    live: &ActiveRelease,
    covers: &BTreeMap<OrderId, OrderOpening>,
    wanted: Vec<DocumentDraft<'_>>,
) -> Answer<Vec<DocumentFacts>> {
    let key = |document: &Document| document.key.order.clone();
    let keys: BTreeSet<OrderId> = wanted.iter().map(|one| key(one.document)).collect();
    let sources = FactSources::of(at, live, covers.values().map(|covered| &covered.cover)).await?;
    let mut others: BTreeMap<OrderId, Vec<Document>> = BTreeMap::new();
    for StoredDocument { document, .. } in documents::of_orders(at, &keys.iter().collect()).await? {
        // What is signed together is listed as it will be.
        let now = wanted.iter().find(|one| one.document.key == document.key);
        let document = now.map_or(document, |one| one.document.clone());
        others.entry(key(&document)).or_default().push(document);
    }
    let in_hand = who_have(at, &live.policy, &wanted).await?;
    let gather = |DocumentDraft { kind, document, draft }: DocumentDraft<'_>| {
        let key = key(document);
        let OrderOpening { cover, officer } = covers.get(&key)?;
        let others = others.get(&key).map(Vec::as_slice).unwrap_or_default();
        let made_by = match (document.made.by.as_slice(), in_hand.get(&document.key)) {
            ([], None) => officer.as_slice(),
            ([], Some(officers)) => officers,
            (by, _) => by,
        };
        let approver = document.marks.approval.as_ref().map(|mark| mark.by.as_str());
        let about = DocumentContext { kind, cover, step: &document.step, officers: made_by, approver };
        let (documents, replaces) =
            (listed(&live.policy, document, others), replaced(document, others).map(shown_number));
        Some(sources.facts(live, &about, DocumentFacts { documents, replaces, ..draft }))
    };
    let gathered: Option<Vec<DocumentFacts>> = wanted.into_iter().map(gather).collect();
    Ok(gathered.expect("a document belongs to an order"))
}

/// Finds who have the orders of documents that nobody made, such as are made where an order begins.
async fn who_have(
    at: &mut impl Reads,
    policy: &Policy,
    wanted: &[DocumentDraft<'_>],
) -> Answer<BTreeMap<DocumentKey, Vec<String>>> {
    let by_nobody = wanted.iter().map(|one| one.document).filter(|document| document.made.by.is_empty());
    let by_nobody: Vec<&Document> = by_nobody.collect();
    let orders: BTreeSet<&OrderId> = by_nobody.iter().map(|document| &document.key.order).collect();
    let orders = progress::load_many(at, orders).await?;
    let orders: BTreeMap<OrderId, Order> =
        orders.into_iter().map(|loaded| (loaded.key(), loaded.order)).collect();
    let found = by_nobody.into_iter().filter_map(|document| {
        let officers = officers_of(policy, orders.get(&document.key.order)?, &document.step)?;
        Some((document.key.clone(), officers))
    });
    Ok(found.collect())
}

/// Returns who have an order, or had it last: the officers of its field duty, which is the step of the document
/// where that is one; nobody while the field duty has not begun.
fn officers_of(policy: &Policy, order: &Order, step: &str) -> Option<Vec<String>> {
    let steps = &policy.workflow(&order.cover.workflow)?.steps;
    let is_field_duty = |step: &&Step| match &step.kind {
        StepKind::Duty { who, .. } => matches!(who.by, WhoBy::GridDuty | WhoBy::Duty(_)),
        StepKind::SubOrder { .. } | StepKind::Automatic { .. } | StepKind::Parallel(_) | StepKind::End => {
            false
        }
    };
    let has = |step: &Step| {
        let place = order.state.places().iter().find(|place| place.step == step.id);
        let duty = place.and_then(|place| Some((place.entered_at, &place.duty()?.assignees)));
        let done = order.passed(&step.id).map(|passed| (passed.at, &passed.done_by));
        duty.or(done).filter(|(_, officers)| !officers.is_empty())
    };
    let field: Vec<&Step> = steps.iter().filter(is_field_duty).collect();
    let own = field.iter().find(|known| known.id == step).and_then(|step| has(step));
    let last = || field.iter().copied().filter_map(has).max_by_key(|(at, _)| *at);
    own.or_else(last).map(|(_, officers)| officers.clone())
}

/// Lists the other documents of an order that stand.
fn listed(policy: &Policy, document: &Document, others: &[Document]) -> Vec<DocumentListing> {
    let others = others.iter().filter(|other| other.key != document.key && !other.state.is_void());
    let line = |other: &Document| {
        let of = policy.document(&other.kind);
        DocumentListing {
            title: of.map_or_else(|| other.kind.clone(), |of| of.title.clone()),
            number: shown_number(other),
            on: other.made.at.day_in(policy.bureau.zone).to_string(),
            keep: of.map_or("years10", |of| of.keep.into_str()).to_owned(),
        }
    };
    others.map(line).collect()
}

fn replaced<'d>(document: &Document, others: &'d [Document]) -> Option<&'d Document> {
    let replaces = document.replaces?;
    others.iter().find(|other| other.key.ordinal == replaces.ordinal)
}

/// Puts one form's answer under its titles; the form is found by its id, the workflow's own first.
pub(super) fn answer(
    policy: &Policy,
    workflow: &str,
    form: &str,
    said: &serde_json::Map<String, serde_json::Value>,
) -> Option<AnswerFacts> {
    Some(AnswerFacts::of(policy.form(workflow, form)?, said, policy.bureau.language))
}

/// Returns the number a document is known by: its official one, the blank's, or its place.
fn shown_number(document: &Document) -> String {
    match (&document.number, &document.control) {
        (Some(number), _) => number.to_string(),
        (None, Some(control)) => control.to_string(),
        (None, None) => document.key.to_string(),
    }
}

fn subject_facts(policy: &Policy, id: &str, subject: Option<&Subject>) -> SubjectFacts {
    let Some(subject) = subject else {
        return SubjectFacts { id: id.to_owned(), ..SubjectFacts::default() };
    };
    let fields = policy.attributes.iter().zip(&subject.attributes).filter_map(|(attribute, value)| {
        let value = shown(policy, attribute, value)?;
        Some(FieldFacts {
            id: attribute.id.clone(),
            title: attribute.title.clone(),
            value,
            ..FieldFacts::default()
        })
    });
    SubjectFacts { id: subject.id.clone(), name: subject.name.clone(), fields: fields.collect() }
}

/// Writes an attribute for a page; flags are for rules and stand on none.
fn shown(policy: &Policy, attribute: &Attribute, value: &Value) -> Option<String> {
    let text = match value {
        Value::Missing | Value::Flag(_) => return None,
        Value::Integer(number) => number.to_string(),
        Value::Day(day) => written(*day, policy.bureau.language),
        Value::Text(text) | Value::Decimal(text) => text.to_string(),
    };
    Some(match &attribute.kind {
        AttributeKind::Code { table } => policy.code_title(table, &text).map_or(text, str::to_owned),
        AttributeKind::Decimal { unit: Some(unit) } | AttributeKind::Integer { unit: Some(unit) } => {
            format!("{text} {unit}")
        }
        AttributeKind::Text
        | AttributeKind::Choice { .. }
        | AttributeKind::Flag
        | AttributeKind::Integer { unit: None }
        | AttributeKind::Length
        | AttributeKind::Decimal { unit: None }
        | AttributeKind::Date => text,
    })
}
