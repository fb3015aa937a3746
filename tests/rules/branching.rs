//! Walks `branching/`: a record so far, and which row of the step's `next` must hold.
//!
//! A file names a workflow of the shipped bureau, or brings one of its own under `flow:`, which
//! takes the place of the small bureau's (`tests/policy/base`). Each case says which step is being
//! completed (`at`) and what is known (`given`); `expect` is where it goes with the facts
//! computed, or the fault and the text it stands at. `form:` asks instead which fields of a form
//! must be filled. `refused:` in place of cases lists what loading must find.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use wubu::diag::{any_error, codes};
use wubu::lang::Lang;
use wubu::policy::{Policy, StepIx, WorkflowIx, load};
use wubu::register::{Subject, Value as Attribute};
use wubu::rules::{Inputs, OrderFacts, RuleFault, Rules, StepCompletion, StepRecord, together};
use wubu::time::{Day, Stamp};

use super::bureau::{day, subject};

/// A policy with its rules and what was found in them, as `S041 days_since`.
pub(super) struct Ground {
    pub(super) policy: Policy,
    rules: Option<Rules>,
    found: Vec<String>,
}

pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files() -> Vec<PathBuf> {
    let folder = root().join("tests/rules/branching");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
}

pub(super) fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("UTF-8");
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(super) fn ground(story: &Value) -> Ground {
    let texts = match story.get("flow").and_then(Value::as_str) {
        None => wubu::files::read_folder(root()).expect("the shipped bureau"),
        Some(flow) => {
            let base = wubu::files::read_folder(&root().join("tests/policy/base")).expect("the base");
            let mut texts: Vec<_> =
                base.into_iter().filter(|(path, _)| !path.ends_with(".test.yaml")).collect();
            let own = texts.iter_mut().find(|(path, _)| path == "workflows/visit.yaml");
            own.expect("the base has a workflow").1 = flow.as_bytes().to_vec();
            texts
        }
    };
    let loaded = load(texts);
    assert!(!any_error(&loaded.diagnostics), "{:?}", loaded.diagnostics);
    let policy = loaded.policy.expect("no error");
    let (rules, found) = Rules::compile(&policy);
    for problem in &found {
        words(problem.code.id, &problem.args);
    }
    let found = found.iter().map(|d| format!("{} {}", d.code.id, policy.sources.text(d.span))).collect();
    Ground { policy, rules, found }
}

/// Every code has whole words in both languages.
fn words(code: &str, args: &[(&'static str, String)]) {
    for lang in [Lang::Zh, Lang::En] {
        let (text, help) = (lang.text(code, args), lang.help(code, args));
        assert!(!text.contains("{$") && !help.contains("{$"), "{code}: {text} {help}");
    }
}

fn days(value: Option<&Value>, otherwise: &str) -> Day {
    day(value.and_then(Value::as_str).unwrap_or(otherwise))
}

/// A moment that lies on that day in every zone of the policies here.
pub(super) fn afternoon(day: &str) -> Stamp {
    format!("{day}T06:00:00Z").parse().expect("a moment")
}

fn step_facts(given: &Value) -> BTreeMap<String, StepRecord> {
    let steps = given.get("steps").and_then(Value::as_object);
    let each = steps.into_iter().flatten().map(|(id, step)| {
        let text = |name: &str| step.get(name).and_then(Value::as_str).map(str::to_owned);
        let by = step.get("done_by").and_then(Value::as_array).into_iter().flatten();
        let last = StepCompletion {
            done_by: by.filter_map(Value::as_str).map(str::to_owned).collect(),
            at: afternoon(text("on").as_deref().unwrap_or("2026-03-09")),
            action: text("action"),
            answer: step.get("answer").map(grown).map(Arc::new),
        };
        let is_done = step.get("done").and_then(Value::as_bool).unwrap_or(true);
        let visits = step.get("visits").and_then(Value::as_u64).map_or(1, |n| n.try_into().expect("few"));
        (id.clone(), StepRecord { visits, last: is_done.then_some(last), is_cancelled: false })
    });
    each.collect()
}

/// Writes `{rows: 3000, of: …}` out as a list and `{letters: 20000}` as a text.
fn grown(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            if let (Some(count), Some(of)) = (fields.get("rows").and_then(Value::as_u64), fields.get("of")) {
                let of = grown(of);
                return Value::Array((0..count).map(|_| of.clone()).collect());
            }
            if let Some(count) = fields.get("letters").and_then(Value::as_u64) {
                return "字".repeat(count.try_into().expect("few")).into();
            }
            fields.iter().map(|(name, value)| (name.clone(), grown(value))).collect()
        }
        Value::Array(list) => list.iter().map(grown).collect(),
        other => other.clone(),
    }
}

/// Makes a subject with the attributes of the small bureau.
pub(super) fn known(given: &Value) -> Option<Subject> {
    let about = given.get("subject")?;
    let mut known = subject(about.get("industry").and_then(Value::as_str).unwrap_or("5223"));
    let area = about.get("area").and_then(Value::as_str);
    known.attributes = vec![
        known.attributes[0].clone(),
        Attribute::Text("B".into()),
        Attribute::Flag(about.get("warned").and_then(Value::as_bool).unwrap_or(false)),
        Attribute::Day(days(about.get("registered"), "2020-05-01")),
        area.map_or(Attribute::Missing, |area| Attribute::Decimal(area.into())),
        Attribute::Missing,
    ];
    known.history.last_patrol_known = about.get("last_patrol").and_then(Value::as_str).map(day);
    Some(known)
}

/// Answers a case in the words of its `expect`, inputs included.
fn answer(ground: &Ground, workflow: WorkflowIx, case: &Value) -> Value {
    let (policy, rules) = (&ground.policy, ground.rules.as_ref().expect("rules that load"));
    let known_flow = &policy.workflows[workflow.ix()];
    let at = case.get("at").and_then(Value::as_str).expect("a case stands at a step");
    let at = known_flow.steps.iter().position(|step| step.id == at).expect("a step of the workflow");
    let step = StepIx(u16::try_from(at).expect("few steps"));
    let nothing = json!({});
    let given = case.get("given").unwrap_or(&nothing);
    let (steps, subject) = (step_facts(given), known(given));
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    let inputs = Inputs {
        order: OrderFacts {
            id: "dg-1",
            number: text("number").unwrap_or("监管〔2026〕1号"),
            opened_on: days(given.get("opened_on"), "2026-03-02"),
            window_from: days(given.get("window_from"), "2026-03-02"),
            window_to: days(given.get("window_to"), "2026-03-13"),
        },
        steps: &steps,
        parent: None,
        subject: subject.as_ref(),
        tier: text("tier").and_then(|tier| policy.tier(tier)).map(|(tier, _)| tier),
        station: "dongguan",
        action: text("action"),
        today: days(given.get("today"), "2026-03-10"),
    };
    let branched = rules.branch(policy, workflow, step, &inputs);
    assert_eq!(together(|| rules.branch(policy, workflow, step, &inputs)), branched);
    match branched {
        Err(fault) => faulted(policy, &fault),
        Ok(branched) => {
            let row = &known_flow.steps[at].next[branched.row];
            let go = known_flow.steps[row.go.ix()].id.as_str();
            let facts: serde_json::Map<String, Value> = branched.facts.into_iter().collect();
            json!({
                "go": go,
                "row": branched.row,
                "facts": facts,
                "inputs": branched.inputs,
                "reads_subject": rules.reads_subject(workflow, step),
            })
        }
    }
}

fn faulted(policy: &Policy, fault: &RuleFault) -> Value {
    words(fault.code.id, &fault.args);
    json!({"fault": fault.code.id, "text": policy.sources.text(fault.span)})
}

/// Answers which fields of a form must be filled.
fn required(ground: &Ground, form: &str, answer: &Value) -> Value {
    let (policy, rules) = (&ground.policy, ground.rules.as_ref().expect("rules that load"));
    let form = policy.forms.iter().find(|known| known.id == form).expect("a form");
    let asked = form.fields.iter().filter_map(|field| Some((field, field.required_when?)));
    let told = asked.map(|(field, expr)| {
        let told = match rules.required(policy, form, expr, answer) {
            Ok(required) => required.into(),
            Err(fault) => faulted(policy, &fault),
        };
        (field.id.clone(), told)
    });
    json!({"required": told.collect::<serde_json::Map<_, _>>()})
}

#[test]
fn every_record_goes_where_its_case_says() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for path in files() {
        let story = read(&path);
        let ground = ground(&story);
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let listed = story.get("refused").cloned().unwrap_or_else(|| json!([]));
        seen.extend(ground.found.iter().map(|line| line[..4].to_owned()));
        if json!(ground.found) != listed {
            wrong.push(format!("{name}: loading found {:?}", ground.found));
            continue;
        }
        let id = story.get("workflow").and_then(Value::as_str).unwrap_or("visit");
        let at = ground.policy.workflows.iter().position(|known| known.id == id).expect("a workflow");
        let workflow = WorkflowIx(u16::try_from(at).expect("few workflows"));
        for case in story.get("cases").and_then(Value::as_array).into_iter().flatten() {
            let told = match case.get("form").and_then(Value::as_str) {
                Some(form) => required(&ground, form, &grown(&case["answer"])),
                None => answer(&ground, workflow, case),
            };
            seen.extend(told.get("fault").and_then(Value::as_str).map(str::to_owned));
            // What a case does not name is not looked at.
            for (key, value) in case["expect"].as_object().expect("a case expects something") {
                if told.get(key) != Some(value) {
                    wrong.push(format!("{name}: {}: {key} of {told}", case["case"]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    for code in [codes::SCRIPT_NO_DAY, codes::RULE_RECORD, codes::RULE_MISSING, codes::RULE_BUDGET] {
        assert!(seen.contains(code.id), "no case for {}", code.id);
    }
}
