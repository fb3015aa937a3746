//! Documents that advance when a step is completed: whoever completes a duty signs off what lies before
//! him, and a step that is a service seals and serves.

use std::collections::{BTreeMap, BTreeSet};

use super::command::{DocumentCommand, ServiceWish};
use super::handle::{Handling, handle_many};
use super::right::{SigningRight, rights_at};
use super::{kind_of, person_of};
use crate::documents::{ActingPerson, Document, DocumentState, ServiceWay};
use crate::engine::{
    Act, ChangeCause, Doing, Effect, Event, HistoryEntry, HistoryEvent, Order, OrderChange, OrderRecord,
    Outcome,
};
use crate::id::OrderId;
use crate::office::authority;
use crate::office::{ActContext, Answer};
use crate::people::Roster;
use crate::policy::{ActionEffect, Approver, DocumentAt, DocumentKind, Policy};
use crate::store::documents::StoredDocument;
use crate::store::{Tx, documents, order_list};
use crate::time::Stamp;

/// Advances the documents of these orders' files as the completions among the changes say; returns which were
/// signed off with it, each by its title and number.
///
/// # Source
/// Domain §2.1: official numbers at sign-off, approval before service, seal and service recorded.
pub(crate) async fn advance_on_completion(
    cx: ActContext<'_>,
    tx: &mut Tx,
    roster: &Roster,
    changes: &[&OrderChange],
) -> Answer<Vec<String>> {
    let completions: Vec<Completion<'_>> =
        changes.iter().filter_map(|change| completion(cx, roster, change)).collect();
    let files: BTreeSet<OrderId> = completions.iter().map(|done| done.key.clone()).collect();
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let mut signed = Vec::new();
    let mut members = Members::new();
    for (file, member) in order_list::files_of(tx, &files).await? {
        members.entry(file).or_default().insert(member);
    }
    for batch in batches(completions, &members) {
        let reached = batch
            .iter()
            .flat_map(|done| members.get(&done.key).into_iter().flatten().map(move |member| (member, done)));
        signed.extend(advance_batch(cx, tx, roster, &reached.collect()).await?);
    }
    let titled = |document: &Document| {
        let kind = cx.policy().document(&document.kind);
        let title = kind.map_or_else(|| document.kind.clone(), |kind| kind.title.clone());
        let number = document.number.as_ref().map(|number| format!(" {number}"));
        title + number.as_deref().unwrap_or_default()
    };
    Ok(signed.iter().map(titled).collect())
}

/// The orders of each file.
type Members = BTreeMap<OrderId, BTreeSet<OrderId>>;

/// Parts completions, in their order, so that in no part two of them reach the same order: what
/// one signs off another may serve.
fn batches<'a>(completions: Vec<Completion<'a>>, members: &Members) -> Vec<Vec<Completion<'a>>> {
    let (mut batches, mut reached): (Vec<Vec<Completion<'a>>>, BTreeSet<&OrderId>) = Default::default();
    for done in completions {
        let file = members.get(&done.key).into_iter().flatten();
        let is_new = batches.is_empty() || file.clone().any(|member| reached.contains(member));
        if is_new {
            batches.push(Vec::new());
            reached.clear();
        }
        reached.extend(file);
        batches.last_mut().expect("one was pushed").push(done);
    }
    batches
}

/// Advances the documents of orders, each reached by one completion; returns those it signed off.
async fn advance_batch(
    cx: ActContext<'_>,
    tx: &mut Tx,
    roster: &Roster,
    by_member: &BTreeMap<&OrderId, &Completion<'_>>,
) -> Answer<Vec<Document>> {
    let (mut handlings, mut signs) = (Vec::new(), Vec::new());
    for found in documents::unfinished_of(tx, &by_member.keys().copied().collect()).await? {
        let key = found.document.key.order.clone();
        let Some(done) = by_member.get(&key) else { continue };
        let commands = done.commands(cx.policy(), &found, kind_of(cx.live, &found.document.kind)?);
        if !commands.is_empty() {
            signs.push(commands.iter().any(|command| matches!(command, DocumentCommand::Approve)));
            handlings.push(Handling { found, commands, by: done.by, rights: done.rights.clone() });
        }
    }
    let handled = handle_many(cx, tx, roster, handlings).await?;
    Ok(handled.into_iter().zip(signs).filter(|(_, signs)| *signs).map(|(document, _)| document).collect())
}

/// Somebody completed a duty at which documents may advance.
struct Completion<'a> {
    key: OrderId,
    /// The order's number.
    number: &'a str,
    by: &'a str,
    /// Who signs documents off with it; nobody where it approves nothing.
    approver: Option<ActingPerson>,
    /// For which roles, besides those he holds at a document's station.
    rights: Vec<SigningRight>,
    /// Kinds that are served by the step.
    serves: BTreeSet<&'a str>,
    sent_back: SentBack<'a>,
    /// The order, whose work may wait to be confirmed.
    order: &'a Order,
}

fn completion<'a>(cx: ActContext<'a>, roster: &Roster, change: &'a OrderChange) -> Option<Completion<'a>> {
    let ChangeCause::Event(Event::Act(Act { by, doing: Doing::Complete { .. }, .. })) = &change.happened
    else {
        return None;
    };
    let effect = change.outcome.completion?;
    let (key, order) = (change.key.clone(), &change.outcome.next);
    let number = order.cover.number.as_str();
    let sent_back = SentBack::by(cx.policy(), change, effect);
    // What is sent back is neither signed off nor served.
    if effect == ActionEffect::Returns {
        let (approver, rights, serves) = Default::default();
        return Some(Completion { key, number, by, approver, rights, serves, sent_back, order });
    }
    let (approver, rights) = approver(cx, roster, change).unzip();
    let rights = rights.unwrap_or_default();
    let serves: BTreeSet<&str> = change
        .outcome
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Document { kind, at: DocumentAt::Serve, .. } => Some(kind.as_str()),
            Effect::Document { .. } | Effect::Open(_) | Effect::Inspection { .. } | Effect::Set { .. } => {
                None
            }
        })
        .collect();
    (approver.is_some() || !serves.is_empty()).then_some(Completion {
        key,
        number,
        by,
        approver,
        rights,
        serves,
        sent_back,
        order,
    })
}

/// Finds who signs documents off with a completion, and for whom; nobody where he has no role that signs any.
fn approver(
    cx: ActContext<'_>,
    roster: &Roster,
    change: &OrderChange,
) -> Option<(ActingPerson, Vec<SigningRight>)> {
    let Outcome { completion, history, next: order, .. } = &change.outcome;
    let ChangeCause::Event(Event::Act(Act { by, .. })) = &change.happened else { return None };
    if *completion != Some(ActionEffect::Approves) || !roster.officers.contains_key(by) {
        return None;
    }
    let person = person_of(roster, by, cx.today).ok()?;
    let rights = match completed_step(history) {
        Some(step) => rights_at(authority::on_day(cx, roster), order, step, by),
        None => Vec::new(),
    };
    let decides: Vec<String> = rights.iter().map(|right| right.role.clone()).collect();
    let has =
        |role: &String| decides.contains(role) || person.roles.iter().flatten().any(|held| held == role);
    let signs_any = cx.policy().documents.iter().any(|kind| match &kind.approver {
        Approver::Roles(roles) => roles.iter().any(has),
        Approver::Nobody | Approver::Officers => false,
    });
    signs_any.then_some((ActingPerson { decides, ..person }, rights))
}

/// Returns the step that was completed.
fn completed_step(history: &[HistoryEntry]) -> Option<&str> {
    history.iter().find_map(|entry| match entry.event {
        HistoryEvent::Completed { .. } => entry.step.as_deref(),
        _ => None,
    })
}

/// Which drafts of an order were sent back: those of some steps that were made by then.
struct SentBack<'a> {
    steps: BTreeSet<&'a str>,
    /// How often each step was entered by now.
    record: &'a OrderRecord,
    /// When the step that is completed now was last completed by sending back.
    earlier: Option<Stamp>,
}

impl<'a> SentBack<'a> {
    /// Tells from a completion. What goes back takes along the drafts of all it passes again.
    ///
    /// # Source
    /// Policy language, rule 29: whatever returns voids the drafts of that step.
    fn by(policy: &Policy, change: &'a OrderChange, effect: ActionEffect) -> Self {
        let (before, history) = (&change.before, &change.outcome.history);
        let record = &change.outcome.next.record;
        let own = completed_step(history);
        let to = history.iter().find_map(|entry| match &entry.event {
            HistoryEvent::Went { to, .. } => Some(to.as_str()),
            _ => None,
        });
        let done_at = |step: &str| Some(before.record.steps.get(step)?.last.as_ref()?.at);
        let mut steps = BTreeSet::new();
        if effect == ActionEffect::Returns {
            let since = to.and_then(done_at);
            let passed = before.record.steps.keys().filter(|step| since.is_some() && done_at(step) >= since);
            steps.extend(passed.map(String::as_str).chain(own));
        }
        let workflow = policy.workflow(&before.cover.workflow);
        let earlier = own.and_then(|own| {
            let last = before.record.steps.get(own)?.last.as_ref()?;
            let action = workflow?.step(own)?.kind.action(last.action.as_deref()?)?;
            (action.effect == ActionEffect::Returns).then_some(last.at)
        });
        Self { steps, record, earlier }
    }

    /// Says whether a draft of the order was sent back: now, or by a build that left it a draft, after which
    /// its step made another.
    fn includes(&self, document: &Document) -> bool {
        let is_draft = matches!(document.state, DocumentState::Draft | DocumentState::Submitted);
        let step = self.record.current(&document.step);
        let visits = self.record.steps.get(step).map_or(0, |step| i64::from(step.visits));
        let was = self.earlier.is_some_and(|at| document.made.at <= at) && document.visit < visits;
        let is = self.steps.contains(step);
        is_draft && document.replaces.is_none() && (is || was)
    }
}

impl Completion<'_> {
    /// What the completion does with a document of the file.
    fn commands(&self, policy: &Policy, found: &StoredDocument, kind: &DocumentKind) -> Vec<DocumentCommand> {
        if found.document.key.order == self.key && self.sent_back.includes(&found.document) {
            return vec![DocumentCommand::Return];
        }
        if self.signs(policy, found, kind) {
            return vec![DocumentCommand::Approve];
        }
        if !self.serves.contains(found.document.kind.as_str()) {
            return Vec::new();
        }
        // The completion of the service step is the proof of service.
        let receipt = Some(self.number.to_owned());
        let serve =
            DocumentCommand::Serve(ServiceWish { to: None, way: ServiceWay::Direct, on: None, receipt });
        match found.document.state {
            DocumentState::Sealed => vec![serve],
            DocumentState::Signed | DocumentState::Approved => vec![DocumentCommand::Seal, serve],
            DocumentState::Draft
            | DocumentState::Submitted
            | DocumentState::Served
            | DocumentState::Filed
            | DocumentState::Returned
            | DocumentState::Voided => Vec::new(),
        }
    }

    /// Whether somebody named in a document has yet to confirm it.
    fn is_unconfirmed(&self, document: &Document) -> bool {
        document.key.order == self.key
            && self
                .order
                .unconfirmed()
                .any(|asked| self.order.record.is_about(asked, &document.step, document.visit))
    }

    /// Whether a document waits for the signature of whoever completed the step.
    fn signs(&self, policy: &Policy, found: &StoredDocument, kind: &DocumentKind) -> bool {
        let waits = matches!(found.document.state, DocumentState::Draft | DocumentState::Submitted);
        let is_asked = match (&kind.approver, &self.approver) {
            (Approver::Roles(asked), Some(person)) => {
                asked.iter().any(|role| person.holds(policy, role, &found.document.station))
            }
            _ => false,
        };
        waits
            && is_asked
            && !self.is_unconfirmed(&found.document)
            && !found.document.made.by.iter().any(|maker| maker == self.by)
    }
}
