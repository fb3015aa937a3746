//! What stations want of their own: the stories of `stations.yaml`, accepted and refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use wubu::diag::any_error;
use wubu::files::SHIPPED;
use wubu::lang::Lang;
use wubu::policy::{DueRule, LengthRef, LoadedPolicy, Policy, is_policy_path, load};
use wubu::time::Day;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StationStory {
    pub(super) story: String,
    pub(super) valid: Validity,
    /// The bureau's cap in place of the shipped one.
    cap: Option<String>,
    writes: String,
    #[serde(default)]
    holds: BTreeMap<String, String>,
    #[serde(default)]
    outside: BTreeMap<String, String>,
    pub(super) refused: Option<String>,
    /// What of the story the language cannot say yet, and which work brings it.
    #[serde(rename = "later")]
    _later: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Validity {
    pub(super) from: Day,
    to: Option<Day>,
}

pub(super) const STATION: &str = "dongguan";
/// How the shipped five steps write their cap.
const SHIPPED_CAP: &str = "40 per officer per month";

impl StationStory {
    pub(super) fn texts(&self) -> Vec<(String, Vec<u8>)> {
        let Validity { from, to } = &self.valid;
        let to = to.map(|to| format!(", to: {to}")).unwrap_or_default();
        let overlay = format!(
            "overlay: 东关细则\nstation: {STATION}\nbase: {{}}\nvalid: {{from: {from}{to}}}\nreason: 所务会\n\
             author: 所长\n{}",
            self.writes
        );
        let shipped =
            SHIPPED.iter().filter(|(path, _)| is_policy_path(path) && !path.ends_with(".test.yaml"));
        let capped = |text: &str| match &self.cap {
            Some(cap) => text.replace(SHIPPED_CAP, cap),
            None => text.to_owned(),
        };
        let mut texts: Vec<(String, Vec<u8>)> =
            shipped.map(|(path, text)| ((*path).to_owned(), capped(text).into_bytes())).collect();
        texts.push((format!("stations/{STATION}/overlay.yaml"), overlay.into_bytes()));
        texts
    }

    fn load(&self) -> LoadedPolicy {
        load(self.texts())
    }
}

pub(super) fn stories() -> Vec<StationStory> {
    serde_yaml::from_str(include_str!("stations.yaml")).expect("the stories")
}

/// Returns what a place of a policy says, in words.
fn value(policy: &Policy, address: &str) -> String {
    let words: Vec<&str> = address.split('.').collect();
    let workflow = |id: &str| policy.workflow(id).expect("a workflow");
    match words.as_slice() {
        ["tiers", tier, what] => {
            let tier = policy.tiers.order.iter().find(|known| known.id == *tier).expect("a tier");
            if *what == "cycle" {
                return tier.cycle.written(Lang::Zh);
            }
            tier.added.iter().map(|item| item.title.as_str()).collect::<Vec<_>>().join("、")
        }
        [of, "steps", step, "due"] => match workflow(of).step(step).and_then(|step| step.due.first()) {
            Some(DueRule::After(LengthRef::Fixed(length))) => length.written(Lang::Zh),
            Some(DueRule::Sooner { than, .. }) => {
                let than: Vec<String> = than.iter().map(|length| length.written(Lang::Zh)).collect();
                format!("不迟于 {}", than.join("、"))
            }
            other => format!("{other:?}"),
        },
        [of, "steps", step, "overdue"] => {
            let step = workflow(of).step(step).expect("a step");
            let row =
                |row: &wubu::policy::OverdueRow| format!("{}@{}", row.level, row.after.written(Lang::Zh));
            step.overdue.iter().map(row).collect::<Vec<_>>().join(" ")
        }
        [of, "forms", form, "items"] => {
            let form = policy.form(of, form).expect("a form");
            form.items.iter().map(|item| item.title.as_str()).collect::<Vec<_>>().join("、")
        }
        _ => panic!("{address}: no place that a story asks for"),
    }
}

#[test]
fn what_stations_want_of_their_own_is_as_the_stories_say() {
    let stories = stories();
    let mut wrong = Vec::new();
    for story in &stories {
        let name = &story.story;
        let loaded = story.load();
        let told: Vec<String> = loaded
            .diagnostics
            .iter()
            .map(|told| format!("{} {}", told.code.id, loaded.sources.start(told.span).line))
            .collect();
        if let Some(refused) = &story.refused {
            if !told.contains(refused) {
                wrong.push(format!("{name}: {told:?}"));
            }
            continue;
        }
        let Some(policy) = loaded.policy.filter(|_| !any_error(&loaded.diagnostics)) else {
            wrong.push(format!("{name}: {told:?}"));
            continue;
        };
        let on = |station: &str, day: Day| match policy.edition_key(station, day) {
            Some(key) => policy.edition(&key),
            None => policy.clone(),
        };
        let Validity { from, to } = &story.valid;
        let to = to.expect("it ends");
        for (address, wanted) in &story.holds {
            for day in [*from, to] {
                let found = value(&on(STATION, day), address);
                if !found.contains(wanted) {
                    wrong.push(format!("{name}: {address} on {day} is {found}"));
                }
            }
        }
        for (address, wanted) in &story.outside {
            let (before, after) = (from.pred_opt().expect("a day"), to.succ_opt().expect("a day"));
            for (station, day) in [(STATION, before), (STATION, after), ("xihe", *from)] {
                let found = value(&on(station, day), address);
                if !found.contains(wanted) {
                    wrong.push(format!("{name}: {address} of {station} on {day} is {found}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
