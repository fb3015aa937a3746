//! The sample register of the demo, taken in as any file would be, and its first day.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::calendar::Roll;
use crate::import::sample;
use crate::office::intake::import::{ImportOrigin, record_import};
use crate::office::intake::import_kinds::StoredRow;
use crate::office::tick::pass::{TickReport, tick};
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::schedule::{self, Interval};
use crate::store::{meta, subjects};
use crate::time::{Day, Stamp};

/// Seed of the sample, so that everybody sees the same one.
const SEED: u64 = 20_260_101;
/// Rows of one transaction.
const BATCH: usize = 10_000;

/// What was made.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "counts by name")]
pub struct SampleCounts {
    pub stations: usize,
    pub grids: usize,
    pub subjects: usize,
    pub inspections: usize,
    /// The pass of the day on which the demo's time begins.
    pub first: TickReport,
}

/// Makes the sample register, or what a kill left out of it; nothing when the database has a register already.
///
/// Its time begins at the previous working day 00:00, and the firing of that day is made first,
/// so that the demo dispatches at any hour of any day.
pub async fn make_sample(cx: ActContext<'_>, stop: &AtomicBool) -> Answer<Option<SampleCounts>> {
    let Some(begin) = begun(cx).await? else { return Ok(None) };
    let made = sample::bureau(cx.policy(), begin, SEED);
    let began = ActContext::new(cx.store, cx.live, Stamp::day_start(begin, cx.zone()));
    let (stations, grids) = (made.stations.len(), made.grids.len());
    let (subjects, inspections) = (made.subjects.len(), made.inspections.len());
    take(began, made.stations).await?;
    take(began, made.grids).await?;
    take(began, made.officers).await?;
    take(began, made.subjects).await?;
    take(began, made.inspections).await?;
    let firing = ActContext::new(cx.store, cx.live, first_firing(cx.live, begin));
    let first = tick(firing, stop).await?;
    if !stop.load(Ordering::Relaxed) {
        let mut tx = cx.store.begin().await?;
        meta::forget(&mut tx, meta::DEMO_BEGINS).await?;
        tx.commit().await?;
    }
    Ok(Some(SampleCounts { stations, grids, subjects, inspections, first }))
}

/// Returns the day on which the demo's time begins: the one noted when its making began, so that one that was
/// stopped half made is made whole; none when there is a register.
async fn begun(cx: ActContext<'_>) -> Answer<Option<Day>> {
    let mut tx = cx.store.begin().await?;
    let noted = meta::get(&mut tx, meta::DEMO_BEGINS).await?.and_then(|day| day.parse().ok());
    if noted.is_some() || subjects::count(&mut tx).await? > 0 {
        return Ok(noted);
    }
    let begin = cx.policy().calendar.roll(cx.today.pred_opt().unwrap_or(cx.today), Roll::Backward);
    meta::set(&mut tx, meta::DEMO_BEGINS, &begin.to_string()).await?;
    tx.commit().await?;
    Ok(Some(begin))
}

/// Returns the last firing of the day, or its end when nothing fires on it.
fn first_firing(live: &ActiveRelease, day: Day) -> Stamp {
    let policy = &live.policy;
    let zone = policy.bureau.zone;
    let interval = Interval { after: Stamp::day_start(day, zone), until: Stamp::day_end(day, zone) };
    let all = policy.workflows.iter().flat_map(|workflow| &workflow.start).filter(|t| t.recur.is_some());
    let firings = all.filter_map(|trigger| {
        let by = policy.local_calendar();
        let found = schedule::occurrences(&trigger.cron, trigger.workdays_only, by, interval);
        found.last().copied()
    });
    firings.max().unwrap_or(interval.until)
}

async fn take<T: StoredRow>(cx: ActContext<'_>, rows: Vec<T>) -> Answer<()> {
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<T> = rows.by_ref().take(BATCH).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        let mut tx = cx.store.begin().await?;
        let written = T::write(cx, &mut tx, chunk, false).await?;
        record_import::<T>(cx, &mut tx, &written, SAMPLE).await?;
        tx.commit().await?;
    }
}

/// What stands in the ledger where the digest of a file would.
const SAMPLE: ImportOrigin<'_> = ImportOrigin { file: "sample", actor: "demo" };
