//! Two persons: a change is proposed by one, and comes into force by another's own act.
//!
//! ```text
//!   apply, rollback, calendar import ──┬─▶ in force         where the bureau leaves it to its files
//!                                      └─▶ proposed ──▶ approved for a day ──▶ in force
//! ```

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::json;
use strum::EnumString;

use crate::digest::Digest;
use crate::engine::{Refusal, RefusalCode};
use crate::lang;
use crate::ledger::Body;
use crate::office::active_release::{ActiveRelease, as_text, examine_texts_on, live, release_numbered};
use crate::office::authority;
use crate::office::outbox::{BureauNews, tell_of_bureau};
use crate::office::release::activate::{
    ChangeAuthor, NewRelease, StartedRelease, dropped, dropped_by, no_such_release, put_in_force,
    refuse_other_bureau, wants_approval,
};
use crate::office::release::calendar::{
    CalendarAnswer, ProposedCalendar, calendar_year, plan_calendar, put_calendar_in_force,
};
use crate::office::release::migrate::MigratedOrders;
use crate::office::{ACTOR, ActContext, Answer, OfficeStop};
use crate::people::{
    ChangeApproval, PeopleRefusal, PowerRequest, may_approve_change, may_use_named, who_may,
};
use crate::policy::{self, Power};
use crate::store::proposals::{self, Proposal};
use crate::store::releases::{self, Hands};
use crate::store::{self, Store, Tx, people};
use crate::time::{Day, Stamp};

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReleaseAnswer {
    /// Its number, from its proposal on.
    pub release: i64,
    /// Digest of the whole.
    pub policy: Digest,
    pub state: ReleaseState,
    /// Keys of `bureau.yaml` by which other people would have power, where it waits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub powers: Vec<&'static str>,
    /// The standing items it drops, where somebody approves it or it waits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
    /// Why, where somebody who proposed it said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Open orders that go on under it from now on, by workflow.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub migrated: Vec<MigratedOrders>,
}

impl ReleaseAnswer {
    const fn new(release: i64, policy: Digest, state: ReleaseState) -> Self {
        Self {
            release,
            policy,
            state,
            powers: Vec::new(),
            dropped: Vec::new(),
            reason: None,
            migrated: Vec::new(),
        }
    }
}

/// Where a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum ReleaseState {
    /// It is in force.
    Active,
    /// It waits for a second person.
    Proposed,
    /// It waits for its day.
    Approved,
}

/// What a proposal changes; decides what happens when it comes into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase", const_into_str)]
enum ChangeKind {
    Policy,
    Calendar,
}

/// A change that somebody wants.
struct WantedChange<'a> {
    kind: ChangeKind,
    power: Power,
    by: Option<&'a str>,
    /// Why; wanted where standing items are dropped.
    reason: Option<&'a str>,
    /// The plan that was looked at before.
    plan: Option<i64>,
    proposed: ActiveRelease,
}

/// Who wants a change, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeHand<'a> {
    pub by: Option<&'a str>,
    pub reason: Option<&'a str>,
    /// The plan that was looked at before.
    pub plan: Option<i64>,
}

/// Lets somebody apply a folder, before it is looked at.
///
/// # Refusals
/// R154 where nobody is named and the register has people; whoever lacks the power.
pub async fn allow_apply(cx: ActContext<'_>, by: Option<&str>) -> Answer<()> {
    let roster = people::roster(&mut cx.store.read().await?).await?;
    Ok(may_use_named(authority::on_day(cx, &roster), by, &PowerRequest::over(Power::Apply, None))?)
}

/// Puts a folder's policy into force, or proposes it where the bureau wants a second person.
///
/// # Refusals
/// R154 where nobody is named and the register has people; whoever lacks the power; R142; R158 where standing
/// items are dropped without a reason.
pub async fn apply(
    store: &Store,
    proposed: ActiveRelease,
    hand: ChangeHand<'_>,
    now: Stamp,
) -> Answer<ReleaseAnswer> {
    let ChangeHand { by, reason, plan } = hand;
    let wanted = WantedChange { kind: ChangeKind::Policy, power: Power::Apply, by, reason, plan, proposed };
    Box::pin(change(store, wanted, now)).await
}

/// Puts an earlier release's policy into force once more, or proposes it.
///
/// # Refusals
/// R157 where there is no such release; those of [`apply`].
pub async fn rollback(store: &Store, number: i64, hand: ChangeHand<'_>, now: Stamp) -> Answer<ReleaseAnswer> {
    let ChangeHand { by, reason, plan } = hand;
    let earlier = release_numbered(&mut store.read().await?, number).await?;
    let proposed = earlier.ok_or_else(|| no_such_release(number))?;
    let wanted =
        WantedChange { kind: ChangeKind::Policy, power: Power::Rollback, by, reason, plan, proposed };
    Box::pin(change(store, wanted, now)).await
}

/// Makes the calendar part of a new release and moves open dates, or proposes it.
///
/// # Refusals
/// Those of [`apply`].
pub async fn import_calendar(
    store: &Store,
    calendar: ProposedCalendar,
    by: &str,
    now: Stamp,
) -> Answer<CalendarAnswer> {
    let planned = plan_calendar(store, &calendar, now).await?;
    let proposed = calendar.live;
    let shown = calendar_year(&proposed.policy, calendar.year);
    let (kind, power) = (ChangeKind::Calendar, Power::Calendar);
    let wanted = WantedChange { kind, power, by: Some(by), reason: None, plan: None, proposed };
    let done = Box::pin(change(store, wanted, now)).await?;
    let waits = (done.state != ReleaseState::Active).then_some(done.release);
    Ok(CalendarAnswer { moves: planned.moves, proposed: waits, ..shown })
}

async fn change(store: &Store, wanted: WantedChange<'_>, now: Stamp) -> Answer<ReleaseAnswer> {
    let WantedChange { kind, power, by, reason, plan, proposed } = wanted;
    let before = live(store).await?;
    let ruling = before.as_ref().unwrap_or(&proposed);
    let roster = people::roster(&mut store.read().await?).await?;
    let (cx, request) = (ActContext::new(store, ruling, now), PowerRequest::over(power, None));
    may_use_named(authority::on_day(cx, &roster), by, &request)?;
    let author = authority::allow_operator(cx, &roster, by, request)?.to_owned();
    if let Some(before) = before.as_ref().filter(|before| before.policy.whole == proposed.policy.whole) {
        return Ok(in_force(before));
    }
    let hands = Hands { actor: &author, approver: None, number: None, reason, plan };
    let by = ChangeAuthor { id: &author, power };
    if let Some(before) = before.as_ref().filter(|_| wants_approval(cx, &roster, &proposed, by)) {
        refuse_other_bureau(&before.policy.bureau, &proposed.policy.bureau)?;
        let dropped = dropped(before, &proposed);
        if reason.is_none() && !dropped.is_empty() {
            let refusal = Refusal::new(RefusalCode::StandingDropped);
            return Err(refusal.with("items", lang::list(&dropped)).into());
        }
        let powers = before.policy.powers_moved_by(&proposed.policy);
        let hand = ProposalHand { author: &author, reason, plan, powers };
        let waits = propose(store, kind, &proposed, hand, now).await?;
        return Ok(ReleaseAnswer { dropped, reason: reason.map(str::to_owned), ..waits });
    }
    if who_may(authority::on_day(cx, &roster), &PowerRequest::over(Power::Approve, None)).contains(&&*author)
    {
        // He would be the only one left who could approve it; a bureau without such heads only begins.
        refuse_gain(cx, &proposed, &author)?;
    }
    let new = NewRelease { before: before.as_ref(), proposed, hands };
    let StartedRelease { active, migrated } = enforce(store, kind, new, now).await?;
    if let Some(before) = &before {
        tell_of_change(ActContext::new(store, before, now), before.release, active.release, None).await?;
    }
    Ok(ReleaseAnswer { migrated, ..in_force(&active) })
}

fn in_force(live: &ActiveRelease) -> ReleaseAnswer {
    let (release, policy) = (live.release, live.policy.whole);
    ReleaseAnswer::new(release, policy, ReleaseState::Active)
}

/// Puts a change into force as its kind asks.
async fn enforce(store: &Store, kind: ChangeKind, new: NewRelease<'_>, now: Stamp) -> Answer<StartedRelease> {
    match kind {
        ChangeKind::Policy => put_in_force(store, new, now).await,
        ChangeKind::Calendar => {
            let (active, _) = put_calendar_in_force(store, new, now).await?;
            Ok(StartedRelease { active, migrated: Vec::new() })
        }
    }
}

/// Who is on record as the author of a proposal, why he wants it, and whose power it moves.
struct ProposalHand<'a> {
    author: &'a str,
    reason: Option<&'a str>,
    plan: Option<i64>,
    /// Keys of `bureau.yaml`.
    powers: Vec<&'static str>,
}

/// Keeps a change until a second person approves it; the same change twice is one proposal.
async fn propose(
    store: &Store,
    kind: ChangeKind,
    proposed: &ActiveRelease,
    hand: ProposalHand<'_>,
    now: Stamp,
) -> Answer<ReleaseAnswer> {
    let ProposalHand { author, reason, plan, powers } = hand;
    let mut tx = store.begin_on([""]).await?;
    let policy = proposed.policy.whole;
    let number = proposals::next_number(&mut tx).await?;
    let active = releases::active(&mut tx).await?.map_or(0, |release| release.number);
    let waiting = proposals::list(&mut tx).await?;
    let same = waiting.iter().find(|one| one.policy == policy && one.actor == author && one.number > active);
    if let Some(same) = same {
        let state = if same.starts_at.is_some() { ReleaseState::Approved } else { ReleaseState::Proposed };
        return Ok(ReleaseAnswer { powers, ..ReleaseAnswer::new(same.number, policy, state) });
    }
    let proposal = Proposal {
        number,
        policy,
        about: kind.into_str().to_owned(),
        actor: author.to_owned(),
        proposed_at: now,
        files: releases::keep_texts(&mut tx, &as_text(&proposed.texts)).await?,
        places: releases::keep_texts(&mut tx, &as_text(&proposed.places)).await?,
        approved_by: None,
        starts_at: None,
        reason: reason.map(str::to_owned),
        plan,
    };
    let cx = ActContext::new(store, proposed, now);
    keep(&mut tx, &proposal, cx, author).await?;
    let roster = people::roster(&mut tx).await?;
    let approvers = who_may(authority::on_day(cx, &roster), &PowerRequest::over(Power::Approve, None));
    let others: Vec<&str> = approvers.into_iter().filter(|id| *id != author).collect();
    tell(&mut tx, cx, ProposalNews { kind: "proposed", to: &others, proposal: &proposal, by: author })
        .await?;
    tx.commit().await?;
    Ok(ReleaseAnswer { powers, ..ReleaseAnswer::new(number, policy, ReleaseState::Proposed) })
}

/// Keeps a proposal as it stands now, with its entry.
async fn keep(tx: &mut Tx, proposal: &Proposal, cx: ActContext<'_>, by: &str) -> Answer<()> {
    proposals::remove(tx, proposal.number).await?;
    proposals::add(tx, proposal).await?;
    let body = Body::Proposed {
        approved_by: proposal.approved_by.clone(),
        files: proposal.files.iter().map(|(path, digest)| (path.clone(), digest.to_string())).collect(),
        number: proposal.number,
        policy: proposal.policy.to_string(),
        starts_at: proposal.starts_at.map(|at| at.to_string()),
        reason: proposal.reason.clone(),
        plan: proposal.plan,
    };
    Ok(store::ledger::append(tx, "", &body, cx.author(by)).await?)
}

/// What is told of a proposal, to whom.
struct ProposalNews<'a> {
    /// What happened, one of [`crate::policy::NOTICE_KINDS`].
    kind: &'a str,
    /// Ids of officers.
    to: &'a [&'a str],
    proposal: &'a Proposal,
    /// Who did it.
    by: &'a str,
}

/// Tells officers what became of a proposal.
async fn tell(tx: &mut Tx, cx: ActContext<'_>, news: ProposalNews<'_>) -> Answer<()> {
    let ProposalNews { kind, to, proposal, by } = news;
    let starts_on = proposal.starts_at.map(|at| at.day_in(cx.zone()).to_string());
    let body = json!({"release": proposal.number, "by": by, "reason": proposal.reason, "due": starts_on});
    tell_of_bureau(cx, tx, BureauNews { kind, to, body }).await
}

/// Tells who proposed what came into force, and who proposed what was overtaken by it.
async fn tell_of_change(
    cx: ActContext<'_>,
    before: i64,
    active: i64,
    approved: Option<(&Proposal, &str)>,
) -> Answer<()> {
    let mut tx = cx.store.begin().await?;
    let waiting = proposals::list(&mut tx).await?;
    let overtaken = waiting.iter().filter(|one| before < one.number && one.number < active);
    let by = approved.map_or("", |(_, by)| by);
    for proposal in overtaken {
        let to = [proposal.actor.as_str()];
        tell(&mut tx, cx, ProposalNews { kind: "overtaken", to: &to, proposal, by }).await?;
    }
    if let Some((proposal, by)) = approved {
        let to = [proposal.actor.as_str()];
        tell(&mut tx, cx, ProposalNews { kind: "approved", to: &to, proposal, by }).await?;
    }
    Ok(tx.commit().await?)
}

/// Which proposal is approved, by whom, and for which day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProposalApproval<'a> {
    pub release: i64,
    pub by: &'a str,
    /// Now where none is named.
    pub on: Option<Day>,
}

/// Approves a proposal as a second person: it comes into force now, or at the start of a day.
///
/// # Refusals
/// R155 and R156; R006 for a day that is over; R186 for what another has approved; R038 for its own author; whoever lacks the power.
pub async fn approve_proposal(
    store: &Store,
    approval: ProposalApproval<'_>,
    now: Stamp,
) -> Answer<ReleaseAnswer> {
    let ProposalApproval { release, by, on } = approval;
    let before = live(store).await?.ok_or_else(|| Refusal::new(RefusalCode::NoRelease))?;
    let cx = ActContext::new(store, &before, now);
    let mut reader = store.read().await?;
    let roster = people::roster(&mut reader).await?;
    let found = proposals::list(&mut reader).await?.into_iter().find(|one| one.number == release);
    drop(reader);
    let named = |code| Refusal::new(code).with("release", release.to_string());
    let Some(proposal) = found else { return Err(named(RefusalCode::NoSuchProposal).into()) };
    let change = ChangeApproval { author: &proposal.actor, approver: by };
    may_approve_change(authority::on_day(cx, &roster), change)?;
    if proposal.number < before.release {
        let active = before.release.to_string();
        return Err(named(RefusalCode::ProposalOvertaken).with("active", active).into());
    }
    if let Some(past) = on.filter(|on| *on < cx.today) {
        let refusal = Refusal::new(RefusalCode::PastDay).with("day", past.to_string());
        return Err(refusal.with("today", cx.today.to_string()).into());
    }
    if let Some(first) = proposal.approved_by.as_deref().filter(|first| *first != by) {
        return Err(named(RefusalCode::ApprovedAlready).with("officer", first).into());
    }
    let proposed = compiled(cx.store, &proposal, cx.today).await?;
    refuse_gain(cx, &proposed, by)?;
    let (dropped, reason) = (dropped(&before, &proposed), proposal.reason.clone());
    let starts_at = on.filter(|on| *on > cx.today).map(|on| Stamp::day_start(on, cx.zone()));
    let proposal = Proposal { approved_by: Some(by.to_owned()), starts_at, ..proposal };
    if starts_at.is_some() {
        let mut tx = store.begin_on([""]).await?;
        keep(&mut tx, &proposal, cx, by).await?;
        let to = [proposal.actor.as_str()];
        tell(&mut tx, cx, ProposalNews { kind: "approved", to: &to, proposal: &proposal, by }).await?;
        tx.commit().await?;
        let (policy, state) = (proposal.policy, ReleaseState::Approved);
        return Ok(ReleaseAnswer { dropped, reason, ..ReleaseAnswer::new(release, policy, state) });
    }
    let StartedRelease { active, migrated } = Box::pin(begin(store, &before, &proposal, now)).await?;
    tell_of_change(cx, before.release, active.release, Some((&proposal, by))).await?;
    Ok(ReleaseAnswer { dropped, reason, migrated, ..in_force(&active) })
}

/// Refuses to let somebody decide that he becomes the administrator.
fn refuse_gain(cx: ActContext<'_>, proposed: &ActiveRelease, by: &str) -> Result<(), Refusal> {
    if !proposed.policy.administrator.is(by) || cx.policy().administrator.is(by) {
        return Ok(());
    }
    let power = Power::Approve.into_str();
    Err(PeopleRefusal::OwnPower { officer: by.to_owned(), power }.into())
}

/// Builds the policy of a proposal.
pub(super) async fn compiled(store: &Store, proposal: &Proposal, today: Day) -> Answer<ActiveRelease> {
    let [texts, places] = proposal.texts(&mut store.read().await?).await?.map(as_bytes);
    examine_texts_on(texts, places, Some(today)).sound()
}

/// Puts a proposal into force.
async fn begin(
    store: &Store,
    before: &ActiveRelease,
    proposal: &Proposal,
    now: Stamp,
) -> Answer<StartedRelease> {
    let today = now.day_in(before.policy.bureau.zone);
    let mut proposed = compiled(store, proposal, today).await?;
    proposed.release = proposal.number;
    let kind = proposal.about.parse().unwrap_or(ChangeKind::Policy);
    let new = NewRelease { before: Some(before), proposed, hands: proposal.hands() };
    enforce(store, kind, new, now).await
}

/// Takes the approval back from what could not begin on its day: it waits for a second person again, and whoever
/// proposed and approved it is told.
async fn lapse(cx: ActContext<'_>, approved: Proposal) -> Answer<()> {
    let hands = [Some(approved.actor.clone()), approved.approved_by.clone()];
    let to: BTreeSet<&str> = hands.iter().flatten().map(String::as_str).collect();
    let to: Vec<&str> = to.into_iter().collect();
    let mut tx = cx.store.begin_on([""]).await?;
    if !proposals::list(&mut tx).await?.contains(&approved) {
        // Another daemon has said so, or has put it into force.
        tx.release().await;
        return Ok(());
    }
    tell(&mut tx, cx, ProposalNews { kind: "lapsed", to: &to, proposal: &approved, by: ACTOR }).await?;
    let proposal = Proposal { approved_by: None, starts_at: None, ..approved };
    keep(&mut tx, &proposal, cx, ACTOR).await?;
    Ok(tx.commit().await?)
}

/// Puts into force what was approved for a day that has begun; returns the newest, if there is any.
///
/// It counts from the start of that day, whenever the day's first pass comes.
///
/// # Errors
/// Why none could begin. It keeps nobody's order: whoever makes passes goes on by the release in force. An approval
/// that is refused has lapsed.
pub async fn begin_approved(store: &Store, now: Stamp) -> Answer<Option<ActiveRelease>> {
    let waiting = proposals::list(&mut store.read().await?).await?;
    let (mut newest, mut refused) = (None, None);
    for proposal in waiting {
        let Some(starts_at) = proposal.starts_at.filter(|starts_at| *starts_at <= now) else { continue };
        let Some(before) = live(store).await? else { continue };
        if proposal.number > before.release {
            match Box::pin(begin(store, &before, &proposal, starts_at)).await {
                Err(stop) => {
                    if matches!(stop, OfficeStop::Refused(_) | OfficeStop::Problems(..)) {
                        lapse(ActContext::new(store, &before, now), proposal).await?;
                    }
                    refused = Some(stop);
                }
                Ok(StartedRelease { active, .. }) => {
                    let cx = ActContext::new(store, &before, now);
                    tell_of_change(cx, before.release, active.release, None).await?;
                    newest = Some(active);
                }
            }
        }
    }
    match (newest, refused) {
        (None, Some(stop)) => Err(stop),
        (newest, _) => Ok(newest),
    }
}

/// A change that waits.
#[derive(Clone, Debug, Serialize)]
pub struct ProposalLine {
    pub release: i64,
    pub policy: Digest,
    pub proposed_at: Stamp,
    pub actor: String,
    pub approved_by: Option<String>,
    pub starts_at: Option<Stamp>,
    pub state: ReleaseState,
    /// Why, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The standing items it drops.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
}

/// Lists what waits for a second person or for its day, oldest first.
pub async fn list_proposals(store: &Store) -> Answer<Vec<ProposalLine>> {
    let Some(before) = live(store).await? else { return Ok(Vec::new()) };
    let waiting = proposals::list(&mut store.read().await?).await?;
    let mut lines = Vec::new();
    for proposal in waiting.into_iter().filter(|one| one.number > before.release) {
        let [texts, _] = proposal.texts(&mut store.read().await?).await?.map(as_bytes);
        // What drops standing items is a policy that loaded when it was proposed.
        let proposed = policy::load(texts).policy;
        let dropped = proposed.map(|proposed| dropped_by(&before.policy, &proposed)).unwrap_or_default();
        let Proposal { number, policy, actor, proposed_at, approved_by, starts_at, reason, .. } = proposal;
        let state = if starts_at.is_some() { ReleaseState::Approved } else { ReleaseState::Proposed };
        let release = number;
        lines.push(ProposalLine {
            release,
            policy,
            proposed_at,
            actor,
            approved_by,
            starts_at,
            state,
            reason,
            dropped,
        });
    }
    Ok(lines)
}

/// Returns texts as they are read from files.
fn as_bytes(texts: Vec<(String, String)>) -> Vec<(String, Vec<u8>)> {
    texts.into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
}
