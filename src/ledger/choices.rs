//! Who was chosen, as an entry keeps it: what many orders share is written once.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Json;
use crate::engine::StaffChoice;

/// The choices of people in one entry, each distinct one once.
///
/// The people one could choose among are the same for a whole station, and only their order by
/// load differs from order to order; so they are kept apart from who was taken, by id.
///
/// # Shape
/// `{"pools":[[["P01","P02"],[["P03","x-leave"]]]],"chosen":[["patrol",1,["P01"],false,0]]}`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    pools: Vec<Pool>,
    chosen: Vec<ChoiceTaker>,
    pool_at: BTreeMap<Pool, usize>,
    chosen_at: BTreeMap<ChoiceTaker, usize>,
}

/// Who could, and who could not and why; each by id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pool {
    candidates: Vec<String>,
    excluded: Vec<(String, String)>,
}

/// Who has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
        let StaffChoice { step, visit, officers, candidates, excluded, is_short } = chosen;
        let mut pool = Pool { candidates: candidates.clone(), excluded: excluded.clone() };
        pool.candidates.sort_unstable();
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
        Some(StaffChoice { step, visit, officers, candidates, excluded, is_short: *is_short })
    }

    /// Returns the choices at some places.
    pub fn at(&self, places: &[i64]) -> Vec<StaffChoice> {
        places.iter().filter_map(|at| self.get(*at)).collect()
    }

    /// Returns whether nobody was chosen for anything.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    pub(super) fn json(&self) -> Json<'_> {
        let pool = |pool: &Pool| -> Json<'static> {
            let excluded = pool.excluded.iter();
            let excluded =
                excluded.map(|(id, why)| Json::List(vec![Json::text(id.clone()), Json::text(why.clone())]));
            Json::List(vec![ids(&pool.candidates), Json::List(excluded.collect())])
        };
        let taken = |taken: &ChoiceTaker| {
            Json::List(vec![
                Json::text(taken.step.clone()),
                Json::Int(i64::from(taken.visit)),
                ids(&taken.officers),
                Json::Flag(taken.is_short),
                Json::Int(i64::try_from(taken.pool).unwrap_or(i64::MAX)),
            ])
        };
        Json::map([
            ("pools", Json::List(self.pools.iter().map(pool).collect())),
            ("chosen", Json::List(self.chosen.iter().map(taken).collect())),
        ])
    }

    pub(super) fn read(value: &Value) -> Option<Self> {
        let mut all = Self::default();
        for pool in value.get("pools")?.as_array()? {
            let excluded = pool[1]
                .as_array()?
                .iter()
                .map(|pair| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned())));
            let pool = Pool { candidates: read_ids(&pool[0])?, excluded: excluded.collect::<Option<_>>()? };
            place(&mut all.pools, &mut all.pool_at, pool);
        }
        for taken in value.get("chosen")?.as_array()? {
            let taken = ChoiceTaker {
                step: taken[0].as_str()?.to_owned(),
                visit: u32::try_from(taken[1].as_i64()?).ok()?,
                officers: read_ids(&taken[2])?,
                is_short: taken[3].as_bool()?,
                pool: usize::try_from(taken[4].as_i64()?).ok()?,
            };
            place(&mut all.chosen, &mut all.chosen_at, taken);
        }
        Some(all)
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

fn ids(ids: &[String]) -> Json<'static> {
    Json::List(ids.iter().map(|id| Json::text(id.clone())).collect())
}

fn read_ids(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|id| id.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(officers: [&str; 2], candidates: [&str; 3]) -> StaffChoice {
        StaffChoice {
            step: "patrol".into(),
            visit: 1,
            officers: officers.map(str::to_owned).to_vec(),
            candidates: candidates.map(str::to_owned).to_vec(),
            excluded: vec![("p9".into(), "x-leave".into())],
            is_short: false,
        }
    }

    #[test]
    fn people_who_differ_by_load_alone_are_written_once() {
        let mut all = Choices::default();
        let [one, two] = [chosen(["a", "b"], ["a", "b", "c"]), chosen(["a", "c"], ["a", "c", "b"])];
        assert_eq!([&one, &two, &one].map(|chosen| all.add(chosen)), [0, 1, 0]);
        assert_eq!(all.pools.len(), 1);
        assert_eq!(all.at(&[0]), [one]);
        let text = all.json().canonical();
        assert_eq!(Choices::read(&serde_json::from_str(&text).expect("JSON")), Some(all));
    }
}
