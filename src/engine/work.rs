//! One decision in the making: the order as it becomes, and all that it brings about.

use super::history::{HistoryEntry, HistoryEvent};
use super::order::{ActiveStep, Order, OrderState, Parent, StepCompletion, StepRecord};
use super::outcome::Outcome;
use super::{ActResult, DecisionContext, Refusal, RefusalCode};
use crate::people::RosterOnDay;
use crate::policy::{Policy, Step, StepIx, Workflow, WorkflowIx};
use crate::time::{Day, Stamp};

pub(super) struct StepWork<'a> {
    pub(super) ground: &'a DecisionContext<'a>,
    pub(super) policy: &'a Policy,
    pub(super) at: WorkflowIx,
    pub(super) workflow: &'a Workflow,
    pub(super) now: Stamp,
    pub(super) today: Day,
    /// Steps that are `parallel` and have not begun all their parts.
    pub(super) beginning: Vec<String>,
    /// What is sent back here, once somebody does it.
    pub(super) sent_back: Option<ReturnedWork>,
    pub(super) out: Outcome,
}

/// That work was sent back.
pub(super) struct ReturnedWork {
    pub(super) by: String,
    pub(super) reason: Option<String>,
    /// The step it goes back to, once the rules have said which.
    pub(super) to: Option<String>,
}

impl ReturnedWork {
    pub(super) fn new(by: &str, reason: Option<&str>) -> Self {
        let reason = reason.filter(|reason| !reason.trim().is_empty()).map(str::to_owned);
        Self { by: by.to_owned(), reason, to: None }
    }
}

/// One visit of a step.
#[derive(Clone, Copy)]
pub(super) struct StepVisit<'a> {
    pub(super) step: &'a Step,
    pub(super) visit: u32,
}

impl<'a> StepWork<'a> {
    pub(super) fn new(ground: &'a DecisionContext<'a>, order: &Order, now: Stamp) -> ActResult<Self> {
        let policy = ground.policy;
        let at = policy.workflows.iter().position(|known| known.id == order.cover.workflow);
        let Some(at) = at.and_then(|at| u16::try_from(at).ok()).map(WorkflowIx) else {
            return Err(Refusal::new(RefusalCode::NoSuchWorkflow).with("workflow", &order.cover.workflow));
        };
        let out = Outcome {
            next: order.clone(),
            left: Vec::new(),
            terms: Vec::new(),
            effects: Vec::new(),
            outbox: Vec::new(),
            choices: Vec::new(),
            history: Vec::new(),
            completion: None,
        };
        let today = now.day_in(policy.bureau.zone);
        Ok(Self {
            ground,
            policy,
            at,
            workflow: &policy.workflows[at.ix()],
            now,
            today,
            beginning: Vec::new(),
            sent_back: None,
            out,
        })
    }

    /// Opens the order: its window begins, and it enters the first step.
    pub(super) fn open(&mut self, parent: Option<&Parent>) -> ActResult {
        let depth = parent.map_or(0, |parent| parent.depth);
        if depth > crate::limits::SUB_ORDER_DEPTH {
            let refusal = Refusal::new(RefusalCode::TooDeep).with("workflow", &self.workflow.id);
            return Err(refusal.with("limit", crate::limits::SUB_ORDER_DEPTH.to_string()));
        }
        self.out.next.record.parent = parent.cloned();
        self.out.next.state = OrderState::Open(Vec::new());
        let window = super::timing::window(self.policy, &self.step(StepIx(0)).id, &self.out.next.cover);
        self.out.terms.push(window);
        self.enter(StepIx(0), None, None)
    }

    /// Who there is today.
    pub(super) fn on_today(&self) -> RosterOnDay<'a> {
        RosterOnDay { policy: self.policy, roster: self.ground.roster, today: self.today }
    }

    pub(super) fn step(&self, at: StepIx) -> &'a Step {
        &self.workflow.steps[at.ix()]
    }

    /// Who did a step last.
    pub(super) fn done_by(&self, at: StepIx) -> &[String] {
        let passed = self.out.next.passed(&self.step(at).id);
        passed.map(|passed| passed.done_by.as_slice()).unwrap_or_default()
    }

    pub(super) fn step_named(&self, id: &str) -> ActResult<(StepIx, &'a Step)> {
        let found = (0_u16..).map(StepIx).zip(&self.workflow.steps).find(|(_, step)| step.id == id);
        found.ok_or_else(|| Refusal::new(RefusalCode::NotThere).with("step", id))
    }

    pub(super) fn record(&mut self, step: &str) -> &mut StepRecord {
        self.out.next.record.steps.entry(step.to_owned()).or_default()
    }

    pub(super) fn places(&self) -> &[ActiveStep] {
        self.out.next.state.places()
    }

    pub(super) fn places_mut(&mut self) -> Option<&mut Vec<ActiveStep>> {
        match &mut self.out.next.state {
            OrderState::Open(places) => Some(places),
            OrderState::NotYet | OrderState::Done { .. } | OrderState::Cancelled { .. } => None,
        }
    }

    /// Returns a place to be changed.
    pub(super) fn place_mut(&mut self, step: &str) -> Option<&mut ActiveStep> {
        self.places_mut()?.iter_mut().find(|place| place.step == step)
    }

    pub(super) fn push(&mut self, place: ActiveStep) {
        if let Some(places) = self.places_mut() {
            places.push(place);
        }
    }

    /// Takes a place away; what of its terms has not fired is taken back.
    pub(super) fn leave(&mut self, step: &str) -> Option<ActiveStep> {
        let places = self.places_mut()?;
        let at = places.iter().position(|place| place.step == step)?;
        let place = places.remove(at);
        self.out.left.push((place.step.clone(), place.visit));
        Some(place)
    }

    /// Leaves every place.
    pub(super) fn leave_all(&mut self) {
        let steps: Vec<String> = self.places().iter().map(|place| place.step.clone()).collect();
        for step in steps {
            self.leave(&step);
        }
    }

    pub(super) fn passed(&mut self, step: &str, passed: StepCompletion) {
        self.record(step).last = Some(passed);
    }

    /// Ends the order.
    pub(super) fn end(&mut self, state: OrderState) {
        self.leave_all();
        self.out.next.record.back = None;
        self.out.next.state = state;
    }

    /// Adds a line to the history; `step` is the one it is about.
    pub(super) fn record_history(&mut self, step: Option<&str>, event: HistoryEvent) {
        self.out.history.push(HistoryEntry { event, step: step.map(str::to_owned) });
    }
}

/// Refuses while the term is interrupted.
pub(super) fn not_paused(place: &ActiveStep) -> ActResult {
    let refused = |from: Day| Err(Refusal::new(RefusalCode::Paused).with("from", from.to_string()));
    place.changes.paused.as_ref().map_or(Ok(()), |paused| refused(paused.from))
}
