//! Gates: what a change must not do.

use serde::Serialize;

use super::Difference;

/// What must not be passed; none asks nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gates {
    /// The largest share of subjects that may have another tier: 0.02 is two of a hundred.
    pub tier_moves: Option<f64>,
    /// The most orders that an officer may be given in a week.
    pub load: Option<u32>,
    /// Whether no subject may be left that the rules say nothing of.
    pub no_undecided: bool,
}

/// A gate that is passed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "gate", rename_all = "kebab-case")]
pub enum Breach {
    /// More subjects have another tier.
    MaxTierMoves { moved: u64, subjects: u64 },
    /// Officers are given more in a week; the worst of those weeks.
    MaxLoad { weeks: u64, officer: String, week: String, orders: u32 },
    /// Subjects are left of which the rules say nothing.
    NoUndecided { undecided: u64 },
}

/// Lists the gates that a change passes. A week that is no busier than it is anyway is not the change's doing.
pub fn breaches(gates: Gates, difference: &Difference) -> Vec<Breach> {
    let mut passed = Vec::new();
    let (moved, subjects) = (difference.moved(), difference.subjects);
    if gates.tier_moves.is_some_and(|most| ratio(moved, subjects) > most) {
        passed.push(Breach::MaxTierMoves { moved, subjects });
    }
    if let Some(most) = gates.load {
        let over = difference.workload.iter().filter(|week| week.after > most && week.after > week.before);
        let weeks = over.clone().count() as u64;
        if let Some(worst) = over.max_by_key(|week| week.after) {
            let (officer, week) = (worst.officer.clone(), worst.week.to_string());
            passed.push(Breach::MaxLoad { weeks, officer, week, orders: worst.after });
        }
    }
    let undecided = difference.undecided.len() as u64;
    if gates.no_undecided && undecided > 0 {
        passed.push(Breach::NoUndecided { undecided });
    }
    passed
}

#[expect(clippy::cast_precision_loss, reason = "counts of subjects are far below 2^53")]
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
