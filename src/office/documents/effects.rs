//! Documents that steps make, in the transaction of the step.
//!
//! A draft keeps what was answered; the rest is gathered when it is signed off. A document that is
//! complete as soon as it is made says everything at once, so all of it is gathered here, for
//! the whole batch with a constant number of statements.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::facts::{DocumentContext, FactSources, answer};
use super::kind_of;
use super::papers::{Make, make_many};
use super::right::rights_at;
use crate::documents::{self as pure, AnswerFacts, DocumentFacts, DocumentRefusal, FieldFacts};
use crate::engine::{ActiveStep, Effect, Order, OrderChange, OrderHeader, OrderRecord};
use crate::id::OrderId;
use crate::office::authority;
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::people::Roster;
use crate::policy::{Approver, DocumentAt, ServiceRule, StepKind};
use crate::store::progress::{self, LoadedOrder};
use crate::store::{Recording, Tx};

/// A document an order's step makes.
pub(crate) struct DocumentRequest<'a> {
    pub(crate) cover: &'a OrderHeader,
    pub(crate) record: &'a OrderRecord,
    pub(crate) kind: &'a str,
    pub(crate) step: &'a str,
    pub(crate) visit: u32,
    pub(crate) by: Vec<String>,
}

/// Makes the documents that changes of orders brought about.
pub(crate) async fn make_of_changes(
    cx: ActContext<'_>,
    tx: &mut Tx,
    roster: &Roster,
    changes: &[&OrderChange],
) -> Answer<()> {
    let wanted = changes.iter().flat_map(|change| {
        change.outcome.effects.iter().filter_map(|effect| match effect {
            Effect::Document { kind, step, visit, at } if *at != DocumentAt::Serve => {
                let order = &change.outcome.next;
                let approves = |officer: &String| {
                    let asked = cx.policy().document(kind);
                    let known = roster.officers.get(officer);
                    asked.zip(known).is_some_and(|(asked, known)| match &asked.approver {
                        Approver::Roles(roles) => {
                            let stead = rights_at(authority::on_day(cx, roster), order, step, officer);
                            roles.iter().any(|role| known.holds(role, cx.today))
                                || stead.iter().any(|right| roles.contains(&right.role))
                        }
                        Approver::Nobody | Approver::Officers => false,
                    })
                };
                let by = makers(order, step, *at, approves);
                let (cover, record) = (&order.cover, &order.record);
                Some(DocumentRequest { cover, record, kind, step, visit: *visit, by })
            }
            // What is served was made by a step before.
            Effect::Document { .. } | Effect::Open(_) | Effect::Inspection { .. } | Effect::Set { .. } => {
                None
            }
        })
    });
    let wanted: Vec<DocumentRequest<'_>> = wanted.collect();
    make_wanted(cx, tx, &wanted).await
}

/// Makes documents, in the order given.
pub(crate) async fn make_wanted(
    cx: ActContext<'_>,
    tx: &mut Tx,
    wanted: &[DocumentRequest<'_>],
) -> Answer<()> {
    if wanted.is_empty() || tx.recording() != Recording::Whole {
        return Ok(());
    }
    let mut complete = Vec::with_capacity(wanted.len());
    for one in wanted {
        complete.push(pure::made_state(kind_of(cx.live, one.kind)?, &one.by).is_final());
    }
    let at_once = wanted.iter().zip(&complete).filter(|(_, complete)| **complete).map(|(one, _)| one.cover);
    let sources = FactSources::of(tx, cx.live, at_once).await?;
    let before = ancestors(tx, wanted).await?;
    let mut makes = Vec::with_capacity(wanted.len());
    for (one, complete) in wanted.iter().zip(&complete) {
        let mut said = answers(cx.live, one, &before);
        if said.is_empty() {
            said.extend(opened_for(cx, one)?);
        }
        let draft = DocumentFacts { answers: said, ..DocumentFacts::default() };
        let facts = if *complete {
            let (kind, cover, step) = (kind_of(cx.live, one.kind)?, one.cover, one.step);
            sources.facts(
                cx.live,
                &DocumentContext { kind, cover, step, officers: &one.by, approver: None },
                draft,
            )
        } else {
            draft
        };
        makes.push(Make {
            order: one.cover.id.clone(),
            kind: one.kind.to_owned(),
            step: one.step.to_owned(),
            visit: i64::from(one.visit),
            station: one.cover.station.clone(),
            by: one.by.clone(),
            facts,
        });
    }
    make_many(cx, tx, makes).await.map(|_| ())
}

/// The people who make a document: those of the step, and where they themselves sign such documents
/// off, those of the step before, whose work it is that is signed.
fn makers(order: &Order, step: &str, at: DocumentAt, approves: impl Fn(&String) -> bool) -> Vec<String> {
    match at {
        DocumentAt::Complete | DocumentAt::Serve => {
            let done_by = order.passed(step).map(|passed| passed.done_by.clone()).unwrap_or_default();
            if !done_by.iter().any(approves) {
                return done_by;
            }
            let others = order.record.steps.iter().filter(|(known, _)| *known != step);
            let passed = others.filter_map(|(_, record)| record.last.as_ref());
            let before = passed.filter(|passed| {
                !passed.done_by.is_empty() && !passed.done_by.iter().any(|officer| done_by.contains(officer))
            });
            before.max_by_key(|passed| passed.at).map(|passed| passed.done_by.clone()).unwrap_or_default()
        }
        DocumentAt::Enter => {
            let place = order.state.places().iter().find(|place| place.step == step);
            place.and_then(ActiveStep::duty).map(|duty| duty.assignees.clone()).unwrap_or_default()
        }
    }
}

/// Loads the orders from which these were opened, directly or through others.
async fn ancestors(tx: &mut Tx, wanted: &[DocumentRequest<'_>]) -> Answer<BTreeMap<OrderId, LoadedOrder>> {
    let parent = |cover: &OrderHeader, record: &OrderRecord| {
        Some(OrderId { home: cover.id.home.clone(), seq: record.parent.as_ref()?.seq })
    };
    let mut next: BTreeSet<OrderId> = wanted.iter().filter_map(|one| parent(one.cover, one.record)).collect();
    let mut all = BTreeMap::new();
    while !next.is_empty() {
        let found = progress::load_many(tx, &next).await?;
        next = found.iter().filter_map(|one| parent(&one.order.cover, &one.order.record)).collect();
        all.extend(found.into_iter().map(|loaded| (loaded.key(), loaded)));
        next.retain(|key| !all.contains_key(key));
    }
    Ok(all)
}

/// Why a person opened the order, for the approver of a paper of the file that no form says anything on; what is
/// sent out does not tell it.
fn opened_for(cx: ActContext<'_>, one: &DocumentRequest<'_>) -> Result<Option<AnswerFacts>, DocumentRefusal> {
    let kind = kind_of(cx.live, one.kind)?;
    let is_internal = kind.served == ServiceRule::Internal && matches!(kind.approver, Approver::Roles(_));
    let language = cx.policy().bureau.language;
    let told = one.record.reason.as_ref().filter(|_| is_internal).map(|reason| {
        let (id, title) = ("reason".to_owned(), language.word("paper-opened-for"));
        let field = FieldFacts { id, title: title.clone(), value: reason.clone(), ..FieldFacts::default() };
        AnswerFacts { step: one.step.to_owned(), title, fields: vec![field], ..AnswerFacts::default() }
    });
    Ok(told)
}

/// What was answered so far, on the orders it came from and then on the order itself: what a patrol
/// found is what a letter that follows from it speaks of.
fn answers(
    live: &ActiveRelease,
    one: &DocumentRequest<'_>,
    ancestors: &BTreeMap<OrderId, LoadedOrder>,
) -> Vec<AnswerFacts> {
    let (mut line, mut parent) = (vec![(one.cover, one.record)], one.record.parent.as_ref());
    let key = |seq: i64| OrderId { home: one.cover.id.home.clone(), seq };
    while let Some(loaded) = parent.and_then(|parent| ancestors.get(&key(parent.seq))) {
        line.push((&loaded.order.cover, &loaded.order.record));
        parent = loaded.order.record.parent.as_ref();
    }
    line.into_iter().rev().flat_map(|(cover, record)| answered(live, &cover.workflow, record)).collect()
}

/// What was answered on one order, in the order of its steps.
fn answered(live: &ActiveRelease, workflow: &str, record: &OrderRecord) -> Vec<AnswerFacts> {
    let Some(workflow) = live.policy.workflow(workflow) else { return Vec::new() };
    let zone = live.policy.bureau.zone;
    let answered = workflow.steps.iter().filter_map(|step| {
        let record = record.steps.get(&step.id)?;
        let passed = record.last.as_ref()?;
        let (StepKind::Duty { form: Some(form), .. }, Some(Value::Object(said))) =
            (&step.kind, passed.answer.as_deref())
        else {
            return None;
        };
        let answer = answer(&live.policy, &workflow.id, form, said)?;
        let on = passed.at.day_in(zone).to_string();
        Some(AnswerFacts { step: step.id.clone(), visit: i64::from(record.visits), on, ..answer })
    });
    answered.collect()
}
