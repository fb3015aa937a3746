//! Dispatch as stories a policy officer can read: `*.yaml` in this folder.
//!
//! A story gives subjects, edits of the shipped policy, and steps in time; after each step it
//! says what must be there. What it does not name is not compared, except that a list of orders
//! is complete. At its end every story's database must verify.
//!
//! Words of a step: `import`, `release`, `calendar`, `open`, `restart`, `accept_clock` and `tick`
//! act, in this order; `moves`, `orders`, `subjects`, `why`, `history` and `releases` look.
//! `refused` says with which codes and places an act is turned down.

mod beside;
mod bureau;
mod plans;
mod story;
mod tampering;

use std::path::PathBuf;

use bureau::Bureau;
use serde_json::Value;
use story::Story;

/// Runs something asynchronous to its end.
fn run<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

#[test]
fn every_story_ends_as_it_is_told() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/dispatch");
    let files = std::fs::read_dir(folder).expect("the folder of stories");
    let mut files: Vec<PathBuf> = files.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ext| ext == "yaml"));
    files.sort();
    assert!(!files.is_empty());
    let only = std::env::var("STORY").unwrap_or_default();
    let mut wrong = Vec::new();
    for path in files {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a story file");
        let stories: Vec<Story> = serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        for story in stories.iter().filter(|story| format!("{name} {}", story.title).contains(&only)) {
            // One story that stops short must not hide the others.
            let told = std::panic::catch_unwind(|| run(tell(story)));
            if let Err(problem) = told.unwrap_or_else(|_| Err("it stops short, see above".to_owned())) {
                wrong.push(format!("{name}: {}\n    {problem}", story.title));
            }
        }
    }
    assert!(wrong.is_empty(), "{} stories end otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

/// Lives through one story; returns the first thing that is not as told.
async fn tell(story: &Story) -> Result<(), String> {
    let mut bureau = Bureau::new(story).await;
    for step in &story.steps {
        bureau.step(step).await.map_err(|problem| format!("{}: {problem}", step.at))?;
    }
    let verified = bureau.verify().await;
    same(&serde_json::json!({"chain": "ok", "problems": []}), &verified).map_err(|e| format!("verify: {e}"))
}

/// Compares what is named: objects by the keys told, lists item by item and complete.
fn same(told: &Value, found: &Value) -> Result<(), String> {
    match (told, found) {
        (Value::Object(told), Value::Object(map)) => told.iter().try_for_each(|(key, value)| {
            same(value, map.get(key).unwrap_or(&Value::Null)).map_err(|problem| format!("{key}: {problem}"))
        }),
        (Value::Array(told), Value::Array(list)) if told.len() == list.len() => {
            told.iter().zip(list).try_for_each(|(told, found)| same(told, found))
        }
        _ if told == found => Ok(()),
        // Scores are numbers in rules and text in tables.
        _ if told.is_number() && found.as_f64().is_some() && told.as_f64() == found.as_f64() => Ok(()),
        _ => Err(format!("told {told}, found {found}")),
    }
}
