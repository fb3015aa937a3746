//! Whose duties move when somebody goes, and to whom.

use strum::IntoStaticStr;

use super::choose::choose;
use super::day::{DutyQuery, RosterOnDay, StaffRequest, away};
use super::roster::{Officer, Roster};
use crate::policy::WhoBy;
use crate::time::Day;

/// An open duty of somebody.
#[derive(Clone, Copy, Debug)]
pub struct OpenDuty<'a> {
    /// The duty.
    pub wanted: StaffRequest<'a>,
    /// Whose it is, all of them.
    pub assignees: &'a [String],
    /// Whether only the chief gives it to somebody else, as with a penalty case.
    pub by_chief: bool,
}

/// One duty that moves from one person to another. Its clock goes on as before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyMove {
    /// Place of the duty in the list given.
    pub duty: usize,
    /// Who goes.
    pub from: String,
    /// Who takes over; the chiefs where nobody else does. Empty only when there is no chief.
    pub to: Vec<String>,
    /// How they were found.
    pub why: MoveWhy,
}

/// How the person who takes over was found. Its names stand in records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum MoveWhy {
    /// The leave names a substitute.
    Substitute,
    /// The grid has a backup.
    Backup,
    /// Chosen again.
    Chosen,
    /// The chief decides: nobody is left, or the duty is for the chief to give.
    Chief,
}

/// Says whether somebody's open duties must move on a day: gone, or on leave.
pub fn is_away(roster: &Roster, officer: &str, today: Day) -> bool {
    roster.officers.get(officer).is_some_and(|officer| away(officer, today).is_some())
}

/// Finds, for each open duty of somebody who is away, who takes it over.
///
/// The substitute first, else the backup of the grid, else one chosen anew; where nobody is left,
/// or the duty is the chief's to give, the chief. Each move counts as one more open duty of the
/// one who takes over, so that a long list is spread.
///
/// # Source
/// Policy language, rule 16; scenario A8.
pub fn moves(on: RosterOnDay<'_>, officer: &str, duties: &[OpenDuty<'_>]) -> Vec<DutyMove> {
    let Some(leaver) = on.roster.officers.get(officer) else { return Vec::new() };
    if away(leaver, on.today).is_none() {
        return Vec::new();
    }
    let mut roster = on.roster.clone();
    let mut found = Vec::new();
    for (duty, open) in duties.iter().enumerate().filter(|(_, open)| has(open.assignees, officer)) {
        let (to, why) = next(RosterOnDay { roster: &roster, ..on }, leaver, open);
        for taker in &to {
            if let Some(taker) = roster.officers.get_mut(taker) {
                taker.load = taker.load.saturating_add(1);
            }
        }
        found.push(DutyMove { duty, from: officer.to_owned(), to, why });
    }
    found
}

fn has(assignees: &[String], officer: &str) -> bool {
    assignees.iter().any(|assignee| assignee == officer)
}

fn next(on: RosterOnDay<'_>, leaver: &Officer, open: &OpenDuty<'_>) -> (Vec<String>, MoveWhy) {
    let wanted = &open.wanted;
    let query = DutyQuery::new(on, *wanted);
    let chiefs = || {
        let is_free = |id: &str| id != leaver.id && query.separation(id).is_none();
        (on.chiefs(wanted.station, is_free), MoveWhy::Chief)
    };
    if open.by_chief {
        return chiefs();
    }
    if let Some(id) = substitute(&query, leaver, open) {
        return (vec![id], MoveWhy::Substitute);
    }
    let grid = wanted.grid.and_then(|grid| on.roster.grids.get(grid));
    let backup = grid.and_then(|grid| grid.backup.as_deref());
    let backup = backup.filter(|id| *query.asked.by == WhoBy::GridDuty && !has(open.assignees, id));
    if let Some(id) = backup.filter(|id| query.bar(id).is_none()) {
        return (vec![id.to_owned()], MoveWhy::Backup);
    }
    let choice = choose(on, wanted);
    match choice.candidates.into_iter().find(|id| !has(open.assignees, id)) {
        Some(id) => (vec![id], MoveWhy::Chosen),
        None => chiefs(),
    }
}

/// The substitute, if nothing stands against them and they do not have the duty already.
fn substitute(query: &DutyQuery<'_>, leaver: &Officer, open: &OpenDuty<'_>) -> Option<String> {
    let id = leaver.leave(query.on.today)?.substitute.as_ref()?;
    let officer = query.on.roster.officers.get(id)?;
    let is_fit = away(officer, query.on.today).is_none()
        && query.unfitness(officer).is_none()
        && !query.is_principals()
        && !has(open.assignees, id);
    is_fit.then(|| id.clone())
}
