//! The order of picking: total and stable, so that a cap takes the same subjects every time.

use super::DueCandidate;
use crate::policy::{Pick, PickKey, Policy};
use crate::time::Day;

/// Sorts candidates as the trigger's `pick` says; the subject's id and home always decide last.
///
/// # Source
/// Policy language §2, `pick`.
pub fn sort(candidates: &mut [DueCandidate], pick: &[Pick], policy: &Policy, today: Day) {
    // Numbers are worked out once, not at every comparison. Texts are compared where they are. What
    // moves in the end are the candidates, once.
    let numbers: Vec<f64> = candidates
        .iter()
        .flat_map(|candidate| pick.iter().map(|key| number(key.key, candidate, policy, today)))
        .collect();
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_unstable_by(|&one, &other| {
        let mut keys = pick.iter().enumerate().map(|(at, key)| {
            let by = match key.key {
                PickKey::SubjectId => candidates[one].subject.cmp(&candidates[other].subject),
                PickKey::Overdue | PickKey::Score | PickKey::Tier | PickKey::Due => {
                    numbers[one * pick.len() + at].total_cmp(&numbers[other * pick.len() + at])
                }
            };
            if key.descending { by.reverse() } else { by }
        });
        let last = |at: usize| (&candidates[at].subject, &candidates[at].home, at);
        keys.find(|by| by.is_ne()).unwrap_or_else(|| last(one).cmp(&last(other)))
    });
    arrange(candidates, order);
}

/// Puts `items[order[n]]` at place `n`, in place.
fn arrange<T>(items: &mut [T], mut order: Vec<usize>) {
    for at in 0..items.len() {
        // What stood at `from` may have been moved by an earlier swap: follow where it went.
        let mut from = order[at];
        while from < at {
            from = order[from];
        }
        order[at] = from;
        items.swap(at, from);
    }
}

/// The value that a key compares; texts are compared where they stand.
fn number(key: PickKey, candidate: &DueCandidate, policy: &Policy, today: Day) -> f64 {
    match key {
        PickKey::Overdue => days((today - candidate.due_on).num_days().max(0)),
        PickKey::Score => candidate.score.unwrap_or(0.0),
        PickKey::Tier => {
            let rank = policy.tier(&candidate.tier).map_or(usize::MAX, |(at, _)| at.ix());
            days(i64::try_from(rank).unwrap_or(i64::MAX))
        }
        PickKey::Due => days((candidate.due_on - Day::default()).num_days()),
        PickKey::SubjectId => 0.0,
    }
}

#[expect(clippy::cast_precision_loss, reason = "days and ranks are far below 2^53")]
fn days(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_put_where_the_order_says() {
        for order in [vec![], vec![0], vec![2, 0, 1], vec![3, 2, 1, 0], vec![1, 0, 4, 2, 3]] {
            let mut items: Vec<usize> = (0..order.len()).collect();
            arrange(&mut items, order.clone());
            assert_eq!(items, order);
        }
    }
}
