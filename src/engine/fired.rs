//! Moments of terms that have come: waits that are over, reminders, escalations, clocks that ran out.

use serde_json::json;

use super::history::HistoryEvent;
use super::order::{ActiveStep, StepStatus};
use super::outcome::ChildOpening;
use super::rung::Rung;
use super::tell::{MessageText, of_level};
use super::term::{TermKind, TermMoment};
use super::timing;
use super::work::{StepVisit, StepWork};

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
                let rung = fired.rung();
                let Rung { term, level, .. } = rung;
                let ends = timing::several(self.policy, step, &self.out.next.cover, &place);
                let ended = ends.get(term as usize);
                let due = ended.map(|ended| ended.end_on).or(place.due);
                let of = ended.map(|ended| ended.of.clone()).unwrap_or_default();
                let is_reminder = step.overdue.iter().any(|row| row.level == level && row.after.count < 0);
                let event = if is_reminder {
                    HistoryEvent::Reminded { level, due, of }
                } else {
                    HistoryEvent::Escalated { level, due, of }
                };
                self.record_history(Some(&step.id), event);
                let data = of_level(level, ended);
                let text = MessageText::new("told", step, Some(&place), data);
                for row in step.overdue.iter().filter(|row| row.level == level) {
                    for who in &row.tell {
                        self.post(self.meant_by(*who, step, Some(&place)), &text);
                    }
                    if let Some(workflow) = &row.start {
                        self.child(
                            StepVisit { step, visit: place.visit },
                            workflow,
                            ChildOpening::Term(rung.start_key()),
                        );
                    }
                }
            }
            TermKind::Alarm => {
                let text = MessageText::new("alarm", step, Some(&place), json!({"clock": step.clock}));
                self.post(self.holders(step, Some(&place)), &text);
                self.record_history(Some(&step.id), HistoryEvent::Alarm { clock: step.clock.clone() });
            }
            TermKind::Clock => {
                self.record_history(Some(&step.id), HistoryEvent::ClockEnded { clock: step.clock.clone() });
                let text = MessageText::new("clock ended", step, Some(&place), json!({"clock": step.clock}));
                self.post(self.holders(step, Some(&place)), &text);
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
