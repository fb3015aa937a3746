//! Whether the days ahead follow from what the register says today, so that a plan need not be lived through.
//!
//! They do where one recurring trigger alone opens orders, and its orders wait for people from their first step on: what
//! a subject is on a day then depends on nothing but its own past. Everything else is lived through.

use crate::engine::signals::TIER_CHANGED;
use crate::office::active_release::{earlier, versions_of};
use crate::office::appraisal::quarantine;
use crate::office::opening::dispatch::TriggerOf;
use crate::office::plan::happen::ChangedCopy;
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::policy::{Overlap, Policy, Running, SignalAct, SignalRule, Step, StepKind, SubjectKind, Workflow};
use crate::store::{meta, proposals, releases, signals};
use crate::time::{Day, Stamp};

/// Returns the one trigger of a policy; none where it has more, or its orders may go on without anybody acting.
pub(super) fn sole_trigger(policy: &Policy, today: Day) -> Option<TriggerOf<'_>> {
    let mut all = policy
        .workflows
        .iter()
        .flat_map(|workflow| workflow.start.iter().map(move |trigger| TriggerOf { workflow, trigger }));
    let of = all.next().filter(|_| all.next().is_none())?;
    let is_plain = of.trigger.recur.is_some()
        && of.trigger.overlap != Overlap::Allow
        && of.workflow.subject_kind == SubjectKind::Subject
        && of.workflow.effective <= today
        && of.workflow.steps.first().is_some_and(waits_for_people);
    (is_plain && policy.workflows.iter().all(|workflow| stands_still(policy, workflow))).then_some(of)
}

/// Returns whether a step begins with a person's duty, out of which nothing comes by time.
fn waits_for_people(step: &Step) -> bool {
    let is_duty = matches!(step.kind, StepKind::Duty { .. });
    is_duty && step.clock.is_none() && step.overdue.iter().all(|row| row.start.is_none())
}

/// Returns whether orders of a workflow come to no end by time, open no order about a subject by it, and hear nothing of
/// tiers.
fn stands_still(policy: &Policy, workflow: &Workflow) -> bool {
    let about_subject =
        |id: &str| policy.workflow(id).is_none_or(|other| other.subject_kind == SubjectKind::Subject);
    let starts = |step: &Step| step.overdue.iter().filter_map(|row| row.start.as_deref()).any(about_subject);
    let is_still = |rule: &SignalRule| match &rule.act {
        _ if rule.on == TIER_CHANGED => false,
        _ if !rule.on.starts_with("clock.") => true,
        SignalAct::Go(step) => waits_for_people(&workflow.steps[step.ix()]),
        SignalAct::Chief => true,
        _ => false,
    };
    !workflow.steps.iter().any(starts) && workflow.signals.iter().all(is_still)
}

/// Returns whether a text differs in nothing but rules, and when and for whom its trigger fires.
pub(super) fn is_of_rules(before: &ActiveRelease, after: &ActiveRelease, of: TriggerOf<'_>) -> bool {
    let workflow = format!("workflows/{}.yaml", of.workflow.id);
    let start = format!("start.{}.", of.trigger.id);
    let is_kept = after.policy.workflows.iter().all(|known| known.running == Running::Keep);
    is_kept
        && before.changed_by(after).iter().all(|change| {
            let is_rule = change.file.starts_with("rules/") || change.file.starts_with("stations/");
            is_rule || change.file == workflow && change.address.starts_with(&start)
        })
}

/// Returns whether nothing waits to happen beside the days' passes: no approved change, no signal, no quarantine, and
/// every text that orders may be pinned to stands still.
pub(super) async fn is_quiet(cx: ActContext<'_>, changed: &ChangedCopy, until: Day) -> Answer<bool> {
    let (mut reader, mut after) = (cx.store.read().await?, changed.store.read().await?);
    let end = Stamp::day_end(until, cx.zone());
    let is_known = meta::get(&mut reader, meta::LAST_TICK).await?.is_some();
    let is_waiting = proposals::list(&mut reader).await?.iter().any(|proposal| proposal.starts_at.is_some())
        || !signals::waiting(&mut reader, end, 1).await?.is_empty()
        || !signals::waiting(&mut after, end, 1).await?.is_empty();
    if !is_known || is_waiting || !changed.migrated.is_empty() {
        return Ok(false);
    }
    for policy in [cx.policy(), &changed.active.policy] {
        for digest in versions_of(policy) {
            if meta::get(&mut reader, &quarantine::key(digest)).await?.is_some() {
                return Ok(false);
            }
        }
    }
    for release in releases::list(&mut reader).await?.iter().filter(|known| known.number < cx.live.release) {
        let earlier = earlier(&mut reader, cx.live, release).await?;
        let policy = &earlier.policy;
        if !policy.workflows.iter().all(|workflow| stands_still(policy, workflow)) {
            return Ok(false);
        }
    }
    Ok(true)
}
