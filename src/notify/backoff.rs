//! How long to wait before a message is tried again.

use std::time::Duration;

use crate::digest::Digest;
use crate::limits::{OUTBOX_ATTEMPTS, OUTBOX_BACKOFF_SECONDS};

/// Returns how long to wait after the `attempts`-th attempt; none when that was the last.
///
/// One second after the first, then twice as long each time, an hour at most; less up to a quarter
/// of it, so that what failed together does not come back together. What is taken off follows from the
/// key and the count: no chance is asked, and a restart changes nothing. A receiver that asks for
/// patience gets it, up to the hour.
pub fn wait(key: &str, attempts: i64, asked: Option<Duration>) -> Option<Duration> {
    if attempts >= i64::try_from(OUTBOX_ATTEMPTS).unwrap_or(i64::MAX) {
        return None;
    }
    let doublings = u32::try_from(attempts.max(1) - 1).unwrap_or(u32::MAX);
    let whole = 1_u64.checked_shl(doublings).filter(|seconds| *seconds < OUTBOX_BACKOFF_SECONDS);
    let whole = Duration::from_secs(whole.unwrap_or(OUTBOX_BACKOFF_SECONDS));
    let digest = Digest::of_parts("wubu-backoff", [key.as_bytes(), &attempts.to_be_bytes()]);
    let part = u32::from(digest.bytes()[0]);
    let own = whole.saturating_sub(whole * part / 1_024);
    let most = Duration::from_secs(OUTBOX_BACKOFF_SECONDS);
    Some(asked.map_or(own, |asked| own.max(asked.min(most))))
}
