//! Moments of terms that have come: waits that are over, reminders, escalations, clocks that ran out.

use serde_json::json;

use super::event::{TermKind, TermMoment};
use super::history::HistoryEvent;
use super::order::{ActiveStep, StepStatus};
use super::work::StepWork;

impl StepWork<'_> {
    /// Does what a term's moment brings about; nothing when the visit is over, because whoever
    /// completed it was first.
    ///
    /// # Source
    /// Policy language, rules 18 and 19: no timeout takes a decision; a clock that the law lets lapse
    /// does what the workflow says under `signals: [{on: clock.<id>, …}]`.
    pub(super) fn fired(&mut self, fired: &TermMoment) {
        let here = |place: &&ActiveStep| place.step == fired.step && place.visit == fired.visit;
        let Some(place) = self.places().iter().find(here).cloned() else { return };
        let Ok((_, step)) = self.step_named(&place.step) else { return };
        match fired.kind {
            TermKind::Due | TermKind::Window => {}
            TermKind::Wait => {
                if let StepStatus::Waiting { duty, .. } = place.standing.clone() {
                    let now = ActiveStep { standing: StepStatus::Duty(duty), ..place };
                    self.assigned(step, &now);
                    self.record_history(Some(&step.id), HistoryEvent::WaitOver { visit: now.visit });
                    if let Some(slot) = self.place_mut(&now.step) {
                        *slot = now;
                    }
                }
            }
            TermKind::Overdue => {
                let (level, due) = (fired.level, place.due);
                let is_reminder = step.overdue.iter().any(|row| row.level == level && row.after.count < 0);
                let event = if is_reminder {
                    HistoryEvent::Reminded { level, due }
                } else {
                    HistoryEvent::Escalated { level, due }
                };
                self.record_history(Some(&step.id), event);
                for row in step.overdue.iter().filter(|row| row.level == fired.level) {
                    for who in &row.tell {
                        self.tell("told", step, Some(&place), *who, Some(level));
                    }
                    if let Some(workflow) = &row.start {
                        self.child(step, place.visit, workflow, false);
                    }
                }
            }
            TermKind::Alarm => {
                for addressee in self.holders(step, Some(&place)) {
                    let data = json!({"clock": step.clock});
                    self.post("alarm", addressee, Some(step), Some(&place), data);
                }
                self.record_history(Some(&step.id), HistoryEvent::Alarm { clock: step.clock.clone() });
            }
            TermKind::Clock => {
                self.record_history(Some(&step.id), HistoryEvent::ClockEnded { clock: step.clock.clone() });
                for addressee in self.holders(step, Some(&place)) {
                    let data = json!({"clock": step.clock});
                    self.post("clock ended", addressee, Some(step), Some(&place), data);
                }
                if let Some(clock) = &step.clock
                    && self.named(&format!("clock.{clock}")).is_err()
                {
                    let event = HistoryEvent::SignalFailed { clock: clock.clone() };
                    self.record_history(Some(&step.id), event);
                }
            }
        }
    }
}
