//! The experiment: two copies of the register, one changed, and what each comes to.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::engine::BY_ORDER;
use crate::office::intake::import::import;
use crate::office::intake::source::ImportSource;
use crate::office::plan::live_through::{DaysAhead, LivedCopy, live_copy, live_through};
use crate::office::query::why::{Why, why_subject};
use crate::office::release::activate::{NewRelease, activate};
use crate::office::release::calendar::put_calendar_in_force;
use crate::office::{ActContext, ActiveRelease, Answer, OfficeFault, WrittenMoment};
use crate::plan::{self, Difference, OrderChanges, OrderMove, PlannedOrder};
use crate::store::releases::Hands;
use crate::store::{Access, Store, reading};
use crate::time::{Day, Stamp};

/// Subjects of which it is told why, before and after.
const EXAMPLES: usize = 10;
/// Subjects of each way in which a change concerns them, among which those are looked for.
const CANDIDATES: usize = 20;

/// What is tried, as if it happened now.
pub enum TriedChange {
    /// A policy comes into force.
    Policy(ActiveRelease),
    /// A calendar comes into force, as part of the policy.
    Calendar(ActiveRelease),
    /// A file is taken into the register.
    Import(ImportSource),
}

/// What is asked: what is tried, over how many days.
pub struct PlanWish {
    pub change: TriedChange,
    /// How many days follow today.
    pub days: u32,
    /// Told once a day of each copy.
    pub passed: Arc<dyn Fn() + Send + Sync>,
}

/// What a change would do.
pub struct Planned {
    pub difference: Difference,
    /// Some of the subjects it concerns, with why before and after.
    pub examples: Vec<ReasonPair>,
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
pub async fn rehearse(cx: ActContext<'_>, wish: PlanWish) -> Answer<Planned> {
    let folder = tempfile::tempdir().map_err(|error| OfficeFault::unwritable("TMPDIR", error))?;
    let paths = ["before.db", "after.db"].map(|name| folder.path().join(name));
    cx.store.copy_to(&paths[0]).await?;
    std::fs::copy(&paths[0], &paths[1])
        .map_err(|error| OfficeFault::unwritable(paths[1].display(), error))?;
    let ahead = DaysAhead { from: cx.today, days: wish.days, passed: wish.passed };
    let (as_it_is, now) = (scratch(&paths[0]).await?, cx.now);
    let (changed, other) = (scratch(&paths[1]).await?, ahead.clone());
    let (change, written) = (wish.change, cx.written);
    // Two threads: rules are asked by the processor, not by waiting.
    let before = tokio::spawn(async move {
        let (store, active) = live_copy(as_it_is).await?;
        live_through(store, active, ahead).await
    });
    let after = tokio::spawn(async move {
        let moment = TriedMoment { now, written };
        let (changed, active) = Box::pin(happen(changed, change, moment)).await?;
        live_through(changed, active, other).await
    });
    let before = before.await.map_err(OfficeFault::impossible)??;
    let after = after.await.map_err(OfficeFault::impossible)??;
    let difference = plan::compare(&before.course, &after.course);
    let examples = examples(&before, &after, &difference, cx.today).await?;
    before.store.close().await;
    after.store.close().await;
    Ok(Planned { difference, examples })
}

/// When what is tried happens.
struct TriedMoment {
    now: Stamp,
    written: Option<WrittenMoment>,
}

/// Lets what is tried happen on a copy; returns it with the release that is in force then.
async fn happen(store: Store, change: TriedChange, moment: TriedMoment) -> Answer<(Store, ActiveRelease)> {
    let TriedMoment { now, written } = moment;
    let (store, before) = live_copy(store).await?;
    let actor = before.policy.administrator.recorded().to_owned();
    let hands = Hands { actor: &actor, approver: None, number: None };
    match change {
        TriedChange::Policy(proposed) => {
            let active = activate(&store, proposed, &actor, now).await?;
            Ok((store, active))
        }
        TriedChange::Calendar(proposed) => {
            let new = NewRelease { before: Some(&before), proposed, hands };
            let (active, _) = put_calendar_in_force(&store, new, now).await?;
            Ok((store, active))
        }
        TriedChange::Import(source) => {
            let file = File::open(&source.path);
            let file = file.map_err(|error| OfficeFault::unreadable(source.path.display(), error))?;
            let source = ImportSource { is_trial: false, ..source };
            let cx = ActContext::new(&store, &before, now).written(written);
            import(cx, &source, file, |_, _| {}).await?;
            Ok((store, before))
        }
    }
}

async fn scratch(path: &Path) -> Answer<Store> {
    Ok(Store::open(&format!("sqlite:{}", path.display()), Access::Scratch).await?)
}

/// Tells why of some subjects that the change concerns: of those first whose own answer is another, then of those that
/// only make room for them.
async fn examples(
    before: &LivedCopy,
    after: &LivedCopy,
    difference: &Difference,
    today: Day,
) -> Answer<Vec<ReasonPair>> {
    let now = Stamp::day_end(today, before.live.policy.bureau.zone);
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for subject in concerned(difference) {
        let (old, new) = (why(before, now, &subject).await?, why(after, now, &subject).await?);
        let Some(((name, old), (_, new))) = old.zip(new) else { continue };
        let is_own = (&old.outcome, &old.args) != (&new.outcome, &new.args);
        let told = if is_own { &mut own } else { &mut others };
        told.push(ReasonPair { subject, name, before: old, after: new });
        if own.len() == EXAMPLES {
            break;
        }
    }
    own.extend(others);
    own.truncate(EXAMPLES);
    Ok(own)
}

/// Tells what a subject is called and why, where it is one of the register; orders of stations and officers have no
/// cycle to tell of.
async fn why(copy: &LivedCopy, now: Stamp, subject: &str) -> Answer<Option<(String, Why)>> {
    let cx = ActContext::new(&copy.store, &copy.live, now);
    let found = reading::find(&mut copy.store.read().await?, cx.policy(), subject).await?;
    let Some(found) = found else { return Ok(None) };
    Ok(Some((found.subject.name, why_subject(cx, subject).await?)))
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
    let undecided = difference.undecided.iter().take(CANDIDATES).map(|one| one.subject.clone());
    let ways =
        [undecided.collect(), tiers.collect(), single(appear), single(vanish), pairs(moves), pairs(shifted)];
    let mut seen = BTreeSet::new();
    let each = |at: usize| ways.iter().filter_map(move |way| way.get(at));
    let picked = (0..CANDIDATES).flat_map(each).filter(|subject| seen.insert((*subject).clone()));
    picked.cloned().collect()
}
