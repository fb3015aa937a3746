//! Signals from outside: a subject closed or moved, an officer who left.

use serde_json::json;

use super::ActResult;
use super::addressee::Addressee;
use super::event;
use super::history::HistoryEvent;
use super::order::{ActiveStep, Duty};
use super::outcome::StaffChoice;
use super::signals::OFFICER_LEFT;
use super::tell::MessageText;
use super::work::{StepVisit, StepWork};
use crate::people::{self, MoveWhy, OpenDuty};
use crate::policy::{SignalAct, SignalRule, Step, StepKind};

impl StepWork<'_> {
    /// Lets a signal do what the workflow says, or what every workflow understands.
    pub(super) fn signal(&mut self, signal: &event::Signal) -> ActResult {
        match signal {
            event::Signal::Named(name) => self.named(name),
            event::Signal::Moved { station, grid } => {
                self.moved(station, grid.as_deref());
                Ok(())
            }
            event::Signal::Handed { officer, to } => {
                self.handed(officer, to.as_deref());
                Ok(())
            }
        }
    }

    /// Does what the workflow says under `signals`; a signal it does not name changes nothing.
    pub(super) fn named(&mut self, name: &str) -> ActResult {
        for signal in self.workflow.signals.iter().filter(|signal| signal.on == name) {
            match &signal.act {
                SignalAct::Cancel => {
                    self.cancelled(name);
                    return Ok(());
                }
                SignalAct::Go(to) => {
                    let (signal, to_step) = (name.to_owned(), self.step(*to).id.clone());
                    let event = HistoryEvent::Signal { signal, to: Some(to_step), start: None };
                    self.record_history(None, event);
                    let from = self.places().first().map(|place| place.step.clone());
                    self.leave_all();
                    self.out.next.record.back = None;
                    self.enter(*to, from.as_deref(), None)?;
                }
                // Whom they open for is not this order; see the office.
                SignalAct::Chief | SignalAct::Open => {}
                SignalAct::Start(workflow) => {
                    let (signal, start) = (name.to_owned(), Some(workflow.clone()));
                    self.record_history(None, HistoryEvent::Signal { signal, to: None, start });
                    if let Some(place) = self.places().first().cloned() {
                        let (_, step) = self.step_named(&place.step)?;
                        self.child(StepVisit { step, visit: place.visit }, workflow, false);
                    }
                }
            }
        }
        Ok(())
    }

    /// The subject moved: its open duties go to the people of the new place. The clocks go on.
    fn moved(&mut self, station: &str, grid: Option<&str>) {
        let cover = &mut self.out.next.cover;
        let from = std::mem::replace(&mut cover.station, station.to_owned());
        cover.grid = grid.map(str::to_owned);
        let (to, grid) = (station.to_owned(), cover.grid.clone());
        self.record_history(None, HistoryEvent::Moved { from, to, grid });
        for place in self.places().to_vec() {
            let Ok((_, step)) = self.step_named(&place.step) else { continue };
            let (StepKind::Duty { who, .. }, Some(before)) = (&step.kind, place.duty()) else { continue };
            let chosen = self.choose(StepVisit { step, visit: place.visit }, who);
            let after = Duty { assignees: chosen.assignees, is_short: chosen.is_short, ..before.clone() };
            self.hand_over(step, &place, after, None);
        }
    }

    /// An officer's duties go to somebody else: whoever is named, else the substitute or the backup,
    /// else the chief. The clocks go on.
    ///
    /// # Source
    /// Policy language, rule 16; scenario A8.
    fn handed(&mut self, officer: &str, to: Option<&str>) {
        for place in self.places().to_vec() {
            let Ok((_, step)) = self.step_named(&place.step) else { continue };
            let (StepKind::Duty { .. }, Some(before)) = (&step.kind, place.duty()) else { continue };
            if !before.assignees.iter().any(|known| known == officer) {
                continue;
            }
            let mut after = before.clone();
            let why = match to.filter(|to| !before.assignees.iter().any(|known| known == to)) {
                Some(to) => {
                    for known in after.assignees.iter_mut().filter(|known| *known == officer) {
                        to.clone_into(known);
                    }
                    None
                }
                None => self.taken_over(StepVisit { step, visit: place.visit }, officer, &mut after),
            };
            self.hand_over(step, &place, after, why);
        }
    }

    /// Finds who takes over what an officer leaves behind, or follows what was found; says how.
    fn taken_over(&mut self, at: StepVisit<'_>, officer: &str, duty: &mut Duty) -> Option<&'static str> {
        let StepKind::Duty { who, .. } = &at.step.kind else { return None };
        if let Some(given) = self.given(at).cloned() {
            duty.assignees.clone_from(&given.officers);
            duty.is_short = given.is_short;
            self.out.choices.push(given);
            return None;
        }
        let avoid = self.avoided(who);
        let is_chiefs = |signal: &SignalRule| signal.on == OFFICER_LEFT && signal.act == SignalAct::Chief;
        let by_chief = self.workflow.signals.iter().any(is_chiefs);
        let open = OpenDuty { wanted: self.wanted(who, &avoid), assignees: &duty.assignees, by_chief };
        let found = people::moves(self.on_today(), officer, &[open]).pop()?;
        if found.why == MoveWhy::Chief {
            duty.assignees.clone_from(&found.to);
            duty.is_short = true;
        } else {
            let places = duty.assignees.iter_mut().filter(|known| *known == officer);
            for (known, to) in places.zip(&found.to) {
                known.clone_from(to);
            }
        }
        self.out.choices.push(StaffChoice {
            step: at.step.id.clone(),
            visit: at.visit,
            officers: duty.assignees.clone(),
            candidates: Vec::new(),
            excluded: Vec::new(),
            is_short: duty.is_short,
        });
        Some(found.why.into_str())
    }

    /// Puts others in the place of those who had a duty, and tells those who are new to it.
    fn hand_over(&mut self, step: &Step, place: &ActiveStep, mut after: Duty, why: Option<&str>) {
        let before = place.duty().map(|duty| duty.assignees.clone()).unwrap_or_default();
        after.claimed_by = after.claimed_by.filter(|claimed| after.assignees.contains(claimed));
        after.delegates.retain(|delegate| after.assignees.contains(&delegate.from));
        let new = after.assignees.iter().filter(|known| !before.contains(known)).cloned();
        let new: Vec<Addressee> = new.map(Addressee::Officer).collect();
        let (to, why) = (after.assignees.clone(), why.map(str::to_owned));
        if let Some(duty) = self.place_mut(&place.step).and_then(ActiveStep::duty_mut) {
            *duty = after;
        }
        self.out.next.record.back = None;
        self.post(new, &MessageText::new("assigned", step, Some(place), json!({})));
        self.record_history(Some(&place.step), HistoryEvent::HandedOver { from: before, to, why });
    }
}
