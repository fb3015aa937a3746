//! Channels: how messages leave the building, by mail and by signed webhooks.
//!
//! A [`Message`] is addressed, sealed and named before it comes here; a channel carries it once and
//! says how that ended ([`Disposition`]). Whether and when it is carried again is for the office, which keeps
//! the schedule of [`wait`]; the wording is in [`MessageTemplate`]. The inbox needs none: its messages are
//! rows. This room knows no store, no register and no clock; secrets come from the environment and
//! are read by a door ([`Secrets`]).
//!
//! ```text
//!   office ──Message──▶ Channels ──┬─▶ Mail      SMTP, one connection pool
//!                                  └─▶ Webhook   HTTP POST, signed
//!          ◀──Fate────
//! ```
//!
//! To add a channel: a file here with its [`Carrier`], its row in [`CHANNELS`], its key in `bureau.yaml`.

mod backoff;
mod mail;
mod template;
mod webhook;

use std::collections::BTreeMap;
use std::fmt;
use std::io::ErrorKind;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use strum::IntoStaticStr;

pub use backoff::wait;
pub use template::{MessageTemplate, SETTLED};
pub use webhook::{
    ID_HEADER, KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, TOLERANCE, header_key, signature,
};

use crate::policy::{ChannelRule, Notices};
use crate::time::Stamp;

/// How long one attempt may take, from the first packet to the last.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// Somebody a message is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Recipient {
    /// Officer's id, or the addressee itself where nobody is known by name.
    pub id: String,
    pub name: String,
}

/// One message of the outbox, inside the message that is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageItem {
    /// Its key, `home/seq/version/ordinal`.
    pub key: String,
    /// Id of its order, as `wubu order show` takes it.
    pub order: String,
    /// What happened.
    pub kind: String,
    /// Whom it is for, as the policy says it.
    pub addressee: String,
    /// Who that is today.
    pub to: Vec<Recipient>,
    pub body: Map<String, Value>,
    /// Names of the officers that the body says by their ids.
    pub names: BTreeMap<String, String>,
}

/// A sealed message: the same key always holds the same items.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The key the receiver tells repeats by.
    pub key: String,
    /// Mail address it goes to; empty for webhooks.
    pub address: String,
    /// What it tells of, in order.
    pub items: Vec<MessageItem>,
}

/// How carrying a message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryResult {
    /// The receiver has it.
    Delivered,
    /// Not now; why, and how long the receiver asked to be left alone.
    Later(String, Option<Duration>),
    /// No answer came in time.
    Silent,
    /// The receiver cannot be reached at all, so nothing else can be carried there now; why.
    Unreachable(String),
    /// Never; why.
    Refused(String),
}

/// Secrets, which never stand in a policy: variables of the environment, by name.
///
/// # Shape
/// `WUBU_SMTP_URL`: `smtp://user:password@host:port`, or `smtps://…`; `WUBU_WEBHOOK_SECRET_<ID>` for one
/// webhook, and `WUBU_WEBHOOK_SECRET` for those without one of their own.
#[derive(Clone, Default)]
pub struct Secrets(BTreeMap<String, String>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    /// Picks the secrets out of environment variables.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let is_ours = |(name, value): &(String, String)| name.starts_with("WUBU_") && !value.is_empty();
        Self(variables.into_iter().filter(is_ours).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// Why a channel that the policy declares cannot work. Its names stand in causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Idle {
    /// Its secret is not in the environment.
    NoSecret,
    /// What is there cannot be used.
    BadSecret,
}

/// Who the receiver of a channel's messages is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiverKind {
    /// Each person, at their mail address.
    Mailbox,
    /// The program that the rule names.
    Program,
}

/// What one channel is.
struct ChannelKind {
    /// Its name in rules, in causes and in the database.
    name: &'static str,
    receiver: ReceiverKind,
    /// Makes ready what carries the messages of a rule.
    open: fn(&ChannelRule, &Secrets, MessageTemplate) -> Result<Channel, Idle>,
}

/// Every channel.
const CHANNELS: [ChannelKind; 2] = [mail::CHANNEL, webhook::CHANNEL];

fn kind_of(channel: &str) -> Option<&'static ChannelKind> {
    CHANNELS.iter().find(|kind| kind.name == channel)
}

/// Returns who the receiver of messages by a channel is; none for what is no way out.
pub fn receiver_kind(channel: &str) -> Option<ReceiverKind> {
    kind_of(channel).map(|kind| kind.receiver)
}

/// What carries messages out.
pub trait Carrier: fmt::Debug + Send + Sync {
    /// Carries one message once.
    fn carry(self: Arc<Self>, message: Message, now: Stamp) -> Carrying;
}

/// A message under way.
pub type Carrying = Pin<Box<dyn Future<Output = DeliveryResult> + Send>>;

/// One way out.
pub type Channel = Arc<dyn Carrier>;

/// Every way out that the policy declares, working or idle, by its channel and which of it.
#[derive(Clone, Debug, Default)]
pub struct Channels(BTreeMap<(&'static str, String), Result<Channel, Idle>>);

impl Channels {
    /// Makes the channels of a policy.
    pub fn new(notices: &Notices, bureau: &str, secrets: &Secrets) -> Self {
        let template = MessageTemplate {
            lang: notices.language,
            bureau: bureau.to_owned(),
            salutation: notices.salutation.clone(),
            signature: notices.signature.clone(),
        };
        let ready = |rule: &ChannelRule| {
            let kind = kind_of(rule.channel)?;
            Some(((kind.name, rule.id.clone()), (kind.open)(rule, secrets, template.clone())))
        };
        Self(notices.channels.iter().filter_map(ready).collect())
    }

    /// Lets another carrier take the messages of a way out that the policy declares.
    #[must_use]
    pub fn carried_by(mut self, name: &'static str, id: &str, carrier: Channel) -> Self {
        if let Some(channel) = self.0.get_mut(&(name, id.to_owned())) {
            *channel = Ok(carrier);
        }
        self
    }

    /// Returns the channel to a receiver; none when the policy no longer declares it.
    pub fn get(&self, name: &str, receiver: &str) -> Option<Result<&Channel, Idle>> {
        let kind = kind_of(name)?;
        let id = match kind.receiver {
            ReceiverKind::Mailbox => "",
            ReceiverKind::Program => receiver,
        };
        let found = self.0.get(&(kind.name, id.to_owned()))?;
        Some(found.as_ref().map_err(|idle| *idle))
    }

    /// Lists the ways out that cannot work, for a door to say so: `mail`, or a webhook's id.
    pub fn idle(&self) -> Vec<(&str, Idle)> {
        let idle = self.0.iter().filter_map(|((channel, id), found)| {
            let name = if id.is_empty() { channel } else { id.as_str() };
            Some((name, *found.as_ref().err()?))
        });
        idle.collect()
    }
}

/// What a broken connection means: nobody there at all, or a talk cut off, which may be this message's
/// fault alone.
fn unanswered(kind: ErrorKind) -> DeliveryResult {
    match kind {
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::AddrNotAvailable => DeliveryResult::Unreachable("unreachable".to_owned()),
        ErrorKind::NotFound => DeliveryResult::Unreachable("no-host".to_owned()),
        ErrorKind::InvalidData => DeliveryResult::Unreachable("tls".to_owned()),
        ErrorKind::TimedOut => DeliveryResult::Silent,
        _ => DeliveryResult::Later("connection".to_owned(), None),
    }
}
