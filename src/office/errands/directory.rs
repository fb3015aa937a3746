//! Who is meant by an addressee, on the day of delivery.

use crate::notify::Person;
use crate::office::Stop;
use crate::store::{Store, grids, officers};

/// The people there are, and the grids they look after.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// Officers; none when people are not kept in the system.
    pub officers: Vec<Officer>,
    /// Grids.
    pub grids: Vec<GridPeople>,
}

/// One officer, as far as telling goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Officer {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Mail address.
    pub email: Option<String>,
    /// Station; none for people of the bureau itself.
    pub station: Option<String>,
    /// Roles held.
    pub roles: Vec<String>,
    /// Duties held, of the table `duties`.
    pub duties: Vec<String>,
}

/// Who looks after a grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridPeople {
    /// The grid.
    pub id: String,
    /// Main officer.
    pub officer: Option<String>,
    /// Who stands in.
    pub backup: Option<String>,
}

/// Somebody found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Receiver {
    pub(super) person: Person,
    pub(super) email: Option<String>,
    pub(super) roles: Vec<String>,
}

/// Reads the directory as it is now.
pub async fn directory(store: &Store) -> Result<Directory, Stop> {
    let mut reader = store.read().await?;
    let officers = officers::list(&mut reader).await?;
    let grids = grids::list(&mut reader).await?;
    Ok(Directory {
        officers: officers
            .into_iter()
            .map(|row| Officer {
                id: row.id,
                name: row.name,
                email: None,
                station: row.station,
                roles: row.roles,
                duties: Vec::new(),
            })
            .collect(),
        grids: grids
            .into_iter()
            .map(|row| GridPeople { id: row.id, officer: row.officer, backup: row.backup })
            .collect(),
    })
}

impl Directory {
    /// Finds who is meant, each once, in the order of ids; a grid's main officer comes first.
    ///
    /// Where people are not kept at all, a role is its own receiver: nobody is forgotten because
    /// nobody was entered, and the inbox of `role/所长/dongguan` can be read under that name.
    pub(super) fn find(&self, addressee: &str) -> Vec<Receiver> {
        let Some((kind, rest)) = addressee.split_once('/') else { return Vec::new() };
        match kind {
            "officer" => vec![self.named(rest)],
            "grid" => self.of_grid(rest),
            "role" | "duty" | "station" if self.officers.is_empty() => vec![unnamed(addressee)],
            "role" => self.all(|officer| officer.holds(&officer.roles, rest)),
            "duty" => self.all(|officer| officer.holds(&officer.duties, rest)),
            "station" => self.all(|officer| officer.station.as_deref() == Some(rest)),
            _ => Vec::new(),
        }
    }

    fn all(&self, is_meant: impl Fn(&Officer) -> bool) -> Vec<Receiver> {
        self.officers.iter().filter(|officer| is_meant(officer)).map(Officer::receiver).collect()
    }

    fn of_grid(&self, id: &str) -> Vec<Receiver> {
        let Some(grid) = self.grids.iter().find(|grid| grid.id == id) else { return Vec::new() };
        let mut ids: Vec<&String> = [&grid.officer, &grid.backup].into_iter().flatten().collect();
        ids.dedup();
        ids.into_iter().map(|id| self.named(id)).collect()
    }

    /// Returns an officer by id, known or not: an inbox can be read by whoever acts under that id.
    fn named(&self, id: &str) -> Receiver {
        self.officers.iter().find(|officer| officer.id == id).map_or_else(|| unnamed(id), Officer::receiver)
    }
}

impl Officer {
    /// Returns whether `wanted` is one of the words, or one of them at the officer's station.
    fn holds(&self, words: &[String], wanted: &str) -> bool {
        words.iter().any(|word| match wanted.strip_prefix(word.as_str()) {
            Some("") => true,
            Some(rest) => rest.strip_prefix('/').is_some_and(|at| self.station.as_deref() == Some(at)),
            None => false,
        })
    }

    fn receiver(&self) -> Receiver {
        Receiver {
            person: Person { id: self.id.clone(), name: self.name.clone() },
            email: self.email.clone(),
            roles: self.roles.clone(),
        }
    }
}

/// Somebody of whom only a word is known; of a role it is at least known which.
fn unnamed(id: &str) -> Receiver {
    let role = id.strip_prefix("role/").map(|rest| rest.split('/').next().unwrap_or(rest).to_owned());
    Receiver {
        person: Person { id: id.to_owned(), name: id.to_owned() },
        email: None,
        roles: role.into_iter().collect(),
    }
}
