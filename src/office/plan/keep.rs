//! Plans that are kept, and whether one still says what is so.

use crate::digest::Digest;
use crate::engine::{Refusal, RefusalCode};
use crate::ledger::Body;
use crate::office::active_release::last_tick;
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::store::bureau::{self, GridRecord, OfficerRecord};
use crate::store::checksums::{self, SummedTable};
use crate::store::plans::{self as kept, KeptPlan};
use crate::store::{self, Reads, ledger, order_list, orders, people};

/// What a plan rests on besides the two texts: the register, its people and places, and the day of the last pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterState(Digest);

impl RegisterState {
    /// Reads it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn of(cx: ActContext<'_>) -> Answer<Self> {
        let mut reader = cx.store.read().await?;
        let mut parts = Vec::new();
        for table in [SummedTable::Subject, SummedTable::Inspection] {
            for (home, sum) in checksums::list(&mut reader, table).await? {
                parts.push(format!("{home} {} {}", sum.rows, sum.digests));
            }
        }
        let officers = bureau::audit::<OfficerRecord>(&mut reader).await?.sum;
        let grids = bureau::audit::<GridRecord>(&mut reader).await?.sum;
        parts.extend([officers, grids].map(|sum| format!("{} {}", sum.rows, sum.digests)));
        let chains = ledger::kept_heads(&mut reader).await?;
        let newest = orders::last_seqs(&mut reader, chains.keys().map(String::as_str)).await?;
        parts.extend(newest.into_iter().map(|(home, seq)| format!("{home} {seq}")));
        parts.push(order_list::open_count(&mut reader).await?.to_string());
        let people::LaidDown { posts, leaves, delegations, conflicts, services } =
            people::laid_down(&mut reader).await?;
        parts.push(format!("{posts:?} {leaves:?} {delegations:?} {conflicts:?} {services:?}"));
        let last = last_tick(cx.store).await?.map(|at| at.day_in(cx.zone()).to_string());
        parts.extend(last);
        Ok(Self(Digest::of_parts("wubu-plan", parts.iter().map(String::as_bytes))))
    }
}

/// Keeps a plan, with its entry in the record; returns its number, of which `report` is told.
///
/// # Errors
/// When the database refuses.
pub async fn keep_plan(
    cx: ActContext<'_>,
    proposed: Digest,
    state: RegisterState,
    report: impl FnOnce(i64) -> String,
) -> Answer<i64> {
    let mut tx = cx.store.begin_on([""]).await?;
    let actor = cx.policy().administrator.recorded();
    let number = kept::next_number(&mut tx).await?;
    let plan = KeptPlan {
        number,
        made_at: cx.now,
        actor: actor.to_owned(),
        policy: proposed,
        against: cx.live.release,
        state: state.0,
        report: report(number),
    };
    kept::add(&mut tx, &plan).await?;
    let body = Body::Planned {
        against: plan.against,
        number: plan.number,
        policy: plan.policy.to_string(),
        report: Digest::of(plan.report.as_bytes()).to_string(),
        state: plan.state.to_string(),
    };
    store::ledger::append(&mut tx, "", &body, cx.author(actor)).await?;
    tx.commit().await?;
    Ok(plan.number)
}

/// Lists the plans that are kept, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn plans(cx: ActContext<'_>) -> Answer<Vec<KeptPlan>> {
    Ok(kept::list(&mut cx.store.read().await?).await?)
}

/// Finds a plan by its number.
///
/// # Refusals
/// R210.
pub async fn find_plan(at: &mut impl Reads, number: i64) -> Answer<KeptPlan> {
    let found = kept::find(at, number).await?;
    let refusal = || Refusal::new(RefusalCode::NoSuchPlan).with("plan", number.to_string());
    Ok(found.ok_or_else(refusal)?)
}

/// Refuses a plan that no longer says what is so: another text, another release in force, or another register.
///
/// # Refusals
/// R210, R211.
pub async fn refuse_stale_plan(cx: ActContext<'_>, number: i64, proposed: &ActiveRelease) -> Answer<()> {
    let plan = find_plan(&mut cx.store.read().await?, number).await?;
    let what = if plan.policy != proposed.policy.whole {
        "text"
    } else if plan.against != cx.live.release {
        "release"
    } else if plan.state != RegisterState::of(cx).await?.0 {
        "register"
    } else {
        return Ok(());
    };
    let refusal = Refusal::new(RefusalCode::StalePlan).with("plan", number.to_string());
    Err(refusal.with("what", what).into())
}
