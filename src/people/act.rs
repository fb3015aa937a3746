//! Acting on a duty: asked at every claim and at every completion.

use super::choose::choose;
use super::day::{DutyQuery, RosterOnDay, StaffRequest, asked, away};
use super::refusal::{Nearest, PeopleRefusal};
use super::roster::{Officer, Roster};
use crate::diag::nearest;
use crate::policy::{Who, WhoBy, Workflow};
use crate::time::Day;

/// What somebody wants to do with a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DutyAct<'a> {
    /// Take it on.
    Claim,
    /// Complete it, together with others.
    Complete {
        /// The others who took part.
        together: &'a [String],
    },
    /// Hand it on: transfer, delegate, add a signer.
    HandOn,
}

/// A duty somebody wants to act on.
#[derive(Clone, Copy, Debug)]
pub struct DutyRequest<'a> {
    /// The duty, and who must not do it.
    pub duty: StaffRequest<'a>,
    /// Whose it is.
    pub assignees: &'a [String],
    pub claimed_by: Option<&'a str>,
    /// To whom its owner delegated it (委派).
    pub delegates: &'a [String],
    /// What is wanted.
    pub act: DutyAct<'a>,
}

/// By what right somebody acts; kept on the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// People are not kept in the system.
    NotKept,
    /// They hold the post that answers to it.
    Holder,
    /// It is theirs.
    Assignee,
    /// They claimed it, or claim it now.
    Claimant,
    /// Its owner delegated it to them.
    Delegate,
    /// They stand in for an owner on leave.
    Substitute {
        /// For whom.
        of: String,
    },
    /// They use authority handed on in writing.
    Authority { of: String, document: String },
    /// They are the chief, who may hand on anybody's duty.
    Chief,
}

/// Decides whether somebody may act on a duty, and by what right.
///
/// # Refusals
/// Whoever is unknown, gone or on leave; whoever did what is judged here (S1, S6) or keeps away
/// from the subject (S8); whoever has no right to the duty, or another role than the one asked
/// for (S12, S13); whoever lacks a certificate on the day, and fewer people than are asked for (S2).
pub fn may_act(on: RosterOnDay<'_>, by: &str, wanted: &DutyRequest<'_>) -> Result<Capacity, PeopleRefusal> {
    if !on.roster.is_kept() {
        return Ok(Capacity::NotKept);
    }
    let officer = present(on.roster, by, on.today)?;
    let asking = ActQuery { duty: DutyQuery::new(on, wanted.duty), wanted: *wanted, officer };
    match wanted.act {
        DutyAct::HandOn => asking.owner().or_else(|refusal| asking.chief().ok_or(refusal)),
        DutyAct::Claim => {
            asking.apart(by)?;
            if let Some(claimed) = wanted.claimed_by.filter(|claimed| *claimed != by) {
                return Err(PeopleRefusal::Claimed { officer: claimed.to_owned() });
            }
            let capacity = asking.owner().or_else(|refusal| asking.offered().ok_or(refusal))?;
            asking.certified(officer)?;
            Ok(capacity)
        }
        DutyAct::Complete { together } => {
            asking.apart(by)?;
            asking.unclaimed()?;
            let capacity = asking.owner().or_else(|refusal| {
                let open = wanted.assignees.is_empty() && wanted.claimed_by.is_none();
                open.then(|| asking.offered()).flatten().ok_or(refusal)
            })?;
            asking.certified(officer)?;
            asking.all_of_them(together)?;
            Ok(capacity)
        }
    }
}

/// Decides whether a duty may be given to somebody: transferred, delegated, or co-signed.
///
/// # Refusals
/// R189 for an officer of a station whose post does not reach this one; the same that pass somebody over when a duty's
/// people are chosen.
pub fn may_take(on: RosterOnDay<'_>, to: &str, wanted: &StaffRequest<'_>) -> Result<(), PeopleRefusal> {
    if !on.roster.is_kept() {
        return Ok(());
    }
    let officer = present(on.roster, to, on.today)?;
    let query = DutyQuery::new(on, *wanted);
    if query.is_elsewhere(officer) && !query.reaches_here(officer) {
        let station = wanted.station.to_owned();
        return Err(PeopleRefusal::Elsewhere { officer: to.to_owned(), station });
    }
    let barred = query.bar(to);
    barred.map_or(Ok(()), |reason| Err(PeopleRefusal::of(to, reason)))
}

/// Decides whether somebody may decide today what a duty decides, as if it were given out now, and by what right.
///
/// Those who hold its post may, the substitute of one on leave, whom one of them handed the authority on in writing, the
/// chiefs above where none of them could, and those of `in_hand`, who were given it, by transfer or with a subject that
/// moved.
///
/// # Refusals
/// Those of [`may_act`] for completing it.
///
/// # Source
/// Policy language, rules 15 and 16.
pub fn may_decide(
    on: RosterOnDay<'_>,
    by: &str,
    wanted: &StaffRequest<'_>,
    in_hand: &[String],
) -> Result<Capacity, PeopleRefusal> {
    if !on.roster.is_kept() {
        return Ok(Capacity::NotKept);
    }
    let officer = present(on.roster, by, on.today)?;
    let act = DutyAct::Complete { together: &[] };
    let asked = DutyRequest { duty: *wanted, assignees: in_hand, claimed_by: None, delegates: &[], act };
    let asking = ActQuery { duty: DutyQuery::new(on, *wanted), wanted: asked, officer };
    asking.apart(by)?;
    if asking.duty.answers(officer) {
        return Ok(Capacity::Holder);
    }
    if let Some(of) = asking.duty.stood_for(officer) {
        return Ok(Capacity::Substitute { of: of.to_owned() });
    }
    let refusal = match asking.authority() {
        Ok(capacity) => return Ok(capacity),
        Err(refusal) => refusal,
    };
    let is_chiefs = || {
        let choice = choose(on, wanted);
        choice.shortfall.is_some() && choice.chosen.contains(&officer.id)
    };
    if !asking.duty.is_principals() && is_chiefs() {
        return Ok(Capacity::Chief);
    }
    match asking.owner() {
        Ok(capacity) => Ok(capacity),
        Err(_) => Err(refusal),
    }
}

/// Decides whether somebody may confirm as himself what was done in his name, too.
///
/// # Refusals
/// Whoever is unknown, gone or on leave; who keeps away from the subject, did what is judged here, or lacks the
/// certificate on the day.
///
/// # Source
/// Policy language, rule 35.
pub fn may_confirm(on: RosterOnDay<'_>, by: &str, wanted: &StaffRequest<'_>) -> Result<(), PeopleRefusal> {
    if !on.roster.is_kept() {
        return Ok(());
    }
    let officer = present(on.roster, by, on.today)?;
    let barred = DutyQuery::new(on, *wanted).unfitness(officer);
    barred.map_or(Ok(()), |reason| Err(PeopleRefusal::of(by, reason)))
}

/// Returns how many people a duty needs; one that repeats another needs as many as that.
pub fn officers_needed(workflow: &Workflow, who: &Who) -> u32 {
    asked(workflow, who).officers
}

/// Finds an officer who is in service and not on leave.
///
/// # Refusals
/// Whoever is unknown, gone or on leave.
pub fn present<'a>(roster: &'a Roster, id: &str, today: Day) -> Result<&'a Officer, PeopleRefusal> {
    let officer = known(roster, id)?;
    away(officer, today).map_or(Ok(officer), |reason| Err(PeopleRefusal::of(id, reason)))
}

/// Finds an officer who is in service, on leave or not.
///
/// # Refusals
/// Whoever is unknown or gone.
pub(super) fn serving<'a>(roster: &'a Roster, id: &str, today: Day) -> Result<&'a Officer, PeopleRefusal> {
    let officer = known(roster, id)?;
    let left = officer.left_on.filter(|_| !officer.serves(today));
    left.map_or(Ok(officer), |on| Err(PeopleRefusal::Left { officer: id.to_owned(), on }))
}

/// Finds an officer.
///
/// # Refusals
/// Whoever is unknown, with the id that was probably meant.
pub fn known<'a>(roster: &'a Roster, id: &str) -> Result<&'a Officer, PeopleRefusal> {
    roster.officers.get(id).ok_or_else(|| PeopleRefusal::Unknown {
        officer: id.to_owned(),
        nearest: Nearest(
            nearest(id, roster.officers.keys().map(String::as_str)).unwrap_or_default().to_owned(),
        ),
    })
}

/// Somebody who wants to act on a duty.
#[derive(Clone, Copy)]
struct ActQuery<'a> {
    duty: DutyQuery<'a>,
    wanted: DutyRequest<'a>,
    officer: &'a Officer,
}

impl ActQuery<'_> {
    /// Keeps apart what one person must not do both (S1, S6, S8).
    fn apart(&self, id: &str) -> Result<(), PeopleRefusal> {
        self.duty.separation(id).map_or(Ok(()), |reason| Err(PeopleRefusal::of(id, reason)))
    }

    /// Refuses to complete what somebody else has claimed; a pair shares one claim, and so does a delegate.
    fn unclaimed(&self) -> Result<(), PeopleRefusal> {
        let by = &self.officer.id;
        let shares = self.duty.asked.officers > 1 && self.wanted.assignees.contains(by);
        let is_delegate = self.wanted.delegates.contains(by);
        match self.wanted.claimed_by {
            Some(claimed) if claimed != by && !shares && !is_delegate => {
                Err(PeopleRefusal::Claimed { officer: claimed.to_owned() })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Finds by what right the duty is somebody's already.
    fn owner(&self) -> Result<Capacity, PeopleRefusal> {
        let Self { duty, wanted, officer } = self;
        let id = &officer.id;
        if duty.is_principals() && !duty.holds(officer) {
            return Err(PeopleRefusal::InPerson { role: duty.names().concat() });
        }
        let is_claimant = wanted.claimed_by == Some(id.as_str());
        if is_claimant || wanted.assignees.contains(id) {
            return match self.duty.post_not_in_force(self.officer) {
                Some(role) => Err(PeopleRefusal::WrongRole { officer: id.clone(), role: role.to_owned() }),
                None if is_claimant => Ok(Capacity::Claimant),
                None => Ok(Capacity::Assignee),
            };
        }
        if wanted.delegates.contains(id) {
            return Ok(Capacity::Delegate);
        }
        let stands_in = |owner: &&String| {
            let Some(owner) = duty.on.roster.officers.get(*owner) else { return false };
            let leave = owner.leave(duty.on.today);
            leave.is_some_and(|leave| leave.substitute.as_ref() == Some(id))
                && duty.may_stand_for(owner, officer)
        };
        if let Some(of) = wanted.assignees.iter().find(stands_in) {
            return Ok(Capacity::Substitute { of: of.clone() });
        }
        self.authority()
    }

    /// Looks for authority handed on in writing by somebody who has it himself.
    fn authority(&self) -> Result<Capacity, PeopleRefusal> {
        let Self { duty: DutyQuery { on, wanted: of_duty, asked }, wanted, officer } = self;
        let workflow = &of_duty.workflow.id;
        let has_it = |id: &str| {
            let holder = on.roster.officers.get(id);
            wanted.assignees.iter().any(|assignee| assignee == id)
                || holder.is_some_and(|holder| {
                    self.duty.holds(holder) && on.named(asked.by, of_duty.station).any(|o| o.id == holder.id)
                })
        };
        let given = |to: &str| {
            let to = to.to_owned();
            on.roster.delegated(workflow, on.today).filter(move |d| d.to == to)
        };
        for delegation in given(&officer.id) {
            if has_it(&delegation.from) {
                // Who must not do it himself has nothing to hand on.
                self.apart(&delegation.from)?;
                let (of, document) = (delegation.from.clone(), delegation.document.clone());
                return Ok(Capacity::Authority { of, document });
            }
            if given(&delegation.from).any(|first| has_it(&first.from)) {
                return Err(PeopleRefusal::HandedOnAgain { officer: delegation.from.clone() });
            }
        }
        Err(self.not_theirs())
    }

    /// Says why nothing gives the duty to somebody: another role, or simply others.
    fn not_theirs(&self) -> PeopleRefusal {
        let officer = self.officer.id.clone();
        match self.duty.names().first() {
            Some(role) if !self.duty.holds(self.officer) => {
                PeopleRefusal::WrongRole { officer, role: (*role).to_owned() }
            }
            Some(_) | None => PeopleRefusal::NotTheirs { officer, assignees: self.wanted.assignees.to_vec() },
        }
    }

    /// Whether the duty is there to be taken by somebody: one of a role is by all who hold it, one of
    /// a grid only while nobody has it.
    fn offered(&self) -> Option<Capacity> {
        let is_open = match self.duty.asked.by {
            WhoBy::Role(_) | WhoBy::Duty(_) => true,
            WhoBy::GridDuty | WhoBy::SameAs(_) => self.wanted.assignees.is_empty(),
        };
        let is_grids = self.duty.names().is_empty();
        let is_here = !is_grids || !self.duty.is_elsewhere(self.officer);
        let meant = is_open && is_here && self.duty.pool().any(|(_, id)| *id == self.officer.id);
        let fits = is_grids || self.duty.holds(self.officer);
        (meant && fits).then_some(Capacity::Claimant)
    }

    /// Whether somebody is a chief to whom the station's people report.
    fn chief(&self) -> Option<Capacity> {
        let DutyQuery { on, wanted, .. } = &self.duty;
        let is_apart = on.roster.conflict(&self.officer.id, wanted.subject).is_some();
        let is_chief = !is_apart && self.duty.is_head(self.officer);
        is_chief.then_some(Capacity::Chief)
    }

    /// Asks for the certificate of the day.
    fn certified(&self, officer: &Officer) -> Result<(), PeopleRefusal> {
        let barred = self.duty.unfitness(officer);
        barred.map_or(Ok(()), |reason| Err(PeopleRefusal::of(&officer.id, reason)))
    }

    /// Asks for as many different people as the duty needs, each of them fit for it.
    fn all_of_them(&self, together: &[String]) -> Result<(), PeopleRefusal> {
        let DutyQuery { on, asked, .. } = &self.duty;
        for (at, id) in together.iter().enumerate() {
            if *id == self.officer.id || together[..at].contains(id) {
                return Err(PeopleRefusal::SamePerson { officer: id.clone() });
            }
            self.certified(present(on.roster, id, on.today)?)?;
        }
        let present = u32::try_from(together.len()).unwrap_or(u32::MAX).saturating_add(1);
        if present < asked.officers {
            return Err(PeopleRefusal::TooFew { needed: asked.officers, present });
        }
        Ok(())
    }
}
