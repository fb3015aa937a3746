//! People: who does a duty, who may, and who must not, as files a policy officer can read.

mod acting;
mod choosing;
mod laying_down;
mod moving;
mod moving_at_random;
mod powers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use wubu::files;
use wubu::lang::Lang;
use wubu::people::{
    Conflict, Decider, Delegation, ExcludedOfficer, Grid, Leave, Officer, PeopleRefusal, Post, Roster,
    StaffRequest,
};
use wubu::policy::{self, Policy, StepKind};
use wubu::time::{Day, Stamp};

/// The shipped policy, with a workflow that only the principal approves and a table of duties.
fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| {
        let shipped = files::SHIPPED.iter().filter(|(path, _)| policy::is_policy_path(path));
        let mut texts: Vec<(String, Vec<u8>)> =
            shipped.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        texts.push(("workflows/transfer.yaml".to_owned(), read("transfer.yaml").into_bytes()));
        texts.push(("rules/duties.yaml".to_owned(), read("duties.yaml").into_bytes()));
        let loaded = policy::load(texts);
        loaded.policy.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
    })
}

fn read(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/people").join(name);
    std::fs::read_to_string(path).expect(name)
}

fn cases<T: DeserializeOwned>(name: &str) -> Vec<T> {
    #[derive(Deserialize)]
    struct File<T> {
        cases: Vec<T>,
    }
    serde_yaml::from_str::<File<T>>(&read(name)).unwrap_or_else(|problem| panic!("{name}: {problem}")).cases
}

/// The roster at the head of `choosing.yaml`.
fn roster() -> Roster {
    #[derive(Deserialize)]
    struct Head {
        people: BTreeMap<String, PersonText>,
        grids: BTreeMap<String, GridText>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct PersonText {
        name: String,
        station: Option<String>,
        posts: Vec<String>,
        certificate: Option<String>,
        certified_until: Option<Day>,
    }
    let head: Head = serde_yaml::from_str(&read("choosing.yaml")).expect("choosing.yaml");
    let person = |(id, text): (String, PersonText)| {
        let post = |role| Post { role, from: None, until: None };
        let officer = Officer {
            id: id.clone(),
            name: text.name,
            station: text.station,
            posts: text.posts.into_iter().map(post).collect(),
            certificate: text.certificate,
            certified_until: text.certified_until,
            ..Officer::default()
        };
        (id, officer)
    };
    let officers = head.people.into_iter().map(person).collect();
    Roster { officers, grids: grids(head.grids), ..Roster::default() }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct GridText {
    station: String,
    officer: Option<String>,
    backup: Option<String>,
}

fn grids(texts: BTreeMap<String, GridText>) -> BTreeMap<String, Grid> {
    let grid = |(id, GridText { station, officer, backup }): (String, GridText)| {
        (id.clone(), Grid { id, station, officer, backup })
    };
    texts.into_iter().map(grid).collect()
}

#[derive(Clone, Deserialize)]
struct LeaveText {
    from: Day,
    to: Day,
    substitute: Option<String>,
}

#[derive(Clone, Deserialize)]
struct PostText {
    role: String,
    from: Option<Day>,
    until: Option<Day>,
}

#[derive(Clone, Deserialize)]
struct ConflictText {
    officer: String,
    subject: String,
    decided_by: String,
    document: String,
}

#[derive(Clone, Deserialize)]
struct DelegationText {
    from: String,
    to: String,
    scope: String,
    from_day: Day,
    to_day: Day,
    document: String,
}

/// What a case changes of the roster.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Changes {
    on: Option<Day>,
    load: BTreeMap<String, u32>,
    last: BTreeMap<String, Day>,
    leave: BTreeMap<String, LeaveText>,
    left: BTreeMap<String, Day>,
    stations: BTreeMap<String, String>,
    posts: BTreeMap<String, Vec<PostText>>,
    certified: BTreeMap<String, String>,
    grids: BTreeMap<String, GridText>,
    conflicts: Vec<ConflictText>,
    delegations: Vec<DelegationText>,
    empty: bool,
}

impl Changes {
    fn today(&self) -> Day {
        self.on.unwrap_or_else(|| "2026-03-02".parse().expect("a day"))
    }

    fn roster(&self) -> Roster {
        let mut roster = roster();
        if self.empty {
            roster.officers.clear();
        }
        for (id, load) in &self.load {
            officer(&mut roster, id).load = *load;
        }
        for (id, day) in &self.last {
            officer(&mut roster, id).last_at = Some(Stamp::day_start(*day, policy().bureau.zone));
        }
        for (id, text) in &self.leave {
            officer(&mut roster, id).leaves.push(leave(text));
        }
        for (id, on) in &self.left {
            officer(&mut roster, id).left_on = Some(*on);
        }
        for (id, station) in &self.stations {
            officer(&mut roster, id).station = Some(station.clone());
        }
        for (id, texts) in &self.posts {
            officer(&mut roster, id).posts = texts.iter().map(post).collect();
        }
        for (id, until) in &self.certified {
            let officer = officer(&mut roster, id);
            officer.certified_until = until.parse().ok();
            officer.certificate = officer.certificate.take().filter(|_| until != "无");
        }
        roster.grids.extend(grids(self.grids.clone()));
        roster.conflicts.extend(self.conflicts.iter().map(conflict));
        roster.delegations.extend(self.delegations.iter().map(delegation));
        roster
    }
}

fn officer<'a>(roster: &'a mut Roster, id: &str) -> &'a mut Officer {
    roster.officers.get_mut(id).expect(id)
}

fn leave(text: &LeaveText) -> Leave {
    let LeaveText { from, to, substitute } = text.clone();
    Leave { from, to, substitute }
}

fn post(text: &PostText) -> Post {
    let PostText { role, from, until } = text.clone();
    Post { role, from, until }
}

fn conflict(text: &ConflictText) -> Conflict {
    let ConflictText { officer, subject, decided_by, document } = text.clone();
    let decided_by =
        if decided_by == "集体讨论" { Decider::Collective } else { Decider::Officer(decided_by) };
    Conflict { officer, subject, decided_by, document }
}

fn delegation(text: &DelegationText) -> Delegation {
    let DelegationText { from, to, scope, from_day, to_day, document } = text.clone();
    Delegation { from, to, scope, from_day, to_day, document }
}

fn avoided(texts: &BTreeMap<String, String>) -> Vec<ExcludedOfficer> {
    let one = |(officer, because): (&String, &String)| ExcludedOfficer {
        officer: officer.clone(),
        because: because.clone(),
    };
    texts.iter().map(one).collect()
}

/// The duty named `workflow.step`, for subject S1 of station east.
fn wanted<'a>(
    step: &str,
    grid: Option<&'a str>,
    same_as: &'a [String],
    avoid: &'a [ExcludedOfficer],
) -> StaffRequest<'a> {
    let (workflow, step) = step.split_once('.').expect("workflow.step");
    let workflow = policy().workflow(workflow).expect("a workflow");
    let step = workflow.steps.iter().find(|known| known.id == step).expect("a step");
    let StepKind::Duty { who, .. } = &step.kind else { panic!("{} is nobody's duty", step.id) };
    let grid = Some(grid.unwrap_or("e1")).filter(|grid| *grid != "无");
    StaffRequest {
        workflow,
        who,
        approves: step.kind.approves(),
        station: "east",
        grid,
        subject: "S1",
        same_as,
        avoid,
    }
}

/// Says a refusal in both languages and returns its id.
fn said(refusal: &PeopleRefusal) -> String {
    let (id, args) = (refusal.id(), refusal.args());
    for lang in [Lang::Zh, Lang::En] {
        let text = lang.text(id, &args);
        assert!(!text.contains("{$"), "{id} lacks a word: {text}");
    }
    id.to_owned()
}

#[test]
fn every_refusal_has_a_case() {
    let mut refused = acting::refused();
    refused.extend(laying_down::refused());
    let all: BTreeSet<String> = PeopleRefusal::IDS.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(refused, all, "each refusal of the people room has a case under tests/people");
}
