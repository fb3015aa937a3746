//! Acts on documents.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::deed::{DocumentDeed, stored_facts, written};
use super::facts::{Gathered, answer};
use super::handle::{Handling, handle_many, texts};
use super::show::{self, DocumentLine};
use super::{control, document_key, kind_of, order_by_id, overtaken, person, record};
use crate::documents::{
    self as pure, Answer, BlankAct, Document, DocumentKey, DocumentRefusal, DocumentState, Facts, Made,
    Number, ReplacementHow, Series,
};
use crate::ledger::{DocumentBody, MadeDocument, MovedBlank};
use crate::office::{Live, Stop};
use crate::policy::DocumentKind;
use crate::store::documents::{Found, New, Text};
use crate::store::{Store, Tx, blanks, documents, numbers, people, progress};
use crate::time::{Day, Stamp};

/// A document that a step makes.
#[derive(Clone, Debug)]
pub struct Make {
    /// Home station of the order.
    pub home: String,
    /// Running number of the order.
    pub seq: i64,
    /// Kind.
    pub kind: String,
    /// The step.
    pub step: String,
    /// Which visit of it.
    pub visit: i64,
    /// Station whose officers make it.
    pub station: String,
    /// The officers.
    pub by: Vec<String>,
    /// What it says: for a draft what was answered, else all of it.
    pub facts: Facts,
}

/// Puts one form's answer under its titles, for [`Make::facts`].
pub fn answers_of(live: &Live, workflow: &str, form: &str, said: &Map<String, Value>) -> Option<Answer> {
    answer(&live.policy, workflow, form, said)
}

/// Makes the documents of many orders, in the order given, each at the next place of its order.
///
/// Those that are complete when they are made get their official numbers here, in the
/// transaction of the caller; drafts get theirs when they are signed off.
///
/// # Errors
/// [`Stop`] for a kind the policy has not, or when the database refuses.
pub async fn make_many(
    tx: &mut Tx,
    live: &Live,
    wishes: Vec<Make>,
    now: Stamp,
) -> Result<Vec<Document>, Stop> {
    let today = now.day_in(live.policy.bureau.zone);
    let orders: Vec<(&str, i64)> = wishes.iter().map(|wish| (wish.home.as_str(), wish.seq)).collect();
    let mut last: BTreeMap<(String, i64), i64> =
        documents::last_ordinals(tx, &orders).await?.into_iter().collect();
    let (mut made, mut wanted) = (Vec::with_capacity(wishes.len()), Vec::new());
    for wish in wishes {
        let kind = kind_of(live, &wish.kind)?;
        let ordinal = last.entry((wish.home.clone(), wish.seq)).or_default();
        *ordinal += 1;
        let (new, series) = draft(live, kind, wish, *ordinal, (now, today));
        wanted.extend(series.map(|series| (made.len(), series)));
        made.push(new);
    }
    let series: Vec<Series> = wanted.iter().map(|(_, series)| series.clone()).collect();
    let given = numbers::allocate_many(tx, &series).await?;
    for ((at, series), n) in wanted.into_iter().zip(given) {
        made[at].document.number = Some(Number { series, n });
    }
    documents::add_many(tx, &made).await?;
    Ok(made.into_iter().map(|new| new.document).collect())
}

fn draft(
    live: &Live,
    kind: &DocumentKind,
    wish: Make,
    ordinal: i64,
    (now, today): (Stamp, Day),
) -> (New, Option<Series>) {
    let Make { home, seq, kind: id, step, visit, station, by, facts } = wish;
    let state = pure::made_state(kind, &by);
    let text = (facts != Facts::default()).then(|| Text {
        facts: written(&facts),
        policy: state.is_final().then(|| live.policy.digest.to_string()),
        printed: None,
    });
    let document = Document {
        key: DocumentKey { home, seq, ordinal },
        kind: id,
        step,
        visit,
        station,
        state,
        number: None,
        control: None,
        made: Made { by, at: now },
        approval: None,
        seal: None,
        service: None,
        filing: None,
        replaces: None,
        replaced_by: None,
    };
    let series = Series::of(&live.policy, kind, today).filter(|_| state.is_final());
    (New { document, text }, series)
}

/// Does one act on a document.
///
/// # Errors
/// [`Stop::Refused`] with the refusals of [`pure::act_on_document`].
pub async fn act_on_document(
    store: &Store,
    live: &Live,
    id: &str,
    deed: &DocumentDeed,
    by: &str,
    now: Stamp,
) -> Result<DocumentLine, Stop> {
    let mut tx = store.begin().await?;
    let key = document_key(id)?;
    let found = load(&mut tx, &key).await?;
    let roster = people::roster(&mut tx).await?;
    let handling = Handling { found, deeds: vec![deed.clone()], by };
    handle_many(&mut tx, live, &roster, vec![handling], now).await?;
    let line = show::line(live, &load(&mut tx, &key).await?.document);
    tx.commit().await?;
    Ok(line)
}

async fn load(tx: &mut Tx, key: &DocumentKey) -> Result<Found, Stop> {
    let found = documents::find(tx, key).await?;
    Ok(found.ok_or_else(|| DocumentRefusal::NoSuchDocument { document: key.to_string() })?)
}

/// Notes documents made by hand; those that steps make stand in the entry of the step.
async fn note_made(tx: &mut Tx, documents: &[&Document], by: &str, now: Stamp) -> Result<(), Stop> {
    let Some(first) = documents.first() else { return Ok(()) };
    let row = |document: &&Document| MadeDocument {
        seq: document.key.seq,
        ordinal: document.key.ordinal,
        kind: document.kind.clone(),
        state: document.state.name().to_owned(),
        number: document.number.as_ref().map(ToString::to_string),
        control: document.control.as_ref().map(ToString::to_string),
        replaces: document.replaces.map(|replaces| replaces.ordinal),
    };
    let body = DocumentBody::Made { documents: documents.iter().map(row).collect() };
    record(tx, &first.key.home, by, body, now).await
}

/// Files every document of an order that is not filed yet.
///
/// # Errors
/// [`Stop::Refused`] with R086 while something is missing.
pub async fn file_order(
    store: &Store,
    live: &Live,
    id: &str,
    by: &str,
    now: Stamp,
) -> Result<Vec<DocumentLine>, Stop> {
    let mut tx = store.begin().await?;
    let order = order_by_id(&mut tx, live, id, now).await?;
    let lacks = show::lacks(&mut tx, live, &order).await?;
    if !lacks.is_empty() {
        let lacks = lacks.into_iter().map(|lack| lack.what).collect();
        return Err(DocumentRefusal::ArchiveIncomplete { lacks }.into());
    }
    let is_done =
        |found: &Found| matches!(found.document.state, DocumentState::Filed | DocumentState::Voided);
    let found = documents::of_order(&mut tx, &order.home, order.seq).await?;
    let open = found.into_iter().filter(|found| !is_done(found));
    let handlings = open.map(|found| Handling { found, deeds: vec![DocumentDeed::File], by }).collect();
    let roster = people::roster(&mut tx).await?;
    let filed = handle_many(&mut tx, live, &roster, handlings, now).await?;
    tx.commit().await?;
    Ok(filed.iter().map(|document| show::line(live, document)).collect())
}

/// Makes the document that corrects or revokes a served one.
///
/// # Errors
/// [`Stop::Refused`] with R070 and R071.
pub async fn correct_document(
    store: &Store,
    live: &Live,
    id: &str,
    how: ReplacementHow,
    reason: Option<String>,
    by: &str,
    now: Stamp,
) -> Result<DocumentLine, Stop> {
    let mut tx = store.begin().await?;
    let key = document_key(id)?;
    let served = load(&mut tx, &key).await?;
    let actor = person(&mut tx, by, now.day_in(live.policy.bureau.zone)).await?;
    let last = documents::last_ordinals(&mut tx, &[(&key.home, key.seq)]).await?;
    let ordinal = last.first().map_or(1, |(_, last)| last + 1);
    let made = Made { by: vec![actor.id.clone()], at: now };
    let (served_now, replacement) = pure::replace(&served.document, ordinal, how, made)?;
    let before = stored_facts(served.text.as_ref());
    if !documents::change_many(&mut tx, &[Found { document: served_now, ..served }]).await? {
        return Err(overtaken("document"));
    }
    let facts = Facts { answers: before.answers, reason, ..Facts::default() };
    let text = Some(Text { facts: written(&facts), ..Text::default() });
    documents::add_many(&mut tx, &[New { document: replacement.clone(), text }]).await?;
    note_made(&mut tx, &[&replacement], by, now).await?;
    let line = show::line(live, &replacement);
    tx.commit().await?;
    Ok(line)
}

/// Makes a document on a blank that was signed out.
///
/// # Errors
/// [`Stop::Refused`] with the refusals of [`pure::act_on_blank`].
pub async fn use_blank(
    store: &Store,
    live: &Live,
    (serial, order): (&str, &str),
    facts: Facts,
    by: &str,
    now: Stamp,
) -> Result<DocumentLine, Stop> {
    let mut tx = store.begin().await?;
    let order = order_by_id(&mut tx, live, order, now).await?;
    let control = control(serial)?;
    let found = blanks::find(&mut tx, &control).await?;
    let mut found = found.ok_or_else(|| DocumentRefusal::NoSuchBlank { blank: serial.to_owned() })?;
    if found.blank.station != order.station {
        let (blank, station) = (control.to_string(), order.station);
        return Err(DocumentRefusal::OtherStation { blank, station }.into());
    }
    let kind = kind_of(live, &control.kind)?;
    let officer = person(&mut tx, by, now.day_in(live.policy.bureau.zone)).await?;
    let last = documents::last_ordinals(&mut tx, &[(&order.home, order.seq)]).await?;
    let ordinal = last.first().map_or(1, |(_, last)| last + 1);
    let key = DocumentKey { home: order.home.clone(), seq: order.seq, ordinal };
    let act = BlankAct::Use { officer: &officer, document: &key };
    found.blank = pure::act_on_blank(&live.policy, found.blank, act)?;
    let wish = Make {
        home: order.home.clone(),
        seq: order.seq,
        kind: kind.id.clone(),
        step: order.step.clone(),
        visit: order.visit,
        station: order.station.clone(),
        by: vec![officer.id.clone()],
        facts,
    };
    let today = now.day_in(live.policy.bureau.zone);
    let (mut new, series) = draft(live, kind, wish, ordinal, (now, today));
    new.document.control = Some(control.clone());
    if let Some(series) = series {
        let n = numbers::take(&mut tx, &series, 1).await?;
        new.document.number = Some(Number { series, n });
    }
    if new.document.state.is_final() {
        let covers = progress::covers(&mut tx, [&(order.home.clone(), order.seq)]).await?;
        let draft = stored_facts(new.text.as_ref());
        let wanted = vec![Gathered { kind, document: &new.document, draft }];
        new.text = texts(&mut tx, live, &covers, wanted).await?.pop();
    }
    documents::add_many(&mut tx, &[new.clone()]).await?;
    if !blanks::change(&mut tx, &found, now).await? {
        return Err(overtaken("blank"));
    }
    let moved = DocumentBody::Blank(MovedBlank {
        control: control.to_string(),
        act: act.name().to_owned(),
        state: found.blank.state.name().to_owned(),
        detail: vec![("document".to_owned(), key.to_string())],
    });
    record(&mut tx, &found.blank.station, by, moved, now).await?;
    note_made(&mut tx, &[&new.document], by, now).await?;
    let line = show::line(live, &new.document);
    tx.commit().await?;
    Ok(line)
}
