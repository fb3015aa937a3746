//! Acting on a duty: asked at every claim and at every completion.

use super::choose::{
    DutyNeed, StaffRequest, asked, away, bar, fitness, is_principals, named, names, pool, separation,
};
use super::refusal::{Nearest, PeopleRefusal};
use super::roster::{Delegation, EVERY_WORKFLOW, Officer, Roster};
use crate::diag::nearest;
use crate::policy::{Policy, WhoBy};
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
    /// Who claimed it.
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
    Authority {
        /// Whose.
        of: String,
        /// The paper.
        document: String,
    },
    /// They are the chief, who may hand on anybody's duty.
    Chief,
}

/// Decides whether somebody may act on a duty, and by what right.
///
/// # Refusals
/// Whoever is unknown, gone or on leave; whoever did what is judged here (S1, S6) or keeps away
/// from the subject (S8); whoever has no right to the duty, or another role than the one asked
/// for (S12, S13); whoever lacks a certificate on the day, and fewer people than are asked for (S2).
pub fn may_act(
    policy: &Policy,
    roster: &Roster,
    by: &str,
    wanted: &DutyRequest<'_>,
    today: Day,
) -> Result<Capacity, PeopleRefusal> {
    if !roster.is_kept() {
        return Ok(Capacity::NotKept);
    }
    let officer = present(roster, by, today)?;
    let asked = asked(wanted.duty.workflow, wanted.duty.who);
    match wanted.act {
        DutyAct::HandOn => owner(policy, roster, officer, wanted, asked, today)
            .or_else(|refusal| chief(policy, roster, officer, wanted, today).ok_or(refusal)),
        DutyAct::Claim => {
            apart(roster, wanted, by)?;
            if let Some(claimed) = wanted.claimed_by.filter(|claimed| *claimed != by) {
                return Err(PeopleRefusal::Claimed { officer: claimed.to_owned() });
            }
            let capacity = owner(policy, roster, officer, wanted, asked, today)
                .or_else(|refusal| offered(policy, roster, officer, wanted, asked, today).ok_or(refusal))?;
            certified(roster, wanted, asked, officer, today)?;
            Ok(capacity)
        }
        DutyAct::Complete { together } => {
            apart(roster, wanted, by)?;
            unclaimed(wanted, asked, by)?;
            let capacity = owner(policy, roster, officer, wanted, asked, today).or_else(|refusal| {
                let open = wanted.assignees.is_empty() && wanted.claimed_by.is_none();
                let offered = open.then(|| offered(policy, roster, officer, wanted, asked, today));
                offered.flatten().ok_or(refusal)
            })?;
            certified(roster, wanted, asked, officer, today)?;
            all_of_them(roster, wanted, asked, by, together, today)?;
            Ok(capacity)
        }
    }
}

/// Decides whether a duty may be given to somebody: transferred, delegated, or co-signed.
///
/// # Refusals
/// The same that pass somebody over when a duty's people are chosen.
pub fn may_take(
    policy: &Policy,
    roster: &Roster,
    to: &str,
    wanted: &StaffRequest<'_>,
    today: Day,
) -> Result<(), PeopleRefusal> {
    if !roster.is_kept() {
        return Ok(());
    }
    present(roster, to, today)?;
    let asked = asked(wanted.workflow, wanted.who);
    let barred = bar(policy, roster, wanted, asked, to, today);
    barred.map_or(Ok(()), |reason| Err(PeopleRefusal::of(to, reason)))
}

/// Finds an officer who is in service and not on leave.
///
/// # Refusals
/// Whoever is unknown, gone or on leave.
pub fn present<'a>(roster: &'a Roster, id: &str, today: Day) -> Result<&'a Officer, PeopleRefusal> {
    let officer = known(roster, id)?;
    away(officer, today).map_or(Ok(officer), |reason| Err(PeopleRefusal::of(id, reason)))
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

/// Keeps apart what one person must not do both (S1, S6, S8).
fn apart(roster: &Roster, wanted: &DutyRequest<'_>, id: &str) -> Result<(), PeopleRefusal> {
    let barred = separation(roster, wanted.duty.subject, wanted.duty.avoid, id);
    barred.map_or(Ok(()), |reason| Err(PeopleRefusal::of(id, reason)))
}

/// Refuses to complete what somebody else has claimed; a pair shares one claim.
fn unclaimed(wanted: &DutyRequest<'_>, asked: DutyNeed<'_>, by: &str) -> Result<(), PeopleRefusal> {
    let shares = asked.officers > 1 && wanted.assignees.iter().any(|assignee| assignee == by);
    match wanted.claimed_by {
        Some(claimed) if claimed != by && !shares => {
            Err(PeopleRefusal::Claimed { officer: claimed.to_owned() })
        }
        Some(_) | None => Ok(()),
    }
}

/// Finds by what right the duty is somebody's already.
fn owner(
    policy: &Policy,
    roster: &Roster,
    officer: &Officer,
    wanted: &DutyRequest<'_>,
    asked: DutyNeed<'_>,
    today: Day,
) -> Result<Capacity, PeopleRefusal> {
    let id = &officer.id;
    if is_principals(policy, asked.by) && !holds(policy, officer, asked.by, today) {
        return Err(PeopleRefusal::InPerson { role: names(policy, asked.by).concat() });
    }
    let is_claimant = wanted.claimed_by == Some(id.as_str());
    if is_claimant || wanted.assignees.contains(id) {
        return match ended(policy, officer, asked.by, today) {
            Some(role) => Err(PeopleRefusal::WrongRole { officer: id.clone(), role }),
            None if is_claimant => Ok(Capacity::Claimant),
            None => Ok(Capacity::Assignee),
        };
    }
    if wanted.delegates.contains(id) {
        return Ok(Capacity::Delegate);
    }
    let stands_in = |owner: &&String| {
        let leave = roster.officers.get(*owner).and_then(|owner| owner.leave(today));
        leave.is_some_and(|leave| leave.substitute.as_ref() == Some(id))
    };
    if let Some(of) = wanted.assignees.iter().find(stands_in) {
        return Ok(Capacity::Substitute { of: of.clone() });
    }
    authority(policy, roster, officer, wanted, asked, today)
}

/// Whether a post that answers to the duty is held on the day.
fn holds(policy: &Policy, officer: &Officer, by: &WhoBy, today: Day) -> bool {
    names(policy, by).iter().any(|name| officer.holds(name, today))
}

/// The role of somebody whose own post has ended since the duty was given. Who never held it was
/// given the duty as a substitute, by transfer or as the chief.
fn ended(policy: &Policy, officer: &Officer, by: &WhoBy, today: Day) -> Option<String> {
    let names = names(policy, by);
    let held = officer.posts.iter().find(|post| names.contains(&post.role.as_str()))?;
    (!holds(policy, officer, by, today)).then(|| held.role.clone())
}

/// Looks for authority handed on in writing by somebody who has it himself.
fn authority(
    policy: &Policy,
    roster: &Roster,
    officer: &Officer,
    wanted: &DutyRequest<'_>,
    asked: DutyNeed<'_>,
    today: Day,
) -> Result<Capacity, PeopleRefusal> {
    let workflow = &wanted.duty.workflow.id;
    let in_force = |d: &&Delegation| {
        let is_scope = d.scope == EVERY_WORKFLOW || d.scope == *workflow;
        is_scope && d.from_day <= today && today <= d.to_day
    };
    let has_it = |id: &str| {
        let holder = roster.officers.get(id);
        wanted.assignees.iter().any(|assignee| assignee == id)
            || holder.is_some_and(|holder| {
                holds(policy, holder, asked.by, today)
                    && named(policy, roster, asked.by, wanted.duty.station).any(|o| o.id == holder.id)
            })
    };
    let given = |to: &str| {
        let to = to.to_owned();
        roster.delegations.iter().filter(in_force).filter(move |d| d.to == to)
    };
    for delegation in given(&officer.id) {
        if has_it(&delegation.from) {
            // Who must not do it himself has nothing to hand on.
            apart(roster, wanted, &delegation.from)?;
            let (of, document) = (delegation.from.clone(), delegation.document.clone());
            return Ok(Capacity::Authority { of, document });
        }
        if given(&delegation.from).any(|first| has_it(&first.from)) {
            return Err(PeopleRefusal::HandedOnAgain { officer: delegation.from.clone() });
        }
    }
    Err(not_theirs(policy, officer, wanted, asked, today))
}

/// Says why nothing gives the duty to somebody: another role, or simply others.
fn not_theirs(
    policy: &Policy,
    officer: &Officer,
    wanted: &DutyRequest<'_>,
    asked: DutyNeed<'_>,
    today: Day,
) -> PeopleRefusal {
    let names = names(policy, asked.by);
    let officer_id = officer.id.clone();
    match names.first() {
        Some(role) if !holds(policy, officer, asked.by, today) => {
            PeopleRefusal::WrongRole { officer: officer_id, role: (*role).to_owned() }
        }
        Some(_) | None => {
            PeopleRefusal::NotTheirs { officer: officer_id, assignees: wanted.assignees.to_vec() }
        }
    }
}

/// Whether the duty is there to be taken by somebody: one of a role is by all who hold it, one of
/// a grid only while nobody has it.
fn offered(
    policy: &Policy,
    roster: &Roster,
    officer: &Officer,
    wanted: &DutyRequest<'_>,
    asked: DutyNeed<'_>,
    today: Day,
) -> Option<Capacity> {
    let is_open = match asked.by {
        WhoBy::Role(_) | WhoBy::Duty(_) => true,
        WhoBy::GridDuty | WhoBy::SameAs(_) => wanted.assignees.is_empty(),
    };
    let duty = &wanted.duty;
    let meant = is_open && pool(policy, roster, duty, asked, today).iter().any(|(_, id)| *id == officer.id);
    let names = names(policy, asked.by);
    let fits = names.is_empty() || holds(policy, officer, asked.by, today);
    (meant && fits).then_some(Capacity::Claimant)
}

/// Whether somebody is a chief to whom the station's people report.
fn chief(
    policy: &Policy,
    roster: &Roster,
    officer: &Officer,
    wanted: &DutyRequest<'_>,
    today: Day,
) -> Option<Capacity> {
    let is_chief = policy.roles.iter().any(|role| {
        role.head.is_some()
            && officer.holds(&role.id, today)
            && officer.reaches(role, wanted.duty.station)
            && roster.conflict(&officer.id, wanted.duty.subject).is_none()
    });
    is_chief.then_some(Capacity::Chief)
}

/// Asks for the certificate of the day.
fn certified(
    roster: &Roster,
    wanted: &DutyRequest<'_>,
    asked: DutyNeed<'_>,
    officer: &Officer,
    today: Day,
) -> Result<(), PeopleRefusal> {
    let duty = &wanted.duty;
    let barred = fitness(roster, duty.subject, duty.avoid, asked.certified, officer, today);
    barred.map_or(Ok(()), |reason| Err(PeopleRefusal::of(&officer.id, reason)))
}

/// Asks for as many different people as the duty needs, each of them fit for it.
fn all_of_them(
    roster: &Roster,
    wanted: &DutyRequest<'_>,
    asked: DutyNeed<'_>,
    by: &str,
    together: &[String],
    today: Day,
) -> Result<(), PeopleRefusal> {
    for (at, id) in together.iter().enumerate() {
        if id == by || together[..at].contains(id) {
            return Err(PeopleRefusal::SamePerson { officer: id.clone() });
        }
        let officer = present(roster, id, today)?;
        certified(roster, wanted, asked, officer, today)?;
    }
    let present = u32::try_from(together.len()).unwrap_or(u32::MAX).saturating_add(1);
    if present < asked.officers {
        return Err(PeopleRefusal::TooFew { needed: asked.officers, present });
    }
    Ok(())
}
