//! What whoever acted is told besides where the order stands now: what was confirmed, what waits, who is missing.

use crate::engine::{Act, ActiveStep, Doing, Event, HistoryEntry, HistoryEvent, OrderChange, UnitOfWork};
use crate::office::ActiveRelease;
use crate::office::desk::request::{ActRequest, AwaitedLine, ConfirmedLine, ShortLine};
use crate::office::places::shown;
use crate::people::officers_needed;
use crate::policy::{Policy, StepKind};

/// The orders that were acted on, with the policies they are read by.
#[derive(Clone, Copy)]
pub(super) struct ActedOn<'a, 'p> {
    pub(super) docket: &'a UnitOfWork<'p>,
    pub(super) live: &'a ActiveRelease,
}

impl ActedOn<'_, '_> {
    /// Lists what changes of orders confirmed.
    pub(super) fn confirmed(&self, changes: &[OrderChange]) -> Vec<ConfirmedLine> {
        let said =
            changes.iter().flat_map(|change| change.outcome.history.iter().map(move |said| (change, said)));
        let line = |(change, said): (&OrderChange, &HistoryEntry)| {
            let HistoryEvent::Confirmed { by, what, .. } = &said.event else { return None };
            let policy = self.docket.pinned(&change.key).map_or(&self.live.policy, |pinned| pinned.policy);
            let step = said.step.as_deref()?;
            let step = title(policy, &change.before.cover.workflow, step).unwrap_or(step).to_owned();
            Some(ConfirmedLine { step, what: what.clone(), by: self.named(by) })
        };
        said.filter_map(line).collect()
    }

    /// Lists what changes of orders ask others to confirm.
    pub(super) fn waits(&self, changes: &[OrderChange]) -> Vec<AwaitedLine> {
        let said =
            changes.iter().flat_map(|change| change.outcome.history.iter().map(move |said| (change, said)));
        let line = |(change, said): (&OrderChange, &HistoryEntry)| {
            let HistoryEvent::ToConfirm { officers, what, .. } = &said.event else { return None };
            let policy = self.docket.pinned(&change.key).map_or(&self.live.policy, |pinned| pinned.policy);
            let step = said.step.clone()?;
            let title = title(policy, &change.before.cover.workflow, &step).unwrap_or(&step).to_owned();
            let people = officers.iter().map(|officer| self.named(officer)).collect();
            Some(AwaitedLine { step, title, what: what.clone(), officers: officers.clone(), people })
        };
        said.filter_map(line).collect()
    }

    /// Returns the step that was handed to fewer people than it takes, who could not complete it alone.
    pub(super) fn short(&self, matter: &ActRequest) -> Option<ShortLine> {
        let Event::Act(Act { doing: Doing::Transfer { to, .. }, .. }) = &matter.event else { return None };
        let (order, _) = self.docket.get(&matter.order)?;
        let policy = self.docket.pinned(&matter.order).map_or(&self.live.policy, |pinned| pinned.policy);
        let workflow = policy.workflow(&order.cover.workflow)?;
        let lacks = |place: &ActiveStep| {
            let assignees = &place.duty()?.assignees;
            let step = workflow.step(&place.step)?;
            let StepKind::Duty { who, .. } = &step.kind else { return None };
            let needed = officers_needed(workflow, who);
            let is_short = u32::try_from(assignees.len()).is_ok_and(|count| count < needed);
            let is_meant = to.iter().all(|officer| assignees.contains(officer));
            let people = assignees.iter().map(|officer| self.named(officer)).collect();
            (is_short && is_meant).then(|| ShortLine { title: step.title.clone(), needed, people })
        };
        order.state.places().iter().find_map(lacks)
    }

    /// Returns an officer's name and id.
    pub(super) fn named(&self, id: &str) -> String {
        let known = self.docket.roster().officers.get(id);
        known.map_or_else(|| id.to_owned(), |officer| shown(id, &officer.name))
    }
}

/// Returns what a step is called.
pub(super) fn title<'p>(policy: &'p Policy, workflow: &str, step: &str) -> Option<&'p str> {
    policy.workflow(workflow)?.step(step).map(|step| step.title.as_str())
}
