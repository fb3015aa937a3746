//! Webhooks: an HTTP POST of JSON, signed, never redirected.
//!
//! # Source
//! The scheme of <https://www.standardwebhooks.com>: what is signed is `id.timestamp.body`, so
//! neither the key nor the moment can be changed, and receivers find libraries for it.

use std::fmt;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use ureq::http::HeaderMap;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::{
    Carrier, Carrying, Channel, ChannelKind, DeliveryResult, Idle, Message, MessageTemplate, ReceiverKind,
    Secrets, TIMEOUT, unanswered,
};
use crate::policy::ChannelRule;
use crate::time::Stamp;

/// Header with the key a receiver tells repeats by.
pub const KEY_HEADER: &str = "Idempotency-Key";
/// Header with the same key, as the scheme names it.
pub const ID_HEADER: &str = "webhook-id";
/// Header with the moment of the attempt, in seconds since 1970.
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// Header with `v1,` and the signature.
pub const SIGNATURE_HEADER: &str = "webhook-signature";

/// How far the timestamp may lie from the receiver's clock; what is older was recorded and is replayed.
pub const TOLERANCE: Duration = Duration::from_mins(5);

/// What a secret in the scheme's own spelling begins with.
const PREFIX: &str = "whsec_";

/// To programs, each with a rule of its own.
pub(super) const CHANNEL: ChannelKind =
    ChannelKind { name: "webhook", receiver: ReceiverKind::Program, open };

fn open(rule: &ChannelRule, secrets: &Secrets, template: MessageTemplate) -> Result<Channel, Idle> {
    let secret = secret_of(secrets, &rule.id).ok_or(Idle::NoSecret)?;
    Ok(Arc::new(Webhook::new(&rule.address, secret, template).ok_or(Idle::BadSecret)?))
}

/// Returns a webhook's secret. A variable's name takes letters, digits and `_` only, and is
/// written in capitals by habit, so `data-hub` is also found as `DATA_HUB`.
fn secret_of<'s>(secrets: &'s Secrets, id: &str) -> Option<&'s str> {
    let plain = id.replace(|c: char| !c.is_alphanumeric(), "_");
    let names = [id.to_owned(), plain.clone(), plain.to_uppercase()];
    let own = names.iter().find_map(|name| secrets.get(&format!("WUBU_WEBHOOK_SECRET_{name}")));
    own.or_else(|| secrets.get("WUBU_WEBHOOK_SECRET"))
}

/// Carries messages to one program.
struct Webhook {
    url: String,
    secret: Vec<u8>,
    agent: ureq::Agent,
    template: MessageTemplate,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Webhook to {}", self.url)
    }
}

impl Webhook {
    /// Makes the channel; none when the secret cannot be used.
    fn new(url: &str, secret: &str, template: MessageTemplate) -> Option<Self> {
        let secret = secret_bytes(secret)?;
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(roots()))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = ureq::Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("wubu/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Some(Self { url: url.to_owned(), secret, agent, template })
    }

    fn post(&self, message: &Message, now: Stamp) -> DeliveryResult {
        let key = header_key(&message.key);
        let timestamp = now.micros().div_euclid(1_000_000);
        let body = serde_json::to_string(&self.template.json(message)).expect("texts can be written");
        let signature = signature(&self.secret, &key, timestamp, &body);
        let sent = self
            .agent
            .post(&self.url)
            .header("Content-Type", "application/json; charset=utf-8")
            .header(KEY_HEADER, &key)
            .header(ID_HEADER, &key)
            .header(TIMESTAMP_HEADER, timestamp.to_string())
            .header(SIGNATURE_HEADER, signature)
            .send(body);
        match sent {
            Ok(response) => fate(response.status().as_u16(), response.headers(), now),
            Err(ureq::Error::Timeout(_)) => DeliveryResult::Silent,
            Err(ureq::Error::Io(error)) => unanswered(error.kind()),
            Err(ureq::Error::HostNotFound) => DeliveryResult::Unreachable("no-host".to_owned()),
            Err(ureq::Error::ConnectionFailed) => DeliveryResult::Unreachable("unreachable".to_owned()),
            Err(ureq::Error::Tls(_) | ureq::Error::Rustls(_)) => {
                DeliveryResult::Unreachable("tls".to_owned())
            }
            Err(ureq::Error::BadUri(_) | ureq::Error::Http(_)) => {
                DeliveryResult::Refused("bad-url".to_owned())
            }
            Err(_) => DeliveryResult::Later("protocol".to_owned(), None),
        }
    }
}

impl Carrier for Webhook {
    /// The client waits, so it is given a thread to wait on.
    fn carry(self: Arc<Self>, message: Message, now: Stamp) -> Carrying {
        Box::pin(async move {
            let waited = tokio::task::spawn_blocking(move || self.post(&message, now)).await;
            waited.unwrap_or_else(|_| DeliveryResult::Later("internal".to_owned(), None))
        })
    }
}

/// Returns the signature header over a key, a moment and a body.
pub fn signature(secret: &[u8], key: &str, timestamp: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("an HMAC takes a key of any length");
    mac.update(format!("{key}.{timestamp}.").as_bytes());
    mac.update(body.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Writes a key so that it can stand in a header and before a dot: station ids may be Chinese.
pub fn header_key(key: &str) -> String {
    let mut written = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"/_-".contains(&byte) {
            written.push(char::from(byte));
        } else {
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}

/// Reads a secret: `whsec_` and base64, or the bytes of any other text.
fn secret_bytes(secret: &str) -> Option<Vec<u8>> {
    match secret.strip_prefix(PREFIX) {
        Some(encoded) => STANDARD.decode(encoded).ok().filter(|bytes| !bytes.is_empty()),
        None => Some(secret.as_bytes().to_vec()),
    }
}

/// What an answer means: a receiver that says "wrong" will not change its mind, one that is busy may.
fn fate(status: u16, headers: &HeaderMap, now: Stamp) -> DeliveryResult {
    let cause = format!("http-{status}");
    match status {
        200..=299 => DeliveryResult::Delivered,
        408 | 429 => DeliveryResult::Later(cause, patience(headers, now)),
        400..=499 => DeliveryResult::Refused(cause),
        _ => DeliveryResult::Later(cause, patience(headers, now)),
    }
}

/// Reads `Retry-After`: seconds, or a moment.
///
/// # Source
/// RFC 9110 §10.2.3.
fn patience(headers: &HeaderMap, now: Stamp) -> Option<Duration> {
    let said = headers.get("Retry-After")?.to_str().ok()?.trim();
    if let Ok(seconds) = said.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(said).ok()?.timestamp_micros();
    Some(Duration::from_micros(u64::try_from(until - now.micros()).unwrap_or(0)))
}

/// The certificates this machine trusts, read once: a bureau's own authority is among them.
fn roots() -> Arc<Vec<Certificate<'static>>> {
    static ROOTS: OnceLock<Arc<Vec<Certificate<'static>>>> = OnceLock::new();
    let load = || {
        let found = rustls_native_certs::load_native_certs().certs;
        Arc::new(found.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned()).collect())
    };
    Arc::clone(ROOTS.get_or_init(load))
}
