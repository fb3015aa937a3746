//! Who may do what beside the steps of an order.

use super::act::present;
use super::day::RosterOnDay;
use super::refusal::{AbleOfficers, PeopleRefusal};
use super::roster::Officer;
use crate::policy::{Head, Power, PowerHolder, Role, Scope};

/// Something beside the steps that somebody wants to do.
#[derive(Clone, Copy, Debug)]
pub struct PowerRequest<'a> {
    /// What is wanted.
    pub power: Power,
    /// Station of what it is done to; none for what belongs to the whole bureau.
    pub station: Option<&'a str>,
    /// Who has or had a duty of the order it is done to, or made the document.
    pub parties: &'a [String],
    /// Officers it is about.
    pub about: &'a [&'a str],
}

impl<'a> PowerRequest<'a> {
    /// Asks for a power over what belongs to a station, or to the whole bureau.
    pub const fn over(power: Power, station: Option<&'a str>) -> Self {
        Self { power, station, parties: &[], about: &[] }
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
/// recusal.
///
/// # Source
/// Policy language, rule 31.
pub fn may_use(on: RosterOnDay<'_>, by: &str, wanted: &PowerRequest<'_>) -> Result<(), PeopleRefusal> {
    let power = wanted.power;
    if !on.roster.is_kept() {
        let may_begin = power.is_for_beginnings();
        return if may_begin { Ok(()) } else { Err(PeopleRefusal::NobodyRegistered) };
    }
    let officer = present(on.roster, by, on.today)?;
    if wanted.is_own(&officer.id) {
        return Err(PeopleRefusal::OwnPower { officer: named(officer), power: power.into_str() });
    }
    if has(on, officer, wanted) {
        return Ok(());
    }
    let able = AbleOfficers(able(on, wanted));
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

/// Officers told as able to do what somebody may not; more are not read.
const ABLE_MAX: usize = 5;

/// Those of the register who may, on that day.
fn able(on: RosterOnDay<'_>, wanted: &PowerRequest<'_>) -> Vec<String> {
    let here = on.roster.officers.values().filter(|officer| {
        !wanted.is_own(&officer.id)
            && present(on.roster, &officer.id, on.today).is_ok()
            && has(on, officer, wanted)
    });
    here.take(ABLE_MAX).map(named).collect()
}

fn named(officer: &Officer) -> String {
    format!("{} {}", officer.name, officer.id)
}

fn has(on: RosterOnDay<'_>, officer: &Officer, wanted: &PowerRequest<'_>) -> bool {
    on.policy.powers.holders(wanted.power).iter().any(|holder| fits(on, officer, wanted, *holder))
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
            held().any(|role| role.head.is_some_and(|head| head >= least) && reaches(role))
        }
        PowerHolder::Bureau => held().any(|role| role.scope == Scope::Bureau),
        PowerHolder::Staff => held().any(reaches),
        PowerHolder::Party => wanted.parties.contains(&officer.id),
        PowerHolder::Oneself => wanted.about == [officer.id.as_str()],
        PowerHolder::Administrator => on.policy.administrator.is(&officer.id),
    }
}
