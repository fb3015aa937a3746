//! Signals from outside: a subject closed or moved, people who changed.

use serde_json::json;

use super::addressee::Addressee;
use super::handover::StaffChanges;
use super::history::HistoryEvent;
use super::order::{Duty, OpenPause, StepStatus};
use super::outcome::ChildOpening;
use super::tell::{HANDED_OVER, MessageText};
use super::work::{StepVisit, StepWork};
use super::{ActResult, event, timing};
use crate::people::MoveCause;
use crate::policy::{SignalAct, StepKind};

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
            event::Signal::Staff { changed, grids, came } => {
                self.staff(StaffChanges { changed, grids, came });
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
                SignalAct::Hold => self.hold(name)?,
                SignalAct::Resume => self.release(name)?,
                SignalAct::Start(workflow) => {
                    let (signal, start) = (name.to_owned(), Some(workflow.clone()));
                    self.record_history(None, HistoryEvent::Signal { signal, to: None, start });
                    if let Some(place) = self.places().first().cloned() {
                        let (_, step) = self.step_named(&place.step)?;
                        self.child(StepVisit { step, visit: place.visit }, workflow, ChildOpening::Beside);
                    }
                }
            }
        }
        Ok(())
    }

    /// Holds every step that somebody has in hand. What waits for another order is not held: that order is,
    /// where its workflow says so. Nor is a step whose statutory clock knows no such interruption.
    ///
    /// # Source
    /// Policy language, rule 32; for statutory clocks, rule 33.
    fn hold(&mut self, signal: &str) -> ActResult {
        for place in self.places().to_vec() {
            let is_in_hand = matches!(place.standing, StepStatus::Duty(_) | StepStatus::Waiting { .. });
            if !is_in_hand || place.changes.paused.is_some() {
                continue;
            }
            let (_, step) = self.step_named(&place.step)?;
            let held = OpenPause::held(self.today, signal);
            let mut tried = place.clone();
            tried.changes.pauses.push(held.until(self.today));
            if timing::timing(self.policy, step, &self.out.next.cover, &tried).is_err() {
                continue;
            }
            let mut changed = place.clone();
            changed.changes.paused = Some(held);
            self.record_history(Some(&place.step), HistoryEvent::Held { signal: signal.to_owned() });
            let text = MessageText::new("paused", step, None, json!({"signal": signal}));
            self.post(self.holders(step, Some(&place)), &text);
            self.set_terms(step, changed)?;
        }
        Ok(())
    }

    /// Lets every step that a signal holds go on; what a person paused is his to resume.
    fn release(&mut self, signal: &str) -> ActResult {
        for place in self.places().to_vec() {
            if place.changes.paused.as_ref().is_some_and(OpenPause::is_held) {
                let (_, step) = self.step_named(&place.step)?;
                let due = self.resumed(step, &place)?;
                let data = json!({"signal": signal, "due": due.map(|due| due.to_string())});
                let text = MessageText::new("resumed", step, None, data);
                self.post(self.holders(step, Some(&place)), &text);
            }
        }
        Ok(())
    }

    /// The subject moved: its open duties go to the people of the new place, and both are told. The clocks go on.
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
            let data = json!({"to": after.assignees, "because": MoveCause::Moved.into_str()});
            let text = MessageText::new(HANDED_OVER, step, Some(&place), data);
            let losing = before.assignees.iter().filter(|known| !after.assignees.contains(known));
            let losing: Vec<Addressee> = losing.cloned().map(Addressee::Officer).collect();
            self.hand_over(step, &place, after, &[]);
            self.post(losing, &text);
        }
    }
}
