//! Choosing the people of a duty.

use std::collections::BTreeMap;

use super::day::{DutyQuery, RosterOnDay, StaffRequest, away};
use super::exclusion::Exclusion;
use super::roster::Officer;

/// Who was chosen, and why not the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The people of the duty; with a shortfall the chiefs, who decide what happens.
    pub chosen: Vec<String>,
    /// Everybody who could do it, the most suitable first.
    pub candidates: Vec<String>,
    /// Everybody who was passed over, with the first reason found.
    pub excluded: Vec<(String, Exclusion)>,
    /// What is missing, when too few are left.
    pub shortfall: Option<Shortfall>,
}

/// Too few people are left for a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// How many it needs.
    pub needed: u32,
    /// How many could do it.
    pub left: u32,
}

/// Chooses the people of a duty on a day.
///
/// Those of another step come first, then those of the grid or the role; ties go to who has
/// fewest open duties, then to whose last one is longest ago, then by id. A substitute takes the
/// place of somebody on leave. When too few are left the duty goes to the chiefs, who decide; it
/// stays a duty of as many people as before.
///
/// # Source
/// Policy language, rules 15 and 16; domain rules S2, S8, S12.
pub fn choose(on: RosterOnDay<'_>, wanted: &StaffRequest<'_>) -> Choice {
    let mut choice = Choice::default();
    if !on.roster.is_kept() {
        return choice;
    }
    let query = DutyQuery::new(on, *wanted);
    let mut ranked: BTreeMap<&str, (usize, &Officer)> = BTreeMap::new();
    let mut excluded: Vec<(String, Exclusion)> = Vec::new();
    for (rank, id) in query.pool() {
        if ranked.contains_key(id) || excluded.iter().any(|(known, _)| known == id) {
            continue;
        }
        match query.passed_over(id) {
            None => {
                ranked.insert(id, (rank, &on.roster.officers[id]));
            }
            Some(reason) => {
                let stand_in = stand_in(&query, id, &reason);
                excluded.push((id.to_owned(), reason));
                if let Some(officer) = stand_in {
                    ranked.entry(&officer.id).or_insert((rank, officer));
                }
            }
        }
    }
    excluded.retain(|(id, _)| !ranked.contains_key(id.as_str()));
    let mut candidates: Vec<(usize, &Officer)> = ranked.into_values().collect();
    candidates.sort_by_key(|(rank, officer)| (*rank, officer.load, officer.last_at, officer.id.as_str()));
    choice.candidates = candidates.into_iter().map(|(_, officer)| officer.id.clone()).collect();
    choice.excluded = excluded;
    settle(&query, choice)
}

/// Takes as many as are needed, or turns to the chiefs.
fn settle(query: &DutyQuery<'_>, mut choice: Choice) -> Choice {
    let needed = query.asked.officers;
    if let Some(chosen) = choice.candidates.get(..usize::try_from(needed).unwrap_or(usize::MAX)) {
        choice.chosen = chosen.to_vec();
        return choice;
    }
    let left = u32::try_from(choice.candidates.len()).unwrap_or(u32::MAX);
    choice.shortfall = Some(Shortfall { needed, left });
    choice.chosen = query.chiefs().map(|(_, chiefs)| chiefs).unwrap_or_default();
    choice
}

/// The substitute of somebody on leave, who needs no post of his own for it, but for what approves. The
/// principal's place is taken by nobody who does not hold the role.
pub(super) fn stand_in<'a>(query: &DutyQuery<'a>, holder: &str, reason: &Exclusion) -> Option<&'a Officer> {
    let Exclusion::OnLeave { substitute: Some(substitute), .. } = reason else { return None };
    let officers = &query.on.roster.officers;
    let (holder, officer) = (officers.get(holder)?, officers.get(substitute)?);
    let is_free = away(officer, query.on.today).is_none()
        && query.unfitness(officer).is_none()
        && (!query.is_principals() || query.holds(officer))
        && query.may_stand_for(holder, officer);
    is_free.then_some(officer)
}
