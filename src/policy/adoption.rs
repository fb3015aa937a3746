//! Adoption: which stations have already what one of them wants for all.
//!
//! A change is laid on what a station has: where nothing becomes stricter, the station has it already. So
//! the comparison is the meet of `edition.rs` itself and needs no order of its own.

use serde::Serialize;
use strum::IntoStaticStr;

use super::edition::lay;
use super::model::{OverlayChange, Policy, StationEdit, Stricter};
use crate::time::Day;

/// How a station stands to a change. Its names stand in JSON and in texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Adoption {
    /// It says the same by itself.
    Same,
    /// What it says is stricter still.
    Stricter,
    /// It says something of its own, and not all of that.
    Looser,
    /// It says something else, and neither is stricter.
    Other,
    /// It says nothing of its own; what the bureau says holds.
    Bureau,
}

impl Adoption {
    /// Returns whether the station has what the change asks for.
    pub const fn is_met(self) -> bool {
        matches!(self, Self::Same | Self::Stricter)
    }
}

impl Policy {
    /// Compares what a station has of its own on a day with a change.
    pub fn adoption(&self, station: &str, day: Day, change: &OverlayChange) -> Adoption {
        let own = self.edition_key(station, day).map(|key| (self.edition(&key), key));
        let Some((mut own, key)) = own.filter(|(own, _)| own.origin(&change.address).is_some()) else {
            return Adoption::Bureau;
        };
        let is_free = matches!(
            change.edit,
            StationEdit::Param { how: Stricter::Either, .. }
                | StationEdit::TierLength { how: Stricter::Either, .. }
        );
        if lay(&mut own, change, false) {
            return if is_free { Adoption::Other } else { Adoption::Looser };
        }
        let mut promoted = self.clone();
        lay(&mut promoted, change, false);
        let changes = key.overlays.iter().flat_map(|at| &self.overlays[*at].changes);
        let mut same_place = changes.filter(|known| known.address == change.address);
        if same_place.any(|known| lay(&mut promoted, known, true)) {
            Adoption::Stricter
        } else {
            Adoption::Same
        }
    }
}
