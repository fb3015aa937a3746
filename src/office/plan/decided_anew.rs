//! Whose stored appraisal stands under a changed text: each decision is made anew once, whoever it was made of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::calendar::Length;
use crate::office::active_release::StationReleases;
use crate::office::opening::dispatch::TriggerOf;
use crate::office::plan::foreseeable::sole_trigger;
use crate::office::{ActiveRelease, Answer};
use crate::policy::{Recur, Tier, Trigger};
use crate::rules::Evaluation;
use crate::store::reading::RegisterShape;
use crate::store::{Reads, decisions};
use crate::time::Day;

/// Decisions remembered; about 64 MiB with generous inputs.
const REMEMBERED: usize = 65_536;

/// The stored decisions, and whether each comes to the same without a change and with it.
pub(super) struct DecisionsAnew<'a> {
    /// The texts of each station without the change, and with it.
    texts: [StationReleases<'a>; 2],
    /// Stations whose text changes by itself before the last day.
    restless: BTreeSet<&'a str>,
    from: Day,
    known: BTreeMap<String, StoredDecision>,
}

/// A decision as it was stored.
struct StoredDecision {
    /// Digest of the policy that decided.
    policy: Arc<str>,
    body: String,
    /// Whether it stands, by station that has a text of its own; that of all others stands under an empty name.
    stands: BTreeMap<String, bool>,
}

impl<'a> DecisionsAnew<'a> {
    /// Begins with nothing known, for an edit seen from one day until another.
    pub(super) fn new(lives: &'a [Arc<ActiveRelease>; 2], from: Day, until: Day) -> Self {
        let ahead = |station: &str, live: &ActiveRelease| {
            live.policy.next_edition(station, from).is_some_and(|on| on <= until)
        };
        let of_overlays = lives.iter().flat_map(|live| {
            let stations = live.policy.overlays.iter().map(|overlay| overlay.station.as_str());
            stations.filter(|station| ahead(station, live))
        });
        let restless = of_overlays.collect();
        Self { texts: lives.each_ref().map(|live| live.on(from)), restless, from, known: BTreeMap::new() }
    }

    /// Reads the decisions that are not known yet.
    pub(super) async fn read(&mut self, at: &mut impl Reads, ids: BTreeSet<&str>) -> Answer<()> {
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        let new = ids.into_iter().filter(|id| !self.known.contains_key(*id));
        let bodies = decisions::find_many(at, new).await?;
        let stored = bodies.into_iter().filter_map(|(id, body)| Some((id, StoredDecision::of(body)?)));
        self.known.extend(stored);
        Ok(())
    }

    /// Returns the digest of the policy that made a decision.
    pub(super) fn decided_by(&self, decision: &str) -> Option<Arc<str>> {
        Some(Arc::clone(&self.known.get(decision)?.policy))
    }

    /// Returns whether a decision about a subject of a station was made by its text of now, and comes to the same with
    /// the change: tier, score and cycle, whom the trigger means, and the days on which time changes an input.
    pub(super) fn stands(&mut self, decision: &str, station: &str) -> Answer<bool> {
        if self.restless.contains(station) {
            return Ok(false);
        }
        let own = if self.texts.iter().any(|texts| texts.is_apart(station)) { station } else { "" };
        let Some(stored) = self.known.get_mut(decision) else { return Ok(false) };
        if let Some(stands) = stored.stands.get(own) {
            return Ok(*stands);
        }
        let [before, after] = &self.texts;
        let (before, after) = (before.of(own)?, after.of(own)?);
        let stands = comes_to_the_same(stored, [&before, &after], self.from);
        stored.stands.insert(own.to_owned(), stands);
        Ok(stands)
    }
}

impl StoredDecision {
    fn of(body: String) -> Option<Self> {
        let said: serde_json::Value = serde_json::from_str(&body).ok()?;
        let policy = said.get("policy")?.as_str()?.into();
        Some(Self { policy, body, stands: BTreeMap::new() })
    }
}

/// Returns whether a decision is the one that the first text makes of its inputs, and the second text says the same of
/// them.
fn comes_to_the_same(stored: &StoredDecision, texts: [&ActiveRelease; 2], day: Day) -> bool {
    let [before, after] = texts;
    let said = texts.map(|text| WhatWasSaid::of(stored, text, day));
    let [Some(was), Some(will)] = said else { return false };
    was.evaluation.inputs.body == stored.body
        && was.tier() == will.tier()
        && was.evaluation.score == will.evaluation.score
        && was.evaluation.when == will.evaluation.when
        && was.trigger.overlap == will.trigger.overlap
        && was.recur.counts_as(will.recur)
        && RegisterShape::from(&before.policy).reads_as(RegisterShape::from(&after.policy))
        && before.rules.reads_as(&after.rules)
}

/// What a text says of the inputs of a decision, where it says all.
struct WhatWasSaid<'t> {
    evaluation: Evaluation,
    tier: &'t Tier,
    trigger: &'t Trigger,
    recur: &'t Recur,
}

impl<'t> WhatWasSaid<'t> {
    fn of(stored: &StoredDecision, text: &'t ActiveRelease, day: Day) -> Option<Self> {
        let ActiveRelease { policy, rules, .. } = text;
        let evaluation = rules.judge_decision(policy, &stored.body)?;
        let TriggerOf { trigger, .. } = sole_trigger(policy, day)?;
        let is_sure = evaluation.score.is_ok()
            && evaluation.station_fault.is_none()
            && evaluation.when.iter().all(Result::is_ok);
        let tier = &policy.tiers.order[evaluation.tier.as_ref().ok()?.ix()];
        is_sure.then_some(Self { tier, trigger, recur: trigger.recur.as_ref()?, evaluation })
    }

    /// Returns what of the tier moves dates, and its name.
    fn tier(&self) -> (&'t str, Length) {
        (&self.tier.id, self.tier.cycle)
    }
}
