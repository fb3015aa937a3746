//! The outbox: who is meant by its messages, what goes into one notice, when it is tried again.
//!
//! ```text
//!  message ──address──▶ gathering notice ──seal──▶ carried ──▶ done | again | dead
//!           (directory)  one a receiver     key and contents fixed
//! ```
//!
//! Addressing and sealing are rows, so a tick does them: the inbox has its notices at once.
//! Carrying touches the network; only the daemon and `wubu outbox deliver` do it, never inside
//! a transaction. A notice is settled after it was carried: whatever falls between is carried again under the
//! same key.

mod address;
mod beside_orders;
mod deliver;
mod directory;
mod list;

pub use address::{AddressReport, address};
pub(crate) use beside_orders::{BureauNews, NO_ORDER, tell_beside_orders, tell_of_bureau};
pub use deliver::{Delivery, DeliveryReport, carry, deliver, is_anything_to_deliver, prepare};
pub use directory::{Directory, DirectoryOfficer, directory};
pub use list::{InboxFilter, InboxMessage, OutboxLine, count_on_the_way, inbox, list_outbox, retry_outbox};

use crate::digest::Digest;
use crate::store::outbox::OutboxKey;

/// Most messages in one notice: what one person still reads, and one webhook still takes.
const MESSAGES_PER_NOTICE: usize = 1_000;

/// Returns the key of a notice: that of its message, or one that follows from all of them.
pub(crate) fn notice_key(holds: &[OutboxKey]) -> String {
    if let [only] = holds {
        return only.to_string();
    }
    let keys: Vec<String> = holds.iter().map(OutboxKey::to_string).collect();
    let digest = Digest::of_parts("wubu-notice", keys.iter().map(String::as_bytes)).to_string();
    format!("many/{}", &digest[..32])
}
