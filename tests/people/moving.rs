use serde::Deserialize;
use wubu::people::{DutyMove, OpenDuty, RosterOnDay, moves};
use wubu::time::Stamp;

use super::{Changes, avoided, cases, policy, wanted};

#[derive(Deserialize)]
struct MoveCase {
    case: String,
    /// Whose posts or station changed.
    #[serde(default)]
    changed: Vec<String>,
    /// The grids that have other officers than before.
    #[serde(default)]
    regridded: Vec<String>,
    /// Who holds a post that he did not hold before.
    #[serde(default)]
    came: Vec<String>,
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
    same_as: Vec<String>,
    #[serde(default)]
    avoid: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    by_chief: bool,
    #[serde(default)]
    short: bool,
}

#[test]
fn duties_move_as_the_cases_say() {
    let changes: Vec<Changes> = cases("moving.yaml");
    for (case, changes) in cases::<MoveCase>("moving.yaml").into_iter().zip(changes) {
        let (mut roster, today) = (changes.roster(), changes.today());
        let mut said = Vec::new();
        for (at, text) in case.duties.iter().enumerate() {
            let avoid = avoided(&text.avoid);
            let open = OpenDuty {
                wanted: wanted(&text.step, text.grid.as_deref(), &text.same_as, &avoid),
                assignees: &text.assignees,
                is_short: text.short,
                by_chief: text.by_chief,
                since: today.pred_opt().expect("a day before"),
                changed: &case.changed,
                grids: &case.regridded,
                came: &case.came,
            };
            let Some(found) = moves(RosterOnDay { policy: policy(), roster: &roster, today }, &open) else {
                said.push(format!("{at} stays"));
                continue;
            };
            let one = |DutyMove { from, to, because, why }: &DutyMove| {
                format!("{from}→{} {} {}", to.join("、"), because.into_str(), why.into_str())
            };
            let each: Vec<String> = found.moves.iter().map(one).collect();
            let short = if found.is_short { " short" } else { "" };
            said.push(format!("{at} {}{short}: {}", found.assignees.join("、"), each.join("; ")));
            for taker in found.assignees.iter().filter(|id| !text.assignees.contains(id)) {
                roster.give(taker, Stamp::day_start(today, policy().bureau.zone));
            }
        }
        assert_eq!(said, case.expect, "{}", case.case);
    }
}
