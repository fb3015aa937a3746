//! The texts that cases are tried by: the bureau's, and what stations' overlays make of it.

use std::collections::BTreeMap;

use crate::engine::PinnedPolicy;
use crate::policy::{EditionKey, Policy};
use crate::rules::Rules;
use crate::time::Day;

/// A policy with its rules, and every edition of it.
pub(super) struct CaseTexts<'a> {
    pub(super) base: PinnedPolicy<'a>,
    editions: BTreeMap<EditionKey, (Policy, Rules)>,
}

impl<'a> CaseTexts<'a> {
    /// Makes every edition; what a station's text is wrong in was told when the policy was checked.
    pub(super) fn new(base: PinnedPolicy<'a>) -> Self {
        let edition = |key: EditionKey| {
            let policy = base.policy.edition(&key);
            let rules = base.rules.of_edition(&policy).ok()?;
            Some((key, (policy, rules)))
        };
        Self { base, editions: base.policy.edition_keys().into_iter().filter_map(edition).collect() }
    }

    /// Returns the text in force for a station on a day.
    pub(super) fn on(&self, station: &str, day: Day) -> PinnedPolicy<'_> {
        let key = self.base.policy.edition_key(station, day);
        let own = key.and_then(|key| self.editions.get(&key));
        own.map_or(self.base, |(policy, rules)| PinnedPolicy { policy, rules })
    }

    /// Returns the text of that digest, which an order is pinned to.
    pub(super) fn of_digest(&self, digest: &str) -> PinnedPolicy<'_> {
        let mut own = self.editions.values();
        let found = own.find(|(policy, _)| policy.digest.to_string() == digest);
        found.map_or(self.base, |(policy, rules)| PinnedPolicy { policy, rules })
    }

    /// Returns what is in force for every station that has a text of its own on a day.
    pub(super) fn apart(&self, day: Day) -> BTreeMap<&str, PinnedPolicy<'_>> {
        let stations = self.base.policy.stations_apart(day).into_iter();
        stations.map(|station| (station, self.on(station, day))).collect()
    }
}
