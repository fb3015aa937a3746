//! Who is meant by an addressee, on the day of delivery.

use crate::engine::{Addressee, HANDED_OVER};
use crate::office::{ActContext, Answer};
use crate::people::Grid;
use crate::store::people;

/// The people there are, and the grids they look after.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// Officers; none when people are not kept in the system.
    pub officers: Vec<DirectoryOfficer>,
    pub grids: Vec<Grid>,
}

/// One officer, as far as telling goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryOfficer {
    pub id: String,
    pub name: String,
    /// Mail address.
    pub email: Option<String>,
    /// Station; none for people of the bureau itself.
    pub station: Option<String>,
    /// Roles and duties held.
    pub roles: Vec<String>,
    /// Who stands in during a leave.
    pub stand_in: Option<String>,
}

/// Reads who there is on a day: those in service, with the posts they hold then.
pub async fn directory(cx: ActContext<'_>) -> Answer<Directory> {
    let roster = people::roster(&mut cx.store.read().await?).await?;
    let in_service = roster.officers.into_values().filter(|officer| officer.serves(cx.today));
    let officers = in_service.map(|officer| {
        let leave = officer.leave(cx.today).and_then(|leave| leave.substitute.clone());
        let held = officer.posts.iter().filter(|post| post.covers(cx.today));
        DirectoryOfficer {
            roles: held.map(|post| post.role.clone()).collect(),
            stand_in: leave,
            id: officer.id,
            name: officer.name,
            email: officer.email,
            station: officer.station,
        }
    });
    Ok(Directory { officers: officers.collect(), grids: roster.grids.into_values().collect() })
}

impl Directory {
    /// Finds whom a message of a kind is for: whoever loses a duty hears of it himself, whoever stands in for him.
    pub(super) fn receivers(&self, kind: &str, addressee: &str) -> Vec<DirectoryOfficer> {
        if kind == HANDED_OVER { self.find_own(addressee) } else { self.find(addressee) }
    }

    /// Finds who is meant, each once, in the order of ids; a grid's main officer comes first.
    ///
    /// Where people are not kept at all, a role is its own receiver: nobody is forgotten because
    /// nobody was entered, and the inbox of `role/所长/dongguan` can be read under that name.
    pub(super) fn find(&self, addressee: &str) -> Vec<DirectoryOfficer> {
        addressee.parse().map_or_else(|_| Vec::new(), |addressee| self.meant(&addressee))
    }

    /// Finds who is meant, without those who stand in for one officer.
    fn find_own(&self, addressee: &str) -> Vec<DirectoryOfficer> {
        let Ok(Addressee::Officer(id)) = addressee.parse() else { return self.find(addressee) };
        let known = self.officers.iter().find(|officer| officer.id == id).cloned();
        vec![known.unwrap_or_else(|| nameless(id, None))]
    }

    fn meant(&self, addressee: &Addressee) -> Vec<DirectoryOfficer> {
        match addressee {
            Addressee::Officer(id) => vec![self.named(id)],
            Addressee::Grid(grid) => self.of_grid(grid),
            Addressee::Role { .. } | Addressee::Duty { .. } | Addressee::Station(_)
                if self.officers.is_empty() =>
            {
                vec![unnamed(addressee)]
            }
            Addressee::Role { role: word, station } | Addressee::Duty { duty: word, station } => {
                self.all(|officer| officer.holds(word, station.as_deref()))
            }
            Addressee::Station(station) => self.all(|officer| officer.station.as_ref() == Some(station)),
        }
    }

    /// Returns the name of an officer in service.
    pub(super) fn name(&self, id: &str) -> Option<&str> {
        self.officers.iter().find(|officer| officer.id == id).map(|officer| officer.name.as_str())
    }

    fn all(&self, is_meant: impl Fn(&DirectoryOfficer) -> bool) -> Vec<DirectoryOfficer> {
        let meant = self.officers.iter().filter(|officer| is_meant(officer));
        let mut found: Vec<DirectoryOfficer> = meant.map(|officer| self.named(&officer.id)).collect();
        found.sort_by(|one, other| one.id.cmp(&other.id));
        found.dedup();
        found
    }

    fn of_grid(&self, id: &str) -> Vec<DirectoryOfficer> {
        let Some(grid) = self.grids.iter().find(|grid| grid.id == id) else { return Vec::new() };
        let mut ids: Vec<&String> = [&grid.officer, &grid.backup].into_iter().flatten().collect();
        ids.dedup();
        ids.into_iter().map(|id| self.named(id)).collect()
    }

    /// Returns an officer by id, or who stands in; known or not, because an inbox can be read by whoever
    /// acts under that id.
    fn named(&self, id: &str) -> DirectoryOfficer {
        let find = |id: &str| self.officers.iter().find(|officer| officer.id == id);
        let Some(officer) = find(id) else { return nameless(id.to_owned(), None) };
        let stand_in = officer.stand_in.as_deref().and_then(find);
        stand_in.unwrap_or(officer).clone()
    }
}

impl DirectoryOfficer {
    /// Returns whether they hold a role or a duty, at a station where one is named.
    fn holds(&self, word: &str, station: Option<&str>) -> bool {
        let is_there = station.is_none_or(|station| self.station.as_deref() == Some(station));
        is_there && self.roles.iter().any(|held| held == word)
    }
}

/// Somebody of whom only the address is known; of a role it is at least known which.
fn unnamed(addressee: &Addressee) -> DirectoryOfficer {
    let role = match addressee {
        Addressee::Role { role, .. } => Some(role.clone()),
        Addressee::Officer(_) | Addressee::Grid(_) | Addressee::Duty { .. } | Addressee::Station(_) => None,
    };
    nameless(addressee.to_string(), role)
}

fn nameless(id: String, role: Option<String>) -> DirectoryOfficer {
    let roles = role.into_iter().collect();
    DirectoryOfficer { name: id.clone(), id, roles, ..DirectoryOfficer::default() }
}
