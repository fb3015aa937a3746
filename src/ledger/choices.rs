//! Who was chosen, as an entry keeps it: what many orders share is written once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use crate::engine::{ChoicePart, OfficerIds, StaffChoice};

/// The choices of people in one entry, each distinct one once.
///
/// The people one could choose among are the same for a whole station, and only their order by
/// load differs from order to order; so they are kept apart from who was taken, by id.
///
/// # Shape
/// `{"pools":[[["P01","P02"],[["P03","x-leave"]]]],"chosen":[["patrol",1,["P01"],false,0]]}`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Choices {
    chosen: Vec<ChoiceTaker>,
    pools: Vec<Pool>,
    /// Where a pool stands while choices are added; what was read is not added to.
    #[serde(skip)]
    pool_at: BTreeMap<Pool, usize>,
    #[serde(skip)]
    chosen_at: BTreeMap<ChoiceTaker, usize>,
}

impl PartialEq for Choices {
    fn eq(&self, other: &Self) -> bool {
        self.chosen == other.chosen && self.pools == other.pools
    }
}

impl Eq for Choices {}

/// Who could, and who could not and why; each by id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize_tuple, Deserialize_tuple)]
struct Pool {
    candidates: OfficerIds,
    excluded: Vec<(String, String)>,
}

/// Who has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize_tuple, Deserialize_tuple)]
struct ChoiceTaker {
    step: String,
    visit: u32,
    officers: Vec<String>,
    is_short: bool,
    pool: usize,
}

impl Choices {
    /// Adds a choice, or finds it; returns its place.
    pub fn add(&mut self, chosen: &StaffChoice) -> i64 {
        // It is a duty nobody had before: what moves, or is confirmed, stands in an entry of its own.
        let StaffChoice { step, visit, officers, candidates, excluded, is_short, moves: _, part: _ } = chosen;
        let mut pool = Pool { candidates: candidates.sorted(), excluded: excluded.clone() };
        pool.excluded.sort_unstable();
        let pool = place(&mut self.pools, &mut self.pool_at, pool);
        let (step, visit, officers, is_short) = (step.clone(), *visit, officers.clone(), *is_short);
        let taken = ChoiceTaker { step, visit, officers, is_short, pool };
        let at = place(&mut self.chosen, &mut self.chosen_at, taken);
        i64::try_from(at).unwrap_or(i64::MAX)
    }

    /// Returns the choice at a place.
    pub fn get(&self, at: i64) -> Option<StaffChoice> {
        let ChoiceTaker { step, visit, officers, is_short, pool } =
            self.chosen.get(usize::try_from(at).ok()?)?;
        let Pool { candidates, excluded } = self.pools.get(*pool)?.clone();
        let (step, visit, officers) = (step.clone(), *visit, officers.clone());
        let (is_short, moves, part) = (*is_short, Vec::new(), ChoicePart::Duty);
        Some(StaffChoice { step, visit, officers, candidates, excluded, is_short, moves, part })
    }

    /// Returns the choices at some places.
    pub fn at(&self, places: &[i64]) -> Vec<StaffChoice> {
        places.iter().filter_map(|at| self.get(*at)).collect()
    }

    /// Returns whether nobody was chosen for anything.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }
}

/// Finds a value in a list without doubles, or adds it; returns its place.
fn place<T: Clone + Ord>(list: &mut Vec<T>, known: &mut BTreeMap<T, usize>, value: T) -> usize {
    if let Some(at) = known.get(&value) {
        return *at;
    }
    let at = list.len();
    known.insert(value.clone(), at);
    list.push(value);
    at
}

#[cfg(test)]
mod tests {
    use super::super::canonical::canonical;
    use super::*;

    fn chosen(officers: [&str; 2], candidates: [&str; 3]) -> StaffChoice {
        StaffChoice {
            step: "patrol".into(),
            visit: 1,
            officers: officers.map(str::to_owned).to_vec(),
            candidates: candidates.into_iter().collect(),
            excluded: vec![("p9".into(), "x-leave".into())],
            is_short: false,
            moves: Vec::new(),
            part: ChoicePart::Duty,
        }
    }

    #[test]
    fn people_who_differ_by_load_alone_are_written_once() {
        let mut all = Choices::default();
        let [one, two] = [chosen(["a", "b"], ["a", "b", "c"]), chosen(["a", "c"], ["a", "c", "b"])];
        assert_eq!([&one, &two, &one].map(|chosen| all.add(chosen)), [0, 1, 0]);
        assert_eq!(all.pools.len(), 1);
        assert_eq!(all.at(&[0]), [one]);
        let text = canonical(&all);
        assert_eq!(serde_json::from_str::<Choices>(&text).expect("JSON"), all);
    }
}
