//! Who acts, as far as this room has to know.

use crate::policy::{Policy, Scope};

/// Somebody who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActingPerson {
    /// Id of the officer.
    pub id: String,
    /// Roles held today, those of a delegation included; none when the bureau keeps no people
    /// here, and nobody is refused for a role.
    pub roles: Option<Vec<String>>,
    /// Station; none for people of the bureau itself.
    pub station: Option<String>,
    /// Roles whose decisions on the order are this person's, whatever his own are: he stands in, was handed the
    /// authority on, or was given the duty.
    pub decides: Vec<String>,
}

impl ActingPerson {
    /// Returns whether the person holds a role where the station is concerned.
    pub fn holds(&self, policy: &Policy, role: &str, station: &str) -> bool {
        let Some(roles) = &self.roles else { return true };
        if self.decides.iter().any(|decided| decided == role) {
            return true;
        }
        let reaches = policy.roles.iter().any(|known| {
            known.id == role && (known.scope == Scope::Bureau || self.station.as_deref() == Some(station))
        });
        reaches && roles.iter().any(|held| held == role)
    }
}
