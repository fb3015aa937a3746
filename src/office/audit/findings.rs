//! What verifying finds.

use serde::Serialize;

use crate::ledger::Entry;

/// What was compared, and what does not hold.
#[derive(Clone, Debug, Default, Serialize)]
pub struct VerifyReport {
    /// Entries of the ledger.
    pub events: u64,
    pub orders: u64,
    pub subjects: u64,
    /// `ok`, or `broken` when a chain does not hold.
    pub chain: &'static str,
    /// What does not hold.
    pub problems: Vec<Finding>,
}

/// One thing that does not hold.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Id of its text, `V…`.
    pub code: &'static str,
    /// The words its text names.
    #[serde(serialize_with = "crate::office::fault::as_map")]
    pub args: Vec<(&'static str, String)>,
}

/// Most findings listed; a database with more is beyond one reader's patience.
const FINDINGS_MAX: usize = 1_000;

impl VerifyReport {
    /// Notes that a chain lacks the entry that should stand at a place.
    pub(crate) fn cut(&mut self, chain: &str, seq: i64) {
        self.chain = "broken";
        self.find("V001", vec![("chain", chain.to_owned()), ("seq", seq.to_string())]);
    }

    /// Notes that an entry cannot be read.
    pub(crate) fn unreadable(&mut self, entry: &Entry) {
        self.find("V001", vec![("chain", entry.chain.clone()), ("seq", entry.seq.to_string())]);
    }

    pub(crate) fn find(&mut self, code: &'static str, args: Vec<(&'static str, String)>) {
        if self.problems.len() < FINDINGS_MAX {
            self.problems.push(Finding { code, args });
        }
    }
}
