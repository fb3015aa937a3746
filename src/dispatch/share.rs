//! How several daemons share the work: each does a stretch of the homes in which something is to be done.
//!
//! A share saves doing things twice and is no promise: two that disagree about who is there do some work both, and
//! what they open and store has one key.

use std::ops::Range;

/// Which part of what is to be done one of several daemons does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkShare {
    /// The place among those who are there, from 0.
    rank: usize,
    /// How many are there.
    of: usize,
}

impl Default for WorkShare {
    /// Everything, for whoever is alone.
    fn default() -> Self {
        Self { rank: 0, of: 1 }
    }
}

impl WorkShare {
    /// Returns the share of one of those who are there, in an order that all of them see alike; everything where it is
    /// not among them.
    pub fn of<T: PartialEq>(one: &T, present: &[T]) -> Self {
        let rank = present.iter().position(|known| known == one);
        rank.map_or_else(Self::default, |rank| Self { rank, of: present.len() })
    }

    /// Returns whether it is all there is.
    pub const fn is_whole(self) -> bool {
        self.of == 1
    }

    /// Returns whether it belongs to the first, who does what cannot be shared.
    pub const fn is_first(self) -> bool {
        self.rank == 0
    }

    /// Returns its stretch of so many items in a row. All stretches together are all items, and no two meet; with fewer
    /// items than daemons some have none.
    pub const fn stretch(self, count: usize) -> Range<usize> {
        count * self.rank / self.of..count * (self.rank + 1) / self.of
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_everything_and_do_not_meet() {
        for of in 1..6 {
            for count in 0..20 {
                let stretches = (0..of).map(|rank| WorkShare { rank, of }.stretch(count));
                let all: Vec<usize> = stretches.flatten().collect();
                assert_eq!(all, (0..count).collect::<Vec<_>>(), "{count} of {of}");
            }
        }
    }

    #[test]
    fn whoever_is_not_seen_does_everything() {
        assert_eq!(WorkShare::of(&"b", &["a", "b", "c"]), WorkShare { rank: 1, of: 3 });
        assert!(WorkShare::of(&"d", &["a", "b"]).is_whole());
        assert!(WorkShare::of(&"a", &["a"]).is_whole() && WorkShare::default().is_first());
    }
}
