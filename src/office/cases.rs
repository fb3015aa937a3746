//! Policy cases run offline: the same appraisal as the daemon's, without a database.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Live;
use crate::appraise::{self, NextState};
use crate::explain::{Because, place};
use crate::policy::{Case, Expect};
use crate::time::Day;

/// What became of one case.
#[derive(Clone, Debug)]
pub struct CaseAnswer {
    /// Its name.
    pub name: String,
    /// Its file.
    pub file: String,
    /// Its line.
    pub line: usize,
    /// What it says must come out.
    pub expected: Map<String, Value>,
    /// What came out, for the same fields.
    pub got: Map<String, Value>,
    reached: BTreeSet<(String, usize)>,
}

impl CaseAnswer {
    /// Returns whether all that was expected came out.
    pub fn is_ok(&self) -> bool {
        self.expected == self.got
    }
}

/// Runs every case of a policy, in the order of the files.
pub fn run_cases(live: &Live) -> Vec<CaseAnswer> {
    live.cases.iter().map(|case| run(live, case)).collect()
}

fn run(live: &Live, case: &Case) -> CaseAnswer {
    let policy = &live.policy;
    let day = case.on.unwrap_or_else(|| day_after(case));
    let subjects = std::slice::from_ref(&case.subject);
    let stop = AtomicBool::new(false);
    let answers = appraise::appraise(policy, &live.rules, subjects, &[None], day, &stop);
    let answer = &answers[0];
    let trace = live.rules.trace(policy, &case.subject, day);
    let chosen = policy.recurring().zip(&answer.next).find(|((workflow, trigger, _), _)| {
        case.trigger.as_ref().is_none_or(|(w, t)| *w == workflow.id && *t == trigger.id)
    });
    let dates = chosen.as_ref().and_then(|(_, next)| match &next.state {
        NextState::Due { dates, .. } => Some(*dates),
        NextState::None(_) => None,
    });
    let when = chosen.as_ref().and_then(|((workflow, trigger, _), _)| {
        let at = live.rules.whens().iter().position(|(at, position)| {
            let known = &policy.workflows[at.ix()];
            known.id == workflow.id && known.start[*position].id == trigger.id
        });
        at.map_or(Some(true), |at| trace.answer.when[at].as_ref().ok().copied())
    });
    let date = |day: Option<Day>| day.map_or(Value::Null, |day| Value::from(day.to_string()));
    let (mut expected, mut got) = (Map::new(), Map::new());
    let mut compare = |field: &str, wanted: Option<Value>, found: Value| {
        if let Some(wanted) = wanted {
            expected.insert(field.to_owned(), wanted);
            got.insert(field.to_owned(), found);
        }
    };
    let tier = |at: crate::policy::TierIx| Value::from(policy.tiers.order[at.ix()].id.as_str());
    let Expect { tier: wanted_tier, score, nominal, due, issue_on, when: wanted_when, provisional } =
        &case.expect;
    compare("tier", wanted_tier.map(tier), answer.tier.map_or(Value::Null, tier));
    compare("score", score.map(Value::from), answer.score.map_or(Value::Null, Value::from));
    compare("nominal", nominal.map(date), date(dates.map(|dates| dates.nominal)));
    compare("due", due.map(date), date(dates.map(|dates| dates.due)));
    compare("issue_on", issue_on.map(date), date(dates.map(|dates| dates.issue_on)));
    compare("when", wanted_when.map(Value::from), when.map_or(Value::Null, Value::from));
    let is_provisional = dates.map_or(Value::Null, |dates| Value::from(dates.provisional));
    compare("provisional", provisional.map(Value::from), is_provisional);
    let lines = trace.tier.iter().chain(&trace.score).chain(trace.when.iter().flatten());
    let reached = lines.map(|line| {
        let place = place(policy, line.span, String::new());
        (place.file, place.line)
    });
    CaseAnswer {
        name: case.name.clone(),
        file: policy.sources.file(case.span.file).path.clone(),
        line: policy.sources.start(case.span).line,
        expected,
        got,
        reached: reached.collect(),
    }
}

/// A day on which everything the case tells has happened.
fn day_after(case: &Case) -> Day {
    let history = &case.subject.history;
    let visits = history.inspections.iter().map(|inspection| inspection.on);
    let statuses = history.statuses.iter().map(|(from, _)| *from);
    let known = visits.chain(statuses).chain(history.last_patrol_known);
    let registered = case.subject.attributes.iter().filter_map(|value| match value {
        crate::register::Value::Day(day) => Some(*day),
        _ => None,
    });
    known.chain(registered).max().unwrap_or_default()
}

/// Which lines of the rules the cases reached.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// Lines that can decide.
    pub lines: usize,
    /// Lines that decided in some case.
    pub reached: usize,
    /// Lines that no case reached.
    pub missed: Vec<Because>,
}

/// Says which conditions and answers no case reached.
pub fn coverage(live: &Live, answers: &[CaseAnswer]) -> Coverage {
    let reached: BTreeSet<&(String, usize)> = answers.iter().flat_map(|answer| &answer.reached).collect();
    let mut lines = BTreeSet::new();
    let mut missed = Vec::new();
    for span in live.rules.places() {
        let because = place(&live.policy, span, String::new());
        let key = (because.file.clone(), because.line);
        if lines.insert(key.clone()) && !reached.contains(&key) {
            missed.push(because);
        }
    }
    Coverage { lines: lines.len(), reached: lines.len() - missed.len(), missed }
}
