//! Choosing the people of a duty.

use std::collections::BTreeMap;

use super::exclusion::Exclusion;
use super::roster::{Officer, Roster};
use crate::policy::{Cell, Head, Policy, Scope, StepKind, Who, WhoBy, Workflow};
use crate::time::Day;

/// A duty that needs people.
#[derive(Clone, Copy, Debug)]
pub struct StaffRequest<'a> {
    /// The workflow, in which `same_as` finds the duty it repeats.
    pub workflow: &'a Workflow,
    /// Who is asked for.
    pub who: &'a Who,
    /// Station that supervises the subject now.
    pub station: &'a str,
    /// The subject's grid.
    pub grid: Option<&'a str>,
    /// Id of the subject.
    pub subject: &'a str,
    /// The people of the step that `same_as` names, in their order.
    pub same_as: &'a [String],
    /// Who must not.
    pub avoid: &'a [ExcludedOfficer],
}

/// Somebody who must not do a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcludedOfficer {
    /// Who.
    pub officer: String,
    /// Because of what: the id of the step they did.
    pub because: String,
}

/// Who was chosen, and why not the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The people of the duty; with a shortfall the chiefs, who decide what happens.
    pub chosen: Vec<String>,
    /// Everybody who could do it, the most suitable first.
    pub candidates: Vec<String>,
    /// Everybody who was passed over, with the first reason found.
    pub excluded: Vec<(String, Exclusion)>,
    /// What is missing, when too few are left.
    pub shortfall: Option<Shortfall>,
}

/// Too few people are left for a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// How many it needs.
    pub needed: u32,
    /// How many could do it.
    pub left: u32,
}

/// What a duty asks of its people, with `same_as` followed to the duty it repeats.
#[derive(Clone, Copy, Debug)]
pub(super) struct DutyNeed<'a> {
    /// Whose the repeated duty is; never `same_as`, unless the policy goes round in a circle.
    pub(super) by: &'a WhoBy,
    /// How many.
    pub(super) officers: u32,
    /// Whether each needs a certificate.
    pub(super) certified: bool,
}

/// Chooses the people of a duty on a day.
///
/// Those of another step come first, then those of the grid or the role; ties go to who has
/// fewest open duties, then to whose last one is longest ago, then by id. A substitute takes the
/// place of somebody on leave. When too few are left the duty goes to the chiefs, who decide; it
/// stays a duty of as many people as before.
///
/// # Source
/// Policy language, rules 15 and 16; domain rules S2, S8, S12.
pub fn choose(policy: &Policy, roster: &Roster, wanted: &StaffRequest<'_>, today: Day) -> Choice {
    let mut choice = Choice::default();
    if !roster.is_kept() {
        return choice;
    }
    let asked = asked(wanted.workflow, wanted.who);
    let mut ranked: BTreeMap<&str, (usize, &Officer)> = BTreeMap::new();
    let mut excluded: Vec<(String, Exclusion)> = Vec::new();
    for (rank, id) in pool(policy, roster, wanted, asked, today) {
        if ranked.contains_key(id) || excluded.iter().any(|(known, _)| known == id) {
            continue;
        }
        match bar(policy, roster, wanted, asked, id, today) {
            None => {
                ranked.insert(id, (rank, &roster.officers[id]));
            }
            Some(reason) => {
                let stand_in = stand_in(policy, roster, wanted, asked, &reason, today);
                excluded.push((id.to_owned(), reason));
                if let Some(officer) = stand_in {
                    ranked.entry(&officer.id).or_insert((rank, officer));
                }
            }
        }
    }
    excluded.retain(|(id, _)| !ranked.contains_key(id.as_str()));
    let mut candidates: Vec<(usize, &Officer)> = ranked.into_values().collect();
    candidates.sort_by_key(|(rank, officer)| (*rank, officer.load, officer.last_at, officer.id.as_str()));
    choice.candidates = candidates.into_iter().map(|(_, officer)| officer.id.clone()).collect();
    choice.excluded = excluded;
    settle(policy, roster, wanted, asked, choice, today)
}

/// Takes as many as are needed, or turns to the chiefs.
fn settle(
    policy: &Policy,
    roster: &Roster,
    wanted: &StaffRequest<'_>,
    asked: DutyNeed<'_>,
    mut choice: Choice,
    today: Day,
) -> Choice {
    let needed = usize::try_from(asked.officers).unwrap_or(usize::MAX);
    if let Some(chosen) = choice.candidates.get(..needed) {
        choice.chosen = chosen.to_vec();
        return choice;
    }
    let left = u32::try_from(choice.candidates.len()).unwrap_or(u32::MAX);
    choice.shortfall = Some(Shortfall { needed: asked.officers, left });
    let is_free = |id: &str| separation(roster, wanted.subject, wanted.avoid, id).is_none();
    choice.chosen = roster.chiefs(policy, wanted.station, today, is_free);
    choice
}

/// Follows `same_as` to the duty it repeats; what any of them asks is asked.
pub(super) fn asked<'a>(workflow: &'a Workflow, who: &'a Who) -> DutyNeed<'a> {
    let mut asked = DutyNeed { by: &who.by, officers: who.officers, certified: who.certified };
    // A chain visits each step once at most; a circle ends here.
    for _ in &workflow.steps {
        let WhoBy::SameAs(at) = asked.by else { return asked };
        let StepKind::Duty { who, .. } = &workflow.steps[at.ix()].kind else { return asked };
        asked = DutyNeed {
            by: &who.by,
            officers: asked.officers.max(who.officers),
            certified: asked.certified || who.certified,
        };
    }
    asked
}

/// Lists whom the duty could mean, with a rank: a lower one goes first whatever the load.
pub(super) fn pool<'a>(
    policy: &'a Policy,
    roster: &'a Roster,
    wanted: &StaffRequest<'a>,
    asked: DutyNeed<'a>,
    today: Day,
) -> Vec<(usize, &'a str)> {
    let mut pool: Vec<(usize, &str)> =
        wanted.same_as.iter().enumerate().map(|(rank, id)| (rank, id.as_str())).collect();
    let after = pool.len();
    let mut add = |rank: usize, id: &'a str| pool.push((after + rank, id));
    match asked.by {
        WhoBy::GridDuty => {
            let grid = wanted.grid.and_then(|grid| roster.grids.get(grid));
            for (rank, id) in grid.into_iter().flat_map(|g| [&g.officer, &g.backup]).enumerate() {
                if let Some(id) = id {
                    add(rank, id);
                }
            }
            if asked.officers > 1 {
                let station = wanted.station;
                for officer in partners(policy, roster, station, today) {
                    add(2, &officer.id);
                }
            }
        }
        WhoBy::Role(_) | WhoBy::Duty(_) => {
            for officer in named(policy, roster, asked.by, wanted.station) {
                add(0, &officer.id);
            }
        }
        WhoBy::SameAs(_) => {}
    }
    pool
}

/// The officers of a station who may go along: those who hold a role of grids, or all of them
/// when the policy knows no such role.
fn partners<'a>(
    policy: &'a Policy,
    roster: &'a Roster,
    station: &'a str,
    today: Day,
) -> impl Iterator<Item = &'a Officer> {
    let roles: Vec<&str> =
        policy.roles.iter().filter(|role| role.scope == Scope::Grid).map(|role| role.id.as_str()).collect();
    let here = roster.officers.values().filter(move |officer| officer.station.as_deref() == Some(station));
    here.filter(move |officer| roles.is_empty() || roles.iter().any(|role| officer.holds(role, today)))
}

/// The officers who hold, held or will hold the role or duty at a station.
pub(super) fn named<'a>(
    policy: &'a Policy,
    roster: &'a Roster,
    by: &'a WhoBy,
    station: &'a str,
) -> impl Iterator<Item = &'a Officer> {
    let names = names(policy, by);
    roster.officers.values().filter(move |officer| {
        let is_named = officer.posts.iter().any(|post| names.contains(&post.role.as_str()));
        is_named && reaches(policy, officer, by, station)
    })
}

/// The posts that answer to a role or a duty: its own name, and for a duty the role that the
/// table of duties gives it.
pub(super) fn names<'a>(policy: &'a Policy, by: &'a WhoBy) -> Vec<&'a str> {
    match by {
        WhoBy::Role(role) => vec![policy.roles[role.ix()].id.as_str()],
        WhoBy::Duty(duty) => {
            let table = policy.tables.iter().find(|table| table.id == "duties");
            let cell = table.and_then(|table| {
                let at = table.columns.iter().position(|(name, _)| name == "role")?;
                table.rows.get(duty)?.cells.get(at)
            });
            let role = match cell {
                Some(Cell::Text(role)) => Some(role.as_str()),
                Some(Cell::Missing | Cell::Integer(_) | Cell::Decimal(_) | Cell::Flag(_)) | None => None,
            };
            [duty.as_str()].into_iter().chain(role).collect()
        }
        WhoBy::GridDuty | WhoBy::SameAs(_) => Vec::new(),
    }
}

/// Whether an officer's reach covers the station; a duty without a role is its station's.
fn reaches(policy: &Policy, officer: &Officer, by: &WhoBy, station: &str) -> bool {
    let reach = |id: &&str| {
        let role = policy.roles.iter().find(|role| role.id == **id);
        role.map_or(officer.station.as_deref().is_none_or(|own| own == station), |r| {
            officer.reaches(r, station)
        })
    };
    names(policy, by).iter().any(|id| officer.posts.iter().any(|post| post.role == *id) && reach(id))
}

/// Says why somebody cannot do the duty: service, leave, post, certificate, separation.
pub(super) fn bar(
    policy: &Policy,
    roster: &Roster,
    wanted: &StaffRequest<'_>,
    asked: DutyNeed<'_>,
    id: &str,
    today: Day,
) -> Option<Exclusion> {
    let Some(officer) = roster.officers.get(id) else { return Some(Exclusion::Unknown) };
    if let Some(away) = away(officer, today) {
        return Some(away);
    }
    let names = names(policy, asked.by);
    if let [role, ..] = names.as_slice()
        && !names.iter().any(|name| officer.holds(name, today))
    {
        return Some(Exclusion::PostNotInForce { role: (*role).to_owned() });
    }
    fitness(roster, wanted.subject, wanted.avoid, asked.certified, officer, today)
}

/// The substitute of somebody on leave, who needs no post of his own for it. The principal's
/// place is taken by nobody who does not hold the role.
fn stand_in<'a>(
    policy: &Policy,
    roster: &'a Roster,
    wanted: &StaffRequest<'_>,
    asked: DutyNeed<'_>,
    reason: &Exclusion,
    today: Day,
) -> Option<&'a Officer> {
    let Exclusion::OnLeave { substitute: Some(substitute), .. } = reason else { return None };
    let officer = roster.officers.get(substitute)?;
    let is_free = away(officer, today).is_none()
        && fitness(roster, wanted.subject, wanted.avoid, asked.certified, officer, today).is_none()
        && (!is_principals(policy, asked.by)
            || names(policy, asked.by).iter().any(|n| officer.holds(n, today)));
    is_free.then_some(officer)
}

/// Whether only the principal in person will do.
pub(super) fn is_principals(policy: &Policy, by: &WhoBy) -> bool {
    matches!(by, WhoBy::Role(role) if policy.roles[role.ix()].head == Some(Head::Principal))
}

/// Says whether somebody is there at all.
pub(super) fn away(officer: &Officer, today: Day) -> Option<Exclusion> {
    if let Some(on) = officer.left_on.filter(|_| !officer.serves(today)) {
        return Some(Exclusion::Left { on });
    }
    let leave = officer.leave(today)?;
    Some(Exclusion::OnLeave { to: leave.to, substitute: leave.substitute.clone() })
}

/// Says why somebody who is there must not: certificate, recusal, what they did before.
pub(super) fn fitness(
    roster: &Roster,
    subject: &str,
    avoid: &[ExcludedOfficer],
    certified: bool,
    officer: &Officer,
    today: Day,
) -> Option<Exclusion> {
    if certified {
        if officer.certificate.is_none() {
            return Some(Exclusion::NoCertificate);
        }
        if officer.certified_until.is_none_or(|until| until < today) {
            return Some(Exclusion::CertificateLapsed { until: officer.certified_until });
        }
    }
    separation(roster, subject, avoid, &officer.id)
}

/// Says what keeps two things apart that one person must not do both.
pub(super) fn separation(
    roster: &Roster,
    subject: &str,
    avoid: &[ExcludedOfficer],
    id: &str,
) -> Option<Exclusion> {
    if let Some(conflict) = roster.conflict(id, subject) {
        return Some(Exclusion::Conflict { document: conflict.document.clone() });
    }
    let avoided = avoid.iter().find(|avoided| avoided.officer == id)?;
    Some(Exclusion::Avoided { because: avoided.because.clone() })
}
