//! Who may do what on an order: asked at every claim, hand-over and completion.

use super::history::StandIn;
use super::order::{Duty, Order};
use super::work::StepWork;
use super::{ActResult, DecisionContext, Refusal, RefusalCode};
use crate::lang;
use crate::people::{self, Capacity, DutyRequest, ExcludedOfficer, StaffRequest};
use crate::policy::{Head, Role, RoleIx, Step, StepKind, Who, WhoBy};
use crate::time::Stamp;

/// With whom somebody completes a duty, and in whose place.
pub(super) struct CompletionRight {
    /// The others who took part.
    pub(super) together: Vec<String>,
    /// Whose duty it is, where another stands in for them.
    pub(super) in_place: Option<StandIn>,
}

impl StepWork<'_> {
    /// Refuses whoever the bureau does not know; where people are not kept, everybody is let in.
    pub(super) fn known(&self, officer: &str) -> ActResult {
        let roster = self.ground.roster;
        if roster.is_kept() && !roster.officers.contains_key(officer) {
            return Err(Refusal::new(RefusalCode::NoSuchOfficer).with("officer", officer));
        }
        Ok(())
    }

    /// Lets whoever has a duty, or may take it, do what is theirs to do.
    pub(super) fn may_claim(&self, by: &str, step: &Step, duty: &Duty) -> ActResult {
        self.asked(by, step, duty, people::DutyAct::Claim).map(drop)
    }

    /// Lets the people of a duty complete it; returns who took part besides `by`, and in whose place `by` does.
    ///
    /// # Source
    /// Policy language, rule 15: separation is enforced at claim and at completion.
    pub(super) fn may_complete(&self, by: &str, step: &Step, duty: &Duty) -> ActResult<CompletionRight> {
        let together = together(duty, by, self.ground.roster, self.today);
        let capacity = self.asked(by, step, duty, people::DutyAct::Complete { together: &together })?;
        let in_place = match capacity {
            Capacity::Substitute { of } => Some(StandIn { of, document: None }),
            Capacity::Authority { of, document } => Some(StandIn { of, document: Some(document) }),
            Capacity::NotKept
            | Capacity::Holder
            | Capacity::Assignee
            | Capacity::Claimant
            | Capacity::Delegate
            | Capacity::Chief => None,
        };
        Ok(CompletionRight { together, in_place })
    }

    /// Lets somebody confirm as himself what was done in his name, too: whoever is there, is not kept apart and
    /// has the certificate that day.
    pub(super) fn may_confirm(&self, by: &str, who: &Who) -> ActResult {
        let avoid = self.avoided(who);
        Ok(people::may_confirm(self.on_today(), by, &self.wanted(who, &avoid))?)
    }

    /// Returns how many people a duty needs, where it repeats another as many as that.
    pub(super) fn officers_needed(&self, who: &Who) -> u32 {
        people::officers_needed(self.workflow, who)
    }

    /// Lets whoever answers for a duty, or their chief, hand it over, lengthen or interrupt it.
    pub(super) fn may_hand_over(&self, by: &str, step: &Step, duty: &Duty) -> ActResult {
        if !matches!(step.kind, StepKind::Duty { .. }) {
            return self.may_cancel(by);
        }
        if duty.assignees.is_empty() {
            return self.may_claim(by, step, duty);
        }
        self.asked(by, step, duty, people::DutyAct::HandOn).map(drop)
    }

    /// Refuses to give a duty to somebody who could not have been chosen for it.
    pub(super) fn may_hold(&self, to: &str, step: &Step) -> ActResult {
        self.known(to)?;
        let StepKind::Duty { who, .. } = &step.kind else { return Ok(()) };
        let avoid = self.avoided(who);
        let wanted = self.wanted(who, &avoid);
        Ok(people::may_take(self.on_today(), to, &wanted)?)
    }

    /// Refuses an approval by the one who asks for it, or by whoever does not hold the role it needs.
    pub(super) fn may_approve(&self, approver: &str, by: &str, role: Option<&str>) -> ActResult {
        if approver == by {
            return Err(Refusal::new(RefusalCode::SelfApproved).with("officer", approver));
        }
        self.known(approver)?;
        let Some(officer) = self.ground.roster.officers.get(approver) else { return Ok(()) };
        let subject = &self.out.next.cover.subject;
        if let Some(conflict) = self.ground.roster.conflict(approver, subject) {
            let document = conflict.document.clone();
            return Err(people::PeopleRefusal::Conflict { officer: approver.to_owned(), document }.into());
        }
        let may = match role {
            Some(role) => officer.holds(role, self.today),
            None => self.is_chief(approver),
        };
        if (may && officer.serves(self.today)) || self.decides_for(approver, role) {
            return Ok(());
        }
        let role = role.map_or_else(|| self.chief_roles(), str::to_owned);
        Err(Refusal::new(RefusalCode::NotAuthorised).with("officer", approver).with("role", role))
    }

    /// Whether somebody decides today what a role decides, or any head where none is named: in its holder's stead, too.
    fn decides_for(&self, approver: &str, role: Option<&str>) -> bool {
        let is_meant = |known: &Role| role.map_or(known.head.is_some(), |role| known.id == role);
        let roles = (0_u16..).map(RoleIx).zip(&self.policy.roles).filter(|(_, known)| is_meant(known));
        roles.into_iter().any(|(at, _)| {
            let who = Who { by: WhoBy::Role(at), officers: 1, certified: false, avoid: Vec::new() };
            let wanted = StaffRequest { approves: true, ..self.wanted(&who, &[]) };
            people::may_decide(self.on_today(), approver, &wanted, &[]).is_ok()
        })
    }

    /// Lets only a chief end an order before its end.
    pub(super) fn may_cancel(&self, by: &str) -> ActResult {
        if !self.ground.roster.is_kept() {
            return Ok(());
        }
        if let Some(role) = self.kept_for()
            && !self.ground.roster.officers.get(by).is_some_and(|officer| officer.holds(&role.id, self.today))
        {
            return Err(people::PeopleRefusal::InPerson { role: role.id.clone() }.into());
        }
        if self.is_chief(by) {
            return Ok(());
        }
        let role = self.chief_roles();
        Err(Refusal::new(RefusalCode::NotAuthorised).with("officer", by).with("role", role))
    }

    /// The principal's role, where the order stands at what he alone decides.
    fn kept_for(&self) -> Option<&Role> {
        let steps = self.places().iter().filter_map(|place| self.step_named(&place.step).ok());
        let mut roles = steps.filter_map(|(_, step)| match &step.kind {
            StepKind::Duty { who: Who { by: WhoBy::Role(role), .. }, .. } => self.policy.roles.get(role.ix()),
            _ => None,
        });
        roles.find(|role| role.head == Some(Head::Principal))
    }

    pub(super) fn is_chief(&self, id: &str) -> bool {
        let Some(officer) = self.ground.roster.officers.get(id) else { return false };
        let station = &self.out.next.cover.station;
        self.policy.roles.iter().any(|role| {
            role.head.is_some() && officer.holds(&role.id, self.today) && officer.reaches(role, station)
        })
    }

    fn chief_roles(&self) -> String {
        let heads = self.policy.roles.iter().filter(|role| role.head.is_some());
        lang::list(heads.map(|role| &role.id))
    }

    fn asked(&self, by: &str, step: &Step, duty: &Duty, act: people::DutyAct<'_>) -> ActResult<Capacity> {
        let StepKind::Duty { who, .. } = &step.kind else { return Ok(Capacity::NotKept) };
        let avoid = self.avoided(who);
        let delegates: Vec<String> = duty.delegates.iter().map(|delegate| delegate.to.clone()).collect();
        let wanted = DutyRequest {
            duty: self.wanted(who, &avoid),
            assignees: &duty.assignees,
            claimed_by: duty.claimed_by.as_deref(),
            delegates: &delegates,
            act,
        };
        let answer = people::may_act(self.on_today(), by, &wanted);
        if !self.ground.roster.is_kept() && avoid.iter().any(|avoided| avoided.officer == by) {
            return Err(Refusal::new(RefusalCode::NotYours).with("officer", by));
        }
        answer.map_err(Refusal::from)
    }

    /// Whether the duty is that of a step that signs something off.
    fn approves(&self, duty: &Who) -> bool {
        let is_its =
            |step: &&Step| matches!(&step.kind, StepKind::Duty { who, .. } if std::ptr::eq(who, duty));
        self.workflow.steps.iter().find(is_its).is_some_and(|step| step.kind.approves())
    }

    pub(super) fn wanted<'w>(&'w self, who: &'w Who, avoid: &'w [ExcludedOfficer]) -> StaffRequest<'w> {
        let cover = &self.out.next.cover;
        let same_as = if let WhoBy::SameAs(other) = &who.by { self.done_by(*other) } else { &[] };
        StaffRequest {
            workflow: self.workflow,
            who,
            approves: self.approves(who),
            station: &cover.station,
            grid: cover.grid.as_deref(),
            subject: &cover.subject,
            same_as,
            avoid,
        }
    }
}

/// Decides whether the first duty of an order that is in hand could be given to somebody now.
///
/// # Refusals
/// R110; those of [`people::may_take`]; R016 where nobody has a duty.
pub fn may_be_given(ground: &DecisionContext<'_>, order: &Order, to: &str, now: Stamp) -> ActResult {
    let work = StepWork::new(ground, order, now)?;
    let Some(place) = order.state.places().iter().find(|place| place.duty().is_some()) else {
        return Err(Refusal::new(RefusalCode::NotADuty).with("step", &order.cover.workflow));
    };
    let (_, step) = work.step_named(&place.step)?;
    work.may_hold(to, step)
}

/// Who took part in a completion besides the one who acts: the others who answer for the duty,
/// less the one this person stands for.
fn together(duty: &Duty, by: &str, roster: &people::Roster, today: crate::time::Day) -> Vec<String> {
    let mut others: Vec<String> = duty.assignees.iter().filter(|officer| *officer != by).cloned().collect();
    if duty.assignees.iter().any(|officer| officer == by) {
        return others;
    }
    let stood_for = duty.delegates.iter().find(|delegate| delegate.to == by).map(|delegate| &delegate.from);
    let on_leave = |officer: &&String| {
        let leave = roster.officers.get(*officer).and_then(|officer| officer.leave(today));
        leave.is_some_and(|leave| leave.substitute.as_deref() == Some(by))
    };
    let stood_for = stood_for.or_else(|| duty.assignees.iter().find(on_leave)).or(duty.assignees.first());
    if let Some(stood_for) = stood_for.cloned() {
        others.retain(|officer| *officer != stood_for);
    }
    others
}

/// Refuses to give a duty to the one who has it and hands it on, or to one person twice; a chief may take over what
/// others have.
pub(super) fn may_take_over(by: &str, to: &[String], duty: &Duty) -> ActResult {
    if to == [by] && duty.assignees.iter().any(|officer| officer == by) {
        return Err(people::PeopleRefusal::Oneself { officer: by.to_owned() }.into());
    }
    let repeated = to.iter().enumerate().find(|(at, officer)| to[..*at].contains(officer));
    if let Some((_, officer)) = repeated {
        return Err(people::PeopleRefusal::SamePerson { officer: officer.clone() }.into());
    }
    Ok(())
}
