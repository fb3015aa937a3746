//! Delivering: sealed notices go by their channels, and what became of them is written down.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::address::{AddressReport, address, seal};
use super::directory::Directory;
use super::list::items;
use crate::notify::{
    Channel, Channels, DeliveryResult, Idle, Message, MessageItem, ReceiverKind, receiver_kind, wait,
};
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::store::Store;
use crate::store::notices::{self, DeliveryAttempt, StoredMessage};
use crate::store::outbox::{self, OutboxKey};
use crate::time::{Clock, Stamp};

/// Messages taken up in one round.
const ROUND: i64 = 512;
/// Messages of the outbox told in a round, so that memory does not depend on how long notices gathered.
const TOLD_IN_ROUND: usize = 8_000;
/// Messages carried at once by one channel: enough to hide the way, few enough for a small receiver.
const ABREAST: usize = 4;
/// Messages in a row without an answer after which nobody is taken to be there. One alone may be
/// what the receiver chokes on.
const SILENT_MOST: usize = 4;
/// Results written in one transaction.
const SETTLED_AT_ONCE: usize = 4_096;
/// How often a round looks whether it is told to stop.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long what our own configuration holds up is left alone.
const HELD: TimeDelta = TimeDelta::minutes(1);
/// How long new messages of the outbox wait behind a notice that cannot be delivered, so that they go
/// together.
const GATHER_MOST: TimeDelta = TimeDelta::hours(1);

/// What a delivery did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DeliveryReport {
    /// Messages of the outbox put into notices.
    pub addressed: u64,
    /// Messages of the outbox given up because nobody is meant.
    pub nobody: u64,
    /// Messages that arrived.
    pub delivered: u64,
    /// Messages that are tried again later.
    pub again: u64,
    /// Messages given up.
    pub dead: u64,
    /// Messages not tried, because a secret is missing.
    pub held: u64,
}

impl DeliveryReport {
    fn count(&mut self, tried: &DeliveryAttempt) {
        match tried {
            DeliveryAttempt::Done => self.delivered += 1,
            DeliveryAttempt::Again(..) => self.again += 1,
            DeliveryAttempt::Dead(_) => self.dead += 1,
            DeliveryAttempt::Held(..) => self.held += 1,
        }
    }
}

/// Returns whether a delivery now would find anything to do.
pub async fn is_anything_to_deliver(store: &Store, channels: &Channels, now: Stamp) -> Answer<bool> {
    let mut reader = store.read().await?;
    if !outbox::waiting(&mut reader, now, 1).await?.is_empty()
        || !notices::due(&mut reader, now, 1).await?.is_empty()
    {
        return Ok(true);
    }
    let gathered = notices::gathering(&mut reader).await?;
    if gathered.is_empty() {
        return Ok(false);
    }
    let put_off: BTreeSet<_> = notices::put_off(&mut reader).await?.into_iter().collect();
    Ok(gathered.iter().any(|notice| is_ripe(notice, channels, &put_off, now)))
}

/// Addresses what waits and seals what can go: rows only, so that carrying has something to carry.
pub async fn prepare(
    cx: ActContext<'_>,
    directory: &Directory,
    channels: &Channels,
) -> Answer<AddressReport> {
    let addressed = address(cx, directory).await?;
    seal_ripe(cx.store, channels, cx.now).await?;
    Ok(addressed)
}

/// What messages are carried with.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// The database.
    pub store: &'a Store,
    /// Who there is.
    pub directory: &'a Directory,
    /// The ways out.
    pub channels: &'a Channels,
    /// Asked anew for each round: a round takes as long as the network does.
    pub clock: &'a dyn Clock,
    /// Nothing new is begun once it is set.
    pub stop: &'a AtomicBool,
}

/// Carries every sealed message whose time has come.
///
/// What is under way when it is told to stop is awaited, at most the time of one attempt, and
/// settled.
pub async fn carry(delivery: Delivery<'_>) -> Answer<DeliveryReport> {
    let Delivery { store, clock, stop, .. } = delivery;
    let mut report = DeliveryReport::default();
    while !stop.load(Ordering::Relaxed) {
        let mut due = notices::due(&mut store.read().await?, clock.now(), ROUND).await?;
        if due.is_empty() {
            break;
        }
        let mut told = 0;
        let fits = due.iter().take_while(|notice| {
            let is_first = told == 0;
            told += notice.holds.len();
            is_first || told <= TOLD_IN_ROUND
        });
        due.truncate(fits.count());
        round(delivery, due, &mut report).await?;
    }
    Ok(report)
}

/// Does both, one after the other.
pub async fn deliver(live: &ActiveRelease, delivery: Delivery<'_>) -> Answer<DeliveryReport> {
    let Delivery { store, directory, channels, clock, stop: _ } = delivery;
    let cx = ActContext::new(store, live, clock.now());
    let AddressReport { addressed, nobody } = prepare(cx, directory, channels).await?;
    let done = carry(delivery).await?;
    Ok(DeliveryReport { addressed, nobody, ..done })
}

/// Seals what can go: the channel works, and no earlier message to the same receiver is still waiting.
async fn seal_ripe(store: &Store, channels: &Channels, now: Stamp) -> Answer<()> {
    let mut reader = store.read().await?;
    let put_off: BTreeSet<_> = notices::put_off(&mut reader).await?.into_iter().collect();
    let gathered = notices::gathering(&mut reader).await?;
    drop(reader);
    if gathered.iter().any(|notice| is_ripe(notice, channels, &put_off, now)) {
        let mut tx = store.begin().await?;
        seal(&mut tx, |notice| is_ripe(notice, channels, &put_off, now), now).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn is_ripe(
    notice: &StoredMessage,
    channels: &Channels,
    put_off: &BTreeSet<(String, String)>,
    now: Stamp,
) -> bool {
    let StoredMessage { channel, receiver, at, .. } = notice;
    let is_held = matches!(channels.get(channel, receiver), Some(Err(_)));
    let is_first = !put_off.contains(&(channel.clone(), receiver.clone()));
    !is_held && (is_first || at.plus(GATHER_MOST) <= now)
}

/// The messages one channel takes in a round.
struct Lane {
    channel: Channel,
    messages: Vec<(StoredMessage, Message)>,
}

/// Carries one round of messages, each channel by itself, and settles as results come in.
async fn round(delivery: Delivery<'_>, due: Vec<StoredMessage>, report: &mut DeliveryReport) -> Answer<()> {
    let Delivery { store, directory, clock, stop, .. } = delivery;
    let now = clock.now();
    let written = written(store, directory, &due).await?;
    let (lanes, mut settled) = lanes(delivery, due, &written, now);
    let (tell, mut told) = mpsc::unbounded_channel();
    let enough = Arc::new(AtomicBool::new(false));
    // Dropped with this round, and the lanes with it: then it is as if the process had ended.
    let mut running = JoinSet::new();
    for lane in lanes {
        running.spawn(run(lane, tell.clone(), Arc::clone(&enough), now));
    }
    drop(tell);
    let mut is_over = false;
    while !is_over || !settled.is_empty() {
        if !settled.is_empty() {
            let results = std::mem::take(&mut settled);
            let mut tx = store.begin().await?;
            notices::settle_many(&mut tx, &results, clock.now()).await?;
            tx.commit().await?;
            for (_, tried) in &results {
                report.count(tried);
            }
        }
        tokio::select! {
            count = told.recv_many(&mut settled, SETTLED_AT_ONCE) => is_over = count == 0,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        enough.store(stop.load(Ordering::Relaxed), Ordering::Relaxed);
    }
    Ok(())
}

/// Reads the messages that the notices hold.
async fn written(
    store: &Store,
    directory: &Directory,
    due: &[StoredMessage],
) -> Answer<BTreeMap<OutboxKey, MessageItem>> {
    let keys: BTreeSet<&OutboxKey> = due.iter().flat_map(|notice| &notice.holds).collect();
    let mut reader = store.read().await?;
    let found = outbox::find(&mut reader, keys).await?;
    let items = items(&mut reader, &found, directory).await?;
    Ok(found.into_iter().map(|entry| entry.key).zip(items).collect())
}

/// Sorts messages by channel; those that no channel can carry are settled at once.
fn lanes(
    delivery: Delivery<'_>,
    due: Vec<StoredMessage>,
    written: &BTreeMap<OutboxKey, MessageItem>,
    now: Stamp,
) -> (Vec<Lane>, Vec<(StoredMessage, DeliveryAttempt)>) {
    let (mut lanes, mut settled) = (BTreeMap::<String, Lane>::new(), Vec::new());
    for notice in due {
        let cause = cause_of(&notice);
        let tried = match delivery.channels.get(&notice.channel, &notice.receiver) {
            None => Err(DeliveryAttempt::Dead(format!("{cause}/not-declared"))),
            Some(Err(idle)) => Err(held(&cause, idle, now)),
            Some(Ok(channel)) => {
                let address = address_of(delivery.directory, &notice);
                address
                    .map(|address| (channel, address))
                    .ok_or(DeliveryAttempt::Dead(format!("{cause}/no-address")))
            }
        };
        match tried {
            Err(tried) => settled.push((notice, tried)),
            Ok((channel, address)) => {
                let items = notice.holds.iter().filter_map(|key| written.get(key).cloned()).collect();
                let message = Message { key: notice.key.clone(), address, items };
                let lane = || Lane { channel: channel.clone(), messages: Vec::new() };
                lanes.entry(cause).or_insert_with(lane).messages.push((notice, message));
            }
        }
    }
    (lanes.into_values().collect(), settled)
}

fn held(cause: &str, idle: Idle, now: Stamp) -> DeliveryAttempt {
    DeliveryAttempt::Held(now.plus(HELD), format!("{cause}/{}", idle.into_str()))
}

/// Returns what the causes of a channel begin with: all mail goes one way, each program has its own.
fn cause_of(StoredMessage { channel, receiver, .. }: &StoredMessage) -> String {
    match receiver_kind(channel) {
        Some(ReceiverKind::Program) => format!("{channel}/{receiver}"),
        Some(ReceiverKind::Mailbox) | None => channel.clone(),
    }
}

/// Returns the mail address of the receiver as it is now; a program needs none.
fn address_of(directory: &Directory, notice: &StoredMessage) -> Option<String> {
    if receiver_kind(&notice.channel) == Some(ReceiverKind::Program) {
        return Some(String::new());
    }
    directory.officers.iter().find(|officer| officer.id == notice.receiver)?.email.clone()
}

/// Carries the messages of one channel, a few abreast, until one finds nobody there: then the rest
/// of this round waits as if it had been tried.
async fn run(
    lane: Lane,
    tell: mpsc::UnboundedSender<(StoredMessage, DeliveryAttempt)>,
    enough: Arc<AtomicBool>,
    now: Stamp,
) {
    let Lane { channel, messages } = lane;
    let mut messages = messages.into_iter();
    let (mut abreast, mut under_way) = (JoinSet::new(), HashMap::new());
    let (mut nobody_there, mut silent) = (None, 0);
    loop {
        while abreast.len() < ABREAST && nobody_there.is_none() && !enough.load(Ordering::Relaxed) {
            let Some((notice, message)) = messages.next() else { break };
            let channel = channel.clone();
            let carrying = abreast.spawn(async move { channel.carry(message, now).await });
            under_way.insert(carrying.id(), notice);
        }
        let Some(carried) = abreast.join_next_with_id().await else { break };
        // A channel that breaks down over a message has not carried it: that is an attempt as any other, or the
        // round would take the message up again and again.
        let (id, fate) = carried
            .unwrap_or_else(|broken| (broken.id(), DeliveryResult::Later("internal".to_owned(), None)));
        let Some(notice) = under_way.remove(&id) else { continue };
        match &fate {
            DeliveryResult::Unreachable(cause) => nobody_there = Some(cause.clone()),
            DeliveryResult::Silent => silent += 1,
            DeliveryResult::Delivered | DeliveryResult::Later(..) | DeliveryResult::Refused(_) => silent = 0,
        }
        if silent >= SILENT_MOST {
            nobody_there = Some("timeout".to_owned());
        }
        let tried = tried(&notice, fate, now);
        if tell.send((notice, tried)).is_err() {
            return;
        }
    }
    let Some(cause) = nobody_there else { return };
    for (notice, _) in messages {
        let tried = tried(&notice, DeliveryResult::Unreachable(cause.clone()), now);
        // Nobody listens when the round was dropped; the messages are still due.
        let _ = tell.send((notice, tried));
    }
}

/// Decides what a fate means for a message that was tried so often.
fn tried(notice: &StoredMessage, fate: DeliveryResult, now: Stamp) -> DeliveryAttempt {
    let of = cause_of(notice);
    let (cause, asked) = match fate {
        DeliveryResult::Delivered => return DeliveryAttempt::Done,
        DeliveryResult::Refused(cause) => return DeliveryAttempt::Dead(format!("{of}/{cause}")),
        DeliveryResult::Unreachable(cause) => (cause, None),
        DeliveryResult::Silent => ("timeout".to_owned(), None),
        DeliveryResult::Later(cause, asked) => (cause, asked),
    };
    let cause = format!("{of}/{cause}");
    match wait(&notice.key, notice.attempts + 1, asked) {
        Some(wait) => {
            DeliveryAttempt::Again(now.plus(TimeDelta::from_std(wait).unwrap_or(TimeDelta::hours(1))), cause)
        }
        None => DeliveryAttempt::Dead(cause),
    }
}
