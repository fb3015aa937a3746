//! `wubu test`: the policy cases of `*.test.yaml`, offline.

use std::collections::BTreeSet;

use clap::{Arg, ArgMatches, Command};
use serde::Serialize;
use serde_json::{Map, Value};

use super::context::{Context, Stop};
use super::{Exit, out, switch};
use crate::lang::Lang;
use crate::office::{self, CaseAnswer, Coverage};

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let filter = Arg::new("filter").value_name("FILTER").help(lang.word("cli-arg-filter"));
    command.arg(filter).arg(switch("coverage", lang))
}

#[derive(Serialize)]
struct Answer {
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
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, Stop> {
    let live = context.folder()?;
    let filter = matches.get_one::<String>("filter").cloned().unwrap_or_default();
    let answers: Vec<CaseAnswer> =
        office::run_cases(&live).into_iter().filter(|answer| answer.name.contains(&filter)).collect();
    let coverage = matches.get_flag("coverage").then(|| office::coverage(&live, &answers));
    let failed = answers.iter().filter(|answer| !answer.is_ok()).count();
    let answer = Answer {
        passed: answers.len() - failed,
        failed,
        coverage,
        cases: answers
            .into_iter()
            .map(|answer| Ran {
                ok: answer.is_ok(),
                name: answer.name,
                file: answer.file,
                line: answer.line,
                expected: answer.expected,
                got: answer.got,
            })
            .collect(),
    };
    out::answer(context, &answer, |answer| print(context.lang, answer))?;
    Ok(if failed == 0 { Exit::Done } else { Exit::Problems })
}

fn print(lang: Lang, answer: &Answer) {
    for case in answer.cases.iter().filter(|case| !case.ok) {
        out::line(&format!("{}:{}  {}", case.file, case.line, case.name));
        let keys: BTreeSet<&String> = case.expected.keys().collect();
        for key in keys.into_iter().filter(|key| case.expected.get(*key) != case.got.get(*key)) {
            let args = [
                ("field", key.clone()),
                ("expected", show(case.expected.get(key))),
                ("got", show(case.got.get(key))),
            ];
            out::line(&format!("    {}", lang.text("test-differs", &args)));
        }
    }
    if let Some(coverage) = &answer.coverage {
        for line in &coverage.missed {
            out::line(&format!("{}:{}  {}", line.file, line.line, line.text));
        }
        let args = [("reached", coverage.reached.to_string()), ("lines", coverage.lines.to_string())];
        out::line(&lang.text("test-coverage", &args));
    }
    let args = [("passed", answer.passed.to_string()), ("failed", answer.failed.to_string())];
    out::line(&lang.text("test-done", &args));
}

fn show(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}
