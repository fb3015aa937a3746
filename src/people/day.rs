//! Who there is on a day, and what one duty asks of them.

use super::exclusion::Exclusion;
use super::roster::{Officer, Roster};
use crate::policy::{Cell, Head, Policy, Role, Scope, StepKind, Who, WhoBy, Workflow};
use crate::time::Day;

/// Who there is, by which policy, on the day that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct RosterOnDay<'a> {
    /// The policy, which says what roles and duties are.
    pub policy: &'a Policy,
    /// The people.
    pub roster: &'a Roster,
    /// The day.
    pub today: Day,
}

/// A duty that needs people.
#[derive(Clone, Copy, Debug)]
pub struct StaffRequest<'a> {
    /// The workflow, in which `same_as` finds the duty it repeats.
    pub workflow: &'a Workflow,
    /// Who is asked for.
    pub who: &'a Who,
    /// Whether the duty approves something, so that nobody stands in for its holder without the rank or a paper.
    pub approves: bool,
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
    pub officer: String,
    /// Because of what: the id of the step they did.
    pub because: String,
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

/// One duty that is asked about on a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct DutyQuery<'a> {
    pub(super) on: RosterOnDay<'a>,
    pub(super) wanted: StaffRequest<'a>,
    pub(super) asked: DutyNeed<'a>,
}

impl<'a> RosterOnDay<'a> {
    /// The officers of a station who may go along: those who hold a role of grids, or all of them
    /// when the policy knows no such role.
    fn partners(self, station: &'a str) -> impl Iterator<Item = &'a Officer> {
        let roles = self.grid_roles();
        let here = self.roster.officers.values();
        let here = here.filter(move |officer| officer.station.as_deref() == Some(station));
        here.filter(move |officer| {
            roles.is_empty() || roles.iter().any(|role| officer.holds(role, self.today))
        })
    }

    /// The roles of the officers of grids.
    fn grid_roles(self) -> Vec<&'a str> {
        let roles = self.policy.roles.iter().filter(|role| role.scope == Scope::Grid);
        roles.map(|role| role.id.as_str()).collect()
    }

    /// The officers who hold, held or will hold the role or duty at a station.
    pub(super) fn named(self, by: &'a WhoBy, station: &'a str) -> impl Iterator<Item = &'a Officer> {
        let names = names(self.policy, by);
        self.roster.officers.values().filter(move |officer| {
            let is_named = officer.posts.iter().any(|post| names.contains(&post.role.as_str()));
            is_named && reaches(self.policy, officer, by, station)
        })
    }
}

impl<'a> DutyQuery<'a> {
    pub(super) fn new(on: RosterOnDay<'a>, wanted: StaffRequest<'a>) -> Self {
        Self { on, wanted, asked: asked(wanted.workflow, wanted.who) }
    }

    /// The posts that answer to the duty.
    pub(super) fn names(&self) -> Vec<&'a str> {
        names(self.on.policy, self.asked.by)
    }

    /// Whether only the principal in person will do.
    pub(super) fn is_principals(&self) -> bool {
        let roles = &self.on.policy.roles;
        matches!(self.asked.by, WhoBy::Role(role) if roles[role.ix()].head == Some(Head::Principal))
    }

    /// Whether a post that answers to the duty is held on the day.
    pub(super) fn holds(&self, officer: &Officer) -> bool {
        self.names().iter().any(|name| officer.holds(name, self.on.today))
    }

    /// Returns the role of somebody whose own post for the duty has ended or not begun. Who never had one was given the
    /// duty as a substitute, by transfer, as the chief, or as a grid's officer in a bureau that keeps no posts.
    pub(super) fn post_not_in_force<'o>(&self, officer: &'o Officer) -> Option<&'o str> {
        let names = if self.is_of_grid() { self.on.grid_roles() } else { self.names() };
        let mut own = officer.posts.iter().filter(|post| names.contains(&post.role.as_str())).peekable();
        let first = own.peek().map(|post| post.role.as_str());
        first.filter(|_| !own.any(|post| post.covers(self.on.today)))
    }

    /// Whether a post that answers to the duty reaches the station, somebody's own apart; one of a grid never does.
    pub(super) fn reaches_here(&self, officer: &Officer) -> bool {
        !self.is_of_grid() && reaches(self.on.policy, officer, self.asked.by, self.wanted.station)
    }

    /// Whether the duty is a grid's and somebody serves at another station.
    pub(super) fn is_elsewhere(&self, officer: &Officer) -> bool {
        officer.station.as_deref().is_some_and(|own| own != self.wanted.station)
    }

    /// Whether the duty is that of a grid's officers.
    pub(super) fn is_of_grid(&self) -> bool {
        matches!(self.asked.by, WhoBy::GridDuty | WhoBy::SameAs(_))
    }

    /// Says why somebody is passed over: of those of a grid nobody who serves at another station, and
    /// whoever is barred.
    pub(super) fn passed_over(&self, id: &str) -> Option<Exclusion> {
        let is_grids = self.is_of_grid();
        let officer = self.on.roster.officers.get(id).filter(|officer| self.is_elsewhere(officer));
        if is_grids && officer.is_some() {
            let role = self.on.policy.roles.iter().find(|role| role.scope == Scope::Grid);
            let role = role.map_or_else(|| self.wanted.station.to_owned(), |role| role.id.clone());
            return Some(Exclusion::PostNotInForce { role });
        }
        self.bar(id)
    }

    /// Whether somebody is a head to whom the station's people report.
    pub(super) fn is_head(&self, officer: &Officer) -> bool {
        self.on.policy.roles.iter().any(|role| role.head.is_some() && self.is_head_by(officer, role))
    }

    fn is_head_by(&self, officer: &Officer, role: &Role) -> bool {
        officer.holds(&role.id, self.on.today) && officer.reaches(role, self.wanted.station)
    }

    /// Whether the duty, given on a day, stays with somebody who is there: the post that answers to it is
    /// held, or its holder is stood in for, or handed the authority on in writing.
    pub(super) fn keeps(&self, officer: &Officer, since: Day) -> bool {
        let (roster, today) = (self.on.roster, self.on.today);
        let stands_in = |holder: &Officer| {
            let named = holder.leaves.iter().any(|leave| {
                leave.substitute.as_ref() == Some(&officer.id) && leave.from <= today && since <= leave.to
            });
            named && self.may_stand_for(holder, officer)
        };
        let given = roster.delegated(&self.wanted.workflow.id, today);
        let mut given = given.filter(|given| given.to == officer.id);
        self.answers(officer)
            || roster.officers.values().any(|holder| stands_in(holder) && self.answers(holder))
            || given.any(|given| roster.officers.get(&given.from).is_some_and(|giver| self.answers(giver)))
    }

    /// Whether somebody whom a leave names may stand in: for a duty that approves only who holds that post or stands
    /// above it, or was handed the authority on in writing; nobody hands his own on by going on leave.
    ///
    /// # Source
    /// Policy language, rules 16 and 31.
    pub(super) fn may_stand_for(&self, holder: &Officer, substitute: &Officer) -> bool {
        let Self { on, wanted, .. } = self;
        let names = self.names();
        let own = on.policy.roles.iter().find(|role| names.contains(&role.id.as_str()));
        let is_above = |role: &Role| role.head > own.and_then(|own| own.head);
        let given = on.roster.delegated(&wanted.workflow.id, on.today);
        let mut given = given.filter(|given| given.from == holder.id);
        !wanted.approves
            || names.is_empty()
            || self.holds(substitute)
            || on.policy.roles.iter().any(|role| is_above(role) && self.is_head_by(substitute, role))
            || given.any(|given| given.to == substitute.id)
    }

    /// Finds the holder of the post that answers to the duty, on leave today, whose substitute somebody is.
    pub(super) fn stood_for(&self, substitute: &Officer) -> Option<&'a str> {
        let Self { on, wanted, asked } = *self;
        let holders = on.named(asked.by, wanted.station).filter(|holder| self.holds(holder));
        let mut stood_for = holders.filter(|&holder| {
            let leave = holder.leave(on.today).filter(|_| holder.serves(on.today));
            leave.is_some_and(|leave| leave.substitute.as_ref() == Some(&substitute.id))
                && [holder, substitute].iter().all(|one| self.separation(&one.id).is_none())
                && (!self.is_principals() || self.holds(substitute))
                && self.may_stand_for(holder, substitute)
        });
        stood_for.next().map(|holder| holder.id.as_str())
    }

    /// Whether the duty is one of these grids', of which somebody is no officer now.
    pub(super) fn has_lost_grid(&self, officer: &Officer, grids: &[String]) -> bool {
        let Some(grid) = self.wanted.grid.filter(|grid| grids.iter().any(|known| known == grid)) else {
            return false;
        };
        let now = self.on.roster.grids.get(grid);
        let is_one = now
            .is_some_and(|now| [&now.officer, &now.backup].into_iter().flatten().any(|id| *id == officer.id));
        // Who goes back to what he did goes on with it.
        self.wanted.who.by == WhoBy::GridDuty && !is_one
    }

    /// Whether somebody holds the post that answers to the duty, or goes along with those of the grid.
    pub(super) fn answers(&self, officer: &Officer) -> bool {
        let Self { on, wanted, asked } = *self;
        match asked.by {
            WhoBy::Role(_) | WhoBy::Duty(_) => {
                self.holds(officer) && reaches(on.policy, officer, asked.by, wanted.station)
            }
            WhoBy::GridDuty | WhoBy::SameAs(_) => {
                let grid = wanted.grid.and_then(|grid| on.roster.grids.get(grid));
                let of_grid = grid.into_iter().flat_map(|grid| [&grid.officer, &grid.backup]).flatten();
                let is_partner = || on.partners(wanted.station).any(|partner| partner.id == officer.id);
                let is_of_grid = of_grid.into_iter().any(|id| *id == officer.id)
                    && self.post_not_in_force(officer).is_none();
                !self.is_elsewhere(officer) && (is_of_grid || is_partner() || self.is_head(officer))
            }
        }
    }

    /// Returns the heads who decide when nobody is left for the duty, and which they are: those of its own
    /// scope or above, else those above them; by id, and only who is there and not kept apart. The head
    /// whose own duty it is has only those above; whoever is below comes last.
    pub(super) fn chiefs(&self) -> Option<(Head, Vec<String>)> {
        let Self { on, .. } = self;
        let names = self.names();
        let own = on.policy.roles.iter().find(|role| names.contains(&role.id.as_str()));
        let is_bureaus = own.is_some_and(|role| role.scope == Scope::Bureau);
        let up: &[Head] = match own.and_then(|role| role.head) {
            None | Some(Head::Unit) => &[Head::Unit, Head::Deputy, Head::Principal],
            Some(Head::Deputy) => &[Head::Principal],
            Some(Head::Principal) => &[Head::Deputy],
        };
        let levels = up.iter().map(|head| (*head, is_bureaus)).chain([(Head::Unit, false)]);
        let is_there = |officer: &&Officer| away(officer, on.today).is_none();
        let may = |officer: &&Officer| self.separation(&officer.id).is_none();
        levels.into_iter().find_map(|(head, is_bureaus)| {
            let is_meant =
                |role: &Role| role.head == Some(head) && (!is_bureaus || role.scope == Scope::Bureau);
            let roles: Vec<&Role> = on.policy.roles.iter().filter(|role| is_meant(role)).collect();
            let holds = |officer: &&Officer| roles.iter().any(|role| self.is_head_by(officer, role));
            let here = on.roster.officers.values().filter(holds).filter(is_there).filter(may);
            let found: Vec<String> = here.map(|officer| officer.id.clone()).collect();
            (!found.is_empty()).then_some((head, found))
        })
    }

    /// Lists whom the duty could mean, with a rank: a lower one goes first whatever the load. Nobody is looked for before
    /// those who come first do not suffice.
    pub(super) fn pool(&self) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        let Self { on, wanted, asked } = *self;
        let (is_grids, is_named) = match asked.by {
            WhoBy::GridDuty => (true, false),
            WhoBy::Role(_) | WhoBy::Duty(_) => (false, true),
            WhoBy::SameAs(_) => (false, false),
        };
        let grid = wanted.grid.filter(|_| is_grids).and_then(|grid| on.roster.grids.get(grid));
        let of_grid = grid.into_iter().flat_map(|grid| [&grid.officer, &grid.backup]).enumerate();
        let of_grid = of_grid.filter_map(|(rank, id)| Some((rank, id.as_deref()?)));
        let along = (is_grids && asked.officers > 1).then(|| on.partners(wanted.station));
        let along = along.into_iter().flatten().map(|officer| (2, officer.id.as_str()));
        let named = is_named.then(|| on.named(asked.by, wanted.station));
        let named = named.into_iter().flatten().map(|officer| (0, officer.id.as_str()));
        let again = wanted.same_as.iter().map(String::as_str).enumerate();
        let after = wanted.same_as.len();
        again.chain(of_grid.chain(along).chain(named).map(move |(rank, id)| (after + rank, id)))
    }

    /// Says why somebody cannot do the duty: service, leave, post, certificate, separation.
    pub(super) fn bar(&self, id: &str) -> Option<Exclusion> {
        let Some(officer) = self.on.roster.officers.get(id) else { return Some(Exclusion::Unknown) };
        match away(officer, self.on.today) {
            // Whoever keeps apart has nothing that a substitute could do for him.
            Some(leave @ Exclusion::OnLeave { .. }) => return Some(self.separation(id).unwrap_or(leave)),
            Some(gone) => return Some(gone),
            None => {}
        }
        let names = self.names();
        if let [role, ..] = names.as_slice()
            && !names.iter().any(|name| officer.holds(name, self.on.today))
        {
            return Some(Exclusion::PostNotInForce { role: (*role).to_owned() });
        }
        if let Some(role) = self.post_not_in_force(officer) {
            return Some(Exclusion::PostNotInForce { role: role.to_owned() });
        }
        self.unfitness(officer)
    }

    /// Says why somebody who is there must not: certificate, recusal, what they did before.
    pub(super) fn unfitness(&self, officer: &Officer) -> Option<Exclusion> {
        if self.asked.certified {
            if officer.certificate.is_none() {
                return Some(Exclusion::NoCertificate);
            }
            if officer.certified_until.is_none_or(|until| until < self.on.today) {
                return Some(Exclusion::CertificateLapsed { until: officer.certified_until });
            }
        }
        self.separation(&officer.id)
    }

    /// Says what keeps two things apart that one person must not do both.
    pub(super) fn separation(&self, id: &str) -> Option<Exclusion> {
        if let Some(conflict) = self.on.roster.conflict(id, self.wanted.subject) {
            return Some(Exclusion::Conflict { document: conflict.document.clone() });
        }
        let avoided = self.wanted.avoid.iter().find(|avoided| avoided.officer == id)?;
        Some(Exclusion::Avoided { because: avoided.because.clone() })
    }
}

/// Says whether somebody is there at all.
pub(super) fn away(officer: &Officer, today: Day) -> Option<Exclusion> {
    if let Some(on) = officer.left_on.filter(|_| !officer.serves(today)) {
        return Some(Exclusion::Left { on });
    }
    let leave = officer.leave(today)?;
    Some(Exclusion::OnLeave { to: leave.to, substitute: leave.substitute.clone() })
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

/// Returns the posts that answer to a step's duty, where it repeats another those of that one: a role, or a duty and its
/// role; none for the officers of a grid.
pub fn posts_asked<'a>(policy: &'a Policy, workflow: &'a Workflow, who: &'a Who) -> Vec<&'a str> {
    names(policy, asked(workflow, who).by)
}

/// The posts that answer to a role or a duty: its own name, and for a duty the role that the
/// table of duties gives it.
fn names<'a>(policy: &'a Policy, by: &'a WhoBy) -> Vec<&'a str> {
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
