//! Forms: what is taken and what is not, as files a policy officer can read.

mod attachments;

use std::collections::{BTreeSet, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Value, json};
use wubu::diag::codes;
use wubu::files;
use wubu::forms::{AnswerFlaw, FormSpec, ProblemTable, Unfit, check, items_of, unwritten};
use wubu::lang::Lang;
use wubu::policy::{self, ExprIx, Item, Policy, RowSource};

#[derive(Deserialize)]
struct File {
    cases: Vec<FormCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormCase {
    case: String,
    form: String,
    #[serde(default)]
    tier: Vec<String>,
    #[serde(default)]
    added: Vec<ItemText>,
    answer: Value,
    long: Option<usize>,
    #[serde(default)]
    broken: Vec<String>,
    /// The rows that a table with `for_each` answers.
    #[serde(default)]
    found: Vec<Value>,
    /// Bad answers are problems, in the table `problems`.
    #[serde(default)]
    counted: bool,
    /// What is made of the answer; with flaws beside it where bad answers are not among the problems.
    taken: Option<Value>,
    flaws: Option<Vec<String>>,
    rule: Option<String>,
}

#[derive(Clone, Deserialize)]
struct ItemText {
    id: String,
    title: String,
}

fn read(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms").join(name);
    std::fs::read_to_string(path).expect(name)
}

fn answers() -> Vec<FormCase> {
    serde_yaml::from_str::<File>(&read("answers.yaml")).expect("answers.yaml").cases
}

fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| {
        let shipped = files::SHIPPED.iter().filter(|(path, _)| policy::is_policy_path(path));
        let mut texts: Vec<(String, Vec<u8>)> =
            shipped.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        texts.push(("workflows/forms/everything.yaml".to_owned(), read("everything.yaml").into_bytes()));
        let loaded = policy::load(texts);
        loaded.policy.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
    })
}

#[test]
fn answers_are_taken_or_told_every_flaw() {
    for case in answers() {
        let got = got(&case);
        let want = (case.taken.clone(), case.flaws.clone(), case.rule.clone());
        assert_eq!(got, want, "{}", case.case);
    }
}

#[test]
fn a_taken_answer_is_taken_again_as_it_is() {
    for mut case in answers().into_iter().filter(|case| case.taken.is_some()) {
        case.answer = case.taken.clone().expect("filtered");
        assert_eq!(got(&case).0, case.taken, "{}", case.case);
    }
}

#[test]
fn every_flaw_has_a_case() {
    let mut seen: BTreeSet<String> = attachments::CODES.iter().map(|code| (*code).to_owned()).collect();
    let flaws = answers().into_iter().flat_map(|case| case.flaws.unwrap_or_default());
    seen.extend(flaws.filter_map(|flaw| flaw.rsplit(' ').next().map(str::to_owned)));
    let all: BTreeSet<String> = codes::FORMS.iter().map(|code| code.id.to_owned()).collect();
    assert_eq!(seen, all, "each flaw of the forms room has a case under tests/forms");
}

fn got(case: &FormCase) -> (Option<Value>, Option<Vec<String>>, Option<String>) {
    let (workflow, id) = case.form.split_once('/').map_or((None, case.form.as_str()), |(w, f)| (Some(w), f));
    let form = policy().forms.iter().find(|form| form.id == id && form.workflow.as_deref() == workflow);
    let form = form.expect("a form");
    let added: Vec<Item> = case.added.iter().cloned().map(item).collect();
    let items = items_of(form, &case.tier, &added);
    let held: HashSet<&str> = HashSet::from(["p1", "p2", "sig"]);
    let attached = |name: &str| held.contains(name);
    let (items, answers, zone) = (&items, &policy().answers, policy().bureau.zone);
    let table = ProblemTable { field: "problems", level: "level", levels: &policy().levels };
    let problems = case.counted.then_some(table);
    let rows_of = |_: &RowSource| case.found.as_slice();
    let (rows_of, attached, language) = (&rows_of, &attached, policy().bureau.language);
    let asked = FormSpec { form, items, answers, problems, rows_of, zone, language, attached };
    let mut answer = case.answer.clone();
    if let Some(bytes) = case.long {
        answer["note"] = Value::from("长".repeat(bytes / 3));
    }
    let decide = |when: ExprIx, answer: &Value| decide(when, answer, &case.broken);
    match check(&asked, &answer, &decide) {
        Ok(taken) => {
            let unwritten = problems.map_or_else(Vec::new, |table| unwritten(form, answers, table, &taken));
            let flaws = (!unwritten.is_empty()).then(|| unwritten.iter().map(said).collect());
            (Some(taken), flaws, None)
        }
        Err(Unfit::Flaws(flaws)) => (None, Some(flaws.iter().map(said).collect()), None),
        Err(Unfit::Rule { field, cause: () }) => (None, None, Some(field)),
    }
}

fn item(ItemText { id, title }: ItemText) -> Item {
    Item { id, title, basis: None, published_item_id: None, if_bad: None }
}

/// The conditions of these forms, read as the rules room would.
fn decide(when: ExprIx, answer: &Value, broken: &[String]) -> Result<bool, ()> {
    match policy().exprs[when.ix()].text.as_str() {
        "kind == '抽查'" if broken.iter().any(|name| name == "kind") => Err(()),
        "kind == '抽查'" => Ok(answer["kind"] == json!("抽查")),
        text => {
            let list = text.strip_suffix(".len() > 0").expect("a condition of these forms");
            Ok(!answer[list].as_array().expect("lists are always there").is_empty())
        }
    }
}

/// Says a flaw in both languages and returns its place and id.
fn said(flaw: &AnswerFlaw) -> String {
    for lang in [Lang::Zh, Lang::En] {
        let (text, help) = (lang.text(flaw.code.id, &flaw.args), lang.help(flaw.code.id, &flaw.args));
        assert!(!text.contains("{$") && !help.contains("{$"), "{text}\n{help}");
    }
    format!("{} {}", flaw.path, flaw.code.id)
}
