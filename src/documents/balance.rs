//! The books: what was issued is somewhere, and a month closes when that is shown.

use crate::time::Day;

use serde::Serialize;

use super::{Control, DocumentRefusal, ShortList};

/// How many blanks of a kind are where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
pub struct BlankCounts {
    /// Issued to the station, by the list of issues.
    pub issued: i64,
    pub in_stock: i64,
    /// With officers.
    pub signed_out: i64,
    /// Written on.
    pub in_use: i64,
    /// In the archive.
    pub filed: i64,
    /// Cancelled.
    pub voided: i64,
    /// Gone.
    pub lost: i64,
}

impl BlankCounts {
    /// Returns the sum of all states.
    pub const fn found(&self) -> i64 {
        let Self { issued: _, in_stock, signed_out, in_use, filed, voided, lost } = self;
        *in_stock + *signed_out + *in_use + *filed + *voided + *lost
    }

    /// Returns whether the sum is what was issued.
    pub const fn is_even(&self) -> bool {
        self.issued == self.found()
    }
}

/// One kind's books at one station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceLine {
    /// Kind of document.
    pub kind: String,
    /// Where its blanks are.
    pub counts: BlankCounts,
    /// Voids without their original.
    pub originals_missing: Vec<Control>,
}

/// A station's books.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Balance {
    /// By kind.
    pub lines: Vec<BalanceLine>,
    /// Over all kinds.
    pub total: BlankCounts,
    /// Whether every kind's sum is what was issued.
    pub is_even: bool,
}

/// Adds the books up.
pub fn reconcile(lines: Vec<BalanceLine>) -> Balance {
    let mut total = BlankCounts::default();
    for BalanceLine { counts, .. } in &lines {
        let BlankCounts { issued, in_stock, signed_out, in_use, filed, voided, lost } = counts;
        total.issued += issued;
        total.in_stock += in_stock;
        total.signed_out += signed_out;
        total.in_use += in_use;
        total.filed += filed;
        total.voided += voided;
        total.lost += lost;
    }
    let is_even = lines.iter().all(|line| line.counts.is_even());
    Balance { lines, total, is_even }
}

/// Closes a month, or says why it cannot be closed.
///
/// `today` is the day of the act, `ends` the last day of the month.
///
/// # Refusals
/// R084 before it is over, R082 when a void lacks its original, R083 when a sum is off.
///
/// # Source
/// Scenario A22.
pub fn close(balance: &Balance, month: &str, ends: Day, today: Day) -> Result<(), DocumentRefusal> {
    if today <= ends {
        let from = ends.succ_opt().unwrap_or(ends);
        return Err(DocumentRefusal::MonthNotOver { month: month.to_owned(), from });
    }
    let missing = balance.lines.iter().flat_map(|line| &line.originals_missing);
    let blanks: Vec<String> = missing.map(ToString::to_string).collect();
    if !blanks.is_empty() {
        let (month, blanks) = (month.to_owned(), ShortList(blanks));
        return Err(DocumentRefusal::OriginalMissing { month, blanks });
    }
    match balance.lines.iter().find(|line| !line.counts.is_even()) {
        Some(line) => Err(DocumentRefusal::OutOfBalance {
            month: month.to_owned(),
            kind: line.kind.clone(),
            issued: line.counts.issued,
            found: line.counts.found(),
        }),
        None => Ok(()),
    }
}
