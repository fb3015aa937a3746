//! Acts on documents.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::blanks::{numbered, refuse_closed_month, refuse_other_station};
use super::command::{DocumentCommand, draft_facts, keep_facts, stored_facts};
use super::facts::{DocumentDraft, answer};
use super::handle::{Handling, handle_many, texts};
use super::right::{SigningRight, rights_on};
use super::show::{self, DocumentLine};
use super::{document_key, find_order, kind_of, overtaken, person_of, record, row_detail, tell_second};
use crate::documents::{
    self as pure, AnswerFacts, Authorship, BlankAct, Document, DocumentFacts, DocumentKey, DocumentMarks,
    DocumentRefusal, DocumentState, ReplacementHow, Series, ShortList,
};
use crate::engine::{self, Confirmation, ConfirmedAct, Order, OrderHeader, Refusal, unconfirmed};
use crate::id::OrderId;
use crate::ledger::{DocumentBody, DocumentChange, MadeDocument, MovedBlank};
use crate::office::authority;
use crate::office::written_moment::after_last;
use crate::office::{ACTOR, ActContext, ActiveRelease, Answer};
use crate::people::{PowerRequest, Roster};
use crate::policy::{DocumentKind, Power, PowerHolder};
use crate::store::documents::{FIRST_VERSION, StoredDocument, Text};
use crate::store::progress::LoadedOrder;
use crate::store::{RowContent, Tx, blanks, documents, numbers, people, progress};
use crate::time::Stamp;

/// A document that a step makes.
#[derive(Clone, Debug)]
pub struct Make {
    pub order: OrderId,
    pub kind: String,
    pub step: String,
    pub visit: i64,
    /// Station whose officers make it.
    pub station: String,
    /// The officers.
    pub by: Vec<String>,
    /// What it says: for a draft what was answered, else all of it.
    pub facts: DocumentFacts,
}

/// Puts one form's answer under its titles, for [`Make::facts`].
pub fn answers_of(
    live: &ActiveRelease,
    workflow: &str,
    form: &str,
    said: &Map<String, Value>,
) -> Option<AnswerFacts> {
    answer(&live.policy, workflow, form, said)
}

/// Makes the documents of many orders, in the order given, each at the next place of its order.
///
/// Those that are complete when they are made get their official numbers here, in the
/// transaction of the caller; drafts get theirs when they are signed off.
///
/// # Errors
/// For a kind the policy has not, or when the database refuses.
pub async fn make_many(cx: ActContext<'_>, tx: &mut Tx, wishes: Vec<Make>) -> Answer<Vec<Document>> {
    let orders: Vec<OrderId<&str>> = wishes.iter().map(|wish| wish.order.as_ref()).collect();
    let mut last: BTreeMap<OrderId, i64> = documents::last_ordinals(tx, &orders).await?.into_iter().collect();
    let (mut made, mut wanted) = (Vec::with_capacity(wishes.len()), Vec::new());
    let (mut complete, mut facts) = (Vec::new(), Vec::new());
    for mut wish in wishes {
        let kind = kind_of(cx.live, &wish.kind)?;
        let ordinal = last.entry(wish.order.clone()).or_default();
        *ordinal += 1;
        if pure::made_state(kind, &wish.by).is_final() {
            complete.push(made.len());
            facts.push(std::mem::take(&mut wish.facts));
        }
        let (new, series) = draft(cx, kind, wish, *ordinal);
        wanted.extend(series.map(|series| (made.len(), series)));
        made.push(new);
    }
    let series: Vec<Series> = wanted.iter().map(|(_, series)| series.clone()).collect();
    let given = numbers::allocate_many(tx, &series).await?;
    for ((at, series), n) in wanted.into_iter().zip(given) {
        made[at].document.number = Some(series.number(n, cx.policy()));
    }
    for (at, text) in complete.into_iter().zip(keep_facts(tx, &facts).await?) {
        made[at].text = Some(Text { policy: Some(cx.policy().digest.to_string()), ..text });
    }
    documents::add_many(tx, &made).await?;
    let mut by_home: BTreeMap<&str, Vec<RowNote<'_>>> = BTreeMap::new();
    for new in &made {
        let note = RowNote { of: &new.document, content: documents::content(new) };
        by_home.entry(&new.document.key.order.home).or_default().push(note);
    }
    for notes in by_home.values() {
        note_rows(cx, tx, notes, ACTOR).await?;
    }
    Ok(made.into_iter().map(|new| new.document).collect())
}

fn draft(
    cx: ActContext<'_>,
    kind: &DocumentKind,
    wish: Make,
    ordinal: i64,
) -> (StoredDocument, Option<Series>) {
    let Make { order, kind: id, step, visit, station, by, facts } = wish;
    let state = pure::made_state(kind, &by);
    let text = (facts != DocumentFacts::default()).then(|| Text { facts: facts.draft(), ..Text::default() });
    let document = Document {
        key: DocumentKey { order, ordinal },
        kind: id,
        step,
        visit,
        station,
        state,
        number: None,
        control: None,
        made: Authorship { by, at: cx.now },
        marks: DocumentMarks::default(),
        replaces: None,
        replaced_by: None,
    };
    let series = Series::of(cx.policy(), kind, cx.today).filter(|_| state.is_final());
    (StoredDocument { document, text, version: FIRST_VERSION }, series)
}

/// Does one act on a document.
///
/// # Refusals
/// Somebody who lacks the power; the refusals of [`pure::act_on_document`].
pub async fn act_on_document(
    cx: ActContext<'_>,
    id: &str,
    command: &DocumentCommand,
    by: &str,
) -> Answer<DocumentLine> {
    let key = document_key(cx, id).await?;
    let mut tx = cx.store.begin_on([key.order.home.as_str()]).await?;
    let found = load(&mut tx, &key).await?;
    let of_order = load_order(&mut tx, &key.order).await?;
    let cx = after_last(cx, last_of(&found.document, &of_order))?;
    let roster = people::roster(&mut tx).await?;
    let rights = match command {
        DocumentCommand::Approve | DocumentCommand::SendBack => {
            let on = authority::on_day(cx, &roster);
            rights_on(on, &of_order.order, kind_of(cx.live, &found.document.kind)?, by)?
        }
        _ => Vec::new(),
    };
    // Whoever decides in another's stead does it by that one's power.
    if rights.first().is_none_or(SigningRight::is_own) {
        let asked = PaperRequest::of(command.power(), &found.document, by);
        let station = if rights.is_empty() { asked.station } else { &of_order.order.cover.station };
        PaperRequest { station, ..asked }.ask(cx, &of_order, &roster)?;
    }
    if let DocumentCommand::Sign { with: Some(second) } = command {
        authority::refuse_conflict(&roster, second, &of_order.order.cover.subject)?;
    }
    if matches!(command, DocumentCommand::Approve | DocumentCommand::File) {
        refuse_unconfirmed(cx.live, &roster, &of_order.order, &found.document)?;
        refuse_unconfirmed_parent(cx.live, &mut tx, &roster, &of_order.order).await?;
    }
    let handling = Handling { found, commands: vec![command.clone()], by, rights };
    handle_many(cx, &mut tx, &roster, vec![handling]).await?;
    let now = load(&mut tx, &key).await?.document;
    if matches!(command, DocumentCommand::Sign { .. }) {
        tell_second(cx, &mut tx, &now, by).await?;
    }
    let line = show::line(cx.live, &now);
    tx.commit().await?;
    Ok(line)
}

/// Something that somebody wants to do with documents of an order.
#[derive(Clone, Copy)]
struct PaperRequest<'a> {
    power: Power,
    station: &'a str,
    /// Who made the document.
    makers: &'a [String],
    by: &'a str,
}

impl<'a> PaperRequest<'a> {
    fn of(power: Power, document: &'a Document, by: &'a str) -> Self {
        let Document { station, made, .. } = document;
        Self { power, station, makers: &made.by, by }
    }

    /// Asks; a party to the order may do some things as that.
    fn ask(self, cx: ActContext<'_>, of: &LoadedOrder, roster: &Roster) -> Answer<()> {
        let Self { power, station, makers, by } = self;
        let subject = Some(of.order.cover.subject.as_str());
        let wanted = PowerRequest { subject, ..PowerRequest::over(power, Some(station)) };
        let Err(refusal) = authority::allow(cx, roster, by, wanted) else { return Ok(()) };
        if !cx.policy().powers.holders(power).contains(&PowerHolder::Party) {
            return Err(refusal.into());
        }
        let mut parties = makers.to_vec();
        parties.extend(authority::parties(&of.order));
        Ok(authority::allow(cx, roster, by, PowerRequest { parties: &parties, ..wanted })?)
    }
}

/// Loads the order that a document belongs to.
async fn load_order(tx: &mut Tx, order: &OrderId) -> Answer<LoadedOrder> {
    let found = progress::load_many(tx, [order]).await?.pop();
    Ok(found.expect("a document belongs to an order"))
}

/// When something happened last to a document or to its order.
fn last_of(document: &Document, of: &LoadedOrder) -> Stamp {
    let DocumentMarks { approval, seal, filing, first, service: _, second: _ } = &document.marks;
    let marked = [approval, seal, filing, first].into_iter().flatten().map(|mark| mark.at);
    marked.chain([document.made.at, of.last_event]).max().expect("it was made")
}

/// Refuses to sign off or file what those who made it have yet to confirm.
///
/// # Refusals
/// R124.
fn refuse_unconfirmed(
    live: &ActiveRelease,
    roster: &Roster,
    order: &Order,
    document: &Document,
) -> Result<(), Refusal> {
    let is_of = |asked: &&Confirmation| {
        asked.of == ConfirmedAct::Completion && order.record.is_about(asked, &document.step, document.visit)
    };
    let waiting: Vec<&Confirmation> = order.unconfirmed().filter(is_of).collect();
    let kind = live.policy.document(&document.kind);
    let title = kind.map_or(&document.kind, |kind| &kind.title);
    if waiting.is_empty() { Ok(()) } else { Err(unconfirmed(roster, order, &waiting).with("steps", title)) }
}

/// Refuses to sign off papers of what came of a visit that has yet to be confirmed on the order that opened this one.
///
/// # Refusals
/// R124.
async fn refuse_unconfirmed_parent(
    live: &ActiveRelease,
    tx: &mut Tx,
    roster: &Roster,
    order: &Order,
) -> Answer<()> {
    let Some(parent) = &order.record.parent else { return Ok(()) };
    let key = OrderId { home: order.cover.id.home.clone(), seq: parent.seq };
    let parent = load_order(tx, &key).await?.order;
    Ok(engine::refuse_unconfirmed(&live.policy, roster, &parent)?)
}

async fn load(tx: &mut Tx, key: &DocumentKey) -> Answer<StoredDocument> {
    let found = documents::find(tx, key).await?;
    Ok(found.ok_or_else(|| DocumentRefusal::NoSuchDocument { document: key.to_string() })?)
}

/// Notes documents made by hand; those that steps make stand in the entry of the step.
async fn note_made(cx: ActContext<'_>, tx: &mut Tx, documents: &[&Document], by: &str) -> Answer<()> {
    let Some(first) = documents.first() else { return Ok(()) };
    let row = |document: &&Document| MadeDocument {
        seq: document.key.order.seq,
        ordinal: document.key.ordinal,
        kind: document.kind.clone(),
        state: document.state.into_str().to_owned(),
        number: document.number.as_ref().map(ToString::to_string),
        control: document.control.as_ref().map(ToString::to_string),
        replaces: document.replaces.map(|replaces| replaces.ordinal),
    };
    let body = DocumentBody::Made { documents: documents.iter().map(row).collect() };
    record(tx, &first.key.order.home, body, cx.author(by)).await
}

/// What the row of a document holds that no act of its own says.
#[derive(Clone, Copy)]
struct RowNote<'a> {
    of: &'a Document,
    content: RowContent,
}

/// What the record calls it.
const NOTED: &str = "noted";

/// Notes what rows of one home hold.
async fn note_rows(cx: ActContext<'_>, tx: &mut Tx, rows: &[RowNote<'_>], by: &str) -> Answer<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    let change = |RowNote { of, content }: &RowNote<'_>| DocumentChange {
        seq: of.key.order.seq,
        ordinal: of.key.ordinal,
        act: NOTED.to_owned(),
        state: of.state.into_str().to_owned(),
        number: of.number.as_ref().map(ToString::to_string),
        detail: vec![row_detail(*content)],
    };
    let body = DocumentBody::ChangedMany { changes: rows.iter().map(change).collect() };
    record(tx, &first.of.key.order.home, body, cx.author(by)).await
}

/// Files every document of an order that is not filed yet.
///
/// # Refusals
/// Somebody who lacks the power; R086 while something is missing.
pub async fn file_order(cx: ActContext<'_>, id: &str, by: &str) -> Answer<Vec<DocumentLine>> {
    let mut tx = cx.store.begin().await?;
    let order = find_order(cx, &mut tx, id).await?;
    tx.lock_chains([order.header.id.home.as_str(), order.header.station.as_str()]).await?;
    let roster = people::roster(&mut tx).await?;
    let of_order = load_order(&mut tx, &order.header.id).await?;
    let cx = after_last(cx, of_order.last_event)?;
    let request = PaperRequest { power: Power::File, station: &order.header.station, makers: &[], by };
    request.ask(cx, &of_order, &roster)?;
    let lacks = show::lacks(&mut tx, cx.live, &order).await?;
    if !lacks.is_empty() {
        let lacks = ShortList(lacks.into_iter().map(|lack| lack.what).collect());
        return Err(DocumentRefusal::ArchiveIncomplete { lacks }.into());
    }
    let is_done = |found: &StoredDocument| {
        found.document.state == DocumentState::Filed || found.document.state.is_void()
    };
    let found = documents::of_order(&mut tx, order.header.id.as_ref()).await?;
    let open: Vec<StoredDocument> = found.into_iter().filter(|found| !is_done(found)).collect();
    for found in &open {
        refuse_unconfirmed(cx.live, &roster, &of_order.order, &found.document)?;
    }
    let file = |found| Handling { found, commands: vec![DocumentCommand::File], by, rights: Vec::new() };
    let handlings = open.into_iter().map(file).collect();
    let filed = handle_many(cx, &mut tx, &roster, handlings).await?;
    tx.commit().await?;
    Ok(filed.iter().map(|document| show::line(cx.live, document)).collect())
}

/// How a served document is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// By a corrected one, or by one that revokes it.
    pub how: ReplacementHow,
    pub reason: Option<String>,
}

/// Makes the document that corrects or revokes a served one.
///
/// # Refusals
/// Somebody who lacks the power; R070 and R071.
pub async fn correct_document(
    cx: ActContext<'_>,
    id: &str,
    wish: Correction,
    by: &str,
) -> Answer<DocumentLine> {
    let Correction { how, reason } = wish;
    let key = document_key(cx, id).await?;
    let mut tx = cx.store.begin_on([key.order.home.as_str()]).await?;
    let served = load(&mut tx, &key).await?;
    let of_order = load_order(&mut tx, &key.order).await?;
    let cx = after_last(cx, last_of(&served.document, &of_order))?;
    let roster = people::roster(&mut tx).await?;
    PaperRequest::of(Power::Correct, &served.document, by).ask(cx, &of_order, &roster)?;
    let actor = person_of(&roster, by, cx.today)?;
    let last = documents::last_ordinals(&mut tx, &[key.order.as_ref()]).await?;
    let ordinal = last.first().map_or(1, |(_, last)| last + 1);
    let made = Authorship { by: vec![actor.id.clone()], at: cx.now };
    let (served_now, replacement) = pure::replace(&served.document, ordinal, how, made)?;
    let before = stored_facts(&mut tx, served.text.as_ref()).await?;
    let served = StoredDocument { document: served_now, ..served };
    if !documents::change_many(&mut tx, std::slice::from_ref(&served)).await? {
        return Err(overtaken("document"));
    }
    let facts = DocumentFacts { answers: before.answers, reason, ..DocumentFacts::default() };
    let text = Some(Text { facts: facts.draft(), ..Text::default() });
    let made = StoredDocument { document: replacement.clone(), text, version: FIRST_VERSION };
    documents::add_many(&mut tx, std::slice::from_ref(&made)).await?;
    note_made(cx, &mut tx, &[&replacement], by).await?;
    let replaced = RowNote { of: &served.document, content: documents::content_after(&served) };
    let new = RowNote { of: &replacement, content: documents::content(&made) };
    note_rows(cx, &mut tx, &[replaced, new], by).await?;
    let line = show::line(cx.live, &replacement);
    tx.commit().await?;
    Ok(line)
}

/// A document that is to be made on a blank.
#[derive(Clone, Debug)]
pub struct BlankUse<'a> {
    /// The blank's number.
    pub serial: &'a str,
    /// Id of the order.
    pub order: &'a str,
    /// What the document says.
    pub facts: DocumentFacts,
}

/// Makes a document on a blank that was signed out.
///
/// # Refusals
/// Somebody who lacks the power; the refusals of [`pure::act_on_blank`].
pub async fn use_blank(cx: ActContext<'_>, wish: BlankUse<'_>, by: &str) -> Answer<DocumentLine> {
    let BlankUse { serial, order, facts } = wish;
    let mut tx = cx.store.begin().await?;
    let order = find_order(cx, &mut tx, order).await?;
    tx.lock_chains([order.header.id.home.as_str(), order.header.station.as_str()]).await?;
    let mut found = numbered(&mut tx, serial).await?;
    let control = found.blank.control.clone();
    let OrderHeader { id, station, .. } = order.header;
    refuse_other_station(&found.blank, station.clone())?;
    if let Some(meant) = found.order.as_ref().filter(|meant| **meant != id) {
        let (blank, order) = (control.to_string(), meant.to_string());
        return Err(DocumentRefusal::OtherOrder { blank, order }.into());
    }
    let kind = kind_of(cx.live, &control.kind)?;
    let of_order = load_order(&mut tx, &id).await?;
    let cx = after_last(cx, of_order.last_event)?;
    let roster = people::roster(&mut tx).await?;
    let subject = Some(of_order.order.cover.subject.as_str());
    let wanted = PowerRequest { subject, ..PowerRequest::over(Power::Draft, Some(&station)) };
    authority::allow(cx, &roster, by, wanted)?;
    refuse_closed_month(cx, &mut tx, &station).await?;
    let officer = person_of(&roster, by, cx.today)?;
    let last = documents::last_ordinals(&mut tx, &[id.as_ref()]).await?;
    let ordinal = last.first().map_or(1, |(_, last)| last + 1);
    let key = DocumentKey { order: id.clone(), ordinal };
    let act = BlankAct::Use { officer: &officer, document: &key };
    found.blank = pure::act_on_blank(cx.policy(), found.blank, act)?;
    let wish = Make {
        order: id.clone(),
        kind: kind.id.clone(),
        step: order.step,
        visit: order.visit,
        station,
        by: vec![officer.id.clone()],
        facts,
    };
    let (mut new, series) = draft(cx, kind, wish, ordinal);
    new.document.control = Some(control.clone());
    if let Some(series) = series {
        let n = numbers::take(&mut tx, &series, 1).await?;
        new.document.number = Some(series.number(n, cx.policy()));
    }
    if new.document.state.is_final() {
        let covers = progress::covers(&mut tx, [&id]).await?;
        let draft = draft_facts(new.text.as_ref());
        let wanted = vec![DocumentDraft { kind, document: &new.document, draft }];
        new.text = texts(&mut tx, cx.live, &covers, wanted).await?.pop();
    }
    documents::add_many(&mut tx, &[new.clone()]).await?;
    let row = blanks::content_after(&found);
    if !blanks::change(&mut tx, &found, cx.now).await? {
        return Err(overtaken("blank"));
    }
    let moved = DocumentBody::Blank(MovedBlank {
        control: control.to_string(),
        act: act.into_str().to_owned(),
        state: found.blank.state.into_str().to_owned(),
        detail: vec![("document".to_owned(), key.to_string()), row_detail(row)],
    });
    record(&mut tx, &found.blank.station, moved, cx.author(by)).await?;
    note_made(cx, &mut tx, &[&new.document], by).await?;
    let row = RowNote { of: &new.document, content: documents::content(&new) };
    note_rows(cx, &mut tx, &[row], by).await?;
    let line = show::line(cx.live, &new.document);
    tx.commit().await?;
    Ok(line)
}
