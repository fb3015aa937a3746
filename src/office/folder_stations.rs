//! Are the stations that a folder writes for, and those of its cases, stations of the bureau?
//!
//! The stations are no policy: they stand in a file of the register that `bureau.yaml` names. So this is asked here, where both
//! are read, and not where the policy is checked.

use std::collections::BTreeMap;

use crate::diag::codes::{STATIONS_UNKNOWN, UNKNOWN_STATION};
use crate::diag::{Diagnostic, Span};
use crate::office::places::{NamedPlace, PlaceNames};
use crate::policy::{Case, Policy};

/// Reports folders of stations that the bureau does not have, and gives cases the ids of the stations they name.
pub(crate) fn settle(policy: &Policy, files: &[(String, Vec<u8>)], cases: &mut [Case]) -> Vec<Diagnostic> {
    let own = own(policy);
    let Some(places) = PlaceNames::of_folder(policy, files) else {
        let is_named = policy.places.stations.is_some();
        let untold =
            |(station, span): (&str, Span)| Diagnostic::new(STATIONS_UNKNOWN, span).with("word", station);
        return own.into_iter().filter(|_| !is_named).map(untold).collect();
    };
    let unknown = |word: &str, span| {
        Diagnostic::new(UNKNOWN_STATION, span).with("word", word).with_nearest(word, places.station_names())
    };
    let strangers = own.into_iter().filter(|(station, _)| !places.stations().any(|known| known == *station));
    let mut out: Vec<Diagnostic> = strangers.map(|(station, span)| unknown(station, span)).collect();
    for case in cases {
        let id_of = |named: &str| match places.station(named) {
            NamedPlace::One(id) => Some(id),
            NamedPlace::Several | NamedPlace::Unknown => None,
        };
        // A case may make up a station together with its people.
        let made_up = case.people_of();
        if let Some(named) = &case.station
            && id_of(&named.value).is_none()
            && !made_up.contains(&named.value.as_str())
        {
            out.push(unknown(&named.value, named.span));
        }
        case.settle_stations(id_of);
    }
    out
}

/// The stations that a folder writes for, each with a place where it does.
fn own(policy: &Policy) -> BTreeMap<&str, Span> {
    let of_scripts = policy
        .scripts
        .iter()
        .filter_map(|script| Some((script.station.as_deref()?, Span::new(script.file, 0, 0))));
    let of_overlays = policy.overlays.iter().map(|overlay| (overlay.station.as_str(), overlay.span));
    of_scripts.chain(of_overlays).collect()
}
