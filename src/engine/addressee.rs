//! Whom an errand is for.

use std::fmt;
use std::str::FromStr;

use crate::policy::{Role, Scope};

/// Whom an errand is for; who that is, is found on the day of delivery.
///
/// # Shape
/// Written `officer/<id>`, `grid/<grid>`, `role/<role>`, `role/<role>/<station>`,
/// `duty/<duty>/<station>` or `station/<station>`; no name of the policy holds a slash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Addressee {
    /// One officer, or who stands in.
    Officer(String),
    /// The officers of a grid.
    Grid(String),
    /// Everybody with a role, at one station where one is named.
    Role { role: String, station: Option<String> },
    /// Everybody with a duty, at one station where one is named.
    Duty { duty: String, station: Option<String> },
    /// Everybody of a station.
    Station(String),
}

/// A text that is no [`Addressee`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAddressee;

impl Addressee {
    /// Returns those who hold a role where a station's matters are concerned.
    pub fn of_role(role: &Role, station: &str) -> Self {
        let station = match role.scope {
            Scope::Bureau => None,
            Scope::Station | Scope::Grid => Some(station.to_owned()),
        };
        Self::Role { role: role.id.clone(), station }
    }
}

impl fmt::Display for Addressee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Officer(id) => write!(f, "officer/{id}"),
            Self::Grid(grid) => write!(f, "grid/{grid}"),
            Self::Role { role, station: None } => write!(f, "role/{role}"),
            Self::Role { role, station: Some(station) } => write!(f, "role/{role}/{station}"),
            Self::Duty { duty, station: None } => write!(f, "duty/{duty}"),
            Self::Duty { duty, station: Some(station) } => write!(f, "duty/{duty}/{station}"),
            Self::Station(station) => write!(f, "station/{station}"),
        }
    }
}

impl FromStr for Addressee {
    type Err = NoAddressee;

    fn from_str(text: &str) -> Result<Self, NoAddressee> {
        let (kind, rest) = text.split_once('/').ok_or(NoAddressee)?;
        let (name, station) = match rest.split_once('/') {
            Some((name, station)) => (name.to_owned(), Some(station.to_owned())),
            None => (rest.to_owned(), None),
        };
        Ok(match kind {
            "officer" => Self::Officer(rest.to_owned()),
            "grid" => Self::Grid(rest.to_owned()),
            "role" => Self::Role { role: name, station },
            "duty" => Self::Duty { duty: name, station },
            "station" => Self::Station(rest.to_owned()),
            _ => return Err(NoAddressee),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_addressee_is_read_as_it_is_written() {
        for text in
            ["officer/P1", "grid/G/1", "role/科长", "role/所长/east", "duty/抽查/east", "station/east"]
        {
            assert_eq!(text.parse::<Addressee>().map(|read| read.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("somebody".parse::<Addressee>(), Err(NoAddressee));
    }
}
