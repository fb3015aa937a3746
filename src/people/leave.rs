//! Whose duties move when people change, and to whom.

use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};
use strum::IntoStaticStr;

use super::choose::{choose, stand_in};
use super::day::{DutyQuery, RosterOnDay, StaffRequest, away};
use super::exclusion::Exclusion;
use crate::policy::{Head, WhoBy};
use crate::time::Day;

/// An open duty of somebody.
#[derive(Clone, Copy, Debug)]
pub struct OpenDuty<'a> {
    /// The duty.
    pub wanted: StaffRequest<'a>,
    /// Whose it is, all of them.
    pub assignees: &'a [String],
    /// Whether it is the chief's because too few people were left.
    pub is_short: bool,
    /// Whether only the chief gives it to somebody else, as with a penalty case; a leave is no such case.
    pub by_chief: bool,
    /// The day they were given it, or one before.
    pub since: Day,
    /// Whose posts, station or grid changed.
    pub changed: &'a [String],
    /// The grids that have other officers than before.
    pub grids: &'a [String],
    /// Who holds a post that he did not hold before.
    pub came: &'a [String],
}

/// Who has a duty from here on, and from whom to whom it went. Its clock goes on as before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    pub assignees: Vec<String>,
    /// Whether it is the chief's because too few people are left.
    pub is_short: bool,
    pub moves: Vec<DutyMove>,
}

/// One person's part in a duty that others have from here on.
///
/// # Shape
/// `["P049",["P075"],"leave","scope-up"]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct DutyMove {
    /// Who loses it.
    pub from: String,
    /// Who takes over; empty when nobody is left who could.
    pub to: Vec<String>,
    /// Why it is theirs no longer.
    pub because: MoveCause,
    /// How those who take over were found.
    pub why: MoveWhy,
}

/// Why a duty is somebody's no longer. Its names stand in records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize, Deserialize)]
#[strum(serialize_all = "kebab-case", const_into_str)]
#[serde(rename_all = "kebab-case")]
pub enum MoveCause {
    /// On leave.
    Leave,
    /// No longer in service.
    Left,
    /// No longer holds the post.
    Post,
    /// Serves at another station.
    Station,
    /// No longer an officer of the grid.
    Grid,
    /// One of several is gone, and too few are left.
    Short,
    /// Keeps away from the subject.
    Recused,
    /// Did what is judged here.
    OwnWork,
    /// Stood in until somebody came who holds the duty.
    Came,
    /// The subject moved to another place.
    Moved,
}

/// How the person who takes over was found. Its names stand in records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize, Deserialize)]
#[strum(serialize_all = "kebab-case", const_into_str)]
#[serde(rename_all = "kebab-case")]
pub enum MoveWhy {
    /// The leave names a substitute.
    Substitute,
    /// The grid has a backup.
    Backup,
    /// Chosen again, among those who hold the duty that day.
    Chosen,
    /// The chief decides: nobody is left, or the duty is for the chief to give.
    Chief,
    /// There is no such chief, so the role one scope up decides.
    ScopeUp,
    /// Nobody is left at all.
    Nobody,
}

/// Finds who takes over an open duty; nothing while everybody still has it who was given it.
///
/// What nobody has goes to whoever could be chosen today; what chiefs have in a shortage, to those of `came` who hold
/// the duty. Whoever is away or must keep apart has it no longer, nor has one of `changed` who is no officer of its grid any more, or neither holds the post that answers
/// to it, stands in for its holder, nor decides as a chief in a shortage. On leave the substitute takes
/// over, else the backup of the grid, else one chosen anew; where nobody is left, or the duty is the
/// chief's to give, the chief, else the role one scope up. Where there is none of them either, whoever
/// is on leave keeps it.
///
/// # Source
/// Policy language, rule 16; scenario A8.
pub fn moves(on: RosterOnDay<'_>, open: &OpenDuty<'_>) -> Option<Handover> {
    let query = DutyQuery::new(on, open.wanted);
    let gone = |id: &String| Some((id.clone(), cause(&query, open, id)?));
    let gone: Vec<(String, MoveCause)> = open.assignees.iter().filter_map(gone).collect();
    let handing = HandingOver { query, open, gone };
    if handing.gone.is_empty() {
        return if open.assignees.is_empty() { handing.to_anybody() } else { handing.to_those_who_came() };
    }
    let others: Vec<String> = open.assignees.iter().filter(|id| !handing.is_gone(id)).cloned().collect();
    if open.is_short && !others.is_empty() {
        // The other chiefs decide as before.
        let came = handing.to_those_who_came();
        return Some(came.unwrap_or_else(|| handing.all_to(&others, MoveWhy::Chief)));
    }
    let is_chiefs = open.by_chief && handing.gone.iter().any(|(_, cause)| *cause != MoveCause::Leave);
    let found = if is_chiefs { None } else { handing.to_others() };
    found.or_else(|| handing.to_chiefs())
}

/// Says why a signature is somebody's to give no longer, and who gives it where a leave names a substitute.
///
/// A signature is asked of a person and not of a post: there is nobody to choose anew.
pub fn signature_moves(
    on: RosterOnDay<'_>,
    id: &str,
    changed: &[String],
    subject: &str,
) -> Option<(MoveCause, Option<String>)> {
    let officer = on.roster.officers.get(id)?;
    if on.roster.conflict(id, subject).is_some() {
        return Some((MoveCause::Recused, None));
    }
    match away(officer, on.today) {
        Some(Exclusion::OnLeave { substitute, .. }) => {
            let is_there = |id: &String| {
                on.roster.officers.get(id).is_some_and(|officer| away(officer, on.today).is_none())
            };
            Some((MoveCause::Leave, substitute.filter(is_there)))
        }
        Some(_) => Some((MoveCause::Left, None)),
        None => changed.iter().any(|changed| changed == id).then_some((MoveCause::Post, None)),
    }
}

/// Returns why a duty is somebody's no longer.
fn cause(query: &DutyQuery<'_>, open: &OpenDuty<'_>, id: &str) -> Option<MoveCause> {
    let officer = query.on.roster.officers.get(id)?;
    let away = away(officer, query.on.today);
    match (away, query.separation(id)) {
        (Some(Exclusion::Left { .. }), _) => return Some(MoveCause::Left),
        // Whoever keeps apart has nothing that a substitute could do for him.
        (_, Some(Exclusion::Conflict { .. })) => return Some(MoveCause::Recused),
        (_, Some(_)) => return Some(MoveCause::OwnWork),
        (Some(_), None) => return Some(MoveCause::Leave),
        (None, None) => {}
    }
    if !open.changed.iter().any(|changed| changed == id) {
        return None;
    }
    if query.has_lost_grid(officer, open.grids) {
        return Some(MoveCause::Grid);
    }
    let keeps = (open.is_short && query.is_head(officer)) || query.keeps(officer, open.since);
    if keeps {
        return None;
    }
    Some(if query.is_elsewhere(officer) { MoveCause::Station } else { MoveCause::Post })
}

/// A duty under way to others.
struct HandingOver<'a> {
    query: DutyQuery<'a>,
    open: &'a OpenDuty<'a>,
    /// Whose it is no longer.
    gone: Vec<(String, MoveCause)>,
}

impl HandingOver<'_> {
    fn is_gone(&self, id: &str) -> bool {
        self.gone.iter().any(|(gone, _)| gone == id)
    }

    /// Whether somebody would not lose the duty again at once.
    fn may_have(&self, id: &str) -> bool {
        let open = OpenDuty { is_short: false, ..*self.open };
        !self.is_gone(id) && cause(&self.query, &open, id).is_none()
    }

    /// Fills each place that is free; nothing when one stays empty.
    fn to_others(&self) -> Option<Handover> {
        if self.open.is_short {
            return self.anew();
        }
        let mut assignees = self.open.assignees.to_vec();
        let mut moves = Vec::with_capacity(self.gone.len());
        for (from, because) in &self.gone {
            let (to, why) = self.taker(from, *because, &assignees)?;
            for place in assignees.iter_mut().filter(|id| *id == from) {
                place.clone_from(&to);
            }
            moves.push(DutyMove { from: from.clone(), to: vec![to], because: *because, why });
        }
        Some(Handover { assignees, is_short: false, moves })
    }

    /// Gives what nobody has to whoever is chosen today, else to the chiefs.
    fn to_anybody(&self) -> Option<Handover> {
        let choice = choose(self.query.on, &self.query.wanted);
        let (assignees, is_short) = (choice.chosen, choice.shortfall.is_some());
        let open = OpenDuty { is_short, ..*self.open };
        let may = assignees.iter().all(|id| cause(&self.query, &open, id).is_none());
        (may && !assignees.is_empty()).then(|| Handover { assignees, is_short, moves: Vec::new() })
    }

    /// Gives what chiefs have in a shortage to those who hold the duty, where one of them has come.
    fn to_those_who_came(&self) -> Option<Handover> {
        if !self.open.is_short || self.open.came.is_empty() {
            return None;
        }
        let is_theirs = |new: &Handover| {
            new.assignees != self.open.assignees && new.assignees.iter().any(|id| self.open.came.contains(id))
        };
        let mut handover = self.anew().filter(is_theirs)?;
        for moved in handover.moves.iter_mut().filter(|moved| moved.because == MoveCause::Short) {
            moved.because = MoveCause::Came;
        }
        Some(handover)
    }

    /// Chooses as many as are needed, where chiefs had it in a shortage.
    fn anew(&self) -> Option<Handover> {
        let choice = choose(self.query.on, &self.query.wanted);
        let is_enough = choice.shortfall.is_none() && choice.chosen.iter().all(|id| self.may_have(id));
        let handover = is_enough.then(|| self.all_to(&choice.chosen, MoveWhy::Chosen))?;
        Some(Handover { is_short: false, ..handover })
    }

    /// Finds who takes one place, besides those who have one.
    fn taker(&self, from: &str, because: MoveCause, kept: &[String]) -> Option<(String, MoveWhy)> {
        let Self { query, .. } = self;
        let is_free = |id: &str| !kept.iter().any(|kept| kept == id) && self.may_have(id);
        let leaver = query.on.roster.officers.get(from)?;
        if let (MoveCause::Leave, Some(reason)) = (because, away(leaver, query.on.today))
            && let Some(substitute) = stand_in(query, from, &reason).filter(|officer| is_free(&officer.id))
        {
            return Some((substitute.id.clone(), MoveWhy::Substitute));
        }
        let grid = query.wanted.grid.and_then(|grid| query.on.roster.grids.get(grid));
        let backup = grid.and_then(|grid| grid.backup.as_deref());
        // Where the grid has another officer, that one comes first among those who could be chosen.
        let is_stood_in = *query.asked.by == WhoBy::GridDuty && because != MoveCause::Grid;
        let backup = backup.filter(|id| is_stood_in && is_free(id));
        if let Some(id) = backup.filter(|id| query.passed_over(id).is_none()) {
            return Some((id.to_owned(), MoveWhy::Backup));
        }
        let candidates = choose(query.on, &query.wanted).candidates;
        let chosen = candidates.into_iter().find(|id| is_free(id))?;
        Some((chosen, MoveWhy::Chosen))
    }

    /// Gives the whole duty to the chiefs; whoever is on leave keeps it when there are none.
    fn to_chiefs(&self) -> Option<Handover> {
        if let Some((head, chiefs)) = self.query.chiefs() {
            let why = if head == Head::Unit { MoveWhy::Chief } else { MoveWhy::ScopeUp };
            // Whoever lost a post and is a head by another one keeps it as that.
            let (own, others): (Vec<String>, Vec<String>) =
                chiefs.into_iter().partition(|id| self.open.assignees.contains(id));
            return Some(self.all_to(if own.is_empty() { &others } else { &own }, why));
        }
        let is_over = |id: &&String| {
            self.gone.iter().any(|(gone, because)| gone == *id && *because != MoveCause::Leave)
        };
        let stay: Vec<String> = self.open.assignees.iter().filter(|id| !is_over(id)).cloned().collect();
        let handover = self.all_to(&stay, MoveWhy::Nobody);
        (!handover.moves.is_empty()).then_some(handover)
    }

    /// Gives the whole duty to some in a shortage; those who have it now and are not among them lose it.
    fn all_to(&self, to: &[String], why: MoveWhy) -> Handover {
        let moved = |id: &String| {
            let gone = self.gone.iter().find(|(gone, _)| gone == id);
            let because = gone.map_or(MoveCause::Short, |(_, because)| *because);
            DutyMove { from: id.clone(), to: to.to_vec(), because, why }
        };
        let losing = self.open.assignees.iter().filter(|id| !to.contains(id));
        Handover { assignees: to.to_vec(), is_short: true, moves: losing.map(moved).collect() }
    }
}
