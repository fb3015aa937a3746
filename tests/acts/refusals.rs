//! The cases of `refusals.yaml`: each begins an order of its own and acts on it.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;
use wubu::engine::{Act, ActWords, ReadAct, read_act};
use wubu::id::OrderId;
use wubu::office::{self, ActContext, ActWish, Intent, OfficeStop, OrderFilter, WrittenMoment};
use wubu::time::Stamp;

use super::{Bureau, codes};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    acts: Vec<Line>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Line {
    by: String,
    act: String,
    /// Not an act of a step: what stands still is decided again.
    retry: bool,
    step: Option<String>,
    version: Option<i64>,
    key: Option<String>,
    to: Vec<String>,
    reason: Option<String>,
    by_length: Option<String>,
    approver: Option<String>,
    document: Option<String>,
    form: Option<Value>,
    /// The moment that is written for it.
    written: Option<Stamp>,
    /// The refusal, and what stands behind it.
    refused: Option<String>,
    parts: Vec<String>,
    /// The word that was not given.
    refused_word: Option<String>,
    /// Some of what is answered.
    answer: Option<Value>,
}

/// Refusals met elsewhere: a document missing from the archive needs documents, and orders that start
/// each other without end are refused by `check`; what is ahead of the clock, another bureau's policy
/// and a visit that cannot have been have their tests in `tests/cli/moments.rs`, files of forms in
/// `tests/cli/patrols.rs`, closed subjects in `tests/dispatch`; proposals and releases are no orders; orders that go over
/// to another text are met in `tests/cli/running.rs`, backups in `tests/golden/restored.rs`, who has yet to confirm in the story of rule 35.
const ELSEWHERE: [&str; 29] = [
    "R116", "R124", "R141", "R142", "R143", "R155", "R156", "R157", "R158", "R170", "R171", "R172", "R176",
    "R210", "R211", "R220", "R180", "R184", "R186", "R188", "R196", "R230", "R231", "R232", "R240", "R241",
    "R242", "R243", "R244",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_has_a_case() {
    let cases: Vec<Case> = serde_yaml::from_str(include_str!("refusals.yaml")).expect("cases");
    let mut bureau = Bureau::new(cases.len()).await;
    let mut met: BTreeSet<String> = ELSEWHERE.map(str::to_owned).into();
    for case in &cases {
        let order = bureau.open_order().await;
        for (at, line) in case.acts.iter().enumerate() {
            let wrong = |problem: String| panic!("{}, act {}: {problem}", case.title, at + 1);
            match answer(&bureau, &order, line).await {
                Ok(answer) => check(line, &answer).unwrap_or_else(wrong),
                Err(Answered::Word(word)) if line.refused_word.as_deref() == Some(word) => {}
                Err(Answered::Refused(id, parts))
                    if line.refused.as_deref() == Some(&id) && parts == line.parts =>
                {
                    met.insert(id);
                }
                Err(other) => wrong(format!("{other:?}")),
            }
        }
    }
    let missing: Vec<&str> = codes().filter(|code| !met.contains(*code)).collect();
    assert!(missing.is_empty(), "refusals without a case: {missing:?}");
}

#[derive(Debug)]
enum Answered {
    Refused(String, Vec<String>),
    Word(&'static str),
    Failed(#[expect(dead_code, reason = "shown when a test fails")] String),
}

async fn answer(bureau: &Bureau, order: &OrderId, line: &Line) -> Result<Value, Answered> {
    if line.retry {
        return retry(bureau, order, line).await;
    }
    let words = ActWords {
        to: line.to.clone(),
        reason: line.reason.clone(),
        by: line.by_length.clone(),
        approver: line.approver.clone(),
        document: line.document.clone(),
        form: line.form.clone(),
        ..ActWords::default()
    };
    let ReadAct { doing, note } = read_act(&line.act, words).map_err(|missing| Answered::Word(missing.0))?;
    let act = Act { by: line.by.clone(), step: line.step.clone(), visit: None, note, doing };
    let (order, key, version) = (order.clone(), line.key.clone(), line.version);
    let wish = ActWish { order, act, key, version, files: Vec::new() };
    let cx = bureau.cx();
    let cx = line.written.map_or(cx, |now| {
        let written = WrittenMoment { clock: cx.now, is_rehearsal: false };
        ActContext { now, ..cx }.written(Some(written))
    });
    match office::act(cx, wish).await {
        Ok(answer) => Ok(serde_json::to_value(answer).expect("plain fields")),
        Err(OfficeStop::Refused(refusal)) => {
            let parts = refusal.parts.iter().map(|part| part.id.to_owned()).collect();
            Err(Answered::Refused(refusal.id.to_owned(), parts))
        }
        Err(stop) => Err(Answered::Failed(format!("{stop:?}"))),
    }
}

/// Tries again what stands still; only the order of this case is looked at.
async fn retry(bureau: &Bureau, order: &OrderId, line: &Line) -> Result<Value, Answered> {
    let act = office::BulkAct::Retry;
    let filter = OrderFilter::default();
    let done = office::bulk(bureau.cx(), &act, &filter, Intent::Done(&line.by)).await;
    let done = done.map_err(|stop| Answered::Failed(format!("{stop:?}")))?;
    let id = order.to_string();
    match done.refused.iter().find(|refused| refused.id == id) {
        Some(refused) => Err(Answered::Refused(refused.code.to_owned(), Vec::new())),
        None => Ok(Value::Null),
    }
}

/// Compares the answer with what the case tells of it.
fn check(line: &Line, answer: &Value) -> Result<(), String> {
    if line.refused.is_some() || line.refused_word.is_some() {
        return Err(format!("not refused: {answer}"));
    }
    let told = line.answer.as_ref().and_then(Value::as_object).into_iter().flatten();
    let unlike: Vec<&String> =
        told.filter(|(name, told)| answer[name.as_str()] != **told).map(|(name, _)| name).collect();
    if unlike.is_empty() { Ok(()) } else { Err(format!("{unlike:?} in {answer}")) }
}
