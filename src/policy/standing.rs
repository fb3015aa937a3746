//! What a bureau may not drop by itself: standing items of one text that another one lacks.

use super::check::days;
use super::model::{Head, Policy, Running, Scope, StandingItem, StepMap};
use crate::calendar::Length;

/// What stands between a workflow and a step in the address of a step.
const STEPS: &str = ".steps.";

/// A standing item that another text does not have as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedItem<'p> {
    pub item: &'p StandingItem,
    /// What it said and what it would say, where it is there and means less; none where it is gone.
    pub weakened: Option<WeakenedItem>,
}

/// What a standing item said, and would say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeakenedItem {
    pub was: String,
    pub now: String,
}

impl Policy {
    /// Returns the standing items of this text that `after` no longer has, or has no longer as standing
    /// items; a tier that is visited less often than it was counts among them, and a trigger that is given another
    /// condition: with one that never holds nobody is meant.
    ///
    /// # Source
    /// Policy language, rule 34.
    pub fn dropped_by<'p>(&'p self, after: &Self) -> Vec<DroppedItem<'p>> {
        let dropped = |item: &'p StandingItem| {
            let address = after.renamed(&item.address);
            let is_there = after.standing.iter().any(|known| known.address == address);
            let weakened = self.rarer(after, &item.address).or_else(|| self.narrowed(after, &item.address));
            (!is_there || weakened.is_some())
                .then(|| DroppedItem { item, weakened: weakened.filter(|_| is_there) })
        };
        self.standing.iter().filter_map(dropped).collect()
    }

    /// Returns what an item of an earlier text is called here: a step may have another id, of which `running:` tells.
    fn renamed(&self, address: &str) -> String {
        let step = address.split_once(STEPS).and_then(|(workflow, step)| {
            let Running::Migrate(StepMap { renamed, .. }) = &self.workflow(workflow)?.running else {
                return None;
            };
            Some(format!("{workflow}{STEPS}{}", renamed.get(step)?))
        });
        step.unwrap_or_else(|| address.to_owned())
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

    /// Returns the cycles of a tier that the other text visits less often.
    fn rarer(&self, after: &Self, address: &str) -> Option<WeakenedItem> {
        let cycle = |policy: &Self| policy.tier(address.strip_prefix("tiers.")?).map(|(_, tier)| tier.cycle);
        let (was, now) = (cycle(self)?, cycle(after)?);
        let written = |length: Length| length.written(self.bureau.language);
        (days(now) > days(was)).then(|| WeakenedItem { was: written(was), now: written(now) })
    }

    /// Returns the conditions of a trigger that the other text gives another one.
    fn narrowed(&self, after: &Self, address: &str) -> Option<WeakenedItem> {
        let when = |policy: &Self| {
            let (workflow, trigger) = address.split_once(".start.")?;
            let trigger = policy.workflow(workflow)?.start.iter().find(|known| known.id == trigger)?;
            Some(trigger.when.map(|when| policy.exprs[when.ix()].text.trim().to_owned()))
        };
        let (was, now) = (when(self)?, when(after)??);
        let was = was.unwrap_or_default();
        (was != now).then_some(WeakenedItem { was, now })
    }
}
