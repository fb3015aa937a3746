//! A small seeded generator, so that a failing run can be repeated.

/// Splitmix64.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in `from..=to`.
    pub(super) fn roll(&mut self, from: i64, to: i64) -> i64 {
        let width = u64::try_from(to - from + 1).expect("an ordered pair");
        from + i64::try_from(self.next() % width).expect("less than the width")
    }

    /// True once in `of`.
    pub(super) fn one_in(&mut self, of: i64) -> bool {
        self.roll(1, of) == 1
    }
}
