//! Going over to another text: an open order is called by the names of the new one, and goes on from where it stands.

use std::collections::BTreeMap;

use super::event::Migration;
use super::history::HistoryEvent;
use super::order::{ActiveStep, Confirmation, Order, OrderRecord, OrderState, StepStatus};
use super::term::{TermKind, TermRow};
use super::timing::{self, Timing};
use super::work::StepWork;
use super::{ActResult, Refusal, RefusalCode};
use crate::policy::{OpenTerms, Step, StepKind};

impl OrderRecord {
    /// Returns what a step of a text the order went by before is called now.
    pub fn current<'s>(&'s self, step: &'s str) -> &'s str {
        self.renamed.get(step).map_or(step, String::as_str)
    }

    /// Returns whether a confirmation is about a visit of a step, whatever the step was called then.
    pub fn is_about(&self, asked: &Confirmation, step: &str, visit: i64) -> bool {
        asked.step == self.current(step) && i64::from(asked.visit) == visit
    }

    /// Returns what a step was called when the order was opened.
    pub(super) fn original<'s>(&'s self, step: &'s str) -> &'s str {
        self.renamed.iter().find(|(_, now)| *now == step).map_or(step, |(was, _)| was)
    }
}

impl StepWork<'_> {
    /// Goes over to the text at hand.
    ///
    /// # Refusals
    /// R230 where the text has no step for a place the order is at; R232 where two steps that were done would become one; R120 where a statutory clock of the text does not
    /// allow how the term was changed.
    pub(super) fn migrated(&mut self, migration: &Migration) -> ActResult {
        let before = self.places().to_vec();
        for place in &before {
            self.refuse_unplaced(place, migration)?;
        }
        self.refuse_merged(migration)?;
        self.rename_record(migration);
        for place in before {
            self.go_over(place, migration)?;
        }
        Ok(())
    }

    fn refuse_unplaced(&self, place: &ActiveStep, migration: &Migration) -> ActResult {
        let step = |id: &str| self.workflow.step(migration.name(id)).map(|step| &step.kind);
        let within = place.within.as_deref();
        let is_placed = step(&place.step).is_some_and(|kind| is_alike(kind, &place.standing))
            && within.is_none_or(|id| matches!(step(id), Some(StepKind::Parallel(_))));
        if is_placed {
            return Ok(());
        }
        let refusal = Refusal::new(RefusalCode::Unplaced).with("step", &place.step);
        Err(refusal.with("workflow", &self.workflow.title))
    }

    fn refuse_merged(&self, migration: &Migration) -> ActResult {
        let mut names = BTreeMap::new();
        for was in self.out.next.record.steps.keys() {
            if let Some(other) = names.insert(migration.name(was), was) {
                let refusal = Refusal::new(RefusalCode::StepsMerged).with("step", migration.name(was));
                return Err(refusal.with("first", other).with("second", was));
            }
        }
        Ok(())
    }

    /// Calls all that was done by the names of the text.
    fn rename_record(&mut self, migration: &Migration) {
        if migration.renamed.is_empty() {
            return;
        }
        let name = |step: &mut String| *step = migration.name(step).to_owned();
        let Order { record, state, cover: _ } = &mut self.out.next;
        let steps = std::mem::take(&mut record.steps).into_iter();
        record.steps = steps.map(|(step, done)| (migration.name(&step).to_owned(), done)).collect();
        record.renamed.values_mut().for_each(name);
        record.renamed.extend(migration.renamed.clone());
        record.confirmations.iter_mut().for_each(|asked| name(&mut asked.step));
        let back = record.back.iter_mut().map(|back| &mut **back);
        let places = if let OrderState::Open(places) = state { places.as_mut_slice() } else { &mut [] };
        for place in back.chain(places) {
            name(&mut place.step);
            [&mut place.from, &mut place.within].into_iter().flatten().for_each(name);
        }
    }

    /// Goes on at a place, by the terms it had or by those of the text.
    fn go_over(&mut self, before: ActiveStep, migration: &Migration) -> ActResult {
        let ActiveStep { step: was, visit, .. } = before;
        let (_, step) = self.step_named(migration.name(&was))?;
        let Some(mut place) = self.places().iter().find(|place| place.step == step.id).cloned() else {
            return Ok(());
        };
        let rows = migration.rows.iter().filter(|row| row.step == was && row.visit == visit);
        let from = (was != step.id).then(|| was.clone());
        match migration.terms {
            OpenTerms::Keep if from.is_none() => {}
            OpenTerms::Keep => {
                let kept = rows.filter(|row| row.fired_at.is_none() && row.kind != TermKind::Window);
                let kept = kept.map(|row| TermRow { step: step.id.clone(), ..row.clone() });
                self.out.terms.extend(kept);
                self.out.left.push((was, visit));
            }
            OpenTerms::Recount => {
                let fired: Vec<(TermKind, u32)> =
                    rows.filter(|row| row.fired_at.is_some()).map(|row| (row.kind, row.level)).collect();
                self.recount(step, &mut place, &fired)?;
                self.out.left.push((was, visit));
                if let Some(slot) = self.place_mut(&step.id) {
                    slot.clone_from(&place);
                }
            }
        }
        let event = HistoryEvent::Migrated { release: migration.release, from, due: place.due };
        self.record_history(Some(&step.id), event);
        Ok(())
    }

    /// Computes the terms of a place again from the moment it was entered; what has fired is not told again.
    fn recount(&mut self, step: &Step, place: &mut ActiveStep, fired: &[(TermKind, u32)]) -> ActResult {
        let timing = timing::timing(self.policy, step, &self.out.next.cover, place)?;
        place.due = timing.due;
        let mut is_waiting = false;
        if let StepStatus::Waiting { until, duty } = &mut place.standing {
            if let Some(new) = timing.until.filter(|until| *until > self.now) {
                (*until, is_waiting) = (new, true);
            } else {
                place.standing = StepStatus::Duty(std::mem::take(duty));
                self.assigned(step, place);
            }
        }
        let is_ahead = |row: &TermRow| {
            !fired.contains(&(row.kind, row.level)) && (is_waiting || row.kind != TermKind::Wait)
        };
        let rows = timing.rows.iter().filter(|row| is_ahead(row)).cloned().collect();
        self.first_terms(step, place, &Timing { rows, ..timing });
        Ok(())
    }
}

/// Returns whether a place can stand at a step of a kind.
const fn is_alike(kind: &StepKind, standing: &StepStatus) -> bool {
    match standing {
        StepStatus::Waiting { .. } | StepStatus::Duty(_) => matches!(kind, StepKind::Duty { .. }),
        StepStatus::Orders(_) => matches!(kind, StepKind::SubOrder { .. }),
        StepStatus::Parts => matches!(kind, StepKind::Parallel(_)),
        StepStatus::Stuck { .. } => !matches!(kind, StepKind::End),
        StepStatus::Confirmation => matches!(kind, StepKind::End),
    }
}
