//! Duties that go to other people, because those who had them are away, gone or hold another post.

use serde_json::json;

use super::addressee::Addressee;
use super::history::HistoryEvent;
use super::order::{ActiveStep, Burden, Duty, Signer};
use super::outcome::{ChoicePart, StaffChoice};
use super::signals::OFFICER_LEFT;
use super::tell::{AskedOf, HANDED_OVER, MessageText};
use super::work::{StepVisit, StepWork};
use crate::people::{self, DutyMove, MoveWhy, OpenDuty};
use crate::policy::{SignalAct, SignalRule, Step, StepKind, Who};

impl StepWork<'_> {
    /// Gives the duties of those who have them no longer to whoever has them today, and tells both. The
    /// clocks go on.
    ///
    /// # Source
    /// Policy language, rule 16; scenario A8.
    pub(super) fn staff(&mut self, changes: StaffChanges<'_>) {
        // It stands in the record only where something moved, and then with what moved.
        let is_retold = self.ground.given.is_some();
        for place in self.places().to_vec() {
            let Ok((_, step)) = self.step_named(&place.step) else { continue };
            let (StepKind::Duty { who, .. }, Some(before)) = (&step.kind, place.duty()) else { continue };
            let at = StepVisit { step, visit: place.visit };
            let found = if is_retold {
                self.given(at).map(StaffChoice::followed)
            } else {
                self.moved_on(at, who, &place, changes)
            };
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
        self.move_signatures(changes.changed);
        self.move_confirmations(changes.changed);
    }

    /// Asks others for the signatures of those who are away, gone or hold another post: the substitute of a leave
    /// signs; else whoever asked is told, and asks somebody else or goes on without.
    ///
    /// # Source
    /// Policy language, rules 16 and 17.
    fn move_signatures(&mut self, changed: &[String]) {
        for place in self.places().to_vec() {
            let (Ok((_, step)), Some(duty)) = (self.step_named(&place.step), place.duty()) else { continue };
            let open = duty.signers.iter().filter(|signer| signer.signed_at.is_none());
            for signer in open {
                let burden = Burden { officer: &signer.officer, step: &step.id, visit: place.visit };
                let found = match self.ground.given {
                    Some(given) => {
                        given.iter().find(|chosen| chosen.moves_from(ChoicePart::Signature, burden)).cloned()
                    }
                    None => self.signer_instead(burden, duty, changed),
                };
                let Some(chosen) = found else { continue };
                self.ask_another(step, &place, signer, chosen);
            }
        }
    }

    fn signer_instead(&self, of: Burden<'_>, duty: &Duty, changed: &[String]) -> Option<StaffChoice> {
        let (because, substitute) =
            people::signature_moves(self.on_today(), of.officer, changed, &self.out.next.cover.subject)?;
        let has_part = |id: &String| {
            let known = duty.signers.iter().map(|signer| &signer.officer);
            known
                .chain(&duty.assignees)
                .chain(duty.delegates.iter().map(|to| &to.to))
                .any(|known| known == id)
        };
        let to: Vec<String> = substitute.into_iter().filter(|id| !has_part(id)).collect();
        let why = if to.is_empty() { MoveWhy::Nobody } else { MoveWhy::Substitute };
        let moves = vec![DutyMove { from: of.officer.to_owned(), to: to.clone(), because, why }];
        let part = ChoicePart::Signature;
        Some(StaffChoice { officers: to, moves, part, ..StaffChoice::of(of.step, of.visit) })
    }

    /// Puts another in a signer's place, or nobody, and tells both and the one who asked.
    fn ask_another(&mut self, step: &Step, place: &ActiveStep, signer: &Signer, chosen: StaffChoice) {
        let (to, moves) = (chosen.officers.first().cloned(), chosen.moves.clone());
        self.out.choices.push(chosen);
        if let Some(duty) = self.place_mut(&place.step).and_then(ActiveStep::duty_mut) {
            match &to {
                Some(to) => {
                    let known = duty.signers.iter_mut().filter(|known| known.officer == signer.officer);
                    known.for_each(|known| known.officer.clone_from(to));
                }
                None => duty.signers.retain(|known| known.officer != signer.officer),
            }
        }
        let Some(DutyMove { from, to: _, because, why }) = moves.into_iter().next() else { return };
        let asked = AskedOf { officer: &from, by: &signer.asked_by };
        self.tell_of_move(step, asked, to.as_deref(), because);
        let text = MessageText::new("signer added", step, Some(place), json!({"by": signer.asked_by}));
        self.post(to.iter().cloned().map(Addressee::Officer), &text);
        let (why, because) = (Some(why.into_str().to_owned()), Some(because.into_str().to_owned()));
        let event = HistoryEvent::HandedOver { from: vec![from], to: to.into_iter().collect(), why, because };
        self.record_history(Some(&step.id), event);
    }

    /// Finds who has a duty from here on; nothing while all who have it may.
    fn moved_on(
        &self,
        at: StepVisit<'_>,
        who: &Who,
        place: &ActiveStep,
        StaffChanges { changed, grids, came }: StaffChanges<'_>,
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
            grids,
            came,
        };
        let found = people::moves(self.on_today(), &open)?;
        Some(StaffChoice {
            officers: found.assignees,
            is_short: found.is_short,
            moves: found.moves,
            ..StaffChoice::of(&at.step.id, at.visit)
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
            } else if let Some(given) = self.given(at).map(StaffChoice::followed) {
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

/// What is new about people.
#[derive(Clone, Copy)]
pub(super) struct StaffChanges<'a> {
    /// Whose posts, station or grid changed.
    pub(super) changed: &'a [String],
    /// The grids that have other officers.
    pub(super) grids: &'a [String],
    /// Who holds a post that he did not hold before.
    pub(super) came: &'a [String],
}

/// Says that a duty is somebody's now, and from whom it came.
fn taken_over(step: &Step, place: &ActiveStep, moves: &[&DutyMove]) -> MessageText {
    let data = moves.first().map(|first| {
        let from: Vec<&str> = moves.iter().map(|moved| moved.from.as_str()).collect();
        json!({"from": from, "because": first.because.into_str()})
    });
    MessageText::new("assigned", step, Some(place), data.unwrap_or_else(|| json!({})))
}
