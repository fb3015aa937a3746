//! Stations and grids as people name them: by id, or by title where only one has it.

use std::collections::BTreeMap;

use crate::diag::nearest;
use crate::documents::DocumentRefusal;
use crate::id::person_id;
use crate::import::{RowReader, RowSchema, StationRow};
use crate::lang;
use crate::office::Answer;
use crate::policy::Policy;
use crate::store::bureau::GridRecord;
use crate::store::order_list::OrderFilter;
use crate::store::{Reads, bureau};

/// The stations and grids of the register.
pub(crate) struct PlaceNames {
    stations: BTreeMap<String, String>,
    grids: BTreeMap<String, GridRecord>,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NamedPlace {
    /// The place of this id.
    One(String),
    /// Several have that title.
    Several,
    /// None is called so.
    Unknown,
}

impl PlaceNames {
    /// Reads them.
    pub(crate) async fn read(at: &mut impl Reads) -> Answer<Self> {
        let stations = bureau::list(at).await?.into_iter().map(|row: StationRow| (row.id, row.title));
        let grids = bureau::list(at).await?.into_iter().map(|row: GridRecord| (row.id.clone(), row));
        Ok(Self { stations: stations.collect(), grids: grids.collect() })
    }

    /// Returns the stations that a folder's own file lists; none where it names no such file, or one that cannot be
    /// read, which is told when it is taken in.
    pub(crate) fn of_folder(policy: &Policy, files: &[(String, Vec<u8>)]) -> Option<Self> {
        let named = policy.places.stations.as_ref()?;
        let (_, bytes) = files.iter().find(|(path, _)| path == named)?;
        let schema = RowSchema::from(policy);
        let mut reader = RowReader::<_, StationRow>::open(bytes.as_slice(), schema, None).ok()?;
        let mut stations = BTreeMap::new();
        while let Some(batch) = reader.next_batch(STATIONS_AT_ONCE).ok()? {
            stations.extend(batch.rows.into_iter().map(|row| (row.id, row.title)));
        }
        Some(Self { stations, grids: BTreeMap::new() })
    }

    /// Returns the ids of all stations.
    pub(crate) fn stations(&self) -> impl Iterator<Item = &str> {
        self.stations.keys().map(String::as_str)
    }

    /// Returns whatever stations are called, ids and titles.
    pub(crate) fn station_names(&self) -> impl Iterator<Item = &str> {
        self.stations.iter().flat_map(|(id, title)| [id.as_str(), title.as_str()])
    }

    /// Finds another place whose id differs from one only by the case of its letters, as people are shown it.
    pub(crate) fn alike(&self, id: &str) -> Option<String> {
        let is_alike = |known: &&String| known.as_str() != id && known.to_lowercase() == id.to_lowercase();
        let station = self.stations.keys().find(is_alike).map(|known| self.station_shown(known));
        station.or_else(|| self.grids.keys().find(is_alike).map(|known| self.grid_shown(known)))
    }

    /// Finds another station of that title.
    pub(crate) fn titled(&self, title: &str, id: &str) -> Option<String> {
        let found = self.stations.iter().find(|(known, its)| known.as_str() != id && its.as_str() == title);
        found.map(|(known, _)| self.station_shown(known))
    }

    /// Notes a station that a file brings.
    pub(crate) fn note_station(&mut self, row: &StationRow) {
        self.stations.insert(row.id.clone(), row.title.clone());
    }

    /// Returns a grid by its id.
    pub(crate) fn grid_of(&self, id: &str) -> Option<&GridRecord> {
        self.grids.get(id)
    }

    /// Finds a station; while none is known at all, every name is an id.
    pub(crate) fn station(&self, name: &str) -> NamedPlace {
        if self.stations.is_empty() || self.stations.contains_key(name) {
            return NamedPlace::One(name.to_owned());
        }
        one(self.stations.iter().map(|(id, title)| (id.as_str(), title.as_str())), name)
    }

    /// Returns the id of the station that a person names.
    ///
    /// # Refusals
    /// R087, with the stations there are, the nearest first.
    pub(crate) fn station_named(&self, named: &str) -> Answer<String> {
        let name = person_id(named);
        let NamedPlace::One(id) = self.station(&name) else {
            let near = nearest(&name, self.station_names()).unwrap_or("none").to_owned();
            let known = lang::list(self.stations_shown());
            return Err(DocumentRefusal::NoSuchStation { station: name, near, known }.into());
        };
        Ok(id)
    }

    /// Finds a grid, one of `station` where several have the title; while none is known at all, every name is an
    /// id.
    pub(crate) fn grid(&self, name: &str, station: Option<&str>) -> NamedPlace {
        if self.grids.is_empty() || self.grids.contains_key(name) {
            return NamedPlace::One(name.to_owned());
        }
        let titles = || self.grids.values().map(|grid| (grid.id.as_str(), grid.title.as_str()));
        let is_here = |id: &str| station.is_none_or(|station| self.grids[id].station == station);
        match one(titles().filter(|(id, _)| is_here(id)), name) {
            NamedPlace::Unknown => one(titles(), name),
            found => found,
        }
    }

    /// Returns a station as people are shown it: its title and its id.
    pub(crate) fn station_shown(&self, id: &str) -> String {
        shown(id, self.stations.get(id).map_or(id, String::as_str))
    }

    /// Returns a grid as people are shown it: its title and its id.
    pub(crate) fn grid_shown(&self, id: &str) -> String {
        shown(id, self.grids.get(id).map_or(id, |grid| grid.title.as_str()))
    }

    /// Lists all stations, as people are shown them.
    pub(crate) fn stations_shown(&self) -> Vec<String> {
        self.stations().map(|id| self.station_shown(id)).collect()
    }

    /// Lists the grids of a station, or all, as people are shown them.
    pub(crate) fn grids_shown(&self, station: Option<&str>) -> Vec<String> {
        let grids = self.grids.values().filter(|grid| station.is_none_or(|at| grid.station == at));
        grids.map(|grid| shown(&grid.id, &grid.title)).collect()
    }
}

/// Stations read from a folder's file at a time.
const STATIONS_AT_ONCE: usize = 1_000;

/// Returns the id of the station that a person names.
///
/// # Refusals
/// R087, with the stations there are.
pub(crate) async fn station_id(at: &mut impl Reads, named: &str) -> Answer<String> {
    PlaceNames::read(at).await?.station_named(named)
}

/// Returns the ids of the station and the grid that a list is asked for.
///
/// # Refusals
/// R087 and R093, with what there is.
pub(crate) async fn place_ids(
    at: &mut impl Reads,
    station: Option<&str>,
    grid: Option<&str>,
) -> Answer<(Option<String>, Option<String>)> {
    let station = match station {
        Some(named) => Some(station_id(at, named).await?),
        None => None,
    };
    let Some(named) = grid else { return Ok((station, None)) };
    let places = PlaceNames::read(at).await?;
    let name = person_id(named);
    let NamedPlace::One(id) = places.grid(&name, station.as_deref()) else {
        let known = lang::list(places.grids_shown(station.as_deref()));
        return Err(DocumentRefusal::NoSuchGrid { grid: name, known }.into());
    };
    Ok((station, Some(id)))
}

/// Returns a filter of orders with the ids of the places it names.
pub(crate) async fn at_places(at: &mut impl Reads, filter: &OrderFilter) -> Answer<OrderFilter> {
    let (station, grid) = place_ids(at, filter.station.as_deref(), filter.grid.as_deref()).await?;
    Ok(OrderFilter { station, grid, ..filter.clone() })
}

/// Finds the one with a title.
fn one<'t>(titles: impl Iterator<Item = (&'t str, &'t str)>, name: &str) -> NamedPlace {
    let name = compared(name);
    let mut found = titles.filter(|(_, title)| compared(title) == name).map(|(id, _)| id);
    match (found.next(), found.next()) {
        (None, _) => NamedPlace::Unknown,
        (Some(id), None) => NamedPlace::One(id.to_owned()),
        (Some(_), Some(_)) => NamedPlace::Several,
    }
}

/// Returns a title as it is compared: without blanks, of one width and case.
fn compared(title: &str) -> String {
    person_id(title).chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Returns somebody or something as people are shown it: its title and its id.
pub(crate) fn shown(id: &str, title: &str) -> String {
    if id == title { id.to_owned() } else { format!("{title} {id}") }
}
