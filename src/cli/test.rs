//! `wubu test`: the policy cases of `*.test.yaml`, offline.

use clap::{Arg, ArgMatches, Command};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Arguments as _, CommandContext, CommandStop, Exit, out, switch};
use crate::cases::{self, CaseAnswer, Coverage, CoveragePart, FieldComparison};
use crate::diag::nearest;
use crate::engine::Refusal;
use crate::lang::{self, Lang};
use crate::policy::Case;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let filter = Arg::new("filter").value_name("FILTER").help(lang.word("cli-arg-filter"));
    command.arg(filter).arg(switch("coverage", lang))
}

#[derive(Serialize)]
struct TestAnswer {
    passed: usize,
    failed: usize,
    cases: Vec<Ran>,
    coverage: Option<Coverage>,
}

#[derive(Serialize)]
struct Ran {
    name: String,
    file: String,
    line: usize,
    ok: bool,
    expected: Map<String, Value>,
    got: Map<String, Value>,
    #[serde(skip)]
    refused: Vec<(usize, Refusal)>,
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let live = context.folder()?;
    let filter = matches.word("filter");
    let meant: Vec<_> = live.cases.iter().filter(|case| case.name.contains(&filter)).cloned().collect();
    if meant.is_empty() && !filter.is_empty() {
        return Err(no_case(&live.cases, filter));
    }
    let answers = cases::run(&live.policy, &live.rules, &meant);
    let coverage = matches.get_flag("coverage").then(|| cases::coverage(&live.policy, &live.rules, &answers));
    let failed = answers.iter().filter(|answer| !answer.is_ok()).count();
    let answer = TestAnswer {
        passed: answers.len() - failed,
        failed,
        coverage,
        cases: answers.into_iter().map(|answer| ran(context.lang, answer)).collect(),
    };
    context.answer(&answer, |answer| print(context.lang, answer))?;
    Ok(if failed == 0 { Exit::Done } else { Exit::Problems })
}

/// Says that a filter means no case, and which it may have meant.
fn no_case(cases: &[Case], filter: String) -> CommandStop {
    let near = nearest(&filter, cases.iter().map(|case| case.name.as_str()));
    let args = vec![
        ("near", if near.is_some() { "yes" } else { "no" }.to_owned()),
        ("nearest", near.unwrap_or_default().to_owned()),
        ("count", cases.len().to_string()),
        ("filter", filter),
    ];
    CommandStop::Usage("U010", args)
}

/// Puts beside each refusal what it says, so that a script's reader need not look its code up.
fn ran(lang: Lang, answer: CaseAnswer) -> Ran {
    let ok = answer.is_ok();
    let CaseAnswer { name, file, line, compared, refused, .. } = answer;
    let FieldComparison { expected, mut got } = compared;
    for row in got.get_mut("acts").and_then(Value::as_array_mut).into_iter().flatten() {
        let at = row.get("line").and_then(Value::as_u64);
        let found = refused.iter().find(|(line, _)| Some(*line as u64) == at);
        if let (Some((_, refusal)), Some(row)) = (found, row.as_object_mut()) {
            row.insert("because".to_owned(), lang.text(refusal.id, &refusal.args).into());
            let parts = refusal.parts.iter();
            let parts: Vec<Value> = parts
                .map(|part| json!({"code": part.id, "because": lang.text(part.id, &part.args), "help": lang.help(part.id, &part.args)}))
                .collect();
            if !parts.is_empty() {
                row.insert("parts".to_owned(), parts.into());
            }
        }
    }
    Ran { name, file, line, ok, expected, got, refused }
}

fn print(lang: Lang, answer: &TestAnswer) {
    for case in answer.cases.iter().filter(|case| !case.ok) {
        out::line(&format!("{}:{}  {}", case.file, case.line, case.name));
        for (key, wanted) in &case.expected {
            let found = case.got.get(key);
            match (key.as_str(), wanted.as_array(), found.and_then(Value::as_array)) {
                ("acts", Some(wanted), Some(found)) => print_acts(lang, case, wanted, found),
                ("orders", ..) => print_orders(lang, wanted, found),
                _ => CaseDifference { field: key, wanted: Some(wanted), found }.print(lang, ""),
            }
        }
    }
    if let Some(coverage) = &answer.coverage {
        print_coverage(lang, coverage);
    }
    let args = [("passed", answer.passed.to_string()), ("failed", answer.failed.to_string())];
    out::line(&lang.text("test-done", &args));
}

fn print_acts(lang: Lang, case: &Ran, wanted: &[Value], found: &[Value]) {
    for (wanted, found) in wanted.iter().zip(found) {
        let (Some(wanted), Some(found)) = (wanted.as_object(), found.as_object()) else { continue };
        let line = wanted.get("line").and_then(Value::as_u64).unwrap_or_default();
        let before = lang.text("test-line", &[("line", line.to_string())]);
        let refusal = case.refused.iter().find(|(at, _)| *at as u64 == line);
        match refusal {
            Some((_, refusal)) => refused(lang, &before, refusal),
            None => {
                for (field, wanted) in wanted {
                    CaseDifference { field, wanted: Some(wanted), found: found.get(field) }
                        .print(lang, &before);
                }
            }
        }
    }
}

/// Says why an act was not done, and all that stands behind it.
fn refused(lang: Lang, before: &str, refusal: &Refusal) {
    let args = [("code", refusal.id.to_owned()), ("because", lang.text(refusal.id, &refusal.args))];
    out::line(&format!("    {before}{}", lang.text("test-refused", &args)));
    if refusal.parts.is_empty() {
        help(lang, refusal);
    }
    for part in &refusal.parts {
        out::line(&format!("      - [{}] {}", part.id, lang.text(part.id, &part.args)));
        help(lang, part);
    }
}

/// Says what to do about a refusal: which words may stand there.
fn help(lang: Lang, refusal: &Refusal) {
    out::line(&format!("        {}: {}", lang.word("level-help"), lang.help(refusal.id, &refusal.args)));
}

fn print_orders(lang: Lang, wanted: &Value, found: Option<&Value>) {
    for (order, wanted) in wanted.as_object().into_iter().flatten() {
        let found = found.and_then(|found| found.get(order));
        let before = lang.text("test-order", &[("order", order)]);
        if found.is_none_or(Value::is_null) {
            out::line(&format!("    {before}{}", lang.word("test-no-order")));
            continue;
        }
        for (field, wanted) in wanted.as_object().into_iter().flatten() {
            let found = found.and_then(|found| found.get(field));
            CaseDifference { field, wanted: Some(wanted), found }.print(lang, &before);
        }
    }
}

/// One field, with what was expected and what came.
struct CaseDifference<'a> {
    field: &'a str,
    wanted: Option<&'a Value>,
    found: Option<&'a Value>,
}

impl CaseDifference<'_> {
    /// Writes it after the words that say where; nothing when both are the same.
    fn print(&self, lang: Lang, before: &str) {
        let Self { field, wanted, found } = *self;
        if wanted != found {
            let args = [("field", field.to_owned()), ("expected", show(wanted)), ("got", show(found))];
            out::line(&format!("    {before}{}", lang.text("test-differs", &args)));
        }
    }
}

fn print_coverage(lang: Lang, coverage: &Coverage) {
    let Coverage { lines, reached, missed, steps, rows } = coverage;
    let told = |all: usize, reached: usize| {
        let is_all = if all == reached { "yes" } else { "no" };
        [("reached", reached.to_string()), ("lines", all.to_string()), ("all", is_all.to_owned())]
    };
    for line in missed {
        out::line(&format!("{}:{}  {}", line.file, line.line, line.text));
    }
    out::line(&lang.text("test-coverage", &told(*lines, *reached)));
    for (part, text) in [(steps, "test-coverage-steps"), (rows, "test-coverage-rows")] {
        let CoveragePart { all, reached, missed } = part;
        for line in missed {
            out::line(&format!("{}:{}  {}", line.file, line.line, line.value));
        }
        out::line(&lang.text(text, &told(*all, *reached)));
    }
}

fn show(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(several)) if several.is_empty() => "–".to_owned(),
        Some(Value::Array(several)) => lang::list(several.iter().map(|one| show(Some(one)))),
        Some(Value::Object(fields)) => {
            let fields = fields.iter().map(|(key, value)| format!("{key}: {}", show(Some(value))));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
    }
}
