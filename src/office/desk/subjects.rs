//! The subjects that rules may look at on the way of orders.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::OrderId;
use crate::office::{ActiveRelease, Answer};
use crate::policy::{StepIx, StepKind, WorkflowIx};
use crate::register::Subject;
use crate::store::progress::LoadedOrder;
use crate::store::{Tx, reading};

/// Subjects by home station and id.
type Subjects = BTreeMap<(String, String), Subject>;

/// Reads the subjects that rules may look at on the way of these orders; `pinned` finds the release
/// an order is pinned to.
pub(crate) async fn subjects_of<'l>(
    tx: &mut Tx,
    live: &ActiveRelease,
    loaded: &BTreeMap<OrderId, LoadedOrder>,
    pinned: impl Fn(&LoadedOrder) -> &'l ActiveRelease,
) -> Answer<Subjects> {
    let reads = |loaded: &&LoadedOrder| reads_subject(pinned(loaded), &loaded.order.cover.workflow);
    let keys: BTreeSet<(&str, &str)> = loaded
        .values()
        .filter(reads)
        .map(|loaded| (loaded.order.cover.id.home.as_str(), loaded.order.cover.subject.as_str()))
        .collect();
    if keys.is_empty() {
        return Ok(Subjects::new());
    }
    let found = reading::of_keys(tx, &live.policy, keys).await?;
    Ok(found.into_iter().map(|subject| ((subject.home.clone(), subject.id.clone()), subject)).collect())
}

/// Whether a rule on the way of a workflow, or of one it opens, reads the subject.
pub(crate) fn reads_subject(live: &ActiveRelease, workflow: &str) -> bool {
    let (mut seen, mut rest) = (BTreeSet::new(), vec![workflow]);
    while let Some(id) = rest.pop() {
        let at = live.policy.workflows.iter().position(|known| known.id == id);
        let Some(at) = at.filter(|at| seen.insert(*at)) else { continue };
        let workflow = &live.policy.workflows[at];
        for (step_at, step) in workflow.steps.iter().enumerate() {
            let ix = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
            if live.rules.reads_subject(WorkflowIx(ix(at)), StepIx(ix(step_at))) {
                return true;
            }
            match &step.kind {
                StepKind::SubOrder { run, .. } => rest.extend(run.iter().map(String::as_str)),
                StepKind::Automatic { start, .. } => rest.extend(start.as_deref()),
                StepKind::Duty { .. } | StepKind::Parallel(_) | StepKind::End => {}
            }
            rest.extend(step.overdue.iter().filter_map(|row| row.start.as_deref()));
        }
    }
    false
}
