//! Foreseeing what a policy would do: the register is read once, and nothing is written but a few subjects' examples.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::runtime::Handle;

use crate::calendar::add_days;
use crate::engine::{Refusal, RefusalCode};
use crate::office::active_release::live;
use crate::office::opening::caps::{self, CapHolder};
use crate::office::opening::dispatch::{TriggerOf, own_caps};
use crate::office::plan::foreseeable::{is_of_rules, is_quiet, sole_trigger};
use crate::office::plan::happen::{ChangedCopy, TriedChange, TriedMoment, happen};
use crate::office::plan::live_through::{DaysAhead, LookedAt};
use crate::office::plan::read_ahead::{ReadAhead, SubjectsAhead};
use crate::office::tick::pass::{TriggerText, tick};
use crate::office::{ActContext, ActiveRelease, Answer, OfficeFault};
use crate::people::Roster;
use crate::plan::{Difference, FiringDay, FirstDay, Forecast, ForecastTrigger, foretell};
use crate::schedule;
use crate::store::watermarks::Watermark;
use crate::store::{
    Access, Store, TrialRows, cap_counters, checksums, ledger, people, reappraisals, watermarks,
};
use crate::time::{Day, Stamp};

/// Readers of the register beside each other.
const READERS: u64 = 2;

/// What was foreseen, or the text whose days have to be lived through.
pub(super) enum Foresight {
    Seen(Box<ForeseenChange>),
    Hidden(Box<ActiveRelease>),
}

/// What a policy would do.
pub(super) struct ForeseenChange {
    forecast: Forecast,
    /// The frames of both courses, with nobody in them yet.
    frames: [Frame; 2],
    base: Store,
    now: Stamp,
}

/// People and places of one course, without the subjects.
struct Frame {
    store: Store,
    live: Arc<ActiveRelease>,
}

impl ForeseenChange {
    pub(super) fn difference(&self) -> &Difference {
        &self.forecast.difference
    }

    /// Lets the first day happen to some subjects alone, as it does to them among all, and ends with both copies.
    pub(super) async fn first_day_of(self, ids: &[String]) -> Answer<[LookedAt; 2]> {
        let Self { forecast, frames: [before, after], base, now } = self;
        let [in_before, in_after] = forecast.first;
        let [before, after] = [(before, in_before), (after, in_after)].map(|(frame, all)| {
            let (place, ids, handle) = (base.place(), ids.to_vec(), Handle::current());
            tokio::task::spawn_blocking(move || {
                handle.block_on(async {
                    let base = place.open(Access::Read).await?;
                    let looked = frame.first_day_of(&base, &ids, &all, now).await;
                    base.close().await;
                    looked
                })
            })
        });
        base.close().await;
        let (before, after) = (before.await, after.await);
        Ok([before.map_err(OfficeFault::impossible)??, after.map_err(OfficeFault::impossible)??])
    }
}

impl Frame {
    async fn first_day_of(
        self,
        base: &Store,
        ids: &[String],
        all: &FirstDay,
        now: Stamp,
    ) -> Answer<LookedAt> {
        let path = self.store.path().to_owned();
        self.store.close().await;
        base.copy_subjects_to_try(&path, ids).await?;
        let store = scratch(&path).await?;
        let cx = ActContext::new(&store, &self.live, now);
        let of = sole_trigger(cx.policy(), cx.today);
        if let Some((of, cap)) = of.and_then(|of| Some((of, of.trigger.at_most?))) {
            // What is opened for the others counts, too.
            let named: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
            let others = all.iter().filter(|((_, subject), _)| !named.contains(subject.as_str()));
            let mut counts = BTreeMap::new();
            let holder = |((home, _), whom): (&(Arc<str>, String), &Option<String>)| {
                Some(CapHolder { home: home.to_string(), whom: whom.clone()? })
            };
            for holder in others.filter_map(holder) {
                *counts.entry(caps::tally_of(of.id(), cap, cx.today, holder)).or_insert(0) += 1;
            }
            let mut tx = store.begin().await?;
            cap_counters::add_many(&mut tx, &counts).await?;
            reappraisals::add_all(&mut tx).await?;
            tx.commit().await?;
        }
        tick(cx, &AtomicBool::new(false)).await?;
        Ok(LookedAt { store, live: self.live })
    }
}

/// Foresees what a policy would do from today on, where that can be foreseen.
///
/// # Errors
/// [`Answer`]'s: as when it is lived through.
pub(super) async fn foresee(
    cx: ActContext<'_>,
    proposed: ActiveRelease,
    folder: &Path,
    ahead: &DaysAhead,
) -> Answer<Foresight> {
    let today = cx.today;
    let is_seen = ahead.on == today
        && sole_trigger(cx.policy(), today).is_some_and(|of| is_of_rules(cx.live, &proposed, of));
    if !is_seen || !is_same_trigger(cx, &proposed) {
        return Ok(Foresight::Hidden(Box::new(proposed)));
    }
    let until = add_days(today, i64::from(ahead.days));
    let entries = ledger::entries(&mut cx.store.read().await?).await?;
    let paths = ["before", "after"].map(|name| folder.join(format!("{name}.frame.db")));
    cx.store.copy_to_try(&paths[0], TrialRows::Frame).await?;
    std::fs::copy(&paths[0], &paths[1])
        .map_err(|error| OfficeFault::unwritable(paths[1].display(), error))?;
    let moment = TriedMoment { now: cx.now, written: cx.written };
    let changed = Box::pin(happen(scratch(&paths[1]).await?, TriedChange::Policy(proposed), moment)).await?;
    let base = cx.store.place().open(Access::Read).await?;
    let known = live(&base).await?.ok_or_else(|| Refusal::new(RefusalCode::NoRelease))?;
    if !is_quiet(cx, &changed, until).await? {
        return Ok(Foresight::Hidden(Box::new(hidden(changed).await)));
    }
    let ChangedCopy { store, active, .. } = changed;
    let lives = [Arc::new(known), Arc::new(active)];
    let read = read_all(&base, &lives, ahead, until).await?;
    // Several readers and a copy are of one moment where nobody has written since.
    let is_of_one_moment = ledger::entries(&mut base.read().await?).await? == entries;
    let read = read.filter(|_| is_of_one_moment);
    let Some(SubjectsAhead { subjects, verdicts, stations, .. }) = read else {
        let [_, active] = lives;
        store.close().await;
        let active = Arc::into_inner(active).ok_or_else(|| OfficeFault::impossible("a text that is held"))?;
        return Ok(Foresight::Hidden(Box::new(ActiveRelease { release: 0, ..active })));
    };
    let rosters =
        [people::roster(&mut base.read().await?).await?, people::roster(&mut store.read().await?).await?];
    let days = ForecastDays { from: today, until, stations: &stations };
    let triggers = [
        trigger_ahead(ActContext::new(&base, &lives[0], cx.now), &base, &rosters[0], days).await?,
        trigger_ahead(ActContext::new(&store, &lives[1], cx.now), &base, &rosters[1], days).await?,
    ];
    let forecast = foretell(verdicts, &subjects, [&triggers[0], &triggers[1]]);
    let before = scratch(&paths[0]).await?;
    let [known, active] = lives.each_ref().map(Arc::clone);
    let frames = [Frame { store: before, live: known }, Frame { store, live: active }];
    let now = Stamp::day_end(today, cx.zone());
    Ok(Foresight::Seen(Box::new(ForeseenChange { forecast, frames, base, now })))
}

/// Returns whether both texts have the same trigger.
fn is_same_trigger(cx: ActContext<'_>, proposed: &ActiveRelease) -> bool {
    let id =
        |policy| sole_trigger(policy, cx.today).map(|of| (of.workflow.id.clone(), of.trigger.id.clone()));
    id(cx.policy()) == id(&proposed.policy)
}

/// Takes the text back out of a copy that is not gone on with.
async fn hidden(changed: ChangedCopy) -> ActiveRelease {
    changed.store.close().await;
    ActiveRelease { release: 0, ..changed.active }
}

pub(super) async fn scratch(path: &Path) -> Answer<Store> {
    Ok(Store::open(&format!("sqlite:{}", path.display()), Access::Scratch).await?)
}

/// Reads the register in some stretches beside each other; none where something in it cannot be foreseen.
async fn read_all(
    base: &Store,
    lives: &[Arc<ActiveRelease>; 2],
    ahead: &DaysAhead,
    until: Day,
) -> Answer<Option<SubjectsAhead>> {
    let mut reader = base.read().await?;
    let sums = checksums::list(&mut reader, checksums::SummedTable::Subject).await?;
    let marked = reappraisals::count(&mut reader).await? > 0;
    drop(reader);
    let all: u64 = sums.values().map(|sum| u64::try_from(sum.rows).unwrap_or(0)).sum();
    // The homes at which the stretches begin.
    let (mut begins, mut before) = (vec![None], 0_u64);
    for (home, sum) in sums {
        if before >= all * begins.len() as u64 / READERS && before > 0 {
            begins.push(Some(home.clone()));
        }
        before += u64::try_from(sum.rows).unwrap_or(0);
    }
    let told = ahead.progress(all);
    let of = sole_trigger(&lives[0].policy, ahead.from);
    let trigger = of.map_or_else(String::new, |of| of.id().to_string()).into();
    let mut readings = Vec::new();
    for (at, from) in begins.iter().enumerate() {
        let read = ReadAhead {
            store: base.place().open(Access::Read).await?,
            lives: lives.clone(),
            from: ahead.from,
            until,
            is_marked: marked,
            begins: from.clone(),
            ends: begins.get(at + 1).cloned().flatten(),
            trigger: Arc::clone(&trigger),
            told: Arc::clone(&told),
            stop: Arc::clone(&ahead.stop),
        };
        let handle = Handle::current();
        readings.push(tokio::task::spawn_blocking(move || handle.block_on(read.subjects())));
    }
    let mut all = SubjectsAhead::default();
    for reading in readings {
        all.append(reading.await.map_err(OfficeFault::impossible)??);
    }
    Ok(all.is_foreseeable().then_some(all))
}

/// The days ahead, and the stations of whom something may be due.
#[derive(Clone, Copy)]
struct ForecastDays<'a> {
    from: Day,
    until: Day,
    stations: &'a BTreeSet<Arc<str>>,
}

/// Finds out when the trigger of a release fires on the days ahead, and what its cap has counted.
async fn trigger_ahead<'a>(
    cx: ActContext<'a>,
    base: &Store,
    roster: &'a Roster,
    days: ForecastDays<'_>,
) -> Answer<ForecastTrigger<'a>> {
    let ForecastDays { from, until, stations } = days;
    let policy = cx.policy();
    let of = sole_trigger(policy, from).ok_or_else(|| OfficeFault::impossible("a trigger that was there"))?;
    let (TriggerOf { workflow, trigger }, id) = (of, of.id());
    let used = match trigger.at_most {
        Some(cap) => caps::used(&mut base.read().await?, id, cap, from).await?,
        None => BTreeMap::new(),
    };
    let marks = watermarks::list(&mut cx.store.read().await?).await?;
    let Some(mut mark) = marks.into_iter().find(|mark| mark.trigger.as_ref() == id) else {
        return Err(OfficeFault::impossible("a trigger that never began").into());
    };
    let (text, mut firings) = (TriggerText { workflow, trigger, serving: Some(cx.live) }, Vec::new());
    let (mut day, mut changes_on) = (from, roster.changes_on(from));
    while day <= until {
        let now = Stamp::day_end(day, cx.zone());
        let found = text.occurrences(cx.live, std::slice::from_ref(&mark), now);
        let judged = schedule::evaluate(trigger.missed, &found, now, policy.local_calendar());
        if judged.iter().any(|firing| firing.outcome.fires()) {
            let own_caps = own_caps(&cx.live.on(day), of, stations.iter().map(|station| &**station))?;
            let is_other_staff = changes_on.is_some_and(|on| on <= day);
            if is_other_staff {
                changes_on = roster.changes_on(day);
            }
            firings.push(FiringDay { day, own_caps, is_other_staff });
        }
        mark = Watermark { at: now, ..mark };
        day = add_days(day, 1);
    }
    Ok(ForecastTrigger { policy, workflow, trigger, roster, firings, from, used })
}
