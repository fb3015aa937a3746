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
//! To add a channel: a file here with `carry`, a variant of [`Channel`], its key in `bureau.yaml`.

mod backoff;
mod mail;
mod template;
mod webhook;

use std::collections::BTreeMap;
use std::fmt;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use strum::IntoStaticStr;

pub use backoff::wait;
pub use mail::Mail;
pub use template::MessageTemplate;
pub use webhook::{
    ID_HEADER, KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, TOLERANCE, Webhook, header_key, signature,
};

use crate::policy::Notices;
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

/// Secrets, which never stand in a policy.
#[derive(Clone, Default)]
pub struct Secrets {
    /// `WUBU_SMTP_URL`: `smtp://user:password@host:port`, or `smtps://…`.
    pub smtp_url: Option<String>,
    /// `WUBU_WEBHOOK_SECRET`, for webhooks without one of their own.
    pub webhook: Option<String>,
    /// `WUBU_WEBHOOK_SECRET_<ID>`, by what follows the last underscore there.
    pub webhooks: BTreeMap<String, String>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    /// Picks the secrets out of environment variables.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut secrets = Self::default();
        for (name, value) in variables.into_iter().filter(|(_, value)| !value.is_empty()) {
            if name == "WUBU_SMTP_URL" {
                secrets.smtp_url = Some(value);
            } else if name == "WUBU_WEBHOOK_SECRET" {
                secrets.webhook = Some(value);
            } else if let Some(id) = name.strip_prefix("WUBU_WEBHOOK_SECRET_") {
                secrets.webhooks.insert(id.to_owned(), value);
            }
        }
        secrets
    }

    /// Returns a webhook's secret. A variable's name takes letters, digits and `_` only, and is
    /// written in capitals by habit, so `data-hub` is also found as `DATA_HUB`.
    fn of_webhook(&self, id: &str) -> Option<&str> {
        let plain = id.replace(|c: char| !c.is_alphanumeric(), "_");
        let names = [id.to_owned(), plain.clone(), plain.to_uppercase()];
        let own = names.iter().find_map(|name| self.webhooks.get(name));
        own.or(self.webhook.as_ref()).map(String::as_str)
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

/// One way out.
#[derive(Clone, Debug)]
pub enum Channel {
    /// By mail.
    Mail(Arc<Mail>),
    /// To a program.
    Webhook(Arc<Webhook>),
}

impl Channel {
    /// Carries one message once.
    pub async fn carry(&self, message: Message, now: Stamp) -> DeliveryResult {
        match self {
            Self::Mail(mail) => mail.carry(&message, now).await,
            Self::Webhook(webhook) => webhook.carry(message, now).await,
        }
    }
}

/// Every way out that the policy declares, working or idle.
#[derive(Clone, Debug, Default)]
pub struct Channels {
    /// For mail; none when the policy sends none.
    pub mail: Option<Result<Channel, Idle>>,
    pub webhooks: BTreeMap<String, Result<Channel, Idle>>,
}

impl Channels {
    /// Makes the channels of a policy.
    pub fn new(notices: &Notices, bureau: &str, secrets: &Secrets) -> Self {
        let template = MessageTemplate { lang: notices.language, bureau: bureau.to_owned() };
        let mail = notices.mail.as_ref().map(|rule| {
            let url = secrets.smtp_url.as_deref().ok_or(Idle::NoSecret)?;
            let mail = Mail::new(url, &rule.from, template.clone()).ok_or(Idle::BadSecret)?;
            Ok(Channel::Mail(Arc::new(mail)))
        });
        let webhook = |rule: &crate::policy::WebhookRule| {
            let secret = secrets.of_webhook(&rule.id).ok_or(Idle::NoSecret)?;
            let webhook = Webhook::new(&rule.url, secret, template.clone()).ok_or(Idle::BadSecret)?;
            Ok(Channel::Webhook(Arc::new(webhook)))
        };
        let webhooks = notices.webhooks.iter().map(|rule| (rule.id.clone(), webhook(rule))).collect();
        Self { mail, webhooks }
    }

    /// Returns the channel to a receiver; none when the policy no longer declares it.
    pub fn get(&self, name: &str, receiver: &str) -> Option<Result<&Channel, Idle>> {
        let found = match name {
            "mail" => self.mail.as_ref(),
            "webhook" => self.webhooks.get(receiver),
            _ => None,
        };
        found.map(|channel| channel.as_ref().map_err(|idle| *idle))
    }

    /// Lists the ways out that cannot work, for a door to say so: `mail`, or a webhook's id.
    pub fn idle(&self) -> Vec<(&str, Idle)> {
        let webhooks = self.webhooks.iter().map(|(id, webhook)| (id.as_str(), webhook));
        let all = self.mail.iter().map(|mail| ("mail", mail)).chain(webhooks);
        all.filter_map(|(name, channel)| Some((name, *channel.as_ref().err()?))).collect()
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
