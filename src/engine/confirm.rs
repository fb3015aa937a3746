//! Whoever is named in what another did confirms it as himself: the second officer of a step, the approver of
//! an extension or of a pause.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::json;

use super::addressee::Addressee;
use super::duty::refuse_holder;
use super::event::Act;
use super::history::HistoryEvent;
use super::order::{
    ActiveStep, Confirmation, ConfirmedAct, OpenPause, Order, OrderState, StepStatus, TermExtension,
};
use super::outcome::{ChoicePart, StaffChoice};
use super::tell::{ASKED, AskedOf, CONFIRMED, MessageText};
use super::timing;
use super::work::{StepVisit, StepWork};
use super::{ActResult, Refusal, RefusalCode};
use crate::lang;
use crate::people::{self, DutyMove, ExcludedOfficer, MoveCause, MoveWhy, OpenDuty, Roster, StaffRequest};
use crate::policy::{Policy, Role, RoleIx, Step, StepIx, StepKind, Who, WhoBy};
use crate::time::Day;

impl Order {
    /// Lists what waits to be confirmed: the work of steps that was not sent back, on a cancelled order too, because
    /// it was done; and a change of a term only while the order is at that visit.
    pub fn unconfirmed(&self) -> impl Iterator<Item = &Confirmation> {
        self.record.confirmations.iter().filter(|asked| self.awaits(asked))
    }

    /// Lists those without whom nothing is approved, and the order does not end.
    fn unconfirmed_work(&self) -> impl Iterator<Item = &Confirmation> {
        self.unconfirmed().filter(|asked| asked.of == ConfirmedAct::Completion)
    }

    fn awaits(&self, asked: &Confirmation) -> bool {
        let Confirmation { step, visit, of, signed_at, is_sent_back, .. } = asked;
        let is_here = |place: &ActiveStep| place.step == *step && place.visit == *visit;
        let is_open = match of {
            ConfirmedAct::Completion => {
                matches!(self.state, OrderState::Open(_) | OrderState::Cancelled { .. })
            }
            ConfirmedAct::Extension(_) | ConfirmedAct::Pause(_) => self.state.places().iter().any(is_here),
        };
        signed_at.is_none() && !is_sent_back && is_open
    }
}

impl StepWork<'_> {
    /// Finds who besides the one who hands in has to confirm a step of several.
    pub(super) fn seconds(&self, at: StepVisit<'_>, who: &Who, together: &[String]) -> Option<StaffChoice> {
        let needed = usize::try_from(self.officers_needed(who).saturating_sub(1)).unwrap_or(usize::MAX);
        self.confirmers(at, || together.iter().take(needed).cloned().collect())
    }

    /// Returns who confirms; a replay follows the record, and entries of earlier programs name nobody.
    pub(super) fn confirmers(
        &self,
        at: StepVisit<'_>,
        named: impl FnOnce() -> Vec<String>,
    ) -> Option<StaffChoice> {
        let StepVisit { step, visit } = at;
        if let Some(given) = self.ground.given {
            let is_meant = |chosen: &&StaffChoice| {
                chosen.part == ChoicePart::Confirmation && chosen.step == step.id && chosen.visit == visit
            };
            return given.iter().find(is_meant).cloned();
        }
        let officers = if self.ground.roster.is_kept() { named() } else { Vec::new() };
        let part = ChoicePart::Confirmation;
        (!officers.is_empty()).then(|| StaffChoice { officers, part, ..StaffChoice::of(&step.id, visit) })
    }

    /// Asks people to confirm what somebody did, and tells them.
    pub(super) fn ask_to_confirm(
        &mut self,
        at: StepVisit<'_>,
        chosen: StaffChoice,
        by: &str,
        of: &ConfirmedAct,
    ) {
        let StepVisit { step, visit } = at;
        let officers = chosen.officers.clone();
        // Who asks for a change of the term once more takes back what was asked for before.
        let is_same = |known: &Confirmation| {
            *of != ConfirmedAct::Completion
                && known.of.name() == of.name()
                && known.step == step.id
                && known.visit == visit
        };
        let before = self.out.next.record.confirmations.len();
        self.out.next.record.confirmations.retain(|known| !is_same(known));
        let is_anew = self.out.next.record.confirmations.len() < before;
        let asked = Confirmation {
            step: step.id.clone(),
            visit,
            officer: String::new(),
            by: by.to_owned(),
            asked_at: self.now,
            of: of.clone(),
            replaces: None,
            signed_at: None,
            is_sent_back: false,
        };
        let each = officers.iter().map(|officer| Confirmation { officer: officer.clone(), ..asked.clone() });
        self.out.next.record.confirmations.extend(each);
        self.out.choices.push(chosen);
        let text = self.to_confirm(at, &asked, is_anew);
        self.post(officers.iter().cloned().map(Addressee::Officer), &text);
        let (what, reason) = (of.name().to_owned(), of.reason());
        let event = HistoryEvent::ToConfirm { visit, officers, what, reason, anew: is_anew };
        self.record_history(Some(&step.id), event);
    }

    /// Refuses what may not happen before the work is confirmed.
    ///
    /// # Refusals
    /// R124, which names who has still to sign.
    pub(super) fn refuse_unconfirmed(&self) -> ActResult {
        refuse_unconfirmed(self.policy, self.ground.roster, &self.out.next)
    }

    /// Ends the order at a step, or lets it stand there until the work is confirmed that has just been handed
    /// in, or that led here without a person.
    ///
    /// # Refusals
    /// R124 for whoever would end it over work that was waiting already.
    pub(super) fn finish(&mut self, step: &Step, place: ActiveStep) -> ActResult {
        let is_new = |asked: &&Confirmation| {
            self.out.choices.iter().any(|chosen| {
                chosen.part == ChoicePart::Confirmation
                    && chosen.step == asked.step
                    && chosen.visit == asked.visit
            })
        };
        let (new, before): (Vec<&Confirmation>, Vec<&Confirmation>) =
            self.out.next.unconfirmed_work().partition(is_new);
        if self.out.completion.is_some() && !before.is_empty() {
            return Err(refused(self.policy, self.ground.roster, &self.out.next, &before));
        }
        if new.is_empty() && before.is_empty() {
            self.record_history(Some(&step.id), HistoryEvent::Ended {});
            self.end(OrderState::Done { at: self.now });
        } else {
            self.leave_all();
            self.out.next.record.back = None;
            self.push(ActiveStep { standing: StepStatus::Confirmation, due: None, ..place });
        }
        Ok(())
    }

    /// Confirms what waits for this person, at one step where one is named; returns whether anything did.
    ///
    /// # Refusals
    /// Whoever is gone or on leave, is kept apart from the subject or has no certificate that day; for a
    /// change of a term, whoever may not approve it any more.
    ///
    /// # Source
    /// Policy language, rule 35.
    pub(super) fn confirm(&mut self, act: &Act) -> ActResult<bool> {
        let is_named = |asked: &Confirmation| {
            act.step.as_ref().is_none_or(|step| *step == asked.step)
                && act.visit.is_none_or(|visit| visit == asked.visit)
        };
        let is_meant = |asked: &&Confirmation| asked.officer == act.by && is_named(asked);
        let mine: Vec<Confirmation> = self.out.next.unconfirmed().filter(is_meant).cloned().collect();
        for asked in &mine {
            let (_, step) = self.step_named(&asked.step)?;
            if let StepKind::Duty { who, .. } = &step.kind
                && asked.of == ConfirmedAct::Completion
            {
                // A head confirms for lack of anybody else; that two with certificates were there stands in the record.
                let is_heads = asked.replaces.is_some() && self.is_chief(&act.by);
                // Whose certificate was valid when the work was handed in confirms it, though it has lapsed since.
                let worked_on = asked.asked_at.day_in(self.policy.bureau.zone);
                let officer = self.ground.roster.officers.get(&act.by);
                let was_certified = officer.is_some_and(|officer| officer.is_certified(worked_on));
                let who = Who { certified: who.certified && !is_heads && !was_certified, ..who.clone() };
                self.may_confirm(&act.by, &who)?;
            }
            self.confirmed(step, asked)?;
        }
        self.end_confirmed()?;
        Ok(!mine.is_empty())
    }

    /// Notes one signature, and lets what it was wanted for come into force.
    fn confirmed(&mut self, step: &Step, asked: &Confirmation) -> ActResult {
        let now = self.now;
        let all = &mut self.out.next.record.confirmations;
        for known in all.iter_mut().filter(|known| *known == asked) {
            known.signed_at = Some(now);
        }
        // Who signed in another's place is kept, because papers name the other.
        all.retain(|known| known.signed_at.is_none() || known.replaces.is_some());
        let Confirmation { visit, by, of, .. } = asked;
        let what = of.name().to_owned();
        self.record_history(Some(&step.id), HistoryEvent::Confirmed { visit: *visit, by: by.clone(), what });
        let text = MessageText::new("signed", step, None, json!({"by": asked.officer, CONFIRMED: of.name()}));
        self.post([Addressee::Officer(by.clone())], &text);
        let place = self.places().iter().find(|place| place.step == step.id).cloned();
        if let (true, Some(duty)) =
            (*of != ConfirmedAct::Completion, place.as_ref().and_then(ActiveStep::duty))
        {
            refuse_holder(duty, &asked.officer)?;
        }
        match (of, place) {
            (ConfirmedAct::Extension(extended), Some(place)) => {
                self.may_approve(&asked.officer, by, self.extension_role(step, extended))?;
                let (on, approver) = (self.today, asked.officer.clone());
                self.extended(step, &place, TermExtension { on, approver, ..extended.clone() })
            }
            (ConfirmedAct::Pause(paused), Some(place)) => {
                self.may_approve(&asked.officer, by, None)?;
                self.paused(step, &place, OpenPause { approver: asked.officer.clone(), ..paused.clone() })
            }
            (ConfirmedAct::Completion | ConfirmedAct::Extension(_) | ConfirmedAct::Pause(_), _) => Ok(()),
        }
    }

    /// Ends an order that waited for nothing but signatures, with the last of them.
    fn end_confirmed(&mut self) -> ActResult {
        let is_at_end = |place: &&ActiveStep| place.standing == StepStatus::Confirmation;
        let Some(place) = self.places().iter().find(is_at_end).cloned() else { return Ok(()) };
        if self.out.next.unconfirmed_work().next().is_some() {
            return Ok(());
        }
        let (_, step) = self.step_named(&place.step)?;
        self.finish(step, place)
    }

    /// What goes back to a step wants no confirmation any more: neither its work nor that of the steps since.
    pub(super) fn send_back(&mut self, to: &str) {
        if let Some(sent_back) = &mut self.sent_back {
            sent_back.to = Some(to.to_owned());
        }
        let Some(since) = self.out.next.passed(to).map(|passed| passed.at) else { return };
        let record = &mut self.out.next.record;
        let done_at = |step: &str| Some(record.steps.get(step)?.last.as_ref()?.at);
        for asked in record.confirmations.iter_mut().filter(|asked| asked.signed_at.is_none()) {
            asked.is_sent_back |= done_at(&asked.step) >= Some(since);
        }
    }

    /// A completion that never happened wants no confirmation.
    pub(super) fn unask(&mut self, step: &str, visit: u32) {
        let is_of = |asked: &Confirmation| asked.step == step && asked.visit == visit;
        self.out.next.record.confirmations.retain(|asked| !is_of(asked));
    }

    /// Gives what waits for people who are away, gone or hold another post to those who stand in for them, and
    /// tells both. A change of a term that nobody can approve any more is asked for anew.
    ///
    /// # Source
    /// Policy language, rules 16 and 35.
    pub(super) fn move_confirmations(&mut self, changed: &[String]) {
        let open: Vec<Confirmation> = self.out.next.unconfirmed().cloned().collect();
        for asked in open {
            let Ok((_, step)) = self.step_named(&asked.step) else { continue };
            let found = match self.ground.given {
                Some(given) => given
                    .iter()
                    .find(|chosen| chosen.moves_from(ChoicePart::Confirmation, asked.burden()))
                    .cloned(),
                None => self.confirmer_instead(step, &asked, changed),
            };
            let Some(chosen) = found else { continue };
            let (to, moves) = (chosen.officers.first().cloned(), chosen.moves.clone());
            self.out.choices.push(chosen);
            self.replace_confirmer(&asked, to.as_deref());
            let Some(DutyMove { from, to: _, because, why }) = moves.into_iter().next() else { continue };
            self.tell_of_move(step, AskedOf { officer: &from, by: &asked.by }, to.as_deref(), because);
            let at = StepVisit { step, visit: asked.visit };
            let text = self.to_confirm(at, &asked, false);
            self.post(to.iter().cloned().map(Addressee::Officer), &text);
            let (why, because) = (Some(why.into_str().to_owned()), Some(because.into_str().to_owned()));
            let event =
                HistoryEvent::HandedOver { from: vec![from], to: to.into_iter().collect(), why, because };
            self.record_history(Some(&step.id), event);
        }
    }

    /// Says that something waits to be confirmed, and who did it; of a change of a term, what is asked for, whether
    /// in place of what was asked for before, too.
    fn to_confirm(&self, at: StepVisit<'_>, asked: &Confirmation, is_anew: bool) -> MessageText {
        let Confirmation { by, of, .. } = asked;
        let mut data = json!({"by": by, "what": of.name(), "reason": of.reason()});
        let place = self.places().iter().find(|place| place.step == at.step.id && place.visit == at.visit);
        if let Some(place) = place.filter(|_| *of != ConfirmedAct::Completion) {
            let asked = TermRequest::of(self.policy, &self.out.next, place, of);
            data[ASKED] = json!(TermRequest { anew: is_anew, ..asked });
        }
        MessageText::new("to confirm", at.step, None, data)
    }

    fn replace_confirmer(&mut self, asked: &Confirmation, to: Option<&str>) {
        let (now, record) = (self.now, &mut self.out.next.record);
        let Some(to) = to else {
            record.confirmations.retain(|known| known != asked);
            return;
        };
        for known in record.confirmations.iter_mut().filter(|known| *known == asked) {
            let first = known.replaces.take().unwrap_or_else(|| known.officer.clone());
            known.replaces = Some(first);
            to.clone_into(&mut known.officer);
            known.asked_at = now;
        }
        if asked.of != ConfirmedAct::Completion {
            return;
        }
        // Whoever confirms a work has taken part in it.
        let passed = record.steps.get_mut(&asked.step).and_then(|record| record.last.as_mut());
        if let Some(passed) = passed.filter(|passed| !passed.done_by.iter().any(|known| known == to)) {
            passed.done_by.push(to.to_owned());
        }
    }

    /// Finds who confirms in somebody's place; nothing while that person may.
    fn confirmer_instead(
        &self,
        step: &Step,
        asked: &Confirmation,
        changed: &[String],
    ) -> Option<StaffChoice> {
        let mut moved = match &asked.of {
            ConfirmedAct::Completion => self.second_instead(step, asked),
            ConfirmedAct::Extension(extended) => {
                self.approver_instead(asked, self.extension_role(step, extended), changed)
            }
            ConfirmedAct::Pause(_) => self.approver_instead(asked, None, changed),
        }?;
        moved.to.truncate(1);
        if moved.to.is_empty() {
            moved.why = MoveWhy::Nobody;
        }
        let (officers, moves, part) = (moved.to.clone(), vec![moved], ChoicePart::Confirmation);
        Some(StaffChoice { officers, moves, part, ..StaffChoice::of(&step.id, asked.visit) })
    }

    /// Finds who confirms a work for whoever has left, keeps apart, or is on leave until the order's last day or
    /// longer; whoever comes back before confirms then, because he was there. It is nobody who has to review it.
    ///
    /// # Source
    /// Policy language, rule 35.
    fn second_instead(&self, step: &Step, asked: &Confirmation) -> Option<DutyMove> {
        let StepKind::Duty { who, .. } = &step.kind else { return None };
        let mut avoid = self.avoided(who);
        let done_by = self.out.next.passed(&step.id).map(|passed| passed.done_by.as_slice());
        let partners = done_by.unwrap_or_default().iter().filter(|officer| **officer != asked.officer);
        let excluded = |officer: &String, because: &str| ExcludedOfficer {
            officer: officer.clone(),
            because: because.to_owned(),
        };
        avoid.extend(partners.map(|officer| excluded(officer, &step.id)));
        for place in self.places().iter().filter(|place| self.judges(place, step)) {
            let reviewers = place.duty().map(|duty| duty.assignees.as_slice()).unwrap_or_default();
            avoid.extend(reviewers.iter().map(|officer| excluded(officer, &place.step)));
        }
        let found = people::moves(self.on_today(), &self.asked_of(asked, self.wanted(who, &avoid), &[]))?;
        let moved = found.moves.into_iter().next()?;
        let leave = self.ground.roster.officers.get(&asked.officer)?.leave(self.today);
        let comes_back = leave.is_some_and(|leave| leave.to < self.out.next.cover.due_on);
        let waits = comes_back && moved.because == MoveCause::Leave;
        Some(moved).filter(|moved| !moved.to.is_empty() && !waits)
    }

    /// Whether a place is a step that must not be done by whoever did another.
    fn judges(&self, place: &ActiveStep, step: &Step) -> bool {
        let is_step = |at: &StepIx| self.step(*at).id == step.id;
        match self.step_named(&place.step) {
            Ok((_, Step { kind: StepKind::Duty { who, .. }, .. })) => who.avoid.iter().any(is_step),
            Ok(_) | Err(_) => false,
        }
    }

    /// Finds who approves a change of a term in somebody's place: whoever decides that day what he decided by his
    /// role, but not the one who asks.
    fn approver_instead(
        &self,
        asked: &Confirmation,
        role: Option<&str>,
        changed: &[String],
    ) -> Option<DutyMove> {
        let officer = self.ground.roster.officers.get(&asked.officer)?;
        let is_meant = |known: &Role| match role {
            Some(role) => known.id == role,
            None => known.head.is_some() && officer.posts.iter().any(|post| post.role == known.id),
        };
        let roles = (0_u16..).map(RoleIx).zip(&self.policy.roles).filter(|(_, known)| is_meant(known));
        let (at, _) = roles.max_by_key(|(_, known)| known.head)?;
        let who = Who { by: WhoBy::Role(at), officers: 1, certified: false, avoid: Vec::new() };
        let avoid = [ExcludedOfficer { officer: asked.by.clone(), because: asked.step.clone() }];
        let wanted = StaffRequest { approves: true, ..self.wanted(&who, &avoid) };
        let found = people::moves(self.on_today(), &self.asked_of(asked, wanted, changed))?;
        found.moves.into_iter().next()
    }

    /// What is asked of one person, as a duty of his.
    fn asked_of<'o>(
        &self,
        asked: &'o Confirmation,
        wanted: StaffRequest<'o>,
        changed: &'o [String],
    ) -> OpenDuty<'o> {
        OpenDuty {
            wanted,
            assignees: std::slice::from_ref(&asked.officer),
            is_short: false,
            by_chief: false,
            since: asked.asked_at.day_in(self.policy.bureau.zone),
            changed,
            grids: &[],
            came: &[],
        }
    }
}

/// Refuses what may not happen before the work on an order is confirmed.
///
/// # Refusals
/// R124, which names who has still to sign.
///
/// # Source
/// Policy language, rule 35.
pub fn refuse_unconfirmed(policy: &Policy, roster: &Roster, order: &Order) -> ActResult {
    let waiting: Vec<&Confirmation> = order.unconfirmed_work().collect();
    if waiting.is_empty() { Ok(()) } else { Err(refused(policy, roster, order, &waiting)) }
}

fn refused(policy: &Policy, roster: &Roster, order: &Order, waiting: &[&Confirmation]) -> Refusal {
    let workflow = policy.workflow(&order.cover.workflow);
    let title = |id: &str| workflow.and_then(|workflow| workflow.step(id)).map_or("", |step| &step.title);
    let steps: BTreeSet<&str> = waiting.iter().map(|asked| title(&asked.step)).collect();
    unconfirmed(roster, order, waiting).with("steps", lang::list(steps))
}

/// Says who has still to confirm what, on an order.
pub fn unconfirmed(roster: &Roster, order: &Order, waiting: &[&Confirmation]) -> Refusal {
    let called = |id: &str| match roster.officers.get(id) {
        Some(officer) => format!("{} {id}", officer.name),
        None => id.to_owned(),
    };
    Refusal::new(RefusalCode::Unconfirmed)
        .with("people", lang::list(waiting.iter().map(|asked| called(&asked.officer))))
        .with("signer", waiting.first().map_or("", |asked| &asked.officer))
        .with("order", order.cover.id.to_string())
}

/// What is asked for with a change of a term.
///
/// # Shape
/// In messages `{"length":"5 工作日","from":"2026-03-10","until":"2026-03-17","proof":"延期审批表一号"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TermRequest {
    /// By how much, as written; none where a statutory clock says it, or for a pause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<String>,
    /// The last day as it stands; of a pause, the first day that does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day once it is granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// The document that proves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// It stands in place of what was asked for before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub anew: bool,
}

impl TermRequest {
    fn of(policy: &Policy, order: &Order, place: &ActiveStep, of: &ConfirmedAct) -> Self {
        match of {
            ConfirmedAct::Completion => Self::default(),
            ConfirmedAct::Extension(asked) => {
                let mut granted = place.clone();
                granted.changes.extensions.push(asked.clone());
                let step = policy.workflow(&order.cover.workflow).and_then(|known| known.step(&place.step));
                let timing = step.and_then(|step| timing::timing(policy, step, &order.cover, &granted).ok());
                Self {
                    length: asked.by.clone(),
                    from: place.due,
                    until: timing.and_then(|timing| timing.due),
                    proof: asked.document.clone(),
                    anew: false,
                }
            }
            ConfirmedAct::Pause(asked) => {
                let proof = Some(asked.document.clone());
                Self { from: Some(asked.from), proof, ..Self::default() }
            }
        }
    }

    /// Returns what a confirmation asks for; nothing but for a change of the term of a visit under way.
    pub fn waiting(policy: &Policy, order: &Order, asked: &Confirmation) -> Option<Self> {
        let is_here = |place: &&ActiveStep| place.step == asked.step && place.visit == asked.visit;
        let place = order.state.places().iter().find(is_here)?;
        (asked.of != ConfirmedAct::Completion).then(|| Self::of(policy, order, place, &asked.of))
    }
}
