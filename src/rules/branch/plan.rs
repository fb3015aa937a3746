//! Every expression ready to be asked, and for each step what its rows need.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::codes;
use crate::policy::{ExprIx, Policy, StepIx, Workflow, WorkflowIx};
use crate::rules::RuleFault;
use crate::rules::entry::EntryPoint;
use crate::rules::walk::{NameUse, Root};

/// What the rows of one step need.
pub(super) struct StepPlan {
    pub(super) workflow: WorkflowIx,
    /// Facts by their position in the workflow, in dependency order.
    pub(super) facts: Vec<(usize, ExprIx)>,
    /// The condition of each row, up to the first that has none.
    pub(super) rows: Vec<Option<ExprIx>>,
    /// What facts and rows read together, other facts apart.
    pub(super) reads: Vec<NameUse>,
}

/// Every expression that is asked of an order or a form.
#[derive(Default)]
pub(in crate::rules) struct Expressions {
    list: BTreeMap<ExprIx, EntryPoint>,
    plans: BTreeMap<(WorkflowIx, StepIx), StepPlan>,
}

impl Expressions {
    pub(in crate::rules) fn new(policy: &Policy, list: BTreeMap<ExprIx, EntryPoint>) -> Self {
        let mut plans = BTreeMap::new();
        for (at, workflow) in (0_u16..).map(WorkflowIx).zip(&policy.workflows) {
            for (step, rows) in (0_u16..).map(StepIx).zip(&workflow.steps) {
                let mut whens: Vec<Option<ExprIx>> = rows.next.iter().map(|row| row.when).collect();
                if let Some(first) = whens.iter().position(Option::is_none) {
                    whens.truncate(first + 1);
                }
                // The only row that counts has no condition: there is nothing to ask.
                if whens.first().is_some_and(Option::is_some) {
                    plans.insert((at, step), StepPlan::new(at, workflow, whens, &list));
                }
            }
        }
        Self { list, plans }
    }

    /// Returns what a step's rows need; none when they ask nothing.
    pub(super) fn plan(&self, workflow: WorkflowIx, step: StepIx) -> Option<&StepPlan> {
        self.plans.get(&(workflow, step))
    }

    /// Says whether any row of a workflow asks for a field of a step by its name.
    pub(super) fn reads(&self, workflow: WorkflowIx, step: StepIx, field: &str) -> bool {
        let plans = self.plans.range((workflow, StepIx(0))..=(workflow, StepIx(u16::MAX)));
        let mut reads = plans.flat_map(|(_, plan)| &plan.reads);
        reads.any(|read| {
            let fields = read.fields.as_ref().filter(|_| read.root == Root::Step(step.ix()));
            fields.is_some_and(|fields| fields.contains(field))
        })
    }

    /// Returns the steps of the parent that rows of a workflow read; none where they read it as a whole.
    pub(super) fn read_of_parent(&self, workflow: WorkflowIx) -> Option<BTreeSet<String>> {
        let plans = self.plans.range((workflow, StepIx(0))..=(workflow, StepIx(u16::MAX)));
        let mut reads = plans.flat_map(|(_, plan)| &plan.reads).filter(|read| read.root == Root::Parent);
        reads.try_fold(BTreeSet::new(), |known, read| Some(&known | read.fields.as_ref()?))
    }

    /// Returns an expression.
    ///
    /// # Errors
    /// When the rules were compiled from another policy.
    pub(super) fn get(&self, policy: &Policy, ix: ExprIx) -> Result<&EntryPoint, RuleFault> {
        self.list.get(&ix).ok_or_else(|| {
            let expr = &policy.exprs[ix.ix()];
            RuleFault::new(codes::RULE_FAILED, expr.span, vec![("what", expr.text.clone())])
        })
    }
}

impl StepPlan {
    fn new(
        ix: WorkflowIx,
        workflow: &Workflow,
        rows: Vec<Option<ExprIx>>,
        list: &BTreeMap<ExprIx, EntryPoint>,
    ) -> Self {
        let mut asked: Vec<ExprIx> = rows.iter().flatten().copied().collect();
        let mut needed = BTreeSet::new();
        let mut reads: Vec<NameUse> = Vec::new();
        let mut next = 0;
        while let Some(ix) = asked.get(next).copied() {
            next += 1;
            for read in list.get(&ix).iter().flat_map(|expression| &expression.reads) {
                if let Root::Fact(at) = read.root {
                    if needed.insert(at) {
                        asked.push(workflow.facts[at].1);
                    }
                } else {
                    join(&mut reads, read);
                }
            }
        }
        // INVARIANT: the policy lists facts in dependency order, so ascending positions are one.
        let facts = needed.into_iter().map(|at| (at, workflow.facts[at].1)).collect();
        Self { workflow: ix, facts, rows, reads }
    }
}

/// Adds what is read of one root to what is read of all.
fn join(reads: &mut Vec<NameUse>, read: &NameUse) {
    let Some(known) = reads.iter_mut().find(|known| known.root == read.root) else {
        reads.push(read.clone());
        return;
    };
    known.fields = known.fields.take().zip(read.fields.as_ref()).map(|(all, more)| &all | more);
}
