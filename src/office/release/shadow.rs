//! A proposed policy judged beside the one in force, day by day, before it decides anything.
//!
//! What it comes to stands in the ledger alone: an entry that says for how many days, and one for each day.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::engine::{Refusal, RefusalCode};
use crate::ledger::{Body, Entry, ShadowDay, ShadowSubject, ShadowTiers};
use crate::office::appraisal::appraise::judge_now;
use crate::office::release::propose::compiled;
use crate::office::{ACTOR, ActContext, ActiveRelease, Answer, OfficeStop, authority};
use crate::people::PowerRequest;
use crate::policy::{Policy, Power, TierIx};
use crate::register::{Status, Subject};
use crate::rules::Judgement;
use crate::store::ledger::EntryMoment;
use crate::store::proposals::{self, Proposal};
use crate::store::reading::{self, RegisterShape, SubjectKey, SubjectRange};
use crate::store::{ReadTx, Reads, ledger, people};
use crate::time::Day;

/// Days for which a policy may be judged beside the one in force.
pub const SHADOW_DAYS_MAX: u32 = 366;
/// Subjects read at a time.
const STRETCH: i64 = 10_000;
/// Subjects that an entry names of a day.
const NAMED: usize = 20;
/// Entries read at a time.
const PAGE: i64 = 400;

/// Who wants a proposal judged beside the policy in force, and for how many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShadowWish<'a> {
    pub release: i64,
    pub days: u32,
    pub by: &'a str,
}

/// What a proposal would have decided otherwise, day by day.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ShadowReport {
    pub release: i64,
    /// Days that are left to be compared.
    pub left: u32,
    /// Oldest first.
    pub days: Vec<ShadowDay>,
}

impl ShadowReport {
    /// Reads what the ledger says of a proposal; where it was begun anew, what came since.
    async fn read(reader: &mut impl Reads, proposal: &Proposal) -> Answer<Self> {
        let mut said: Vec<(i64, Body)> = Vec::new();
        for kind in ["shadow.begun", "shadow.compared"] {
            let mut after = EntryMoment::before(proposal.proposed_at);
            loop {
                let entries = ledger::batches(reader, "", kind, after, PAGE).await?;
                let Some(last) = entries.last() else { break };
                after = EntryMoment::of(last);
                said.extend(entries.iter().filter_map(|entry: &Entry| Some((entry.seq, entry.read().ok()?))));
            }
        }
        said.sort_by_key(|(seq, _)| *seq);
        let mut all = Self { release: proposal.number, ..Self::default() };
        for (_, body) in said {
            match body {
                Body::ShadowBegun { days, number } if number == proposal.number => {
                    all.left = days;
                    all.days.clear();
                }
                Body::ShadowCompared { day, number } if number == proposal.number => {
                    all.left = all.left.saturating_sub(1);
                    all.days.push(day);
                }
                _ => {}
            }
        }
        Ok(all)
    }

    fn is_due(&self, today: Day) -> bool {
        self.left > 0 && self.days.last().is_none_or(|last| last.on < today)
    }
}

/// Lets a proposal be judged beside the policy in force at the first pass of each of the next days.
///
/// # Refusals
/// R155 where nothing of that number is proposed; whoever lacks the power.
pub async fn begin_shadow(cx: ActContext<'_>, wish: ShadowWish<'_>) -> Answer<ShadowReport> {
    let ShadowWish { release, days, by } = wish;
    let mut tx = cx.store.begin_on([""]).await?;
    let roster = people::roster(&mut tx).await?;
    authority::allow(cx, &roster, by, PowerRequest::over(Power::Apply, None))?;
    if !proposals::list(&mut tx).await?.iter().any(|known| known.number == release) {
        return Err(no_such_proposal(release).into());
    }
    let body = Body::ShadowBegun { days, number: release };
    ledger::append(&mut tx, "", &body, cx.author(by)).await?;
    tx.commit().await?;
    Ok(ShadowReport { release, left: days, days: Vec::new() })
}

/// Tells what a proposal would have decided otherwise so far.
///
/// # Refusals
/// R155 where nothing of that number is proposed.
pub async fn shadow_report(cx: ActContext<'_>, release: i64) -> Answer<ShadowReport> {
    let mut reader = cx.store.read().await?;
    let proposals = proposals::list(&mut reader).await?;
    let found = proposals.iter().find(|known| known.number == release);
    ShadowReport::read(&mut reader, found.ok_or_else(|| no_such_proposal(release))?).await
}

fn no_such_proposal(release: i64) -> Refusal {
    Refusal::new(RefusalCode::NoSuchProposal).with("release", release.to_string())
}

/// Compares the day's judgements of each proposal for which that was asked, once a day. A proposal that no longer
/// holds together is passed over: nobody's orders wait for it.
pub async fn compare_shadows(cx: ActContext<'_>, stop: &AtomicBool) -> Answer<()> {
    for proposal in proposals::list(&mut cx.store.read().await?).await? {
        if !ShadowReport::read(&mut cx.store.read().await?, &proposal).await?.is_due(cx.today) {
            continue;
        }
        let proposed = match compiled(cx.store, &proposal, cx.today).await {
            Ok(proposed) => proposed,
            Err(failed @ OfficeStop::Failed(_)) => return Err(failed),
            Err(_) => continue,
        };
        let Some(day) = compared(cx, &proposed, stop).await? else { return Ok(()) };
        let mut tx = cx.store.begin_on([""]).await?;
        if !ShadowReport::read(&mut tx, &proposal).await?.is_due(cx.today) {
            tx.release().await;
            continue;
        }
        let body = Body::ShadowCompared { day, number: proposal.number };
        ledger::append(&mut tx, "", &body, cx.author(ACTOR)).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Judges everybody by both texts; none when it was told to stop.
async fn compared(
    cx: ActContext<'_>,
    proposed: &ActiveRelease,
    stop: &AtomicBool,
) -> Answer<Option<ShadowDay>> {
    let (mut sums, mut after) = (ShadowSums::default(), None);
    let is_read_alike = RegisterShape::from(&cx.live.policy).reads_as((&proposed.policy).into());
    loop {
        let mut reader = cx.store.read().await?;
        let now = stretch(&mut reader, &cx.live.policy, after.as_ref()).await?;
        // Each text has its own attributes, in its own order.
        let then = if is_read_alike {
            None
        } else {
            Some(stretch(&mut reader, &proposed.policy, after.as_ref()).await?)
        };
        drop(reader);
        let Some(last) = now.last() else { break };
        after = Some(SubjectKey { home: last.home.clone(), id: last.id.clone() });
        let judged = judge_now(cx.live, &now, cx.today, stop)?;
        let shadow = judge_now(proposed, then.as_ref().unwrap_or(&now), cx.today, stop)?;
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        for (subject, (judged, shadow)) in now.iter().zip(judged.iter().zip(&shadow)) {
            if subject.history.status(cx.today) != Status::Closed {
                let told = |policy, judged| JudgedText::of(policy, judged);
                sums.add(subject, &told(&cx.live.policy, judged), &told(&proposed.policy, shadow));
            }
        }
    }
    Ok(Some(sums.of_day(cx.today)))
}

async fn stretch(reader: &mut ReadTx, policy: &Policy, after: Option<&SubjectKey>) -> Answer<Vec<Subject>> {
    let found = reading::scan(reader, policy, &SubjectRange::default(), after, STRETCH).await?;
    Ok(found.into_iter().map(|found| found.subject).collect())
}

/// What a text says of a subject, in words that two texts share.
struct JudgedText {
    tier: Option<String>,
    score: Option<f64>,
}

impl JudgedText {
    fn of(policy: &Policy, judged: &Judgement) -> Self {
        let id = |tier: &TierIx| policy.tiers.order[tier.ix()].id.clone();
        let score = judged.score.as_ref().ok().copied();
        Self { tier: judged.tier.as_ref().ok().map(id), score }
    }
}

/// What the comparison of a day comes to.
#[derive(Default)]
struct ShadowSums {
    judged: u64,
    tiers: BTreeMap<[Option<String>; 2], u64>,
    scores: u64,
    undecided: u64,
    subjects: Vec<ShadowSubject>,
}

impl ShadowSums {
    fn add(&mut self, subject: &Subject, now: &JudgedText, then: &JudgedText) {
        self.judged += 1;
        self.undecided += u64::from(now.tier.is_some() && then.tier.is_none());
        if now.tier == then.tier {
            self.scores += u64::from(now.score != then.score);
            return;
        }
        *self.tiers.entry([now.tier.clone(), then.tier.clone()]).or_default() += 1;
        if self.subjects.len() < NAMED {
            let (from, to) = (now.tier.clone(), then.tier.clone());
            let Subject { id, station, .. } = subject;
            self.subjects.push(ShadowSubject { subject: id.clone(), station: station.clone(), from, to });
        }
    }

    fn of_day(self, on: Day) -> ShadowDay {
        let Self { judged, tiers, scores, undecided, subjects } = self;
        let tiers = tiers.into_iter().map(|([from, to], count)| ShadowTiers { from, to, count }).collect();
        ShadowDay { on, judged, tiers, scores, undecided, subjects }
    }
}
