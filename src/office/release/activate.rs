//! Releases: which policy text is in force, and how another one comes into force.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::digest::Digest;
use crate::engine::{Refusal, RefusalCode};
use crate::id::TriggerId;
use crate::import::{GridRow, StationRow};
use crate::lang::Lang;
use crate::ledger::Body;
use crate::office::active_release::{ActiveRelease, as_text, live, release_numbered, versions_of};
use crate::office::appraisal::quarantine;
use crate::office::authority;
use crate::office::intake::import::take_small;
use crate::office::release::migrate::{self, MigratedOrders, migrate_running};
use crate::office::{ActContext, Answer};
use crate::people::{Roster, has_other_approver};
use crate::policy::{
    Activation, Bureau, DroppedItem, MeaningChange, Policy, Power, Recur, StandingItem, WeakenedItem,
    meaning_changes, station_file,
};
use crate::store::ledger::EntryAuthor;
use crate::store::releases::Hands;
use crate::store::{
    self, Reads, Store, StoreFault, Tx, meta, people, proposals, reappraisals, releases, versions, watermarks,
};
use crate::time::Stamp;

/// Makes a policy the release in force, in one transaction with its record.
///
/// Triggers that are new or whose schedule was edited start now; before the first pass none has
/// a start yet (rule 6). Subjects are marked when anything an appraisal reads has changed.
///
/// # Errors
/// When the database refuses; the release before stays in force.
pub async fn activate(
    store: &Store,
    proposed: ActiveRelease,
    actor: &str,
    now: Stamp,
) -> Answer<ActiveRelease> {
    Ok(start(store, proposed, actor, now).await?.active)
}

/// Does the same and tells which open orders went over to it.
pub(crate) async fn start(
    store: &Store,
    proposed: ActiveRelease,
    actor: &str,
    now: Stamp,
) -> Answer<StartedRelease> {
    let hands = Hands { actor, approver: None, number: None, reason: None, plan: None };
    let before = live(store).await?;
    if let Some(before) = before {
        if before.policy.whole == proposed.policy.whole {
            return Ok(StartedRelease { active: before, migrated: Vec::new() });
        }
        let new = NewRelease { before: Some(&before), proposed, hands };
        return Box::pin(put_in_force(store, new, now)).await;
    }
    Box::pin(put_in_force(store, NewRelease { before: None, proposed, hands }, now)).await
}

/// Whose change of the policy it is, and by which power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChangeAuthor<'a> {
    pub(crate) id: &'a str,
    pub(crate) power: Power,
}

/// Says whether a change needs a second person: when the bureau says so now, or would from then on, of all
/// changes or of those by this power; whenever a standing item is dropped; and where other people would have
/// power, as soon as somebody is there who could approve it.
pub(crate) fn wants_approval(
    cx: ActContext<'_>,
    roster: &Roster,
    proposed: &ActiveRelease,
    author: ChangeAuthor<'_>,
) -> bool {
    let before = cx.live;
    let says = |live: &ActiveRelease| {
        live.policy.bureau.activation == Activation::Approved || live.policy.powers.takes_two(author.power)
    };
    says(before)
        || says(proposed)
        || !dropped(before, proposed).is_empty()
        || !before.policy.powers_moved_by(&proposed.policy).is_empty()
            && has_other_approver(authority::on_day(cx, roster), author.id)
}

/// Says whether the changed folder of a daemon that watches waits for a second person.
///
/// # Errors
/// When the database refuses.
pub async fn waits_for_second(cx: ActContext<'_>, proposed: &ActiveRelease) -> Answer<bool> {
    let roster = people::roster(&mut cx.store.read().await?).await?;
    let author = ChangeAuthor { id: cx.policy().administrator.recorded(), power: Power::Apply };
    Ok(wants_approval(cx, &roster, proposed, author))
}

/// Names the standing items that a change drops or weakens.
///
/// # Source
/// Policy language, rule 34.
pub fn dropped(before: &ActiveRelease, proposed: &ActiveRelease) -> Vec<String> {
    dropped_by(&before.policy, &proposed.policy)
}

/// The same of the policies alone.
pub(crate) fn dropped_by(before: &Policy, proposed: &Policy) -> Vec<String> {
    let named = |DroppedItem { item: StandingItem { title, address, .. }, weakened }: DroppedItem<'_>| {
        let item = format!("{title} ({address})");
        match weakened {
            None => item,
            Some(WeakenedItem { was, now }) => format!("{item}: {was} → {now}"),
        }
    };
    before.dropped_by(proposed).into_iter().map(named).collect()
}

/// A policy that comes into force.
#[derive(Debug)]
pub(crate) struct NewRelease<'a> {
    /// What is in force before.
    pub(crate) before: Option<&'a ActiveRelease>,
    pub(crate) proposed: ActiveRelease,
    pub(crate) hands: Hands<'a>,
}

/// A policy that has come into force.
#[derive(Debug)]
pub(crate) struct StartedRelease {
    pub(crate) active: ActiveRelease,
    /// Open orders that went over to it.
    pub(crate) migrated: Vec<MigratedOrders>,
}

/// Puts a policy into force in a transaction of its own, and open orders under it where their workflow says so.
pub(crate) async fn put_in_force(store: &Store, new: NewRelease<'_>, now: Stamp) -> Answer<StartedRelease> {
    let homes = migrate::homes(store, &new.proposed.policy.workflows).await?;
    let mut tx = store.begin_on(homes.iter().map(String::as_str).chain([""])).await?;
    let actor = new.hands.actor;
    let active = Box::pin(switch(store, &mut tx, new, now)).await?;
    let migrated = migrate_running(ActContext::new(store, &active, now), &mut tx, actor).await?;
    tx.commit().await?;
    Ok(StartedRelease { active, migrated })
}

/// Puts a policy into force within a transaction that writes to the bureau's chain.
pub(crate) async fn switch(
    store: &Store,
    tx: &mut Tx,
    new: NewRelease<'_>,
    now: Stamp,
) -> Answer<ActiveRelease> {
    let NewRelease { before, proposed, hands } = new;
    let active = releases::active(tx).await?.map_or(0, |release| release.number);
    if active != before.map_or(0, |live| live.release) {
        // Somebody put another one into force since this change was looked at.
        return Err(StoreFault::Collided.into());
    }
    if let Some(before) = before {
        refuse_other_bureau(&before.policy.bureau, &proposed.policy.bureau)?;
    }
    let number = match hands.number {
        Some(number) => number,
        None => proposals::next_number(tx).await?,
    };
    let texts = as_text(&proposed.texts);
    let hands = Hands { number: Some(number), ..hands };
    let release = releases::activate(tx, proposed.policy.whole, &texts, hands, now).await?;
    proposals::remove(tx, number).await?;
    for live in before.into_iter().chain([&proposed]) {
        let held = if live.release == 0 { number } else { live.release };
        if live.policy.digest != live.policy.whole {
            versions::add_many(tx, &versions_of(&live.policy), held).await?;
        }
    }
    let body = Body::Released {
        number: release.number,
        policy: release.policy.to_string(),
        files: release.files.iter().map(|(path, digest)| (path.clone(), digest.to_string())).collect(),
        approved_by: release.approved_by,
        reason: release.reason,
        plan: release.plan,
    };
    store::ledger::append(tx, "", &body, EntryAuthor { actor: hands.actor, at: now }).await?;
    if meta::get(tx, meta::LAST_TICK).await?.is_some() {
        restart_triggers(tx, before.map(|live| &live.policy), &proposed.policy, now).await?;
    }
    let is_same = |before: &ActiveRelease| appraisal_key(&before.policy) == appraisal_key(&proposed.policy);
    let quarantined = match before {
        Some(before) => quarantine::of(tx, &before.policy).await?.is_some(),
        None => false,
    };
    if quarantined || !before.is_some_and(is_same) {
        reappraisals::add_all(tx).await?;
    } else {
        let edited = stations_edited(before.map(|live| &live.policy), &proposed.policy);
        reappraisals::add_of_stations(tx, &edited).await?;
    }
    take_places(ActContext::new(store, &proposed, now), tx).await?;
    Ok(ActiveRelease { release: release.number, ..proposed })
}

/// Refuses the policy of another bureau: a database knows whose it is, and by which zone its days run.
pub(crate) fn refuse_other_bureau(known: &Bureau, proposed: &Bureau) -> Result<(), Refusal> {
    if known.id == proposed.id && known.zone == proposed.zone {
        return Ok(());
    }
    let named = |bureau: &Bureau| format!("{} {}", bureau.id, bureau.title);
    Err(Refusal::new(RefusalCode::OtherBureau)
        .with("known", named(known))
        .with("zone", known.zone.to_string())
        .with("proposed", named(proposed))
        .with("other-zone", proposed.zone.to_string()))
}

/// Takes the folder's stations and grids into the register.
async fn take_places(cx: ActContext<'_>, tx: &mut Tx) -> Answer<()> {
    let places = &cx.policy().places;
    let find = |path: &Option<String>| cx.live.places.iter().find(|(known, _)| Some(known) == path.as_ref());
    if let Some((path, bytes)) = find(&places.stations) {
        take_small::<StationRow>(cx, tx, path, bytes).await?;
    }
    if let Some((path, bytes)) = find(&places.grids) {
        take_small::<GridRow>(cx, tx, path, bytes).await?;
    }
    Ok(())
}

/// Starts triggers that are new or edited now, and forgets those that are gone.
///
/// While a workflow is not in force yet its triggers fire as the text before it says, so their
/// marks stay.
async fn restart_triggers(tx: &mut Tx, before: Option<&Policy>, after: &Policy, now: Stamp) -> Answer<()> {
    let schedules = |policy: &Policy| -> BTreeMap<TriggerId, (String, bool)> {
        let all = policy.workflows.iter().flat_map(|workflow| {
            workflow.start.iter().map(|trigger| {
                let id = TriggerId { workflow: &workflow.id, trigger: &trigger.id };
                (id.to_owned(), (trigger.cron.text().to_owned(), trigger.workdays_only))
            })
        });
        all.collect()
    };
    let today = now.day_in(after.bureau.zone);
    let is_ahead = |id: &str| after.workflow(id).is_some_and(|workflow| workflow.effective > today);
    let before = before.map(schedules).unwrap_or_default();
    let edited = schedules(after);
    for trigger in before.keys().filter(|trigger| !edited.contains_key(trigger)) {
        if !is_ahead(&trigger.workflow) {
            watermarks::delete(tx, trigger.as_ref()).await?;
        }
    }
    for (trigger, schedule) in edited {
        let was = before.get(&trigger);
        if was != Some(&schedule) && (was.is_none() || !is_ahead(&trigger.workflow)) {
            let mark = watermarks::Watermark { trigger, starts_at: now, at: now };
            watermarks::set(tx, &mark).await?;
        }
    }
    Ok(())
}

/// Returns the stations whose own texts are not what they were, cases apart.
fn stations_edited<'p>(before: Option<&'p Policy>, after: &'p Policy) -> BTreeSet<&'p str> {
    let texts = |policy: &'p Policy| -> BTreeSet<(&'p str, &'p str, Digest)> {
        let own = policy.texts.iter().filter_map(|(path, digest)| {
            let (station, file) = station_file(path)?;
            file.strip_prefix("tests/").is_none().then_some((station, file, *digest))
        });
        own.collect()
    };
    let (before, after) = (before.map(texts).unwrap_or_default(), texts(after));
    before.symmetric_difference(&after).map(|(station, ..)| *station).collect()
}

/// Names everything of the bureau's policy that an appraisal reads, so that an edit elsewhere (a step, a
/// form, a title) appraises nobody anew.
fn appraisal_key(policy: &Policy) -> Digest {
    let mut parts: Vec<String> = vec![policy.calendar.revision.to_string(), policy.bureau.zone.to_string()];
    parts.extend(policy.levels.iter().chain(&policy.inspection_kinds).cloned());
    parts.extend(
        policy.attributes.iter().map(|a| format!("{} {} {:?} {:?}", a.id, a.title, a.kind, a.default)),
    );
    parts.extend(
        policy.tiers.order.iter().map(|tier| format!("{} {}", tier.id, tier.cycle.written(Lang::Zh))),
    );
    for table in &policy.tables {
        parts.push(format!("{} {} {:?}", table.id, table.prefix, table.columns));
        parts.extend(table.rows.iter().map(|(key, row)| format!("{key} {:?}", row.cells)));
    }
    parts.extend(policy.params.iter().map(|param| format!("{} {} {}", param.id, param.value, param.whole)));
    let own = policy.scripts.iter().filter(|script| script.station.is_none());
    parts.extend(own.map(|script| policy.sources.file(script.file).text.clone()));
    for (workflow, trigger, recur) in policy.recurring() {
        let Recur { since, every, anchor, first, raised, roll, lead, span: _, every_span: _ } = recur;
        let when = trigger.when.map(|when| policy.exprs[when.ix()].text.clone());
        parts.push(format!(
            "{}/{} {since:?} {every:?} {anchor:?} {first:?} {} {roll:?} {lead:?} {when:?} {:?}",
            workflow.id,
            trigger.id,
            raised.written(Lang::Zh),
            trigger.overlap
        ));
    }
    Digest::of_parts("wubu-appraisal", parts.iter().map(String::as_bytes))
}

/// A release, and what it says otherwise than the one before it.
#[derive(Clone, Debug, Serialize)]
pub struct ReleaseStory {
    #[serde(flatten)]
    pub release: releases::Release,
    /// Whether it waits for a second person or for its day.
    pub is_proposed: bool,
    /// The earlier release whose text it is once more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goes_back_to: Option<i64>,
    pub changes: Vec<MeaningChange>,
}

/// Tells what a release changed.
///
/// # Refusals
/// R157 where there is no such release.
pub async fn release_story(store: &Store, number: i64) -> Answer<ReleaseStory> {
    let mut reader = store.read().await?;
    let all = releases::list(&mut reader).await?;
    let waiting = proposals::list(&mut reader).await?.into_iter().find(|one| one.number == number);
    let proposed = waiting.map(|one| releases::Release {
        number: one.number,
        policy: one.policy,
        activated_at: one.proposed_at,
        actor: one.actor,
        approved_by: one.approved_by,
        files: one.files,
        reason: one.reason,
        plan: one.plan,
    });
    let is_proposed = proposed.is_some();
    let found = proposed.or_else(|| all.iter().find(|release| release.number == number).cloned());
    let release = found.ok_or_else(|| no_such_release(number))?;
    let before = all.iter().rev().find(|one| one.number < number).map_or(0, |one| one.number);
    let changes = release_changes(&mut reader, before, number).await?;
    let same = all.iter().rev().find(|one| one.number < before && one.policy == release.policy);
    let goes_back_to = same.map(|one| one.number);
    Ok(ReleaseStory { release, is_proposed, goes_back_to, changes })
}

/// Lists what a release says otherwise than another; number 0 says nothing yet.
///
/// # Refusals
/// R157 where there is no such release.
pub async fn release_changes(at: &mut impl Reads, before: i64, after: i64) -> Answer<Vec<MeaningChange>> {
    let (before, after) = (texts_of(at, before).await?, texts_of(at, after).await?);
    Ok(meaning_changes(&before, &after))
}

/// Reads the texts of a release; none of number 0.
async fn texts_of(at: &mut impl Reads, number: i64) -> Answer<Vec<(String, String)>> {
    if number == 0 {
        return Ok(Vec::new());
    }
    let all = releases::list(at).await?;
    if let Some(found) = all.iter().find(|release| release.number == number) {
        return Ok(releases::texts(at, found).await?);
    }
    // What only waits is looked at before it is approved.
    let waiting = proposals::list(at).await?;
    let found = waiting.iter().find(|one| one.number == number).ok_or_else(|| no_such_release(number))?;
    let [texts, _] = found.texts(at).await?;
    Ok(texts)
}

/// Returns a release by its number, ready to decide.
///
/// # Refusals
/// R157 where there is no such release.
pub async fn release_of_number(store: &Store, number: i64) -> Answer<ActiveRelease> {
    let found = release_numbered(&mut store.read().await?, number).await?;
    Ok(found.ok_or_else(|| no_such_release(number))?)
}

/// Says that there is no such release.
pub(crate) fn no_such_release(number: i64) -> Refusal {
    Refusal::new(RefusalCode::NoSuchRelease).with("release", number.to_string())
}

/// Lists all releases, oldest first.
pub async fn releases(store: &Store) -> Answer<Vec<releases::Release>> {
    Ok(releases::list(&mut store.read().await?).await?)
}
