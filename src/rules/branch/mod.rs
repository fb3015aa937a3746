//! Where an order goes next, and what a form must hold: expressions asked of one record.
//!
//! Facts come first, those that the rows of the step need and no others, in dependency order;
//! then the rows from top to bottom. Each expression sees only the names it reads, and cannot
//! change them for the next one. A fault in any of them is the answer: it never falls through.

mod gather;
mod plan;
mod shape;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::{Dynamic, Scope};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::diag::{Code, codes};
use crate::policy::{ExprIx, Form, Policy, StepIx, TierIx, WorkflowIx};
use crate::register::Subject;
use crate::time::{Day, Stamp};

use super::entry::EntryPoint;
use super::walk::{ENDED, NameUse, Root};
use super::{RuleFault, Rules, fault, host};
use gather::GivenValues;
pub(super) use plan::Expressions;

/// What the expressions of one order may read.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// `order` and its fields.
    pub order: OrderFacts<'a>,
    /// What is recorded of each step, by id; a step that is not there was never done.
    pub steps: &'a BTreeMap<String, StepRecord>,
    /// What the order sees of the one that opened it.
    pub parent: Option<&'a ParentRecord>,
    /// The subject; needed only where [`Rules::reads_subject`] says so.
    pub subject: Option<&'a Subject>,
    /// The tier frozen on the order.
    pub tier: Option<TierIx>,
    /// Id of the order's station.
    pub station: &'a str,
    /// What the officer chose in the step being completed.
    pub action: Option<&'a str>,
    /// The local day of asking.
    pub today: Day,
}

/// `order` in an expression.
#[derive(Clone, Copy, Debug)]
pub struct OrderFacts<'a> {
    /// `order.id`.
    pub id: &'a str,
    /// `order.number`.
    pub number: &'a str,
    /// `order.opened_on`.
    pub opened_on: Day,
    /// `order.window.from`.
    pub window_from: Day,
    /// `order.window.to`.
    pub window_to: Day,
}

/// What an order sees of the one that opened it, as it stood then.
///
/// # Source
/// Policy language, rule 28.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParentRecord {
    /// Id of its workflow.
    pub workflow: String,
    /// What was recorded of those of its steps that the order's own text names.
    pub steps: BTreeMap<String, StepRecord>,
}

/// What is recorded of one step of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    /// How often the step was entered.
    pub visits: u32,
    /// Its newest completion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<StepCompletion>,
    /// Whether an order that its newest visit waited for was cancelled, where rows ask how it ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_cancelled: bool,
}

/// One completion of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCompletion {
    /// The people who did it; empty when the engine did.
    pub done_by: Vec<String>,
    pub at: Stamp,
    /// The action chosen, where the step offers some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The form as filled, canonical.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Arc<Value>>,
}

/// Which row of a step holds, and from what that follows.
#[derive(Clone, Debug, PartialEq)]
pub struct BranchChoice {
    /// Position in the step's `next`, whose span says file and line.
    pub row: usize,
    /// The facts that were needed, in the order they were computed.
    pub facts: Vec<(String, Value)>,
    /// What facts and rows were given to read, as an object of the names they use.
    pub inputs: Value,
}

/// Runs what asks many questions on the threads that answer them.
///
/// Each question asked from elsewhere waits for one of these threads, whose stacks hold the
/// deepest lawful expression; inside `run` none does.
pub fn together<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    host::threads().install(run)
}

/// Runs what asks again what was answered before, however long that takes: a machine that is busier
/// today gives no other answer.
pub fn again<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    host::threads().install(|| host::unhurried(run))
}

impl Rules {
    /// Says whether a workflow asks how the orders that a step waits for ended.
    pub fn asks_how_ended(&self, workflow: WorkflowIx, step: StepIx) -> bool {
        self.compiled.expressions.reads(workflow, step, ENDED)
    }

    /// Returns the steps of the parent that the rows of a workflow read; none where they read it as a whole.
    pub fn reads_of_parent(&self, workflow: WorkflowIx) -> Option<BTreeSet<String>> {
        self.compiled.expressions.read_of_parent(workflow)
    }

    /// Returns which row of a step holds: facts first, then the rows; the first that is true.
    ///
    /// The rows up to the first without a condition count. A step without rows answers row 0.
    ///
    /// # Errors
    /// Whatever fails in a fact that a row needs, or in a row before one is true.
    ///
    /// # Source
    /// Policy language rules 11–14.
    pub fn branch(
        &self,
        policy: &Policy,
        workflow: WorkflowIx,
        step: StepIx,
        inputs: &Inputs<'_>,
    ) -> Result<BranchChoice, RuleFault> {
        let Some(plan) = self.compiled.expressions.plan(workflow, step) else {
            return Ok(BranchChoice {
                row: 0,
                facts: Vec::new(),
                inputs: Value::Object(serde_json::Map::new()),
            });
        };
        let ask = || {
            let given = gather::order(self, policy, plan, inputs);
            let mut ask = OrderEvaluator::new(self, given);
            let mut facts = Vec::with_capacity(plan.facts.len());
            for (at, ix) in &plan.facts {
                let (value, written) = ask.fact(self.compiled.expressions.get(policy, *ix)?)?;
                let name = &policy.workflows[workflow.ix()].facts[*at].0;
                facts.push((name.clone(), written));
                ask.given.values.push((Root::Fact(*at), value));
            }
            for (row, when) in plan.rows.iter().enumerate() {
                let holds = match when {
                    None => true,
                    Some(ix) => ask.condition(self.compiled.expressions.get(policy, *ix)?)?,
                };
                if holds {
                    return Ok(BranchChoice { row, facts, inputs: ask.given.record() });
                }
            }
            let step = &policy.workflows[workflow.ix()].steps[step.ix()];
            Err(RuleFault::new(codes::RULE_FAILED, step.span, vec![("what", step.id.clone())]))
        };
        host::threads().install(|| match ask() {
            // A machine may have stood still; a rule that takes too long does so again.
            Err(fault) if fault.is_stop() => ask(),
            answer => answer,
        })
    }

    /// Returns whether a form's field must be filled, given the answer so far.
    ///
    /// # Errors
    /// Whatever fails in the condition, or a field it reads that is not as the form declares it.
    pub fn required(
        &self,
        policy: &Policy,
        form: &Form,
        expr: ExprIx,
        answer: &Value,
    ) -> Result<bool, RuleFault> {
        let expression = self.compiled.expressions.get(policy, expr)?;
        host::threads().install(|| {
            let given = gather::form(policy, form, &expression.reads, answer);
            for (_, value) in &given.values {
                if let Some(refused) = host::UnfitValue::of(value) {
                    return Err(RuleFault::new(refused.code, expression.unit.span, refused.args));
                }
            }
            OrderEvaluator::new(self, given).condition(expression)
        })
    }

    /// Returns whether the rows of a step read the subject beyond what an order holds.
    pub fn reads_subject(&self, workflow: WorkflowIx, step: StepIx) -> bool {
        let plan = self.compiled.expressions.plan(workflow, step);
        plan.is_some_and(|plan| plan.reads.iter().any(|read| read.root == Root::Subject))
    }
}

/// One record being asked about.
struct OrderEvaluator<'a> {
    rules: &'a Rules,
    given: GivenValues,
    scope: Scope<'static>,
}

impl<'a> OrderEvaluator<'a> {
    fn new(rules: &'a Rules, given: GivenValues) -> Self {
        host::count_anew();
        Self { rules, given, scope: Scope::new() }
    }

    fn fact(&mut self, expression: &EntryPoint) -> Result<(Dynamic, Value), RuleFault> {
        let value = self.value(expression)?;
        let written = host::written(&value).map_err(|code| wrong(expression, code, &value, "fact"))?;
        Ok((value, written))
    }

    fn condition(&mut self, expression: &EntryPoint) -> Result<bool, RuleFault> {
        let value = self.value(expression)?;
        let missing = if value.is_unit() { codes::RULE_MISSING } else { codes::RULE_ANSWER_TYPE };
        value.as_bool().map_err(|_| wrong(expression, missing, &value, "flag"))
    }

    fn value(&mut self, expression: &EntryPoint) -> Result<Dynamic, RuleFault> {
        self.scope.clear();
        for read in &expression.reads {
            self.scope.push_dynamic(read.name.as_str(), self.given.value(read));
        }
        let (engine, scope) = (&self.rules.compiled.engine, &mut self.scope);
        let value = host::guarded_on(|| engine.eval_ast_with_scope::<Dynamic>(scope, &expression.ast));
        value.map_err(|error| fault::of(&expression.unit, expression.place(), error))
    }
}

impl GivenValues {
    fn value(&self, read: &NameUse) -> Dynamic {
        let found = self.values.iter().find(|(root, _)| *root == read.root);
        found.map_or(Dynamic::UNIT, |(_, value)| value.clone())
    }
}

fn wrong(expression: &EntryPoint, code: Code, value: &Dynamic, wanted: &str) -> RuleFault {
    let args = vec![("found", host::shown(value)), ("wanted", wanted.to_owned())];
    RuleFault::new(code, expression.place(), args)
}
