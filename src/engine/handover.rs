//! Duties that go to other people, because those who had them are away, gone or hold another post.

use serde_json::json;

use super::addressee::Addressee;
use super::history::HistoryEvent;
use super::order::{ActiveStep, Duty};
use super::outcome::StaffChoice;
use super::signals::OFFICER_LEFT;
use super::tell::MessageText;
use super::work::{StepVisit, StepWork};
use crate::people::{self, DutyMove, OpenDuty};
use crate::policy::{SignalAct, SignalRule, Step, StepKind, Who};

/// The kind of message by which whoever loses a duty is told so.
pub const HANDED_OVER: &str = "handed over";

impl StepWork<'_> {
    /// Gives the duties of those who have them no longer to whoever has them today, and tells both. The
    /// clocks go on.
    ///
    /// # Source
    /// Policy language, rule 16; scenario A8.
    pub(super) fn staff(&mut self, changed: &[String]) {
        // It stands in the record only where something moved, and then with what moved.
        let is_retold = !self.ground.given.is_empty();
        for place in self.places().to_vec() {
            let Ok((_, step)) = self.step_named(&place.step) else { continue };
            let (StepKind::Duty { who, .. }, Some(before)) = (&step.kind, place.duty()) else { continue };
            let at = StepVisit { step, visit: place.visit };
            let found =
                if is_retold { self.given(at).cloned() } else { self.moved_on(at, who, &place, changed) };
            let Some(chosen) = found else { continue };
            let StaffChoice { officers, is_short, moves, .. } = chosen.clone();
            self.out.choices.push(chosen);
            let after = Duty { assignees: officers, is_short, ..before.clone() };
            self.hand_over(step, &place, after, &moves);
            for DutyMove { from, to, because, why: _ } in moves {
                let data = json!({"to": to, "because": because.into_str()});
                let text = MessageText::new(HANDED_OVER, step, Some(&place), data);
                self.post([Addressee::Officer(from)], &text);
            }
        }
    }

    /// Finds who has a duty from here on; nothing while all who have it may.
    fn moved_on(
        &self,
        at: StepVisit<'_>,
        who: &Who,
        place: &ActiveStep,
        changed: &[String],
    ) -> Option<StaffChoice> {
        let (avoid, duty) = (self.avoided(who), place.duty()?);
        let is_chiefs = |signal: &SignalRule| signal.on == OFFICER_LEFT && signal.act == SignalAct::Chief;
        let open = OpenDuty {
            wanted: self.wanted(who, &avoid),
            assignees: &duty.assignees,
            is_short: duty.is_short,
            by_chief: self.workflow.signals.iter().any(is_chiefs),
            since: place.entered_at.day_in(self.policy.bureau.zone),
            changed,
        };
        let found = people::moves(self.on_today(), &open)?;
        Some(StaffChoice {
            step: at.step.id.clone(),
            visit: at.visit,
            officers: found.assignees,
            candidates: Vec::new(),
            excluded: Vec::new(),
            is_short: found.is_short,
            moves: found.moves,
        })
    }

    /// An officer's duties went to somebody else, as records of earlier programs say it: to whoever is
    /// named, else to whom the record says.
    pub(super) fn handed(&mut self, officer: &str, to: Option<&str>) {
        for place in self.places().to_vec() {
            let Ok((_, step)) = self.step_named(&place.step) else { continue };
            let (StepKind::Duty { .. }, Some(before)) = (&step.kind, place.duty()) else { continue };
            if !before.assignees.iter().any(|known| known == officer) {
                continue;
            }
            let mut after = before.clone();
            let at = StepVisit { step, visit: place.visit };
            if let Some(to) = to.filter(|to| !before.assignees.iter().any(|known| known == to)) {
                for known in after.assignees.iter_mut().filter(|known| *known == officer) {
                    to.clone_into(known);
                }
            } else if let Some(given) = self.given(at).cloned() {
                after.assignees.clone_from(&given.officers);
                after.is_short = given.is_short;
                self.out.choices.push(given);
            }
            self.hand_over(step, &place, after, &[]);
        }
    }

    /// Puts others in the place of those who had a duty, and tells those who are new to it.
    pub(super) fn hand_over(&mut self, step: &Step, place: &ActiveStep, mut after: Duty, moves: &[DutyMove]) {
        let before = place.duty().map(|duty| duty.assignees.clone()).unwrap_or_default();
        after.claimed_by = after.claimed_by.filter(|claimed| after.assignees.contains(claimed));
        after.delegates.retain(|delegate| after.assignees.contains(&delegate.from));
        let to = after.assignees.clone();
        if let Some(duty) = self.place_mut(&place.step).and_then(ActiveStep::duty_mut) {
            *duty = after;
        }
        self.out.next.record.back = None;
        for new in to.iter().filter(|known| !before.contains(known)) {
            let own: Vec<&DutyMove> = moves.iter().filter(|moved| moved.to.contains(new)).collect();
            self.post([Addressee::Officer(new.clone())], &taken_over(step, place, &own));
        }
        if to.is_empty() && !moves.is_empty() {
            let offered = self.places().iter().find(|now| now.step == place.step);
            let all: Vec<&DutyMove> = moves.iter().collect();
            self.post(self.holders(step, offered), &taken_over(step, place, &all));
        }
        let first = moves.first();
        let why = first.map(|moved| moved.why.into_str().to_owned());
        let because = first.map(|moved| moved.because.into_str().to_owned());
        self.record_history(Some(&place.step), HistoryEvent::HandedOver { from: before, to, why, because });
    }
}

/// Says that a duty is somebody's now, and from whom it came.
fn taken_over(step: &Step, place: &ActiveStep, moves: &[&DutyMove]) -> MessageText {
    let data = moves.first().map(|first| {
        let from: Vec<&str> = moves.iter().map(|moved| moved.from.as_str()).collect();
        json!({"from": from, "because": first.because.into_str()})
    });
    MessageText::new("assigned", step, Some(place), data.unwrap_or_else(|| json!({})))
}
