//! How an act ends without its answer.

use crate::diag::{Diagnostic, SourceMap};
use crate::engine::Refusal;
use crate::import::Problem;
use crate::people::PeopleRefusal;

/// Something broke; for operators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Id of its text, `F…`.
    pub id: &'static str,
    /// The words its text names.
    pub args: Vec<(&'static str, String)>,
}

impl Fault {
    /// Makes a fault without arguments.
    pub const fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

impl Fault {
    /// Returns whether it would meet every other act too: the database is busy, full or read-only.
    pub fn is_everyones(&self) -> bool {
        matches!(self.id, "fault-busy" | "fault-full" | "fault-read-only" | "fault-corrupt")
    }
}

impl From<crate::store::Fault> for Fault {
    fn from(fault: crate::store::Fault) -> Self {
        Self { id: fault.id(), args: fault.args() }
    }
}

impl From<crate::files::Fault> for Fault {
    fn from(fault: crate::files::Fault) -> Self {
        Self::new("F001").with("cause", fault.to_string())
    }
}

/// Why an act ended without its answer.
#[derive(Debug)]
pub enum Stop {
    /// The lawful no.
    Refused(Refusal),
    /// Something broke.
    Failed(Fault),
    /// A file as a whole cannot be taken.
    File(String, Vec<Problem>),
    /// The policy has problems.
    Problems(Box<SourceMap>, Vec<Diagnostic>),
}

impl From<PeopleRefusal> for Stop {
    fn from(refusal: PeopleRefusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl From<crate::store::Fault> for Stop {
    fn from(fault: crate::store::Fault) -> Self {
        Self::Failed(fault.into())
    }
}

impl From<crate::files::Fault> for Stop {
    fn from(fault: crate::files::Fault) -> Self {
        Self::Failed(fault.into())
    }
}

/// Writes the words of a text as a JSON object.
pub(crate) fn as_map<S: serde::Serializer>(
    args: &[(&'static str, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(args.iter().map(|(name, value)| (*name, value)))
}
