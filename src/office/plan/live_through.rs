//! Living through days: one pass a day, as the daemon makes them, on a copy that nobody keeps.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::calendar::add_days;
use crate::engine::{BY_ORDER, OrderHeader, OrderOrigin, Refusal, RefusalCode};
use crate::id::OrderId;
use crate::office::active_release::live;
use crate::office::plan::happen::{ChangedCopy, TriedChange, TriedMoment, happen};
use crate::office::release::date_move::DateMove;
use crate::office::release::migrate::MigratedOrders;
use crate::office::release::propose::begin_approved;
use crate::office::tick::pass::tick;
use crate::office::{ActContext, ActiveRelease, Answer, OfficeFault, OfficeStop};
use crate::plan::{CourseOrder, RegisterCourse, SubjectVerdict};
use crate::store::order_list::{self, StoredOrder};
use crate::store::{Access, Checkpoint, Reads, Store, appraisals, ledger, orders};
use crate::time::{Day, Stamp, Tz};

/// Rows read at a time.
const ROWS: usize = 2_000;
/// Days after which what was written goes from the log to the file.
const CHECKPOINT_DAYS: u32 = 16;

/// The days that are lived through, and who is told of each.
#[derive(Clone)]
pub(super) struct DaysAhead {
    /// The first day.
    pub(super) from: Day,
    /// How many follow it.
    pub(super) days: u32,
    /// The day from which what is tried holds; both copies are looked at after its pass.
    pub(super) on: Day,
    /// Told once a day.
    pub(super) passed: Arc<dyn Fn() + Send + Sync>,
    /// Whether nobody waits for it any more.
    pub(super) stop: Arc<AtomicBool>,
}

impl DaysAhead {
    /// Returns who is told of subjects, so that both copies' days are over once all of them are.
    pub(super) fn progress(&self, subjects: u64) -> Arc<dyn Fn(u64) + Send + Sync> {
        let (passed, days, done) =
            (Arc::clone(&self.passed), u64::from(self.days + 1) * 2, AtomicU64::new(0));
        Arc::new(move |read| {
            let before = done.fetch_add(read, Ordering::Relaxed);
            let day = |read: u64| read * days / subjects.max(1);
            (day(before)..day(before + read)).for_each(|_| passed());
        })
    }
}

/// A copy as it was after the pass of the day on which it was looked at.
pub(super) struct LookedAt {
    pub(super) store: Store,
    /// The release in force then.
    pub(super) live: Arc<ActiveRelease>,
}

/// A copy that has lived.
pub(super) struct LivedCopy {
    pub(super) looked: LookedAt,
    pub(super) course: RegisterCourse,
    /// What became of the orders that were open when what is tried came into force.
    pub(super) running: RunningOrders,
}

/// What becomes of open orders when another text or calendar comes into force.
#[derive(Clone, Debug, Default)]
pub struct RunningOrders {
    /// Those that go over to the text, by workflow.
    pub migrated: Vec<MigratedOrders>,
    /// Orders whose step or window ends on another day.
    pub dates: Vec<DateMove>,
}

impl RunningOrders {
    fn of(migrated: Vec<MigratedOrders>, mut dates: Vec<DateMove>) -> Self {
        dates.extend(migrated.iter().flat_map(|of| of.dates.iter().cloned()));
        Self { migrated, dates }
    }
}

/// Lets a copy live through some days, and lets happen what is tried when its day comes.
pub(super) async fn live_through(
    store: Store,
    change: Option<(TriedChange, TriedMoment)>,
    ahead: DaysAhead,
) -> Answer<LivedCopy> {
    let (mut store, active) = live_copy(store).await?;
    let mut active = Arc::new(active);
    let zone = active.policy.bureau.zone;
    let last = last_numbers(&mut store.read().await?).await?;
    let (mut change, mut looked, mut running) = (change, None, RunningOrders::default());
    for at in 0..=ahead.days {
        let day = add_days(ahead.from, i64::from(at));
        let now = Stamp::day_end(day, zone);
        match begin_approved(&store, now).await {
            Ok(Some(begun)) => active = Arc::new(begun),
            // As with the daemon, what cannot begin keeps nobody's order.
            Ok(None) | Err(OfficeStop::Refused(_)) => {}
            Err(stop) => return Err(stop),
        }
        if day >= ahead.on
            && let Some((change, moment)) = change.take()
        {
            let now = moment.now.max(Stamp::day_start(day, zone));
            let changed = Box::pin(happen(store, change, TriedMoment { now, ..moment })).await?;
            let ChangedCopy { store: copy, active: begun, migrated, dates } = changed;
            (store, active) = (copy, Arc::new(begun));
            running = RunningOrders::of(migrated, dates);
        }
        tick(ActContext::new(&store, &active, now), &ahead.stop).await?;
        if ahead.stop.load(Ordering::Relaxed) {
            return Err(OfficeFault::Closing.into());
        }
        if looked.is_none() && day >= ahead.on {
            let verdicts = read_verdicts(&mut store.read().await?).await?;
            looked = Some((verdicts, kept_apart(&store).await?, Arc::clone(&active)));
            store.record_nothing();
        }
        if at % CHECKPOINT_DAYS == CHECKPOINT_DAYS - 1 {
            store.checkpoint(Checkpoint::Passive).await?;
        }
        (ahead.passed)();
    }
    let orders = opened_since(&mut store.read().await?, &last, zone).await?;
    let looked = looked.ok_or_else(|| OfficeFault::impossible("a day that is not lived through"));
    let (verdicts, store_then, live) = looked?;
    store.close().await;
    let looked = LookedAt { store: store_then, live };
    Ok(LivedCopy { looked, course: RegisterCourse { verdicts, orders }, running })
}

/// Copies a database as it is now, to look at it once it has gone on.
async fn kept_apart(store: &Store) -> Answer<Store> {
    store.checkpoint(Checkpoint::Truncate).await?;
    let path = store.path().with_extension("first.db");
    std::fs::copy(store.path(), &path).map_err(|error| OfficeFault::unwritable(path.display(), error))?;
    Ok(Store::open(&format!("sqlite:{}", path.display()), Access::Read).await?)
}

/// Opens a copy and returns it with its release.
pub(super) async fn live_copy(store: Store) -> Answer<(Store, ActiveRelease)> {
    let active = live(&store).await?;
    let active = active.ok_or_else(|| Refusal::new(RefusalCode::NoRelease))?;
    Ok((store, active))
}

async fn last_numbers(at: &mut impl Reads) -> Answer<BTreeMap<String, i64>> {
    let chains = ledger::kept_heads(at).await?;
    Ok(orders::last_seqs(at, chains.keys().map(String::as_str)).await?)
}

async fn read_verdicts(at: &mut impl Reads) -> Answer<Vec<SubjectVerdict>> {
    let (mut rows, mut all) = (appraisals::verdicts(at), Vec::new());
    loop {
        let found = rows.next_rows(ROWS).await?;
        if found.is_empty() {
            return Ok(all);
        }
        let verdict = |(home, subject, tier, undecided)| SubjectVerdict { home, subject, tier, undecided };
        all.extend(found.into_iter().map(verdict));
    }
}

/// Reads the orders that were opened after the numbers known before.
async fn opened_since(
    at: &mut impl Reads,
    last: &BTreeMap<String, i64>,
    zone: Tz,
) -> Answer<Vec<CourseOrder>> {
    let homes: Vec<String> = ledger::kept_heads(at).await?.into_keys().collect();
    let mut all = Vec::new();
    for home in &homes {
        let mut seq = last.get(home).copied().unwrap_or_default() + 1;
        loop {
            let found = order_list::stretch(at, OrderId { home: home.as_str(), seq }, ROWS).await?;
            let Some(newest) = found.last() else { break };
            seq = newest.header.id.seq + 1;
            all.extend(found.into_iter().map(|order| told(order, zone)));
        }
    }
    Ok(all)
}

fn told(order: StoredOrder, zone: Tz) -> CourseOrder {
    let StoredOrder { header, origin, .. } = order;
    let OrderHeader { id, workflow, subject, scheduled_for, issued_at, due_on, .. } = header;
    let OrderOrigin { trigger, nominal, officer, .. } = origin;
    CourseOrder {
        home: id.home,
        seq: id.seq,
        is_child: trigger == BY_ORDER,
        workflow,
        trigger,
        subject,
        nominal,
        issue_on: scheduled_for,
        opened_on: issued_at.day_in(zone),
        due: due_on,
        officer,
    }
}
