//! Signals from outside: a subject closed or moved, an officer who left.

use serde_json::json;

use super::Refusal;
use super::event::Signal;
use super::order::Place;
use super::work::Work;
use crate::policy::{SignalAct, StepKind};

impl Work<'_> {
    /// Lets a signal do what the workflow says, or what every workflow understands.
    pub(super) fn signal(&mut self, signal: &Signal) -> Result<(), Refusal> {
        match signal {
            Signal::Named(name) => self.named(name),
            Signal::Moved { station, grid } => {
                self.moved(station, grid.as_deref());
                Ok(())
            }
            Signal::Handed { officer, to } => {
                self.handed(officer, to.as_deref());
                Ok(())
            }
        }
    }

    /// Does what the workflow says under `signals`; a signal it does not name changes nothing.
    pub(super) fn named(&mut self, name: &str) -> Result<(), Refusal> {
        let said: Vec<&SignalAct> = self
            .workflow
            .signals
            .iter()
            .filter(|signal| signal.on == name)
            .map(|signal| &signal.act)
            .collect();
        for act in said {
            match act {
                SignalAct::Cancel => {
                    self.cancelled(name);
                    return Ok(());
                }
                SignalAct::Go(to) => {
                    self.say("signal", None, json!({"signal": name, "to": self.step(*to).id}));
                    let from = self.places().first().map(|place| place.step.clone());
                    self.leave_all();
                    self.out.next.record.back = None;
                    self.enter(*to, from.as_deref(), None)?;
                }
                SignalAct::Start(workflow) => {
                    self.say("signal", None, json!({"signal": name, "start": workflow}));
                    if let Some(place) = self.places().first().cloned() {
                        let (_, step) = self.step_named(&place.step)?;
                        self.child(step, place.visit, workflow, false);
                    }
                }
            }
        }
        Ok(())
    }

    /// The subject moved: its open duties go to the people of the new place. The clocks go on.
    fn moved(&mut self, station: &str, grid: Option<&str>) {
        let data = json!({"from": self.out.next.cover.station, "to": station, "grid": grid});
        station.clone_into(&mut self.out.next.cover.station);
        self.out.next.cover.grid = grid.map(str::to_owned);
        self.say("moved", None, data);
        for place in self.places().to_vec() {
            self.choose_again(&place, None);
        }
    }

    /// An officer's duties go to somebody else: the substitute, or whoever is chosen now.
    fn handed(&mut self, officer: &str, to: Option<&str>) {
        let of_officer = |place: &&Place| {
            place.duty().is_some_and(|duty| duty.assignees.iter().any(|known| known == officer))
        };
        let places: Vec<Place> = self.places().iter().filter(of_officer).cloned().collect();
        for place in places {
            self.choose_again(&place, Some((officer, to)));
        }
    }

    fn choose_again(&mut self, place: &Place, gone: Option<(&str, Option<&str>)>) {
        let Ok((_, step)) = self.step_named(&place.step) else { return };
        let (StepKind::Duty { who, .. }, Some(before)) = (&step.kind, place.duty()) else { return };
        let mut after = before.clone();
        if let Some((officer, Some(to))) = gone
            && !before.assignees.iter().any(|known| known == to)
        {
            for known in after.assignees.iter_mut().filter(|known| *known == officer) {
                to.clone_into(known);
            }
        } else {
            after.assignees.clone_from(&self.choose(step, place.visit, who).assignees);
        }
        after.claimed_by = after.claimed_by.filter(|claimed| after.assignees.contains(claimed));
        after.delegates.retain(|delegate| after.assignees.contains(&delegate.from));
        let new: Vec<String> =
            after.assignees.iter().filter(|known| !before.assignees.contains(known)).cloned().collect();
        let data = json!({"from": before.assignees, "to": after.assignees});
        if let Some(duty) = self.place_mut(&place.step).and_then(Place::duty_mut) {
            *duty = after;
        }
        self.out.next.record.back = None;
        for officer in new {
            self.tell_officer("assigned", &officer, step, place, json!({}));
        }
        self.say("handed over", Some(&place.step), data);
    }
}
