//! What is laid down about people, and by whom: recusals, delegations, approvals of changes.

use super::act::{known, present};
use super::refusal::PeopleRefusal;
use super::roster::{Conflict, Decider, Delegation, Roster};
use crate::policy::{Head, Policy};
use crate::time::Day;

/// Decides whether a recusal was decided by whom the law names.
///
/// That of ordinary staff by a head of their station or of the bureau, that of a head by the
/// principal, that of the principal by collective discussion; nobody decides his own.
///
/// # Refusals
/// No document; an officer nobody knows; another decider.
///
/// # Source
/// Domain rule S8; CXGD art. 4.
pub fn may_recuse(
    policy: &Policy,
    roster: &Roster,
    conflict: &Conflict,
    today: Day,
) -> Result<(), PeopleRefusal> {
    written(&conflict.document)?;
    let officer = known(roster, &conflict.officer)?;
    let wrong = |decider| Err(PeopleRefusal::WrongDecider { officer: officer.id.clone(), decider });
    let by = match &conflict.decided_by {
        Decider::Collective => None,
        Decider::Officer(id) => Some(present(roster, id, today)?),
    };
    let by = by.filter(|by| by.id != officer.id);
    let by_head = by.and_then(|by| by.head(policy, today));
    match officer.head(policy, today) {
        Some(Head::Principal) if conflict.decided_by == Decider::Collective => Ok(()),
        Some(Head::Principal) => wrong("collective"),
        Some(Head::Deputy) if by_head == Some(Head::Principal) => Ok(()),
        Some(Head::Deputy) => wrong("principal"),
        Some(Head::Unit) | None => {
            let is_theirs = by.is_some_and(|by| by.station.is_none() || by.station == officer.station);
            match by_head {
                Some(Head::Principal | Head::Deputy) => Ok(()),
                Some(Head::Unit) if is_theirs && officer.head(policy, today).is_none() => Ok(()),
                Some(Head::Unit) | None => wrong("head"),
            }
        }
    }
}

/// Decides whether authority may be handed on as written.
///
/// # Refusals
/// No document, days that run backwards, oneself, people nobody knows or who are gone; and who
/// has nothing of his own but what was handed to him.
///
/// # Source
/// Domain rule S13; CXGD art. 9.
pub fn may_delegate(roster: &Roster, delegation: &Delegation) -> Result<(), PeopleRefusal> {
    let Delegation { from, to, scope: _, from_day, to_day, document } = delegation;
    written(document)?;
    if to_day < from_day {
        return Err(PeopleRefusal::Backwards { from: *from_day, to: *to_day });
    }
    if from == to {
        return Err(PeopleRefusal::Oneself { officer: from.clone() });
    }
    let giver = known(roster, from)?;
    for officer in [giver, known(roster, to)?] {
        if let Some(on) = officer.left_on.filter(|last| last < from_day) {
            return Err(PeopleRefusal::Left { officer: officer.id.clone(), on });
        }
    }
    let has_own = giver.posts.iter().any(|post| post.covers(*from_day))
        || roster.grids.values().any(|grid| [&grid.officer, &grid.backup].contains(&&Some(from.clone())));
    let received = roster
        .delegations
        .iter()
        .any(|known| known.to == *from && known.from_day <= *to_day && *from_day <= known.to_day);
    if received && !has_own {
        return Err(PeopleRefusal::HandedOnAgain { officer: from.clone() });
    }
    Ok(())
}

/// Decides whether somebody may approve a change of the policy.
///
/// # Refusals
/// Its own author.
///
/// # Source
/// Domain rule S3.
pub fn may_approve_change(author: &str, approver: &str) -> Result<(), PeopleRefusal> {
    if author == approver {
        return Err(PeopleRefusal::OwnChange { officer: approver.to_owned() });
    }
    Ok(())
}

fn written(document: &str) -> Result<(), PeopleRefusal> {
    if document.trim().is_empty() { Err(PeopleRefusal::NoDocument) } else { Ok(()) }
}
