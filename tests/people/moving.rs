use serde::Deserialize;
use wubu::people::{OpenDuty, RosterOnDay, moves};

use super::{Changes, cases, policy, wanted};

#[derive(Deserialize)]
struct MoveCase {
    case: String,
    moves: String,
    duties: Vec<DutyText>,
    expect: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DutyText {
    step: String,
    grid: Option<String>,
    assignees: Vec<String>,
    #[serde(default)]
    by_chief: bool,
}

#[test]
fn duties_move_as_the_cases_say() {
    let changes: Vec<Changes> = cases("moving.yaml");
    for (case, changes) in cases::<MoveCase>("moving.yaml").into_iter().zip(changes) {
        let duty = |text: &'static DutyText| OpenDuty {
            wanted: wanted(&text.step, text.grid.as_deref(), &[], &[]),
            assignees: &text.assignees,
            by_chief: text.by_chief,
        };
        let texts: &'static [DutyText] = Box::leak(case.duties.into_boxed_slice());
        let duties: Vec<OpenDuty<'_>> = texts.iter().map(duty).collect();
        let roster = changes.roster();
        let on = RosterOnDay { policy: policy(), roster: &roster, today: changes.today() };
        let found = moves(on, &case.moves, &duties);
        let said: Vec<String> =
            found.iter().map(|m| format!("{} {} {}", m.duty, m.to.join("、"), m.why.into_str())).collect();
        assert_eq!(said, case.expect, "{}", case.case);
    }
}
