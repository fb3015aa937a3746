//! Whose duties move when somebody goes, and to whom.

use strum::IntoStaticStr;

use super::choose::{StaffRequest, asked, away, bar, choose, fitness, is_principals, separation};
use super::roster::{Officer, Roster};
use crate::policy::{Policy, WhoBy};
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
pub fn moves(
    policy: &Policy,
    roster: &Roster,
    officer: &str,
    duties: &[OpenDuty<'_>],
    today: Day,
) -> Vec<DutyMove> {
    let Some(leaver) = roster.officers.get(officer) else { return Vec::new() };
    if away(leaver, today).is_none() {
        return Vec::new();
    }
    let mut roster = roster.clone();
    let mut found = Vec::new();
    for (duty, open) in duties.iter().enumerate().filter(|(_, open)| has(open.assignees, officer)) {
        let (to, why) = next(policy, &roster, leaver, open, today);
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

fn next(
    policy: &Policy,
    roster: &Roster,
    leaver: &Officer,
    open: &OpenDuty<'_>,
    today: Day,
) -> (Vec<String>, MoveWhy) {
    let wanted = &open.wanted;
    let chiefs = || {
        let is_free =
            |id: &str| id != leaver.id && separation(roster, wanted.subject, wanted.avoid, id).is_none();
        (roster.chiefs(policy, wanted.station, today, is_free), MoveWhy::Chief)
    };
    if open.by_chief {
        return chiefs();
    }
    if let Some(id) = substitute(policy, roster, leaver, open, today) {
        return (vec![id], MoveWhy::Substitute);
    }
    let asked = asked(wanted.workflow, wanted.who);
    let backup = wanted.grid.and_then(|grid| roster.grids.get(grid)).and_then(|grid| grid.backup.as_deref());
    let backup = backup.filter(|id| *asked.by == WhoBy::GridDuty && !has(open.assignees, id));
    if let Some(id) = backup.filter(|id| bar(policy, roster, wanted, asked, id, today).is_none()) {
        return (vec![id.to_owned()], MoveWhy::Backup);
    }
    let choice = choose(policy, roster, wanted, today);
    match choice.candidates.into_iter().find(|id| !has(open.assignees, id)) {
        Some(id) => (vec![id], MoveWhy::Chosen),
        None => chiefs(),
    }
}

/// The substitute, if nothing stands against them and they do not have the duty already.
fn substitute(
    policy: &Policy,
    roster: &Roster,
    leaver: &Officer,
    open: &OpenDuty<'_>,
    today: Day,
) -> Option<String> {
    let id = leaver.leave(today)?.substitute.as_ref()?;
    let officer = roster.officers.get(id)?;
    let wanted = &open.wanted;
    let asked = asked(wanted.workflow, wanted.who);
    let is_fit = away(officer, today).is_none()
        && fitness(roster, wanted.subject, wanted.avoid, asked.certified, officer, today).is_none()
        && !is_principals(policy, asked.by)
        && !has(open.assignees, id);
    is_fit.then(|| id.clone())
}
