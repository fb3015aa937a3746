//! Who may do what beside the steps of an order.

use super::act::{present, serving};
use super::day::RosterOnDay;
use super::refusal::{AbleOfficers, PeopleRefusal};
use super::roster::Officer;
use crate::policy::{Administrator, Head, Power, PowerHolder, Role, Scope};

/// Something beside the steps that somebody wants to do.
#[derive(Clone, Copy, Debug)]
pub struct PowerRequest<'a> {
    /// What is wanted.
    pub power: Power,
    /// Station of what it is done to; none for what belongs to the whole bureau.
    pub station: Option<&'a str>,
    /// Who has or had a duty of the order it is done to, or made the document.
    pub parties: &'a [String],
    /// Officers it is about; the first of them is the one that a head has to outrank.
    pub about: &'a [&'a str],
    /// The subject it is about, from whom some keep away.
    pub subject: Option<&'a str>,
}

impl<'a> PowerRequest<'a> {
    /// Asks for a power over what belongs to a station, or to the whole bureau.
    pub const fn over(power: Power, station: Option<&'a str>) -> Self {
        Self { power, station, parties: &[], about: &[], subject: None }
    }

    /// Returns whether it is somebody's own matter, which is another's to decide.
    fn is_own(&self, officer: &str) -> bool {
        self.power.is_barred_to_oneself() && self.about.contains(&officer)
    }
}

/// Decides whether somebody of the register may do something beside the steps of an order.
///
/// # Refusals
/// R153 while nobody is registered; R020 to R022 for whoever is unknown, gone or on leave; R150 for
/// whoever lacks the power, with those who have it; R151 for one's own post, departure, delegation or
/// recusal; R025 for whoever keeps away from the subject.
///
/// # Source
/// Policy language, rule 31.
pub fn may_use(on: RosterOnDay<'_>, by: &str, wanted: &PowerRequest<'_>) -> Result<(), PeopleRefusal> {
    let power = wanted.power;
    if !on.roster.is_kept() {
        let may_begin = power.is_for_beginnings();
        return if may_begin { Ok(()) } else { Err(PeopleRefusal::NobodyRegistered) };
    }
    // Whoever is on leave may end his own.
    let is_own_leave = power == Power::Leave && wanted.about == [by];
    let find = if is_own_leave { serving } else { present };
    let officer = find(on.roster, by, on.today)?;
    if wanted.is_own(&officer.id) {
        return Err(PeopleRefusal::OwnPower { officer: named(officer), power: power.into_str() });
    }
    if let Some(conflict) = wanted.subject.and_then(|subject| on.roster.conflict(&officer.id, subject)) {
        let (officer, document) = (named(officer), conflict.document.clone());
        return Err(PeopleRefusal::Conflict { officer, document });
    }
    if has(on, officer, wanted) {
        return Ok(());
    }
    let able = AbleOfficers::of(able(on, wanted).into_iter().map(named));
    Err(PeopleRefusal::NoPower { officer: named(officer), power: power.into_str(), able })
}

/// Decides the same where nobody need be named while nobody is registered.
///
/// # Refusals
/// R154, and those of [`may_use`].
pub fn may_use_named(
    on: RosterOnDay<'_>,
    by: Option<&str>,
    wanted: &PowerRequest<'_>,
) -> Result<(), PeopleRefusal> {
    match by {
        Some(by) => may_use(on, by, wanted),
        None if on.roster.is_kept() => Err(PeopleRefusal::NameNeeded { power: wanted.power.into_str() }),
        None => may_use(on, "", wanted),
    }
}

/// Decides the same where an operator may act without a name; returns in whose name it is recorded: whoever is
/// named, else the administrator, who, where he is an officer, has to be one of the register and in service. While
/// nobody is registered no name can be known, and it is the administrator's.
///
/// # Refusals
/// R181; those of [`may_use`] for whoever is named.
pub fn operator<'a>(
    on: RosterOnDay<'a>,
    by: Option<&'a str>,
    wanted: &PowerRequest<'_>,
) -> Result<&'a str, PeopleRefusal> {
    if let Some(by) = by.filter(|_| on.roster.is_kept()) {
        return may_use(on, by, wanted).map(|()| by);
    }
    match &on.policy.administrator {
        Administrator::Officer(id) if on.roster.is_kept() => {
            let officer = on.roster.officers.get(id);
            if !officer.is_some_and(|officer| officer.serves(on.today)) {
                return Err(PeopleRefusal::NoAdministrator { officer: id.clone() });
            }
        }
        Administrator::Officer(_) | Administrator::Named(_) => {}
    }
    Ok(on.policy.administrator.recorded())
}

/// Decides whether somebody may give a role: its rank and its reach are not above his own.
///
/// # Refusals
/// R152.
///
/// # Source
/// Policy language, rule 31: nobody lifts another above himself.
pub fn may_give_role(on: RosterOnDay<'_>, by: &str, role: &str) -> Result<(), PeopleRefusal> {
    let given = on.policy.roles.iter().find(|known| known.id == role);
    let (Some(given), Some(by)) = (given, on.roster.officers.get(by)) else { return Ok(()) };
    let own = by.head(on.policy, on.today);
    let fits = match given.head {
        Some(head) => own.is_some_and(|own| own > head) || own == Some(Head::Principal),
        None => given.scope != Scope::Bureau || own >= Some(Head::Deputy),
    };
    if fits || on.policy.administrator.is(&by.id) {
        return Ok(());
    }
    Err(PeopleRefusal::RoleAbove { officer: named(by), role: role.to_owned() })
}

/// Lists by id who may do something today.
pub fn who_may<'a>(on: RosterOnDay<'a>, wanted: &PowerRequest<'_>) -> Vec<&'a str> {
    able(on, wanted).into_iter().map(|officer| officer.id.as_str()).collect()
}

/// Those of the register who may, on that day; those of the station itself first, and its heads before others.
fn able<'a>(on: RosterOnDay<'a>, wanted: &PowerRequest<'_>) -> Vec<&'a Officer> {
    let keeps_away =
        |id: &str| wanted.subject.is_some_and(|subject| on.roster.conflict(id, subject).is_some());
    let here = on.roster.officers.values().filter(|officer| {
        !wanted.is_own(&officer.id)
            && !keeps_away(&officer.id)
            && present(on.roster, &officer.id, on.today).is_ok()
            && has(on, officer, wanted)
    });
    let mut all: Vec<&Officer> = here.collect();
    all.sort_by_key(|officer| {
        let is_far = officer.station.as_deref() != wanted.station;
        (is_far, officer.head(on.policy, on.today).is_none())
    });
    all
}

fn named(officer: &Officer) -> String {
    format!("{} {}", officer.name, officer.id)
}

/// Returns whether somebody has what is wanted, leave and own matters apart.
pub(super) fn has(on: RosterOnDay<'_>, officer: &Officer, wanted: &PowerRequest<'_>) -> bool {
    on.policy.powers.holders(wanted.power).iter().any(|holder| fits(on, officer, wanted, *holder))
}

/// Returns whether somebody stands above another, whose matters he may lay down: by rank, or as the administrator.
pub fn stands_above(on: RosterOnDay<'_>, by: &Officer, about: &Officer) -> bool {
    let rank = |officer: &Officer| officer.head(on.policy, on.today);
    on.policy.administrator.is(&by.id) || is_above(rank(by), rank(about))
}

/// Whether one rank stands above another; the principal stands above everybody.
fn is_above(own: Option<Head>, other: Option<Head>) -> bool {
    other.is_none() || own == Some(Head::Principal) || own > other
}

/// Whether a head stands above the officer something is about: nobody disposes of his equals, but the principal.
/// Leave and departure of whoever has nobody above him are his equals' or the next below to write down.
fn outranks(on: RosterOnDay<'_>, head: Head, wanted: &PowerRequest<'_>) -> bool {
    let Some(about) = wanted.about.first().and_then(|id| on.roster.officers.get(*id)) else { return true };
    let Some(rank) = about.head(on.policy, on.today) else { return true };
    if is_above(Some(head), Some(rank)) {
        return true;
    }
    let is_above = |other: &Officer| other.id != about.id && stands_above(on, other, about);
    let is_needed = matches!(wanted.power, Power::Leave | Power::Departure);
    let mut there =
        on.roster.officers.values().filter(|other| present(on.roster, &other.id, on.today).is_ok());
    is_needed && (head == rank || rank == Head::Principal && head == Head::Deputy) && !there.any(is_above)
}

fn fits(on: RosterOnDay<'_>, officer: &Officer, wanted: &PowerRequest<'_>, holder: PowerHolder) -> bool {
    let held = || on.policy.roles.iter().filter(|role| officer.holds(&role.id, on.today));
    let reaches = |role: &Role| match wanted.station {
        Some(station) => officer.reaches(role, station),
        None => role.scope == Scope::Bureau,
    };
    match holder {
        PowerHolder::Role(role) => {
            let role = on.policy.role(role);
            officer.holds(&role.id, on.today) && reaches(role)
        }
        PowerHolder::Head(least) => {
            let is_meant =
                |head: Head| head >= least && (!wanted.power.is_over_people() || outranks(on, head, wanted));
            held().any(|role| role.head.is_some_and(is_meant) && reaches(role))
        }
        PowerHolder::Bureau => held().any(|role| role.scope == Scope::Bureau),
        PowerHolder::Staff => held().any(reaches),
        PowerHolder::Party => wanted.parties.contains(&officer.id),
        PowerHolder::Oneself => wanted.about == [officer.id.as_str()],
        PowerHolder::Administrator => on.policy.administrator.is(&officer.id),
    }
}
