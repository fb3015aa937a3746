//! The sample's stations, grids and officers: those of the shipped `register/` files.

use crate::import::{FieldChange, GridRow, OfficerRow, StationRow};
use crate::policy::{Role, Scope};
use crate::time::Day;

use super::chance::{Chance, plus};
use super::names::{SampleNames, SampleStation};

const GRIDS_PER_STATION: usize = 4;
const OFFICERS_PER_GRID: usize = 2;

/// Roles of a station that one person holds alone, such as chief and deputy; the clerk has the rest.
const LONE_STATION_ROLES: usize = 2;

/// Certificates end one to four years after the beginning.
const CERTIFICATE_DAYS: (i64, i64) = (365, 4 * 365);

pub(super) fn stations(names: &SampleNames) -> Vec<StationRow> {
    let row =
        |SampleStation(id, title, _): &SampleStation| StationRow { id: id.clone(), title: title.clone() };
    names.stations.iter().map(row).collect()
}

pub(super) fn grids(names: &SampleNames) -> Vec<GridRow> {
    let stations = names.stations.iter();
    let all =
        stations.flat_map(|SampleStation(station, _, grids)| grids.iter().map(move |title| (station, title)));
    all.enumerate()
        .map(|(nth, (station, title))| {
            let first = nth * OFFICERS_PER_GRID + 1;
            GridRow {
                id: format!("G{:02}", nth + 1),
                title: Some(title.clone()),
                station: Some(station.clone()),
                officer: FieldChange::Set(officer_id(first)),
                backup: FieldChange::Set(officer_id(first + 1)),
            }
        })
        .collect()
}

/// Returns the corner of a grid's square, in hundred-thousandths of a degree: longitude, latitude.
pub(super) fn corner(grid: usize) -> (usize, usize) {
    let (station, within) = (grid / GRIDS_PER_STATION, grid % GRIDS_PER_STATION);
    let east = 8_000 * (station % 3) + 4_000 * (within % 2);
    let north = 6_000 * (station / 3) + 3_000 * (within / 2);
    (11_800_000 + east, 3_600_000 + north)
}

/// Makes two officers a grid, then for each station a person for each of its first roles and a
/// clerk for the others, then one for each role of the bureau.
pub(super) fn officers(
    roles: &[Role],
    begin: Day,
    names: &SampleNames,
    chance: &mut Chance,
) -> Vec<OfficerRow> {
    let of = |scope: Scope| -> Vec<String> {
        roles.iter().filter(|role| role.scope == scope).map(|role| role.id.clone()).collect()
    };
    let (grid_roles, station_roles, bureau_roles) = (of(Scope::Grid), of(Scope::Station), of(Scope::Bureau));
    let mut officers = Vec::new();
    let mut add = |station: Option<&str>, roles: Vec<String>| {
        let nth = officers.len() + 1;
        let certified = chance.day(plus(begin, CERTIFICATE_DAYS.0), plus(begin, CERTIFICATE_DAYS.1));
        officers.push(OfficerRow {
            id: officer_id(nth),
            name: Some(names.officer(nth)),
            station: station.map(str::to_owned).into(),
            roles: FieldChange::Set(roles),
            certificate: FieldChange::Set(format!("SAMPLE-Z{nth:03}")),
            certified_until: FieldChange::Set(certified),
            email: None,
            from: None,
            since: None,
            until: None,
        });
    };
    for SampleStation(station, _, grids) in &names.stations {
        for _ in 0..grids.len() * OFFICERS_PER_GRID {
            add(Some(station), grid_roles.clone());
        }
    }
    let (lone, shared) = station_roles.split_at(station_roles.len().min(LONE_STATION_ROLES));
    for SampleStation(station, ..) in &names.stations {
        for role in lone {
            add(Some(station), vec![role.clone()]);
        }
        if !shared.is_empty() {
            add(Some(station), shared.to_vec());
        }
    }
    for role in bureau_roles {
        add(None, vec![role]);
    }
    officers
}

fn officer_id(nth: usize) -> String {
    format!("P{nth:03}")
}
