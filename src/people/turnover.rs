//! Who has duties that may have to move: what changed of people since they were looked at last.

use std::collections::BTreeMap;

use super::day::away;
use super::roster::{Grid, Officer, Roster};
use crate::time::Day;

/// Lists those with duties who lost a post, or serve elsewhere, by what was written down just now.
pub fn changed(before: &Roster, after: &Roster, today: Day) -> Vec<String> {
    let is_changed = |officer: &&Officer| {
        let Some(now) = after.officers.get(&officer.id) else { return false };
        let has_lost = |role: &str| officer.holds(role, today) && !now.holds(role, today);
        now.station != officer.station || officer.posts.iter().any(|post| has_lost(&post.role))
    };
    with_duties(before).filter(is_changed).map(|officer| officer.id.clone()).collect()
}

/// Lists those with duties who were officers of grids and are no longer, each with those grids; whose place was
/// given to a name that nobody has goes on.
pub fn without_grid(before: &Roster, after: &Roster) -> BTreeMap<String, Vec<String>> {
    let mut lost: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let officers = |grid: &Grid| [grid.officer.clone(), grid.backup.clone()];
    let is_nobody = |id: &Option<String>| id.as_ref().is_some_and(|id| !after.officers.contains_key(id));
    for grid in before.grids.values() {
        let now = after.grids.get(&grid.id).map(officers).unwrap_or_default();
        let places = officers(grid).into_iter().zip(&now);
        let given = places.filter(|(id, successor)| !now.contains(id) && !is_nobody(successor));
        for id in given.filter_map(|(id, _)| id) {
            lost.entry(id).or_default().push(grid.id.clone());
        }
    }
    lost.retain(|id, _| with_duties(before).any(|officer| officer.id == *id));
    lost
}

/// Lists those with duties who held a post on a day, or ever where none is named, and hold it no longer.
pub fn ended(roster: &Roster, since: Option<Day>, today: Day) -> Vec<String> {
    let has_ended = |officer: &&Officer| {
        officer.posts.iter().any(|post| {
            let over = post.until.filter(|last| *last < today);
            over.is_some_and(|last| since.is_none_or(|since| since <= last))
                && !officer.holds(&post.role, today)
        })
    };
    with_duties(roster).filter(has_ended).map(|officer| officer.id.clone()).collect()
}

/// Lists those with duties who are on leave or gone.
pub fn absent(roster: &Roster, today: Day) -> Vec<String> {
    with_duties(roster).filter(|officer| away(officer, today).is_some()).map(|o| o.id.clone()).collect()
}

fn with_duties(roster: &Roster) -> impl Iterator<Item = &Officer> {
    roster.officers.values().filter(|officer| officer.load > 0)
}
