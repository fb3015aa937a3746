//! Addressing: from messages of the outbox to notices that gather.

use std::collections::{BTreeMap, BTreeSet};

use super::directory::{Directory, DirectoryOfficer};
use super::{MESSAGES_PER_NOTICE, notice_key};
use crate::engine::HANDED_OVER;
use crate::notify::{ReceiverKind, receiver_kind};
use crate::office::{ActContext, Answer};
use crate::policy::{ChannelRule, Policy, RoleIx};
use crate::store::Tx;
use crate::store::notices::{self, StoredMessage};
use crate::store::outbox::{self, OutboxEntry, OutboxKey};
use crate::time::Stamp;

/// Messages addressed in one transaction.
const BATCH: i64 = 10_000;

/// What addressing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AddressReport {
    /// Messages put into notices.
    pub addressed: u64,
    /// Messages given up because nobody is meant.
    pub nobody: u64,
}

/// Puts every message whose time has come into the notices of those it is for, and lays the inbox's
/// notices into the inbox.
///
/// All that one pass finds for one person becomes one notice (a thousand messages at most).
///
/// # Source
/// Policy language, rule 20.
pub async fn address(cx: ActContext<'_>, directory: &Directory) -> Answer<AddressReport> {
    let mut done = AddressReport::default();
    loop {
        if outbox::waiting(&mut cx.store.read().await?, cx.now, 1).await?.is_empty() {
            break;
        }
        let mut tx = cx.store.begin().await?;
        let waiting = outbox::waiting(&mut tx, cx.now, BATCH).await?;
        let before = notices::gathering(&mut tx).await?;
        let mut gathering = NoticeGathering::new(cx.policy(), directory, before);
        let settled: Vec<(OutboxKey, Option<String>)> =
            waiting.iter().map(|entry| (entry.key.clone(), gathering.take(entry, cx.now))).collect();
        let nobody = settled.iter().filter(|(_, cause)| cause.is_some()).count() as u64;
        done.nobody += nobody;
        done.addressed += settled.len() as u64 - nobody;
        gathering.save(&mut tx, cx.now).await?;
        outbox::settle_many(&mut tx, &settled, cx.now).await?;
        tx.commit().await?;
    }
    let gathered = notices::gathering(&mut cx.store.read().await?).await?;
    if gathered.iter().any(|notice| notice.channel == "inbox") {
        let mut tx = cx.store.begin().await?;
        seal(&mut tx, |notice| notice.channel == "inbox", cx.now).await?;
        tx.commit().await?;
    }
    Ok(done)
}

/// Seals the gathering notices that are meant, each under the key that follows from its contents.
pub(super) async fn seal(tx: &mut Tx, is_meant: impl Fn(&StoredMessage) -> bool, now: Stamp) -> Answer<()> {
    let mut gathered = notices::gathering(tx).await?;
    gathered.retain(|notice| is_meant(notice));
    for notice in &mut gathered {
        notice.key = notice_key(&notice.holds);
    }
    Ok(notices::seal_many(tx, &gathered.iter().collect::<Vec<_>>(), now).await?)
}

/// Whom a notice goes to, and by which channel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Destination {
    channel: String,
    receiver: String,
}

impl Destination {
    fn new(channel: &str, receiver: &str) -> Self {
        Self { channel: channel.to_owned(), receiver: receiver.to_owned() }
    }
}

/// The notices of a pass while they gather, and the receivers found for each addressee.
struct NoticeGathering<'a> {
    policy: &'a Policy,
    directory: &'a Directory,
    /// By addressee, and whether nobody stands in.
    found: BTreeMap<(String, bool), Vec<DirectoryOfficer>>,
    gathering: BTreeMap<Destination, StoredMessage>,
    changed: BTreeSet<Destination>,
    full: Vec<StoredMessage>,
}

impl<'a> NoticeGathering<'a> {
    fn new(policy: &'a Policy, directory: &'a Directory, before: Vec<StoredMessage>) -> Self {
        let to = |notice: StoredMessage| (Destination::new(&notice.channel, &notice.receiver), notice);
        Self {
            policy,
            directory,
            found: BTreeMap::new(),
            gathering: before.into_iter().map(to).collect(),
            changed: BTreeSet::new(),
            full: Vec::new(),
        }
    }

    /// Puts a message into the notices it belongs to; returns why it cannot be.
    fn take(&mut self, entry: &OutboxEntry, now: Stamp) -> Option<String> {
        let (kind, addressee) = (&entry.message.kind, &entry.message.addressee);
        let find = || self.directory.receivers(kind, addressee);
        let receivers = self.found.entry((addressee.clone(), kind == HANDED_OVER)).or_insert_with(find);
        if receivers.is_empty() {
            return Some(format!("nobody/{addressee}"));
        }
        let meant = destinations(self.policy, receivers, &entry.message.kind);
        for to in meant {
            self.put(to, entry.key.clone(), now);
        }
        None
    }

    fn put(&mut self, to: Destination, key: OutboxKey, now: Stamp) {
        let Destination { channel, receiver } = to.clone();
        let empty = StoredMessage {
            channel,
            receiver,
            key: String::new(),
            holds: Vec::new(),
            attempts: 0,
            at: now,
            cause: None,
        };
        let notice = self.gathering.entry(to.clone()).or_insert(empty);
        notice.holds.push(key);
        if notice.holds.len() < MESSAGES_PER_NOTICE {
            self.changed.insert(to);
            return;
        }
        self.changed.remove(&to);
        if let Some(full) = self.gathering.remove(&to) {
            self.full.push(StoredMessage { key: notice_key(&full.holds), ..full });
        }
    }

    /// Writes what changed: full notices first, because sealing one clears the place it gathered in.
    async fn save(&self, tx: &mut Tx, now: Stamp) -> Answer<()> {
        notices::seal_many(tx, &self.full.iter().collect::<Vec<_>>(), now).await?;
        let changed: Vec<&StoredMessage> =
            self.changed.iter().filter_map(|to| self.gathering.get(to)).collect();
        Ok(notices::gather_many(tx, &changed).await?)
    }
}

/// Returns each channel and receiver that is to hear of a message for these people.
fn destinations(policy: &Policy, receivers: &[DirectoryOfficer], kind: &str) -> BTreeSet<Destination> {
    let kind = kind.replace(' ', "-");
    let holds = |receiver: &DirectoryOfficer, roles: &[RoleIx]| {
        roles.is_empty() || roles.iter().any(|role| receiver.roles.contains(&policy.roles[role.ix()].id))
    };
    let mut found: BTreeSet<Destination> =
        receivers.iter().map(|receiver| Destination::new("inbox", &receiver.id)).collect();
    for ChannelRule { channel, id, roles, kinds, .. } in &policy.notices.channels {
        let mut meant = receivers.iter().filter(|receiver| holds(receiver, roles));
        match receiver_kind(channel) {
            _ if !kinds.is_empty() && !kinds.contains(&kind) => {}
            Some(ReceiverKind::Mailbox) => {
                let reached = meant.filter(|receiver| receiver.email.is_some());
                found.extend(reached.map(|receiver| Destination::new(channel, &receiver.id)));
            }
            Some(ReceiverKind::Program) => found.extend(meant.next().map(|_| Destination::new(channel, id))),
            None => {}
        }
    }
    found
}
