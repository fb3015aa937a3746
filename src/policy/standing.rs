//! What a bureau may not drop by itself: standing items of one text that another one lacks.

use super::check::days;
use super::model::{Head, Policy, Scope, StandingItem};

impl Policy {
    /// Returns the standing items of this text that `after` no longer has, or has no longer as standing
    /// items; a tier that is visited less often than it was counts among them.
    ///
    /// # Source
    /// Policy language, rule 34.
    pub fn dropped_by<'p>(&'p self, after: &Self) -> Vec<&'p StandingItem> {
        let is_kept = |item: &StandingItem| {
            after.standing.iter().any(|known| known.address == item.address)
                && !self.is_rarer(after, &item.address)
        };
        self.standing.iter().filter(|item| !is_kept(item)).collect()
    }

    /// Returns the keys of `bureau.yaml` by which `after` gives other people power than this text does.
    ///
    /// # Source
    /// Policy language, rule 31.
    pub fn powers_moved_by(&self, after: &Self) -> Vec<&'static str> {
        let ranks = |policy: &Self| -> Vec<(String, Scope, Option<Head>)> {
            policy.roles.iter().map(|role| (role.id.clone(), role.scope, role.head)).collect()
        };
        let moved = [
            ("administrator", self.administrator != after.administrator),
            ("roles", ranks(self) != ranks(after)),
            ("powers", self.powers != after.powers),
        ];
        moved.into_iter().filter(|(_, is_moved)| *is_moved).map(|(key, _)| key).collect()
    }

    /// Returns whether an address is a tier that the other text visits less often.
    fn is_rarer(&self, after: &Self, address: &str) -> bool {
        let cycle = |policy: &Self| {
            let found = policy.tier(address.strip_prefix("tiers.")?);
            found.map(|(_, tier)| days(tier.cycle))
        };
        cycle(self).zip(cycle(after)).is_some_and(|(before, after)| after > before)
    }
}
