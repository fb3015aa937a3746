//! Gathering what a document says, once, when it is signed.

use super::super::Live;
use super::super::Stop;
use crate::documents::{
    Answer, Document, DocumentState, Facts, Field, Listed, OfficerFacts, OrderFacts, SubjectFacts, Titled,
    arabic,
};
use crate::policy::{Attribute, AttributeKind, Cell, CellKind, DocumentKind, Policy};
use crate::register::{Subject, Value};
use crate::store::order_list::Order;
use crate::store::{Reads, documents, officers, reading, stations};

/// Gathers all that the document says, keeping what its draft holds already.
pub(super) async fn gather(
    at: &mut impl Reads,
    live: &Live,
    kind: &DocumentKind,
    document: &Document,
    order: &Order,
    draft: Facts,
) -> Result<Facts, Stop> {
    let policy = &live.policy;
    let staff = officers::list(at).await?;
    let officer = |id: &String| named(&staff, id);
    let station = stations::list(at).await?.into_iter().find(|row| row.id == document.station);
    let subject = reading::find(at, policy, &order.subject).await?.map(|found| found.subject);
    let zone = policy.bureau.zone;
    let others = documents::of_order(at, &document.key.home, document.key.seq).await?;
    let replaces = document.replaces.and_then(|replaces| {
        let replaced = others.iter().find(|other| other.document.key.ordinal == replaces.ordinal)?;
        Some(shown_number(&replaced.document))
    });
    let listed = others
        .iter()
        .map(|other| &other.document)
        .filter(|other| other.key != document.key && other.state != DocumentState::Voided);
    let listed = listed.map(|other| {
        let of = policy.documents.iter().find(|known| known.id == other.kind);
        Listed {
            title: of.map_or_else(|| other.kind.clone(), |of| of.title.clone()),
            number: shown_number(other),
            on: other.made.at.day_in(zone).to_string(),
            keep: of.map_or("years10", |of| of.keep.name()).to_owned(),
        }
    });
    let makers: Vec<String> = match document.made.by.as_slice() {
        [] => order.officer.iter().cloned().collect(),
        by => by.to_vec(),
    };
    let step = policy.workflow(&order.workflow).and_then(|w| w.steps.iter().find(|s| s.id == document.step));
    Ok(Facts {
        bureau: policy.bureau.title.clone(),
        title: kind.title.clone(),
        says: kind.says.iter().flat_map(|says| says.lines().map(str::to_owned)).collect(),
        station: Titled {
            id: document.station.clone(),
            title: station.map_or_else(|| document.station.clone(), |row| row.title),
        },
        order: OrderFacts {
            id: super::super::ask::order_id(&order.home, order.seq),
            number: order.number.clone(),
            workflow: workflow_title(policy, &order.workflow),
            tier: order.tier.clone().unwrap_or_default(),
            from: order.scheduled_for.clone(),
            to: order.due_on.to_string(),
        },
        subject: subject_facts(policy, &order.subject, subject.as_ref()),
        step: Titled {
            id: document.step.clone(),
            title: step.map_or_else(|| document.step.clone(), |step| step.title.clone()),
        },
        officers: makers.iter().map(officer).collect(),
        approver: document.approval.as_ref().map(|mark| named(&staff, &mark.by)),
        documents: listed.collect(),
        replaces,
        ..draft
    })
}

/// Puts one form's answer under its titles; the form is found by its id, the workflow's own first.
pub(super) fn answer(
    policy: &Policy,
    workflow: &str,
    form: &str,
    said: &serde_json::Map<String, serde_json::Value>,
) -> Option<Answer> {
    let own = |known: &&crate::policy::Form| known.id == form && known.workflow.as_deref() == Some(workflow);
    let shared = |known: &&crate::policy::Form| known.id == form && known.workflow.is_none();
    let found = policy.forms.iter().find(own).or_else(|| policy.forms.iter().find(shared))?;
    Some(Answer::of(found, said))
}

pub(super) fn named(staff: &[officers::Row], id: &str) -> OfficerFacts {
    let known = staff.iter().find(|officer| officer.id == id);
    OfficerFacts {
        id: id.to_owned(),
        name: known.map_or_else(|| id.to_owned(), |known| known.name.clone()),
        certificate: known.and_then(|known| known.certificate.clone()),
    }
}

/// Returns the number a document is known by: its official one, the blank's, or its place.
fn shown_number(document: &Document) -> String {
    match (&document.number, &document.control) {
        (Some(number), _) => number.to_string(),
        (None, Some(control)) => control.to_string(),
        (None, None) => document.key.to_string(),
    }
}

/// Returns the title of a workflow, or its id when the policy no longer has it.
pub(super) fn workflow_title(policy: &Policy, id: &str) -> String {
    policy.workflow(id).map_or_else(|| id.to_owned(), |workflow| workflow.title.clone())
}

pub(super) fn subject_facts(policy: &Policy, id: &str, subject: Option<&Subject>) -> SubjectFacts {
    let Some(subject) = subject else {
        return SubjectFacts { id: id.to_owned(), ..SubjectFacts::default() };
    };
    let fields = policy.attributes.iter().zip(&subject.attributes).filter_map(|(attribute, value)| {
        let value = shown(policy, attribute, value)?;
        Some(Field { id: attribute.id.clone(), title: attribute.title.clone(), value, ..Field::default() })
    });
    SubjectFacts { id: subject.id.clone(), name: subject.name.clone(), fields: fields.collect() }
}

/// Writes an attribute for a page; flags are for rules and stand on none.
fn shown(policy: &Policy, attribute: &Attribute, value: &Value) -> Option<String> {
    let text = match value {
        Value::Missing | Value::Flag(_) => return None,
        Value::Integer(number) => number.to_string(),
        Value::Day(day) => arabic(*day),
        Value::Text(text) | Value::Decimal(text) => text.to_string(),
    };
    Some(match &attribute.kind {
        AttributeKind::Code { table } => titled(policy, table, &text).unwrap_or(text),
        AttributeKind::Decimal { unit: Some(unit) } => format!("{text} {unit}"),
        AttributeKind::Text
        | AttributeKind::Choice { .. }
        | AttributeKind::Flag
        | AttributeKind::Integer
        | AttributeKind::Decimal { unit: None }
        | AttributeKind::Date => text,
    })
}

/// Returns what a code stands for: the first text of its row.
fn titled(policy: &Policy, table: &str, code: &str) -> Option<String> {
    let table = policy.tables.iter().find(|known| known.id == table)?;
    let at = table.columns.iter().position(|(_, kind)| *kind == CellKind::Text)?;
    match table.find(code)?.cells.get(at)? {
        Cell::Text(title) => Some(title.clone()),
        Cell::Missing | Cell::Integer(_) | Cell::Decimal(_) | Cell::Flag(_) => None,
    }
}
