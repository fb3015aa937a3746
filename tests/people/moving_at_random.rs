//! What must hold whoever goes, whatever they hold and whoever is left.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use wubu::people::{
    Conflict, Decider, ExcludedOfficer, Grid, Handover, Leave, Officer, OpenDuty, Post, Roster, RosterOnDay,
    StaffRequest, came, changed, choose, moves, signature_moves,
};
use wubu::policy::{Head, Role, Scope};
use wubu::time::Day;

use super::{policy, wanted};

const TODAY: &str = "2026-03-02";
const ROLES: [&str; 8] =
    ["监管人员", "监管人员", "所长", "副所长", "指挥中心", "分管局长", "机关负责人", "法制科"];
const STEPS: [&str; 7] = [
    "five-step.issue",
    "five-step.patrol",
    "five-step.review",
    "five-step.revisit",
    "penalty-case.investigate",
    "penalty-case.legal_review",
    "penalty-case.decide",
];

fn today() -> Day {
    TODAY.parse().expect("a day")
}

fn name(nth: usize) -> String {
    format!("P{nth:02}")
}

/// What may be true of one officer.
#[derive(Clone, Debug)]
struct Person {
    role: &'static str,
    is_west: bool,
    is_certified: bool,
    absence: Absence,
    substitute: usize,
}

#[derive(Clone, Copy, Debug)]
enum Absence {
    None,
    Leave,
    Later,
    Gone,
}

fn person() -> impl Strategy<Value = Person> {
    let absence = prop_oneof![
        5 => Just(Absence::None), 3 => Just(Absence::Leave), 1 => Just(Absence::Later), 1 => Just(Absence::Gone)
    ];
    let held = (select(&ROLES[..]), prop::bool::weighted(0.2), prop::bool::weighted(0.8));
    (held, absence, 0_usize..9).prop_map(|((role, is_west, is_certified), absence, substitute)| Person {
        role,
        is_west,
        is_certified,
        absence,
        substitute,
    })
}

/// The roster of these people; nobody is away yet where `is_before`.
fn roster(people: &[Person], is_before: bool) -> Roster {
    let officer = |(nth, person): (usize, &Person)| {
        let scope = policy().roles.iter().find(|role| role.id == person.role).expect("a role").scope;
        let station = if person.is_west { "west" } else { "east" };
        let mut officer = Officer {
            id: name(nth),
            name: name(nth),
            station: (scope != Scope::Bureau).then(|| station.to_owned()),
            posts: vec![Post { role: person.role.to_owned(), from: None, until: None }],
            certificate: person.is_certified.then(|| "执".to_owned()),
            certified_until: person.is_certified.then(|| "2030-01-01".parse().expect("a day")),
            load: 1,
            ..Officer::default()
        };
        let later = today().succ_opt().expect("a day");
        let substitute = Some(name(person.substitute % people.len()));
        match person.absence {
            _ if is_before => {}
            Absence::None => {}
            Absence::Leave => officer.leaves.push(Leave { from: today(), to: later, substitute }),
            Absence::Later => officer.leaves.push(Leave { from: later, to: later, substitute }),
            Absence::Gone => officer.left_on = today().pred_opt(),
        }
        (officer.id.clone(), officer)
    };
    let grid = |officer: usize, backup: usize| {
        let (officer, backup) = (Some(name(officer)), Some(name(backup)));
        Grid { id: "e1".to_owned(), station: "east".to_owned(), officer, backup }
    };
    let grids = [("e1".to_owned(), grid(0, 1))].into();
    Roster { officers: people.iter().enumerate().map(officer).collect(), grids, ..Roster::default() }
}

/// One change of people while a duty is open.
#[derive(Clone, Debug)]
struct Scene {
    before: Vec<Person>,
    after: Vec<Person>,
    step: &'static str,
    avoided: Option<usize>,
    conflict: Option<usize>,
}

fn scene() -> impl Strategy<Value = Scene> {
    (4_usize..9).prop_flat_map(|count| {
        let people = || prop::collection::vec(person(), count);
        let is_other = prop::collection::vec(prop::bool::weighted(0.3), count);
        let apart = || prop::option::weighted(0.3, 0..count);
        (people(), people(), is_other, select(&STEPS[..]), (apart(), apart())).prop_map(
            |(before, others, is_other, step, (avoided, conflict))| {
                let both = before.iter().zip(others).zip(is_other);
                let after = both.map(|((person, other), is_other)| {
                    let (role, is_west) =
                        if is_other { (other.role, other.is_west) } else { (person.role, person.is_west) };
                    Person { role, is_west, ..person.clone() }
                });
                Scene { after: after.collect(), before, step, avoided, conflict }
            },
        )
    })
}

impl Scene {
    fn roster(&self, people: &[Person], is_before: bool) -> Roster {
        let mut roster = roster(people, is_before);
        let conflict = |nth: usize| Conflict {
            officer: name(nth),
            subject: "S1".to_owned(),
            decided_by: Decider::Collective,
            document: "回避".to_owned(),
        };
        // It is laid down while the duty is open.
        roster.conflicts.extend(self.conflict.filter(|_| !is_before).map(conflict));
        roster
    }

    fn avoid(&self) -> Vec<ExcludedOfficer> {
        let one = |nth| ExcludedOfficer { officer: name(nth), because: "patrol".to_owned() };
        self.avoided.map(one).into_iter().collect()
    }

    /// Whether two things must be kept apart that this person would do both.
    fn is_apart(&self, id: &str) -> bool {
        [self.avoided, self.conflict].into_iter().flatten().any(|nth| name(nth) == id)
    }
}

fn is_away(officer: &Officer) -> bool {
    !officer.serves(today()) || officer.leave(today()).is_some()
}

fn heads(officer: &Officer) -> impl Iterator<Item = &'static Role> {
    let heads = policy().roles.iter().filter(|role| role.head.is_some());
    heads.filter(|role| officer.holds(&role.id, today()) && officer.reaches(role, "east"))
}

/// Whether somebody on leave names this one as substitute.
fn stands_in(roster: &Roster, id: &str) -> bool {
    let mut leaves = roster.officers.values().filter_map(|officer| officer.leave(today()));
    leaves.any(|leave| leave.substitute.as_deref() == Some(id))
}

fn check(scene: &Scene) -> Result<Option<Handover>, TestCaseError> {
    let (before, after) = (scene.roster(&scene.before, true), scene.roster(&scene.after, false));
    let avoid = scene.avoid();
    let wanted = wanted(scene.step, None, &[], &avoid);
    let on = |roster| RosterOnDay { policy: policy(), roster, today: today() };
    let choice = choose(on(&before), &StaffRequest { avoid: &[], ..wanted });
    let (assignees, is_short) = (choice.chosen, choice.shortfall.is_some());
    let changed = changed(&before, &after, today());
    let since = today().pred_opt().expect("a day before");
    let open = OpenDuty {
        wanted,
        assignees: &assignees,
        is_short,
        by_chief: false,
        since,
        changed: &changed,
        grids: &[],
        came: &came(&before, &after, today()),
    };
    let found = moves(on(&after), &open);
    prop_assert_eq!(&found, &moves(on(&after), &open), "the same answer twice");
    let (now, now_short) = match &found {
        Some(found) => (&found.assignees, found.is_short),
        None => (&assignees, is_short),
    };
    // Somebody who is there, and could at least decide what happens.
    let is_able = |officer: &&Officer| {
        !is_away(officer) && !scene.is_apart(&officer.id) && heads(officer).next().is_some()
    };
    let able: Vec<&str> = after.officers.values().filter(is_able).map(|o| o.id.as_str()).collect();
    for id in now {
        prop_assert!(!is_away(&after.officers[id]) || able.is_empty(), "{id} is away, {able:?} could");
        prop_assert!(!scene.is_apart(id), "{id} is kept apart from it");
    }
    prop_assert!(!now.is_empty() || able.is_empty(), "nobody has it, {able:?} could");
    let Some(handover) = found.clone() else { return Ok(found) };
    let again = OpenDuty { assignees: &handover.assignees, is_short: handover.is_short, ..open };
    prop_assert_eq!(moves(on(&after), &again), None, "what moved stays where it went");
    let is_certified = wanted.who.certified;
    for id in handover.assignees.iter().filter(|id| !assignees.contains(id)) {
        let officer = &after.officers[id];
        if now_short {
            prop_assert!(heads(officer).next().is_some(), "{id} got it in a shortage and is no head");
        } else {
            prop_assert!(!is_certified || officer.is_certified(today()), "{id} has no certificate");
            let is_elsewhere = officer.station.as_deref().is_some_and(|own| own != "east");
            prop_assert!(!is_elsewhere || stands_in(&after, id), "{id} serves elsewhere");
        }
    }
    let moved: BTreeSet<&String> = handover.moves.iter().map(|moved| &moved.from).collect();
    let lost: BTreeSet<&String> = assignees.iter().filter(|id| !handover.assignees.contains(id)).collect();
    prop_assert_eq!(moved, lost, "whoever loses it is named, each once");
    let taken: BTreeSet<&String> = handover.moves.iter().flat_map(|moved| &moved.to).collect();
    let new: BTreeSet<&String> = handover.assignees.iter().filter(|id| !assignees.contains(id)).collect();
    prop_assert!(
        handover.moves.is_empty() || taken.is_superset(&new),
        "whoever gets it has it from somebody"
    );
    Ok(found)
}

/// A signature is asked of a person: whoever is away, or holds another post, has it no longer, and nobody has it
/// but the substitute whom a leave names, and only who is there.
fn check_signatures(scene: &Scene) -> Result<(), TestCaseError> {
    let (before, after) = (scene.roster(&scene.before, true), scene.roster(&scene.after, false));
    let changed = changed(&before, &after, today());
    let on = RosterOnDay { policy: policy(), roster: &after, today: today() };
    for (id, officer) in &after.officers {
        let found = signature_moves(on, id, &changed, "S1");
        let is_recused = after.conflict(id, "S1").is_some();
        prop_assert_eq!(found.is_some(), is_away(officer) || changed.contains(id) || is_recused, "{}", id);
        let Some((_, Some(substitute))) = found else { continue };
        let leave = officer.leave(today());
        prop_assert_eq!(leave.and_then(|leave| leave.substitute.as_ref()), Some(&substitute));
        prop_assert!(!is_away(&after.officers[&substitute]), "{substitute} is away, too");
    }
    Ok(())
}

/// The second officer of a step who goes is replaced by somebody else than the one who handed it in, and what
/// another confirms stays with him.
fn check_second(scene: &Scene) -> Result<(), TestCaseError> {
    let (before, after) = (scene.roster(&scene.before, true), scene.roster(&scene.after, false));
    let on = |roster| RosterOnDay { policy: policy(), roster, today: today() };
    let pair = choose(on(&before), &wanted("five-step.patrol", None, &[], &[])).chosen;
    let [first, second] = pair.as_slice() else { return Ok(()) };
    let avoid = [ExcludedOfficer { officer: first.clone(), because: "patrol".to_owned() }];
    let changed = changed(&before, &after, today());
    let (since, is_short) = (today().pred_opt().expect("a day before"), false);
    let open = OpenDuty {
        wanted: wanted("five-step.patrol", None, &[], &avoid),
        assignees: std::slice::from_ref(second),
        is_short,
        by_chief: false,
        since,
        changed: &changed,
        grids: &[],
        came: &[],
    };
    let Some(found) = moves(on(&after), &open) else { return Ok(()) };
    let Some(instead) = found.assignees.first().filter(|id| *id != second) else { return Ok(()) };
    prop_assert!(instead != first, "{first} would confirm his own work");
    prop_assert!(!is_away(&after.officers[instead]), "{instead} is away");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_signature_is_waited_for_from_who_is_gone(scene in scene()) {
        check_signatures(&scene)?;
    }

    #[test]
    fn nobody_confirms_what_he_handed_in(scene in scene()) {
        check_second(&scene)?;
    }

    #[test]
    fn no_duty_rests_with_who_is_gone_while_somebody_could_have_it(scene in scene()) {
        check(&scene)?;
    }
}

/// The deputy of a chief never gets what is the chief's, unless the chief's leave names him and a paper does.
#[test]
fn a_deputy_chief_does_not_get_the_review() {
    let person =
        |role| Person { role, is_west: false, is_certified: true, absence: Absence::None, substitute: 0 };
    let before = vec![person("所长"), person("副所长"), person("监管人员"), person("机关负责人")];
    let mut after = before.clone();
    after[0].role = "副所长";
    let scene = Scene { before, after, step: "five-step.review", avoided: None, conflict: None };
    let found = check(&scene).expect("holds").expect("it moves");
    assert_eq!(found.assignees, ["P03"]);
    let head = policy().roles.iter().find(|role| role.id == "机关负责人").and_then(|role| role.head);
    assert_eq!(head, Some(Head::Principal));
}
