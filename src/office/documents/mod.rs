//! Documents and blanks: each act loads, asks `crate::documents`, saves and records in one transaction.
//!
//! `command` says what people ask to be done with documents, `papers` holds the acts that do it, and
//! `handle` carries them out for many documents at a time. `blanks` holds the acts on blanks and the books
//! of a month. Documents that steps make arrive through `effects`, and what a completed step signs off or
//! serves through `advance`, both in the transaction of the step. `facts` gathers what a document says,
//! `right` says who signs papers in whose stead, `show` lists and prints, `archive` says what a file lacks. The audit compares the tables with the record.

mod advance;
mod archive;
mod blanks;
mod command;
mod effects;
mod facts;
mod handle;
mod papers;
mod right;
mod show;

pub use blanks::{
    BlankCommand, BlankIssue, BooksLine, IssuedBlanks, MonthBooks, MonthWish, StationBooks, issue_blanks,
    move_blank, reconcile_month,
};
pub use command::{DocumentCommand, ServiceWish};
pub use papers::{
    BlankUse, Correction, Make, act_on_document, answers_of, correct_document, file_order, make_many,
    use_blank,
};
pub use show::{
    BlankLine, DocumentLine, LackLine, PrintedPage, ServiceLine, UnsignedLine, blanks, documents, missing_of,
    render_document,
};

pub(crate) use advance::advance_on_completion;
pub(crate) use archive::lacks_of;
pub(crate) use blanks::series;
pub(crate) use effects::{DocumentRequest, make_of_changes, make_wanted};
pub(crate) use show::{of_order, unsigned_of};

use serde_json::{Value, json};

use crate::documents::{ActingPerson, Control, Document, DocumentKey, DocumentRefusal};
use crate::engine::{Addressee, OutboxMessage};
use crate::id::{NotAnOrderId, OrderId};
use crate::lang;
use crate::ledger::{Body, DocumentBody};
use crate::office::find_order::{find_order, order_id, order_numbered};
use crate::office::outbox::NO_ORDER;
use crate::office::{ActContext, ActiveRelease, Answer, OfficeFault, OfficeStop};
use crate::people::{Roster, present};
use crate::policy::DocumentKind;
use crate::store::ledger::EntryAuthor;
use crate::store::{Reads, RowContent, Tx, ledger, outbox, people};
use crate::time::Day;

/// Somebody else wrote between reading and writing; the writer's lock makes that impossible.
fn overtaken(what: &str) -> OfficeStop {
    OfficeFault::impossible(what).into()
}

fn kind_of<'l>(live: &'l ActiveRelease, kind: &str) -> Result<&'l DocumentKind, DocumentRefusal> {
    let known = || {
        let on_blanks = live.policy.documents.iter().filter(|known| known.blank);
        lang::list(on_blanks.map(|known| lang::with_id(&known.title, &known.id)))
    };
    let none = || DocumentRefusal::NoSuchKind { kind: kind.to_owned(), known: known() };
    live.policy.document(kind).ok_or_else(none)
}

/// Returns who acts; while the bureau keeps no people here, anybody may.
async fn person(at: &mut impl Reads, id: &str, today: Day) -> Answer<ActingPerson> {
    person_of(&people::roster(at).await?, id, today)
}

fn person_of(roster: &Roster, id: &str, today: Day) -> Answer<ActingPerson> {
    if !roster.is_kept() {
        return Ok(ActingPerson { id: id.to_owned(), roles: None, station: None, decides: Vec::new() });
    }
    let found = roster.officers.get(id);
    let found = found.ok_or_else(|| DocumentRefusal::NoSuchPerson { person: id.to_owned() })?;
    present(roster, id, today)?;
    let held = found.posts.iter().filter(|post| post.covers(today));
    let roles = Some(held.map(|post| post.role.clone()).collect());
    let (id, station) = (found.id.clone(), found.station.clone());
    Ok(ActingPerson { id, roles, station, decides: Vec::new() })
}

/// Reads `<order>/<place>`, the order by its id or by its number.
async fn document_key(cx: ActContext<'_>, id: &str) -> Answer<DocumentKey> {
    let unknown = || DocumentRefusal::NoSuchDocument { document: id.to_owned() };
    let (order, ordinal) = id.rsplit_once('/').ok_or_else(unknown)?;
    let ordinal = ordinal.trim().parse().map_err(|_| unknown())?;
    let order = match order_id(order) {
        Ok(order) => order,
        Err(NotAnOrderId) => order_numbered(cx, &mut cx.store.read().await?, order).await?.header.id,
    };
    Ok(DocumentKey { order, ordinal })
}

/// Reads a control number.
fn control(text: &str) -> Result<Control, DocumentRefusal> {
    text.parse().map_err(|_| DocumentRefusal::NoSuchBlank { blank: text.to_owned() })
}

async fn record(tx: &mut Tx, chain: &str, body: DocumentBody, author: EntryAuthor<'_>) -> Answer<()> {
    Ok(ledger::append(tx, chain, &Body::Document(body), author).await?)
}

/// Key under which the record says what a row holds from here on.
pub(crate) const ROW: &str = "row";
/// Digits of what a row holds that the record says.
const ROW_DIGITS: usize = 32;

/// Says for the record what a row holds from here on.
fn row_detail(content: RowContent) -> (String, String) {
    (ROW.to_owned(), row_digits(content))
}

/// Returns the digits by which the record names what a row holds.
pub(crate) fn row_digits(RowContent(digest): RowContent) -> String {
    let mut digits = digest.to_string();
    digits.truncate(ROW_DIGITS);
    digits
}

/// Tells those whom the bureau names for blanks; the key is the place of the entry just written.
async fn tell(cx: ActContext<'_>, tx: &mut Tx, station: &str, body: &str) -> Answer<()> {
    let told = &cx.policy().bureau.blanks.told;
    let new = |role: &String| OutboxMessage {
        kind: "tell".to_owned(),
        addressee: Addressee::Role { role: role.clone(), station: None }.to_string(),
        body: body.to_owned(),
    };
    let all: Vec<OutboxMessage> = told.iter().map(new).collect();
    let order = OrderId { home: station, seq: NO_ORDER };
    let keyed: Vec<_> = (0_i64..).zip(&all).map(|(ordinal, message)| (order, ordinal, message)).collect();
    let version = ledger::last_place(tx, station);
    Ok(outbox::add_many(tx, version, &keyed, cx.now).await?)
}

/// Tells the second of two officers that a document waits for his signature.
async fn tell_second(cx: ActContext<'_>, tx: &mut Tx, document: &Document, by: &str) -> Answer<()> {
    let Some(second) = &document.marks.second else { return Ok(()) };
    let title = kind_of(cx.live, &document.kind)?.title.as_str();
    let body = json!({"document": document.key.to_string(), "step_title": title, "by": by});
    tell_confirmer(cx, tx, Confirmer { second, home: &document.key.order.home }, &body).await
}

/// The second of two persons, and the chain on which the first has just written.
struct Confirmer<'a> {
    second: &'a str,
    home: &'a str,
}

/// Tells the second of two persons what waits for him.
async fn tell_confirmer(cx: ActContext<'_>, tx: &mut Tx, whom: Confirmer<'_>, body: &Value) -> Answer<()> {
    let Confirmer { second, home } = whom;
    let message = OutboxMessage {
        kind: "to confirm".to_owned(),
        addressee: Addressee::Officer(second.to_owned()).to_string(),
        body: body.to_string(),
    };
    let version = ledger::last_place(tx, home);
    let order = OrderId { home, seq: NO_ORDER };
    Ok(outbox::add_many(tx, version, &[(order, 0, &message)], cx.now).await?)
}
