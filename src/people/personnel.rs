//! What is laid down about people, and by whom: posts, leaves, recusals, delegations.

use super::act::{known, present};
use super::day::RosterOnDay;
use super::power::{PowerRequest, has, may_use};
use super::refusal::{Nearest, PeopleRefusal};
use super::roster::{Conflict, Decider, Delegation, Leave, Officer, Post, Roster};
use crate::diag::nearest;
use crate::id::person_id;
use crate::policy::{Head, Policy, Power, is_mail_address};
use crate::time::{Day, Stamp};

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
        Decider::Collective | Decider::CollectiveSaidBy(_) => None,
        Decider::Officer(id) => Some(present(roster, id, today)?),
    };
    let by = by.filter(|by| by.id != officer.id);
    let by_head = by.and_then(|by| by.head(policy, today));
    match officer.head(policy, today) {
        Some(Head::Principal) if conflict.decided_by == Decider::Collective => Ok(()),
        Some(Head::Principal) => wrong("collective"),
        Some(Head::Deputy) if by_head == Some(Head::Principal) => Ok(()),
        // Nobody stands above him: his equals decide together, as of the principal.
        Some(Head::Deputy)
            if conflict.decided_by == Decider::Collective && !has_principal(policy, roster, today) =>
        {
            Ok(())
        }
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

/// Decides whether somebody may write a recusal down: whoever decided it, or the administrator by what is written;
/// returns it as it stands then. What the heads decided in collective discussion counts once two of them have said so,
/// each as himself.
///
/// # Refusals
/// R182.
pub fn may_record_recusal(
    on: RosterOnDay<'_>,
    by: &str,
    conflict: &Conflict,
) -> Result<Conflict, PeopleRefusal> {
    let is_administrator = on.policy.administrator.is(by);
    let decided_by = match &conflict.decided_by {
        Decider::Officer(decider) if decider != by && !is_administrator => {
            return Err(PeopleRefusal::NotTheDecider { officer: by.to_owned(), decider: decider.clone() });
        }
        Decider::Officer(decider) => Decider::Officer(decider.clone()),
        Decider::Collective | Decider::CollectiveSaidBy(_) => {
            let known = on.roster.recusal(&conflict.officer, &conflict.subject);
            match known.map(|known| (&known.decided_by, known.document == conflict.document)) {
                Some((Decider::Officer(_) | Decider::Collective, _)) => return Ok(conflict.clone()),
                Some((Decider::CollectiveSaidBy(first), true)) if first != by => Decider::Collective,
                _ if is_administrator || others_who_recuse(on, by, &conflict.officer) == 0 => {
                    Decider::Collective
                }
                _ => Decider::CollectiveSaidBy(by.to_owned()),
            }
        }
    };
    Ok(Conflict { decided_by, ..conflict.clone() })
}

fn has_principal(policy: &Policy, roster: &Roster, today: Day) -> bool {
    let mut serving = roster.officers.values().filter(|officer| officer.serves(today));
    serving.any(|officer| officer.head(policy, today) == Some(Head::Principal))
}

/// Counts those besides somebody who could lay down the recusal of an officer, today or once back from leave.
fn others_who_recuse(on: RosterOnDay<'_>, by: &str, officer: &str) -> usize {
    let about = [officer];
    let station = on.roster.officers.get(officer).and_then(|known| known.station.as_deref());
    let wanted = PowerRequest { about: &about, ..PowerRequest::over(Power::Conflict, station) };
    let others = on.roster.officers.values().filter(|other| other.serves(on.today));
    others.filter(|other| other.id != by && other.id != officer && has(on, other, &wanted)).count()
}

/// Decides whether notices may go to an address.
///
/// # Refusals
/// R183.
pub fn may_address(address: &str) -> Result<(), PeopleRefusal> {
    if is_mail_address(address) {
        return Ok(());
    }
    Err(PeopleRefusal::MailForm { address: address.to_owned() })
}

/// Decides whether authority may be handed on as written: from `since` on where it is known, to somebody who serves where it counts.
///
/// # Refusals
/// No document, days that run backwards, oneself, people nobody knows or who are gone; R194 for days that are over;
/// R189 for an officer of another station; and who has nothing of his own but what was handed to him.
///
/// # Source
/// Domain rule S13; CXGD art. 9.
pub fn may_delegate(
    roster: &Roster,
    delegation: &Delegation,
    since: Option<Day>,
) -> Result<(), PeopleRefusal> {
    let Delegation { from, to, scope: _, from_day, to_day, document } = delegation;
    written(document)?;
    in_order(*from_day, *to_day)?;
    if from == to {
        return Err(PeopleRefusal::Oneself { officer: from.clone() });
    }
    let giver = known(roster, from)?;
    in_service(roster, from, *from_day)?;
    in_service(roster, to, *from_day)?;
    let taker = known(roster, to)?;
    if let Some(station) = giver.station.clone().filter(|_| giver.is_elsewhere(taker)) {
        return Err(PeopleRefusal::Elsewhere { officer: taker.id.clone(), station });
    }
    let is_known = |day: Day| {
        let mut same = roster.delegations.iter().filter(|known| known.from == *from && known.to == *to);
        same.any(|known| known.from_day <= day && day <= known.to_day)
    };
    if let Some(today) = since.filter(|since| *from_day < *since)
        && !(is_known(*from_day) && today.pred_opt().is_none_or(is_known))
    {
        return Err(PeopleRefusal::DelegationBackdated { officer: taker.id.clone(), today });
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

/// A change of the policy that waits for a second person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeApproval<'a> {
    /// Whose change it is.
    pub author: &'a str,
    /// Who approves it.
    pub approver: &'a str,
}

/// Decides whether somebody may approve a change of the policy.
///
/// # Refusals
/// R038 for its own author, however the id is spelt; those of [`may_use`].
///
/// # Source
/// Domain rule S3; policy language, rule 31.
pub fn may_approve_change(on: RosterOnDay<'_>, approval: ChangeApproval<'_>) -> Result<(), PeopleRefusal> {
    let ChangeApproval { author, approver } = approval;
    if person_id(author) == person_id(approver) {
        return Err(PeopleRefusal::OwnChange { officer: approver.to_owned() });
    }
    may_use(on, approver, &PowerRequest::over(Power::Approve, None))
}

/// Returns whether there is somebody besides its author who could approve a change, today or once back from leave.
pub fn has_other_approver(on: RosterOnDay<'_>, author: &str) -> bool {
    let wanted = PowerRequest::over(Power::Approve, None);
    let others = on.roster.officers.values().filter(|officer| officer.serves(on.today));
    others.into_iter().any(|officer| person_id(&officer.id) != person_id(author) && has(on, officer, &wanted))
}

/// Decides whether a leave may be written down. One that is known and ends the day before it begins is taken back.
///
/// # Refusals
/// Days that run backwards; oneself as substitute; people nobody knows, or gone by then.
pub fn may_leave(roster: &Roster, officer: &str, leave: &Leave) -> Result<(), PeopleRefusal> {
    let Leave { from, to, substitute } = leave;
    let is_known = known(roster, officer)?.leaves.iter().any(|known| known.from == *from);
    if is_known && from.pred_opt() == Some(*to) {
        return Ok(());
    }
    in_order(*from, *to)?;
    in_service(roster, officer, *from)?;
    match substitute {
        Some(substitute) if substitute == officer => {
            Err(PeopleRefusal::Oneself { officer: officer.to_owned() })
        }
        Some(substitute) => in_service(roster, substitute, *from),
        None => Ok(()),
    }
}

/// Decides whether a leave may name who writes it down as the substitute: only of somebody below him, since it
/// hands him authority otherwise.
///
/// # Refusals
/// R151.
pub fn may_stand_in(
    on: RosterOnDay<'_>,
    by: &str,
    officer: &Officer,
    leave: &Leave,
) -> Result<(), PeopleRefusal> {
    let rank = |officer: &Officer| officer.head(on.policy, on.today);
    let own = known(on.roster, by)?;
    let is_own = leave.substitute.as_deref() == Some(by) && officer.id != by;
    if !is_own || rank(own) > rank(officer) {
        return Ok(());
    }
    let power = Power::Delegation.into_str();
    Err(PeopleRefusal::OwnPower { officer: format!("{} {by}", own.name), power })
}

/// Decides whether somebody may be written down as leaving.
///
/// # Refusals
/// Blanks in hand: they go back, or are voided or reported lost, before the account closes.
///
/// # Source
/// Scenario A8.
pub fn may_go(roster: &Roster, officer: &str, blanks: usize) -> Result<(), PeopleRefusal> {
    let officer = known(roster, officer)?.id.clone();
    if blanks > 0 { Err(PeopleRefusal::BlanksInHand { officer, blanks }) } else { Ok(()) }
}

/// Decides whether a post may be written down. It gives its powers from `since` on where that is known; one that was
/// held already may be written with the day on which it began, to end it.
///
/// # Refusals
/// Neither a role nor a duty of the policy; days that run backwards; an officer nobody knows; R191 for a post of days
/// that are over.
pub fn may_post(
    on: RosterOnDay<'_>,
    officer: &str,
    post: &Post,
    since: Option<Day>,
) -> Result<(), PeopleRefusal> {
    let officer = known(on.roster, officer)?;
    let duties = on.policy.tables.iter().filter(|table| table.id == "duties");
    let duties = duties.flat_map(|table| table.rows.keys()).map(String::as_str);
    let names: Vec<&str> = on.policy.roles.iter().map(|role| role.id.as_str()).chain(duties).collect();
    if !names.contains(&post.role.as_str()) {
        let nearest = Nearest(nearest(&post.role, names).unwrap_or_default().to_owned());
        return Err(PeopleRefusal::NoSuchRole { role: post.role.clone(), nearest });
    }
    if let (Some(from), Some(until)) = (post.from, post.until) {
        in_order(from, until)?;
    }
    if let Some(today) = since.filter(|since| is_backdated(&officer.posts, post, *since)) {
        let (officer, role) = (officer.id.clone(), post.role.clone());
        return Err(PeopleRefusal::PostBackdated { officer, role, today });
    }
    Ok(())
}

/// Returns what is left of a post that is held without a first day once it is written with one that has not passed: it
/// goes on until then. With one that has passed, the first day is made known.
pub fn undated_before(posts: &[Post], post: &Post, today: Day) -> Option<Post> {
    let from = post.from.filter(|from| *from >= today)?;
    let (role, until) = (post.role.clone(), from.pred_opt());
    let is_undated = |held: &Post| held.role == role && held.from.is_none() && held.until.is_none();
    posts.iter().any(is_undated).then_some(Post { role, from: None, until })
}

/// Returns whether a post would give powers on days before `since`: one that was held on them already may be written
/// with the day on which it began.
pub fn is_backdated(posts: &[Post], post: &Post, since: Day) -> bool {
    let held = |day: Day| posts.iter().any(|held| held.role == post.role && held.covers(day));
    let is_held = |from: Day| held(from) && since.pred_opt().is_none_or(held);
    post.from.is_some_and(|from| from < since && !is_held(from))
}

/// How service ends or pauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceEnd {
    /// After this day: a departure.
    LastDay(Day),
    /// On this day: a leave.
    AwayFrom(Day),
    /// After this day: a post, while service goes on.
    PostUntil(Day),
}

impl ServiceEnd {
    /// Returns from which day on somebody is said to have done nothing, where that day has come; a leave may begin in
    /// the middle of today, and today's acts may be another post's.
    pub fn idle_from(self, today: Day) -> Option<Day> {
        match self {
            Self::LastDay(last) => last.succ_opt().filter(|from| *from <= today),
            Self::AwayFrom(from) => Some(from).filter(|from| *from < today),
            Self::PostUntil(last) => last.succ_opt().filter(|from| *from < today),
        }
    }
}

/// Decides whether service may be said to have ended or paused, by when somebody did something last.
///
/// # Refusals
/// R192.
pub fn may_end_service(
    on: RosterOnDay<'_>,
    officer: &str,
    end: ServiceEnd,
    last: Option<Stamp>,
) -> Result<(), PeopleRefusal> {
    let zone = on.policy.bureau.zone;
    let since = end.idle_from(on.today);
    match last.filter(|at| since.is_some_and(|since| at.day_in(zone) >= since)) {
        Some(at) => {
            let (officer, at) = (known(on.roster, officer)?.id.clone(), at.rfc3339_in(zone));
            Err(PeopleRefusal::ActedSince { officer, at })
        }
        None => Ok(()),
    }
}

fn in_order(from: Day, to: Day) -> Result<(), PeopleRefusal> {
    if to < from { Err(PeopleRefusal::Backwards { from, to }) } else { Ok(()) }
}

/// Asks that somebody is still in service on a day.
fn in_service(roster: &Roster, officer: &str, on: Day) -> Result<(), PeopleRefusal> {
    let officer = known(roster, officer)?;
    match officer.left_on.filter(|last| *last < on) {
        Some(on) => Err(PeopleRefusal::Left { officer: officer.id.clone(), on }),
        None => Ok(()),
    }
}

fn written(document: &str) -> Result<(), PeopleRefusal> {
    if document.trim().is_empty() { Err(PeopleRefusal::NoDocument) } else { Ok(()) }
}
