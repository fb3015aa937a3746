use std::collections::BTreeMap;

use serde::Deserialize;
use wubu::lang::Lang;
use wubu::people::{OrderToStaff, RosterOnDay, Shortfall, choose, has_pair};

use super::{Changes, avoided, cases, policy, wanted};

#[derive(Deserialize)]
struct ChooseCase {
    case: String,
    choose: Option<String>,
    pair: Option<String>,
    grid: Option<String>,
    #[serde(default)]
    same_as: Vec<String>,
    #[serde(default)]
    avoid: BTreeMap<String, String>,
    expect: Answer,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
struct Answer {
    chosen: Vec<String>,
    candidates: Vec<String>,
    excluded: BTreeMap<String, String>,
    shortfall: Option<String>,
    no_pair: Option<String>,
}

#[test]
fn people_are_chosen_as_the_cases_say() {
    let texts: Vec<Changes> = cases("choosing.yaml");
    for (case, changes) in cases::<ChooseCase>("choosing.yaml").into_iter().zip(texts) {
        let answer = answer(&case, &changes);
        assert_eq!(answer, case.expect, "{}", case.case);
    }
}

fn answer(case: &ChooseCase, changes: &Changes) -> Answer {
    let (roster, today) = (changes.roster(), changes.today());
    let on = RosterOnDay { policy: policy(), roster: &roster, today };
    if let Some(workflow) = &case.pair {
        let workflow = policy().workflow(workflow).expect("a workflow");
        let found =
            has_pair(on, OrderToStaff { workflow, station: "east", grid: Some("e1"), subject: "S1" }).err();
        let no_pair = found.map(|no| format!("{}: {}", no.step, short(no.shortfall)));
        return Answer { no_pair, ..Answer::default() };
    }
    let step = case.choose.as_deref().expect("choose or pair");
    let avoid = avoided(&case.avoid);
    let wanted = wanted(step, case.grid.as_deref(), &case.same_as, &avoid);
    let choice = choose(on, &wanted);
    assert_eq!(choice, choose(on, &wanted), "the same answer twice");
    for (_, reason) in &choice.excluded {
        for lang in [Lang::Zh, Lang::En] {
            let text = lang.text(&reason.text_id(), &reason.args());
            assert!(text != reason.text_id() && !text.contains("{$"), "{text}");
        }
    }
    Answer {
        chosen: choice.chosen,
        candidates: choice.candidates,
        excluded: choice
            .excluded
            .into_iter()
            .map(|(id, reason)| (id, reason.into_str().to_owned()))
            .collect(),
        shortfall: choice.shortfall.map(short),
        no_pair: None,
    }
}

fn short(shortfall: Shortfall) -> String {
    format!("需要 {} 人，只有 {} 人", shortfall.needed, shortfall.left)
}
