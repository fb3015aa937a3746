//! Looking at the outbox: what waits, what was given up, giving that another try, and an officer's inbox.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::directory::{Directory, DirectoryOfficer};
use crate::engine::{Addressee, Confirmation};
use crate::id::OrderId;
use crate::ledger::Body;
use crate::notify::{Message, MessageItem, Recipient, SETTLED};
use crate::office::{ActContext, Answer, OfficeFault, authority};
use crate::people::PowerRequest;
use crate::policy::Power;
use crate::store::outbox::{self, Dead, OutboxEntry, OutboxKey};
use crate::store::progress::{self, LoadedOrder, OrderOpening};
use crate::store::{self, Reads, notices, people, reading};
use crate::time::Stamp;

/// What waits or was given up, counted by where it goes or why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct OutboxLine {
    pub state: &'static str,
    pub cause: Option<String>,
    pub channel: Option<String>,
    pub receiver: Option<String>,
    pub count: i64,
    pub at: Option<String>,
}

/// One message in an inbox.
#[derive(Clone, Debug, PartialEq)]
pub struct InboxMessage {
    /// When it was laid there.
    pub at: Stamp,
    /// Whose inbox, and what it tells of.
    pub message: Message,
}

/// Counts what waits by receiver, and what was given up by cause; either alone when a state is named.
pub async fn list_outbox(cx: ActContext<'_>, state: Option<&str>) -> Answer<Vec<OutboxLine>> {
    let zone = cx.zone();
    let mut reader = cx.store.read().await?;
    let mut lines = Vec::new();
    if state.is_none_or(|state| state == "waiting") {
        let count = outbox::count_waiting(&mut reader).await?;
        if count > 0 {
            let (cause, at) = (None, None);
            lines.push(OutboxLine { state: "waiting", cause, channel: None, receiver: None, count, at });
        }
        lines.extend(notices::waiting(&mut reader).await?.into_iter().map(|waiting| OutboxLine {
            state: "waiting",
            cause: waiting.cause,
            channel: Some(waiting.channel),
            receiver: Some(waiting.receiver),
            count: waiting.count,
            at: Some(waiting.next_at.rfc3339_in(zone)),
        }));
    }
    if state.is_none_or(|state| state == "dead") {
        let mut dead = outbox::dead(&mut reader).await?;
        dead.extend(notices::dead(&mut reader).await?);
        lines.extend(dead.into_iter().map(|Dead { cause, count, since }| OutboxLine {
            state: "dead",
            cause: Some(cause),
            channel: None,
            receiver: None,
            count,
            at: Some(since.rfc3339_in(zone)),
        }));
    }
    Ok(lines)
}

/// Lets what was given up for a cause, or one below it, be tried again, under its old keys; returns how
/// many. What is tried again is one entry of the bureau, whose notices hold messages of several homes.
///
/// # Refusals
/// R181; whoever is named and lacks the power.
pub async fn retry_outbox(
    cx: ActContext<'_>,
    cause: &str,
    by: Option<&str>,
    is_preview: bool,
) -> Answer<u64> {
    let mut tx = cx.store.begin_on([""]).await?;
    let roster = people::roster(&mut tx).await?;
    let actor = authority::allow_operator(cx, &roster, by, PowerRequest::over(Power::Retry, None))?;
    let messages = outbox::retry(&mut tx, cause, cx.now).await?;
    let notices = notices::retry(&mut tx, cause, cx.now).await?;
    let count = messages + notices;
    if !is_preview && count > 0 {
        let int = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let (errands, notices) = (int(messages), int(notices));
        let body = Body::ErrandsRetried { cause: cause.to_owned(), errands, notices };
        store::ledger::append(&mut tx, "", &body, cx.author(actor)).await?;
        tx.commit().await?;
    }
    Ok(count)
}

/// Which messages of an inbox are read.
#[derive(Clone, Copy, Debug)]
pub struct InboxFilter<'a> {
    /// Whose they are.
    pub officer: &'a str,
    /// At most so many.
    pub limit: Option<u32>,
}

/// Hands over an officer's inbox as it was at a moment, newest message first.
pub async fn inbox(
    cx: ActContext<'_>,
    directory: &Directory,
    filter: InboxFilter<'_>,
    mut each: impl FnMut(InboxMessage) -> Result<(), OfficeFault>,
) -> Answer<()> {
    let mut reader = cx.store.read().await?;
    let mut found = notices::inbox(&mut reader, filter.officer, cx.now, filter.limit);
    // What a sealed message holds was written before it and stays, so a later look finds it.
    let mut beside = cx.store.read().await?;
    loop {
        let (mut some, mut told) = (Vec::new(), 0);
        while told < TOLD_TOGETHER
            && let Some(notice) = found.next_rows(1).await?.pop()
        {
            told += notice.holds.len();
            some.push(notice);
        }
        if some.is_empty() {
            return Ok(());
        }
        let held: BTreeSet<&OutboxKey> = some.iter().flat_map(|notice| &notice.holds).collect();
        let held: Vec<&OutboxKey> = held.into_iter().collect();
        let mut told: BTreeMap<OutboxKey, MessageItem> = BTreeMap::new();
        for piece in held.chunks(TOLD_TOGETHER) {
            let entries = outbox::find(&mut beside, piece.iter().copied()).await?;
            let mut items = items(&mut beside, &entries, directory).await?;
            mark_settled(cx, &mut beside, &entries, &mut items).await?;
            told.extend(entries.into_iter().map(|entry| entry.key).zip(items));
        }
        for notice in &some {
            let item = |key| if some.len() == 1 { told.remove(key) } else { told.get(key).cloned() };
            let items = notice.holds.iter().filter_map(item).collect();
            let message = Message { key: notice.key.clone(), address: String::new(), items };
            each(InboxMessage { at: notice.at, message })?;
        }
    }
}

/// Counts what was written for an officer and is not in an inbox yet: the next tick lays it there. Of very many, those
/// written first are looked at.
pub async fn count_on_the_way(cx: ActContext<'_>, directory: &Directory, officer: &str) -> Answer<usize> {
    let waiting = outbox::waiting(&mut cx.store.read().await?, cx.now, LOOKED_AT).await?;
    let mut addressees: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for OutboxEntry { message, .. } in &waiting {
        *addressees.entry((&message.kind, &message.addressee)).or_default() += 1;
    }
    let is_meant =
        |(kind, to): (&str, &str)| directory.receivers(kind, to).iter().any(|one| one.id == officer);
    Ok(addressees.into_iter().filter(|(to, _)| is_meant(*to)).map(|(_, count)| count).sum())
}

/// Marks what asks somebody to confirm a thing that is confirmed or not asked of him any more.
async fn mark_settled(
    cx: ActContext<'_>,
    at: &mut impl Reads,
    entries: &[OutboxEntry],
    items: &mut [MessageItem],
) -> Answer<()> {
    let is_of_order = |entry: &&OutboxEntry| entry.message.kind == TO_CONFIRM && entry.key.order.seq > 0;
    let keys: BTreeSet<&OrderId> = entries.iter().filter(is_of_order).map(|entry| &entry.key.order).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let orders = progress::load_many(at, keys).await?.into_iter().filter(|order| order.last_event <= cx.now);
    let orders: BTreeMap<OrderId, LoadedOrder> = orders.map(|loaded| (loaded.key(), loaded)).collect();
    for (entry, item) in entries.iter().zip(items).filter(|(entry, _)| is_of_order(entry)) {
        let Some(LoadedOrder { order, .. }) = orders.get(&entry.key.order) else { continue };
        let said = |name: &str| item.body.get(name).and_then(Value::as_str);
        let is_this = |asked: &Confirmation| {
            Addressee::Officer(asked.officer.clone()).to_string() == entry.message.addressee
                && said("step") == Some(&asked.step)
                && said("what") == Some(asked.of.name())
                && said("reason") == asked.of.reason().as_deref()
        };
        if !order.unconfirmed().any(is_this) {
            item.body.insert(SETTLED.to_owned(), true.into());
        }
    }
    Ok(())
}

/// The kind of message by which somebody is asked to confirm.
const TO_CONFIRM: &str = "to confirm";

/// What stands in the messages of an inbox is looked up together until there is so much.
const TOLD_TOGETHER: usize = 1_000;
/// Messages looked at for those of one officer.
const LOOKED_AT: i64 = 10_000;

/// Makes items of messages, in their order; each is told the number of its order and the name of
/// the subject, which is how people know them.
pub(super) async fn items<'e>(
    at: &mut impl Reads,
    entries: &'e [OutboxEntry],
    directory: &Directory,
) -> Answer<Vec<MessageItem>> {
    let keys: BTreeSet<&OrderId> = entries.iter().map(|entry| &entry.key.order).collect();
    let covers = progress::covers(at, keys).await?;
    let subjects: Vec<(&str, &str)> = covers
        .values()
        .map(|OrderOpening { cover, .. }| (cover.id.home.as_str(), cover.subject.as_str()))
        .collect();
    let names = reading::names(at, &subjects).await?;
    // A message to a head may tell of thousands of orders, and all were meant for the same few.
    let mut meant: BTreeMap<&str, Vec<Recipient>> = BTreeMap::new();
    let item = |OutboxEntry { key, message, .. }: &'e OutboxEntry| {
        let mut body: Map<String, Value> = serde_json::from_str(&message.body).unwrap_or_default();
        if let Some(OrderOpening { cover, .. }) = covers.get(&key.order) {
            let subject = names.get(&cover.subject).unwrap_or(&cover.subject);
            body.entry("order").or_insert_with(|| cover.number.clone().into());
            body.entry("subject").or_insert_with(|| subject.clone().into());
        }
        let to = meant.entry(&message.addressee).or_insert_with(|| {
            let found = directory.find(&message.addressee).into_iter();
            found.map(|DirectoryOfficer { id, name, .. }| Recipient { id, name }).collect()
        });
        let said = ["by", "from", "to"].into_iter().filter_map(|name| body.get(name));
        let ids = said.flat_map(|said| said.as_array().map_or(std::slice::from_ref(said), Vec::as_slice));
        let ids = ids.filter_map(Value::as_str);
        let names = ids.filter_map(|id| Some((id.to_owned(), directory.name(id)?.to_owned()))).collect();
        MessageItem {
            names,
            key: key.to_string(),
            order: key.order.to_string(),
            kind: message.kind.clone(),
            addressee: message.addressee.clone(),
            to: to.clone(),
            body,
        }
    };
    Ok(entries.iter().map(item).collect())
}
