use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use wubu::people::{Capacity, DutyAct, DutyRequest, RosterOnDay, may_act, may_take, reviewed_steps};
use wubu::policy::StepIx;

use super::{Changes, avoided, cases, policy, said, wanted};

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct ActCase {
    case: String,
    act: Option<String>,
    give: Option<String>,
    reviewed: Option<String>,
    step: String,
    by: String,
    to: String,
    assignees: Vec<String>,
    claimed_by: Option<String>,
    delegates: Vec<String>,
    together: Vec<String>,
    avoid: BTreeMap<String, String>,
    expect: Answer,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
struct Answer {
    capacity: Option<String>,
    refused: Option<String>,
    steps: Option<Vec<String>>,
}

#[test]
fn people_act_as_the_cases_say() {
    let changes: Vec<Changes> = cases("acting.yaml");
    for (case, changes) in cases::<ActCase>("acting.yaml").into_iter().zip(changes) {
        assert_eq!(answer(&case, &changes), case.expect, "{}", case.case);
    }
}

pub(super) fn refused() -> BTreeSet<String> {
    cases::<ActCase>("acting.yaml").into_iter().filter_map(|case| case.expect.refused).collect()
}

fn answer(case: &ActCase, changes: &Changes) -> Answer {
    if let Some(step) = &case.reviewed {
        return Answer { steps: Some(reviewed(step)), ..Answer::default() };
    }
    let (roster, today) = (changes.roster(), changes.today());
    let on = RosterOnDay { policy: policy(), roster: &roster, today };
    let avoid = avoided(&case.avoid);
    let decided = if let Some(step) = &case.give {
        may_take(on, &case.to, &wanted(step, None, &[], &avoid)).map(|()| None)
    } else {
        let act = match case.act.as_deref() {
            Some("claim") => DutyAct::Claim,
            Some("complete") => DutyAct::Complete { together: &case.together },
            Some("hand-on") => DutyAct::HandOn,
            other => panic!("{other:?} is no act"),
        };
        let wanted = DutyRequest {
            duty: wanted(&case.step, None, &[], &avoid),
            assignees: &case.assignees,
            claimed_by: case.claimed_by.as_deref(),
            delegates: &case.delegates,
            act,
        };
        may_act(on, &case.by, &wanted).map(|capacity| Some(name(&capacity)))
    };
    match decided {
        Ok(capacity) => Answer { capacity, ..Answer::default() },
        Err(refusal) => Answer { refused: Some(said(&refusal)), ..Answer::default() },
    }
}

fn name(capacity: &Capacity) -> String {
    match capacity {
        Capacity::NotKept => "people are not kept".to_owned(),
        Capacity::Holder => "holder".to_owned(),
        Capacity::Assignee => "assignee".to_owned(),
        Capacity::Claimant => "claimant".to_owned(),
        Capacity::Delegate => "delegate".to_owned(),
        Capacity::Substitute { of } => format!("substitute {of}"),
        Capacity::Authority { of, document: _ } => format!("authority {of}"),
        Capacity::Chief => "chief".to_owned(),
    }
}

fn reviewed(step: &str) -> Vec<String> {
    let (workflow, step) = step.split_once('.').expect("workflow.step");
    let workflow = policy().workflow(workflow).expect("a workflow");
    let at = workflow.steps.iter().position(|known| known.id == step).expect("a step");
    let found = reviewed_steps(workflow, StepIx(u16::try_from(at).expect("few steps")));
    found.into_iter().map(|at| workflow.steps[at.ix()].id.clone()).collect()
}
