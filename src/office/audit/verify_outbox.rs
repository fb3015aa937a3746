//! What became of messages: each that is done lies in the notices of those it was for.

use crate::digest::Digest;
use crate::office::Answer;
use crate::office::audit::findings::VerifyReport;
use crate::office::audit::told_rows::unlike;
use crate::office::outbox::notice_key;
use crate::store::FIRST_EPOCH;
use crate::store::ReadTx;
use crate::store::notices::{self, StoredMessage};
use crate::store::outbox::{OutboxEntry, OutboxKey, SettledMessage};

/// Notices read at a time.
const ROWS: usize = 2_000;

/// Stands for the key of a message: there may be several for each subject.
type ShortKey = u64;

fn short(key: &OutboxKey) -> ShortKey {
    let digest = Digest::of(key.to_string().as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest.bytes()[..8]);
    u64::from_be_bytes(first)
}

/// The messages that are done, as the outbox says.
#[derive(Default)]
pub(crate) struct OutboxLog {
    done: Vec<ShortKey>,
    /// The epoch that is now: no message is of a later one.
    epoch: i64,
}

impl OutboxLog {
    /// Begins for a database of that epoch.
    pub(crate) fn up_to(epoch: i64) -> Self {
        Self { epoch, ..Self::default() }
    }

    /// Takes in what became of a message, and whether that can be.
    pub(crate) fn settle(&mut self, settled: &SettledMessage, done: &mut VerifyReport) {
        let SettledMessage { entry: OutboxEntry { key, message, .. }, state, cause } = settled;
        let is_sound = match state.as_str() {
            "done" => {
                self.done.push(short(key));
                cause.is_none()
            }
            "waiting" => cause.is_none(),
            "dead" => *cause == Some(format!("nobody/{}", message.addressee)),
            _ => false,
        };
        if !is_sound || !(FIRST_EPOCH..=self.epoch).contains(&key.epoch) {
            unlike("outbox", key.to_string(), done);
        }
    }

    /// Compares what is done with what the notices hold: the inbox has all of it, other channels nothing else.
    pub(crate) async fn compare(mut self, reader: &mut ReadTx, done: &mut VerifyReport) -> Answer<()> {
        let (mut held, mut sent) = (Vec::new(), Vec::new());
        let mut all = notices::all(reader);
        loop {
            let rows = all.next_rows(ROWS).await?;
            if rows.is_empty() {
                break;
            }
            for (notice, state) in rows {
                if !is_sound(&notice, &state) {
                    let StoredMessage { channel, receiver, key, .. } = &notice;
                    unlike("notice", format!("{channel} {receiver} {key}"), done);
                }
                let keys = notice.holds.iter().map(short);
                if notice.channel == "inbox" { held.extend(keys) } else { sent.extend(keys) }
            }
        }
        for keys in [&mut self.done, &mut held, &mut sent] {
            keys.sort_unstable();
            keys.dedup();
        }
        let is_held = self.done == held && sent.iter().all(|key| held.binary_search(key).is_ok());
        if !is_held {
            done.find("V009", vec![("table", "notice".to_owned()), ("station", String::new())]);
        }
        Ok(())
    }
}

fn is_sound(notice: &StoredMessage, state: &str) -> bool {
    let StoredMessage { channel, key, holds, cause, .. } = notice;
    let is_placed = match (channel.as_str(), state) {
        (_, "gathering") => key.is_empty(),
        ("inbox", "done") | ("mail" | "webhook", "done" | "waiting") => *key == notice_key(holds),
        ("mail" | "webhook", "dead") => *key == notice_key(holds) && cause.is_some(),
        _ => false,
    };
    is_placed && !holds.is_empty()
}
