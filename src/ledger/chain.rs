//! Entries, their hashes, and the check of a whole chain.

use serde::Serialize;

use crate::digest::Digest;
use crate::time::Stamp;

use super::canonical::canonical;
use super::{Body, BodyText, Entry, PriorHash};

/// Keeps these hashes apart from all others.
const DOMAIN: &str = "wubu-ledger-v1";

/// The newest place of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// Place of the newest entry; 0 while there is none.
    pub seq: i64,
    /// Its hash; zeros while there is none.
    pub hash: Digest,
}

impl ChainHead {
    /// The head of a chain without entries.
    pub const START: Self = Self { seq: 0, hash: Digest::from_bytes([0; 32]) };
}

/// A chain that grows.
#[derive(Clone, Debug)]
pub struct Chain {
    name: String,
    head: ChainHead,
}

impl Chain {
    /// Goes on with a chain at its head.
    pub fn new(name: impl Into<String>, head: ChainHead) -> Self {
        Self { name: name.into(), head }
    }

    /// Returns the newest place.
    pub fn head(&self) -> ChainHead {
        self.head
    }

    /// Makes the next entry, which becomes the head.
    pub fn next(&mut self, actor: &str, body: &Body, at: Stamp) -> Entry {
        let BodyText { kind, text } = body.text();
        let mut entry = Entry {
            chain: self.name.clone(),
            seq: self.head.seq + 1,
            at,
            actor: actor.to_owned(),
            kind,
            body: text,
            prev: PriorHash::default(),
            hash: self.head.hash,
        };
        entry.hash = entry.hash_after(self.head.hash);
        self.head = ChainHead { seq: entry.seq, hash: entry.hash };
        entry
    }
}

/// What the hash of an entry covers beside its body and its predecessor.
#[derive(Serialize)]
struct EntryFrame<'a> {
    actor: &'a str,
    at: Stamp,
    chain: &'a str,
    kind: &'a str,
    seq: i64,
}

impl Entry {
    /// Computes the hash its content gives after an entry of this hash.
    ///
    /// The body is taken as it is stored: a body with one blank more is another body.
    fn hash_after(&self, prior: Digest) -> Digest {
        let Self { chain, seq, at, actor, kind, .. } = self;
        let frame = canonical(&EntryFrame { actor, at: *at, chain, kind, seq: *seq });
        Digest::of_parts(DOMAIN, [prior.bytes().as_slice(), frame.as_bytes(), self.body.as_bytes()])
    }
}

/// Where a chain stops being true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainBreak {
    pub chain: String,
    /// The place at which it was noticed.
    pub seq: i64,
    /// What is wrong there.
    pub flaw: ChainFlaw,
}

/// What is wrong with a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainFlaw {
    /// The content does not give the hash that stands beside it, after the entry before.
    Changed,
    /// The entry before is not the one that it says it was made after.
    Unlinked,
    /// Entries are missing before this one.
    Removed,
    /// An entry stands a second time, or out of order.
    OutOfPlace,
    /// It belongs to another chain.
    Foreign,
}

/// Checks a chain from its beginning and returns its head.
///
/// # Errors
/// The first place at which it is [`ChainBreak`].
pub fn verify<'a>(
    chain: &str,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> Result<ChainHead, ChainBreak> {
    verify_from(chain, ChainHead::START, entries)
}

/// Checks the part of a chain that follows `head`, so that a long chain can be read in pieces.
///
/// # Errors
/// The first place at which it is [`ChainBreak`].
pub fn verify_from<'a>(
    chain: &str,
    mut head: ChainHead,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> Result<ChainHead, ChainBreak> {
    for entry in entries {
        if let Some(flaw) = flaw(chain, head, entry) {
            return Err(ChainBreak { chain: chain.to_owned(), seq: entry.seq, flaw });
        }
        head = ChainHead { seq: entry.seq, hash: entry.hash };
    }
    Ok(head)
}

fn flaw(chain: &str, head: ChainHead, entry: &Entry) -> Option<ChainFlaw> {
    if entry.chain != chain {
        Some(ChainFlaw::Foreign)
    } else if entry.seq > head.seq + 1 {
        Some(ChainFlaw::Removed)
    } else if entry.seq < head.seq + 1 {
        Some(ChainFlaw::OutOfPlace)
    } else {
        let prior = entry.prev.0.unwrap_or(head.hash);
        if entry.hash_after(prior) != entry.hash {
            Some(ChainFlaw::Changed)
        } else if prior != head.hash {
            Some(ChainFlaw::Unlinked)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::id::TriggerId;

    const ENTRIES: usize = 1_000;

    fn chain() -> Vec<Entry> {
        let mut chain = Chain::new("dongguan", ChainHead::START);
        (0..ENTRIES)
            .map(|at| {
                let body = Body::Occurrence {
                    trigger: TriggerId { workflow: "five-step", trigger: "cycle" }.to_owned(),
                    nominal: format!("2026-03-{at}"),
                    outcome: "fired".to_owned(),
                    reason: None,
                    opened: 7,
                };
                chain.next("daemon", &body, Stamp::from_micros(i64::try_from(at).expect("small")))
            })
            .collect()
    }

    fn change(entry: &mut Entry, field: u8, byte: usize) {
        let alter = |text: &mut String| {
            let at = byte % text.len();
            let old = text.as_bytes()[at];
            text.replace_range(at..=at, if old == b'x' { "y" } else { "x" });
        };
        match field % 7 {
            0 => alter(&mut entry.actor),
            1 => alter(&mut entry.kind),
            2 => alter(&mut entry.body),
            3 => entry.at = Stamp::from_micros(entry.at.micros() ^ 1),
            4 => {
                entry.prev =
                    PriorHash(Some(entry.prev.0.map_or(entry.hash, |prior| Digest::of(prior.bytes()))));
            }
            5 => entry.hash = Digest::of(entry.hash.bytes()),
            _ => entry.chain.push('x'),
        }
    }

    #[test]
    fn an_untouched_chain_holds() {
        let entries = chain();
        let head = verify("dongguan", &entries).expect("it holds");
        assert_eq!((head.seq, Some(head.hash)), (1_000, entries.last().map(|entry| entry.hash)));
    }

    /// The same entries as the first format keeps them.
    fn saying_their_prior(mut entries: Vec<Entry>) -> Vec<Entry> {
        let mut prior = ChainHead::START.hash;
        for entry in &mut entries {
            entry.prev = PriorHash(Some(std::mem::replace(&mut prior, entry.hash)));
        }
        entries
    }

    /// Whoever writes an entry anew with the hash that fits it is found at the entry after.
    #[test]
    fn an_entry_made_anew_does_not_fit_the_next() {
        for (mut entries, flaw) in
            [(chain(), ChainFlaw::Changed), (saying_their_prior(chain()), ChainFlaw::Unlinked)]
        {
            entries[500].actor.push('x');
            entries[500].hash = entries[500].hash_after(entries[499].hash);
            let broken = verify("dongguan", &entries).expect_err("an entry made anew");
            assert_eq!((broken.seq, broken.flaw), (502, flaw));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_single_change_is_found_where_it_is(at in 0..ENTRIES, field: u8, byte: usize, is_first: bool) {
            let mut entries = if is_first { saying_their_prior(chain()) } else { chain() };
            change(&mut entries[at], field, byte);
            let broken = verify("dongguan", &entries).expect_err("a changed entry");
            prop_assert_eq!(broken.seq, i64::try_from(at).expect("small") + 1);
        }

        // The newest entries can only be missed against a copy kept elsewhere.
        #[test]
        fn any_removal_before_the_newest_is_found(at in 0..ENTRIES - 1) {
            let mut entries = chain();
            entries.remove(at);
            let broken = verify("dongguan", &entries).expect_err("a removed entry");
            prop_assert_eq!((broken.seq, broken.flaw), (i64::try_from(at).expect("small") + 2, ChainFlaw::Removed));
        }

        #[test]
        fn any_swap_is_found(one in 0..ENTRIES, other in 0..ENTRIES) {
            prop_assume!(one != other);
            let mut entries = chain();
            entries.swap(one, other);
            let broken = verify("dongguan", &entries).expect_err("a swapped entry");
            let first = i64::try_from(one.min(other)).expect("small") + 1;
            prop_assert!(broken.seq >= first);
            // Swapping contents and leaving the numbers is found as well.
            let (a, b) = (entries[one].seq, entries[other].seq);
            (entries[one].seq, entries[other].seq) = (b, a);
            prop_assert_eq!(verify("dongguan", &entries).expect_err("renumbered").seq, first);
        }
    }
}
