//! The order of picking: total and stable, so that a cap takes the same subjects every time.

use std::cmp::{Ordering, Reverse};

use super::Candidate;
use crate::policy::{Pick, PickKey, Policy};
use crate::time::Day;

/// Sorts candidates as the trigger's `pick` says; the subject's home and id always decide last.
///
/// # Source
/// Policy language §2, `pick`.
pub fn sort(candidates: &mut [Candidate], pick: &[Pick], policy: &Policy, today: Day) {
    let rank = |tier: &str| policy.tier(tier).map_or(usize::MAX, |(at, _)| at.ix());
    // Scores are text in the table; reading each once keeps the comparison cheap.
    candidates.sort_by_cached_key(|candidate| Place {
        keys: pick.iter().map(|key| key_of(*key, candidate, today, rank(&candidate.tier))).collect(),
        last: (candidate.subject.clone(), candidate.home.clone()),
    });
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    keys: Vec<Key>,
    last: (String, String),
}

/// A value that compares in the direction the policy asked for.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Up(Number),
    Down(Reverse<Number>),
    TextUp(String),
    TextDown(Reverse<String>),
}

#[derive(Clone, Copy)]
struct Number(f64);

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

fn key_of(pick: Pick, candidate: &Candidate, today: Day, tier: usize) -> Key {
    let number = match pick.key {
        PickKey::Overdue => days((today - candidate.due_on).num_days().max(0)),
        PickKey::Score => candidate.score.parse().unwrap_or(0.0),
        PickKey::Tier => days(i64::try_from(tier).unwrap_or(i64::MAX)),
        PickKey::Due => days((candidate.due_on - Day::default()).num_days()),
        PickKey::SubjectId => {
            let id = candidate.subject.clone();
            return if pick.descending { Key::TextDown(Reverse(id)) } else { Key::TextUp(id) };
        }
    };
    let number = Number(number);
    if pick.descending { Key::Down(Reverse(number)) } else { Key::Up(number) }
}

#[expect(clippy::cast_precision_loss, reason = "days and ranks are far below 2^53")]
fn days(count: i64) -> f64 {
    count as f64
}
