//! Completing a duty, and where the order goes from there.

use std::sync::Arc;

use serde_json::{Value, json};

use super::authority::CompletionRight;
use super::event::{Act, OrderEnd};
use super::history::{HistoryEntry, HistoryEvent};
use super::order::{ActiveStep, ConfirmedAct, Order, StepCompletion, StepStatus};
use super::outcome::{Effect, Outcome};
use super::tell::MessageText;
use super::work::{ReturnedWork, StepVisit, StepWork, not_paused};
use super::{ActResult, Refusal, RefusalCode};
use crate::forms;
use crate::lang;
use crate::policy::{
    Action, ActionEffect, DocumentAt, FieldKind, Form, InspectionRule, Policy, RowSource, Semantics, Step,
    StepIx, StepKind,
};
use crate::rules::{BranchChoice, Inputs, OrderFacts, RuleFault};
use crate::time::{Day, Stamp};

/// What is handed in with a completion.
pub(super) struct CompletionInput<'a> {
    pub(super) action: Option<&'a str>,
    pub(super) answer: Option<&'a Arc<Value>>,
    /// References of files attached to the order.
    pub(super) attached: &'a [String],
}

impl StepWork<'_> {
    /// Completes a duty.
    ///
    /// # Refusals
    /// The wait is not over, somebody else has it, the action or the form is missing or wrong, a
    /// signature is missing, the term is interrupted.
    ///
    /// # Source
    /// Policy language, rules 11, 15 and 18.
    pub(super) fn complete(&mut self, act: &Act, place: ActiveStep, done: &CompletionInput<'_>) -> ActResult {
        let (at, step) = self.step_named(&place.step)?;
        let duty = self.duty_in_hand(&place)?;
        let CompletionRight { together, in_place } = self.may_complete(&act.by, step, &duty)?;
        not_paused(&place)?;
        if let Some(signer) = duty.signers.iter().find(|signer| signer.signed_at.is_none()) {
            return Err(Refusal::new(RefusalCode::Unsigned).with("officer", &signer.officer));
        }
        let StepKind::Duty { who, form, .. } = &step.kind else {
            return Err(Refusal::new(RefusalCode::NotADuty).with("step", &step.title));
        };
        let action = chosen_action(step, done.action)?;
        if action.is_some_and(|action| action.effect == ActionEffect::Approves) {
            self.refuse_unconfirmed()?;
        }
        let answer = self.answered(step, form.as_deref(), done)?;
        let effect = action.map_or(ActionEffect::Approves, |action| action.effect);
        self.out.completion = Some(effect);
        if effect == ActionEffect::Returns {
            self.sent_back.get_or_insert_with(|| ReturnedWork::new(&act.by, act.note.as_deref()));
        }
        let action = action.map(|action| action.id.clone());
        let at_visit = StepVisit { step, visit: place.visit };
        self.documents(at_visit, DocumentAt::Complete, action.as_deref());
        self.documents(at_visit, DocumentAt::Serve, action.as_deref());
        if let Some(rule) = &step.inspection {
            self.inspection(rule, answer.as_deref());
        }
        let seconds = self.seconds(at_visit, who, &together);
        let mut done_by = vec![act.by.clone()];
        done_by.extend(together);
        let (visit, action_of, people) = (place.visit, action.clone(), done_by.clone());
        let event = HistoryEvent::Completed { visit, action: action_of, done_by: people, in_place };
        self.record_history(Some(&step.id), event);
        self.passed(&step.id, StepCompletion { done_by, at: self.now, action: action.clone(), answer });
        if let Some(seconds) = seconds {
            self.ask_to_confirm(at_visit, seconds, &act.by, &ConfirmedAct::Completion);
        }
        self.leave(&step.id);
        let may_be_recalled = step.inspection.is_none() && !step.ends;
        let before = place.clone();
        self.go_on(at, place, action.as_deref())?;
        self.out.next.record.back = (may_be_recalled && self.is_recallable()).then(|| Box::new(before));
        Ok(())
    }

    /// A completion may be recalled while the order is at one duty and nothing else began.
    fn is_recallable(&self) -> bool {
        let started = self.out.effects.iter().any(|effect| matches!(effect, Effect::Open(_)));
        let at_duty = matches!(
            self.places(),
            [ActiveStep { standing: StepStatus::Duty(_) | StepStatus::Waiting { .. }, .. }]
        );
        !started && at_duty
    }

    /// Checks an answer against the step's form; every flaw is told at once.
    fn answered(
        &self,
        step: &Step,
        form: Option<&str>,
        done: &CompletionInput<'_>,
    ) -> ActResult<Option<Arc<Value>>> {
        let Some(form) = form.and_then(|id| self.policy.form(&self.workflow.id, id)) else {
            return match done.answer {
                Some(_) => Err(Refusal::new(RefusalCode::NoForm).with("step", &step.title)),
                None => Ok(None),
            };
        };
        let Some(answer) = done.answer else {
            let wanted = form.fields.iter().filter(|field| field.required || field.kind == FieldKind::Items);
            let fields = lang::list(wanted.map(|field| &field.title));
            return Err(Refusal::new(RefusalCode::FormNeeded)
                .with("step", &step.title)
                .with("form", &form.title)
                .with("fields", fields));
        };
        let tier = self.out.next.cover.tier.as_deref().and_then(|id| self.policy.tier(id));
        let (of_tier, added) =
            tier.map_or((&[][..], &[][..]), |(_, tier)| (tier.items.as_slice(), tier.added.as_slice()));
        let rule = step.inspection.as_ref().filter(|_| self.policy.semantics >= Semantics::Second);
        let asked = forms::FormSpec {
            form,
            items: &forms::items_of(form, of_tier, added),
            answers: &self.policy.answers,
            problems: rule.map(|rule| problem_table(self.policy, rule)),
            rows_of: &|source| self.rows_of(source),
            zone: self.policy.bureau.zone,
            language: self.policy.bureau.language,
            attached: &|file| done.attached.iter().any(|known| known == file),
        };
        let required = |expr, answer: &Value| self.ground.rules.required(self.policy, form, expr, answer);
        match forms::check(&asked, answer, &required) {
            Ok(canonical) => Ok(Some(Arc::new(canonical))),
            Err(forms::Unfit::Flaws(flaws)) => {
                let parts = flaws.into_iter().map(Refusal::from);
                Err(Refusal::new(RefusalCode::FormFlawed).with("form", &form.title).because(parts))
            }
            Err(forms::Unfit::Rule { field, cause }) => Err(Refusal::new(RefusalCode::FormRule)
                .with("form", &form.title)
                .with("field", field)
                .with("cause", self.cause(&cause))),
        }
    }

    /// The rows of a table, as it was filled last.
    fn rows_of(&self, source: &RowSource) -> &[Value] {
        let passed = self.out.next.passed(&source.step).and_then(|passed| passed.answer.as_deref());
        let rows = passed.and_then(|answer| answer.get(&source.field)?.as_array());
        rows.map(Vec::as_slice).unwrap_or_default()
    }

    /// The visit was an inspection: on the day of arrival, with the problems of the form.
    fn inspection(&mut self, rule: &InspectionRule, answer: Option<&Value>) {
        let said = |field: &str| answer.and_then(|answer| answer.get(field));
        let arrived = said(&rule.arrived).and_then(Value::as_str);
        let on = arrived.and_then(|text| text.get(..10)?.parse::<Day>().ok()).unwrap_or(self.today);
        let rows = said(&rule.problems).and_then(Value::as_array);
        let counted = |level: &String| {
            let is_meant = |row: &&Value| row.get(&rule.level).and_then(Value::as_str) == Some(level);
            let found = rows.into_iter().flatten().filter(is_meant).count();
            (level.clone(), i64::try_from(found).unwrap_or(i64::MAX))
        };
        let problems = self.policy.levels.iter().map(counted).collect();
        self.out.effects.push(Effect::Inspection { on, kind: rule.kind.clone(), problems });
    }

    /// Goes on from a step that is done: to the join, to the end, or where the rules say.
    ///
    /// # Source
    /// Policy language, rules 11 and 12: a condition that fails never falls through to the default.
    pub(super) fn go_on(&mut self, at: StepIx, place: ActiveStep, action: Option<&str>) -> ActResult {
        let step = self.step(at);
        if let Some(within) = &place.within
            && step.next.is_empty()
        {
            return self.join(within);
        }
        if step.ends || step.next.is_empty() {
            return self.finish(step, place);
        }
        match self.branch(at, action) {
            Ok(BranchChoice { row, facts, inputs }) => {
                let branch = &step.next[row];
                let (to, say) = (self.step(branch.go).id.clone(), branch.say.clone());
                let facts = facts.into_iter().collect();
                if self.out.completion == Some(ActionEffect::Returns) {
                    self.send_back(&to);
                }
                self.record_history(Some(&step.id), HistoryEvent::Went { row, facts, inputs, to, say });
                self.enter(branch.go, Some(&step.id), place.within.as_deref())
            }
            Err(cause) => {
                self.record_history(Some(&step.id), HistoryEvent::Stuck { cause: cause.clone() });
                let text = MessageText::new("incident", step, None, json!({"cause": cause}));
                self.post(self.chiefs(), &text);
                self.push(ActiveStep { standing: StepStatus::Stuck { cause }, due: None, ..place });
                Ok(())
            }
        }
    }

    /// A part of a `parallel` is done; the last one leads on, when all of them have begun.
    pub(super) fn join(&mut self, within: &str) -> ActResult {
        let is_open = |place: &ActiveStep| place.within.as_deref() == Some(within);
        if self.beginning.iter().any(|step| step == within) || self.places().iter().any(is_open) {
            return Ok(());
        }
        let (at, step) = self.step_named(within)?;
        let Some(place) = self.leave(within) else { return Ok(()) };
        self.record_history(Some(&step.id), HistoryEvent::Done { visit: place.visit });
        let passed = StepCompletion { done_by: Vec::new(), at: self.now, action: None, answer: None };
        self.passed(within, passed);
        self.go_on(at, place, None)
    }

    /// Asks the rules which row of `next` wins; returns it with what was read, or the cause of failure.
    fn branch(&self, at: StepIx, action: Option<&str>) -> Result<BranchChoice, String> {
        let order = &self.out.next;
        let id = order.cover.id.to_string();
        let inputs = Inputs {
            order: OrderFacts {
                id: &id,
                number: &order.cover.number,
                opened_on: order.cover.issued_at.day_in(self.policy.bureau.zone),
                window_from: order.cover.scheduled_for,
                window_to: order.cover.due_on,
            },
            steps: &order.record.steps,
            parent: order.record.parent.as_ref().and_then(|parent| parent.record.as_deref()),
            subject: self.ground.subject,
            tier: order.cover.tier.as_deref().and_then(|id| self.policy.tier(id)).map(|(tier, _)| tier),
            station: &order.cover.station,
            action,
            today: self.today,
        };
        self.ground.rules.branch(self.policy, self.at, at, &inputs).map_err(|fault| self.cause(&fault))
    }

    /// Names a failure of a rule by code and place, which groups the orders it holds up.
    fn cause(&self, fault: &RuleFault) -> String {
        let file = &self.policy.sources.file(fault.span.file).path;
        let line = self.policy.sources.start(fault.span).line;
        format!("{} {file}:{line}", fault.code.id)
    }

    /// An order that was waited for came to an end.
    pub(super) fn ended(&mut self, ended: &OrderEnd) -> ActResult {
        let Some(place) = self.place_mut(&ended.step).filter(|place| place.visit == ended.visit) else {
            return Ok(());
        };
        let StepStatus::Orders(awaited) = &mut place.standing else { return Ok(()) };
        if let Some(found) = awaited.iter().position(|workflow| *workflow == ended.workflow) {
            awaited.remove(found);
        }
        let is_last = awaited.is_empty();
        let (workflow, cancelled) = (ended.workflow.clone(), ended.is_cancelled);
        self.record_history(Some(&ended.step), HistoryEvent::SubOrderEnded { workflow, cancelled });
        let (at, step) = self.step_named(&ended.step)?;
        if ended.is_cancelled && self.ground.rules.asks_how_ended(self.at, at) {
            self.record(&step.id).is_cancelled = true;
        }
        if !is_last {
            return Ok(());
        }
        self.documents(StepVisit { step, visit: ended.visit }, DocumentAt::Complete, None);
        let passed = StepCompletion { done_by: Vec::new(), at: self.now, action: None, answer: None };
        self.passed(&step.id, passed);
        match self.leave(&step.id) {
            Some(place) => self.go_on(at, place, None),
            None => Ok(()),
        }
    }

    /// Decides again where a stuck order goes, after the rule was mended.
    pub(super) fn retry(&mut self) -> ActResult {
        let is_stuck = |place: &&ActiveStep| matches!(place.standing, StepStatus::Stuck { .. });
        let Some(place) = self.places().iter().find(is_stuck).cloned() else {
            return Err(Refusal::new(RefusalCode::NotStuck));
        };
        let (at, step) = self.step_named(&place.step)?;
        self.leave(&step.id);
        let action = self.out.next.passed(&step.id).and_then(|passed| passed.action.clone());
        self.record_history(Some(&step.id), HistoryEvent::Retried {});
        self.go_on(at, place, action.as_deref())?;
        if let Some(cause) = self.places().iter().find_map(|place| match &place.standing {
            StepStatus::Stuck { cause } if place.step == step.id => Some(cause.clone()),
            _ => None,
        }) {
            return Err(Refusal::new(RefusalCode::StillFails).with("cause", cause));
        }
        Ok(())
    }
}

fn chosen_action<'a>(step: &'a Step, action: Option<&str>) -> ActResult<Option<&'a Action>> {
    let actions = step.kind.actions();
    let known = || lang::list(actions.iter().map(|action| &action.id));
    match action.map(|id| (id, step.kind.action(id))) {
        None if actions.is_empty() => Ok(None),
        None => Err(Refusal::new(RefusalCode::ActionNeeded)
            .with("step", &step.title)
            .with("first", actions.first().map_or("", |action| &action.id))
            .with("known", known())),
        Some((_, Some(action))) => Ok(Some(action)),
        Some((action, None)) => Err(Refusal::new(RefusalCode::NoSuchAction)
            .with("step", &step.title)
            .with("action", action)
            .with("some", if actions.is_empty() { "no" } else { "yes" })
            .with("known", known())),
    }
}

/// Refuses a form that tells of a visit before its order was issued, or later than it is handed in, or that has
/// a bad answer and not its problem. A replay does not ask: what earlier builds took stands.
///
/// # Refusals
/// R143; R100 with R173.
pub(super) fn refuse_false_record(policy: &Policy, outcome: &Outcome, now: Stamp) -> ActResult {
    let Outcome { next: order, history, effects, .. } = outcome;
    if !effects.iter().any(|effect| matches!(effect, Effect::Inspection { .. })) {
        return Ok(());
    }
    let Some(workflow) = policy.workflow(&order.cover.workflow) else { return Ok(()) };
    let is_completed = |step: &&Step| {
        let of_step = |entry: &&HistoryEntry| entry.step.as_deref() == Some(&step.id);
        history.iter().filter(of_step).any(|entry| matches!(entry.event, HistoryEvent::Completed { .. }))
    };
    for step in workflow.steps.iter().filter(is_completed) {
        let (Some(rule), Some(passed)) = (&step.inspection, order.passed(&step.id)) else { continue };
        let StepKind::Duty { form: Some(form), .. } = &step.kind else { continue };
        let Some(form) = policy.form(&workflow.id, form) else { continue };
        let Some(answer) = passed.answer.as_deref() else { continue };
        let table = problem_table(policy, rule);
        let unwritten = forms::unwritten(form, &policy.answers, table, answer);
        if !unwritten.is_empty() {
            let parts = unwritten.into_iter().map(Refusal::from);
            return Err(Refusal::new(RefusalCode::FormFlawed).with("form", &form.title).because(parts));
        }
        refuse_false_arrival(policy, order, VisitForm { form, rule, answer }, now)?;
    }
    Ok(())
}

/// The same of what is handed in late for a step that is over, as it was typed.
///
/// # Refusals
/// R143.
pub fn refuse_late_visit(
    policy: &Policy,
    order: &Order,
    step: &str,
    answer: &Value,
    now: Stamp,
) -> ActResult {
    let workflow = policy.workflow(&order.cover.workflow);
    let step = workflow.and_then(|workflow| Some((workflow, workflow.step(step)?)));
    let Some((workflow, Step { inspection: Some(rule), kind: StepKind::Duty { form: Some(form), .. }, .. })) =
        step
    else {
        return Ok(());
    };
    let Some(form) = policy.form(&workflow.id, form) else { return Ok(()) };
    refuse_false_arrival(policy, order, VisitForm { form, rule, answer }, now)
}

/// What a form says of a visit.
#[derive(Clone, Copy)]
struct VisitForm<'a> {
    form: &'a Form,
    rule: &'a InspectionRule,
    answer: &'a Value,
}

fn refuse_false_arrival(policy: &Policy, order: &Order, told: VisitForm<'_>, now: Stamp) -> ActResult {
    let VisitForm { form, rule, answer } = told;
    let field = form.fields.iter().find(|field| field.id == rule.arrived);
    let title = field.map_or(&rule.arrived, |field| &field.title);
    let (issued, zone) = (order.cover.issued_at, policy.bureau.zone);
    let said = answer.get(&rule.arrived).or_else(|| answer.get(title));
    let arrived = said.and_then(|said| forms::moment(said, zone)).and_then(|text| text.parse::<Stamp>().ok());
    let Some(arrived) = arrived.filter(|arrived| *arrived < issued || *arrived > now) else { return Ok(()) };
    let wall = |at: Stamp| at.wall_in(zone);
    Err(Refusal::new(RefusalCode::FalseVisit)
        .with("field", title)
        .with("arrived", wall(arrived))
        .with("issued", wall(issued))
        .with("now", wall(now)))
}

/// Where a form of inspections has what was found.
fn problem_table<'p>(policy: &'p Policy, rule: &'p InspectionRule) -> forms::ProblemTable<'p> {
    forms::ProblemTable { field: &rule.problems, level: &rule.level, levels: &policy.levels }
}
