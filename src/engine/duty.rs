//! What people do with a duty besides completing it: take it on, hand it over, ask, remind, lengthen.

use std::collections::BTreeSet;

use serde_json::json;

use super::addressee::Addressee;
use super::authority::may_take_over;
use super::complete::CompletionInput;
use super::event::{Act, Doing};
use super::history::HistoryEvent;
use super::order::{
    ActiveStep, ConfirmedAct, Delegate, Duty, OpenPause, OrderState, Signer, StepStatus, TermExtension,
    WaitWaiver,
};
use super::tell::MessageText;
use super::term::{TermKind, TermRow};
use super::timing;
use super::work::{ReturnedWork, StepVisit, StepWork, not_paused};
use super::{ActResult, Refusal, RefusalCode};
use crate::calendar::Length;
use crate::lang;
use crate::policy::{ActionEffect, Step, StepKind};
use crate::time::Day;

/// What a person does at one place of the order.
#[derive(Clone, Copy)]
struct ActAt<'a> {
    by: &'a str,
    step: &'a Step,
    place: &'a ActiveStep,
    /// Nobody's where the step waits for orders.
    duty: &'a Duty,
}

impl StepWork<'_> {
    /// Carries out an act of a person.
    pub(super) fn act(&mut self, act: &Act) -> ActResult {
        self.known(&act.by)?;
        if let Doing::Cancel { reason } = &act.doing {
            return self.cancel(act, reason);
        }
        if let Doing::Recall { reason } = &act.doing {
            return self.recall(act, reason);
        }
        if matches!(act.doing, Doing::Sign) && self.confirm(act)? {
            return Ok(());
        }
        let step = self.meant(act)?;
        self.settle(&step);
        let Some(place) = self.places().iter().find(|place| place.step == step).cloned() else {
            return Err(Refusal::new(RefusalCode::NotThere).with("step", step));
        };
        let is_still = matches!(place.standing, StepStatus::Stuck { .. } | StepStatus::Confirmation);
        if is_still || (place.duty().is_none() && !is_about_the_term(&act.doing)) {
            self.duty_in_hand(&place)?;
        }
        let (_, step) = self.step_named(&place.step)?;
        let nobodys = Duty::default();
        let at = ActAt { by: &act.by, step, place: &place, duty: place.duty().unwrap_or(&nobodys) };
        match &act.doing {
            Doing::Complete { action, answer, attached } => {
                let done = CompletionInput { action: action.as_deref(), answer: answer.as_ref(), attached };
                self.complete(act, place, &done)
            }
            Doing::Return { reason } => self.give_back(act, at, reason),
            Doing::Claim => self.claim(at),
            Doing::Transfer { to, reason } => self.transfer(at, to, reason),
            Doing::Delegate { to, reason } => self.delegate(at, to, reason),
            Doing::AddSigner { to, reason } => self.add_signer(at, to, reason),
            Doing::Sign => self.sign(at),
            Doing::Nudge { note } => {
                self.nudge(at, note.as_deref());
                Ok(())
            }
            Doing::Copy { to, note } => self.copy(at, to, note.as_deref()),
            Doing::Extend { by, reason, approver, document, begins_anew } => {
                let (by, reason, on) = (by.clone(), reason.clone(), self.today);
                let (approver, document, begins_anew) = (approver.clone(), document.clone(), *begins_anew);
                self.extend(at, TermExtension { on, by, reason, approver, document, begins_anew })
            }
            Doing::Pause { reason, document, approver } => {
                let (reason, document, approver) = (reason.clone(), document.clone(), approver.clone());
                self.pause(at, OpenPause { from: self.today, reason, document, approver })
            }
            Doing::Resume => self.resume(at),
            Doing::Waive { document } => self.waive(at, document),
            Doing::Cancel { .. } | Doing::Recall { .. } => Ok(()),
        }
    }

    /// Returns the step an act is about.
    fn meant(&self, act: &Act) -> ActResult<String> {
        if let Some(step) = &act.step {
            let is_meant = |place: &ActiveStep| {
                place.step == *step && act.visit.is_none_or(|visit| visit == place.visit)
            };
            let here = self.places().iter().any(is_meant);
            return if here {
                Ok(step.clone())
            } else {
                Err(Refusal::new(RefusalCode::NotThere).with("step", step).with("here", self.here()))
            };
        }
        if let ([only], true) = (self.places(), is_about_the_term(&act.doing)) {
            return Ok(only.step.clone());
        }
        let people: Vec<&ActiveStep> = self.places().iter().filter(|place| place.duty().is_some()).collect();
        match (people.as_slice(), self.places()) {
            ([only], _) => Ok(only.step.clone()),
            ([], [first, ..]) => match &first.standing {
                StepStatus::Stuck { cause } => Err(Refusal::new(RefusalCode::Stuck).with("cause", cause)),
                StepStatus::Confirmation => self.refuse_unconfirmed().map(|()| first.step.clone()),
                _ => Err(Refusal::new(RefusalCode::NotADuty).with("step", self.title_of(&first.step))),
            },
            ([], []) => Err(Refusal::new(RefusalCode::Ended)),
            (several, _) => {
                // The one this person has in hand, where that is only one.
                let own = |place: &&&ActiveStep| place.duty().is_some_and(|duty| has(duty, &act.by));
                match several.iter().filter(own).collect::<Vec<_>>().as_slice() {
                    [only] => Ok(only.step.clone()),
                    _ => Err(Refusal::new(RefusalCode::WhichStep).with("here", self.here())),
                }
            }
        }
    }

    fn here(&self) -> String {
        lang::list(self.places().iter().map(|place| &place.step))
    }

    pub(super) fn title_of(&self, step: &str) -> &str {
        self.workflow.steps.iter().find(|known| known.id == step).map_or("", |step| step.title.as_str())
    }

    /// Returns the duty of a place that can be completed now.
    pub(super) fn duty_in_hand(&self, place: &ActiveStep) -> ActResult<Duty> {
        match &place.standing {
            StepStatus::Duty(duty) => Ok(duty.clone()),
            StepStatus::Waiting { until, .. } => {
                let until = until.day_in(self.policy.bureau.zone);
                Err(Refusal::new(RefusalCode::TooEarly)
                    .with("step", self.title_of(&place.step))
                    .with("from", until.to_string()))
            }
            StepStatus::Orders(_) | StepStatus::Parts => {
                Err(Refusal::new(RefusalCode::NotADuty).with("step", self.title_of(&place.step)))
            }
            StepStatus::Stuck { cause } => Err(Refusal::new(RefusalCode::Stuck).with("cause", cause)),
            StepStatus::Confirmation => self.refuse_unconfirmed().map(|()| Duty::default()),
        }
    }

    /// 签收: the one who takes a duty on answers for it alone, unless it needs more people.
    fn claim(&mut self, at: ActAt<'_>) -> ActResult {
        let ActAt { by, step, place, duty } = at;
        if let Some(other) = duty.claimed_by.as_ref().filter(|other| other.as_str() != by) {
            return Err(Refusal::new(RefusalCode::LateClaim).with("officer", other));
        }
        self.may_claim(by, step, duty)?;
        let is_shared = matches!(&step.kind, StepKind::Duty { who, .. } if who.officers > 1);
        self.change_duty(place, |duty| {
            if !has(duty, by) {
                if !is_shared {
                    duty.assignees.clear();
                }
                duty.assignees.push(by.to_owned());
            }
            duty.claimed_by = Some(by.to_owned());
        });
        self.out.next.record.back = None;
        self.record_history(Some(&place.step), HistoryEvent::Claimed {});
        Ok(())
    }

    /// 退回: to the step before; where one of the step's own actions returns, that one is chosen.
    fn give_back(&mut self, act: &Act, at: ActAt<'_>, reason: &str) -> ActResult {
        let ActAt { by, step, place, .. } = at;
        if let StepKind::Duty { actions, form: None, .. } = &step.kind
            && let Some(action) = actions.iter().find(|action| action.effect == ActionEffect::Returns)
        {
            let event = HistoryEvent::Returned { to: None, reason: reason.to_owned() };
            self.record_history(Some(&place.step), event);
            self.sent_back = Some(ReturnedWork::new(by, Some(reason)));
            let done = CompletionInput { action: Some(&action.id), answer: None, attached: &[] };
            return self.complete(act, place.clone(), &done);
        }
        let duty = self.duty_in_hand(place)?;
        self.may_claim(by, step, &duty)?;
        let Some(from) = &place.from else {
            return Err(Refusal::new(RefusalCode::NothingToReturn).with("step", &step.title));
        };
        let (back, before) = self.step_named(from)?;
        let is_duty = matches!(before.kind, StepKind::Duty { .. }) && before.inspection.is_none();
        if !is_duty || self.leaves_its_part(place) {
            return Err(Refusal::new(RefusalCode::NothingToReturn).with("step", &step.title));
        }
        self.leave(&place.step);
        self.out.next.record.back = None;
        self.sent_back = Some(ReturnedWork::new(by, Some(reason)));
        self.send_back(&before.id);
        let event = HistoryEvent::Returned { to: Some(before.id.clone()), reason: reason.to_owned() };
        self.record_history(Some(&place.step), event);
        self.enter(back, None, place.within.as_deref())
    }

    /// Whether the step before a place lies before the `parallel` whose part begins there: the other parts would
    /// stay behind. A replay does not ask: what earlier builds took stands.
    fn leaves_its_part(&self, place: &ActiveStep) -> bool {
        let parallel = self.places().iter().find(|known| Some(&known.step) == place.within.as_ref());
        self.ground.given.is_none() && parallel.is_some_and(|parallel| parallel.from == place.from)
    }

    /// 撤回: the completion never happened; the step goes on with the term it had.
    fn recall(&mut self, act: &Act, reason: &str) -> ActResult {
        let nothing = || Refusal::new(RefusalCode::NothingToRecall);
        let back = self.out.next.record.back.clone().ok_or_else(nothing)?;
        let [here] = self.places() else { return Err(nothing()) };
        let here = here.clone();
        let done_by = self.out.next.passed(&back.step).map(|passed| passed.done_by.clone());
        if !done_by.is_some_and(|officers| officers.contains(&act.by)) {
            return Err(Refusal::new(RefusalCode::NotYours).with("officer", &act.by));
        }
        let (_, step) = self.step_named(&back.step)?;
        let (_, left) = self.step_named(&here.step)?;
        let text = MessageText::new("recalled", left, None, json!({"reason": reason}));
        self.post(self.holders(left, Some(&here)), &text);
        self.leave(&here.step);
        let record = self.record(&here.step);
        record.visits = record.visits.saturating_sub(1);
        self.record(&back.step).last = None;
        self.unask(&back.step, back.visit);
        self.out.next.record.back = None;
        let event = HistoryEvent::Recalled { reason: reason.to_owned(), from: here.step };
        self.record_history(Some(&back.step), event);
        self.set_terms(step, *back)
    }

    /// 转办: others answer for it; the clock goes on. One of several hands over his own part.
    fn transfer(&mut self, at: ActAt<'_>, to: &[String], reason: &str) -> ActResult {
        let ActAt { by, step, place, duty } = at;
        self.may_hand_over(by, step, duty)?;
        if to.is_empty() {
            return Err(Refusal::new(RefusalCode::NoSuchOfficer).with("officer", ""));
        }
        may_take_over(by, to, duty)?;
        for officer in to {
            self.may_hold(officer, step)?;
        }
        let own = duty.assignees.iter().position(|officer| officer == by);
        let mut assignees = to.to_vec();
        if let (Some(own), [one]) = (own, to)
            && duty.assignees.len() > 1
        {
            assignees.clone_from(&duty.assignees);
            one.clone_into(&mut assignees[own]);
        }
        // Who takes over the part of another besides his own is one person.
        let mut named = BTreeSet::new();
        assignees.retain(|officer| named.insert(officer.clone()));
        let new = to.iter().filter(|officer| !duty.assignees.contains(officer)).cloned();
        self.change_duty(place, |duty| {
            duty.assignees = assignees;
            duty.claimed_by = None;
            duty.is_short = false;
            duty.delegates.retain(|delegate| duty.assignees.contains(&delegate.from));
        });
        self.out.next.record.back = None;
        let text = MessageText::new("assigned", step, Some(place), json!({"reason": reason}));
        self.post(new.map(Addressee::Officer), &text);
        let event = HistoryEvent::Transferred { to: to.to_vec(), reason: reason.to_owned() };
        self.record_history(Some(&place.step), event);
        Ok(())
    }

    /// 委派: somebody acts for the assignee, who goes on answering. What was delegated is not delegated again.
    fn delegate(&mut self, at: ActAt<'_>, to: &str, reason: &str) -> ActResult {
        let ActAt { by, step, place, duty } = at;
        if !duty.assignees.iter().any(|officer| officer == by) {
            return Err(Refusal::new(RefusalCode::NotYours).with("officer", by));
        }
        self.may_hold(to, step)?;
        self.change_duty(place, |duty| {
            duty.delegates.retain(|delegate| delegate.from != by);
            duty.delegates.push(Delegate { from: by.to_owned(), to: to.to_owned() });
        });
        let text = MessageText::new("assigned", step, Some(place), json!({"for": by, "reason": reason}));
        self.post([Addressee::Officer(to.to_owned())], &text);
        let event = HistoryEvent::Delegated { to: to.to_owned(), reason: reason.to_owned() };
        self.record_history(Some(&place.step), event);
        Ok(())
    }

    /// 加签: the duty cannot be completed before this person has signed; the clock goes on.
    fn add_signer(&mut self, at: ActAt<'_>, to: &str, reason: &str) -> ActResult {
        let ActAt { by, step, place, duty } = at;
        self.may_claim(by, step, duty)?;
        self.known(to)?;
        refuse_holder(duty, to)?;
        self.change_duty(place, |duty| {
            if duty.signers.iter().all(|signer| signer.officer != to) {
                let asked_by = by.to_owned();
                duty.signers.push(Signer { officer: to.to_owned(), asked_by, signed_at: None });
            }
        });
        let text = MessageText::new("signer added", step, Some(place), json!({"by": by, "reason": reason}));
        self.post([Addressee::Officer(to.to_owned())], &text);
        let event = HistoryEvent::SignerAdded { to: to.to_owned(), reason: reason.to_owned() };
        self.record_history(Some(&place.step), event);
        Ok(())
    }

    fn sign(&mut self, at: ActAt<'_>) -> ActResult {
        let (ActAt { by, step, place, .. }, now) = (at, self.now);
        let mut is_signer = false;
        self.change_duty(place, |duty| {
            for signer in duty.signers.iter_mut().filter(|signer| signer.officer == by) {
                signer.signed_at.get_or_insert(now);
                is_signer = true;
            }
        });
        if !is_signer {
            let refusal = Refusal::new(RefusalCode::NotASigner).with("officer", by).with("step", &step.title);
            let partners = place.duty().filter(|duty| duty.assignees.iter().any(|known| known == by));
            let partners = partners.into_iter().flat_map(|duty| &duty.assignees).filter(|known| *known != by);
            let partners = lang::list(partners);
            let work = if partners.is_empty() { "none" } else { "open" };
            return Err(refusal.with("work", work).with("assignees", partners));
        }
        let text = MessageText::new("signed", step, Some(place), json!({"by": by}));
        self.post(self.holders(step, Some(place)), &text);
        self.record_history(Some(&place.step), HistoryEvent::Signed {});
        Ok(())
    }

    /// 催办: owner and clock stay as they are.
    fn nudge(&mut self, at: ActAt<'_>, note: Option<&str>) {
        let ActAt { by, step, place, .. } = at;
        let text = MessageText::new("nudged", step, Some(place), json!({"by": by, "note": note}));
        let unconfirmed = self.out.next.unconfirmed().map(|asked| Addressee::Officer(asked.officer.clone()));
        let unconfirmed: Vec<Addressee> = unconfirmed.collect();
        self.post(self.holders(step, Some(place)).into_iter().chain(unconfirmed), &text);
        self.record_history(Some(&place.step), HistoryEvent::Nudged { note: note.map(str::to_owned) });
    }

    /// 抄送: somebody knows; nothing else changes.
    fn copy(&mut self, at: ActAt<'_>, to: &str, note: Option<&str>) -> ActResult {
        let ActAt { by, step, place, .. } = at;
        self.known(to)?;
        let text = MessageText::new("copied", step, Some(place), json!({"by": by, "note": note}));
        self.post([Addressee::Officer(to.to_owned())], &text);
        let event = HistoryEvent::Copied { to: to.to_owned(), note: note.map(str::to_owned) };
        self.record_history(Some(&place.step), event);
        Ok(())
    }

    /// 延期: the count is lengthened from the start; the sum rolls once.
    fn extend(&mut self, at: ActAt<'_>, extended: TermExtension) -> ActResult {
        let ActAt { by, step, place, duty } = at;
        self.may_hand_over(by, step, duty)?;
        refuse_holder(duty, &extended.approver)?;
        self.may_approve(&extended.approver, by, self.extension_role(step, &extended))?;
        match &extended.by {
            Some(by) if step.due.is_empty() || place.due.is_none() => {
                return Err(Refusal::new(RefusalCode::NoTerm).with("step", &step.title).with("by", by));
            }
            Some(by) if by.parse::<Length>().map_or(true, |length| length.count <= 0) => {
                return Err(Refusal::new(RefusalCode::BadLength).with("length", by));
            }
            None if step.clock.is_none() => {
                return Err(Refusal::new(RefusalCode::NoTerm).with("step", &step.title));
            }
            Some(_) | None => {}
        }
        not_paused(place)?;
        self.refuse_past_end(step, place, &extended)?;
        let at_visit = StepVisit { step, visit: place.visit };
        match self.confirmers(at_visit, || vec![extended.approver.clone()]) {
            Some(chosen) => {
                self.ask_to_confirm(at_visit, chosen, by, &ConfirmedAct::Extension(extended));
                Ok(())
            }
            None => self.extended(step, place, extended),
        }
    }

    /// Lengthens a term, as its approver has signed.
    pub(super) fn extended(&mut self, step: &Step, place: &ActiveStep, extended: TermExtension) -> ActResult {
        not_paused(place)?;
        let changed = self.refuse_past_end(step, place, &extended)?;
        let TermExtension { on: _, by, reason, approver, document, begins_anew: _ } = extended;
        let event = HistoryEvent::Extended { by, reason, approver, document, from: place.due };
        self.record_history(Some(&place.step), event);
        self.set_terms(step, changed)
    }

    /// Returns a place with its term lengthened, whose new last day must not lie behind.
    fn refuse_past_end(
        &self,
        step: &Step,
        place: &ActiveStep,
        extended: &TermExtension,
    ) -> ActResult<ActiveStep> {
        let mut changed = place.clone();
        changed.changes.extensions.push(extended.clone());
        if let (true, Some(by)) = (extended.begins_anew, &extended.by) {
            let timing = timing::timing(self.policy, step, &self.out.next.cover, &changed)?;
            if let Some(until) = timing.due.filter(|until| *until < self.today) {
                let refusal = Refusal::new(RefusalCode::ExtendedIntoPast).with("length", by);
                return Err(refusal
                    .with("step", &step.title)
                    .with("until", until.to_string())
                    .with("today", self.today.to_string()));
            }
        }
        Ok(changed)
    }

    /// 中止计时: the day is not counted, nor those until it is resumed.
    fn pause(&mut self, at: ActAt<'_>, paused: OpenPause) -> ActResult {
        let ActAt { by, step, place, duty } = at;
        self.may_hand_over(by, step, duty)?;
        refuse_holder(duty, &paused.approver)?;
        self.may_approve(&paused.approver, by, None)?;
        not_paused(place)?;
        if step.clock.is_none() && place.due.is_none() {
            return Err(Refusal::new(RefusalCode::NoTerm).with("step", &step.title));
        }
        if paused.document.trim().is_empty() || paused.reason.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonNeeded));
        }
        // The clock's own list of reasons and documents is asked as if the pause ended at once.
        let mut tried = place.clone();
        tried.changes.pauses.push(paused.until(paused.from));
        timing::timing(self.policy, step, &self.out.next.cover, &tried)?;
        let at_visit = StepVisit { step, visit: place.visit };
        match self.confirmers(at_visit, || vec![paused.approver.clone()]) {
            Some(chosen) => {
                self.ask_to_confirm(at_visit, chosen, by, &ConfirmedAct::Pause(paused));
                Ok(())
            }
            None => self.paused(step, place, paused),
        }
    }

    /// Interrupts a term, as its approver has signed.
    pub(super) fn paused(&mut self, step: &Step, place: &ActiveStep, paused: OpenPause) -> ActResult {
        not_paused(place)?;
        let mut changed = place.clone();
        changed.changes.paused = Some(paused.clone());
        let OpenPause { from: _, reason, document, approver } = paused;
        self.record_history(Some(&place.step), HistoryEvent::Paused { reason, document, approver });
        self.set_terms(step, changed)
    }

    /// 恢复计时: this day counts again.
    fn resume(&mut self, at: ActAt<'_>) -> ActResult {
        let ActAt { by, step, place, duty } = at;
        self.may_hand_over(by, step, duty)?;
        self.resumed(step, place).map(|_| ())
    }

    /// Lets the term of a place run again; returns its new last day.
    pub(super) fn resumed(&mut self, step: &Step, place: &ActiveStep) -> ActResult<Option<Day>> {
        let mut changed = place.clone();
        let Some(paused) = changed.changes.paused.take() else {
            return Err(Refusal::new(RefusalCode::NotPaused).with("step", &step.title));
        };
        changed.changes.pauses.push(paused.until(self.today));
        self.set_terms(step, changed)?;
        let due = self.places().iter().find(|known| known.step == place.step).and_then(|place| place.due);
        self.record_history(Some(&place.step), HistoryEvent::Resumed { from: paused.from, due });
        Ok(due)
    }

    /// 放弃等待: the party's writing ends the wait; the step's own term begins today.
    fn waive(&mut self, at: ActAt<'_>, document: &str) -> ActResult {
        let ActAt { by, step, place, .. } = at;
        let StepStatus::Waiting { duty, .. } = &place.standing else {
            return Err(Refusal::new(RefusalCode::NoWait).with("step", &step.title));
        };
        self.may_claim(by, step, duty)?;
        if document.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonNeeded));
        }
        let mut changed = place.clone();
        changed.changes.waived = Some(WaitWaiver { on: self.today, document: document.to_owned() });
        changed.standing = StepStatus::Duty(duty.clone());
        self.record_history(Some(&place.step), HistoryEvent::Waived { document: document.to_owned() });
        self.set_terms(step, changed)
    }

    fn cancel(&mut self, act: &Act, reason: &str) -> ActResult {
        self.may_cancel(&act.by)?;
        if reason.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonNeeded));
        }
        self.cancelled(reason);
        Ok(())
    }

    /// Ends the order before its end; who had it in hand is told.
    pub(super) fn cancelled(&mut self, reason: &str) {
        for place in self.places().to_vec() {
            let Ok((_, step)) = self.step_named(&place.step) else { continue };
            if place.duty().is_some() {
                let text = MessageText::new("cancelled", step, None, json!({"reason": reason}));
                self.post(self.holders(step, Some(&place)), &text);
            }
        }
        self.record_history(None, HistoryEvent::Cancelled { reason: reason.to_owned() });
        self.end(OrderState::Cancelled { at: self.now, reason: reason.to_owned() });
    }

    /// Puts a place where it is with its terms as they come out now; levels that have fired stay fired, and of those
    /// that begin anew by an extended end none is told that is past already.
    pub(super) fn set_terms(&mut self, step: &Step, mut place: ActiveStep) -> ActResult {
        self.leave(&place.step);
        let timing = timing::timing(self.policy, step, &self.out.next.cover, &place)?;
        place.due = timing.due;
        let (now, is_anew) = (self.now, place.changes.anew() > 0);
        let is_past = |row: &TermRow| is_anew && row.kind == TermKind::Overdue && row.fires_at <= now;
        self.out.terms.extend(timing.rows.into_iter().filter(|row| !is_past(row)));
        self.push(place);
        Ok(())
    }

    fn change_duty(&mut self, place: &ActiveStep, change: impl FnOnce(&mut Duty)) {
        if let Some(duty) = self.place_mut(&place.step).and_then(ActiveStep::duty_mut) {
            change(duty);
        }
    }

    /// The role that grants an extension: the clock's own; a step's own term is lengthened by a chief.
    pub(super) fn extension_role(&self, step: &Step, extended: &TermExtension) -> Option<&str> {
        if extended.by.is_some() {
            return None;
        }
        let rule = self.policy.clocks.iter().find(|rule| Some(&rule.id) == step.clock.as_ref())?;
        rule.extend.as_ref()?.role.as_deref()
    }
}

/// Whether an act changes the term alone, and so may meet a step that waits for orders.
const fn is_about_the_term(doing: &Doing) -> bool {
    matches!(doing, Doing::Extend { .. } | Doing::Pause { .. } | Doing::Resume)
}

/// Refuses to let whoever has a duty in hand approve what is asked for it, by whatever right.
pub(super) fn refuse_holder(duty: &Duty, officer: &str) -> ActResult {
    if has(duty, officer) {
        return Err(Refusal::new(RefusalCode::SelfApproved).with("officer", officer));
    }
    Ok(())
}

/// Returns whether somebody has a duty in hand.
fn has(duty: &Duty, officer: &str) -> bool {
    duty.assignees.iter().any(|known| known == officer)
        || duty.claimed_by.as_deref() == Some(officer)
        || duty.delegates.iter().any(|delegate| delegate.to == officer)
}
