//! Mail, over SMTP with TLS.

use std::error::Error as _;
use std::fmt;
use std::sync::{Arc, OnceLock};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message as Sealed};
use lettre::transport::smtp::{self, AsyncSmtpTransportBuilder};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::webhook::header_key;
use super::{
    Carrier, Carrying, Channel, ChannelKind, DeliveryResult, Idle, KEY_HEADER, Message, MessageTemplate,
    ReceiverKind, Secrets, TIMEOUT, unanswered,
};
use crate::digest::Digest;
use crate::lang::visible::on_one_line;
use crate::policy::ChannelRule;
use crate::time::Stamp;

/// To people, at the address that the register knows.
pub(super) const CHANNEL: ChannelKind = ChannelKind { name: "mail", receiver: ReceiverKind::Mailbox, open };

fn open(rule: &ChannelRule, secrets: &Secrets, template: MessageTemplate) -> Result<Channel, Idle> {
    let url = secrets.get("WUBU_SMTP_URL").ok_or(Idle::NoSecret)?;
    Ok(Arc::new(Mail::new(url, &rule.address, template).ok_or(Idle::BadSecret)?))
}

/// Carries mail.
struct Mail {
    server: AsyncSmtpTransportBuilder,
    /// Made with the first mail: its pool of connections begins a task, which wants a runtime.
    transport: OnceLock<AsyncSmtpTransport<Tokio1Executor>>,
    from: Mailbox,
    template: MessageTemplate,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mail from {}", self.from)
    }
}

impl Mail {
    /// Makes the channel; none when the address of the server or of the sender cannot be used.
    fn new(url: &str, from: &str, template: MessageTemplate) -> Option<Self> {
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).ok()?.timeout(Some(TIMEOUT));
        // A name with a line's end cannot be written as a header at all.
        let name = on_one_line(&template.bureau).into_owned();
        let from = Mailbox::new(Some(name), from.parse().ok()?);
        Some(Self { server, transport: OnceLock::new(), from, template })
    }

    async fn send(&self, message: &Message, now: Stamp) -> DeliveryResult {
        let Ok(address) = message.address.parse::<Address>() else {
            return DeliveryResult::Refused("bad-address".to_owned());
        };
        let Some(sealed) = self.seal(message, address, now) else {
            return DeliveryResult::Refused("bad-message".to_owned());
        };
        let transport = self.transport.get_or_init(|| self.server.clone().build());
        // The transport bounds each packet; this bounds the whole dialogue.
        match tokio::time::timeout(TIMEOUT, transport.send(sealed)).await {
            Ok(Ok(_)) => DeliveryResult::Delivered,
            Ok(Err(error)) => fate(&error),
            Err(_) => DeliveryResult::Silent,
        }
    }

    /// Writes the message. Its `Message-ID` follows from key and receiver, so a repeat has the same.
    fn seal(&self, message: &Message, address: Address, now: Stamp) -> Option<Sealed> {
        let Message { key, address: to, items } = message;
        let digest = Digest::of_parts("wubu-mail", [key.as_bytes(), to.as_bytes()]).to_string();
        let id = format!("<{}@{}>", &digest[..32], self.from.email.domain());
        let key = HeaderValue::new(HeaderName::new_from_ascii_str(KEY_HEADER), header_key(key));
        Sealed::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(self.template.subject(items))
            .date(std::time::UNIX_EPOCH + std::time::Duration::from_micros(u64::try_from(now.micros()).ok()?))
            .message_id(Some(id))
            .raw_header(key)
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .header(ContentType::TEXT_PLAIN)
            .body(self.template.text(items))
            .ok()
    }
}

impl Carrier for Mail {
    fn carry(self: Arc<Self>, message: Message, now: Stamp) -> Carrying {
        Box::pin(async move { self.send(&message, now).await })
    }
}

/// Whether the server offers no encryption where the address asks for it: nothing was sent then. The transport
/// says so in words alone.
fn is_stripped(error: &smtp::Error) -> bool {
    error.is_client() && error.source().is_some_and(|why| why.to_string().starts_with("STARTTLS"))
}

/// What a server's answer means.
///
/// # Source
/// RFC 5321 §4.2.1: a 4xx answer may become good, a 5xx one will not.
fn fate(error: &smtp::Error) -> DeliveryResult {
    let Some(code) = error.status() else {
        if error.is_tls() || is_stripped(error) {
            return DeliveryResult::Unreachable("tls".to_owned());
        }
        let mut broken = std::iter::successors(error.source(), |error| (*error).source());
        let broken = broken.find_map(|error| error.downcast_ref::<std::io::Error>());
        return unanswered(broken.map_or(std::io::ErrorKind::Other, std::io::Error::kind));
    };
    let cause = format!("smtp-{code}");
    // 530 to 538 are about who we are, not about this message: a password is mended, not a mail.
    let is_ours = matches!(u16::from(code), 530..=538);
    match (error.is_permanent(), is_ours) {
        (_, true) => DeliveryResult::Unreachable(cause),
        (true, false) => DeliveryResult::Refused(cause),
        (false, false) => DeliveryResult::Later(cause, None),
    }
}
