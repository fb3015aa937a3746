//! Opening what is due: read in order, picked, capped, opened by the ten thousand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use crate::appraise::HoldReason;
use crate::dispatch::{self, CandidateChoice, CapUse, ChoiceBasis, DueCandidate, SkipReason, StaffedPlaces};
use crate::engine::{OrderHeader, OrderOrigin};
use crate::id::TriggerId;
use crate::ledger::OpenedOrder;
use crate::limits::ORDERS_PER_TRANSACTION;
use crate::office::Answer;
use crate::office::active_release::{EffectiveRelease, StationReleases};
use crate::office::opening::opener::{Dispatch, Opener, PASSED_OVER_MAX, PassedOver};
use crate::office::opening::skipping::{self, SkipKey};
use crate::office::opening::{caps, staffing};
use crate::people::{Grid, NoPair, Roster, RosterOnDay};
use crate::policy::{Cap, CapPer, Trigger, Workflow};
use crate::store::due::{self, DuePlace};
use crate::store::skipped_candidates::{Skip, SkipFrequency};
use crate::store::{ReadTx, Recording};

/// Opens an order for every subject whose issue date has come, and records why not for the rest.
///
/// # Source
/// Policy language, rules 6 to 8a.
pub(crate) async fn open_due(
    opener: &Opener<'_>,
    trigger: &Trigger,
    roster: &mut Roster,
    stop: &AtomicBool,
) -> Answer<Dispatch> {
    let HeldCandidates { count: held, named } = record_held(opener).await?;
    let mut used = match trigger.at_most {
        Some(cap) => {
            caps::used(&mut opener.cx.store.read().await?, opener.trigger(), cap, opener.cx.today).await?
        }
        None => CapUse::new(),
    };
    let exhausted = exhausted(opener, trigger, roster, &used)?;
    let mut candidates = candidates(opener, &exhausted).await?;
    let stations = candidates.iter().map(|candidate| candidate.station.as_str());
    let own_caps = own_caps(&opener.texts, TriggerOf { workflow: opener.workflow, trigger }, stations)?;
    let on = RosterOnDay { policy: opener.cx.policy(), roster, today: opener.cx.today };
    let by = ChoiceBasis { on, workflow: opener.workflow, trigger, own_caps: &own_caps };
    let CandidateChoice { mut taken, deferred, unstaffed } =
        dispatch::choose(&mut candidates, by, &mut used, &mut StaffedPlaces::default());
    record_unstaffed(opener, &candidates, &unstaffed).await?;
    record_deferred(opener, &candidates, &deferred).await?;
    let mut passed_over = passed_over_of(&candidates, unstaffed.keys(), SkipReason::NoValidPair);
    passed_over.extend(passed_over_of(&candidates, &deferred, SkipReason::Cap));
    passed_over.extend(named);
    let skipped = held + unstaffed.len() as u64 + deferred.len() as u64;
    let is_left = keep_own(opener, &candidates, &mut taken);
    // What is written is let go; the rest waits as candidates, which are small beside orders.
    let taken = in_order(candidates, taken).map(|candidate| planned(opener, candidate));
    let done = opener.open_all(taken, &[], roster, stop).await?;
    Ok(Dispatch { skipped, passed_over, is_left, ..done })
}

/// Keeps of what is taken the part that is opened here, home by home; returns whether others have to open some.
///
/// All daemons choose among all candidates, so that caps hold across homes; they agree on what is taken, whatever one
/// of them has opened already.
fn keep_own(opener: &Opener<'_>, candidates: &[DueCandidate], taken: &mut Vec<usize>) -> bool {
    let share = opener.cx.store.share();
    if share.is_whole() {
        return false;
    }
    taken.sort_by(|one, other| candidates[*one].home.cmp(&candidates[*other].home));
    let homes: BTreeSet<&str> = taken.iter().map(|at| candidates[*at].home.as_str()).collect();
    let homes: Vec<&str> = homes.into_iter().collect();
    let own = &homes[share.stretch(homes.len())];
    let count = taken.len();
    taken.retain(|at| own.binary_search(&candidates[*at].home.as_str()).is_ok());
    taken.len() < count
}

/// Names the first of the candidates at some places for which there is no order.
fn passed_over_of<'p>(
    candidates: &[DueCandidate],
    at: impl IntoIterator<Item = &'p usize>,
    reason: SkipReason,
) -> Vec<PassedOver> {
    let named = at.into_iter().take(PASSED_OVER_MAX).map(|at| &candidates[*at]);
    named.map(|candidate| passed_over(candidate, reason.into_str())).collect()
}

fn passed_over(candidate: &DueCandidate, reason: &'static str) -> PassedOver {
    let DueCandidate { home, subject, station, .. } = candidate;
    let (home, subject, station) = (home.clone(), subject.clone(), station.clone());
    PassedOver { home, name: subject.clone(), subject, station, reason }
}

/// A trigger and its workflow.
#[derive(Clone, Copy)]
pub(crate) struct TriggerOf<'a> {
    pub(crate) workflow: &'a Workflow,
    pub(crate) trigger: &'a Trigger,
}

impl<'a> TriggerOf<'a> {
    pub(crate) fn id(self) -> TriggerId<&'a str> {
        TriggerId { workflow: &self.workflow.id, trigger: &self.trigger.id }
    }
}

/// Returns the caps of stations with a text of their own.
pub(crate) fn own_caps<'s>(
    texts: &StationReleases<'_>,
    of: TriggerOf<'_>,
    stations: impl Iterator<Item = &'s str>,
) -> Answer<BTreeMap<String, Cap>> {
    let own = texts.own(stations)?;
    let cap = |(station, text): (String, EffectiveRelease<'_>)| {
        let workflow = text.policy.workflow(&of.workflow.id)?;
        Some((station, workflow.start.iter().find(|known| known.id == of.trigger.id)?.at_most?))
    };
    Ok(own.into_iter().filter_map(cap).collect())
}

/// Takes the items at some places, in the order of these.
fn in_order<T>(items: Vec<T>, places: Vec<usize>) -> impl Iterator<Item = T> {
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    places.into_iter().filter_map(move |at| items[at].take())
}

/// Plans the order of a candidate.
fn planned(opener: &Opener<'_>, candidate: DueCandidate) -> OpenedOrder {
    let score = Some(candidate.score_text());
    let OpenedOrder { header, origin, .. } = opener.begin_order(candidate.home, candidate.subject);
    let header = OrderHeader {
        station: candidate.station,
        grid: candidate.grid,
        tier: Some(candidate.tier),
        scheduled_for: candidate.issue_on,
        due_on: candidate.due_on,
        ..header
    };
    let origin = OrderOrigin {
        nominal: candidate.nominal.to_string(),
        score,
        decision: Some(candidate.decision),
        is_provisional: candidate.is_provisional,
        ..origin
    };
    OpenedOrder { header, origin, step_due: None, choices: Vec::new() }
}

/// Names the grids of which nothing is taken today, because those whom the cap counts have had all they may; none
/// where it is recorded of each candidate that the cap holds it back.
fn exhausted<'r>(
    opener: &Opener<'_>,
    trigger: &Trigger,
    roster: &'r Roster,
    used: &CapUse,
) -> Answer<BTreeSet<&'r str>> {
    let Some(cap) = trigger.at_most.filter(|_| opener.cx.store.recording() == Recording::Nothing) else {
        return Ok(BTreeSet::new());
    };
    let stations = roster.grids.values().map(|grid| grid.station.as_str());
    let own = own_caps(&opener.texts, TriggerOf { workflow: opener.workflow, trigger }, stations)?;
    let most = own.values().map(|own| own.count).chain([cap.count]).max().unwrap_or(cap.count);
    let is_exhausted = |grid: &&Grid| {
        let holder = match cap.per {
            CapPer::Officer => grid.officer.as_ref(),
            CapPer::Grid => Some(&grid.id),
            CapPer::Station | CapPer::Subject => None,
        };
        holder.is_some_and(|holder| used.get(holder).is_some_and(|used| *used >= most))
    };
    Ok(roster.grids.values().filter(is_exhausted).map(|grid| grid.id.as_str()).collect())
}

async fn candidates(opener: &Opener<'_>, exhausted: &BTreeSet<&str>) -> Answer<Vec<DueCandidate>> {
    let mut reader: ReadTx = opener.cx.store.read().await?;
    let (trigger, until) = (opener.trigger(), opener.cx.today);
    let mut found = if exhausted.is_empty() {
        due::ready(&mut reader, trigger, until)
    } else {
        due::ready_but(&mut reader, trigger, until, exhausted)
    };
    Ok(found.rest().await?)
}

fn skip(opener: &Opener<'_>, candidate: &DueCandidate, reason: &str) -> Skip {
    let DueCandidate { home, subject, nominal, .. } = candidate;
    opener.skip(SkipKey { home, subject, nominal: nominal.to_string() }, reason)
}

/// Candidates that are held.
struct HeldCandidates {
    count: u64,
    /// The first of them.
    named: Vec<PassedOver>,
}

/// Records candidates that began to be held since the last firing; counts all that are.
async fn record_held(opener: &Opener<'_>) -> Answer<HeldCandidates> {
    let (store, trigger, until) = (opener.cx.store, opener.trigger(), opener.cx.today);
    let mut reader = store.read().await?;
    let mut all = due::newly_held(&mut reader, trigger, until);
    loop {
        let new = all.next_rows(ORDERS_PER_TRANSACTION).await?;
        if new.is_empty() {
            break;
        }
        let held = new.iter().filter_map(|known| Some(skip(opener, known, known.held.as_deref()?)));
        opener.record_skips(&held.collect::<Vec<_>>(), SkipFrequency::Once).await?;
        let places = new.iter().map(|DueCandidate { issue_on, home, subject, .. }| DuePlace {
            home: home.as_str(),
            issue_on: *issue_on,
            subject: subject.as_str(),
        });
        let places: Vec<DuePlace<&str>> = places.collect();
        let mut tx = store.begin_on(places.iter().map(|place| place.home)).await?;
        due::record_held(&mut tx, trigger, &places).await?;
        tx.commit().await?;
    }
    drop(all);
    let mut reader = store.read().await?;
    let held = due::held(&mut reader, trigger, until).await?;
    let count = held.into_iter().map(|(_, count)| u64::try_from(count).unwrap_or(0)).sum();
    let limit = i64::try_from(PASSED_OVER_MAX).unwrap_or(i64::MAX);
    let first = due::known_held(&mut reader, trigger, until, limit).await?;
    let named = |candidate: &DueCandidate| {
        Some(passed_over(candidate, candidate.held.as_deref()?.parse::<HoldReason>().ok()?.into_str()))
    };
    Ok(HeldCandidates { count, named: first.iter().filter_map(named).collect() })
}

/// Records candidates over the cap, once a day; they stay due.
async fn record_deferred(opener: &Opener<'_>, all: &[DueCandidate], deferred: &[usize]) -> Answer<()> {
    if opener.cx.store.recording() == Recording::Nothing {
        return Ok(());
    }
    for chunk in deferred.chunks(ORDERS_PER_TRANSACTION) {
        let skips = chunk.iter().map(|at| skip(opener, &all[*at], SkipReason::Cap.into_str()));
        opener.record_skips(&skips.collect::<Vec<_>>(), SkipFrequency::Daily).await?;
    }
    Ok(())
}

/// Records candidates nobody could be sent to, once; they stay due, and the heads are told.
async fn record_unstaffed(
    opener: &Opener<'_>,
    all: &[DueCandidate],
    unstaffed: &BTreeMap<usize, NoPair>,
) -> Answer<()> {
    let unstaffed: Vec<(&DueCandidate, &NoPair)> =
        unstaffed.iter().map(|(at, no_pair)| (&all[*at], no_pair)).collect();
    for chunk in unstaffed.chunks(ORDERS_PER_TRANSACTION) {
        let skips =
            chunk.iter().map(|(candidate, _)| skip(opener, candidate, SkipReason::NoValidPair.into_str()));
        let skips: Vec<Skip> = skips.collect();
        let homes = skips.iter().map(|skip| skip.home.as_str());
        let mut tx = opener.cx.store.begin_on(homes).await?;
        let new = skipping::record(&mut tx, &skips, SkipFrequency::Once, opener.cx.now).await?;
        let new: Vec<(&DueCandidate, &NoPair)> = new.into_iter().map(|at| chunk[at]).collect();
        staffing::tell(&mut tx, opener, &new).await?;
        tx.commit().await?;
    }
    Ok(())
}
