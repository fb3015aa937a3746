//! What a change comes to: foreseen where that can be, and else the experiment, two copies of the register, one changed.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::engine::BY_ORDER;
use crate::office::plan::foresee::{Foresight, foresee, scratch};
use crate::office::plan::happen::{TriedChange, TriedMoment};
use crate::office::plan::live_through::{DaysAhead, LivedCopy, LookedAt, RunningOrders, live_through};
use crate::office::plan::papers::{PaperChange, papers_changed};
use crate::office::query::why::{Why, why_subject};
use crate::office::query::why_not::SubjectQuestion;
use crate::office::release::calendar::calendar_moves;
use crate::office::release::date_move::DateMove;
use crate::office::{ActContext, Answer, OfficeFault};
use crate::plan::{self, Difference, OrderChanges, OrderMove, PlannedOrder};
use crate::store::{TrialRows, reading};
use crate::time::{Day, Stamp};

/// Subjects of which it is told why, before and after.
const EXAMPLES: usize = 10;
/// Subjects of each way in which a change concerns them, among which those are looked for.
const CANDIDATES: usize = 20;

/// What is asked: what is tried, over how many days.
pub struct PlanWish {
    pub change: TriedChange,
    /// How many days follow today.
    pub days: u32,
    /// The day from whose start it holds, one of those; today, it holds from now.
    pub on: Day,
    /// Whether the days are lived through even where they can be foreseen: slower, and says the same.
    pub is_lived: bool,
    /// Told once a day of each copy.
    pub passed: Arc<dyn Fn() + Send + Sync>,
}

/// What a change would do.
pub struct PlanOutcome {
    pub difference: Difference,
    /// Some of the subjects it concerns, with why before and after.
    pub examples: Vec<ReasonPair>,
    /// What becomes of open orders.
    pub running: RunningOrders,
    /// Open orders whose dates the text's calendar would move, were it imported as such: applying it moves none.
    pub calendar: Vec<DateMove>,
    /// Papers that read otherwise.
    pub papers: Vec<PaperChange>,
    /// Whether the days ahead were foreseen, and not lived through.
    pub is_foreseen: bool,
}

/// Why something is so before a change, and why it is otherwise after it.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonPair {
    pub subject: String,
    pub name: String,
    pub before: Why,
    pub after: Why,
}

/// Finds out what a text would do to a register: both its copies live through the days ahead, one under the release in
/// force, one under the text.
///
/// # Errors
/// [`Answer`]'s: no room for the copies, a text that may not come into force here.
///
/// # Source
/// `docs/cli.md`, `plan`.
pub async fn rehearse(cx: ActContext<'_>, wish: PlanWish) -> Answer<PlanOutcome> {
    // Nobody else may read what the register says.
    let mut private = tempfile::Builder::new();
    #[cfg(unix)]
    private.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let folder = private.tempdir().map_err(|error| OfficeFault::unwritable("TMPDIR", error))?;
    let PlanWish { change, days, on, is_lived, passed } = wish;
    let stop = Arc::new(AtomicBool::new(false));
    // Where one side fails, or nobody waits any more, the other does not go on for nothing.
    let _ended = StopOnDrop(Arc::clone(&stop));
    let ahead = DaysAhead { from: cx.today, days, on, passed, stop };
    let (calendar, papers) = match &change {
        TriedChange::Policy(proposed) => {
            (calendar_moves(cx, proposed).await?, papers_changed(cx, proposed).await?)
        }
        TriedChange::Calendar(_) | TriedChange::Import(_) => (Vec::new(), Vec::new()),
    };
    let change = match change {
        TriedChange::Policy(proposed) if !is_lived => {
            match Box::pin(foresee(cx, proposed, folder.path(), &ahead)).await? {
                Foresight::Hidden(proposed) => TriedChange::Policy(*proposed),
                Foresight::Seen(seen) => {
                    let difference = seen.difference().clone();
                    let looked = Box::pin(seen.first_day_of(&concerned(&difference))).await?;
                    let examples = Box::pin(examples(looked, &difference, on)).await?;
                    return Ok(PlanOutcome {
                        difference,
                        examples,
                        running: RunningOrders::default(),
                        calendar,
                        papers,
                        is_foreseen: true,
                    });
                }
            }
        }
        other => other,
    };
    let [before, after] = Box::pin(live_both(cx, folder.path(), change, ahead)).await?;
    let difference = plan::compare(&before.course, &after.course);
    let examples = Box::pin(examples([before.looked, after.looked], &difference, on)).await?;
    Ok(PlanOutcome { difference, examples, running: after.running, calendar, papers, is_foreseen: false })
}

/// Lets both copies of the register live through the days ahead, one of them with the change.
async fn live_both(
    cx: ActContext<'_>,
    folder: &Path,
    change: TriedChange,
    ahead: DaysAhead,
) -> Answer<[LivedCopy; 2]> {
    let paths = ["before.db", "after.db"].map(|name| folder.join(name));
    cx.store.copy_to_try(&paths[0], TrialRows::All).await?;
    std::fs::copy(&paths[0], &paths[1])
        .map_err(|error| OfficeFault::unwritable(paths[1].display(), error))?;
    let moment = TriedMoment { now: cx.now, written: cx.written };
    let (as_it_is, changed) = (scratch(&paths[0]).await?, scratch(&paths[1]).await?);
    let (other, handle) = (ahead.clone(), Handle::current());
    // Two threads: rules are asked by the processor, not by waiting.
    let before = {
        let handle = handle.clone();
        tokio::task::spawn_blocking(move || handle.block_on(live_through(as_it_is, None, other)))
    };
    let after = tokio::task::spawn_blocking(move || {
        handle.block_on(live_through(changed, Some((change, moment)), ahead))
    });
    let (before, after) = tokio::try_join!(lived(before), lived(after))?;
    Ok([before, after])
}

async fn lived(copy: JoinHandle<Answer<LivedCopy>>) -> Answer<LivedCopy> {
    copy.await.map_err(OfficeFault::impossible)?
}

/// Tells the copies to stop when it goes.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Tells why of some subjects that the change concerns: of those first whose own answer is another, then of those that
/// only make room for them.
async fn examples(
    [before, after]: [LookedAt; 2],
    difference: &Difference,
    today: Day,
) -> Answer<Vec<ReasonPair>> {
    let now = Stamp::day_end(today, before.live.policy.bureau.zone);
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for subject in concerned(difference) {
        let (old, new) = (why(&before, now, &subject).await?, why(&after, now, &subject).await?);
        let Some(((name, old), (_, new))) = old.zip(new) else { continue };
        if (&old.outcome, &old.args, &old.because) == (&new.outcome, &new.args, &new.because) {
            continue;
        }
        let is_own = (&old.outcome, &old.args) != (&new.outcome, &new.args);
        let told = if is_own { &mut own } else { &mut others };
        told.push(ReasonPair { subject, name, before: old, after: new });
        if own.len() == EXAMPLES {
            break;
        }
    }
    before.store.close().await;
    after.store.close().await;
    own.extend(others);
    own.truncate(EXAMPLES);
    Ok(own)
}

/// Tells what a subject is called and why, where it is one of the register; orders of stations and officers have no
/// cycle to tell of.
async fn why(copy: &LookedAt, now: Stamp, subject: &str) -> Answer<Option<(String, Why)>> {
    let cx = ActContext::new(&copy.store, &copy.live, now);
    let found = reading::find(&mut copy.store.read().await?, cx.policy(), subject).await?;
    let Some(found) = found else { return Ok(None) };
    Ok(Some((
        found.subject.name,
        why_subject(cx, SubjectQuestion { id: subject, ..SubjectQuestion::default() }).await?,
    )))
}

/// Picks some of the subjects a change concerns, of each way in which it does so.
fn concerned(difference: &Difference) -> Vec<String> {
    let OrderChanges { appear, vanish, moves, shifted } = &difference.orders;
    let single = |orders: &[PlannedOrder]| -> Vec<String> {
        let own = orders.iter().filter(|order| order.trigger != BY_ORDER);
        own.take(CANDIDATES).map(|order| order.subject.clone()).collect()
    };
    let pairs = |pairs: &[OrderMove]| -> Vec<String> {
        pairs.iter().take(CANDIDATES).map(|pair| pair.to.subject.clone()).collect()
    };
    let tiers = difference.tiers.iter().flat_map(|moved| moved.subjects.iter().take(CANDIDATES).cloned());
    let ways = [tiers.collect(), single(appear), single(vanish), pairs(moves), pairs(shifted)];
    let mut seen = BTreeSet::new();
    let each = |at: usize| ways.iter().filter_map(move |way| way.get(at));
    let picked = (0..CANDIDATES).flat_map(each).filter(|subject| seen.insert((*subject).clone()));
    picked.cloned().collect()
}
