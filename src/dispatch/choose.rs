//! Who gets an order on a day: in the order of picking, where somebody can be sent, as far as the caps go.

use std::collections::{BTreeMap, BTreeSet};

use super::{CandidatePlace, CapUse, DueCandidate, cap_holder, share, sort};
use crate::people::{NoPair, OrderToStaff, RosterOnDay, has_pair};
use crate::policy::{Cap, Trigger, Workflow};

/// By what is chosen: the people of the day, the trigger, and the caps of stations with a text of their own.
#[derive(Clone, Copy)]
pub struct ChoiceBasis<'a> {
    pub on: RosterOnDay<'a>,
    pub workflow: &'a Workflow,
    pub trigger: &'a Trigger,
    pub own_caps: &'a BTreeMap<String, Cap>,
}

/// What becomes of candidates, by their positions in the order of picking.
#[derive(Clone, Debug, Default)]
pub struct CandidateChoice {
    /// They become orders.
    pub taken: Vec<usize>,
    /// The cap holds them back.
    pub deferred: Vec<usize>,
    /// Nobody could be sent there.
    pub unstaffed: BTreeMap<usize, NoPair>,
}

/// Whether places can be staffed, as far as it has been asked; it holds for one text and as long as nobody comes or
/// goes.
#[derive(Debug, Default)]
pub struct StaffedPlaces(BTreeMap<String, Option<NoPair>>);

/// Puts candidates in the order of picking, chooses among them, and counts what is taken.
///
/// # Source
/// Policy language, rules 6 to 8; scenario A8.
pub fn choose(
    candidates: &mut [DueCandidate],
    by: ChoiceBasis<'_>,
    used: &mut CapUse,
    known: &mut StaffedPlaces,
) -> CandidateChoice {
    let ChoiceBasis { on, workflow, trigger, own_caps } = by;
    sort(candidates, &trigger.pick, on.policy, on.today);
    let unstaffed = known.unstaffed(on, workflow, candidates);
    let cap = |candidate: &DueCandidate| own_caps.get(&candidate.station).copied().or(trigger.at_most);
    let staffed = candidates.iter().enumerate().filter(|(at, _)| !unstaffed.contains_key(at));
    let capped = share(staffed, cap, used, |candidate| {
        let DueCandidate { subject, station, grid, .. } = candidate;
        let grid = grid.as_deref();
        let place = CandidatePlace { subject, station, grid, officer: on.roster.main_officer(grid) };
        cap_holder(trigger.at_most?.per, place)
    });
    CandidateChoice { taken: capped.taken, deferred: capped.deferred, unstaffed }
}

impl StaffedPlaces {
    /// Returns the candidates, by position, whose grid cannot staff every duty of the workflow.
    ///
    /// # Source
    /// Scenario A8: no order goes out that one officer would have to do. Where people are not kept,
    /// nothing is known of it.
    fn unstaffed(
        &mut self,
        on: RosterOnDay<'_>,
        workflow: &Workflow,
        candidates: &[DueCandidate],
    ) -> BTreeMap<usize, NoPair> {
        if !on.roster.is_kept() {
            return BTreeMap::new();
        }
        let recused: BTreeSet<&str> =
            on.roster.conflicts.iter().map(|known| known.subject.as_str()).collect();
        let (mut found, mut last) = (BTreeMap::new(), None);
        for (at, candidate) in candidates.iter().enumerate() {
            let (station, grid) = (candidate.station.as_str(), candidate.grid.as_deref());
            // Who is recused from whom is all that tells subjects of one grid apart.
            let subject =
                if recused.contains(candidate.subject.as_str()) { candidate.subject.as_str() } else { "" };
            // Most stand where the one before does.
            let place = (station, grid, subject);
            let answer = last.take().filter(|(known, _)| *known == place).map(|(_, answer)| answer);
            let answer = answer.unwrap_or_else(|| {
                let name = format!("{station}\u{1f}{}\u{1f}{subject}", grid.unwrap_or("\u{1f}"));
                let asked = OrderToStaff { workflow, station, grid, subject };
                self.0.entry(name).or_insert_with(|| has_pair(on, asked).err()).clone()
            });
            if let Some(no_pair) = &answer {
                found.insert(at, no_pair.clone());
            }
            last = Some((place, answer));
        }
        found
    }
}
