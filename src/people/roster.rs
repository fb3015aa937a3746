//! The people there are: posts, certificates, leaves, and what is laid down about them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::policy::{Head, Policy, Role, Scope};
use crate::time::{Day, Stamp};

/// The scope of a delegation that covers every workflow.
pub const EVERY_WORKFLOW: &str = "*";

/// Everybody, and what is laid down about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Officers by id; empty when people are not kept in the system.
    pub officers: BTreeMap<String, Officer>,
    /// Grids by id.
    pub grids: BTreeMap<String, Grid>,
    /// Recusals, each of one officer from one subject.
    pub conflicts: Vec<Conflict>,
    /// Authority handed on in writing.
    pub delegations: Vec<Delegation>,
}

/// One officer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Officer {
    pub id: String,
    pub name: String,
    /// Station; none for people of the bureau itself.
    pub station: Option<String>,
    /// Posts and duties, past and coming ones too.
    pub posts: Vec<Post>,
    /// Number of the certificate.
    pub certificate: Option<String>,
    /// Last day the certificate is valid.
    pub certified_until: Option<Day>,
    /// Last day of service; the account stops at 24:00 of it.
    pub left_on: Option<Day>,
    /// Where notices go.
    pub email: Option<String>,
    /// Leaves, past and coming ones too.
    pub leaves: Vec<Leave>,
    /// Open duties.
    pub load: u32,
    /// When a duty was last given.
    pub last_at: Option<Stamp>,
}

/// A role or a duty held from a day to a day, both included; open where nothing is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Post {
    /// Id of the role, or the name of a duty.
    pub role: String,
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub until: Option<Day>,
}

/// A leave, both days included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leave {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Who stands in.
    pub substitute: Option<String>,
}

/// One grid with its officers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    pub id: String,
    pub station: String,
    /// Main officer.
    pub officer: Option<String>,
    /// Officer who stands in.
    pub backup: Option<String>,
}

/// Authority handed on in writing, for a time and a scope; it cannot be handed on again.
///
/// # Source
/// Domain rule S13.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delegation {
    /// Whose authority.
    #[serde(rename = "giver")]
    pub from: String,
    /// Who may use it.
    #[serde(rename = "taker")]
    pub to: String,
    /// Id of a workflow, or [`EVERY_WORKFLOW`].
    pub scope: String,
    /// First day.
    #[serde(rename = "from")]
    pub from_day: Day,
    /// Last day.
    #[serde(rename = "to")]
    pub to_day: Day,
    /// The paper it is written on.
    pub document: String,
}

/// A recusal: an officer keeps away from a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// Who keeps away.
    #[serde(skip)]
    pub officer: String,
    /// From whom.
    pub subject: String,
    pub decided_by: Decider,
    /// The paper it is written on.
    pub document: String,
}

/// Who decided a recusal.
///
/// # Shape
/// Written as the id of the head, as nothing, or as `collective:` and the id of the one head who has said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decider {
    /// A head, by id.
    Officer(String),
    /// The heads in collective discussion.
    Collective,
    /// The heads in collective discussion, as one of them says; it counts once another says so, too.
    CollectiveSaidBy(String),
}

/// What stands before the head who alone has said that there was a collective discussion.
const SAID_BY: &str = "collective:";

impl Decider {
    /// Reads it; the empty text is collective discussion.
    pub fn of(text: &str) -> Self {
        match text.strip_prefix(SAID_BY) {
            Some(by) => Self::CollectiveSaidBy(by.to_owned()),
            None if text.is_empty() => Self::Collective,
            None => Self::Officer(text.to_owned()),
        }
    }

    /// Writes it.
    pub fn text(&self) -> String {
        match self {
            Self::Officer(id) => id.clone(),
            Self::Collective => String::new(),
            Self::CollectiveSaidBy(by) => format!("{SAID_BY}{by}"),
        }
    }
}

impl Serialize for Decider {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Collective => serializer.serialize_none(),
            Self::Officer(_) | Self::CollectiveSaidBy(_) => serializer.serialize_str(&self.text()),
        }
    }
}

impl Roster {
    /// Returns whether people are kept in the system at all.
    pub fn is_kept(&self) -> bool {
        !self.officers.is_empty()
    }

    /// Returns the first later day on which time alone may change who can do what: somebody's service, post, leave,
    /// certificate or delegation begins or has ended.
    pub fn changes_on(&self, day: Day) -> Option<Day> {
        let after = |last: Option<Day>| last.and_then(|last| last.succ_opt());
        let officers = self.officers.values().flat_map(move |officer| {
            let posts = officer.posts.iter().flat_map(move |post| [post.from, after(post.until)]);
            let leaves =
                officer.leaves.iter().flat_map(move |leave| [Some(leave.from), after(Some(leave.to))]);
            posts.chain(leaves).chain([after(officer.certified_until), after(officer.left_on)])
        });
        let given = self.delegations.iter();
        let given = given.flat_map(move |given| [Some(given.from_day), after(Some(given.to_day))]);
        officers.chain(given).flatten().filter(|on| *on > day).min()
    }

    /// Returns the main officer of a grid, whom caps count.
    pub fn main_officer(&self, grid: Option<&str>) -> Option<&str> {
        self.grids.get(grid?)?.officer.as_deref()
    }

    /// Returns the recusal of an officer from a subject, once it counts.
    pub fn conflict(&self, officer: &str, subject: &str) -> Option<&Conflict> {
        self.recusal(officer, subject).filter(|known| known.counts())
    }

    /// Returns the recusals of somebody that count.
    pub fn recusals<'r>(&'r self, officer: &'r str) -> impl Iterator<Item = &'r Conflict> {
        self.conflicts.iter().filter(move |known| known.officer == officer && known.counts())
    }

    /// Returns what is written of such a recusal, whether or not it counts yet.
    pub fn recusal(&self, officer: &str, subject: &str) -> Option<&Conflict> {
        self.conflicts.iter().find(|known| known.officer == officer && known.subject == subject)
    }

    /// Returns the authority in force for a workflow on a day: handed on by somebody who still serves, to somebody of
    /// the same station or of the bureau.
    pub fn delegated<'r>(&'r self, workflow: &'r str, on: Day) -> impl Iterator<Item = &'r Delegation> {
        self.delegations
            .iter()
            .filter(move |given| given.is_in_force(workflow, on) && self.carries(given, on))
    }

    fn carries(&self, given: &Delegation, on: Day) -> bool {
        let [giver, taker] = [&given.from, &given.to].map(|id| self.officers.get(id));
        let Some((giver, taker)) = giver.zip(taker) else { return false };
        giver.serves(on) && !giver.is_elsewhere(taker)
    }

    /// Notes that an officer was given one more duty.
    pub fn give(&mut self, officer: &str, now: Stamp) {
        if let Some(officer) = self.officers.get_mut(officer) {
            officer.load = officer.load.saturating_add(1);
            officer.last_at = Some(now);
        }
    }

    /// Notes that an officer has one duty less.
    pub fn take(&mut self, officer: &str) {
        if let Some(officer) = self.officers.get_mut(officer) {
            officer.load = officer.load.saturating_sub(1);
        }
    }
}

impl Officer {
    /// Returns whether the officer is still in service on a day.
    pub fn serves(&self, on: Day) -> bool {
        self.left_on.is_none_or(|last| on <= last)
    }

    /// Returns the leave that covers a day.
    pub fn leave(&self, on: Day) -> Option<&Leave> {
        self.leaves.iter().find(|leave| leave.from <= on && on <= leave.to)
    }

    /// Returns whether the certificate is held and valid on a day.
    pub fn is_certified(&self, on: Day) -> bool {
        self.certificate.is_some() && self.certified_until.is_some_and(|until| on <= until)
    }

    /// Returns whether both have a station, and not the same.
    pub fn is_elsewhere(&self, other: &Self) -> bool {
        self.station.is_some() && other.station.is_some() && self.station != other.station
    }

    /// Returns whether a post of that name is held on a day.
    pub fn holds(&self, role: &str, on: Day) -> bool {
        self.posts.iter().any(|post| post.role == role && post.covers(on))
    }

    /// Returns whether a role held by this officer reaches a station.
    pub fn reaches(&self, role: &Role, station: &str) -> bool {
        match role.scope {
            Scope::Bureau => true,
            Scope::Grid | Scope::Station => self.station.as_deref() == Some(station),
        }
    }

    /// Returns of what the officer is the head on a day, the highest.
    pub fn head(&self, policy: &Policy, on: Day) -> Option<Head> {
        let held = policy.roles.iter().filter(|role| self.holds(&role.id, on));
        held.filter_map(|role| role.head).max()
    }
}

impl Delegation {
    /// Returns whether it covers a workflow on a day.
    pub fn is_in_force(&self, workflow: &str, on: Day) -> bool {
        let is_scope = self.scope == EVERY_WORKFLOW || self.scope == workflow;
        is_scope && self.from_day <= on && on <= self.to_day
    }
}

impl Conflict {
    /// Returns whether it counts, as one by collective discussion does once two heads have said so.
    pub const fn counts(&self) -> bool {
        !matches!(self.decided_by, Decider::CollectiveSaidBy(_))
    }
}

impl Post {
    /// Returns whether the post is held on a day.
    pub fn covers(&self, on: Day) -> bool {
        self.from.is_none_or(|first| first <= on) && self.until.is_none_or(|last| on <= last)
    }
}
