//! One whole pass: appraise what may have changed, evaluate the firings, open what is due.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use serde::Serialize;

use crate::id::{OrderId, TriggerId};
use crate::ledger::Body;
use crate::office::active_release::{ACTOR, in_force, last_tick};
use crate::office::appraisal::appraise::appraise_marked;
use crate::office::appraisal::quarantine;
use crate::office::authority;
use crate::office::fault::again_when_collided;
use crate::office::numbering::{StationTitles, titles};
use crate::office::opening::dispatch::open_due;
use crate::office::opening::opener::{Dispatch, Opener, OpeningWay, PASSED_OVER_MAX, PassedOver};
use crate::office::opening::undated::open_periodic;
use crate::office::outbox::{address, directory};
use crate::office::signal_notes::{self, PeopleNews};
use crate::office::signals::carry;
use crate::office::tick::fire_terms::fire_due_terms;
use crate::office::written_moment::refuse_before_tick;
use crate::office::{ActContext, ActiveRelease, Answer, Quarantine};
use crate::people::{PowerRequest, Roster, back, began, ended};
use crate::policy::{MissedMode, Policy, Power, Trigger, Workflow};
use crate::schedule::{self, FiringOutcome, Interval};
use crate::store::occurrences::{self, Occurrence};
use crate::store::watermarks::{self, Watermark};
use crate::store::{self, ManyRows, Reads, Store, meta, people, reading, reappraisals, signals, terms};
use crate::time::{Day, Stamp, Tz};

/// What a pass did.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct TickReport {
    pub now: String,
    #[serde(skip)]
    pub at: Stamp,
    /// Whether nothing is left that other daemons are at; until then the moment is not passed.
    #[serde(skip)]
    pub is_whole: bool,
    #[serde(skip)]
    pub first: Vec<OrderId>,
    #[serde(skip)]
    pub passed_over: Vec<PassedOver>,
    pub occurrences: Vec<Firing>,
    pub appraised: u64,
    pub opened: u64,
    pub merged: u64,
    pub skipped: u64,
    pub undecided: u64,
    pub quarantine: Option<Quarantine>,
    pub escalated: u64,
    pub notified: u64,
}

impl TickReport {
    /// Returns whether it judged nobody, opened no order and fired no term.
    pub const fn did_nothing(&self) -> bool {
        self.appraised + self.opened + self.escalated + self.notified == 0
    }
}

/// One firing of one trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Firing {
    /// `workflow/trigger`.
    pub trigger: String,
    /// The instant meant, local.
    pub nominal: String,
    /// `fired`, `caught-up`, `missed` or `skipped`.
    pub outcome: &'static str,
    /// Why, when it did not simply fire.
    pub reason: Option<&'static str>,
}

/// Makes one pass at `now`.
///
/// # Errors
/// When `now` lies before the last pass (rule 6), or the database refuses. What was
/// committed before stays; the next pass goes on from there and opens nothing twice.
///
/// # Source
/// Policy language, rules 5a to 8a.
pub async fn tick(cx: ActContext<'_>, stop: &AtomicBool) -> Answer<TickReport> {
    let report = again_when_collided(async || pass(cx, stop).await).await?;
    if stop.load(Ordering::Relaxed) || !report.is_whole {
        return Ok(report);
    }
    Box::pin(async { address(cx, &directory(cx).await?).await }).await?;
    let mut tx = cx.store.begin().await?;
    // Another daemon's pass may have begun later and be over.
    if meta::moment(&mut tx, meta::LAST_TICK).await?.is_none_or(|last| last < cx.now) {
        meta::set(&mut tx, meta::LAST_TICK, &cx.now.to_string()).await?;
    }
    tx.commit().await?;
    cx.store.look_anew(ManyRows::Passed, report.appraised + report.opened).await;
    Ok(report)
}

/// How far ahead another daemon's pass may lie that began a little later and is over.
const BESIDE: TimeDelta = TimeDelta::minutes(1);

/// Does all of a tick but its last deed: nobody is told yet, and its moment is not kept.
///
/// # Errors
/// As [`tick`].
pub async fn pass(cx: ActContext<'_>, stop: &AtomicBool) -> Answer<TickReport> {
    let ActContext { store, live, now, .. } = cx;
    let zone = cx.zone();
    let last = last_tick(store).await?;
    refuse_before_tick(
        now,
        last.map(|last| if store.is_served() { last.plus(-BESIDE) } else { last }),
        zone,
    )?;
    let marks = begin_time(cx, last).await?;
    begin_day(cx).await?;
    carry::carry(cx).await?;
    let titles = titles(&mut store.read().await?).await?;
    let rung = fire_due_terms(cx, &titles).await?;
    let appraised = appraise_marked(cx, stop).await?;
    let mut reader = store.read().await?;
    let report = TickReport {
        now: now.rfc3339_in(zone),
        at: now,
        is_whole: !appraised.is_left,
        first: Vec::new(),
        passed_over: Vec::new(),
        occurrences: Vec::new(),
        appraised: appraised.appraised,
        opened: 0,
        merged: 0,
        skipped: 0,
        undecided: appraised.undecided,
        quarantine: quarantine::of(&mut reader, &live.policy).await?,
        escalated: rung.escalated,
        notified: rung.notified,
    };
    if appraised.is_left {
        return Ok(report);
    }
    // What people have in hand is known once the terms have fired.
    let roster = people::roster(&mut reader).await?;
    drop(reader);
    let mut pass = Pass { cx, roster, titles, marks, stop, report };
    for workflow in &live.policy.workflows {
        let serving = in_force(store, live, workflow, cx.today).await?;
        let text = serving.as_deref().and_then(|serving| serving.policy.workflow(&workflow.id));
        for trigger in &text.unwrap_or(workflow).start {
            let firing =
                TriggerText { workflow: text.unwrap_or(workflow), trigger, serving: serving.as_deref() };
            pass.evaluate(&firing).await?;
        }
    }
    pass.name_passed_over().await?;
    Ok(pass.report)
}

/// Notes at the first pass of a day whose duties may have to move: of those who are away, of those whose posts ended
/// since it was looked last, however many days ago that is, and to those whose posts began or who are back.
async fn begin_day(cx: ActContext<'_>) -> Answer<()> {
    if people_day(&mut cx.store.read().await?).await? == Some(cx.today) {
        return Ok(());
    }
    let mut tx = cx.store.begin().await?;
    let since = people_day(&mut tx).await?;
    if since == Some(cx.today) {
        // Another daemon did meanwhile.
        tx.release().await;
        return Ok(());
    }
    let roster = people::roster(&mut tx).await?;
    let news = PeopleNews {
        changed: ended(&roster, since, cx.today),
        came: began(&roster, since, cx.today),
        is_back: since.is_some_and(|since| back(&roster, since, cx.today)),
    };
    signal_notes::people_changed(cx, &mut tx, &roster, news).await?;
    meta::set(&mut tx, meta::PEOPLE_DAY, &cx.today.to_string()).await?;
    Ok(tx.commit().await?)
}

async fn people_day(at: &mut impl Reads) -> Answer<Option<Day>> {
    Ok(meta::get(at, meta::PEOPLE_DAY).await?.and_then(|day| day.parse().ok()))
}

/// Accepts the clock as it is: what was done up to a later moment no longer holds dispatch, and what was
/// judged for a later day is judged again.
///
/// # Refusals
/// Whoever is named and lacks the power; R181.
pub async fn accept_clock(cx: ActContext<'_>, by: Option<&str>) -> Answer<()> {
    let ActContext { store, now, today, .. } = cx;
    let mut tx = store.begin_on([""]).await?;
    let roster = people::roster(&mut tx).await?;
    let actor = authority::allow_operator(cx, &roster, by, PowerRequest::over(Power::AcceptClock, None))?;
    if meta::moment(&mut tx, meta::CLOCK_ACCEPTED).await? == Some(now) {
        // Accepted before, by a pass that was cut off after it.
        return Ok(());
    }
    meta::set(&mut tx, meta::CLOCK_ACCEPTED, &now.to_string()).await?;
    let last = meta::moment(&mut tx, meta::LAST_TICK).await?;
    let body = Body::ClockAccepted {
        clock: cx.written.map(|written| written.clock.to_string()),
        last_tick: last.map(|last| last.to_string()),
    };
    store::ledger::append(&mut tx, "", &body, cx.author(actor)).await?;
    // Only ever back: what lies between an earlier pass and now has not been done by accepting it.
    if last.is_some_and(|last| last > now) {
        meta::set(&mut tx, meta::LAST_TICK, &now.to_string()).await?;
    }
    watermarks::set_back(&mut tx, now).await?;
    reappraisals::add_decided_after(&mut tx, today).await?;
    Ok(tx.commit().await?)
}

/// Returns the moment of the newest accepted clock.
pub async fn clock_accepted(store: &Store) -> Answer<Option<Stamp>> {
    Ok(meta::moment(&mut store.read().await?, meta::CLOCK_ACCEPTED).await?)
}

/// Returns whether a pass at `now` would find anything to do.
pub async fn is_due(cx: ActContext<'_>) -> Answer<bool> {
    let ActContext { store, live, now, today, .. } = cx;
    let mut reader = store.read().await?;
    let Some(last) = meta::moment(&mut reader, meta::LAST_TICK).await? else { return Ok(true) };
    if last > now {
        // What another daemon has just passed is done; a clock that stands behind is noticed elsewhere.
        return Ok(false);
    }
    if last.day_in(cx.zone()) != today
        || store::reappraisals::count(&mut reader).await? > 0
        || !terms::firing(&mut reader, now, 1).await?.is_empty()
        || !signals::waiting(&mut reader, now, 1).await?.is_empty()
    {
        return Ok(true);
    }
    let marks = watermarks::list(&mut reader).await?;
    drop(reader);
    for workflow in &live.policy.workflows {
        let serving = in_force(store, live, workflow, today).await?;
        let text = serving.as_deref().and_then(|serving| serving.policy.workflow(&workflow.id));
        let workflow = text.unwrap_or(workflow);
        let fires = |trigger| {
            let due = TriggerText { workflow, trigger, serving: serving.as_deref() };
            !due.occurrences(live, &marks, now).is_empty()
        };
        if workflow.start.iter().any(fires) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A trigger by the text that serves it now; none serves a workflow that was never in force.
pub(crate) struct TriggerText<'a> {
    pub(crate) workflow: &'a Workflow,
    pub(crate) trigger: &'a Trigger,
    pub(crate) serving: Option<&'a ActiveRelease>,
}

impl<'a> TriggerText<'a> {
    fn id(&self) -> TriggerId<&'a str> {
        TriggerId { workflow: &self.workflow.id, trigger: &self.trigger.id }
    }

    /// Returns the instants since its watermark, and not before the text was in force.
    pub(crate) fn occurrences(&self, live: &ActiveRelease, marks: &[Watermark], now: Stamp) -> Vec<Stamp> {
        let Self { workflow, trigger, serving } = self;
        let zone = live.policy.bureau.zone;
        let mark = marks.iter().find(|mark| mark.trigger.as_ref() == self.id());
        let mark = mark.map_or(now, |mark| mark.at);
        let first = Stamp::from_micros(Stamp::day_start(workflow.effective, zone).micros() - 1);
        let after = if serving.is_some() { mark.max(first) } else { mark };
        occurrences_of(&live.policy, trigger, after, now)
    }
}

fn occurrences_of(policy: &Policy, trigger: &Trigger, after: Stamp, until: Stamp) -> Vec<Stamp> {
    let interval = Interval { after, until };
    schedule::occurrences(&trigger.cron, trigger.workdays_only, policy.local_calendar(), interval)
}

/// Gives every trigger its watermark: at the very first pass the start of that day, so that the
/// day's firing still happens; later the moment, so that an edit never fires the past. Returns all.
async fn begin_time(cx: ActContext<'_>, last: Option<Stamp>) -> Answer<Vec<Watermark>> {
    let mut marks = watermarks::list(&mut cx.store.read().await?).await?;
    let starts_at = match last {
        // A firing at midnight is that day's, so the mark stands just before it.
        None => Stamp::from_micros(Stamp::day_start(cx.today, cx.zone()).micros() - 1),
        Some(_) => cx.now,
    };
    let all = cx.policy().workflows.iter().flat_map(|workflow| {
        workflow.start.iter().map(|trigger| TriggerId { workflow: &*workflow.id, trigger: &*trigger.id })
    });
    let new = |marks: &[Watermark]| -> Vec<Watermark> {
        let new = all.clone().filter(|id| !marks.iter().any(|mark| mark.trigger.as_ref() == *id));
        new.map(|id| Watermark { trigger: id.to_owned(), starts_at, at: starts_at }).collect()
    };
    if !new(&marks).is_empty() {
        let mut tx = cx.store.begin().await?;
        marks = watermarks::list(&mut tx).await?;
        for mark in new(&marks) {
            watermarks::set(&mut tx, &mark).await?;
            marks.push(mark);
        }
        tx.commit().await?;
    }
    Ok(marks)
}

/// What the triggers of one pass share, read once.
struct Pass<'a> {
    cx: ActContext<'a>,
    /// The people, with the duties they were given in this pass.
    roster: Roster,
    titles: StationTitles,
    marks: Vec<Watermark>,
    stop: &'a AtomicBool,
    report: TickReport,
}

/// A firing that is not recorded yet.
struct UnrecordedFiring {
    nominal: Stamp,
    told: Firing,
    opened: u64,
}

/// What a firing came to.
#[derive(Default)]
struct FiringCount {
    done: Dispatch,
    /// Orders it has opened, also in passes before that were cut short, and through other daemons.
    opened: u64,
}

impl Pass<'_> {
    /// Evaluates the firings of one trigger up to now, each ending in a record.
    async fn evaluate(&mut self, due: &TriggerText<'_>) -> Answer<()> {
        let ActContext { live, now, .. } = self.cx;
        let TriggerText { workflow, trigger, serving } = due;
        let found = due.occurrences(live, &self.marks, now);
        let firings = schedule::evaluate(trigger.missed, &found, now, live.policy.local_calendar());
        let (mut waiting, mut skipped) = (Vec::new(), 0);
        for firing in &firings {
            let mut told = told(due, firing, &firings, self.cx.zone());
            let mut count = FiringCount::default();
            match serving {
                _ if !firing.outcome.fires() => {}
                None => told = Firing { outcome: "skipped", reason: Some("not-in-force"), ..told },
                Some(serving) => {
                    // What was only recorded before goes first, so that the watermark never passes it.
                    self.write_records(due.id(), &mut waiting).await?;
                    count = self.open(workflow, trigger, serving, firing.nominal).await?;
                }
            }
            let FiringCount { done, opened } = count;
            self.report.opened += done.opened;
            self.report.first.extend(done.first.into_iter().map(|header| header.id));
            let room = PASSED_OVER_MAX.saturating_sub(self.report.passed_over.len());
            let new = done.passed_over.into_iter().filter(|one| !self.report.passed_over.contains(one));
            let new: Vec<PassedOver> = new.take(room).collect();
            self.report.passed_over.extend(new);
            if self.stop.load(Ordering::Relaxed) || done.is_left {
                // Cut short: not recorded, so that the next pass takes what is left of it.
                self.report.is_whole &= !done.is_left;
                return Ok(());
            }
            // Two firings of one pass meet the same candidates, under the same keys.
            skipped =
                if trigger.recur.is_some() { skipped.max(done.skipped) } else { skipped + done.skipped };
            self.report.occurrences.push(told.clone());
            waiting.push(UnrecordedFiring { nominal: firing.nominal, told, opened });
        }
        self.report.skipped += skipped;
        self.write_records(due.id(), &mut waiting).await
    }

    /// Opens the orders of one firing, or the part of them that is this daemon's.
    async fn open(
        &mut self,
        workflow: &Workflow,
        trigger: &Trigger,
        serving: &ActiveRelease,
        nominal: Stamp,
    ) -> Answer<FiringCount> {
        let store = self.cx.store;
        let id = TriggerId { workflow: workflow.id.as_str(), trigger: trigger.id.as_str() };
        let before = if store.is_served() { 0 } else { opened_before(store, id, nominal).await? };
        let cx = ActContext::new(store, serving, self.cx.now);
        let way = match trigger.recur {
            Some(_) => OpeningWay::Due(trigger),
            None => OpeningWay::Periodic(trigger),
        };
        let opener = Opener::new(cx, workflow, way, &self.titles);
        let (roster, stop) = (&mut self.roster, self.stop);
        let done = match way {
            OpeningWay::Due(trigger) => open_due(&opener, trigger, roster, stop).await?,
            // They are not shared; whoever is not the first waits until the first has recorded them, or is gone.
            _ if !store.share().is_first() => Dispatch { is_left: true, ..Dispatch::default() },
            _ => open_periodic(&opener, trigger, nominal, roster, stop).await?,
        };
        // What others opened beside, the record alone knows.
        let opened = if store.is_served() && !done.is_left {
            opened_before(store, id, nominal).await?
        } else {
            before + done.opened
        };
        Ok(FiringCount { done, opened })
    }

    /// Looks up what those without an order and their stations are called.
    async fn name_passed_over(&mut self) -> Answer<()> {
        let passed_over = &mut self.report.passed_over;
        let keys: Vec<(&str, &str)> =
            passed_over.iter().map(|one| (one.home.as_str(), one.subject.as_str())).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let names = reading::names(&mut self.cx.store.read().await?, &keys).await?;
        for one in passed_over {
            one.name = names.get(&one.subject).unwrap_or(&one.subject).clone();
            one.station = self.titles.get(&one.station).unwrap_or(&one.station).clone();
        }
        Ok(())
    }

    /// Records firings and moves the trigger's watermark past the last of them, in one transaction.
    async fn write_records(
        &mut self,
        trigger: TriggerId<&str>,
        waiting: &mut Vec<UnrecordedFiring>,
    ) -> Answer<()> {
        let ActContext { store, now, .. } = self.cx;
        let Some(at) = waiting.last().map(|last| last.nominal) else { return Ok(()) };
        let mut tx = store.begin_on([""]).await?;
        let passed =
            watermarks::list(&mut tx).await?.into_iter().find(|mark| mark.trigger.as_ref() == trigger);
        // What another daemon recorded meanwhile stands.
        waiting.retain(|firing| passed.as_ref().is_none_or(|mark| mark.at < firing.nominal));
        if waiting.is_empty() {
            tx.release().await;
            return Ok(());
        }
        for UnrecordedFiring { nominal, told, opened } in waiting.drain(..) {
            let trigger = trigger.to_owned();
            let opened = i64::try_from(opened).unwrap_or(i64::MAX);
            let (outcome, reason) = (told.outcome.to_owned(), told.reason.map(str::to_owned));
            let occurrence = Occurrence { trigger, nominal, outcome, reason, at: now, opened };
            occurrences::record(&mut tx, &occurrence).await?;
            let body = Body::Occurrence {
                trigger: occurrence.trigger,
                nominal: nominal.to_string(),
                outcome: occurrence.outcome,
                reason: occurrence.reason,
                opened,
            };
            store::ledger::append(&mut tx, "", &body, self.cx.author(ACTOR)).await?;
        }
        let known = self.marks.iter().position(|mark| mark.trigger.as_ref() == trigger);
        let known = known.unwrap_or_else(|| {
            self.marks.push(Watermark { trigger: trigger.to_owned(), starts_at: now, at });
            self.marks.len() - 1
        });
        self.marks[known].at = at;
        watermarks::set(&mut tx, &self.marks[known]).await?;
        Ok(tx.commit().await?)
    }
}

/// Counts what a firing had opened before, in a pass that was cut short or killed.
async fn opened_before(store: &Store, trigger: TriggerId<&str>, nominal: Stamp) -> Answer<u64> {
    let mut reader = store.read().await?;
    let opened = store::ledger::opened_since(&mut reader, trigger, nominal).await?;
    if opened == 0 {
        return Ok(0);
    }
    Ok(opened.saturating_sub(occurrences::opened_by_earlier(&mut reader, trigger, nominal).await?))
}

/// Says how a firing ended.
fn told(
    due: &TriggerText<'_>,
    firing: &schedule::JudgedFiring,
    all: &[schedule::JudgedFiring],
    zone: Tz,
) -> Firing {
    let is_superseded = || all.iter().any(|other| other.nominal > firing.nominal && other.outcome.fires());
    let (outcome, reason) = match (firing.outcome, due.trigger.missed.mode) {
        (FiringOutcome::Fire, _) => ("fired", None),
        (FiringOutcome::Missed { caught_up: true }, _) => ("caught-up", None),
        (FiringOutcome::Missed { caught_up: false }, MissedMode::None) => ("missed", Some("policy-none")),
        (FiringOutcome::Missed { caught_up: false }, MissedMode::Once) if is_superseded() => {
            ("missed", Some("superseded"))
        }
        (FiringOutcome::Missed { caught_up: false }, MissedMode::Once | MissedMode::All) => {
            ("missed", Some("window"))
        }
    };
    let nominal = firing.nominal.rfc3339_in(zone);
    Firing { trigger: due.id().to_string(), nominal, outcome, reason }
}
