//! What every act of the office stands on.

use super::ActiveRelease;
use crate::policy::Policy;
use crate::store::Store;
use crate::store::ledger::EntryAuthor;
use crate::time::{Day, Stamp, Tz};

/// Rows of a list read at a time.
pub(crate) const LIST_ROWS: usize = 500;

/// The database, the release in force and the moment of one act.
///
/// The moment is read once, at a door, and handed down.
#[derive(Clone, Copy, Debug)]
pub struct ActContext<'a> {
    /// The database.
    pub store: &'a Store,
    /// The release in force.
    pub live: &'a ActiveRelease,
    /// The moment of the act.
    pub now: Stamp,
    /// Its local day, in the bureau's zone.
    pub today: Day,
    /// Set when a person wrote the moment; none when it is the clock's.
    pub written: Option<WrittenMoment>,
}

/// A moment that a person wrote instead of the clock's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenMoment {
    /// What the clock said meanwhile.
    pub clock: Stamp,
    /// Whether it may lie ahead of the clock where a daemon runs by it.
    pub is_rehearsal: bool,
}

impl<'a> ActContext<'a> {
    /// Makes the context of an act at a moment.
    pub fn new(store: &'a Store, live: &'a ActiveRelease, now: Stamp) -> Self {
        Self { store, live, now, today: now.day_in(live.policy.bureau.zone), written: None }
    }

    /// Says whether the moment was written by a person.
    #[must_use]
    pub fn written(self, written: Option<WrittenMoment>) -> Self {
        Self { written, ..self }
    }

    /// Says of an entry of the ledger who did the act, and when.
    pub(crate) fn author<'b>(&self, actor: &'b str) -> EntryAuthor<'b> {
        EntryAuthor { actor, at: self.now }
    }

    /// The policy in force.
    pub fn policy(&self) -> &'a Policy {
        &self.live.policy
    }

    /// The bureau's zone.
    pub fn zone(&self) -> Tz {
        self.live.policy.bureau.zone
    }
}

/// Whether something is carried out, and in whose name, or only counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent<'a> {
    /// It is done by that person.
    Done(&'a str),
    /// It is only counted.
    Preview,
}
