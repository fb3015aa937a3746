//! Who has duties that may have to move: what changed of people since they were looked at last.

use std::collections::BTreeMap;

use super::day::away;
use super::roster::{Grid, Officer, Roster};
use crate::policy::Policy;
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

/// Lists who is there and holds a post, or serves at a station, by what was written down just now.
pub fn came(before: &Roster, after: &Roster, today: Day) -> Vec<String> {
    let is_new = |officer: &&Officer| {
        let known = before.officers.get(&officer.id).filter(|known| known.station == officer.station);
        let had = |role: &str| known.is_some_and(|known| known.holds(role, today));
        officer.posts.iter().any(|post| post.covers(today) && !had(&post.role))
    };
    present(after, today).filter(is_new).map(|officer| officer.id.clone()).collect()
}

/// Lists who is there and holds a post that began since a day, or ever where none is named.
pub fn began(roster: &Roster, since: Option<Day>, today: Day) -> Vec<String> {
    let begins = |officer: &&Officer| {
        let first_days = officer.posts.iter().filter(|post| post.covers(today)).filter_map(|post| post.from);
        first_days.into_iter().any(|first| since.is_none_or(|since| since < first))
    };
    present(roster, today).filter(begins).map(|officer| officer.id.clone()).collect()
}

/// Returns whether somebody is back whose leave ended since a day.
pub fn back(roster: &Roster, since: Day, today: Day) -> bool {
    let is_back =
        |officer: &Officer| officer.leaves.iter().any(|leave| since <= leave.to && leave.to < today);
    present(roster, today).any(is_back)
}

/// Lists the officers of grids who were none of them before.
pub fn new_of_grids(before: &Roster, after: &Roster) -> Vec<String> {
    let officers = |grid: &Grid| [grid.officer.clone(), grid.backup.clone()].into_iter().flatten();
    let had = |grid: &Grid, id: &String| {
        before.grids.get(&grid.id).is_some_and(|known| officers(known).any(|officer| officer == *id))
    };
    let new = after.grids.values().flat_map(|grid| officers(grid).filter(|id| !had(grid, id)));
    let mut new: Vec<String> = new.collect();
    new.sort_unstable();
    new.dedup();
    new
}

/// Lists the heads with duties who may stand in for one of these, at the station of each.
pub fn heads_over(policy: &Policy, roster: &Roster, came: &[String], today: Day) -> Vec<String> {
    let stations: Vec<Option<&str>> =
        came.iter().filter_map(|id| Some(roster.officers.get(id)?.station.as_deref())).collect();
    let is_over = |officer: &&Officer| {
        policy.roles.iter().filter(|role| role.head.is_some() && officer.holds(&role.id, today)).any(|role| {
            stations.iter().any(|station| station.is_none_or(|station| officer.reaches(role, station)))
        })
    };
    with_duties(roster).filter(is_over).map(|officer| officer.id.clone()).collect()
}

fn present(roster: &Roster, today: Day) -> impl Iterator<Item = &Officer> {
    roster.officers.values().filter(move |officer| away(officer, today).is_none())
}

/// Lists those with duties who are on leave or gone.
pub fn absent(roster: &Roster, today: Day) -> Vec<String> {
    with_duties(roster).filter(|officer| away(officer, today).is_some()).map(|o| o.id.clone()).collect()
}

fn with_duties(roster: &Roster) -> impl Iterator<Item = &Officer> {
    roster.officers.values().filter(|officer| officer.load > 0)
}
