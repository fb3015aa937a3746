//! Errands on their way out: who is meant, what goes into one message, when it is tried again.
//!
//! ```text
//!  errand ──address──▶ gathering message ──seal──▶ carried ──▶ done | again | dead
//!          (directory)  one a receiver     key and contents fixed
//! ```
//!
//! Addressing and sealing are rows, so a tick does them: the inbox has its messages at once.
//! Carrying touches the network; only the daemon and `wubu errand deliver` do it, never inside
//! a transaction. A message is settled after it was carried: whatever falls between is carried again under the
//! same key.

mod address;
mod deliver;
mod directory;
mod list;

pub use address::{Addressed, address};
pub use deliver::{Delivered, Delivery, carry, deliver, is_anything_to_deliver, prepare};
pub use directory::{Directory, GridPeople, Officer, directory};
pub use list::{ErrandLine, InboxMessage, errands, inbox, retry_errands};

use crate::digest::Digest;
use crate::store::errands::Key;

/// Most errands in one message: what one person still reads, and one webhook still takes.
const ERRANDS_PER_MESSAGE: usize = 1_000;

/// Returns the key of a message: that of its errand, or one that follows from all of them.
fn message_key(holds: &[Key]) -> String {
    if let [only] = holds {
        return only.to_string();
    }
    let keys: Vec<String> = holds.iter().map(Key::to_string).collect();
    let digest = Digest::of_parts("wubu-notice", keys.iter().map(String::as_bytes)).to_string();
    format!("many/{}", &digest[..32])
}
