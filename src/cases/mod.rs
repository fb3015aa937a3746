//! Policy cases tried offline: what the rules say of a subject, and whole orders lived through.
//!
//! ```text
//!  *.test.yaml ──policy──▶ Case ──check──▶ problems, each with its place
//!                           │
//!                           ├─ judged: tier, score, dates      (appraise, as the daemon does)
//!                           └─ course: acts, one by one  ──▶ bureau: orders, terms, people in memory
//!                                        │                     (engine::Docket, as the daemon does)
//!                                        ▼
//!                              what was expected, what came, which rows were reached
//! ```
//!
//! Pure: no database, no clock; time passes as the case says. The only transition is the engine's.
//! Documents are not kept here, so a file that is not whole does not hold an order up. This room must
//! not know how an answer is printed.
//!
//! To let a case expect one thing more: a key in `policy::raw`, its meaning in `policy::resolve`, what
//! came of it in `compare`, and a case under `tests/cases`.

mod act;
mod bureau;
mod check;
mod compare;
mod course;
mod coverage;
mod events;
mod form;
mod judged;
mod known;
mod texts;

pub use check::check;
pub use compare::FieldComparison;
pub use coverage::{Coverage, CoveragePart, coverage};

use std::collections::BTreeSet;

use course::CaseScript;
use texts::CaseTexts;

use crate::appraise::Basis;
use crate::engine::{PinnedPolicy, Refusal};
use crate::policy::{Case, Policy, Workflow};
use crate::rules::Rules;

/// What became of one case.
#[derive(Clone, Debug)]
pub struct CaseAnswer {
    pub name: String,
    pub file: String,
    pub line: usize,
    /// What it says must come out, and what did.
    pub compared: FieldComparison,
    /// What was refused although nobody expected it, by the line of the act.
    pub refused: Vec<(usize, Refusal)>,
    reached: CaseReach,
}

/// What a case reached of the policy.
#[derive(Clone, Debug, Default)]
struct CaseReach {
    /// File and line of rules that decided.
    lines: BTreeSet<(String, usize)>,
    /// Workflow and step.
    steps: BTreeSet<(String, String)>,
    /// Workflow, step and row of `next`.
    rows: BTreeSet<(String, String, usize)>,
}

impl CaseAnswer {
    /// Returns whether all that was expected came out.
    pub fn is_ok(&self) -> bool {
        self.compared.expected == self.compared.got
    }
}

/// Runs every case of a policy, in the order of the files.
pub fn run(policy: &Policy, rules: &Rules, cases: &[Case]) -> Vec<CaseAnswer> {
    let texts = CaseTexts::new(PinnedPolicy { policy, rules });
    cases.iter().map(|case| one(&texts, case)).collect()
}

fn one(texts: &CaseTexts<'_>, case: &Case) -> CaseAnswer {
    let policy = texts.base.policy;
    let mut answer = CaseAnswer {
        name: case.name.clone(),
        file: policy.sources.file(case.span.file).path.clone(),
        line: policy.sources.start(case.span).line,
        compared: FieldComparison::default(),
        refused: Vec::new(),
        reached: CaseReach::default(),
    };
    if let Some(course) = &case.course {
        // INVARIANT: `check` found the workflow, or the case is not run.
        if let Some(workflow) = workflow_of(policy, case) {
            course::live(&CaseScript { texts, case, course, workflow }, &mut answer);
        }
    } else {
        let day = case.on.unwrap_or_else(|| judged::day_after(case));
        let PinnedPolicy { policy, rules } = texts.on(&case.subject.station, day);
        judged::judge(Basis { policy, rules, day }, case, &case.subject, &mut answer);
    }
    answer
}

/// Returns the workflow that a case opens: the one it names, else its trigger's, else the only one that has
/// recurring triggers.
fn workflow_of<'p>(policy: &'p Policy, case: &Case) -> Option<&'p Workflow> {
    let named = case.course.as_ref().and_then(|course| course.workflow.as_ref());
    if let Some(named) = named {
        return policy.workflow(&named.value);
    }
    if let Some((workflow, _)) = &case.trigger {
        return policy.workflow(workflow);
    }
    let mut recurring = policy.recurring().map(|(workflow, ..)| workflow);
    recurring.next().filter(|first| recurring.all(|other| other.id == first.id))
}
