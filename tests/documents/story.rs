//! Walks the `*.yaml` of this folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use wubu::documents::{DocumentFacts, DocumentRefusal, ReplacementHow, ServiceWay};
use wubu::id::OrderId;
use wubu::office::{
    self, ActContext, BlankCommand, BlankFilter, BlankIssue, BlankUse, Correction, DocumentCommand,
    DocumentFilter, Make, MonthWish, OfficeStop, ServiceWish,
};

use super::{Desk, run, stamp};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    title: String,
    begins: String,
    acts: Vec<Act>,
    /// What `verify` says at the end.
    #[serde(default)]
    verify: Vec<String>,
}

#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields, default)]
struct Act {
    #[serde(rename = "act")]
    does: String,
    at: Option<String>,
    by: String,
    what: String,
    to: Option<String>,
    with: Option<String>,
    count: i64,
    /// Done so many times; `{n}` in `what` is the turn, filled to six digits.
    times: Option<u32>,
    order: Option<String>,
    original: Option<String>,
    how: Option<String>,
    on: Option<String>,
    receipt: Option<String>,
    revoke: bool,
    close: bool,
    refused: Option<String>,
    expect: Option<Value>,
}

fn stories() -> Vec<(PathBuf, Story)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let files = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "yaml"));
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("readable");
        let story = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, story)
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn every_story_of_documents_is_true() {
    let mut wrong = Vec::new();
    for (path, story) in stories() {
        let told = run(tell(&story));
        wrong.extend(
            told.into_iter().map(|problem| format!("{}: {}: {problem}", path.display(), story.title)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_refusal_of_documents_has_a_story() {
    let told: BTreeSet<String> =
        stories().into_iter().flat_map(|(_, story)| story.acts).filter_map(|act| act.refused).collect();
    // An unknown grid is asked about in filters of lists, and two orders are in `authority.yaml`, both of `tests/cli`.
    let elsewhere = ["R093", "R190"];
    let untold = DocumentRefusal::IDS.iter().filter(|id| !told.contains(**id) && !elsewhere.contains(id));
    let untold: Vec<_> = untold.collect();
    assert!(untold.is_empty(), "{untold:?}");
}

async fn tell(story: &Story) -> Vec<String> {
    let desk = Desk::new(&story.begins).await;
    let (mut wrong, mut at) = (Vec::new(), story.begins.clone());
    for (place, act) in story.acts.iter().enumerate() {
        at = act.at.clone().unwrap_or(at);
        for turn in 1..=act.times.unwrap_or(1) {
            let mut act = act.clone();
            act.what = act.what.replace("{n}", &format!("{turn:06}"));
            let done = desk.act(&act, &at).await;
            let problem = match (done, &act.refused) {
                (Ok(found), None) => {
                    let expect = act.expect.clone().unwrap_or(Value::Null);
                    (!is_within(&expect, &found)).then(|| format!("said {found}"))
                }
                (Ok(found), Some(code)) => Some(format!("not refused with {code}: {found}")),
                (Err(OfficeStop::Refused(refusal)), Some(code)) if refusal.id == code.as_str() => None,
                (Err(OfficeStop::Refused(refusal)), Some(code)) if refusal.id == code => None,
                (Err(stop), _) => Some(format!("{stop:?}")),
            };
            wrong.extend(problem.map(|problem| format!("act {} ({}): {problem}", place + 1, act.does)));
        }
    }
    let found = office::verify(&desk.store, &desk.live).await.expect("readable");
    let found = found.problems.iter().map(|finding| finding.code);
    // Orders that a story writes without a record are found as well.
    let found: Vec<&str> = found.filter(|code| code.starts_with("V02")).collect();
    if found != story.verify {
        wrong.push(format!("verify says {found:?}"));
    }
    wrong
}

/// Returns whether all that is told is found; what is not told may be anything.
fn is_within(told: &Value, found: &Value) -> bool {
    match (told, found) {
        (Value::Null, _) => true,
        (Value::Object(told), Value::Object(found)) => {
            told.iter().all(|(key, told)| found.get(key).is_some_and(|found| is_within(told, found)))
        }
        (Value::Array(told), Value::Array(found)) => {
            told.len() == found.len() && told.iter().zip(found).all(|(told, found)| is_within(told, found))
        }
        (told, found) => told == found,
    }
}

impl Desk {
    async fn act(&self, act: &Act, at: &str) -> Result<Value, OfficeStop> {
        let cx = ActContext::new(&self.store, &self.live, stamp(at));
        let (what, by) = (act.what.as_str(), act.by.as_str());
        let to = act.to.clone().unwrap_or_default();
        match act.does.as_str() {
            "issue" => {
                let wish = BlankIssue { kind: what.to_owned(), count: act.count, station: to };
                Ok(json!(office::issue_blanks(cx, &wish, by).await?))
            }
            "sign_out" | "return" | "void" | "lost" => {
                let command = blank_command(act);
                Ok(json!(office::move_blank(cx, what, &command, by).await?))
            }
            "use" => {
                let order = act.order.as_deref().unwrap_or("dongguan-1");
                let wish = BlankUse { serial: what, order, facts: DocumentFacts::default() };
                Ok(json!(office::use_blank(cx, wish, by).await?))
            }
            "make" => self.make(cx, act).await,
            "file_order" => Ok(json!(office::file_order(cx, what, by).await?)),
            "missing" => Ok(json!(office::missing_of(cx, what).await?)),
            "correct" => {
                let how = if act.revoke { ReplacementHow::Revokes } else { ReplacementHow::Corrects };
                Ok(json!(office::correct_document(cx, what, Correction { how, reason: None }, by).await?))
            }
            "reconcile" => {
                let (station, closed_by) = (act.to.as_deref(), act.close.then_some(by));
                let wish = MonthWish { month: what, station, closed_by };
                Ok(json!(office::reconcile_month(cx, wish).await?))
            }
            "blanks" => {
                let filter = BlankFilter { officer: act.to.clone(), ..BlankFilter::default() };
                let mut all = Vec::new();
                let each = |line| {
                    all.push(json!(line));
                    Ok(())
                };
                office::blanks(cx, &filter, each).await?;
                Ok(Value::Array(all))
            }
            "documents" => {
                let mut all = Vec::new();
                let each = |line| {
                    all.push(json!(line));
                    Ok(())
                };
                office::documents(cx, None, &DocumentFilter::default(), each).await?;
                Ok(Value::Array(all))
            }
            "tamper" => {
                crate::database::by_hand(&self.database(), what).expect("a statement");
                Ok(Value::Null)
            }
            name => {
                let command = document_command(name, act);
                Ok(json!(office::act_on_document(cx, what, &command, by).await?))
            }
        }
    }

    async fn make(&self, cx: ActContext<'_>, act: &Act) -> Result<Value, OfficeStop> {
        let mut tx = self.store.begin_on(["dongguan"]).await?;
        let by = act.by.split('、').filter(|by| !by.is_empty()).map(str::to_owned).collect();
        let wish = Make {
            order: OrderId { home: "dongguan".to_owned(), seq: 1 },
            kind: act.what.clone(),
            step: "issue".to_owned(),
            visit: 1,
            station: "dongguan".to_owned(),
            by,
            facts: DocumentFacts::default(),
        };
        let made = office::make_many(cx, &mut tx, vec![wish]).await?;
        tx.commit().await?;
        let made = &made[0];
        let number = made.number.as_ref().map(ToString::to_string);
        Ok(json!({"id": made.key.to_string(), "state": made.state.into_str(), "number": number}))
    }
}

fn blank_command(act: &Act) -> BlankCommand {
    match act.does.as_str() {
        "sign_out" => {
            BlankCommand::SignOut { to: act.to.clone().unwrap_or_default(), order: act.order.clone() }
        }
        "return" => BlankCommand::Return,
        "void" => BlankCommand::Void {
            with: act.with.clone(),
            has_original: act.original.as_deref() == Some("kept"),
            reason: None,
        },
        _ => BlankCommand::Lose { reason: None },
    }
}

fn document_command(name: &str, act: &Act) -> DocumentCommand {
    match name {
        "submit" => DocumentCommand::Submit,
        "sign" => DocumentCommand::Sign { with: act.with.clone() },
        "approve" => DocumentCommand::Approve,
        "send_back" => DocumentCommand::SendBack,
        "seal" => DocumentCommand::Seal,
        "file" => DocumentCommand::File,
        "serve" => {
            let how = act.how.as_deref().unwrap_or("direct");
            let way = how.parse::<ServiceWay>().expect("a way of service");
            DocumentCommand::Serve(ServiceWish {
                to: act.to.clone(),
                way,
                on: act.on.as_ref().map(|on| on.parse().expect("a day")),
                receipt: act.receipt.clone(),
            })
        }
        other => panic!("no act is called {other}"),
    }
}
