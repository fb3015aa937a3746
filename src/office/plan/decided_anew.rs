//! Whose stored appraisal stands under a changed text: each decision is made anew once, whoever it was made of.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::office::active_release::StationReleases;
use crate::office::plan::foreseeable::sole_trigger;
use crate::office::{ActiveRelease, Answer};
use crate::policy::Tier;
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
    /// Whether both texts read and count alike, by station that has a text of its own; all others under an empty name.
    alike: BTreeMap<String, bool>,
    known: HashMap<String, StoredDecision>,
}

/// A decision as it was stored.
struct StoredDecision {
    /// Digest of the policy that decided.
    policy: Arc<str>,
    body: String,
    /// Whether it stands, by station as in [`DecisionsAnew::alike`].
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
        let texts = lives.each_ref().map(|live| live.on(from));
        Self { texts, restless, from, alike: BTreeMap::new(), known: HashMap::new() }
    }

    /// Reads the decisions that are not known yet.
    pub(super) async fn read(&mut self, at: &mut impl Reads, ids: impl Iterator<Item = &str>) -> Answer<()> {
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        let new: BTreeSet<&str> = ids.filter(|id| !self.known.contains_key(*id)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let bodies = decisions::find_many(at, new.into_iter()).await?;
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
        let texts = [&*before, &*after];
        let is_alike = || are_alike(texts, self.from);
        let stands =
            *self.alike.entry(own.to_owned()).or_insert_with(is_alike) && comes_to_the_same(stored, texts);
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

/// Returns whether two texts read the same of a subject and count the same dates for whoever has the same cycle.
fn are_alike([one, other]: [&ActiveRelease; 2], day: Day) -> bool {
    let triggers = [one, other].map(|text| sole_trigger(&text.policy, day));
    let [Some(first), Some(second)] = triggers else { return false };
    let (first, second) = (first.trigger, second.trigger);
    let (Some(recur), Some(other_recur)) = (&first.recur, &second.recur) else { return false };
    first.overlap == second.overlap
        && recur.counts_as(other_recur)
        && RegisterShape::from(&one.policy).reads_as(RegisterShape::from(&other.policy))
        && one.rules.reads_as(&other.rules)
}

/// Returns whether a decision is the one that the first text makes of its inputs, and the second text says the same of
/// them.
fn comes_to_the_same(stored: &StoredDecision, [before, after]: [&ActiveRelease; 2]) -> bool {
    let said = |text: &ActiveRelease| text.rules.judge_decision(&text.policy, &stored.body);
    let (Some(was), Some(will)) = (said(before), said(after)) else { return false };
    let is_sure = |answer: &Evaluation| {
        answer.score.is_ok() && answer.station_fault.is_none() && answer.when.iter().all(Result::is_ok)
    };
    let tiers = [(&was, before), (&will, after)].map(|(answer, text)| tier_of(answer, text));
    let [Some(tier), Some(other)] = tiers else { return false };
    was.inputs.body == stored.body
        && is_sure(&was)
        && is_sure(&will)
        && (&tier.id, tier.cycle) == (&other.id, other.cycle)
        && (&was.score, &was.when) == (&will.score, &will.when)
}

fn tier_of<'t>(answer: &Evaluation, text: &'t ActiveRelease) -> Option<&'t Tier> {
    Some(&text.policy.tiers.order[answer.tier.as_ref().ok()?.ix()])
}
