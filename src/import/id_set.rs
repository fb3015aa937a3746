//! Ids met so far in one file, each with its row, in some ten bytes an id.
//!
//! A file may have millions of rows, and its reader knows nothing but this of those that are gone. A table
//! that doubles holds old and new at once, and half of it empty; here each of many small lists grows a
//! little at a time.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// Lists of ids; a few entries to each in most files.
const LISTS: usize = 1 << LIST_BITS;
const LIST_BITS: u32 = 16;
/// Bytes of an entry that are the rest of its hash.
const HASH: usize = 6;
/// Bytes of an entry that are its row.
const ROW: usize = 4;
/// Entries by which a list grows, at least, and the share of its own by which it does.
const GROWS_BY: usize = 4;
const GROWS_SHARE: usize = 8;

/// Ids by a hash of 64 bits: the list takes 16 of them, and the entry has the rest.
///
/// INVARIANT: two ids are taken for one only if their hashes agree; among the most rows a file
/// may have that happens once in some hundred thousand files, and then rejects a row by name.
pub(super) struct IdSet(Vec<Vec<[u8; HASH + ROW]>>);

impl Default for IdSet {
    fn default() -> Self {
        Self(vec![Vec::new(); LISTS])
    }
}

impl IdSet {
    /// Returns the row in which the id was met before, or remembers this one.
    pub(super) fn meet(&mut self, key: [&str; 2], row: u64) -> Option<u32> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let [first, second, rest @ ..] = hasher.finish().to_be_bytes();
        let list = &mut self.0[usize::from(u16::from_be_bytes([first, second]))];
        for entry in list.iter() {
            let [own @ .., a, b, c, d] = entry;
            if *own == rest {
                return Some(u32::from_be_bytes([*a, *b, *c, *d]));
            }
        }
        if list.len() == list.capacity() {
            list.reserve_exact((list.len() / GROWS_SHARE).max(GROWS_BY));
        }
        let mut entry = [0; HASH + ROW];
        entry[..HASH].copy_from_slice(&rest);
        entry[HASH..].copy_from_slice(&u32::try_from(row).unwrap_or(u32::MAX).to_be_bytes());
        list.push(entry);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_met_where_it_stood_first() {
        let mut seen = IdSet::default();
        let ids: Vec<String> = (0..200_000).map(|n| format!("X-{n}")).collect();
        for (row, id) in (2..).zip(&ids) {
            assert_eq!(seen.meet(["", id], row), None, "{id}");
        }
        for (row, id) in (2..).zip(&ids) {
            assert_eq!(seen.meet(["", id], 7), Some(row), "{id}");
            assert_eq!(seen.meet([id, ""], u64::MAX), None, "the parts of {id} the other way round");
        }
        assert_eq!(seen.meet([&ids[0], ""], 9), Some(u32::MAX), "a row beyond what is kept");
    }

    #[test]
    fn lists_hold_little_more_than_their_entries() {
        let mut seen = IdSet::default();
        for n in 0..1_000_000 {
            seen.meet(["", &n.to_string()], n);
        }
        let room: usize = seen.0.iter().map(Vec::capacity).sum();
        assert!(room < 1_300_000, "{room}");
    }
}
