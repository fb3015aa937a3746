//! Chance from a seed: the same on every machine, good enough for made-up rows and nothing else.

use crate::time::Day;

/// A stream of numbers.
///
/// # Source
/// `SplitMix64`, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
pub(super) struct Chance(u64);

impl Chance {
    /// Begins a stream; each name has its own, so that more draws in one leave the others alone.
    pub(super) fn new(seed: u64, name: &str) -> Self {
        let mixed = name.bytes().fold(seed, |state, byte| Self(state ^ u64::from(byte)).next());
        Self(mixed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 to `bound` − 1; 0 when there is no room.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next()) * (bound as u128);
        usize::try_from(wide >> 64).unwrap_or_default()
    }

    /// Returns a number of the range, both ends included.
    pub(super) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// Returns true as many times in a thousand.
    pub(super) fn per_mille(&mut self, times: usize) -> bool {
        self.below(1_000) < times
    }

    /// Returns one of a list.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// Returns a day from `first` to `last`, both included; `first` when they are the wrong way round.
    pub(super) fn day(&mut self, first: Day, last: Day) -> Day {
        let days = usize::try_from((last - first).num_days()).unwrap_or_default();
        plus(first, i64::try_from(self.between(0, days)).unwrap_or_default())
    }
}

/// Returns the day so many days later.
pub(super) fn plus(day: Day, days: i64) -> Day {
    chrono::TimeDelta::try_days(days).and_then(|delta| day.checked_add_signed(delta)).unwrap_or(day)
}
