//! Which lines of the rules, steps and rows of `next` no case reached.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{CaseAnswer, CaseReach};
use crate::explain::{DecisionReason, place};
use crate::policy::Policy;
use crate::rules::Rules;

/// What the cases reached.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// Lines of the rules that can decide.
    pub lines: usize,
    /// Lines that decided in some case.
    pub reached: usize,
    /// Lines that no case reached.
    pub missed: Vec<DecisionReason>,
    /// Steps of all workflows.
    pub steps: CoveragePart,
    /// Rows of `next` of all steps.
    pub rows: CoveragePart,
}

/// What the cases reached of one kind of thing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CoveragePart {
    /// How many there are.
    pub all: usize,
    /// How many some case reached.
    pub reached: usize,
    /// Those that no case reached.
    pub missed: Vec<DecisionReason>,
}

/// Says what no case reached.
pub fn coverage(policy: &Policy, rules: &Rules, answers: &[CaseAnswer]) -> Coverage {
    let mut reached = CaseReach::default();
    for answer in answers {
        reached.lines.extend(answer.reached.lines.iter().cloned());
        reached.steps.extend(answer.reached.steps.iter().cloned());
        reached.rows.extend(answer.reached.rows.iter().cloned());
    }
    let mut lines = BTreeSet::new();
    let mut missed = Vec::new();
    for span in rules.places() {
        let because = place(policy, span, String::new());
        let key = (because.file.clone(), because.line);
        if lines.insert(key.clone()) && !reached.lines.contains(&key) {
            missed.push(because);
        }
    }
    let (mut steps, mut rows) = (CoveragePart::default(), CoveragePart::default());
    for workflow in &policy.workflows {
        for step in &workflow.steps {
            let is_reached = reached.steps.contains(&(workflow.id.clone(), step.id.clone()));
            steps.count(is_reached, || place(policy, step.span, step.id.clone()));
            for (at, row) in step.next.iter().enumerate() {
                let is_reached = reached.rows.contains(&(workflow.id.clone(), step.id.clone(), at));
                let leads = || format!("{} → {}", step.id, workflow.steps[row.go.ix()].id);
                rows.count(is_reached, || place(policy, row.span, leads()));
            }
        }
    }
    Coverage { lines: lines.len(), reached: lines.len() - missed.len(), missed, steps, rows }
}

impl CoveragePart {
    fn count(&mut self, is_reached: bool, place: impl FnOnce() -> DecisionReason) {
        self.all += 1;
        if is_reached {
            self.reached += 1;
        } else {
            self.missed.push(place());
        }
    }
}
