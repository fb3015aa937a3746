//! Numbers that follow from a seed.

use wubu::digest::Digest;

/// What a history is made with: the same seed makes the same one.
pub(crate) struct Chance {
    seed: u64,
    asked: u64,
}

/// What people write: as typed, composed and not, quoted, broken into lines.
const WORDS: [&str; 7] =
    ["请办", "e\u{301}tude", "가\u{301}", "“甲”\"乙\"", "第一行\n第二行", "<b>😀</b>", "\u{ff11}号"];

impl Chance {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed, asked: 0 }
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.asked += 1;
        let digest = Digest::of(format!("{} {}", self.seed, self.asked).as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&digest.bytes()[..8]);
        u64::from_be_bytes(first) % limit
    }

    /// A number of days below `limit`.
    pub(crate) fn days(&mut self, limit: u64) -> i64 {
        i64::try_from(self.below(limit)).expect("small")
    }

    /// True so often of a hundred times.
    pub(crate) fn percent(&mut self, often: u64) -> bool {
        self.below(100) < often
    }

    /// One of several.
    pub(crate) fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).expect("small")]
    }

    /// One of several, where there are any.
    pub(crate) fn any<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        (!all.is_empty()).then(|| self.of(all).clone())
    }

    /// Something that a person writes.
    pub(crate) fn words(&mut self) -> String {
        format!("{}{}", *self.of(&WORDS), self.below(9))
    }

    /// A name that nothing had before.
    pub(crate) fn new_name(&mut self, of: &str) -> String {
        self.asked += 1;
        format!("{of}-{}", self.asked)
    }
}
