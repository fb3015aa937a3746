//! Signals from outside: a subject closed or moved, people who changed.

use super::ActResult;
use super::event;
use super::history::HistoryEvent;
use super::order::Duty;
use super::work::{StepVisit, StepWork};
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
            event::Signal::Staff { changed, grids } => {
                self.staff(changed, grids);
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
            self.hand_over(step, &place, after, &[]);
        }
    }
}
