//! What people do with documents, many at a time with a constant number of statements.

use std::collections::{BTreeMap, BTreeSet};

use super::command::{DocumentCommand, ServiceWish, draft_facts, keep_facts};
use super::facts::{DocumentDraft, gather_many};
use super::right::SigningRight;
use super::{kind_of, overtaken, person_of, record, row_detail};
use crate::digest::Digest;
use crate::documents::{
    self as pure, BlankAct, Document, DocumentAct, DocumentFacts, DocumentState, Series, Service,
};
use crate::id::OrderId;
use crate::ledger::{Body, DocumentBody, DocumentChange, MovedBlank};
use crate::office::{ActContext, ActiveRelease, Answer, OfficeFault};
use crate::people::Roster;
use crate::policy::{Approver, DocumentKind, Policy};
use crate::store::documents::{StoredDocument, Text};
use crate::store::progress::OrderOpening;
use crate::store::{Tx, blanks, documents, ledger, numbers, progress};

/// A stored document, and what somebody asks to be done with it, one command after the other.
pub(super) struct Handling<'a> {
    pub(super) found: StoredDocument,
    pub(super) commands: Vec<DocumentCommand>,
    pub(super) by: &'a str,
    /// For which roles this person signs, besides those he holds at the station of the document.
    pub(super) rights: Vec<SigningRight>,
}

/// A document after the commands, before it is numbered and written.
struct HandledDocument<'a> {
    found: StoredDocument,
    was_final: bool,
    wants_number: Option<Series>,
    notes: Vec<Note>,
    by: &'a str,
    /// By what right it was signed off here, where that is in another's stead.
    right: Option<SigningRight>,
}

/// What the record says of one command.
struct Note {
    act: &'static str,
    state: DocumentState,
    detail: Vec<(String, String)>,
}

/// Lets people do things with documents, all of them recorded; returns the documents in their order.
///
/// What is signed off gets its number here, in the order given, and its text is settled.
///
/// # Refusals
/// The refusals of [`pure::act_on_document`]; the transaction must then be
/// dropped.
pub(super) async fn handle_many(
    cx: ActContext<'_>,
    tx: &mut Tx,
    roster: &Roster,
    handlings: Vec<Handling<'_>>,
) -> Answer<Vec<Document>> {
    if handlings.is_empty() {
        return Ok(Vec::new());
    }
    let keys: BTreeSet<OrderId> =
        handlings.iter().map(|handling| order_of(&handling.found.document)).collect();
    let covers = progress::covers(tx, &keys).await?;
    let mut handled = Vec::with_capacity(handlings.len());
    for handling in handlings {
        handled.push(handle(cx, roster, &covers, handling)?);
    }
    number(tx, cx.policy(), &mut handled).await?;
    settle(tx, cx.live, &covers, &mut handled).await?;
    let lines = notes(&handled);
    let by: Vec<&str> = handled.iter().map(|handled| handled.by).collect();
    let changed: Vec<StoredDocument> = handled.into_iter().map(|handled| handled.found).collect();
    if !documents::change_many(tx, &changed).await? {
        return Err(overtaken("document"));
    }
    let changed: Vec<Document> = changed.into_iter().map(|found| found.document).collect();
    file_blanks(cx, tx, &changed, &by).await?;
    let lines = lines.iter().map(|((home, by), body)| ledger::NewEntry {
        chain: home,
        about: None,
        actor: by,
        body,
        at: cx.now,
    });
    ledger::append_lines(tx, &lines.collect::<Vec<_>>()).await?;
    Ok(changed)
}

fn order_of(document: &Document) -> OrderId {
    document.key.order.clone()
}

/// Carries out one document's commands in memory.
fn handle<'a>(
    cx: ActContext<'_>,
    roster: &Roster,
    covers: &BTreeMap<OrderId, OrderOpening>,
    handling: Handling<'a>,
) -> Answer<HandledDocument<'a>> {
    let Handling { found, commands, by, rights } = handling;
    let kind = kind_of(cx.live, &found.document.kind)?;
    let mut actor = person_of(roster, by, cx.today)?;
    let own = match &kind.approver {
        Approver::Roles(roles) => {
            roles.iter().any(|role| actor.holds(cx.policy(), role, &found.document.station))
        }
        Approver::Nobody | Approver::Officers => true,
    };
    actor.decides = rights.iter().map(|right| right.role.clone()).collect();
    let mut asked = rights.into_iter().filter(|right| is_asked(kind, &right.role));
    let right = asked.next().filter(|right| !own && !right.is_own());
    let was_final = found.document.state.is_final();
    let (wants_number, notes) = (None, Vec::new());
    let mut handled = HandledDocument { found, was_final, wants_number, notes, by, right };
    for command in commands {
        let (mut other, mut service, mut detail) = (None, None, Vec::new());
        let act = match command {
            DocumentCommand::Submit => DocumentAct::Submit,
            DocumentCommand::Approve => DocumentAct::Approve(&actor),
            DocumentCommand::SendBack => DocumentAct::SendBack(&actor),
            DocumentCommand::Return => DocumentAct::Return,
            DocumentCommand::Seal => DocumentAct::Seal(&actor),
            DocumentCommand::File => DocumentAct::File(&actor),
            DocumentCommand::Void => DocumentAct::Void(&actor),
            DocumentCommand::Sign { with } => {
                let with = match with {
                    Some(id) => {
                        detail.push(("with".to_owned(), id.clone()));
                        Some(&*other.insert(person_of(roster, &id, cx.today)?))
                    }
                    None => None,
                };
                DocumentAct::Sign { by: &actor, with }
            }
            DocumentCommand::Serve(wish) => {
                let covered = covers.get(&order_of(&handled.found.document));
                let subject = covered.map(|covered| covered.cover.subject.clone()).unwrap_or_default();
                let ServiceWish { to, way, on, receipt } = wish;
                let (to, on) = (to.unwrap_or(subject), on.unwrap_or(cx.today));
                detail.extend([
                    ("to".to_owned(), to.clone()),
                    ("how".to_owned(), way.into_str().to_owned()),
                    ("on".to_owned(), on.to_string()),
                ]);
                detail.extend(receipt.clone().map(|receipt| ("receipt".to_owned(), receipt)));
                let served = Service { to, way, on, by: by.to_owned(), receipt };
                DocumentAct::Serve(service.insert(served))
            }
        };
        if let (DocumentAct::Approve(_), Some(right)) = (&act, &handled.right) {
            detail.extend(right.noted());
        }
        let moved = pure::act_on_document(cx.policy(), kind, handled.found.document, &act, cx.now)?;
        handled.notes.push(Note { act: act.into_str(), state: moved.document.state, detail });
        handled.wants_number = moved.wants_number.or(handled.wants_number);
        handled.found.document = moved.document;
    }
    Ok(handled)
}

/// Whether documents of a kind are signed off by a role.
pub(super) fn is_asked(kind: &DocumentKind, role: &str) -> bool {
    matches!(&kind.approver, Approver::Roles(roles) if roles.iter().any(|asked| asked == role))
}

/// Gives documents the numbers they need, in this transaction.
async fn number(tx: &mut Tx, policy: &Policy, handled: &mut [HandledDocument<'_>]) -> Answer<()> {
    let wanted: Vec<Series> = handled.iter().filter_map(|one| one.wants_number.clone()).collect();
    let mut given = numbers::allocate_many(tx, &wanted).await?.into_iter();
    for one in handled {
        if let Some(series) = one.wants_number.take() {
            let n = given.next().expect("a number for each that was asked for");
            one.found.document.number = Some(series.number(n, policy));
        }
    }
    Ok(())
}

/// Settles what the documents say that are signed off here, and what their pages look like.
async fn settle(
    tx: &mut Tx,
    live: &ActiveRelease,
    covers: &BTreeMap<OrderId, OrderOpening>,
    handled: &mut [HandledDocument<'_>],
) -> Answer<()> {
    let is_new = |one: &&mut HandledDocument<'_>| !one.was_final && one.found.document.state.is_final();
    let mut new: Vec<&mut HandledDocument<'_>> = handled.iter_mut().filter(is_new).collect();
    let mut wanted = Vec::with_capacity(new.len());
    for one in &new {
        let StoredDocument { document, text, .. } = &one.found;
        let kind = kind_of(live, &document.kind)?;
        let approver = one.right.as_ref().map(SigningRight::mark);
        let draft = DocumentFacts { approver, ..draft_facts(text.as_ref()) };
        wanted.push(DocumentDraft { kind, document, draft });
    }
    let settled = texts(tx, live, covers, wanted).await?;
    for (one, text) in new.iter_mut().zip(settled) {
        one.found.text = Some(text);
    }
    Ok(())
}

/// Gathers what documents say and prints them, as they will be kept.
pub(super) async fn texts(
    tx: &mut Tx,
    live: &ActiveRelease,
    covers: &BTreeMap<OrderId, OrderOpening>,
    wanted: Vec<DocumentDraft<'_>>,
) -> Answer<Vec<Text>> {
    let printed: Vec<_> = wanted.iter().map(|one| (one.kind, one.document)).collect();
    let all = gather_many(tx, live, covers, wanted).await?;
    let mut texts = keep_facts(tx, &all).await?;
    for (((kind, document), facts), text) in printed.into_iter().zip(&all).zip(&mut texts) {
        let page = live.printer().print(kind, document, facts, live.policy.bureau.zone);
        let page = page.map_err(OfficeFault::from)?;
        text.policy = Some(live.policy.digest.to_string());
        text.printed = Some(Digest::of(page.as_bytes()));
    }
    Ok(texts)
}

/// Writes down what was done, an entry for each station and person.
fn notes<'a>(handled: &[HandledDocument<'a>]) -> BTreeMap<(String, &'a str), Body> {
    let mut changes: BTreeMap<(String, &str), Vec<DocumentChange>> = BTreeMap::new();
    for HandledDocument { found, notes, by, .. } in handled {
        let Document { key, number, .. } = &found.document;
        let change = |note: &Note| DocumentChange {
            seq: key.order.seq,
            ordinal: key.ordinal,
            act: note.act.to_owned(),
            state: note.state.into_str().to_owned(),
            number: number.as_ref().map(ToString::to_string),
            detail: note.detail.clone(),
        };
        let of = changes.entry((key.order.home.clone(), *by)).or_default();
        of.extend(notes.iter().map(change));
        if let Some(last) = of.last_mut().filter(|_| !notes.is_empty()) {
            last.detail.push(row_detail(documents::content_after(found)));
        }
    }
    let body = |changes| Body::Document(DocumentBody::ChangedMany { changes });
    changes.into_iter().map(|(of, changes)| (of, body(changes))).collect()
}

/// Files the blanks that filed documents are written on.
async fn file_blanks(cx: ActContext<'_>, tx: &mut Tx, changed: &[Document], by: &[&str]) -> Answer<()> {
    let filed = changed.iter().zip(by).filter(|(document, _)| document.state == DocumentState::Filed);
    for (document, by) in filed {
        let Some(control) = &document.control else { continue };
        let Some(mut found) = blanks::find(tx, control).await? else { continue };
        found.blank = pure::act_on_blank(cx.policy(), found.blank, BlankAct::File)?;
        // Where the order has moved since, the blank is still of the station it was issued to.
        tx.lock_chains([found.blank.station.as_str()]).await?;
        let row = blanks::content_after(&found);
        if !blanks::change(tx, &found, cx.now).await? {
            return Err(overtaken("blank"));
        }
        let body = DocumentBody::Blank(MovedBlank {
            control: control.to_string(),
            act: BlankAct::File.into_str().to_owned(),
            state: found.blank.state.into_str().to_owned(),
            detail: vec![("document".to_owned(), document.key.to_string()), row_detail(row)],
        });
        record(tx, &found.blank.station, body, cx.author(by)).await?;
    }
    Ok(())
}
